//! How long records are kept, of whom everything is past its time, and that nothing changes for the days that are kept
//! when it goes.

use std::collections::{BTreeMap, BTreeSet};

use domain::due::{Against, Due, due};
use domain::entities::{
    ENTITIES, audit_event, bed, bed_hold, bed_stay, encounter, erased, erasure, item, patient, stock_entry, told_apart,
    triage, ward,
};
use domain::erasure::{Cause, Name, drafts, named, records};
use domain::record::VOIDED;
use domain::retention::{Keep, PERIODS, YEAR_MS, period_of};
use domain::ward::census;
use domain::ward::stock::{nearest_expiry, used};
use domain::ward::triage::{of_shift, standing};
use domain::world::{Overlay, Read, Records};
use domain::{Date, Decimal, Record, RecordId, Time, Value};
use proptest::prelude::*;
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

fn world_of(records: &[Record]) -> Overlay<'static> {
    let mut world = Overlay::alone();
    for record in records {
        world.put(record.clone());
    }
    world
}

fn wrong<'r>(records: &'r [Record]) -> impl Fn(&str) -> Read<Vec<Record>> + 'r {
    |kind| {
        let wrong = records
            .iter()
            .filter(|record| record.kind == kind && record.is_voided());
        Ok(wrong.cloned().collect())
    }
}

fn voided(mut record: Record) -> Record {
    record.fields.insert(VOIDED.to_owned(), Value::Code("yes".to_owned()));
    record
}

