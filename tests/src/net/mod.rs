//! The network between a desk and its district, as bad as it is out there: slow, late, lossy, cut,
//! answered by somebody else. It lies between real processes and knows nothing of what goes over it.

pub mod weather;

pub mod link;

mod lane;

pub mod gateway;

pub mod reckoned;

pub mod watch;

pub mod trouble;

pub mod troubles;

pub mod first_sync;

pub mod ratio;
