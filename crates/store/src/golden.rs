//! What stands on a ward desktop's disk, as it stood when it was first written: the form of its
//! tables and of a record's folded state. A change here is a change of the file.

use domain::{Date, Decimal, RecordId, Time, Value};
use sync_core::fold::Head;
use sync_core::packed::{pack, unpack, unpack_record};
use sync_core::{ChangeId, DeviceId, FieldState, RecordState};
use uuid::Uuid;

use crate::schema::tests::tables;

/// The state that version 0.1 wrote, as hex; every later version reads it.
const STATE_OF_0_1: &str = include_str!("golden/state-0.1.hex");

fn change(device: u128, seq: u64) -> ChangeId {
    ChangeId {
        device: DeviceId(Uuid::from_u128(device)),
        seq,
    }
}

fn head(value: Value, lsn: Option<u64>) -> Head {
    Head {
        value,
        lsn,
        actor: RecordId(Uuid::from_u128(0xac)),
        wall_ms: 1_795_000_000_000,
    }
}

/// Every sort of value, a field in conflict, one that waits, and one whose base came first.
fn state() -> RecordState {
    let mut state = RecordState::new("any", RecordId(Uuid::from_u128(5)));
    let own = change(0xd1, 2);
    let sure = [
        ("allergy_status", Value::Code("known".to_owned())),
        ("birth_date", Value::Date(Date::new(1964, 3, 4).unwrap())),
        (
            "comorbidities",
            Value::Codes(["cancer".to_owned(), "diabetes".to_owned()].into()),
        ),
        ("place", Value::Ref(RecordId(Uuid::from_u128(0xd15)))),
        ("doses", Value::Int(2)),
        ("of_tomorrow", Value::Other(r#"{"z":[1,2]}"#.to_owned())),
        ("review_at", Value::Time(Time(1_795_000_000_000))),
        ("temperature", Value::Decimal(Decimal::new(372, 1))),
        ("village", Value::Empty),
    ];
    for (name, value) in sure {
        let heads = [(own, head(value, Some(9)))].into();
        let field = FieldState {
            heads,
            ..FieldState::default()
        };
        state.fields.insert(name.to_owned(), field);
    }
    let name = FieldState {
        heads: [
            (own, head(Value::Text("ലക്ഷ്മി".to_owned()), Some(9))),
            (change(0xd2, 7), head(Value::Text("Lakshmi".to_owned()), None)),
        ]
        .into(),
        ahead: [change(0xd3, 4)].into(),
    };
    state.fields.insert("name".to_owned(), name);
    state
}

#[test]
fn the_packed_state_of_a_record_keeps_its_form() {
    insta::assert_snapshot!("packed_state", String::from_utf8(pack(&state())).unwrap());
}

#[test]
fn a_state_written_by_0_1_is_read_for_ever() {
    let digits = STATE_OF_0_1.split_whitespace().collect::<String>();
    let bytes: Vec<u8> = (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(digits.get(at..at + 2).unwrap(), 16).unwrap())
        .collect();
    let (today, id) = (state(), RecordId(Uuid::from_u128(5)));
    assert_eq!(unpack("any", id, &bytes).unwrap(), today);
    assert_eq!(unpack_record("any", id, &bytes).unwrap(), today.record());
}

#[test]
fn the_tables_after_all_migrations_keep_their_form() {
    let conn = tables();
    // What the search extension makes for itself is its own matter.
    let mut statement = conn
        .prepare(
            "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL
             AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
             ORDER BY type = 'trigger', tbl_name, type DESC, name",
        )
        .unwrap();
    let made: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    insta::assert_snapshot!("tables", made.join(";\n\n"));
}
