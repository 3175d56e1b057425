//! SQLite beneath the server: the file with its write-ahead log, every commit on the disk before it
//! counts.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, Rows, ToSql, params_from_iter};

use sync_core::planted;

use super::conn::Conn;
use super::locked;
use super::mover::Mover;
use super::value::{Bind, Cell, Row, Value};
use crate::durable;
use crate::error::{Result, ServerError};

mod migrations {
    refinery::embed_migrations!("../../migrations/server-sqlite");
}

const BUSY: Duration = Duration::from_secs(20);
const STATEMENTS: usize = 64;
const NOT_OPEN: ServerError = ServerError::Damaged("the file is not open");
/// A schema that no version will ever know stands in a file whose district was moved elsewhere.
const MOVED: i64 = 2_147_483_647;

/// The file: one writer, and as many readers as there are questions at a time.
pub struct File {
    path: PathBuf,
    writer: Mutex<Conn>,
    readers: Mutex<Vec<Conn>>,
    /// Ends after the writer.
    mover: Mutex<Option<Mover>>,
}

impl File {
    /// Opens the file, made if missing, and brings it to this version's schema.
    pub fn open(path: &Path) -> Result<File> {
        let mut writer = connect(path)?;
        bring_up(&mut writer, path)?;
        Ok(File {
            path: path.to_owned(),
            writer: Mutex::new(Conn::sqlite(writer)),
            readers: Mutex::default(),
            mover: Mutex::default(),
        })
    }

    /// From now on what was committed is moved out of the write-ahead log beside the writer.
    pub fn move_aside(&self) -> Result<()> {
        let beside = connect(&self.path)?;
        let mut writer = locked(&self.writer);
        let writer = writer.file_mut().ok_or(NOT_OPEN)?;
        *locked(&self.mover) = Some(Mover::start(writer, beside)?);
        Ok(())
    }

    /// Holds the write lock from the first statement: what others write waits.
    pub fn write<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        let done = locked(&self.writer).within("BEGIN IMMEDIATE", work);
        done.map_err(|unfinished| unfinished.error)
    }

    pub fn read<T>(&self, work: impl Fn(&Conn) -> Result<T>) -> Result<T> {
        let free = locked(&self.readers).pop();
        let reader = match free {
            Some(reader) => reader,
            None => Conn::sqlite(connect(&self.path)?),
        };
        let done = reader.within("BEGIN", work);
        locked(&self.readers).push(reader);
        done.map_err(|unfinished| unfinished.error)
    }

    /// A number that rises when another process wrote to the file, or this one did.
    pub fn version(&self) -> Result<i64> {
        self.on_writer(|conn| Ok(conn.query_row("PRAGMA data_version", [], |row| row.get(0))?))
    }

    /// Copies the file, as it stands, to a new file.
    pub fn copy(&self, to: &Path) -> Result<()> {
        self.on_writer(|conn| vacuum_into(conn, to))
    }

    /// Moves the write-ahead log into the file.
    pub fn checkpoint(&self) -> Result<()> {
        locked(&self.readers).clear();
        self.on_writer(|conn| Ok(conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?))
    }

    /// Writes the file anew without what was deleted in it, and empties the write-ahead log.
    pub fn sweep(&self) -> Result<()> {
        self.on_writer(|conn| Ok(conn.execute_batch("VACUUM")?))?;
        self.checkpoint()
    }

    /// What SQLite finds wrong with the file; empty when nothing.
    pub fn faults(&self) -> Result<Vec<String>> {
        self.on_writer(faults)
    }

    fn on_writer<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let writer = locked(&self.writer);
        work(writer.file().ok_or(NOT_OPEN)?)
    }
}

/// The file of a district that is about to be kept elsewhere: nobody else has it open as long as this lives.
pub struct Leaving {
    conn: Conn,
}

