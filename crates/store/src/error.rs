//! What can go wrong with the file of a desktop. No message carries a value, a name or a query.

use domain::{Problem, Unreadable};
use sync_core::ChangeId;
use sync_core::change::BadChange;

/// Why the file cannot be opened, read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the database does not open with this key")]
    WrongKey,
    #[error("the database file is damaged")]
    Damaged,
    #[error("the database file is not encrypted")]
    NotEncrypted,
    #[error("the database was written by a newer version: it has schema {found}, this version knows {known}")]
    NewerSchema { found: i64, known: i64 },
    #[error("the database belongs to something else than a ward desktop")]
    NotThisDesk,
    #[error("the disk is full")]
    DiskFull,
    #[error("the database is in use by another program")]
    InUse,
    #[error("there is a file of this name already")]
    Exists,
    #[error("the database engine is not the one this program needs: {0}")]
    Engine(String),
    #[error("the disk does not read or write: {0:?}")]
    Io(std::io::ErrorKind),
    #[error("{0} changes of this desk did not arrive")]
    Unsent(u64),
    #[error("this desk was withdrawn and holds nothing any more")]
    Emptied,
    #[error("the database was closed")]
    Closed,
    #[error("the database answers with code {code} ({meaning})")]
    Database { code: i32, meaning: &'static str },
}

/// Why an action was not saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SaveError {
    #[error("the entry has {} problems", .0.len())]
    Problems(Vec<Problem>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a page of a space's log was not taken in; what was taken in before stays valid.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AbsorbError {
    #[error("the page does not begin at {wanted}")]
    NotNext { wanted: u64 },
    #[error("the page is of another epoch than {held}")]
    OtherEpoch { held: u64 },
    /// Entries missing, out of order, altered, of another space, or a chain that does not fit.
    #[error("the page is not what the log says")]
    NotAuthentic,
    #[error(transparent)]
    Unreadable(#[from] BadChange),
    /// The file is an old copy: this desk needs a new identity.
    #[error("the server has a change of this desk that is not here: {0}")]
    OwnMissing(ChangeId),
    #[error("the server has another change under the same identity: {0}")]
    Fork(ChangeId),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode;
        let Some(failure) = error.sqlite_error() else {
            return StoreError::Damaged;
        };
        match failure.code {
            ErrorCode::DiskFull => StoreError::DiskFull,
            ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => StoreError::Damaged,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                StoreError::InUse
            }
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => StoreError::Io(std::io::ErrorKind::Other),
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::Io(std::io::ErrorKind::PermissionDenied),
            _ => StoreError::Database {
                code: failure.extended_code,
                meaning: rusqlite::ffi::code_to_str(failure.extended_code),
            },
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> StoreError {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::DiskFull,
            std::io::ErrorKind::AlreadyExists => StoreError::Exists,
            kind => StoreError::Io(kind),
        }
    }
}

impl From<rusqlite::Error> for SaveError {
    fn from(error: rusqlite::Error) -> SaveError {
        SaveError::Store(error.into())
    }
}

impl From<rusqlite::Error> for AbsorbError {
    fn from(error: rusqlite::Error) -> AbsorbError {
        AbsorbError::Store(error.into())
    }
}

impl From<StoreError> for Unreadable {
    fn from(error: StoreError) -> Unreadable {
        Unreadable(error.to_string())
    }
}
