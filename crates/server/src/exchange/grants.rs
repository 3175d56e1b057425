//! Who signed in on a device, as the grants prove that it shows. The server knows its own signature: nothing of it is
//! kept, so that a server that fell back on a backup knows as much as before.

use std::collections::BTreeSet;

use sync_core::entry::{Grant, SignedGrant};
use sync_core::exchange::{MOST_GRANTS, SHOWS_GRANTS};
use sync_core::{SpaceId, UserId};

use crate::db::device::{Device, Status};
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::server::Server;

/// What a device showed in one round.
#[derive(Clone, Default, Debug)]
pub struct Grants {
    /// The device speaks a version in which it shows grants, or once did. Of an older one its word must do.
    is_asked: bool,
    count: usize,
    people: BTreeSet<UserId>,
    /// Somebody may read on the device now.
    is_attended: bool,
    /// Signed in on the device, and works there no more.
    gone: BTreeSet<UserId>,
}

impl Grants {
    /// Nothing was shown yet by the device.
    pub fn none(device: &Device) -> Grants {
        let mut grants = Grants::default();
        grants.hear(device.speaks);
        grants
    }

    /// The device says that it speaks the version `speaks`.
    pub fn hear(&mut self, speaks: u16) {
        self.is_asked |= speaks >= SHOWS_GRANTS;
    }

    /// Whether the person signed in on the device, as far as that is asked.
    pub fn prove(&self, person: UserId) -> bool {
        !self.is_asked || self.people.contains(&person)
    }

    /// Whether somebody may read on the device now, as far as that is asked.
    pub fn let_read(&self) -> bool {
        !self.is_asked || self.is_attended
    }

    /// Who of those who signed in on the device works there no more.
    pub fn gone(&self) -> Vec<UserId> {
        self.gone.iter().copied().collect()
    }

    /// Looks at what `device` shows.
    ///
    /// # Errors
    /// [`ServerError::TooLarge`], or why nothing could be looked up.
    pub fn see(&mut self, shown: &[SignedGrant], device: &Device, server: &Server) -> Result<()> {
        self.count += shown.len();
        if self.count > MOST_GRANTS {
            return Err(ServerError::TooLarge);
        }
        let key = server.verifying_key();
        let grants: Vec<Grant> = shown.iter().filter_map(|signed| signed.read(&key)).collect();
        let mut seen = server.db().read(|conn| {
            let names = db::succession::with_former(device.id, conn)?;
            let mut seen = Grants::default();
            for grant in &grants {
                if names.contains(&grant.device) || is_of_one_gone(grant, device, conn)? {
                    seen.people.insert(grant.person);
                }
                if grant.device != device.id {
                    continue;
                }
                // Somebody whom nobody knows since a backup was put in place has not left.
                let Some(account) = db::account::get(grant.person, conn)? else {
                    continue;
                };
                if account.is_active && account.works_at(device) {
                    seen.is_attended |= grant.not_after.0 >= server.now_ms();
                } else {
                    seen.gone.insert(grant.person);
                }
            }
            Ok(seen)
        })?;
        self.people.append(&mut seen.people);
        self.gone.append(&mut seen.gone);
        self.is_attended |= seen.is_attended;
        Ok(())
    }
}

impl Server {
    /// Whether the grant lets `device` read now, as far as it is asked for one.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn may_read(&self, device: &Device, grant: Option<&SignedGrant>) -> Result<bool> {
        let mut grants = Grants::none(device);
        grants.see(grant.map(std::slice::from_ref).unwrap_or_default(), device, self)?;
        Ok(grants.let_read())
    }
}

/// Whether it was given at a desk of the same facility that was withdrawn, or that nobody knows since a backup was put
/// in place: a desk that joined anew brings what was written under that name.
fn is_of_one_gone(grant: &Grant, device: &Device, conn: &Conn) -> Result<bool> {
    let other = db::device::get(grant.device, conn)?;
    let is_gone = other.is_none_or(|other| other.status == Status::Revoked);
    Ok(is_gone && grant.spaces.contains(&SpaceId::Facility(device.facility.0)))
}
