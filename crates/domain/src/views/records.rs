//! Records of any kind as plain lists, for settings and pick lists.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use ts_rs::TS;

use crate::access::{Verb, may, may_see_field};
use crate::entities::entity;
use crate::plain;
use crate::value::RecordId;
use crate::views::{Shown, ViewError};
use crate::world::{Ctx, Records};

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecordsArgs {
    pub kind: String,
}

/// All records of a kind that are not voided, each as its plain fields and `id`.
pub fn records(args: &RecordsArgs, world: &dyn Records, ctx: &Ctx) -> Shown<Vec<Json>> {
    allowed(&args.kind, ctx)?;
    let all = world.all(&args.kind)?;
    Ok(all.iter().map(|each| plain::plain_record(each, &ctx.role)).collect())
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecordArgs {
    pub kind: String,
    pub id: RecordId,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecordShown {
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    pub in_conflict: Vec<String>,
    pub voided: bool,
}

/// One record of any kind.
pub fn record(args: &RecordArgs, world: &dyn Records, ctx: &Ctx) -> Shown<RecordShown> {
    allowed(&args.kind, ctx)?;
    let record = world.get(&args.kind, args.id)?.ok_or(ViewError::NotFound)?;
    let own = world
        .conflicts()?
        .into_iter()
        .filter(|each| each.kind == args.kind && each.record == args.id);
    Ok(RecordShown {
        fields: plain::plain_record(&record, &ctx.role),
        in_conflict: own
            .map(|each| each.field)
            .filter(|field| may_see_field(&ctx.role, &args.kind, field))
            .collect(),
        voided: record.is_voided(),
    })
}

fn allowed(kind: &str, ctx: &Ctx) -> Shown<()> {
    let entity = entity(kind).ok_or(ViewError::Unknown)?;
    if may(&ctx.role, Verb::See, entity.kind) {
        Ok(())
    } else {
        Err(ViewError::NotAllowed)
    }
}
