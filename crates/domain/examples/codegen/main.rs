//! Writes what is derived from the domain: `entities.ts` and `labels.en.json` for the window, and the
//! data dictionary and the page of rights for people. The types of the window's commands (`wire.ts`) are written by the
//! desk's own example of this name, which knows them all.
//!
//! `cargo run -p domain --example codegen -- [FOLDER [DOCS]]`: the window's files go to FOLDER (else
//! to TS_RS_EXPORT_DIR), the dictionary to DOCS when it is given.

use std::path::{Path, PathBuf};

mod dictionary;
mod labels;
mod rights;
mod typescript;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments
        .next()
        .unwrap_or_else(|| ts_rs::Config::from_env().out_dir().to_owned());
    std::fs::create_dir_all(&folder)?;
    write(&folder, "entities.ts", &typescript::entities())?;
    write(&folder, "labels.en.json", &labels::english())?;
    if let Some(docs) = arguments.next() {
        std::fs::create_dir_all(&docs)?;
        write(&docs, "data-dictionary.md", &dictionary::markdown())?;
        std::fs::create_dir_all(docs.join("manual"))?;
        write(&docs.join("manual"), "rights.md", &rights::markdown())?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    std::fs::write(folder.join(name), text)
}
