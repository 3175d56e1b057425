//! `cargo xtask test`: every check, one after the other, to the end, and one line that sums them up.

mod dependencies;
mod display_tests;
mod pages;
mod programs;
mod report;
mod rust;

use crate::place::Place;
use crate::{codegen, counts, setup, story, tidy};
use anyhow::Result;
use report::{Outcome, Report};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How `cargo xtask test` was called.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// Without what needs real windows, a browser or a key store.
    pub quick: bool,
}

const QUICK: &str = "left out by --quick";
const STEP_LIMIT: Duration = Duration::from_secs(30 * 60);

/// Runs every check; true when none failed.
///
/// # Errors
/// When not even the logs can be written.
pub fn test(place: &Place, options: &Options) -> Result<bool> {
    let bench = Bench {
        place,
        logs: place.folder("test")?,
    };
    let mut report = Report::default();
    report.step("set-up", || {
        println!();
        setup::prepare(place, setup::Purpose::Test)?;
        Ok(Outcome::passed(1))
    });

    report.step("format", || {
        bench.program("format", place.cargo().args(["fmt", "--all", "--check", "--", "-l"]))
    });
    report.step("clippy", || bench.program("clippy", &mut clippy(place)));
    report.step("tidy", || Ok(lines_to_mend(tidy::findings(place)?)));
    report.step("generated types are fresh", || {
        Ok(lines_to_mend(codegen::stale(place)?))
    });
    report.step("no SQLite name leaks to WebKit", || {
        Ok(lines_to_mend(tidy::symbols::leaked(place)?))
    });

    report.step("licences and sources of crates", || dependencies::crates(&bench));
    report.step("known holes in crates", || dependencies::advisories(&bench));
    report.step("licences and sources of packages", || {
        Ok(lines_to_mend(dependencies::lock_file(place)?))
    });
    report.step("known holes in packages", || dependencies::packages(&bench));

    rust::tests(&bench, options, &mut report);
    report.step("planted bugs are caught", || {
        let mut cargo = place.cargo();
        cargo
            .args(["run", "--quiet", "--package", "wardroom-tests"])
            .args(setup::MUTANTS);
        bench.program("mutants", cargo.args(["--", "--quick"]))
    });
    report.step("a planted bug is told as a short story", || {
        let mut cargo = place.cargo();
        cargo.args(["test", "--quiet", "--package", "wardroom-tests", "--lib"]);
        cargo.args(["--features", "mutants", "sim::shrink::planted"]);
        bench.program("shortest", &mut cargo)
    });
    report.step("no planted bug in what is built", || {
        Ok(lines_to_mend(tidy::planted::built_in(place)?))
    });

    report.step("instruction counts", || {
        bench.program("counts", &mut counts::program(place, &[]))
    });

    report.step("pages: lint", || {
        bench.program("pages-lint", place.ui_program("biome").arg("check"))
    });
    report.step("pages: types", || {
        bench.program("pages-types", place.ui_program("tsc").arg("--noEmit"))
    });
    report.step("pages: tests", || pages::vitest(&bench));
    if options.quick {
        report.step("pages: in a browser", || Ok(Outcome::skipped(QUICK)));
        report.step("story", || Ok(Outcome::skipped(QUICK)));
    } else {
        report.step("pages: in a browser", || pages::in_a_browser(&bench));
        report.step("story", || {
            bench.program("story", &mut story::program(place, &["--json".to_owned()]))
        });
    }
    report.close();
    Ok(report.is_clean())
}

/// Where checks run and leave their logs.
struct Bench<'a> {
    place: &'a Place,
    logs: PathBuf,
}

impl Bench<'_> {
    /// A program that says with its exit code whether all is well: one check.
    fn program(&self, name: &str, command: &mut Command) -> Result<Outcome> {
        let finished = programs::run(self, name, command)?;
        Ok(match finished.success {
            true => Outcome::passed(1).with_skips(rust::skip_reasons(&finished.text)),
            false => Outcome::failed(programs::ending(&finished, &self.log(name))),
        })
    }

    fn log(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    fn short(&self, path: &Path) -> String {
        self.place.short(path)
    }
}

fn clippy(place: &Place) -> Command {
    let mut cargo = place.cargo();
    cargo.args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]);
    cargo
}

fn lines_to_mend<T: ToString>(lines: Vec<T>) -> Outcome {
    if lines.is_empty() {
        return Outcome::passed(1);
    }
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    Outcome::failed(lines.join("\n"))
}
