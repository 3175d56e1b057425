//! What the server promises, whatever it is kept in.

mod exchange;

mod entry;

mod people;

mod desks;

mod second_factor;

mod hostile;

mod http;

mod import;

mod columns;

mod identity;

mod aside;

mod grants;

mod audit;

mod opening;

mod process;

mod retention;

mod erasure;

mod purge;

mod bounds;

mod certificate;

#[path = "../rig/certificates.rs"]
mod certificates;
