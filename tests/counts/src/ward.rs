//! A ward to count on: the same people, ids and times at every run.

use std::collections::BTreeMap;

use domain::entities::{encounter, patient, round};
use domain::{Decimal, Draft, RecordId, Time, Value};
use store::{Action, Spaces};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Carried, Entry, Page};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, SpaceId, Stamp};
use uuid::{Builder, Uuid};

use crate::Result;

/// Where its clocks stand.
pub const NOW_MS: i64 = 1_795_000_000_000;
pub const KEY: [u8; 32] = [7; 32];
/// So many patients are in the file of a desk.
pub const PATIENTS: u64 = 1_000;
/// So many of them have an encounter.
pub const ADMITTED: u64 = 40;
const FACILITY: Uuid = Uuid::from_u128(0xfac);
const SPACE: SpaceId = SpaceId::Facility(FACILITY);
const NURSE: RecordId = RecordId(Uuid::from_u128(1));

/// A record's id, as a desk would give it: the time of its making and something more.
pub fn id(sort: u8, number: u64) -> RecordId {
    let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
    let rest = [0, sort, a, b, c, d, e, f, g, h];
    let made_ms = NOW_MS.unsigned_abs() - 1_000_000 + number;
    RecordId(Builder::from_unix_timestamp_millis(made_ms, &rest).into_uuid())
}

pub fn patient_id(number: u64) -> RecordId {
    id(1, number)
}

pub fn encounter_id(number: u64) -> RecordId {
    id(2, number)
}

const NAMES: [(&str, &str); 8] = [
    ("Lakshmi", "ലക്ഷ്മി"),
    ("Muhammed", "മുഹമ്മദ്"),
    ("Fathima", "ഫാത്തിമ"),
    ("Krishnan", "കൃഷ്ണൻ"),
    ("Laxmi", "ലക്ഷ്മി"),
    ("Thomas", "തോമസ്"),
    ("Aisha", "ആയിഷ"),
    ("Ravi", "രവി"),
];
const HOUSES: [&str; 7] = ["Nair", "Menon", "Varghese", "Rahman", "Das", "Kutty", "Beevi"];

/// A patient as they are registered, with twelve fields.
pub fn registration(number: u64) -> Draft {
    let of = |count: usize| usize::try_from(number).unwrap_or_default() % count;
    let (name, local_name) = NAMES.get(of(NAMES.len())).copied().unwrap_or_default();
    let house = HOUSES.get(of(HOUSES.len())).copied().unwrap_or_default();
    Draft::new("patient", patient_id(number))
        .with(&patient::NAME, format!("{name} {house} {}", number % 97))
        .with(&patient::LOCAL_NAME, local_name.to_owned())
        .with(&patient::GENDER, "female")
        .with(&patient::BIRTH_YEAR, 1_930 + (number % 90).cast_signed())
        .with(&patient::PHONE, format!("98470{number:05}"))
        .with(&patient::ADDRESS, format!("House {number}, Market Road"))
        .with(&patient::VILLAGE, "Aluva".to_owned())
        .with(&patient::HOSPITAL_NUMBER, format!("IP-2026/{number:06}"))
        .with(&patient::BLOOD_GROUP, "o_positive")
        .with(&patient::ALLERGY_STATUS, "none")
        .with(&patient::DISEASE_STATUS, "suspected")
        .with(&patient::PRESENT_HEALTH, "Fever and cough for three days".to_owned())
}

/// One field of a patient, otherwise than before.
pub fn one_field(patient: u64, number: u64) -> Draft {
    Draft::new("patient", patient_id(patient)).with(&patient::VILLAGE, format!("Village {number}"))
}

/// What brought a patient here.
pub fn encounter(number: u64) -> Draft {
    Draft::new("encounter", encounter_id(number))
        .with(&encounter::PATIENT, patient_id(number))
        .with(&encounter::FACILITY, RecordId(FACILITY))
        .with(&encounter::ROUTE, "outpatient")
        .with(&encounter::DECISION, "admission")
        .with(&encounter::CATEGORY, "stable")
        .with(&encounter::ADMITTED_AT, Time(NOW_MS - Time::DAY_MS))
}

