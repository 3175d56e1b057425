//! Rounds, triage and stock.

use super::*;

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
    expect(
        &world,
        round().with(&round::TEMPERATURE_MEASURED_AT, hour(2)),
        &[": nothing_observed"],
    );
    let warm = || round().with(&round::TEMPERATURE, Decimal::new(385, 1));
    expect(&world, warm().with(&round::TEMPERATURE_MEASURED_AT, hour(2)), &[]);
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
fn an_expired_batch_is_written_off_without_a_question_and_given_out_only_after_one() {
    let world = ward_with_two_patients();
    let day = Time(0).day(0);
    let batch = |word, expiry| {
        let draft = movement(80, word).with(&stock_entry::EXPIRY, expiry);
        let draft = draft.with(&stock_entry::REASON, "expired");
        let mut draft = draft.with(&stock_entry::QUANTITY, Decimal::new(1, 0));
        draft.confirmed.insert("quantity".to_owned());
        draft
    };
    let yesterday = day.plus_days(-1);
    for word in ["receive", "issue", "transfer_in", "transfer_out"] {
        expect(&world, batch(word, yesterday), &["expiry: expired_batch?"]);
        expect(&world, batch(word, day), &[]);
    }
    expect(&world, batch("write_off", yesterday), &[]);
}
