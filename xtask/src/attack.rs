//! Attacks on a district; they are made by the program `attack` of the tests on programs of the development build,
//! which are as strict and not as fast.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the programs and makes the attacks; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn attack(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Story)?;
    Ok(place.command(place.binary("attack")).args(flags).status()?.success())
}
