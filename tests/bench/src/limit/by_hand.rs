//! Rows written by hand into a copy of a desk's file, plain or encrypted: as fast as its parts allow. Same tables, same indexes,
//! same settings, rows of the same sizes; nothing is checked, folded or signed.

use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::{Connection, params};

use crate::ward::KEY;

/// Whether the pages of a file are encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    None,
    SqlCipher,
}

/// A connection with the settings of a desk's writer.
///
/// # Errors
/// When the file does not open.
pub fn open(path: &Path, cipher: Cipher) -> Result<Connection> {
    let conn = Connection::open(path)?;
    if cipher == Cipher::SqlCipher {
        conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key_digits()))?;
    }
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -65536;",
    )?;
    Ok(conn)
}

/// Writes what an encrypted file holds into a new plain one.
///
/// # Errors
/// When either cannot be used.
pub fn decrypt(from: &Path, to: &Path) -> Result<()> {
    let conn = open(from, Cipher::SqlCipher)?;
    let to = to.to_str().context("no text")?;
    conn.execute("ATTACH DATABASE ?1 AS plain KEY ''", [to])?;
    conn.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
    conn.execute_batch("DETACH DATABASE plain")?;
    Ok(())
}

fn key_digits() -> String {
    KEY.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A row of the log and of the present: the sizes of what a desk writes for one.
pub struct Row {
    pub kind: i64,
    pub change_bytes: usize,
    pub state_bytes: usize,
    /// What it is found by: name and bytes of each value.
    pub index: &'static [(&'static str, usize)],
    /// It stands already, so its row is written anew.
    pub is_edit: bool,
    /// It says who has what from when on.
    pub is_interval: bool,
}

/// A file with a hospital in it.
pub struct Hand {
    conn: Connection,
    written: u64,
}

impl Hand {
    /// Begins on a copy of a desk's file.
    ///
    /// # Errors
    /// When it does not open.
    pub fn on(path: &Path, cipher: Cipher) -> Result<Hand> {
        Ok(Hand {
            conn: open(path, cipher)?,
            written: 0,
        })
    }

    /// Writes these in one transaction, as one action of a person does.
    ///
    /// # Errors
    /// The engine's.
    pub fn save(&mut self, rows: &[Row]) -> Result<()> {
        let number = self.written;
        self.written += 1;
        let tx = self.conn.transaction()?;
        tx.prepare_cached("UPDATE desk SET commits = commits + 1, clock_count = clock_count + 1")?
            .execute([])?;
        tx.prepare_cached("UPDATE space SET digest = ?1 WHERE number = 2")?
            .execute([blob(number, 32)])?;
        for (place, row) in rows.iter().enumerate() {
            write(row, number * 8 + place as u64, &tx)?;
        }
        tx.commit()?;
        Ok(())
    }
}

fn write(row: &Row, number: u64, conn: &Connection) -> Result<()> {
    let (id, seq) = (blob(number ^ 0xabcd_ef01, 16), 1_000_000 + number.cast_signed());
    conn.prepare_cached(
        "INSERT INTO change (device, seq, space, kind, record, action, bytes, hash, chain, arrived)
         VALUES (?1, ?2, 2, ?3, ?4, ?5, ?6, ?7, ?8, 1)",
    )?
    .execute(params![
        blob(1, 16),
        seq,
        row.kind,
        id,
        blob(number, 16),
        blob(number, row.change_bytes),
        blob(number, 32),
        blob(number, 32)
    ])?;
    let state = blob(number, row.state_bytes);
    let key: i64 = if row.is_edit {
        let nth = (number.wrapping_mul(7_919) % 1_000).cast_signed();
        conn.prepare_cached(
            "UPDATE record SET state = ?1, touched = touched + 1
             WHERE key = (SELECT min(key) + ?2 FROM record WHERE kind = ?3) RETURNING key",
        )?
        .query_row(params![state, nth, row.kind], |row| row.get(0))?
    } else {
        conn.prepare_cached(
            "INSERT INTO record (key, kind, id, space, voided, touched, state)
             SELECT max(key) + 1, ?1, ?2, 2, 0, 1, ?3 FROM record WHERE kind = ?1 RETURNING key",
        )?
        .query_row(params![row.kind, id, state], |row| row.get(0))?
    };
    for (field, bytes) in row.index {
        conn.prepare_cached("INSERT OR REPLACE INTO index_entry (kind, field, value, record) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![row.kind, field, blob(number, *bytes), key])?;
    }
    if row.is_interval {
        conn.prepare_cached(
            "INSERT INTO interval (record, kind, subject, holder, from_ms, to_ms, is_open)
             VALUES (?1, ?2, ?3, ?4, 1795000000000, 9223372036854775807, 1)",
        )?
        .execute(params![key, row.kind, blob(number, 17), blob(number + 1, 17)])?;
    }
    Ok(())
}

/// Bytes that look like chance and are the same each time.
pub fn blob(number: u64, bytes: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut blob = Vec::with_capacity(bytes + 8);
    while blob.len() < bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        blob.extend_from_slice(&state.to_le_bytes());
    }
    blob.truncate(bytes);
    blob
}

/// The tables in which a desk's data lie, in an order in which each stands after those it refers to.
const TABLES: &[&str] = &[
    "kind",
    "change",
    "record",
    "index_entry",
    "interval",
    "ledger",
    "balance",
    "alike",
];
/// Those of the search.
const SEARCHES: &[(&str, &str)] = &[
    ("search_word", "rowid, words, sounds, phones, enohps, identifiers"),
    ("search_part", "rowid, words"),
];

/// Copies all rows of the plain file `from` into an open, empty one: the least work that brings the same rows and indexes into
/// it.
///
/// # Errors
/// The engine's.
pub fn copy_rows(conn: &mut Connection, from: &Path) -> Result<()> {
    let from = from.to_str().context("no text")?;
    conn.execute("ATTACH DATABASE ?1 AS whole KEY ''", [from])?;
    let tx = conn.transaction()?;
    for table in TABLES {
        tx.execute_batch(&format!(
            "INSERT INTO main.{table} SELECT * FROM whole.{table} ORDER BY 1"
        ))?;
    }
    for (table, columns) in SEARCHES {
        tx.execute_batch(&format!(
            "INSERT INTO main.{table} ({columns}) SELECT {columns} FROM whole.{table} ORDER BY rowid"
        ))?;
    }
    tx.commit()?;
    conn.execute_batch("DETACH DATABASE whole")?;
    Ok(())
}
