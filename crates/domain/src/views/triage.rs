//! Daily triage: the month at a glance, and the form of one shift with proposals from live data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::entities::triage;
use crate::plain;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::{Shown, ViewError};
use crate::ward::census;
use crate::ward::triage::{cut_off, hours, is_late, of_shift, standing, written_at};
use crate::world::{Ctx, Read, Records};

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct MonthArgs {
    /// Any day of the month.
    pub day: Date,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageMonth {
    pub days: Vec<TriageDay>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageDay {
    pub day: Date,
    pub shifts: Vec<TriageShift>,
    /// Sums over the standing entries of the day, by field; a field that nobody filled is absent.
    pub totals: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageShift {
    pub shift: String,
    pub state: FilingState,
    pub entry: Option<RecordId>,
    pub filed_at: Option<Time>,
}

/// Whether a shift was filed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum FilingState {
    /// Not yet due.
    Open,
    Missing,
    Filed,
    Late,
    Corrected,
    /// Two people filed it without knowing of each other.
    Twice,
}

/// The shifts of every day of a month.
pub fn month(args: &MonthArgs, world: &dyn Records, ctx: &Ctx) -> Shown<TriageMonth> {
    let first = args.day.plus_days(1 - i64::from(chrono::Datelike::day(&args.day.0)));
    let next = Date::new(
        first.year() + i32::from(chrono::Datelike::month(&first.0) == 12),
        chrono::Datelike::month(&first.0) % 12 + 1,
        1,
    );
    let next = next.ok_or(ViewError::Arguments)?;
    let entries = world.between("triage", triage::DAY.name(), &Value::Date(first), &Value::Date(next))?;
    let days = (first.days()..next.days()).map(|day| {
        let day = Date::from_days(day);
        let own: Vec<Record> = entries
            .iter()
            .filter(|entry| triage::DAY.of(entry) == Some(day))
            .cloned()
            .collect();
        shown_day(day, &own, ctx)
    });
    Ok(TriageMonth { days: days.collect() })
}

/// A day's shifts and totals from its entries.
pub fn shown_day(day: Date, entries: &[Record], ctx: &Ctx) -> TriageDay {
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    let mut shifts = Vec::new();
    for code in triage::SHIFT_LIST.codes {
        let own: Vec<Record> = entries
            .iter()
            .filter(|entry| triage::SHIFT.of(entry) == Some(code.word))
            .cloned()
            .collect();
        let standing = standing(&own);
        if let Some(entry) = standing.first() {
            for (name, value) in &entry.fields {
                if let Value::Int(count) = value {
                    *totals.entry(name.clone()).or_default() += count;
                }
            }
        }
        let due = cut_off(day, ctx.utc_offset_minutes).max(hours(day, code.word, ctx.utc_offset_minutes).1);
        let state = match standing.as_slice() {
            [] if ctx.now < due => FilingState::Open,
            [] => FilingState::Missing,
            [entry] if triage::AMENDS.of(entry).is_some() => FilingState::Corrected,
            [entry] if is_late(entry, ctx.utc_offset_minutes) => FilingState::Late,
            [_] => FilingState::Filed,
            _ => FilingState::Twice,
        };
        let entry = standing.first().map(|entry| entry.id);
        shifts.push(TriageShift {
            shift: code.word.to_owned(),
            state,
            entry,
            filed_at: entry.and_then(written_at),
        });
    }
    TriageDay { day, shifts, totals }
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FormArgs {
    pub day: Date,
    pub shift: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageForm {
    pub state: FilingState,
    pub due: Time,
    /// The standing entries of the shift, newest last; more than one must be decided in the inbox.
    #[ts(type = "Record<string, unknown>[]")]
    pub standing: Vec<Json>,
    /// Earlier entries of the shift that were corrected, newest first.
    #[ts(type = "Record<string, unknown>[]")]
    pub corrected: Vec<Json>,
    pub proposals: Vec<Proposal>,
    /// The same shift of the day before, by field.
    pub yesterday: BTreeMap<String, i64>,
}

/// A figure that follows from live data.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Proposal {
    pub field: String,
    pub value: i64,
    /// What was counted: admitted_now, positive_now, suspected_now, free_beds, admissions, referrals, isolated, positives.
    pub source: String,
}

/// The form of one shift.
pub fn form(args: &FormArgs, world: &dyn Records, ctx: &Ctx) -> Shown<TriageForm> {
    if !triage::SHIFT_LIST.has(&args.shift) {
        return Err(ViewError::Arguments);
    }
    let entries = of_shift(world, args.day, &args.shift)?;
    let current = standing(&entries);
    let is_standing = |entry: &Record| current.iter().any(|each| each.id == entry.id);
    let mut corrected: Vec<&Record> = entries.iter().filter(|entry| !is_standing(entry)).collect();
    corrected.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    let before = of_shift(world, args.day.plus_days(-1), &args.shift)?;
    let yesterday = standing(&before).first().map(|entry| counts(entry)).unwrap_or_default();
    let shown = shown_day(args.day, &entries, ctx);
    let state = shown
        .shifts
        .iter()
        .find(|each| each.shift == args.shift)
        .map_or(FilingState::Open, |each| each.state);
    Ok(TriageForm {
        state,
        due: cut_off(args.day, ctx.utc_offset_minutes).max(hours(args.day, &args.shift, ctx.utc_offset_minutes).1),
        standing: current
            .iter()
            .map(|entry| plain::plain_record(entry, &ctx.role))
            .collect(),
        corrected: corrected
            .into_iter()
            .map(|entry| plain::plain_record(entry, &ctx.role))
            .collect(),
        proposals: proposals(args, world, ctx)?,
        yesterday,
    })
}

fn counts(entry: &Record) -> BTreeMap<String, i64> {
    let count = |(name, value): (&String, &Value)| match value {
        Value::Int(count) => Some((name.clone(), *count)),
        _ => None,
    };
    entry.fields.iter().filter_map(count).collect()
}

/// What can be counted from the records themselves; what people only know by having been there
/// (how many walked through triage) is never guessed.
fn proposals(args: &FormArgs, world: &dyn Records, ctx: &Ctx) -> Read<Vec<Proposal>> {
    let (from, to) = hours(args.day, &args.shift, ctx.utc_offset_minutes);
    let flow = census::flow(world, from, to)?;
    let propose = |field: &str, value: i64, source: &str| Proposal {
        field: field.to_owned(),
        value,
        source: source.to_owned(),
    };
    let mut all = vec![
        propose(triage::ISOLATED.name(), flow.isolated, "isolated"),
        propose(triage::REFERRED.name(), flow.referred, "referrals"),
        propose(triage::CONFIRMED_POSITIVE.name(), flow.positives, "positives"),
        propose(triage::CASES_TODAY.name(), flow.admissions, "admissions"),
        propose(triage::POSITIVES_TODAY.name(), flow.positives, "positives"),
    ];
    if args.day == ctx.today {
        let now = census::now(world, ctx.now)?;
        all.push(propose(triage::BEDS_AVAILABLE.name(), now.free_beds, "free_beds"));
        all.push(propose(triage::ADMITTED.name(), now.admitted, "admitted_now"));
        all.push(propose(triage::POSITIVE.name(), now.positive, "positive_now"));
        all.push(propose(
            triage::UNDER_OBSERVATION.name(),
            now.suspected,
            "suspected_now",
        ));
    }
    Ok(all)
}
