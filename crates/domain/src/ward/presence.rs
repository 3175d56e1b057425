//! Who is in: the time a patient is admitted, from arrival to discharge. Two desks that do not know
//! of each other can each admit one patient; those encounters are one presence, so that nobody
//! counts twice, and a contradiction for a person to decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::entities::encounter;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::ward::persons::Persons;
use crate::world::{Read, Records};

/// One person's time in the facility.
#[derive(Clone, Debug)]
pub struct Presence {
    /// Who it is, under the registration that stands for all of the person's.
    pub person: RecordId,
    /// First admitted first; more than one: the patient was admitted twice at once.
    pub encounters: Vec<Record>,
    pub from: Time,
    /// Empty while any of its encounters is open.
    pub to: Option<Time>,
}

impl Presence {
    /// Nothing for an encounter that two desks together let end before it began: nobody was in then.
    fn of(each: Record, persons: &Persons) -> Option<Presence> {
        if encounter::DISCHARGED_AT
            .of(&each)
            .is_some_and(|to| Some(to) < encounter::ADMITTED_AT.of(&each))
        {
            return None;
        }
        Some(Presence {
            person: persons.one(encounter::PATIENT.of(&each).unwrap_or(each.id)),
            from: encounter::ADMITTED_AT.of(&each)?,
            to: encounter::DISCHARGED_AT.of(&each),
            encounters: vec![each],
        })
    }

    /// True when the patient was in at `moment`.
    pub fn covers(&self, moment: Time) -> bool {
        self.from <= moment && self.to.is_none_or(|to| to > moment)
    }

    pub fn is_twice(&self) -> bool {
        self.encounters.len() > 1
    }

    /// The encounter that ended it, or is open still: of several the last to end.
    pub fn last(&self) -> Option<&Record> {
        if let [only] = self.encounters.as_slice() {
            return Some(only);
        }
        let end = |each: &&Record| encounter::DISCHARGED_AT.of(each).map_or(Time(i64::MAX), |at| at);
        self.encounters.iter().max_by_key(end)
    }

    /// Its encounters that are not discharged, first admitted first.
    pub fn open(&self) -> impl Iterator<Item = &Record> {
        self.encounters
            .iter()
            .filter(|each| encounter::DISCHARGED_AT.of(each).is_none())
    }
}

/// Everybody who is in now.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn present(world: &dyn Records) -> Read<Arc<Vec<Presence>>> {
    world.presences(Time(i64::MAX))
}

/// Everybody who is in, or who left at `since` or later. [`Records::presences`] knows it already, where it was asked for
/// before.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn read<R: Records + ?Sized>(world: &R, since: Time) -> Read<Vec<Presence>> {
    let ended = encounter::DISCHARGED_AT.name();
    let mut all = world.by("encounter", ended, &Value::Empty)?;
    let end_of_time = Value::Time(Time(i64::MAX));
    all.extend(world.between("encounter", ended, &Value::Time(since), &end_of_time)?);
    Ok(joined(all, &*world.persons()?))
}

/// Encounters of one person that overlap are one presence.
fn joined(mut all: Vec<Record>, persons: &Persons) -> Vec<Presence> {
    all.sort_by_cached_key(|each| (encounter::ADMITTED_AT.of(each), each.id));
    let mut found: Vec<Presence> = Vec::new();
    let mut latest: BTreeMap<RecordId, usize> = BTreeMap::new();
    for next in all.into_iter().filter_map(|each| Presence::of(each, persons)) {
        let before = latest.get(&next.person).copied();
        match before.and_then(|place| found.get_mut(place)) {
            Some(before) if before.to.is_none_or(|to| next.from < to) => {
                before.to = before.to.zip(next.to).map(|(a, b)| a.max(b));
                before.encounters.extend(next.encounters);
            }
            _ => {
                latest.insert(next.person, found.len());
                found.push(next);
            }
        }
    }
    found
}
