//! Taking back what was entered in error, with all that stands on it.

use serde::Deserialize;
use ts_rs::TS;

use super::{Drafts, Stage, ended, refuse};
use crate::check::Draft;
use crate::entities::{bed_hold, bed_stay};
use crate::record::{VOID_REASON, VOIDED};
use crate::value::{RecordId, Value};

/// An admission was entered in error: it and its stays count no longer, and no bed is held for it.
/// The rounds recorded in it stay in its history.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct VoidAdmissionArgs {
    pub encounter: RecordId,
    /// Why it is wrong.
    pub reason: String,
}

pub(super) fn void_admission(args: &VoidAdmissionArgs, stage: &mut Stage<'_>) -> Drafts {
    let Some(encounter) = stage.world.get("encounter", args.encounter)? else {
        return refuse("encounter", "", "unknown_reference");
    };
    if encounter.is_voided() {
        return refuse("encounter", VOIDED, "already_voided");
    }
    let holder = Value::Ref(encounter.id);
    let stays = stage.world.by("bed_stay", bed_stay::ENCOUNTER.name(), &holder)?;
    let mut holds = stage.world.by("bed_hold", bed_hold::ENCOUNTER.name(), &holder)?;
    holds.retain(|hold| bed_hold::TO.of(hold).is_none());
    let wrong = [encounter].into_iter().chain(stays).map(|each| {
        let draft = Draft::new(&each.kind, each.id).with_value(VOIDED, Value::Code("yes".to_owned()));
        draft.with_value(VOID_REASON, Value::Text(args.reason.clone()))
    });
    let freed = holds.iter().map(|hold| ended(hold, stage.ctx.now));
    Ok(wrong.chain(freed).collect())
}
