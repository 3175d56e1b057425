//! The report's file: written whole under a new name or not at all, and sealed as a ZIP archive with AES-256, which whoever
//! gets it can open with the code and common programs.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{AesMode, CompressionMethod, ZipWriter};

use crate::Failure;
use crate::keys::seal::random_code;

/// The archive with these files in it, and the code that opens it: 100 random bits, so that the weak way in which the
/// format makes a key of it does not matter.
pub fn sealed(files: &[(&str, Vec<u8>)]) -> Result<(Vec<u8>, String), Failure> {
    let code = random_code();
    let groups: Vec<&str> = (0..code.len())
        .step_by(4)
        .filter_map(|at| code.get(at..at + 4))
        .collect();
    let code = groups.join("-");
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .with_aes_encryption(AesMode::Aes256, &code);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let written = archive
            .start_file(*name, options)
            .and_then(|()| Ok(archive.write_all(bytes)?));
        written.map_err(|_| Failure::new("report_not_written"))?;
    }
    let archive = archive.finish().map_err(|_| Failure::new("report_not_written"))?;
    Ok((archive.into_inner(), code))
}

/// Writes a file that nobody but its owner reads, and replaces none. Once there is a place for it, and before anything is
/// in it, `first` is done; where that fails there is no file.
pub fn write_new(path: &Path, bytes: &[u8], first: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| {
        Failure::new(if error.kind() == std::io::ErrorKind::AlreadyExists {
            "report_exists"
        } else {
            "report_not_written"
        })
    })?;
    let not_written = |_| Failure::new("report_not_written");
    let written = first()
        .and_then(|()| file.write_all(bytes).map_err(not_written))
        .and_then(|()| file.sync_all().map_err(not_written));
    written.inspect_err(|_| {
        // Half a report would be taken for a whole one.
        let _ = std::fs::remove_file(path);
    })
}
