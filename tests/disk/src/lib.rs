//! A disk that fails when it is told to. It lies under SQLite as its default file system, so that
//! the product runs over it unchanged; it knows what was synced and what was not, and so what a
//! power cut leaves. Nothing here knows what is stored.

mod contents;

mod fault;

mod disk;

mod vfs;

pub mod pages;

pub use contents::{Image, Node, Unsynced};
pub use disk::{Disk, Ended, Refusal, find};
pub use fault::{Kind, Mode, Operation, Stop};
pub use vfs::insert;
