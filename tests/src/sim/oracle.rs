//! What must hold, asked anew from the changes themselves and never from what the product keeps
//! beside them: everything here is computed the slow and simple way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, ensure};
use domain::world::{Balance, interval};
use domain::{Draft, Record, RecordId, Records, Value};
use store::{Store, StoreError};
use sync_core::{Change, ChangeId, Lsn, SpaceId};

use super::deeds::Form;
use super::world::{MINUTE_MS, World};

/// The changes of a field that no other supersedes, with their values.
pub type Heads = BTreeMap<ChangeId, Value>;

/// How often every desk exchanges after the faults stop.
const EXCHANGES: usize = 3;

/// Everything that was ever acknowledged, and what the checks have read.
#[derive(Default)]
pub struct Oracle {
    changes: BTreeMap<ChangeId, Change>,
    acknowledged: Vec<(usize, ChangeId)>,
    pub checked: BTreeMap<&'static str, u64>,
}

/// What the changes of a save must say they know of.
pub enum Expected {
    /// Not looked at: an action of several records.
    Unasked,
    /// By field: nothing when it must not be written, or exactly these heads.
    Base(BTreeMap<String, Option<BTreeSet<ChangeId>>>),
}

impl Expected {
    pub fn unasked() -> Expected {
        Expected::Unasked
    }

    /// A new record knows of nothing.
    pub fn nothing_known(draft: &Draft) -> Expected {
        let fields = draft.fields.keys();
        Expected::Base(fields.map(|field| (field.clone(), Some(BTreeSet::new()))).collect())
    }

    /// A form knows of the value that it showed, and of no other.
    pub fn plain(draft: &Draft, form: &Form) -> Expected {
        let mut base = BTreeMap::new();
        for (field, value) in &draft.fields {
            let Some((shown, heads)) = form.shown.get(field.as_str()) else {
                continue;
            };
            let known = heads.iter().filter(|(_, head)| *head == shown);
            let known = (value != shown).then(|| known.map(|(id, _)| *id).collect());
            base.insert(field.clone(), known);
        }
        Expected::Base(base)
    }

    /// A decision knows of every value that was shown.
    pub fn decision(field: &str, heads: Heads) -> Expected {
        let heads = heads.into_keys().collect();
        Expected::Base([(field.to_owned(), Some(heads))].into())
    }
}

impl Oracle {
    pub fn asked(&mut self, invariant: &'static str) {
        *self.checked.entry(invariant).or_default() += 1;
    }

    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.len() as u64
    }

    /// The heads of a field as the desk's own log has them now.
    pub fn heads(&mut self, store: &Store, kind: &str, id: RecordId, field: &str) -> Result<Heads> {
        let history = store.read(|records, _| records.history(kind, id))?;
        let applied: Vec<ChangeId> = history
            .iter()
            .filter(|past| past.parked.is_none())
            .map(|past| past.change)
            .collect();
        let changes: Vec<&Change> = self.fetch(store, &applied)?;
        Ok(heads_of(&changes, field))
    }

    /// Takes note of what a desk said is saved, and looks whether it says what the person knew.
    pub fn acknowledge(&mut self, desk: usize, store: &Store, saved: &[ChangeId], expected: &Expected) -> Result<()> {
        self.acknowledged.extend(saved.iter().map(|id| (desk, *id)));
        let changes: Vec<Change> = self.fetch(store, saved)?.into_iter().cloned().collect();
        let Expected::Base(fields) = expected else {
            return Ok(());
        };
        let change = changes.first();
        for (field, known) in fields {
            let written = change.filter(|change| change.fields.contains_key(field));
            match known {
                None => ensure!(written.is_none(), "I2: {field} was written though it was not changed"),
                Some(known) => {
                    let change = written.with_context(|| format!("I1: {field} was not written"))?;
                    let base: BTreeSet<ChangeId> = change.base.get(field).into_iter().flatten().copied().collect();
                    ensure!(
                        base == *known,
                        "I2: {field} says it knows of {} values, the person knew of {}",
                        base.len(),
                        known.len()
                    );
                }
            }
        }
        self.asked("I2");
        Ok(())
    }

    /// The content of changes, read from the desk once.
    fn fetch(&mut self, store: &Store, ids: &[ChangeId]) -> Result<Vec<&Change>> {
        for id in ids {
            if !self.changes.contains_key(id) {
                let change = store.read(|records, _| records.change(*id))?;
                let change = change.with_context(|| format!("I1: the change {} is gone", id.seq))?;
                self.changes.insert(*id, change);
            }
        }
        ids.iter()
            .map(|id| self.changes.get(id).context("it was just read"))
            .collect()
    }
}

/// By definition: those that write the field and that no other names as known.
fn heads_of(changes: &[&Change], field: &str) -> Heads {
    let known: BTreeSet<ChangeId> = changes
        .iter()
        .filter_map(|change| change.base.get(field))
        .flatten()
        .copied()
        .collect();
    changes
        .iter()
        .filter(|change| !known.contains(&change.id))
        .filter_map(|change| Some((change.id, change.fields.get(field)?.clone())))
        .collect()
}

