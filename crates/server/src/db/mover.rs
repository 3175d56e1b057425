//! What was committed is moved out of the write-ahead log into the file beside the writer. By itself SQLite has whoever commits
//! the thousandth page wait until all of them have reached the disk, with everybody behind them.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use crate::error::{Result, ServerError};

/// So many pages in the log are moved.
const DUE_PAGES: i32 = 1_000;
/// The writer itself sees to a log of so many pages: while it adds to the log, nobody else can bring it to its end, from which it
/// begins anew.
const OVERDUE_PAGES: i32 = 16_000;

/// Moves pages on a thread of its own, which ends when the writer's connection was closed.
pub struct Mover {
    thread: Option<JoinHandle<()>>,
}

impl Mover {
    /// Has `writer` leave its pages to `mover`, another connection to the same file.
    ///
    /// # Errors
    /// [`ServerError`] when there can be no thread.
    pub fn start(writer: &mut Connection, mover: Connection) -> Result<Mover> {
        let (asks, asked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("log-mover".to_owned())
            .spawn(move || move_when_asked(&asked, &mover))
            .map_err(|error| ServerError::Io("thread".into(), error))?;
        writer.wal_hook(Some(move |log: &mut Wal, pages| {
            if pages >= OVERDUE_PAGES {
                // Its answer would be that of the commit, which was made: the next one tries again.
                told(log.checkpoint());
            } else if pages >= DUE_PAGES {
                let _asked_already = asks.try_send(());
            }
            Ok(())
        }))?;
        Ok(Mover { thread: Some(thread) })
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _it_panicked = thread.join();
        }
    }
}

fn move_when_asked(asked: &Receiver<()>, conn: &Connection) {
    while asked.recv().is_ok() {
        told(conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())));
    }
}

/// What was committed is safe in the log: what fails here is tried again after later commits.
fn told(moved: rusqlite::Result<()>) {
    if let Err(error) = moved {
        tracing::warn!(code = ?error.sqlite_error_code(), "the write-ahead log was not moved into the file");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::*;

    /// A file of small pages with a write-ahead log, and a table of blobs that fill a page each.
    fn connect(path: &Path) -> Connection {
        let conn = Connection::open(path).unwrap();
        conn.execute_batch(
            "PRAGMA page_size = 512; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
             CREATE TABLE IF NOT EXISTS t (a BLOB)",
        )
        .unwrap();
        conn
    }

    fn write(pages: i32, conn: &mut Connection) {
        for _ in 0..pages / 100 {
            let commit = conn.transaction().unwrap();
            for _ in 0..100 {
                commit.execute("INSERT INTO t VALUES (zeroblob(450))", []).unwrap();
            }
            commit.commit().unwrap();
        }
    }

    fn bytes(path: &Path) -> u64 {
        std::fs::metadata(path).unwrap().len()
    }

    #[test]
    fn pages_reach_the_file_without_the_writer_and_the_thread_ends_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("district.db");
        let mut writer = connect(&path);
        let mover = Mover::start(&mut writer, connect(&path)).unwrap();
        write(DUE_PAGES - 300, &mut writer);
        assert!(bytes(&path) < 5_000, "few are left where they are");
        write(600, &mut writer);
        let begun = Instant::now();
        while bytes(&path) < 512 * DUE_PAGES as u64 {
            assert!(begun.elapsed() < Duration::from_secs(20), "nobody moved them");
            std::thread::yield_now();
        }
        // In this order as long as there is no server without its file.
        drop(writer);
        drop(mover);
    }

    #[test]
    fn a_log_that_nobody_moves_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("district.db");
        let mut writer = connect(&path);
        // One that moves something else.
        let _mover = Mover::start(&mut writer, connect(&folder.path().join("other.db"))).unwrap();
        write(2 * OVERDUE_PAGES, &mut writer);
        let most = 512 * (OVERDUE_PAGES + 2_000) as u64;
        assert!(bytes(&path.with_extension("db-wal")) < most);
        assert!(bytes(&path) > 512 * OVERDUE_PAGES as u64);
        drop(writer);
    }
}
