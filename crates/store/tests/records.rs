//! What screens ask of the records: lookups, intervals, balances; that the tables answer as plain
//! records in memory do; and that all of it can be computed anew from the log.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::collections::{BTreeMap, BTreeSet};

use domain::world::{Live, Overlay};
use domain::{Date, Decimal, Record, RecordId, Records, Time, Value};
use proptest::prelude::*;
use rig::{Desk, District, id, patient, raw, text};
use store::Difference;

const HOUR_MS: i64 = 3_600_000;

fn code(word: &str) -> Value {
    Value::Code(word.to_owned())
}

fn at(hour: i64) -> Value {
    Value::Time(Time(rig::NOON_MS + hour * HOUR_MS))
}

fn until(hour: Option<i64>) -> Value {
    hour.map_or(Value::Empty, at)
}

/// A stay of somebody in a bed, heard from another desk.
fn stay(district: &mut District, number: u64, bed: u128, encounter: u128, from: i64, to: Option<i64>) {
    let fields = [
        ("bed", Value::Ref(id(bed))),
        ("encounter", Value::Ref(id(encounter))),
        ("from", at(from)),
        ("to", until(to)),
    ];
    district.hear(9, number, "bed_stay", id(u128::from(number)), &fields);
}

fn ids(records: &[Record]) -> Vec<u128> {
    records.iter().map(|record| record.id.0.as_u128()).collect()
}

fn overlaps(desk: &Desk) -> Vec<(u128, u128)> {
    let pairs = desk.read(|records| records.overlapping("bed_stay"));
    let mut pairs: Vec<(u128, u128)> = pairs
        .iter()
        .map(|(a, b)| {
            (
                a.id.0.as_u128().min(b.id.0.as_u128()),
                a.id.0.as_u128().max(b.id.0.as_u128()),
            )
        })
        .collect();
    pairs.sort_unstable();
    pairs
}

#[test]
fn two_patients_in_one_bed_and_one_patient_in_two_beds_are_found() {
    let (desk, mut district) = (Desk::new(1), District::default());
    stay(&mut district, 1, 70, 500, 0, Some(10));
    stay(&mut district, 2, 70, 501, 10, Some(20)); // begins when the first ends
    stay(&mut district, 3, 70, 502, 12, Some(13)); // within the second
    stay(&mut district, 4, 71, 500, 5, None); // the first patient in another bed
    stay(&mut district, 5, 71, 503, 30, None); // into the bed of the fourth
    district.give(&desk, 10);
    assert_eq!(overlaps(&desk), [(1, 4), (2, 3), (4, 5)]);
    assert_eq!(ids(&desk.read(|records| records.open("bed_stay"))), [4, 5]);
    desk.assert_verified();
    let end = [("to", at(6))];
    let mut ended = district.spaces[&rig::homes().facility].entries[3].change().clone();
    let base = ended.id;
    ended.id.seq = 6;
    ended.action = uuid::Uuid::from_u128(6);
    ended.fields = end.map(|(name, value)| (name.to_owned(), value)).into();
    ended.base = [("to".to_owned(), vec![base])].into();
    district.hear_change(ended);
    district.hear(
        9,
        7,
        "bed_stay",
        id(2),
        &[("voided", code("yes")), ("void_reason", text("wrong"))],
    );
    district.give(&desk, 10);
    assert_eq!(overlaps(&desk), [(1, 4)]);
    assert_eq!(ids(&desk.read(|records| records.open("bed_stay"))), [5]);
    desk.assert_verified();
}

fn entry(district: &mut District, number: u64, item: u128, hour: i64, movement: &str, units: i64) {
    let fields = [
        ("item", Value::Ref(id(item))),
        ("at", at(hour)),
        ("movement", code(movement)),
        ("quantity", Value::Decimal(Decimal::new(units * 1_000, 3))),
    ];
    district.hear(9, number, "stock_entry", id(u128::from(number)), &fields);
}

