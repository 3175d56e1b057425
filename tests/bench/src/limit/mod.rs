//! Against the limit: the same data and the same settings, by hand.

pub mod apply;
pub mod by_hand;
pub mod bytes;
mod postgres;
pub mod reading;
pub mod save;
pub mod server;
pub mod unlock;
