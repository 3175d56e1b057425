//! The smallest district there is, on a server in this process: one hospital, its nurse, and desks that it knows.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use domain::entities::{district, facility, person, state};
use domain::{Draft, RecordId, Value};
use ed25519_dalek::SigningKey;
use server::config::Hashing;
use server::db::device::Device;
use server::{Config, Server, db};
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

/// Where its clocks stand.
pub const NOW_MS: i64 = 1_795_000_000_000;
pub const DISTRICT: RecordId = RecordId(Uuid::from_u128(0xd15));
pub const FACILITY: RecordId = RecordId(Uuid::from_u128(0xfac));
pub const NURSE: RecordId = RecordId(Uuid::from_u128(0x1));
/// What the hospital writes is there.
pub const SPACE: SpaceId = SpaceId::Facility(FACILITY.0);

/// How its folder is opened when it is kept in a file.
pub fn config() -> Config {
    Config {
        hashing: Hashing::LEAST,
        now_ms: Arc::new(|| NOW_MS),
        ..Config::default()
    }
}

/// Begins it in an empty folder.
///
/// # Errors
/// When the server cannot be set up.
pub fn begin(dir: &Path, config: Config) -> Result<Server> {
    let server = Server::begin(dir, DISTRICT, 330, config)?;
    let kerala = RecordId(Uuid::from_u128(0x5));
    let hospital = Draft::new("facility", FACILITY)
        .with(&facility::NAME, "Taluk Hospital")
        .with_value(facility::FACILITY_TYPE.name(), Value::Code("taluk_hospital".into()));
    let nurse = Draft::new("person", NURSE)
        .with(&person::USERNAME, "lakshmi")
        .with(&person::NAME, "Lakshmi")
        .with_value(person::ROLE.name(), Value::Code("nurse".into()))
        .with(&person::ACTIVE, "yes")
        .with(&person::FACILITY, FACILITY);
    let drafts = vec![
        vec![Draft::new("state", kerala).with(&state::NAME, "Kerala")],
        vec![Draft::new("district", DISTRICT).with(&district::NAME, "Ernakulam")],
        vec![hospital],
        vec![nurse],
    ];
    server.author(server.district(), drafts)?;
    server.add_space(SPACE)?;
    Ok(server)
}

/// Lets a desk of the hospital in that signs with this key.
///
/// # Errors
/// When the server cannot write it.
pub fn let_in(server: &Server, id: DeviceId, key: &SigningKey) -> Result<()> {
    let known = Device::new(id, Hash(key.verifying_key().to_bytes()), FACILITY, NOW_MS);
    Ok(server.db().write(|tx| db::device::insert(&known, tx))?)
}
