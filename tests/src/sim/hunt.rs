//! The hunt for planted bugs: each is switched on alone, and seeds are lived until an invariant does
//! not hold; then the same seeds without any. Only with the feature `mutants`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use sync_core::planted::{Bug, switch};

use super::{Scale, run};

/// What the hunt for one bug came to.
#[derive(Debug, Clone, Serialize)]
pub struct Hunted {
    pub mutant: &'static str,
    /// The invariant that did not hold first; nothing when every seed was lived without a violation.
    pub invariant: Option<String>,
    /// How many seeds were lived, the last of which caught it.
    pub seeds: u64,
    /// What was seen.
    pub seen: Option<String>,
}

/// What a hunt for all bugs came to.
#[derive(Debug, Default, Clone, Serialize)]
pub struct Hunt {
    pub mutants: usize,
    pub caught: usize,
    /// Lived without a bug, and what was seen in them all the same.
    pub right_seeds: u64,
    pub right_violations: u64,
    pub list: Vec<Hunted>,
}

/// Hunts for the bugs, each in at most `most` seeds; `tell` hears of each.
/// The seeds that caught them, and no fewer than `least`, are then lived without a bug.
pub fn hunt(bugs: &[Bug], most: u64, least: u64, tell: impl Fn(&Hunted)) -> Hunt {
    let mut hunt = Hunt::default();
    for bug in bugs {
        switch(Some(*bug));
        let first = first_violation(most);
        switch(None);
        let hunted = Hunted {
            mutant: bug.words(),
            invariant: first.as_ref().map(|(_, seen)| invariant(seen)),
            seeds: first.as_ref().map_or(most, |(seed, _)| *seed),
            seen: first.map(|(_, seen)| seen),
        };
        tell(&hunted);
        hunt.mutants += 1;
        hunt.caught += usize::from(hunted.seen.is_some());
        hunt.list.push(hunted);
    }
    let caught = hunt.list.iter().filter(|each| each.seen.is_some());
    hunt.right_seeds = caught.map(|each| each.seeds).max().unwrap_or(0).max(least);
    if let Some((seed, seen)) = first_violation(hunt.right_seeds) {
        hunt.right_violations = 1;
        tell(&Hunted {
            mutant: "none",
            invariant: Some(invariant(&seen)),
            seeds: seed,
            seen: Some(seen),
        });
    }
    hunt
}

/// The first of the seeds from 1 to `most` in which something does not hold, and what.
fn first_violation(most: u64) -> Option<(u64, String)> {
    let next = AtomicU64::new(1);
    let first = Mutex::new(None::<(u64, String)>);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    let is_over = || first.lock().unwrap_or_else(PoisonError::into_inner).is_some();
                    if seed > most || is_over() {
                        return;
                    }
                    if let Some(seen) = violation(seed) {
                        let mut first = first.lock().unwrap_or_else(PoisonError::into_inner);
                        if first.as_ref().is_none_or(|(other, _)| seed < *other) {
                            *first = Some((seed, seen));
                        }
                    }
                }
            });
        }
    });
    first.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn violation(seed: u64) -> Option<String> {
    match catch_unwind(AssertUnwindSafe(|| run(seed, Scale::Short))) {
        Ok(Ok(outcome)) => outcome.violation,
        Ok(Err(error)) => Some(format!("the district cannot be set up: {error:#}")),
        Err(_) => Some("the product panicked".to_owned()),
    }
}

/// The name of the invariant in what was seen: the last one stands nearest to the cause.
fn invariant(seen: &str) -> String {
    let words = seen.split(|letter: char| !letter.is_ascii_alphanumeric());
    let named = words.rev().find(|word| {
        let number = word.strip_prefix('I').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    });
    named.unwrap_or("unnamed").to_owned()
}
