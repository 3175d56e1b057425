//! Measures what Wardroom costs, beside what its parts allow and what people would use instead. `cargo xtask bench` builds and
//! starts it.
#![allow(
    clippy::indexing_slicing,
    reason = "what a desk answers is looked into by name, and is nothing where the name is not"
)]

mod begun;
mod budgets;
mod figures;
mod growth;
mod limit;
mod machine;
mod page;
mod peers;
mod plot;
mod report;
mod rounds;
mod ward;
mod window;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Parser;

use begun::Begun;
use budgets::{Budgets, Verdict};
use machine::Machine;
use report::{Chapter, Report};

/// Measures what Wardroom costs.
#[derive(Parser)]
struct Asked {
    /// Smaller numbers of everything, for a first look.
    #[arg(long)]
    quick: bool,
    /// Writes everything that was measured into this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Fails where a budget is missed.
    #[arg(long)]
    check: bool,
    /// These chapters alone.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<String>,
    /// Goes on with a run that was broken off, of the same programs: the chapters it came to the end of stay.
    #[arg(long, conflicts_with = "only")]
    go_on: bool,
    /// Judges and writes what an earlier run measured, and measures nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["only", "go_on"])]
    from: Option<PathBuf>,
}

/// How large everything is made, and where.
pub struct Setting {
    pub quick: bool,
    /// How often everybody has their turn.
    pub rounds: usize,
    /// On the disk whose costs are measured.
    pub scratch: PathBuf,
}

impl Setting {
    /// The one number in a quick run, the other in a whole one.
    pub fn size<T>(&self, quick: T, whole: T) -> T {
        if self.quick { quick } else { whole }
    }

    /// A folder for one chapter, gone with what is answered.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self) -> Result<tempfile::TempDir> {
        Ok(tempfile::TempDir::new_in(&self.scratch)?)
    }
}

type Measure = fn(&Setting) -> Result<Chapter>;

/// In the order in which they are told.
const CHAPTERS: &[(&str, Measure)] = &[
    ("save", limit::save::measure),
    ("apply", limit::apply::measure),
    ("unlock", limit::unlock::measure),
    ("bytes", limit::bytes::measure),
    ("server", limit::server::measure),
    ("patients", growth::patients::measure),
    ("days", growth::days::measure),
    ("outage", growth::outage::measure),
    ("peers", peers::measure),
    ("window", window::measure),
];

fn main() -> ExitCode {
    match carry_out(&Asked::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(asked: &Asked) -> Result<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = root.join("target/bench");
    let report = match &asked.from {
        Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
        None => measure(asked, &target)?,
    };
    let json = asked.json.clone().unwrap_or_else(|| target.join("report.json"));
    std::fs::write(json, serde_json::to_vec_pretty(&report)?)?;
    let budgets = Budgets::read()?;
    // The project's page tells of whole runs alone.
    let pages = match report.quick || !asked.only.is_empty() {
        true => target.join("page"),
        false => root.join("docs"),
    };
    write_page(&report, &budgets, &pages)?;
    println!(
        "written: {}",
        pages.join("performance.md").strip_prefix(&root)?.display()
    );
    let is_whole = !report.chapters.iter().any(|chapter| chapter.is_broken);
    Ok(is_whole && (!asked.check || holds(&report, &budgets)))
}

fn measure(asked: &Asked, target: &Path) -> Result<Report> {
    if let Some(unknown) = asked
        .only
        .iter()
        .find(|name| !CHAPTERS.iter().any(|(known, _)| known == name))
    {
        let known: Vec<&str> = CHAPTERS.iter().map(|(name, _)| *name).collect();
        bail!("there is no chapter `{unknown}`; there are {}", known.join(", "));
    }
    let scratch = target.join("scratch");
    std::fs::create_dir_all(&scratch)?;
    let setting = Setting {
        quick: asked.quick,
        rounds: 5,
        scratch,
    };
    let begun = Begun::here(target)?;
    let mut report = match asked.go_on {
        true => begun.go_on(asked.quick)?,
        false => Report {
            machine: Machine::here(),
            quick: asked.quick,
            chapters: Vec::new(),
        },
    };
    report.machine.look_at_disk(&setting.scratch)?;
    for (name, measure) in CHAPTERS {
        let is_measured = report.chapters.iter().any(|chapter| chapter.name == *name);
        if is_measured || !(asked.only.is_empty() || asked.only.iter().any(|only| only == name)) {
            continue;
        }
        eprintln!("measuring: {name}");
        let chapter = measure(&setting).unwrap_or_else(|problem| failed(name, &problem));
        report.chapters.push(chapter);
        if asked.only.is_empty() {
            begun.keep(&report)?;
        }
    }
    report.machine.look_at_disk(&setting.scratch)?;
    Ok(report)
}

/// A chapter that broke off takes no other with it; its budgets are not met.
fn failed(name: &str, problem: &anyhow::Error) -> Chapter {
    eprintln!("{name}: {problem:#}");
    let mut chapter = Chapter::new(name, name, "This chapter broke off.");
    chapter.left_out.push(format!("all of it: {problem:#}"));
    chapter.is_broken = true;
    chapter
}

fn write_page(report: &Report, budgets: &Budgets, folder: &Path) -> Result<()> {
    let plots = folder.join("performance");
    std::fs::create_dir_all(&plots)?;
    for plot in report.chapters.iter().flat_map(|chapter| &chapter.plots) {
        std::fs::write(plots.join(format!("{}.svg", plot.name)), plot::draw(plot)?)?;
    }
    let is_missing = |name: &&str| !report.chapters.iter().any(|chapter| chapter.name == *name);
    let missing: Vec<&str> = CHAPTERS.iter().map(|(name, _)| *name).filter(is_missing).collect();
    let page = page::write(report, budgets, &missing, "performance")?;
    Ok(std::fs::write(folder.join("performance.md"), page)?)
}

/// Says how the run stands beside each budget; whether none was missed.
fn holds(report: &Report, budgets: &Budgets) -> bool {
    let mut is_missed = false;
    for budget in &budgets.budget {
        let verdict = budget.judge(report);
        is_missed |= matches!(verdict, Verdict::Missed(_));
        println!("{} {}: {verdict:?}", budget.row, budget.bound());
    }
    !is_missed
}
