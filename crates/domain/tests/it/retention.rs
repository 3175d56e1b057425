//! How long records are kept, and of whom everything is past its time.

use domain::entities::{ENTITIES, encounter, patient, stock_entry};
use domain::retention::{Due, Keep, PERIODS, YEAR_MS, due, period_of};
use domain::world::Overlay;
use domain::{Record, RecordId, Time};
use uuid::Uuid;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn year(years: i64) -> Time {
    Time(years * YEAR_MS)
}

fn registered(number: u128, at: i64) -> Record {
    Record::new("patient", id(number)).with(&patient::REGISTERED_AT, year(at))
}

fn admission(number: u128, of: u128, ended: Option<i64>) -> Record {
    let record = Record::new("encounter", id(number)).with(&encounter::PATIENT, id(of));
    let record = record.with(&encounter::ADMITTED_AT, year(0));
    ended.map_or(record.clone(), |ended| {
        record.with(&encounter::DISCHARGED_AT, year(ended))
    })
}

fn found(records: Vec<Record>, now: i64, longer: u32) -> Vec<Due> {
    let mut world = Overlay::alone();
    for record in records {
        world.put(record);
    }
    due(&world, year(now), longer).unwrap()
}

fn people(records: Vec<Record>, now: i64, longer: u32) -> Vec<u128> {
    let found = found(records, now, longer);
    found.into_iter().map(|due| due.id.0.as_u128()).collect()
}

#[test]
fn every_kind_has_one_period_and_a_source() {
    let kinds: Vec<&str> = PERIODS.iter().map(|period| period.kind).collect();
    let known: Vec<&str> = ENTITIES.iter().map(|entity| entity.kind).collect();
    let mut sorted = (kinds.clone(), known.clone());
    sorted.0.sort_unstable();
    sorted.1.sort_unstable();
    assert_eq!(sorted.0, sorted.1);
    for period in PERIODS {
        assert!(!period.source.is_empty());
        if let Keep::After { field, years } = period.keep {
            let entity = ENTITIES.iter().find(|entity| entity.kind == period.kind).unwrap();
            assert!(entity.field(field).is_some() && years >= 3, "{}", period.kind);
        }
    }
    assert!(period_of("no such kind").is_none());
}

#[test]
fn a_person_is_due_three_years_after_the_last_encounter_and_ten_after_a_medico_legal_one() {
    let one = || vec![registered(1, 0), admission(10, 1, Some(1)), admission(11, 1, Some(4))];
    assert_eq!(people(one(), 6, 0), [0_u128; 0]);
    assert_eq!(people(one(), 7, 0), [1]);
    // The district may keep longer, never shorter.
    assert_eq!(people(one(), 7, 2), [0_u128; 0]);
    assert_eq!(people(one(), 9, 2), [1]);
    let mut legal = one();
    legal[1] = legal[1].clone().with(&encounter::MEDICO_LEGAL, "yes");
    assert_eq!(people(legal.clone(), 10, 0), [0_u128; 0]);
    assert_eq!(people(legal, 11, 0), [1]);
}

#[test]
fn nobody_is_due_who_is_in_and_who_never_came_is_from_the_registration() {
    let inside = vec![registered(1, 0), admission(10, 1, Some(1)), admission(11, 1, None)];
    assert_eq!(people(inside, 90, 0), [0_u128; 0]);
    assert_eq!(people(vec![registered(2, 4)], 6, 0), [0_u128; 0]);
    assert_eq!(people(vec![registered(2, 4)], 7, 0), [2]);
}

#[test]
fn registrations_of_one_person_are_due_together() {
    let again = registered(2, 0).with(&patient::SAME_AS, id(1));
    let records = || vec![registered(1, 0), again.clone(), admission(10, 2, Some(5))];
    assert_eq!(people(records(), 7, 0), [0_u128; 0]);
    assert_eq!(people(records(), 8, 0), [1]);
    let mut inside = records();
    inside.push(admission(11, 2, None));
    assert_eq!(people(inside, 90, 0), [0_u128; 0]);
}

#[test]
fn what_is_about_nobody_is_due_by_its_own_moment() {
    let entry = Record::new("stock_entry", id(7)).with(&stock_entry::AT, year(1));
    assert_eq!(found(vec![entry.clone()], 8, 0), []);
    let due = found(vec![entry], 9, 0);
    assert_eq!((due[0].kind, due[0].since), ("stock_entry", year(9)));
}
