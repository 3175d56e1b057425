//! Daily triage: which shift runs, which entry of a shift stands, and whether it came late.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use ts_rs::TS;

use crate::entities::triage;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::world::{Read, Records};

/// The local hour by which the district wants the day's figures.
pub const CUT_OFF_HOUR: i64 = 18;

/// The entries of one shift that nobody has corrected. More than one: two people filed it
/// without knowing of each other, and a person must choose.
pub fn standing<'e>(entries: impl IntoIterator<Item = &'e Record>) -> Vec<&'e Record> {
    let mut standing: Vec<&Record> = entries.into_iter().collect();
    let corrected: BTreeSet<RecordId> = standing.iter().filter_map(|entry| triage::AMENDS.of(entry)).collect();
    standing.retain(|entry| !corrected.contains(&entry.id));
    standing.sort_by_key(|entry| entry.id);
    standing
}

/// All entries of a day and shift, corrected ones included.
pub fn of_shift(world: &dyn Records, day: Date, shift: &str) -> Read<Vec<Record>> {
    let mut entries = world.by("triage", triage::DAY.name(), &Value::Date(day))?;
    entries.retain(|entry| triage::SHIFT.of(entry) == Some(shift));
    Ok(entries)
}

/// The moment by which the figures of `day` are wanted.
pub fn cut_off(day: Date, utc_offset_minutes: i32) -> Time {
    Time(day.starts(utc_offset_minutes).0 + CUT_OFF_HOUR * Time::HOUR_MS)
}

/// The hours of a shift of `day`: morning 06–14, evening 14–22, night 22–06.
pub fn hours(day: Date, shift: &str, utc_offset_minutes: i32) -> (Time, Time) {
    let (from, to) = match shift {
        "morning" => (6, 14),
        "evening" => (14, 22),
        _ => (22, 30),
    };
    let start = day.starts(utc_offset_minutes).0;
    (Time(start + from * Time::HOUR_MS), Time(start + to * Time::HOUR_MS))
}

/// The moment by which a shift's figures are wanted: the day's cut-off, never before the shift ends.
pub fn due(day: Date, shift: &str, utc_offset_minutes: i32) -> Time {
    cut_off(day, utc_offset_minutes).max(hours(day, shift, utc_offset_minutes).1)
}

/// Where a shift stands in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum ShiftPhase {
    Ahead,
    Running,
    Ended,
}

/// One shift of one day. The night belongs to the day on which it begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    pub day: Date,
    pub shift: &'static str,
    pub from: Time,
    pub to: Time,
}

impl Turn {
    pub fn phase(&self, now: Time) -> ShiftPhase {
        match now {
            _ if now < self.from => ShiftPhase::Ahead,
            _ if now < self.to => ShiftPhase::Running,
            _ => ShiftPhase::Ended,
        }
    }
}

/// The shifts of a day in their order.
pub fn turns_of(day: Date, utc_offset_minutes: i32) -> impl Iterator<Item = Turn> {
    triage::SHIFT_LIST.codes.iter().map(move |code| {
        let (from, to) = hours(day, code.word, utc_offset_minutes);
        Turn {
            day,
            shift: code.word,
            from,
            to,
        }
    })
}

/// Who files does so at the handover: a shift that ended within these hours comes before the one
/// that runs.
const HANDOVER_MS: i64 = 2 * Time::HOUR_MS;

/// The shifts that one would file at `now`, likeliest first: that which has just ended, that which
/// runs, then earlier ones of the last 24 hours, newest first. None that has not begun.
pub fn to_file(now: Time, utc_offset_minutes: i32) -> Vec<Turn> {
    let today = now.day(utc_offset_minutes);
    let days = (-2..=0).map(|back| today.plus_days(back));
    let mut turns: Vec<Turn> = days
        .flat_map(|day| turns_of(day, utc_offset_minutes))
        .filter(|turn| turn.from <= now && turn.to.0 > now.0 - Time::DAY_MS)
        .collect();
    let rank = |turn: &Turn| match turn.phase(now) {
        ShiftPhase::Ended if now.0 - turn.to.0 < HANDOVER_MS => 0,
        ShiftPhase::Ended => 2,
        _ => 1,
    };
    turns.sort_by_key(|turn| (rank(turn), std::cmp::Reverse(turn.from)));
    turns
}

/// The figures of a day: what happened is added over its shifts; how things stood is what the last
/// shift says that gives the figure. A figure that nobody gave is absent.
pub fn totals(entries: &[&Record]) -> BTreeMap<String, i64> {
    let order = |entry: &&Record| {
        let shift = triage::SHIFT.of(entry);
        triage::SHIFT_LIST
            .codes
            .iter()
            .position(|code| Some(code.word) == shift)
    };
    let mut entries = entries.to_vec();
    entries.sort_by_key(order);
    let mut totals = BTreeMap::new();
    for entry in entries {
        for count in triage::COUNTS {
            let Some(figure) = count.of(entry) else {
                continue;
            };
            let stands = triage::STANDING.iter().any(|each| each.name() == count.name());
            let total = totals.entry(count.name().to_owned()).or_insert(0);
            *total = if stands { figure } else { *total + figure };
        }
    }
    totals
}

/// True when the entry was made after the day's cut-off. The moment of an entry is that of its id,
/// which its desk made when it was written.
pub fn is_late(entry: &Record, utc_offset_minutes: i32) -> bool {
    let shift = triage::SHIFT.of(entry).unwrap_or_default();
    let due = triage::DAY.of(entry).map(|day| due(day, shift, utc_offset_minutes));
    match (written_at(entry.id), due) {
        (Some(at), Some(due)) => at > due,
        _ => false,
    }
}

/// When a record was first written, after its UUIDv7.
pub fn written_at(id: RecordId) -> Option<Time> {
    let (seconds, nanos) = id.0.get_timestamp()?.to_unix();
    let ms = i64::try_from(seconds).ok()?.checked_mul(1_000)?;
    Some(Time(ms + i64::from(nanos / 1_000_000)))
}
