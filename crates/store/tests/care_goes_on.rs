//! Two values of one field are shown and wait for a person; meanwhile nobody is kept from admitting, transferring,
//! observing, editing or discharging.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use domain::actions::{Stage, act};
use domain::{Ctx, Date, Draft, Time, Value};
use rig::{Desk, District, NOON_MS, id, text};
use serde_json::json;

const PATIENT: u128 = 100;
const BEDS: [u128; 2] = [70, 71];
const UTC_OFFSET_MINUTES: i32 = 330;

fn word(word: &str) -> Value {
    Value::Code(word.to_owned())
}

/// Every field that decides about identity or safety, with what two desks write into it at once.
fn two_values() -> Vec<(&'static str, [Value; 2])> {
    let date = |day: &str| Value::Date(day.parse::<Date>().unwrap());
    vec![
        ("name", [text("Lakshmi Nair"), text("Lekshmi Nayar")]),
        ("gender", [word("female"), word("male")]),
        ("birth_date", [date("1959-03-01"), date("1958-03-01")]),
        ("hospital_number", [text("GH-1"), text("GH-2")]),
        ("abha", [text("12-3456-7890-1234"), text("98-7654-3210-4321")]),
        ("blood_group", [word("a_positive"), word("o_negative")]),
        ("allergy_status", [word("known"), word("none")]),
        ("allergies", [text("Penicillin"), Value::Empty]),
        ("ongoing_medication", [text("Warfarin"), text("none")]),
        ("antenatal", [word("yes"), word("no")]),
        ("disease_status", [word("positive"), word("negative")]),
        ("phone", [text("9847012345"), text("9400000001")]),
    ]
}

fn place() -> Vec<Draft> {
    let mut all = vec![
        Draft::new("facility", id(1)).with_value("name", text("GH")),
        Draft::new("ward", id(60))
            .with_value("name", text("ICU"))
            .with_value("facility", Value::Ref(id(1))),
        Draft::new("patient", id(PATIENT)).with_value("name", text("Lakshmi")),
    ];
    for number in BEDS {
        let bed = Draft::new("bed", id(number)).with_value("ward", Value::Ref(id(60)));
        all.push(
            bed.with_value("label", text(&number.to_string()))
                .with_value("bed_type", word("icu")),
        );
    }
    all
}

/// Does an action of the window as a nurse would.
fn done(desk: &mut Desk, name: &str, args: &serde_json::Value, next: &mut u128) {
    let ctx = Ctx {
        now: Time(NOON_MS),
        today: Time(NOON_MS).day(UTC_OFFSET_MINUTES),
        utc_offset_minutes: UTC_OFFSET_MINUTES,
        facility: id(1),
        person: id(0xac),
        role: "nurse".to_owned(),
        heard: Some(Time(NOON_MS)),
    };
    let drafts = desk.read(|records| {
        let mut new_id = || {
            *next += 1;
            id(*next)
        };
        Ok(act(
            name,
            args,
            &mut Stage {
                world: records,
                ctx: &ctx,
                new_id: &mut new_id,
            },
        ))
    });
    let mut drafts = drafts.unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
    for draft in &mut drafts {
        draft.confirmed = draft.fields.keys().cloned().collect();
    }
    let as_of = desk.store.as_of().unwrap();
    desk.save_as_of(drafts, as_of)
        .unwrap_or_else(|refused| panic!("{name}: {refused:?}"));
}

/// The encounter of whoever lies in a bed.
fn admitted(desk: &Desk) -> Value {
    let open = desk.read(|records| records.open("bed_stay"));
    assert_eq!(open.len(), 1, "one person in one bed");
    open[0].value("encounter").clone()
}

#[test]
fn care_goes_on_while_every_field_of_identity_and_safety_has_two_values() {
    let (mut desks, mut district) = ([Desk::new(1), Desk::new(2)], District::default());
    for (seq, draft) in (1..).zip(place()) {
        let fields: Vec<(&str, Value)> = draft
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        district.hear(9, seq, &draft.kind, draft.id, &fields);
    }
    desks.iter().for_each(|desk| drop(district.exchange(desk)));
    for (place, desk) in desks.iter_mut().enumerate() {
        let mut draft = Draft::new("patient", id(PATIENT));
        for (field, values) in two_values() {
            draft = draft.with_value(field, values[place].clone());
        }
        draft.confirmed = draft.fields.keys().cloned().collect();
        desk.save(vec![draft]);
    }
    for desk in [0, 1, 0] {
        district.exchange(&desks[desk]);
    }
    let [mut desk, _] = desks;
    assert_eq!(desk.conflicts().len(), two_values().len(), "{:?}", desk.conflicts());

    let mut next = 0x5000;
    let fields = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    let admit = json!({ "patient": id(PATIENT), "bed": id(BEDS[0]), "at": null, "fields": fields });
    done(&mut desk, "admit", &admit, &mut next);
    let encounter = admitted(&desk);
    let Value::Ref(number) = encounter else {
        panic!("a stay without an encounter")
    };
    let round = Draft::new("round", id(0x600))
        .with_value("encounter", encounter)
        .with_value("at", Value::Time(Time(NOON_MS)))
        .with_value("respiratory_rate", Value::Int(22))
        .with_value("spo2", Value::Int(94))
        .with_value("pulse", Value::Int(96));
    desk.save(vec![round]);
    let village = Draft::new("patient", id(PATIENT)).with_value("village", text("Kalady"));
    desk.save(vec![village]);
    let transfer = json!({ "encounter": number, "bed": id(BEDS[1]), "at": null, "clean": false });
    done(&mut desk, "transfer", &transfer, &mut next);
    let discharge =
        json!({ "encounter": number, "at": null, "clean": true, "fields": { "discharge_reason": "recovered" } });
    done(&mut desk, "discharge", &discharge, &mut next);
    assert!(desk.read(|records| records.open("bed_stay")).is_empty());
    assert_eq!(
        desk.conflicts().len(),
        two_values().len(),
        "nothing was decided on the way"
    );
}
