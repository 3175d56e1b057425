//! The logs: every change that was numbered, as its author wrote it, sealed.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::{Chain, ChangeId, Hash, Lsn};
use uuid::Uuid;

use super::column;
use crate::error::Result;

/// A numbered change, its body sealed.
pub struct Row<'a> {
    pub space: i64,
    pub lsn: Lsn,
    pub id: ChangeId,
    pub action: Uuid,
    pub kind: &'a str,
    pub record: RecordId,
    pub hash: Hash,
    pub chain: Chain,
    pub sealed_body: &'a [u8],
}

pub fn insert(row: &Row<'_>, conn: &Connection) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO change (space, lsn, device, seq, action, kind, record, hash, chain, sealed_body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        row.space,
        column::number(row.lsn),
        column::id(&row.id.device.0),
        column::number(row.id.seq),
        column::id(&row.action),
        row.kind,
        column::id(&row.record.0),
        row.hash.0,
        row.chain.0.0,
        row.sealed_body,
    ])?;
    Ok(())
}

/// The number and the hash of a change, if it was numbered.
pub fn numbered(id: ChangeId, conn: &Connection) -> Result<Option<(Lsn, Hash)>> {
    let mut statement = conn.prepare_cached("SELECT lsn, hash FROM change WHERE device = ?1 AND seq = ?2")?;
    let found = statement.query_row(params![column::id(&id.device.0), column::number(id.seq)], |row| {
        Ok((column::count(row, 0)?, column::hash(row, 1)?))
    });
    Ok(found.optional()?)
}

/// Whether the change is numbered and edits this record.
pub fn is_of_record(id: ChangeId, space: i64, kind: &str, record: RecordId, conn: &Connection) -> Result<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT 1 FROM change WHERE device = ?1 AND seq = ?2 AND space = ?3 AND kind = ?4 AND record = ?5",
    )?;
    Ok(statement.exists(params![
        column::id(&id.device.0),
        column::number(id.seq),
        space,
        kind,
        column::id(&record.0)
    ])?)
}

/// The action of the change that has this number.
pub fn action_at(space: i64, lsn: Lsn, conn: &Connection) -> Result<Option<Uuid>> {
    let mut statement = conn.prepare_cached("SELECT action FROM change WHERE space = ?1 AND lsn = ?2")?;
    let found = statement.query_row(params![space, column::number(lsn)], |row| column::uuid(row, 0));
    Ok(found.optional()?)
}

/// The record of the kind that the space's log names first.
pub fn first_of(space: i64, kind: &str, conn: &Connection) -> Result<Option<RecordId>> {
    let mut statement =
        conn.prepare_cached("SELECT record FROM change WHERE space = ?1 AND kind = ?2 ORDER BY lsn LIMIT 1")?;
    let found = statement.query_row(params![space, kind], |row| column::record(row, 0));
    Ok(found.optional()?)
}

/// Which changes the space's log holds, in the order of their numbers; nothing of what they say.
pub fn ids(space: i64, conn: &Connection) -> Result<Vec<(Lsn, ChangeId)>> {
    let mut statement = conn.prepare_cached("SELECT lsn, device, seq FROM change WHERE space = ?1 ORDER BY lsn")?;
    let rows = statement.query_map([space], |row| {
        let id = ChangeId {
            device: column::device(row, 1)?,
            seq: column::count(row, 2)?,
        };
        Ok((column::count(row, 0)?, id))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Hands the numbers and sealed bodies of what the server itself wrote in the space to `each`, in
/// their order; also what it wrote before it was restored, under another device.
pub fn of_server(space: i64, conn: &Connection, mut each: impl FnMut(Lsn, Vec<u8>) -> Result<()>) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT lsn, sealed_body FROM change
         WHERE space = ?1 AND device IN (SELECT id FROM device WHERE status = 'server') ORDER BY lsn",
    )?;
    let mut rows = statement.query([space])?;
    while let Some(row) = rows.next()? {
        each(column::count(row, 0)?, row.get(1)?)?;
    }
    Ok(())
}

/// A change of a log as it is read back.
pub struct Logged {
    pub lsn: Lsn,
    pub id: ChangeId,
    pub action: Uuid,
    pub hash: Hash,
    pub chain: Chain,
    pub sealed_body: Vec<u8>,
}

/// Hands the changes after `cursor` to `each`, in their order, until it answers `false`.
pub fn after(space: i64, cursor: Lsn, conn: &Connection, mut each: impl FnMut(Logged) -> Result<bool>) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "SELECT lsn, device, seq, action, hash, chain, sealed_body
         FROM change WHERE space = ?1 AND lsn > ?2 ORDER BY lsn",
    )?;
    let mut rows = statement.query(params![space, column::number(cursor)])?;
    while let Some(row) = rows.next()? {
        let id = ChangeId {
            device: column::device(row, 1)?,
            seq: column::count(row, 2)?,
        };
        let logged = Logged {
            lsn: column::count(row, 0)?,
            id,
            action: column::uuid(row, 3)?,
            hash: column::hash(row, 4)?,
            chain: Chain(column::hash(row, 5)?),
            sealed_body: row.get(6)?,
        };
        if !each(logged)? {
            break;
        }
    }
    Ok(())
}
