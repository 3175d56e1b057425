//! Brings what others made into `target/bench`, in the versions that are pinned here, when it is not there yet.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A folder with the packages of `tests/bench/peers/NAME` and the programs beside them.
///
/// # Errors
/// When Node.js or its package client is missing, or a package cannot be fetched.
pub fn packages(target: &Path, name: &str) -> Result<PathBuf> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(name);
    let to = target.join("peers").join(name);
    std::fs::create_dir_all(&to)?;
    for file in std::fs::read_dir(&from)? {
        let file = file?;
        if file.file_type()?.is_file() {
            std::fs::copy(file.path(), to.join(file.file_name()))?;
        }
    }
    let wanted = std::fs::read(from.join("package-lock.json"))?;
    // In the folder of which it speaks, so that it goes when that goes.
    let stamp = to.join("node_modules/.installed");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(to);
    }
    eprintln!("fetching the packages of {name}");
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    finish(npm.current_dir(&to)).context("npm ci")?;
    std::fs::write(stamp, wanted)?;
    Ok(to)
}

/// Runs something to its end.
///
/// # Errors
/// With the last of what it said, when it fails.
fn finish(command: &mut Command) -> Result<()> {
    let done = command
        .stdin(Stdio::null())
        .output()
        .context("it is not installed here")?;
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty());
    ensure!(done.status.success(), "{}: {}", done.status, last.unwrap_or_default());
    Ok(())
}
