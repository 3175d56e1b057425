//! A hospital to measure on: made-up people, as the log that another desk wrote, and the desk's file that took it in.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Result;
use domain::entities::{bed, bed_stay, encounter, patient};
use domain::views::Written;
use domain::world::Ctx;
use domain::{Draft, RecordId, Time, Value};
use store::{Action, DatabaseKey, Spaces, Store};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Carried, Entry, Page};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, SpaceId, Stamp};
use uuid::Uuid;

use crate::limit::by_hand::blob;

/// Where its clocks stand.
pub const NOW_MS: i64 = 1_795_000_000_000;
/// Whoever writes.
pub const NURSE: RecordId = RecordId(Uuid::from_u128(1));
/// So many beds are looked at on boards.
pub const BEDS: usize = 500;
pub const KEY: [u8; 32] = [7; 32];
const ADMISSIONS_A_DAY: usize = 20;
const PAGE: usize = 1_000;
/// So many patients are registered in the largest hospital, the last of them now.
const MOST: u64 = 1_000_000;
/// One registration, and the next: 144 a day.
const APART_MS: u64 = 600_000;

/// The facility, by the id that the sample gives it.
pub fn facility() -> RecordId {
    sample::hospital_ids(sample::SEED).facility
}

/// Its two spaces.
pub fn spaces() -> Spaces {
    Spaces {
        facility: SpaceId::Facility(facility().0),
        district: SpaceId::District(sample::hospital_ids(sample::SEED).district.0),
    }
}

/// Who looks, and when.
pub fn ctx() -> Ctx {
    let now = Time(NOW_MS);
    Ctx {
        now,
        today: now.day(sample::UTC_OFFSET_MINUTES),
        utc_offset_minutes: sample::UTC_OFFSET_MINUTES,
        facility: facility(),
        person: NURSE,
        role: "facility_admin".to_owned(),
        heard: Some(now),
    }
}

/// What people did there, by spaces.
pub struct History {
    pub district: Vec<Vec<Draft>>,
    pub facility: Vec<Vec<Draft>>,
}

/// The sample hospital with three weeks of admissions, more beds up to [`BEDS`], nearly all of them taken, and so many
/// patients in all.
pub fn history(patients: usize) -> History {
    let size = sample::Size {
        facilities: 1,
        patients: (patients / 4).min(2_000),
        days: 21,
    };
    let mut whole = sample::district(sample::SEED, Time(NOW_MS), size);
    let mut actions = whole
        .facilities
        .pop()
        .map(|facility| facility.actions)
        .unwrap_or_default();
    let of_kind = |kind: &str| -> Vec<RecordId> {
        let drafts = actions.iter().flatten().filter(|draft| draft.kind == kind);
        drafts.map(|draft| draft.id).collect()
    };
    let wards = of_kind("ward");
    let (beds, known) = (of_kind("bed").len(), of_kind("patient").len());
    for number in beds..BEDS.min(patients / 2).max(beds) {
        actions.push(taken_bed(number, &wards));
    }
    let known = known + (BEDS.min(patients / 2)).saturating_sub(beds);
    actions.extend((known..patients).map(|place| vec![registration(registered(patients, place))]));
    History {
        district: whole.actions,
        facility: actions,
    }
}

/// The sample hospital after so many days, with as many admissions on each.
pub fn days(days: usize) -> History {
    let size = sample::Size {
        facilities: 1,
        patients: days * ADMISSIONS_A_DAY,
        days: days as i64,
    };
    let mut whole = sample::district(sample::SEED, Time(NOW_MS), size);
    let facility = whole.facilities.pop();
    History {
        district: whole.actions,
        facility: facility.map(|facility| facility.actions).unwrap_or_default(),
    }
}

/// A bed more, and who lies in it.
fn taken_bed(number: usize, wards: &[RecordId]) -> Vec<Draft> {
    let id = |sort: u128| RecordId(Uuid::from_u128((sort << 64) | number as u128));
    let ward = wards.get(number % wards.len().max(1)).copied().unwrap_or(NURSE);
    let came = Time(NOW_MS - Time::DAY_MS);
    let mut person = registration(10_000_000 + number as u64);
    person.id = occupant(number);
    vec![
        Draft::new("bed", id(3))
            .with(&bed::WARD, ward)
            .with(&bed::LABEL, format!("X{number}"))
            .with(&bed::BED_TYPE, "regular"),
        person,
        Draft::new("encounter", id(4))
            .with(&encounter::PATIENT, occupant(number))
            .with(&encounter::FACILITY, facility())
            .with(&encounter::ROUTE, "outpatient")
            .with(&encounter::DECISION, "admission")
            .with(&encounter::CATEGORY, "stable")
            .with(&encounter::ADMITTED_AT, came),
        Draft::new("bed_stay", id(5))
            .with(&bed_stay::BED, id(3))
            .with(&bed_stay::ENCOUNTER, id(4))
            .with(&bed_stay::FROM, came),
    ]
}

