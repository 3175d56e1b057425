//! What is deleted may still stand on the disk: in the log beside the file, from which it was not moved yet, and in copies.
//! After something was erased the log is moved and emptied, and the copies that the desk made go or are made anew. In
//! the file itself deleted bytes are written over at once (`secure_delete`). A power cut only delays that: the file
//! keeps that it is still to be done.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::StoreError;
use crate::file::{self, Purpose};
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
