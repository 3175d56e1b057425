//! One-time codes by which desks join.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::DeviceId;
use uuid::Uuid;

use super::column;
use crate::error::Result;

/// An invitation, its code sealed.
pub struct Invitation {
    pub id: String,
    pub sealed_code_hash: Vec<u8>,
    pub facility: RecordId,
    pub sealed_facility_name: Vec<u8>,
    pub sealed_name: Vec<u8>,
    pub expires_ms: i64,
    pub tries: u32,
    pub used_by: Option<DeviceId>,
}

pub fn insert(invitation: &Invitation, conn: &Connection) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO invitation (id, sealed_code_hash, facility, sealed_facility_name, sealed_name, expires_ms, tries)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        invitation.id,
        invitation.sealed_code_hash,
        column::id(&invitation.facility.0),
        invitation.sealed_facility_name,
        invitation.sealed_name,
        invitation.expires_ms,
        invitation.tries,
    ])?;
    Ok(())
}

pub fn get(id: &str, conn: &Connection) -> Result<Option<Invitation>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, sealed_code_hash, facility, sealed_facility_name, sealed_name, expires_ms, tries, used_by
         FROM invitation WHERE id = ?1",
    )?;
    let found = statement.query_row([id], |row| {
        let used_by: Option<[u8; 16]> = row.get(7)?;
        Ok(Invitation {
            id: row.get(0)?,
            sealed_code_hash: row.get(1)?,
            facility: column::record(row, 2)?,
            sealed_facility_name: row.get(3)?,
            sealed_name: row.get(4)?,
            expires_ms: row.get(5)?,
            tries: row.get(6)?,
            used_by: used_by.map(|bytes| DeviceId(Uuid::from_bytes(bytes))),
        })
    });
    Ok(found.optional()?)
}

pub fn count_try(id: &str, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE invitation SET tries = tries + 1 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

pub fn set_used(id: &str, device: DeviceId, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE invitation SET used_by = ?2 WHERE id = ?1")?
        .execute(params![id, column::id(&device.0)])?;
    Ok(())
}

/// Forgets the codes that were over before `before_ms`.
pub fn forget(before_ms: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM invitation WHERE expires_ms < ?1")?
        .execute([before_ms])?;
    Ok(())
}
