//! Lives seeds of the simulated district: `--seeds N [--from S] [--json] [--trace]`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;
use wardroom_tests::sim::{Outcome, run};

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
                    match run(seed) {
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
