//! The user interface's packages and its build: each only when what it is made from has changed.

use crate::place::Place;
use anyhow::{Context, Result, bail};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Fetches the packages when the list of them is another than last time.
///
/// # Errors
/// When npm is missing or fails.
pub fn install_if_changed(place: &Place) -> Result<()> {
    let ui = place.ui();
    let lock = ui.join("package-lock.json");
    let now = stamp_of(&ui, &[lock])?;
    // The stamp lies in what it speaks of, so it goes when that goes.
    let stamp = ui.join("node_modules/.wardroom-packages");
    if is_fresh(&stamp, &now) {
        return Ok(());
    }
    println!("Fetching the packages of the user interface (npm ci)");
    npm(place, &["ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    write_stamp(&stamp, &now)
}

/// Builds the pages when their sources are others than last time.
///
/// # Errors
/// When the build fails.
pub fn build_if_changed(place: &Place) -> Result<()> {
    let ui = place.ui();
    let now = stamp_of(&ui, &sources(place)?)?;
    let stamp = ui.join("node_modules/.wardroom-build");
    if ui.join("dist/index.html").is_file() && is_fresh(&stamp, &now) {
        return Ok(());
    }
    println!("Building the pages (npm run build)");
    npm(place, &["run", "--silent", "build"])?;
    write_stamp(&stamp, &now)
}

fn npm(place: &Place, arguments: &[&str]) -> Result<()> {
    let status = place
        .command("npm")
        .current_dir(place.ui())
        .args(arguments)
        .status()
        .context("cannot start npm: it comes with Node.js 20")?;
    if !status.success() {
        bail!(
            "`npm {}` failed in ui/; what it says above tells why",
            arguments.join(" ")
        );
    }
    Ok(())
}

/// Every file a build of the pages reads: ui/ without what is fetched, built or only tested, and the icons.
fn sources(place: &Place) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut waiting = vec![place.ui(), place.root.join("icons")];
    while let Some(folder) = waiting.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.unwrap_or_default();
            if is_left_out(name) {
                continue;
            }
            if path.is_dir() {
                waiting.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "node_modules" | "dist" | "dist-sink" | "shots" | "tests" | "coverage"
    ) || name.contains(".test.")
}

fn stamp_of(base: &Path, files: &[PathBuf]) -> Result<String> {
    let mut hash = DefaultHasher::new();
    for file in files {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        file.strip_prefix(base).unwrap_or(file).hash(&mut hash);
        bytes.hash(&mut hash);
    }
    Ok(format!("{:016x} {} files\n", hash.finish(), files.len()))
}

fn is_fresh(stamp: &Path, now: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|then| then == now)
}

fn write_stamp(stamp: &Path, now: &str) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(stamp, now).with_context(|| format!("cannot write {}", stamp.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_tells_other_bytes_and_other_names_apart() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("wardroom-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let (one, two) = (folder.join("one"), folder.join("two"));
        std::fs::write(&one, "a")?;
        std::fs::write(&two, "a")?;
        let first = stamp_of(&folder, std::slice::from_ref(&one))?;
        assert_eq!(first, stamp_of(&folder, std::slice::from_ref(&one))?);
        assert_ne!(first, stamp_of(&folder, std::slice::from_ref(&two))?);
        std::fs::write(&one, "b")?;
        assert_ne!(first, stamp_of(&folder, std::slice::from_ref(&one))?);
        std::fs::remove_dir_all(&folder)?;
        Ok(())
    }

    #[test]
    fn tests_and_what_is_built_do_not_make_the_pages_stale() {
        for name in ["node_modules", "dist", "tests", "BedTile.test.tsx"] {
            assert!(is_left_out(name), "{name}");
        }
        assert!(!is_left_out("BedTile.tsx"));
    }
}
