//! Snapshots of spaces that were made before, their pieces sealed. All of it can be made anew.

use sync_core::snapshot::SignedManifest;
use sync_core::{Hash, Lsn};

use super::Conn;
use crate::error::{Result, ServerError};

/// A snapshot that was made before.
pub struct Made {
    pub epoch: u64,
    pub lsn: Lsn,
    pub manifest: SignedManifest,
}

/// The snapshots of the space, the newest first.
pub fn all(space: i64, conn: &Conn) -> Result<Vec<Made>> {
    let sql = "SELECT epoch, lsn, manifest FROM snapshot WHERE space = ?1 ORDER BY epoch DESC, lsn DESC";
    conn.all(sql, &[&space], |row| {
        let text = row.text(2)?;
        let manifest = serde_json::from_str(&text);
        Ok(Made {
            epoch: row.count(0)?,
            lsn: row.count(1)?,
            manifest: manifest.map_err(|_| ServerError::Damaged("a manifest cannot be read"))?,
        })
    })
}

/// Adds a snapshot; another may have made the same meanwhile.
pub fn insert(space: i64, made: &Made, made_ms: i64, conn: &Conn) -> Result<()> {
    let text = serde_json::to_string(&made.manifest).map_err(|_| ServerError::Damaged("a manifest has no JSON"))?;
    conn.execute(
        "INSERT INTO snapshot (space, epoch, lsn, made_ms, manifest) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (space, epoch, lsn) DO UPDATE SET made_ms = excluded.made_ms, manifest = excluded.manifest",
        &[&space, &made.epoch, &made.lsn, &made_ms, &text],
    )?;
    Ok(())
}

/// Takes a snapshot away; its pieces stay.
pub fn delete(space: i64, epoch: u64, lsn: Lsn, conn: &Conn) -> Result<()> {
    let sql = "DELETE FROM snapshot WHERE space = ?1 AND epoch = ?2 AND lsn = ?3";
    conn.execute(sql, &[&space, &epoch, &lsn]).map(drop)
}

/// Adds a piece, or notes that it is needed anew.
pub fn put_piece(space: i64, hash: Hash, made_ms: i64, sealed_body: &[u8], conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO snapshot_piece (space, hash, made_ms, sealed_body) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (space, hash) DO UPDATE SET made_ms = excluded.made_ms",
        &[&space, &hash, &made_ms, &sealed_body],
    )?;
    Ok(())
}

/// The sealed bytes of a piece, if it is kept.
pub fn piece(space: i64, hash: Hash, conn: &Conn) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT sealed_body FROM snapshot_piece WHERE space = ?1 AND hash = ?2";
    conn.one(sql, &[&space, &hash], |row| row.bytes(0))
}

/// The pieces of the space that were made before `made_ms`.
pub fn pieces_before(space: i64, made_ms: i64, conn: &Conn) -> Result<Vec<Hash>> {
    let sql = "SELECT hash FROM snapshot_piece WHERE space = ?1 AND made_ms < ?2";
    conn.all(sql, &[&space, &made_ms], |row| row.hash(0))
}

/// Takes a piece away.
pub fn delete_piece(space: i64, hash: Hash, conn: &Conn) -> Result<()> {
    let sql = "DELETE FROM snapshot_piece WHERE space = ?1 AND hash = ?2";
    conn.execute(sql, &[&space, &hash]).map(drop)
}
