//! The spaces: how far each log goes, and what proves it.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::{Chain, Digest, Lsn, SpaceId};

use super::column;
use crate::error::{Result, ServerError};

/// A space as it stands.
pub struct Space {
    pub number: i64,
    pub id: SpaceId,
    pub epoch: u64,
    pub head: Lsn,
    pub chain: Chain,
    pub digest: Digest,
    pub sealed_key: Vec<u8>,
}

const COLUMNS: &str = "number, id, epoch, head, chain, digest, sealed_key";

fn read(row: &Row<'_>) -> rusqlite::Result<Space> {
    Ok(Space {
        number: row.get(0)?,
        id: column::word(row, 1)?,
        epoch: column::count(row, 2)?,
        head: column::count(row, 3)?,
        chain: Chain(column::hash(row, 4)?),
        digest: Digest(column::hash(row, 5)?),
        sealed_key: row.get(6)?,
    })
}

pub fn get(id: SpaceId, conn: &Connection) -> Result<Option<Space>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM space WHERE id = ?1"))?;
    Ok(statement.query_row([id.to_string()], read).optional()?)
}

pub fn all(conn: &Connection) -> Result<Vec<Space>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM space ORDER BY number"))?;
    let spaces = statement.query_map([], read)?;
    Ok(spaces.collect::<Result<_, _>>()?)
}

/// Adds a space with an empty log.
pub fn insert(id: SpaceId, sealed_key: &[u8], conn: &Connection) -> Result<()> {
    let nothing = [0_u8; 32];
    conn.prepare_cached(
        "INSERT INTO space (id, epoch, head, chain, digest, sealed_key) VALUES (?1, 1, 0, ?2, ?2, ?3)",
    )?
    .execute(params![id.to_string(), nothing, sealed_key])?;
    Ok(())
}

/// Moves the space on from `before`, the head that was read.
///
/// # Errors
/// [`ServerError::Damaged`] when somebody else moved it meanwhile, which the write lock prevents.
pub fn advance(space: &Space, before: Lsn, conn: &Connection) -> Result<()> {
    let moved = conn
        .prepare_cached("UPDATE space SET head = ?2, chain = ?3, digest = ?4 WHERE number = ?1 AND head = ?5")?
        .execute(params![
            space.number,
            column::number(space.head),
            space.chain.0.0,
            space.digest.0.0,
            column::number(before)
        ])?;
    if moved == 1 {
        Ok(())
    } else {
        Err(ServerError::Damaged("the head of a space moved within a transaction"))
    }
}

/// Begins a new epoch of every log, numbered `epoch` or higher: who read further than it goes now
/// reads it anew.
pub fn begin_epoch(epoch: u64, conn: &Connection) -> Result<()> {
    conn.execute("UPDATE space SET epoch = max(epoch + 1, ?1)", [column::number(epoch)])?;
    Ok(())
}

/// What a space holds, counted.
pub struct Counts {
    pub changes: u64,
    pub conflicts: u64,
}

pub fn counts(space: i64, conn: &Connection) -> Result<Counts> {
    let mut changes = conn.prepare_cached("SELECT count(*) FROM change WHERE space = ?1")?;
    let mut conflicts =
        conn.prepare_cached("SELECT coalesce(sum(conflicts), 0) FROM record WHERE space = ?1 AND conflicts > 0")?;
    Ok(Counts {
        changes: changes.query_row([space], |row| column::count(row, 0))?,
        conflicts: conflicts.query_row([space], |row| column::count(row, 0))?,
    })
}
