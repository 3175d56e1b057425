//! One-time codes by which desks join.

use domain::RecordId;
use sync_core::DeviceId;

use super::Conn;
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

pub fn insert(invitation: &Invitation, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO invitation (id, sealed_code_hash, facility, sealed_facility_name, sealed_name, expires_ms, tries)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            &invitation.id,
            &invitation.sealed_code_hash,
            &invitation.facility,
            &invitation.sealed_facility_name,
            &invitation.sealed_name,
            &invitation.expires_ms,
            &invitation.tries,
        ],
    )?;
    Ok(())
}

/// The invitation; nobody else uses it until the transaction ends.
pub fn lock(id: &str, conn: &Conn) -> Result<Option<Invitation>> {
    let sql = "SELECT id, sealed_code_hash, facility, sealed_facility_name, sealed_name, expires_ms, tries, used_by
               FROM invitation WHERE id = ?1";
    conn.one_to_write(sql, &[&id], |row| {
        Ok(Invitation {
            id: row.text(0)?,
            sealed_code_hash: row.bytes(1)?,
            facility: row.record(2)?,
            sealed_facility_name: row.bytes(3)?,
            sealed_name: row.bytes(4)?,
            expires_ms: row.number(5)?,
            tries: row.count(6)?,
            used_by: row.uuid_if_any(7)?.map(DeviceId),
        })
    })
}

/// How many codes for the facility can still be used.
pub fn count_open(facility: RecordId, now_ms: i64, conn: &Conn) -> Result<u64> {
    let sql = "SELECT COUNT(*) FROM invitation WHERE facility = ?1 AND expires_ms > ?2 AND used_by IS NULL";
    Ok(conn.one(sql, &[&facility, &now_ms], |row| row.count(0))?.unwrap_or(0))
}

pub fn count_try(id: &str, conn: &Conn) -> Result<()> {
    conn.execute("UPDATE invitation SET tries = tries + 1 WHERE id = ?1", &[&id])?;
    Ok(())
}

pub fn set_used(id: &str, device: DeviceId, conn: &Conn) -> Result<()> {
    conn.execute("UPDATE invitation SET used_by = ?2 WHERE id = ?1", &[&id, &device])?;
    Ok(())
}

/// Forgets the codes that were over before `before_ms`.
pub fn forget(before_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM invitation WHERE expires_ms < ?1", &[&before_ms])?;
    Ok(())
}
