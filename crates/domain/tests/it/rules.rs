//! The rules of each kind, in the situations they are for.

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

#[test]
fn a_bed_holds_one_patient_and_a_patient_lies_in_one_bed() {
    let mut world = ward_with_two_patients();
    expect(&world, stay(20, BED_A, 10, 1), &[]);
    world.put(stored_stay(20, BED_A, 10, 1));
    expect(&world, stay(21, BED_A, 11, 2), &["bed: bed_occupied"]);
    expect(&world, stay(21, BED_B, 10, 2), &["encounter: encounter_in_other_bed"]);
    expect(&world, stay(21, BED_B, 11, 2), &[]);
}

#[test]
fn a_bed_is_free_from_the_moment_the_last_stay_ends() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1).with(&bed_stay::TO, hour(5)));
    expect(&world, stay(21, BED_A, 11, 5), &[]);
    expect(&world, stay(21, BED_A, 11, 4), &["bed: bed_occupied"]);
    expect(&world, stay(21, BED_A, 11, 0).with(&bed_stay::TO, hour(1)), &[]);
}

#[test]
fn moving_and_swapping_are_one_action() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    world.put(stored_stay(21, BED_B, 11, 1));
    let ends = |number| Draft::new("bed_stay", id(number)).with(&bed_stay::TO, hour(6));
    let swap = vec![ends(20), ends(21), stay(22, BED_B, 10, 6), stay(23, BED_A, 11, 6)];
    assert_eq!(found(&world, swap), Vec::<String>::new());
    let half = vec![ends(20), stay(22, BED_B, 10, 6)];
    assert_eq!(found(&world, half), ["bed: bed_occupied"]);
}

#[test]
fn a_claim_in_conflict_can_be_ended_and_annotated_but_not_widened() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    world.put(stored_stay(21, BED_A, 11, 2));
    let edit = || Draft::new("bed_stay", id(21));
    expect(&world, edit().with(&bed_stay::TO, hour(4)), &[]);
    expect(&world, edit().with(&bed_stay::NOTE, "both claim it"), &[]);
    expect(&world, edit().with(&bed_stay::FROM, hour(1)), &["bed: bed_occupied"]);
    expect(&world, edit().with(&bed_stay::BED, id(BED_B)), &[]);
}

#[test]
fn nothing_ends_before_it_begins() {
    let world = ward_with_two_patients();
    expect(
        &world,
        stay(20, BED_A, 10, 5).with(&bed_stay::TO, hour(4)),
        &["to: before_start"],
    );
    expect(&world, stay(20, BED_A, 10, 5).with(&bed_stay::TO, hour(5)), &[]);
    let discharged = Draft::new("encounter", id(10)).with(&encounter::DISCHARGED_AT, hour(-1));
    expect(
        &world,
        discharged.with(&encounter::DISCHARGE_REASON, "recovered"),
        &["discharged_at: before_start"],
    );
}

#[test]
fn who_is_discharged_leaves_the_bed_in_the_same_action() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    let discharge = || {
        let draft = Draft::new("encounter", id(10)).with(&encounter::DISCHARGED_AT, hour(9));
        draft.with(&encounter::DISCHARGE_REASON, "recovered")
    };
    expect(&world, discharge(), &["discharged_at: still_in_bed"]);
    let leaves = Draft::new("bed_stay", id(20)).with(&bed_stay::TO, hour(9));
    assert_eq!(found(&world, vec![discharge(), leaves]), Vec::<String>::new());
}

#[test]
fn nobody_is_put_into_a_bed_after_the_discharge_nor_into_one_that_is_gone() {
    let mut world = ward_with_two_patients();
    let discharged = world
        .get("encounter", id(10))
        .unwrap()
        .unwrap()
        .with(&encounter::DISCHARGED_AT, hour(3));
    world.put(discharged);
    let gone = world.get("bed", id(BED_B)).unwrap().unwrap().with(&bed::RETIRED, "yes");
    world.put(gone);
    expect(&world, stay(20, BED_A, 10, 2), &["encounter: encounter_discharged"]);
    expect(&world, stay(20, BED_A, 10, 2).with(&bed_stay::TO, hour(3)), &[]);
    expect(&world, stay(20, BED_B, 11, 2), &["bed: bed_retired"]);
}

