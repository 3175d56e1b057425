//! Deciding a contradiction: each way that [`crate::ward::conflicts::ways`] offers, as drafts.

use serde::Deserialize;
use ts_rs::TS;

use super::{Drafts, Stage, TransferArgs, VoidAdmissionArgs, ended, refuse, transfer, void};
use crate::check::Draft;
use crate::entities::{bed, bed_stay, encounter, patient, told_apart};
use crate::record::{Record, VOID_REASON, VOIDED};
use crate::value::{RecordId, Time, Value};

/// What a person decided.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DecideArgs {
    /// void, restore, end, other_bed, transfer, end_hold, keep_entry, void_admission, reopen_admission,
    /// admitted_then, reopen_place, merge, unmerge, tell_apart.
    pub what: String,
    pub kind: String,
    pub record: RecordId,
    /// The other registration, for merging and telling apart.
    pub other: Option<RecordId>,
    /// Where the patient is or was, for another bed and a transfer.
    pub bed: Option<RecordId>,
    pub at: Option<Time>,
    /// Why something is wrong.
    pub reason: Option<String>,
}

pub(super) fn decide(args: &DecideArgs, stage: &mut Stage<'_>) -> Drafts {
    let Some(record) = stage.world.get(&args.kind, args.record)? else {
        return refuse(&args.kind, "", "unknown_reference");
    };
    let draft = || Draft::new(&record.kind, record.id);
    match (args.what.as_str(), record.kind.as_str()) {
        ("void", _) if record.is_voided() => refuse(&args.kind, VOIDED, "already_voided"),
        ("void", _) => Ok(vec![voided(&record, args)]),
        ("restore", _) => Ok(vec![restored(&record)]),
        ("end", "bed_stay") => Ok(vec![draft().with(&bed_stay::TO, args.at.unwrap_or(stage.ctx.now))]),
        ("other_bed", "bed_stay") => match args.bed {
            Some(bed) => Ok(vec![draft().with(&bed_stay::BED, bed)]),
            None => refuse("bed_stay", "bed", "required"),
        },
        ("transfer", "bed_stay") => transferred(&record, args, stage),
        ("end_hold", "bed_hold") => Ok(vec![ended(&record, stage.ctx.now)]),
        ("keep_entry", "triage") => keep_entry(&record, args, stage),
        ("void_admission", "encounter") => {
            let (encounter, reason) = (record.id, args.reason.clone().unwrap_or_default());
            void::void_admission(&VoidAdmissionArgs { encounter, reason }, stage)
        }
        ("reopen_admission", "encounter") => Ok(vec![reopened(&record)]),
        ("admitted_then", "encounter") => match args.at {
            Some(at) => Ok(vec![draft().with(&encounter::ADMITTED_AT, at)]),
            None => refuse("encounter", encounter::ADMITTED_AT.name(), "required"),
        },
        // A ward's fields are of the same names.
        ("reopen_place", _) => {
            let reopened = draft().with(&bed::RETIRED, "no");
            Ok(vec![reopened.with_value(bed::RETIRED_ON.name(), Value::Empty)])
        }
        ("merge", "patient") => merge(args, stage),
        ("unmerge", "patient") => unmerge(&record, args, stage),
        ("tell_apart", "patient") => tell_apart(args, stage),
        _ => Err(super::ActionError::Arguments),
    }
}

fn voided(record: &Record, args: &DecideArgs) -> Draft {
    let reason = args.reason.clone().unwrap_or_default();
    let draft = Draft::new(&record.kind, record.id).with_value(VOIDED, Value::Code("yes".to_owned()));
    draft.with_value(VOID_REASON, Value::Text(reason))
}

/// The record counts again.
fn restored(record: &Record) -> Draft {
    let draft = Draft::new(&record.kind, record.id).with_value(VOIDED, Value::Code("no".to_owned()));
    draft.with_value(VOID_REASON, Value::Empty)
}

/// The patient goes into another bed now.
fn transferred(stay: &Record, args: &DecideArgs, stage: &mut Stage<'_>) -> Drafts {
    let (Some(encounter), Some(bed)) = (bed_stay::ENCOUNTER.of(stay), args.bed) else {
        return refuse("bed_stay", "bed", "required");
    };
    let args = TransferArgs {
        encounter,
        bed,
        at: args.at,
        clean: false,
    };
    transfer(&args, stage)
}

