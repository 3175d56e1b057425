//! What was kept aside for a person to decide.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::exchange::Reason;
use sync_core::{ChangeId, Hash};
use uuid::Uuid;

use super::column;
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

pub fn insert(row: &Row<'_>, conn: &Connection) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO parked (device, seq, space, action, kind, record, reason, hash, heard_ms, sealed_body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        column::id(&row.id.device.0),
        column::number(row.id.seq),
        row.space,
        column::id(&row.action),
        row.kind,
        column::id(&row.record.0),
        word(row.reason)?,
        row.hash.0,
        row.heard_ms,
        row.sealed_body,
    ])?;
    Ok(())
}

/// Why a change was parked, and its hash, if it was.
pub fn get(id: ChangeId, conn: &Connection) -> Result<Option<(Reason, Hash)>> {
    let mut statement = conn.prepare_cached("SELECT reason, hash FROM parked WHERE device = ?1 AND seq = ?2")?;
    let found = statement.query_row(params![column::id(&id.device.0), column::number(id.seq)], |row| {
        Ok((row.get::<_, String>(0)?, column::hash(row, 1)?))
    });
    let found = found.optional()?;
    found.map(|(text, hash)| Ok((reason(text)?, hash))).transpose()
}

/// Whether any change of the record is parked.
pub fn touches(space: &str, kind: &str, record: RecordId, conn: &Connection) -> Result<bool> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM parked WHERE record = ?1 AND kind = ?2 AND space = ?3")?;
    Ok(statement.exists(params![column::id(&record.0), kind, space])?)
}

/// How many changes are parked.
pub fn count(conn: &Connection) -> Result<u64> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM parked")?;
    Ok(statement.query_row([], |row| column::count(row, 0))?)
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
