//! What a hospital is measured by over days: how the census moved, how full the wards were, how long people stayed. Sources:
//! formulas of the OECD (occupancy; length of stay), New York 10 CRR 441.81 (daily inpatient census) and of hospital training
//! (turnover, turnover interval, same-day stays); readmissions after Tamanu.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use crate::entities::{bed, bed_hold, encounter, ward};
use crate::field::{Field, Word};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::ward::whereabouts::{Place, Whereabouts};
use crate::world::{Read, Records};

/// Who comes back within so many days counts as readmitted.
pub const READMITTED_WITHIN_DAYS: i64 = 30;

/// Days that follow one another.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    pub first: Date,
    pub count: i64,
    pub utc_offset_minutes: i32,
}

impl Days {
    /// From the first day's midnight until the midnight that ends the last.
    pub fn span(&self) -> (Time, Time) {
        let end = self.first.plus_days(self.count);
        (
            self.first.starts(self.utc_offset_minutes),
            end.starts(self.utc_offset_minutes),
        )
    }

    /// Each day, as days of one.
    pub fn each(&self) -> impl Iterator<Item = Days> {
        let days = *self;
        (0..days.count).map(move |number| Days {
            first: days.first.plus_days(number),
            count: 1,
            ..days
        })
    }
}

/// How a census moved. Always `census = before + admissions + transfers_in - transfers_out - discharges - deaths`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Movements {
    /// Who was in when the time began.
    pub before: i64,
    pub admissions: i64,
    pub transfers_in: i64,
    pub transfers_out: i64,
    /// Who left alive.
    pub discharges: i64,
    pub deaths: i64,
    /// Who was in when the time ended.
    pub census: i64,
}

impl Movements {
    /// The two together.
    pub fn plus(self, other: Movements) -> Movements {
        Movements {
            before: self.before + other.before,
            admissions: self.admissions + other.admissions,
            transfers_in: self.transfers_in + other.transfers_in,
            transfers_out: self.transfers_out + other.transfers_out,
            discharges: self.discharges + other.discharges,
            deaths: self.deaths + other.deaths,
            census: self.census + other.census,
        }
    }
}

/// How the census of each ward moved from `from` until `to` (excluded); of those who waited for a bed under nothing.
pub fn movements(all: &[Whereabouts], (from, to): (Time, Time)) -> BTreeMap<Place, Movements> {
    let mut wards: BTreeMap<Place, Movements> = BTreeMap::new();
    let mut of = |ward: Place, count: fn(&mut Movements)| count(wards.entry(ward).or_default());
    let is_within = |at: Time| at >= from && at < to;
    let was_there = |each: &&Whereabouts| {
        let presence = &each.presence;
        presence.from < to && presence.to.is_none_or(|left| left >= from)
    };
    for each in all.iter().filter(was_there) {
        if let Some(ward) = each.at(just_before(from)) {
            of(ward, |ward| ward.before += 1);
        }
        if is_within(each.presence.from) {
            of(each.first(), |ward| ward.admissions += 1);
        }
        for (_, left, came) in each.moves().filter(|(at, ..)| is_within(*at)) {
            of(left, |ward| ward.transfers_out += 1);
            of(came, |ward| ward.transfers_in += 1);
        }
        if each.presence.to.is_some_and(is_within) {
            match has_died(each) {
                true => of(each.last(), |ward| ward.deaths += 1),
                false => of(each.last(), |ward| ward.discharges += 1),
            }
        }
        if let Some(ward) = each.at(just_before(to)) {
            of(ward, |ward| ward.census += 1);
        }
    }
    wards
}

/// Who comes or leaves at midnight does so on the day that begins.
fn just_before(midnight: Time) -> Time {
    Time(midnight.0 - 1)
}

fn has_died(each: &Whereabouts) -> bool {
    let last = each.presence.last();
    last.and_then(|last| encounter::DISCHARGE_REASON.of(last)) == Some("expired")
}

/// Who came and left on each of the days, by the ward they left from: each is one bed-day that no midnight counts.
pub fn same_day(all: &[Whereabouts], days: Days) -> BTreeMap<Place, i64> {
    let (from, to) = days.span();
    let mut wards: BTreeMap<Place, i64> = BTreeMap::new();
    for each in all {
        let day = |at: Time| at.day(days.utc_offset_minutes);
        let left = each.presence.to.filter(|left| *left >= from && *left < to);
        if left.is_some_and(|left| day(left) == day(each.presence.from)) {
            *wards.entry(each.last()).or_default() += 1;
        }
    }
    wards
}

