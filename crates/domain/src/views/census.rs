//! The census of some days: how it moved in each ward and on each day, and what the days come to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::entities::ward;
use crate::record::Record;
use crate::value::{Date, RecordId, Time};
use crate::views::line::admitted_lines;
use crate::views::{Shown, ViewError};
use crate::ward::census::occupancy_permille;
use crate::ward::indicators::{
    Days, Indicators, Movements, READMITTED_WITHIN_DAYS, available_bed_days, bed_days, indicators, is_for_inpatients,
    movements, same_day,
};
use crate::ward::whereabouts::{self, Place};
use crate::world::{Ctx, Records};

/// No page shows more days.
pub const MOST_DAYS: i64 = 366;

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct CensusArgs {
    pub first: Date,
    /// Not after today.
    pub last: Date,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Census {
    pub first: Date,
    pub last: Date,
    /// The last day has not ended: its census is that of now, and what the days come to leaves it out.
    pub is_running: bool,
    /// In their order; last of all, under no ward, those who waited for a bed, where anybody did.
    pub wards: Vec<WardCensus>,
    /// All wards together; transfers are between them.
    pub whole: Movements,
    /// The first day first.
    pub days: Vec<DayCensus>,
    /// Nothing while no day is complete.
    pub indicators: Option<Indicators>,
    /// Who of those who are there now is expected to leave.
    pub expected: Expected,
}

/// Of those who are there now, how many are expected to leave on which day.
#[derive(Clone, Copy, Debug, Default, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Expected {
    /// On a day that is over.
    pub overdue: i64,
    pub today: i64,
    pub tomorrow: i64,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WardCensus {
    pub ward: Option<RecordId>,
    pub name: Option<String>,
    /// The beds of an emergency room, of day care and the cots of newborns are no beds for inpatients.
    pub is_for_inpatients: bool,
    pub movements: Movements,
    /// Of the complete days.
    pub bed_days: i64,
    /// Of the complete days; nothing where there are no beds.
    pub available_bed_days: Option<i64>,
    pub occupancy_permille: Option<i64>,
}

#[derive(Clone, Copy, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DayCensus {
    pub day: Date,
    pub movements: Movements,
    /// Who came and left on that day.
    pub same_day: i64,
}

/// The census from the first day to the last.
pub fn census(args: &CensusArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Census> {
    let days = Days {
        first: args.first,
        count: args.last.days() - args.first.days() + 1,
        utc_offset_minutes: ctx.utc_offset_minutes,
    };
    if !(1..=MOST_DAYS).contains(&days.count) || args.last > ctx.today {
        return Err(ViewError::Arguments);
    }
    let is_running = args.last == ctx.today;
    let complete = Days {
        count: days.count - i64::from(is_running),
        ..days
    };
    let (from, _) = days.span();
    let since = Time(from.0 - READMITTED_WITHIN_DAYS * Time::DAY_MS);
    let all = whereabouts::read(world, since)?;
    let by_ward = movements(&all, days.span());
    let in_beds = bed_days(&all, complete);
    let available = available_bed_days(world, complete)?;
    let shown = |place: Place, ward: Option<&Record>| {
        let bed_days = in_beds.get(&place).copied().unwrap_or(0);
        let available = place
            .and_then(|ward| available.get(&ward))
            .copied()
            .filter(|days| *days > 0);
        WardCensus {
            ward: place,
            name: ward.and_then(|ward| ward::NAME.of(ward)).map(str::to_owned),
            is_for_inpatients: ward.is_some_and(is_for_inpatients),
            movements: by_ward.get(&place).copied().unwrap_or_default(),
            bed_days,
            available_bed_days: available,
            occupancy_permille: available.and_then(|available| occupancy_permille(bed_days, available)),
        }
    };
    let wards = wards(&by_ward, world)?;
    let mut wards: Vec<WardCensus> = wards.iter().map(|ward| shown(Some(ward.id), Some(ward))).collect();
    wards.extend(by_ward.contains_key(&None).then(|| shown(None, None)));
    Ok(Census {
        first: args.first,
        last: args.last,
        is_running,
        whole: whole(&by_ward),
        days: days.each().map(|day| shown_day(&all, day)).collect(),
        indicators: match complete.count {
            0 => None,
            _ => Some(indicators(world, &all, complete)?),
        },
        expected: expected(world, ctx)?,
        wards,
    })
}

fn shown_day(all: &[whereabouts::Whereabouts], day: Days) -> DayCensus {
    DayCensus {
        day: day.first,
        movements: whole(&movements(all, day.span())),
        same_day: same_day(all, day).values().sum(),
    }
}

fn expected(world: &dyn Records, ctx: &Ctx) -> Shown<Expected> {
    let mut expected = Expected::default();
    for line in admitted_lines(world, ctx)? {
        match line.expected_discharge.map(|day| day.days() - ctx.today.days()) {
            Some(..0) => expected.overdue += 1,
            Some(0) => expected.today += 1,
            Some(1) => expected.tomorrow += 1,
            _ => {}
        }
    }
    Ok(expected)
}

fn whole(wards: &BTreeMap<Place, Movements>) -> Movements {
    wards.values().fold(Movements::default(), |sum, ward| sum.plus(*ward))
}

/// The wards in use and those in which anybody was, in their order.
fn wards(by_ward: &BTreeMap<Place, Movements>, world: &dyn Records) -> Shown<Vec<Record>> {
    let mut wards = world.all("ward")?;
    wards.retain(|each| ward::RETIRED.of(each) != Some("yes") || by_ward.contains_key(&Some(each.id)));
    for gone in by_ward.keys().flatten() {
        if !wards.iter().any(|each| each.id == *gone) {
            wards.extend(world.get("ward", *gone)?);
        }
    }
    wards.sort_by(|a, b| (ward::ORDER.of(a), ward::NAME.of(a), a.id).cmp(&(ward::ORDER.of(b), ward::NAME.of(b), b.id)));
    Ok(wards)
}
