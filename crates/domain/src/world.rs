//! How rules and views see all records: implemented by the desktop's store and by a plain set.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::entities::rules::written_at;
use crate::memory::Memory;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::line::PatientLine;
use crate::ward::conflicts::{Lasting, WardConflict};
use crate::ward::persons::Persons;
use crate::ward::presence::{self, Presence};
use crate::ward::same::{self, Probable, Profile, Trait, traits};

/// The records could not be read: the message names no record and no value.
#[derive(Debug, Clone, thiserror::Error)]
#[error("records cannot be read: {0}")]
pub struct Unreadable(pub String);

pub type Read<T> = Result<T, Unreadable>;

/// The sum of a ledger's entries for one key, and what its running sum went through.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Balance {
    pub sum: i64,
    /// The lowest value the running sum ever had, counting from zero.
    pub lowest: i64,
    pub last_at: Option<Time>,
}

/// One value of a field in conflict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    pub change: String,
    pub value: Value,
    pub actor: RecordId,
    /// Which computer wrote it.
    pub desk: RecordId,
    pub at: Time,
    pub in_force: bool,
}

/// Two or more people gave a field different values, none knowing of the other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FieldConflict {
    pub kind: String,
    pub record: RecordId,
    pub field: String,
    pub heads: Vec<Head>,
}

/// All records a desk holds, as they stand. Voided records are left out of every list.
pub trait Records {
    /// The record, voided or not.
    fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>>;
    fn all(&self, kind: &str) -> Read<Vec<Record>>;
    /// Records whose indexed `field` holds `value`.
    fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>>;
    /// Records whose indexed `field` lies in `from..to` (`to` excluded), in its order.
    fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>>;
    /// Intervals of the kind without an end.
    fn open(&self, kind: &str) -> Read<Vec<Record>>;
    /// Intervals of the kind whose `field`, its subject or its holder, holds `value` at some moment of `from..to` (`to`
    /// excluded).
    fn claims(&self, kind: &str, field: &str, value: &Value, (from, to): (Time, Time)) -> Read<Vec<Record>> {
        let mut all = self.by(kind, field, value)?;
        let interval = interval(kind);
        all.retain(|each| interval.is_some_and(|interval| interval.meets(each, (from, to))));
        Ok(all)
    }
    /// Pairs of intervals of the kind that claim the same `subject` or the same `holder` at one time.
    fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>>;
    /// Balance of each key of a ledger.
    fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>>;
    /// The ids that match what a person typed, best first.
    fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>>;
    /// Pairs of records of the kind that share what [`crate::ward::same::traits`] says of them, the
    /// smaller id first, one of each pair `live`. What more than [`MOST_ALIKE`] share says nothing.
    fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>>;
    /// Field conflicts still open.
    fn conflicts(&self) -> Read<Vec<FieldConflict>>;
    /// Which registrations are of one person.
    fn persons(&self) -> Read<Arc<Persons>> {
        Persons::read(self).map(Arc::new)
    }
    /// A patient as they are compared with others; nothing where no such registration stands.
    fn profile(&self, patient: RecordId) -> Read<Option<Arc<Profile>>> {
        let found = self.get("patient", patient)?.filter(|found| !found.is_voided());
        Ok(found.map(|found| Arc::new(Profile::of(&found))))
    }
    /// Registrations, one of each pair live, so alike that somebody has to look.
    fn probable(&self, live: &Live, today: Date) -> Read<Arc<Vec<Probable>>> {
        same::probable(self, live, today).map(Arc::new)
    }
    /// Everybody who is in, or who left at `since` or later; in the order of admission.
    fn presences(&self, since: Time) -> Read<Arc<Vec<Presence>>> {
        presence::read(self, since).map(Arc::new)
    }
    /// The line of a registration in an encounter as the role sees it on the day, if one was noted and it is so still.
    fn known_line(&self, _of: InEncounter, _role: &str, _today: Date) -> Option<Arc<PatientLine>> {
        None
    }
    /// Notes a line for whoever asks for the same.
    fn note_line(&self, _of: InEncounter, _role: &str, _today: Date, _line: &Arc<PatientLine>) {}
    /// The contradictions that were noted, if they are so still.
    fn known_contradictions(&self, _now: Time, _today: Date) -> Option<Arc<Vec<WardConflict>>> {
        None
    }
    /// Notes contradictions for whoever asks for the same.
    fn note_contradictions(&self, _today: Date, _lasting: &Lasting) {}
    /// What is still known of this moment from pages before.
    fn recall(&self) -> Read<Memory> {
        Ok(Memory::default())
    }
    /// Keeps for later pages what a page was answered, which began with what was recalled.
    fn keep(&self, _memory: Memory) {}
}

/// A registration in an encounter, which another registration of the person may have been opened for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InEncounter {
    pub patient: RecordId,
    pub encounter: RecordId,
}

/// A trait that more records share is no sign that they are one: a phone of the ward, a name of many.
pub const MOST_ALIKE: usize = 20;

