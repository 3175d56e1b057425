//! What pages were answered last, kept for the next of them, and which records were written since: those alone are read anew.
//! The database tells by itself which rows of records it wrote, so that no commit has to say what it changed.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::memory::Memory;
use rusqlite::Connection;
use rusqlite::hooks::Action;

/// After so many records were written nothing is kept: most of it would be read anew.
const MOST_WRITTEN: usize = 1_000;

#[derive(Default)]
pub struct Known {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// With the commit of which it tells.
    memory: Option<(u64, Memory)>,
    /// The keys of the records that were written since, whether that can be read already or not.
    written: BTreeSet<i64>,
    /// Rises when those were taken note of, or are not known any more.
    turn: u64,
    /// How often somebody began to write.
    jobs: u64,
    is_writing: bool,
}

/// How it stood before a read saw anything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    turn: u64,
    jobs: u64,
    is_writing: bool,
}

/// One consistent read.
pub struct Reading<'k> {
    known: &'k Known,
    as_of: u64,
    /// Nobody wrote while it began: it sees all that was written until then.
    is_settled: bool,
    /// All that is written after the read is noted as long as this is the turn; nothing: it is not to be kept.
    turn: Cell<Option<u64>>,
}

impl Known {
    /// Listens to what is written over the connection.
    ///
    /// # Errors
    /// The engine's.
    pub fn listen(self: &Arc<Known>, conn: &mut Connection) -> rusqlite::Result<()> {
        let known = Arc::downgrade(self);
        conn.update_hook(Some(move |action: Action, _: &str, table: &str, key: i64| {
            if table == "record"
                && let Some(known) = known.upgrade()
            {
                known.kept().note(action, key);
            }
        }))
    }

    /// Somebody writes until what is answered is dropped: what they committed can be read then.
    pub fn writing(&self) -> Writing<'_> {
        let mut kept = self.kept();
        kept.is_writing = true;
        kept.jobs += 1;
        Writing(self)
    }

    /// To be asked for before a read sees anything.
    pub fn mark(&self) -> Mark {
        let kept = self.kept();
        Mark {
            turn: kept.turn,
            jobs: kept.jobs,
            is_writing: kept.is_writing,
        }
    }

    /// The read that began after the mark, and has seen by now that it is of the commit `as_of`.
    pub fn reading(&self, before: Mark, as_of: u64) -> Reading<'_> {
        let now = self.mark();
        Reading {
            known: self,
            as_of,
            is_settled: now.jobs == before.jobs && !before.is_writing,
            turn: Cell::new(Some(before.turn)),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While somebody writes.
pub struct Writing<'k>(&'k Known);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.kept().is_writing = false;
    }
}

impl Kept {
    fn note(&mut self, action: Action, key: i64) {
        self.written.insert(key);
        // Which record stood in a row that is gone is not known any more.
        if action == Action::SQLITE_DELETE || self.written.len() > MOST_WRITTEN {
            self.memory = None;
            self.written.clear();
            self.turn += 1;
        }
    }
}

impl Reading<'_> {
    /// What is known of an earlier commit or of this one, and the keys of records that were written between.
    pub fn recall(&self) -> (Memory, BTreeSet<i64>) {
        let mut kept = self.known.kept();
        let is_of_now = |(as_of, _): &mut (u64, Memory)| *as_of == self.as_of;
        if let Some((_, memory)) = kept.memory.take_if(is_of_now) {
            return (memory, BTreeSet::new());
        }
        if !self.is_settled || self.turn.get() != Some(kept.turn) {
            // What is known stays for a read that can tell what was written since.
            if kept.memory.is_some() {
                self.turn.set(None);
            }
            return Default::default();
        }
        let memory = kept.memory.take().map(|(_, memory)| memory).unwrap_or_default();
        if !kept.written.is_empty() {
            kept.turn += 1;
            self.turn.set(Some(kept.turn));
        }
        (memory, std::mem::take(&mut kept.written))
    }

    /// Keeps what is known at the end of the read.
    pub fn keep(&self, memory: Memory) {
        let mut kept = self.known.kept();
        let is_newest = kept.memory.as_ref().is_none_or(|(as_of, _)| *as_of <= self.as_of);
        if self.turn.get() == Some(kept.turn) && is_newest && !memory.is_full() {
            kept.memory = Some((self.as_of, memory));
        }
    }
}