#[test]
fn an_occupied_bed_is_not_taken_away() {
    let mut world = ward_with_two_patients();
    let retire = || Draft::new("bed", id(BED_A)).with(&bed::RETIRED, "yes");
    expect(&world, retire(), &[]);
    world.put(stored_stay(20, BED_A, 10, 1));
    expect(&world, retire(), &["retired: bed_occupied"]);
}

#[test]
fn labels_and_names_are_unique_where_people_read_them() {
    let world = ward_with_two_patients();
    let bed = |label: &str| {
        let draft = Draft::new("bed", id(30))
            .with(&bed::WARD, id(WARD))
            .with(&bed::LABEL, label);
        draft.with(&bed::BED_TYPE, "regular")
    };
    expect(&world, bed("03"), &[]);
    expect(&world, bed("01"), &["label: label_taken"]);
    let ward = Draft::new("ward", id(30))
        .with(&ward::FACILITY, id(FACILITY))
        .with(&ward::NAME, "ICU-2");
    expect(&world, ward, &["name: name_taken"]);
    let level = |number| {
        let draft = Draft::new("minimum_level", id(number)).with(&minimum_level::ITEM, id(ITEM));
        draft
            .with(&minimum_level::FACILITY, id(FACILITY))
            .with(&minimum_level::MINIMUM, Decimal::new(100, 0))
    };
    assert_eq!(found(&world, vec![level(31)]), Vec::<String>::new());
    assert_eq!(found(&world, vec![level(31), level(32)]), ["item: level_exists"; 1]);
}

#[test]
fn a_bed_is_held_once_at_a_time_and_an_expired_hold_holds_nothing() {
    let mut world = ward_with_two_patients();
    let hold = |number| {
        let draft = Draft::new("bed_hold", id(number)).with(&bed_hold::BED, id(BED_A));
        draft.with(&bed_hold::REASON, "held").with(&bed_hold::FROM, hour(5))
    };
    let held = Record::new("bed_hold", id(40))
        .with(&bed_hold::BED, id(BED_A))
        .with(&bed_hold::FROM, hour(1));
    world.put(held.clone());
    expect(&world, hold(41), &["bed: bed_already_held"]);
    world.put(held.with(&bed_hold::EXPIRES, hour(4)));
    expect(&world, hold(41), &[]);
    let blocked = Draft::new("bed_hold", id(42))
        .with(&bed_hold::BED, id(BED_B))
        .with(&bed_hold::FROM, hour(1));
    expect(&world, blocked.with(&bed_hold::REASON, "blocked"), &["note: required?"]);
}

#[test]
fn nobody_is_admitted_twice_at_once() {
    let world = ward_with_two_patients();
    let admission = Draft::new("encounter", id(50)).with(&encounter::PATIENT, id(ANJU));
    let admission = admission
        .with(&encounter::FACILITY, id(FACILITY))
        .with(&encounter::ADMITTED_AT, hour(2));
    expect(&world, admission, &["patient: already_admitted"]);
}

