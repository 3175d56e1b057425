//! When a patient has to be looked at again. Care's rule is one fixed review time; here what the
//! last round, the encounter or the patient's record says comes before the habit of once a day.

use crate::entities::{encounter, patient, round};
use crate::record::Record;
use crate::value::Time;

/// After so long without a round a review is due when nobody said otherwise.
pub const HABIT_MS: i64 = Time::DAY_MS;

/// When the next review of somebody who is in is due: the earliest of the moment set for the
/// patient, unless a round came after it, and of so many minutes after the last round as it, else
/// the encounter, says. When nobody said anything: 24 hours after the last round. Before the first
/// round the admission stands in for it.
pub fn due(person: &Record, open: &Record, last_round: Option<&Record>) -> Option<Time> {
    let looked_at = last_round.and_then(|last| round::AT.of(last));
    let since = looked_at.or(encounter::ADMITTED_AT.of(open))?;
    let minutes = last_round
        .and_then(|last| round::REVIEW_MINUTES.of(last))
        .or(encounter::REVIEW_MINUTES.of(open));
    let by_interval = minutes.map(|minutes| Time(since.0.saturating_add(minutes.saturating_mul(Time::MINUTE_MS))));
    let by_moment = patient::REVIEW_AT.of(person).filter(|at| *at > since);
    let said = by_interval.into_iter().chain(by_moment).min();
    Some(said.unwrap_or(Time(since.0 + HABIT_MS)))
}