#[test]
fn a_balance_is_the_sum_of_its_entries_and_knows_how_low_it_was() {
    let (desk, mut district) = (Desk::new(1), District::default());
    let balance = |desk: &Desk, item: u128| {
        let balances = desk.read(|records| records.balances("stock_entry"));
        balances
            .get(&id(item))
            .map(|balance| (balance.sum / 1_000, balance.lowest / 1_000))
    };
    entry(&mut district, 1, 70, 1, "receive", 10);
    entry(&mut district, 2, 70, 2, "issue", 4);
    entry(&mut district, 3, 71, 1, "receive", 1);
    district.give(&desk, 10);
    assert_eq!(balance(&desk, 70), Some((6, 0)));
    entry(&mut district, 4, 70, 0, "issue", 3); // came late, happened first
    district.give(&desk, 10);
    assert_eq!(balance(&desk, 70), Some((3, -3)));
    entry(&mut district, 5, 70, 3, "issue", 8);
    district.give(&desk, 10);
    assert_eq!(balance(&desk, 70), Some((-5, -5)));
    desk.assert_verified();
    for (seq, record) in [(6, 5), (7, 4), (8, 3)] {
        district.hear(9, seq, "stock_entry", id(record), &[("voided", code("yes"))]);
    }
    district.give(&desk, 10);
    assert_eq!(balance(&desk, 70), Some((6, 0)));
    assert_eq!(balance(&desk, 71), None);
    desk.assert_verified();
}

#[test]
fn records_are_found_by_what_an_indexed_field_holds() {
    let mut desk = Desk::new(1);
    let born = |year| Value::Date(Date::new(year, 3, 4).unwrap());
    for (number, year) in [(5, 1990), (6, 1950), (7, 1970), (8, 1970)] {
        desk.save(vec![
            patient(number)
                .with_value("name", text("Lakshmi"))
                .with_value("birth_date", born(year)),
        ]);
    }
    let by = |value: &Value| ids(&desk.read(|records| records.by("patient", "birth_date", value)));
    assert_eq!(by(&born(1970)), [7, 8]);
    assert_eq!(by(&born(1971)), []);
    let between =
        |from, to| ids(&desk.read(|records| records.between("patient", "birth_date", &born(from), &born(to))));
    assert_eq!(between(1950, 1990), [6, 7, 8]);
    assert_eq!(between(1951, 2000), [7, 8, 5]);
    assert_eq!(
        ids(&desk.read(|records| records.by("patient", "birth_year", &Value::Empty))),
        [5, 6, 7, 8]
    );
    assert_eq!(
        ids(&desk.read(|records| records.by("patient", "village", &Value::Empty))),
        [5, 6, 7, 8]
    );
    let reason = text("Registered twice");
    desk.save(vec![
        patient(7)
            .with_value("voided", code("yes"))
            .with_value("void_reason", reason),
    ]);
    let by = |value: &Value| ids(&desk.read(|records| records.by("patient", "birth_date", value)));
    assert_eq!(by(&born(1970)), [8]);
    assert_eq!(ids(&desk.read(|records| records.all("patient"))), [5, 6, 8]);
    assert!(desk.read(|records| records.get("patient", id(7))).unwrap().is_voided());
    assert_eq!(desk.read(|records| records.all("no_such_kind")), []);
    desk.assert_verified();
}

