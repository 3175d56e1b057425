//! What must hold, asked anew from the changes themselves and never from what the product keeps
//! beside them: after each event about what it touched, now and then about a whole desk.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use domain::record::VOIDED;
use domain::{Draft, RecordId, Value};
use server::db;
use store::{SpaceStatus, Store, StoreError};
use sync_core::clock::MOST_AHEAD_MS;
use sync_core::exchange::{Answer, Ask, MOST_CHANGES, Page};
use sync_core::{Chain, Change, ChangeId, Lsn};

use super::closing::Decisions;
use super::deeds::Form;
use super::desk::Desk;
use super::work::Work;
use super::world::World;

/// The changes of a field that no other supersedes, with their values.
pub type Heads = BTreeMap<ChangeId, Value>;

/// The most changes and bytes of what a desk sends at once.
const BATCH: (usize, usize) = (500, 256 * 1024);

/// Logs up to this length are compared with what stands beside them whenever a desk is looked at.
const ALWAYS_VERIFIED: usize = 80;

/// Everything that was ever acknowledged, and what the checks have read.
#[derive(Default)]
pub struct Oracle {
    changes: BTreeMap<ChangeId, Change>,
    /// By the number of the desk.
    pub acknowledged: Vec<Vec<ChangeId>>,
    /// How many changes were written of which nobody was told, since the power failed.
    pub untold: Vec<usize>,
    pub checked: BTreeMap<&'static str, u64>,
    pub work: Work,
    pub decisions: Decisions,
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
        // Who changes something says with it that the record stands, or does not, as the form showed it.
        if let Some((shown, heads)) = form.shown.get(VOIDED).filter(|_| base.values().any(Option::is_some)) {
            let known = heads.iter().filter(|(_, head)| *head == shown);
            base.insert(VOIDED.to_owned(), Some(known.map(|(id, _)| *id).collect()));
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
        let present: usize = self.acknowledged.iter().map(Vec::len).sum();
        (present + self.earlier().count()) as u64
    }

    /// What was read of these counts no more.
    pub fn take(&mut self, ids: &[ChangeId]) -> Vec<Change> {
        ids.iter().filter_map(|id| self.changes.remove(id)).collect()
    }

    /// A change that was read before.
    pub fn change(&self, id: &ChangeId) -> Result<&Change> {
        self.changes.get(id).context("it was not read")
    }

    /// The same, or nothing when it was not.
    pub fn read_before(&self, id: &ChangeId) -> Option<&Change> {
        self.changes.get(id)
    }

    /// Every change that was read so far.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.values()
    }

    /// Takes note of a change that was read in the district's log.
    pub fn learn(&mut self, change: &Change) {
        self.changes.entry(change.id).or_insert_with(|| change.clone());
    }

    /// The heads of fields as the desk has them now: from its own log, and from `before`, the changes that came folded.
    pub fn heads(
        &mut self,
        store: &Store,
        before: BTreeSet<ChangeId>,
        (kind, id): (&str, RecordId),
        fields: &[&str],
    ) -> Result<Vec<Heads>> {
        let history = store.read(|records, _| records.history(kind, id))?;
        let applied = history.iter().filter(|past| past.parked.is_none() && !past.is_partial);
        let applied: BTreeSet<ChangeId> = applied.map(|past| past.change).chain(before).collect();
        let applied: Vec<ChangeId> = applied.into_iter().collect();
        let changes: Vec<&Change> = self.fetch(store, &applied)?;
        Ok(fields.iter().map(|field| heads_of(&changes, field)).collect())
    }

    /// Takes note of what a desk said is saved, and looks whether it says what the person knew.
    pub fn acknowledge(&mut self, desk: &mut Desk, saved: &[ChangeId], expected: &Expected, now_ms: i64) -> Result<()> {
        self.acknowledged[desk.number].extend(saved);
        let store = desk.store().clone();
        let changes: Vec<Change> = self.fetch(&store, saved)?.into_iter().cloned().collect();
        self.check_closed_at(&store, &changes)?;
        for change in &changes {
            ensure!(
                change.stamp > desk.stamp,
                "I17: a stamp is not later than the one before"
            );
            let bound = desk.latest_ms.max(desk.stamp.0).max(now_ms + MOST_AHEAD_MS);
            ensure!(change.stamp.0 <= bound, "I17: another desk's clock moved this one's");
            desk.stamp = change.stamp;
            self.asked("I17");
        }
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
    pub fn fetch(&mut self, store: &Store, ids: &[ChangeId]) -> Result<Vec<&Change>> {
        let missing: Vec<ChangeId> = ids
            .iter()
            .filter(|id| !self.changes.contains_key(id))
            .copied()
            .collect();
        if !missing.is_empty() {
            let read = store.read(|records, _| {
                let read = missing.iter().map(|id| records.change(*id));
                read.collect::<Result<Vec<_>, StoreError>>()
            })?;
            for (id, change) in missing.into_iter().zip(read) {
                let change = change.with_context(|| format!("I1: the change {} is gone", id.seq))?;
                self.changes.insert(id, change);
            }
        }
        ids.iter()
            .map(|id| self.changes.get(id).context("it was just read"))
            .collect()
    }
}

