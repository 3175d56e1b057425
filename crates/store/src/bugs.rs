//! What planted bugs do here, and what they need to show. Only with the feature `mutants`.

use std::collections::BTreeMap;

use domain::world::Balance;
use domain::{RecordId, Time};
use rusqlite::{Connection, DropBehavior, Transaction, TransactionBehavior, params};
use sync_core::exchange::Page;
use sync_core::{Change, ChangeId, Digest, Encoded, RecordState, packed};

use crate::error::{AbsorbError, StoreError};
use crate::present::Present;
use crate::store::Store;
use crate::writer::Turn;
use crate::{desk, log};

/// Moves the cursor to the end of a page of which nothing is here yet.
pub fn move_cursor_first(page: &Page, store: &Store) -> Result<(), AbsorbError> {
    let (space, to, chain, epoch) = (page.space, page.to, page.chain, page.epoch);
    store.write(Turn::Sync, move |conn| {
        conn.execute(
            "UPDATE space SET cursor = ?2, chain = ?3, epoch = ?4 WHERE id = ?1",
            params![space.to_string(), log::number(to), chain.0.0, log::number(epoch)],
        )?;
        Ok::<_, AbsorbError>(())
    })
}

/// The state without what conflicts keep beside the heads in force.
pub fn compacted(state: &RecordState) -> RecordState {
    let mut compacted = state.clone();
    for field in compacted.fields.values_mut() {
        let beside: Vec<ChangeId> = field.heads.keys().copied().filter(|id| field.is_beside(id)).collect();
        for id in beside {
            field.heads.remove(&id);
        }
    }
    compacted
}

/// Answers before it commits; whoever comes next commits.
pub fn leave_open(mut transaction: Transaction<'_>) {
    transaction.set_drop_behavior(DropBehavior::Ignore);
}

/// Commits what [`leave_open`] left.
pub fn commit_left_open(conn: &Connection) {
    if !conn.is_autocommit() {
        let _the_bug_is_that_nobody_hears = conn.execute_batch("COMMIT");
    }
}

const MARK: &str = "bugs/sent";

/// Changes without those that were handed out once: they are marked as sent from then on.
pub fn not_marked(mut changes: Vec<Encoded>, store: &Store) -> Result<Vec<Encoded>, StoreError> {
    let mark = store.setting(MARK)?.and_then(|mark| mark.as_u64()).unwrap_or(0);
    changes.retain(|change| change.change().id.seq > mark);
    if let Some(last) = changes.last() {
        store.put_setting(MARK, &last.change().id.seq.into())?;
    }
    Ok(changes)
}

/// Lets go of what nobody answered to as if nothing waited.
pub fn let_go_of_all(conn: &Connection) -> Result<u64, StoreError> {
    conn.execute_batch("DROP TRIGGER IF EXISTS change_is_never_deleted")?;
    Ok(0)
}

/// Forgets own changes that the district has.
pub fn drop_acknowledged(store: &Store) -> Result<(), StoreError> {
    let device = store.device();
    store.write(Turn::Sync, move |conn| {
        conn.execute_batch("DROP TRIGGER IF EXISTS change_is_never_deleted")?;
        conn.execute("DELETE FROM earlier_answer", [])?;
        conn.execute(
            "DELETE FROM change WHERE device = ?1 AND lsn IS NOT NULL",
            [device.0.as_bytes()],
        )?;
        Ok(())
    })
}

/// Takes the peer's digest for one's own.
pub fn adopt(space: i64, digest: Digest, conn: &Connection) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE space SET digest = ?2 WHERE number = ?1",
        params![space, digest.0.0],
    )?;
    Ok(())
}

