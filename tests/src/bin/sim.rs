//! Lives seeds of the simulated district: `--seeds N [--from S] [--json] [--trace] [--database postgres]`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;
use wardroom_tests::cluster::Cluster;
use wardroom_tests::sim::{Kept, Outcome, run, run_in};

/// What all seeds came to.
#[derive(Default, Serialize)]
struct Told {
    seeds: u64,
    device_days: u64,
    acknowledged: u64,
    faults: BTreeMap<&'static str, u64>,
    checked: BTreeMap<&'static str, u64>,
    violations: u64,
    device_days_per_second: f64,
}

struct Asked {
    seeds: u64,
    from: u64,
    json: bool,
    trace: bool,
    /// Lives each seed there too, and compares.
    postgres: Option<&'static Cluster>,
}

fn main() -> ExitCode {
    match asked().and_then(|asked| live(&asked)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn asked() -> Result<Asked> {
    let mut asked = Asked {
        seeds: 20,
        from: 1,
        json: false,
        trace: false,
        postgres: None,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let text = words.next().with_context(|| format!("{word} needs a number"))?;
            text.parse()
                .with_context(|| format!("{word} needs a number, not {text}"))
        };
        match word.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--from" => asked.from = number()?,
            "--seed" => (asked.from, asked.seeds) = (number()?, 1),
            "--json" => asked.json = true,
            "--trace" => asked.trace = true,
            "--database" => asked.postgres = Some(database(words.next().as_deref())?),
            _ => anyhow::bail!("there is no flag {word}"),
        }
    }
    Ok(asked)
}

/// Lives the seeds on all cores, each twice as a whole where a trace is asked for.
fn live(asked: &Asked) -> Result<bool> {
    let begun = Instant::now();
    let next = AtomicU64::new(asked.from);
    let told = Mutex::new(Told::default());
    let failed = Mutex::new(None);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= asked.from + asked.seeds {
                        return;
                    }
                    match lived(seed, asked.postgres) {
                        Ok(outcome) => {
                            tell(&outcome, asked.trace);
                            told.lock().unwrap_or_else(PoisonError::into_inner).add(outcome);
                        }
                        Err(error) => {
                            *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                            return;
                        }
                    }
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let mut told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    told.device_days_per_second = (told.device_days as f64 / begun.elapsed().as_secs_f64()).round();
    if asked.json {
        println!("{}", serde_json::to_string(&told)?);
    } else {
        println!("{}", serde_json::to_string_pretty(&told)?);
    }
    Ok(told.violations == 0)
}

/// The cluster for `--database postgres`.
fn database(name: Option<&str>) -> Result<&'static Cluster> {
    anyhow::ensure!(name == Some("postgres"), "--database is postgres");
    Cluster::of_process().map_err(anyhow::Error::msg)
}

/// One seed; with a cluster both in a file and there, which must come to the same bytes.
fn lived(seed: u64, postgres: Option<&'static Cluster>) -> Result<Outcome> {
    let Some(cluster) = postgres else { return run(seed) };
    let (file, mut outcome) = (run(seed)?, run_in(seed, Kept::InPostgres(cluster))?);
    if (&file.trace, &file.ending) != (&outcome.trace, &outcome.ending) {
        let differs = "I8: a file and PostgreSQL do not come to the same".to_owned();
        outcome.violation.get_or_insert(differs);
    }
    *outcome.checked.entry("I8 SQLite = Postgres").or_default() += 1;
    Ok(outcome)
}

fn tell(outcome: &Outcome, trace: bool) {
    if trace {
        outcome.story.iter().for_each(|line| println!("{line}"));
        println!("trace {}", outcome.trace);
    }
    if let Some(violation) = &outcome.violation {
        println!("seed {}: {violation}", outcome.seed);
    }
}

impl Told {
    fn add(&mut self, outcome: Outcome) {
        self.seeds += 1;
        self.device_days += outcome.device_days;
        self.acknowledged += outcome.acknowledged;
        self.violations += u64::from(outcome.violation.is_some());
        for (kind, count) in outcome.faults {
            *self.faults.entry(kind).or_default() += count;
        }
        for (invariant, count) in outcome.checked {
            *self.checked.entry(invariant).or_default() += count;
        }
    }
}