#[test]
fn history_tells_who_wrote_what_and_when() {
    let (mut one, two, mut district) = (Desk::new(1), Desk::new(2), District::default());
    one.register(5, "Lakshmi");
    district.exchange(&one);
    district.exchange(&two);
    let mut two = two;
    two.save(vec![patient(5).with_value("village", text("Aluva"))]);
    one.save(vec![patient(5).with_value("phone", text("9847012345"))]);
    district.exchange(&two);
    district.give(&one, 10);
    let history = one.store.read(|records, _| records.history("patient", id(5))).unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|past| {
            (
                past.change.device,
                past.lsn,
                past.fields.keys().next().unwrap().as_str(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (rig::device(1), Some(1), "name"),
            (rig::device(2), Some(2), "village"),
            (rig::device(1), None, "phone"),
        ]
    );
}

#[test]
fn everything_can_be_computed_anew_from_the_log() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.save(vec![
        patient(5)
            .with_value("name", text("Lakshmi"))
            .with_value("phone", text("9847012345")),
    ]);
    stay(&mut district, 1, 70, 500, 0, None);
    stay(&mut district, 2, 70, 501, 1, None);
    entry(&mut district, 3, 70, 1, "receive", 10);
    district.exchange(&desk);
    let (states, digest) = (desk.states(), desk.digest());
    desk.assert_verified();
    let conn = raw(&desk.path());
    let spoils = [
        ("record", "UPDATE record SET state = (SELECT max(state) FROM record)"),
        ("projection", "UPDATE interval SET to_ms = 5"),
        ("projection", "UPDATE ledger SET amount = 5"),
        ("projection", "UPDATE search_word SET words = 'rani'"),
        ("projection", "DELETE FROM index_entry WHERE field = 'bed'"),
        (
            "index_entry",
            "INSERT INTO index_entry (kind, field, value, record) VALUES (1, 'a', x'00', 1)",
        ),
        ("clash", "DELETE FROM clash"),
        ("balance", "UPDATE balance SET lowest = -1"),
        ("conflict", "INSERT INTO conflict (record, field) VALUES (1, 'name')"),
        ("space", "UPDATE space SET digest = zeroblob(32)"),
    ];
    for (table, spoil) in spoils {
        conn.execute(spoil, []).unwrap();
        let found: Vec<&str> = desk
            .store
            .verify()
            .unwrap()
            .iter()
            .map(|difference| difference.table)
            .collect();
        assert!(found.contains(&table), "{spoil}: {found:?}");
        desk.store.rebuild().unwrap();
        assert_eq!(desk.store.verify().unwrap(), Vec::<Difference>::new(), "{spoil}");
        assert_eq!((desk.states(), desk.digest()), (states.clone(), digest));
    }
}

#[test]
fn a_file_whose_projections_were_made_otherwise_is_rebuilt_when_it_opens() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let path = desk.path();
    drop(desk.store);
    let conn = raw(&path);
    conn.execute("UPDATE desk SET projected_by = 'an older version'", [])
        .unwrap();
    conn.execute("DELETE FROM search_word", []).unwrap();
    drop(conn);
    let store = store::Store::open(&path, &rig::key()).unwrap();
    assert_eq!(store.verify().unwrap(), vec![]);
}

/// When what `alike` asks for begins.
const LATELY: Time = Time(1_795_000_000_000);

