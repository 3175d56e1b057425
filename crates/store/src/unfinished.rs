//! The bytes of pieces that are not whole yet: what came over a slow link outlives a cut, a lock and a restart.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sync_core::{Hash, SpaceId};

use crate::error::StoreError;
use crate::log;
use crate::store::Store;
use crate::writer::Turn;

impl Store {
    /// The bytes of a piece that are here; none when nothing of it came, or all of it.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn unfinished_piece(&self, space: SpaceId, hash: Hash) -> Result<Vec<u8>, StoreError> {
        self.reading(|conn| match wanted(space, hash, conn)? {
            Some(piece) => bytes_of(piece, conn),
            None => Ok(Vec::new()),
        })
    }

    /// Keeps the bytes of a piece from its byte `start` on, if they follow on those that are here.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of them is kept then.
    pub fn keep_unfinished(&self, space: SpaceId, hash: Hash, start: usize, bytes: &[u8]) -> Result<(), StoreError> {
        let bytes = bytes.to_vec();
        self.write(Turn::Sync, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if let Some(piece) = wanted(space, hash, &conn)?
                && bytes_of(piece, &conn)?.len() == start
            {
                conn.prepare_cached("INSERT INTO unfinished_piece (piece, start, bytes) VALUES (?1, ?2, ?3)")?
                    .execute(params![piece, i64::try_from(start).unwrap_or(i64::MAX), bytes])?;
            }
            Ok(conn.commit()?)
        })
    }

    /// Gives up the bytes of a piece: they are not those of the piece.
    ///
    /// # Errors
    /// [`StoreError`]; they stay then.
    pub fn drop_unfinished(&self, space: SpaceId, hash: Hash) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| match wanted(space, hash, conn)? {
            Some(piece) => drop_of(piece, conn),
            None => Ok(()),
        })
    }
}

/// How many bytes of a piece are here.
pub fn length_of(piece: i64, conn: &Connection) -> Result<u64, StoreError> {
    let length: i64 = conn
        .prepare_cached("SELECT coalesce(sum(length(bytes)), 0) FROM unfinished_piece WHERE piece = ?1")?
        .query_row([piece], |row| row.get(0))?;
    Ok(length.cast_unsigned())
}

/// Takes away what is here of a piece that came whole, or is not wanted any more.
pub fn drop_of(piece: i64, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM unfinished_piece WHERE piece = ?1")?
        .execute([piece])?;
    Ok(())
}

fn wanted(space: SpaceId, hash: Hash, conn: &Connection) -> Result<Option<i64>, StoreError> {
    let space = log::space_number(space, conn)?;
    let piece = conn
        .prepare_cached("SELECT number FROM snapshot_piece WHERE space = ?1 AND hash = ?2 AND here = 0")?
        .query_row(params![space, hash.0], |row| row.get(0))
        .optional()?;
    Ok(piece)
}

fn bytes_of(piece: i64, conn: &Connection) -> Result<Vec<u8>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT bytes FROM unfinished_piece WHERE piece = ?1 ORDER BY start")?;
    let parts = statement.query_map([piece], |row| row.get::<_, Vec<u8>>(0))?;
    Ok(parts.collect::<Result<Vec<_>, _>>()?.concat())
}