/// A migration that writes its work into the log: the last own change once more.
pub fn write_while_migrating(conn: &mut Connection) -> Result<(), StoreError> {
    let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let device = desk::device(&conn)?;
    let (seq, chain) = desk::last_own(device, &conn)?;
    let Some(last) = log::content(ChangeId { device, seq }, &conn)? else {
        return Ok(());
    };
    let last = last.change();
    let id = ChangeId { device, seq: seq + 1 };
    let base = last.fields.keys().map(|field| (field.clone(), vec![last.id])).collect();
    let action = uuid::Uuid::new_v5(&last.action, b"migrated");
    let change = Change {
        id,
        base,
        action,
        of: 1,
        ..last.clone()
    };
    let encoded = Encoded::new(change);
    let commit = desk::next_commit(&conn)?;
    let mut present = Present::new(&conn);
    let name = present.name(encoded.change())?;
    let chain = chain.with_change(encoded.hash());
    log::append(&encoded, name, (commit, None), Some(chain), &conn)?;
    present.apply(encoded.change(), name, None)?;
    present.write(commit)?;
    drop(present);
    Ok(conn.commit()?)
}

/// Balances over the entries that this desk wrote itself.
pub fn own_balances(kind: i64, conn: &Connection) -> Result<BTreeMap<RecordId, Balance>, StoreError> {
    let mut entries = conn.prepare_cached(
        "SELECT ledger.account, ledger.at_ms, ledger.amount FROM ledger JOIN record ON record.key = ledger.record
         WHERE ledger.kind = ?1 AND EXISTS (
           SELECT 1 FROM change WHERE change.record = record.id AND change.kind = record.kind
           AND change.device = (SELECT device FROM desk)
         )
         ORDER BY ledger.at_ms, ledger.id",
    )?;
    let mut rows = entries.query([kind])?;
    let mut balances: BTreeMap<RecordId, Balance> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let balance = balances.entry(log::record_id(row, 0)?).or_default();
        balance.sum += row.get::<_, i64>(2)?;
        balance.lowest = balance.lowest.min(balance.sum);
        balance.last_at = Some(Time(row.get(1)?));
    }
    Ok(balances)
}

/// What the simulator does to a desk that has no bug switched on.
impl Store {
    /// Says that another build made the projections, so that the next opening is an upgrade.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn age(&self) -> Result<(), StoreError> {
        self.write(Turn::Sync, |conn| {
            conn.execute("UPDATE desk SET projected_by = 'an earlier build'", [])?;
            Ok(())
        })
    }

    /// Loses one head of a numbered record, as a faulty fold would: of a conflict, where there is one.
    /// Answers whether there was anything to lose.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn misfold(&self) -> Result<bool, StoreError> {
        self.write(Turn::Sync, |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let found = conn.query_row(
                "SELECT record.key, kind.name, record.id, record.space, record.state
                 FROM record JOIN kind ON kind.number = record.kind
                 ORDER BY EXISTS (SELECT 1 FROM conflict WHERE conflict.record = record.key) DESC, record.key LIMIT 1",
                [],
                |row| {
                    let state: Vec<u8> = row.get(4)?;
                    let (key, space): (i64, i64) = (row.get(0)?, row.get(3)?);
                    Ok((key, row.get::<_, String>(1)?, log::record_id(row, 2)?, space, state))
                },
            );
            let Ok((key, kind, id, space, state)) = found else {
                return Ok(false);
            };
            let mut state = packed::unpack(&kind, id, &state).ok_or(StoreError::Damaged)?;
            let before = state.digest();
            let Some(field) = state.fields.values_mut().max_by_key(|field| field.heads.len()) else {
                return Ok(false);
            };
            let beside = field.in_force(domain::field::Merge::First).map(|(id, _)| *id);
            let lost = field.heads.keys().copied().find(|id| Some(*id) != beside).or(beside);
            let Some(lost) = lost else { return Ok(false) };
            field.heads.remove(&lost);
            let digest = crate::present::space_digest(space, &conn)?
                .minus(before)
                .plus(state.digest());
            conn.execute(
                "UPDATE record SET state = ?2 WHERE key = ?1",
                params![key, packed::pack(&state)],
            )?;
            adopt(space, digest, &conn)?;
            conn.commit()?;
            Ok(true)
        })
    }
}
