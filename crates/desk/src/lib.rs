//! One ward desktop without its window: keys and sign-in, saving and showing, and the exchange
//! with the district server. The window calls it; so do the tests that have none. No kind of
//! record is named here.

pub mod keys;

pub mod paper;

pub mod net;

pub mod failure;

pub mod status;

mod arriving;

pub mod desk;

pub mod setup;

pub mod sign_in;

mod locking;

pub mod grants;

mod ways_in;

mod clock;

mod leaving;

pub mod identity;

mod certificate;

pub mod recovery;

pub mod rekeying;

pub mod unsent_copy;

pub mod held;

pub mod tables;

mod files;

mod own_file;

mod parting;

pub mod ward;

pub mod wall;

pub mod pace;

pub mod round;

pub mod beginning;

mod drives;

pub mod stick;

pub mod sweeping;

mod worker;

pub mod sync;

pub mod password;

pub mod at_district;

pub mod desks;

pub mod second_factor;

mod tries;

mod audit;

pub mod emergency;

pub mod aside;

pub mod wire;

pub use desk::{Desk, Options};
pub use failure::Failure;
pub use sync_core::DeviceId;
pub use sync_core::aside::Verdict;
pub use sync_core::desks::DeskAct;
