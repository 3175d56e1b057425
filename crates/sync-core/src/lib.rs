//! How edits meet: one immutable shape of change, the fold that turns changes into present
//! records and conflicts, and the exchange between a desk and its server. Pure: sans-IO, with
//! `now` and keys as arguments.

#[macro_use]
pub mod planted;

pub mod id;

pub mod change;

pub mod clock;

pub mod fold;

pub mod packed;

pub mod digest;

pub mod frame;

pub mod exchange;

pub mod entry;

pub mod desk_says;

pub mod desks;

pub mod aside;

pub mod parting;

pub mod certificate;

pub mod snapshot;

pub use change::{Change, Encoded};
pub use clock::{Clock, Stamp};
pub use digest::{Chain, Digest, Hash};
pub use exchange::{Peer, PeerError};
pub use fold::{Changing, FieldState, RecordState};
pub use id::{ChangeId, DeviceId, Lsn, SpaceId, UserId};
