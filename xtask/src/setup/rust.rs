//! The parts of the Rust toolchain that checks need and a minimal installation leaves out.

use crate::place::Place;
use anyhow::{Result, bail};
use std::process::Stdio;

/// Adds rustfmt and clippy through rustup when they are missing.
///
/// # Errors
/// When they are missing and rustup is not there or refuses.
pub fn install_missing(place: &Place) -> Result<()> {
    for (part, command) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        let answer = place
            .cargo()
            .args([command, "--version"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if answer.success() {
            continue;
        }
        println!("Installing {part} through rustup");
        let added = place.command("rustup").args(["component", "add", part]).status();
        if !added.is_ok_and(|status| status.success()) {
            bail!("{part} is missing: install it with `rustup component add {part}`");
        }
    }
    Ok(())
}
