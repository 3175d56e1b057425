//! Which desk goes on in place of which.

use domain::RecordId;
use sync_core::{DeviceId, Hash};

use super::Conn;
use crate::error::Result;

/// Notes that `device` goes on in place of `former`.
pub fn insert(device: DeviceId, former: DeviceId, person: RecordId, now_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO succession (device, former, person, made_ms) VALUES (?1, ?2, ?3, ?4)",
        &[&device, &former, &person, &now_ms],
    )?;
    Ok(())
}

/// The desk with this key that goes on in place of `former`.
pub fn with_key(former: DeviceId, key: Hash, conn: &Conn) -> Result<Option<DeviceId>> {
    conn.one(
        "SELECT device.id FROM succession JOIN device ON device.id = succession.device
         WHERE succession.former = ?1 AND device.key = ?2",
        &[&former, &key],
        |row| row.device(0),
    )
}

/// Whether another desk goes on in place of this one.
pub fn is_replaced(device: DeviceId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT former FROM succession WHERE former = ?1 LIMIT 1";
    Ok(conn.one(sql, &[&device], |row| row.device(0))?.is_some())
}

/// The desk itself, and those it goes on in place of, the last one first.
pub fn with_former(device: DeviceId, conn: &Conn) -> Result<Vec<DeviceId>> {
    let sql = "SELECT former FROM succession WHERE device = ?1";
    let (mut all, mut next) = (Vec::new(), Some(device));
    while let Some(one) = next.filter(|one| !all.contains(one)) {
        all.push(one);
        next = conn.one(sql, &[&one], |row| row.device(0))?;
    }
    Ok(all)
}

/// A desk that goes on in place of another, and since when.
pub struct Succession {
    pub device: DeviceId,
    pub former: DeviceId,
    pub made_ms: i64,
}

/// Who came of whom, the oldest first.
pub fn all(conn: &Conn) -> Result<Vec<Succession>> {
    let sql = "SELECT device, former, made_ms FROM succession ORDER BY made_ms, device";
    conn.all(sql, &[], |row| {
        Ok(Succession {
            device: row.device(0)?,
            former: row.device(1)?,
            made_ms: row.number(2)?,
        })
    })
}
