//! The reading connections: a few, each given to one reader at a time.

use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;

const MOST: usize = 3;

struct Inside {
    idle: Vec<Connection>,
    opened: usize,
}

/// Connections are opened when they are first needed.
pub struct Pool {
    path: PathBuf,
    key: DatabaseKey,
    inside: Mutex<Inside>,
    returned: Condvar,
}

/// A connection on loan.
pub struct Loan<'p> {
    pool: &'p Pool,
    conn: Option<Connection>,
}

impl Pool {
    pub fn new(path: PathBuf, key: DatabaseKey) -> Pool {
        let idle = Vec::new();
        Pool {
            path,
            key,
            inside: Mutex::new(Inside { idle, opened: 0 }),
            returned: Condvar::new(),
        }
    }

    pub fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// Lends a connection, waiting for one when all are out.
    ///
    /// # Errors
    /// [`StoreError`] when a new one cannot be opened.
    pub fn lend(&self) -> Result<Loan<'_>, StoreError> {
        let mut inside = locked(&self.inside);
        loop {
            if let Some(conn) = inside.idle.pop() {
                return Ok(Loan {
                    pool: self,
                    conn: Some(conn),
                });
            }
            if inside.opened < MOST {
                break;
            }
            inside = self.returned.wait(inside).unwrap_or_else(PoisonError::into_inner);
        }
        let conn = file::connect(&self.path, &self.key, Purpose::Reading)?;
        inside.opened += 1;
        Ok(Loan {
            pool: self,
            conn: Some(conn),
        })
    }
}

impl Loan<'_> {
    /// Runs `job` within one consistent read.
    pub fn read<T, E: From<StoreError>>(&mut self, job: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let conn = self.conn.as_mut().ok_or(StoreError::Closed)?;
        let snapshot = conn.transaction().map_err(StoreError::from)?;
        let answer = job(&snapshot);
        snapshot.finish().map_err(StoreError::from)?;
        answer
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            locked(&self.pool.inside).idle.push(conn);
            self.pool.returned.notify_one();
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
