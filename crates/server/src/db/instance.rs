//! The server itself: who it is, and its sealed keys.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::column;
use crate::error::Result;

/// The server itself, its secrets sealed.
pub struct Instance {
    /// The device under which the server writes.
    pub id: Uuid,
    pub district: RecordId,
    pub utc_offset_minutes: i32,
    pub sealed_key: Vec<u8>,
    pub sealed_signing_key: Vec<u8>,
    pub certificate: Vec<u8>,
    pub sealed_certificate_key: Vec<u8>,
    pub created_ms: i64,
}

pub fn get(conn: &Connection) -> Result<Option<Instance>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, district, utc_offset_minutes, sealed_key, sealed_signing_key, certificate,
                sealed_certificate_key, created_ms
         FROM instance",
    )?;
    let found = statement.query_row([], |row| {
        Ok(Instance {
            id: column::uuid(row, 0)?,
            district: column::record(row, 1)?,
            utc_offset_minutes: row.get(2)?,
            sealed_key: row.get(3)?,
            sealed_signing_key: row.get(4)?,
            certificate: row.get(5)?,
            sealed_certificate_key: row.get(6)?,
            created_ms: row.get(7)?,
        })
    });
    Ok(found.optional()?)
}

pub fn insert(instance: &Instance, conn: &Connection) -> Result<()> {
    conn.execute(
        "INSERT INTO instance (one, id, district, utc_offset_minutes, sealed_key, sealed_signing_key, certificate,
                               sealed_certificate_key, created_ms)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            column::id(&instance.id),
            column::id(&instance.district.0),
            instance.utc_offset_minutes,
            instance.sealed_key,
            instance.sealed_signing_key,
            instance.certificate,
            instance.sealed_certificate_key,
            instance.created_ms,
        ],
    )?;
    Ok(())
}

/// Lets the server write under another device from now on.
pub fn set_device(id: Uuid, conn: &Connection) -> Result<()> {
    conn.execute("UPDATE instance SET id = ?1", [column::id(&id)])?;
    Ok(())
}
