//! Stops at every operation of the disk; they are made by the program `crash` of the tests.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the program and makes the stops; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn crash(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Simulation)?;
    Ok(place.command(place.released("crash")).args(flags).status()?.success())
}