impl World {
    /// One desk by itself: nothing acknowledged is gone, no number is missing, no action is split,
    /// and everything beside the log is what the log says.
    pub fn check_desk(&mut self, desk: usize) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let log = store.read(|records, _| records.log())?;
        let held: BTreeMap<ChangeId, Option<Lsn>> = log.iter().copied().collect();
        for (_, id) in self.oracle.acknowledged.iter().filter(|(owner, _)| *owner == desk) {
            ensure!(held.contains_key(id), "I1: desk {desk} lost its change {}", id.seq);
        }
        ensure!(held.len() == log.len(), "I6: desk {desk} holds a change twice");
        let device = self.desks[desk].device;
        let own = held.keys().filter(|id| id.device == device).count();
        let said = self
            .oracle
            .acknowledged
            .iter()
            .filter(|(owner, _)| *owner == desk)
            .count();
        ensure!(own <= said, "I6: desk {desk} holds changes of its own that nobody made");
        let ids: Vec<ChangeId> = held.keys().copied().collect();
        let changes = self.oracle.fetch(&store, &ids)?;
        let mut actions: BTreeMap<_, (u32, u32)> = BTreeMap::new();
        let mut numbers: BTreeMap<SpaceId, Vec<Lsn>> = BTreeMap::new();
        for change in changes {
            actions.entry(change.action).or_insert((change.of, 0)).1 += 1;
            let lsn = held.get(&change.id).copied().flatten();
            numbers.entry(change.space).or_default().extend(lsn);
        }
        let split = actions.values().filter(|(of, have)| of != have).count();
        ensure!(split == 0, "I7: desk {desk} holds {split} actions in part");
        for space in store.spaces()? {
            ensure!(!space.is_diverged, "I8: desk {desk} differs from the server");
            let mut lsns = numbers.remove(&space.space).unwrap_or_default();
            lsns.sort_unstable();
            let unique: BTreeSet<Lsn> = lsns.iter().copied().collect();
            ensure!(unique.len() == lsns.len(), "I4: desk {desk} holds a number twice");
            let missing = (1..=space.cursor).filter(|lsn| !unique.contains(lsn)).count();
            ensure!(missing == 0, "I4: desk {desk} passed {missing} numbers");
        }
        let differences = store.verify()?;
        ensure!(differences.is_empty(), "I26: desk {desk}: {differences:?}");
        for invariant in ["I1", "I4", "I6", "I7", "I26"] {
            self.oracle.asked(invariant);
        }
        Ok(())
    }

    /// The faults stop: within a few exchanges everybody holds the same, and it is what the changes say.
    pub fn settle(&mut self) -> Result<()> {
        self.trace.say("the faults stop".to_owned());
        for _ in 0..EXCHANGES {
            self.clock.fetch_add(5 * MINUTE_MS, Ordering::SeqCst);
            self.newer_desk_sends()?;
            for desk in 0..self.desks.len() {
                // Nobody saves any more: a desk exchanges because its time has come.
                if self.desks[desk].due_ms <= self.now_ms() {
                    self.exchange(desk)?;
                }
            }
        }
        for desk in 0..self.desks.len() {
            self.check_desk(desk)?;
            let store = self.desks[desk].store();
            ensure!(store.unsent()? == 0, "I23: desk {desk} still has something to send");
            for space in store.spaces()? {
                ensure!(space.cursor == space.head, "I23: desk {desk} is still behind");
            }
        }
        self.oracle.asked("I23");
        for hospital in 0..self.hospitals.len() {
            let desks: Vec<usize> = (0..self.desks.len())
                .filter(|desk| self.desks[*desk].hospital == hospital)
                .collect();
            self.check_same(hospital, &desks)?;
            for desk in desks {
                self.check_meaning(hospital, desk)?;
            }
        }
        Ok(())
    }

    /// All desks of a hospital hold the same log and the same state, with everything acknowledged.
    fn check_same(&mut self, hospital: usize, desks: &[usize]) -> Result<()> {
        let space = self.hospitals[hospital].space;
        let mut first = None;
        for desk in desks {
            let store = self.desks[*desk].store();
            let status = store.spaces()?.into_iter().find(|status| status.space == space);
            let status = status.context("the hospital's space is gone")?;
            let log: BTreeMap<ChangeId, Option<Lsn>> = store.read(|records, _| records.log())?.into_iter().collect();
            let parked: BTreeSet<ChangeId> = store
                .read(|records, _| records.parked())?
                .iter()
                .map(|past| past.change)
                .collect();
            for (owner, id) in &self.oracle.acknowledged {
                if !desks.contains(owner) {
                    continue;
                }
                let is_numbered = log.get(id).copied().flatten().is_some();
                let is_aside = owner == desk && parked.contains(id);
                ensure!(
                    is_numbered || is_aside || self.is_aside(*owner, id)?,
                    "I1: change {} of desk {owner} is not on desk {desk}",
                    id.seq
                );
            }
            let held = (status.chain, status.digest, status.cursor);
            let same = first.get_or_insert(held);
            ensure!(*same == held, "I8: desk {desk} holds another state than its neighbours");
        }
        self.oracle.asked("I8");
        Ok(())
    }

    /// The district keeps it aside, and its own desk shows that.
    fn is_aside(&self, desk: usize, id: &ChangeId) -> Result<bool> {
        let parked = self.desks[desk].store().read(|records, _| records.parked())?;
        Ok(parked.iter().any(|past| past.change == *id))
    }

    /// What screens show is what the changes say: values, conflicts, double claims, balances.
    fn check_meaning(&mut self, hospital: usize, desk: usize) -> Result<()> {
        let space = self.hospitals[hospital].space;
        let store = self.desks[desk].store().clone();
        let log = store.read(|records, _| records.log())?;
        let ids: Vec<ChangeId> = log.iter().filter(|(_, lsn)| lsn.is_some()).map(|(id, _)| *id).collect();
        let changes = self.oracle.fetch(&store, &ids)?;
        let mut records: BTreeMap<(String, RecordId), Vec<&Change>> = BTreeMap::new();
        for change in changes.into_iter().filter(|change| change.space == space) {
            records
                .entry((change.kind.clone(), change.record))
                .or_default()
                .push(change);
        }
        let mut conflicts = BTreeSet::new();
        let mut told = Vec::new();
        for ((kind, id), changes) in &records {
            let shown = read(&store, |all| all.get(kind, *id))?.context("I1: a record is gone")?;
            let fields: BTreeSet<&String> = changes.iter().flat_map(|change| change.fields.keys()).collect();
            for field in fields {
                let heads = heads_of(changes, field);
                let values: BTreeSet<&Value> = heads.values().collect();
                ensure!(
                    values.contains(shown.value(field)),
                    "I2: desk {desk} shows for {kind} {field} what nobody wrote last"
                );
                if values.len() > 1 {
                    conflicts.insert((
                        kind.clone(),
                        *id,
                        field.clone(),
                        heads.keys().copied().collect::<BTreeSet<_>>(),
                    ));
                }
            }
            told.push(shown);
        }
        let shown: BTreeSet<_> = read(&store, |all| all.conflicts())?
            .into_iter()
            .map(|conflict| {
                let heads = conflict.heads.iter().filter_map(|head| head.change.parse().ok());
                let heads: BTreeSet<ChangeId> = heads.collect();
                (conflict.kind, conflict.record, conflict.field, heads)
            })
            .collect();
        ensure!(
            shown == conflicts,
            "I2/I3: desk {desk} shows {} conflicts, there are {}",
            shown.len(),
            conflicts.len()
        );
        check_stays(&store, &told).with_context(|| format!("desk {desk}"))?;
        check_balances(&store, &told).with_context(|| format!("desk {desk}"))?;
        for invariant in ["I3", "I10", "I11", "I12"] {
            self.oracle.asked(invariant);
        }
        Ok(())
    }
}

