//! The logs: every change that was numbered, as its author wrote it, sealed.

use domain::RecordId;
use domain::erasure::Name;
use sync_core::{Chain, ChangeId, DeviceId, Hash, Lsn};
use uuid::Uuid;

use super::{Conn, value};
use crate::error::Result;

/// So many rows are read at a time where a log is read along.
const SLICE: usize = 128;

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
    /// Whether it erases what it names.
    pub erases: bool,
    /// By which change of this log it is erased already; 0 by none of it.
    pub erased_by: Option<Lsn>,
}

pub fn insert(row: &Row<'_>, conn: &Conn) -> Result<()> {
    conn.insert_later(
        "INSERT INTO change (space, lsn, device, seq, action, kind, record, hash, chain, sealed_body, erases, erased_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            &row.space,
            &row.lsn,
            &row.id.device,
            &row.id.seq,
            &row.action,
            &row.kind,
            &row.record,
            &row.hash,
            &row.chain.0,
            &row.sealed_body,
            &row.erases,
            &row.erased_by,
        ],
    )
}

/// The number and the hash of a change, if it was numbered.
pub fn numbered(id: ChangeId, conn: &Conn) -> Result<Option<(Lsn, Hash)>> {
    let sql = "SELECT lsn, hash FROM change WHERE device = ?1 AND seq = ?2";
    conn.one(sql, &[&id.device, &id.seq], |row| Ok((row.count(0)?, row.hash(1)?)))
}

/// What came of the device after its change `after`, numbered or parked, at most `most`: its seq, its hash, and
/// why it is parked as long as nobody decided about it.
pub fn of_device(device: DeviceId, after: u64, most: usize, conn: &Conn) -> Result<Vec<(u64, Hash, Option<String>)>> {
    let sql = "SELECT seq, hash, NULL FROM change WHERE device = ?1 AND seq > ?2
         UNION ALL
         SELECT parked.seq, hash, CASE WHEN decided IS NULL THEN reason END
         FROM parked LEFT JOIN decision ON decision.device = parked.device AND decision.seq = parked.seq
         WHERE parked.device = ?1 AND parked.seq > ?2 AND coalesce(decided, '') <> 'released'
         ORDER BY 1 LIMIT ?3";
    conn.all(sql, &[&device, &after, &(most as u64)], |row| {
        Ok((row.count(0)?, row.hash(1)?, row.text_if_any(2)?))
    })
}

/// Whether the change is numbered and edits this record.
pub fn is_of_record(id: ChangeId, space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT lsn FROM change WHERE device = ?1 AND seq = ?2 AND space = ?3 AND kind = ?4 AND record = ?5";
    let found = conn.one(sql, &[&id.device, &id.seq, &space, &kind, &record], |row| row.number(0));
    Ok(found?.is_some())
}

/// The action of the change that has this number.
pub fn action_at(space: i64, lsn: Lsn, conn: &Conn) -> Result<Option<Uuid>> {
    let sql = "SELECT action FROM change WHERE space = ?1 AND lsn = ?2";
    conn.one(sql, &[&space, &lsn], |row| row.uuid(0))
}

/// The record of the kind that the space's log names first.
pub fn first_of(space: i64, kind: &str, conn: &Conn) -> Result<Option<RecordId>> {
    let sql = "SELECT record FROM change WHERE space = ?1 AND kind = ?2 ORDER BY lsn LIMIT 1";
    conn.one(sql, &[&space, &kind], |row| row.record(0))
}

fn id(row: &value::Row, device: usize, seq: usize) -> Result<ChangeId> {
    Ok(ChangeId {
        device: row.device(device)?,
        seq: row.count(seq)?,
    })
}

/// In no order: SQLite would go through the whole log for one.
const OF_RECORD: &str = "SELECT device, seq FROM change WHERE space = ?1 AND kind = ?2 AND record = ?3";

