//! The district server: takes in what desks send, numbers it without holes, keeps it sealed, and
//! hands it on to whoever has the space. What a kind of record means stands in `domain`; here the
//! kinds are named only where people and places are set up (`cli/`, `people.rs`, `desks.rs`) and where a
//! person is erased (`erasures.rs`).

pub mod config;

pub mod error;

pub mod seal;

mod durable;

mod keys;

pub mod certificate;

pub mod renewal;

pub mod server;

pub mod db;

pub mod exchange;

pub mod people;

mod desks;

pub mod entry;

pub mod http;

mod connections;

pub mod serve;

pub mod backup;

pub mod events;

pub mod verify;

pub mod heads;

pub mod stick;

mod erasing;

pub mod erasures;

pub mod archive;

pub mod purge;

mod sealed_file;

pub mod cli;

pub use config::Config;
pub use error::ServerError;
pub use exchange::author::Authored;
pub use exchange::round::InProcess;
pub use http::router;
pub use server::Server;
