//! The spaces this desk holds: how far each has come, and whether both ends hold the same.

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use sync_core::{Chain, Digest, Hash, Lsn, SpaceId};

use crate::error::StoreError;
use crate::present::Present;
use crate::rebuild::BATCH;
use crate::slices::in_commit;
use crate::store::{Store, space_id};
use crate::writer::Turn;
use crate::{base, carried, first_sync, log, lost};

const PENDING: &str = "SELECT count(*) FROM change WHERE space = ?1 AND device = ?2 AND lsn IS NULL AND parked IS NULL";
const PARKED: &str = "SELECT count(*) FROM change WHERE space = ?1 AND parked IS NOT NULL";

/// How one space stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SpaceStatus {
    pub space: SpaceId,
    pub epoch: u64,
    /// Everything up to here is held.
    pub cursor: Lsn,
    /// The last lsn the district was heard to have.
    pub head: Lsn,
    pub chain: Chain,
    pub digest: Digest,
    /// Both hold the same log but not the same state.
    pub is_diverged: bool,
    /// The server's time when it was last heard about this space.
    pub heard_ms: Option<i64>,
}

/// Where the log of a space stands here.
#[derive(Clone, Copy, Default)]
pub(crate) struct Held {
    pub epoch: u64,
    pub cursor: Lsn,
    pub chain: Chain,
}

impl Store {
    /// Makes the space one of this desk's, from its beginning.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written.
    pub fn follow(&self, space: SpaceId) -> Result<(), StoreError> {
        self.write(Turn::Person, move |conn| {
            // In a transaction of its own: a statement that answers rows ends without telling that its commit failed.
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            log::space_number(space, &conn)?;
            Ok(conn.commit()?)
        })
    }

    /// How the spaces stand.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn spaces(&self) -> Result<Vec<SpaceStatus>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, epoch, cursor, head, chain, digest, diverged, heard_ms FROM space ORDER BY id",
            )?;
            let mut rows = statement.query([])?;
            let mut spaces = Vec::new();
            while let Some(row) = rows.next()? {
                spaces.push(status(row)?);
            }
            Ok(spaces)
        })
    }

    /// How many own changes of the space the district has neither numbered nor parked.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn pending(&self, space: SpaceId) -> Result<u64, StoreError> {
        let device = self.device();
        self.reading(|conn| {
            let Some(space) = log::known_space(space, conn)? else {
                return Ok(0);
            };
            let mut statement = conn.prepare_cached(PENDING)?;
            let count: i64 = statement.query_row(params![space, device.0.as_bytes()], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    /// How many changes of the space are kept aside: own ones by the district, others' because the district lost them.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn parked(&self, space: SpaceId) -> Result<u64, StoreError> {
        self.reading(|conn| {
            let Some(space) = log::known_space(space, conn)? else {
                return Ok(0);
            };
            let count: i64 = conn.prepare_cached(PARKED)?.query_row([space], |row| row.get(0))?;
            Ok(count.cast_unsigned() + lost::count(space, conn)?)
        })
    }

    /// Begins the space's log anew in another epoch of the server: everything is kept, numbers are
    /// given again, and what the server lost is sent again.
    ///
    /// This is one transaction, so that a power cut cannot leave numbers of two epochs side by side,
    /// and a save that comes meanwhile waits for all of it: as long as a rebuild and a half, which is a
    /// second for some thousand records. It happens once, after a district fell back on a backup.
    ///
    /// # Errors
    /// [`StoreError`]; everything stays as it was then.
    pub fn set_epoch(&self, space: SpaceId, epoch: u64) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            in_commit(conn, |conn, present, commit| {
                begin_epoch(space, epoch, commit, present, conn)
            })
            .map(drop)
        })
    }
}

fn begin_epoch(
    space: SpaceId,
    epoch: u64,
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), StoreError> {
    let number = log::space_number(space, conn)?;
    carried::compare_again(conn)?;
    first_sync::begin_epoch(number, commit, present, conn)?;
    conn.execute(
        "UPDATE space SET epoch = ?2, cursor = 0, head = 0, chain = ?3, diverged = 0 WHERE number = ?1",
        params![number, log::number(epoch), Hash::default().0],
    )?;
    conn.execute(
        "UPDATE change SET lsn = NULL, answered = NULL WHERE space = ?1 AND lsn IS NOT NULL",
        [number],
    )?;
    let mut statement = conn.prepare_cached(
        "SELECT kind.name, record.kind, record.id FROM record JOIN kind ON kind.number = record.kind
         WHERE record.space = ?1",
    )?;
    let names = statement.query_map([number], |row| {
        let name = log::Name {
            kind: row.get(1)?,
            id: log::record_id(row, 2)?,
            space: number,
        };
        Ok((row.get::<_, String>(0)?, name))
    })?;
    let names: Vec<(String, log::Name)> = names.collect::<Result<_, _>>()?;
    for batch in names.chunks(BATCH) {
        for (kind, name) in batch {
            present.refold(kind, *name)?;
        }
        present.write(commit)?;
    }
    Ok(())
}

/// Where the log of the space stands; at its beginning when it is not held.
pub(crate) fn held(space: SpaceId, conn: &Connection) -> Result<Held, StoreError> {
    let held = conn
        .prepare_cached("SELECT epoch, cursor, chain FROM space WHERE id = ?1")?
        .query_row([space.to_string()], |row| {
            Ok(Held {
                epoch: row.get::<_, i64>(0)?.cast_unsigned(),
                cursor: row.get::<_, i64>(1)?.cast_unsigned(),
                chain: Chain(Hash(row.get(2)?)),
            })
        })
        .optional()?;
    Ok(held.unwrap_or_default())
}

/// Whether the present of the space holds numbered changes only, as the district's does.
pub(crate) fn is_all_numbered(space: i64, conn: &Connection) -> Result<bool, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT 1 FROM change WHERE space = ?1 AND lsn IS NULL AND parked IS NULL")?;
    Ok(!statement.exists([space])? && !base::is_void(space, conn)?)
}

fn status(row: &Row<'_>) -> Result<SpaceStatus, StoreError> {
    let id: String = row.get(0)?;
    Ok(SpaceStatus {
        space: space_id(&id)?,
        epoch: row.get::<_, i64>(1)?.cast_unsigned(),
        cursor: row.get::<_, i64>(2)?.cast_unsigned(),
        head: row.get::<_, i64>(3)?.cast_unsigned(),
        chain: Chain(Hash(row.get(4)?)),
        digest: Digest(Hash(row.get(5)?)),
        is_diverged: row.get(6)?,
        heard_ms: row.get(7)?,
    })
}
