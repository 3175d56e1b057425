//! A district in a box: the real store, the real server and the real exchange between them, with
//! time, chance, people, network and power all drawn from one seed. After every event it is asked
//! whether what was promised still holds; when the faults stop, whether everybody holds the same.

mod chance;

mod plan;

mod words;

mod world;

mod days;

mod district;

mod desk;

mod disk;

mod beginning;

mod deeds;

mod movements;

mod exchange;

mod said;

#[cfg(feature = "mutants")]
pub mod hunt;

mod wire;

mod mishaps;

mod failing;

mod rights;

mod aside;

mod versions;

mod attended;

mod leaving;

mod succession;

mod work;

mod strangers;

mod truth;

mod kept;

mod oracle;

mod closing;

mod erasing;

#[cfg(feature = "mutants")]
mod planted;

mod meaning;

mod midway;

mod trace;

mod trials;

mod shrink;

mod twice;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::Serialize;
use world::World;

pub use kept::Kept;
pub use plan::Scale;
pub use shrink::shortest;
pub use twice::run_twice;

/// What one seed came to.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    pub seed: u64,
    pub device_days: u64,
    /// What people, desks and the network did.
    pub events: u64,
    pub acknowledged: u64,
    /// Faults injected, by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// How often each invariant was asked.
    pub checked: BTreeMap<&'static str, u64>,
    /// The same seed has the same.
    pub trace: String,
    /// How the server's logs ended; the same seed has the same, whatever they are kept in.
    pub ending: Vec<String>,
    /// The first invariant that did not hold, and how.
    pub violation: Option<String>,
    /// What happened, in the ward's words.
    #[serde(skip)]
    pub story: Vec<String>,
}

/// Lives one seed through.
///
/// # Errors
/// When the district cannot be set up at all.
pub fn run(seed: u64, scale: Scale) -> Result<Outcome> {
    live(seed, scale, Kept::InFile, None)
}

/// Lives one seed through with its district kept there; a power cut leaves what was committed, in
/// whatever it is kept.
///
/// # Errors
/// When the district cannot be set up at all.
pub fn run_in(seed: u64, scale: Scale, kept: Kept) -> Result<Outcome> {
    live(seed, scale, kept, None)
}

/// Lives one seed with only these of its events.
fn live(seed: u64, scale: Scale, kept: Kept, only: Option<BTreeSet<u64>>) -> Result<Outcome> {
    failing_disk::insert();
    let folder = memory_folder()?;
    let mut world = World::new(seed, scale, kept, only, folder.path())?;
    let violation = world.live().err().map(|error| format!("{error:#}"));
    Ok(world.outcome(violation))
}

/// A folder that vanishes; in memory where the system has one there, so that no seed waits for a disk.
fn memory_folder() -> Result<tempfile::TempDir> {
    let memory = std::path::Path::new("/dev/shm");
    Ok(if memory.is_dir() {
        tempfile::TempDir::new_in(memory)?
    } else {
        tempfile::TempDir::new()?
    })
}
