//! What a person who sees to desks asks at the district: which there are in their reach, that one is locked out, withdrawn
//! or emptied, a code for another. Judged within the transaction that does it, for the account as it stands then; whoever
//! may not hears what is heard of a desk that there is not.

use std::collections::BTreeMap;

use domain::RecordId;
use domain::access::{may_see_to_desks_of, sees_to_desks};
use sync_core::desks::{ActOnDesk, DeskAct, DeskList, DeskTold, InviteDesk, InvitedDesk, MOST_DESKS};
use sync_core::{Lsn, SpaceId};

use crate::db::account::Account;
use crate::db::device::{Device, Status};
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::people;
use crate::server::Server;

/// So many codes of a facility wait to be used at most: whoever asks on and on fills nothing.
const MOST_OPEN: u64 = 20;

/// What became of what was asked.
pub enum Asked<T> {
    Done(T),
    /// The token is nobody's, or lasts no more.
    NotSignedIn,
    /// There is no such desk or facility that the asker sees to.
    OutOfReach,
    /// Too many codes of the facility wait to be used.
    TooManyCodes,
}

impl Server {
    /// The desks in the reach of the person who is signed in on `asker`.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn desks_for(&self, asker: &Device, token: &str) -> Result<Asked<DeskList>> {
        self.db().read(|conn| {
            let Some(actor) = self.actor(token, asker, conn)? else {
                return Ok(Asked::NotSignedIn);
            };
            if !sees_to_desks(&actor.role) {
                return Ok(Asked::OutOfReach);
            }
            let mut desks = self.told_of_desks(|device| sees_to(&actor, device.facility), conn)?;
            let left_out = desks.len().saturating_sub(MOST_DESKS) as u64;
            desks.truncate(MOST_DESKS);
            let heads = heads(&desks, conn)?;
            Ok(Asked::Done(DeskList { desks, left_out, heads }))
        })
    }

    /// Does with a desk what the person who is signed in on `asker` asks.
    ///
    /// # Errors
    /// [`ServerError`]; nothing was done then.
    pub fn act_on_desk(&self, asker: &Device, token: &str, asked: &ActOnDesk) -> Result<Asked<DeskTold>> {
        let judged = self.db().write(|tx| {
            let Some(actor) = self.actor(token, asker, tx)? else {
                return Ok(Err(Asked::NotSignedIn));
            };
            let desk = db::device::lock(asked.desk, tx)?.filter(|desk| desk.status != Status::Server);
            let Some(desk) = desk.filter(|desk| sees_to(&actor, desk.facility)) else {
                return Ok(Err(Asked::OutOfReach));
            };
            let by = Some(actor.person);
            match asked.act {
                DeskAct::LockOut => self.lock_out(desk.id, by, tx)?,
                DeskAct::Withdraw => drop(self.order(desk.id, false, by, tx)?),
                DeskAct::Empty => drop(self.order(desk.id, true, by, tx)?),
            }
            Ok(Ok(()))
        })?;
        if let Err(refused) = judged {
            return Ok(refused);
        }
        let told = self
            .db()
            .read(|conn| self.told_of_desks(|device| device.id == asked.desk, conn))?;
        told.into_iter().next().map(Asked::Done).ok_or(ServerError::NoDevice)
    }

    /// Makes a code by which one desk may join a facility, as the person who is signed in on `asker` asks.
    ///
    /// # Errors
    /// [`ServerError`]; there is no code then.
    pub fn invite_desk(&self, asker: &Device, token: &str, asked: &InviteDesk) -> Result<Asked<InvitedDesk>> {
        self.db().write(|tx| {
            let Some(actor) = self.actor(token, asker, tx)? else {
                return Ok(Asked::NotSignedIn);
            };
            let may = sees_to(&actor, asked.facility);
            let named = if may {
                people::facility_name(asked.facility, self, tx)?
            } else {
                None
            };
            let Some(facility_name) = named else {
                return Ok(Asked::OutOfReach);
            };
            if db::invitation::count_open(asked.facility, self.now_ms(), tx)? >= MOST_OPEN {
                return Ok(Asked::TooManyCodes);
            }
            let invited = self.invite_as((asked.facility, &facility_name), &asked.name, Some(actor.person), tx)?;
            Ok(Asked::Done(InvitedDesk {
                code: invited.code,
                expires: invited.expires,
            }))
        })
    }
}

fn sees_to(actor: &Account, facility: RecordId) -> bool {
    may_see_to_desks_of(&actor.role, actor.facility, facility)
}

/// How far the logs go of the spaces that these desks hold.
fn heads(desks: &[DeskTold], conn: &Conn) -> Result<BTreeMap<SpaceId, Lsn>> {
    let is_held = |space: &SpaceId| {
        let mut said = desks.iter().filter_map(|desk| desk.says.as_ref());
        said.any(|says| says.holds.contains_key(space))
    };
    let spaces = db::space::all(conn)?.into_iter();
    let held = spaces.filter(|space| is_held(&space.id));
    Ok(held.map(|space| (space.id, space.head)).collect())
}