/// By definition: those that write the field and that no other names as known.
pub fn heads_of(changes: &[&Change], field: &str) -> Heads {
    let writing = changes.iter().filter(|change| change.fields.contains_key(field));
    let known: BTreeSet<ChangeId> = writing
        .clone()
        .filter_map(|change| change.base.get(field))
        .flatten()
        .copied()
        .collect();
    writing
        .filter(|change| !known.contains(&change.id))
        .filter_map(|change| Some((change.id, change.fields.get(field)?.clone())))
        .collect()
}

impl World {
    /// What a desk sends is bounded.
    pub fn check_asks(&mut self, asks: &[Ask]) -> Result<()> {
        for ask in asks {
            let Ask::Push(batch) = ask else { continue };
            let bytes: usize = batch.changes.iter().map(|change| change.0.get().len()).sum();
            let is_small = batch.changes.len() <= BATCH.0 && bytes <= BATCH.1;
            let first = batch
                .changes
                .first()
                .map(sync_core::exchange::Carried::read)
                .transpose()?;
            let of = first.map_or(0, |first| first.change().of);
            ensure!(
                is_small || usize::try_from(of)? == batch.changes.len(),
                "I24: a desk sends {} changes of {bytes} bytes at once",
                batch.changes.len()
            );
            self.oracle.asked("I24");
        }
        Ok(())
    }

    /// What the district says to a desk is for it, within bounds, and as rights stand at that moment.
    /// `known` is the last change it had of the desk before this round.
    pub fn note_answer(&mut self, desk: usize, known: u64, answer: &Answer) -> Result<()> {
        self.check_words(desk, answer)?;
        match answer {
            Answer::Page(page) => {
                ensure!(!self.is_revoked(desk), "I13: a withdrawn desk is given a page");
                let own = self.hospitals[self.desks[desk].hospital].space;
                ensure!(
                    page.space == own || page.space == self.district.first().district(),
                    "I13: {} is given another hospital's space",
                    self.desks[desk].name
                );
                self.note_page(page)
            }
            Answer::Receipt { numbered, parked, .. } => {
                self.check_dependants(desk, answer)?;
                let device = self.desks[desk].device;
                let store = self.desks[desk].store().clone();
                let ids = numbered
                    .iter()
                    .map(|each| each.seq)
                    .chain(parked.iter().map(|each| each.seq));
                let ids: Vec<ChangeId> = ids.map(|seq| ChangeId { device, seq }).collect();
                if self.desks[desk].is_fallen {
                    self.oracle.take(&ids);
                }
                self.oracle.fetch(&store, &ids)?;
                // What came before was judged by the rights of then.
                for each in numbered {
                    let id = ChangeId { device, seq: each.seq };
                    if each.seq > known {
                        self.check_numbered(desk, self.oracle.change(&id)?)?;
                    }
                    self.district.known.parked.remove(&id);
                }
                for each in parked {
                    let id = ChangeId { device, seq: each.seq };
                    self.district.known.parked.insert(id, each.reason);
                }
                for each in parked.iter().filter(|each| each.seq > known) {
                    let id = ChangeId { device, seq: each.seq };
                    self.check_parked(desk, self.oracle.change(&id)?, each.reason)?;
                    self.oracle.asked("I14");
                }
                Ok(())
            }
            Answer::Gap { .. } | Answer::Hello { .. } | Answer::NotSignedIn { .. } | Answer::Revoked | Answer::End => {
                Ok(())
            }
            Answer::Aside(list) => {
                let device = self.desks[desk].device;
                for each in &list.taken_in {
                    let id = ChangeId { device, seq: each.seq };
                    let logged = self.district.first().db().read(|conn| db::change::numbered(id, conn))?;
                    ensure!(
                        logged.map(|(lsn, _)| lsn) == Some(each.lsn),
                        "I4: {} is told that its {id} was taken in as {} and the log holds {logged:?}",
                        self.desks[desk].name,
                        each.lsn
                    );
                    self.oracle.asked("I4");
                }
                Ok(())
            }
            Answer::Decided { .. } => Ok(()),
            Answer::Held(held) => self.check_held(desk, held),
            Answer::Replaced => {
                ensure!(
                    self.desks[desk].is_fallen,
                    "I20: a desk is told that another goes on in its place"
                );
                Ok(())
            }
            Answer::Withdraw(order) => self.check_order(desk, order),
            Answer::Parted { .. } => self.note_parted(desk),
            Answer::NotAuthentic if self.desks[desk].is_over() => self.order_again(desk),
            Answer::Fork { .. } | Answer::NotAuthentic if self.desks[desk].is_fallen => Ok(()),
            Answer::NoSpace { .. } => anyhow::bail!("I13: a desk is refused its own space"),
            Answer::Fork { .. } | Answer::NotAuthentic => {
                anyhow::bail!("I22: {} is not believed: {answer:?}", self.desks[desk].name)
            }
        }
    }