/// The number of who came in at a place among so many patients: the last of them now.
pub fn registered(patients: usize, place: usize) -> u64 {
    MOST - patients as u64 + place as u64
}

/// Who lies in the bed of a number, of those that the sample has not.
pub fn occupant(number: usize) -> RecordId {
    RecordId(Uuid::from_u128((2 << 64) | number as u128))
}

/// An id with as much time and chance in it as the product's, the same in every run.
pub fn id(sort: u64, number: u64) -> Uuid {
    let chance = blob(sort.wrapping_mul(1_000_000_007) ^ number, 10);
    let at_ms = NOW_MS.cast_unsigned() - MOST * APART_MS + number * APART_MS;
    let mut bytes = [0; 10];
    bytes.copy_from_slice(&chance);
    uuid::Builder::from_unix_timestamp_millis(at_ms, &bytes).into_uuid()
}

/// The id of a registered patient.
pub fn patient_id(number: u64) -> RecordId {
    RecordId(id(1, number))
}

const FIRST: [&str; 16] = [
    "Lakshmi", "Laxmi", "Anju", "Muhammed", "Fathima", "Rani", "Thomas", "Mary", "Krishnan", "Ravi", "Sunitha", "Jose",
    "Aisha", "Vishnu", "Latha", "Abdul",
];
/// The same, each in its owner's own script.
const OWN: [&str; 16] = [
    "ലക്ഷ്മി",
    "ലക്ഷ്മി",
    "അഞ്ജു",
    "മുഹമ്മദ്",
    "ഫാത്തിമ",
    "റാണി",
    "തോമസ്",
    "മേരി",
    "കൃഷ്ണൻ",
    "രവി",
    "സുനിത",
    "ജോസ്",
    "ആയിഷ",
    "വിഷ്ണു",
    "ലത",
    "അബ്ദുൾ",
];
const LAST: [&str; 12] = [
    "Nair",
    "Menon",
    "Pillai",
    "Varghese",
    "Kurian",
    "Rahman",
    "Das",
    "Panicker",
    "Namboothiri",
    "Kutty",
    "Chacko",
    "Beevi",
];

/// A number as if it were thrown, the same each time.
fn thrown(number: u64) -> u64 {
    number.wrapping_mul(2_654_435_761) >> 3
}

/// A name, and one in its owner's own script: the first by the person, the last by the family.
pub fn name(person: u64, family: u64, number: u64) -> (String, &'static str) {
    let pick = |list: &[&'static str], by: u64| {
        let place = usize::try_from(by % list.len() as u64).unwrap_or(0);
        list.get(place).copied().unwrap_or_default()
    };
    let name = format!("{} {} {}", pick(&FIRST, person), pick(&LAST, family / 16), number % 997);
    (name, pick(&OWN, person))
}

/// A patient as they are registered, with twelve fields. Each four are a family with one last name and one phone.
pub fn registration(number: u64) -> Draft {
    let (person, family) = (thrown(number), thrown(number / 4));
    let (name, own) = self::name(person, family, number);
    Draft::new("patient", patient_id(number))
        .with(&patient::NAME, name)
        .with(&patient::LOCAL_NAME, own.to_owned())
        .with(&patient::PHONE, format!("9847{:06}", family % 1_000_000))
        .with(&patient::HOSPITAL_NUMBER, format!("IP-2026/{number:06}"))
        .with(&patient::GENDER, "female")
        .with(&patient::BIRTH_YEAR, 1930 + (person % 90).cast_signed())
        .with(&patient::ADDRESS, format!("House {number}, Market Road, Aluva"))
        .with(&patient::VILLAGE, "Aluva".to_owned())
        .with_value("blood_group", Value::Code("o_positive".to_owned()))
        .with_value("allergy_status", Value::Code("none".to_owned()))
        .with_value("disease_status", Value::Code("suspected".to_owned()))
        .with_value(
            "present_health",
            Value::Text("Fever and cough for three days".to_owned()),
        )
}

/// Another desk, whose changes the district has numbered one after another.
pub struct Author {
    device: DeviceId,
    space: SpaceId,
    actor: RecordId,
    seq: u64,
    lsn: u64,
    chain: Chain,
    heads: HashMap<(RecordId, String), ChangeId>,
}

impl Author {
    /// One who begins a space's log.
    pub fn new(device: u128, space: SpaceId) -> Author {
        Author::of(DeviceId(Uuid::from_u128(device)), space, NURSE)
    }

