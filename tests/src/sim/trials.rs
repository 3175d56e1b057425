//! A desk's worker: when it asks again, how many of them are under way; and what must hold of what
//! builds on something that is kept aside.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use desk::Failure;
use desk::net::patience::Patience;
use desk::round::workers;
use server::db;
use sync_core::ChangeId;
use sync_core::exchange::Answer;

use super::world::World;

impl World {
    /// Takes note of when the desk's worker asks again: after a round with or without more to come, or
    /// after one that failed.
    pub fn pause_after(&mut self, desk: usize, more: Option<bool>) {
        let (now_ms, patience) = (self.now_ms(), Patience::default());
        let desk = &mut self.desks[desk];
        desk.failures = if more.is_some() { 0 } else { desk.failures + 1 };
        let wait = match more {
            Some(true) => Duration::ZERO,
            Some(false) => patience.news,
            None => patience.after(&Failure::new("offline"), desk.failures).wait,
        };
        let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        desk.due_ms = now_ms.saturating_add(wait_ms);
    }

    /// As many workers as a desk has are under way at the same time.
    pub fn second_worker(&mut self, desk: usize) -> Result<()> {
        if workers() == 1 || self.is_second {
            return Ok(());
        }
        self.is_second = true;
        let exchanged = self.exchange_well(desk);
        self.is_second = false;
        exchanged
    }

    /// Looks at an answer before the desk does: what builds on something that is kept aside is kept
    /// aside with it.
    pub fn check_dependants(&mut self, desk: usize, answer: &Answer) -> Result<()> {
        let Answer::Receipt { numbered, .. } = answer else {
            return Ok(());
        };
        // A restored server may hear of the dependant first.
        if self.district.restored > 0 {
            return Ok(());
        }
        let (store, device) = (self.desks[desk].store().clone(), self.desks[desk].device);
        for each in numbered {
            let id = ChangeId { device, seq: each.seq };
            let change = store.read(|records, _| records.change(id))?;
            let change = change.with_context(|| format!("I1: the change {} is gone", id.seq))?;
            for known in change.base.values().flatten() {
                let aside = self.district.first().db().read(|conn| db::parked::get(*known, conn))?;
                ensure!(
                    aside.is_none(),
                    "I15: what builds on a parked change was taken in without it"
                );
            }
        }
        self.oracle.asked("I15");
        Ok(())
    }
}
