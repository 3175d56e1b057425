//! What people, computers and records are called.

use crate::access::{may_see_field, sees_patients};
use crate::entities::{bed, bed_hold, bed_stay, desk, encounter, entity, facility, patient, person, stock_entry, ward};
use crate::record::Record;
use crate::value::{RecordId, Value};
use crate::ward::persons;
use crate::world::{Read, Records};

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

/// What a hospital is called, or empty when it is not known here.
pub fn facility_name(world: &dyn Records, id: RecordId) -> Read<String> {
    let found = world.get("facility", id)?;
    Ok(found
        .as_ref()
        .and_then(|found| facility::NAME.of(found))
        .unwrap_or_default()
        .to_owned())
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
                .map(|id| persons::person(world, id))
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
        "bed_hold" => referred(world, role, "bed", bed_hold::BED.of(record)),
        "stock_entry" => referred(world, role, "item", stock_entry::ITEM.of(record)),
        _ => Ok(plain_caption(role, record)),
    }
}

fn referred(world: &dyn Records, role: &str, kind: &str, id: Option<RecordId>) -> Read<String> {
    let found = id.map(|id| world.get(kind, id)).transpose()?.flatten();
    let found = found.map(|found| caption(world, role, &found)).transpose()?;
    Ok(found.unwrap_or_default())
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
