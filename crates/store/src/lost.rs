//! What others wrote before this desk joined and the district lost when it fell back on a backup. Of each change only
//! that is here which still stood in the snapshot that brought it; it is shown until its author sends it again.

use std::collections::BTreeMap;

use domain::Value;
use rusqlite::{Connection, params};
use sync_core::ChangeId;
use sync_core::exchange::Reason;
use sync_core::fold::Head;
use sync_core::snapshot::Base;
use uuid::Uuid;

use crate::error::StoreError;
use crate::history::Past;
use crate::log::{self, Name};
use crate::outbox::word;
use crate::reader::Reader;

/// Keeps what the base holds and the log does not.
pub fn keep(base: &Base, name: Name, conn: &Connection) -> Result<(), StoreError> {
    let mut lost: BTreeMap<ChangeId, (&Head, BTreeMap<&str, &Value>)> = BTreeMap::new();
    for (field, state) in &base.state.fields {
        for (id, head) in &state.heads {
            if log::stored(*id, conn)?.is_none() {
                let (_, fields) = lost.entry(*id).or_insert((head, BTreeMap::new()));
                fields.insert(field, &head.value);
            }
        }
    }
    for (id, (head, fields)) in lost {
        let fields = serde_json::to_string(&fields).map_err(|_| StoreError::Damaged)?;
        conn.prepare_cached(
            "INSERT INTO lost_change (device, seq, space, record, kind, actor, wall_ms, fields)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (device, seq) DO NOTHING",
        )?
        .execute(params![
            id.device.0.as_bytes(),
            log::number(id.seq),
            name.space,
            name.id.0.as_bytes(),
            name.kind,
            head.actor.0.as_bytes(),
            head.wall_ms,
            fields
        ])?;
    }
    Ok(())
}

/// The change came again.
pub fn came(id: ChangeId, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("DELETE FROM lost_change WHERE device = ?1 AND seq = ?2")?
        .execute(params![id.device.0.as_bytes(), log::number(id.seq)])?;
    Ok(())
}

/// How many changes of the space are lost.
pub fn count(space: i64, conn: &Connection) -> Result<u64, StoreError> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM lost_change WHERE space = ?1")?;
    let count: i64 = statement.query_row([space], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

impl Reader<'_> {
    /// What of lost changes still stood.
    pub(crate) fn lost(&self) -> Result<Vec<Past>, StoreError> {
        let mut statement = self.conn().prepare_cached(
            "SELECT device, seq, name, record, actor, wall_ms, fields FROM lost_change
             JOIN kind ON kind.number = lost_change.kind ORDER BY wall_ms, device, seq",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let fields: String = row.get(6)?;
            found.push(Past {
                change: ChangeId {
                    device: log::device(row, 0)?,
                    seq: row.get::<_, i64>(1)?.cast_unsigned(),
                },
                action: Uuid::nil(),
                kind: row.get(2)?,
                record: log::record_id(row, 3)?,
                actor: log::record_id(row, 4)?,
                wall_ms: row.get(5)?,
                fields: serde_json::from_str(&fields).map_err(|_| StoreError::Damaged)?,
                lsn: None,
                parked: Some(word(Reason::Lost)),
                is_partial: true,
            });
        }
        Ok(found)
    }
}
