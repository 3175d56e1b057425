//! What the district has not numbered yet, and taking in what it answers to that. The outbox is a
//! question to the log, not a flag: nothing can be marked as sent that is not.

use rusqlite::{Connection, params};
use sync_core::exchange::{Numbered, Parked, Reason};
use sync_core::{Chain, ChangeId, DeviceId, Encoded, Lsn, planted};

use crate::error::StoreError;
use crate::present::Present;
use crate::slices::{FEW, FEW_NUMBERS, in_commit};
use crate::store::Store;
use crate::writer::Turn;
use crate::{desk, erasing, log};

const FIRST_UNSENT: &str =
    "SELECT min(seq) FROM change WHERE device = ?1 AND seq > ?2 AND lsn IS NULL AND parked IS NULL";
const FROM: &str = "SELECT bytes FROM change WHERE device = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3";

/// Both counts come out of an index alone; looked for among them, an answered change would be found after all that are not.
const ARE_ANSWERED_AFTER: &str = "SELECT (SELECT count(*) FROM change WHERE device = ?1 AND seq > ?2)
     > (SELECT count(*) FROM change WHERE device = ?1 AND seq > ?2 AND lsn IS NULL AND parked IS NULL)";
const FORGET_AFTER: &str = "UPDATE change SET lsn = NULL, parked = NULL, answered = NULL
     WHERE device = ?1 AND seq > ?2 AND (lsn IS NOT NULL OR parked IS NOT NULL) RETURNING bytes";

const UNSENT: &str = "SELECT count(*) FROM change WHERE device = ?1 AND lsn IS NULL AND parked IS NULL";
const UNSENT_BY_KIND: &str = "SELECT kind, count(*), min(seq) FROM change
     WHERE device = ?1 AND lsn IS NULL AND parked IS NULL GROUP BY kind";

impl Store {
    /// The next changes to send, in the order of their numbers, whole actions only: at most `limit_changes` and
    /// `limit_bytes`, but always one action when there is one.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn outbox(&self, limit_changes: usize, limit_bytes: usize) -> Result<Vec<Encoded>, StoreError> {
        self.outbox_after(0, limit_changes, limit_bytes)
    }

    /// The same of those behind the own change `after`, the last of what is on its way.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn outbox_after(
        &self,
        after: u64,
        limit_changes: usize,
        limit_bytes: usize,
    ) -> Result<Vec<Encoded>, StoreError> {
        let device = self.device();
        let changes = self.reading(|conn| match first_unsent(device, after, conn)? {
            None => Ok(Vec::new()),
            Some(first) => from(first, device, (limit_changes, limit_bytes), conn),
        })?;
        planted!(OutboxByFlag, crate::bugs::not_marked(changes, self), Ok(changes))
    }

    /// Whether anything waits to be sent behind the own change `after`.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn is_unsent_after(&self, after: u64) -> Result<bool, StoreError> {
        let device = self.device();
        self.reading(|conn| Ok(first_unsent(device, after, conn)?.is_some()))
    }

    /// How many own changes the district has neither numbered nor parked.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn unsent(&self) -> Result<u64, StoreError> {
        let device = self.device();
        self.reading(|conn| {
            let count: i64 = conn
                .prepare_cached(UNSENT)?
                .query_row([device.0.as_bytes()], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    /// The same without changes of these kinds, and when the oldest of them was written.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn unsent_but(&self, kinds: &[&str]) -> Result<(u64, Option<i64>), StoreError> {
        let (device, mut left_out) = (self.device(), Vec::new());
        self.reading(|conn| {
            for kind in kinds {
                left_out.extend(log::known_kind(kind, conn)?);
            }
            let mut statement = conn.prepare_cached(UNSENT_BY_KIND)?;
            let mut rows = statement.query([device.0.as_bytes()])?;
            let (mut count, mut first) = (0, None);
            while let Some(row) = rows.next()? {
                if !left_out.contains(&row.get(0)?) {
                    let (of_kind, least): (i64, i64) = (row.get(1)?, row.get(2)?);
                    count += of_kind.cast_unsigned();
                    first = Some(first.map_or(least, |first: i64| first.min(least)));
                }
            }
            let oldest = first.map(|seq| {
                let seq = seq.cast_unsigned();
                log::content(ChangeId { device, seq }, conn)
            });
            let oldest = oldest.transpose()?.flatten();
            Ok((count, oldest.map(|encoded| encoded.change().wall_ms)))
        })
    }

    /// This desk's chain before its change `first_seq`.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn device_chain_before(&self, first_seq: u64) -> Result<Chain, StoreError> {
        let device = self.device();
        self.reading(|conn| Ok(desk::own_before(device, first_seq, conn)?.1))
    }

    /// Takes in what the district answered to a batch: numbers, and what it keeps aside. Parked
    /// changes leave the present and stay in the log.
    ///
    /// # Errors
    /// [`StoreError`]; what was taken in before stays.
    pub fn receipt(&self, numbered: Vec<Numbered>, parked: Vec<Parked>) -> Result<(), StoreError> {
        let device = self.device();
        self.in_slices(
            (numbered, FEW_NUMBERS),
            |_, _| false,
            move |step, conn, present, commit| {
                step.iter().try_for_each(|each| {
                    let id = ChangeId { device, seq: each.seq };
                    number(id, each.lsn, commit, present, conn)
                })
            },
        )?;
        self.in_slices(
            (parked, FEW),
            |_, _| false,
            move |step, conn, present, commit| {
                step.iter().try_for_each(|each| {
                    let id = ChangeId { device, seq: each.seq };
                    park(id, each.reason, commit, present, conn)
                })
            },
        )?;
        planted!(OwnDroppedAfterAck, crate::bugs::drop_acknowledged(self), Ok(()))
    }

    /// Forgets what the district answered to own changes above `last_seq`, the last that it has:
    /// it was restored from a backup, and gets them again. Answers how many.
    ///
    /// # Errors
    /// [`StoreError`]; everything stays as it was then.
    pub fn forget_receipts_after(&self, last_seq: u64) -> Result<u64, StoreError> {
        let device = self.device();
        let is_lost: bool = self.reading(|conn| {
            let mut statement = conn.prepare_cached(ARE_ANSWERED_AFTER)?;
            let after = params![device.0.as_bytes(), log::number(last_seq)];
            Ok::<_, StoreError>(statement.query_row(after, |row| row.get(0))?)
        })?;
        if !is_lost {
            return Ok(0);
        }
        self.write(Turn::Sync, move |conn| {
            let mut lost = 0;
            in_commit(conn, |conn, present, _| {
                let mut statement = conn.prepare_cached(FORGET_AFTER)?;
                let mut rows = statement.query(params![device.0.as_bytes(), log::number(last_seq)])?;
                let mut changes = Vec::new();
                while let Some(row) = rows.next()? {
                    changes.push(log::read(row.get(0)?)?);
                }
                lost = changes.len() as u64;
                changes.iter().try_for_each(|change| {
                    let change = change.change();
                    let name = present.name(change)?;
                    present.refold(&change.kind, name)
                })
            })?;
            Ok(lost)
        })
    }
}

