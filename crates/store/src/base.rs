//! The bases of records: how they stood in the snapshot with which this desk began. What was changed before is not
//! held change by change; a base brings the heads, and the ids of everything that was folded into it.

use rusqlite::{Connection, OptionalExtension, params};
use sync_core::snapshot::Base;
use sync_core::{ChangeId, packed};

use crate::error::StoreError;
use crate::log::Name;

/// The base of the record as it was known at the commit `as_of`, if it has one.
pub fn of_record(kind: &str, name: Name, as_of: i64, conn: &Connection) -> Result<Option<Base>, StoreError> {
    let found: Option<(Vec<u8>, bool)> = conn
        .prepare_cached(
            "SELECT base, coalesce(snapshot.void_since <= ?4, FALSE) FROM snapshot_record
             JOIN snapshot ON snapshot.space = snapshot_record.space
             WHERE record = ?1 AND kind = ?2 AND snapshot_record.space = ?3 AND arrived <= ?4",
        )?
        .query_row(params![name.id.0.as_bytes(), name.kind, name.space, as_of], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (bytes, is_void) = match found {
        Some(found) => found,
        None => match earlier(name, as_of, conn)? {
            Some(earlier) => earlier,
            None => return Ok(None),
        },
    };
    let mut base = packed::unpack_base(kind, name.id, &bytes).ok_or(StoreError::Damaged)?;
    if is_void {
        let heads = base
            .state
            .fields
            .values_mut()
            .flat_map(|field| field.heads.values_mut());
        heads.for_each(|head| head.lsn = None);
    }
    Ok(Some(base))
}

/// The base that the record had at that commit and has no more.
fn earlier(name: Name, as_of: i64, conn: &Connection) -> Result<Option<(Vec<u8>, bool)>, StoreError> {
    if as_of == i64::MAX {
        return Ok(None);
    }
    let found = conn
        .prepare_cached(
            "SELECT base, coalesce(void_since <= ?4, FALSE) FROM earlier_base
             WHERE record = ?1 AND kind = ?2 AND space = ?3 AND arrived <= ?4 AND gone > ?4",
        )?
        .query_row(params![name.id.0.as_bytes(), name.kind, name.space, as_of], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
    Ok(found.optional()?)
}

/// Takes away the bases that came in the piece. Forms that were opened before `commit` still show them.
pub fn take_away(piece: i64, commit: i64, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO earlier_base (record, kind, space, arrived, gone, void_since, base)
         SELECT record, kind, snapshot_record.space, arrived, ?2, void_since, base FROM snapshot_record
         JOIN snapshot ON snapshot.space = snapshot_record.space WHERE piece = ?1 AND arrived < ?2",
    )?
    .execute([piece, commit])?;
    conn.prepare_cached("DELETE FROM snapshot_record WHERE piece = ?1")?
        .execute([piece])?;
    Ok(())
}

/// Whether the change was folded into the base of the record.
pub fn holds(id: &ChangeId, kind: &str, name: Name, conn: &Connection) -> Result<bool, StoreError> {
    let base = of_record(kind, name, i64::MAX, conn)?;
    Ok(base.is_some_and(|base| base.holds(id)))
}

/// Whether the numbers in the bases of the space are of an epoch that is over.
pub fn is_void(space: i64, conn: &Connection) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM snapshot WHERE space = ?1 AND void_since IS NOT NULL")?;
    Ok(statement.exists([space])?)
}

/// Adds the base of a record that came in a piece.
pub fn insert(base: &Base, name: Name, piece: i64, commit: i64, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO snapshot_record (record, kind, space, piece, arrived, base) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        name.id.0.as_bytes(),
        name.kind,
        name.space,
        piece,
        commit,
        packed::pack_base(base)
    ])?;
    Ok(())
}
