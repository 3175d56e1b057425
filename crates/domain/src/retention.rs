//! How long records are kept, kind by kind, and of whom everything is past its time. What is due is told; nothing here
//! takes anything away.

use std::collections::BTreeMap;

use crate::entities::rules::written_at;
use crate::entities::{encounter, patient};
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::ward::persons::Persons;
use crate::world::{Read, Records};

/// A year of keeping never ends early: it counts 366 days.
pub const YEAR_MS: i64 = 366 * Time::DAY_MS;

/// What the records of a kind are kept for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// As long as the district keeps its log: places, people and catalogues, which all other records name.
    WithTheDistrict,
    /// As long as the patient they are about.
    WithThePatient,
    /// Years after the last encounter ended; more when one of them was a medico-legal case.
    Patient { years: i64, medico_legal: i64 },
    /// Years after the moment, or the day, in a field.
    After { field: &'static str, years: i64 },
}

/// How long the records of one kind are kept, and who says so.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub kind: &'static str,
    pub keep: Keep,
    /// The rule, or that the district sets it.
    pub source: &'static str,
}

const DISTRICT: &str = "set by the district";
const COUNCIL: &str = "Indian Medical Council (Professional Conduct, Etiquette and Ethics) Regulations 2002, 1.3.1: three years from \
     the beginning of treatment, counted here from its end; medico-legal cases: set by the district";

const fn period(kind: &'static str, keep: Keep, source: &'static str) -> Period {
    Period { kind, keep, source }
}

/// Every kind, once.
pub static PERIODS: &[Period] = &[
    period("state", Keep::WithTheDistrict, DISTRICT),
    period("district", Keep::WithTheDistrict, DISTRICT),
    period("local_body", Keep::WithTheDistrict, DISTRICT),
    period("facility", Keep::WithTheDistrict, DISTRICT),
    period("item", Keep::WithTheDistrict, DISTRICT),
    period("person", Keep::WithTheDistrict, DISTRICT),
    period("desk", Keep::WithTheDistrict, DISTRICT),
    period("building", Keep::WithTheDistrict, DISTRICT),
    period("ward", Keep::WithTheDistrict, DISTRICT),
    period("room", Keep::WithTheDistrict, DISTRICT),
    period("bed", Keep::WithTheDistrict, DISTRICT),
    period("minimum_level", Keep::WithTheDistrict, DISTRICT),
    period(
        "patient",
        Keep::Patient {
            years: 3,
            medico_legal: 10,
        },
        COUNCIL,
    ),
    period("told_apart", Keep::WithThePatient, COUNCIL),
    period("consent", Keep::WithThePatient, COUNCIL),
    period("encounter", Keep::WithThePatient, COUNCIL),
    period("bed_stay", Keep::WithThePatient, COUNCIL),
    period("bed_hold", Keep::After { field: "to", years: 3 }, DISTRICT),
    period("round", Keep::WithThePatient, COUNCIL),
    period("triage", Keep::After { field: "day", years: 8 }, DISTRICT),
    period("stock_entry", Keep::After { field: "at", years: 8 }, DISTRICT),
    period("erasure", Keep::WithTheDistrict, DISTRICT),
    period("erased", Keep::WithTheDistrict, DISTRICT),
    period("audit_event", Keep::After { field: "at", years: 8 }, DISTRICT),
];

/// How long the records of the kind are kept.
pub fn period_of(kind: &str) -> Option<&'static Period> {
    PERIODS.iter().find(|period| period.kind == kind)
}

/// The kinds of which [`due`] reads all records.
pub fn counted() -> impl Iterator<Item = &'static str> {
    let own = PERIODS
        .iter()
        .filter(|period| matches!(period.keep, Keep::Patient { .. } | Keep::After { .. }));
    own.map(|period| period.kind).chain([encounter::ENCOUNTER.kind])
}

/// A record that is past its time; a patient stands for everything about the person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Due {
    pub kind: &'static str,
    pub id: RecordId,
    /// When its time was over.
    pub since: Time,
}

/// What is past its time at `now`, when all periods last `longer` years more than the table says, which longest first.
/// Nobody is due who is in, or whose last encounter has no end.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn due(world: &dyn Records, now: Time, longer: u32) -> Read<Vec<Due>> {
    let mut all = Vec::new();
    for period in PERIODS {
        let ends = match period.keep {
            Keep::WithTheDistrict | Keep::WithThePatient => continue,
            Keep::Patient { years, medico_legal } => of_patients(world, (years, medico_legal))?,
            Keep::After { field, years } => {
                let records = world.all(period.kind)?;
                let end = |record: &Record| Some((record.id, after(moment(record.value(field))?, years)));
                records.iter().filter_map(end).collect()
            }
        };
        let ends = ends.into_iter().map(|(id, end)| (id, after(end, i64::from(longer))));
        all.extend(ends.filter(|(_, end)| *end <= now).map(|(id, since)| Due {
            kind: period.kind,
            id,
            since,
        }));
    }
    all.sort_by_key(|due| (due.since, due.id));
    Ok(all)
}

/// When the time of each person is over, by the registration that stands for them; without those who are in.
fn of_patients(world: &dyn Records, (years, medico_legal): (i64, i64)) -> Read<Vec<(RecordId, Time)>> {
    let persons = Persons::read(world)?;
    // When each person's time is over as far as is known; nothing once one of their encounters has no end.
    let mut ends: BTreeMap<RecordId, Option<Time>> = BTreeMap::new();
    for registered in world.all("patient")? {
        let began = patient::REGISTERED_AT
            .of(&registered)
            .or_else(|| written_at(registered.id));
        let Some(began) = began else { continue };
        let end = ends.entry(persons.one(registered.id)).or_insert(Some(Time(i64::MIN)));
        *end = end.map(|end| end.max(after(began, years)));
    }
    for each in world.all("encounter")? {
        let Some(of) = encounter::PATIENT.of(&each) else {
            continue;
        };
        let is_legal = encounter::MEDICO_LEGAL.of(&each) == Some("yes");
        let kept = if is_legal { medico_legal } else { years };
        let ended = encounter::DISCHARGED_AT.of(&each).map(|ended| after(ended, kept));
        if let Some(end) = ends.get_mut(&persons.one(of)) {
            *end = end.zip(ended).map(|(end, ended)| end.max(ended));
        }
    }
    Ok(ends.into_iter().filter_map(|(id, end)| Some((id, end?))).collect())
}

fn moment(value: &Value) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Date(date) => Some(Time(date.days().saturating_mul(Time::DAY_MS))),
        _ => None,
    }
}

fn after(moment: Time, years: i64) -> Time {
    Time(moment.0.saturating_add(years.saturating_mul(YEAR_MS)))
}
