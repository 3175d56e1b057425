//! The one writing connection, on a thread of its own with two queues: what a person waits for
//! goes before the work of synchronising, which comes in slices.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use sync_core::planted;

use crate::error::StoreError;

/// Who waits for the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Person,
    Sync,
}

type Work = Box<dyn FnOnce(&mut Connection) + Send>;

#[derive(Default)]
struct Queues {
    person: VecDeque<Work>,
    sync: VecDeque<Work>,
    /// When a person last came.
    came: Option<Instant>,
    /// Nothing more is taken; the connection stays.
    takes_no_more: bool,
    is_closed: bool,
}

/// What decides how much is done at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PacedBy {
    /// The time that passes while nobody comes.
    Time,
    /// Who came, and never the time: in a simulation the same happens however busy the machine is.
    Events,
}

struct Shared {
    queues: Mutex<Queues>,
    wake: Condvar,
    paced_by: PacedBy,
}

/// Gives work to the writing thread; the connection closes when this is dropped.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(mut conn: Connection, paced_by: PacedBy) -> Result<Writer, StoreError> {
        let backlog = Backlog::of(&mut conn)?;
        let shared = Arc::new(Shared {
            queues: Mutex::default(),
            wake: Condvar::new(),
            paced_by,
        });
        let with_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(conn, &with_thread, &backlog))?;
        Ok(Writer {
            shared,
            thread: Some(thread),
        })
    }

    /// Has `job` done when its turn comes and answers what it answered. A job that panics is undone;
    /// the jobs after it are done.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when the thread is gone, or the job panicked.
    pub fn run<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.leave(turn, move |conn| {
            let _nobody_waits_any_more = answer.send(job(conn));
        })?;
        answered.recv().map_err(|_| StoreError::Closed)
    }

    /// Has `job` done when its turn comes, and waits for nothing. It is done before the connection closes.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when the thread is gone.
    pub fn leave(&self, turn: Turn, job: impl FnOnce(&mut Connection) + Send + 'static) -> Result<(), StoreError> {
        {
            let mut queues = locked(&self.shared.queues);
            if queues.is_closed || queues.takes_no_more {
                return Err(StoreError::Closed);
            }
            match turn {
                Turn::Person => {
                    queues.came = Some(Instant::now());
                    queues.person.push_back(Box::new(job));
                }
                Turn::Sync => queues.sync.push_back(Box::new(job)),
            }
        }
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Takes no more work, and answers when all that came before is done; at once when it takes none any more.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when the thread ends meanwhile.
    pub fn take_no_more(&self) -> Result<(), StoreError> {
        let (answer, answered) = mpsc::sync_channel(1);
        {
            let mut queues = locked(&self.shared.queues);
            if std::mem::replace(&mut queues.takes_no_more, true) || queues.is_closed {
                return Ok(());
            }
            queues.sync.push_back(Box::new(move |_| {
                let _nobody_waits_any_more = answer.send(());
            }));
        }
        self.shared.wake.notify_one();
        answered.recv().map_err(|_| StoreError::Closed)
    }

    /// Tells a job whether a person waits for it to end, or may soon.
    pub fn somebody(&self) -> Somebody {
        Somebody(Arc::clone(&self.shared))
    }

    /// How many jobs wait for their turn.
    #[cfg(test)]
    pub fn waiting(&self) -> usize {
        let queues = locked(&self.shared.queues);
        queues.person.len() + queues.sync.len()
    }
}

/// Whoever might wait.
pub struct Somebody(Arc<Shared>);

/// Who came so lately is at work, and will come again.
const LATELY: Duration = Duration::from_secs(1);

impl Somebody {
    /// Whether a person waits, or may come at any moment.
    pub fn is_about(&self) -> bool {
        let queues = locked(&self.0.queues);
        let is_lately = |came: Instant| self.0.paced_by == PacedBy::Events || came.elapsed() < LATELY;
        !queues.person.is_empty() || queues.came.is_some_and(is_lately)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        locked(&self.shared.queues).is_closed = true;
        self.shared.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            let _it_panicked = thread.join();
        }
    }
}

fn work(mut conn: Connection, shared: &Shared, backlog: &Backlog) {
    let _end = Closing(shared);
    loop {
        let is_timed = shared.paced_by == PacedBy::Time;
        let pause = (is_timed && backlog.is_due()).then_some(QUIET);
        let next = next(shared, pause);
        planted!(AckBeforeCommit, crate::bugs::commit_left_open(&conn));
        match next {
            Next::Work(work) => {
                do_safely(work, &mut conn);
                if backlog.is_overdue() {
                    backlog.clear(&conn);
                }
            }
            Next::Quiet => backlog.clear(&conn),
            Next::Closed => return,
        }
    }
}

