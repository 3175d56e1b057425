//! What a person does on the ward, as drafts of one action: all are written, or none.

mod consent;

pub mod decide;

pub mod void;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use ts_rs::TS;

use crate::check::{Draft, Problem};
use crate::entities::{bed_hold, bed_stay, encounter, patient, told_apart};
use crate::plain;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::line::{open_encounter, open_stay};
use crate::world::{Ctx, Records, Unreadable};

/// Why an action gives no drafts.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ActionError {
    #[error("no action of this name")]
    Unknown,
    #[error("the arguments of the action cannot be read")]
    Arguments,
    #[error("the action is not possible now")]
    Problems(Vec<Problem>),
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

pub use consent::{GiveConsentArgs, WithdrawConsentArgs};
pub use void::VoidAdmissionArgs;

type Drafts = Result<Vec<Draft>, ActionError>;

/// What an action stands on: the records, who acts, and new ids.
pub struct Stage<'a> {
    pub world: &'a dyn Records,
    pub ctx: &'a Ctx,
    /// Gives a new record id at each call.
    pub new_id: &'a mut dyn FnMut() -> RecordId,
}

/// Turns the action `name` into drafts.
///
/// # Errors
/// [`ActionError`].
pub fn act(name: &str, args: &Json, stage: &mut Stage<'_>) -> Drafts {
    match name {
        "register" => register(&read(args)?, stage),
        "admit" => admit(read(args)?, stage),
        "transfer" => transfer(&read(args)?, stage),
        "swap" => swap(&read(args)?, stage),
        "discharge" => discharge(&read(args)?, stage),
        "hold" => hold(&read(args)?, stage),
        "void_admission" => void::void_admission(&read(args)?, stage),
        "give_consent" => consent::give(&read(args)?, stage),
        "withdraw_consent" => consent::withdraw(&read(args)?, stage),
        "decide" => decide::decide(&read(args)?, stage),
        "release" => release(&read(args)?, stage),
        _ => Err(ActionError::Unknown),
    }
}

fn read<A: DeserializeOwned>(args: &Json) -> Result<A, ActionError> {
    serde_json::from_value(args.clone()).map_err(|_| ActionError::Arguments)
}

fn refuse<T>(kind: &str, field: &str, code: &str) -> Result<T, ActionError> {
    Err(ActionError::Problems(vec![Problem::new(kind, field, code)]))
}

/// Registers a patient, told apart from those who were shown as perhaps the same: nobody is asked about them again.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RegisterArgs {
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
    pub different_from: Vec<RecordId>,
}

fn register(args: &RegisterArgs, stage: &mut Stage<'_>) -> Drafts {
    let mut registered = Draft::new(patient::PATIENT.kind, (stage.new_id)());
    registered.fields = plain::read_fields(&patient::PATIENT, &args.fields).map_err(ActionError::Problems)?;
    let new = registered.id;
    let apart = args.different_from.iter().map(|other| told_apart::of(new, *other));
    Ok(std::iter::once(registered).chain(apart).collect())
}

/// Admits a patient, into a bed when one is given.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct AdmitArgs {
    pub patient: RecordId,
    pub bed: Option<RecordId>,
    /// When the patient was admitted; now when empty.
    pub at: Option<Time>,
    /// The other fields of the encounter.
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
}

fn admit(args: AdmitArgs, stage: &mut Stage<'_>) -> Drafts {
    if open_encounter(stage.world, args.patient)?.is_some() {
        return refuse("encounter", "patient", "already_admitted");
    }
    let at = args.at.unwrap_or(stage.ctx.now);
    let fields = plain::read_fields(&encounter::ENCOUNTER, &args.fields).map_err(ActionError::Problems)?;
    let mut drafted = Draft::new("encounter", (stage.new_id)());
    drafted.fields = fields;
    let drafted = drafted
        .with(&encounter::PATIENT, args.patient)
        .with(&encounter::FACILITY, stage.ctx.facility)
        .with(&encounter::ADMITTED_AT, at);
    let mut drafts = match args.bed {
        Some(bed) => into_bed(stage, drafted.id, bed, at)?,
        None => Vec::new(),
    };
    drafts.insert(0, drafted);
    Ok(drafts)
}

