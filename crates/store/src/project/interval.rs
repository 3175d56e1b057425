//! Intervals: who occupies what from when to when, which have no end yet, and which clash.

use domain::{Record, Value};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Owner;
use crate::comparable::comparable;

#[derive(PartialEq, Eq, Debug, Clone)]
pub struct Span {
    pub subject: Vec<u8>,
    pub holder: Vec<u8>,
    /// `i64::MAX` when the record does not say.
    pub from_ms: i64,
    /// `i64::MAX` while open, `i64::MIN` when it is no time.
    pub to_ms: i64,
    pub is_open: bool,
}

/// The interval that the record is, if its kind is one.
pub fn span(record: &Record) -> Option<Span> {
    let interval = domain::world::interval(&record.kind)?;
    let to = record.value(interval.to);
    Some(Span {
        subject: claimed(record.value(interval.subject)),
        holder: claimed(record.value(interval.holder)),
        from_ms: match record.value(interval.from) {
            Value::Time(time) => time.0,
            _ => i64::MAX,
        },
        to_ms: match to {
            Value::Time(time) => time.0,
            Value::Empty => i64::MAX,
            _ => i64::MIN,
        },
        is_open: to.is_empty(),
    })
}

/// No bytes for nothing: nobody claims it.
fn claimed(value: &Value) -> Vec<u8> {
    if value.is_empty() {
        Vec::new()
    } else {
        comparable(value)
    }
}

pub fn replace(now: Option<&Span>, owner: Owner, conn: &Connection) -> Result<()> {
    for delete in [
        "DELETE FROM clash WHERE first = ?1",
        "DELETE FROM clash WHERE second = ?1",
        "DELETE FROM interval WHERE record = ?1",
    ] {
        conn.prepare_cached(delete)?.execute([owner.key])?;
    }
    let Some(span) = now else {
        return Ok(());
    };
    conn.prepare_cached(
        "INSERT INTO interval (record, kind, subject, holder, from_ms, to_ms, is_open)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        owner.key,
        owner.kind,
        span.subject,
        span.holder,
        span.from_ms,
        span.to_ms,
        span.is_open
    ])?;
    for (clashes, claimed) in [(CLASHES_BY_SUBJECT, &span.subject), (CLASHES_BY_HOLDER, &span.holder)] {
        conn.prepare_cached(clashes)?
            .execute(params![owner.key, owner.kind, claimed, span.from_ms, span.to_ms])?;
    }
    Ok(())
}

/// The same moments as [`domain::world::Interval::clashes`].
pub const CLASHES_BY_SUBJECT: &str = "INSERT OR IGNORE INTO clash (first, second, kind)
     SELECT min(record, ?1), max(record, ?1), ?2 FROM interval
     WHERE kind = ?2 AND subject = ?3 AND length(?3) > 0 AND to_ms > ?4 AND from_ms < ?5 AND record <> ?1
     AND max(from_ms, ?4) < min(to_ms, ?5)";
pub const CLASHES_BY_HOLDER: &str = "INSERT OR IGNORE INTO clash (first, second, kind)
     SELECT min(record, ?1), max(record, ?1), ?2 FROM interval
     WHERE kind = ?2 AND holder = ?3 AND length(?3) > 0 AND to_ms > ?4 AND from_ms < ?5 AND record <> ?1
     AND max(from_ms, ?4) < min(to_ms, ?5)";

/// Clashes in the table that no two intervals have, and clashes that the table lacks.
pub const WRONG_CLASHES: &str = "WITH true_clash AS (
       SELECT a.record AS first, b.record AS second FROM interval a JOIN interval b
       ON a.kind = b.kind AND a.subject = b.subject AND length(a.subject) > 0
       AND max(a.from_ms, b.from_ms) < min(a.to_ms, b.to_ms) WHERE a.record < b.record
       UNION
       SELECT a.record, b.record FROM interval a JOIN interval b
       ON a.kind = b.kind AND a.holder = b.holder AND length(a.holder) > 0
       AND max(a.from_ms, b.from_ms) < min(a.to_ms, b.to_ms) WHERE a.record < b.record
     )
     SELECT count(*) FROM (
       SELECT * FROM (SELECT first, second FROM clash EXCEPT SELECT first, second FROM true_clash)
       UNION ALL
       SELECT * FROM (SELECT first, second FROM true_clash EXCEPT SELECT first, second FROM clash)
     )";

pub fn stored(owner: Owner, conn: &Connection) -> Result<Option<Span>> {
    conn.prepare_cached("SELECT subject, holder, from_ms, to_ms, is_open FROM interval WHERE record = ?1")?
        .query_row([owner.key], |row| {
            Ok(Span {
                subject: row.get(0)?,
                holder: row.get(1)?,
                from_ms: row.get(2)?,
                to_ms: row.get(3)?,
                is_open: row.get(4)?,
            })
        })
        .optional()
}
