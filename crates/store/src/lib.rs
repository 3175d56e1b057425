//! The store of one desktop: an encrypted SQLite file with the log of all changes, the present
//! folded from it, and what screens need beside it. No kind of record is named here: what a kind
//! means stands in its description.

mod error;

mod key;

mod file;

mod schema;

mod desk;

mod log;

mod lost;

mod known;

mod comparable;

mod present;

mod project;

mod search;

mod shown;

mod save;

mod queues;

mod writer;

mod backlog;

mod pool;

mod store;

mod reader;

mod history;

mod undo;

mod slices;

mod outbox;

mod pull;

mod base;

mod first_sync;

mod unfinished;

mod spaces;

mod rebuild;

mod own;

mod carried;

mod aside;

mod erasing;

mod sweeping;

#[cfg(feature = "mutants")]
mod bugs;
mod parting;

#[cfg(test)]
mod golden;

pub use aside::Aside;
pub use error::{AbsorbError, SaveError, StoreError};
pub use file::{put_in_place, remove, set_aside};
pub use first_sync::{Part, Received, SnapshotStatus};
pub use history::Past;
pub use key::DatabaseKey;
pub use outbox::cut;
pub use own::KeptDraft;
pub use parting::{Parting, Step as PartingStep};
pub use pull::Absorbed;
pub use reader::Reader;
pub use rebuild::Difference;
pub use save::{Action, Saved, Spaces};
pub use schema::known as known_schema;
pub use spaces::SpaceStatus;
pub use store::Store;
pub use sweeping::Copies;
pub use undo::Undo;
