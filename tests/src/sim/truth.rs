//! What the district's logs say, read by a device that only reads and believes nothing: every
//! number, every byte and every link of the chain is looked at once.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use server::exchange::pull::Pull;
use sync_core::exchange::{Answer, Page};
use sync_core::{Chain, Change, ChangeId, Hash, SpaceId};

use super::world::World;

/// One numbered change.
pub struct Entry {
    pub change: Change,
    pub hash: Hash,
    pub bytes: usize,
    /// The log's chain after it.
    pub chain: Chain,
}

/// The log of one space as it was read.
#[derive(Default)]
pub struct Truth {
    pub epoch: u64,
    pub chain: Chain,
    pub log: Vec<Entry>,
    /// Where each change stands, from 0.
    pub places: BTreeMap<ChangeId, usize>,
    /// Where what was written anew from a change stands.
    pub anew: BTreeMap<ChangeId, Vec<usize>>,
}

impl World {
    /// Reads on where it last stopped.
    pub fn read_on(&mut self, space: SpaceId) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let place = self.hospitals.iter().position(|hospital| hospital.space == space);
        let reader = self.hospitals[place.unwrap_or_default()].stranger.reader;
        loop {
            let truth = self.truth.entry(space).or_default();
            let pull = Pull {
                space,
                epoch: truth.epoch,
                cursor: truth.log.len() as u64,
                page_bytes: self.district.config().limits.page_bytes,
            };
            match node.page(reader, pull)? {
                Answer::Page(page) => {
                    self.note_page(&page)?;
                    if self.take(page)? {
                        break;
                    }
                }
                answer => bail!("I4: a log cannot be read: {answer:?}"),
            }
        }
        self.oracle.asked("I4");
        Ok(())
    }

    /// Takes in a page that was read. Answers whether that was all.
    fn take(&mut self, page: Page) -> Result<bool> {
        let truth = self.truth.entry(page.space).or_default();
        if page.epoch != truth.epoch {
            // It was restored: read from the beginning.
            *truth = Truth {
                epoch: page.epoch,
                ..Truth::default()
            };
            return Ok(false);
        }
        let wanted = truth.log.len() as u64 + 1;
        ensure!(
            page.from == wanted,
            "I4: the log goes on with {}, not {wanted}",
            page.from
        );
        ensure!(
            page.to + 1 == wanted + page.entries.len() as u64,
            "I4: a page ends at {} with {} changes",
            page.to,
            page.entries.len()
        );
        for (entry, lsn) in page.entries.into_iter().zip(page.from..) {
            ensure!(entry.lsn == lsn, "I4: number {} where {lsn} should be", entry.lsn);
            let carried = entry.change.context("I16: a change without its bytes")?;
            let encoded = carried.read()?;
            ensure!(encoded.change().id == entry.id, "I16: a change under another's name");
            truth.chain = truth.chain.with_entry(lsn, entry.id, encoded.hash());
            let place = truth.log.len();
            ensure!(
                truth.places.insert(entry.id, place).is_none(),
                "I6: a change is numbered twice"
            );
            if let Some(origin) = encoded.change().origin {
                truth.anew.entry(origin).or_default().push(place);
            }
            truth.log.push(Entry {
                change: encoded.change().clone(),
                hash: encoded.hash(),
                bytes: encoded.bytes().len(),
                chain: truth.chain,
            });
        }
        ensure!(truth.chain == page.chain, "I16: the chain is not that of the changes");
        Ok(page.to == page.head)
    }

    /// No action of a log is split, and what newer programs wrote is as they wrote it.
    pub fn check_log(&mut self, space: SpaceId) -> Result<()> {
        self.read_on(space)?;
        let truth = &self.truth[&space];
        let mut rest = truth.log.as_slice();
        while let Some(first) = rest.first() {
            let of = usize::try_from(first.change.of)?.max(1);
            let whole = rest.get(..of).context("I7: the log ends within an action")?;
            ensure!(
                whole.iter().all(|entry| entry.change.action == first.change.action),
                "I7: an action is split in the log"
            );
            rest = &rest[of..];
        }
        for hospital in &self.hospitals {
            for change in &hospital.stranger.log {
                if let Some(place) = truth.places.get(&change.change().id) {
                    ensure!(
                        truth.log[*place].hash == change.hash(),
                        "I19: what a newer version wrote came through otherwise"
                    );
                }
            }
        }
        self.check_closed_in(space)?;
        self.oracle.asked("I7");
        self.oracle.asked("I19");
        Ok(())
    }
}
