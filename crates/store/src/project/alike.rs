//! What a record shares with others of its kind, so that two that were made of one thing are found
//! without comparing all with all. Which traits a kind has is said by its description.

use std::collections::BTreeSet;

use domain::Record;
use rusqlite::{Connection, Result, params};

use super::Owner;

/// Of records that share a trait the id that was made last, of those ids that begin with when they were made.
macro_rules! newest {
    () => {
        "coalesce(max(record.id) FILTER (WHERE hex(substr(record.id, 7, 1)) LIKE '7%'), x'')"
    };
}

/// The record's traits, each as a number: two texts that give the same number only make two records
/// be compared that need not be.
pub fn traits(record: &Record) -> BTreeSet<i64> {
    let number = |text: String| {
        let hash = blake3::hash(text.as_bytes());
        let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
        i64::from_be_bytes(*first)
    };
    domain::ward::same::traits(record).into_iter().map(number).collect()
}

pub fn replace(now: &BTreeSet<i64>, before: &BTreeSet<i64>, owner: Owner, conn: &Connection) -> Result<()> {
    let mut delete = conn.prepare_cached("DELETE FROM alike WHERE kind = ?1 AND trait = ?2 AND record = ?3")?;
    let mut insert = conn.prepare_cached("INSERT INTO alike (kind, trait, record) VALUES (?1, ?2, ?3)")?;
    for gone in before.difference(now) {
        delete.execute(params![owner.kind, gone, owner.key])?;
        recount(owner.kind, *gone, conn)?;
    }
    for new in now.difference(before) {
        insert.execute(params![owner.kind, new, owner.key])?;
        recount(owner.kind, *new, conn)?;
    }
    Ok(())
}

fn recount(kind: i64, of: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM shared WHERE kind = ?1 AND trait = ?2")?
        .execute([kind, of])?;
    conn.prepare_cached(concat!(
        "INSERT INTO shared (kind, trait, sharers, newest)
             SELECT ?1, ?2, count(*), ",
        newest!(),
        " FROM alike JOIN record ON record.key = alike.record
             WHERE alike.kind = ?1 AND alike.trait = ?2 HAVING count(*) > 1"
    ))?
    .execute([kind, of])?;
    Ok(())
}

/// Rows in the table that the traits do not give, and rows that the table lacks.
pub const WRONG_SHARED: &str = concat!(
    "WITH true_shared AS (
       SELECT alike.kind, trait, count(*) AS sharers, ",
    newest!(),
    " AS newest
       FROM alike JOIN record ON record.key = alike.record GROUP BY alike.kind, trait HAVING count(*) > 1
     )
     SELECT count(*) FROM (
       SELECT * FROM (SELECT kind, trait, sharers, newest FROM shared EXCEPT SELECT * FROM true_shared)
       UNION ALL
       SELECT * FROM (SELECT * FROM true_shared EXCEPT SELECT kind, trait, sharers, newest FROM shared)
     )"
);

pub fn stored(owner: Owner, conn: &Connection) -> Result<BTreeSet<i64>> {
    conn.prepare_cached("SELECT trait FROM alike WHERE record = ?1")?
        .query_map([owner.key], |row| row.get(0))?
        .collect()
}
