//! What opens this desk's database: the device secret in the operating system's key store, and for
//! each person a slot that their password opens. A stolen disk alone yields nothing.

pub mod seal;

pub mod safe;

pub mod secret;

pub mod hardness;

pub mod slots;

mod new_key;

pub mod file;

pub mod twice;

pub mod tries;

pub mod code;

pub mod recovery;

pub mod sheet;

pub mod untold;
