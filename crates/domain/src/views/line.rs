//! One patient on one line: the same facts wherever a patient is named.

use std::sync::Arc;

use serde::Serialize;
use ts_rs::TS;

use crate::access::sees_patients;
use crate::entities::{bed, bed_stay, encounter, patient, ward};
use crate::record::Record;
use crate::scores::news2;
use crate::value::{Date, RecordId, Time};
use crate::views::rounds::{self, News2Shown};
use crate::ward::persons;
use crate::ward::presence::{Presence, present};
use crate::ward::review;
use crate::world::{Ctx, InEncounter, Read, Records};

/// A patient as lists, tiles and tables name them.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientLine {
    pub patient: RecordId,
    pub name: String,
    /// What other registrations of the person call them.
    pub also: Vec<String>,
    pub sex: Option<String>,
    pub age_years: Option<i64>,
    pub phone: Option<String>,
    pub identifier: Option<String>,
    /// The open encounter, if the patient is admitted.
    pub encounter: Option<RecordId>,
    pub admitted_at: Option<Time>,
    pub category: Option<String>,
    pub disease_status: Option<String>,
    pub isolation: bool,
    /// The open stay and where it is.
    pub stay: Option<RecordId>,
    pub ward: Option<String>,
    pub bed: Option<String>,
    pub bed_id: Option<RecordId>,
    pub last_round_at: Option<Time>,
    pub news2: Option<News2Shown>,
    /// The score of the round before the last, to show whether it rises.
    pub news2_before: Option<i64>,
    /// When the patient has to be looked at again; empty when not admitted.
    pub review_due: Option<Time>,
    pub review_overdue: bool,
    /// The day on which the patient is expected to leave.
    pub expected_discharge: Option<Date>,
}

/// The open encounter of a person, under whichever registration; of several that one which has a
/// bed, else the first.
pub fn open_encounter(world: &dyn Records, patient: RecordId) -> Read<Option<Record>> {
    let mut all = persons::encounters(world, patient)?;
    all.retain(|each| encounter::ADMITTED_AT.of(each).is_some() && encounter::DISCHARGED_AT.of(each).is_none());
    all.sort_by_key(|each| (encounter::ADMITTED_AT.of(each), each.id));
    in_bed_or_first(world, &all)
}

/// Of open encounters of one patient that which has a bed, else the first.
fn in_bed_or_first(world: &dyn Records, open: &[Record]) -> Read<Option<Record>> {
    if let [_, _, ..] = open {
        for each in open {
            if open_stay(world, each.id)?.is_some() {
                return Ok(Some(each.clone()));
            }
        }
    }
    Ok(open.first().cloned())
}

/// A line for everybody who is in; who was admitted twice stands on one.
pub fn admitted_lines(world: &dyn Records, ctx: &Ctx) -> Read<Vec<Arc<PatientLine>>> {
    lines_of(&present(world)?, world, ctx)
}

/// A line for each of those who are there.
pub fn lines_of(there: &[Presence], world: &dyn Records, ctx: &Ctx) -> Read<Vec<Arc<PatientLine>>> {
    let mut lines = Vec::new();
    for each in there {
        let open: Vec<Record> = each.open().cloned().collect();
        let person = persons::person(world, each.person)?;
        if let (Some(person), Some(open)) = (person, in_bed_or_first(world, &open)?) {
            lines.push(line_with(world, ctx, &person, Some(&open))?);
        }
    }
    Ok(lines)
}

/// The open stay of an encounter, if any.
pub fn open_stay(world: &dyn Records, encounter: RecordId) -> Read<Option<Record>> {
    let stays = world.by("bed_stay", bed_stay::ENCOUNTER.name(), &crate::Value::Ref(encounter))?;
    Ok(stays
        .into_iter()
        .filter(|stay| bed_stay::TO.of(stay).is_none())
        .max_by_key(|stay| bed_stay::FROM.of(stay)))
}

/// The line of a patient.
pub fn line(world: &dyn Records, ctx: &Ctx, person: &Record) -> Read<Arc<PatientLine>> {
    let open = open_encounter(world, person.id)?;
    line_with(world, ctx, person, open.as_ref())
}

