//! What stands on record about a person, gathered from this desk's file: each record as it is now, every change of it
//! with its author and desk, what is in conflict, and what the district keeps aside.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::recorded_role;
use domain::audit::is_written_by_desks;
use domain::entities::entity;
use domain::entity::Home;
use domain::field::{Masking, Shape};
use domain::views::audit::{AuditLine, all_who_looked};
use domain::views::{ViewError, names};
use domain::ward::held;
use domain::world::FieldConflict;
use domain::{Ctx, Record, RecordId, Records, Time, Value, plain};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use store::{Past, Reader};
use sync_core::{Change, UserId};

use crate::Failure;

/// The version of the report's form.
pub const FORM: u16 = 2;

/// Everything.
#[derive(Serialize)]
pub struct Held {
    pub form: u16,
    pub facility: Named,
    /// What the person is called.
    pub name: String,
    pub made_at: Time,
    pub made_by: Author,
    /// The registrations of the person.
    pub registrations: Vec<RecordId>,
    /// When the district was last heard: what others wrote since is not in it.
    pub district_heard_at: Option<Time>,
    /// Of some records only what still stood when this desk joined is here; all of their earlier values are at the
    /// district's server.
    pub has_partial_history: bool,
    pub records: Vec<HeldRecord>,
    pub kept_aside: Vec<HeldAside>,
    /// Who looked at these records or handed them out, oldest first.
    pub looked: Vec<AuditLine>,
    /// What is called how that fields refer to: places, people who work here, other facilities.
    pub called: BTreeMap<RecordId, String>,
}

#[derive(Serialize)]
pub struct HeldRecord {
    pub kind: String,
    pub id: RecordId,
    /// What it is called in the program.
    pub label: String,
    pub entered_in_error: bool,
    pub now: Map<String, Json>,
    /// Fields with more than one value, until a person decides.
    pub in_conflict: Vec<HeldConflict>,
    /// Oldest first.
    pub history: Vec<HeldChange>,
}

#[derive(Serialize)]
pub struct HeldConflict {
    pub field: String,
    pub values: Vec<Json>,
}

#[derive(Serialize)]
pub struct HeldChange {
    pub change: String,
    pub at: Time,
    pub by: Author,
    pub desk: Named,
    pub fields: Map<String, Json>,
    pub received_by_district: bool,
    /// Why the district keeps it aside, if it does.
    pub kept_aside: Option<String>,
    /// Only what of it still stood when this desk joined.
    pub partial: bool,
}

/// What another desk of the facility wrote and the district keeps aside until somebody decides.
#[derive(Serialize)]
pub struct HeldAside {
    pub since: Time,
    pub by: Option<Author>,
    pub says: Vec<HeldSaying>,
}

#[derive(Serialize)]
pub struct HeldSaying {
    pub kind: String,
    pub record: RecordId,
    pub fields: Map<String, Json>,
}

/// A person who wrote something.
#[derive(Serialize, Clone)]
pub struct Author {
    pub id: UserId,
    pub name: String,
    pub role: String,
}

#[derive(Serialize, Clone)]
pub struct Named {
    pub id: RecordId,
    pub name: String,
}

/// Gathers everything about the person of the registration, as the role in `ctx` may see it.
pub fn gather(
    reader: &Reader<'_>,
    ctx: &Ctx,
    aside: Vec<store::Aside>,
    registration: RecordId,
) -> Result<Held, Failure> {
    let unread = ViewError::from;
    let voided = |kind: &str| reader.voided(kind);
    let about = held::about(reader, &voided, registration).map_err(unread)?;
    if about.records.is_empty() {
        return Err(Failure::new("not_found"));
    }
    let conflicts = reader.conflicts().map_err(unread)?;
    let writers = Writers { reader };
    let mut records = Vec::new();
    // What desks wrote by themselves is told as who looked.
    for record in about.records.iter().filter(|record| !is_written_by_desks(&record.kind)) {
        let mut shown = writers.record(ctx, record)?;
        let of_it = conflicts
            .iter()
            .filter(|each| each.kind == record.kind && each.record == record.id);
        shown.in_conflict = of_it.map(conflict).collect();
        records.push(shown);
    }
    let mut changes = records.iter().flat_map(|record| &record.history);
    let has_partial_history = changes.any(|change| change.partial);
    let ids: BTreeSet<RecordId> = about.records.iter().map(|record| record.id).collect();
    let called = writers.called(ctx, &records)?;
    let named = about.records.first();
    let name = named.map_or(Ok(String::new()), |first| names::caption(reader, &ctx.role, first));
    Ok(Held {
        form: FORM,
        facility: Named {
            id: ctx.facility,
            name: names::facility_name(reader, ctx.facility).map_err(unread)?,
        },
        name: name.map_err(unread)?,
        made_at: ctx.now,
        made_by: writers.author(ctx.person)?,
        registrations: about.registrations,
        district_heard_at: ctx.heard,
        has_partial_history,
        records,
        kept_aside: writers.kept_aside(ctx, &ids, &aside)?,
        looked: all_who_looked(registration, reader, ctx)?,
        called,
    })
}

