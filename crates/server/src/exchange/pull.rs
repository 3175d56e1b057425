//! Answering what is new in a space: pages of the log, no action split, nothing for a device that
//! may not have the space.

use sync_core::exchange::{Answer, Carried, Entry, MOST_CHANGES, Page};
use sync_core::{Chain, DeviceId, Encoded, Lsn, SpaceId, planted};

#[cfg(feature = "mutants")]
use super::bugs;
use super::present::about_change;
use crate::db::change::Logged;
use crate::db::device::Status;
use crate::db::space::Space;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::seal::Key;
use crate::server::{Server, open_space};

/// How a device asked for what is new.
#[derive(Clone, Copy, Debug)]
pub struct Pull {
    pub space: SpaceId,
    pub epoch: u64,
    pub cursor: Lsn,
    /// The most bytes of changes in the page; a single larger action still goes whole.
    pub page_bytes: usize,
}

/// The bytes of a change that the asking device has, and of which only the id goes back.
const ID_BYTES: usize = 80;

impl Server {
    /// The next page of what `device` asked for.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn page(&self, device: DeviceId, pull: Pull) -> Result<Answer> {
        self.db().read(|conn| {
            let device = db::device::get(device, conn)?.ok_or(ServerError::NoDevice)?;
            if db::succession::is_replaced(device.id, conn)? {
                return Ok(Answer::Replaced);
            }
            if device.status == Status::Revoked {
                return Ok(Answer::Revoked);
            }
            let is_granted = device.status == Status::Server || self.spaces_of(&device).contains(&pull.space);
            let opened = if is_granted {
                open_space(self, pull.space, conn)?
            } else {
                None
            };
            match opened {
                None => Ok(Answer::NoSpace { space: pull.space }),
                Some((space, key)) => cut(device.id, pull, &space, &key, conn).map(Answer::Page),
            }
        })
    }
}

/// A page being filled, action by action.
struct Filling {
    entries: Vec<Entry>,
    bytes: usize,
    most_bytes: usize,
    chain: Chain,
    /// The action that is not whole yet.
    action: Vec<Logged>,
}

fn cut(device: DeviceId, pull: Pull, space: &Space, key: &Key, conn: &Conn) -> Result<Page> {
    // Numbers of another epoch say nothing about this log: it is read from its beginning.
    let is_same = planted!(EpochIgnored, true, pull.epoch == space.epoch);
    let cursor = if is_same { pull.cursor } else { 0 };
    let pull = Pull { cursor, ..pull };
    let mut page = Page {
        space: space.id,
        epoch: space.epoch,
        from: pull.cursor.saturating_add(1),
        to: pull.cursor,
        head: space.head,
        entries: Vec::new(),
        chain: space.chain,
        digest: None,
    };
    if pull.cursor >= space.head {
        page.digest = (pull.cursor == space.head).then_some(space.digest);
        return Ok(page);
    }
    let mut filling = Filling {
        entries: Vec::new(),
        bytes: 0,
        most_bytes: pull.page_bytes,
        chain: Chain::default(),
        action: Vec::new(),
    };
    let mut is_full = false;
    let after = planted!(PageEndTwice, pull.cursor.saturating_sub(1), pull.cursor);
    db::change::after(space.number, after, conn, |logged| {
        if planted!(
            CursorByTimestamp,
            bugs::is_older(&logged, after, space, key, conn)?,
            false
        ) {
            return Ok(true);
        }
        let is_next_action = filling
            .action
            .first()
            .is_some_and(|first| planted!(ActionSplit, true, first.action != logged.action));
        if is_next_action {
            is_full = !filling.close_action(device, space, key)?;
        }
        if !is_full {
            filling.action.push(logged);
        }
        Ok(!is_full)
    })?;
    if !is_full {
        filling.close_action(device, space, key)?;
    }
    page.to = page.from + filling.entries.len() as u64 - 1;
    page.entries = filling.entries;
    page.chain = filling.chain;
    page.digest = (page.to == space.head).then_some(space.digest);
    Ok(page)
}

impl Filling {
    /// Adds the waiting action to the page. Answers `false` when it has no room, so that the page
    /// ends before it; an action that is larger than a page stands alone.
    fn close_action(&mut self, device: DeviceId, space: &Space, key: &Key) -> Result<bool> {
        let is_own = |logged: &Logged| logged.id.device == device;
        let bytes: usize = self
            .action
            .iter()
            .map(|logged| {
                if is_own(logged) {
                    ID_BYTES
                } else {
                    logged.sealed_body.len()
                }
            })
            .sum();
        let is_too_long = self.entries.len() + self.action.len() > MOST_CHANGES;
        let is_too_large = self.bytes + bytes > self.most_bytes;
        if !self.entries.is_empty() && (is_too_long || is_too_large) {
            return Ok(false);
        }
        self.bytes += bytes;
        for logged in self.action.drain(..) {
            let change = if is_own(&logged) {
                None
            } else {
                Some(carried(&logged, space, key)?)
            };
            self.chain = logged.chain;
            self.entries.push(Entry {
                lsn: logged.lsn,
                id: logged.id,
                change,
            });
        }
        Ok(true)
    }
}

fn carried(logged: &Logged, space: &Space, key: &Key) -> Result<Carried> {
    let damaged = |_| ServerError::Damaged("a logged change cannot be read");
    let plain = key.open(&about_change(space.id, logged.lsn), &logged.sealed_body)?;
    let encoded = Encoded::read(plain.to_vec()).map_err(damaged)?;
    Carried::of(&encoded).map_err(damaged)
}
