//! Census: who is in, who came, who left; occupancy. Sources: formulas-and-forms c.3 (daily
//! inpatient census at midnight; bed occupancy rate after the OECD; a same-day stay is one bed-day).

use std::collections::BTreeMap;

use crate::entities::{encounter, patient};
use crate::record::Record;
use crate::value::{Date, Time, Value};
use crate::ward::beds::read_board;
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

/// Admissions and discharges from `from` until `to` (excluded).
pub fn flow(world: &dyn Records, from: Time, to: Time) -> Read<Flow> {
    let mut flow = Flow::default();
    let span = (Value::Time(from), Value::Time(to));
    for each in world.between("encounter", encounter::ADMITTED_AT.name(), &span.0, &span.1)? {
        flow.admissions += 1;
        flow.isolated += i64::from(encounter::ISOLATION.of(&each) == Some("yes"));
        flow.positives += i64::from(disease_status(world, &each)?.as_deref() == Some("positive"));
    }
    for each in world.between("encounter", encounter::DISCHARGED_AT.name(), &span.0, &span.1)? {
        flow.discharges += 1;
        flow.deaths += i64::from(encounter::DISCHARGE_REASON.of(&each) == Some("expired"));
        flow.referred += i64::from(encounter::DISCHARGE_REASON.of(&each) == Some("referred"));
    }
    Ok(flow)
}

/// How things stand at `now`.
pub fn now(world: &dyn Records, now: Time) -> Read<Standing> {
    let mut standing = Standing::default();
    for each in open_encounters(world)? {
        standing.admitted += 1;
        match disease_status(world, &each)?.as_deref() {
            Some("positive") => standing.positive += 1,
            Some("suspected") => standing.suspected += 1,
            _ => {}
        }
    }
    standing.free_beds = read_board(world, now)?.wards.iter().map(|band| band.figures.free).sum();
    Ok(standing)
}

/// Admitted and not discharged.
pub fn open_encounters(world: &dyn Records) -> Read<Vec<Record>> {
    let mut open = world.by("encounter", encounter::DISCHARGED_AT.name(), &Value::Empty)?;
    open.retain(|each| encounter::ADMITTED_AT.of(each).is_some());
    Ok(open)
}

fn disease_status(world: &dyn Records, each: &Record) -> Read<Option<String>> {
    let person = encounter::PATIENT
        .of(each)
        .map(|id| world.get("patient", id))
        .transpose()?
        .flatten();
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
    let first = today.plus_days(1 - days);
    let from = Value::Time(first.starts(utc_offset_minutes));
    let to = Value::Time(today.plus_days(1).starts(utc_offset_minutes));
    let mut by_day: BTreeMap<Date, Flow> = BTreeMap::new();
    for each in world.between("encounter", encounter::ADMITTED_AT.name(), &from, &to)? {
        let day = encounter::ADMITTED_AT.of(&each).map(|at| at.day(utc_offset_minutes));
        by_day.entry(day.unwrap_or(today)).or_default().admissions += 1;
    }
    for each in world.between("encounter", encounter::DISCHARGED_AT.name(), &from, &to)? {
        let day = encounter::DISCHARGED_AT.of(&each).map(|at| at.day(utc_offset_minutes));
        let flow = by_day.entry(day.unwrap_or(today)).or_default();
        flow.discharges += 1;
        flow.deaths += i64::from(encounter::DISCHARGE_REASON.of(&each) == Some("expired"));
    }
    let mut census = open_encounters(world)?.len() as i64;
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
