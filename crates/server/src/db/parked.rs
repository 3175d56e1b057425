//! What was kept aside for a person to decide.

use std::collections::BTreeSet;

use domain::RecordId;
use sync_core::exchange::{Numbered, Reason};
use sync_core::{ChangeId, DeviceId, Hash};
use uuid::Uuid;

use super::Conn;
use super::conn::only;
use super::value::Bind;
use crate::error::{Result, ServerError};

/// A parked change, its body sealed.
pub struct Row<'a> {
    pub id: ChangeId,
    pub space: &'a str,
    pub action: Uuid,
    pub kind: &'a str,
    pub record: RecordId,
    pub reason: Reason,
    pub hash: Hash,
    pub heard_ms: i64,
    pub sealed_body: &'a [u8],
}

pub fn insert(row: &Row<'_>, conn: &Conn) -> Result<()> {
    conn.insert_later(
        "INSERT INTO parked (device, seq, space, action, kind, record, reason, hash, heard_ms, sealed_body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            &row.id.device,
            &row.id.seq,
            &row.space,
            &row.action,
            &row.kind,
            &row.record,
            &word(row.reason)?,
            &row.hash,
            &row.heard_ms,
            &row.sealed_body,
        ],
    )
}

/// Why a change was parked, and its hash, if it was and was not numbered since.
pub fn get(id: ChangeId, conn: &Conn) -> Result<Option<(Reason, Hash)>> {
    let sql = "SELECT reason, hash FROM parked WHERE device = ?1 AND seq = ?2
         AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.device = parked.device AND decision.seq = parked.seq
                         AND decided = 'released')";
    conn.one(sql, &[&id.device, &id.seq], |row| {
        Ok((reason(row.text(0)?)?, row.hash(1)?))
    })
}

/// Which of the changes are parked, and were not numbered since.
pub fn of_these(ids: &BTreeSet<ChangeId>, conn: &Conn) -> Result<BTreeSet<ChangeId>> {
    let sql = "SELECT device, seq FROM parked WHERE device = ?1 AND seq = ?2
         AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.device = parked.device AND decision.seq = parked.seq
                         AND decided = 'released')";
    let values: Vec<Vec<&dyn Bind>> = ids.iter().map(|id| vec![&id.device as &dyn Bind, &id.seq]).collect();
    let found = conn.one_of_each(sql, &values, |row| {
        Ok(ChangeId {
            device: row.device(0)?,
            seq: row.count(1)?,
        })
    })?;
    Ok(found.into_iter().flatten().collect())
}

/// What a person decided about a parked change.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Decided {
    /// It was numbered as it is.
    Released,
    Dismissed,
    /// Somebody wrote it anew.
    Adopted,
}

impl Decided {
    pub fn word(self) -> &'static str {
        match self {
            Decided::Released => "released",
            Decided::Dismissed => "dismissed",
            Decided::Adopted => "adopted",
        }
    }
}

impl std::str::FromStr for Decided {
    type Err = ();
    fn from_str(word: &str) -> Result<Decided, ()> {
        let all = [Decided::Released, Decided::Dismissed, Decided::Adopted];
        all.into_iter().find(|decided| decided.word() == word).ok_or(())
    }
}

/// One action of which nobody decided yet.
pub struct Waiting {
    /// Its first change, and all of them.
    pub id: ChangeId,
    pub changes: Vec<ChangeId>,
    pub space: String,
    pub kinds: BTreeSet<String>,
    pub reason: Reason,
    pub heard_ms: i64,
}

/// What waits of the desks of a facility, longest first; of so many changes at most.
const MOST_WAITING: usize = 5_000;

