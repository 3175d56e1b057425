//! What screens need beside the record itself, computed from the record by its kind's description
//! and kept in tables of its own. Everything here can be rebuilt from the log.

pub mod alike;

pub mod index;

pub mod interval;

pub mod ledger;

pub mod words;

use std::collections::BTreeSet;

use domain::entity::Entity;
use domain::field::About;
use domain::ward::same;
use domain::{Record, Semantics};
use rusqlite::{Connection, Result};

/// Whose rows they are.
#[derive(Clone, Copy)]
pub struct Owner {
    pub key: i64,
    /// The number of the record's kind.
    pub kind: i64,
}

/// All rows of one record. A voided record and one of an unknown kind have none.
#[derive(PartialEq, Eq, Default)]
pub struct Projection {
    pub index: Vec<index::Entry>,
    pub interval: Option<interval::Span>,
    pub ledger: Option<ledger::Entry>,
    pub words: Option<words::Words>,
    /// What it would share with another record of the same thing.
    pub traits: BTreeSet<alike::Numbered>,
}

impl Projection {
    pub fn of(record: &Record) -> Projection {
        let Some(entity) = domain::entities::entity(&record.kind).filter(|_| !record.is_voided()) else {
            return Projection::default();
        };
        Projection {
            index: index::entries(entity, record),
            interval: interval::span(record),
            ledger: ledger::entry(record),
            words: words::words(entity, record),
            traits: alike::traits(record),
        }
    }

    /// Writes this over what the same record had `before`, but for its words: see [`words::Renamed`].
    pub fn replace(&self, before: &Projection, owner: Owner, conn: &Connection) -> Result<()> {
        index::replace(&self.index, &before.index, owner, conn)?;
        if self.interval != before.interval {
            interval::replace(self.interval.as_ref(), owner, conn)?;
        }
        if self.ledger != before.ledger {
            ledger::replace(self.ledger.as_ref(), before.ledger.as_ref(), owner, conn)?;
        }
        if self.traits != before.traits {
            alike::replace(&self.traits, &before.traits, owner, conn)?;
        }
        Ok(())
    }

    /// Whether the tables hold these rows for the record, and no others.
    pub fn is_stored(&self, owner: Owner, conn: &Connection) -> Result<bool> {
        for entry in &self.index {
            if !index::is_stored(entry, owner, conn)? {
                return Ok(false);
            }
        }
        Ok(self.interval == interval::stored(owner, conn)?
            && self.ledger == ledger::stored(owner, conn)?
            && self.words == words::stored(owner, conn)?
            && self.traits == alike::stored(owner, conn)?)
    }
}

/// Whether both records surely have the same projection: no field differs that one is made of.
pub fn is_same_of(before: &Record, now: &Record) -> bool {
    let Some(entity) = domain::entities::entity(&now.kind) else {
        return true;
    };
    let mut made_of = entity.all_fields().filter(|about| is_made_of(about, entity));
    made_of.all(|about| before.value(about.name) == now.value(about.name))
}

/// Whether a projection of the kind is made of the field. What a ledger counts its description computes of any.
fn is_made_of(about: &About, entity: &Entity) -> bool {
    let is_named = match entity.semantics {
        Semantics::Interval {
            subject,
            holder,
            from,
            to,
        } => [subject, holder, from, to].contains(&about.name),
        Semantics::Ledger { .. } => true,
        Semantics::Register | Semantics::AppendOnly { .. } | Semantics::Erases { .. } => false,
    };
    is_named || about.indexed || about.search.is_some() || same::are_traits_made_of(about.name)
}

/// The tables, in an order in which they can be emptied.
pub const TABLES: [&str; 10] = [
    "conflict",
    "index_entry",
    "interval",
    "clash",
    "ledger",
    "balance",
    "alike",
    "shared",
    "search_word",
    "search_part",
];

/// A text that changes whenever the descriptions of the kinds ask for other projections.
pub fn made_by() -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&VERSION.to_be_bytes());
    for entity in domain::entities::ENTITIES {
        hasher.update(described(entity).as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

/// Raised when this crate computes other rows from the same descriptions.
const VERSION: u32 = 3;

fn described(entity: &Entity) -> String {
    let semantics = match entity.semantics {
        Semantics::Register => "register".to_owned(),
        Semantics::AppendOnly { .. } => "append".to_owned(),
        Semantics::Ledger { key, at, .. } => format!("ledger {key} {at}"),
        Semantics::Interval {
            subject,
            holder,
            from,
            to,
        } => format!("interval {subject} {holder} {from} {to}"),
        Semantics::Erases { records } => format!("erases {records}"),
    };
    let mut text = format!("{} {semantics};", entity.kind);
    for about in entity.all_fields() {
        text += &format!(
            "{} {} {:?} {:?};",
            about.name,
            about.indexed,
            about.search,
            merge(about.merge)
        );
    }
    text
}

fn merge(merge: domain::field::Merge) -> &'static [&'static str] {
    match merge {
        domain::field::Merge::Prefer(words) => words,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use domain::entities::{ENTITIES, patient};
    use domain::field::Shape;
    use domain::record::VOIDED;
    use domain::value::{Date, Decimal};
    use domain::{RecordId, Time, Value};

    use super::*;

    /// A value of the field; each number gives another.
    fn value(about: &About, number: u8) -> Value {
        let many = i64::from(number);
        match about.shape {
            Shape::Text { .. } => Value::Text(format!("Lakshmi {number} 98765 4321{number}")),
            Shape::Int => Value::Int(1970 + many),
            Shape::Decimal { scale } => Value::Decimal(Decimal::new(many, scale)),
            Shape::Code(list) | Shape::Codes(list) => {
                let word = list.codes.get(usize::from(number) % list.codes.len());
                Value::Code(word.unwrap().word.to_owned())
            }
            Shape::Date => Value::Date(Date::from_days(400 * many)),
            Shape::Time => Value::Time(Time(many)),
            Shape::Ref(_) => Value::Ref(RecordId(uuid::Uuid::from_u128(u128::from(number)))),
        }
    }

    #[test]
    fn no_row_of_a_record_is_made_of_a_field_that_is_said_not_to_count() {
        let mut uncounted = 0;
        for entity in ENTITIES {
            let mut whole = Record::new(entity.kind, RecordId(uuid::Uuid::nil()));
            let others = || entity.all_fields().filter(|about| about.name != VOIDED);
            for about in others() {
                whole.fields.insert(about.name.to_owned(), value(about, 1));
            }
            for about in others() {
                for other in [Value::Empty, value(about, 2), value(about, 3)] {
                    let mut edited = whole.clone();
                    edited.fields.insert(about.name.to_owned(), other);
                    if is_same_of(&whole, &edited) {
                        uncounted += 1;
                        let (before, now) = (Projection::of(&whole), Projection::of(&edited));
                        assert!(before == now, "{} {}", entity.kind, about.name);
                    }
                }
            }
            let mut voided = whole.clone();
            voided.fields.insert(VOIDED.to_owned(), Value::Code("yes".to_owned()));
            assert!(!is_same_of(&whole, &voided), "{}", entity.kind);
        }
        assert!(uncounted > 100);
        let named = |name: &str| {
            let mut record = Record::new(patient::PATIENT.kind, RecordId(uuid::Uuid::nil()));
            record.fields.insert("name".to_owned(), Value::Text(name.to_owned()));
            record
        };
        assert!(!is_same_of(&named("Anju"), &named("Biju")));
    }
}
