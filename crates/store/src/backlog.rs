//! Pages in the write-ahead log that are not yet in the file. They are moved by a connection of their own, while the writer
//! goes on: a save that waited for thousands of pages would be felt.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;

/// Nobody has come for so long: the next slice of a pull would have.
pub const QUIET: Duration = Duration::from_millis(20);
/// So many new pages are moved when all is quiet, and so many whatever goes on.
const DUE_PAGES: i32 = 1_000;
const MUCH_PAGES: i32 = 2_000;
/// The writer itself sees to a log of so many pages, nearly all of which were moved: while it adds to the log, nobody
/// else can bring it to its end, from which it begins anew.
const OVERDUE_PAGES: i32 = 8_000;

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

    /// Whether they should be moved as soon as all is quiet.
    pub fn is_due(&self) -> bool {
        self.mover.is_some() && self.new_pages() >= DUE_PAGES
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
}

impl Mover {
    /// For the file, to which it connects when it is first asked.
    ///
    /// # Errors
    /// [`StoreError`] when there can be no thread.
    pub fn start(path: PathBuf, key: DatabaseKey) -> Result<Mover, StoreError> {
        let (asks, asked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-mover".to_owned())
            .spawn(move || move_when_asked(&asked, || file::connect(&path, &key, Purpose::Moving)))?;
        Ok(Mover {
            asks: Some(asks),
            thread: Some(thread),
        })
    }

    fn ask(&self) {
        // One who is asked already does it once more, and that is enough.
        let _is_asked = self.asks.as_ref().map(|asks| asks.try_send(()));
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

fn move_when_asked(asked: &Receiver<()>, connect: impl Fn() -> Result<Connection, StoreError>) {
    let mut kept = None;
    while asked.recv().is_ok() {
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
