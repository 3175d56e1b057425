//! What stands in an encrypted database, past its engine: every page of the file, free ones too, and of the log beside
//! it, and every value of every table. For whoever must see that something is nowhere any more.

use std::io;
use std::path::Path;

use aes::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding};
use rusqlite::types::Value;
use rusqlite::{Connection, Result};

const PAGE: usize = 4096;
/// Behind what a page says: what its cipher began with, and its seal.
const RESERVED: usize = 80;
const BEGINNING: usize = 16;
/// In front of what the first page says.
const SALT: usize = 16;
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// Everything that the pages of the file say, and those of the log beside it, in small letters.
///
/// # Errors
/// When the file cannot be read, or the key is another's.
pub fn said_in_pages(path: &Path, key: &[u8; 32]) -> io::Result<String> {
    let file = std::fs::read(path)?;
    let mut said = String::new();
    for (number, bytes) in (1..).zip(file.chunks(PAGE)) {
        said += &page(number, bytes, key)?;
    }
    if !said.contains("create table") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    let log = std::fs::read(name).unwrap_or_default();
    for frame in log.get(LOG_HEADER..).unwrap_or_default().chunks(FRAME_HEADER + PAGE) {
        let (Some(number), Some(bytes)) = (frame.first_chunk(), frame.get(FRAME_HEADER..)) else {
            break;
        };
        said += &page(u32::from_be_bytes(*number), bytes, key)?;
    }
    Ok(said)
}

fn page(number: u32, bytes: &[u8], key: &[u8; 32]) -> io::Result<String> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let from = if number == 1 { SALT } else { 0 };
    let end = PAGE - RESERVED;
    let mut content = bytes.get(from..end).ok_or_else(damaged)?.to_vec();
    let beginning = bytes.get(end..end + BEGINNING).ok_or_else(damaged)?;
    let cipher = cbc::Decryptor::<aes::Aes256>::new_from_slices(key, beginning).map_err(|_| damaged())?;
    let said = cipher
        .decrypt_padded::<NoPadding>(&mut content)
        .map_err(|_| damaged())?;
    Ok(String::from_utf8_lossy(said).to_lowercase())
}

/// Every value of every table in small letters, after the table's name; the words of search tables too, which the tables
/// themselves shorten.
///
/// # Errors
/// When one cannot be read.
pub fn said_in_tables(conn: &Connection) -> Result<Vec<String>> {
    let mut tables = names(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow')",
        conn,
    )?;
    let search = names(
        "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'",
        conn,
    )?;
    for table in search {
        conn.execute_batch(&format!(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms_{table} USING fts5vocab(main, {table}, row)"
        ))?;
        tables.push(format!("temp.terms_{table}"));
    }
    let mut said = Vec::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                let value = match row.get(column)? {
                    Value::Text(text) => text,
                    Value::Blob(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
                    other => format!("{other:?}"),
                };
                said.push(format!("{table}: {}", value.to_lowercase()));
            }
        }
    }
    Ok(said)
}

fn names(sql: &str, conn: &Connection) -> Result<Vec<String>> {
    let mut statement = conn.prepare(sql)?;
    statement.query_map([], |row| row.get(0))?.collect()
}
