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

/// A trait as a number, and its year.
pub type Numbered = (i64, Option<i64>);

/// The record's traits, each text as a number: two that give the same number only make two records be compared that need
/// not be.
pub fn traits(record: &Record) -> BTreeSet<Numbered> {
    let number = |text: &str| {
        let hash = blake3::hash(text.as_bytes());
        let (first, _) = hash.as_bytes().split_first_chunk().expect("a hash has 32 bytes");
        i64::from_be_bytes(*first)
    };
    let all = domain::ward::same::traits(record);
    all.iter().map(|each| (number(&each.text), each.year)).collect()
}

pub fn replace(now: &BTreeSet<Numbered>, before: &BTreeSet<Numbered>, owner: Owner, conn: &Connection) -> Result<()> {
    let mut delete = conn.prepare_cached("DELETE FROM alike WHERE kind = ?1 AND trait = ?2 AND record = ?3")?;
    let mut insert = conn.prepare_cached("INSERT INTO alike (kind, trait, record, year) VALUES (?1, ?2, ?3, ?4)")?;
    let mut is_known = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM alike WHERE kind = ?1 AND trait = ?2)")?;
    for (gone, _) in before.difference(now) {
        delete.execute(params![owner.kind, gone, owner.key])?;
        recount(owner.kind, *gone, conn)?;
    }
    for (new, year) in now.difference(before) {
        let has_others: bool = is_known.query_row([owner.kind, *new], |row| row.get(0))?;
        insert.execute(params![owner.kind, new, owner.key, year])?;
        // The first of a trait shares it with nobody.
        if has_others {
            recount(owner.kind, *new, conn)?;
        }
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

pub fn stored(owner: Owner, conn: &Connection) -> Result<BTreeSet<Numbered>> {
    conn.prepare_cached("SELECT trait, year FROM alike WHERE record = ?1")?
        .query_map([owner.key], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
