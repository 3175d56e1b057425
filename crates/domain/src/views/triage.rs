//! Daily triage: the month at a glance, and the form of one shift with proposals from live data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::entities::triage;
use crate::field::Field;
use crate::plain;
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::{Shown, ViewError};
use crate::ward::census;
use crate::ward::triage::{ShiftPhase, Turn, due, is_late, of_shift, standing, to_file, totals, turns_of, written_at};
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
    /// Shifts of the last 24 hours that have begun and are not filed, the likeliest to be filed now first.
    pub to_file: Vec<TriageShift>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageDay {
    pub day: Date,
    pub shifts: Vec<TriageShift>,
    /// Over the standing entries of the day, by field: what happened summed, how things stood as the
    /// last shift says. A field that nobody filled is absent.
    pub totals: BTreeMap<String, i64>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TriageShift {
    /// The day on which it begins.
    pub day: Date,
    pub shift: String,
    pub phase: ShiftPhase,
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
    Ok(TriageMonth {
        days: days.collect(),
        to_file: shifts_to_file(world, ctx)?,
    })
}

/// A day's shifts and totals from its entries.
pub fn shown_day(day: Date, entries: &[Record], ctx: &Ctx) -> TriageDay {
    let turns: Vec<Turn> = turns_of(day, ctx.utc_offset_minutes).collect();
    let firsts: Vec<&Record> = turns
        .iter()
        .filter_map(|turn| standing(entries_of(turn, entries)).first().copied())
        .collect();
    TriageDay {
        day,
        shifts: turns.iter().map(|turn| shown_shift(turn, entries, ctx)).collect(),
        totals: totals(&firsts),
    }
}

fn entries_of<'e>(turn: &Turn, entries: &'e [Record]) -> impl Iterator<Item = &'e Record> {
    let turn = *turn;
    entries
        .iter()
        .filter(move |entry| triage::DAY.of(entry) == Some(turn.day) && triage::SHIFT.of(entry) == Some(turn.shift))
}

fn shown_shift(turn: &Turn, entries: &[Record], ctx: &Ctx) -> TriageShift {
    let standing = standing(entries_of(turn, entries));
    let state = match standing.as_slice() {
        [] if ctx.now < due(turn.day, turn.shift, ctx.utc_offset_minutes) => FilingState::Open,
        [] => FilingState::Missing,
        [entry] if triage::AMENDS.of(entry).is_some() => FilingState::Corrected,
        [entry] if is_late(entry, ctx.utc_offset_minutes) => FilingState::Late,
        [_] => FilingState::Filed,
        _ => FilingState::Twice,
    };
    let entry = standing.first().map(|entry| entry.id);
    TriageShift {
        day: turn.day,
        shift: turn.shift.to_owned(),
        phase: turn.phase(ctx.now),
        state,
        entry,
        filed_at: entry.and_then(written_at),
    }
}

fn shifts_to_file(world: &dyn Records, ctx: &Ctx) -> Read<Vec<TriageShift>> {
    let entries = lately(world, ctx)?;
    let turns = to_file(ctx.now, ctx.utc_offset_minutes);
    let shown = turns.iter().map(|turn| shown_shift(turn, &entries, ctx));
    Ok(shown.filter(|shift| shift.entry.is_none()).collect())
}

/// The shifts of today, and before them last night's while it runs or needs somebody.
pub fn today(world: &dyn Records, ctx: &Ctx) -> Read<Vec<TriageShift>> {
    let entries = lately(world, ctx)?;
    let days = [ctx.today.plus_days(-1), ctx.today];
    let turns = days.into_iter().flat_map(|day| turns_of(day, ctx.utc_offset_minutes));
    let shown = turns.map(|turn| (turn, shown_shift(&turn, &entries, ctx)));
    let midnight = ctx.today.starts(ctx.utc_offset_minutes);
    let matters = |(turn, shown): &(Turn, TriageShift)| {
        let needs_somebody = matches!(shown.state, FilingState::Missing | FilingState::Twice);
        turn.day == ctx.today || turn.to > midnight && (shown.phase == ShiftPhase::Running || needs_somebody)
    };
    Ok(shown.filter(matters).map(|(_, shown)| shown).collect())
}

