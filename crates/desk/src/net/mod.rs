//! The way to the district server: TLS to the one certificate this desk joined, requests signed by
//! the device, frames streamed both ways.

pub mod pin;

pub mod patience;

pub mod link;

pub mod join;
