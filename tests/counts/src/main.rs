//! Counts the instructions of the parts that everything else is made of, and holds them against the table in
//! `counts.json`. No clock is looked at, so a busy machine says the same as a quiet one. `cargo xtask counts` builds and
//! starts it, `cargo xtask test` does so too.

mod jobs;
mod judge;
mod made_with;
mod table;
mod valgrind;
mod ward;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};

use jobs::{JOBS, Job};
use judge::Tolerance;
use made_with::MadeWith;
use table::Table;
use valgrind::Valgrind;

pub type Result<T, E = anyhow::Error> = std::result::Result<T, E>;

/// The word with which the program starts itself under Valgrind.
const JOB: &str = "--job";
const USAGE: &str = "\
counts [--write] [JOB …]
        Counts the instructions of these jobs, or of all, and fails where the table says otherwise.
        --write puts what was counted into the table.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--help"] => {
            println!("{USAGE}");
            Ok(true)
        }
        [JOB, name, times, folder] => do_job(name, times, Path::new(folder)),
        ["--write", names @ ..] => write(names).map(|()| true),
        names => compare(names),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}

/// What Valgrind looks at. It ends without putting anything away.
fn do_job(name: &str, times: &str, folder: &Path) -> Result<bool> {
    let job = jobs_named(&[name])?;
    job.first().context("no job")?.run(times.parse()?, folder)?;
    std::process::exit(0)
}

/// Counts, and says how it stands beside the table; whether all is as it says.
fn compare(names: &[&str]) -> Result<bool> {
    let jobs = jobs_named(names)?;
    let valgrind = match Valgrind::find() {
        Ok(valgrind) => valgrind,
        Err(reason) => {
            println!("SKIPPED: {reason:#}");
            return Ok(true);
        }
    };
    let table = Table::read(&table_path())?;
    let differences = table.made_with.differences(&MadeWith::here(&valgrind)?);
    let tolerance = match differences.is_empty() {
        true => Tolerance::Alike,
        false => {
            println!(
                "SKIPPED: {}; a job fails here only with {} % more",
                differences.join(", "),
                judge::ELSEWHERE_PERCENT
            );
            Tolerance::Elsewhere
        }
    };
    let counts = count(&valgrind, &jobs)?;
    let mut findings = if names.is_empty() {
        table.strangers(JOBS)
    } else {
        Vec::new()
    };
    for job in jobs {
        let counted = counts.get(job.name).copied().unwrap_or_default();
        let told = table.instructions.get(job.name).copied();
        println!("{}", judge::line(job, counted, told));
        findings.extend(judge::finding(job.name, counted, told, tolerance));
    }
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        println!("Mend what is dearer. What is meant: `cargo xtask counts --write`, and say why in the commit.");
    }
    Ok(findings.is_empty())
}

fn write(names: &[&str]) -> Result<()> {
    let valgrind = Valgrind::find()?;
    let jobs = jobs_named(names)?;
    let made_with = MadeWith::here(&valgrind)?;
    let mut table = match names {
        [] => Table {
            made_with,
            instructions: BTreeMap::new(),
        },
        _ => Table::read(&table_path())?,
    };
    let differences = table.made_with.differences(&MadeWith::here(&valgrind)?);
    ensure!(
        differences.is_empty(),
        "{}: write the whole table, or nothing of it",
        differences.join(", ")
    );
    let counts = count(&valgrind, &jobs)?;
    for job in jobs {
        let counted = counts.get(job.name).copied().unwrap_or_default();
        println!(
            "{}",
            judge::line(job, counted, table.instructions.get(job.name).copied())
        );
        table.instructions.insert(job.name.to_owned(), counted);
    }
    table.write(&table_path())
}

fn table_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("counts.json")
}

fn jobs_named(names: &[&str]) -> Result<Vec<&'static Job>> {
    if let Some(unknown) = names.iter().find(|name| !JOBS.iter().any(|job| job.name == **name)) {
        let known: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
        bail!("there is no job `{unknown}`; there are {}", known.join(", "));
    }
    let is_asked = |job: &&Job| names.is_empty() || names.contains(&job.name);
    Ok(JOBS.iter().filter(is_asked).collect())
}

/// The instructions that each of these jobs needs.
fn count(valgrind: &Valgrind, jobs: &[&'static Job]) -> Result<BTreeMap<&'static str, u64>> {
    // In memory where the system has a folder there: nothing waits for a disk.
    let memory = Path::new("/dev/shm");
    let folder = match memory.is_dir() {
        true => tempfile::TempDir::new_in(memory)?,
        false => tempfile::TempDir::new()?,
    };
    jobs::make_file(folder.path())?;
    let mut counts = BTreeMap::new();
    for job in jobs {
        let counted = valgrind.count(job, folder.path()).context(job.name)?;
        counts.insert(job.name, counted);
    }
    Ok(counts)
}
