//! The hospital in which everything happens, the same each time.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use domain::entities::{bed, district, facility, item, patient, person, state, ward};
use domain::{Draft, RecordId};
use ed25519_dalek::SigningKey;
use server::db;
use server::db::device::Device;
use server::{Config, Server};
use store::{Action, DatabaseKey, Spaces};
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

pub const NOON_MS: i64 = 1_795_000_000_000;
pub const UTC_OFFSET_MINUTES: i32 = 330;

pub fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

pub const DISTRICT: u128 = 0xd1;
pub const FACILITY: u128 = 0xfa;
pub const NURSE: u128 = 0x91;
/// Works elsewhere: what they write here is kept aside.
pub const STRANGER: u128 = 0x92;
pub const WARD: u128 = 0x3a;
pub const BEDS: [u128; 2] = [0xb1, 0xb2];
pub const ITEM: u128 = 0x17;
/// Registered before the desk joined, and edited elsewhere while it is away.
pub const KNOWN: u128 = 0xe0;

pub fn homes() -> Spaces {
    Spaces {
        facility: SpaceId::Facility(Uuid::from_u128(FACILITY)),
        district: SpaceId::District(Uuid::from_u128(DISTRICT)),
    }
}

pub fn database_key() -> DatabaseKey {
    DatabaseKey::new(&[7; 32])
}

pub fn device(number: u8) -> DeviceId {
    DeviceId(Uuid::from_u128(0xde00 + u128::from(number)))
}

pub fn signing_key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

/// Small pages, one at a time, so that reading a log takes several rounds.
pub fn config() -> Config {
    let mut config = Config {
        now_ms: Arc::new(|| NOON_MS),
        ..Config::default()
    };
    config.limits.page_bytes = 6_000;
    config.limits.pages = 1;
    config
}

/// A new district.
pub fn begin(dir: &Path) -> Result<Server> {
    Ok(Server::begin(dir, id(DISTRICT), UTC_OFFSET_MINUTES, config())?)
}

/// The district with the hospital, its ward and its people.
pub fn furnish(server: &Server) -> Result<()> {
    furnish_district(server)?;
    server.add_space(homes().facility)?;
    furnish_facility(server)
}

/// The district's own records; those that are there already are left out.
pub fn furnish_district(server: &Server) -> Result<()> {
    let person = |number: u128, username: &str, works_at: u128| {
        Draft::new("person", id(number))
            .with(&person::USERNAME, username)
            .with(&person::NAME, username)
            .with(&person::ROLE, "nurse")
            .with(&person::FACILITY, id(works_at))
            .with(&person::ACTIVE, "yes")
    };
    let drafts = vec![
        Draft::new("state", id(0x57)).with(&state::NAME, "Kerala"),
        Draft::new("district", id(DISTRICT)).with(&district::NAME, "Ernakulam"),
        Draft::new("facility", id(FACILITY))
            .with(&facility::NAME, "Hospital")
            .with(&facility::FACILITY_TYPE, "taluk_hospital"),
        Draft::new("facility", id(FACILITY + 1))
            .with(&facility::NAME, "Elsewhere")
            .with(&facility::FACILITY_TYPE, "taluk_hospital"),
        person(NURSE, "anju", FACILITY),
        person(STRANGER, "biju", FACILITY + 1),
        Draft::new("item", id(ITEM))
            .with(&item::NAME, "Masks")
            .with(&item::UNIT, "pieces"),
    ];
    author(server, server.district(), drafts)
}

/// The facility's records; those that are there already are left out.
pub fn furnish_facility(server: &Server) -> Result<()> {
    let mut drafts = vec![
        Draft::new("ward", id(WARD))
            .with(&ward::FACILITY, id(FACILITY))
            .with(&ward::NAME, "Ward"),
    ];
    for number in BEDS {
        drafts.push(
            Draft::new("bed", id(number))
                .with(&bed::WARD, id(WARD))
                .with(&bed::LABEL, format!("{number:x}"))
                .with(&bed::BED_TYPE, "isolation"),
        );
    }
    author(server, homes().facility, drafts)
}

/// Writes what the server does not hold yet.
pub fn author(server: &Server, space: SpaceId, drafts: Vec<Draft>) -> Result<()> {
    server.author_differing(space, drafts)?;
    Ok(())
}

pub fn patient(number: u128, name: &str) -> Draft {
    Draft::new("patient", id(number))
        .with(&patient::NAME, name)
        .with(&patient::BIRTH_YEAR, 1980)
}

/// What the nurse writes, seen as of `as_of`.
pub fn action(new_action: Uuid, drafts: Vec<Draft>, as_of: u64) -> Action {
    Action {
        drafts,
        as_of,
        actor: id(NURSE),
        session: Uuid::nil(),
        wall_ms: NOON_MS,
        new_action,
        resolve: false,
        home: homes(),
    }
}

/// A desk that the server knows from now on, if it did not.
pub fn enrol(server: &Server, number: u8) -> Result<()> {
    if server.device(device(number))?.is_some() {
        return Ok(());
    }
    let known = Device::new(
        device(number),
        Hash(signing_key(number).verifying_key().to_bytes()),
        id(FACILITY),
        NOON_MS,
    );
    Ok(server.db().write(|tx| db::device::insert(&known, tx))?)
}
