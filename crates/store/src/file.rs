//! The file itself: making and opening it, what must hold before anything is read, the lock that
//! keeps a second program out, copies, and setting a file aside that does not open.

use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::{Duration, Instant};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use sync_core::planted;

use crate::error::StoreError;
use crate::key::DatabaseKey;

const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";
/// SQLite's and SQLCipher's own choice.
const PAGE_BYTES: u64 = 4096;
/// Earlier versions can corrupt a WAL database that has two connections.
const OLDEST_SQLITE: i32 = 3_051_003;
/// A program that this one is just starting holds every lock for a moment, until it runs: on a busy machine longer
/// than a fifth of a second.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// Reading every page of a larger file takes longer than a person should wait at each sign-in.
const CHECKED_BYTES: u64 = 4 * 1024 * 1024;
/// So many pages are copied at once.
const COPIED_PAGES: i32 = 1024;
const BUSY: Duration = Duration::from_secs(5);
/// Marks the file as a ward desktop's.
const APPLICATION: i32 = 0x5761_7264;

/// What a connection is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Writing,
    Reading,
    /// Reading, but more of them than are kept open.
    ReadingOnce,
    /// Reading too, though the engine counts a copy as writing.
    Copying,
    /// Bringing what was committed from the log into the file, page by page as it is.
    Moving,
}

impl Purpose {
    /// The most a connection keeps of the file in memory. SQLite's own 2 MB make a bulk pull and a
    /// scan two to four times slower; but every connection has a cache of its own, and the window
    /// with all its processes has 300 MB. So the writer has room for the search tables and indexes
    /// that it changes everywhere at once, and three kept readers for a facility of some thousand
    /// patients each: 112 MB at most, and only once they have read so much.
    pub fn cache_kib(self) -> u32 {
        match self {
            Purpose::Writing => 64 * 1024,
            Purpose::Reading => 16 * 1024,
            Purpose::ReadingOnce | Purpose::Copying => 2 * 1024,
            Purpose::Moving => 256,
        }
    }
}

/// Holds the file for this program; others are refused until it is dropped.
pub struct Lock {
    _file: File,
}

/// Takes the lock beside the database.
///
/// # Errors
/// [`StoreError::InUse`] when another program, or this one, holds it.
pub fn lock(path: &Path) -> Result<Lock, StoreError> {
    let beside = with_suffix(path, ".lock");
    let file = File::options().create(true).truncate(false).write(true).open(beside)?;
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Err(StoreError::InUse)
}