#[test]
fn discharge_and_referral_are_whole() {
    let world = ward_with_two_patients();
    let edit = || Draft::new("encounter", id(10));
    expect(
        &world,
        edit().with(&encounter::DISCHARGED_AT, hour(2)),
        &["discharge_reason: required"],
    );
    expect(
        &world,
        edit().with(&encounter::DISCHARGE_REASON, "lama"),
        &["discharged_at: required"],
    );
    expect(
        &world,
        edit().with(&encounter::DECISION, "refer"),
        &["referred_to: required"],
    );
    let elsewhere = edit()
        .with(&encounter::DECISION, "refer")
        .with(&encounter::REFERRED_TO_NAME, "Aster");
    expect(&world, elsewhere, &[]);
    let alive = edit()
        .with(&encounter::DISCHARGED_AT, hour(9))
        .with(&encounter::DISCHARGE_REASON, "recovered");
    expect(
        &world,
        alive.with(&encounter::DIED_AT, hour(8)),
        &["died_at: died_but_discharged_alive"],
    );
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let none_and_cough = edit().with(&encounter::SYMPTOMS, words(&["asymptomatic", "cough"]));
    expect(&world, none_and_cough, &["symptoms: none_and_others"]);
    let other = edit().with(&encounter::SYMPTOMS, words(&["other"]));
    expect(&world, other, &["other_symptoms: required"]);
}

#[test]
fn numbers_and_addresses_have_their_form() {
    let world = Overlay::alone();
    let check = |name: &str, good: &[&str], bad: &[&str], code: &str| {
        let draft = |text: &str| {
            let draft = Draft::new("patient", id(1)).with(&patient::NAME, "Anju");
            draft.with_value(name, Value::Text(text.to_owned()))
        };
        for text in good {
            expect(&world, draft(text), &[]);
        }
        for text in bad {
            expect(&world, draft(text), &[&format!("{name}: {code}")]);
        }
    };
    check(
        "phone",
        &["9876543210", "+91 98765 43210", "(0484) 236-1251", "112233"],
        &["98765", "nine", "+", "98+76543210"],
        "not_a_phone",
    );
    check("pincode", &["682011"], &["082011", "68201", "68201a"], "not_a_pincode");
    check(
        "abha",
        &["70-7463-2446-5247", "70746324465247"],
        &["70-7463-2446-524", "7074-6324-4652-47"],
        "not_an_abha_number",
    );
    check(
        "abha_address",
        &["anju@abdm", "_anju.k@sbx"],
        &["anj@abdm", "9anju@abdm", "anju.@abdm", "anju"],
        "not_an_abha_address",
    );
}

#[test]
fn an_odd_number_of_old_stands_in_nobodys_way() {
    let mut world = Overlay::alone();
    let old = Record::new("patient", id(1))
        .with(&patient::NAME, "Anju")
        .with(&patient::PHONE, "unknown");
    world.put(old);
    expect(
        &world,
        Draft::new("patient", id(1)).with(&patient::VILLAGE, "Kaloor"),
        &[],
    );
}

#[test]
fn birth_and_allergies_do_not_contradict_themselves() {
    let world = Overlay::alone();
    let anju = || Draft::new("patient", id(1)).with(&patient::NAME, "Anju");
    let born = |year, month, day| Date::new(year, month, day).unwrap();
    expect(
        &world,
        anju()
            .with(&patient::BIRTH_DATE, born(1964, 3, 4))
            .with(&patient::BIRTH_YEAR, 1964),
        &[],
    );
    let differs = anju()
        .with(&patient::BIRTH_DATE, born(1964, 3, 4))
        .with(&patient::BIRTH_YEAR, 1965);
    expect(&world, differs, &["birth_year: birth_year_differs"]);
    expect(
        &world,
        anju().with(&patient::ALLERGY_STATUS, "known"),
        &["allergies: required"],
    );
    expect(
        &world,
        anju().with(&patient::ALLERGIES, "penicillin"),
        &["allergy_status: allergies_contradict"],
    );
    let none = anju()
        .with(&patient::ALLERGY_STATUS, "none")
        .with(&patient::ALLERGIES, "penicillin");
    expect(&world, none, &["allergy_status: allergies_contradict"]);
    let newborn = Draft::new("patient", id_of_that_day()).with(&patient::NAME, "Baby of Anju");
    expect(
        &world,
        newborn.clone().with(&patient::BIRTH_DATE, born(2026, 11, 20)),
        &[],
    );
    expect(
        &world,
        newborn.clone().with(&patient::BIRTH_DATE, born(2027, 11, 20)),
        &["birth_date: in_the_future?"],
    );
    expect(
        &world,
        newborn.with(&patient::BIRTH_DATE, born(1890, 1, 1)),
        &["birth_date: very_old?"],
    );
}

