//! Pages in the write-ahead log that are not yet in the file. They are moved by a connection of their own, while the writer
//! goes on: a save that waited for thousands of pages would be felt.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;

/// Nobody has come for so long: the next slice of a pull would have.
pub const QUIET: Duration = Duration::from_millis(20);
/// So many new pages are moved when all is quiet, or while a person is at work: what was moved must reach the disk at some
/// time, and so few do not keep it busy for longer than a save may wait.
const DUE_PAGES: i32 = 400;
/// So many whatever goes on.
const MUCH_PAGES: i32 = 2_000;
/// The writer itself sees to a log of so many pages, nearly all of which were moved: while it adds to the log, nobody
/// else can bring it to its end, from which it begins anew.
const OVERDUE_PAGES: i32 = 8_000;

/// How the log stands, of which somebody else moves pages.
#[derive(Clone, Copy, Default)]
pub struct Standing {
    /// They should be moved as soon as all is quiet, or a person is at work.
    pub is_due: bool,
    /// They are being moved: whoever adds to the log now keeps the mover from coming to its end.
    pub is_moving: bool,
}

/// What the writer knows of its log.
pub struct Backlog {
    /// Pages in the log.
    pages: Arc<AtomicI32>,
    /// How many there were when they were last moved.
    moved: i32,
    mover: Option<Mover>,
}

impl Backlog {
    /// That of the writing connection.
    pub fn of(conn: &mut Connection, mover: Option<Mover>) -> Result<Backlog, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let counted = Arc::clone(&pages);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            counted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let moved = 0;
        Ok(Backlog { pages, moved, mover })
    }

    /// Pages that were not moved.
    fn new_pages(&self) -> i32 {
        let pages = self.pages.load(Ordering::Relaxed);
        // Fewer than before: the log began anew.
        if pages < self.moved { pages } else { pages - self.moved }
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        Standing {
            is_due: self.mover.is_some() && self.new_pages() >= DUE_PAGES,
            is_moving: self.mover.as_ref().is_some_and(Mover::is_at_work),
        }
    }

    /// Has `then` done whenever pages were moved.
    pub fn when_moved(&self, then: impl Fn() + Send + Sync + 'static) {
        if let Some(mover) = &self.mover {
            mover.tell(then);
        }
    }

    /// Has them moved aside from the writer.
    pub fn move_aside(&mut self) {
        if let Some(mover) = &self.mover {
            self.moved = self.pages.load(Ordering::Relaxed);
            mover.ask();
        }
    }

    /// After a job: sees to it that the log does not grow without end.
    pub fn keep_small(&mut self, conn: &Connection) {
        if self.pages.load(Ordering::Relaxed) >= OVERDUE_PAGES {
            self.moved = 0;
            self.pages.store(0, Ordering::Relaxed);
            move_pages(conn);
        } else if self.new_pages() >= MUCH_PAGES {
            self.move_aside();
        }
    }
}

/// Moves pages on a thread and a connection of its own. It ends when it is dropped.
pub struct Mover {
    asks: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    at_work: Arc<AtWork>,
}

/// What was asked for and is not done yet, and who is told when it is.
#[derive(Default)]
struct AtWork {
    asked: AtomicUsize,
    then: OnceLock<Box<dyn Fn() + Send + Sync>>,
}

/// What is being done. However it ends, nobody waits for it any more.
struct Doing<'w>(&'w AtWork);

impl Drop for Doing<'_> {
    fn drop(&mut self) {
        self.0.asked.fetch_sub(1, Ordering::SeqCst);
        if let Some(then) = self.0.then.get() {
            then();
        }
    }
}

impl Mover {
    /// For the file, to which it connects when it is first asked.
    ///
    /// # Errors
    /// [`StoreError`] when there can be no thread.
    pub fn start(path: PathBuf, key: DatabaseKey) -> Result<Mover, StoreError> {
        let (asks, asked) = sync_channel(1);
        let at_work = Arc::new(AtWork::default());
        let with_thread = Arc::clone(&at_work);
        let thread = std::thread::Builder::new()
            .name("store-mover".to_owned())
            .spawn(move || move_when_asked(&asked, &with_thread, || file::connect(&path, &key, Purpose::Moving)))?;
        Ok(Mover {
            asks: Some(asks),
            thread: Some(thread),
            at_work,
        })
    }

