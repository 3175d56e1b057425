//! Simulated districts; they are lived by the program `sim` of the tests, and with bugs planted in them by `mutants`.

use crate::place::Place;
use crate::setup;
use anyhow::Result;

/// Builds the program and lives the seeds; the flags are handed on.
///
/// # Errors
/// When something cannot be built or started.
pub fn sim(place: &Place, flags: &[String]) -> Result<bool> {
    let (purpose, program) = match flags.iter().any(|flag| flag == "--mutants") {
        true => (setup::Purpose::Mutants, "mutants"),
        false => (setup::Purpose::Simulation, "sim"),
    };
    setup::prepare(place, purpose)?;
    Ok(place.command(place.released(program)).args(flags).status()?.success())
}
