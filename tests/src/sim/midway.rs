//! What else is asked only when the faults stop, asked of one desk in the midst of them: as far as it has heard the
//! district, and with nothing of its own on the way, it holds and shows what the log says up to there.

use anyhow::{Context, Result, ensure};
use domain::erasure::erases;
use store::StoreError;
use sync_core::{Chain, ChangeId, Lsn};

use super::desk::Leaving;
use super::meaning::{by_record, digest};
use super::world::World;

/// In so many of a hundred nights one desk is asked: of weeks, and of a few days.
const NIGHTS: (i64, i64) = (4, 12);

impl World {
    /// Asks one desk on some of the nights.
    pub fn look_midway(&mut self) -> Result<()> {
        let nights = if self.plan.is_short { NIGHTS.1 } else { NIGHTS.0 };
        if !self.chance.percent(nights) {
            return Ok(());
        }
        let desk = self.chance.below(self.desks.len());
        let told = self.check_midway(desk);
        told.with_context(|| self.desks[desk].name.clone())
    }

    fn check_midway(&mut self, desk: usize) -> Result<()> {
        let asked = &self.desks[desk];
        if asked.is_fallen || asked.leaving != Leaving::No || self.waits(desk)? {
            return Ok(());
        }
        let store = asked.store().clone();
        let beginning = store.snapshots()?;
        for space in store.spaces()? {
            let is_begun = beginning.iter().all(|each| each.space != space.space || each.is_whole);
            self.read_on(space.space)?;
            let truth = &self.truth[&space.space];
            let heard = usize::try_from(space.cursor)?;
            // Whose changes it may have heard erased, before it heard why.
            let rest = truth.log.get(heard..).unwrap_or_default();
            let is_behind = rest.iter().any(|entry| erases(&entry.change.kind));
            if truth.epoch != space.epoch || !is_begun || is_behind {
                continue;
            }
            let log = truth.log.get(..heard).context("I5: it is beyond the district's log")?;
            let chain = log.last().map_or(Chain::default(), |last| last.chain);
            ensure!(space.chain == chain, "I8: it holds another log than the district");
            ensure!(
                space.digest == digest(&by_record(log)),
                "I9: it has a digest that is not that of the changes it heard"
            );
            self.check_meaning(space.space, desk, heard)?;
            for invariant in ["I8", "I9", "midway"] {
                self.oracle.asked(invariant);
            }
        }
        Ok(())
    }

    /// Whether the desk holds something that has no number, and is not kept aside either; or something of its own that
    /// it has not heard in its place yet, though its number was told.
    fn waits(&self, desk: usize) -> Result<bool> {
        let store = self.desks[desk].store();
        let (log, aside) = store.read(|records, _| Ok::<_, StoreError>((records.log()?, records.parked()?)))?;
        let own = self.hospitals[self.desks[desk].hospital].space;
        let spaces = store.spaces()?;
        let heard = spaces
            .iter()
            .find(|held| held.space == own)
            .map_or(0, |held| held.cursor);
        let device = self.desks[desk].device;
        let is_on_its_way = |(id, lsn): &(ChangeId, Option<Lsn>)| match lsn {
            Some(lsn) => id.device == device && *lsn > heard,
            None => aside.iter().all(|past| past.change != *id),
        };
        Ok(log.iter().any(is_on_its_way) || store.to_write_anew()? > 0 || store.uncompared()?.is_some())
    }
}