fn conflict(conflict: &FieldConflict) -> HeldConflict {
    HeldConflict {
        field: conflict.field.clone(),
        values: conflict
            .heads
            .iter()
            .map(|head| plain::plain_value(&head.value))
            .collect(),
    }
}

/// Tells who wrote what.
struct Writers<'a, 'c> {
    reader: &'a Reader<'c>,
}

impl Writers<'_, '_> {
    fn author(&self, id: UserId) -> Result<Author, Failure> {
        let role = recorded_role(id, self.reader).map_err(ViewError::from)?;
        Ok(Author {
            id,
            name: names::person_name(self.reader, id).map_err(ViewError::from)?,
            role: role.unwrap_or_default().to_owned(),
        })
    }

    fn record(&self, ctx: &Ctx, record: &Record) -> Result<HeldRecord, Failure> {
        let history = self.reader.history(&record.kind, record.id)?;
        Ok(HeldRecord {
            kind: record.kind.clone(),
            id: record.id,
            label: entity(&record.kind).map_or("", |entity| entity.label).to_owned(),
            entered_in_error: record.is_voided(),
            now: plain::plain_fields(&record.kind, &record.fields, &ctx.role),
            in_conflict: Vec::new(),
            history: history
                .into_iter()
                .map(|past| self.change(ctx, past))
                .collect::<Result<_, _>>()?,
        })
    }

    /// What the records are called that anything refers to, as far as they are about nobody.
    fn called(&self, ctx: &Ctx, records: &[HeldRecord]) -> Result<BTreeMap<RecordId, String>, Failure> {
        let mut called = BTreeMap::new();
        for record in records {
            let written = record.history.iter().map(|change| &change.fields);
            for (name, value) in written.chain([&record.now]).flatten() {
                let shape = entity(&record.kind).and_then(|entity| entity.field(name));
                let (Some(Shape::Ref(kind)), Some(id)) = (shape.map(|about| about.shape), value.as_str()) else {
                    continue;
                };
                let Ok(id) = id.parse::<RecordId>() else { continue };
                if called.contains_key(&id) || is_about_people(kind) {
                    continue;
                }
                let found = self.reader.get(kind, id).map_err(ViewError::from)?;
                if let Some(found) = found {
                    let caption = names::caption(self.reader, &ctx.role, &found);
                    called.insert(id, caption.map_err(ViewError::from)?);
                }
            }
        }
        Ok(called)
    }

    fn change(&self, ctx: &Ctx, past: Past) -> Result<HeldChange, Failure> {
        let desk = RecordId(past.change.device.0);
        Ok(HeldChange {
            change: past.change.to_string(),
            at: Time(past.wall_ms),
            by: self.author(past.actor)?,
            desk: Named {
                id: desk,
                name: names::desk_name(self.reader, desk).map_err(ViewError::from)?,
            },
            fields: plain::plain_fields(&past.kind, &past.fields, &ctx.role),
            received_by_district: past.lsn.is_some(),
            kept_aside: past.parked,
            partial: past.is_partial,
        })
    }

    /// What others wrote about these records, or about a new one that refers to them, and nobody decided about yet.
    fn kept_aside(
        &self,
        ctx: &Ctx,
        ids: &BTreeSet<RecordId>,
        aside: &[store::Aside],
    ) -> Result<Vec<HeldAside>, Failure> {
        let mut kept = Vec::new();
        for action in aside {
            let said = action.told.says.iter().filter_map(|carried| carried.read().ok());
            let changes: Vec<Change> = said.map(|encoded| encoded.change().clone()).collect();
            if !changes.iter().any(|change| is_about(change, ids)) {
                continue;
            }
            kept.push(HeldAside {
                since: Time(action.told.since_ms),
                by: action.told.written.map(|written| self.author(written.by)).transpose()?,
                says: changes.into_iter().map(|change| saying(ctx, change)).collect(),
            });
        }
        Ok(kept)
    }
}

/// Whether records of the kind are about patients: then others may not be named.
fn is_about_people(kind: &str) -> bool {
    entity(kind).is_none_or(|entity| {
        let is_personal = entity.fields.iter().any(|field| field.masking != Masking::Open);
        entity.home != Home::District && is_personal
    })
}

fn is_about(change: &Change, ids: &BTreeSet<RecordId>) -> bool {
    let refers = |value: &Value| matches!(value, Value::Ref(id) if ids.contains(id));
    ids.contains(&change.record) || change.fields.values().any(refers)
}

fn saying(ctx: &Ctx, change: Change) -> HeldSaying {
    HeldSaying {
        fields: plain::plain_fields(&change.kind, &change.fields, &ctx.role),
        kind: change.kind,
        record: change.record,
    }
}
