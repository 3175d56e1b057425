//! What stands on record about a person: all their registrations, and whatever refers to one of these or to
//! something that does. Found from the descriptions, so that a new kind is found too.

use std::collections::BTreeMap;

use crate::entities::ENTITIES;
use crate::entity::Home;
use crate::record::Record;
use crate::value::{RecordId, Value};
use crate::world::{Read, Records};

/// Everything about one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// That which was asked about, and those that were said to be of the same person.
    pub registrations: Vec<RecordId>,
    /// In the order of the manual, then of their making.
    pub records: Vec<Record>,
}

/// Everything about the person of a registration; nothing when there is no such registration. `voided` gives the records
/// of a kind that were entered in error: they count nowhere, and are on record all the same.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn about(world: &dyn Records, voided: &dyn Fn(&str) -> Read<Vec<Record>>, registration: RecordId) -> Read<About> {
    if world.get("patient", registration)?.is_none() {
        return Ok(About::default());
    }
    let mut wrong: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
    for entity in ENTITIES.iter().filter(|entity| entity.home == Home::Facility) {
        wrong.insert(entity.kind, voided(entity.kind)?);
    }
    let mut found: BTreeMap<(usize, RecordId), Record> = BTreeMap::new();
    let mut waiting = Vec::new();
    for id in world.persons()?.registrations(registration) {
        waiting.extend(world.get("patient", id)?);
    }
    while let Some(record) = waiting.pop() {
        let place = ENTITIES.iter().position(|entity| entity.kind == record.kind);
        let key = (place.unwrap_or(usize::MAX), record.id);
        if found.contains_key(&key) {
            continue;
        }
        for (kind, field) in referring(&record.kind) {
            let to = Value::Ref(record.id);
            waiting.extend(world.by(kind, field, &to)?);
            let wrong = wrong.get(kind).into_iter().flatten();
            waiting.extend(wrong.filter(|other| *other.value(field) == to).cloned());
        }
        found.insert(key, record);
    }
    let records: Vec<Record> = found.into_values().collect();
    let registrations = records.iter().filter(|record| record.kind == "patient");
    Ok(About {
        registrations: registrations.map(|record| record.id).collect(),
        records,
    })
}

/// The kinds of a facility that refer to records of `kind`, each with the field that does and by which
/// they are found.
pub fn referring(kind: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_a_facility = ENTITIES.iter().filter(|entity| entity.home == Home::Facility);
    of_a_facility.flat_map(move |entity| {
        let is_found_by = |name: &str| entity.field(name).is_some_and(|about| about.indexed);
        let to_it = entity.references();
        let to_it = to_it.filter(move |(name, to)| *to == kind && is_found_by(name));
        to_it.map(|(field, _)| (entity.kind, field))
    })
}
