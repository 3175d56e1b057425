//! How conflicts close: only by a decision, and only of somebody who had every value before their eyes that it removes.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use domain::Value;
use store::Store;
use sync_core::{Change, ChangeId, SpaceId};

use super::oracle::{Expected, Oracle};
use super::world::World;

/// What whoever decided a conflict saw of it, by the change that says how they decided.
#[derive(Default)]
pub struct Decisions(BTreeMap<ChangeId, BTreeSet<ChangeId>>);

impl Decisions {
    /// Takes note of what the changes of a decision were decided upon.
    pub fn note(&mut self, saved: &[ChangeId], expected: &Expected) {
        let Expected::Base(fields) = expected else { return };
        let seen: BTreeSet<ChangeId> = fields.values().flatten().flatten().copied().collect();
        self.0.extend(saved.iter().map(|id| (*id, seen.clone())));
    }
}

impl Oracle {
    /// The name under which the change was written first.
    fn first_name(&self, id: ChangeId) -> ChangeId {
        let mut first = id;
        while let Some(origin) = self.read_before(&first).and_then(|change| change.origin) {
            first = origin;
        }
        first
    }

    /// If the change closes a conflict, somebody decided so who saw all of what it closes.
    fn check_closed<'a>(&self, change: &Change, read: impl Fn(&ChangeId) -> Option<&'a Change>) -> Result<u64> {
        let mut closed = 0;
        for (field, base) in change.base.iter().filter(|(_, base)| base.len() > 1) {
            let values = base.iter().filter_map(|id| read(id)?.fields.get(field));
            if values.collect::<BTreeSet<&Value>>().len() < 2 {
                continue;
            }
            let first = self.first_name(change.origin.unwrap_or(change.id));
            let seen = self.decisions.0.get(&first);
            let seen = seen.with_context(|| format!("I12: a plain save closes a conflict about {field}"))?;
            // What was seen may have had a later name already, and may have got another since.
            let seen: BTreeSet<ChangeId> = seen.iter().map(|id| self.first_name(*id)).collect();
            let unseen = base.iter().filter(|id| !seen.contains(&self.first_name(**id))).count();
            ensure!(
                unseen == 0,
                "I12: a decision about {field} removes {unseen} values that nobody had seen who decided"
            );
            closed += 1;
        }
        Ok(closed)
    }

    /// The same of changes that a desk just saved.
    pub fn check_closed_at(&mut self, store: &Store, saved: &[Change]) -> Result<()> {
        for change in saved {
            let removed = change.base.values().filter(|base| base.len() > 1).flatten();
            let removed: Vec<ChangeId> = removed.copied().collect();
            if removed.is_empty() {
                continue;
            }
            self.fetch(store, &removed)?;
            for _ in 0..self.check_closed(change, |id| self.read_before(id))? {
                self.asked("I12");
            }
        }
        Ok(())
    }
}

impl World {
    /// The same of everything in a log, whoever wrote it and under whichever name.
    pub fn check_closed_in(&mut self, space: SpaceId) -> Result<()> {
        let truth = &self.truth[&space];
        let read = |id: &ChangeId| {
            let entry = truth.places.get(id).and_then(|place| truth.log.get(*place));
            entry.map(|entry| &entry.change)
        };
        let mut closed = 0;
        for entry in &truth.log {
            closed += self.oracle.check_closed(&entry.change, read)?;
        }
        (0..closed).for_each(|_| self.oracle.asked("I12"));
        Ok(())
    }
}
