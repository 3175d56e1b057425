//! The certificate that serves, and the one that will serve next.

use sync_core::certificate::Certificate;

use super::Conn;
use super::value::Row;
use crate::error::Result;
use crate::seal::sha256;

/// A certificate as it is kept, its key sealed.
pub struct Kept {
    pub made_ms: i64,
    /// Empty of the next.
    pub since_ms: Option<i64>,
    /// DER.
    pub certificate: Vec<u8>,
    /// DER, one after another.
    pub chain: Vec<u8>,
    pub sealed_key: Vec<u8>,
}

const COLUMNS: &str = "made_ms, since_ms, certificate, chain, sealed_key";

fn read(row: &Row) -> Result<Kept> {
    Ok(Kept {
        made_ms: row.number(0)?,
        since_ms: row.number_if_any(1)?,
        certificate: row.bytes(2)?,
        chain: row.bytes(3)?,
        sealed_key: row.bytes(4)?,
    })
}

fn get(stands: &str, conn: &Conn) -> Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM certificate WHERE stands = ?1");
    conn.one(&sql, &[&stands], read)
}

/// The one that serves.
pub fn serving(conn: &Conn) -> Result<Option<Kept>> {
    get("serving", conn)
}

/// The same, and nobody else changes which it is until the transaction ends.
pub fn lock_serving(conn: &Conn) -> Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM certificate WHERE stands = 'serving'");
    conn.one_to_write(&sql, &[], read)
}

/// When the one that serves was made.
pub fn serving_ms(conn: &Conn) -> Result<Option<i64>> {
    let sql = "SELECT made_ms FROM certificate WHERE stands = 'serving'";
    conn.one(sql, &[], |row| row.number(0))
}

/// The one that will serve next.
pub fn next(conn: &Conn) -> Result<Option<Kept>> {
    get("next", conn)
}

/// By what the next will be known.
pub fn next_known(conn: &Conn) -> Result<Option<Certificate>> {
    let sql = "SELECT certificate, made_ms FROM certificate WHERE stands = 'next'";
    conn.one(sql, &[], |row| {
        Ok(Certificate {
            hash: sha256(&row.bytes(0)?),
            made_ms: row.number(1)?,
        })
    })
}

/// Keeps it as the one that serves, or as the next in the place of another.
pub fn put(kept: &Kept, conn: &Conn) -> Result<()> {
    let stands = if kept.since_ms.is_some() { "serving" } else { "next" };
    conn.execute(
        "INSERT INTO certificate (stands, made_ms, since_ms, certificate, chain, sealed_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (stands) DO UPDATE SET made_ms = excluded.made_ms, since_ms = excluded.since_ms,
           certificate = excluded.certificate, chain = excluded.chain, sealed_key = excluded.sealed_key",
        &[
            &stands,
            &kept.made_ms,
            &kept.since_ms,
            &kept.certificate,
            &kept.chain,
            &kept.sealed_key,
        ],
    )?;
    Ok(())
}

/// Lets the next serve from now on; the one before is gone, with its key.
pub fn switch(now_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM certificate WHERE stands = 'serving'", &[])?;
    let sql = "UPDATE certificate SET stands = 'serving', since_ms = ?1 WHERE stands = 'next'";
    conn.execute(sql, &[&now_ms])?;
    Ok(())
}
