//! The time as the district has it, as far as this desk knows without asking. A computer's clock may be wrong, and
//! whoever sets it back must not make a grant last longer: what has certainly passed is kept with the records.

use std::time::Instant;

use domain::Time;
use serde::{Deserialize, Serialize};
use store::Store;

use crate::Failure;
use crate::desk::{Desk, Notice, Open};
use crate::net::link::wall_ms;

/// A clock that is further off is told.
const TOLERANCE_MS: i64 = 10 * Time::MINUTE_MS;
/// What passed is kept anew when it is so much more than what is kept.
const KEEP_AFTER_MS: i64 = Time::MINUTE_MS;
/// What this computer's clock shows is believed to have passed, if it is no more than this since the last that is
/// certain: longer than any grant lasts, and shorter than what a wrong year makes of it.
const MOST_BELIEVED_MS: i64 = 45 * Time::DAY_MS;
const SETTING: &str = "known_time";

/// What this desk knows of the district's time. Kept in its encrypted file.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct KnownTime {
    /// The server's time when it was heard last, and what has passed since: it is later than that. Zero where none was
    /// ever heard.
    passed_ms: i64,
    /// How far this computer's clock was ahead of the server's then.
    off_ms: i64,
}

impl KnownTime {
    fn heard(server_ms: i64, wall_ms: i64) -> KnownTime {
        KnownTime {
            passed_ms: server_ms,
            off_ms: wall_ms.saturating_sub(server_ms),
        }
    }

    /// The desk ran for `ms` more, and this computer's clock shows `wall_ms` now.
    fn run(&mut self, ms: i64, wall_ms: i64) {
        if self.passed_ms == 0 {
            return;
        }
        self.passed_ms = self.passed_ms.saturating_add(ms);
        let shown_ms = self.at(wall_ms);
        if shown_ms - self.passed_ms <= MOST_BELIEVED_MS {
            self.passed_ms = shown_ms;
        }
    }

    /// The district's time when this computer's clock shows `wall_ms`: it runs on as it was, or it was set right
    /// since. Nobody is locked out by doubt: the earlier of the two, as far as it is later than what has passed.
    fn at(self, wall_ms: i64) -> i64 {
        let can_be = [wall_ms.saturating_sub(self.off_ms), wall_ms];
        // A little less than has passed is the same: clocks are set by minutes, and two of them never run alike.
        let later = can_be.into_iter().filter(|each| *each >= self.passed_ms - TOLERANCE_MS);
        later.min().unwrap_or(self.passed_ms).max(self.passed_ms)
    }

    fn is_worth_keeping_over(self, kept: KnownTime) -> bool {
        let is_far = |a: i64, b: i64| a.saturating_sub(b).abs() >= KEEP_AFTER_MS;
        is_far(self.passed_ms, kept.passed_ms) || is_far(self.off_ms, kept.off_ms)
    }
}

/// The same while the desk runs.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Clock {
    known: KnownTime,
    kept: KnownTime,
    counted: Option<Instant>,
}

impl Clock {
    fn count(&mut self) {
        let now = Instant::now();
        let ran = self.counted.map_or(0, |counted| {
            i64::try_from(now.duration_since(counted).as_millis()).unwrap_or(i64::MAX)
        });
        self.known.run(ran, wall_ms());
        self.counted = Some(now);
    }

    fn hear(&mut self, server_ms: i64) {
        self.count();
        self.known = KnownTime::heard(server_ms, wall_ms());
    }

    /// It is certainly later than `moment_ms`.
    fn is_after(&mut self, moment_ms: i64) {
        self.count();
        self.known.passed_ms = self.known.passed_ms.max(moment_ms);
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.known.at(wall_ms())
    }

    /// How far this computer's clock is ahead of the district's, when that is worth telling.
    pub(crate) fn off_ms(&self) -> Option<i64> {
        let off_ms = wall_ms().saturating_sub(self.now_ms());
        (off_ms.saturating_abs() > TOLERANCE_MS).then_some(off_ms)
    }
}

impl Desk {
    /// Takes note of the server's time. How far this computer's clock is off is told, and nothing is refused for it.
    pub(crate) fn hear_time(&self, server_ms: i64) {
        self.state().clock.hear(server_ms);
        self.keep_time();
    }

    /// Takes note that it is later than `moment`, which the server wrote down.
    pub(crate) fn is_after(&self, moment: Time) {
        self.state().clock.is_after(moment.0);
    }

    /// The time as the district has it, as far as this desk knows.
    pub(crate) fn district_ms(&self) -> i64 {
        self.state().clock.now_ms()
    }

    /// Remembers what an opened file knows of the time.
    pub(crate) fn recall_time(&self, store: &Store) -> Result<(), Failure> {
        let kept = store
            .setting(SETTING)?
            .and_then(|json| serde_json::from_value(json).ok());
        let kept: KnownTime = kept.unwrap_or_default();
        let mut state = self.state();
        state.clock.count();
        state.clock.kept = kept;
        if kept.passed_ms > state.clock.known.passed_ms {
            state.clock.known = kept;
        }
        Ok(())
    }