#[test]
fn age_is_counted_from_the_day_or_else_the_year() {
    let today = Date::new(2026, 11, 20).unwrap();
    let person = Record::new("patient", id(1));
    assert_eq!(patient::age_years(&person, today), None);
    let by_year = person.with(&patient::BIRTH_YEAR, 1964);
    assert_eq!(patient::age_years(&by_year, today), Some(62));
    let by_day = by_year.with(&patient::BIRTH_DATE, Date::new(1964, 12, 4).unwrap());
    assert_eq!(patient::age_years(&by_day, today), Some(61));
}

#[test]
fn a_round_observes_something_possible() {
    let world = ward_with_two_patients();
    let round = || {
        Draft::new("round", id(60))
            .with(&round::ENCOUNTER, id(10))
            .with(&round::AT, hour(3))
    };
    expect(&world, round(), &[": nothing_observed"]);
    expect(
        &world,
        round().with(&round::SPO2_SCALE, "scale_2"),
        &[": nothing_observed"],
    );
    expect(&world, round().with(&round::PULSE, 80), &[]);
    expect(
        &world,
        round().with(&round::TEMPERATURE, Decimal::new(330, 1)),
        &["temperature: unusual?"],
    );
    expect(
        &world,
        round().with(&round::TEMPERATURE, Decimal::new(986, 1)),
        &["temperature: out_of_range"],
    );
    expect(
        &world,
        round().with(&round::TEMPERATURE, Decimal::new(37, 1)),
        &["temperature: out_of_range"],
    );
    let turned = round().with(&round::SYSTOLIC, 80).with(&round::DIASTOLIC, 120);
    expect(&world, turned, &["diastolic: diastolic_not_below_systolic"]);
    let flowing = round()
        .with(&round::ON_OXYGEN, "no")
        .with(&round::OXYGEN_FLOW, Decimal::new(4, 0));
    expect(&world, flowing, &["on_oxygen: oxygen_contradicts"]);
    let ahead = Draft::new("round", id_of_that_day())
        .with(&round::ENCOUNTER, id(10))
        .with(&round::PULSE, 80);
    let ahead = ahead.with(&round::AT, Date::new(2026, 12, 20).unwrap().starts(0));
    expect(&world, ahead, &["at: in_the_future?"]);
}

#[test]
fn what_is_unusual_is_saved_once_it_is_confirmed() {
    let world = ward_with_two_patients();
    let cold = Draft::new("round", id(60))
        .with(&round::ENCOUNTER, id(10))
        .with(&round::AT, hour(3));
    let mut cold = cold.with(&round::TEMPERATURE, Decimal::new(330, 1));
    cold.confirmed.insert("temperature".to_owned());
    expect(&world, cold, &[]);
}

#[test]
fn a_round_is_written_once_and_corrected_by_another_of_the_same_encounter() {
    let mut world = ward_with_two_patients();
    let first = Record::new("round", id(60))
        .with(&round::ENCOUNTER, id(10))
        .with(&round::AT, hour(3));
    world.put(first.with(&round::PULSE, 80));
    expect(
        &world,
        Draft::new("round", id(60)).with(&round::PULSE, 90),
        &[": written_once"],
    );
    let correction = |admission| {
        let draft = Draft::new("round", id(61))
            .with(&round::ENCOUNTER, id(admission))
            .with(&round::AT, hour(3));
        draft.with(&round::PULSE, 90).with(&round::AMENDS, id(60))
    };
    expect(&world, correction(10), &[]);
    expect(&world, correction(11), &["amends: amends_another"]);
}

fn filing(number: u128, shift: &'static str) -> Draft {
    let draft = Draft::new("triage", id(number)).with(&triage::FACILITY, id(FACILITY));
    draft
        .with(&triage::DAY, Date::new(2026, 11, 20).unwrap())
        .with(&triage::SHIFT, shift)
}

