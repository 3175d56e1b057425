//! Rule: nothing that is shipped has a bug planted in it. The feature `mutants` is asked for by the
//! simulator's program alone, and no program but that one holds the words that only it has.

use super::{Finding, Sources};
use crate::place::Place;
use anyhow::{Context, Result, bail};

const FEATURE: &str = "mutants";
/// Says `crates/sync-core/src/planted/switch.rs` when it is asked whether a bug is switched on.
const WORDS: &str = "no such bug is planted";
const SHIPPED: &[&str] = &["wardroom", "wardroom-server"];

/// Manifests that switch the feature on where they only may hand it on.
pub fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources.by_hand().filter(|source| source.ending() == "toml") {
        let mut in_features = false;
        for (line, code) in source.code_lines() {
            let code = code.trim();
            if code.starts_with('[') {
                in_features = code == "[features]";
                continue;
            }
            let hands_on = in_features && code.starts_with(FEATURE);
            if code.contains(FEATURE) && !hands_on {
                let message = "the feature `mutants` is only handed on, under [features], by its own name";
                findings.push(Finding::at(source, line, message));
            }
        }
    }
    findings
}

/// What is wrong with the programs as they were built: a bug in one that is shipped, or none in the
/// one that is to have them, by which it is seen that this looks for the right thing.
///
/// # Errors
/// When a program is not built, or cannot be read.
pub fn built_in(place: &Place) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for name in SHIPPED {
        if holds(place, name)? {
            lines.push(format!("{name} was built with bugs planted in it"));
        }
    }
    if !holds(place, FEATURE)? {
        lines.push(format!("{FEATURE} does not hold the words that show a planted bug"));
    }
    Ok(lines)
}

fn holds(place: &Place, name: &str) -> Result<bool> {
    let program = place.binary(name);
    let answer = place
        .command("grep")
        .args(["--quiet", "--text", "--fixed-strings", WORDS])
        .arg(&program)
        .status()
        .context("cannot start grep")?;
    match answer.code() {
        Some(0) => Ok(true),
        Some(1) => Ok(false),
        _ => bail!("{} cannot be read", place.short(&program)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_one(text: &str, expected_lines: &[usize]) {
        let found = check(&Sources::of(&[("crates/store/Cargo.toml", text)]));
        let lines: Vec<usize> = found.iter().map(|finding| finding.line).collect();
        assert_eq!(lines, expected_lines, "{text}");
    }

    #[test]
    fn the_feature_is_handed_on_and_never_switched_on() {
        check_one("[features]\nmutants = [\"sync-core/mutants\"]", &[]);
        check_one("[features]\ndefault = [\"mutants\"]\nmutants = []", &[2]);
        check_one(
            "[dependencies]\nstore = { path = \"x\", features = [\"mutants\"] }",
            &[2],
        );
        check_one("[dependencies]\nmutants = \"1\"", &[2]);
    }
}