/// Moves an admitted patient to another bed, or into a first one.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct TransferArgs {
    pub encounter: RecordId,
    pub bed: RecordId,
    pub at: Option<Time>,
    /// Mark the bed that is left for cleaning.
    pub clean: bool,
}

fn transfer(args: &TransferArgs, stage: &mut Stage<'_>) -> Drafts {
    let at = args.at.unwrap_or(stage.ctx.now);
    let mut drafts = Vec::new();
    if let Some(stay) = open_stay(stage.world, args.encounter)? {
        if bed_stay::BED.of(&stay) == Some(args.bed) {
            return refuse("bed_stay", "bed", "already_there");
        }
        drafts.push(Draft::new("bed_stay", stay.id).with(&bed_stay::TO, at));
        if let (true, Some(left)) = (args.clean, bed_stay::BED.of(&stay)) {
            drafts.extend(cleaning(stage, left, at)?);
        }
    }
    drafts.extend(into_bed(stage, args.encounter, args.bed, at)?);
    Ok(drafts)
}

/// Two admitted patients change beds.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct SwapArgs {
    pub first: RecordId,
    pub second: RecordId,
    pub at: Option<Time>,
}

fn swap(args: &SwapArgs, stage: &mut Stage<'_>) -> Drafts {
    let at = args.at.unwrap_or(stage.ctx.now);
    let stays = (
        open_stay(stage.world, args.first)?,
        open_stay(stage.world, args.second)?,
    );
    let (Some(first), Some(second)) = stays else {
        return refuse("bed_stay", "encounter", "not_in_a_bed");
    };
    let (Some(first_bed), Some(second_bed)) = (bed_stay::BED.of(&first), bed_stay::BED.of(&second)) else {
        return refuse("bed_stay", "bed", "required");
    };
    Ok(vec![
        Draft::new("bed_stay", first.id).with(&bed_stay::TO, at),
        Draft::new("bed_stay", second.id).with(&bed_stay::TO, at),
        stay(stage, args.first, second_bed, at),
        stay(stage, args.second, first_bed, at),
    ])
}

/// Discharges a patient and ends the stay in the same action.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DischargeArgs {
    pub encounter: RecordId,
    pub at: Option<Time>,
    /// Mark the bed that is left for cleaning.
    pub clean: bool,
    /// Reason, referral and notes: fields of the encounter.
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
}

fn discharge(args: &DischargeArgs, stage: &mut Stage<'_>) -> Drafts {
    let Some(open) = stage.world.get("encounter", args.encounter)? else {
        return refuse("encounter", "", "unknown_reference");
    };
    if encounter::DISCHARGED_AT.of(&open).is_some() {
        return refuse("encounter", "discharged_at", "already_discharged");
    }
    let at = args.at.unwrap_or(stage.ctx.now);
    let mut drafted = Draft::new("encounter", args.encounter);
    drafted.fields = plain::read_fields(&encounter::ENCOUNTER, &args.fields).map_err(ActionError::Problems)?;
    let mut drafts = vec![drafted.with(&encounter::DISCHARGED_AT, at)];
    if let Some(stay) = open_stay(stage.world, args.encounter)? {
        drafts.push(Draft::new("bed_stay", stay.id).with(&bed_stay::TO, at));
        if let (true, Some(left)) = (args.clean, bed_stay::BED.of(&stay)) {
            drafts.extend(cleaning(stage, left, at)?);
        }
    }
    Ok(drafts)
}

/// Holds a bed for somebody, marks it for cleaning, or blocks it.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct HoldArgs {
    pub bed: RecordId,
    /// held, cleaning or blocked.
    pub reason: String,
    pub encounter: Option<RecordId>,
    pub note: Option<String>,
    pub expires: Option<Time>,
}

