//! The child: lives a course over the failing disk until that ends it, or to the end of the course.

use std::path::Path;

use anyhow::{Context, Result, bail};
use failing_disk::{Disk, Mode, Operation, Stop, Unsynced, insert};

use super::{DISK, Scenario, Voice};

/// How a child ends that was stopped as planned.
pub const STOPPED: i32 = 77;

/// Lives the course until the stop. `exit` ends the process at once, without anything that a kill
/// would not do.
///
/// # Errors
/// When the course cannot go on though the disk works again.
pub fn live_until(scenario: Scenario, folder: &Path, stop: Stop, exit: fn(i32)) -> Result<()> {
    insert();
    let disk = Disk::at(&folder.join(DISK))?;
    disk.plan(stop, move |ended| {
        eprintln!("{}", ended.happened);
        exit(STOPPED);
    });
    live(scenario, folder, &disk, Voice::loud())?;
    let happened = disk.happened().context("the course had fewer operations")?;
    if matches!(stop.mode, Mode::Eio | Mode::Enospc) {
        disk.lose_power(Unsynced::Lost, &format!("{happened}; the power failed at the end"));
    }
    bail!("{happened}, and nothing ended")
}

/// Lives the course without any fault. Answers the operations of the disk.
///
/// # Errors
/// When the course does not come to its end, or the disk did not see everything that was done.
pub fn live_whole(scenario: Scenario, folder: &Path) -> Result<Vec<Operation>> {
    insert();
    let disk = Disk::at(&folder.join(DISK))?;
    disk.list();
    live(scenario, folder, &disk, Voice::after(Default::default()))?;
    for (path, bytes) in disk.image(Unsynced::Kept) {
        let there = std::fs::read(&path).with_context(|| format!("{} was removed unseen", path.display()))?;
        anyhow::ensure!(there == bytes, "{} was written unseen", path.display());
    }
    Ok(disk.listed())
}

/// Each step once, or a second time after the disk failed in it.
fn live(scenario: Scenario, folder: &Path, disk: &Disk, mut voice: Voice) -> Result<()> {
    let mut course = scenario.course(folder)?;
    let mut is_told = false;
    for (step, name) in course.steps().iter().enumerate() {
        voice.begin(step)?;
        if let Err(error) = course.step(step, &mut voice) {
            if is_told || disk.happened().is_none() {
                return Err(error).context(*name);
            }
            is_told = true;
            eprintln!("{}", disk.happened().unwrap_or_default());
            voice.fail(step, &error)?;
            disk.make_room();
            let again = course.step(step, &mut voice);
            again.context("though the disk works again").context(*name)?;
        }
        voice.end(step)?;
    }
    Ok(())
}
