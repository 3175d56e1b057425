//! Everything that reads bytes from a network or a disk, each as one function of bytes: the tests bend real encodings for
//! them in every run, and fuzzers look for what no test thought of.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

mod reading;

mod within;

pub mod real;

/// One reader of foreign bytes.
pub struct Parser {
    pub name: &'static str,
    /// Reads what may be anything: `true` when it was taken for what it should be, else why not.
    pub read: fn(&[u8]) -> Result<(), String>,
}

/// Every reader, by the name of its corpus and of its fuzz target.
pub static PARSERS: &[Parser] = &[
    parser("frames", reading::frames),
    parser("asks", reading::asks),
    parser("answers", reading::answers),
    parser("changes", reading::changes),
    parser("grants", reading::grants),
    parser("requests", reading::requests),
    parser("desk_file", reading::desk_file),
    parser("unsent_copies", reading::unsent_copies),
    parser("stick_lists", reading::stick_lists),
    parser("pieces", reading::pieces),
    parser("care_dumps", reading::care_dumps),
    parser("addresses", reading::addresses),
];

const fn parser(name: &'static str, read: fn(&[u8]) -> Result<(), String>) -> Parser {
    Parser { name, read }
}

/// The parser of this name, for a fuzz target.
///
/// # Panics
/// When there is none.
pub fn named(name: &str) -> &'static Parser {
    PARSERS.iter().find(|parser| parser.name == name).expect("a parser")
}

/// Where the corpora stand: a folder for each parser, a file for each real encoding.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The real encodings kept for a parser.
///
/// # Errors
/// When there is no folder of it.
pub fn kept(parser: &Parser) -> Result<Vec<Vec<u8>>> {
    let folder = corpus().join(parser.name);
    let entries = std::fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    paths.iter().map(|path| Ok(std::fs::read(path)?)).collect()
}
