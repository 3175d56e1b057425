//! How a person is erased: which records that are, what stands against it, and how the change that does it names them.
//! Here nothing is taken away: server and desks do that with what they hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Draft;
use crate::entities::{entity, erased, erasure};
use crate::entity::Semantics;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::ward::conflicts::ward_conflicts;
use crate::ward::held;
use crate::ward::presence::present;
use crate::world::{Read, Records};

/// A record by its kind and its id.
pub type Name = (String, RecordId);

/// The most records that one change names; more are named by several changes of one action.
pub const MOST_NAMED: usize = 2_000;

/// Why somebody cannot be erased now.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Hindrance {
    /// There is no such registration.
    NotRegistered,
    /// The patient is in.
    IsIn,
    /// People said different things about them, and nobody has decided.
    InConflict,
}

/// The records that are erased with a registration: all registrations of the person, and whatever refers to one of
/// these or to something that does. What only mentions one stays: it may name what is not here, and says nothing of them.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn records(
    world: &dyn Records,
    voided: &dyn Fn(&str) -> Read<Vec<Record>>,
    registration: RecordId,
) -> Read<Vec<Record>> {
    let about = held::about(world, voided, registration)?;
    let ids: BTreeSet<RecordId> = about.records.iter().map(|record| record.id).collect();
    let refers = |record: &Record| {
        referred(&record.kind, &record.fields)
            .iter()
            .any(|(_, id)| ids.contains(id))
    };
    let all = about.records.iter();
    let all = all.filter(|record| about.registrations.contains(&record.id) || refers(record));
    Ok(all.cloned().collect())
}

/// What stands against erasing the person of the registration now.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn hindrances(
    world: &dyn Records,
    voided: &dyn Fn(&str) -> Read<Vec<Record>>,
    registration: RecordId,
    now: Time,
) -> Read<BTreeSet<Hindrance>> {
    let records = records(world, voided, registration)?;
    let names: BTreeSet<Name> = records.into_iter().map(|record| (record.kind, record.id)).collect();
    if names.is_empty() {
        return Ok([Hindrance::NotRegistered].into());
    }
    let mut found = BTreeSet::new();
    let one = world.persons()?.one(registration);
    let is_in = |person: RecordId| person == one || names.iter().any(|(_, id)| *id == person);
    if present(world)?
        .iter()
        .any(|presence| presence.to.is_none() && is_in(presence.person))
    {
        found.insert(Hindrance::IsIn);
    }
    if !names.is_disjoint(&in_conflict(world, now)?) {
        found.insert(Hindrance::InConflict);
    }
    Ok(found)
}

/// The records of which people said different things, or which contradict one another, and nobody has decided.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn in_conflict(world: &dyn Records, now: Time) -> Read<BTreeSet<Name>> {
    let said_differently = world.conflicts()?.into_iter();
    let said_differently = said_differently.map(|conflict| (conflict.kind, conflict.record));
    let contradict = ward_conflicts(world, now, now.day(0))?.into_iter();
    let contradict = contradict.flat_map(|conflict| conflict.records);
    let contradict = contradict.map(|record| (record.kind, record.id));
    Ok(said_differently.chain(contradict).collect())
}

/// Why records go.
#[derive(Clone, Copy, Debug)]
pub enum Cause<'a> {
    /// It was asked for, and by whom if that is known.
    Asked { request: &'a Record, by: Option<RecordId> },
    /// The time for which they are kept was over on that day.
    TimeOver { kept_until: Date },
}

/// What the server writes when records go: changes of one action, which together name every record. `new_id` gives a new
/// id at each call.
pub fn drafts(names: &BTreeSet<Name>, cause: Cause<'_>, now: Time, mut new_id: impl FnMut() -> RecordId) -> Vec<Draft> {
    let names: Vec<&Name> = names.iter().collect();
    let draft = |names: &[&Name]| {
        let lines: Vec<String> = names.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
        let draft = Draft::new(erased::ERASED.kind, new_id())
            .with(&erased::RECORDS, lines.join("\n"))
            .with(&erased::AT, now);
        let (request, by) = match cause {
            Cause::TimeOver { kept_until } => return draft.with(&erased::KEPT_UNTIL, kept_until),
            Cause::Asked { request, by } => (request, by),
        };
        let mut draft = draft.with(&erased::ERASURE, request.id);
        if let Some(by) = by {
            draft = draft.with(&erased::ASKED_BY, by);
        }
        match erasure::ASKED_ON.of(request) {
            Some(on) => draft.with(&erased::ASKED_ON, on),
            None => draft,
        }
    };
    names.chunks(MOST_NAMED).map(draft).collect()
}

/// Whether changes of the kind erase the records that they name.
pub fn erases(kind: &str) -> bool {
    entity(kind).is_some_and(|entity| matches!(entity.semantics, Semantics::Erases { .. }))
}

/// The records that a change of the kind with these fields erases; none of another kind. What cannot be read names none.
pub fn named(kind: &str, fields: &BTreeMap<String, Value>) -> BTreeSet<Name> {
    let Some(Semantics::Erases { records }) = entity(kind).map(|entity| entity.semantics) else {
        return BTreeSet::new();
    };
    let Some(Value::Text(lines)) = fields.get(records) else {
        return BTreeSet::new();
    };
    let read = |line: &str| {
        let (kind, id) = line.split_once(' ')?;
        Some((kind.to_owned(), id.parse().ok()?))
    };
    lines.lines().filter_map(read).collect()
}

/// The records, by kind and id, that fields of a record of the kind refer to; what they only mention is not among them.
pub fn referred(kind: &str, fields: &BTreeMap<String, Value>) -> BTreeSet<Name> {
    let Some(entity) = entity(kind) else {
        return BTreeSet::new();
    };
    let present = entity.references().filter(|(name, _)| {
        let about = entity.field(name);
        about.is_some_and(|about| !about.may_be_absent)
    });
    present
        .filter_map(|(name, to)| match fields.get(name) {
            Some(Value::Ref(id)) => Some((to.to_owned(), *id)),
            _ => None,
        })
        .collect()
}
