//! The one gate for writing: a draft becomes a [`Checked`] draft, or a list of problems that say
//! which field, which rule and which numbers. Reading is lenient; only writing is strict.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::audit::is_written_by_desks;
use crate::entities::entity;
use crate::entity::{After, Entity};
use crate::erasure::erases;
use crate::field::{About, Shape};
use crate::record::{Record, VOID_REASON, VOIDED};
use crate::value::{RecordId, Value};
use crate::world::{Overlay, Read, Records};

/// What a person wants to write: only the fields they changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub kind: String,
    pub id: RecordId,
    pub fields: BTreeMap<String, Value>,
    /// Fields whose unusual value the person has looked at and confirmed.
    pub confirmed: BTreeSet<String>,
}

impl Draft {
    pub fn new(kind: &str, id: RecordId) -> Draft {
        Draft {
            kind: kind.to_owned(),
            id,
            fields: BTreeMap::new(),
            confirmed: BTreeSet::new(),
        }
    }

    /// This draft writing `value` to `field`.
    pub fn with<T: crate::field::Held>(mut self, field: &crate::Field<T>, value: impl Into<T::Write>) -> Draft {
        self.fields.insert(field.name().to_owned(), T::write(value.into()));
        self
    }

    /// This draft writing `value` to the field called `name`.
    pub fn with_value(mut self, name: &str, value: Value) -> Draft {
        self.fields.insert(name.to_owned(), value);
        self
    }
}

/// Why a draft cannot be written, without prose: screens find the words by `code`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[ts(export_to = "wire.ts")]
pub struct Problem {
    pub kind: String,
    /// The field it is about; empty when it is about the whole record.
    pub field: String,
    pub code: String,
    /// Limits and counts for the message; never a value that a person typed.
    pub numbers: BTreeMap<String, String>,
    /// Unusual, not impossible: the person may confirm it.
    pub ask: bool,
}

impl Problem {
    pub fn new(kind: &str, field: &str, code: &str) -> Problem {
        let (kind, field, code) = (kind.to_owned(), field.to_owned(), code.to_owned());
        Problem {
            kind,
            field,
            code,
            numbers: BTreeMap::new(),
            ask: false,
        }
    }

    pub fn number(mut self, name: &str, number: impl ToString) -> Problem {
        self.numbers.insert(name.to_owned(), number.to_string());
        self
    }

    pub fn asking(mut self) -> Problem {
        self.ask = true;
        self
    }
}

/// A draft that passed every check; the only thing from which a change can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    draft: Draft,
}

impl Checked {
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    pub fn into_draft(self) -> Draft {
        self.draft
    }
}

/// Checks the drafts of one user action together: each rule sees the records as they would be
/// after all of them. Answers every problem found, or the drafts ready to be written.
///
/// # Errors
/// [`crate::Unreadable`] when the other records cannot be read.
pub fn check(drafts: Vec<Draft>, world: &dyn Records) -> Read<Result<Vec<Checked>, Vec<Problem>>> {
    let mut problems = Vec::new();
    let mut after = Overlay::over(world);
    let mut ready = Vec::new();
    for draft in drafts {
        let Some(entity) = entity(&draft.kind) else {
            problems.push(Problem::new(&draft.kind, "", "unknown_kind"));
            continue;
        };
        let draft = normalised(entity, draft);
        let before = after.get(entity.kind, draft.id)?;
        let record = applied(before.as_ref(), &draft);
        problems.extend(check_fields(entity, &draft, before.as_ref(), &record));
        after.put(record.clone());
        ready.push((entity, draft, before, record));
    }
    for (entity, draft, before, record) in &ready {
        problems.extend(check_references(entity, draft, &after)?);
        if record.is_voided() {
            continue;
        }
        for rule in entity.rules {
            let found = rule(&After {
                record,
                before: before.as_ref(),
                world: &after,
            })?;
            problems.extend(
                found
                    .into_iter()
                    .filter(|problem| !(problem.ask && draft.confirmed.contains(&problem.field))),
            );
        }
    }
    problems.sort();
    problems.dedup();
    Ok(if problems.is_empty() {
        Ok(ready.into_iter().map(|(_, draft, _, _)| Checked { draft }).collect())
    } else {
        Err(problems)
    })
}

/// Text trimmed, empty text and empty lists as [`Value::Empty`], decimals at the field's scale.
fn normalised(entity: &Entity, mut draft: Draft) -> Draft {
    for (name, value) in &mut draft.fields {
        let shape = entity.field(name).map(|about| about.shape);
        *value = match (std::mem::replace(value, Value::Empty), shape) {
            (Value::Text(text), _) if text.trim().is_empty() => Value::Empty,
            (Value::Text(text), _) => Value::Text(text.trim().to_owned()),
            (Value::Codes(words), _) if words.is_empty() => Value::Empty,
            (Value::Decimal(number), Some(Shape::Decimal { scale })) => {
                Value::Decimal(number.rescaled(scale).unwrap_or(number))
            }
            (Value::Int(number), Some(Shape::Decimal { scale })) => {
                let whole = crate::value::Decimal::new(number, 0);
                Value::Decimal(whole.rescaled(scale).unwrap_or(whole))
            }
            (other, _) => other,
        };
    }
    draft
}

