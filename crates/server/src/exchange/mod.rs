//! The exchange: batches in, pages out. Nothing here knows what a kind of record means.

pub mod round;

pub mod snapshot;

pub mod push;

pub mod judge;

pub mod present;

pub mod pull;

pub mod author;

pub mod takeover;

pub mod parting;

pub mod aside;

pub mod grants;

mod told;

#[cfg(feature = "mutants")]
mod bugs;
