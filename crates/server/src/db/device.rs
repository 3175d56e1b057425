//! The desks: their keys, how far each one's changes were taken in, and what they asked before.

use std::collections::BTreeMap;

use domain::RecordId;
use sync_core::desk_says::DeskSays;
use sync_core::{Chain, DeviceId, Hash};

use super::Conn;
use super::value::Row;
use crate::error::{Result, ServerError};

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
    /// The latest version of the exchange that it spoke; 0 before its first round.
    pub speaks: u16,
    /// When the latest certificate was made by which it knows the server, as it said last.
    pub knows_ms: i64,
}

impl Device {
    /// A desk that is just enrolled: nothing of it was taken in, and nothing secret is known of it yet.
    pub fn new(id: DeviceId, key: Hash, facility: RecordId, now_ms: i64) -> Device {
        Device {
            id,
            key,
            sealed_name: Vec::new(),
            facility,
            status: Status::Active,
            last_seq: 0,
            chain: Chain::default(),
            enrolled_ms: now_ms,
            contact_ms: now_ms,
            sealed_share: Vec::new(),
            speaks: 0,
            knows_ms: 0,
        }
    }
}

const COLUMNS: &str =
    "id, key, sealed_name, facility, status, last_seq, chain, enrolled_ms, contact_ms, sealed_share, speaks, knows_ms";

fn read(row: &Row) -> Result<Device> {
    Ok(Device {
        id: row.device(0)?,
        key: row.hash(1)?,
        sealed_name: row.bytes(2)?,
        facility: row.record(3)?,
        status: row.word(4)?,
        last_seq: row.count(5)?,
        chain: Chain(row.hash(6)?),
        enrolled_ms: row.number(7)?,
        contact_ms: row.number(8)?,
        sealed_share: row.bytes(9)?,
        speaks: row.count(10)?,
        knows_ms: row.number(11)?,
    })
}

pub fn insert(device: &Device, conn: &Conn) -> Result<()> {
    conn.execute(
        &format!("INSERT INTO device ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"),
        &[
            &device.id,
            &device.key,
            &device.sealed_name,
            &device.facility,
            &device.status.word(),
            &device.last_seq,
            &device.chain.0,
            &device.enrolled_ms,
            &device.contact_ms,
            &device.sealed_share,
            &u64::from(device.speaks),
            &device.knows_ms,
        ],
    )?;
    Ok(())
}

pub fn get(id: DeviceId, conn: &Conn) -> Result<Option<Device>> {
    conn.one(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"), &[&id], read)
}

/// The same, and nobody else writes to it until the transaction ends.
pub fn lock(id: DeviceId, conn: &Conn) -> Result<Option<Device>> {
    conn.one_to_write(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"), &[&id], read)
}

pub fn all(conn: &Conn) -> Result<Vec<Device>> {
    let sql = format!("SELECT {COLUMNS} FROM device ORDER BY enrolled_ms, id");
    conn.all(&sql, &[], read)
}

/// What the device said of itself last; nothing when it never did.
pub fn said(id: DeviceId, conn: &Conn) -> Result<Option<DeskSays>> {
    let sql = "SELECT version, unsent, holds FROM device WHERE id = ?1 AND version IS NOT NULL";
    conn.one(sql, &[&id], read_said)
}

/// The same of every device that ever did.
pub fn said_by_all(conn: &Conn) -> Result<BTreeMap<DeviceId, DeskSays>> {
    let sql = "SELECT version, unsent, holds, id FROM device WHERE version IS NOT NULL";
    let said = conn.all(sql, &[], |row| Ok((row.device(3)?, read_said(row)?)))?;
    Ok(said.into_iter().collect())
}

fn read_said(row: &Row) -> Result<DeskSays> {
    let holds = serde_json::from_str(&row.text(2)?);
    Ok(DeskSays {
        version: row.text(0)?,
        unsent: row.count(1)?,
        holds: holds.map_err(|_| ServerError::Damaged("what a desk said is not of its form"))?,
        // That stands among the events.
        is_forked: false,
    })
}

pub fn set_said(id: DeviceId, says: &DeskSays, conn: &Conn) -> Result<()> {
    let holds = serde_json::to_string(&says.holds).expect("its keys are texts");
    let sql = "UPDATE device SET version = ?2, unsent = ?3, holds = ?4 WHERE id = ?1";
    conn.execute(sql, &[&id, &says.version.as_str(), &says.unsent, &holds.as_str()])?;
    Ok(())
}

/// Takes note of how far the device's changes were taken in.
pub fn advance(id: DeviceId, last_seq: u64, chain: Chain, conn: &Conn) -> Result<()> {
    let sql = "UPDATE device SET last_seq = ?2, chain = ?3 WHERE id = ?1";
    conn.execute(sql, &[&id, &last_seq, &chain.0])?;
    Ok(())
}

/// Takes note of the version that the device spoke, if it is a later one than before.
pub fn spoke(id: DeviceId, version: u16, conn: &Conn) -> Result<()> {
    let sql = "UPDATE device SET speaks = ?2 WHERE id = ?1 AND speaks < ?2";
    conn.execute(sql, &[&id, &u64::from(version)])?;
    Ok(())
}

/// Takes note by which certificate the device knows the server.
pub fn knows(id: DeviceId, made_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute("UPDATE device SET knows_ms = ?2 WHERE id = ?1", &[&id, &made_ms])?;
    Ok(())
}

/// Withdraws the device. Answers whether there was one to withdraw.
pub fn revoke(id: DeviceId, conn: &Conn) -> Result<bool> {
    let sql = "UPDATE device SET status = 'revoked' WHERE id = ?1 AND status <> 'server'";
    Ok(conn.execute(sql, &[&id])? == 1)
}

/// Takes note of a request. Answers `false` when the device asked with this nonce before.
pub fn note_request(id: DeviceId, nonce: &str, now_ms: i64, conn: &Conn) -> Result<bool> {
    let hash = Hash::of(nonce.as_bytes());
    let (half, _) = hash.0.split_at(hash.0.len() / 2);
    let sql = "INSERT INTO nonce (device, hash, heard_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let new = conn.execute(sql, &[&id, &half, &now_ms])?;
    conn.execute("UPDATE device SET contact_ms = ?2 WHERE id = ?1", &[&id, &now_ms])?;
    Ok(new == 1)
}

/// Forgets the nonces heard before `before_ms`.
pub fn forget_requests(before_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM nonce WHERE heard_ms < ?1", &[&before_ms])?;
    Ok(())
}
