//! Where the built programs are, and where files of a moment go.

use std::path::PathBuf;

use anyhow::{Result, ensure};

/// A program of this workspace, beside the one that runs.
///
/// # Errors
/// When it was not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let mut folder = own.parent().map(PathBuf::from).unwrap_or_default();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let program = folder.join(name);
    ensure!(program.exists(), "{name} is not built: cargo build --workspace --bins");
    Ok(program)
}

/// A folder that vanishes; in memory where the system has one there, so that nothing waits for a disk.
///
/// # Errors
/// When no folder can be made.
pub fn memory_folder() -> Result<tempfile::TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::TempDir::new_in(memory)?
    } else {
        tempfile::TempDir::new()?
    })
}
