//! Lists of patients: those in beds, those found by what was typed, and those who may be the same.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::entities::patient;
use crate::record::Record;
use crate::value::RecordId;
use crate::views::Shown;
use crate::views::line::{PatientLine, admitted_lines, line, line_with};
use crate::ward::conflicts::likeness;
use crate::ward::presence::presences;
use crate::world::{Ctx, Records};

/// The most lines a list gives at once.
const MOST_LINES: usize = 200;
/// Who left within these days is listed as discharged.
const DISCHARGED_DAYS: i64 = 7;
/// The most candidates that are compared with a new registration.
const MOST_CANDIDATES: usize = 50;

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientsArgs {
    pub which: Which,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Which {
    /// Admitted now, with or without a bed.
    Admitted,
    /// Discharged in the last 7 days.
    Discharged,
}

/// Admitted people in bed order, or those lately discharged, newest first.
pub fn patients(args: &PatientsArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<PatientLine>> {
    match args.which {
        Which::Admitted => {
            let mut lines = admitted_lines(world, ctx)?;
            lines.sort_by(|a, b| (&a.ward, &a.bed, &a.name).cmp(&(&b.ward, &b.bed, &b.name)));
            Ok(lines)
        }
        Which::Discharged => discharged(world, ctx),
    }
}

fn discharged(world: &dyn Records, ctx: &Ctx) -> Shown<Vec<PatientLine>> {
    let from = ctx.today.plus_days(-DISCHARGED_DAYS).starts(ctx.utc_offset_minutes);
    let mut left = presences(world, from)?;
    left.retain(|each| each.to.is_some());
    left.sort_by_key(|each| std::cmp::Reverse(each.to));
    let mut lines = Vec::new();
    for each in &left {
        let person = each.patient().map(|id| world.get("patient", id)).transpose()?.flatten();
        if let Some(person) = person {
            lines.push(line_with(world, ctx, &person, each.last())?);
        }
    }
    Ok(lines)
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FindArgs {
    pub text: String,
}

/// Patients whose name, phone or identifier matches what was typed, best first.
pub fn find_patients(args: &FindArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<PatientLine>> {
    let mut lines = Vec::new();
    for id in world.search("patient", &args.text, MOST_LINES)? {
        if let Some(person) = world.get("patient", id)?.filter(|person| !person.is_voided()) {
            lines.push(line(world, ctx, &person)?);
        }
    }
    Ok(lines)
}

/// What is known of a person who is about to be registered.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct LikelySameArgs {
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, serde_json::Value>,
    /// The record itself, when one that exists is edited.
    pub except: Option<RecordId>,
}

/// A patient who may be the same person, and why.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct LikelySame {
    pub line: PatientLine,
    /// same_name, same_phone, same_birth, same_identifier.
    pub reasons: Vec<String>,
}

/// Registered people who may be the same as the one being registered, likeliest first.
pub fn likely_same(args: &LikelySameArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<LikelySame>> {
    let mut fields = args.fields.clone();
    fields.retain(|name, plain| {
        let one = std::iter::once((name.clone(), plain.clone())).collect();
        crate::plain::read_fields(&patient::PATIENT, &one).is_ok()
    });
    let mut wanted = Record::new("patient", RecordId(uuid::Uuid::nil()));
    wanted.fields = crate::plain::read_fields(&patient::PATIENT, &fields).unwrap_or_default();
    let mut candidates = Vec::new();
    for text in [
        patient::NAME.of(&wanted),
        patient::PHONE.of(&wanted),
        patient::ABHA.of(&wanted),
    ]
    .into_iter()
    .flatten()
    {
        for id in world.search("patient", text, MOST_CANDIDATES)? {
            if !candidates.contains(&id) && args.except != Some(id) {
                candidates.push(id);
            }
        }
    }
    let mut found = Vec::new();
    for id in candidates {
        let Some(person) = world.get("patient", id)?.filter(|person| !person.is_voided()) else {
            continue;
        };
        let reasons = likeness(&wanted, &person, ctx.today);
        if reasons.len() >= 2 || reasons.contains(&"same_identifier") {
            let reasons = reasons.into_iter().map(str::to_owned).collect();
            found.push(LikelySame {
                line: line(world, ctx, &person)?,
                reasons,
            });
        }
    }
    found.sort_by_key(|each| std::cmp::Reverse(each.reasons.len()));
    found.truncate(10);
    Ok(found)
}