    /// Has `then` done whenever something was moved.
    pub fn tell(&self, then: impl Fn() + Send + Sync + 'static) {
        let _told_once = self.at_work.then.set(Box::new(then));
    }

    fn is_at_work(&self) -> bool {
        self.at_work.asked.load(Ordering::SeqCst) > 0
    }

    fn ask(&self) {
        self.at_work.asked.fetch_add(1, Ordering::SeqCst);
        // One who is asked already does it once more, and that is enough.
        let is_asked = self.asks.as_ref().is_some_and(|asks| asks.try_send(()).is_ok());
        if !is_asked {
            self.at_work.asked.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.asks = None;
        if let Some(thread) = self.thread.take() {
            let _it_panicked = thread.join();
        }
    }
}

fn move_when_asked(asked: &Receiver<()>, at_work: &AtWork, connect: impl Fn() -> Result<Connection, StoreError>) {
    let mut kept = None;
    while asked.recv().is_ok() {
        let _doing = Doing(at_work);
        match kept.take().map_or_else(&connect, Ok) {
            Ok(conn) => move_pages(kept.insert(conn)),
            Err(error) => tracing::warn!(%error, "nothing can be moved out of the write-ahead log"),
        }
    }
}

/// What was committed is safe in the log: what fails here is tried again after later commits.
fn move_pages(conn: &Connection) {
    if let Err(error) = conn.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
        tracing::warn!(code = ?error.sqlite_error_code(), "the write-ahead log was not moved into the file");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Instant;

    use sync_core::DeviceId;
    use uuid::Uuid;

    use super::*;
    use crate::Store;
    use crate::writer::Turn;

    const PAGE_BYTES: u64 = 4096;

    #[test]
    fn while_a_person_saves_what_is_synchronised_never_makes_a_long_log() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ward.db");
        let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), DeviceId(Uuid::nil())).unwrap();
        let made = "CREATE TABLE large (bytes BLOB) STRICT";
        store
            .write(Turn::Person, |conn| Ok::<_, StoreError>(conn.execute_batch(made)?))
            .unwrap();
        for _ in 0..2 * OVERDUE_PAGES / DUE_PAGES {
            store.put_setting("any", &serde_json::json!(1)).unwrap();
            for _ in 0..4 {
                store
                    .write(Turn::Sync, |conn| {
                        let bytes = vec![7_u8; 4096 * DUE_PAGES as usize / 4];
                        conn.execute("INSERT INTO large VALUES (?1)", [bytes])?;
                        Ok::<_, StoreError>(())
                    })
                    .unwrap();
            }
        }
        let log = std::fs::metadata(folder.path().join("ward.db-wal")).unwrap().len() / PAGE_BYTES;
        assert!(log < 2 * MUCH_PAGES as u64, "{log} pages");
    }

    #[test]
    fn what_was_committed_is_moved_while_the_writer_is_at_work() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ward.db");
        let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), DeviceId(Uuid::nil())).unwrap();
        store
            .write(Turn::Sync, |conn| {
                conn.execute_batch("CREATE TABLE large (bytes BLOB) STRICT")?;
                let bytes = vec![7_u8; 4096 * MUCH_PAGES as usize];
                conn.execute("INSERT INTO large VALUES (?1)", [bytes])?;
                Ok::<_, StoreError>(())
            })
            .unwrap();
        let (end, ended) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            let at_work = scope.spawn(|| {
                store.write(Turn::Person, move |_| {
                    let _until_told = ended.recv();
                    Ok::<_, StoreError>(())
                })
            });
            let begun = Instant::now();
            let is_moved = || std::fs::metadata(&path).unwrap().len() > PAGE_BYTES * MUCH_PAGES as u64;
            while !is_moved() && begun.elapsed() < Duration::from_secs(30) {
                std::thread::sleep(Duration::from_millis(5));
            }
            let was_moved = is_moved();
            end.send(()).unwrap();
            at_work.join().unwrap().unwrap();
            assert!(was_moved);
        });
    }
}