fn first_unsent(device: DeviceId, after: u64, conn: &Connection) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare_cached(FIRST_UNSENT)?;
    Ok(statement.query_row(params![device.0.as_bytes(), log::number(after)], |row| row.get(0))?)
}

fn from(
    first: i64,
    device: DeviceId,
    (most_changes, most_bytes): (usize, usize),
    conn: &Connection,
) -> Result<Vec<Encoded>, StoreError> {
    let mut statement = conn.prepare_cached(FROM)?;
    let mut rows = statement.query(params![device.0.as_bytes(), first, i64::MAX])?;
    let (mut changes, mut bytes): (Vec<Encoded>, usize) = (Vec::new(), 0);
    let mut is_one_action = true;
    while let Some(row) = rows.next()? {
        let encoded = log::read(row.get(0)?)?;
        bytes = bytes.saturating_add(encoded.bytes().len());
        let first = changes.first().unwrap_or(&encoded);
        is_one_action &= first.change().action == encoded.change().action;
        changes.push(encoded);
        if !is_one_action && (changes.len() > most_changes || bytes > most_bytes) {
            break;
        }
    }
    cut(&mut changes, most_changes, most_bytes);
    Ok(changes)
}

/// Takes whole actions away from the end until no more changes and bytes are left than these; the first action always stays.
pub fn cut(changes: &mut Vec<Encoded>, most_changes: usize, most_bytes: usize) {
    let mut bytes: usize = changes.iter().map(|change| change.bytes().len()).sum();
    while changes.len() > most_changes || bytes > most_bytes {
        let action = |change: &Encoded| change.change().action;
        let last = changes.last().map(action);
        let Some(before) = changes.iter().rposition(|change| Some(action(change)) != last) else {
            return;
        };
        bytes -= changes
            .drain(before + 1..)
            .map(|change| change.bytes().len())
            .sum::<usize>();
    }
}

/// Gives an own change its number. One that was parked is part of the present again.
pub(crate) fn number(
    id: ChangeId,
    lsn: Lsn,
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), StoreError> {
    let Some(placed) = log::placed(id, conn)?.filter(|placed| placed.lsn != Some(lsn)) else {
        return Ok(());
    };
    log::set_lsn(id, lsn, commit, conn)?;
    let name = placed.name;
    if erasing::is_erased(name, conn)? {
        return erasing::stub_changes(name, conn);
    }
    if placed.is_parked {
        present.refold(&placed.kind, name)
    } else {
        present.number(id, (lsn, commit), &placed.kind, name)
    }
}

/// Keeps a change aside; it leaves the present.
pub(crate) fn park(
    id: ChangeId,
    reason: Reason,
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), StoreError> {
    let Some(encoded) = log::content(id, conn)? else {
        return Ok(());
    };
    log::set_parked(id, &word(reason), commit, conn)?;
    let change = encoded.change();
    let name = present.name(change)?;
    present.refold(&change.kind, name)
}

/// The reason as it stands on the wire.
pub(crate) fn word(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::tests::plan;

    #[test]
    fn how_much_waits_and_since_when_is_told_without_reading_a_change() {
        for sql in [FIRST_UNSENT, UNSENT, UNSENT_BY_KIND, ARE_ANSWERED_AFTER] {
            let plan = plan(sql);
            let is_covered = |step: &String| step.contains("COVERING INDEX");
            let reads = plan.iter().filter(|step| step.contains(" change"));
            assert!(
                reads.clone().count() > 0 && reads.clone().all(is_covered),
                "{sql}: {plan:?}"
            );
            assert!(
                plan.iter().any(|step| step.contains("change_unsent")),
                "{sql}: {plan:?}"
            );
        }
    }
}
