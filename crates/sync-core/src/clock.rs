//! The hybrid clock: orders the display and is evidence; it decides nothing.

use serde::{Deserialize, Serialize};

/// A moment by the hybrid clock: wall milliseconds, then a counter within the millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Stamp(pub i64, pub u32);

/// How far beyond the server's time a foreign stamp may move this clock.
pub const MOST_AHEAD_MS: i64 = 5 * 60 * 1000;

/// A desk's hybrid clock; `last` is kept with the database.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Clock {
    pub last: Stamp,
}

impl Clock {
    /// The stamp of an edit made now; later than every stamp given or seen before.
    pub fn tick(&mut self, wall_ms: i64) -> Stamp {
        let Stamp(last_ms, counter) = self.last;
        self.last = if wall_ms > last_ms {
            Stamp(wall_ms, 0)
        } else {
            Stamp(last_ms, counter.saturating_add(1))
        };
        self.last
    }

    /// Takes note of a foreign stamp, but never past `server_ms` + [`MOST_AHEAD_MS`].
    pub fn see(&mut self, foreign: Stamp, server_ms: i64) {
        let is_credible = foreign.0 <= server_ms.saturating_add(MOST_AHEAD_MS);
        if foreign > self.last && planted!(ClockUnclamped, true, is_credible) {
            self.last = foreign;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_only_rise_even_when_the_wall_clock_steps_back() {
        let mut clock = Clock::default();
        let first = clock.tick(1_000);
        let second = clock.tick(500);
        assert!(second > first);
        assert!(clock.tick(2_000) > second);
    }

    #[test]
    fn one_bad_clock_moves_no_other() {
        let mut clock = Clock::default();
        clock.tick(1_000);
        clock.see(Stamp(9_999_999_999_999, 0), 1_000);
        assert_eq!(clock.last, Stamp(1_000, 0));
        clock.see(Stamp(2_000, 3), 1_000);
        assert_eq!(clock.last, Stamp(2_000, 3));
    }
}