/// A round with all that NEWS2 asks for.
pub fn round(number: u64) -> Draft {
    Draft::new("round", id(3, number))
        .with(&round::ENCOUNTER, encounter_id(number % ADMITTED))
        .with(&round::AT, Time(NOW_MS - 1_000_000))
        .with(&round::TEMPERATURE, Decimal::new(384, 1))
        .with(&round::RESPIRATORY_RATE, 22)
        .with(&round::SPO2, 95)
        .with(&round::ON_OXYGEN, "no")
        .with(&round::SYSTOLIC, 118)
        .with(&round::DIASTOLIC, 76)
        .with(&round::PULSE, 96)
        .with(&round::CONSCIOUSNESS, "alert")
}

/// What somebody did who saw the moment `as_of`.
pub fn action(draft: Draft, as_of: u64) -> Action {
    Action {
        drafts: vec![draft],
        as_of,
        actor: NURSE,
        session: Uuid::nil(),
        wall_ms: NOW_MS,
        new_action: id(4, as_of).0,
        resolve: false,
        home: Spaces {
            facility: SPACE,
            district: SpaceId::District(Uuid::from_u128(0xd15)),
        },
    }
}

/// The change that makes a draft, on top of `base`.
pub fn change(id: ChangeId, draft: Draft, base: BTreeMap<String, Vec<ChangeId>>) -> Change {
    Change {
        id,
        action: Uuid::from_u128((id.device.0.as_u128() << 64) | u128::from(id.seq)),
        of: 1,
        space: SPACE,
        kind: draft.kind,
        record: draft.id,
        fields: draft.fields,
        base,
        seen: 0,
        actor: NURSE,
        session: Uuid::nil(),
        schema: SCHEMA,
        stamp: Stamp(NOW_MS, 0),
        wall_ms: NOW_MS,
        origin: None,
        erased: None,
    }
}

/// The change by which another desk wrote a new record.
pub fn first(seq: u64, draft: Draft) -> Change {
    change(change_id(9, seq), draft, BTreeMap::new())
}

pub fn change_id(device: u128, seq: u64) -> ChangeId {
    ChangeId {
        device: DeviceId(Uuid::from_u128(device)),
        seq,
    }
}

/// Twenty changes of one patient: registered, then edited in turns at two desks, each knowing of the other's last edit, but
/// for the last two, which give the phone two numbers.
pub fn twenty_changes() -> Vec<Change> {
    let registered = first(1, registration(5));
    let mut heads: BTreeMap<String, ChangeId> = registered
        .fields
        .keys()
        .map(|field| (field.clone(), registered.id))
        .collect();
    let mut changes = vec![registered];
    for turn in 0..17 {
        let field = ["village", "present_health", "address"]
            .get(turn % 3)
            .copied()
            .unwrap_or_default();
        let value = Value::Text(format!("As it stood at turn {turn}"));
        let id = change_id(9 + turn as u128 % 2, 2 + turn as u64);
        let base = heads.insert(field.to_owned(), id).into_iter().collect();
        let draft = Draft::new("patient", patient_id(5)).with_value(field, value);
        changes.push(change(id, draft, BTreeMap::from([(field.to_owned(), base)])));
    }
    for device in [9, 10] {
        let draft = Draft::new("patient", patient_id(5)).with(&patient::PHONE, format!("98471{device:05}"));
        let base = heads.get("phone").copied().into_iter().collect();
        let id = change_id(device, 30);
        changes.push(change(id, draft, BTreeMap::from([("phone".to_owned(), base)])));
    }
    changes
}

/// The log of another desk that registers patients, one page after another.
pub struct Log {
    lsn: u64,
    chain: Chain,
}

impl Log {
    /// One that goes on after what a desk holds.
    pub fn after(lsn: u64, chain: Chain) -> Log {
        Log { lsn, chain }
    }

    pub fn space() -> SpaceId {
        SPACE
    }

    /// The next page.
    ///
    /// # Errors
    /// When a change cannot be written.
    pub fn page(&mut self, drafts: impl Iterator<Item = Draft>) -> Result<Page> {
        let from = self.lsn + 1;
        let mut entries = Vec::new();
        for draft in drafts {
            self.lsn += 1;
            let encoded = Encoded::new(first(self.lsn, draft));
            let id = encoded.change().id;
            self.chain = self.chain.with_entry(self.lsn, id, encoded.hash());
            let change = Some(Carried::of(&encoded)?);
            entries.push(Entry {
                lsn: self.lsn,
                id,
                change,
            });
        }
        Ok(Page {
            space: SPACE,
            epoch: 0,
            from,
            to: self.lsn,
            head: self.lsn,
            entries,
            chain: self.chain,
            digest: None,
        })
    }
}
