//! What was measured, in the form in which it is written, read and judged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::figures::Spread;
use crate::machine::Machine;

/// Everything of one run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    /// With smaller numbers of everything, for a first look.
    pub quick: bool,
    pub chapters: Vec<Chapter>,
}

/// Rows that belong together.
#[derive(Debug, Serialize, Deserialize)]
pub struct Chapter {
    /// Its name on the command line and in file names.
    pub name: String,
    pub title: String,
    /// What was done, on what, and against what: a paragraph.
    pub about: String,
    pub rows: Vec<Row>,
    pub plots: Vec<Plot>,
    /// What could not be run here, and why.
    pub left_out: Vec<String>,
    /// It came to no end.
    #[serde(default)]
    pub is_broken: bool,
}

/// One figure of ours beside the same of others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    /// By which a budget finds it, as `save.one_field`.
    pub key: String,
    pub what: String,
    pub unit: Unit,
    pub ours: Spread,
    pub references: Vec<Reference>,
}

/// The same done another way in the same rounds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reference {
    pub name: String,
    pub figure: Spread,
    /// Ours divided by this, round by round.
    pub ratio: Spread,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Ms,
    PerSecond,
    Bytes,
    Mib,
    Percent,
    Count,
    /// The exponent of a power law.
    Exponent,
}

impl Unit {
    /// As it stands behind a number.
    pub fn sign(self) -> &'static str {
        match self {
            Unit::Ms => "ms",
            Unit::PerSecond => "/s",
            Unit::Bytes => "B",
            Unit::Mib => "MiB",
            Unit::Percent => "%",
            Unit::Count | Unit::Exponent => "",
        }
    }
}

/// Lines over a logarithmic axis of sizes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plot {
    /// Its file name without the end.
    pub name: String,
    pub title: String,
    pub across: String,
    pub up: String,
    pub lines: BTreeMap<String, Vec<(f64, f64)>>,
}

impl Chapter {
    /// One with nothing in it yet.
    pub fn new(name: &str, title: &str, about: &str) -> Chapter {
        Chapter {
            name: name.to_owned(),
            title: title.to_owned(),
            about: about.split_whitespace().collect::<Vec<_>>().join(" "),
            rows: Vec::new(),
            plots: Vec::new(),
            left_out: Vec::new(),
            is_broken: false,
        }
    }
}

impl Report {
    /// The row of a key.
    pub fn row(&self, key: &str) -> Option<&Row> {
        self.chapters
            .iter()
            .flat_map(|chapter| &chapter.rows)
            .find(|row| row.key == key)
    }
}
