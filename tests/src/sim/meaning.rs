//! The faults stop: within a few exchanges everybody holds the same, nothing that was acknowledged
//! is missing, and what screens show is what the changes say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use anyhow::{Context, Result, ensure};
use domain::erasure::{Name, named};
use domain::world::{Balance, interval};
use domain::{Read, Record, RecordId, Records, Value};
use server::db;
use store::{SpaceStatus, Store, StoreError};
use sync_core::{Change, ChangeId, Digest, Hash, SpaceId};

use super::deeds::FIELDS;
use super::desk::Leaving;
use super::oracle::heads_of;
use super::truth::Entry;
use super::world::{MINUTE_MS, World};

/// How often every desk exchanges after the faults stop.
const EXCHANGES: usize = 3;

/// The changes of each record that was not erased, in the order of their numbers.
pub type Written<'a> = BTreeMap<(&'a str, RecordId), Vec<&'a Change>>;

pub fn by_record(log: &[Entry]) -> Written<'_> {
    let mut records = Written::new();
    for entry in log {
        let change = &entry.change;
        records
            .entry((change.kind.as_str(), change.record))
            .or_default()
            .push(change);
    }
    let erased: BTreeSet<Name> = log
        .iter()
        .flat_map(|entry| named(&entry.change.kind, &entry.change.fields))
        .collect();
    records.retain(|(kind, id), _| !erased.contains(&((*kind).to_owned(), *id)));
    records
}

fn read<T>(store: &Store, job: impl FnOnce(&dyn Records) -> Read<T>) -> Result<T> {
    Ok(store.read(|records, _| Ok::<_, StoreError>(job(records)))??)
}

impl World {
    /// The faults stop: within a few exchanges everybody holds the same, and it is what the changes say.
    pub fn settle(&mut self) -> Result<()> {
        self.say("the faults stop");
        self.letters.clear();
        self.catch_up()?;
        self.erase_the_rest()?;
        for _ in 0..EXCHANGES {
            self.dismiss_what_came_late()?;
            self.clock.fetch_add(5 * MINUTE_MS, Ordering::SeqCst);
            for desk in 0..self.desks.len() {
                // Nobody saves any more: a desk exchanges because its time has come.
                if self.desks[desk].due_ms <= self.now_ms() {
                    self.exchange(desk)?;
                }
            }
        }
        for desk in 0..self.desks.len() {
            self.check_desk(desk)?;
            let (store, name) = (self.desks[desk].store(), &self.desks[desk].name);
            let waits = store.unsent()? + store.to_write_anew()?;
            let is_compared = store.uncompared()?.is_none();
            ensure!(waits == 0 && is_compared, "I23: {name} still has something to send");
            for space in store.spaces()? {
                ensure!(
                    space.cursor == space.head || self.is_revoked(desk) || self.desks[desk].leaving != Leaving::No,
                    "I23: {name} is still behind"
                );
            }
        }
        self.oracle.asked("I23");
        self.check_nothing_lost()?;
        self.check_earlier(None)?;
        self.check_erased()?;
        let district = self.district.first().district();
        let spaces: Vec<SpaceId> = self.hospitals.iter().map(|hospital| hospital.space).collect();
        for space in spaces.into_iter().chain([district]) {
            self.check_log(space)?;
            let desks: Vec<usize> = (0..self.desks.len())
                .filter(|desk| !self.is_revoked(*desk) && self.desks[*desk].leaving == Leaving::No)
                .filter(|desk| space == district || self.hospitals[self.desks[*desk].hospital].space == space)
                .collect();
            self.check_same(space, &desks)?;
            // One of them, and all that began with a snapshot.
            let one = self.chance.pick(&desks).copied();
            for desk in desks {
                if one != Some(desk) && self.desks[desk].store().snapshots()?.is_empty() {
                    continue;
                }
                let whole = self.truth[&space].log.len();
                let told = self.check_meaning(space, desk, whole);
                told.with_context(|| self.desks[desk].name.clone())?;
            }
        }
        Ok(())
    }

    /// Everything acknowledged is numbered, or kept aside where a person sees it.
    fn check_nothing_lost(&mut self) -> Result<()> {
        let spaces: Vec<SpaceId> = self.hospitals.iter().map(|hospital| hospital.space).collect();
        for space in spaces {
            self.read_on(space)?;
        }
        for desk in &self.desks {
            let truth = &self.truth[&self.hospitals[desk.hospital].space];
            let shown = desk.store().read(|records, _| records.parked())?;
            let shown: BTreeSet<ChangeId> = shown.iter().map(|past| past.change).collect();
            for id in &self.oracle.acknowledged[desk.number] {
                if truth.places.contains_key(id) {
                    continue;
                }
                let aside = self.district.first().db().read(|conn| db::parked::get(*id, conn))?;
                ensure!(
                    aside.is_some(),
                    "I1: change {} of {} is not with the district",
                    id.seq,
                    desk.name
                );
                ensure!(
                    shown.contains(id),
                    "I15: {} does not show that its change {} is kept aside",
                    desk.name,
                    id.seq
                );
            }
        }
        for (id, reason) in &self.district.known.parked {
            let aside = self.district.first().db().read(|conn| db::parked::get(*id, conn))?;
            ensure!(
                aside.is_some_and(|(kept, _)| kept == *reason),
                "I15: what was kept aside is forgotten"
            );
        }
        self.oracle.asked("I1");
        self.oracle.asked("I15");
        if self.district.restored > 0 {
            self.oracle.asked("I20");
        }
        Ok(())
    }