/// The actions of the facility's desks of which nobody decided yet, longest first.
pub fn waiting(facility: RecordId, conn: &Conn) -> Result<Vec<Waiting>> {
    let sql = format!(
        "SELECT parked.device, parked.seq, parked.space, parked.action, parked.reason, parked.heard_ms, parked.kind
         FROM parked JOIN device ON device.id = parked.device
         WHERE device.facility = ?1
         AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.device = parked.device AND decision.seq = parked.seq)
         ORDER BY parked.heard_ms, parked.device, parked.seq LIMIT {MOST_WAITING}"
    );
    let mut waiting: Vec<(Waiting, Uuid)> = Vec::new();
    let rows = conn.all(&sql, &[&facility], |row| {
        let id = ChangeId {
            device: row.device(0)?,
            seq: row.count(1)?,
        };
        let one = Waiting {
            id,
            changes: vec![id],
            space: row.text(2)?,
            reason: reason(row.text(4)?)?,
            heard_ms: row.number(5)?,
            kinds: [row.text(6)?].into(),
        };
        Ok((one, row.uuid(3)?))
    })?;
    for (one, action) in rows {
        let same =
            |last: &&mut (Waiting, Uuid)| !action.is_nil() && last.1 == action && last.0.id.device == one.id.device;
        match waiting.last_mut().filter(same) {
            Some((last, _)) => {
                last.changes.push(one.id);
                last.kinds.extend(one.kinds);
            }
            None => waiting.push((one, action)),
        }
    }
    Ok(waiting.into_iter().map(|(one, _)| one).collect())
}

/// What was dismissed of what a desk wrote.
pub struct Dismissed {
    pub id: ChangeId,
    pub at_ms: i64,
    /// Who decided so at a desk, and why, sealed.
    pub person: Option<RecordId>,
    pub sealed_why: Option<Vec<u8>>,
}

/// What was dismissed of what the desk wrote, the last `most`, the latest first.
pub fn dismissed(device: DeviceId, most: usize, conn: &Conn) -> Result<Vec<Dismissed>> {
    let sql = format!(
        "SELECT seq, decided_ms, person, sealed_why FROM decision WHERE device = ?1 AND decided = 'dismissed'
         ORDER BY decided_ms DESC, seq DESC LIMIT {most}"
    );
    conn.all(&sql, &[&device], |row| {
        Ok(Dismissed {
            id: ChangeId {
                device,
                seq: row.count(0)?,
            },
            at_ms: row.number(1)?,
            person: row.uuid_if_any(2)?.map(RecordId),
            sealed_why: row.bytes_if_any(3)?,
        })
    })
}

/// The numbers of what the desk wrote and was taken in after all, the last `most`, the latest first.
pub fn taken_in(device: DeviceId, most: usize, conn: &Conn) -> Result<Vec<Numbered>> {
    let sql = format!(
        "SELECT change.seq, change.lsn FROM decision
         JOIN change ON change.device = decision.device AND change.seq = decision.seq
         WHERE decision.device = ?1 AND decided = 'released'
         ORDER BY decided_ms DESC, change.seq DESC LIMIT {most}"
    );
    conn.all(&sql, &[&device], |row| {
        Ok(Numbered {
            seq: row.count(0)?,
            lsn: row.count(1)?,
        })
    })
}

/// What a parked change says, sealed.
pub fn sealed_body(id: ChangeId, conn: &Conn) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT sealed_body FROM parked WHERE device = ?1 AND seq = ?2";
    conn.one(sql, &[&id.device, &id.seq], |row| row.bytes(0))
}

/// Puts what is left of a parked change in the place of its body.
pub fn erase(id: ChangeId, sealed_body: &[u8], conn: &Conn) -> Result<()> {
    let sql = "UPDATE parked SET sealed_body = ?3 WHERE device = ?1 AND seq = ?2";
    conn.execute(sql, &[&id.device, &id.seq, &sealed_body]).map(drop)
}

/// Takes away what was said of why it was decided so.
pub fn forget_why(id: ChangeId, conn: &Conn) -> Result<()> {
    let sql = "UPDATE decision SET sealed_why = NULL WHERE device = ?1 AND seq = ?2";
    conn.execute(sql, &[&id.device, &id.seq]).map(drop)
}

/// A parked change as it is read back.
pub struct Aside {
    pub id: ChangeId,
    pub space: String,
    pub action: Uuid,
    pub kind: String,
    pub record: RecordId,
    pub reason: Reason,
    pub heard_ms: i64,
    pub sealed_body: Vec<u8>,
    pub decided: Option<Decided>,
    /// Who decided at a desk, and why, sealed.
    pub decided_by: Option<RecordId>,
    pub sealed_why: Option<Vec<u8>>,
}

