//! New files that outlive a power cut: written beside, synced, named, and the name synced with its
//! folder. A file under its name is whole; what was written beside goes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// A new file for its owner alone.
///
/// # Errors
/// When there is one already, or it cannot be made.
pub fn private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes the text to a new file for its owner alone.
///
/// # Errors
/// When there is one already, or it cannot be made durable.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let beside = Scratch::beside(path, "part");
    private(&beside.0)?.write_all(text.as_bytes())?;
    name(&beside.0, path)
}

/// A file that is gone when this is dropped, with what SQLite puts beside it.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn beside(path: &Path, word: &str) -> Scratch {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.{word}", std::process::id()));
        let scratch = Scratch(PathBuf::from(name));
        // A program of the same number may have been killed: in a container every one has it.
        scratch.remove();
        scratch
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut path = self.0.as_os_str().to_owned();
            path.push(end);
            // Most of them were never there.
            let _ = fs::remove_file(path);
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.remove();
    }
}
