//! The server's file: SQLite with a write-ahead log, every commit on the disk before it counts.
//! All SQL stands in this folder. What is personal arrives here sealed; no kind is named here.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::{Result, ServerError};

pub mod instance;

pub mod space;

pub mod change;

pub mod record;

pub mod parked;

pub mod device;

pub mod account;

pub mod invitation;

mod column;

#[cfg(test)]
mod golden;

mod migrations {
    refinery::embed_migrations!("../../migrations/server-sqlite");
}

const BUSY: Duration = Duration::from_secs(20);
const STATEMENTS: usize = 64;

/// The file: one writer, and as many readers as there are questions at a time.
pub struct Db {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Db {
    /// Opens the file, made if missing, and brings it to this version's schema.
    ///
    /// # Errors
    /// [`ServerError`]; [`ServerError::NewerSchema`] when a newer version wrote it.
    pub fn open(path: &Path) -> Result<Db> {
        let mut writer = connect(path)?;
        bring_up(&mut writer, path)?;
        Ok(Db {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
        })
    }

    /// Does `work` in one transaction that holds the write lock from its first statement; durable
    /// when this returns, undone when `work` fails.
    ///
    /// # Errors
    /// What `work` answers, or [`ServerError::Database`].
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = locked(&self.writer);
        let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&tx)?;
        tx.commit()?;
        Ok(done)
    }

    /// Does `work` on one moment of the file.
    ///
    /// # Errors
    /// What `work` answers, or [`ServerError::Database`].
    pub fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let free = locked(&self.readers).pop();
        let mut reader = match free {
            Some(reader) => reader,
            None => connect(&self.path)?,
        };
        let tx = reader.transaction()?;
        let done = work(&tx);
        drop(tx);
        locked(&self.readers).push(reader);
        done
    }

    /// A number that rises when another process wrote to the file, or this one did.
    ///
    /// # Errors
    /// [`ServerError::Database`].
    pub fn version(&self) -> Result<i64> {
        let writer = locked(&self.writer);
        let foreign: i64 = writer.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(foreign)
    }

    /// Copies the file, as it stands, to a new file.
    ///
    /// # Errors
    /// [`ServerError::Database`].
    pub fn copy(&self, to: &Path) -> Result<()> {
        vacuum_into(&locked(&self.writer), to)
    }

    /// Moves the write-ahead log into the file.
    ///
    /// # Errors
    /// [`ServerError::Database`].
    pub fn checkpoint(&self) -> Result<()> {
        locked(&self.readers).clear();
        locked(&self.writer).query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// What SQLite finds wrong with the file; empty when nothing.
    ///
    /// # Errors
    /// [`ServerError::Database`].
    pub fn faults(&self) -> Result<Vec<String>> {
        self.read(|conn| {
            let mut statement = conn.prepare("PRAGMA integrity_check")?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            let mut faults = lines.collect::<Result<Vec<_>, _>>()?;
            faults.retain(|line| line != "ok");
            let mut statement = conn.prepare("PRAGMA foreign_key_check")?;
            let strays = statement.query_map([], |row| row.get::<_, String>(0))?;
            for stray in strays {
                faults.push(format!("a row of {} refers to nothing", stray?));
            }
            Ok(faults)
        })
    }
}

/// Work that panicked left nothing half done: its transaction was undone.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", -16_000)?;
    Ok(conn)
}

/// The newest schema that this version knows.
pub fn known_schema() -> i64 {
    let migrations = migrations::migrations::runner();
    let versions = migrations.get_migrations().iter();
    versions
        .map(|migration| i64::from(migration.version()))
        .max()
        .unwrap_or(0)
}

fn bring_up(conn: &mut Connection, path: &Path) -> Result<()> {
    let found: i64 = if conn.table_exists(None, "refinery_schema_history")? {
        conn.query_row(
            "SELECT coalesce(max(version), 0) FROM refinery_schema_history",
            [],
            |row| row.get(0),
        )?
    } else {
        0
    };
    let known = known_schema();
    if found > known {
        return Err(ServerError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let mut copy = path.as_os_str().to_owned();
        copy.push(format!(".before-{known}"));
        let copy = PathBuf::from(copy);
        if !copy.exists() {
            vacuum_into(conn, &copy)?;
        }
    }
    let report = migrations::migrations::runner().set_grouped(true).run(conn);
    report
        .map(drop)
        .map_err(|error| ServerError::Migration(error.to_string()))
}

fn vacuum_into(conn: &Connection, to: &Path) -> Result<()> {
    let name = to.to_str().ok_or_else(|| {
        let odd = std::io::Error::new(std::io::ErrorKind::InvalidInput, "a path must be UTF-8");
        ServerError::Io(to.to_owned(), odd)
    })?;
    conn.execute("VACUUM INTO ?1", [name])?;
    let file = fs::File::open(to).map_err(|error| ServerError::Io(to.to_owned(), error))?;
    file.sync_all().map_err(|error| ServerError::Io(to.to_owned(), error))
}
