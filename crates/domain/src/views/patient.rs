//! One patient's page: banner, encounters with stays and rounds, and one timeline.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::access::{Verb, may};
use crate::entities::{bed, bed_stay, consent, encounter, patient, ward};
use crate::plain;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::erasure::{ErasureAsked, asked};
use crate::views::inbox::{FieldConflictShown, conflict_shown};
use crate::views::line::{PatientLine, line};
use crate::views::rounds::{RoundShown, all_shown, applies_to};
use crate::views::{Shown, ViewError};
use crate::ward::persons;
use crate::world::{Ctx, FieldConflict, Read, Records};

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientArgs {
    pub id: RecordId,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientPage {
    pub line: Arc<PatientLine>,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    /// known, none or empty when nobody asked.
    pub allergy_status: Option<String>,
    pub allergies: Option<String>,
    pub birth_date: Option<String>,
    /// Fields of the patient that are in conflict.
    pub in_conflict: Vec<String>,
    /// The same with every value: those that block are shown with all of them and relied on by nothing.
    pub unsettled: Vec<FieldConflictShown>,
    /// Other registrations that somebody said are of the same person.
    pub registrations: Vec<Registration>,
    /// Fields of identity and safety in which those say something else.
    pub differing: Vec<String>,
    /// Of all registrations of the person, newest first.
    pub encounters: Vec<EncounterShown>,
    /// Of all registrations of the person, newest first, withdrawn ones too.
    pub consents: Vec<ConsentShown>,
    /// Newest first.
    pub timeline: Vec<Happening>,
    pub voided: bool,
    /// That it was asked to erase the person, and waits.
    pub erasure: Option<ErasureAsked>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct EncounterShown {
    pub id: RecordId,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    pub admitted_at: Option<Time>,
    pub discharged_at: Option<Time>,
    pub referred_to: Option<String>,
    pub stays: Vec<StayShown>,
    pub rounds: Vec<RoundShown>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct StayShown {
    pub id: RecordId,
    pub bed: RecordId,
    pub bed_label: String,
    pub ward_name: String,
    pub from: Time,
    pub to: Option<Time>,
}

/// Every registration of the person but the one that is asked about, with its fields.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Registration {
    pub id: RecordId,
    pub name: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    /// It stands for all of the person's registrations.
    pub stands: bool,
}

/// Something the patient agreed to besides treatment.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ConsentShown {
    pub id: RecordId,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    pub given_at: Option<Time>,
    pub withdrawn_at: Option<Time>,
    /// It counts: neither it nor another for the same purpose was withdrawn since it was given.
    pub stands: bool,
}

/// One thing that happened to the patient.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Happening {
    pub at: Time,
    /// admitted, moved, discharged, round.
    pub what: String,
    pub kind: String,
    pub id: RecordId,
    /// Where to, for a move; the reason's word, for a discharge; the score, for a round.
    pub detail: Option<String>,
}

/// The page of one patient.
pub fn patient_page(args: &PatientArgs, world: &dyn Records, ctx: &Ctx) -> Shown<PatientPage> {
    let person = world.get("patient", args.id)?.ok_or(ViewError::NotFound)?;
    let registrations = persons::registrations(world, person.id)?;
    let together = persons::together(&registrations).unwrap_or_else(|| person.clone());
    let mut all = persons::encounters(world, person.id)?;
    let applies = applies_to(&together, ctx);
    all.sort_by_key(|each| std::cmp::Reverse((encounter::ADMITTED_AT.of(each), each.id)));
    let encounters = all
        .iter()
        .map(|each| encounter_shown(world, ctx, each, applies))
        .collect::<Shown<Vec<_>>>()?;
    let conflicts = world.conflicts()?;
    let is_theirs = |id: RecordId| registrations.iter().any(|each| each.id == id);
    let own: Vec<FieldConflict> = conflicts
        .into_iter()
        .filter(|conflict| conflict.kind == "patient" && is_theirs(conflict.record))
        .collect();
    Ok(PatientPage {
        line: line(
            world,
            ctx,
            &Record {
                id: person.id,
                ..together.clone()
            },
        )?,
        fields: plain::plain_record(&person, &ctx.role),
        allergy_status: patient::ALLERGY_STATUS.of(&together).map(str::to_owned),
        allergies: patient::ALLERGIES.of(&together).map(str::to_owned),
        birth_date: patient::BIRTH_DATE.of(&person).map(|date| date.to_string()),
        unsettled: own
            .iter()
            .map(|conflict| conflict_shown(world, ctx, conflict))
            .collect::<Read<_>>()?,
        in_conflict: own.into_iter().map(|conflict| conflict.field).collect(),
        registrations: other_registrations(world, ctx, person.id)?,
        differing: persons::differing(&registrations)
            .into_iter()
            .map(str::to_owned)
            .collect(),
        consents: consents(world, ctx, &registrations)?,
        timeline: timeline(&encounters),
        encounters,
        erasure: asked(world, ctx, &registrations)?,
        voided: person.is_voided(),
    })
}

