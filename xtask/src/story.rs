//! The story of two desktops and a server; it is told by the program `story` of the tests.

use crate::place::Place;
use crate::setup;
use anyhow::Result;
use std::process::Command;

/// Builds the programs of the story and tells it; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn story(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Story)?;
    Ok(program(place, flags).status()?.success())
}

/// The built program that tells it.
pub fn program(place: &Place, flags: &[String]) -> Command {
    let mut command = place.command(place.binary("story"));
    command.args(flags);
    command
}
