//! What everything costs; it is measured by the program `bench` on programs as fast as those that ship.

use crate::place::Place;
use crate::run::display::VirtualDisplay;
use crate::setup;
use anyhow::Result;

/// Builds the programs and measures; the flags are handed on. Windows are opened on a display of their own, as large as the
/// smallest screen of a ward, whatever else is there.
///
/// # Errors
/// When something cannot be built or started.
pub fn bench(place: &Place, flags: &[String]) -> Result<bool> {
    setup::prepare(place, setup::Purpose::Bench)?;
    let mut command = place.command(place.released("bench"));
    let display = VirtualDisplay::start(place);
    match &display {
        Ok(display) => display.show_in(&mut command),
        Err(problem) => {
            println!("No window is measured: {problem:#}");
            command.env_remove("DISPLAY");
        }
    }
    Ok(command.args(flags).status()?.success())
}
