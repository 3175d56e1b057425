//! A run that was begun: what it came to the end of is kept, since a whole one takes an hour and computers are switched off.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use sync_core::Hash;
use wardroom_tests::place::program;

use crate::report::Report;

/// The programs that are measured, beside the one that measures.
const PROGRAMS: [&str; 2] = ["ward", "wardroom-server"];

/// Where it is kept, and of which programs it tells.
pub struct Begun {
    file: PathBuf,
    programs: Hash,
}

#[derive(Serialize, Deserialize)]
struct Kept<R> {
    programs: Hash,
    report: R,
}

impl Begun {
    /// The one of the programs that are built now.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn here(target: &Path) -> Result<Begun> {
        let mut bytes = std::fs::read(std::env::current_exe()?)?;
        for name in PROGRAMS {
            bytes.extend(std::fs::read(program(name)?)?);
        }
        Ok(Begun::of(&bytes, target))
    }

    fn of(programs: &[u8], target: &Path) -> Begun {
        Begun {
            file: target.join("begun.json"),
            programs: Hash::of(programs),
        }
    }

    /// Keeps how far a run has come.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, report: &Report) -> Result<()> {
        let programs = self.programs;
        let kept = serde_json::to_vec(&Kept { programs, report })?;
        Ok(std::fs::write(&self.file, kept)?)
    }

    /// How far the last run came; what broke off in it is measured again.
    ///
    /// # Errors
    /// When there is none of these programs and this size.
    pub fn go_on(&self, quick: bool) -> Result<Report> {
        let bytes = std::fs::read(&self.file).context("no run was begun")?;
        let Kept { programs, mut report }: Kept<Report> = serde_json::from_slice(&bytes)?;
        ensure!(
            programs == self.programs,
            "the run that was begun measured other programs"
        );
        ensure!(report.quick == quick, "the run that was begun is of another size");
        report.chapters.retain(|chapter| !chapter.is_broken);
        Ok(report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::Machine;
    use crate::report::Chapter;

    #[test]
    fn a_run_is_gone_on_with_where_it_stopped_and_never_with_other_programs() {
        let folder = tempfile::TempDir::new().unwrap();
        let begun = Begun::of(b"one", folder.path());
        assert!(begun.go_on(false).is_err(), "nothing was begun");
        let chapter = |name: &str, is_broken| Chapter {
            is_broken,
            ..Chapter::new(name, name, "")
        };
        let report = Report {
            machine: Machine::here(),
            quick: false,
            chapters: vec![chapter("save", false), chapter("apply", true)],
        };
        begun.keep(&report).unwrap();
        let kept = begun.go_on(false).unwrap();
        let names: Vec<&str> = kept.chapters.iter().map(|chapter| chapter.name.as_str()).collect();
        assert_eq!(names, ["save"]);
        assert!(begun.go_on(true).is_err(), "of another size");
        let other = Begun::of(b"other", folder.path());
        assert!(other.go_on(false).is_err(), "other programs");
    }
}