/// Records in which somebody is interested now, of all that there ever were.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Live {
    /// Those that were first written at this moment or later.
    pub since: Time,
    /// And these.
    pub besides: BTreeSet<RecordId>,
}

impl Live {
    pub fn has(&self, id: RecordId) -> bool {
        self.is_new(id) || self.besides.contains(&id)
    }

    pub fn is_new(&self, id: RecordId) -> bool {
        written_at(id).is_some_and(|at| at >= self.since)
    }
}

/// What a view or an action needs to know besides the records.
#[derive(Clone, Debug)]
pub struct Ctx {
    pub now: Time,
    /// The calendar day at the facility.
    pub today: Date,
    /// Minutes that local time is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// The facility this desk belongs to.
    pub facility: RecordId,
    /// Who asks.
    pub person: RecordId,
    pub role: String,
    /// When this desk last heard the district; a desk that stands alone hears it always.
    pub heard: Option<Time>,
}

impl Ctx {
    /// Whether the district was heard within so many milliseconds.
    pub fn has_heard_lately(&self, within_ms: i64) -> bool {
        self.heard
            .is_some_and(|heard| self.now.0.saturating_sub(heard.0) <= within_ms)
    }
}

/// Records in memory: for tests, imports, and to see a save before it is made.
#[derive(Clone)]
pub struct Overlay<'a> {
    beneath: Option<&'a dyn Records>,
    records: BTreeMap<(String, RecordId), Record>,
    conflicts: Vec<FieldConflict>,
}

impl<'a> Overlay<'a> {
    pub fn alone() -> Overlay<'static> {
        Overlay {
            beneath: None,
            records: BTreeMap::new(),
            conflicts: Vec::new(),
        }
    }

    pub fn over(beneath: &'a dyn Records) -> Overlay<'a> {
        Overlay {
            beneath: Some(beneath),
            records: BTreeMap::new(),
            conflicts: Vec::new(),
        }
    }

    /// The same, and these field conflicts are open besides.
    #[must_use]
    pub fn in_conflict(mut self, conflicts: Vec<FieldConflict>) -> Overlay<'a> {
        self.conflicts.extend(conflicts);
        self
    }

    pub fn put(&mut self, record: Record) {
        self.records.insert((record.kind.clone(), record.id), record);
    }

    /// The records of the kind, those beneath replaced by those on top.
    fn merged(&self, kind: &str, beneath: Vec<Record>, keep: impl Fn(&Record) -> bool) -> Vec<Record> {
        let on_top = |record: &Record| self.records.contains_key(&(record.kind.clone(), record.id));
        let mut found: Vec<Record> = beneath.into_iter().filter(|record| !on_top(record)).collect();
        let own = self
            .records
            .values()
            .filter(|record| record.kind == kind && !record.is_voided() && keep(record));
        found.extend(own.cloned());
        found
    }
}

