//! The table of changes: appended to, read, and numbered; never edited, never deleted.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, Hash, Lsn, SpaceId};

use crate::error::StoreError;

/// What the table says about one change besides its content.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stored {
    pub hash: Hash,
    pub lsn: Option<Lsn>,
    pub is_parked: bool,
}

/// A record as the tables name it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name {
    pub kind: i64,
    pub id: RecordId,
    pub space: i64,
}

/// The number of a space; it is given one if it has none.
pub fn space_number(space: SpaceId, conn: &Connection) -> Result<i64> {
    let found = known_space(space, conn)?;
    found.map_or_else(
        || {
            conn.prepare_cached(
                "INSERT INTO space (id, epoch, cursor, head, chain, digest, diverged) VALUES (?1, 0, 0, 0, ?2, ?2, 0)
                 RETURNING number",
            )?
            .query_row(params![space.to_string(), Hash::default().0], |row| row.get(0))
        },
        Ok,
    )
}

/// The number of a space, if it has one.
pub fn known_space(space: SpaceId, conn: &Connection) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT number FROM space WHERE id = ?1")?
        .query_row([space.to_string()], |row| row.get(0))
        .optional()
}

/// The number of a kind; it is given one if it has none.
pub fn kind_number(kind: &str, conn: &Connection) -> Result<i64> {
    known_kind(kind, conn)?.map_or_else(
        || {
            conn.prepare_cached("INSERT INTO kind (name) VALUES (?1) RETURNING number")?
                .query_row([kind], |row| row.get(0))
        },
        Ok,
    )
}

/// The number of a kind, if it has one.
pub fn known_kind(kind: &str, conn: &Connection) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT number FROM kind WHERE name = ?1")?
        .query_row([kind], |row| row.get(0))
        .optional()
}

/// How the tables name the record of the change.
pub fn name(change: &Change, conn: &Connection) -> Result<Name> {
    Ok(Name {
        kind: kind_number(&change.kind, conn)?,
        id: change.record,
        space: space_number(change.space, conn)?,
    })
}

/// Adds a change that came with `commit`. `chain` is the device's chain after it, for own changes.
pub fn append(
    encoded: &Encoded,
    name: Name,
    (commit, lsn): (i64, Option<Lsn>),
    chain: Option<Chain>,
    conn: &Connection,
) -> Result<()> {
    let change = encoded.change();
    conn.prepare_cached(
        "INSERT INTO change (device, seq, space, kind, record, action, bytes, hash, chain, arrived, lsn, answered)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        change.id.device.0.as_bytes(),
        number(change.id.seq),
        name.space,
        name.kind,
        name.id.0.as_bytes(),
        change.action.as_bytes(),
        encoded.bytes(),
        encoded.hash().0,
        chain.map(|chain| chain.0.0),
        commit,
        lsn.map(number),
        lsn.map(|_| commit),
    ])?;
    Ok(())
}

/// What is stored under the identity.
pub fn stored(id: ChangeId, conn: &Connection) -> Result<Option<Stored>> {
    conn.prepare_cached("SELECT hash, lsn, parked IS NOT NULL FROM change WHERE device = ?1 AND seq = ?2")?
        .query_row(params![id.device.0.as_bytes(), number(id.seq)], |row| {
            Ok(Stored {
                hash: Hash(row.get(0)?),
                lsn: row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
                is_parked: row.get(2)?,
            })
        })
        .optional()
}

/// Where a change stands: its number, whether it is kept aside, its record, and the kind of that.
pub struct Placed {
    pub lsn: Option<Lsn>,
    pub is_parked: bool,
    pub name: Name,
    pub kind: String,
    pub action: uuid::Uuid,
    pub hash: Hash,
}

