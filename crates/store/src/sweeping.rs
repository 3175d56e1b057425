//! What is deleted may still stand on the disk: in the log beside the file, from which it was not moved yet, and in copies.
//! After something was erased the log is moved and emptied, and the copies that the desk made go or are made anew. In
//! the file itself deleted bytes are written over at once (`secure_delete`). A power cut only delays that: the file
//! keeps that it is still to be done.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};
use sync_core::ChangeId;

use crate::error::StoreError;
use crate::file::{self, Purpose};
use crate::key::DatabaseKey;
use crate::log;
use crate::store::Store;
use crate::writer::Turn;

/// The copies of the file that the desk made itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Copies {
    /// Made anew under their names, as the file stands now.
    pub made_anew: Vec<PathBuf>,
    /// Of an earlier version of the program, or of an earlier name of this desk.
    pub removed: Vec<PathBuf>,
}

impl Store {
    /// Whether what was erased may still stand on the disk.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn is_to_be_swept(&self) -> Result<bool, StoreError> {
        self.reading(|conn| Ok(conn.prepare_cached("SELECT 1 FROM sweeping")?.exists([])?))
    }

    /// Empties the log beside the file and sees to the copies; does nothing when there is nothing to sweep.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while somebody reads, or another [`StoreError`]: it is tried again.
    pub fn sweep(&self, copies: &Copies) -> Result<(), StoreError> {
        if !self.is_to_be_swept()? {
            return Ok(());
        }
        self.write(Turn::Sync, |conn| file::move_log_into(conn))?;
        for copy in &copies.made_anew {
            self.make_anew(copy)?;
        }
        for copy in &copies.removed {
            file::remove(copy)?;
        }
        self.write(Turn::Sync, |conn| {
            conn.execute("DELETE FROM sweeping", [])?;
            Ok(())
        })
    }

    /// Whether everything that this desk wrote in another database, under any of its names, is in this one too. Nothing is
    /// known of one that does not open.
    ///
    /// # Errors
    /// [`StoreError`] when this one cannot be read.
    pub fn holds_all_of(&self, other: &Path) -> Result<bool, StoreError> {
        let Ok(written) = written_in(other, self.key()) else {
            return Ok(false);
        };
        self.reading(|conn| {
            let mut here = conn.prepare_cached(
                "SELECT 1 FROM change WHERE device = ?1 AND seq = ?2 AND hash = ?3
                 UNION ALL SELECT 1 FROM carried WHERE device = ?1 AND seq = ?2 AND hash = ?3",
            )?;
            let mut missing = BTreeSet::new();
            for (id, hash) in written {
                if !here.exists(params![id.device.0.as_bytes(), log::number(id.seq), hash])? {
                    missing.insert(id);
                }
            }
            Ok(missing.is_empty() || missing.is_subset(&written_anew(conn)?))
        })
    }

    /// The whole new copy takes the place of the old one; after a power cut one of the two is there.
    fn make_anew(&self, copy: &Path) -> Result<(), StoreError> {
        let next = file::with_suffix(copy, ".next");
        file::remove(&next)?;
        let conn = file::connect(self.path(), self.key(), Purpose::Copying)?;
        file::copy(&conn, &next, self.key())?;
        for suffix in ["-wal", "-shm"] {
            let beside = file::with_suffix(copy, suffix);
            if beside.try_exists()? {
                fs::remove_file(beside)?;
            }
        }
        file::put_in_place(&next, copy)
    }
}

/// The name and the hash of every change that the desk of the file wrote, and of what it still had of others.
fn written_in(path: &Path, key: &DatabaseKey) -> Result<Vec<(ChangeId, Vec<u8>)>, StoreError> {
    let conn = file::connect(path, key, Purpose::ReadingOnce)?;
    file::check_inside(&conn)?;
    let mut statement = conn.prepare(
        "SELECT change.device, seq, hash FROM change JOIN desk ON desk.device = change.device
         UNION ALL SELECT device, seq, hash FROM carried WHERE became IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        let (device, seq) = (log::device(row, 0)?, row.get::<_, i64>(1)?.cast_unsigned());
        Ok((ChangeId { device, seq }, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What this desk said anew of what it, or another, had written before.
fn written_anew(conn: &Connection) -> Result<BTreeSet<ChangeId>, StoreError> {
    let mut statement = conn.prepare("SELECT bytes FROM change WHERE device = (SELECT device FROM desk)")?;
    let mut rows = statement.query([])?;
    let mut origins = BTreeSet::new();
    while let Some(row) = rows.next()? {
        origins.extend(log::read(row.get(0)?)?.change().origin);
    }
    Ok(origins)
}
