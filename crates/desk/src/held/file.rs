//! The report sealed as a ZIP archive with AES-256, which whoever gets it can open with the code and common programs.

use std::io::{Cursor, Write};

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
        written.map_err(|_| Failure::new("file_not_written"))?;
    }
    let archive = archive.finish().map_err(|_| Failure::new("file_not_written"))?;
    Ok((archive.into_inner(), code))
}
