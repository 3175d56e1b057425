//! Daily triage: which entry of a shift stands, and whether it came late.

use std::collections::BTreeSet;

use crate::entities::triage;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::world::{Read, Records};

/// The local hour by which the district wants the day's figures.
pub const CUT_OFF_HOUR: i64 = 18;

/// The entries of one shift that nobody has corrected. More than one: two people filed it
/// without knowing of each other, and a person must choose.
pub fn standing(entries: &[Record]) -> Vec<&Record> {
    let corrected: BTreeSet<RecordId> = entries.iter().filter_map(|entry| triage::AMENDS.of(entry)).collect();
    let mut standing: Vec<&Record> = entries.iter().filter(|entry| !corrected.contains(&entry.id)).collect();
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

/// True when the entry was made after the day's cut-off. The moment of an entry is that of its id,
/// which its desk made when it was written.
pub fn is_late(entry: &Record, utc_offset_minutes: i32) -> bool {
    let day = triage::DAY.of(entry);
    let due = day.map(|day| {
        let shift = triage::SHIFT.of(entry).unwrap_or_default();
        cut_off(day, utc_offset_minutes).max(hours(day, shift, utc_offset_minutes).1)
    });
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
