//! Files that somebody takes along: where they go, and that they are written whole or not at all.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::Failure;

/// The path that was meant, a whole one or a name in the home folder of whoever uses the computer, with its ending.
///
/// # Errors
/// `file_not_written` when it names no file.
pub fn place(typed: &str, ending: &str) -> Result<PathBuf, Failure> {
    let typed = Path::new(typed.trim());
    if typed.file_name().is_none() {
        return Err(Failure::new("file_not_written"));
    }
    let whole = if typed.is_absolute() {
        typed.to_owned()
    } else {
        let home = std::env::home_dir().ok_or_else(|| Failure::new("file_not_written"))?;
        home.join(typed)
    };
    Ok(if whole.extension().is_some_and(|found| found == ending) {
        whole
    } else {
        let mut name = whole.into_os_string();
        name.push(format!(".{ending}"));
        name.into()
    })
}

/// Writes a file that nobody but its owner reads, and replaces none. Once there is a place for it, and before anything is
/// in it, `first` is done; where that fails there is no file.
///
/// # Errors
/// `file_exists`, `file_not_written`, or what `first` answers.
pub fn write_new(path: &Path, bytes: &[u8], first: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| {
        Failure::new(if error.kind() == ErrorKind::AlreadyExists {
            "file_exists"
        } else {
            "file_not_written"
        })
    })?;
    let not_written = |_| Failure::new("file_not_written");
    let written = first()
        .and_then(|()| file.write_all(bytes).map_err(not_written))
        .and_then(|()| file.sync_all().map_err(not_written));
    written.inspect_err(|_| {
        // Half a file would be taken for a whole one.
        let _ = std::fs::remove_file(path);
    })
}
