//! A desk's file is set aside on the failing disk, and a new one begun in its place: whatever stands
//! under the file's name, or under the one it was given, is all of it or nothing of it.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use store::{Store, StoreError};

use super::hospital as h;
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};

const STEPS: &[&str] = &[
    "the file is set aside",
    "a new file is begun",
    "the new file is set aside too",
];
/// What the first file holds is in its log alone, as after a power cut.
const SETTING: &str = "kept";

/// A file whose last commits stand in the log beside it.
pub fn lay_out(folder: &Path) -> Result<()> {
    let made = folder.join(BESIDE).join("made.db");
    let store = Store::create(&made, &h::database_key(), h::device(1))?;
    store.put_setting(SETTING, &serde_json::json!("first"))?;
    for ending in ["", "-wal"] {
        let (from, to) = (with(&made, ending), with(&folder.join(DISK).join("ward.db"), ending));
        std::fs::copy(from, to)?;
    }
    drop(store);
    Ok(std::fs::remove_file(made)?)
}

/// The course of one file set aside.
pub struct AsideCourse {
    folder: PathBuf,
}

impl AsideCourse {
    pub fn new(folder: &Path) -> AsideCourse {
        let folder = folder.to_owned();
        AsideCourse { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(DISK).join("ward.db")
    }

    fn aside(&self, count: u32) -> PathBuf {
        with(&self.path(), &format!(".aside-{count}"))
    }

    fn set_aside(&self, count: u32, voice: &mut Voice) -> Result<()> {
        // Where an error was told though it has its new name, nobody says that it is set aside.
        if self.path().exists() && !self.aside(count).exists() {
            let aside = store::set_aside(&self.path())?;
            ensure!(aside == self.aside(count), "it is set aside under another name");
            voice.tell(&format!("aside {count}"))?;
        }
        Ok(())
    }

    /// What the file of that name holds, read from a copy; nothing where there is no such file.
    fn held(&self, path: &Path) -> Result<Option<String>> {
        if !path.exists() {
            return Ok(None);
        }
        // With everything that stands beside it: opening it may put right what a power cut left.
        let apart = self.folder.join("apart");
        if apart.exists() {
            std::fs::remove_dir_all(&apart)?;
        }
        super::judge::copy(&self.folder.join(DISK), &apart)?;
        let store = Store::open_simulated(&apart.join(path.file_name().unwrap_or_default()), &h::database_key(), 0)?;
        let kept = store.setting(SETTING)?;
        Ok(Some(
            kept.and_then(|kept| kept.as_str().map(str::to_owned))
                .unwrap_or_default(),
        ))
    }
}

impl Course for AsideCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        match step {
            0 => self.set_aside(1, voice),
            1 => {
                let store = match Store::create(&self.path(), &h::database_key(), h::device(2)) {
                    Err(StoreError::Exists) => Store::open_simulated(&self.path(), &h::database_key(), 0)?,
                    other => other?,
                };
                store.put_setting(SETTING, &serde_json::json!("second"))?;
                voice.tell("second")
            }
            _ => self.set_aside(2, voice),
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        let was_told = |what: &str| said.told.contains(what);
        let [here, first, second] = [self.path(), self.aside(1), self.aside(2)];
        let (here, first, second) = (self.held(&here)?, self.held(&first)?, self.held(&second)?);
        let is = |held: &Option<String>, what: &str| held.as_deref() == Some(what);
        let lost = |what: &str| Err(Wrong::Lost(format!("{what}: {here:?}, aside {first:?} and {second:?}")).into());
        if first.is_none() && (was_told("aside 1") || !is(&here, "first")) || first.is_some() && !is(&first, "first") {
            return lost("the first file");
        }
        if was_told("second") && !is(&here, "second") && !is(&second, "second") {
            return lost("the second file");
        }
        if was_told("aside 2") && second.is_none() {
            return lost("that the second file was set aside");
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)
    }
}

fn with(path: &Path, ending: &str) -> PathBuf {
    PathBuf::from(format!("{}{ending}", path.display()))
}
