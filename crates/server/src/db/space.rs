//! The spaces: how far each log goes, and what proves it.

use domain::RecordId;
use sync_core::{Chain, Digest, Lsn, SpaceId};

use super::Conn;
use super::conn::only;
use super::value::Row;
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

fn read(row: &Row) -> Result<Space> {
    Ok(Space {
        number: row.number(0)?,
        id: row.word(1)?,
        epoch: row.count(2)?,
        head: row.count(3)?,
        chain: Chain(row.hash(4)?),
        digest: Digest(row.hash(5)?),
        sealed_key: row.bytes(6)?,
    })
}

pub fn get(id: SpaceId, conn: &Conn) -> Result<Option<Space>> {
    let sql = format!("SELECT {COLUMNS} FROM space WHERE id = ?1");
    conn.one(&sql, &[&id.to_string()], read)
}

/// The same, and nobody else writes to it until the transaction ends.
pub fn lock(id: SpaceId, conn: &Conn) -> Result<Option<Space>> {
    let sql = format!("SELECT {COLUMNS} FROM space WHERE id = ?1");
    conn.one_to_write(&sql, &[&id.to_string()], read)
}

pub fn all(conn: &Conn) -> Result<Vec<Space>> {
    conn.all(&format!("SELECT {COLUMNS} FROM space ORDER BY number"), &[], read)
}

/// Those of the facilities, or of the one that is wanted.
pub fn facilities(wanted: Option<RecordId>, conn: &Conn) -> Result<Vec<(RecordId, Space)>> {
    let found = all(conn)?.into_iter().filter_map(|space| match space.id {
        SpaceId::Facility(id) if wanted.is_none_or(|wanted| wanted.0 == id) => Some((RecordId(id), space)),
        _ => None,
    });
    Ok(found.collect())
}

/// A number that is another when any log grew or was begun anew.
pub fn version(conn: &Conn) -> Result<i64> {
    let sql = "SELECT CAST(coalesce(sum(head + epoch), 0) AS BIGINT) FROM space";
    only(conn.one(sql, &[], |row| row.number(0))?)
}

/// Adds a space with an empty log, if it is not there yet.
pub fn insert(id: SpaceId, sealed_key: &[u8], conn: &Conn) -> Result<()> {
    let nothing = [0_u8; 32];
    conn.execute(
        "INSERT INTO space (id, epoch, head, chain, digest, sealed_key) VALUES (?1, 1, 0, ?2, ?2, ?3)
         ON CONFLICT (id) DO NOTHING",
        &[&id.to_string(), &nothing.as_slice(), &sealed_key],
    )?;
    Ok(())
}

/// Moves the space on from `before`, the head that was read.
///
/// # Errors
/// [`ServerError::Damaged`] when somebody else moved it meanwhile, which the write lock prevents.
pub fn advance(space: &Space, before: Lsn, conn: &Conn) -> Result<()> {
    let moved = conn.execute(
        "UPDATE space SET head = ?2, chain = ?3, digest = ?4 WHERE number = ?1 AND head = ?5",
        &[&space.number, &space.head, &space.chain.0, &space.digest.0, &before],
    )?;
    if moved == 1 {
        Ok(())
    } else {
        Err(ServerError::Damaged("the head of a space moved within a transaction"))
    }
}

/// Begins a new epoch of every log, numbered `epoch` or higher: who read further than it goes now
/// reads it anew.
pub fn begin_epoch(epoch: u64, conn: &Conn) -> Result<()> {
    let sql = "UPDATE space SET epoch = CASE WHEN epoch < ?1 THEN ?1 ELSE epoch + 1 END";
    conn.execute(sql, &[&epoch])?;
    Ok(())
}

/// What a space holds, counted.
pub struct Counts {
    pub changes: u64,
    pub conflicts: u64,
}

pub fn counts(space: i64, conn: &Conn) -> Result<Counts> {
    let changes = "SELECT count(*) FROM change WHERE space = ?1";
    let conflicts = "SELECT CAST(coalesce(sum(conflicts), 0) AS BIGINT) FROM record WHERE space = ?1 AND conflicts > 0";
    Ok(Counts {
        changes: only(conn.one(changes, &[&space], |row| row.count(0))?)?,
        conflicts: only(conn.one(conflicts, &[&space], |row| row.count(0))?)?,
    })
}