    /// All desks hold the district's log, and the state that the changes in it make.
    fn check_same(&mut self, space: SpaceId, desks: &[usize]) -> Result<()> {
        let truth = &self.truth[&space];
        let digest = digest(&by_record(&truth.log));
        for desk in desks {
            let name = &self.desks[*desk].name;
            let status = self.status(*desk, space)?;
            ensure!(
                (status.cursor, status.chain) == (truth.log.len() as u64, truth.chain),
                "I8: {name} holds another log than the district"
            );
            ensure!(
                status.digest == digest,
                "I9: {name} has a digest that is not that of the changes"
            );
        }
        self.oracle.asked("I8");
        self.oracle.asked("I9");
        Ok(())
    }

    fn status(&self, desk: usize, space: SpaceId) -> Result<SpaceStatus> {
        let mut spaces = self.desks[desk].store().spaces()?.into_iter();
        spaces
            .find(|status| status.space == space)
            .context("I8: a space of the desk is gone")
    }

    /// What screens show is what the first `heard` changes of the log say: values, conflicts, double claims, balances.
    pub fn check_meaning(&mut self, space: SpaceId, desk: usize, heard: usize) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let log = self.truth[&space].log.get(..heard).unwrap_or_default();
        let mut conflicts = BTreeSet::new();
        let mut told = Vec::new();
        for ((kind, id), changes) in by_record(log) {
            let shown = read(&store, |all| all.get(kind, id))?.context("I1: a record is gone")?;
            let fields: BTreeSet<&String> = changes.iter().flat_map(|change| change.fields.keys()).collect();
            for field in fields {
                let heads = heads_of(&changes, field);
                let first = changes.iter().find(|change| heads.contains_key(&change.id));
                let first = first.and_then(|change| change.fields.get(field));
                let values: BTreeSet<&Value> = heads.values().collect();
                let is_first = first == Some(shown.value(field)) || !FIELDS.contains(&field.as_str());
                ensure!(
                    values.contains(shown.value(field)) && is_first,
                    "I2: for {kind} {field} something is shown that nobody wrote last"
                );
                if values.len() > 1 {
                    conflicts.insert((
                        kind.to_owned(),
                        id,
                        field.clone(),
                        heads.keys().copied().collect::<BTreeSet<_>>(),
                    ));
                }
            }
            told.push(shown);
        }
        let shown = read(&store, |all| all.conflicts())?;
        let shown: BTreeSet<_> = shown
            .into_iter()
            .filter(|conflict| told.iter().any(|record| record.id == conflict.record))
            .map(|conflict| {
                let heads = conflict.heads.iter().filter_map(|head| head.change.parse().ok());
                let heads: BTreeSet<ChangeId> = heads.collect();
                (conflict.kind, conflict.record, conflict.field, heads)
            })
            .collect();
        ensure!(
            shown == conflicts,
            "I3: {} conflicts are shown, there are {}",
            shown.len(),
            conflicts.len()
        );
        if matches!(space, SpaceId::Facility(_)) {
            check_stays(&store, &told)?;
            check_balances(&store, &told)?;
            for invariant in ["I3", "I10", "I11"] {
                self.oracle.asked(invariant);
            }
        }
        Ok(())
    }
}

/// The digest of the state, computed from the changes alone: the sum over all fields of what hashes
/// to their heads.
pub fn digest(written: &Written<'_>) -> Digest {
    let mut sum = [0_u8; 32];
    for ((kind, id), changes) in written {
        let fields: BTreeSet<&String> = changes.iter().flat_map(|change| change.fields.keys()).collect();
        let present: BTreeSet<ChangeId> = changes.iter().map(|change| change.id).collect();
        for field in fields {
            let mut bytes = [kind.as_bytes(), &[0], id.0.as_bytes(), field.as_bytes(), &[0]].concat();
            let named = |id: &ChangeId| [id.device.0.as_bytes().as_slice(), &id.seq.to_be_bytes()].concat();
            for (id, value) in heads_of(changes, field) {
                let value = serde_json::to_vec(&value).unwrap_or_default();
                bytes.extend(named(&id));
                bytes.extend((value.len() as u64).to_be_bytes());
                bytes.extend(value);
            }
            let writing = changes.iter().filter(|change| change.fields.contains_key(field));
            let known: BTreeSet<ChangeId> = writing
                .filter_map(|change| change.base.get(field))
                .flatten()
                .copied()
                .collect();
            for id in known.difference(&present) {
                bytes.push(1);
                bytes.extend(named(id));
            }
            let mut carry = 0;
            for (sum, byte) in sum.iter_mut().zip(blake3::hash(&bytes).as_bytes()) {
                let total = u16::from(*sum) + u16::from(*byte) + carry;
                [*sum, _] = total.to_le_bytes();
                carry = total >> 8;
            }
        }
    }
    Digest(Hash(sum))
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
