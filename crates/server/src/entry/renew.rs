//! A desk whose file was copied or put back goes on under a new identity. The old one is closed in the same
//! transaction, so that no two computers ever write under it again.

use sync_core::DeviceId;
use sync_core::entry::{Renew, Renewed, SignedIn};
use uuid::Uuid;

use super::enrol::about_share;
use super::sign_in::Outcome;
use crate::db;
use crate::db::Conn;
use crate::db::device::{Device, Status};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::server::{Server, about_name};

/// What became of the wish for a new identity.
pub enum Renewal {
    Renewed(Box<Renewed>),
    /// The person was not let in, and why.
    NotLetIn(Outcome),
}

impl Server {
    /// Gives the desk `old` a new identity, confirmed by a person; the same one when the same key asks again, since
    /// the answer may have been lost. Two computers of one disk get one each.
    ///
    /// # Errors
    /// [`ServerError::NoDevice`] when the desk was withdrawn or is to be emptied; nothing was changed.
    pub fn renew(&self, old: &Device, renew: &Renew) -> Result<Renewal> {
        let is_replaced = self.db().read(|conn| db::succession::is_replaced(old.id, conn))?;
        let may = old.status == Status::Active || is_replaced;
        if !may || !renew.is_asked_by_its_owner(old.id) {
            return Err(ServerError::NoDevice);
        }
        let known = match self.recognise(old, &renew.username, &renew.password)? {
            Ok(known) => known,
            Err(outcome) => return Ok(Renewal::NotLetIn(outcome)),
        };
        let account = &known.account;
        // There is no place for a code here: whoever showed it on the desk before confirms, or somebody who needs none.
        let wanted = match account.given_until_ms {
            Some(until_ms) => Some(self.wanted_of_given(until_ms)),
            None => self.factor_wanted(&known, old, (true, None))?,
        };
        if let Some(wanted) = wanted {
            return self.not_yet(&known, wanted).map(Renewal::NotLetIn);
        }
        let new = self
            .db()
            .write(|tx| match db::succession::with_key(old.id, renew.device_key, tx)? {
                Some(known) => db::device::get(known, tx)?.ok_or(ServerError::NoDevice),
                // Who holds nothing at once goes on under no other name.
                None if db::withdrawal::get(old.id, tx)?.is_some_and(|order| order.is_now) => {
                    Err(ServerError::NoDevice)
                }
                None => succeed(self, old, renew, account.person, tx),
            })?;
        self.introduce(std::slice::from_ref(&new))?;
        let signed_in: SignedIn = self.let_in(account, &new, self.now_ms())?;
        let device = new.id;
        Ok(Renewal::Renewed(Box::new(Renewed { device, signed_in })))
    }
}

fn succeed(server: &Server, old: &Device, renew: &Renew, person: domain::RecordId, conn: &Conn) -> Result<Device> {
    let (id, key, now_ms) = (DeviceId(Uuid::now_v7()), &server.own().key, server.now_ms());
    let share = old.share(server)?;
    let device = Device {
        sealed_name: key.seal(&about_name(id), old.name(server)?.as_bytes()),
        sealed_share: key.seal(&about_share(id), &share.0),
        speaks: old.speaks,
        ..Device::new(id, renew.device_key, old.facility, now_ms)
    };
    db::device::insert(&device, conn)?;
    db::succession::insert(id, old.id, person, now_ms, conn)?;
    db::device::revoke(old.id, conn)?;
    server.note(Happened::new("renewed").to(person).at(id).of(old.facility), conn)?;
    Ok(device)
}
