//! The one writing connection, on a thread of its own with two queues: what a person waits for
//! goes before the work of synchronising, which comes in slices.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;

use rusqlite::Connection;

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
    is_closed: bool,
}

#[derive(Default)]
struct Shared {
    queues: Mutex<Queues>,
    wake: Condvar,
}

/// Gives work to the writing thread; the connection closes when this is dropped.
pub struct Writer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub fn start(conn: Connection) -> Result<Writer, StoreError> {
        let shared = Arc::new(Shared::default());
        let with_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(conn, &with_thread))?;
        Ok(Writer {
            shared,
            thread: Some(thread),
        })
    }

    /// Has `job` done when its turn comes and answers what it answered.
    ///
    /// # Errors
    /// [`StoreError::Closed`] when the thread is gone.
    pub fn run<T: Send + 'static>(
        &self,
        turn: Turn,
        job: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let work: Work = Box::new(move |conn| {
            let _nobody_waits_any_more = answer.send(job(conn));
        });
        {
            let mut queues = locked(&self.shared.queues);
            match turn {
                Turn::Person => queues.person.push_back(work),
                Turn::Sync => queues.sync.push_back(work),
            }
        }
        self.shared.wake.notify_one();
        answered.recv().map_err(|_| StoreError::Closed)
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

fn work(mut conn: Connection, shared: &Shared) {
    let _end = Closing(shared);
    while let Some(next) = next(shared) {
        next(&mut conn);
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

fn next(shared: &Shared) -> Option<Work> {
    let mut queues = locked(&shared.queues);
    loop {
        if let Some(work) = queues.person.pop_front() {
            return Some(work);
        }
        if let Some(work) = queues.sync.pop_front() {
            return Some(work);
        }
        if queues.is_closed {
            return None;
        }
        queues = shared.wake.wait(queues).unwrap_or_else(PoisonError::into_inner);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
