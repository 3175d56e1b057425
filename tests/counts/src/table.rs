//! The table that is kept with the code: what each job needed when it was last looked at.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::Result;
use crate::jobs::Job;
use crate::made_with::MadeWith;

/// `counts.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub made_with: MadeWith,
    /// Of one time of each job.
    pub instructions: BTreeMap<String, u64>,
}

impl Table {
    /// Reads it.
    ///
    /// # Errors
    /// When it is not there or cannot be understood.
    pub fn read(path: &Path) -> Result<Table> {
        let bytes = std::fs::read(path).context("there is no table: `cargo xtask counts --write`")?;
        serde_json::from_slice(&bytes).context("counts.json is not what this program writes")
    }

    /// Writes it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(self)?;
        Ok(std::fs::write(path, text + "\n")?)
    }

    /// Of what the table tells and no job is any more.
    pub fn strangers(&self, jobs: &[Job]) -> Vec<String> {
        let names = self.instructions.keys();
        let strangers = names.filter(|name| !jobs.iter().any(|job| job.name == *name));
        strangers
            .map(|name| format!("{name}: stands in the table and is no job"))
            .collect()
    }
}