/// An id of before, of lately, or one that is derived.
fn made(when: usize, number: u128) -> RecordId {
    let ms = [LATELY.0 - 1, LATELY.0].map(|ms| u128::try_from(ms).unwrap());
    let of_time = |ms: u128| ms << 80 | 7 << 76 | 2 << 62 | number;
    RecordId(uuid::Uuid::from_u128(match when {
        0 => of_time(ms[0]),
        1 => of_time(ms[1]),
        _ => u128::MAX << 80 | 5 << 76 | 2 << 62 | number,
    }))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_tables_answer_as_plain_records_do(
        stays in proptest::collection::vec((0..3_u128, 0..3_u128, 0..12_i64, proptest::option::of(0..12_i64)), 1..14),
        entries in proptest::collection::vec((0..2_u128, 0..6_i64, prop_oneof![Just("receive"), Just("issue")], 1..9_i64), 1..14),
        voided in proptest::collection::vec(any::<bool>(), 28),
    ) {
        let (desk, mut district) = (Desk::new(1), District::default());
        let mut plain = Overlay::alone();
        let mut seq = 0;
        for (bed, encounter, from, to) in stays {
            seq += 1;
            stay(&mut district, seq, 70 + bed, 500 + encounter, from, to);
        }
        for (item, hour, movement, units) in entries {
            seq += 1;
            entry(&mut district, seq, 70 + item, hour, movement, units);
        }
        let entries: Vec<_> = district.spaces[&rig::homes().facility].entries.iter().map(|entry| entry.change().clone()).collect();
        for (change, is_voided) in entries.into_iter().zip(&voided) {
            let mut record = Record { kind: change.kind.clone(), id: change.record, fields: change.fields.into() };
            if *is_voided {
                seq += 1;
                district.hear(9, seq, &change.kind, change.record, &[("voided", code("yes"))]);
                record.fields.insert("voided".to_owned(), code("yes"));
            }
            plain.put(record);
        }
        district.give(&desk, 7);
        let sorted = |pairs: Vec<(Record, Record)>| -> Vec<(RecordId, RecordId)> {
            let mut pairs: Vec<_> = pairs.iter().map(|(a, b)| (a.id.min(b.id), a.id.max(b.id))).collect();
            pairs.sort();
            pairs
        };
        prop_assert_eq!(
            sorted(desk.read(|records| records.overlapping("bed_stay"))),
            sorted(plain.overlapping("bed_stay").unwrap())
        );
        prop_assert_eq!(desk.read(|records| records.balances("stock_entry")), plain.balances("stock_entry").unwrap());
        prop_assert_eq!(
            ids(&desk.read(|records| records.open("bed_stay"))),
            ids(&plain.open("bed_stay").unwrap())
        );
        for hour in 0..12 {
            prop_assert_eq!(
                ids(&desk.read(|records| records.between("bed_stay", "from", &at(hour), &at(hour + 3)))),
                ids(&plain.between("bed_stay", "from", &at(hour), &at(hour + 3)).unwrap())
            );
            prop_assert_eq!(
                ids(&desk.read(|records| records.by("bed_stay", "to", &at(hour)))),
                ids(&plain.by("bed_stay", "to", &at(hour)).unwrap())
            );
            let moment = |hour: i64| match at(hour) {
                Value::Time(time) => time,
                _ => unreachable!("a time"),
            };
            for number in 0..3 {
                for (field, whose) in [("bed", 70 + number), ("encounter", 500 + number)] {
                    let (whose, span) = (Value::Ref(rig::id(whose)), (moment(hour), moment(hour + 2)));
                    prop_assert_eq!(
                        ids(&desk.read(|records| records.claims("bed_stay", field, &whose, span))),
                        ids(&plain.claims("bed_stay", field, &whose, span).unwrap())
                    );
                }
            }
        }
        prop_assert_eq!(desk.store.verify().unwrap(), vec![]);
    }
    #[test]
    fn who_is_alike_is_found_of_those_made_lately_and_of_those_asked_for(
        people in proptest::collection::vec((0..3_usize, 0..3_usize, any::<bool>(), any::<bool>()), 2..24),
    ) {
        let (desk, mut district) = (Desk::new(1), District::default());
        let mut plain = Overlay::alone();
        let mut besides = BTreeSet::new();
        for (number, (when, phone, is_asked, is_voided)) in people.into_iter().enumerate() {
            let id = made(when, number as u128);
            let mut fields = vec![
                ("name", Value::Text("Lakshmi Nair".to_owned())),
                ("phone", Value::Text(format!("984700000{phone}"))),
            ];
            if is_voided {
                fields.push(("voided", code("yes")));
            }
            district.hear(9, number as u64 + 1, "patient", id, &fields);
            besides.extend(is_asked.then_some(id));
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value));
            plain.put(Record { kind: "patient".to_owned(), id, fields: fields.collect::<BTreeMap<_, _>>().into() });
        }
        district.give(&desk, 7);
        let live = Live { since: LATELY, besides };
        let found = plain.alike("patient", &live).unwrap();
        prop_assert_eq!(&desk.read(|records| records.alike("patient", &live)), &found);
        prop_assert_eq!(desk.store.verify().unwrap(), vec![]);
        // A file of an older version, in which nobody had noted it.
        raw(&desk.path()).execute_batch(include_str!("../../../migrations/desktop/V0012__shared_since.sql")).unwrap();
        prop_assert_eq!(&desk.read(|records| records.alike("patient", &live)), &found);
        prop_assert_eq!(desk.store.verify().unwrap(), vec![]);
    }
}
