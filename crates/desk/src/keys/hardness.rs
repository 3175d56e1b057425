//! What a try of a password costs: Argon2id with so much memory and so many passes that it takes a quarter of a second
//! on this very computer.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::seal::{Key, SealBroken};

/// Memory, rounds and lanes of Argon2id; kept with each slot so that they can be raised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Hardness {
    pub memory_kib: u32,
    pub rounds: u32,
    pub lanes: u32,
}

/// How hard slots are made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cost {
    /// As this computer bears it; measured once.
    Measured,
    Given(Hardness),
}

/// A try takes no less.
const LEAST_MS: u128 = 250;
/// With one pass over more memory than this computer can do in so much time, a sign-in would take too long.
const MOST_MS: u128 = 500;
/// Beyond that a faster computer gives more passes, no more memory.
const MOST_ROUNDS: u32 = 64;
/// No more than this part of the memory that is free.
const PART_OF_FREE: u64 = 8;

impl Hardness {
    /// OWASP ASVS 5.0, 11.4.4, with margin; where nothing could be measured.
    pub const USUAL: Hardness = Hardness {
        memory_kib: 64 * 1024,
        rounds: 3,
        lanes: 1,
    };
    /// The least that is ever accepted.
    pub const LEAST: Hardness = Hardness {
        memory_kib: 19 * 1024,
        rounds: 2,
        lanes: 1,
    };

    /// The most that is ever accepted: four times the memory that is taken here, as many passes, and lanes that a later
    /// version might take. Whoever can write a slot makes nobody's computer stand still with it.
    pub const MOST: Hardness = Hardness {
        memory_kib: 4 * Hardness::USUAL.memory_kib,
        rounds: MOST_ROUNDS,
        lanes: 4,
    };

    /// Whether it is one that a password may be tried with.
    pub fn is_accepted(self) -> bool {
        let is_bearable = self.memory_kib <= Hardness::MOST.memory_kib
            && self.rounds <= Hardness::MOST.rounds
            && (1..=Hardness::MOST.lanes).contains(&self.lanes);
        is_bearable && self.is_at_least(Hardness::LEAST)
    }

    /// Whether it is no less than `other` in anything.
    pub fn is_at_least(self, other: Hardness) -> bool {
        self.memory_kib >= other.memory_kib && self.rounds >= other.rounds
    }

    /// As hard as this computer bears, and a quarter of a second for one try. It takes about a second.
    pub fn measured() -> Hardness {
        tuned(free_memory_kib(), |hardness| {
            // The quickest of three: what else the computer did meanwhile makes no try of a thief's longer.
            let tries = (0..3).filter_map(|_| {
                let begun = Instant::now();
                let stretched = stretch("measured", &[0; 16], hardness);
                stretched.ok().map(|_| begun.elapsed())
            });
            tries.min()
        })
    }
}

/// The memory first, from the usual down to what the computer bears; then the passes.
fn tuned(free_kib: Option<u64>, measure: impl Fn(Hardness) -> Option<Duration>) -> Hardness {
    let bears_kib = free_kib.map_or(u64::MAX, |free_kib| free_kib / PART_OF_FREE);
    let bears_kib = u32::try_from(bears_kib).unwrap_or(u32::MAX);
    let mut memory_kib = Hardness::USUAL
        .memory_kib
        .min(bears_kib)
        .max(Hardness::LEAST.memory_kib);
    loop {
        let twice = Hardness {
            memory_kib,
            ..Hardness::LEAST
        };
        let Some(took) = measure(twice) else {
            return Hardness::USUAL;
        };
        if took.as_millis() > MOST_MS && memory_kib > Hardness::LEAST.memory_kib {
            memory_kib = (memory_kib / 2).max(Hardness::LEAST.memory_kib);
            continue;
        }
        let pass_us = (took.as_micros() / u128::from(twice.rounds)).max(1);
        let rounds = u32::try_from((LEAST_MS * 1_000).div_ceil(pass_us)).unwrap_or(MOST_ROUNDS);
        return Hardness {
            rounds: rounds.clamp(Hardness::LEAST.rounds, MOST_ROUNDS),
            ..twice
        };
    }
}