fn found(records: Vec<Record>, now: i64, longer: u32) -> Vec<Due> {
    due(&world_of(&records), &wrong(&records), year(now), longer).unwrap()
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
        if let Keep::After { fields, years } = period.keep {
            let entity = ENTITIES.iter().find(|entity| entity.kind == period.kind).unwrap();
            let are_known = fields.iter().all(|field| entity.field(field).is_some());
            assert!(are_known && !fields.is_empty() && years >= 3, "{}", period.kind);
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
    let looked = Record::new("audit_event", id(7)).with(&audit_event::AT, year(1));
    assert_eq!(found(vec![looked.clone()], 8, 0), []);
    let due = found(vec![looked.clone()], 9, 0);
    assert_eq!((due[0].kind, due[0].since), ("audit_event", year(9)));
    // Nobody would ever count it again: it goes all the same.
    assert_eq!(found(vec![voided(looked)], 9, 0).len(), 1);
    let undated = Record::new("audit_event", id(8));
    assert_eq!(found(vec![undated], 90, 0), []);
}

#[test]
fn a_hold_goes_with_whom_it_was_for_and_else_when_it_ended_or_ran_out() {
    let hold = |number| Record::new("bed_hold", id(number)).with(&bed_hold::BED, id(90));
    let people = [registered(1, 0), admission(10, 1, Some(4))];
    let theirs = hold(20).with(&bed_hold::ENCOUNTER, id(10)).with(&bed_hold::TO, year(1));
    let over = hold(21).with(&bed_hold::TO, year(1));
    let ran_out = hold(22).with(&bed_hold::EXPIRES, year(2));
    let lasts = hold(23);
    let all = [people.to_vec(), vec![theirs, over, ran_out, lasts]].concat();
    let at = |now| -> Vec<u128> { people_of(&found(all.clone(), now, 0)) };
    assert_eq!(at(4), [21]);
    assert_eq!(at(5), [21, 22]);
    assert_eq!(at(7), [21, 22, 1]);
    let kept = hold(24).with(&bed_hold::ENCOUNTER, id(10));
    let holding = [all, vec![kept]].concat();
    assert_eq!(people_of(&found(holding, 90, 0)), [21, 22], "a bed is held for them");
}

fn people_of(due: &[Due]) -> Vec<u128> {
    due.iter().map(|due| due.id.0.as_u128()).collect()
}

#[test]
fn nobody_is_due_whose_stay_goes_on_or_ended_later_than_the_encounter() {
    let stay = Record::new("bed_stay", id(20)).with(&bed_stay::ENCOUNTER, id(10));
    let with = |stay: Record| vec![registered(1, 0), admission(10, 1, Some(1)), stay];
    assert_eq!(people(with(stay.clone()), 90, 0), [0_u128; 0]);
    let later = || with(stay.clone().with(&bed_stay::TO, year(5)));
    assert_eq!(people(later(), 7, 0), [0_u128; 0]);
    assert_eq!(people(later(), 8, 0), [1]);
    assert_eq!(people(with(voided(stay)), 4, 0), [1], "nobody lies there by a mistake");
}

#[test]
fn what_was_entered_in_error_goes_with_its_person_and_waits_for_them() {
    let wrong = voided(registered(2, 0).with(&patient::SAME_AS, id(1)));
    let all = vec![registered(1, 0), wrong, admission(10, 1, Some(5))];
    assert_eq!(people(all.clone(), 7, 0), [0_u128; 0]);
    let due = found(all, 8, 0);
    assert_eq!((due.len(), due[0].id, due[0].names.len()), (1, id(1), 3));
    assert_eq!(people(vec![voided(registered(3, 1))], 4, 0), [3]);
}

#[test]
fn a_correction_and_what_it_corrects_go_together() {
    let entry = |number: u128, day: Date| Record::new("triage", id(number)).with(&triage::DAY, day);
    let (first, later) = (year(1).day(0), year(3).day(0));
    let all = vec![
        entry(1, first),
        entry(2, later).with(&triage::AMENDS, id(1)),
        entry(3, first),
    ];
    assert_eq!(people_of(&found(all.clone(), 10, 0)), [3]);
    let due = found(all, 12, 0);
    assert_eq!(people_of(&due), [3, 1]);
    assert_eq!(due[1].names.len(), 2);
}

#[test]
fn who_was_told_apart_from_somebody_does_not_go_with_them() {
    let apart = Record::new("told_apart", id(30)).with(&told_apart::FIRST, id(1));
    let apart = apart.with(&told_apart::SECOND, id(2));
    let due = found(vec![registered(1, 0), registered(2, 5), apart], 6, 0);
    let names: Vec<&str> = due[0].names.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!((due.len(), names), (1, vec!["patient", "told_apart"]));
}

#[test]
fn a_conflict_and_an_open_request_stand_against_it() {
    let one = || vec![registered(1, 0), admission(10, 1, Some(1))];
    let against = |world: &Overlay<'_>| {
        let due = due(world, &|_| Ok(Vec::new()), year(20), 0).unwrap();
        due[0].against.iter().copied().collect::<Vec<Against>>()
    };
    assert_eq!(against(&world_of(&one())), []);
    let conflict = domain::world::FieldConflict {
        kind: "encounter".to_owned(),
        record: id(10),
        field: "discharged_at".to_owned(),
        heads: Vec::new(),
    };
    assert_eq!(
        against(&world_of(&one()).in_conflict(vec![conflict])),
        [Against::InConflict]
    );
    let asked = Record::new("erasure", id(40)).with(&erasure::PATIENT, id(1));
    let mut world = world_of(&one());
    world.put(asked.clone());
    assert_eq!(against(&world), [Against::ToBeErased]);
    let done = Record::new("erased", id(41)).with(&erased::ERASURE, id(40));
    world.put(done);
    assert_eq!(against(&world), []);
    let mut world = world_of(&one());
    world.put(voided(asked));
    assert_eq!(against(&world), [], "who asked took it back");
}

#[test]
fn what_is_written_says_until_when_it_was_kept_and_that_nobody_asked() {
    let names: BTreeSet<Name> = [("patient".to_owned(), id(1))].into();
    let kept_until = year(7).day(0);
    let written = drafts(&names, Cause::TimeOver { kept_until }, year(8), || id(99));
    let draft = &written[0];
    assert_eq!((written.len(), named(&draft.kind, &draft.fields)), (1, names));
    assert_eq!(draft.fields.get("kept_until"), Some(&Value::Date(kept_until)));
    assert_eq!(
        (draft.fields.get("erasure"), draft.fields.get("asked_by")),
        (None, None)
    );
}

