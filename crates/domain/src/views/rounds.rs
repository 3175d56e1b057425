//! Rounds: what was observed, with the NEWS2 that follows from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::entities::{patient, round};
use crate::plain;
use crate::record::Record;
use crate::scores::news2::{self, Risk};
use crate::value::{RecordId, Time, Value};
use crate::views::{Shown, ViewError};
use crate::world::{Ctx, Read, Records};

/// A NEWS2 as shown: a number only when every input is there.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct News2Shown {
    pub score: Option<i64>,
    /// False for children and in pregnancy: the score is not made for them, and none is shown.
    pub applies: bool,
    /// The round's fields that are missing for a score.
    pub missing: Vec<String>,
    /// low, low_medium, medium or high; empty while incomplete.
    pub risk: Option<String>,
    /// The points of each input, by the round's field.
    pub points: BTreeMap<String, i64>,
}

/// One round as the patient page shows it.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RoundShown {
    pub id: RecordId,
    pub at: Time,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    pub news2: News2Shown,
    /// The later round that corrects this one.
    pub corrected_by: Option<RecordId>,
}

/// Whether NEWS2 is made for this patient.
pub fn applies_to(patient: &Record, ctx: &Ctx) -> bool {
    news2::applies(
        patient::age_years(patient, ctx.today),
        patient::ANTENATAL.of(patient) == Some("yes"),
    )
}

/// The score of a round of a patient for whom it `applies`, or none.
pub fn news2_shown(record: &Record, applies: bool) -> News2Shown {
    if !applies {
        return News2Shown {
            score: None,
            applies,
            missing: Vec::new(),
            risk: None,
            points: BTreeMap::new(),
        };
    }
    let score = news2::of(record);
    let risk = score.risk().map(|risk| match risk {
        Risk::Low => "low",
        Risk::LowMedium => "low_medium",
        Risk::Medium => "medium",
        Risk::High => "high",
    });
    News2Shown {
        score: score.score(),
        applies,
        missing: score.missing().iter().map(|field| (*field).to_owned()).collect(),
        risk: risk.map(str::to_owned),
        points: score
            .points()
            .iter()
            .map(|(field, points)| ((*field).to_owned(), *points))
            .collect(),
    }
}

/// The rounds of an encounter that no later one corrects, newest first.
pub fn latest(world: &dyn Records, encounter: RecordId) -> Read<Vec<Record>> {
    let all = world.by("round", round::ENCOUNTER.name(), &Value::Ref(encounter))?;
    let corrected: Vec<RecordId> = all.iter().filter_map(|each| round::AMENDS.of(each)).collect();
    let mut standing: Vec<Record> = all.into_iter().filter(|each| !corrected.contains(&each.id)).collect();
    standing.sort_by_key(|each| std::cmp::Reverse((round::AT.of(each), each.id)));
    Ok(standing)
}

/// All rounds of an encounter, newest first, with who corrects whom.
pub fn all_shown(world: &dyn Records, ctx: &Ctx, encounter: RecordId, applies: bool) -> Read<Vec<RoundShown>> {
    let mut all = world.by("round", round::ENCOUNTER.name(), &Value::Ref(encounter))?;
    all.sort_by_key(|each| std::cmp::Reverse((round::AT.of(each), each.id)));
    let corrected_by: BTreeMap<RecordId, RecordId> = all
        .iter()
        .filter_map(|each| Some((round::AMENDS.of(each)?, each.id)))
        .collect();
    let shown = |each: &Record| RoundShown {
        id: each.id,
        at: round::AT.of(each).unwrap_or(Time(0)),
        fields: plain::plain_record(each, &ctx.role),
        news2: news2_shown(each, applies),
        corrected_by: corrected_by.get(&each.id).copied(),
    };
    Ok(all.iter().map(shown).collect())
}

/// The fields of a round that is being entered.
#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct News2Args {
    /// The patient who is observed; without one the score is shown as for an adult.
    pub patient: Option<RecordId>,
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Map<String, Json>,
}

/// The score of a round that is being entered, updating with the inputs.
pub fn news2_of(args: &News2Args, world: &dyn Records, ctx: &Ctx) -> Shown<News2Shown> {
    let patient = args.patient.map(|id| world.get("patient", id)).transpose()?.flatten();
    let applies = patient.is_none_or(|patient| applies_to(&patient, ctx));
    let fields: serde_json::Map<String, Json> = args
        .fields
        .iter()
        .filter(|(name, plain)| {
            let one = std::iter::once(((*name).clone(), (*plain).clone())).collect();
            plain::read_fields(&round::ROUND, &one).is_ok()
        })
        .map(|(name, plain)| (name.clone(), plain.clone()))
        .collect();
    let fields = plain::read_fields(&round::ROUND, &fields).map_err(|_| ViewError::Arguments)?;
    let mut record = Record::new("round", RecordId(uuid::Uuid::nil()));
    record.fields = fields.into();
    Ok(news2_shown(&record, applies))
}