/// Bed-days of each ward: who was there at each midnight that ends a day, and who came and left within it.
pub fn bed_days(all: &[Whereabouts], days: Days) -> BTreeMap<Place, i64> {
    let mut wards = same_day(all, days);
    for day in days.each() {
        let (_, midnight) = day.span();
        for ward in all.iter().filter_map(|each| each.at(just_before(midnight))) {
            *wards.entry(ward).or_default() += 1;
        }
    }
    wards
}

/// Whether the beds of a ward are beds for inpatients: those of an emergency room, of day care, and the cots of newborns are not
/// counted among a hospital's beds.
pub fn is_for_inpatients(ward: &Record) -> bool {
    !matches!(ward::KIND.of(ward), Some("emergency" | "day_care" | "newborn"))
}

/// The beds of each ward that could be used, counted at the midnights that end the days: those that were there and not blocked, at
/// most as many as the ward is staffed for. How many those are, is known for now alone.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn available_bed_days(world: &dyn Records, days: Days) -> Read<BTreeMap<RecordId, i64>> {
    let (from, _) = days.span();
    let end_of_time = Value::Time(Time(i64::MAX));
    let mut blocks = world.open("bed_hold")?;
    blocks.extend(world.between("bed_hold", bed_hold::TO.name(), &Value::Time(from), &end_of_time)?);
    blocks.retain(|hold| bed_hold::REASON.of(hold) == Some("blocked"));
    let beds = world.all("bed")?;
    let mut available: BTreeMap<RecordId, i64> = BTreeMap::new();
    for ward in world.all("ward")? {
        let own: Vec<&Record> = beds.iter().filter(|bed| bed::WARD.of(bed) == Some(ward.id)).collect();
        let staffed = ward::STAFFED_BEDS.of(&ward).unwrap_or(i64::MAX);
        let usable = |day: Days| {
            if is_gone(&ward, (&ward::RETIRED, &ward::RETIRED_ON), day.first) {
                return 0;
            }
            let (_, midnight) = day.span();
            let is_blocked = |bed: &Record| blocks.iter().any(|hold| blocks_at(hold, bed.id, just_before(midnight)));
            let there = own.iter().filter(|bed| is_there(bed, day.first) && !is_blocked(bed));
            staffed.min(there.count() as i64)
        };
        available.insert(ward.id, days.each().map(usable).sum());
    }
    Ok(available)
}

fn is_there(bed: &Record, day: Date) -> bool {
    let has_come = bed::SINCE.of(bed).is_none_or(|since| since <= day);
    has_come && !is_gone(bed, (&bed::RETIRED, &bed::RETIRED_ON), day)
}

/// Whether a bed or a ward was gone by the end of that day. Of one that went before anybody wrote down when, no day is known.
fn is_gone(place: &Record, (retired, on): (&Field<Word>, &Field<Date>), day: Date) -> bool {
    retired.of(place) == Some("yes") && on.of(place).is_none_or(|gone| gone <= day)
}

fn blocks_at(hold: &Record, bed: RecordId, moment: Time) -> bool {
    let ends = [bed_hold::TO.of(hold), bed_hold::EXPIRES.of(hold)];
    bed_hold::BED.of(hold) == Some(bed)
        && bed_hold::FROM.of(hold).is_some_and(|from| from <= moment)
        && ends.into_iter().flatten().all(|end| end > moment)
}

/// What the days come to. The counts stand beside what is made of them, so that everybody can reckon it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Indicators {
    pub days: i64,
    /// Of wards for inpatients.
    pub bed_days: i64,
    /// Of wards for inpatients.
    pub available_bed_days: i64,
    pub admissions: i64,
    /// Who left, deaths included.
    pub left: i64,
    /// Days from the admission of those who left; a stay within one day is one.
    pub days_stayed: i64,
    pub same_day: i64,
    /// Admitted within 30 days of leaving.
    pub readmissions: i64,
    /// Bed-days of a thousand available.
    pub occupancy_permille: Option<i64>,
    /// Hundredths of a day: days stayed for each who left.
    pub stay_centidays: Option<i64>,
    /// Hundredths: how many left for each available bed.
    pub turnover_hundredths: Option<i64>,
    /// Hundredths of a day that a bed stood empty for each who left; less than nothing where more lay there than there were beds.
    pub interval_centidays: Option<i64>,
}

