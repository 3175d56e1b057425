//! Records as plain JSON, the form in which screens send and receive them: numbers, texts, words,
//! lists of words, ISO dates, milliseconds, ids; decimals as text so that they stay exact.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::access::may_see_field;
use crate::check::Problem;
use crate::entity::Entity;
use crate::field::Shape;
use crate::record::Record;
use crate::value::{Time, Value};

/// Reads the fields of a draft of `entity` from plain JSON.
///
/// # Errors
/// One problem for each field that is unknown or cannot be read as its type.
pub fn read_fields(
    entity: &Entity,
    json: &serde_json::Map<String, Json>,
) -> Result<BTreeMap<String, Value>, Vec<Problem>> {
    let mut fields = BTreeMap::new();
    let mut problems = Vec::new();
    for (name, plain) in json {
        match entity.field(name) {
            None => problems.push(Problem::new(entity.kind, name, "unknown_field")),
            Some(about) => match read_value(about.shape, plain) {
                Some(value) => drop(fields.insert(name.clone(), value)),
                None => problems.push(Problem::new(entity.kind, name, "wrong_type")),
            },
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

fn read_value(shape: Shape, plain: &Json) -> Option<Value> {
    if plain.is_null() || plain.as_str() == Some("") {
        return Some(Value::Empty);
    }
    let word = || plain.as_str().map(str::to_owned);
    match shape {
        Shape::Text { .. } => word().map(Value::Text),
        Shape::Int => match plain {
            Json::String(text) => text.trim().parse().ok().map(Value::Int),
            number => number.as_i64().map(Value::Int),
        },
        Shape::Decimal { .. } => match plain {
            Json::String(text) => text.trim().parse().ok().map(Value::Decimal),
            Json::Number(number) => number.to_string().parse().ok().map(Value::Decimal),
            _ => None,
        },
        Shape::Code(_) => word().map(Value::Code),
        Shape::Codes(_) => {
            let words = plain.as_array()?.iter().map(|item| item.as_str().map(str::to_owned));
            words.collect::<Option<_>>().map(Value::Codes)
        }
        Shape::Date => plain.as_str()?.trim().parse().ok().map(Value::Date),
        Shape::Time => plain.as_i64().map(|ms| Value::Time(Time(ms))),
        Shape::Ref(_) => plain.as_str()?.parse().ok().map(Value::Ref),
    }
}

/// The plain JSON of one value.
pub fn plain_value(value: &Value) -> Json {
    match value {
        Value::Empty => Json::Null,
        Value::Int(number) => (*number).into(),
        Value::Decimal(number) => number.to_string().into(),
        Value::Text(text) | Value::Code(text) => text.clone().into(),
        Value::Codes(words) => words.iter().cloned().collect::<Vec<_>>().into(),
        Value::Time(time) => time.0.into(),
        Value::Date(date) => date.to_string().into(),
        Value::Ref(id) => id.to_string().into(),
        Value::Other(json) => serde_json::from_str(json).unwrap_or(Json::Null),
    }
}

/// The plain JSON object of those fields of a record of `kind` that `role` may see.
pub fn plain_fields(kind: &str, fields: &BTreeMap<String, Value>, role: &str) -> serde_json::Map<String, Json> {
    let seen = fields.iter().filter(|(name, _)| may_see_field(role, kind, name));
    seen.map(|(name, value)| (name.clone(), plain_value(value))).collect()
}

/// The plain JSON object of a record: the fields that `role` may see, and `id`.
pub fn plain_record(record: &Record, role: &str) -> Json {
    let mut object = plain_fields(&record.kind, &record.fields, role);
    object.insert("id".to_owned(), record.id.to_string().into());
    Json::Object(object)
}
