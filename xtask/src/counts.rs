//! How many instructions the parts need; they are counted by the program `counts`, built as what ships is.

use crate::place::Place;
use anyhow::Result;
use std::process::Command;

/// Builds the program and counts; the flags are handed on.
///
/// # Errors
/// When cargo cannot be started.
pub fn counts(place: &Place, flags: &[String]) -> Result<bool> {
    Ok(program(place, flags).status()?.success())
}

/// The program, built first. Only what it stands on is built.
pub fn program(place: &Place, flags: &[String]) -> Command {
    let mut cargo = place.cargo();
    cargo
        .args(["run", "--quiet", "--release", "--package", "wardroom-counts", "--"])
        .args(flags);
    cargo
}
