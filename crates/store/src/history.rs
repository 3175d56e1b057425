//! Everything that was ever written about a record: who, when, at which desk, what.

use std::collections::BTreeMap;

use domain::{RecordId, Value};
use rusqlite::{Connection, Params};
use sync_core::{Change, ChangeId, DeviceId, Lsn, UserId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::reader::Reader;
use crate::{base, log};

/// Few are kept aside: sorted, they take less than the whole log would, which SQLite would read to have them in its order.
const PARKED: &str =
    "SELECT bytes, lsn, parked FROM change INDEXED BY change_parked WHERE parked IS NOT NULL ORDER BY local";

/// One change as a person reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Past {
    pub change: ChangeId,
    pub action: Uuid,
    pub kind: String,
    pub record: RecordId,
    pub actor: UserId,
    /// By the clock of the desk that wrote it.
    pub wall_ms: i64,
    pub fields: BTreeMap<String, Value>,
    /// Empty until the district has numbered it.
    pub lsn: Option<Lsn>,
    /// Why the district keeps it aside; it is then no part of the present.
    pub parked: Option<String>,
    /// It was written before this desk joined: `fields` are those of it that still stood then.
    pub is_partial: bool,
}

impl Past {
    pub(crate) fn of(change: &Change, lsn: Option<Lsn>, parked: Option<String>) -> Past {
        Past {
            change: change.id,
            action: change.action,
            kind: change.kind.clone(),
            record: change.record,
            actor: change.actor,
            wall_ms: change.wall_ms,
            fields: change.fields.clone(),
            lsn,
            parked,
            is_partial: false,
        }
    }
}

impl Reader<'_> {
    /// The changes of a record, oldest first: in the order the district gave, then what is unsent. Of what was
    /// written before this desk joined only that is here which still stood then; of an erased record nothing is told, whatever
    /// still waits to be decided about.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn history(&self, kind_name: &str, id: RecordId) -> Result<Vec<Past>, StoreError> {
        let Some(kind) = log::known_kind(kind_name, self.conn())? else {
            return Ok(Vec::new());
        };
        let mut erased = self
            .conn()
            .prepare_cached("SELECT 1 FROM erased WHERE record = ?1 AND kind = ?2")?;
        if erased.exists(rusqlite::params![id.0.as_bytes(), kind])? {
            return Ok(Vec::new());
        }
        let own = past(
            self.conn(),
            "SELECT bytes, lsn, parked FROM change WHERE record = ?1 AND kind = ?2 ORDER BY lsn IS NULL, lsn, local",
            rusqlite::params![id.0.as_bytes(), kind],
        )?;
        let mut earlier = before(self.conn(), kind_name, kind, id)?;
        earlier.retain(|past| own.iter().all(|each| each.change != past.change));
        earlier.extend(own);
        Ok(earlier)
    }

    /// The change of that identity, if this desk holds it.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn change(&self, id: ChangeId) -> Result<Option<Change>, StoreError> {
        Ok(log::content(id, self.conn())?.map(|encoded| encoded.change().clone()))
    }

    /// What the district keeps aside, and what was carried over here, oldest first, for a person to decide.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn parked(&self) -> Result<Vec<Past>, StoreError> {
        let mut parked = past(self.conn(), PARKED, [])?;
        parked.extend(self.aside()?);
        parked.extend(self.lost()?);
        Ok(parked)
    }

    /// Every change this desk holds with its number, in the order they came: evidence that can be
    /// compared with another desk's or the server's.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn log(&self) -> Result<Vec<(ChangeId, Option<Lsn>)>, StoreError> {
        let mut statement = self
            .conn()
            .prepare_cached("SELECT device, seq, lsn FROM change ORDER BY local")?;
        let mut rows = statement.query([])?;
        let mut held = Vec::new();
        while let Some(row) = rows.next()? {
            let device = Uuid::from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
            let id = ChangeId {
                device: DeviceId(device.map_err(|_| StoreError::Damaged)?),
                seq: row.get::<_, i64>(1)?.cast_unsigned(),
            };
            held.push((id, row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned)));
        }
        Ok(held)
    }
}

/// What the bases of the record hold of the changes that were folded into them.
fn before(conn: &Connection, kind_name: &str, kind: i64, id: RecordId) -> Result<Vec<Past>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT space FROM snapshot_record WHERE record = ?1 AND kind = ?2")?;
    let spaces = statement.query_map(rusqlite::params![id.0.as_bytes(), kind], |row| row.get(0))?;
    let mut changes: BTreeMap<ChangeId, Past> = BTreeMap::new();
    for space in spaces {
        let name = log::Name {
            kind,
            id,
            space: space?,
        };
        let Some(base) = base::of_record(kind_name, name, i64::MAX, conn)? else {
            continue;
        };
        for (field, state) in base.state.fields {
            for (change, head) in state.heads {
                let past = changes.entry(change).or_insert_with(|| Past {
                    change,
                    action: Uuid::nil(),
                    kind: kind_name.to_owned(),
                    record: id,
                    actor: head.actor,
                    wall_ms: head.wall_ms,
                    fields: BTreeMap::new(),
                    lsn: head.lsn,
                    parked: None,
                    is_partial: true,
                });
                past.fields.insert(field.clone(), head.value);
            }
        }
    }
    let mut changes: Vec<Past> = changes.into_values().collect();
    changes.sort_by_key(|past| past.lsn);
    Ok(changes)
}

fn past(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<Past>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let encoded = log::read(row.get(0)?)?;
        let lsn = row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned);
        changes.push(Past::of(encoded.change(), lsn, row.get(2)?));
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_aside_is_found_without_reading_the_whole_log() {
        let plan = crate::schema::tests::plan(PARKED);
        assert!(
            plan.iter().any(|step| step.contains("USING INDEX change_parked")),
            "{plan:?}"
        );
    }
}