/// One entry of a shift stands; all others that stand are taken back.
fn keep_entry(kept: &Record, args: &DecideArgs, stage: &Stage<'_>) -> Drafts {
    use crate::entities::triage;
    let Some((day, shift)) = triage::DAY.of(kept).zip(triage::SHIFT.of(kept)) else {
        return refuse("triage", triage::DAY.name(), "required");
    };
    let entries = crate::ward::triage::of_shift(stage.world, day, shift)?;
    let standing = crate::ward::triage::standing(&entries);
    let same = |entry: &&&Record| triage::FACILITY.of(entry) == triage::FACILITY.of(kept) && entry.id != kept.id;
    let others: Vec<Draft> = standing.iter().filter(same).map(|entry| voided(entry, args)).collect();
    if others.is_empty() {
        return refuse("triage", VOIDED, "already_voided");
    }
    Ok(others)
}

/// The patient was not discharged.
fn reopened(record: &Record) -> Draft {
    let draft = Draft::new("encounter", record.id);
    let cleared = [&encounter::DISCHARGED_AT, &encounter::DIED_AT]
        .into_iter()
        .fold(draft, |draft, field| {
            if field.of(record).is_some() {
                draft.with_value(field.name(), Value::Empty)
            } else {
                draft
            }
        });
    cleared.with_value(encounter::DISCHARGE_REASON.name(), Value::Empty)
}

/// All registrations of `other` become registrations of the person of `record`.
fn merge(args: &DecideArgs, stage: &Stage<'_>) -> Drafts {
    let Some(other) = args.other else {
        return refuse("patient", patient::SAME_AS.name(), "required");
    };
    let known = stage.world.persons()?;
    let (stays, joins) = (known.one(args.record), known.one(other));
    if stays == joins {
        return refuse("patient", patient::SAME_AS.name(), "already_merged");
    }
    for conflict in stage.world.conflicts()? {
        let is_theirs = conflict.kind == "patient" && [stays, joins].contains(&conflict.record);
        if is_theirs && patient::IDENTITY.contains(&conflict.field.as_str()) {
            return refuse("patient", &conflict.field, "identity_in_conflict");
        }
    }
    let mut drafts = vec![Draft::new("patient", joins).with(&patient::SAME_AS, stays)];
    let all = known.registrations(stays).into_iter();
    let joined = known.registrations(joins);
    for (a, b) in all.flat_map(|a| joined.iter().map(move |b| (a, *b))) {
        let told = stage.world.get("told_apart", told_apart::id_of(a, b))?;
        if let Some(told) = told.filter(|told| !told.is_voided()) {
            drafts.push(
                Draft::new("told_apart", told.id)
                    .with_value(VOIDED, Value::Code("yes".to_owned()))
                    .with_value(
                        VOID_REASON,
                        Value::Text(
                            args.reason
                                .clone()
                                .filter(|reason| !reason.trim().is_empty())
                                .unwrap_or("merged".to_owned()),
                        ),
                    ),
            );
        }
    }
    Ok(drafts)
}

/// Two registrations are two people again, and nobody is asked about them any more. Without the other
/// it is the one that the registration was said to be the same as.
fn unmerge(record: &Record, args: &DecideArgs, stage: &Stage<'_>) -> Drafts {
    let known = stage.world.persons()?;
    let other = args.other.or(patient::SAME_AS.of(record));
    let Some(other) = other.filter(|other| *other != record.id && known.one(*other) == known.one(record.id)) else {
        return refuse("patient", patient::SAME_AS.name(), "not_merged");
    };
    // Each points on to the next: who stands above the other on that way stays where they are, unless
    // they point at each other in a ring.
    let (up, down) = (known.way_from(record.id), known.way_from(other));
    let cut = [
        (record.id, !down.contains(&record.id) || up.contains(&other)),
        (other, down.contains(&record.id)),
    ];
    let cut = cut.into_iter().filter(|(_, is_cut)| *is_cut);
    let mut drafts: Vec<Draft> = cut
        .map(|(id, _)| Draft::new("patient", id).with_value(patient::SAME_AS.name(), Value::Empty))
        .collect();
    drafts.push(apart(stage, record.id, other)?);
    Ok(drafts)
}

fn tell_apart(args: &DecideArgs, stage: &Stage<'_>) -> Drafts {
    let known = stage.world.persons()?;
    match args.other {
        Some(other) if known.one(args.record) == known.one(other) => {
            refuse("told_apart", told_apart::SECOND.name(), "already_merged")
        }
        Some(other) => Ok(vec![apart(stage, args.record, other)?]),
        None => refuse("told_apart", told_apart::SECOND.name(), "required"),
    }
}

/// Says that two registrations are two people; again, when that was taken back.
fn apart(stage: &Stage<'_>, a: RecordId, b: RecordId) -> Result<Draft, crate::Unreadable> {
    let draft = told_apart::of(a, b);
    let before = stage.world.get("told_apart", draft.id)?;
    Ok(match before.filter(Record::is_voided) {
        Some(before) => {
            let again = restored(&before);
            Draft {
                fields: draft.fields.into_iter().chain(again.fields).collect(),
                ..again
            }
        }
        None => draft,
    })
}
