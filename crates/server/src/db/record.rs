//! The present: the folded state of every record, sealed.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, params};

use super::column;
use crate::error::Result;

pub fn get(space: i64, kind: &str, record: RecordId, conn: &Connection) -> Result<Option<Vec<u8>>> {
    let mut statement =
        conn.prepare_cached("SELECT sealed_state FROM record WHERE space = ?1 AND kind = ?2 AND record = ?3")?;
    let found = statement.query_row(params![space, kind, column::id(&record.0)], |row| row.get(0));
    Ok(found.optional()?)
}

pub fn put(
    space: i64,
    kind: &str,
    record: RecordId,
    conflicts: usize,
    sealed_state: &[u8],
    conn: &Connection,
) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO record (space, kind, record, conflicts, sealed_state) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (space, kind, record) DO UPDATE SET
           conflicts = excluded.conflicts,
           sealed_state = excluded.sealed_state",
    )?
    .execute(params![
        space,
        kind,
        column::id(&record.0),
        column::number(conflicts as u64),
        sealed_state
    ])?;
    Ok(())
}

/// A record with its sealed state.
pub struct Kept {
    pub kind: String,
    pub record: RecordId,
    pub sealed_state: Vec<u8>,
}

/// Every record of the space.
pub fn all(space: i64, conn: &Connection) -> Result<Vec<Kept>> {
    let mut statement =
        conn.prepare_cached("SELECT kind, record, sealed_state FROM record WHERE space = ?1 ORDER BY kind, record")?;
    let rows = statement.query_map([space], |row| {
        Ok(Kept {
            kind: row.get(0)?,
            record: column::record(row, 1)?,
            sealed_state: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
