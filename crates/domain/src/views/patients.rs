//! Lists of patients: those in beds, those found by what was typed, and those who may be the same.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::entities::patient;
use crate::record::Record;
use crate::value::{RecordId, Time};
use crate::views::Shown;
use crate::views::line::{PatientLine, admitted_lines, line, line_with};
use crate::ward::likeness::without_initials;
use crate::ward::persons;
use crate::ward::presence::Presence;
use crate::ward::same::{self, Profile, Reason};
use crate::world::{Ctx, Read, Records};

/// So many who match are found at most: whoever looks for one of more types on.
const MOST_FOUND: usize = 50;
/// Who left within these days is listed as discharged.
const DISCHARGED_DAYS: i64 = 7;
/// The most candidates that are compared with a new registration.
const MOST_CANDIDATES: usize = 50;
/// The most people who are offered as the same.
const MOST_ALIKE: usize = 10;

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientsArgs {
    pub which: Which,
}

/// Which of the hospital's patients. Each is as many as the war room's figure of that name says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Which {
    /// Admitted now, with or without a bed.
    Admitted,
    /// Of those the ones who are confirmed positive.
    Positive,
    /// Of those the ones who are suspected.
    Suspected,
    /// Of those the ones without a bed.
    Waiting,
    /// Of those the ones who are expected to leave by tomorrow, or were expected to have left.
    Leaving,
    /// Admitted today, whether they are there still or not.
    AdmittedToday,
    /// Who left today, alive or not.
    DischargedToday,
    /// Discharged in the last 7 days.
    Discharged,
}

