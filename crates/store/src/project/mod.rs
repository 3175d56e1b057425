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
        let Some(entity) = entity_of(record) else {
            return Projection::default();
        };
        Projection {
            words: words::words(entity, record),
            traits: alike::traits(record),
            ..Projection::of_columns(record)
        }
    }

    /// Those of a record before and after an edit, in which words and traits are left out where both have the same for sure.
    pub fn of_edit(before: &Record, now: &Record) -> [Projection; 2] {
        let mut both = [before, now].map(Projection::of_columns);
        let differs = |is_made_of: fn(&About) -> bool| {
            let mut fields = domain::entities::entity(&now.kind)
                .into_iter()
                .flat_map(Entity::all_fields);
            before.is_voided() != now.is_voided()
                || fields.any(|about| is_made_of(about) && before.value(about.name) != now.value(about.name))
        };
        for (projection, record) in both.iter_mut().zip([before, now]) {
            let Some(entity) = entity_of(record) else { continue };
            if differs(|about| about.search.is_some()) {
                projection.words = words::words(entity, record);
            }
            if differs(|about| same::are_traits_made_of(about.name)) {
                projection.traits = alike::traits(record);
            }
        }
        both
    }

    /// Without words and traits, which take more than all else.
    fn of_columns(record: &Record) -> Projection {
        let Some(entity) = entity_of(record) else {
            return Projection::default();
        };
        Projection {
            index: index::entries(entity, record),
            interval: interval::span(record),
            ledger: ledger::entry(record),
            ..Projection::default()
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

/// What is known of the record's kind, if it has rows.
fn entity_of(record: &Record) -> Option<&'static Entity> {
    domain::entities::entity(&record.kind).filter(|_| !record.is_voided())
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
    use domain::entities::ENTITIES;
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
    fn what_is_left_out_of_the_projections_of_an_edit_is_alike_in_both() {
        let mut left_out = 0;
        for entity in ENTITIES {
            let mut whole = Record::new(entity.kind, RecordId(uuid::Uuid::nil()));
            for about in entity.fields {
                whole.fields.insert(about.name.to_owned(), value(about, 1));
            }
            let edits = entity.fields.iter().flat_map(|about| {
                let others = [Value::Empty, value(about, 2), value(about, 3)];
                others.map(|other| (about.name, other))
            });
            let voided = ["yes", "no"].map(|word| (VOIDED, Value::Code(word.to_owned())));
            for (field, other) in edits.chain(voided) {
                let mut now = whole.clone();
                now.fields.insert(field.to_owned(), other);
                for (before, now) in [(&whole, &now), (&now, &whole)] {
                    let [was, is] = Projection::of_edit(before, now);
                    let (all_was, all_is) = (Projection::of(before), Projection::of(now));
                    let told = format!("{} {field}", entity.kind);
                    assert!(was.index == all_was.index && is.index == all_is.index, "{told}");
                    assert!(
                        was.interval == all_was.interval && is.interval == all_is.interval,
                        "{told}"
                    );
                    assert!(was.ledger == all_was.ledger && is.ledger == all_is.ledger, "{told}");
                    if was.words != all_was.words || is.words != all_is.words {
                        left_out += 1;
                        assert!(was.words == is.words && all_was.words == all_is.words, "{told}");
                    }
                    if was.traits != all_was.traits || is.traits != all_is.traits {
                        left_out += 1;
                        assert!(was.traits == is.traits && all_was.traits == all_is.traits, "{told}");
                    }
                }
            }
        }
        assert!(left_out > 100, "{left_out}");
    }
}
