//! What the server keeps: every commit on the disk before it counts. All SQL stands in this folder.
//! What is personal arrives here sealed; no kind is named here.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use postgres::Lineage;

use crate::error::{Result, ServerError};

pub mod instance;

pub mod certificate;

pub mod space;

pub mod change;

pub mod erased;

pub mod record;

pub mod snapshot;

pub mod parked;

pub mod device;

pub mod succession;

pub mod withdrawal;

pub mod account;

pub mod second_factor;

pub mod invitation;

pub mod event;

mod address;

mod moving;

mod conn;

mod value;

mod sqlite;

mod mover;

mod postgres;

#[cfg(test)]
mod golden;

pub use address::Address;
pub use conn::Conn;
pub use moving::{Moved, move_to};
pub use sqlite::known_schema;

/// What a district is kept in: a file of its own, or a database that several nodes share.
pub struct Db(Kind);

enum Kind {
    Sqlite(sqlite::File),
    Postgres(postgres::Pool),
}

impl Db {
    /// Opens the file, made if missing, and brings it to this version's schema.
    ///
    /// # Errors
    /// [`ServerError`]; [`ServerError::NewerSchema`] when a newer version wrote it.
    pub fn open(path: &Path) -> Result<Db> {
        Ok(Db(Kind::Sqlite(sqlite::File::open(path)?)))
    }

    /// Connects to the database, and brings its tables to this version's schema.
    ///
    /// # Errors
    /// [`ServerError`]; [`ServerError::Displaced`] when what was confirmed may be missing there.
    pub fn connect(address: &Address) -> Result<Db> {
        Ok(Db(Kind::Postgres(postgres::Pool::open(address, Lineage::Same)?)))
    }

    /// The same, whatever may be missing there: who connects so begins a new epoch.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn connect_displaced(address: &Address) -> Result<Db> {
        Ok(Db(Kind::Postgres(postgres::Pool::open(address, Lineage::Any)?)))
    }

    /// Does `work` in one transaction; durable when this returns, undone when `work` fails. It may
    /// be done more than once before it succeeds, each time on what then stands.
    ///
    /// # Errors
    /// What `work` answers, or what the database does.
    pub fn write<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        match &self.0 {
            Kind::Sqlite(file) => file.write(work),
            Kind::Postgres(pool) => pool.write(work),
        }
    }

    /// Does `work` on one moment of all that is kept; it may be done more than once.
    ///
    /// # Errors
    /// What `work` answers, or what the database does.
    pub fn read<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        match &self.0 {
            Kind::Sqlite(file) => file.read(work),
            Kind::Postgres(pool) => pool.read(work),
        }
    }

    /// Whether other nodes may serve the same district at the same time.
    pub fn is_shared(&self) -> bool {
        matches!(self.0, Kind::Postgres(_))
    }

    /// A number that is another when another process wrote to a log.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn version(&self) -> Result<i64> {
        match &self.0 {
            Kind::Sqlite(file) => file.version(),
            Kind::Postgres(pool) => pool.version(),
        }
    }

    /// Copies the file, as it stands, to a new file.
    ///
    /// # Errors
    /// [`ServerError`]; [`ServerError::BackedUpElsewhere`] when it is no file.
    pub fn copy(&self, to: &Path) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(file) => file.copy(to),
            Kind::Postgres(_) => Err(ServerError::BackedUpElsewhere),
        }
    }

    /// From now on what was committed is moved into the file beside the writer, so that nobody waits for it; a database sees to
    /// its own.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn move_aside(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(file) => file.move_aside(),
            Kind::Postgres(_) => Ok(()),
        }
    }

    /// Moves the write-ahead log into the file; a database sees to its own.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn checkpoint(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(file) => file.checkpoint(),
            Kind::Postgres(_) => Ok(()),
        }
    }

    /// Leaves nothing of what was deleted or written over in the file or in the tables of the log.
    ///
    /// # Errors
    /// [`ServerError`]: what was erased is erased, and remains of it may be in free space.
    pub fn sweep(&self) -> Result<()> {
        match &self.0 {
            Kind::Sqlite(file) => file.sweep(),
            Kind::Postgres(pool) => pool.sweep(),
        }
    }

    /// What is wrong with the file; empty when nothing. A database sees to its own.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn faults(&self) -> Result<Vec<String>> {
        match &self.0 {
            Kind::Sqlite(file) => file.faults(),
            Kind::Postgres(_) => Ok(Vec::new()),
        }
    }
}

/// Takes note that a new epoch began in the history that the database now has.
///
/// # Errors
/// [`ServerError`].
pub fn renew_lineage(conn: &Conn) -> Result<()> {
    match conn.file() {
        Some(_) => Ok(()),
        None => postgres::renew_lineage(conn),
    }
}

/// The steps in which SQLite answers a question, asked with these values.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot open a file fails")]
fn plan(sql: &str, values: &[&dyn value::Bind]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&folder.path().join("district.db")).unwrap();
    let sql = format!("EXPLAIN QUERY PLAN {sql}");
    db.read(|conn| conn.all(&sql, values, |row| row.text(3))).unwrap()
}

/// Work that panicked left nothing half done: its transaction was undone.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
