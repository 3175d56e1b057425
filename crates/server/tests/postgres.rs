//! What the server promises, kept in PostgreSQL: the same, test by test, each in a schema of its own.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

mod contract;
