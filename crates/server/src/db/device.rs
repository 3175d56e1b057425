//! The desks: their keys, how far each one's changes were taken in, and what they asked before.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::{Chain, DeviceId, Hash};

use super::column;
use crate::error::Result;

/// Whether a device may take part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    Active,
    Revoked,
    /// The server itself, when it writes.
    Server,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Revoked => "revoked",
            Status::Server => "server",
        }
    }
}

impl std::str::FromStr for Status {
    type Err = ();
    fn from_str(word: &str) -> Result<Status, ()> {
        let all = [Status::Active, Status::Revoked, Status::Server];
        all.into_iter().find(|status| status.word() == word).ok_or(())
    }
}

/// A device, what is secret of it sealed.
#[derive(Clone)]
pub struct Device {
    pub id: DeviceId,
    pub key: Hash,
    pub sealed_name: Vec<u8>,
    pub facility: RecordId,
    pub status: Status,
    pub last_seq: u64,
    pub chain: Chain,
    pub enrolled_ms: i64,
    pub contact_ms: i64,
    pub sealed_share: Vec<u8>,
}

const COLUMNS: &str = "id, key, sealed_name, facility, status, last_seq, chain, enrolled_ms, contact_ms, sealed_share";

fn read(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        id: column::device(row, 0)?,
        key: column::hash(row, 1)?,
        sealed_name: row.get(2)?,
        facility: column::record(row, 3)?,
        status: column::word(row, 4)?,
        last_seq: column::count(row, 5)?,
        chain: Chain(column::hash(row, 6)?),
        enrolled_ms: row.get(7)?,
        contact_ms: row.get(8)?,
        sealed_share: row.get(9)?,
    })
}

pub fn insert(device: &Device, conn: &Connection) -> Result<()> {
    conn.prepare_cached(&format!(
        "INSERT INTO device ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    ))?
    .execute(params![
        column::id(&device.id.0),
        device.key.0,
        device.sealed_name,
        column::id(&device.facility.0),
        device.status.word(),
        column::number(device.last_seq),
        device.chain.0.0,
        device.enrolled_ms,
        device.contact_ms,
        device.sealed_share,
    ])?;
    Ok(())
}

pub fn get(id: DeviceId, conn: &Connection) -> Result<Option<Device>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"))?;
    Ok(statement.query_row([column::id(&id.0)], read).optional()?)
}

pub fn all(conn: &Connection) -> Result<Vec<Device>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device ORDER BY enrolled_ms, id"))?;
    let devices = statement.query_map([], read)?;
    Ok(devices.collect::<Result<_, _>>()?)
}

/// Takes note of how far the device's changes were taken in.
pub fn advance(id: DeviceId, last_seq: u64, chain: Chain, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE device SET last_seq = ?2, chain = ?3 WHERE id = ?1")?
        .execute(params![column::id(&id.0), column::number(last_seq), chain.0.0])?;
    Ok(())
}

/// Withdraws the device. Answers whether there was one to withdraw.
pub fn revoke(id: DeviceId, conn: &Connection) -> Result<bool> {
    let revoked = conn
        .prepare_cached("UPDATE device SET status = 'revoked' WHERE id = ?1 AND status <> 'server'")?
        .execute([column::id(&id.0)])?;
    Ok(revoked == 1)
}

/// Takes note of a request. Answers `false` when the device asked with this nonce before.
pub fn note_request(id: DeviceId, nonce: &str, now_ms: i64, conn: &Connection) -> Result<bool> {
    let hash = Hash::of(nonce.as_bytes());
    let (half, _) = hash.0.split_at(hash.0.len() / 2);
    let new = conn
        .prepare_cached("INSERT INTO nonce (device, hash, heard_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?
        .execute(params![column::id(&id.0), half, now_ms])?;
    conn.prepare_cached("UPDATE device SET contact_ms = ?2 WHERE id = ?1")?
        .execute(params![column::id(&id.0), now_ms])?;
    Ok(new == 1)
}

/// Forgets the nonces heard before `before_ms`.
pub fn forget_requests(before_ms: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM nonce WHERE heard_ms < ?1")?
        .execute([before_ms])?;
    Ok(())
}