#[test]
fn a_shift_is_filed_once_and_then_corrected() {
    let mut world = ward_with_two_patients();
    expect(&world, filing(70, "morning"), &[": no_counts"]);
    expect(&world, filing(70, "morning").with(&triage::VISITED, 0), &[]);
    let filed = Record::new("triage", id(70))
        .with(&triage::FACILITY, id(FACILITY))
        .with(&triage::VISITED, 12);
    world.put(
        filed
            .with(&triage::DAY, Date::new(2026, 11, 20).unwrap())
            .with(&triage::SHIFT, "morning"),
    );
    let again = |shift| filing(71, shift).with(&triage::VISITED, 13);
    expect(&world, again("morning"), &["shift: already_filed"]);
    expect(&world, again("evening"), &[]);
    expect(&world, again("morning").with(&triage::AMENDS, id(70)), &[]);
    expect(
        &world,
        again("evening").with(&triage::AMENDS, id(70)),
        &["amends: amends_another"],
    );
    world.put(Record::new("triage", id(71)).with(&triage::AMENDS, id(70)));
    let late = filing(72, "morning")
        .with(&triage::VISITED, 14)
        .with(&triage::AMENDS, id(70));
    expect(&world, late, &["amends: already_corrected"]);
}

#[test]
fn a_part_larger_than_its_whole_is_asked() {
    let world = ward_with_two_patients();
    let odd = filing(70, "night").with(&triage::VISITED, 5).with(&triage::REFERRED, 6);
    expect(&world, odd, &["referred: more_than_whole?"]);
}

fn movement(number: u128, word: &'static str) -> Draft {
    let draft = Draft::new("stock_entry", id(number)).with(&stock_entry::ITEM, id(ITEM));
    draft.with(&stock_entry::MOVEMENT, word).with(&stock_entry::AT, hour(1))
}

#[test]
fn the_movement_gives_the_sign() {
    let entry = |word: &'static str| {
        let record = Record::new("stock_entry", id(80)).with(&stock_entry::MOVEMENT, word);
        record.with(&stock_entry::QUANTITY, Decimal::new(2_500, 3))
    };
    for (word, amount) in [
        ("receive", 2_500),
        ("return", 2_500),
        ("transfer_in", 2_500),
        ("issue", -2_500),
        ("write_off", -2_500),
        ("transfer_out", -2_500),
        ("count", 0),
    ] {
        assert_eq!(stock_entry::amount(&entry(word)), amount, "{word}");
    }
    let count = Record::new("stock_entry", id(80)).with(&stock_entry::MOVEMENT, "count");
    let count = count
        .with(&stock_entry::COUNTED, Decimal::new(7, 0))
        .with(&stock_entry::EXPECTED, Decimal::new(10_000, 3));
    assert_eq!(stock_entry::amount(&count), -3_000);
}

#[test]
fn every_movement_is_whole() {
    let world = ward_with_two_patients();
    let ten = Decimal::new(10, 0);
    expect(&world, movement(80, "receive"), &["quantity: required"]);
    expect(
        &world,
        movement(80, "receive").with(&stock_entry::QUANTITY, Decimal::new(0, 3)),
        &["quantity: out_of_range"],
    );
    expect(
        &world,
        movement(80, "count"),
        &["counted: required", "expected: required"],
    );
    let counted = movement(80, "count")
        .with(&stock_entry::COUNTED, ten)
        .with(&stock_entry::EXPECTED, Decimal::new(-1, 0));
    expect(&world, counted.clone(), &[]);
    expect(
        &world,
        counted.with(&stock_entry::QUANTITY, ten),
        &["quantity: not_for_this_movement"],
    );
    let received = movement(80, "receive").with(&stock_entry::QUANTITY, ten);
    expect(&world, received.clone(), &[]);
    expect(
        &world,
        received.with(&stock_entry::COUNTED, ten),
        &["counted: not_for_this_movement"],
    );
}

