//! Taking an action back gives what stood before it, and never takes back what came after it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use domain::{Draft, Value};
use rig::{Desk, District, id, patient, text};
use store::{Saved, StoreError, Undo};

fn undo_of(desk: &Desk, saved: &Saved) -> Option<Undo> {
    let undo = desk
        .store
        .read(|records, _| Ok::<_, StoreError>(records.undo(saved.changes[0])));
    undo.unwrap().unwrap()
}

fn take_back(desk: &mut Desk, saved: &Saved) -> Saved {
    let undo = undo_of(desk, saved).unwrap();
    desk.save(undo.drafts)
}

fn phone(number: u128, phone: &str) -> Draft {
    patient(number).with_value("phone", text(phone))
}

#[test]
fn a_field_gets_back_what_it_held_and_one_that_was_empty_is_empty_again() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let first = desk.save(vec![phone(5, "+919876500001")]);
    let second = desk.save(vec![phone(5, "+919876500002")]);
    take_back(&mut desk, &second);
    assert_eq!(desk.field(5, "phone"), text("+919876500001"));
    assert_eq!(
        undo_of(&desk, &first),
        None,
        "it was changed since, though it reads the same"
    );
    let third = desk.save(vec![patient(5).with_value("address", text("Aluva"))]);
    take_back(&mut desk, &third);
    assert_eq!(desk.field(5, "address"), Value::Empty);
    desk.assert_verified();
}

#[test]
fn a_record_that_was_made_is_voided_with_a_reason_and_all_of_an_action_goes_together() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let saved = desk.save(vec![
        phone(5, "+919876500001"),
        patient(6).with_value("name", text("Meera")),
    ]);
    let undo = undo_of(&desk, &saved).unwrap();
    assert_eq!((undo.actor, undo.drafts.len()), (id(0xac), 2));
    desk.save(undo.drafts);
    assert_eq!(desk.field(5, "phone"), Value::Empty);
    assert_eq!(desk.field(6, "voided"), Value::Code("yes".to_owned()));
    assert_eq!(desk.field(6, "void_reason"), text("undone"));
}

#[test]
fn what_another_desk_changed_meanwhile_is_not_taken_back() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    district.hear(9, 1, "patient", id(5), &[("name", text("Lakshmi"))]);
    district.give(&desk, 10);
    let saved = desk.save(vec![phone(5, "+919876500001")]);
    district.hear(9, 2, "patient", id(5), &[("address", text("Aluva"))]);
    district.give(&desk, 10);
    assert!(undo_of(&desk, &saved).is_some(), "another field");
    district.hear(9, 3, "patient", id(5), &[("phone", text("+919876500002"))]);
    district.give(&desk, 10);
    assert_eq!(
        undo_of(&desk, &saved),
        None,
        "a conflict stands: both are shown to a person"
    );
}

#[test]
fn a_decision_between_two_values_is_not_taken_back() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    district.hear(9, 1, "patient", id(5), &[("name", text("Lakshmi"))]);
    district.give(&desk, 10);
    desk.save(vec![phone(5, "+919876500001")]);
    district.hear(9, 2, "patient", id(5), &[("phone", text("+919876500002"))]);
    district.give(&desk, 10);
    assert_eq!(desk.conflicts().len(), 1);
    let decided = desk.resolve(phone(5, "+919876500003"));
    assert_eq!(desk.conflicts().len(), 0);
    assert_eq!(undo_of(&desk, &decided), None);
}
