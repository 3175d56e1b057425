//! A desk joins with a one-time code. Every refusal looks the same: as if there were no such code.

use ed25519_dalek::VerifyingKey;
use subtle::ConstantTimeEq;
use sync_core::entry::{Enrol, Enrolled, enrol_message, enrolled_message};
use sync_core::{DeviceId, Hash};
use zeroize::Zeroizing;

use super::invite::{about_code, about_desk_name, about_facility_name};
use crate::db::device::{Device, Status};
use crate::db::invitation::Invitation;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::seal::{hmac, random};
use crate::server::{Server, about_name};

const MOST_TRIES: u32 = 5;
/// The most letters of a desk's name that are kept.
const NAME_LETTERS: usize = 100;

impl Server {
    /// Lets a desk join; nothing when its code is not good.
    ///
    /// # Errors
    /// [`ServerError::AnotherServes`] while the desk would join by a certificate that serves no more; the code is as good
    /// as before.
    pub fn enrol(&self, enrol: &Enrol) -> Result<Option<Enrolled>> {
        let Ok(key) = VerifyingKey::from_bytes(&enrol.device_key.0) else {
            return Ok(None);
        };
        // Not every database can even be asked for any text.
        let is_word = enrol.invitation.bytes().all(|letter| letter.is_ascii_alphanumeric());
        if key.is_weak() || !is_word {
            return Ok(None);
        }
        let enrolled = self.db().write(|tx| {
            self.serves_with_the_latest(tx)?;
            let found = db::invitation::lock(&enrol.invitation, tx)?;
            let Some(invitation) = found.filter(|found| found.expires_ms > self.now_ms() && found.tries < MOST_TRIES)
            else {
                return Ok(None);
            };
            let code_hash = self
                .own()
                .key
                .open_32(&about_code(&invitation.id), &invitation.sealed_code_hash)?;
            let wanted = hmac(
                code_hash.as_slice(),
                &enrol_message(&self.certificate_hash(), &enrol.device_key),
            );
            if !bool::from(wanted.0.ct_eq(&enrol.proof.0)) {
                db::invitation::count_try(&invitation.id, tx)?;
                return Ok(None);
            }
            let device = match invitation.used_by {
                None => Some(join(self, &invitation, enrol, tx)?),
                // The answer was lost on its way: the same desk asks again.
                Some(device) => db::device::get(device, tx)?
                    .filter(|device| device.key == enrol.device_key && device.status == Status::Active)
                    .map(|device| device.id),
            };
            device
                .map(|device| answer(self, &invitation, device, &code_hash))
                .transpose()
        })?;
        if let Some(enrolled) = &enrolled {
            self.introduce(self.device(enrolled.device)?.as_slice())?;
        }
        Ok(enrolled)
    }
}

fn join(server: &Server, invitation: &Invitation, enrol: &Enrol, conn: &Conn) -> Result<DeviceId> {
    let (id, key, now_ms) = (DeviceId((server.config().new_id)()), &server.own().key, server.now_ms());
    let given = key.open_text(&about_desk_name(&invitation.id), &invitation.sealed_name)?;
    let name = if given.is_empty() {
        enrol.desk.as_str()
    } else {
        given.as_str()
    };
    let name: String = name
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NAME_LETTERS)
        .collect();
    let device = Device {
        sealed_name: key.seal(&about_name(id), name.as_bytes()),
        sealed_share: key.seal(&about_share(id), random::<32>().as_slice()),
        ..Device::new(id, enrol.device_key, invitation.facility, now_ms)
    };
    db::device::insert(&device, conn)?;
    db::invitation::set_used(&invitation.id, id, conn)?;
    server.note(Happened::new("joined").at(id).of(invitation.facility), conn)?;
    Ok(id)
}

fn answer(
    server: &Server,
    invitation: &Invitation,
    device: DeviceId,
    code_hash: &Zeroizing<[u8; 32]>,
) -> Result<Enrolled> {
    let own = server.own();
    let server_key = Hash(own.signing_key.verifying_key().to_bytes());
    let message = enrolled_message(&server.certificate_hash(), device, &server_key);
    let facility_name = own
        .key
        .open_text(&about_facility_name(&invitation.id), &invitation.sealed_facility_name)?;
    Ok(Enrolled {
        device,
        district: own.district,
        facility: invitation.facility,
        facility_name,
        server_key,
        utc_offset_minutes: own.utc_offset_minutes,
        proof: hmac(code_hash.as_slice(), &message),
    })
}

pub(super) fn about_share(device: DeviceId) -> String {
    format!("share|{device}")
}

impl Device {
    /// The device's unlock share.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub(super) fn share(&self, server: &Server) -> Result<Hash> {
        let share = server.own().key.open_32(&about_share(self.id), &self.sealed_share)?;
        Ok(Hash(*share))
    }

    /// What the device is called.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn name(&self, server: &Server) -> Result<String, ServerError> {
        server.own().key.open_text(&about_name(self.id), &self.sealed_name)
    }
}
