//! Why the server could not do what it was asked. A message says what failed, on what, and what to
//! do; never what a person typed or a patient's value.

use std::path::PathBuf;

/// Why the server could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    #[error("no district is kept in {0}; begin with `init`")]
    NotBegun(PathBuf),
    #[error("a district is already kept in {0}")]
    AlreadyBegun(PathBuf),
    #[error("another server is running on this folder; stop it first")]
    Locked,
    #[error("the file is of schema {found}, this version knows {known}; use a newer version")]
    NewerSchema { found: i64, known: i64 },
    #[error("the file cannot be brought to this version: {0}")]
    Migration(String),
    #[error("the master key at {0} cannot be read, or is not 32 bytes in hex")]
    MasterKey(PathBuf),
    #[error("a sealed value does not open: another master key, or a damaged file")]
    SealBroken,
    #[error("the district's file failed: {0}")]
    Database(#[from] rusqlite::Error),
    #[error("{0} cannot be read or written: {1}")]
    Io(PathBuf, std::io::Error),
    #[error("the certificate cannot be made or used: {0}")]
    Certificate(String),
    #[error("no such space is kept here")]
    NoSpace,
    #[error("no such desk is known here")]
    NoDevice,
    #[error("no such person is known here")]
    NoPerson,
    #[error("what the file holds is damaged: {0}")]
    Damaged(&'static str),
    #[error("the request is larger than allowed")]
    TooLarge,
}

/// What the server's functions answer.
pub type Result<T, E = ServerError> = std::result::Result<T, E>;
