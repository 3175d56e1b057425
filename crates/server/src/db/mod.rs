//! What the server keeps: every commit on the disk before it counts. All SQL stands in this folder.
//! What is personal arrives here sealed; no kind is named here.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::Result;

pub mod instance;

pub mod space;

pub mod change;

pub mod record;

pub mod parked;

pub mod device;

pub mod account;

pub mod invitation;

mod conn;

mod value;

mod sqlite;

#[cfg(test)]
mod golden;

pub use conn::Conn;
pub use sqlite::known_schema;

/// The file: one writer, and as many readers as there are questions at a time.
pub struct Db {
    path: PathBuf,
    writer: Mutex<Conn>,
    readers: Mutex<Vec<Conn>>,
}

impl Db {
    /// Opens the file, made if missing, and brings it to this version's schema.
    ///
    /// # Errors
    /// [`crate::ServerError`]; [`crate::ServerError::NewerSchema`] when a newer version wrote it.
    pub fn open(path: &Path) -> Result<Db> {
        let mut writer = sqlite::connect(path)?;
        sqlite::bring_up(&mut writer, path)?;
        Ok(Db {
            path: path.to_owned(),
            writer: Mutex::new(Conn::new(writer)),
            readers: Mutex::default(),
        })
    }

    /// Does `work` in one transaction; durable when this returns, undone when `work` fails. It may
    /// be done more than once before it succeeds, each time on what then stands.
    ///
    /// # Errors
    /// What `work` answers, or [`crate::ServerError::Database`].
    pub fn write<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        locked(&self.writer).within("BEGIN IMMEDIATE", work)
    }

    /// Does `work` on one moment of all that is kept; it may be done more than once.
    ///
    /// # Errors
    /// What `work` answers, or [`crate::ServerError::Database`].
    pub fn read<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        let free = locked(&self.readers).pop();
        let reader = match free {
            Some(reader) => reader,
            None => Conn::new(sqlite::connect(&self.path)?),
        };
        let done = reader.within("BEGIN", work);
        locked(&self.readers).push(reader);
        done
    }

    /// A number that rises when another process wrote to the file, or this one did.
    ///
    /// # Errors
    /// [`crate::ServerError::Database`].
    pub fn version(&self) -> Result<i64> {
        sqlite::version(locked(&self.writer).sqlite())
    }

    /// Copies the file, as it stands, to a new file.
    ///
    /// # Errors
    /// [`crate::ServerError::Database`].
    pub fn copy(&self, to: &Path) -> Result<()> {
        sqlite::vacuum_into(locked(&self.writer).sqlite(), to)
    }

    /// Moves the write-ahead log into the file.
    ///
    /// # Errors
    /// [`crate::ServerError::Database`].
    pub fn checkpoint(&self) -> Result<()> {
        locked(&self.readers).clear();
        sqlite::checkpoint(locked(&self.writer).sqlite())
    }

    /// What SQLite finds wrong with the file; empty when nothing.
    ///
    /// # Errors
    /// [`crate::ServerError::Database`].
    pub fn faults(&self) -> Result<Vec<String>> {
        self.read(|conn| sqlite::faults(conn.sqlite()))
    }
}

/// Work that panicked left nothing half done: its transaction was undone.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