/// Makes a new file with what `fill` writes into it. It gets its name when it is whole, so that a
/// power cut leaves the file or none.
///
/// # Errors
/// [`StoreError::Exists`] when there is one of that name already.
pub fn create(
    path: &Path,
    key: &DatabaseKey,
    fill: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<Connection, StoreError> {
    if path.try_exists()? {
        return Err(StoreError::Exists);
    }
    let part = with_suffix(path, ".part");
    for suffix in ["", "-wal", "-shm"] {
        let left_behind = with_suffix(&part, suffix);
        if left_behind.try_exists()? {
            fs::remove_file(left_behind)?;
        }
    }
    drop(File::create_new(&part)?);
    let mut conn = connect(&part, key, Purpose::Writing)?;
    conn.pragma_update(None, "application_id", APPLICATION)?;
    fill(&mut conn)?;
    move_log_into(&conn)?;
    conn.close().map_err(|(_, error)| error)?;
    name(&part, path)?;
    // Who is told that there is no file finds none at the next try.
    connect(path, key, Purpose::Writing).inspect_err(|_| {
        for suffix in ["", "-wal", "-shm"] {
            drop(fs::remove_file(with_suffix(path, suffix)));
        }
    })
}

/// Moves the log into the file and empties it. Closing does so too, but keeps to itself that it could not.
///
/// # Errors
/// [`StoreError::InUse`] while somebody reads.
pub fn move_log_into(conn: &Connection) -> Result<(), StoreError> {
    let begun = Instant::now();
    loop {
        let is_busy: bool = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if !is_busy {
            return Ok(());
        }
        // The engine has waited for readers, but it does not wait for another who moves the log.
        if begun.elapsed() >= BUSY {
            return Err(StoreError::InUse);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
}

/// Gives a whole file its name, under which none stands; nothing has the name when that fails.
fn name(part: &Path, path: &Path) -> Result<(), StoreError> {
    File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    Ok(sync_folder(path).inspect_err(|_| drop(fs::remove_file(path)))?)
}

/// A connection to an existing file, after everything was seen to that would make it unsafe. Every
/// page is authenticated whenever it is read; all pages are read here when the file is small or was
/// not closed as it should be.
///
/// # Errors
/// [`StoreError`]: each reason has its own variant.
pub fn open(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreError> {
    undo_half_set_aside(path)?;
    let bytes = check_outside(path)?;
    // A power cut may leave half a page at the end of the file while the log beside it holds the
    // whole; only the engine, which reads both, can tell that from damage.
    let was_cut = bytes % PAGE_BYTES != 0 || fs::metadata(with_suffix(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let is_small = bytes <= CHECKED_BYTES;
    let conn = connect(path, key, Purpose::Writing)?;
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION {
        return Err(StoreError::NotThisDesk);
    }
    if was_cut || is_small {
        check_inside(&conn)?;
    }
    Ok(conn)
}

/// What can be seen of the file without its key; answers how many bytes it has.
fn check_outside(path: &Path) -> Result<u64, StoreError> {
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let mut header = [0; PLAIN_HEADER.len()];
    if bytes == 0 || file.read_exact(&mut header).is_err() {
        return Err(StoreError::Damaged);
    }
    if header == *PLAIN_HEADER {
        return Err(StoreError::NotEncrypted);
    }
    Ok(bytes)
}

/// Reads every page.
///
/// # Errors
/// [`StoreError::Damaged`] when one is not what was written.
pub fn check_inside(conn: &Connection) -> Result<(), StoreError> {
    let verdict: String = conn.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged)
    }
}

/// A keyed connection with its settings.
///
/// # Errors
/// [`StoreError::WrongKey`] when the key does not open the file.
pub fn connect(path: &Path, key: &DatabaseKey, purpose: Purpose) -> Result<Connection, StoreError> {
    start_engine();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.execute_batch(&key.pragma())?;
    conn.execute_batch("PRAGMA cipher_log_level = NONE")?;
    let unlocked = conn.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
    unlocked.map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => StoreError::WrongKey,
        _ => error.into(),
    })?;
    check_engine(&conn)?;
    conn.busy_timeout(BUSY)?;
    conn.set_prepared_statement_cache_capacity(256);
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;",
    )?;
    planted!(SynchronousNormal, conn.execute_batch("PRAGMA synchronous = NORMAL")?);
    conn.pragma_update(None, "cache_size", -i64::from(purpose.cache_kib()))?;
    if matches!(purpose, Purpose::Reading | Purpose::ReadingOnce) {
        conn.pragma_update(None, "query_only", true)?;
    }
    Ok(conn)
}

/// The engine says that it has started before its ciphers have: a second thread that opens its first
/// file in that moment is refused. So the first start is waited for by everybody.
fn start_engine() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| drop(Connection::open_in_memory()));
}

fn check_engine(conn: &Connection) -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(StoreError::Engine(format!("SQLite {}", rusqlite::version())));
    }
    let cipher = conn.pragma_query_value(None, "cipher_version", |row| row.get::<_, String>(0));
    match cipher {
        Ok(version) if !version.is_empty() => Ok(()),
        _ => Err(StoreError::Engine("no cipher".to_owned())),
    }
}

