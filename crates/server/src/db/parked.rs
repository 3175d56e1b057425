//! What was kept aside for a person to decide.

use domain::RecordId;
use sync_core::exchange::Reason;
use sync_core::{ChangeId, Hash};
use uuid::Uuid;

use super::Conn;
use super::conn::only;
use crate::error::{Result, ServerError};

/// A parked change, its body sealed.
pub struct Row<'a> {
    pub id: ChangeId,
    pub space: &'a str,
    pub action: Uuid,
    pub kind: &'a str,
    pub record: RecordId,
    pub reason: Reason,
    pub hash: Hash,
    pub heard_ms: i64,
    pub sealed_body: &'a [u8],
}

pub fn insert(row: &Row<'_>, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO parked (device, seq, space, action, kind, record, reason, hash, heard_ms, sealed_body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            &row.id.device,
            &row.id.seq,
            &row.space,
            &row.action,
            &row.kind,
            &row.record,
            &word(row.reason)?,
            &row.hash,
            &row.heard_ms,
            &row.sealed_body,
        ],
    )?;
    Ok(())
}

/// Why a change was parked, and its hash, if it was.
pub fn get(id: ChangeId, conn: &Conn) -> Result<Option<(Reason, Hash)>> {
    let sql = "SELECT reason, hash FROM parked WHERE device = ?1 AND seq = ?2";
    conn.one(sql, &[&id.device, &id.seq], |row| {
        Ok((reason(row.text(0)?)?, row.hash(1)?))
    })
}

/// Whether any change of the record is parked.
pub fn touches(space: &str, kind: &str, record: RecordId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT seq FROM parked WHERE record = ?1 AND kind = ?2 AND space = ?3 LIMIT 1";
    let found = conn.one(sql, &[&record, &kind, &space], |row| row.number(0));
    Ok(found?.is_some())
}

/// How many changes are parked.
pub fn count(conn: &Conn) -> Result<u64> {
    only(conn.one("SELECT count(*) FROM parked", &[], |row| row.count(0))?)
}

fn word(reason: Reason) -> Result<String> {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(ServerError::Damaged("a reason has no word")),
    }
}

fn reason(word: String) -> Result<Reason> {
    serde_json::from_value(word.into()).map_err(|_| ServerError::Damaged("a reason cannot be read"))
}