fn hold(args: &HoldArgs, stage: &mut Stage<'_>) -> Drafts {
    let mut drafted = Draft::new("bed_hold", (stage.new_id)())
        .with(&bed_hold::BED, args.bed)
        .with_value(bed_hold::REASON.name(), Value::Code(args.reason.clone()))
        .with(&bed_hold::FROM, stage.ctx.now);
    if let Some(encounter) = args.encounter {
        drafted = drafted.with(&bed_hold::ENCOUNTER, encounter);
    }
    if let Some(note) = &args.note {
        drafted = drafted.with(&bed_hold::NOTE, note.clone());
    }
    if let Some(expires) = args.expires {
        drafted = drafted.with(&bed_hold::EXPIRES, expires);
    }
    let mut drafts = end_holds(stage, args.bed)?;
    drafts.push(drafted);
    Ok(drafts)
}

/// Frees a bed that was held, cleaned or blocked.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ReleaseArgs {
    pub bed: RecordId,
}

fn release(args: &ReleaseArgs, stage: &mut Stage<'_>) -> Drafts {
    let drafts = end_holds(stage, args.bed)?;
    if drafts.is_empty() {
        refuse("bed_hold", "bed", "not_held")
    } else {
        Ok(drafts)
    }
}

/// A new stay in `bed`; whatever held the bed ends with it, and what has expired keeps nobody out.
/// Checks say if somebody lies there.
fn into_bed(stage: &mut Stage<'_>, encounter: RecordId, bed: RecordId, at: Time) -> Drafts {
    let holds = holds_on(stage, bed)?;
    let now = stage.ctx.now;
    let in_force = |hold: &&Record| bed_hold::EXPIRES.of(hold).is_none_or(|expires| expires > now);
    let blocks = |hold: &Record| bed_hold::REASON.of(hold) == Some("blocked");
    if holds.iter().filter(in_force).any(blocks) {
        return refuse("bed_stay", "bed", "bed_blocked");
    }
    let for_another = |hold: &Record| {
        let for_whom = bed_hold::ENCOUNTER.of(hold);
        bed_hold::REASON.of(hold) == Some("held") && for_whom.is_some() && for_whom != Some(encounter)
    };
    if holds.iter().filter(in_force).any(for_another) {
        return refuse("bed_stay", "bed", "bed_held_for_another");
    }
    let mut drafts: Vec<Draft> = holds.iter().map(|hold| ended(hold, now)).collect();
    drafts.push(stay(stage, encounter, bed, at));
    Ok(drafts)
}

fn stay(stage: &mut Stage<'_>, encounter: RecordId, bed: RecordId, at: Time) -> Draft {
    Draft::new("bed_stay", (stage.new_id)())
        .with(&bed_stay::ENCOUNTER, encounter)
        .with(&bed_stay::BED, bed)
        .with(&bed_stay::FROM, at)
}

/// Marks a bed that is left for cleaning; a bed that is held for the next patient stays held.
fn cleaning(stage: &mut Stage<'_>, bed: RecordId, at: Time) -> Result<Option<Draft>, Unreadable> {
    if !holds_on(stage, bed)?.is_empty() {
        return Ok(None);
    }
    let hold = Draft::new("bed_hold", (stage.new_id)())
        .with(&bed_hold::BED, bed)
        .with(&bed_hold::REASON, "cleaning")
        .with(&bed_hold::FROM, at);
    Ok(Some(hold))
}

fn holds_on(stage: &Stage<'_>, bed: RecordId) -> Result<Vec<Record>, Unreadable> {
    let mut holds = stage.world.by("bed_hold", bed_hold::BED.name(), &Value::Ref(bed))?;
    holds.retain(|hold| bed_hold::TO.of(hold).is_none());
    Ok(holds)
}

fn end_holds(stage: &Stage<'_>, bed: RecordId) -> Drafts {
    Ok(holds_on(stage, bed)?
        .iter()
        .map(|hold| ended(hold, stage.ctx.now))
        .collect())
}

fn ended(hold: &Record, now: Time) -> Draft {
    let to = bed_hold::FROM.of(hold).map_or(now, |from| from.max(now));
    Draft::new("bed_hold", hold.id).with(&bed_hold::TO, to)
}
