//! What everything costs; it is measured by the program `bench` on programs as fast as those that ship.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the programs and measures; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn bench(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Bench)?;
    Ok(place.command(place.released("bench")).args(flags).status()?.success())
}
