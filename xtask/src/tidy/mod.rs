//! The rules of the house that a compiler does not know: one file a rule, each a function from the sources to findings.

mod arrows;
mod kinds;
mod length;
mod migrations;
mod opening;
pub mod planted;
mod sources;
mod sql;
pub mod symbols;
mod unfinished;
mod window_door;

use crate::place::Place;
use anyhow::{Context, Result};
use sources::{Source, Sources};
use std::fmt;

/// One place that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// From the root, with `/`.
    pub path: String,
    /// From 1; 0 when the file as a whole is meant.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl Finding {
    fn at(source: &Source, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: source.path.clone(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.message),
            line => write!(out, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// Prints what breaks a rule; true when nothing does.
///
/// # Errors
/// When git or cargo do not answer.
pub fn report(place: &Place) -> Result<bool> {
    let findings = findings(place)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => println!("tidy: nothing to mend"),
        1 => println!("tidy: 1 place to mend"),
        count => println!("tidy: {count} places to mend"),
    }
    Ok(findings.is_empty())
}

/// Everything that breaks a rule, by place.
///
/// # Errors
/// When git or cargo do not answer.
pub fn findings(place: &Place) -> Result<Vec<Finding>> {
    let sources = Sources::read(place)?;
    let rules: [fn(&Sources) -> Vec<Finding>; 8] = [
        sql::check,
        planted::check,
        migrations::check,
        window_door::check,
        kinds::check,
        length::check,
        opening::check,
        unfinished::check,
    ];
    let mut findings: Vec<Finding> = rules.iter().flat_map(|rule| rule(&sources)).collect();
    let metadata = place
        .cargo()
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .context("cannot start cargo")?;
    if !metadata.status.success() {
        anyhow::bail!("cargo metadata failed:\n{}", String::from_utf8_lossy(&metadata.stderr));
    }
    let metadata = serde_json::from_slice(&metadata.stdout)?;
    findings.extend(arrows::check(&arrows::packages(&metadata)));
    findings.sort();
    Ok(findings)
}