/// Writes an encrypted copy with the same key, and opens it to see that it is whole.
///
/// # Errors
/// [`StoreError::Exists`] when there is a file of that name.
pub fn copy(conn: &Connection, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    if to.try_exists()? {
        return Err(StoreError::Exists);
    }
    let part = with_suffix(to, ".part");
    if part.try_exists()? {
        fs::remove_file(&part)?;
    }
    let part_name = part
        .to_str()
        .ok_or(StoreError::Io(std::io::ErrorKind::InvalidFilename))?;
    conn.execute("VACUUM INTO ?1", [part_name])?;
    check_outside(&part)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copied = Connection::open_with_flags(&part, flags)?;
    copied.execute_batch(&key.pragma())?;
    check_inside(&copied)?;
    drop(copied);
    name(&part, to)
}

/// Writes everything into a new file with another key, page for page, and opens that to see that it is whole. The
/// file itself keeps its key: a key is never changed in place, where a power cut would leave pages of both.
///
/// # Errors
/// [`StoreError::Exists`] when there is a file of that name.
pub fn copy_with_key(conn: &Connection, to: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    if to.try_exists()? {
        return Err(StoreError::Exists);
    }
    let part = with_suffix(to, ".part");
    for suffix in ["", "-journal"] {
        let left_behind = with_suffix(&part, suffix);
        if left_behind.try_exists()? {
            fs::remove_file(left_behind)?;
        }
    }
    drop(File::create_new(&part)?);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut copied = Connection::open_with_flags(&part, flags)?;
    copied.execute_batch(&key.pragma())?;
    Backup::new(conn, &mut copied)?.run_to_completion(COPIED_PAGES, Duration::ZERO, None)?;
    check_inside(&copied)?;
    copied.close().map_err(|(_, error)| error)?;
    check_outside(&part)?;
    name(&part, to)
}

/// Makes a rename in the file's folder durable.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder cannot be opened, and a name is as durable as its file.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Renames a file that does not open, with what belongs to it, and answers its new name. Nothing
/// is ever deleted.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be written.
pub fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let aside = next_aside(path)?;
    // The log first: left behind, it would be taken for the log of the next file of that name.
    move_log(path, &aside)?;
    fs::rename(path, &aside)?;
    sync_folder(path)?;
    Ok(aside)
}

/// The power was cut while the file was set aside: it is whole only with its log beside it.
fn undo_half_set_aside(path: &Path) -> Result<(), StoreError> {
    let aside = next_aside(path)?;
    if with_suffix(&aside, "-wal").try_exists()? {
        move_log(&aside, path)?;
    }
    Ok(())
}

/// The first name for a file set aside that none has.
fn next_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let mut count = 1_u32;
    loop {
        let aside = with_suffix(path, &format!(".aside-{count}"));
        if !aside.try_exists()? {
            return Ok(aside);
        }
        count += 1;
    }
}

/// Gives what stands beside one name of a file its place beside another.
fn move_log(from: &Path, to: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-shm"] {
        let beside = with_suffix(from, suffix);
        if beside.try_exists()? {
            fs::rename(&beside, with_suffix(to, suffix))?;
        }
    }
    Ok(sync_folder(from)?)
}

/// Gives a closed database the name of another that is not there any more, with its log: where the disk failed when it
/// was closed, the log is left beside it. The log first, for the file alone would open without its last changes.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be written.
pub fn put_in_place(from: &Path, to: &Path) -> Result<(), StoreError> {
    move_log(from, to)?;
    fs::rename(from, to)?;
    Ok(sync_folder(to)?)
}

/// Removes a database in which nobody worked, or that holds nothing any more, with what belongs to it.
///
/// # Errors
/// [`StoreError::Io`] when the folder cannot be written.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    for suffix in ["-wal", "-shm", ".part", ".lock", ""] {
        let beside = with_suffix(path, suffix);
        if beside.try_exists()? {
            fs::remove_file(beside)?;
        }
    }
    Ok(sync_folder(path)?)
}

/// The path with `suffix` behind its name.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
