//! A record as it stands now: one patient, one bed stay, one stock entry.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::field::{Field, Held};
use crate::value::{RecordId, Value};

/// Present on every kind: "yes" when the record was entered in error. Nothing is ever deleted.
pub const VOIDED: &str = "voided";
/// Present on every kind: why it was voided.
pub const VOID_REASON: &str = "void_reason";

/// A record as it stands now: for each field the value in force.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Record {
    pub kind: String,
    pub id: RecordId,
    pub fields: Fields,
}

/// The values of a record by their fields. One that is given on is shared, and copied only when it is written to: a page names
/// one patient many times.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Arc<BTreeMap<String, Value>>);

impl Deref for Fields {
    type Target = BTreeMap<String, Value>;

    fn deref(&self) -> &BTreeMap<String, Value> {
        &self.0
    }
}

impl DerefMut for Fields {
    fn deref_mut(&mut self) -> &mut BTreeMap<String, Value> {
        Arc::make_mut(&mut self.0)
    }
}

impl From<BTreeMap<String, Value>> for Fields {
    fn from(fields: BTreeMap<String, Value>) -> Fields {
        Fields(Arc::new(fields))
    }
}

impl Record {
    pub fn new(kind: &str, id: RecordId) -> Record {
        Record {
            kind: kind.to_owned(),
            id,
            fields: Fields::default(),
        }
    }

    /// This record with `field` holding `value`.
    pub fn with<T: Held>(mut self, field: &Field<T>, value: impl Into<T::Write>) -> Record {
        self.fields.insert(field.name().to_owned(), T::write(value.into()));
        self
    }

    /// What the field `name` holds; [`Value::Empty`] when it was never filled.
    pub fn value(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Empty)
    }

    pub fn is_voided(&self) -> bool {
        matches!(self.value(VOIDED), Value::Code(word) if word == "yes")
    }
}
