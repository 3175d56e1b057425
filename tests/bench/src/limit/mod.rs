//! Against the limit: the same data and the same settings, by hand.

pub mod apply;
pub mod by_hand;
pub mod reading;
pub mod save;
