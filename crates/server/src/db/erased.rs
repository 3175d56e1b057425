//! Changes whose bodies were erased, and those that erased them.

use domain::RecordId;
use domain::erasure::Name;
use sync_core::Lsn;

use super::Conn;
use crate::error::{Result, ServerError};

/// In the order of the index of what was erased: SQLite goes through it then, and otherwise through the whole log, each time
/// something is taken in.
const ANY: &str = "SELECT kind FROM change WHERE space = ?1 AND erased_by IS NOT NULL ORDER BY kind, record LIMIT 1";

/// Whether anything of the space was erased.
pub fn is_any(space: i64, conn: &Conn) -> Result<bool> {
    Ok(conn.one(ANY, &[&space], |row| row.text(0))?.is_some())
}

/// The number of the change that erased the record last; nothing when none did, 0 when a change of it came erased and
/// none of this log says so.
pub fn by(space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<Option<Lsn>> {
    let sql = "SELECT erased_by FROM change WHERE space = ?1 AND kind = ?2 AND record = ?3 AND erased_by IS NOT NULL
               ORDER BY erased_by DESC LIMIT 1";
    conn.one(sql, &[&space, &kind, &record], |row| row.count(0))
}

/// The records of which changes came erased, and no change of this log says so.
pub fn unexplained(space: i64, conn: &Conn) -> Result<Vec<Name>> {
    let sql = "SELECT DISTINCT kind, record FROM change
               WHERE space = ?1 AND erased_by IS NOT NULL AND erased_by = 0 ORDER BY kind, record";
    conn.all(sql, &[&space], |row| Ok((row.text(0)?, row.record(1)?)))
}

/// Whether a change after `lsn` erases.
pub fn is_any_after(space: i64, lsn: Lsn, conn: &Conn) -> Result<bool> {
    let sql = "SELECT lsn FROM change WHERE space = ?1 AND lsn > ?2 AND erases = 1 LIMIT 1";
    Ok(conn.one(sql, &[&space, &lsn], |row| row.number(0))?.is_some())
}

/// The changes that erase, in their order, sealed.
pub fn erasers(space: i64, conn: &Conn) -> Result<Vec<(Lsn, Vec<u8>)>> {
    let sql = "SELECT lsn, sealed_body FROM change WHERE space = ?1 AND erases = 1 ORDER BY lsn";
    conn.all(sql, &[&space], |row| Ok((row.count(0)?, row.bytes(1)?)))
}

/// The bodies of the record's changes, sealed, as far as they were not erased by a change of this log; in their order.
pub fn bodies(space: i64, (kind, record): &Name, conn: &Conn) -> Result<Vec<(Lsn, Vec<u8>)>> {
    // Put in order here: SQLite would go through the whole log for it.
    let sql = "SELECT lsn, sealed_body FROM change
               WHERE space = ?1 AND kind = ?2 AND record = ?3 AND coalesce(erased_by, 0) = 0";
    let mut found = conn.all(sql, &[&space, kind, record], |row| Ok((row.count(0)?, row.bytes(1)?)))?;
    found.sort_unstable_by_key(|(lsn, _)| *lsn);
    Ok(found)
}

/// Puts what is left of a change in the place of its body, erased by the change numbered `by`.
///
/// # Errors
/// [`ServerError::Damaged`] when there is no such change.
pub fn erase(space: i64, lsn: Lsn, by: Lsn, sealed_body: &[u8], conn: &Conn) -> Result<()> {
    let sql = "UPDATE change SET sealed_body = ?3, erased_by = ?4 WHERE space = ?1 AND lsn = ?2";
    match conn.execute(sql, &[&space, &lsn, &sealed_body, &by])? {
        1 => Ok(()),
        _ => Err(ServerError::Damaged("a change that is to be erased is missing")),
    }
}

/// Takes the record away.
pub fn forget(space: i64, kind: &str, record: RecordId, conn: &Conn) -> Result<()> {
    let sql = "DELETE FROM record WHERE space = ?1 AND kind = ?2 AND record = ?3";
    conn.execute(sql, &[&space, &kind, &record]).map(drop)
}

/// Takes all snapshots of the space away, with their pieces.
pub fn forget_snapshots(space: i64, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM snapshot WHERE space = ?1", &[&space])?;
    conn.execute("DELETE FROM snapshot_piece WHERE space = ?1", &[&space])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::plan;

    #[test]
    fn whether_anything_was_erased_is_told_without_reading_the_log() {
        let plan = plan(ANY, &[&1_i64]);
        assert!(plan.iter().all(|step| step.contains("INDEX change_erased")), "{plan:?}");
    }
}