impl Leaving {
    /// # Errors
    /// [`ServerError::Locked`] when somebody else has it open.
    pub fn open(path: &Path) -> Result<Leaving> {
        let mut conn = connect(path)?;
        match bring_up(&mut conn, path) {
            Err(ServerError::Moved) => {}
            done => done?,
        }
        conn.busy_timeout(Duration::ZERO)?;
        conn.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        // Only who is alone with a file takes its write-ahead log from it.
        let alone = conn
            .pragma_update_and_check(None, "journal_mode", "DELETE", |row| row.get::<_, String>(0))
            .and_then(|mode| conn.execute_batch("BEGIN EXCLUSIVE; COMMIT").map(|()| mode));
        match alone {
            Ok(mode) if mode == "delete" => {}
            Ok(_) => return Err(ServerError::Locked),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                return Err(ServerError::Locked);
            }
            Err(error) => return Err(error.into()),
        }
        Ok(Leaving {
            conn: Conn::sqlite(conn),
        })
    }

    pub fn conn(&self) -> &Conn {
        &self.conn
    }

    /// Where it was left for, if it was.
    pub fn left_for(&self) -> Result<Option<String>> {
        let sql = "SELECT coalesce(name, '') FROM refinery_schema_history WHERE version = ?1";
        self.conn.one(sql, &[&MOVED], |row| row.text(0))
    }

    /// From now on it opens for no server; what is said of where it is left for is kept.
    pub fn leave(&self, place: &str) -> Result<()> {
        let sql = "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (?1, ?2, '', '')
                   ON CONFLICT (version) DO UPDATE SET name = excluded.name";
        self.conn.execute(sql, &[&MOVED, &place]).map(drop)
    }

    /// It stays what the district is kept in.
    pub fn stay(&self) -> Result<()> {
        self.conn
            .execute("DELETE FROM refinery_schema_history WHERE version = ?1", &[&MOVED])
            .map(drop)
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", planted!(SynchronousNormal, "NORMAL", "FULL"))?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // What is deleted or written over is zeros.
    conn.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
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

/// Brings the file to this version's schema; what it was before is kept beside it.
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
    if found == MOVED {
        return Err(ServerError::Moved);
    }
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
            copy_to(conn, &copy)?;
        }
    }
    let report = migrations::migrations::runner().set_grouped(true).run(conn);
    report
        .map(drop)
        .map_err(|error| ServerError::Migration(error.to_string()))
}

/// Copies the file to a new one that has its name once it is whole.
fn copy_to(conn: &Connection, to: &Path) -> Result<()> {
    let failed = |error| ServerError::Io(to.to_owned(), error);
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    if part.try_exists().map_err(failed)? {
        fs::remove_file(&part).map_err(failed)?;
    }
    vacuum_into(conn, &part)?;
    durable::name(&part, to).map_err(failed)
}

/// Copies the file, as it stands, to a new file, which may still be on its way to the disk.
fn vacuum_into(conn: &Connection, to: &Path) -> Result<()> {
    let name = to.to_str().ok_or_else(|| {
        let odd = std::io::Error::new(std::io::ErrorKind::InvalidInput, "a path must be UTF-8");
        ServerError::Io(to.to_owned(), odd)
    })?;
    conn.execute("VACUUM INTO ?1", [name])?;
    Ok(())
}

fn faults(conn: &Connection) -> Result<Vec<String>> {
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
}

pub fn execute(sql: &str, values: &[&dyn Bind], conn: &Connection) -> Result<usize> {
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.execute(params_from_iter(values.iter().map(|value| value.value())))?)
}

/// The rows that the statement answers, not more than `most`.
pub fn rows(sql: &str, values: &[&dyn Bind], most: usize, conn: &Connection) -> Result<Vec<Row>> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(values.iter().map(|value| value.value())))?;
    let mut read = Vec::new();
    while read.len() < most
        && let Some(row) = next(&mut rows, columns)?
    {
        read.push(row);
    }
    Ok(read)
}

fn next(rows: &mut Rows<'_>, columns: usize) -> Result<Option<Row>> {
    let Some(row) = rows.next()? else { return Ok(None) };
    let cells = (0..columns).map(|index| Ok(cell(row.get_ref(index)?)));
    Ok(Some(Row(cells.collect::<Result<_>>()?)))
}

/// Tables are strict and hold no real numbers; text that is not UTF-8 is read as bytes, and refused as such.
fn cell(value: ValueRef<'_>) -> Cell {
    match value {
        ValueRef::Null | ValueRef::Real(_) => Cell::Nothing,
        ValueRef::Integer(number) => Cell::Number(number),
        ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cell::Text(text.to_owned()),
            Err(_) => Cell::Bytes(bytes.to_vec()),
        },
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Nothing => ValueRef::Null,
            Value::Number(number) => ValueRef::Integer(*number),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
