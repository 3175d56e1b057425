//! How a person is erased: which records that are, what stands against it, and how the change that does it names them.
//! Here nothing is taken away: server and desks do that with what they hold.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::Draft;
use crate::entities::{entity, erased, erasure};
use crate::entity::Semantics;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::ward::conflicts::ward_conflicts;
use crate::ward::held;
use crate::ward::persons::Persons;
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
    let one = Persons::read(world)?.one(registration);
    let is_in = |person: RecordId| person == one || names.iter().any(|(_, id)| *id == person);
    if present(world)?
        .iter()
        .any(|presence| presence.to.is_none() && is_in(presence.person))
    {
        found.insert(Hindrance::IsIn);
    }
    let said_differently = world
        .conflicts()?
        .into_iter()
        .any(|conflict| names.contains(&(conflict.kind, conflict.record)));
    let contradicts = || -> Read<bool> {
        let all = ward_conflicts(world, now, now.day(0))?;
        let mut records = all.into_iter().flat_map(|conflict| conflict.records);
        Ok(records.any(|record| names.contains(&(record.kind, record.id))))
    };
    if said_differently || contradicts()? {
        found.insert(Hindrance::InConflict);
    }
    Ok(found)
}

/// What the server writes when it carries out what was asked for: the changes of one action, which together name every
/// record. `new_id` gives a new id at each call.
pub fn drafts(
    names: &BTreeSet<Name>,
    asked: &Record,
    asked_by: Option<RecordId>,
    now: Time,
    mut new_id: impl FnMut() -> RecordId,
) -> Vec<Draft> {
    let names: Vec<&Name> = names.iter().collect();
    let draft = |names: &[&Name]| {
        let lines: Vec<String> = names.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
        let mut draft = Draft::new(erased::ERASED.kind, new_id())
            .with(&erased::ERASURE, asked.id)
            .with(&erased::RECORDS, lines.join("\n"))
            .with(&erased::AT, now);
        if let Some(by) = asked_by {
            draft = draft.with(&erased::ASKED_BY, by);
        }
        match erasure::ASKED_ON.of(asked) {
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
