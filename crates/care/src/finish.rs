//! What follows from several of Care's fields together, kind by kind.

use domain::codes::{self, release::Release};
use domain::{Draft, Value};
use serde_json::Value as Json;

use crate::items::Item;

/// Nothing follows.
pub fn nothing(_: &mut Draft, _: &Item, _: Release) {}

fn text(item: &Item, field: &str) -> String {
    item.fields
        .get(field)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn is_true(item: &Item, field: &str) -> bool {
    item.fields.get(field).and_then(Json::as_bool).unwrap_or(false)
}

fn set(draft: &mut Draft, field: &str, value: Value) {
    draft.fields.insert(field.to_owned(), value);
}

fn code(word: &str) -> Value {
    Value::Code(word.to_owned())
}

/// Care keeps two names; people without one are called by their username.
pub fn full_name(draft: &mut Draft, item: &Item, _: Release) {
    let name = format!("{} {}", text(item, "first_name"), text(item, "last_name"));
    let name = if name.trim().is_empty() {
        text(item, "username")
    } else {
        name.trim().to_owned()
    };
    set(draft, "name", Value::Text(name));
    if is_true(item, "is_superuser") {
        set(draft, "role", code("super_admin"));
    }
}

pub fn oxygen(draft: &mut Draft, item: &Item, _: Release) {
    let is_oxygen = text(item, "name").to_lowercase().contains("oxygen");
    set(draft, "oxygen", code(if is_oxygen { "yes" } else { "no" }));
}

/// Free text in Care's `allergies` means that something is known; blank says nothing.
pub fn allergy_status(draft: &mut Draft, item: &Item, _: Release) {
    if !text(item, "allergies").is_empty() {
        set(draft, "allergy_status", code("known"));
    }
    // A year of birth beside a date of birth says nothing more.
    if draft.fields.get("birth_date").is_some_and(|value| !value.is_empty()) {
        draft.fields.remove("birth_year");
    }
}

pub fn admission(draft: &mut Draft, item: &Item, release: Release) {
    let since = item
        .fields
        .get("encounter_date")
        .or_else(|| item.fields.get("admission_date"));
    let at =
        since.and_then(|json| crate::convert::convert(domain::field::Shape::Time, json, release, |_, _| None).ok());
    if let Some(at) = at {
        set(
            draft,
            if is_true(item, "admitted") {
                "admitted_at"
            } else {
                "seen_at"
            },
            at,
        );
    }
    if let Some((list, word)) = codes::release::category(release, &text(item, "category")) {
        let field = if list.name == codes::encounter::COVID_CATEGORY.name {
            "covid_category"
        } else {
            "category"
        };
        set(draft, field, code(word));
    }
    // Zero is Care's way of saying that nobody measured.
    for measure in ["height", "weight"] {
        if matches!(draft.fields.get(measure), Some(Value::Decimal(number)) if number.digits == 0) {
            draft.fields.remove(measure);
        }
    }
    if draft.fields.get("symptoms").is_none_or(Value::is_empty) {
        draft.fields.remove("symptoms_onset");
    }
}

/// Care keeps temperature in °F, blood pressure in one field, and oxygen as a modality.
pub fn vitals(draft: &mut Draft, item: &Item, _: Release) {
    let number = |json: Option<&Json>| json.and_then(Json::as_f64);
    if let Some(fahrenheit) = number(item.fields.get("temperature")) {
        let tenths = ((fahrenheit - 32.0) * 50.0 / 9.0).round();
        if (0.0..1_000.0).contains(&tenths) {
            set(
                draft,
                "temperature",
                Value::Decimal(domain::Decimal::new(tenths as i64, 1)),
            );
        }
    }
    let pressure = item.fields.get("bp");
    for side in ["systolic", "diastolic"] {
        let found = number(pressure.and_then(|pressure| pressure.get(side))).filter(|value| *value > 0.0);
        if let Some(value) = found {
            set(draft, side, Value::Int(value.round() as i64));
        }
    }
    if let Some(spo2) = number(item.fields.get("spo2")).filter(|_| !draft.fields.contains_key("spo2")) {
        set(draft, "spo2", Value::Int(spo2.round() as i64));
    }
    if draft.fields.get("at").is_none_or(Value::is_empty)
        && let Some(json) = item.fields.get("created_date")
        && let Ok(at) = crate::convert::convert(domain::field::Shape::Time, json, Release::C24, |_, _| None)
    {
        set(draft, "at", at);
    }
}

pub fn movement(draft: &mut Draft, item: &Item, _: Release) {
    set(
        draft,
        "movement",
        code(if is_true(item, "is_incoming") {
            "receive"
        } else {
            "issue"
        }),
    );
}

/// Care counts whole days; they stand at the evening shift, and the note says so.
pub fn whole_day(draft: &mut Draft, _: &Item, _: Release) {
    set(draft, "shift", code("evening"));
    set(draft, "note", Value::Text("Whole day, from Care".to_owned()));
}

/// Care's places of assets have one of three sorts.
pub fn ward_kind(draft: &mut Draft, item: &Item, _: Release) {
    let word = match item.fields.get("location_type").and_then(Json::as_i64) {
        Some(10) => "icu",
        Some(20) => "general",
        _ => "other",
    };
    set(draft, "ward_kind", code(word));
}
