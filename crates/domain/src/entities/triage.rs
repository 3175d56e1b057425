//! Daily triage: what a facility reports for one shift of one day. Written once; corrected by a
//! later entry that names the one it amends. Blank is "not reported"; 0 must be typed. Whether it
//! came late follows from when it was written and is not stored.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::{CodeList, word};
use crate::entities::rules::written_at;
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, count, date, note, reference};
use crate::record::Record;
use crate::value::{Date, RecordId, Value};
use crate::world::Read;

pub static SHIFT_LIST: CodeList = CodeList {
    name: "shift",
    codes: &[
        word("morning", "Morning", &[]),
        word("evening", "Evening", &[]),
        word("night", "Night", &[]),
    ],
};

pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const DAY: Field<Date> = date("day", "Day").required().indexed();
pub const SHIFT: Field<Word> = code("shift", "Shift", &SHIFT_LIST).required();
pub const VISITED: Field<i64> = count("visited", "Patients seen in triage")
    .range(0, 100_000)
    .usual(0, 2_000);
pub const HOME_QUARANTINE: Field<i64> = count("home_quarantine", "Advised home quarantine")
    .range(0, 100_000)
    .usual(0, 1_000);
pub const ISOLATED: Field<i64> = count("isolated", "Suspected and isolated")
    .range(0, 100_000)
    .usual(0, 500);
pub const REFERRED: Field<i64> = count("referred", "Referred").range(0, 100_000).usual(0, 500);
pub const CONFIRMED_POSITIVE: Field<i64> = count("confirmed_positive", "Confirmed positive")
    .range(0, 100_000)
    .usual(0, 500);
pub const BEDS_AVAILABLE: Field<i64> = count("beds_available", "Beds available")
    .range(0, 100_000)
    .usual(0, 2_000)
    .hint("Free, staffed, not held");
pub const ADMITTED: Field<i64> = count("admitted", "Patients admitted").range(0, 100_000).usual(0, 3_000);
pub const POSITIVE: Field<i64> = count("positive", "Positive patients").range(0, 100_000).usual(0, 2_000);
pub const UNDER_OBSERVATION: Field<i64> = count("under_observation", "Under observation")
    .range(0, 100_000)
    .usual(0, 2_000);
pub const CASES_TODAY: Field<i64> = count("cases_today", "Cases reported today")
    .range(0, 100_000)
    .usual(0, 1_000);
pub const POSITIVES_TODAY: Field<i64> = count("positives_today", "Positives reported today")
    .range(0, 100_000)
    .usual(0, 1_000);
pub const NOTE: Field<Text> = note("note", "Note").max(1_000);
pub const AMENDS: Field<RecordId> = reference("amends", "Corrects", "triage");

/// The counts of an entry, in the order of the form.
pub const COUNTS: &[&Field<i64>] = &[
    &VISITED,
    &HOME_QUARANTINE,
    &ISOLATED,
    &REFERRED,
    &CONFIRMED_POSITIVE,
    &BEDS_AVAILABLE,
    &ADMITTED,
    &POSITIVE,
    &UNDER_OBSERVATION,
    &CASES_TODAY,
    &POSITIVES_TODAY,
];

/// The counts that say how things stood, not what happened: they are never added over shifts.
pub const STANDING: &[&Field<i64>] = &[&BEDS_AVAILABLE, &ADMITTED, &POSITIVE, &UNDER_OBSERVATION];

