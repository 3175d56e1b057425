//! The server itself: who it is, and its sealed keys.

use domain::RecordId;
use sync_core::DeviceId;
use uuid::Uuid;

use super::Conn;
use crate::error::Result;

/// The server itself, its secrets sealed.
pub struct Instance {
    /// The device under which the server writes.
    pub id: Uuid,
    pub district: RecordId,
    pub utc_offset_minutes: i32,
    pub sealed_key: Vec<u8>,
    pub sealed_signing_key: Vec<u8>,
    pub created_ms: i64,
}

pub fn get(conn: &Conn) -> Result<Option<Instance>> {
    let sql = "SELECT id, district, utc_offset_minutes, sealed_key, sealed_signing_key, created_ms
               FROM instance";
    conn.one(sql, &[], |row| {
        Ok(Instance {
            id: row.uuid(0)?,
            district: row.record(1)?,
            utc_offset_minutes: row.count(2)?,
            sealed_key: row.bytes(3)?,
            sealed_signing_key: row.bytes(4)?,
            created_ms: row.number(5)?,
        })
    })
}

/// The device under which the server writes now.
pub fn device(conn: &Conn) -> Result<Option<DeviceId>> {
    conn.one("SELECT id FROM instance", &[], |row| row.device(0))
}

pub fn insert(instance: &Instance, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO instance (one, id, district, utc_offset_minutes, sealed_key, sealed_signing_key, created_ms)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            &instance.id,
            &instance.district,
            &instance.utc_offset_minutes,
            &instance.sealed_key,
            &instance.sealed_signing_key,
            &instance.created_ms,
        ],
    )?;
    Ok(())
}

/// Lets the server write under another device from now on.
pub fn set_device(id: Uuid, conn: &Conn) -> Result<()> {
    conn.execute("UPDATE instance SET id = ?1", &[&id])?;
    Ok(())
}
