//! Simulated districts; they are lived by the program `sim` of the tests.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the program and lives the seeds; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn sim(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Simulation)?;
    Ok(place.command(place.released("sim")).args(flags).status()?.success())
}
