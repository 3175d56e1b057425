//! What it was measured on, as far as it explains the figures. Nothing that names the machine itself.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::figures::Times;

/// The machine and its disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    pub memory_mib: u64,
    pub system: String,
    /// What the disk needs to make 4 KiB durable, at the beginning and the end of each part of the run.
    pub sync_p50_ms: Vec<f64>,
    pub sync_p99_ms: Vec<f64>,
}

/// Above this, in milliseconds, the disk drowns what durable figures would tell.
pub const QUIET_SYNC_MS: f64 = 0.5;

const SYNCS: usize = 400;

impl Machine {
    /// This one; its disk was not looked at yet.
    pub fn here() -> Machine {
        Machine {
            processor: line("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_mib: mib("/proc/meminfo", "MemTotal").unwrap_or_default() as u64,
            system: line("/etc/os-release", "PRETTY_NAME").trim_matches('"').to_owned(),
            sync_p50_ms: Vec::new(),
            sync_p99_ms: Vec::new(),
        }
    }

    /// Measures the disk once more.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn look_at_disk(&mut self, folder: &Path) -> Result<()> {
        let path = folder.join("sync");
        let mut file = File::create(&path)?;
        let mut times = Times::default();
        for _ in 0..SYNCS {
            times.time(|| {
                file.write_all(&[7; 4096])?;
                file.sync_data()
            })?;
        }
        self.sync_p50_ms.push(times.percentile(50.0));
        self.sync_p99_ms.push(times.percentile(99.0));
        Ok(std::fs::remove_file(path)?)
    }

    /// Whether durable figures can be judged.
    pub fn is_disk_quiet(&self) -> bool {
        self.sync_p50_ms.iter().all(|time| *time <= QUIET_SYNC_MS)
    }
}

/// The memory that stands behind a name in one of the system's lists.
///
/// # Errors
/// When it does not stand there, as of a process that has ended.
pub fn mib(path: &str, name: &str) -> Result<f64> {
    let told = line(path, name);
    let kib = told
        .strip_suffix("kB")
        .with_context(|| format!("{path} tells no {name}"))?;
    Ok(kib.trim().parse::<f64>()? / 1_024.0)
}

/// What stands behind a name in one of the system's lists, or nothing.
fn line(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let found = text.lines().find_map(|line| {
        let rest = line.strip_prefix(name)?.trim_start();
        rest.strip_prefix([':', '=']).map(|value| value.trim().to_owned())
    });
    found.unwrap_or_default()
}