/// The other registrations of the person of `id`, that which stands for them first.
fn other_registrations(world: &dyn Records, ctx: &Ctx, id: RecordId) -> Read<Vec<Registration>> {
    let all = persons::registrations(world, id)?;
    let stands = all.first().map(|each| each.id);
    let others = all.into_iter().filter(|each| each.id != id);
    Ok(others
        .map(|each| Registration {
            id: each.id,
            name: patient::NAME.of(&each).unwrap_or_default().to_owned(),
            fields: plain::plain_record(&each, &ctx.role),
            stands: Some(each.id) == stands,
        })
        .collect())
}

fn consents(world: &dyn Records, ctx: &Ctx, registrations: &[Record]) -> Read<Vec<ConsentShown>> {
    if !may(&ctx.role, Verb::See, consent::CONSENT.kind) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for each in registrations {
        all.extend(consent::of(world, each.id)?);
    }
    all.sort_by_key(|each| std::cmp::Reverse((consent::GIVEN_AT.of(each), each.id)));
    let shown = |each: &Record| ConsentShown {
        id: each.id,
        fields: plain::plain_record(each, &ctx.role),
        given_at: consent::GIVEN_AT.of(each),
        withdrawn_at: consent::WITHDRAWN_AT.of(each),
        stands: consent::stands(each, &all),
    };
    Ok(all.iter().map(shown).collect())
}

fn encounter_shown(world: &dyn Records, ctx: &Ctx, each: &Record, applies: bool) -> Shown<EncounterShown> {
    let mut stays = world.by("bed_stay", bed_stay::ENCOUNTER.name(), &Value::Ref(each.id))?;
    stays.sort_by_key(|stay| std::cmp::Reverse((bed_stay::FROM.of(stay), stay.id)));
    let referred = encounter::REFERRED_TO
        .of(each)
        .map(|id| world.get("facility", id))
        .transpose()?
        .flatten();
    Ok(EncounterShown {
        id: each.id,
        fields: plain::plain_record(each, &ctx.role),
        admitted_at: encounter::ADMITTED_AT.of(each),
        discharged_at: encounter::DISCHARGED_AT.of(each),
        referred_to: referred
            .as_ref()
            .and_then(|each| crate::entities::facility::NAME.of(each))
            .map(str::to_owned),
        stays: stays
            .iter()
            .map(|stay| stay_shown(world, stay))
            .collect::<Shown<Vec<_>>>()?,
        rounds: all_shown(world, ctx, each.id, applies)?,
    })
}

fn stay_shown(world: &dyn Records, stay: &Record) -> Shown<StayShown> {
    let bed = bed_stay::BED
        .of(stay)
        .map(|id| world.get("bed", id))
        .transpose()?
        .flatten();
    let ward = bed
        .as_ref()
        .and_then(|bed| bed::WARD.of(bed))
        .map(|id| world.get("ward", id))
        .transpose()?
        .flatten();
    Ok(StayShown {
        id: stay.id,
        bed: bed_stay::BED.of(stay).unwrap_or(stay.id),
        bed_label: bed
            .as_ref()
            .and_then(|bed| bed::LABEL.of(bed))
            .unwrap_or_default()
            .to_owned(),
        ward_name: ward
            .as_ref()
            .and_then(|ward| ward::NAME.of(ward))
            .unwrap_or_default()
            .to_owned(),
        from: bed_stay::FROM.of(stay).unwrap_or(Time(0)),
        to: bed_stay::TO.of(stay),
    })
}

fn timeline(encounters: &[EncounterShown]) -> Vec<Happening> {
    let mut all = Vec::new();
    let happening = |at, what: &str, kind: &str, id, detail| Happening {
        at,
        what: what.to_owned(),
        kind: kind.to_owned(),
        id,
        detail,
    };
    for each in encounters {
        if let Some(at) = each.admitted_at {
            all.push(happening(at, "admitted", "encounter", each.id, None));
        }
        if let Some(at) = each.discharged_at {
            let reason = each
                .fields
                .get(encounter::DISCHARGE_REASON.name())
                .and_then(Json::as_str);
            all.push(happening(
                at,
                "discharged",
                "encounter",
                each.id,
                reason.map(str::to_owned),
            ));
        }
        for stay in &each.stays {
            let place = format!("{} {}", stay.ward_name, stay.bed_label);
            all.push(happening(stay.from, "moved", "bed_stay", stay.id, Some(place)));
        }
        for round in &each.rounds {
            let score = round.news2.score.map(|score| score.to_string());
            all.push(happening(round.at, "round", "round", round.id, score));
        }
    }
    all.sort_by_key(|each| std::cmp::Reverse((each.at, each.id)));
    all
}
