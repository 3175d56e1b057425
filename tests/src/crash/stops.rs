//! All stops of the courses, one after another on all cores, and what they came to.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use failing_disk::{Kind, Mode, Operation, Stop};
use serde::Serialize;

use super::judge::{Judged, judge};
use super::{Scenario, Wrong, child};

/// What is asked for; everything where nothing is named.
#[derive(Debug, Default)]
pub struct Asked {
    pub scenario: Option<Scenario>,
    pub mode: Option<Mode>,
    pub stop: Option<u64>,
    /// A sample of each scenario and mode only.
    pub quick: bool,
    pub json: bool,
}

/// So many stops of each scenario and mode are in the sample.
const SAMPLE: usize = 4;

/// What all stops came to.
#[derive(Default, Serialize)]
struct Told {
    stops: usize,
    lost: usize,
    corrupt: usize,
    /// Stops after which the program went on and told an error.
    told_an_error: usize,
    seconds: f64,
    scenarios: BTreeMap<&'static str, Counted>,
}

#[derive(Default, Serialize)]
struct Counted {
    operations: usize,
    kinds: BTreeMap<String, usize>,
    stops: usize,
    modes: BTreeMap<&'static str, usize>,
}

/// Lives what is asked for and prints what it came to. Answers whether nothing was lost or corrupt.
///
/// # Errors
/// When a course cannot be lived even on a good disk.
pub fn crash(asked: &Asked) -> Result<bool> {
    let begun = Instant::now();
    let home = crate::place::memory_folder()?;
    let mut told = Told::default();
    for scenario in Scenario::ALL
        .into_iter()
        .filter(|one| asked.scenario.is_none_or(|wanted| wanted == *one))
    {
        let laid_out = home.path().join(format!("{}-laid-out", scenario.name()));
        scenario.lay_out(&laid_out)?;
        let operations = operations(scenario, &laid_out, home.path())?;
        let stops = stops(&operations, asked);
        let counted = told.scenarios.entry(scenario.name()).or_default();
        counted.operations = operations.len();
        for operation in &operations {
            *counted.kinds.entry(format!("{:?}", operation.kind)).or_default() += 1;
        }
        live(
            scenario,
            &stops,
            &operations,
            (&laid_out, home.path()),
            asked,
            &mut told,
        )?;
    }
    ensure!(told.stops > 0, "there is no such stop");
    told.seconds = (begun.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    if asked.json {
        println!("{}", serde_json::to_string(&told)?);
    } else {
        println!("{}", serde_json::to_string_pretty(&told)?);
    }
    Ok(told.lost + told.corrupt == 0)
}

/// What the course does on a good disk, which is the same each time.
fn operations(scenario: Scenario, laid_out: &Path, home: &Path) -> Result<Vec<Operation>> {
    let mut lived = Vec::new();
    for time in ["first", "second"] {
        let folder = home.join(format!("{}-{time}", scenario.name()));
        super::judge::copy(laid_out, &folder)?;
        let operations = child::live_whole(scenario, &folder).with_context(|| scenario.name())?;
        lived.push(operations.iter().map(Operation::to_string).collect::<Vec<_>>());
        if time == "second" {
            let differ = lived[0]
                .iter()
                .zip(&lived[1])
                .position(|(first, second)| first != second);
            ensure!(
                lived[0] == lived[1],
                "{}: operation {differ:?} is not the same each time",
                scenario.name()
            );
            return Ok(operations);
        }
    }
    unreachable!("it was lived twice")
}

/// Every operation in every mode that can differ from another: killed after one is killed before the
/// next, and only what makes something durable changes what a power cut leaves.
fn stops(operations: &[Operation], asked: &Asked) -> Vec<Stop> {
    let mut stops = Vec::new();
    for mode in Mode::ALL
        .into_iter()
        .filter(|mode| asked.mode.is_none_or(|wanted| wanted == *mode))
    {
        let fitting = operations.iter().enumerate().filter(|(place, operation)| {
            let is_asked = asked.stop.is_none_or(|wanted| wanted == *place as u64 + 1);
            is_asked && mode.fits(operation) && (asked.stop.is_some() || differs(mode, *place, operations))
        });
        let of_mode: Vec<Stop> = fitting
            .map(|(place, _)| Stop {
                mode,
                number: place as u64 + 1,
            })
            .collect();
        let stride = if asked.quick {
            of_mode.len().div_ceil(SAMPLE).max(1)
        } else {
            1
        };
        stops.extend(of_mode.into_iter().skip(stride / 2).step_by(stride));
    }
    stops
}

fn differs(mode: Mode, place: usize, operations: &[Operation]) -> bool {
    let next = operations.get(place + 1);
    match mode {
        Mode::After => next.is_none(),
        // The last moment before more becomes durable: everything acknowledged until then is asked for.
        Mode::Lost => next.is_none_or(|next| matches!(next.kind, Kind::Sync | Kind::SyncFolder | Kind::Remove)),
        _ => true,
    }
}

fn live(
    scenario: Scenario,
    stops: &[Stop],
    operations: &[Operation],
    (laid_out, home): (&Path, &Path),
    asked: &Asked,
    told: &mut Told,
) -> Result<()> {
    let next = AtomicUsize::new(0);
    let shared = Mutex::new((told, None));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (next, shared) = (&next, &shared);
            scope.spawn(move || {
                while let Some(stop) = stops.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let folder = home.join(format!("{}-{worker}", scenario.name()));
                    let operation = &operations[usize::try_from(stop.number - 1).unwrap_or(usize::MAX)];
                    let judged = judge(scenario, *stop, operation, laid_out, &folder);
                    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                    match judged {
                        Ok(judged) => shared.0.add(scenario, *stop, &judged, asked),
                        Err(error) => {
                            shared.1 = Some(error);
                            next.store(stops.len(), Ordering::SeqCst);
                        }
                    }
                }
            });
        }
    });
    match shared.into_inner().unwrap_or_else(PoisonError::into_inner).1 {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

impl Told {
    fn add(&mut self, scenario: Scenario, stop: Stop, judged: &Judged, asked: &Asked) {
        self.stops += 1;
        self.told_an_error += usize::from(judged.told.is_some());
        match &judged.wrong {
            Some(Wrong::Lost(_)) => self.lost += 1,
            Some(Wrong::Corrupt(_)) => self.corrupt += 1,
            None => {}
        }
        let counted = self.scenarios.entry(scenario.name()).or_default();
        counted.stops += 1;
        *counted.modes.entry(stop.mode.name()).or_default() += 1;
        let flags = format!(
            "--scenario {} --mode {} --stop {}",
            scenario.name(),
            stop.mode.name(),
            stop.number
        );
        if let Some(wrong) = &judged.wrong {
            println!("{wrong}");
        }
        if judged.wrong.is_some() || asked.stop.is_some() {
            println!("  {flags}");
            println!("  while {}: {}", judged.step, judged.happened);
            if let Some(error) = &judged.told {
                println!("  the program told: {error}");
            }
        }
        if asked.stop.is_some() && judged.wrong.is_none() {
            println!("  everything acknowledged is there, and both sides hold the same");
        }
    }
}
