//! The inbox: what needs a decision from a person.

use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;

use crate::access::{Verb, may, may_see_field, sees_patients};
use crate::entities::{bed, bed_stay, desk, encounter, entity, patient, person, ward};
use crate::plain;
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::views::Shown;
use crate::views::line::open_stay;
use crate::views::rounds::latest;
use crate::ward::conflicts::{WardConflict, ward_conflicts};
use crate::world::{Ctx, FieldConflict, Read, Records};

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Inbox {
    /// Fields that two people changed without knowing of each other.
    pub fields: Vec<FieldConflictShown>,
    /// Records that contradict one another.
    pub ward: Vec<WardConflictShown>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FieldConflictShown {
    pub kind: String,
    pub record: RecordId,
    /// What a person calls the record.
    pub caption: String,
    pub field: String,
    pub heads: Vec<HeadShown>,
    pub may_resolve: bool,
}

/// One of the values in conflict.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct HeadShown {
    pub change: String,
    #[ts(type = "unknown")]
    pub value: Json,
    /// The caption of the record, when the value refers to one.
    pub value_caption: Option<String>,
    pub by: String,
    /// What the computer is called; empty when it has no name.
    pub desk: String,
    pub at: Time,
    pub in_force: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WardConflictShown {
    /// two_in_one_bed, one_in_two_beds, admitted_twice, stock_below_zero, two_triage_entries.
    pub what: String,
    pub since: Option<Time>,
    pub records: Vec<RecordShownShort>,
    pub may_resolve: bool,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecordShownShort {
    pub kind: String,
    pub id: RecordId,
    pub caption: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    /// For an encounter: the bed it has now, and how many rounds were recorded in it.
    pub bed: Option<String>,
    pub rounds: Option<i64>,
}

/// Everything that waits for a decision and that the person may see.
pub fn inbox(world: &dyn Records, ctx: &Ctx) -> Shown<Inbox> {
    let (fields, ward) = (fields_to_decide(world, ctx)?, ward_to_decide(world, ctx)?);
    let fields = fields.iter().map(|conflict| conflict_shown(world, ctx, conflict));
    let ward = ward.iter().map(|conflict| ward_conflict_shown(world, ctx, conflict));
    Ok(Inbox {
        fields: fields.collect::<Read<_>>()?,
        ward: ward.collect::<Read<_>>()?,
    })
}

/// How many decisions the inbox of the person shows.
pub fn to_decide(world: &dyn Records, ctx: &Ctx) -> Read<usize> {
    Ok(fields_to_decide(world, ctx)?.len() + ward_to_decide(world, ctx)?.len())
}

fn fields_to_decide(world: &dyn Records, ctx: &Ctx) -> Read<Vec<FieldConflict>> {
    let mut all = world.conflicts()?;
    all.retain(|conflict| may_see_field(&ctx.role, &conflict.kind, &conflict.field));
    Ok(all)
}

fn ward_to_decide(world: &dyn Records, ctx: &Ctx) -> Read<Vec<WardConflict>> {
    let mut all = ward_conflicts(world, ctx.today)?;
    all.retain(|conflict| may(&ctx.role, Verb::See, kind_of(conflict)));
    Ok(all)
}

fn kind_of(conflict: &WardConflict) -> &str {
    conflict.records.first().map_or("", |record| record.kind.as_str())
}

fn ward_conflict_shown(world: &dyn Records, ctx: &Ctx, conflict: &WardConflict) -> Read<WardConflictShown> {
    let writes = match kind_of(conflict) {
        "item" => "stock_entry",
        kind => kind,
    };
    let records = conflict.records.iter().map(|record| short(world, ctx, record));
    Ok(WardConflictShown {
        what: conflict.what.word().to_owned(),
        since: conflict.since,
        records: records.collect::<Read<_>>()?,
        may_resolve: may(&ctx.role, Verb::Write, writes),
    })
}

fn conflict_shown(world: &dyn Records, ctx: &Ctx, conflict: &FieldConflict) -> Read<FieldConflictShown> {
    let record = world.get(&conflict.kind, conflict.record)?;
    let mut heads = Vec::new();
    for head in &conflict.heads {
        heads.push(HeadShown {
            change: head.change.clone(),
            value: plain::plain_value(&head.value),
            value_caption: referred_caption(world, ctx, &conflict.kind, &conflict.field, &head.value)?,
            by: person_name(world, head.actor)?,
            desk: desk_name(world, head.desk)?,
            at: head.at,
            in_force: head.in_force,
        });
    }
    heads.sort_by_key(|head| head.at);
    Ok(FieldConflictShown {
        kind: conflict.kind.clone(),
        record: conflict.record,
        caption: record
            .map(|record| caption(world, &ctx.role, &record))
            .transpose()?
            .unwrap_or_default(),
        field: conflict.field.clone(),
        heads,
        may_resolve: may(&ctx.role, Verb::Write, &conflict.kind),
    })
}

fn referred_caption(world: &dyn Records, ctx: &Ctx, kind: &str, field: &str, value: &Value) -> Read<Option<String>> {
    let target = entity(kind).and_then(|entity| entity.references().find(|(name, _)| *name == field));
    match (target, value) {
        (Some((_, kind)), Value::Ref(id)) => world
            .get(kind, *id)?
            .map(|record| caption(world, &ctx.role, &record))
            .transpose(),
        _ => Ok(None),
    }
}

/// The name of a person, or empty when they are not known here.
pub fn person_name(world: &dyn Records, id: RecordId) -> Read<String> {
    let found = world.get("person", id)?;
    Ok(found
        .as_ref()
        .and_then(|found| person::NAME.of(found))
        .unwrap_or_default()
        .to_owned())
}

/// What a computer is called, or empty when it has no name here, as one that stands alone.
pub fn desk_name(world: &dyn Records, id: RecordId) -> Read<String> {
    let found = world.get("desk", id)?;
    Ok(found
        .as_ref()
        .and_then(|found| desk::NAME.of(found))
        .unwrap_or_default()
        .to_owned())
}

fn short(world: &dyn Records, ctx: &Ctx, record: &Record) -> Read<RecordShownShort> {
    let is_encounter = record.kind == "encounter";
    let stay = is_encounter.then(|| open_stay(world, record.id)).transpose()?.flatten();
    let bed = stay.as_ref().and_then(|stay| bed_stay::BED.of(stay));
    let bed = bed.map(|id| world.get("bed", id)).transpose()?.flatten();
    let rounds = is_encounter.then(|| latest(world, record.id)).transpose()?;
    Ok(RecordShownShort {
        bed: bed.map(|bed| caption(world, &ctx.role, &bed)).transpose()?,
        rounds: rounds.map(|rounds| rounds.len() as i64),
        kind: record.kind.clone(),
        id: record.id,
        caption: caption(world, &ctx.role, record)?,
        fields: plain::plain_record(record, &ctx.role),
    })
}

/// What a person of the role calls a record: its caption fields; for records about a patient, the
/// patient, when the role may see who that is.
pub fn caption(world: &dyn Records, role: &str, record: &Record) -> Read<String> {
    match record.kind.as_str() {
        "bed_stay" => {
            let encounter = bed_stay::ENCOUNTER
                .of(record)
                .map(|id| world.get("encounter", id))
                .transpose()?
                .flatten();
            let who = encounter
                .map(|each| caption(world, role, &each))
                .transpose()?
                .unwrap_or_default();
            let bed = bed_stay::BED
                .of(record)
                .map(|id| world.get("bed", id))
                .transpose()?
                .flatten();
            let place = bed
                .map(|each| caption(world, role, &each))
                .transpose()?
                .unwrap_or_default();
            let parts = [who, place];
            let told: Vec<&str> = parts
                .iter()
                .map(String::as_str)
                .filter(|part| !part.is_empty())
                .collect();
            Ok(told.join(" · "))
        }
        "encounter" => {
            let who = encounter::PATIENT
                .of(record)
                .map(|id| world.get("patient", id))
                .transpose()?
                .flatten();
            Ok(who
                .as_ref()
                .filter(|_| sees_patients(role))
                .and_then(|who| patient::NAME.of(who))
                .unwrap_or_default()
                .to_owned())
        }
        "bed" => {
            let ward = bed::WARD
                .of(record)
                .map(|id| world.get("ward", id))
                .transpose()?
                .flatten();
            let ward = ward.as_ref().and_then(|ward| ward::NAME.of(ward)).unwrap_or_default();
            Ok(format!("{ward} {}", bed::LABEL.of(record).unwrap_or_default()))
        }
        _ => Ok(plain_caption(role, record)),
    }
}

fn plain_caption(role: &str, record: &Record) -> String {
    let Some(entity) = entity(&record.kind) else {
        return String::new();
    };
    let part = |name: &&str| match record.value(name) {
        Value::Text(text) | Value::Code(text) => Some(text.clone()),
        Value::Date(date) => Some(date.to_string()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    };
    let seen = entity
        .caption
        .iter()
        .filter(|name| may_see_field(role, &record.kind, name));
    seen.filter_map(part).collect::<Vec<_>>().join(" · ")
}