    /// Counts the time that passed; ends what a grant allowed when it has run out. Called by the window's timer.
    pub fn time_passes(&self) {
        self.state().clock.count();
        self.keep_time();
        let has_run_out = {
            let mut state = self.state();
            let now_ms = state.clock.now_ms();
            match state.session.as_mut().map(|session| &mut session.who) {
                Some(who) if !who.has_run_out && who.not_after.is_some_and(|last| last.0 < now_ms) => {
                    who.has_run_out = true;
                    who.read_only = true;
                    true
                }
                _ => false,
            }
        };
        self.emergency_passes();
        if has_run_out {
            self.tell(Notice::Status);
            // What is on the screen may be of somebody who is not in.
            self.tell(Notice::Records(Vec::new()));
        }
    }

    fn keep_time(&self) {
        let (known, open) = {
            let state = self.state();
            let is_new = state.clock.known.is_worth_keeping_over(state.clock.kept);
            let open = state.open.clone().filter(|open| is_new && !open.is_older_copy);
            (state.clock.known, open)
        };
        if let Some(open) = open {
            self.keep_known(known, &open);
        }
    }

    /// Keeps what is known of the time before the file is closed.
    pub(crate) fn keep_time_before_closing(&self, open: &Open) {
        let known = {
            let mut state = self.state();
            state.clock.count();
            state.clock.known
        };
        if !open.is_older_copy && known.passed_ms > 0 {
            self.keep_known(known, open);
        }
    }

    fn keep_known(&self, known: KnownTime, open: &Open) {
        let kept = serde_json::to_value(known).map_err(|_| Failure::new("database_failed"));
        let kept = kept.and_then(|json| Ok(open.store.put_setting(SETTING, &json)?));
        match kept {
            Ok(()) => self.state().clock.kept = known,
            Err(failure) => tracing::warn!(code = failure.code, "the time could not be kept"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = Time::DAY_MS;
    const HEARD: i64 = 20_000 * DAY;

    fn after_running(off_ms: i64, ran_ms: i64) -> KnownTime {
        let mut known = KnownTime::heard(HEARD, HEARD + off_ms);
        known.run(ran_ms, HEARD + off_ms + ran_ms);
        known
    }

    #[test]
    fn a_clock_that_runs_on_is_believed_with_what_it_was_off() {
        for off in [0, -5_000 * DAY, 1_200 * DAY] {
            let known = after_running(off, DAY);
            assert_eq!(known.at(HEARD + off + 9 * DAY), HEARD + 9 * DAY);
        }
    }

    #[test]
    fn a_clock_that_is_years_ahead_and_stepped_back_a_little_locks_nobody_out() {
        for off in [1_200 * DAY, 20 * DAY] {
            let mut known = KnownTime::heard(HEARD, HEARD + off);
            for hour in 1..=24 {
                known.run(Time::HOUR_MS, HEARD + off + hour * Time::HOUR_MS - 5 * Time::MINUTE_MS);
            }
            assert_eq!(known.at(HEARD + off + DAY - 1), HEARD + DAY);
        }
    }

    #[test]
    fn a_clock_that_was_set_back_undoes_nothing_that_passed() {
        assert_eq!(after_running(0, 3 * DAY).at(HEARD - 365 * DAY), HEARD + 3 * DAY);
        assert_eq!(
            after_running(1_200 * DAY, 3 * DAY).at(HEARD - 365 * DAY),
            HEARD + 3 * DAY
        );
    }

    #[test]
    fn a_clock_that_was_set_right_is_believed() {
        for off in [1_200 * DAY, -5_000 * DAY] {
            assert_eq!(after_running(off, DAY).at(HEARD + 2 * DAY), HEARD + 2 * DAY);
        }
    }

    #[test]
    fn what_the_clock_showed_once_has_passed_unless_it_showed_another_year() {
        let seen = |shown: i64| {
            let mut known = after_running(0, DAY);
            known.run(0, HEARD + shown);
            known.at(HEARD - 365 * DAY) - HEARD
        };
        assert_eq!(seen(15 * DAY), 15 * DAY, "a grant that ran out stays so");
        assert_eq!(
            seen(1_200 * DAY),
            DAY,
            "nobody is locked out when it is set right again"
        );
    }

    #[test]
    fn while_the_clock_is_set_back_the_time_that_the_desk_runs_counts() {
        let mut known = after_running(0, DAY);
        for _ in 0..3 {
            known.run(DAY, HEARD - 365 * DAY);
        }
        assert_eq!(known.at(HEARD - 365 * DAY), HEARD + 4 * DAY);
    }

    #[test]
    fn where_nothing_was_ever_heard_the_clock_is_the_time() {
        let mut known = KnownTime::default();
        known.run(DAY, 9);
        assert_eq!(known.at(7), 7);
    }
}