pub static TRIAGE: Entity = Entity {
    kind: "triage",
    label: "Daily triage",
    plural: "Daily triage",
    home: Home::Facility,
    semantics: Semantics::AppendOnly { amends: Some("amends") },
    arrives: Arrives::Later,
    fields: &[
        FACILITY.any(),
        DAY.any(),
        SHIFT.any(),
        VISITED.any(),
        HOME_QUARANTINE.any(),
        ISOLATED.any(),
        REFERRED.any(),
        CONFIRMED_POSITIVE.any(),
        BEDS_AVAILABLE.any(),
        ADMITTED.any(),
        POSITIVE.any(),
        UNDER_OBSERVATION.any(),
        CASES_TODAY.any(),
        POSITIVES_TODAY.any(),
        NOTE.any(),
        AMENDS.any(),
    ],
    groups: &[],
    list: &["day", "shift", "visited", "admitted", "positive", "beds_available"],
    caption: &["day", "shift"],
    rules: &[
        some_count,
        counts_agree,
        day_is_not_ahead,
        filed_once,
        amends_its_own_shift,
    ],
};

fn some_count(after: &After<'_>) -> Read<Vec<Problem>> {
    let none = COUNTS.iter().all(|count| count.of(after.record).is_none());
    Ok(none
        .then(|| Problem::new("triage", "", "no_counts"))
        .into_iter()
        .collect())
}

/// Asks when a part is larger than its whole.
fn counts_agree(after: &After<'_>) -> Read<Vec<Problem>> {
    let parts = [
        (&HOME_QUARANTINE, &VISITED),
        (&ISOLATED, &VISITED),
        (&REFERRED, &VISITED),
        (&CONFIRMED_POSITIVE, &VISITED),
        (&POSITIVES_TODAY, &CASES_TODAY),
    ];
    let problem = |(part, whole): (&Field<i64>, &Field<i64>)| {
        let (count, limit) = (part.of(after.record)?, whole.of(after.record)?);
        let problem = || {
            Problem::new("triage", part.name(), "more_than_whole")
                .number("whole", limit)
                .asking()
        };
        (count > limit).then(problem)
    };
    Ok(parts.into_iter().filter_map(problem).collect())
}

fn day_is_not_ahead(after: &After<'_>) -> Read<Vec<Problem>> {
    let written = written_at(after.record.id).map(|at| at.day(0).plus_days(1));
    let ahead = matches!((DAY.of(after.record), written), (Some(day), Some(written)) if day > written);
    Ok(ahead
        .then(|| Problem::new("triage", DAY.name(), "in_the_future").asking())
        .into_iter()
        .collect())
}

fn same_shift(a: &Record, b: &Record) -> bool {
    (FACILITY.of(a), DAY.of(a), SHIFT.of(a)) == (FACILITY.of(b), DAY.of(b), SHIFT.of(b))
}

/// A shift that this desk knows to be filed is corrected, never filed again.
fn filed_once(after: &After<'_>) -> Read<Vec<Problem>> {
    if after.before.is_some() || AMENDS.of(after.record).is_some() {
        return Ok(Vec::new());
    }
    let others = after.world.by("triage", DAY.name(), after.record.value(DAY.name()))?;
    let filed = others
        .iter()
        .any(|other| other.id != after.record.id && same_shift(other, after.record));
    Ok(filed
        .then(|| Problem::new("triage", SHIFT.name(), "already_filed"))
        .into_iter()
        .collect())
}

fn amends_its_own_shift(after: &After<'_>) -> Read<Vec<Problem>> {
    let (None, Some(amended)) = (after.before, AMENDS.of(after.record)) else {
        return Ok(Vec::new());
    };
    let mut problems = Vec::new();
    let other = after.world.get("triage", amended)?;
    if other.as_ref().is_some_and(Record::is_voided) {
        problems.push(Problem::new("triage", AMENDS.name(), "already_voided"));
    }
    if other.is_some_and(|other| !same_shift(&other, after.record)) {
        problems.push(Problem::new("triage", AMENDS.name(), "amends_another"));
    }
    let corrections = after.world.by("triage", AMENDS.name(), &Value::Ref(amended))?;
    if corrections.iter().any(|other| other.id != after.record.id) {
        problems.push(Problem::new("triage", AMENDS.name(), "already_corrected"));
    }
    Ok(problems)
}