    /// One of that name, at whose desk that person writes.
    pub fn of(device: DeviceId, space: SpaceId, actor: RecordId) -> Author {
        Author {
            device,
            space,
            actor,
            seq: 0,
            lsn: 0,
            chain: Chain::default(),
            heads: HashMap::new(),
        }
    }

    /// The changes of one action, each on top of what this author wrote before.
    pub fn changes(&mut self, action: Vec<Draft>) -> Vec<Encoded> {
        let of = u32::try_from(action.len()).unwrap_or(u32::MAX);
        let name = id(self.device.0.as_u128() as u64, self.seq);
        let changes = action.into_iter().map(|draft| {
            self.seq += 1;
            let id = ChangeId {
                device: self.device,
                seq: self.seq,
            };
            let mut base = BTreeMap::new();
            for field in draft.fields.keys() {
                if let Some(head) = self.heads.insert((draft.id, field.clone()), id) {
                    base.insert(field.clone(), vec![head]);
                }
            }
            Encoded::new(Change {
                id,
                action: name,
                of,
                space: self.space,
                kind: draft.kind,
                record: draft.id,
                fields: draft.fields,
                base,
                seen: 0,
                actor: self.actor,
                session: Uuid::nil(),
                schema: SCHEMA,
                stamp: Stamp(NOW_MS, 0),
                wall_ms: NOW_MS,
                origin: None,
                erased: None,
            })
        });
        changes.collect()
    }

    /// The pages in which a desk takes these actions in; no action is split.
    ///
    /// # Errors
    /// When a change cannot be written.
    pub fn pages(&mut self, actions: impl IntoIterator<Item = Vec<Draft>>) -> Result<Vec<Page>> {
        let (mut pages, mut entries) = (Vec::new(), Vec::new());
        for action in actions {
            for encoded in self.changes(action) {
                self.lsn += 1;
                let id = encoded.change().id;
                self.chain = self.chain.with_entry(self.lsn, id, encoded.hash());
                entries.push(Entry {
                    lsn: self.lsn,
                    id,
                    change: Some(Carried::of(&encoded)?),
                });
            }
            if entries.len() >= PAGE {
                pages.push(self.page(std::mem::take(&mut entries)));
            }
        }
        if !entries.is_empty() {
            pages.push(self.page(entries));
        }
        Ok(pages)
    }

    fn page(&self, entries: Vec<Entry>) -> Page {
        Page {
            space: self.space,
            epoch: 0,
            from: entries.first().map_or(0, |entry| entry.lsn),
            to: self.lsn,
            head: self.lsn,
            entries,
            chain: self.chain,
            digest: None,
        }
    }
}

/// A desk's new file that follows both spaces and has nothing in it.
///
/// # Errors
/// When it cannot be made.
pub fn empty_store(path: &Path) -> Result<Store> {
    let store = Store::create(path, &DatabaseKey::new(&KEY), DeviceId(Uuid::from_u128(1)))?;
    store.follow(spaces().district)?;
    store.follow(spaces().facility)?;
    Ok(store)
}

/// A desk's file with a hospital in it, and who wrote what stands there.
///
/// # Errors
/// When it cannot be made.
pub fn store(path: &Path, patients: usize) -> Result<(Store, Author)> {
    store_of(path, history(patients))
}

/// The same with what people did.
///
/// # Errors
/// When it cannot be made.
pub fn store_of(path: &Path, history: History) -> Result<(Store, Author)> {
    let store = empty_store(path)?;
    for page in Author::new(8, spaces().district).pages(history.district)? {
        store.absorb(page, NOW_MS)?;
    }
    let mut author = Author::new(9, spaces().facility);
    for page in author.pages(history.facility)? {
        store.absorb(page, NOW_MS)?;
    }
    Ok((store, author))
}

/// What somebody saves who has just looked.
///
/// # Errors
/// When the store cannot be read.
pub fn action(store: &Store, drafts: Vec<Draft>) -> Result<Action> {
    Ok(Action {
        drafts,
        as_of: store.as_of()?,
        actor: NURSE,
        session: Uuid::nil(),
        wall_ms: NOW_MS,
        new_action: Uuid::now_v7(),
        resolve: false,
        home: spaces(),
    })
}

/// What a page shows to an admin.
///
/// # Errors
/// When the view cannot be read.
pub fn view(store: &Store, name: &str, args: &serde_json::Value) -> Result<Written> {
    let shown =
        store.read(|records, _| Ok::<_, store::StoreError>(domain::views::view(name, args, records, &ctx())))?;
    shown.map_err(|error| anyhow::anyhow!("{name}: {error:?}"))
}
