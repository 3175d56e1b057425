//! What planted bugs do here. Only with the feature `mutants`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::RecordId;
use sync_core::clock::MOST_AHEAD_MS;
use sync_core::{Encoded, Lsn, SpaceId};

use super::present::about_change;
use super::push::Arrived;
use crate::db::account::Account;
use crate::db::change::Logged;
use crate::db::space::Space;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::seal::Key;
use crate::server::Server;

/// What a batch was judged and numbered by before its transaction began.
#[derive(Default)]
struct Before {
    heads: BTreeMap<SpaceId, Lsn>,
    accounts: BTreeMap<RecordId, Account>,
}

thread_local! {
    static BEFORE: RefCell<Before> = RefCell::default();
}

/// While it lives, what was read before the lock counts.
pub struct Looked {
    /// What another push on this thread looks by, of which this one is in the midst.
    outer: Before,
}

impl Drop for Looked {
    fn drop(&mut self) {
        BEFORE.replace(std::mem::take(&mut self.outer));
    }
}

/// Reads counters and grants while anybody may still change them.
pub fn look_before_the_lock(server: &Server, arrived: &[Arrived]) -> Result<Looked> {
    let before = server.db().read(|conn| {
        let mut before = Before::default();
        for space in db::space::all(conn)? {
            before.heads.insert(space.id, space.head);
        }
        for change in arrived
            .iter()
            .filter_map(|each| each.encoded.as_ref())
            .map(Encoded::change)
        {
            let account = db::account::get(change.actor, conn)?;
            before.accounts.extend(account.map(|account| (change.actor, account)));
        }
        Ok(before)
    })?;
    let outer = BEFORE.replace(before);
    Ok(Looked { outer })
}

/// The head as it was before the lock.
pub fn counted(space: &Space) -> Lsn {
    BEFORE.with_borrow(|before| before.heads.get(&space.id).copied().unwrap_or(space.head))
}

/// The account as it was before the lock.
pub fn judged(person: RecordId) -> Option<Account> {
    BEFORE.with_borrow(|before| before.accounts.get(&person).cloned())
}

/// Whether the change was written, by its author's clock, before the one at the cursor.
pub fn is_older(logged: &Logged, cursor: Lsn, space: &Space, key: &Key, conn: &Conn) -> Result<bool> {
    let wall_ms = |logged: &Logged| {
        let plain = key.open(&about_change(space.id, logged.lsn), &logged.sealed_body)?;
        let encoded = Encoded::read(plain.to_vec()).map_err(|_| ServerError::Damaged("a change cannot be read"))?;
        Ok::<_, ServerError>(encoded.change().wall_ms)
    };
    let mut seen_ms = i64::MIN;
    db::change::after(space.number, cursor.saturating_sub(1), conn, |last| {
        if last.lsn == cursor {
            seen_ms = wall_ms(&last)?;
        }
        Ok(false)
    })?;
    Ok(wall_ms(logged)? < seen_ms)
}

/// Whether the two clocks are too far apart for comfort.
pub fn drifts(sent_ms: i64, server: &Server) -> bool {
    sent_ms.abs_diff(server.now_ms()) > MOST_AHEAD_MS.unsigned_abs()
}
