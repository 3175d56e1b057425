//! The present: the folded state of every record, sealed.

use domain::RecordId;

use super::Conn;
use crate::error::Result;

pub fn get(space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT sealed_state FROM record WHERE space = ?1 AND kind = ?2 AND record = ?3";
    conn.one(sql, &[&space, &kind, &record], |row| row.bytes(0))
}

pub fn put(space: i64, kind: &str, record: RecordId, conflicts: usize, sealed_state: &[u8], conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO record (space, kind, record, conflicts, sealed_state) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (space, kind, record) DO UPDATE SET
           conflicts = excluded.conflicts,
           sealed_state = excluded.sealed_state",
        &[&space, &kind, &record, &(conflicts as u64), &sealed_state],
    )?;
    Ok(())
}

/// A record with its sealed state.
pub struct Kept {
    pub kind: String,
    pub record: RecordId,
    pub sealed_state: Vec<u8>,
}

/// Every record of the space.
pub fn all(space: i64, conn: &Conn) -> Result<Vec<Kept>> {
    let sql = "SELECT kind, record, sealed_state FROM record WHERE space = ?1 ORDER BY kind, record";
    conn.all(sql, &[&space], |row| {
        Ok(Kept {
            kind: row.text(0)?,
            record: row.record(1)?,
            sealed_state: row.bytes(2)?,
        })
    })
}
