//! The audit log as admins read it: newest first, by person, patient, day and kind of event; and who looked at one
//! patient's record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::access::sees_patients;
use crate::emergency::{self, reason_of};
use crate::entities::{audit_event as event, patient};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::Shown;
use crate::views::names::{desk_name, person_name};
use crate::ward::persons;
use crate::world::{Ctx, Read, Records};

/// Lines of one page.
const PAGE: usize = 50;
/// How far back is looked at first, doubling: most pages are full of today.
const FIRST_LOOK_MS: i64 = Time::DAY_MS;
/// Nothing is older.
const OLDEST: Time = Time(0);

#[derive(Clone, Debug, Default, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AuditArgs {
    pub who: Option<RecordId>,
    pub patient: Option<RecordId>,
    pub day: Option<Date>,
    /// A word of the log, or `emergency` for all that is about emergency access.
    pub what: Option<String>,
    /// Of the last line of the page before: what follows it is asked for.
    pub after: Option<AuditPlace>,
}

/// The place of a line in the log as it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AuditPlace {
    pub at: Time,
    pub id: RecordId,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AuditLog {
    /// Newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins; empty when there is none.
    pub next: Option<AuditPlace>,
    /// Everybody by whom one may ask.
    pub people: Vec<AuditPerson>,
    /// Who the patient is that was asked for.
    pub patient_name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AuditPerson {
    pub id: RecordId,
    pub name: String,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AuditLine {
    pub id: RecordId,
    pub at: Time,
    pub what: String,
    /// The first time and how often, when it happened more than once.
    pub since: Option<Time>,
    pub times: Option<i64>,
    pub who: Option<RecordId>,
    pub who_name: String,
    pub about: Option<RecordId>,
    pub about_name: String,
    pub patient: Option<RecordId>,
    pub patient_name: String,
    pub desk_name: String,
    /// The computer it was done to, from another.
    pub of_desk: Option<RecordId>,
    pub of_desk_name: String,
    pub ended: Option<String>,
    /// As it was typed, of emergency access.
    pub reason: String,
}

/// A page of the audit log.
pub fn audit_log(args: &AuditArgs, world: &dyn Records, ctx: &Ctx) -> Shown<AuditLog> {
    let mut found = wanted(args, world, ctx)?;
    found.sort_by_key(|record| std::cmp::Reverse(place(record)));
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| is_more).map(place);
    let mut people: Vec<AuditPerson> = (world.all("person")?.iter())
        .filter_map(|record| {
            let name = crate::entities::person::NAME.of(record)?.to_owned();
            Some(AuditPerson { id: record.id, name })
        })
        .collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(AuditLog {
        lines: lines(&found, world, ctx)?,
        next,
        people,
        patient_name: args
            .patient
            .map_or(Ok(String::new()), |id| patient_name(world, ctx, id))?,
    })
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WhoLookedArgs {
    pub patient: RecordId,
}

/// Who looked at the record of a patient, under any registration of the same person, newest first.
pub fn who_looked(args: &WhoLookedArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<AuditLine>> {
    let mut found = about_patient(world, args.patient)?;
    found.sort_by_key(|record| std::cmp::Reverse(place(record)));
    found.truncate(PAGE);
    Ok(lines(&found, world, ctx)?)
}

/// Everybody who ever looked at the record of a patient, as far as it is known here, oldest first.
pub fn all_who_looked(patient: RecordId, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<AuditLine>> {
    let mut found = about_patient(world, patient)?;
    found.sort_by_key(place);
    Ok(lines(&found, world, ctx)?)
}

const END: Time = Time(i64::MAX);

fn place(record: &Record) -> AuditPlace {
    AuditPlace {
        at: event::AT.of(record).unwrap_or(OLDEST),
        id: record.id,
    }
}

/// What is asked for, with one line more than a page when there are more.
fn wanted(args: &AuditArgs, world: &dyn Records, ctx: &Ctx) -> Read<Vec<Record>> {
    let starts = |day: Date| day.starts(ctx.utc_offset_minutes);
    let day = args.day.map(|day| (starts(day), starts(day.plus_days(1))));
    let (from, to) = day.unwrap_or((OLDEST, END));
    let is_wanted = |record: &Record| {
        let at = event::AT.of(record).unwrap_or(OLDEST);
        let after = args.after.is_none_or(|after| place(record) < after);
        (from..to).contains(&at)
            && after
            && args.who.is_none_or(|who| event::WHO.of(record) == Some(who))
            && (args.what.as_deref()).is_none_or(|what| is_of_sort(event::WHAT.of(record), what))
    };
    let kept = |mut found: Vec<Record>| {
        found.retain(is_wanted);
        found
    };
    match (args.patient, args.who, day) {
        (Some(patient), ..) => Ok(kept(about_patient(world, patient)?)),
        (None, Some(who), None) => {
            let field = event::WHO.name();
            Ok(kept(world.by(event::AUDIT_EVENT.kind, field, &Value::Ref(who))?))
        }
        (None, _, Some((from, to))) => Ok(kept(between(world, from, to)?)),
        (None, None, None) => {
            let mut upper = args.after.map_or(END, |after| Time(after.at.0.saturating_add(1)));
            let newest = upper.min(Time(ctx.now.0.saturating_add(Time::DAY_MS)));
            let (mut found, mut look_ms) = (Vec::new(), FIRST_LOOK_MS);
            while found.len() <= PAGE && upper > OLDEST {
                let lower = Time(newest.0.saturating_sub(look_ms)).max(OLDEST);
                found.extend(kept(between(world, lower, upper)?));
                upper = lower;
                look_ms = look_ms.saturating_mul(2);
            }
            Ok(found)
        }
    }
}

fn is_of_sort(what: Option<&str>, wanted: &str) -> bool {
    what == Some(wanted) || (wanted == emergency::ALL && what.is_some_and(emergency::is_of_one))
}

fn between(world: &dyn Records, from: Time, to: Time) -> Read<Vec<Record>> {
    let (from, to) = (Value::Time(from), Value::Time(to));
    world.between(event::AUDIT_EVENT.kind, event::AT.name(), &from, &to)
}

fn about_patient(world: &dyn Records, id: RecordId) -> Read<Vec<Record>> {
    let mut all = persons::registrations(world, id)?;
    let mut ids: Vec<RecordId> = all.drain(..).map(|each| each.id).collect();
    if !ids.contains(&id) {
        ids.push(id);
    }
    let mut found = Vec::new();
    for id in ids {
        let field = event::PATIENT.name();
        found.extend(world.by(event::AUDIT_EVENT.kind, field, &Value::Ref(id))?);
    }
    Ok(found)
}

fn patient_name(world: &dyn Records, ctx: &Ctx, id: RecordId) -> Read<String> {
    let found = world.get("patient", id)?.filter(|_| sees_patients(&ctx.role));
    Ok(found
        .as_ref()
        .and_then(|found| patient::NAME.of(found))
        .unwrap_or_default()
        .to_owned())
}

fn lines(records: &[Record], world: &dyn Records, ctx: &Ctx) -> Read<Vec<AuditLine>> {
    records.iter().map(|record| line(record, world, ctx)).collect()
}

fn line(record: &Record, world: &dyn Records, ctx: &Ctx) -> Read<AuditLine> {
    let name = |id: Option<RecordId>| id.map_or(Ok(String::new()), |id| person_name(world, id));
    let desk = |id: Option<RecordId>| id.map_or(Ok(String::new()), |id| desk_name(world, id));
    let of_desk = event::OF_DESK.of(record);
    let (who, about, patient) = (
        event::WHO.of(record),
        event::ABOUT.of(record),
        event::PATIENT.of(record),
    );
    Ok(AuditLine {
        id: record.id,
        at: event::AT.of(record).unwrap_or(OLDEST),
        what: event::WHAT.of(record).unwrap_or_default().to_owned(),
        since: event::SINCE.of(record),
        times: event::TIMES.of(record),
        who,
        who_name: name(who)?,
        about,
        about_name: name(about)?,
        patient,
        patient_name: patient.map_or(Ok(String::new()), |id| patient_name(world, ctx, id))?,
        desk_name: desk(event::DESK.of(record))?,
        of_desk,
        of_desk_name: desk(of_desk)?,
        ended: event::ENDED.of(record).map(str::to_owned),
        reason: reason_of(record, &ctx.role),
    })
}
