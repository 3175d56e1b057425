//! The present and everything beside it, computed anew from the log: to put in place, or to compare.

use std::collections::BTreeMap;

use domain::RecordId;
use rusqlite::{Connection, TransactionBehavior, params};
use sync_core::{Digest, packed};

use crate::desk;
use crate::error::StoreError;
use crate::log::{self, Name};
use crate::present::{self, Present};
use crate::project::{self, Owner, Projection, alike, interval, ledger};

/// Where a table does not hold what the log says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub table: &'static str,
    /// The record, where it is about one.
    pub record: Option<RecordId>,
}

/// So many records are held in memory at once.
pub const BATCH: usize = 500;

/// Empties every table that follows from the log, and fills it anew, in one transaction.
///
/// # Errors
/// [`StoreError`]; everything stays as it was then.
pub fn rebuild(conn: &mut Connection) -> Result<(), StoreError> {
    let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let commit = desk::next_commit(&conn)?;
    for table in project::TABLES {
        conn.execute(&format!("DELETE FROM {table}"), [])?;
    }
    // Row by row, so that whoever listens hears of each.
    conn.execute("DELETE FROM record WHERE true", [])?;
    conn.execute("UPDATE space SET digest = ?1, diverged = 0", [Digest::default().0.0])?;
    for batch in names(&conn)?.chunks(BATCH) {
        let mut present = Present::new(&conn);
        for (kind, name) in batch {
            present.refold(kind, *name)?;
        }
        present.write(commit)?;
    }
    conn.execute("UPDATE desk SET projected_by = ?1", [project::made_by()])?;
    Ok(conn.commit()?)
}

/// Where the tables differ from what the log says; nothing when all is well.
///
/// # Errors
/// [`StoreError`] when the log cannot be read.
pub fn verify(conn: &Connection) -> Result<Vec<Difference>, StoreError> {
    let mut found = Vec::new();
    let mut expected = Expected::default();
    for (kind, name) in names(conn)? {
        compare(&kind, name, &mut expected, &mut found, conn)?;
    }
    expected.compare(&mut found, conn)?;
    for (table, sql) in [
        ("clash", interval::WRONG_CLASHES),
        ("balance", ledger::WRONG_BALANCES),
        ("shared", alike::WRONG_SHARED),
    ] {
        if conn.query_row(sql, [], |row| row.get::<_, i64>(0))? != 0 {
            found.push(Difference { table, record: None });
        }
    }
    Ok(found)
}

/// Every record that has a base or a change in the present, in the order in which they first came.
fn names(conn: &Connection) -> Result<Vec<(String, Name)>, StoreError> {
    let mut statement = conn.prepare(
        "SELECT kind.name, named.kind, named.record, named.space FROM (
           SELECT kind, record, space, min(first) AS first FROM (
             SELECT kind, record, space, 0 AS first FROM snapshot_record
             UNION ALL
             SELECT kind, record, space, local FROM change WHERE parked IS NULL
           ) GROUP BY record, kind, space
         ) named JOIN kind ON kind.number = named.kind ORDER BY named.first, named.kind, named.record",
    )?;
    let names = statement.query_map([], |row| {
        let name = Name {
            kind: row.get(1)?,
            id: log::record_id(row, 2)?,
            space: row.get(3)?,
        };
        Ok((row.get(0)?, name))
    })?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// How many rows the tables should have, and the digests of the spaces.
#[derive(Default)]
struct Expected {
    rows: BTreeMap<&'static str, i64>,
    digests: BTreeMap<i64, Digest>,
}

fn compare(
    kind: &str,
    name: Name,
    expected: &mut Expected,
    found: &mut Vec<Difference>,
    conn: &Connection,
) -> Result<(), StoreError> {
    let state = present::folded(kind, name, i64::MAX, conn)?;
    if state.fields.is_empty() {
        return Ok(());
    }
    let digest = expected.digests.entry(name.space).or_default();
    *digest = digest.plus(state.digest());
    let projection = Projection::of(&state.record());
    let conflicts: Vec<&str> = state.conflicts().map(|(field, _)| field).collect();
    expected.count(&projection, conflicts.len());
    let mut differs = |table| {
        let record = Some(name.id);
        found.push(Difference { table, record });
    };
    let Some(stored) = present::stored(name, conn)? else {
        differs("record");
        return Ok(());
    };
    if stored.state != packed::pack(&state) {
        differs("record");
    }
    let owner = Owner {
        key: stored.key,
        kind: name.kind,
    };
    if !projection.is_stored(owner, conn)? {
        differs("projection");
    }
    for field in conflicts {
        let mut statement = conn.prepare_cached("SELECT 1 FROM conflict WHERE record = ?1 AND field = ?2")?;
        if !statement.exists(params![stored.key, field])? {
            differs("conflict");
        }
    }
    Ok(())
}

impl Expected {
    fn count(&mut self, projection: &Projection, conflicts: usize) {
        let rows = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let words = i64::from(projection.words.is_some());
        for (table, more) in [
            ("record", 1),
            ("conflict", rows(conflicts)),
            ("index_entry", rows(projection.index.len())),
            ("interval", i64::from(projection.interval.is_some())),
            ("ledger", i64::from(projection.ledger.is_some())),
            ("alike", rows(projection.traits.len())),
            ("search_word", words),
            ("search_part", words),
        ] {
            *self.rows.entry(table).or_default() += more;
        }
    }

    fn compare(&self, found: &mut Vec<Difference>, conn: &Connection) -> Result<(), StoreError> {
        for (table, rows) in &self.rows {
            let held: i64 = conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
            if held != *rows {
                found.push(Difference { table, record: None });
            }
        }
        let mut statement = conn.prepare("SELECT number FROM space")?;
        let spaces: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        for space in spaces {
            let expected = self.digests.get(&space).copied().unwrap_or_default();
            if present::space_digest(space, conn)? != expected {
                let (table, record) = ("space", None);
                found.push(Difference { table, record });
            }
        }
        Ok(())
    }
}
