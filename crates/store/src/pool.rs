//! The reading connections: each is given to one reader at a time, and a few are kept open.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;

/// So many stay open between reads. More readers than that get connections of their own: nobody
/// waits for another, so a read within a read cannot wait for itself.
const MOST_IDLE: usize = 3;

/// Connections are opened when they are first needed.
pub struct Pool {
    path: PathBuf,
    key: DatabaseKey,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub fn new(path: PathBuf, key: DatabaseKey) -> Pool {
        let idle = Mutex::default();
        Pool { path, key, idle }
    }

    pub fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// Runs `job` within one consistent read.
    ///
    /// # Errors
    /// Those of `job`, and [`StoreError`] when nothing can be read.
    pub fn read<T, E: From<StoreError>>(&self, job: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let idle = locked(&self.idle).pop();
        let mut conn = match idle {
            Some(conn) => conn,
            None => file::connect(&self.path, &self.key, Purpose::Reading)?,
        };
        let snapshot = conn.transaction().map_err(StoreError::from)?;
        let answer = job(&snapshot);
        snapshot.finish().map_err(StoreError::from)?;
        let mut idle = locked(&self.idle);
        if idle.len() < MOST_IDLE {
            idle.push(conn);
        }
        answer
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