    /// No page holds a byte of another space, or more than it may.
    pub fn note_page(&mut self, page: &Page) -> Result<()> {
        let (mut bytes, mut actions) = (0, BTreeSet::new());
        for entry in &page.entries {
            if let Some(change) = &entry.change {
                bytes += change.0.get().len();
                let encoded = change.read()?;
                ensure!(
                    encoded.change().space == page.space,
                    "I13: a page holds a change of another space"
                );
                actions.insert(encoded.change().action);
            }
        }
        let most = self.district.config().limits.page_bytes;
        ensure!(
            page.entries.len() <= MOST_CHANGES && (bytes <= most || actions.len() <= 1),
            "I24: a page of {} changes and {bytes} bytes, where {most} are allowed",
            page.entries.len()
        );
        self.oracle.asked("I13");
        self.oracle.asked("I24");
        Ok(())
    }

    /// No round is without end: so many pages came in it.
    pub fn check_pages(&mut self, pages: usize) -> Result<()> {
        let most = 2 * self.district.config().limits.pages;
        ensure!(
            pages <= most,
            "I24: {pages} pages in one round, where {most} are allowed"
        );
        Ok(())
    }

    /// One desk by itself: nothing acknowledged is gone, no number is missing, no action is split,
    /// and everything beside the log is what the log says.
    pub fn check_desk(&mut self, desk: usize) -> Result<()> {
        if self.desks[desk].is_fallen || self.desks[desk].is_over() {
            return Ok(());
        }
        let store = self.desks[desk].store().clone();
        let name = self.desks[desk].name.clone();
        let log = store.read(|records, _| records.log())?;
        let held: BTreeMap<ChangeId, Option<Lsn>> = log.iter().copied().collect();
        for id in &self.oracle.acknowledged[desk] {
            ensure!(held.contains_key(id), "I1: {name} lost its change {}", id.seq);
        }
        ensure!(held.len() == log.len(), "I6: {name} holds a change twice");
        for space in store.spaces()? {
            ensure!(!space.is_diverged, "I8: {name} differs from the district");
            self.read_on(space.space)?;
            let begun_at = self.begun_at(desk, space.space, space.epoch)?;
            self.check_prefix(desk, &held, &space, begun_at)?;
        }
        let own: Vec<ChangeId> = held
            .keys()
            .filter(|id| id.device == self.desks[desk].device)
            .copied()
            .collect();
        let made = self.oracle.acknowledged[desk].len() + self.oracle.untold[desk];
        let anew = self
            .oracle
            .fetch(&store, &own)?
            .iter()
            .filter(|change| change.origin.is_some())
            .count();
        ensure!(
            own.len() <= made + anew,
            "I6: {name} holds changes of its own that nobody made"
        );
        let mut actions: BTreeMap<_, (u32, u32)> = BTreeMap::new();
        for change in self.oracle.fetch(&store, &own)? {
            actions.entry(change.action).or_insert((change.of, 0)).1 += 1;
        }
        let split = actions.values().filter(|(of, have)| of != have).count();
        ensure!(split == 0, "I7: {name} holds {split} actions in part");
        // It takes as long as the log is: the longer, the more seldom.
        if self.chance.below(log.len()) < ALWAYS_VERIFIED {
            let differences = store.verify()?;
            ensure!(differences.is_empty(), "I26: {name}: {differences:?}");
            self.oracle.asked("I26");
        }
        for invariant in ["I1", "I4", "I6", "I7"] {
            self.oracle.asked(invariant);
        }
        Ok(())
    }

    /// Up to its cursor the desk holds what the district's log says, under the same numbers; up to `begun_at` a
    /// snapshot may stand in for others' changes.
    fn check_prefix(
        &self,
        desk: usize,
        held: &BTreeMap<ChangeId, Option<Lsn>>,
        space: &SpaceStatus,
        begun_at: Lsn,
    ) -> Result<()> {
        let (cursor, name) = (space.cursor, &self.desks[desk].name);
        let truth = &self.truth[&space.space];
        if truth.epoch != space.epoch {
            return Ok(());
        }
        let prefix = truth.log.get(..usize::try_from(cursor)?);
        let prefix = prefix.with_context(|| format!("I5: {name} is at {cursor}, beyond the district's log"))?;
        for (entry, lsn) in prefix.iter().zip(1..) {
            let id = &entry.change.id;
            let known = held.get(id).copied().flatten();
            let came_folded = lsn <= begun_at && !held.contains_key(id);
            ensure!(
                known == Some(lsn) || came_folded || (lsn <= begun_at && self.has_no_word_for(desk, id)?),
                "I4: {name} passed number {lsn} and holds {known:?} for it"
            );
        }
        let chain = prefix.last().map_or(Chain::default(), |last| last.chain);
        ensure!(
            space.chain == chain,
            "I8: {name} has another chain at {cursor} than the district"
        );
        let is_whole = match (prefix.last(), truth.log.get(prefix.len())) {
            (Some(last), Some(next)) => last.change.action != next.change.action,
            _ => true,
        };
        ensure!(is_whole, "I7: {name} stopped within an action");
        Ok(())
    }
}
