//! Census: who is in, who came, who left; occupancy. Sources: formulas-and-forms c.3 (daily
//! inpatient census at midnight; bed occupancy rate after the OECD; a same-day stay is one bed-day).

use std::collections::BTreeMap;

use crate::entities::{encounter, patient};
use crate::record::Record;
use crate::value::{Date, Time};
use crate::ward::beds::{Board, read_board, read_board_at};
use crate::ward::persons::person;
use crate::ward::presence::{Presence, present};
use crate::world::{Read, Records};

/// What happened between two moments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    pub admissions: i64,
    /// All that left, deaths included.
    pub discharges: i64,
    pub deaths: i64,
    pub referred: i64,
    /// Admissions with isolation.
    pub isolated: i64,
    /// Admissions of people confirmed positive.
    pub positives: i64,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub admitted: i64,
    pub positive: i64,
    pub suspected: i64,
    pub free_beds: i64,
}

/// Admissions and discharges from `from` until `to` (excluded). Who was admitted twice at once came
/// and went once.
pub fn flow(world: &dyn Records, from: Time, to: Time) -> Read<Flow> {
    let mut flow = Flow::default();
    let within = |at: Time| at >= from && at < to;
    for each in world.presences(from)?.iter() {
        if within(each.from) {
            let isolated = |one: &Record| encounter::ISOLATION.of(one) == Some("yes");
            flow.admissions += 1;
            flow.isolated += i64::from(each.encounters.iter().any(isolated));
            flow.positives += i64::from(disease_status(world, each)?.as_deref() == Some("positive"));
        }
        if each.to.is_some_and(within) {
            let reason = each.last().and_then(|last| encounter::DISCHARGE_REASON.of(last));
            flow.discharges += 1;
            flow.deaths += i64::from(reason == Some("expired"));
            flow.referred += i64::from(reason == Some("referred"));
        }
    }
    Ok(flow)
}

/// How things stand at `now`.
pub fn now(world: &dyn Records, now: Time) -> Read<Standing> {
    standing(world, &present(world)?, &read_board(world, now)?)
}

/// How things stand with those who are there, on this board.
pub fn standing(world: &dyn Records, there: &[Presence], board: &Board) -> Read<Standing> {
    let mut standing = counted(world, there)?;
    standing.free_beds = board.figures().free;
    Ok(standing)
}

/// How things stood at `then`. What is known now of a patient's illness is taken as known then.
pub fn at(world: &dyn Records, then: Time) -> Read<Standing> {
    let there = world.presences(then)?;
    let there: Vec<Presence> = there.iter().filter(|each| each.covers(then)).cloned().collect();
    standing(world, &there, &read_board_at(world, then)?)
}

fn counted(world: &dyn Records, there: &[Presence]) -> Read<Standing> {
    let mut standing = Standing::default();
    for each in there {
        standing.admitted += 1;
        match disease_status(world, each)?.as_deref() {
            Some("positive") => standing.positive += 1,
            Some("suspected") => standing.suspected += 1,
            _ => {}
        }
    }
    Ok(standing)
}

fn disease_status(world: &dyn Records, each: &Presence) -> Read<Option<String>> {
    let person = person(world, each.person)?;
    Ok(person
        .as_ref()
        .and_then(|person| patient::DISEASE_STATUS.of(person))
        .map(str::to_owned))
}

/// One day of a trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CensusDay {
    pub day: Date,
    pub flow: Flow,
    /// Admitted people at the midnight that ends the day (at `now` for today).
    pub census: i64,
}

/// The last `days` days up to and with `today`. By the midnight identity: the census of a day is
/// that of the day before plus admissions less discharges.
pub fn trend(world: &dyn Records, today: Date, days: i64, utc_offset_minutes: i32) -> Read<Vec<CensusDay>> {
    let from = today.plus_days(1 - days).starts(utc_offset_minutes);
    let to = today.plus_days(1).starts(utc_offset_minutes);
    let day_of = |at: Time| (at >= from && at < to).then(|| at.day(utc_offset_minutes));
    let mut by_day: BTreeMap<Date, Flow> = BTreeMap::new();
    let mut census = 0;
    for each in world.presences(from)?.iter() {
        census += i64::from(each.to.is_none());
        if let Some(day) = day_of(each.from) {
            by_day.entry(day).or_default().admissions += 1;
        }
        if let Some(day) = each.to.and_then(day_of) {
            let reason = each.last().and_then(|last| encounter::DISCHARGE_REASON.of(last));
            let flow = by_day.entry(day).or_default();
            flow.discharges += 1;
            flow.deaths += i64::from(reason == Some("expired"));
        }
    }
    let mut trend = Vec::new();
    for back in 0..days {
        let day = today.plus_days(-back);
        let flow = by_day.get(&day).copied().unwrap_or_default();
        trend.push(CensusDay { day, flow, census });
        census += flow.discharges - flow.admissions;
    }
    trend.reverse();
    Ok(trend)
}

/// Occupied of available beds in tenths of a percent; `None` without beds.
pub fn occupancy_permille(occupied: i64, available: i64) -> Option<i64> {
    (available > 0).then(|| occupied * 1_000 / available)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occupancy_needs_beds() {
        assert_eq!(occupancy_permille(0, 0), None);
        assert_eq!(occupancy_permille(7, 8), Some(875));
        assert_eq!(occupancy_permille(9, 8), Some(1_125));
    }
}
