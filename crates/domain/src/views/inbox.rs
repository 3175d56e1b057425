//! The inbox: what needs a decision from a person, since when, and what ends it.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value as Json;
use ts_rs::TS;

use crate::access::{Verb, may, may_see_field};
use crate::emergency::{EmergencyToReview, to_review};
use crate::entities::{bed_stay, entity};
use crate::field::Merge;
use crate::plain;
use crate::record::{Record, VOIDED};
use crate::value::{RecordId, Time, Value};
use crate::views::Shown;
use crate::views::line::open_stay;
use crate::views::names::{caption, desk_name, person_name};
use crate::views::rounds::latest;
use crate::ward::conflicts::attention::{Escalation, escalation, field_limits, is_shown, limits, roles_here};
use crate::ward::conflicts::ways::ways;
use crate::ward::conflicts::{Contradiction, WardConflict, ward_conflicts};
use crate::ward::stock::quantity;
use crate::world::{Ctx, FieldConflict, Read, Records};

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Inbox {
    /// Fields that two people changed without knowing of each other; the oldest of the most urgent first.
    pub fields: Vec<FieldConflictShown>,
    /// Records that contradict one another, in the same order.
    pub ward: Vec<WardConflictShown>,
    /// Emergency access that nobody has looked into, oldest first; told to admins alone.
    pub emergencies: Vec<EmergencyToReview>,
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
    pub since: Option<Time>,
    pub escalation: Escalation,
    /// Nobody may rely on either value until a person decides.
    pub blocks: bool,
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
    /// The word of a [`Contradiction`].
    pub what: String,
    pub since: Option<Time>,
    pub escalation: Escalation,
    pub records: Vec<RecordShownShort>,
    pub ways: Vec<WayShown>,
    /// For two registrations that look like one person, in what they agree.
    pub reasons: Vec<String>,
    /// For an edit after a void, what both sides say.
    pub said: Option<FieldConflictShown>,
    /// This desk has not heard of the others lately: what they wrote may end it.
    pub advisory: bool,
    pub may_resolve: bool,
}

/// One thing that a person can do to end it.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct WayShown {
    /// The word that the action `decide` takes; `count`, `keep_standing` and `keep_voided` are done elsewhere.
    pub what: String,
    pub kind: String,
    pub record: RecordId,
    pub other: Option<RecordId>,
    pub at: Option<Time>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct RecordShownShort {
    pub kind: String,
    pub id: RecordId,
    pub caption: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: Json,
    pub voided: bool,
    /// For an encounter: the bed it has now, and how many rounds were recorded in it.
    pub bed: Option<String>,
    pub rounds: Option<i64>,
    /// For an item: what the entries give.
    pub balance: Option<String>,
}

/// When a desk heard the district within so many milliseconds, what it shows is not advisory: an
/// exchange is tried every half minute, and after a failure every minute.
pub const HEARD_LATELY_MS: i64 = 15 * Time::MINUTE_MS;

/// Everything that waits for a decision and that the person may see.
pub fn inbox(world: &dyn Records, ctx: &Ctx) -> Shown<Inbox> {
    let (fields, ward) = to_show(world, ctx)?;
    let fields = fields.iter().map(|conflict| conflict_shown(world, ctx, conflict));
    let ward = ward.iter().map(|conflict| ward_conflict_shown(world, ctx, conflict));
    let mut inbox = Inbox {
        fields: fields.collect::<Read<_>>()?,
        ward: ward.collect::<Read<_>>()?,
        emergencies: to_review(world, ctx)?,
    };
    let urgency = |escalation: Escalation, since: Option<Time>| (std::cmp::Reverse(escalation), since);
    inbox.fields.sort_by_key(|each| urgency(each.escalation, each.since));
    inbox.ward.sort_by_key(|each| urgency(each.escalation, each.since));
    Ok(inbox)
}

/// What waits so long that everybody is told of it: how much, and since when the oldest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Unattended {
    /// The word of a [`Contradiction`], or `field` for two values of one field.
    pub what: String,
    pub count: i64,
    pub since: Option<Time>,
}

/// How many decisions the inbox of the person shows, and what waits too long for anybody.
pub fn waiting(world: &dyn Records, ctx: &Ctx) -> Read<(usize, Vec<Unattended>)> {
    let (fields, ward) = read(world, ctx)?;
    let here = roles_here(world, ctx)?;
    let mut shown = to_review(world, ctx)?.len();
    let mut unattended: Vec<Unattended> = Vec::new();
    let told = ward
        .iter()
        .map(|each| (each.what.word(), kind_of(each), each.since, ward_escalation(each, ctx)));
    let told = told.chain(fields.iter().map(|each| {
        let escalation = field_escalation(each, ctx);
        ("field", each.kind.as_str(), since(each), escalation)
    }));
    for (what, kind, since, escalation) in told {
        shown += usize::from(is_shown(ctx, &here, kind, escalation));
        if escalation != Escalation::WarRoom {
            continue;
        }
        match unattended.iter_mut().find(|each| each.what == what) {
            Some(each) => {
                each.count += 1;
                each.since = each.since.min(since);
            }
            None => unattended.push(Unattended {
                what: what.to_owned(),
                count: 1,
                since,
            }),
        }
    }
    unattended.sort_by_key(|each| each.since);
    Ok((shown, unattended))
}

