//! The reading connections: each is given to one reader at a time, and a few are kept open.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;

/// So many stay open between reads. More readers than that get connections of their own, with a small
/// cache, for one read: nobody waits for another, so a read within a read cannot wait for itself.
const MOST_KEPT: usize = 3;

/// Connections are opened when they are first needed.
pub struct Pool {
    path: PathBuf,
    key: DatabaseKey,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    idle: Vec<Connection>,
    /// How many are with readers.
    lent: usize,
}

impl Pool {
    pub fn new(path: PathBuf, key: DatabaseKey) -> Pool {
        let kept = Mutex::default();
        Pool { path, key, kept }
    }

    pub fn key(&self) -> &DatabaseKey {
        &self.key
    }

    /// Runs `job` within one consistent read.
    ///
    /// # Errors
    /// Those of `job`, and [`StoreError`] when nothing can be read.
    pub fn read<T, E: From<StoreError>>(&self, job: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let mut lent = self.lend();
        let conn = match lent.conn.take() {
            Some(conn) => conn,
            None => file::connect(&self.path, &self.key, lent.purpose)?,
        };
        let snapshot = lent.conn.insert(conn).transaction().map_err(StoreError::from)?;
        let answer = job(&snapshot);
        snapshot.finish().map_err(StoreError::from)?;
        answer
    }

    fn lend(&self) -> Lent<'_> {
        let mut kept = locked(&self.kept);
        let conn = kept.idle.pop();
        let purpose = if conn.is_some() || kept.lent < MOST_KEPT {
            kept.lent += 1;
            Purpose::Reading
        } else {
            Purpose::ReadingOnce
        };
        Lent {
            pool: self,
            purpose,
            conn,
        }
    }
}

/// A connection while a reader has it; it goes back however the reader ends.
struct Lent<'p> {
    pool: &'p Pool,
    purpose: Purpose,
    /// Nothing until it is opened.
    conn: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if self.purpose == Purpose::Reading {
            let mut kept = locked(&self.pool.kept);
            kept.lent -= 1;
            kept.idle.extend(self.conn.take().filter(|conn| conn.is_autocommit()));
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(folder: &tempfile::TempDir) -> Pool {
        let (path, key) = (folder.path().join("ward.db"), DatabaseKey::new(&[7; 32]));
        drop(file::create(&path, &key, |_| Ok(())).unwrap());
        Pool::new(path, key)
    }

    /// The caches of readers each of which reads within the one before.
    fn caches_kib(depth: usize, pool: &Pool) -> Vec<i64> {
        if depth == 0 {
            return Vec::new();
        }
        let read = pool.read(|conn| {
            let kib: i64 = conn.pragma_query_value(None, "cache_size", |row| row.get(0))?;
            Ok::<_, StoreError>([vec![-kib], caches_kib(depth - 1, pool)].concat())
        });
        read.unwrap()
    }

    #[test]
    fn reads_within_reads_never_wait_and_only_a_few_have_a_large_cache() {
        let folder = tempfile::TempDir::new().unwrap();
        let pool = pool(&folder);
        let (large, small) = (16 * 1024, 2 * 1024);
        for _ in 0..2 {
            assert_eq!(caches_kib(6, &pool), [large, large, large, small, small, small]);
            assert_eq!(locked(&pool.kept).idle.len(), MOST_KEPT);
        }
    }

    #[test]
    fn a_reader_that_fails_or_panics_gives_its_connection_back() {
        let folder = tempfile::TempDir::new().unwrap();
        let pool = pool(&folder);
        for _ in 0..MOST_KEPT + 1 {
            assert_eq!(pool.read(|_| Err::<(), _>(StoreError::Closed)), Err(StoreError::Closed));
            let panicking =
                std::panic::AssertUnwindSafe(|| pool.read(|_| -> Result<(), StoreError> { panic!("as a bug would") }));
            assert!(std::panic::catch_unwind(panicking).is_err());
        }
        assert_eq!(caches_kib(1, &pool), [16 * 1024]);
        assert_eq!(locked(&pool.kept).lent, 0);
    }
}