/// The indicators of complete days. `all` begins 30 days before them.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn indicators(world: &dyn Records, all: &[Whereabouts], days: Days) -> Read<Indicators> {
    let (from, to) = days.span();
    let is_within = |at: Time| at >= from && at < to;
    let wards = world.all("ward")?;
    let outside: Vec<RecordId> = wards
        .iter()
        .filter(|ward| !is_for_inpatients(ward))
        .map(|ward| ward.id)
        .collect();
    let is_counted = |ward: &RecordId| !outside.contains(ward);
    let bed_days = bed_days(all, days).into_iter();
    let in_wards = bed_days.filter_map(|(ward, days)| Some((ward?, days)));
    let available = available_bed_days(world, days)?.into_iter();
    let counted = |(ward, days): (RecordId, i64)| is_counted(&ward).then_some(days);
    let left = all.iter().filter(|each| each.presence.to.is_some_and(is_within));
    let stayed = left.clone().map(|each| days_stayed(each, days.utc_offset_minutes));
    let mut found = Indicators {
        days: days.count,
        bed_days: in_wards.filter_map(counted).sum(),
        available_bed_days: available.filter_map(counted).sum(),
        admissions: all.iter().filter(|each| is_within(each.presence.from)).count() as i64,
        left: left.clone().count() as i64,
        days_stayed: stayed.sum(),
        same_day: same_day(all, days).values().sum(),
        readmissions: readmissions(all, (from, to)),
        ..Indicators::default()
    };
    found.reckon();
    Ok(found)
}

impl Indicators {
    /// Makes of the counts what is made of them.
    fn reckon(&mut self) {
        self.occupancy_permille = rounded(1_000 * self.bed_days, self.available_bed_days);
        self.stay_centidays = rounded(100 * self.days_stayed, self.left);
        self.turnover_hundredths = rounded(100 * self.left * self.days, self.available_bed_days);
        self.interval_centidays = rounded(100 * (self.available_bed_days - self.bed_days), self.left);
    }
}

/// The quotient to the nearest whole, halves away from zero; nothing of nothing.
fn rounded(dividend: i64, divisor: i64) -> Option<i64> {
    let half = if dividend < 0 { -(divisor / 2) } else { divisor / 2 };
    (divisor > 0).then(|| (dividend + half) / divisor)
}

fn days_stayed(each: &Whereabouts, utc_offset_minutes: i32) -> i64 {
    let day = |at: Time| at.day(utc_offset_minutes).days();
    let stayed = each.presence.to.map(|to| day(to) - day(each.presence.from));
    stayed.map_or(0, |days| days.max(1))
}

/// Admissions of those who had left not longer ago than 30 days.
fn readmissions(all: &[Whereabouts], (from, to): (Time, Time)) -> i64 {
    let mut left: BTreeMap<RecordId, Vec<Time>> = BTreeMap::new();
    for each in all {
        left.entry(each.presence.person).or_default().extend(each.presence.to);
    }
    let lately = |each: &&Whereabouts| {
        let came = each.presence.from;
        let since = Time(came.0 - READMITTED_WITHIN_DAYS * Time::DAY_MS);
        let of_person = left.get(&each.presence.person).into_iter().flatten();
        came >= from && came < to && of_person.into_iter().any(|left| (since..=came).contains(left))
    };
    // Who came and left in the same moment did not come back.
    let lasted = |each: &&Whereabouts| each.presence.to != Some(each.presence.from);
    all.iter().filter(lasted).filter(lately).count() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_the_counts_is_rounded_and_is_nothing_of_nothing() {
        let reckoned = |days, bed_days, available_bed_days, left, days_stayed| {
            let mut counts = Indicators {
                days,
                bed_days,
                available_bed_days,
                left,
                days_stayed,
                ..Indicators::default()
            };
            counts.reckon();
            [
                counts.occupancy_permille,
                counts.stay_centidays,
                counts.turnover_hundredths,
                counts.interval_centidays,
            ]
        };
        // Ten beds, thirty days, forty left after 212 days: 70.7 % full, 5.3 days, four to a bed, each bed empty for 2.2 days.
        assert_eq!(reckoned(30, 212, 300, 40, 212), [707, 530, 400, 220].map(Some));
        // Fuller than there are beds.
        assert_eq!(reckoned(1, 12, 10, 3, 9), [Some(1_200), Some(300), Some(30), Some(-67)]);
        assert_eq!(reckoned(30, 0, 0, 0, 0), [None; 4]);
        assert_eq!(reckoned(30, 100, 300, 0, 0), [Some(333), None, Some(0), None]);
    }
}
