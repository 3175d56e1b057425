//! What waits for the writing connection, and what is done next: what a person waits for goes before the work of synchronising.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::backlog::Standing;

pub type Work = Box<dyn FnOnce(&mut Connection) + Send>;

#[derive(Default)]
pub struct Queues {
    pub person: VecDeque<Work>,
    pub sync: VecDeque<Work>,
    /// When a person last came.
    pub came: Option<Instant>,
    /// Somebody has the connection.
    pub is_lent: bool,
    /// Nothing more is taken; the connection stays.
    pub takes_no_more: bool,
    pub is_closed: bool,
}

/// What decides how much is done at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PacedBy {
    /// The time that passes while nobody comes.
    Time,
    /// Who came, and never the time: in a simulation the same happens however busy the machine is.
    Events,
}

/// What whoever gets the connection does with it.
pub enum Next {
    Work(Work),
    /// Pages are to be moved: nobody came while it waited, or a person is at work.
    Move,
    Closed,
}

/// Who came so lately is at work, and will come again.
const LATELY: Duration = Duration::from_secs(1);

impl Queues {
    /// What is to be done by whoever gets the connection now, if anything is. What is synchronised waits for pages to be moved
    /// while a person is at work: only while nobody adds to the log comes the mover to its end, from which the log begins anew.
    /// Else it would grow until the writer has to see to it, and all who save wait for the whole of it to reach the disk.
    pub fn take(&mut self, backlog: Standing, paced_by: PacedBy) -> Option<Next> {
        if let Some(work) = self.person.pop_front() {
            return Some(Next::Work(work));
        }
        if self.sync.is_empty() {
            return self.is_closed.then_some(Next::Closed);
        }
        match backlog {
            _ if self.is_closed || !self.is_somebody_about(paced_by) => {}
            Standing { is_moving: true, .. } => return None,
            Standing { is_due: true, .. } => return Some(Next::Move),
            _ => {}
        }
        self.sync.pop_front().map(Next::Work)
    }

    /// Whether a person waits, or may come at any moment.
    pub fn is_somebody_about(&self, paced_by: PacedBy) -> bool {
        let is_lately = |came: Instant| paced_by == PacedBy::Events || came.elapsed() < LATELY;
        !self.person.is_empty() || self.came.is_some_and(is_lately)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_synchronised_waits_for_pages_to_be_moved_while_a_person_is_at_work() {
        let standing = |is_due, is_moving| Standing { is_due, is_moving };
        let took = |came: Option<Instant>, backlog: Standing, waits: [bool; 2], is_closed: bool| {
            let work = |waits: bool| -> VecDeque<Work> {
                let jobs = waits.then(|| Box::new(|_: &mut Connection| {}) as Work);
                jobs.into_iter().collect()
            };
            let mut queues = Queues {
                person: work(waits[0]),
                sync: work(waits[1]),
                came,
                is_closed,
                ..Queues::default()
            };
            match queues.take(backlog, PacedBy::Time) {
                Some(Next::Work(_)) if queues.person.len() < usize::from(waits[0]) => "a person's",
                Some(Next::Work(_)) => "the exchange's",
                Some(Next::Move) => "move",
                Some(Next::Closed) => "end",
                None => "wait",
            }
        };
        let now = Some(Instant::now());
        let both = [true, true];
        let sync = [false, true];
        for (came, backlog, waits, is_closed, expected) in [
            (now, standing(true, true), both, false, "a person's"),
            (now, standing(true, false), sync, false, "move"),
            (now, standing(true, true), sync, false, "wait"),
            (now, standing(false, true), sync, false, "wait"),
            (now, standing(false, false), sync, false, "the exchange's"),
            (None, standing(true, true), sync, false, "the exchange's"),
            (now, standing(true, true), sync, true, "the exchange's"),
            (now, standing(true, true), [false, false], true, "end"),
            (now, standing(true, true), [false, false], false, "wait"),
        ] {
            assert_eq!(took(came, backlog, waits, is_closed), expected);
        }
    }
}