impl Records for Overlay<'_> {
    fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>> {
        match (self.records.get(&(kind.to_owned(), id)), self.beneath) {
            (Some(record), _) => Ok(Some(record.clone())),
            (None, Some(beneath)) => beneath.get(kind, id),
            (None, None) => Ok(None),
        }
    }

    fn all(&self, kind: &str) -> Read<Vec<Record>> {
        let beneath = self.beneath.map_or(Ok(Vec::new()), |beneath| beneath.all(kind))?;
        Ok(self.merged(kind, beneath, |_| true))
    }

    fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>> {
        let beneath = self
            .beneath
            .map_or(Ok(Vec::new()), |beneath| beneath.by(kind, field, value))?;
        Ok(self.merged(kind, beneath, |record| record.value(field) == value))
    }

    fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>> {
        let beneath = self
            .beneath
            .map_or(Ok(Vec::new()), |beneath| beneath.between(kind, field, from, to))?;
        let mut found = self.merged(kind, beneath, |record| {
            let value = record.value(field);
            value >= from && value < to && value.type_name() == from.type_name()
        });
        found.sort_by(|a, b| (a.value(field), a.id).cmp(&(b.value(field), b.id)));
        Ok(found)
    }

    fn open(&self, kind: &str) -> Read<Vec<Record>> {
        let Some(interval) = crate::world::interval(kind) else {
            return Ok(Vec::new());
        };
        let beneath = self.beneath.map_or(Ok(Vec::new()), |beneath| beneath.open(kind))?;
        Ok(self.merged(kind, beneath, |record| record.value(interval.to).is_empty()))
    }

    fn claims(&self, kind: &str, field: &str, value: &Value, span: (Time, Time)) -> Read<Vec<Record>> {
        let Some(interval) = interval(kind) else {
            return Ok(Vec::new());
        };
        let beneath = self
            .beneath
            .map_or(Ok(Vec::new()), |beneath| beneath.claims(kind, field, value, span))?;
        Ok(self.merged(kind, beneath, |record| {
            record.value(field) == value && interval.meets(record, span)
        }))
    }

    fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>> {
        let Some(interval) = crate::world::interval(kind) else {
            return Ok(Vec::new());
        };
        let all = self.all(kind)?;
        let clashing = crate::ward::pairs(&all).filter(|(first, second)| interval.clashes(first, second));
        Ok(clashing
            .map(|(first, second)| (first.clone(), second.clone()))
            .collect())
    }

    fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>> {
        let mut entries = ledger_entries(kind, self.all(kind)?);
        entries.sort_by_key(|entry| (entry.at, entry.id));
        let mut balances: BTreeMap<RecordId, Balance> = BTreeMap::new();
        for entry in entries {
            let balance = balances.entry(entry.key).or_default();
            balance.sum += entry.amount;
            balance.lowest = balance.lowest.min(balance.sum);
            balance.last_at = Some(entry.at);
        }
        Ok(balances)
    }

    fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>> {
        let beneath = self
            .beneath
            .map_or(Ok(Vec::new()), |beneath| beneath.search(kind, text, limit))?;
        let wanted = text.to_lowercase();
        let says = |record: &Record| {
            record
                .fields
                .values()
                .any(|value| matches!(value, Value::Text(text) if text.to_lowercase().contains(&wanted)))
        };
        let mut found = beneath;
        for record in self.merged(kind, Vec::new(), says) {
            if !found.contains(&record.id) {
                found.push(record.id);
            }
        }
        found.truncate(limit);
        Ok(found)
    }

    fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>> {
        let mut sharing: BTreeMap<String, Vec<(RecordId, Trait)>> = BTreeMap::new();
        for record in self.all(kind)? {
            for each in traits(&record) {
                sharing.entry(each.text.clone()).or_default().push((record.id, each));
            }
        }
        let mut pairs = BTreeSet::new();
        for sharers in sharing.values().filter(|sharers| sharers.len() <= MOST_ALIKE) {
            for ((a, one), (b, other)) in crate::ward::pairs(sharers) {
                if one.meets(other) && (live.has(*a) || live.has(*b)) {
                    pairs.insert((*a.min(b), *a.max(b)));
                }
            }
        }
        Ok(pairs.into_iter().collect())
    }

    fn conflicts(&self) -> Read<Vec<FieldConflict>> {
        let mut all = self.beneath.map_or(Ok(Vec::new()), Records::conflicts)?;
        all.extend(self.conflicts.iter().cloned());
        Ok(all)
    }
}

/// The fields that make a kind an interval.
#[derive(Clone, Copy)]
pub struct Interval {
    pub subject: &'static str,
    pub holder: &'static str,
    pub from: &'static str,
    pub to: &'static str,
}

/// The interval fields of the kind, if it is one.
pub fn interval(kind: &str) -> Option<Interval> {
    match crate::entities::entity(kind)?.semantics {
        crate::entity::Semantics::Interval {
            subject,
            holder,
            from,
            to,
        } => Some(Interval {
            subject,
            holder,
            from,
            to,
        }),
        _ => None,
    }
}

impl Interval {
    /// True when both claim one subject or one holder, and some moment lies in both.
    /// An interval that ends when another begins does not clash with it, nor one that lasts no time.
    pub fn clashes(&self, a: &Record, b: &Record) -> bool {
        let same = |field| !a.value(field).is_empty() && a.value(field) == b.value(field);
        (same(self.subject) || same(self.holder)) && self.meet(a, b)
    }

    /// True when some moment lies in both.
    pub fn meet(&self, a: &Record, b: &Record) -> bool {
        self.span(b).is_some_and(|span| self.meets(a, span))
    }

    /// True when some moment of the record lies in `from..to` (`to` excluded).
    pub fn meets(&self, record: &Record, (from, to): (Time, Time)) -> bool {
        self.span(record)
            .is_some_and(|(begins, ends)| begins.max(from) < ends.min(to))
    }

    /// From when until when the record lasts, an open one for ever; nothing when that is no time.
    pub fn span(&self, record: &Record) -> Option<(Time, Time)> {
        match (record.value(self.from), record.value(self.to)) {
            (Value::Time(from), Value::Time(to)) if from < to => Some((*from, *to)),
            (Value::Time(from), Value::Empty) => Some((*from, Time(i64::MAX))),
            _ => None,
        }
    }
}

/// One entry of a ledger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LedgerEntry {
    pub id: RecordId,
    pub key: RecordId,
    pub at: Time,
    pub amount: i64,
}

/// The ledger entry that a record is, if its kind is a ledger.
pub fn ledger_entry(record: &Record) -> Option<LedgerEntry> {
    let crate::entity::Semantics::Ledger { key, at, amount } = crate::entities::entity(&record.kind)?.semantics else {
        return None;
    };
    match (record.value(key), record.value(at)) {
        (Value::Ref(key), Value::Time(at)) => Some(LedgerEntry {
            id: record.id,
            key: *key,
            at: *at,
            amount: amount(record),
        }),
        _ => None,
    }
}

fn ledger_entries(_kind: &str, records: Vec<Record>) -> Vec<LedgerEntry> {
    records.iter().filter_map(ledger_entry).collect()
}