/// Those who are there in bed order; those admitted today and those who left newest first.
pub fn patients(args: &PatientsArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<Arc<PatientLine>>> {
    let is_today = |at: Time| at.day(ctx.utc_offset_minutes) == ctx.today;
    let midnight = ctx.today.starts(ctx.utc_offset_minutes);
    let lately = ctx.today.plus_days(-DISCHARGED_DAYS).starts(ctx.utc_offset_minutes);
    let came = |each: &Presence| Some(each.from).filter(|from| is_today(*from));
    let left = |each: &Presence| each.to;
    match args.which {
        Which::Admitted => there(|_| true, world, ctx),
        Which::Positive => there(|line| line.disease_status.as_deref() == Some("positive"), world, ctx),
        Which::Suspected => there(|line| line.disease_status.as_deref() == Some("suspected"), world, ctx),
        Which::Waiting => there(|line| line.bed_id.is_none(), world, ctx),
        Which::Leaving => leaving(world, ctx),
        Which::AdmittedToday => newest(came, midnight, world, ctx),
        Which::DischargedToday => newest(|each| left(each).filter(|to| is_today(*to)), midnight, world, ctx),
        Which::Discharged => newest(left, lately, world, ctx),
    }
}

/// Those who are there and of whom `is_one` says so, in bed order.
fn there(is_one: fn(&PatientLine) -> bool, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<Arc<PatientLine>>> {
    let mut lines = admitted_lines(world, ctx)?;
    lines.retain(|line| is_one(line));
    lines.sort_by(|a, b| (&a.ward, &a.bed, &a.name).cmp(&(&b.ward, &b.bed, &b.name)));
    Ok(lines)
}

/// Those who are expected to leave by tomorrow, the longest overdue first.
fn leaving(world: &dyn Records, ctx: &Ctx) -> Shown<Vec<Arc<PatientLine>>> {
    let mut lines = there(|line| line.expected_discharge.is_some(), world, ctx)?;
    lines.retain(|line| line.expected_discharge <= Some(ctx.today.plus_days(1)));
    lines.sort_by_key(|line| line.expected_discharge);
    Ok(lines)
}

/// Those who are there or left since, and of whom `at` tells a moment; the latest moment first.
fn newest(
    at: impl Fn(&Presence) -> Option<Time>,
    since: Time,
    world: &dyn Records,
    ctx: &Ctx,
) -> Shown<Vec<Arc<PatientLine>>> {
    let all = world.presences(since)?;
    let mut told: Vec<(Time, &Presence)> = all.iter().filter_map(|each| Some((at(each)?, each))).collect();
    told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut lines = Vec::new();
    for (_, each) in told {
        if let Some(person) = persons::person(world, each.person)? {
            lines.push(line_with(world, ctx, &person, each.last())?);
        }
    }
    Ok(lines)
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FindArgs {
    pub text: String,
    /// As many as will be shown, and no more than 50; 50 when empty.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub most: Option<usize>,
}

/// Patients of whom any registration matches what was typed by name, phone or identifier, best first.
pub fn find_patients(args: &FindArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<Arc<PatientLine>>> {
    let mut lines: Vec<Arc<PatientLine>> = Vec::new();
    let known = world.persons()?;
    let most = args.most.unwrap_or(MOST_FOUND).min(MOST_FOUND);
    for id in world.search("patient", &args.text, most)? {
        if world.get("patient", id)?.is_none_or(|found| found.is_voided()) {
            continue;
        }
        let one = known.one(id);
        if lines.iter().any(|line| line.patient == one) {
            continue;
        }
        if let Some(person) = persons::person(world, one)? {
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
    pub line: Arc<PatientLine>,
    /// same_identifier, same_name, same_phone, similar_name, same_birth: the surest first.
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
    wanted.fields = crate::plain::read_fields(&patient::PATIENT, &fields)
        .unwrap_or_default()
        .into();
    let mut found: Vec<(Vec<Reason>, Record)> = Vec::new();
    let known = world.persons()?;
    let profile = Profile::of(&wanted);
    for id in candidates(&wanted, world)? {
        let is_own = args.except.is_some_and(|own| known.one(own) == known.one(id));
        let Some(registered) = world.profile(id)?.filter(|_| !is_own) else {
            continue;
        };
        let reasons = profile.reasons(&registered, ctx.today);
        if same::is_likely(&reasons) {
            found.extend(world.get("patient", id)?.map(|person| (reasons, person)));
        }
    }
    found.sort_by_key(|(reasons, _)| std::cmp::Reverse(same::weight(reasons)));
    let mut offered: Vec<RecordId> = Vec::new();
    found.retain(|(_, person)| {
        let one = known.one(person.id);
        let is_new = !offered.contains(&one);
        offered.push(one);
        is_new
    });
    found.truncate(MOST_ALIKE);
    let shown = |(reasons, person): (Vec<Reason>, Record)| {
        Ok(LikelySame {
            line: line(world, ctx, &persons::person(world, person.id)?.unwrap_or(person))?,
            reasons: reasons.into_iter().map(|reason| reason.word().to_owned()).collect(),
        })
    };
    found.into_iter().map(shown).collect()
}

/// Who is compared: found by phone, by each number, by the whole name in each script, and by one
/// name together with the year of birth.
fn candidates(wanted: &Record, world: &dyn Records) -> Read<Vec<RecordId>> {
    let names = [patient::NAME.of(wanted), patient::LOCAL_NAME.of(wanted)];
    let names: Vec<String> = names.into_iter().flatten().map(without_initials).collect();
    let own = same::NUMBERS.iter().copied().chain([&patient::PHONE]);
    let mut texts: Vec<String> = own.filter_map(|field| field.of(wanted)).map(str::to_owned).collect();
    texts.extend(names.iter().cloned());
    let born = patient::BIRTH_DATE.of(wanted).map(|date| i64::from(date.year()));
    if let Some(year) = born.or(patient::BIRTH_YEAR.of(wanted)) {
        for word in names.iter().flat_map(|name| name.split(' ')) {
            texts.extend((year - 1..=year + 1).map(|year| format!("{word} {year}")));
        }
    }
    let mut found: Vec<RecordId> = Vec::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        for id in world.search("patient", text, MOST_CANDIDATES)? {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    Ok(found)
}