/// A ward over fourteen years, drawn at random, with all the mistakes that people make.
fn history() -> impl Strategy<Value = Vec<Record>> {
    let when = || (0..14_i64 * 12).prop_map(|months| Time(months * YEAR_MS / 12));
    let ended = move || proptest::option::weighted(0.9, when());
    let patients = prop::collection::vec((when(), proptest::option::of(0..6_u128), 0..10_u8), 6);
    let encounters = prop::collection::vec((0..6_u128, when(), ended(), 0..10_u8), 0..12);
    let stays = prop::collection::vec((0..12_u128, 0..3_u128, when(), ended()), 0..12);
    let holds = prop::collection::vec((0..16_u128, 0..3_u128, when(), ended(), ended()), 0..8);
    let entries = prop::collection::vec((0..2_u128, 0..3_u8, 1..50_i64, when()), 0..12);
    let figures = prop::collection::vec((when(), 0..3_u8, proptest::option::of(0..12_u128)), 0..12);
    let looks = prop::collection::vec(when(), 0..6);
    (patients, encounters, stays, holds, entries, figures, looks).prop_map(
        |(patients, encounters, stays, holds, entries, figures, looks)| {
            let mut all = vec![Record::new("ward", id(80)).with(&ward::NAME, "Ward")];
            let maybe = |is: bool, record: Record| if is { voided(record) } else { record };
            for number in 0..3 {
                all.push(Record::new("bed", id(90 + number)).with(&bed::WARD, id(80)));
            }
            for (number, (at, same, odd)) in (0..).zip(patients) {
                let one = Record::new("patient", id(100 + number)).with(&patient::REGISTERED_AT, at);
                let one = match same.filter(|same| odd < 4 && *same != number) {
                    Some(same) => one.with(&patient::SAME_AS, id(100 + same)),
                    None => one,
                };
                all.push(maybe(odd == 9, one));
            }
            for (number, (of, from, to, odd)) in (0..).zip(encounters) {
                let one = Record::new("encounter", id(200 + number)).with(&encounter::PATIENT, id(100 + of));
                let one = one.with(&encounter::ADMITTED_AT, from);
                let one = to.map_or(one.clone(), |to| one.with(&encounter::DISCHARGED_AT, from.max(to)));
                let one = if odd < 2 {
                    one.with(&encounter::MEDICO_LEGAL, "yes")
                } else {
                    one
                };
                all.push(maybe(odd == 9, one));
            }
            for (number, (of, bed, from, to)) in (0..).zip(stays) {
                let one = Record::new("bed_stay", id(300 + number)).with(&bed_stay::ENCOUNTER, id(200 + of));
                let one = one.with(&bed_stay::BED, id(90 + bed)).with(&bed_stay::FROM, from);
                all.push(to.map_or(one.clone(), |to| one.with(&bed_stay::TO, to)));
            }
            for (number, (of, bed, from, to, expires)) in (0..).zip(holds) {
                let one = Record::new("bed_hold", id(400 + number)).with(&bed_hold::BED, id(90 + bed));
                let one = one.with(&bed_hold::FROM, from).with(&bed_hold::REASON, "blocked");
                let one = if of < 12 {
                    one.with(&bed_hold::ENCOUNTER, id(200 + of))
                } else {
                    one
                };
                let one = expires.map_or(one.clone(), |at| one.with(&bed_hold::EXPIRES, at));
                all.push(to.map_or(one.clone(), |to| one.with(&bed_hold::TO, to)));
            }
            for (number, (of, movement, much, at)) in (0..).zip(entries) {
                let one = Record::new("stock_entry", id(500 + number)).with(&stock_entry::ITEM, id(60 + of));
                let much = Decimal::new(much, 0);
                let one = match movement {
                    0 => one
                        .with(&stock_entry::MOVEMENT, "receive")
                        .with(&stock_entry::QUANTITY, much),
                    1 => one
                        .with(&stock_entry::MOVEMENT, "issue")
                        .with(&stock_entry::QUANTITY, much),
                    _ => one
                        .with(&stock_entry::MOVEMENT, "count")
                        .with(&stock_entry::COUNTED, much)
                        .with(&stock_entry::EXPECTED, Decimal::new(7, 0)),
                };
                all.push(
                    one.with(&stock_entry::AT, at)
                        .with(&stock_entry::EXPIRY, at.day(0).plus_days(90)),
                );
            }
            for (number, (at, shift, amends)) in (0..).zip(figures) {
                let shift = ["morning", "evening", "night"][usize::from(shift)];
                let one = Record::new("triage", id(600 + number)).with(&triage::DAY, at.day(0));
                let one = one.with(&triage::SHIFT, shift).with(&triage::VISITED, 5);
                all.push(amends.map_or(one.clone(), |amends| one.with(&triage::AMENDS, id(600 + amends))));
            }
            for (number, at) in (0..).zip(looks) {
                all.push(Record::new("audit_event", id(700 + number)).with(&audit_event::AT, at));
            }
            for number in 0..2 {
                all.push(Record::new("item", id(60 + number)).with(&item::NAME, "Oxygen"));
            }
            all
        },
    )
}

