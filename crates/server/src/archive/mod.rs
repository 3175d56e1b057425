//! An archive of what is past its time: whole records with all their changes, sealed under a code of its own, so that it
//! opens in ten years with this program, or any other, and without the district's folder.

mod form;

mod writing;

mod reading;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::backup::Scratch;
use crate::durable;

pub use form::{Code, Manifest};
pub use reading::{Contents, open, read};
pub use writing::make;

/// A new file for its owner alone.
fn private(path: &Path) -> io::Result<File> {
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
    durable::name(&beside.0, path)
}