/// The same of the change stored under the identity, without reading what it says.
pub fn placed(id: ChangeId, conn: &Connection) -> Result<Option<Placed>> {
    conn.prepare_cached(
        "SELECT lsn, parked IS NOT NULL, kind, record, space, name, action, hash
         FROM change JOIN kind ON kind.number = change.kind WHERE device = ?1 AND seq = ?2",
    )?
    .query_row(params![id.device.0.as_bytes(), number(id.seq)], |row| {
        Ok(Placed {
            lsn: row.get::<_, Option<i64>>(0)?.map(i64::cast_unsigned),
            is_parked: row.get(1)?,
            name: Name {
                kind: row.get(2)?,
                id: record_id(row, 3)?,
                space: row.get(4)?,
            },
            kind: row.get(5)?,
            action: uuid::Uuid::from_bytes(row.get(6)?),
            hash: Hash(row.get(7)?),
        })
    })
    .optional()
}

/// The content of the change stored under the identity.
pub fn content(id: ChangeId, conn: &Connection) -> Result<Option<Encoded>, StoreError> {
    let bytes: Option<Vec<u8>> = conn
        .prepare_cached("SELECT bytes FROM change WHERE device = ?1 AND seq = ?2")?
        .query_row(params![id.device.0.as_bytes(), number(id.seq)], |row| row.get(0))
        .optional()?;
    bytes.map(read).transpose()
}

/// Takes note of the number that the server gave to a change; it is then no longer parked.
pub fn set_lsn(id: ChangeId, lsn: Lsn, commit: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE change SET lsn = ?3, answered = ?4, parked = NULL WHERE device = ?1 AND seq = ?2")?
        .execute(params![id.device.0.as_bytes(), number(id.seq), number(lsn), commit])?;
    Ok(())
}

/// Keeps a change aside, for the reason that the server gave.
pub fn set_parked(id: ChangeId, reason: &str, commit: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("UPDATE change SET parked = ?3, answered = ?4 WHERE device = ?1 AND seq = ?2 AND lsn IS NULL")?
        .execute(params![id.device.0.as_bytes(), number(id.seq), reason, commit])?;
    Ok(())
}

/// Whether a change is part of the present of the record.
pub fn is_applied(id: &ChangeId, to: Name, conn: &Connection) -> Result<bool> {
    conn.prepare_cached(
        "SELECT 1 FROM change WHERE device = ?1 AND seq = ?2 AND record = ?3 AND kind = ?4 AND space = ?5
         AND parked IS NULL",
    )?
    .exists(params![
        id.device.0.as_bytes(),
        number(id.seq),
        to.id.0.as_bytes(),
        to.kind,
        to.space
    ])
}

/// The changes that made up the present of a record at the commit `as_of`, with the numbers they had
/// then, in the order they came: without what came, and as if nothing was answered, after it.
pub fn of_record(of: Name, as_of: i64, conn: &Connection) -> Result<Vec<(Encoded, Option<Lsn>)>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT bytes, iif(answered <= ?4, change.lsn, earlier.lsn) FROM change
         LEFT JOIN earlier_answer earlier
         ON earlier.change = local AND earlier.since <= ?4 AND earlier.until > ?4
         WHERE record = ?1 AND kind = ?2 AND space = ?3 AND arrived <= ?4
         AND NOT coalesce(iif(answered <= ?4, change.parked IS NOT NULL, earlier.parked), FALSE)
         ORDER BY local",
    )?;
    let mut rows = statement.query(params![of.id.0.as_bytes(), of.kind, of.space, as_of])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let lsn: Option<i64> = row.get(1)?;
        changes.push((read(row.get(0)?)?, lsn.map(i64::cast_unsigned)));
    }
    Ok(changes)
}

/// A change from its stored bytes.
pub fn read(bytes: Vec<u8>) -> Result<Encoded, StoreError> {
    Encoded::read(bytes).map_err(|_| StoreError::Damaged)
}

/// A device from a column.
pub fn device(row: &Row<'_>, column: usize) -> Result<DeviceId> {
    row.get(column).map(|bytes| DeviceId(uuid::Uuid::from_bytes(bytes)))
}

/// A record's id from a column.
pub fn record_id(row: &Row<'_>, column: usize) -> Result<RecordId> {
    row.get(column).map(|bytes| RecordId(uuid::Uuid::from_bytes(bytes)))
}

/// SQLite's numbers are signed; none of ours come near that end.
pub fn number(unsigned: u64) -> i64 {
    i64::try_from(unsigned).unwrap_or(i64::MAX)
}