/// Whoever waits for a job that panics is told, since its end of the answer is dropped with it; and
/// its transaction with what it wrote.
fn do_safely(work: Work, conn: &mut Connection) {
    if catch_unwind(AssertUnwindSafe(|| work(conn))).is_err() {
        tracing::error!("writing to the database broke off");
        if !conn.is_autocommit()
            && let Err(error) = conn.execute_batch("ROLLBACK")
        {
            tracing::error!(code = ?error.sqlite_error_code(), "what was half written was not undone");
        }
    }
}

/// Pages in the write-ahead log that are not yet in the file. They are moved when nobody waits, so
/// that hardly any save pays for it.
struct Backlog {
    pages: Arc<AtomicI32>,
}

/// Nobody has come for so long: the next slice of a pull would have.
const QUIET: Duration = Duration::from_millis(20);
/// Moved when all is quiet, and at the latest.
const DUE_PAGES: i32 = 1_000;
const OVERDUE_PAGES: i32 = 8_000;

impl Backlog {
    fn of(conn: &mut Connection) -> Result<Backlog, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let counted = Arc::clone(&pages);
        conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            counted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        Ok(Backlog { pages })
    }

    fn is_due(&self) -> bool {
        self.pages.load(Ordering::Relaxed) >= DUE_PAGES
    }

    fn is_overdue(&self) -> bool {
        self.pages.load(Ordering::Relaxed) >= OVERDUE_PAGES
    }

    fn clear(&self, conn: &Connection) {
        self.pages.store(0, Ordering::Relaxed);
        // What was committed is safe in the log; a failure here is tried again after the next commit.
        if let Err(error) = conn.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(code = ?error.sqlite_error_code(), "the write-ahead log was not moved into the file");
        }
    }
}

/// Whoever waits is told when the thread ends, however it ends.
struct Closing<'s>(&'s Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        let mut queues = locked(&self.0.queues);
        queues.is_closed = true;
        queues.person.clear();
        queues.sync.clear();
    }
}

enum Next {
    Work(Work),
    /// Nobody came while it waited.
    Quiet,
    Closed,
}

/// The next job; waits for one no longer than `pause`, if there is one.
fn next(shared: &Shared, pause: Option<Duration>) -> Next {
    let mut queues = locked(&shared.queues);
    let since = Instant::now();
    loop {
        if let Some(work) = queues.person.pop_front() {
            return Next::Work(work);
        }
        if let Some(work) = queues.sync.pop_front() {
            return Next::Work(work);
        }
        if queues.is_closed {
            return Next::Closed;
        }
        queues = match pause.map(|pause| pause.saturating_sub(since.elapsed())) {
            None => shared.wake.wait(queues).unwrap_or_else(PoisonError::into_inner),
            Some(Duration::ZERO) => return Next::Quiet,
            Some(left) => {
                let woken = shared.wake.wait_timeout(queues, left);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
        };
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> Writer {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t (a)").unwrap();
        Writer::start(conn, PacedBy::Time).unwrap()
    }

    fn rows(writer: &Writer) -> i64 {
        let count = writer.run(Turn::Person, |conn| {
            conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap()
        });
        count.unwrap()
    }

    #[test]
    fn a_job_that_panics_is_undone_and_the_next_is_done() {
        let writer = writer();
        let broken = writer.run(Turn::Person, |conn| {
            conn.execute_batch("BEGIN; INSERT INTO t VALUES (1)").unwrap();
            panic!("as a bug would");
        });
        assert_eq!(broken, Err::<(), _>(StoreError::Closed));
        assert_eq!(rows(&writer), 0);
    }

    #[test]
    fn what_came_before_a_writer_takes_no_more_is_done_and_nothing_after() {
        let writer = writer();
        let insert = |conn: &mut Connection| conn.execute("INSERT INTO t VALUES (1)", []).unwrap();
        let (before, after) = std::thread::scope(|scope| {
            let came = scope.spawn(|| writer.run(Turn::Sync, insert));
            while writer.waiting() == 0 && !came.is_finished() {
                std::thread::yield_now();
            }
            writer.take_no_more().unwrap();
            (came.join().unwrap(), writer.run(Turn::Person, insert))
        });
        assert_eq!((before, after), (Ok(1), Err(StoreError::Closed)));
        assert_eq!(writer.take_no_more(), Ok(()));
    }

    #[test]
    fn what_was_left_to_the_writer_is_done_before_it_closes() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("left.db");
        let conn = Connection::open(&path).unwrap();
        conn.execute_batch("CREATE TABLE t (a)").unwrap();
        let writer = Writer::start(conn, PacedBy::Time).unwrap();
        for _ in 0..20 {
            let left = writer.leave(Turn::Sync, |conn| {
                conn.execute("INSERT INTO t VALUES (1)", []).unwrap();
            });
            assert_eq!(left, Ok(()));
        }
        drop(writer);
        let count = Connection::open(&path)
            .unwrap()
            .query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        assert_eq!(count, Ok(20));
    }

    #[test]
    fn who_asks_a_closed_writer_is_told_so() {
        let writer = writer();
        drop(Closing(&writer.shared));
        let refused = writer.run(Turn::Person, |_| ());
        assert_eq!(refused, Err(StoreError::Closed));
    }
}
