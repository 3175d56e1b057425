//! A patient agrees to something besides treatment, or takes it back.

use serde::Deserialize;
use serde_json::Value as Json;
use ts_rs::TS;

use super::{ActionError, Drafts, Stage, refuse};
use crate::check::Draft;
use crate::entities::consent::{self, CONSENT};
use crate::plain;
use crate::value::{RecordId, Time, Value};

/// The patient, or who speaks for them, agrees to something.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct GiveConsentArgs {
    pub patient: RecordId,
    /// When; now when empty.
    pub at: Option<Time>,
    /// Purpose, by whom, how: the other fields of the consent.
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
}

pub(super) fn give(args: &GiveConsentArgs, stage: &mut Stage<'_>) -> Drafts {
    let mut given = Draft::new(CONSENT.kind, (stage.new_id)());
    given.fields = plain::read_fields(&CONSENT, &args.fields).map_err(ActionError::Problems)?;
    let at = args.at.unwrap_or(stage.ctx.now);
    Ok(vec![
        given.with(&consent::PATIENT, args.patient).with(&consent::GIVEN_AT, at),
    ])
}

/// A consent is taken back, as easily as it was given.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WithdrawConsentArgs {
    pub consent: RecordId,
    /// Who takes it back: a word of `consent_given_by`.
    pub by: Option<String>,
    /// When; now when empty.
    pub at: Option<Time>,
}

pub(super) fn withdraw(args: &WithdrawConsentArgs, stage: &mut Stage<'_>) -> Drafts {
    let Some(given) = stage.world.get(CONSENT.kind, args.consent)? else {
        return refuse(CONSENT.kind, "", "unknown_reference");
    };
    if consent::WITHDRAWN_AT.of(&given).is_some() {
        return refuse(CONSENT.kind, consent::WITHDRAWN_AT.name(), "already_withdrawn");
    }
    let at = args.at.unwrap_or(stage.ctx.now);
    let draft = Draft::new(CONSENT.kind, given.id).with(&consent::WITHDRAWN_AT, at);
    let by = args.by.iter().map(|word| Value::Code(word.clone()));
    Ok(vec![by.fold(draft, |draft, by| {
        draft.with_value(consent::WITHDRAWN_BY.name(), by)
    })])
}