/// The record as it would be after the draft.
pub fn applied(before: Option<&Record>, draft: &Draft) -> Record {
    let mut record = before.cloned().unwrap_or_else(|| Record::new(&draft.kind, draft.id));
    record
        .fields
        .extend(draft.fields.iter().map(|(name, value)| (name.clone(), value.clone())));
    record
}

fn check_fields(entity: &Entity, draft: &Draft, before: Option<&Record>, after: &Record) -> Vec<Problem> {
    let mut problems = Vec::new();
    let problem = |field: &str, code: &str| Problem::new(entity.kind, field, code);
    for (name, value) in &draft.fields {
        match entity.field(name) {
            None => problems.push(problem(name, "unknown_field")),
            Some(about) => problems.extend(check_value(entity.kind, about, value, draft.confirmed.contains(name))),
        }
    }
    for about in entity.fields.iter().filter(|about| about.required) {
        if after.value(about.name).is_empty() {
            problems.push(problem(about.name, "required"));
        }
    }
    if draft.fields.is_empty() {
        problems.push(problem("", "nothing_to_save"));
    }
    let only_voids = draft.fields.keys().all(|name| name == VOIDED || name == VOID_REASON);
    let is_never_voided = is_written_by_desks(entity.kind);
    if erases(entity.kind) || before.is_some() && (is_never_voided || (entity.is_written_once() && !only_voids)) {
        problems.push(problem("", "written_once"));
    }
    if after.is_voided() && after.value(VOID_REASON).is_empty() {
        problems.push(problem(VOID_REASON, "required"));
    }
    problems
}

fn check_value(kind: &str, about: &About, value: &Value, confirmed: bool) -> Vec<Problem> {
    let problem = |code: &str| Problem::new(kind, about.name, code);
    match (about.shape, value) {
        (_, Value::Empty) => Vec::new(),
        (Shape::Text { max, lines }, Value::Text(text)) => {
            let too_long = (text.chars().count() > max).then(|| problem("too_long").number("max", max));
            let allowed = |c: char| !c.is_control() || (lines && c == '\n');
            let odd = (!text.chars().all(allowed)).then(|| problem("control_characters"));
            too_long.into_iter().chain(odd).collect()
        }
        (Shape::Int, Value::Int(number)) => check_limits(kind, about, *number, 0, confirmed),
        (Shape::Decimal { scale }, Value::Decimal(number)) if number.scale == scale => {
            check_limits(kind, about, number.digits, scale, confirmed)
        }
        (Shape::Decimal { scale }, Value::Decimal(_)) => {
            vec![problem("too_precise").number("places", scale)]
        }
        (Shape::Code(list), Value::Code(word)) if list.has(word) => Vec::new(),
        (Shape::Codes(list), Value::Codes(words)) if words.iter().all(|word| list.has(word)) => Vec::new(),
        (Shape::Code(_), Value::Code(_)) | (Shape::Codes(_), Value::Codes(_)) => {
            vec![problem("unknown_code")]
        }
        (Shape::Date, Value::Date(date)) if (1850..2200).contains(&date.year()) => Vec::new(),
        (Shape::Date, Value::Date(_)) => vec![problem("impossible_date")],
        (Shape::Time, Value::Time(_)) | (Shape::Ref(_), Value::Ref(_)) => Vec::new(),
        _ => vec![problem("wrong_type")],
    }
}

fn check_limits(kind: &str, about: &About, number: i64, scale: u8, confirmed: bool) -> Vec<Problem> {
    let shown = |digits: i64| crate::value::Decimal::new(digits, scale);
    let outside = |limits: Option<(i64, i64)>| limits.filter(|(low, high)| number < *low || number > *high);
    let problem = |code: &str, (low, high): (i64, i64)| {
        Problem::new(kind, about.name, code)
            .number("low", shown(low))
            .number("high", shown(high))
    };
    if let Some(range) = outside(about.range) {
        return vec![problem("out_of_range", range)];
    }
    match outside(about.usual) {
        Some(usual) if !confirmed => vec![problem("unusual", usual).asking()],
        _ => Vec::new(),
    }
}

fn check_references(entity: &Entity, draft: &Draft, world: &dyn Records) -> Read<Vec<Problem>> {
    let mut problems = Vec::new();
    for (name, kind) in entity.references() {
        if entity.field(name).is_some_and(|about| about.may_be_absent) {
            continue;
        }
        let Some(Value::Ref(target)) = draft.fields.get(name) else {
            continue;
        };
        if world.get(kind, *target)?.is_none() {
            problems.push(Problem::new(entity.kind, name, "unknown_reference"));
        }
    }
    Ok(problems)
}
