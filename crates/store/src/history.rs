//! Everything that was ever written about a record: who, when, at which desk, what.

use std::collections::BTreeMap;

use domain::{RecordId, Value};
use rusqlite::{Connection, Params};
use sync_core::{Change, ChangeId, DeviceId, Lsn, UserId};
use uuid::Uuid;

use crate::error::StoreError;
use crate::log;
use crate::reader::Reader;

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
}

impl Reader<'_> {
    /// The changes of a record, oldest first: in the order the district gave, then what is unsent.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn history(&self, kind: &str, id: RecordId) -> Result<Vec<Past>, StoreError> {
        let Some(kind) = log::known_kind(kind, self.conn())? else {
            return Ok(Vec::new());
        };
        past(
            self.conn(),
            "SELECT bytes, lsn, parked FROM change WHERE record = ?1 AND kind = ?2 ORDER BY lsn IS NULL, lsn, local",
            rusqlite::params![id.0.as_bytes(), kind],
        )
    }

    /// The change of that identity, if this desk holds it.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn change(&self, id: ChangeId) -> Result<Option<Change>, StoreError> {
        Ok(log::content(id, self.conn())?.map(|encoded| encoded.change().clone()))
    }

    /// What the district keeps aside, oldest first, for a person to decide.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn parked(&self) -> Result<Vec<Past>, StoreError> {
        past(
            self.conn(),
            "SELECT bytes, lsn, parked FROM change WHERE parked IS NOT NULL ORDER BY local",
            [],
        )
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

fn past(conn: &Connection, sql: &str, params: impl Params) -> Result<Vec<Past>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let encoded = log::read(row.get(0)?)?;
        let change = encoded.change();
        changes.push(Past {
            change: change.id,
            action: change.action,
            kind: change.kind.clone(),
            record: change.record,
            actor: change.actor,
            wall_ms: change.wall_ms,
            fields: change.fields.clone(),
            lsn: row.get::<_, Option<i64>>(1)?.map(i64::cast_unsigned),
            parked: row.get(2)?,
        });
    }
    Ok(changes)
}
