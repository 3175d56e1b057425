//! After something was erased: the disk is swept, and with it the copies of the database that this desk made beside it.

use std::path::Path;

use store::{Copies, Store, StoreError};

use crate::Failure;

/// Copies that a person asked for; each is made anew as the database stands now.
pub(crate) const BACKUP: &str = "ward-backup-";
/// The database as an earlier version of the program left it.
const EARLIER: &str = ".before-";
/// The database under an earlier name of this desk, or one that did not open.
const ASIDE: &str = ".aside-";

/// Sweeps the disk, if something was erased since it was swept last.
///
/// # Errors
/// [`Failure`]: it is tried again.
pub fn sweep(store: &Store) -> Result<(), Failure> {
    if !store.is_to_be_swept()? {
        return Ok(());
    }
    Ok(store.sweep(&copies(store)?)?)
}

/// The copies beside the database. What was set aside goes only when it opens and everything this desk wrote there is
/// here too: else somebody may still need it.
fn copies(store: &Store) -> Result<Copies, Failure> {
    let name_of = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let database = name_of(store.path());
    let folder = store.path().parent().unwrap_or(Path::new("."));
    let mut copies = Copies::default();
    for entry in std::fs::read_dir(folder).map_err(StoreError::from)? {
        let path = entry.map_err(StoreError::from)?.path();
        let name = name_of(&path);
        // What belongs to a file goes with it.
        if ["-wal", "-shm", ".part", ".lock"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        if name.starts_with(BACKUP) && name.ends_with(".db") {
            copies.made_anew.push(path);
        } else if let Some(rest) = name.strip_prefix(&database) {
            let is_aside = rest.starts_with(ASIDE);
            if rest.starts_with(EARLIER) || (is_aside && store.holds_all_of(&path)?) {
                copies.removed.push(path);
            } else if is_aside {
                tracing::warn!("a database that was set aside may still hold what was erased");
            }
        }
    }
    Ok(copies)
}