/// Everything that was parked, in the order it came.
pub fn all(conn: &Conn) -> Result<Vec<Aside>> {
    let sql = "SELECT parked.device, parked.seq, space, action, kind, record, reason, heard_ms, sealed_body,
           decided, person, sealed_why
         FROM parked LEFT JOIN decision ON decision.device = parked.device AND decision.seq = parked.seq
         ORDER BY heard_ms, parked.device, parked.seq";
    conn.all(sql, &[], |row| {
        Ok(Aside {
            id: ChangeId {
                device: row.device(0)?,
                seq: row.count(1)?,
            },
            space: row.text(2)?,
            action: row.uuid(3)?,
            kind: row.text(4)?,
            record: row.record(5)?,
            reason: reason(row.text(6)?)?,
            heard_ms: row.number(7)?,
            sealed_body: row.bytes(8)?,
            decided: row
                .text_if_any(9)?
                .map(|word| {
                    word.parse()
                        .map_err(|()| ServerError::Damaged("a decision cannot be read"))
                })
                .transpose()?,
            decided_by: row.uuid_if_any(10)?.map(RecordId),
            sealed_why: row.bytes_if_any(11)?,
        })
    })
}

/// Who decided at a desk, and why, sealed.
pub struct Decider<'a> {
    pub person: RecordId,
    pub desk: DeviceId,
    pub sealed_why: &'a [u8],
}

/// Notes what was decided, if the change is parked and nothing was decided before. Answers whether it was.
pub fn decide(id: ChangeId, decided: Decided, now_ms: i64, conn: &Conn) -> Result<bool> {
    let noted = conn.execute(
        "INSERT INTO decision (device, seq, decided, decided_ms)
         SELECT device, seq, CAST(?3 AS TEXT), CAST(?4 AS BIGINT) FROM parked WHERE device = ?1 AND seq = ?2
         ON CONFLICT (device, seq) DO NOTHING",
        &[&id.device, &id.seq, &decided.word(), &now_ms],
    )?;
    Ok(noted == 1)
}

/// Notes who decided, and why.
pub fn decided_by(id: ChangeId, by: &Decider<'_>, conn: &Conn) -> Result<()> {
    conn.execute(
        "UPDATE decision SET person = ?3, desk = ?4, sealed_why = ?5 WHERE device = ?1 AND seq = ?2",
        &[&id.device, &id.seq, &by.person, &by.desk, &by.sealed_why],
    )?;
    Ok(())
}

/// The changes of the record that are parked, and were not numbered since.
pub fn of_record(space: &str, kind: &str, record: RecordId, conn: &Conn) -> Result<Vec<ChangeId>> {
    let sql = "SELECT parked.device, parked.seq FROM parked WHERE record = ?1 AND kind = ?2 AND space = ?3
         AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.device = parked.device AND decision.seq = parked.seq
                         AND decided = 'released')";
    conn.all(sql, &[&record, &kind, &space], |row| {
        Ok(ChangeId {
            device: row.device(0)?,
            seq: row.count(1)?,
        })
    })
}

/// Whether a change of the record was kept aside because it is about somebody who was erased, and none was ever numbered.
pub fn is_of_erased(space: (i64, &str), kind: &str, record: RecordId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT seq FROM parked WHERE record = ?1 AND kind = ?2 AND space = ?3 AND reason = ?5
         AND NOT EXISTS (SELECT 1 FROM change WHERE change.space = ?4 AND change.kind = ?2 AND change.record = ?1)
         LIMIT 1";
    let reason = word(Reason::Erased)?;
    let found = conn.one(sql, &[&record, &kind, &space.1, &space.0, &reason], |row| row.number(0))?;
    Ok(found.is_some())
}

/// How many changes are parked of which nobody decided yet.
pub fn count(conn: &Conn) -> Result<u64> {
    let sql = "SELECT count(*) FROM parked
         WHERE NOT EXISTS (SELECT 1 FROM decision WHERE decision.device = parked.device AND decision.seq = parked.seq)";
    only(conn.one(sql, &[], |row| row.count(0))?)
}

fn word(reason: Reason) -> Result<String> {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(ServerError::Damaged("a reason has no word")),
    }
}

/// The reason that a word stands for.
pub fn reason(word: String) -> Result<Reason> {
    serde_json::from_value(word.into()).map_err(|_| ServerError::Damaged("a reason cannot be read"))
}

/// Two numbers of which one is another when something was kept aside or decided.
pub fn version(conn: &Conn) -> Result<(i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM parked), (SELECT count(*) FROM decision)";
    only(conn.one(sql, &[], |row| Ok((row.number(0)?, row.number(1)?)))?)
}
