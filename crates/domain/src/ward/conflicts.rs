//! Contradictions between records: each names its records, so that a person can decide. Derived
//! whenever they are looked at, so that none can be forgotten or invented.

use crate::entities::{bed_stay, encounter, triage};
use crate::record::Record;
use crate::value::{Date, Time, Value};
use crate::ward::presence::{Presence, presences};
use crate::world::{Read, Records};

/// What contradicts what.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Contradiction {
    /// Two people claim one bed at one time.
    TwoInOneBed,
    /// One person claims two beds at one time.
    OneInTwoBeds,
    /// Two desks admitted one patient, neither knowing of the other; perhaps into two beds.
    AdmittedTwice,
    /// The entries of an item go below zero.
    StockBelowZero,
    /// Two people filed one shift, neither knowing of the other.
    TwoTriageEntries,
}

impl Contradiction {
    pub fn word(self) -> &'static str {
        match self {
            Contradiction::TwoInOneBed => "two_in_one_bed",
            Contradiction::OneInTwoBeds => "one_in_two_beds",
            Contradiction::AdmittedTwice => "admitted_twice",
            Contradiction::StockBelowZero => "stock_below_zero",
            Contradiction::TwoTriageEntries => "two_triage_entries",
        }
    }
}

/// Records that contradict one another.
#[derive(Clone, Debug)]
pub struct WardConflict {
    pub what: Contradiction,
    /// The records in question; for stock the item.
    pub records: Vec<Record>,
    /// Since when, as far as it can be told.
    pub since: Option<Time>,
}

/// Every contradiction there is now.
pub fn ward_conflicts(world: &dyn Records, today: Date) -> Read<Vec<WardConflict>> {
    let mut all = admitted_twice(world, today)?;
    all.extend(double_stays(world, &all)?);
    all.extend(stock_below_zero(world)?);
    all.extend(two_triage_entries(world, today)?);
    Ok(all)
}

/// How many days back records are compared with one another.
const DAYS: i64 = 62;

/// Admissions of one patient that overlap, open or ended in the last days.
fn admitted_twice(world: &dyn Records, today: Date) -> Read<Vec<WardConflict>> {
    let all = presences(world, today.plus_days(-DAYS).starts(0))?;
    let conflict = |each: Presence| WardConflict {
        what: Contradiction::AdmittedTwice,
        since: each
            .encounters
            .get(1)
            .and_then(|second| encounter::ADMITTED_AT.of(second)),
        records: each.encounters,
    };
    Ok(all.into_iter().filter(Presence::is_twice).map(conflict).collect())
}

/// Stays that claim one bed or one encounter at a time. Two encounters of one patient in one bed
/// are one contradiction, that of their admission.
fn double_stays(world: &dyn Records, twice: &[WardConflict]) -> Read<Vec<WardConflict>> {
    let mut pairs = world.overlapping("bed_stay")?;
    let holds = |conflict: &WardConflict, stay: &Record| {
        let encounter = bed_stay::ENCOUNTER.of(stay);
        conflict.records.iter().any(|each| Some(each.id) == encounter)
    };
    pairs.retain(|(a, b)| {
        let is_one = bed_stay::ENCOUNTER.of(a) == bed_stay::ENCOUNTER.of(b);
        is_one || !twice.iter().any(|conflict| holds(conflict, a) && holds(conflict, b))
    });
    let conflict = |(first, second): (Record, Record)| {
        let same_bed = bed_stay::BED.of(&first) == bed_stay::BED.of(&second);
        let what = if same_bed {
            Contradiction::TwoInOneBed
        } else {
            Contradiction::OneInTwoBeds
        };
        let since = bed_stay::FROM.of(&first).max(bed_stay::FROM.of(&second));
        WardConflict {
            what,
            records: vec![first, second],
            since,
        }
    };
    Ok(pairs.into_iter().map(conflict).collect())
}

fn stock_below_zero(world: &dyn Records) -> Read<Vec<WardConflict>> {
    let mut found = Vec::new();
    for (item, balance) in world.balances("stock_entry")? {
        if balance.sum >= 0 {
            continue;
        }
        if let Some(record) = world.get("item", item)? {
            let what = Contradiction::StockBelowZero;
            found.push(WardConflict {
                what,
                records: vec![record],
                since: balance.last_at,
            });
        }
    }
    Ok(found)
}

fn two_triage_entries(world: &dyn Records, today: Date) -> Read<Vec<WardConflict>> {
    let from = Value::Date(today.plus_days(-DAYS));
    let to = Value::Date(today.plus_days(2));
    let entries = world.between("triage", triage::DAY.name(), &from, &to)?;
    let mut found = Vec::new();
    let standing = crate::ward::triage::standing(&entries);
    for (index, first) in standing.iter().enumerate() {
        let same = |second: &&&Record| {
            triage::DAY.of(first) == triage::DAY.of(second) && triage::SHIFT.of(first) == triage::SHIFT.of(second)
        };
        for second in standing.iter().skip(index + 1).filter(same) {
            let records = vec![(*first).clone(), (*second).clone()];
            let since = crate::ward::triage::written_at(second.id);
            found.push(WardConflict {
                what: Contradiction::TwoTriageEntries,
                records,
                since,
            });
        }
    }
    Ok(found)
}
