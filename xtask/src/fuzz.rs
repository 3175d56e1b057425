//! Fuzzers on every reader of foreign bytes: `fuzz/`, which stands outside the workspace and needs cargo-fuzz. Where that is
//! missing it says so.

use crate::place::Place;
use anyhow::Result;
use std::process::Stdio;

/// How `cargo xtask fuzz` was called.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// For so long each.
    pub seconds: u32,
    /// These alone; all of them when empty.
    pub only: Vec<String>,
}

/// Runs the fuzzers one after the other, each on a copy of its corpus.
///
/// # Errors
/// When a program cannot be started.
pub fn fuzz(place: &Place, options: &Options) -> Result<bool> {
    if let Some(missing) = missing(place) {
        println!("SKIPPED: {missing}; the same readers are tried by `cargo test -p wardroom-tests --test parsers`");
        return Ok(true);
    }
    for target in targets(place)? {
        if !options.only.is_empty() && !options.only.contains(&target) {
            continue;
        }
        let found = place.folder("fuzz-corpus")?.join(&target);
        std::fs::create_dir_all(&found)?;
        let mut cargo = place.cargo();
        // Coverage guides it without a sanitizer, which would need a nightly toolchain; assertions and overflows are looked at.
        cargo.args(["fuzz", "run", "--sanitizer", "none", "--codegen-units", "16", &target]);
        cargo.arg(found).arg(place.root.join("tests/corpus").join(&target));
        cargo.args(["--", &format!("-max_total_time={}", options.seconds)]);
        cargo.args([
            "-rss_limit_mb=2048",
            "-timeout=20",
            "-max_len=65536",
            "-print_final_stats=1",
        ]);
        println!("fuzzing {target}");
        if !cargo.status()?.success() {
            println!("{target} stumbled; what over stands in fuzz/artifacts/{target}");
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is not installed that fuzzing needs.
pub fn missing(place: &Place) -> Option<&'static str> {
    let mut cargo = place.cargo();
    cargo
        .args(["fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let is_there = cargo.status().is_ok_and(|status| status.success());
    (!is_there).then_some("cargo-fuzz is not installed (`cargo install cargo-fuzz`)")
}

fn targets(place: &Place) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(place.root.join("fuzz/fuzz_targets"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}
