//! What the product stands on: licences, sources and known holes of the crates and of the pages' packages.

use super::report::Outcome;
use super::{Bench, programs};
use crate::place::Place;
use anyhow::{Context, Result};
use serde_json::Value;
use std::process::Stdio;

/// `cargo deny` by `deny.toml`, where it is installed.
pub fn crates(bench: &Bench) -> Result<Outcome> {
    let mut version = bench.place.cargo();
    version
        .args(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !version.status()?.success() {
        return Ok(Outcome::skipped(
            "cargo-deny is not installed (`cargo install cargo-deny --locked`)",
        ));
    }
    let mut deny = bench.place.cargo();
    deny.args(["deny", "--all-features", "check", "bans", "licenses", "sources"]);
    bench.program("deny", &mut deny)
}

/// Known holes, by the database of RustSec, which is another repository and cannot be had everywhere.
pub fn advisories(bench: &Bench) -> Result<Outcome> {
    let mut deny = bench.place.cargo();
    deny.args(["deny", "--all-features", "check", "advisories"]);
    let finished = programs::run(bench, "advisories", &mut deny)?;
    let is_unreachable = [
        "failed to fetch advisory database",
        "no such command",
        "failed to load advisory database",
    ];
    Ok(match finished.success {
        true => Outcome::passed(1),
        false if is_unreachable.iter().any(|words| finished.text.contains(words)) => {
            Outcome::skipped("the database of known holes cannot be had here")
        }
        false => Outcome::failed(programs::ending(&finished, &bench.log("advisories"))),
    })
}

/// Known holes in the pages' packages, where the registry tells.
pub fn packages(bench: &Bench) -> Result<Outcome> {
    let mut npm = bench.place.command("npm");
    npm.args(["audit", "--json", "--omit=optional"])
        .current_dir(bench.place.ui());
    let finished = programs::run(bench, "npm-audit", &mut npm)?;
    Ok(match finished.success {
        true => Outcome::passed(1),
        false if finished.text.contains("\"auditReportVersion\"") => {
            Outcome::failed(programs::ending(&finished, &bench.log("npm-audit")))
        }
        false => Outcome::skipped("the registry does not tell of known holes here"),
    })
}

/// What the pages' packages may be.
const LICENCES: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 OR MIT",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT OR Apache-2.0",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
];
/// One that forgets to repeat its repository's Apache-2.0 and only builds the pages, and one that asks for nothing.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("node_modules/@react-aria/optimize-locales-plugin", ""),
    ("node_modules/isbot", "Unlicense"),
];

/// Licences, seals and sources of the pages' packages, by their lock file.
pub fn lock_file(place: &Place) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(place.ui().join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&text)?;
    let packages = lock.get("packages").and_then(Value::as_object).context("no packages")?;
    Ok(packages
        .iter()
        .flat_map(|(name, package)| faults(name, package))
        .collect())
}

/// What is wrong with a package of the lock file.
fn faults(name: &str, package: &Value) -> Vec<String> {
    // The project itself.
    if name.is_empty() {
        return Vec::new();
    }
    let text = |field: &str| package.get(field).and_then(Value::as_str).unwrap_or_default();
    let is = |field: &str| package.get(field).and_then(Value::as_bool).unwrap_or_default();
    let mut faults = Vec::new();
    let licence = text("license");
    if !LICENCES.contains(&licence) && !EXCEPTIONS.contains(&(name, licence)) {
        faults.push(format!(
            "{name}: the licence {licence:?} is not among those that are allowed"
        ));
    }
    let from = text("resolved");
    if !from.is_empty() && !from.starts_with("https://registry.npmjs.org/") {
        faults.push(format!("{name}: comes from elsewhere than the registry"));
    }
    // One for another system than that on which the file was written has no seal there.
    if !is("optional") && !text("integrity").starts_with("sha512-") {
        faults.push(format!("{name}: has no seal"));
    }
    if is("hasInstallScript") {
        faults.push(format!("{name}: runs a program when it is installed"));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_packages_of_today_are_what_they_may_be() {
        let place = Place::find().unwrap();
        assert_eq!(lock_file(&place).unwrap(), [""; 0]);
    }

    fn check(package: &Value, expected: usize) {
        assert_eq!(faults("node_modules/a", package).len(), expected, "{package}");
    }

    #[test]
    fn a_package_has_a_licence_a_seal_and_a_known_source_and_runs_nothing() {
        check(&json!({ "license": "MIT", "integrity": "sha512-a" }), 0);
        check(&json!({ "license": "MIT", "optional": true }), 0);
        check(&json!({ "license": "SSPL-1.0", "integrity": "sha512-a" }), 1);
        check(&json!({ "license": "MIT" }), 1);
        check(
            &json!({ "license": "MIT", "integrity": "sha1-a", "resolved": "https://example.org/a.tgz" }),
            2,
        );
        check(
            &json!({ "license": "MIT", "integrity": "sha512-a", "hasInstallScript": true }),
            1,
        );
    }
}
