//! Against the limit: the same data and the same settings, by hand.

pub mod by_hand;
pub mod save;
