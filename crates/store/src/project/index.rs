//! Lookups: which record holds which value in an indexed field.

use domain::entity::Entity;
use domain::field::{About, Shape};
use domain::{Record, Value};
use rusqlite::{Connection, Result, params};

use super::Owner;
use crate::comparable::comparable;

#[derive(PartialEq, Eq, PartialOrd, Ord, Debug, Clone)]
pub struct Entry {
    pub field: &'static str,
    pub value: Vec<u8>,
}

/// One entry for each indexed field of the record whose value the table holds.
pub fn entries(entity: &Entity, record: &Record) -> Vec<Entry> {
    let held = entity
        .all_fields()
        .filter(|about| about.indexed)
        .map(|about| (about, record.value(about.name)))
        .filter(|(about, value)| is_held(about, value));
    held.map(|(about, value)| Entry {
        field: about.name,
        value: comparable(value),
    })
    .collect()
}

/// Whether the table holds the value of the field. An empty time means "not yet", which screens
/// ask for; other empty fields are many and nobody looks them up.
pub fn is_held(about: &About, value: &Value) -> bool {
    about.indexed && (!value.is_empty() || matches!(about.shape, Shape::Time))
}

pub fn replace(now: &[Entry], before: &[Entry], owner: Owner, conn: &Connection) -> Result<()> {
    let mut delete =
        conn.prepare_cached("DELETE FROM index_entry WHERE kind = ?1 AND field = ?2 AND value = ?3 AND record = ?4")?;
    for entry in before.iter().filter(|entry| !now.contains(entry)) {
        delete.execute(params![owner.kind, entry.field, entry.value, owner.key])?;
    }
    let mut insert =
        conn.prepare_cached("INSERT INTO index_entry (kind, field, value, record) VALUES (?1, ?2, ?3, ?4)")?;
    for entry in now.iter().filter(|entry| !before.contains(entry)) {
        insert.execute(params![owner.kind, entry.field, entry.value, owner.key])?;
    }
    Ok(())
}

/// Whether the table holds the entry.
pub fn is_stored(entry: &Entry, owner: Owner, conn: &Connection) -> Result<bool> {
    conn.prepare_cached("SELECT 1 FROM index_entry WHERE kind = ?1 AND field = ?2 AND value = ?3 AND record = ?4")?
        .exists(params![owner.kind, entry.field, entry.value, owner.key])
}