#[test]
fn taking_more_than_there_is_asks_and_a_write_off_says_why() {
    let mut world = ward_with_two_patients();
    let received = Record::new("stock_entry", id(80))
        .with(&stock_entry::ITEM, id(ITEM))
        .with(&stock_entry::AT, hour(0));
    world.put(
        received
            .with(&stock_entry::MOVEMENT, "receive")
            .with(&stock_entry::QUANTITY, Decimal::new(10_000, 3)),
    );
    let take = |word, number| movement(81, word).with(&stock_entry::QUANTITY, Decimal::new(number, 0));
    expect(&world, take("issue", 10), &[]);
    expect(&world, take("issue", 11), &["quantity: more_than_in_stock?"]);
    expect(&world, take("write_off", 1), &["reason: required"]);
    let problems = check(vec![take("issue", 11)], &world).unwrap().unwrap_err();
    assert_eq!(problems[0].numbers.get("have").map(String::as_str), Some("10.000"));
}

#[test]
fn an_entry_made_in_error_is_replaced_only_when_it_no_longer_counts() {
    let mut world = ward_with_two_patients();
    let wrong = Record::new("stock_entry", id(80))
        .with(&stock_entry::ITEM, id(ITEM))
        .with(&stock_entry::AT, hour(0));
    world.put(
        wrong
            .with(&stock_entry::MOVEMENT, "receive")
            .with(&stock_entry::QUANTITY, Decimal::new(100_000, 3)),
    );
    let right = || {
        let draft = movement(81, "receive").with(&stock_entry::QUANTITY, Decimal::new(10, 0));
        draft.with(&stock_entry::AMENDS, id(80))
    };
    expect(&world, right(), &["amends: amended_counts_still"]);
    let void = Draft::new("stock_entry", id(80)).with_value("voided", Value::Code("yes".to_owned()));
    let void = void.with_value("void_reason", Value::Text("typed one nought too many".to_owned()));
    assert_eq!(found(&world, vec![void, right()]), Vec::<String>::new());
}

#[test]
fn a_local_role_has_a_facility_and_usernames_are_taken_once() {
    let mut world = ward_with_two_patients();
    world.put(Record::new("person", id(90)).with(&person::USERNAME, "sheela"));
    let person = |username: &str, role: &'static str| {
        let draft = Draft::new("person", id(91))
            .with(&person::NAME, "Sheela K")
            .with(&person::USERNAME, username);
        draft.with(&person::ROLE, role)
    };
    expect(&world, person("sheela.k", "nurse"), &["facility: required"]);
    expect(
        &world,
        person("sheela.k", "nurse").with(&person::FACILITY, id(FACILITY)),
        &[],
    );
    expect(&world, person("sheela.k", "district_viewer"), &[]);
    expect(
        &world,
        person("sheela", "district_viewer"),
        &["username: username_taken"],
    );
    expect(
        &world,
        person("sheela k", "district_viewer"),
        &["username: not_a_username"],
    );
}

#[test]
fn a_place_has_latitude_and_longitude_and_a_pack_its_content() {
    let world = ward_with_two_patients();
    let place = Draft::new("facility", id(FACILITY)).with(&facility::FACILITY_TYPE_FIELD, "district_hospital");
    let place = place.with(&facility::LATITUDE, Decimal::new(9_981_635, 6));
    expect(&world, place.clone(), &["longitude: required"]);
    expect(
        &world,
        place.with(&facility::LONGITUDE, Decimal::new(76_299_884, 6)),
        &[],
    );
    let pack = |unit| Draft::new("item", id(ITEM)).with(&item::PACK_UNIT, unit);
    expect(&world, pack("dozen"), &["pack_content: required"]);
    expect(
        &world,
        pack("dozen").with(&item::PACK_CONTENT, Decimal::new(12, 0)),
        &[],
    );
    expect(
        &world,
        pack("cylinder").with(&item::PACK_CONTENT, Decimal::new(1, 0)),
        &["pack_unit: same_unit"],
    );
}