/// The line of a patient whose open encounter is already known.
pub fn line_with(world: &dyn Records, ctx: &Ctx, person: &Record, open: Option<&Record>) -> Read<Arc<PatientLine>> {
    let Some(open) = open else {
        return Ok(Arc::new(read(world, ctx, person, None)?));
    };
    let of = InEncounter {
        patient: person.id,
        encounter: open.id,
    };
    let line = match world.known_line(of, &ctx.role, ctx.today) {
        Some(known) => known,
        None => {
            let line = Arc::new(read(world, ctx, person, Some(open))?);
            world.note_line(of, &ctx.role, ctx.today, &line);
            line
        }
    };
    let review_overdue = is_overdue(line.review_due, ctx);
    Ok(match line.review_overdue == review_overdue {
        true => line,
        false => Arc::new(PatientLine {
            review_overdue,
            ..(*line).clone()
        }),
    })
}

fn is_overdue(review_due: Option<Time>, ctx: &Ctx) -> bool {
    review_due.is_some_and(|due| ctx.now > due)
}

fn read(world: &dyn Records, ctx: &Ctx, person: &Record, open: Option<&Record>) -> Read<PatientLine> {
    let stay = open.map(|open| open_stay(world, open.id)).transpose()?.flatten();
    let bed_id = stay.as_ref().and_then(|stay| bed_stay::BED.of(stay));
    let bed = bed_id.map(|id| world.get("bed", id)).transpose()?.flatten();
    let ward = bed
        .as_ref()
        .and_then(|bed| bed::WARD.of(bed))
        .map(|id| world.get("ward", id))
        .transpose()?
        .flatten();
    let applies = rounds::applies_to(person, ctx);
    let rounds = open
        .map(|open| rounds::latest(world, open.id))
        .transpose()?
        .unwrap_or_default();
    let last_round_at = rounds.first().and_then(|round| crate::entities::round::AT.of(round));
    let owned = |text: Option<&str>| text.map(str::to_owned);
    // Some roles see beds and not who lies in them.
    let is_named = sees_patients(&ctx.role);
    let named = |text: Option<&str>| text.filter(|_| is_named).map(str::to_owned);
    let review_due = open.and_then(|open| review::due(person, open, rounds.first()));
    Ok(PatientLine {
        patient: person.id,
        name: named(patient::NAME.of(person)).unwrap_or_else(|| "–".to_owned()),
        also: also_called(world, ctx, person)?,
        sex: owned(patient::GENDER.of(person)),
        age_years: patient::age_years(person, ctx.today),
        phone: named(patient::PHONE.of(person)),
        identifier: named(open.and_then(|open| encounter::NUMBER.of(open))),
        encounter: open.map(|open| open.id),
        admitted_at: open.and_then(|open| encounter::ADMITTED_AT.of(open)),
        category: owned(open.and_then(|open| encounter::CATEGORY.of(open))),
        disease_status: owned(patient::DISEASE_STATUS.of(person)),
        isolation: open.is_some_and(|open| encounter::ISOLATION.of(open) == Some("yes")),
        stay: stay.map(|stay| stay.id),
        ward: ward.as_ref().and_then(|ward| owned(ward::NAME.of(ward))),
        bed: bed.as_ref().and_then(|bed| owned(bed::LABEL.of(bed))),
        bed_id,
        last_round_at,
        news2: rounds.first().map(|round| rounds::news2_shown(round, applies)),
        news2_before: rounds
            .get(1)
            .filter(|_| applies)
            .and_then(|round| news2::of(round).score()),
        review_due,
        review_overdue: is_overdue(review_due, ctx),
        expected_discharge: open.and_then(|open| encounter::EXPECTED_DISCHARGE.of(open)),
    })
}

/// The names of the person's other registrations that differ from this one's.
fn also_called(world: &dyn Records, ctx: &Ctx, person: &Record) -> Read<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    if sees_patients(&ctx.role) {
        for each in persons::registrations(world, person.id)? {
            let name = patient::NAME
                .of(&each)
                .filter(|name| Some(*name) != patient::NAME.of(person));
            names.extend(name.map(str::to_owned).filter(|name| !names.contains(name)));
        }
    }
    Ok(names)
}
