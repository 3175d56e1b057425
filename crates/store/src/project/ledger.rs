//! Ledgers: their entries in order, and the balance of each account, never a stored number that
//! somebody typed.

use domain::Record;
use domain::world::ledger_entry;
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Owner;

#[derive(PartialEq, Eq, Debug, Clone)]
pub struct Entry {
    pub account: Vec<u8>,
    pub at_ms: i64,
    pub id: Vec<u8>,
    pub amount: i64,
}

/// The ledger entry that the record is, if its kind is a ledger and it names account and time.
pub fn entry(record: &Record) -> Option<Entry> {
    let entry = ledger_entry(record)?;
    Some(Entry {
        account: entry.key.0.as_bytes().to_vec(),
        at_ms: entry.at.0,
        id: entry.id.0.as_bytes().to_vec(),
        amount: entry.amount,
    })
}

pub fn replace(now: Option<&Entry>, before: Option<&Entry>, owner: Owner, conn: &Connection) -> Result<()> {
    if before.is_some() {
        conn.prepare_cached("DELETE FROM ledger WHERE record = ?1")?
            .execute([owner.key])?;
    }
    if let Some(entry) = now {
        conn.prepare_cached(
            "INSERT INTO ledger (record, kind, account, at_ms, id, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            owner.key,
            owner.kind,
            entry.account,
            entry.at_ms,
            entry.id,
            entry.amount
        ])?;
    }
    match (before, now) {
        (None, Some(entry)) if add_last(entry, owner.kind, conn)? => Ok(()),
        _ => {
            let accounts = [before, now].into_iter().flatten().map(|entry| &entry.account);
            accounts
                .into_iter()
                .try_for_each(|account| recount(owner.kind, account, conn))
        }
    }
}

/// Adds an entry that comes after all others of its account; answers false when it does not.
fn add_last(entry: &Entry, kind: i64, conn: &Connection) -> Result<bool> {
    let updated = conn
        .prepare_cached(
            "UPDATE balance SET sum = sum + ?1, lowest = min(lowest, sum + ?1), last_ms = ?2, last_id = ?3
             WHERE kind = ?4 AND account = ?5 AND (last_ms, last_id) < (?2, ?3)",
        )?
        .execute(params![entry.amount, entry.at_ms, entry.id, kind, entry.account])?;
    Ok(updated == 1)
}

fn recount(kind: i64, account: &[u8], conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM balance WHERE kind = ?1 AND account = ?2")?
        .execute(params![kind, account])?;
    let mut entries = conn
        .prepare_cached("SELECT amount, at_ms, id FROM ledger WHERE kind = ?1 AND account = ?2 ORDER BY at_ms, id")?;
    let mut rows = entries.query(params![kind, account])?;
    let (mut sum, mut lowest, mut last) = (0_i64, 0_i64, None);
    while let Some(row) = rows.next()? {
        sum = sum.saturating_add(row.get(0)?);
        lowest = lowest.min(sum);
        last = Some((row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?));
    }
    if let Some((last_ms, last_id)) = last {
        conn.prepare_cached(
            "INSERT INTO balance (kind, account, sum, lowest, last_ms, last_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![kind, account, sum, lowest, last_ms, last_id])?;
    }
    Ok(())
}

/// Balances in the table that the entries do not give, and balances that the table lacks.
pub const WRONG_BALANCES: &str = "WITH running AS (
       SELECT kind, account, at_ms, sum(amount) OVER w AS sum FROM ledger
       WINDOW w AS (PARTITION BY kind, account ORDER BY at_ms, id ROWS UNBOUNDED PRECEDING)
     ),
     true_balance AS (
       SELECT kind, account, min(0, min(sum)) AS lowest, max(at_ms) AS last_ms FROM running GROUP BY kind, account
     ),
     true_sum AS (SELECT kind, account, sum(amount) AS sum FROM ledger GROUP BY kind, account),
     expected AS (
       SELECT b.kind, b.account, s.sum, b.lowest, b.last_ms FROM true_balance b
       JOIN true_sum s ON s.kind = b.kind AND s.account = b.account
     )
     SELECT count(*) FROM (
       SELECT * FROM (SELECT kind, account, sum, lowest, last_ms FROM balance EXCEPT SELECT * FROM expected)
       UNION ALL
       SELECT * FROM (SELECT * FROM expected EXCEPT SELECT kind, account, sum, lowest, last_ms FROM balance)
     )";

pub fn stored(owner: Owner, conn: &Connection) -> Result<Option<Entry>> {
    conn.prepare_cached("SELECT account, at_ms, id, amount FROM ledger WHERE record = ?1")?
        .query_row([owner.key], |row| {
            Ok(Entry {
                account: row.get(0)?,
                at_ms: row.get(1)?,
                id: row.get(2)?,
                amount: row.get(3)?,
            })
        })
        .optional()
}
