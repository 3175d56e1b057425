//! Lives seeds of the simulated district, on all cores:
//! `--seeds N | --device-days N | --seed S  [--from S] [--short] [--trace] [--json] [--database postgres]`.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;
use wardroom_tests::cluster::Cluster;
use wardroom_tests::sim::{Kept, Outcome, Scale, run, run_in, run_twice, shortest};

/// So often a long run says how far it is.
const SAYS: Duration = Duration::from_secs(20);
/// So many failing seeds are told as stories.
const STORIES: usize = 2;
/// One seed in so many is lived twice.
const TWICE: u64 = 16;
const TOTAL: &str = "total";

/// What all seeds came to.
#[derive(Default, Serialize)]
struct Told {
    seeds: u64,
    /// How many of them were lived twice, and came to the same or are among the violations.
    lived_twice: u64,
    device_days: u64,
    events: u64,
    acknowledged: u64,
    /// By kind, and their total.
    faults: BTreeMap<&'static str, u64>,
    checked: BTreeMap<&'static str, u64>,
    violations: u64,
    device_days_per_second: f64,
    /// Every seed before this one is done: go on with `--from` it.
    next: u64,
}

/// How far the run is.
#[derive(Default)]
struct Run {
    told: Told,
    /// The next seed to be lived.
    coming: u64,
    /// Seeds that are lived now.
    living: BTreeSet<u64>,
    failing: Vec<u64>,
    failed: Option<anyhow::Error>,
    said: Option<Instant>,
}

struct Asked {
    seeds: u64,
    device_days: u64,
    from: u64,
    json: bool,
    trace: bool,
    scale: Scale,
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
        device_days: u64::MAX,
        from: 1,
        json: false,
        trace: false,
        scale: Scale::Whole,
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
            "--device-days" => (asked.device_days, asked.seeds) = (number()?, u64::MAX),
            "--from" => asked.from = number()?,
            "--seed" => (asked.from, asked.seeds) = (number()?, 1),
            "--json" => asked.json = true,
            "--trace" => asked.trace = true,
            "--database" => asked.postgres = Some(database(words.next().as_deref())?),
            "--short" => asked.scale = Scale::Short,
            _ => anyhow::bail!("there is no flag {word}"),
        }
    }
    Ok(asked)
}

fn locked(run: &Mutex<Run>) -> MutexGuard<'_, Run> {
    run.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lives the seeds on all cores. Answers whether everything held.
fn live(asked: &Asked) -> Result<bool> {
    let begun = Instant::now();
    let all = Mutex::new(Run {
        coming: asked.from,
        ..Run::default()
    });
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(seed) = next(asked, &all) {
                    let lived = lived(seed, asked);
                    note(seed, lived, asked, begun, &all);
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = all.failed {
        return Err(error);
    }
    all.failing.sort_unstable();
    for seed in all.failing.iter().take(STORIES) {
        tell_shortest(*seed, asked.scale)?;
    }
    all.told.next = all.coming;
    all.told.device_days_per_second = per_second(&all.told, begun);
    if asked.json {
        println!("{}", serde_json::to_string(&all.told)?);
    } else {
        println!("{}", serde_json::to_string_pretty(&all.told)?);
    }
    Ok(all.told.violations == 0)
}

/// The cluster for `--database postgres`.
fn database(name: Option<&str>) -> Result<&'static Cluster> {
    anyhow::ensure!(name == Some("postgres"), "--database is postgres");
    Cluster::of_process().map_err(anyhow::Error::msg)
}

/// One seed; with a cluster both in a file and there, which must come to the same bytes.
fn lived(seed: u64, asked: &Asked) -> Result<Outcome> {
    let Some(cluster) = asked.postgres else {
        return if is_lived_twice(seed) {
            run_twice(seed, asked.scale)
        } else {
            run(seed, asked.scale)
        };
    };
    let file = run_in(seed, asked.scale, Kept::InFileWhole)?;
    let mut outcome = run_in(seed, asked.scale, Kept::InPostgres(cluster))?;
    outcome.compare(&file, "I8: a file and PostgreSQL do not come to the same");
    *outcome.checked.entry("I8 SQLite = Postgres").or_default() += 1;
    Ok(outcome)
}

fn is_lived_twice(seed: u64) -> bool {
    seed.is_multiple_of(TWICE)
}

/// The next seed; nothing when enough was lived.
fn next(asked: &Asked, all: &Mutex<Run>) -> Option<u64> {
    let mut all = locked(all);
    let is_enough = all.coming - asked.from >= asked.seeds || all.told.device_days >= asked.device_days;
    if is_enough || all.failed.is_some() {
        return None;
    }
    let seed = all.coming;
    all.coming += 1;
    all.living.insert(seed);
    Some(seed)
}

fn note(seed: u64, lived: Result<Outcome>, asked: &Asked, begun: Instant, all: &Mutex<Run>) {
    let mut all = locked(all);
    all.living.remove(&seed);
    let outcome = match lived {
        Ok(outcome) => outcome,
        Err(error) => {
            all.failed = Some(error);
            return;
        }
    };
    if asked.trace {
        outcome.story.iter().for_each(|line| println!("{line}"));
        println!("trace {}", outcome.trace);
    }
    if let Some(violation) = &outcome.violation {
        println!("{violation}");
        all.failing.push(seed);
    }
    all.told.lived_twice += u64::from(asked.postgres.is_none() && is_lived_twice(seed));
    all.told.add(outcome);
    if all.said.unwrap_or(begun).elapsed() >= SAYS {
        all.said = Some(Instant::now());
        let done = all.living.first().copied().unwrap_or(all.coming);
        eprintln!(
            "{} device-days, {} a second, {} violations; every seed before {done} is done",
            all.told.device_days,
            per_second(&all.told, begun),
            all.told.violations
        );
    }
}

fn per_second(told: &Told, begun: Instant) -> f64 {
    (told.device_days as f64 / begun.elapsed().as_secs_f64()).round()
}

/// The shortest story that fails the same way. It is looked for in a file, in one life.
fn tell_shortest(seed: u64, scale: Scale) -> Result<()> {
    let Some(outcome) = shortest(seed, scale)? else {
        println!("seed {seed} holds when it is lived once in a file, so there is no shorter story of it");
        return Ok(());
    };
    println!("the shortest story of seed {seed}, {} events:", outcome.events);
    outcome.story.iter().for_each(|line| println!("  {line}"));
    println!("  {}", outcome.violation.unwrap_or_default());
    Ok(())
}

impl Told {
    fn add(&mut self, outcome: Outcome) {
        self.seeds += 1;
        self.device_days += outcome.device_days;
        self.events += outcome.events;
        self.acknowledged += outcome.acknowledged;
        self.violations += u64::from(outcome.violation.is_some());
        for (kind, count) in outcome.faults {
            *self.faults.entry(kind).or_default() += count;
            *self.faults.entry(TOTAL).or_default() += count;
        }
        for (invariant, count) in outcome.checked {
            *self.checked.entry(invariant).or_default() += count;
        }
    }
}
