//! ui/src/generated: the window's TypeScript types, written from the Rust ones (kinds and labels by
//! `domain`, the types of commands by `desk`), committed, and compared.

use crate::place::Place;
use crate::processes::run_logged;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

/// Where the types lie, below the root.
pub const FOLDER: &str = "ui/src/generated";

/// Writes the types anew, and removes those whose Rust type is gone.
///
/// # Errors
/// When the generator cannot be built or run.
pub fn write(place: &Place) -> Result<()> {
    let fresh = generate(place, &place.root.join("docs"))?;
    let folder = place.root.join(FOLDER);
    let old = files_below(&folder)?;
    for gone in old.keys().filter(|name| !fresh.contains_key(*name)) {
        std::fs::remove_file(folder.join(gone))?;
    }
    for (name, text) in &fresh {
        if old.get(name) != Some(text) {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
    }
    let (count, changed) = (fresh.len(), differences(&old, &fresh).len());
    println!("{FOLDER}: {count} files, {changed} changed");
    Ok(())
}

/// Names each file that is not what the Rust types give; true when there is none.
///
/// # Errors
/// When the generator cannot be built or run.
pub fn report_stale(place: &Place) -> Result<bool> {
    let stale = stale(place)?;
    for line in &stale {
        println!("{line}");
    }
    Ok(stale.is_empty())
}

/// The files that are not what the Rust types give, each with what is wrong.
///
/// # Errors
/// When the generator cannot be built or run.
pub fn stale(place: &Place) -> Result<Vec<String>> {
    let fresh = generate(place, &place.folder("xtask/generated-docs")?)?;
    let committed = files_below(&place.root.join(FOLDER))?;
    Ok(differences(&committed, &fresh))
}

/// The window's files anew; the data dictionary goes to `docs`, where a test of the domain compares it.
fn generate(place: &Place, docs: &Path) -> Result<BTreeMap<String, String>> {
    let folder = place.folder("xtask/generated")?;
    std::fs::remove_dir_all(&folder)?;
    std::fs::create_dir_all(&folder)?;
    let log = place.folder("xtask")?.join("codegen.log");
    for (package, example) in [("domain", "codegen"), ("desk", "wire_types")] {
        let mut generator = place.cargo();
        generator
            .args(["run", "-p", package, "--example", example, "--"])
            .args([folder.as_path(), docs]);
        let finished = run_logged(&mut generator, &log, Duration::from_secs(1800))?;
        if !finished.success {
            bail!("the generator of {FOLDER} failed:\n{}", finished.text);
        }
    }
    files_below(&folder)
}

fn differences(committed: &BTreeMap<String, String>, fresh: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = committed.keys().chain(fresh.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let wrong = match (committed.get(name), fresh.get(name)) {
                (Some(old), Some(new)) if old == new => return None,
                (Some(_), Some(_)) => "differs from the Rust types",
                (Some(_), None) => "belongs to no Rust type",
                (None, _) => "is missing",
            };
            Some(format!("{FOLDER}/{name} {wrong}: run `cargo xtask codegen`"))
        })
        .collect()
}

fn files_below(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                let name = name.to_string_lossy().replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(of: &[(&str, &str)]) -> BTreeMap<String, String> {
        of.iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn each_stale_file_is_named_with_what_is_wrong() {
        let committed = files(&[("Bed.ts", "1"), ("Same.ts", "1"), ("Gone.ts", "1")]);
        let fresh = files(&[("Bed.ts", "2"), ("Same.ts", "1"), ("New.ts", "1")]);
        let expected = [
            "ui/src/generated/Bed.ts differs from the Rust types: run `cargo xtask codegen`",
            "ui/src/generated/Gone.ts belongs to no Rust type: run `cargo xtask codegen`",
            "ui/src/generated/New.ts is missing: run `cargo xtask codegen`",
        ];
        assert_eq!(differences(&committed, &fresh), expected);
    }
}