/// The changes of a record that the space's log holds.
pub fn of_record(space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<Vec<ChangeId>> {
    conn.all(OF_RECORD, &[&space, &kind, &record], |row| id(row, 0, 1))
}

/// The hashes of the record's changes, in the order of their numbers.
pub fn hashes_of_record(space: i64, (kind, record): &Name, conn: &Conn) -> Result<Vec<Hash>> {
    // Put in order here, as above.
    let sql = "SELECT lsn, hash FROM change WHERE space = ?1 AND kind = ?2 AND record = ?3";
    let mut found: Vec<(Lsn, Hash)> =
        conn.all(sql, &[&space, kind, record], |row| Ok((row.count(0)?, row.hash(1)?)))?;
    found.sort_unstable_by_key(|(lsn, _)| *lsn);
    Ok(found.into_iter().map(|(_, hash)| hash).collect())
}

/// Which changes the space's log holds, in the order of their numbers; nothing of what they say.
pub fn ids(space: i64, conn: &Conn) -> Result<Vec<(Lsn, ChangeId)>> {
    let sql = "SELECT lsn, device, seq FROM change WHERE space = ?1 ORDER BY lsn";
    conn.all(sql, &[&space], |row| Ok((row.count(0)?, id(row, 1, 2)?)))
}

/// Hands what `sql` selects of a log to `each`, in the order of its numbers, until it answers `false`. The statement takes
/// the space, the number after which it goes on, and how many.
fn along<T>(
    sql: &str,
    (space, mut after): (i64, i64),
    conn: &Conn,
    read: impl Fn(&value::Row) -> Result<(Lsn, T)>,
    mut each: impl FnMut(Lsn, T) -> Result<bool>,
) -> Result<()> {
    loop {
        let slice = conn.all(sql, &[&space, &after, &(SLICE as u64)], &read)?;
        let is_last = slice.len() < SLICE;
        for (lsn, found) in slice {
            after = i64::try_from(lsn).unwrap_or(i64::MAX);
            if !each(lsn, found)? {
                return Ok(());
            }
        }
        if is_last {
            return Ok(());
        }
    }
}

/// Hands the numbers and sealed bodies of what the server itself wrote in the space to `each`, in
/// their order; also what it wrote before it was restored, under another device.
pub fn of_server(space: i64, conn: &Conn, mut each: impl FnMut(Lsn, Vec<u8>) -> Result<()>) -> Result<()> {
    let sql = "SELECT lsn, sealed_body FROM change
               WHERE space = ?1 AND lsn > ?2 AND device IN (SELECT id FROM device WHERE status = 'server')
               ORDER BY lsn LIMIT ?3";
    let read = |row: &value::Row| Ok((row.count(0)?, row.bytes(1)?));
    along(sql, (space, 0), conn, read, |lsn, sealed_body| {
        each(lsn, sealed_body).map(|()| true)
    })
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

fn logged(row: &value::Row) -> Result<Logged> {
    Ok(Logged {
        lsn: row.count(0)?,
        id: id(row, 1, 2)?,
        action: row.uuid(3)?,
        hash: row.hash(4)?,
        chain: Chain(row.hash(5)?),
        sealed_body: row.bytes(6)?,
    })
}

/// Hands the changes after `cursor` to `each`, in their order, until it answers `false`.
pub fn after(space: i64, cursor: Lsn, conn: &Conn, mut each: impl FnMut(Logged) -> Result<bool>) -> Result<()> {
    let sql = "SELECT lsn, device, seq, action, hash, chain, sealed_body
               FROM change WHERE space = ?1 AND lsn > ?2 ORDER BY lsn LIMIT ?3";
    let from = i64::try_from(cursor).unwrap_or(i64::MAX);
    let read = |row: &value::Row| logged(row).map(|logged| (logged.lsn, logged));
    along(sql, (space, from), conn, read, |_, logged| each(logged))
}

/// A change of a log with everything that its row says of it.
pub struct Whole {
    pub logged: Logged,
    pub kind: String,
    pub record: RecordId,
    pub erased_by: Option<Lsn>,
}

/// Hands every change of the log to `each`, in their order, until it answers `false`.
pub fn whole(space: i64, conn: &Conn, mut each: impl FnMut(Whole) -> Result<bool>) -> Result<()> {
    let sql = "SELECT lsn, device, seq, action, hash, chain, sealed_body, kind, record, erased_by
               FROM change WHERE space = ?1 AND lsn > ?2 ORDER BY lsn LIMIT ?3";
    let read = |row: &value::Row| {
        let whole = Whole {
            logged: logged(row)?,
            kind: row.text(7)?,
            record: row.record(8)?,
            erased_by: row.count_if_any(9)?,
        };
        Ok((whole.logged.lsn, whole))
    };
    along(sql, (space, i64::MIN), conn, read, |_, whole| each(whole))
}

/// The space's chain after the change of that number.
pub fn chain_at(space: i64, lsn: Lsn, conn: &Conn) -> Result<Option<Chain>> {
    let sql = "SELECT chain FROM change WHERE space = ?1 AND lsn = ?2";
    conn.one(sql, &[&space, &lsn], |row| Ok(Chain(row.hash(0)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::plan;

    #[test]
    fn the_changes_of_a_record_are_found_without_going_through_the_log() {
        let none = RecordId(Uuid::nil());
        let plan = plan(OF_RECORD, &[&1_i64, &"any", &none]);
        assert!(plan.iter().all(|step| step.contains("change_by_record")), "{plan:?}");
    }
}
