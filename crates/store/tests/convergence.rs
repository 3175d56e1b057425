//! Whatever three desks do and however their exchanges interleave: nothing is lost, and in the end
//! all hold the same, byte for byte.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::collections::BTreeSet;

use domain::Value;
use proptest::prelude::*;
use rig::{Desk, District, id, patient, text};
use sync_core::ChangeId;

const FIELDS: [&str; 4] = ["name", "village", "allergies", "disease_status"];
const DISEASE: [&str; 3] = ["positive", "suspected", "negative"];

/// What happens at a desk.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody edits a field of a patient; the form was opened so many commits ago.
    Edit {
        patient: u128,
        field: usize,
        value: u8,
        ago: u64,
    },
    Resolve {
        patient: u128,
        field: usize,
        value: u8,
    },
    /// The desk sends, so many changes at a time.
    Send(usize),
    /// The desk sends and never hears the answer.
    SendIntoTheVoid,
    /// The desk hears one page of so many changes.
    Hear(usize),
    CloseAndOpen,
    Rebuild,
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let edit = (0..3_u128, 0..FIELDS.len(), 0..3_u8);
    let step = prop_oneof![
        6 => (edit.clone(), 0..4_u64)
            .prop_map(|((patient, field, value), ago)| Step::Edit { patient, field, value, ago }),
        2 => edit.prop_map(|(patient, field, value)| Step::Resolve { patient, field, value }),
        2 => (1..5_usize).prop_map(Step::Send),
        1 => Just(Step::SendIntoTheVoid),
        4 => (1..5_usize).prop_map(Step::Hear),
        1 => Just(Step::CloseAndOpen),
        1 => Just(Step::Rebuild),
    ];
    proptest::collection::vec((0..3_usize, step), 1..40)
}

fn draft(number: u128, field: usize, value: u8) -> domain::Draft {
    let field = FIELDS[field];
    let value = match field {
        "disease_status" => Value::Code(DISEASE[usize::from(value)].to_owned()),
        "allergies" => text(&format!("allergy {value}")),
        _ => text(&format!("value {value}")),
    };
    let draft = patient(number).with_value(field, value);
    if field == "allergies" {
        return draft.with_value("allergy_status", Value::Code("known".to_owned()));
    }
    draft
}

fn do_step(desk: Desk, step: Step, district: &mut District, acknowledged: &mut BTreeSet<ChangeId>) -> Desk {
    let mut desk = desk;
    match step {
        Step::Edit {
            patient,
            field,
            value,
            ago,
        } => {
            let as_of = desk.store.as_of().unwrap().saturating_sub(ago);
            if let Ok(saved) = desk.save_as_of(vec![draft(patient, field, value)], as_of) {
                acknowledged.extend(saved.changes);
            }
        }
        Step::Resolve { patient, field, value } => {
            let as_of = desk.store.as_of().unwrap();
            let mut action = desk.action(vec![draft(patient, field, value)], as_of);
            action.resolve = true;
            if let Ok(saved) = desk.store.save(action) {
                acknowledged.extend(saved.changes);
            }
        }
        Step::Send(limit) => district.take(&desk, limit),
        Step::SendIntoTheVoid => drop(district.number(desk.store.outbox(3, usize::MAX).unwrap())),
        Step::Hear(limit) => {
            let page = district.page(&desk, rig::homes().facility, limit);
            let absorbed = desk.store.absorb(page, rig::NOON_MS).unwrap();
            assert!(!absorbed.is_diverged);
        }
        Step::CloseAndOpen => desk = desk.reopened(),
        Step::Rebuild => desk.store.rebuild().unwrap(),
    }
    desk
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn desks_that_heard_everything_hold_the_same(steps in steps()) {
        let mut district = District::default();
        let mut acknowledged = BTreeSet::new();
        let mut desks: Vec<Option<Desk>> = (1..=3).map(|number| Some(Desk::new(number))).collect();
        let first = desks[0].as_mut().unwrap();
        for number in 0..3 {
            acknowledged.extend(first.register(number, "value 0").changes);
        }
        district.exchange(first);
        for (at, step) in steps {
            let desk = desks[at].take().unwrap();
            desks[at] = Some(do_step(desk, step, &mut district, &mut acknowledged));
        }
        let desks: Vec<Desk> = desks.into_iter().flatten().collect();
        for _ in 0..2 {
            for desk in &desks {
                district.exchange(desk);
            }
        }
        let log = &district.spaces[&rig::homes().facility];
        let kept: BTreeSet<ChangeId> = log.entries.iter().map(|entry| entry.change().id).collect();
        prop_assert_eq!(&kept, &acknowledged);
        for desk in &desks {
            prop_assert_eq!(desk.digest(), log.digest());
            prop_assert_eq!(desk.states(), desks[0].states());
            prop_assert_eq!(desk.conflicts(), desks[0].conflicts());
            prop_assert_eq!(desk.store.unsent().unwrap(), 0);
            prop_assert_eq!(desk.store.verify().unwrap(), vec![]);
            prop_assert_eq!(desk.read(|records| records.get("patient", id(0))), desks[0].read(|records| records.get("patient", id(0))));
        }
    }
}
