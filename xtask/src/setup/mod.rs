//! Everything between a fresh clone and a built program. Says what it does, and does nothing twice.

mod debian;
mod rust;
mod ui;

use crate::place::Place;
use anyhow::{Result, bail};
use std::process::Command;

/// The program that has bugs planted in it, and nothing else that has.
pub const MUTANTS: [&str; 4] = ["--features", "mutants", "--bin", "mutants"];

/// The window's program as fast as the one that ships, under this name beside it: a release that can be driven, as no
/// shipped one can.
const DRIVEN: &str = "wardroom-driven";
const CAN_BE_DRIVEN: &str = "profile.release.package.wardroom-desktop.debug-assertions=true";

/// What the set-up is for: each needs a little more than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Simulated districts with bugs planted in them.
    Mutants,
    /// Simulated districts and disks, as fast as they get.
    Simulation,
    /// Programs without a window of their own.
    Story,
    /// Windows on a display that is there.
    Window,
    /// Windows on a virtual display, driven by us.
    VirtualWindow,
    /// Everything that ships, as it ships, and what measures it.
    Bench,
    /// Every check.
    Test,
}

/// Brings the machine and the project to where the purpose can be carried out.
///
/// # Errors
/// With what is missing and how to get it, when we cannot get it ourselves.
pub fn prepare(place: &Place, purpose: Purpose) -> Result<()> {
    debian::install_missing(purpose)?;
    if purpose == Purpose::Test {
        rust::install_missing(place)?;
    }
    if purpose > Purpose::Simulation {
        ui::install_if_changed(place)?;
        ui::build_if_changed(place)?;
    }
    if purpose == Purpose::Bench {
        build_driven(place)?;
    }
    build(place, purpose)
}

/// Before all others are built: what ships gets its name back by that.
fn build_driven(place: &Place) -> Result<()> {
    let mut cargo = place.cargo();
    cargo.args(["build", "--release", "--workspace", "--bins", "--config", CAN_BE_DRIVEN]);
    succeed(&mut cargo)?;
    std::fs::copy(place.released("wardroom"), place.released(DRIVEN))?;
    Ok(())
}

/// Builds what the purpose starts; cargo says what it is doing.
fn build(place: &Place, purpose: Purpose) -> Result<()> {
    let mut cargo = place.cargo();
    cargo.arg("build");
    match purpose {
        Purpose::Mutants => cargo.args(["--release", "--package", "wardroom-tests"]).args(MUTANTS),
        Purpose::Simulation => cargo.args([
            "--release",
            "--package",
            "wardroom-tests",
            "--bin",
            "sim",
            "--bin",
            "crash",
        ]),
        Purpose::Bench => cargo.args(["--release", "--workspace", "--bins"]),
        Purpose::Window | Purpose::VirtualWindow => cargo.args(["--bin", "wardroom", "--bin", "wardroom-server"]),
        // One build of the whole workspace: parts built by themselves would be built again for it.
        Purpose::Story | Purpose::Test => cargo.args(["--workspace", "--bins"]),
    };
    succeed(&mut cargo)
}

fn succeed(cargo: &mut Command) -> Result<()> {
    if !cargo.status()?.success() {
        bail!("the build failed; what cargo says above names the place");
    }
    Ok(())
}
