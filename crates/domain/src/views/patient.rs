//! One patient's page: banner, encounters with stays and rounds, and one timeline.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::entities::{bed, bed_stay, encounter, patient, ward};
use crate::plain;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::line::{PatientLine, line};
use crate::views::rounds::{RoundShown, all_shown, applies_to};
use crate::views::{Shown, ViewError};
use crate::world::{Ctx, Records};

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientArgs {
    pub id: RecordId,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct PatientPage {
    pub line: PatientLine,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    /// known, none or empty when nobody asked.
    pub allergy_status: Option<String>,
    pub allergies: Option<String>,
    pub birth_date: Option<String>,
    /// Fields of the patient that are in conflict.
    pub in_conflict: Vec<String>,
    /// Newest first.
    pub encounters: Vec<EncounterShown>,
    /// Newest first.
    pub timeline: Vec<Happening>,
    pub voided: bool,
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
    let applies = applies_to(&person, ctx);
    let mut all = world.by("encounter", encounter::PATIENT.name(), &Value::Ref(person.id))?;
    all.sort_by_key(|each| std::cmp::Reverse((encounter::ADMITTED_AT.of(each), each.id)));
    let encounters = all
        .iter()
        .map(|each| encounter_shown(world, ctx, each, applies))
        .collect::<Shown<Vec<_>>>()?;
    let conflicts = world.conflicts()?;
    let own = conflicts
        .into_iter()
        .filter(|conflict| conflict.kind == "patient" && conflict.record == person.id);
    Ok(PatientPage {
        line: line(world, ctx, &person)?,
        fields: plain::plain_record(&person, &ctx.role),
        allergy_status: patient::ALLERGY_STATUS.of(&person).map(str::to_owned),
        allergies: patient::ALLERGIES.of(&person).map(str::to_owned),
        birth_date: patient::BIRTH_DATE.of(&person).map(|date| date.to_string()),
        in_conflict: own.map(|conflict| conflict.field).collect(),
        timeline: timeline(&encounters),
        encounters,
        voided: person.is_voided(),
    })
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
