//! What opens this desk's database: the device secret in the operating system's key store, and for
//! each person a slot that their password opens. A stolen disk alone yields nothing.

pub mod seal;

pub mod secret;

pub mod slots;

pub mod file;

pub mod tries;
