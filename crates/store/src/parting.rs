//! How this desk is withdrawn, in steps that a power cut only delays: what waits is sent, everything is deleted,
//! the file is written anew without it, and the server is told. What the district did not get is never deleted,
//! unless that was ordered; the file itself refuses it.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sync_core::planted;

use crate::desk;
use crate::error::StoreError;
use crate::file;
use crate::log;
use crate::store::Store;
use crate::writer::Turn;

/// Tables that stay: what the file is, and how far the parting has come.
const KEPT: &str = "'desk', 'parting', 'refinery_schema_history'"; // not a kind: tables of the file

/// How far a desk has come that was withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It brings what waits.
    Draining,
    /// Everything is deleted; the disk may still hold it.
    Emptied,
    /// Nothing is left of it on the disk.
    Clean,
    /// The server knows.
    Told,
}

/// The order by which the desk was withdrawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    pub number: u64,
    pub is_now: bool,
    pub step: Step,
    /// The desk's last change, and how many were destroyed unsent; known once it is emptied.
    pub last_seq: u64,
    pub unsent: u64,
}

impl Store {
    /// Takes note of an order. One with a smaller number counts no more, nor does any once the desk is emptied.
    ///
    /// # Errors
    /// [`StoreError`]; it is not taken note of then.
    pub fn part(&self, number: u64, is_now: bool) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            conn.execute(
                "INSERT INTO parting (one, number, is_now, step, last_seq, unsent) VALUES (1, ?1, ?2, 'draining', 0, 0)
                 ON CONFLICT (one) DO UPDATE SET number = excluded.number, is_now = excluded.is_now
                 WHERE number < excluded.number AND step = 'draining'",
                params![log::number(number), is_now],
            )?;
            Ok(())
        })
    }

    /// How far the desk has come that was withdrawn; nothing when it was not.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn parting(&self) -> Result<Option<Parting>, StoreError> {
        self.reading(parting)
    }

    /// Deletes everything this desk holds and writes the file anew without it; goes on where a power cut ended it.
    ///
    /// # Errors
    /// [`StoreError::Unsent`] when something did not arrive and the order is to bring it first: nothing is deleted.
    pub fn empty(&self) -> Result<(), StoreError> {
        let device = self.device();
        self.write(Turn::Sync, move |conn| {
            if parting(conn)?.is_none_or(|parting| parting.step != Step::Draining) {
                return Ok(());
            }
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let unsent = planted!(ScopeDropsFirst, crate::bugs::let_go_of_all(&conn)?, unsent(&conn)?);
            let is_now = parting(&conn)?.is_some_and(|parting| parting.is_now);
            if unsent > 0 && !is_now {
                return Err(StoreError::Unsent(unsent));
            }
            let (last_seq, _) = desk::last_own(device, &conn)?;
            step("emptying", &conn)?;
            delete_everything(&conn)?;
            conn.execute(
                "UPDATE parting SET step = 'emptied', last_seq = ?1, unsent = ?2",
                params![log::number(last_seq), log::number(unsent)],
            )?;
            Ok(conn.commit()?)
        })?;
        self.write(Turn::Sync, |conn| {
            if parting(conn)?.is_some_and(|parting| parting.step == Step::Emptied) {
                conn.execute_batch("VACUUM")?;
                file::move_log_into(conn)?;
                step("clean", conn)?;
            }
            Ok(())
        })
    }

    /// The server has taken note of the receipt.
    ///
    /// # Errors
    /// [`StoreError`]; it is told again then.
    pub fn told(&self, number: u64) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            conn.execute(
                "UPDATE parting SET step = 'told' WHERE number = ?1 AND step = 'clean'",
                [log::number(number)],
            )?;
            Ok(())
        })
    }
}

/// Whether the desk holds nothing any more and must write nothing.
pub fn is_emptied(conn: &Connection) -> Result<bool, StoreError> {
    Ok(parting(conn)?.is_some_and(|parting| parting.step != Step::Draining))
}

fn parting(conn: &Connection) -> Result<Option<Parting>, StoreError> {
    let found = conn
        .prepare_cached("SELECT number, is_now, step, last_seq, unsent FROM parting")?
        .query_row([], |row| {
            let step = match row.get::<_, String>(2)?.as_str() {
                "draining" => Step::Draining,
                "emptied" => Step::Emptied,
                "clean" => Step::Clean,
                _ => Step::Told,
            };
            Ok(Parting {
                number: row.get::<_, i64>(0)?.cast_unsigned(),
                is_now: row.get(1)?,
                step,
                last_seq: row.get::<_, i64>(3)?.cast_unsigned(),
                unsent: row.get::<_, i64>(4)?.cast_unsigned(),
            })
        })
        .optional()?;
    Ok(found)
}

fn step(word: &str, conn: &Connection) -> Result<(), StoreError> {
    conn.execute("UPDATE parting SET step = ?1", [word])?;
    Ok(())
}

/// What would be lost: what the district did not answer to, and what was to be written anew.
fn unsent(conn: &Connection) -> Result<u64, StoreError> {
    let count: i64 = conn.query_row(
        "SELECT (SELECT count(*) FROM change, desk
                 WHERE change.device = desk.device AND lsn IS NULL AND parked IS NULL)
              + (SELECT count(*) FROM carried WHERE became IS NULL AND fate IS NOT 'held'
                 AND (imported = 1 OR fate = 'wanted' OR (fate IS NULL AND answered = 0)))",
        [],
        |row| row.get(0),
    )?;
    Ok(count.cast_unsigned())
}

fn delete_everything(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    let mut statement = conn.prepare(&format!(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual')
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT IN ({KEPT})"
    ))?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    // Row by row, so that whoever listens hears of it.
    conn.execute("DELETE FROM record WHERE true", [])?;
    for name in names {
        conn.execute(&format!("DELETE FROM \"{name}\""), [])?;
    }
    Ok(())
}
