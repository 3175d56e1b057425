//! A desk's disk that fails once, or is full for a while: what it then refuses is not acknowledged, and everything that
//! was acknowledged before and after is there when the power fails next.

use anyhow::Result;
use desk::Failure;
use failing_disk::Mode;
use store::{SaveError, StoreError};

use super::world::World;

/// At one of so many operations that come.
const WITHIN: usize = 30;

impl World {
    /// The disk of a desk fails, or is full, at one of the operations of a save or a round.
    pub fn disk_fails(&mut self, desk: usize) -> Result<()> {
        let (mode, kind) = if self.chance.percent(50) {
            (Mode::Eio, "disk failed within a save or a round")
        } else {
            (Mode::Enospc, "disk full within a save or a round")
        };
        let after = self.chance.below(WITHIN);
        self.desks[desk].let_disk_fail(mode, after)?;
        let done = if self.chance.percent(60) {
            self.quick_deed(desk)
        } else {
            self.exchange_well(desk)
        };
        let is_failed = self.desks[desk].is_disk_failed();
        if let Err(error) = done
            && !(is_failed && is_of_disk(&error))
        {
            return Err(error);
        }
        if is_failed {
            self.fault(kind);
            self.say_at(desk, "has a disk that fails, and goes on");
            self.desks[desk].make_room();
            // It goes on as it is: what is said to be saved now has to be kept too.
            if self.chance.percent(50) {
                self.quick_deed(desk)?;
            }
        }
        self.desks[desk].lose_power()?;
        self.check_desk(desk)?;
        self.recount(desk)
    }

    /// What was tried and refused may be there all the same, once: from here on it is known what is.
    fn recount(&mut self, desk: usize) -> Result<()> {
        if self.desks[desk].is_fallen {
            return Ok(());
        }
        let store = self.desks[desk].store().clone();
        let own = self.own(desk)?;
        let own = self.oracle.fetch(&store, &own)?;
        let made = own.iter().filter(|change| change.origin.is_none()).count();
        self.oracle.untold[desk] = made.saturating_sub(self.oracle.acknowledged[desk].len());
        Ok(())
    }
}

/// The desk says that its disk refused something.
pub fn is_of_disk(error: &anyhow::Error) -> bool {
    let refused = |error: &StoreError| matches!(error, StoreError::DiskFull | StoreError::Io(_));
    error.chain().any(|cause| {
        let failure = cause.downcast_ref::<Failure>().map(|failure| failure.code.as_str());
        failure.is_some_and(|code| ["disk_full", "database_failed"].contains(&code))
            || cause.downcast_ref::<StoreError>().is_some_and(refused)
            || matches!(cause.downcast_ref::<SaveError>(), Some(SaveError::Store(error)) if refused(error))
    })
}