/// What is shown today, and of every day that is kept.
fn figures(world: &dyn Records, now: Time) -> String {
    let mut said = Vec::new();
    let month = YEAR_MS / 12;
    let months = |years: i64| (0..years * 12).map(move |back| Time(now.0 - back * month));
    said.push(format!("{:?}", census::now(world, now).unwrap()));
    said.push(format!("{:?}", world.balances("stock_entry").unwrap()));
    for month_end in months(3) {
        // The moment itself at which something ended is as old as what ended then.
        let flow = census::flow(world, Time(month_end.0 - month + 1), Time(month_end.0 + 1)).unwrap();
        let then = census::at(world, month_end).unwrap();
        said.push(format!("{flow:?} {then:?}"));
    }
    for month_end in months(14) {
        said.push(format!(
            "{:?}",
            used(world, Time(month_end.0 - month), month_end).unwrap()
        ));
    }
    let mut by_item: BTreeMap<RecordId, Vec<Record>> = BTreeMap::new();
    for entry in world.all("stock_entry").unwrap() {
        by_item
            .entry(stock_entry::ITEM.of(&entry).unwrap())
            .or_default()
            .push(entry);
    }
    said.extend(by_item.values().map(|entries| format!("{:?}", nearest_expiry(entries))));
    for at in months(8) {
        for day in [at.day(0), at.day(0).plus_days(1)] {
            for shift in ["morning", "evening", "night"] {
                let filed = of_shift(world, day, shift).unwrap();
                let ids: Vec<RecordId> = standing(&filed).into_iter().map(|entry| entry.id).collect();
                said.push(format!("{day} {shift} {ids:?}"));
            }
        }
    }
    let eight_years = Value::Time(Time(now.0 - 8 * YEAR_MS + 1));
    let looked = world
        .between("audit_event", "at", &eight_years, &Value::Time(now))
        .unwrap();
    let looked: Vec<RecordId> = looked.into_iter().map(|event| event.id).collect();
    said.push(format!("{looked:?}"));
    said.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_shown_today_and_of_the_days_that_are_kept_is_the_same_when_what_is_due_is_gone(all in history()) {
        let world = world_of(&all);
        let now = year(14);
        let due = due(&world, &wrong(&all), now, 0).unwrap();
        let gone: BTreeSet<Name> = due.iter().flat_map(|due| due.names.iter().cloned()).collect();
        let left: Vec<Record> = all
            .iter()
            .filter(|record| !gone.contains(&(record.kind.clone(), record.id)))
            .cloned()
            .collect();
        let after = world_of(&left);
        prop_assert_eq!(figures(&world, now), figures(&after, now));
        // Nobody goes by halves: what would be erased of them goes, and nothing that is left refers to what went.
        for due in due.iter().filter(|due| due.kind == "patient") {
            for record in records(&world, &wrong(&all), due.id).unwrap() {
                prop_assert!(due.names.contains(&(record.kind, record.id)));
            }
        }
        for record in &left {
            let to = domain::erasure::referred(&record.kind, &record.fields);
            prop_assert!(to.is_disjoint(&gone), "{} is left alone", record.kind);
        }
    }
}
