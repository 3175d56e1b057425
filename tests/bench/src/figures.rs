//! Figures of several rounds: their middle, their spread, and how one stands beside another round by round.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The least, the middle and the most of some rounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub least: f64,
    pub median: f64,
    pub most: f64,
    pub rounds: usize,
}

impl Spread {
    /// Of figures of which there is at least one.
    pub fn of(figures: &[f64]) -> Option<Spread> {
        let mut sorted: Vec<f64> = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let upper = *sorted.get(middle)?;
        let lower = match sorted.len() % 2 {
            0 => *sorted.get(middle.checked_sub(1)?)?,
            _ => upper,
        };
        Some(Spread {
            least: *sorted.first()?,
            median: f64::midpoint(lower, upper),
            most: *sorted.last()?,
            rounds: sorted.len(),
        })
    }

    /// Of the quotients of two lists, round by round.
    pub fn of_ratios(ours: &[f64], other: &[f64]) -> Option<Spread> {
        let ratios: Vec<f64> = ours.iter().zip(other).map(|(one, other)| one / other).collect();
        Spread::of(&ratios)
    }
}

/// The percentiles that are told of an operation, by name.
pub const ENDS: [(&str, f64); 2] = [("p50", 50.0), ("p99", 99.0)];

/// Times of single operations, from which percentiles are taken.
#[derive(Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Times one operation and hands its answer on.
    pub fn time<T>(&mut self, job: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let answer = job();
        self.0.push(ms(begun.elapsed()));
        answer
    }

    /// Adds a time, in milliseconds, that was taken elsewhere.
    pub fn add_ms(&mut self, took: f64) {
        self.0.push(took);
    }

    /// The middle and the slow end, by their names.
    pub fn percentiles(&self) -> BTreeMap<&'static str, f64> {
        BTreeMap::from(ENDS.map(|(end, percent)| (end, self.percentile(percent))))
    }

    /// The time, in milliseconds, that so many in a hundred did not exceed; 0 when there is none.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let place = ((sorted.len() as f64) * percent / 100.0).ceil() as usize;
        sorted.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }
}

/// A time in milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// How many a second.
pub fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The exponent `k` of the power law `y = c · x^k` that fits best, by least squares of the logarithms; of two points or more.
pub fn exponent(points: &[(f64, f64)]) -> Option<f64> {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let middle_x = logs.iter().map(|(x, _)| x).sum::<f64>() / count;
    let middle_y = logs.iter().map(|(_, y)| y).sum::<f64>() / count;
    let across: f64 = logs.iter().map(|(x, y)| (x - middle_x) * (y - middle_y)).sum();
    let along: f64 = logs.iter().map(|(x, _)| (x - middle_x).powi(2)).sum();
    (along > 0.0).then(|| across / along)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_an_even_number_lies_between_two() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!(
            (spread.least, spread.median, spread.most, spread.rounds),
            (1.0, 2.5, 4.0, 4)
        );
        assert!(Spread::of(&[]).is_none());
    }

    #[test]
    fn ratios_are_taken_round_by_round_so_that_a_slow_moment_is_slow_for_both() {
        let spread = Spread::of_ratios(&[1.0, 10.0, 3.0], &[2.0, 20.0, 6.0]).unwrap();
        assert_eq!((spread.least, spread.most), (0.5, 0.5));
    }

    #[test]
    fn a_percentile_is_a_time_that_was_measured() {
        let times = Times((1..=100).map(f64::from).collect());
        assert_eq!(
            (times.percentile(50.0), times.percentile(99.0), times.percentile(100.0)),
            (50.0, 99.0, 100.0)
        );
        assert_eq!(Times::default().percentile(50.0), 0.0);
    }

    #[test]
    fn a_power_law_is_found_again() {
        let square: Vec<(f64, f64)> = [10.0, 100.0, 1_000.0].map(|x: f64| (x, 7.0 * x.powi(2))).to_vec();
        assert!((exponent(&square).unwrap() - 2.0).abs() < 1e-9);
        assert!((exponent(&[(10.0, 5.0), (1_000.0, 5.0)]).unwrap()).abs() < 1e-9);
        assert!(exponent(&[(10.0, 5.0)]).is_none());
    }
}
