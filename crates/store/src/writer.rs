//! The one writing connection. What comes while it is in use waits in two queues, which a thread of its own works off: what
//! a person waits for goes before the work of synchronising, which comes in slices. What a person waits for while nobody
//! writes is done where they wait, since waking another thread and being woken takes longer than most saves.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use sync_core::planted;

use crate::backlog::{Backlog, Mover, QUIET, Standing};
use crate::error::StoreError;
use crate::queues::{Next, PacedBy, Queues};

/// Who waits for the work.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Person,
    Sync,
}

struct Shared {
    queues: Mutex<Queues>,
    /// Nothing once the thread has ended.
    pen: Mutex<Option<Pen>>,
    wake: Condvar,
    paced_by: PacedBy,
}

/// Gives work to the writing thread; the connection closes when this is dropped.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread. `mover` moves what was committed into the file beside it; without one the writer does that
    /// itself, when there is much.
    ///
    /// # Errors
    /// [`StoreError`] when there can be no thread.
    pub fn start(mut conn: Connection, paced_by: PacedBy, mover: Option<Mover>) -> Result<Writer, StoreError> {
        let backlog = Backlog::of(&mut conn, mover)?;
        let shared = Arc::new(Shared {
            queues: Mutex::default(),
            pen: Mutex::new(Some(Pen { conn, backlog })),
            wake: Condvar::new(),
            paced_by,
        });
        if let Some(pen) = locked(&shared.pen).as_ref() {
            let waits = Arc::downgrade(&shared);
            pen.backlog.when_moved(move || {
                if let Some(shared) = waits.upgrade() {
                    // Not between somebody's look and their waiting.
                    drop(locked(&shared.queues));
                    shared.wake.notify_one();
                }
            });
        }
        let with_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&with_thread))?;
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
        if turn == Turn::Person
            && let Some(lent) = Lent::at_once(&self.shared)
        {
            return lent.write(job).ok_or(StoreError::Closed);
        }
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

impl Somebody {
    /// Whether a person waits, or may come at any moment.
    pub fn is_about(&self) -> bool {
        locked(&self.0.queues).is_somebody_about(self.0.paced_by)
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

/// The writing connection, and what it knows of its log.
struct Pen {
    conn: Connection,
    backlog: Backlog,
}

impl Pen {
    fn standing(&self) -> Standing {
        self.backlog.standing()
    }

    /// Does a job. One that panics is undone, and answers nothing.
    fn write<T>(&mut self, job: impl FnOnce(&mut Connection) -> T) -> Option<T> {
        planted!(AckBeforeCommit, crate::bugs::commit_left_open(&self.conn));
        let done = catch_unwind(AssertUnwindSafe(|| job(&mut self.conn)));
        if done.is_err() {
            tracing::error!("writing to the database broke off");
            if !self.conn.is_autocommit()
                && let Err(error) = self.conn.execute_batch("ROLLBACK")
            {
                tracing::error!(code = ?error.sqlite_error_code(), "what was half written was not undone");
            }
        }
        self.backlog.keep_small(&self.conn);
        done.ok()
    }
}

/// The connection while somebody else than the thread has it.
struct Lent<'s> {
    shared: &'s Shared,
    pen: MutexGuard<'s, Option<Pen>>,
}

impl Lent<'_> {
    /// The connection, if nobody has it or waits for it. In a simulation the thread does everything.
    fn at_once(shared: &Shared) -> Option<Lent<'_>> {
        let mut queues = locked(&shared.queues);
        let is_free = !queues.is_lent && queues.person.is_empty() && queues.sync.is_empty();
        let takes_more = !queues.is_closed && !queues.takes_no_more;
        if !is_free || !takes_more || shared.paced_by == PacedBy::Events {
            return None;
        }
        queues.came = Some(Instant::now());
        queues.is_lent = true;
        drop(queues);
        let pen = locked(&shared.pen);
        Some(Lent { shared, pen })
    }

    fn write<T>(mut self, job: impl FnOnce(&mut Connection) -> T) -> Option<T> {
        self.pen.as_mut()?.write(job)
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let is_due = self.pen.as_ref().is_some_and(|pen| pen.standing().is_due);
        let mut queues = locked(&self.shared.queues);
        queues.is_lent = false;
        if is_due || queues.is_closed || !queues.person.is_empty() || !queues.sync.is_empty() {
            self.shared.wake.notify_one();
        }
    }
}

fn work(shared: &Shared) {
    let _end = Closing(shared);
    loop {
        let next = next(shared);
        let mut pen = locked(&shared.pen);
        match (next, pen.as_mut()) {
            (Next::Work(work), Some(pen)) => {
                // Who waits for a job that panicked is told: its end of the answer was dropped with it.
                let _done = pen.write(work);
            }
            (Next::Move, Some(pen)) => pen.backlog.move_aside(),
            (Next::Closed, _) | (_, None) => return,
        }
        drop(pen);
        locked(&shared.queues).is_lent = false;
    }
}

/// Whoever waits is told when the thread ends, however it ends.
struct Closing<'s>(&'s Shared);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        drop(locked(&self.0.pen).take());
        let mut queues = locked(&self.0.queues);
        queues.is_closed = true;
        queues.person.clear();
        queues.sync.clear();
    }
}

/// The next job; the connection is the asker's with it. When pages should be moved, it waits for none longer than it is
/// quiet.
fn next(shared: &Shared) -> Next {
    let mut queues = locked(&shared.queues);
    let mut since = None;
    loop {
        // Nobody has the connection, or somebody who comes back here when pages should be moved.
        let mut backlog = Standing::default();
        if !queues.is_lent {
            backlog = locked(&shared.pen).as_ref().map(Pen::standing).unwrap_or_default();
            if let Some(next) = queues.take(backlog, shared.paced_by) {
                queues.is_lent = !matches!(next, Next::Closed);
                return next;
            }
        }
        if !backlog.is_due {
            since = None;
            queues = shared.wake.wait(queues).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let waited = since.get_or_insert_with(Instant::now).elapsed();
        let Some(left) = QUIET.checked_sub(waited).filter(|left| !left.is_zero()) else {
            queues.is_lent = true;
            return Next::Move;
        };
        let woken = shared.wake.wait_timeout(queues, left);
        let timed_out;
        (queues, timed_out) = woken.unwrap_or_else(PoisonError::into_inner);
        if !timed_out.timed_out() {
            since = None;
        }
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
        Writer::start(conn, PacedBy::Time, None).unwrap()
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
    fn what_a_person_waits_for_is_done_where_they_wait_while_nobody_writes() {
        let writer = writer();
        let here = std::thread::current().id();
        let done_by = |turn| writer.run(turn, |_| std::thread::current().id()).unwrap();
        assert_eq!(done_by(Turn::Person), here);
        assert_ne!(done_by(Turn::Sync), here);
        let (begun, has_begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                writer.run(Turn::Person, move |_| {
                    begun.send(()).unwrap();
                    let _until_told = ended.recv();
                })
            });
            has_begun.recv().unwrap();
            let second = scope.spawn(|| (std::thread::current().id(), done_by(Turn::Person)));
            while writer.waiting() == 0 {
                std::thread::yield_now();
            }
            end.send(()).unwrap();
            let (waits, does) = second.join().unwrap();
            assert_ne!(waits, does);
        });
        assert_eq!(done_by(Turn::Person), here);
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
        let writer = Writer::start(conn, PacedBy::Time, None).unwrap();
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
