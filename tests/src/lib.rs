//! The rig of whole stories: a district server and ward desktops as real processes, the link
//! between them that can be cut, and the real window.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a rig stops at the first surprise"
)]

pub mod place;

pub use attack::rig::cluster;

pub mod net;

pub mod district;

pub mod headless;

pub mod scene;

pub mod compare;

pub mod story;

pub mod sim;

pub mod crash;

pub mod window;

pub mod golden;

pub mod smallest;

pub mod attack;

pub mod signed_in;

pub mod parsers;