fn read<T>(store: &Store, job: impl FnOnce(&dyn Records) -> domain::Read<T>) -> Result<T> {
    Ok(store.read(|records, _| Ok::<_, StoreError>(job(records)))??)
}

/// Every double claim of a bed is flagged, and none is invented.
fn check_stays(store: &Store, told: &[Record]) -> Result<()> {
    let kind = "bed_stay";
    let about = interval(kind).context("stays are intervals")?;
    let stays: Vec<&Record> = told
        .iter()
        .filter(|record| record.kind == kind && !record.is_voided())
        .collect();
    let mut claims = BTreeSet::new();
    for (place, first) in stays.iter().enumerate() {
        for second in stays
            .iter()
            .skip(place + 1)
            .filter(|second| about.clashes(first, second))
        {
            claims.insert((first.id.min(second.id), first.id.max(second.id)));
        }
    }
    let shown: BTreeSet<_> = read(store, |all| all.overlapping(kind))?
        .into_iter()
        .map(|(a, b)| (a.id.min(b.id), a.id.max(b.id)))
        .collect();
    ensure!(
        shown == claims,
        "I10: {} double claims shown, there are {}",
        shown.len(),
        claims.len()
    );
    Ok(())
}

/// Stock is the sum of its entries.
fn check_balances(store: &Store, told: &[Record]) -> Result<()> {
    let kind = "stock_entry";
    let mut entries: Vec<_> = told
        .iter()
        .filter(|record| record.kind == kind && !record.is_voided())
        .filter_map(domain::world::ledger_entry)
        .collect();
    entries.sort_by_key(|entry| (entry.at, entry.id));
    let mut sums: BTreeMap<RecordId, Balance> = BTreeMap::new();
    for entry in entries {
        let balance = sums.entry(entry.key).or_default();
        balance.sum += entry.amount;
        balance.lowest = balance.lowest.min(balance.sum);
        balance.last_at = Some(entry.at);
    }
    let shown = read(store, |all| all.balances(kind))?;
    ensure!(shown == sums, "I11: balances are not the sums of their entries");
    Ok(())
}
