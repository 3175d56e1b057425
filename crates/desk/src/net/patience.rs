//! How long a desk waits: for an answer, and until it tries again.

use std::time::Duration;

use sync_core::planted;

use crate::Failure;

/// The slowest link on which a request still arrives whole, in bytes a second: 2 kbit/s.
const SLOWEST_BYTES_PER_S: f64 = 250.0;

#[cfg(feature = "mutants")]
const NEVER: Duration = Duration::from_secs(u32::MAX as u64);

/// How long a desk waits for what.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection, TLS included: on 2G that alone takes a quarter of a minute.
    pub connect: Duration,
    /// No byte for this long means that the link is cut.
    pub silence: Duration,
    /// Without news from the server, it is asked again after this long.
    pub news: Duration,
    /// The wait after the first of several failures; it doubles with each.
    pub shortest: Duration,
    /// The longest wait while the server cannot be reached.
    pub offline: Duration,
    /// The longest wait while somebody refuses, and the longest that the server may ask for.
    pub refused: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            connect: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            news: Duration::from_secs(30),
            shortest: Duration::from_secs(2),
            offline: Duration::from_secs(60),
            refused: Duration::from_secs(300),
        }
    }
}

/// When a round is tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pause {
    pub wait: Duration,
    /// Whether a save, the person or the network ends it early.
    pub is_wakeable: bool,
}

impl Patience {
    /// The same, so many times as long.
    #[must_use]
    pub fn times(self, factor: f64) -> Patience {
        Patience {
            connect: self.connect.mul_f64(factor),
            silence: self.silence.mul_f64(factor),
            news: self.news.mul_f64(factor),
            shortest: self.shortest.mul_f64(factor),
            offline: self.offline.mul_f64(factor),
            refused: self.refused.mul_f64(factor),
        }
    }

    /// How long an answer may not begin after a request of so many bytes: a slow link still carries it meanwhile.
    pub fn for_answer(&self, bytes: usize) -> Duration {
        let carrying = Duration::from_secs_f64(bytes as f64 / SLOWEST_BYTES_PER_S);
        self.connect + self.silence + carrying
    }

    /// The pause after a round that failed, as the `failures`-th in a row.
    pub fn after(&self, failure: &Failure, failures: u32) -> Pause {
        let longest = if failure.code == "offline" {
            self.offline
        } else {
            self.refused
        };
        let doubled = self
            .shortest
            .saturating_mul(1 << failures.saturating_sub(1).min(16))
            .min(longest);
        let asked = (failure.code == "server_busy")
            .then(|| failure.numbers.get("seconds")?.parse().ok().map(Duration::from_secs))
            .flatten();
        Pause {
            wait: planted!(
                RetryOnlyOnEdit,
                NEVER,
                doubled.max(asked.unwrap_or_default()).min(longest)
            ),
            is_wakeable: asked.is_none(),
        }
    }
}

/// Between so long and half as long again: desks that failed together do not come back together, and none earlier
/// than it was asked to.
pub fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness all desks would still wait, only in step.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(1.0 + f64::from(byte[0]) / 512.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits_s(failure: &Failure) -> Vec<u64> {
        let patience = Patience::default();
        (1..=9)
            .map(|failures| patience.after(failure, failures).wait.as_secs())
            .collect()
    }

    #[test]
    fn the_wait_doubles_to_a_minute_without_the_network_and_to_five_when_refused() {
        assert_eq!(waits_s(&Failure::new("offline")), [2, 4, 8, 16, 32, 60, 60, 60, 60]);
        assert_eq!(
            waits_s(&Failure::new("desk_not_accepted")),
            [2, 4, 8, 16, 32, 64, 128, 256, 300]
        );
        assert!(Patience::default().after(&Failure::new("offline"), 9).is_wakeable);
    }

    #[test]
    fn a_busy_server_is_left_alone_for_as_long_as_it_asks_and_no_longer_than_is_bearable() {
        let busy = |seconds: u64| Failure::new("server_busy").number("seconds", seconds);
        let pause = Patience::default().after(&busy(40), 1);
        assert_eq!((pause.wait.as_secs(), pause.is_wakeable), (40, false));
        assert_eq!(waits_s(&busy(3)), [3, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(Patience::default().after(&busy(86_400), 1).wait.as_secs(), 300);
        for _ in 0..100 {
            let waited = jittered(Duration::from_secs(40)).as_secs_f64();
            assert!((40.0..60.0).contains(&waited), "{waited}");
        }
    }

    #[test]
    fn a_large_request_has_the_time_that_the_slowest_link_needs() {
        let patience = Patience::default();
        assert_eq!(patience.for_answer(0).as_secs(), 60);
        assert_eq!(patience.for_answer(30_000).as_secs(), 180);
    }
}
