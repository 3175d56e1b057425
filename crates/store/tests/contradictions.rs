//! Two desks with real files that do not know of each other: what contradicts is found on both alike,
//! and is what the same rules find in the plain records.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::collections::BTreeSet;

use domain::ward::conflicts::ward_conflicts;
use domain::world::Overlay;
use domain::{Draft, Records, Time, Value};
use proptest::prelude::*;
use rig::{Desk, District, NOON_MS, id, text};

const HOUR_MS: i64 = 3_600_000;
const KINDS: [&str; 11] = [
    "facility",
    "item",
    "ward",
    "bed",
    "patient",
    "told_apart",
    "encounter",
    "bed_stay",
    "bed_hold",
    "stock_entry",
    "triage",
];

#[derive(Clone, Copy, Debug)]
struct Deed {
    desk: usize,
    what: u8,
    a: u128,
    b: u128,
    hour: i64,
    exchanges: bool,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = (
        0..2_usize,
        0..12_u8,
        0..4_u128,
        0..3_u128,
        0..12_i64,
        prop::bool::weighted(0.2),
    );
    let deed = one.prop_map(|(desk, what, a, b, hour, exchanges)| Deed {
        desk,
        what,
        a,
        b,
        hour,
        exchanges,
    });
    prop::collection::vec(deed, 1..25)
}

fn word(word: &str) -> Value {
    Value::Code(word.to_owned())
}

fn at(hour: i64) -> Value {
    Value::Time(Time(NOON_MS + hour * HOUR_MS))
}

/// What the deed writes; its record is new at each, or one of few.
fn draft(deed: Deed, number: u128) -> Draft {
    let new = |kind: &str| Draft::new(kind, id(0x1000 + number * 2 + deed.desk as u128));
    let patient = Value::Ref(id(100 + deed.a));
    match deed.what {
        0 | 1 => new("encounter")
            .with_value("patient", patient)
            .with_value("facility", Value::Ref(id(1)))
            .with_value("admitted_at", at(deed.hour)),
        2..=4 => new("bed_stay")
            .with_value("bed", Value::Ref(id(70 + deed.b)))
            .with_value("encounter", Value::Ref(id(200 + deed.a)))
            .with_value("from", at(deed.hour))
            .with_value("to", if deed.b == 0 { Value::Empty } else { at(deed.hour + 3) }),
        5 => Draft::new("patient", id(100 + deed.a))
            .with_value("phone", text(["9847012345", "9400000001"][deed.b as usize % 2])),
        6 => Draft::new("patient", id(100 + deed.a))
            .with_value("voided", word("yes"))
            .with_value("void_reason", text("registered twice")),
        7 => Draft::new("patient", id(100 + deed.a)).with_value("same_as", Value::Ref(id(100 + (deed.a + 1) % 4))),
        8 => Draft::new("encounter", id(200 + deed.a))
            .with_value("discharged_at", at(deed.hour + 6))
            .with_value("discharge_reason", word("recovered")),
        9 => new("triage")
            .with_value("facility", Value::Ref(id(1)))
            .with_value("day", Value::Date(Time(NOON_MS).day(330)))
            .with_value("shift", word("morning"))
            .with_value("visited", Value::Int(deed.hour)),
        10 => new("bed_hold")
            .with_value("bed", Value::Ref(id(70 + deed.b)))
            .with_value("reason", word(["held", "blocked"][deed.a as usize % 2]))
            .with_value("encounter", Value::Ref(id(200 + deed.a)))
            .with_value("note", text("oxygen"))
            .with_value("from", at(deed.hour)),
        _ => new("stock_entry")
            .with_value("item", Value::Ref(id(300)))
            .with_value("at", at(deed.hour))
            .with_value("movement", word(["issue", "receive"][deed.b as usize % 2]))
            .with_value("quantity", Value::Decimal(domain::Decimal::new(1_000, 3))),
    }
}

type Told = Vec<(&'static str, BTreeSet<domain::RecordId>)>;

fn told(world: &dyn Records) -> Told {
    let now = Time(NOON_MS + 24 * HOUR_MS);
    let all = ward_conflicts(world, now, now.day(330)).unwrap();
    let mut told: Told = all
        .iter()
        .map(|each| (each.what.word(), each.records.iter().map(|record| record.id).collect()))
        .collect();
    told.sort();
    told
}

/// Four patients of one name, each with an encounter; three beds; one item.
fn ward() -> Vec<Draft> {
    let mut all = vec![
        Draft::new("facility", id(1)).with_value("name", text("GH")),
        Draft::new("item", id(300))
            .with_value("name", text("Oxygen"))
            .with_value("unit", text("item")),
        Draft::new("ward", id(60))
            .with_value("name", text("ICU"))
            .with_value("facility", Value::Ref(id(1))),
    ];
    for number in 0..4 {
        let patient = Draft::new("patient", id(100 + number)).with_value("name", text("Lakshmi Nair"));
        let encounter = Draft::new("encounter", id(200 + number)).with_value("patient", Value::Ref(id(100 + number)));
        all.push(patient);
        all.push(
            encounter
                .with_value("facility", Value::Ref(id(1)))
                .with_value("admitted_at", at(0)),
        );
    }
    for number in 70..73 {
        let bed = Draft::new("bed", id(number)).with_value("ward", Value::Ref(id(60)));
        all.push(
            bed.with_value("label", text(&number.to_string()))
                .with_value("bed_type", word("icu")),
        );
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn two_desks_with_real_files_find_the_same_contradictions_as_the_plain_records(deeds in deeds()) {
        let (mut desks, mut district) = ([Desk::new(1), Desk::new(2)], District::default());
        for (seq, draft) in (1..).zip(ward()) {
            let fields: Vec<(&str, Value)> = draft.fields.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            district.hear(9, seq, &draft.kind, draft.id, &fields);
        }
        for desk in [0, 1, 0] {
            district.exchange(&desks[desk]);
        }
        for (number, deed) in (0..).zip(&deeds) {
            let mut draft = draft(*deed, number);
            draft.confirmed = draft.fields.keys().cloned().collect();
            let as_of = desks[deed.desk].store.as_of().unwrap();
            // What one desk refuses is simply not done there.
            let _refused = desks[deed.desk].save_as_of(vec![draft], as_of);
            if deed.exchanges {
                district.exchange(&desks[deed.desk]);
            }
        }
        for desk in [0, 1, 0, 1] {
            district.exchange(&desks[desk]);
        }
        prop_assert_eq!(desks[0].digest(), desks[1].digest());
        let shown = desks[0].read(|records| Ok(told(records)));
        prop_assert_eq!(&shown, &desks[1].read(|records| Ok(told(records))));
        // The same rules over plain records, where nothing is looked up in a table.
        let mut plain = Overlay::alone();
        for kind in KINDS {
            for record in desks[0].read(|records| records.all(kind)) {
                plain.put(record);
            }
        }
        for patient in 100..104 {
            plain.put(desks[0].read(|records| records.get("patient", id(patient))).unwrap());
        }
        let voids = |all: &Told| all.iter().filter(|(what, _)| *what != "edited_after_void").cloned().collect::<Told>();
        prop_assert_eq!(voids(&shown), told(&plain));
        // And every edit of a patient that somebody took back unknowingly is told, no other.
        let conflicts = desks[0].read(|records| records.conflicts());
        let expected = conflicts.iter().filter(|conflict| conflict.field == "voided").count();
        prop_assert_eq!(shown.iter().filter(|(what, _)| *what == "edited_after_void").count(), expected);
        for desk in &desks {
            desk.assert_verified();
        }
    }
}