type Both = (Vec<FieldConflict>, Vec<WardConflict>);

/// Everything that the role may see. Two values of whether a record stands are a contradiction of the ward.
fn read(world: &dyn Records, ctx: &Ctx) -> Read<Both> {
    let mut fields = world.conflicts()?;
    fields.retain(|conflict| conflict.field != VOIDED && may_see_field(&ctx.role, &conflict.kind, &conflict.field));
    let mut ward = ward_conflicts(world, ctx.now, ctx.today)?;
    ward.retain(|conflict| {
        conflict
            .records
            .iter()
            .all(|record| may(&ctx.role, Verb::See, &record.kind))
    });
    Ok((fields, ward))
}

fn to_show(world: &dyn Records, ctx: &Ctx) -> Read<Both> {
    let here: BTreeSet<String> = roles_here(world, ctx)?;
    let (mut fields, mut ward) = read(world, ctx)?;
    fields.retain(|each| is_shown(ctx, &here, &each.kind, field_escalation(each, ctx)));
    ward.retain(|each| is_shown(ctx, &here, kind_of(each), ward_escalation(each, ctx)));
    Ok((fields, ward))
}

fn kind_of(conflict: &WardConflict) -> &str {
    conflict.records.first().map_or("", |record| record.kind.as_str())
}

fn ward_escalation(conflict: &WardConflict, ctx: &Ctx) -> Escalation {
    escalation(conflict.since, limits(conflict.what), ctx.now)
}

fn field_escalation(conflict: &FieldConflict, ctx: &Ctx) -> Escalation {
    escalation(since(conflict), field_limits(&conflict.kind, &conflict.field), ctx.now)
}

/// There are two values since the second was written.
fn since(conflict: &FieldConflict) -> Option<Time> {
    conflict.heads.iter().map(|head| head.at).max()
}

fn ward_conflict_shown(world: &dyn Records, ctx: &Ctx, conflict: &WardConflict) -> Read<WardConflictShown> {
    let records = conflict.records.iter().map(|record| short(world, ctx, record));
    let may_do = ways(conflict)
        .into_iter()
        .filter(|way| may(&ctx.role, Verb::Write, &way.writes));
    let ways: Vec<WayShown> = may_do
        .map(|way| WayShown {
            what: way.what.to_owned(),
            kind: way.kind,
            record: way.record,
            other: way.other,
            at: way.at,
        })
        .collect();
    let is_stock = matches!(
        conflict.what,
        Contradiction::StockBelowZero | Contradiction::StockWasBelowZero
    );
    let said = conflict.said.as_ref();
    Ok(WardConflictShown {
        what: conflict.what.word().to_owned(),
        since: conflict.since,
        escalation: ward_escalation(conflict, ctx),
        records: records.collect::<Read<_>>()?,
        may_resolve: !ways.is_empty(),
        ways,
        reasons: conflict.reasons.iter().map(|reason| reason.word().to_owned()).collect(),
        said: said.map(|said| conflict_shown(world, ctx, said)).transpose()?,
        advisory: is_stock && !ctx.has_heard_lately(HEARD_LATELY_MS),
    })
}

/// A field with several values, as the role may see it.
pub fn conflict_shown(world: &dyn Records, ctx: &Ctx, conflict: &FieldConflict) -> Read<FieldConflictShown> {
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
    let about = entity(&conflict.kind).and_then(|entity| entity.field(&conflict.field));
    Ok(FieldConflictShown {
        kind: conflict.kind.clone(),
        record: conflict.record,
        caption: record
            .map(|record| caption(world, &ctx.role, &record))
            .transpose()?
            .unwrap_or_default(),
        field: conflict.field.clone(),
        heads,
        since: since(conflict),
        escalation: field_escalation(conflict, ctx),
        blocks: about.is_some_and(|about| matches!(about.merge, Merge::Both)),
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

fn short(world: &dyn Records, ctx: &Ctx, record: &Record) -> Read<RecordShownShort> {
    let is_encounter = record.kind == "encounter";
    let open = match record.kind.as_str() {
        "encounter" => Some(record.clone()),
        "patient" => crate::views::line::open_encounter(world, record.id)?,
        _ => None,
    };
    let stay = open.map(|open| open_stay(world, open.id)).transpose()?.flatten();
    let bed = stay.as_ref().and_then(|stay| bed_stay::BED.of(stay));
    let bed = bed.map(|id| world.get("bed", id)).transpose()?.flatten();
    let rounds = is_encounter.then(|| latest(world, record.id)).transpose()?;
    let is_item = record.kind == "item";
    let balance = is_item.then(|| world.balances("stock_entry")).transpose()?;
    Ok(RecordShownShort {
        bed: bed.map(|bed| caption(world, &ctx.role, &bed)).transpose()?,
        rounds: rounds.map(|rounds| rounds.len() as i64),
        balance: balance.map(|all| quantity(all.get(&record.id).map_or(0, |balance| balance.sum)).to_string()),
        kind: record.kind.clone(),
        id: record.id,
        caption: caption(world, &ctx.role, record)?,
        fields: plain::plain_record(record, &ctx.role),
        voided: record.is_voided(),
    })
}
