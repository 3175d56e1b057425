//! The present: the folded state of every record, sealed.

use domain::RecordId;

use super::Conn;
use super::value::Bind;
use crate::error::Result;

pub fn get(space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT sealed_state FROM record WHERE space = ?1 AND kind = ?2 AND record = ?3";
    conn.one(sql, &[&space, &kind, &record], |row| row.bytes(0))
}

/// The sealed states of many records, in their order.
pub fn get_each(space: i64, records: &[(&str, RecordId)], conn: &Conn) -> Result<Vec<Option<Vec<u8>>>> {
    let sql = "SELECT sealed_state FROM record WHERE space = ?1 AND kind = ?2 AND record = ?3";
    let values: Vec<Vec<&dyn Bind>> = records
        .iter()
        .map(|(kind, record)| vec![&space as &dyn Bind, kind, record])
        .collect();
    conn.one_of_each(sql, &values, |row| row.bytes(0))
}

pub fn put(space: i64, kind: &str, record: RecordId, conflicts: usize, sealed_state: &[u8], conn: &Conn) -> Result<()> {
    conn.insert_later(
        "INSERT INTO record (space, kind, record, conflicts, sealed_state) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (space, kind, record) DO UPDATE SET
           conflicts = excluded.conflicts,
           sealed_state = excluded.sealed_state",
        &[&space, &kind, &record, &(conflicts as u64), &sealed_state],
    )
}

/// The kinds of which the space has records.
pub fn kinds(space: i64, conn: &Conn) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT kind FROM record WHERE space = ?1 ORDER BY kind";
    conn.all(sql, &[&space], |row| row.text(0))
}

/// The next records of a kind after `last`, with their sealed states.
pub fn slice(
    space: i64,
    kind: &str,
    last: Option<RecordId>,
    limit: u64,
    conn: &Conn,
) -> Result<Vec<(RecordId, Vec<u8>)>> {
    let sql = "SELECT record, sealed_state FROM record WHERE space = ?1 AND kind = ?2 AND record > ?3
               ORDER BY record LIMIT ?4";
    // No record has the id of nothing.
    let last = last.unwrap_or(RecordId(uuid::Uuid::nil()));
    conn.all(sql, &[&space, &kind, &last, &limit], |row| {
        Ok((row.record(0)?, row.bytes(1)?))
    })
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
