//! What one desk does to a record that another takes back, on real files.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use domain::ward::conflicts::ward_conflicts;
use domain::{Draft, Time, Value};
use rig::{Desk, District, NOON_MS, patient, text};

fn void(number: u128) -> Draft {
    let draft = patient(number).with_value("voided", Value::Code("yes".to_owned()));
    draft.with_value("void_reason", text("registered twice"))
}

/// What the desk's inbox says of edits and voids.
fn told(desk: &Desk) -> Vec<(&'static str, Vec<(Value, bool)>)> {
    let now = Time(NOON_MS);
    let all = desk.read(|records| ward_conflicts(records, now, now.day(330)));
    all.into_iter()
        .map(|conflict| {
            let heads = conflict.said.into_iter().flat_map(|said| said.heads);
            let mut said: Vec<(Value, bool)> = heads.map(|head| (head.value, head.in_force)).collect();
            said.sort();
            (conflict.what.word(), said)
        })
        .collect()
}

fn exchange(district: &mut District, desks: [&Desk; 2]) {
    for desk in [desks[0], desks[1], desks[0]] {
        district.exchange(desk);
    }
    assert_eq!(desks[0].digest(), desks[1].digest());
    for desk in desks {
        desk.assert_verified();
    }
}

fn word(word: &str) -> Value {
    Value::Code(word.to_owned())
}

/// Two desks that both know Lakshmi.
fn two_desks() -> (Desk, Desk, District) {
    let (mut one, two, mut district) = (Desk::new(1), Desk::new(2), District::default());
    one.register(5, "Lakshmi");
    exchange(&mut district, [&one, &two]);
    (one, two, district)
}

#[test]
fn an_edit_and_a_void_that_do_not_know_of_each_other_wait_on_both_desks_and_the_record_stands() {
    for void_is_numbered_first in [true, false] {
        let (mut one, mut two, mut district) = two_desks();
        one.save(vec![void(5)]);
        two.save(vec![patient(5).with_value("phone", text("9847012345"))]);
        let order = if void_is_numbered_first {
            [&one, &two]
        } else {
            [&two, &one]
        };
        exchange(&mut district, order);
        for desk in [&one, &two] {
            let both = vec![(word("no"), true), (word("yes"), false)];
            assert_eq!(told(desk), [("edited_after_void", both)]);
            assert_eq!(
                desk.read(|records| records.all("patient")).len(),
                1,
                "it stands meanwhile"
            );
            assert_eq!(desk.field(5, "phone"), text("9847012345"));
        }
    }
}

#[test]
fn a_decision_for_either_ends_it_on_every_desk() {
    for (decided, left) in [("yes", 0), ("no", 1)] {
        let (mut one, mut two, mut district) = two_desks();
        one.save(vec![void(5)]);
        two.save(vec![patient(5).with_value("phone", text("9847012345"))]);
        exchange(&mut district, [&one, &two]);
        one.resolve(patient(5).with_value("voided", word(decided)));
        exchange(&mut district, [&one, &two]);
        for desk in [&one, &two] {
            assert_eq!(told(desk), []);
            assert_eq!(desk.read(|records| records.all("patient")).len(), left);
        }
    }
}

#[test]
fn who_knew_of_the_void_or_of_the_edit_contradicts_nobody() {
    let (mut one, mut two, mut district) = two_desks();
    two.save(vec![patient(5).with_value("phone", text("9847012345"))]);
    exchange(&mut district, [&two, &one]);
    one.save(vec![void(5)]);
    exchange(&mut district, [&one, &two]);
    assert_eq!(told(&one), []);
    // Who corrects what is void leaves it void.
    two.save(vec![patient(5).with_value("phone", text("9847000000"))]);
    exchange(&mut district, [&two, &one]);
    assert_eq!(told(&one), []);
    assert_eq!(one.read(|records| records.all("patient")), []);
    // And a restored record can be changed and taken back again.
    two.save(vec![patient(5).with_value("voided", word("no"))]);
    two.save(vec![patient(5).with_value("phone", text("9847012345"))]);
    exchange(&mut district, [&two, &one]);
    one.save(vec![void(5)]);
    exchange(&mut district, [&one, &two]);
    assert_eq!((told(&one), told(&two)), (vec![], vec![]));
}

#[test]
fn a_form_opened_before_the_void_arrived_contradicts_it_though_it_is_saved_after() {
    let (mut one, mut two, mut district) = two_desks();
    let opened = two.store.as_of().unwrap();
    one.save(vec![void(5)]);
    exchange(&mut district, [&one, &two]);
    two.save_as_of(vec![patient(5).with_value("phone", text("9847012345"))], opened)
        .unwrap();
    exchange(&mut district, [&two, &one]);
    assert_eq!(told(&one).len(), 1);
    assert_eq!(told(&one), told(&two));
}

#[test]
fn two_edits_of_different_fields_agree_that_the_record_stands() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![patient(5).with_value("address", text("Kochi"))]);
    two.save(vec![patient(5).with_value("phone", text("9847012345"))]);
    exchange(&mut district, [&one, &two]);
    assert_eq!(told(&one), []);
    assert_eq!(one.conflicts(), []);
}
