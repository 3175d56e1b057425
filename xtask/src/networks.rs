//! Bad networks between real desks and a real server; they are lived by the program `networks` of the tests.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the programs and lives through the troubles; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn networks(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Story)?;
    Ok(place.command(place.binary("networks")).args(flags).status()?.success())
}