/// What the system could give a program now; unknown where it does not say.
fn free_memory_kib() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The key that a password gives. It takes the time that it shall take.
///
/// # Errors
/// [`SealBroken`] when `hardness` is less or more than is ever accepted; nothing is tried then.
pub fn stretch(password: &str, salt: &[u8], hardness: Hardness) -> Result<Key, SealBroken> {
    if !hardness.is_accepted() {
        return Err(SealBroken);
    }
    let params = Params::new(hardness.memory_kib, hardness.rounds, hardness.lanes, Some(32)).map_err(|_| SealBroken)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Key::filled(|bytes| hasher.hash_password_into(password.as_bytes(), salt, bytes)).map_err(|_| SealBroken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1024 * 1024;

    /// A computer that goes over so much memory in a millisecond.
    fn computer(kib_per_ms: u64) -> impl Fn(Hardness) -> Option<Duration> {
        move |hardness| {
            let kib = u64::from(hardness.memory_kib) * u64::from(hardness.rounds);
            Some(Duration::from_micros(kib * 1_000 / kib_per_ms))
        }
    }

    #[test]
    fn a_try_takes_a_quarter_of_a_second_on_any_computer_and_is_never_under_the_floor() {
        for (free_kib, kib_per_ms) in [
            (None, 2_000),
            (Some(16 * GIB), 20_000),
            (Some(4 * GIB), 600),
            (Some(GIB / 4), 900),
        ] {
            let hardness = tuned(free_kib, computer(kib_per_ms));
            let took = computer(kib_per_ms)(hardness).unwrap();
            assert!(hardness.is_at_least(Hardness::LEAST), "{hardness:?}");
            let is_enough = took.as_millis() >= LEAST_MS || hardness.rounds == MOST_ROUNDS;
            assert!(is_enough && took.as_millis() < 800, "{hardness:?}: {took:?}");
        }
        assert_eq!(tuned(None, computer(1)), Hardness::LEAST, "slow as it may be");
    }

    #[test]
    fn what_asks_for_more_than_any_computer_is_tried_with_is_refused_before_it_costs_anything() {
        let usual = Hardness::USUAL;
        let (memory_kib, rounds, lanes) = (u32::MAX, u32::MAX, u32::MAX);
        let more = |most: u32| most + 1;
        for too_hard in [
            Hardness { memory_kib, ..usual },
            Hardness { rounds, ..usual },
            Hardness { lanes, ..usual },
            Hardness { lanes: 0, ..usual },
            Hardness {
                memory_kib: more(Hardness::MOST.memory_kib),
                ..usual
            },
            Hardness {
                rounds: more(Hardness::MOST.rounds),
                ..usual
            },
            Hardness {
                lanes: more(Hardness::MOST.lanes),
                ..usual
            },
        ] {
            let begun = Instant::now();
            assert_eq!(
                stretch("a password", &[1; 16], too_hard),
                Err(SealBroken),
                "{too_hard:?}"
            );
            assert!(begun.elapsed() < Duration::from_millis(100), "{too_hard:?}");
        }
        // All that is ever made is accepted.
        for (free_kib, kib_per_ms) in [(None, 1), (None, 2_000), (None, 1_000_000), (Some(0), 900)] {
            assert!(tuned(free_kib, computer(kib_per_ms)).is_accepted());
        }
        assert!(Hardness::LEAST.is_accepted() && Hardness::MOST.is_accepted());
    }

    #[test]
    fn no_more_memory_is_taken_than_the_computer_bears() {
        let memory = |free_kib| tuned(Some(free_kib), computer(1_000)).memory_kib;
        assert_eq!(memory(4 * GIB), 64 * 1024);
        assert_eq!(memory(GIB / 4), 32 * 1024);
        assert_eq!(memory(0), Hardness::LEAST.memory_kib);
        assert_eq!(tuned(None, |_| None), Hardness::USUAL);
    }

    #[test]
    fn what_was_measured_here_takes_a_quarter_of_a_second_here() {
        // Others may be at work beside the measuring, and make it take longer than it does.
        let is_hard = (0..40).any(|_| {
            let hardness = Hardness::measured();
            assert!(hardness.is_at_least(Hardness::LEAST), "{hardness:?}");
            let begun = Instant::now();
            stretch("a password", &[1; 16], hardness).unwrap();
            begun.elapsed().as_millis() >= LEAST_MS * 9 / 10
        });
        assert!(is_hard);
    }
}