/// The entries of the days whose shifts are filed now.
fn lately(world: &dyn Records, ctx: &Ctx) -> Read<Vec<Record>> {
    let (from, to) = (ctx.today.plus_days(-2), ctx.today.plus_days(1));
    world.between("triage", triage::DAY.name(), &Value::Date(from), &Value::Date(to))
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
    pub phase: ShiftPhase,
    /// When the shift begins.
    pub from: Time,
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
    /// What was counted: in the shift admissions, referrals, isolated, positives; while it runs
    /// admitted_now, positive_now, suspected_now, free_beds_now; at its end the same with `then`.
    pub source: String,
}

/// The form of one shift.
pub fn form(args: &FormArgs, world: &dyn Records, ctx: &Ctx) -> Shown<TriageForm> {
    let turn = turns_of(args.day, ctx.utc_offset_minutes).find(|turn| turn.shift == args.shift);
    let turn = turn.ok_or(ViewError::Arguments)?;
    let entries = of_shift(world, args.day, &args.shift)?;
    let current = standing(&entries);
    let is_standing = |entry: &Record| current.iter().any(|each| each.id == entry.id);
    let mut corrected: Vec<&Record> = entries.iter().filter(|entry| !is_standing(entry)).collect();
    corrected.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    let before = of_shift(world, args.day.plus_days(-1), &args.shift)?;
    let yesterday = standing(&before).first().map(|entry| counts(entry)).unwrap_or_default();
    let shown = shown_shift(&turn, &entries, ctx);
    Ok(TriageForm {
        state: shown.state,
        phase: shown.phase,
        from: turn.from,
        due: due(turn.day, turn.shift, ctx.utc_offset_minutes),
        standing: current
            .iter()
            .map(|entry| plain::plain_record(entry, &ctx.role))
            .collect(),
        corrected: corrected
            .into_iter()
            .map(|entry| plain::plain_record(entry, &ctx.role))
            .collect(),
        proposals: proposals(&turn, world, ctx)?,
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

/// How things stood at the end of a shift is proposed so long; later on the beds may be others.
const STOOD_MS: i64 = Time::DAY_MS;

/// What can be counted from the records themselves; what people only know by having been there
/// (how many walked through triage) is never guessed, and nothing of a shift that has not begun.
fn proposals(turn: &Turn, world: &dyn Records, ctx: &Ctx) -> Read<Vec<Proposal>> {
    let phase = turn.phase(ctx.now);
    if phase == ShiftPhase::Ahead {
        return Ok(Vec::new());
    }
    let flow = census::flow(world, turn.from, turn.to)?;
    let propose = |field: &Field<i64>, value: i64, source: &str| Proposal {
        field: field.name().to_owned(),
        value,
        source: source.to_owned(),
    };
    let mut all = vec![
        propose(&triage::ISOLATED, flow.isolated, "isolated"),
        propose(&triage::REFERRED, flow.referred, "referrals"),
        propose(&triage::CONFIRMED_POSITIVE, flow.positives, "positives"),
        propose(&triage::CASES_TODAY, flow.admissions, "admissions"),
        propose(&triage::POSITIVES_TODAY, flow.positives, "positives"),
    ];
    let (stood, when) = match phase {
        ShiftPhase::Running => (census::now(world, ctx.now)?, "now"),
        _ if ctx.now.0 - turn.to.0 < STOOD_MS => (census::at(world, turn.to)?, "then"),
        _ => return Ok(all),
    };
    all.extend([
        propose(&triage::BEDS_AVAILABLE, stood.free_beds, &format!("free_beds_{when}")),
        propose(&triage::ADMITTED, stood.admitted, &format!("admitted_{when}")),
        propose(&triage::POSITIVE, stood.positive, &format!("positive_{when}")),
        propose(
            &triage::UNDER_OBSERVATION,
            stood.suspected,
            &format!("suspected_{when}"),
        ),
    ]);
    Ok(all)
}
