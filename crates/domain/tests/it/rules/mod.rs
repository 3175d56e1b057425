//! The rules of each kind, in the situations they are for.

mod beds;
mod consent;
mod figures;
mod people;

use domain::entities::{bed, bed_hold, bed_stay, encounter, facility, item, minimum_level, patient, person, round};
use domain::entities::{stock_entry, triage, ward};
use domain::world::{Overlay, Records};
use domain::{Date, Decimal, Draft, Record, RecordId, Time, Value, check};
use uuid::Uuid;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

/// An id that says it was made on 2026-11-20 at noon UTC.
fn id_of_that_day() -> RecordId {
    let seconds = u64::try_from(Date::new(2026, 11, 20).unwrap().days() * 86_400 + 43_200).unwrap();
    let at = uuid::Timestamp::from_unix_time(seconds, 0, 0, 0);
    RecordId(Uuid::new_v7(at))
}

fn hour(hours: i64) -> Time {
    Time(hours * Time::HOUR_MS)
}

const FACILITY: u128 = 1;
const WARD: u128 = 2;
const BED_A: u128 = 3;
const BED_B: u128 = 4;
const ANJU: u128 = 5;
const BINU: u128 = 6;
const ITEM: u128 = 7;

/// One facility with a ward of two beds, two admitted patients (10, 11), and an item.
fn ward_with_two_patients() -> Overlay<'static> {
    let mut world = Overlay::alone();
    world.put(Record::new("facility", id(FACILITY)).with(&facility::NAME, "GH Ernakulam"));
    world.put(
        Record::new("ward", id(WARD))
            .with(&ward::NAME, "ICU-2")
            .with(&ward::FACILITY, id(FACILITY)),
    );
    for (number, label) in [(BED_A, "01"), (BED_B, "02")] {
        let bed = Record::new("bed", id(number))
            .with(&bed::WARD, id(WARD))
            .with(&bed::LABEL, label);
        world.put(bed.with(&bed::BED_TYPE, "icu"));
    }
    for (number, name, admission) in [(ANJU, "Anju", 10), (BINU, "Binu", 11)] {
        world.put(Record::new("patient", id(number)).with(&patient::NAME, name));
        let encounter = Record::new("encounter", id(admission)).with(&encounter::PATIENT, id(number));
        world.put(
            encounter
                .with(&encounter::FACILITY, id(FACILITY))
                .with(&encounter::ADMITTED_AT, hour(0)),
        );
    }
    let item = Record::new("item", id(ITEM))
        .with(&item::NAME, "Oxygen, D type")
        .with(&item::UNIT, "cylinder");
    world.put(item);
    world
}

/// `field: code` of each problem, `?` behind it when it may be confirmed.
fn found(world: &dyn Records, drafts: Vec<Draft>) -> Vec<String> {
    let problems = check(drafts, world).unwrap().err().unwrap_or_default();
    let shown = |problem: domain::Problem| {
        format!(
            "{}: {}{}",
            problem.field,
            problem.code,
            if problem.ask { "?" } else { "" }
        )
    };
    problems.into_iter().map(shown).collect()
}

fn expect(world: &dyn Records, draft: Draft, problems: &[&str]) {
    assert_eq!(found(world, vec![draft]), problems);
}

fn stay(number: u128, bed: u128, admission: u128, from: i64) -> Draft {
    let draft = Draft::new("bed_stay", id(number)).with(&bed_stay::BED, id(bed));
    draft
        .with(&bed_stay::ENCOUNTER, id(admission))
        .with(&bed_stay::FROM, hour(from))
}

fn stored_stay(number: u128, bed: u128, admission: u128, from: i64) -> Record {
    let record = Record::new("bed_stay", id(number)).with(&bed_stay::BED, id(bed));
    record
        .with(&bed_stay::ENCOUNTER, id(admission))
        .with(&bed_stay::FROM, hour(from))
}
