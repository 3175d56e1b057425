//! Work that was acknowledged and that its desk does not hold under that name any more: since the desk goes on under
//! another, or was put back, or holds nothing any more. It is known by what it says.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use store::Store;
use sync_core::{Change, ChangeId};

use super::oracle::Oracle;
use super::truth::Truth;

/// One change that was acknowledged once.
pub struct Earlier {
    pub change: Change,
    pub desk: usize,
    /// The desk does not hold it: the district has to.
    pub is_elsewhere: bool,
    /// How often the server had been restored when the desk lost it.
    pub restored: u64,
}

/// All of that, and what was written anew from what.
#[derive(Default)]
pub struct Work {
    earlier: Vec<Earlier>,
    became: BTreeMap<ChangeId, BTreeSet<ChangeId>>,
}

impl Oracle {
    pub fn earlier(&self) -> impl Iterator<Item = &Earlier> {
        self.work.earlier.iter()
    }

    /// Takes note of what the desk acknowledged so far, before its file goes on as another's.
    pub fn keep_earlier(&mut self, store: &Store, desk: usize, own: &[ChangeId], restored: u64) -> Result<()> {
        let changes: Vec<Change> = self.fetch(store, own)?.into_iter().cloned().collect();
        let earlier = changes.into_iter().map(|change| Earlier {
            change,
            desk,
            is_elsewhere: false,
            restored,
        });
        self.work.earlier.extend(earlier);
        Ok(())
    }

    /// What a desk acknowledged under a name that another uses too.
    pub fn keep_twin(&mut self, store: &Store, desk: usize, saved: &[ChangeId], restored: u64) -> Result<()> {
        let others = self.take(saved);
        self.keep_earlier(store, desk, saved, restored)?;
        self.take(saved);
        others.iter().for_each(|change| self.learn(change));
        Ok(())
    }

    /// What a desk wrote anew says what it was written from.
    pub fn note_origins(&mut self, store: &Store, own: &[ChangeId]) -> Result<()> {
        let changes: Vec<(ChangeId, ChangeId)> = self
            .fetch(store, own)?
            .into_iter()
            .filter_map(|change| Some((change.origin?, change.id)))
            .collect();
        for (origin, id) in changes {
            self.work.became.entry(origin).or_default().insert(id);
        }
        Ok(())
    }

    /// The desk was put back: what it does not hold any more the district has, or nobody, as `is_with_district` says.
    /// What nobody has cannot be asked for, and its numbers may be used again.
    pub fn fall_back(
        &mut self,
        desk: usize,
        held: &BTreeSet<ChangeId>,
        is_with_district: impl Fn(&Oracle, &Earlier) -> Result<bool>,
    ) -> Result<()> {
        let (mut kept, mut gone) = (Vec::new(), Vec::new());
        for mut earlier in std::mem::take(&mut self.work.earlier) {
            if earlier.desk == desk && !held.contains(&earlier.change.id) {
                if !is_with_district(self, &earlier)? {
                    gone.push(earlier.change.id);
                    continue;
                }
                earlier.is_elsewhere = true;
            }
            kept.push(earlier);
        }
        self.work.earlier = kept;
        self.take(&gone);
        Ok(())
    }

    /// The desk destroyed these because it was ordered to.
    pub fn excuse(&mut self, destroyed: &BTreeSet<ChangeId>) {
        self.work
            .earlier
            .retain(|earlier| !destroyed.contains(&earlier.change.id));
    }

    /// The desk holds nothing any more.
    pub fn is_emptied(&mut self, desk: usize, restored: u64) {
        let held = |earlier: &&mut Earlier| earlier.desk == desk && !earlier.is_elsewhere;
        for earlier in self.work.earlier.iter_mut().filter(held) {
            (earlier.is_elsewhere, earlier.restored) = (true, restored);
        }
    }

    /// The change, and all that was written anew from it, one after another.
    pub fn names(&self, earlier: &Earlier) -> BTreeSet<ChangeId> {
        let (mut names, mut open) = (BTreeSet::new(), vec![earlier.change.id]);
        while let Some(id) = open.pop() {
            if names.insert(id) {
                open.extend(self.work.became.get(&id).into_iter().flatten());
            }
        }
        names
    }

    /// Whether the log has the change, or another that was written from it and says the same.
    pub fn is_said(&self, earlier: &Earlier, truth: &Truth) -> bool {
        let says = |place: &usize| {
            let written = truth.log.get(*place).map(|entry| &entry.change);
            written.is_some_and(|written| {
                let says_so = written.is_stub() || written.fields == earlier.change.fields;
                written.record == earlier.change.record && says_so
            })
        };
        self.names(earlier).iter().any(|id| {
            let anew = truth.anew.get(id).into_iter().flatten();
            truth.places.get(id).into_iter().chain(anew).any(says)
        })
    }
}
