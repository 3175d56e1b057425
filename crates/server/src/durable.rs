//! New files that outlive a power cut: written beside, synced, named, and the name synced with its
//! folder. A file under its name is whole.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Gives a whole file its name, under which none stands.
///
/// # Errors
/// When it cannot be made durable; nothing has the name then.
pub fn name(beside: &Path, path: &Path) -> io::Result<()> {
    File::open(beside)?.sync_all()?;
    fs::rename(beside, path)?;
    sync_folder(path).inspect_err(|_| drop(fs::remove_file(path)))
}

#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Elsewhere a folder cannot be opened, and a name is as durable as its file.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
