//! In which order the records of a space come to a desk that has just joined: first what the bed board
//! is drawn from, last what is long over. What a kind needs for that stands in its description.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::entities::{ENTITIES, entity};
use crate::entity::{Entity, Semantics};
use crate::record::Record;
use crate::value::{RecordId, Time, Value};

/// When records of a kind come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrives {
    /// All of them first: places, people.
    First,
    /// Early while it is open, from when `since` is filled until the moment in `until`, and then all that
    /// it refers to with it; afterwards last.
    WhileOpen { since: &'static str, until: &'static str },
    /// Early if it is one of the last `count` by `at` of a `holder` that comes early; otherwise last.
    LastOf {
        holder: &'static str,
        at: &'static str,
        count: usize,
    },
    /// Early when something open refers to it; otherwise before what is over.
    Later,
    /// With what is over: nobody's work waits for it.
    Last,
}

/// A part of a space's records; the parts come one after another, and each is complete before the next begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Tier {
    /// Places and people.
    Places,
    /// Who and what is here now.
    Present,
    /// Everybody and everything that can be looked for.
    Others,
    /// What is over.
    Past,
}

impl Tier {
    /// In the order in which they come.
    pub const ALL: [Tier; 4] = [Tier::Places, Tier::Present, Tier::Others, Tier::Past];
}

/// The kinds that decide who and what is here now, in the order in which [`Sorting`] has to hear their
/// records: what refers comes before what is referred to.
pub fn deciding() -> impl Iterator<Item = &'static Entity> {
    let decides = |entity: &&Entity| matches!(entity.arrives, Arrives::WhileOpen { .. } | Arrives::LastOf { .. });
    ENTITIES.iter().rev().copied().filter(decides)
}

/// Finds out which records of a space come early.
#[derive(Default)]
pub struct Sorting {
    early: BTreeSet<RecordId>,
    /// For each holder its records, the last first.
    last_of: BTreeMap<RecordId, Vec<(Value, RecordId, usize)>>,
    corrected: BTreeSet<RecordId>,
}

impl Sorting {
    /// Takes note of a record of a deciding kind, as it stands at `now`.
    pub fn hear(&mut self, record: &Record, now: Time) {
        let Some(entity) = entity(&record.kind).filter(|_| !record.is_voided()) else {
            return;
        };
        match entity.arrives {
            Arrives::WhileOpen { since, until } => {
                if is_open(record, since, until, now) || self.early.contains(&record.id) {
                    self.early.insert(record.id);
                    self.early.extend(referred(entity, record));
                }
            }
            Arrives::LastOf { holder, at, count } => self.hear_of(record, entity, holder, at, count),
            Arrives::First | Arrives::Later | Arrives::Last => {}
        }
    }

    fn hear_of(&mut self, record: &Record, entity: &Entity, holder: &str, at: &str, count: usize) {
        if let Semantics::AppendOnly { amends: Some(amends) } = entity.semantics
            && let Value::Ref(corrected) = record.value(amends)
        {
            self.corrected.insert(*corrected);
        }
        if let Value::Ref(holder) = record.value(holder) {
            let of = self.last_of.entry(*holder).or_default();
            of.push((record.value(at).clone(), record.id, count));
        }
    }

    /// All deciding records were heard.
    pub fn done(mut self) -> Tiers {
        for (holder, mut of) in self.last_of {
            if !self.early.contains(&holder) {
                continue;
            }
            of.retain(|(_, id, _)| !self.corrected.contains(id));
            of.sort_by(|a, b| b.cmp(a));
            let lasting = of.iter().enumerate().filter(|(place, (_, _, count))| place < count);
            self.early.extend(lasting.map(|(_, (_, id, _))| *id));
        }
        Tiers { early: self.early }
    }
}

fn is_open(record: &Record, since: &str, until: &str, now: Time) -> bool {
    let ends = match record.value(until) {
        Value::Empty => true,
        Value::Time(until) => *until > now,
        _ => false,
    };
    ends && *record.value(since) != Value::Empty
}

fn referred<'r>(entity: &'static Entity, record: &'r Record) -> impl Iterator<Item = RecordId> + 'r {
    entity.references().filter_map(|(field, _)| match record.value(field) {
        Value::Ref(id) => Some(*id),
        _ => None,
    })
}

/// Which record of a space belongs to which part.
pub struct Tiers {
    early: BTreeSet<RecordId>,
}

impl Tiers {
    /// The part of a record. Kinds that this build does not know come last.
    pub fn of(&self, kind: &str, id: RecordId) -> Tier {
        let Some(entity) = entity(kind) else {
            return Tier::Past;
        };
        match entity.arrives {
            Arrives::First => Tier::Places,
            Arrives::Last => Tier::Past,
            _ if self.early.contains(&id) => Tier::Present,
            Arrives::Later => Tier::Others,
            Arrives::WhileOpen { .. } | Arrives::LastOf { .. } => Tier::Past,
        }
    }
}
