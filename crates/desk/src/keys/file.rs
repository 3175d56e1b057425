//! What stands in the desk's own file beside the database: which district it joined, its device key (sealed under the
//! device secret) and the key slots.

use domain::RecordId;
use serde::{Deserialize, Serialize};
use sync_core::certificate::Certificate;
use sync_core::{DeviceId, Hash};

use super::hardness::Hardness;
use super::recovery::Recovery;
use super::seal::{Key, Sealed, seal};
use super::secret::SecretHome;
use super::slots::Slots;
use super::tries::{Tries, TriesOf};
use super::untold::AllUntold;
use crate::identity::Succession;

/// The form of the file that this build writes.
pub const FORM: u16 = 2;
/// The purpose under which the device key is sealed.
pub const SIGNING_KEY: &str = "wardroom signing key 1";

/// All that a desk knows before anybody has signed in. Nothing of a person in the clear.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeskFile {
    pub form: u16,
    /// Names the device secret in the key store.
    pub name: String,
    pub secret_home: SecretHome,
    pub device: DeviceId,
    pub facility: RecordId,
    pub district: RecordId,
    pub utc_offset_minutes: i32,
    /// Empty on a desk that stands alone.
    pub server: Option<ServerPin>,
    /// The device's Ed25519 key, sealed under the device secret.
    pub signing_key: Sealed,
    pub slots: Slots,
    /// The way back to the device secret with a sheet of paper, if one was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<Recovery>,
    /// How hard slots are made here, once it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardness: Option<Hardness>,
    /// Wrong passwords in a row of people without a slot here, all together.
    #[serde(flatten)]
    pub strangers: Tries,
    /// Of each person who has one.
    #[serde(default, skip_serializing_if = "TriesOf::is_empty")]
    pub tries: TriesOf,
    /// What is still to be told to the audit log.
    #[serde(default, skip_serializing_if = "AllUntold::is_empty")]
    pub untold: AllUntold,
    /// True for a desk with the sample hospital: its data is for practice.
    #[serde(default)]
    pub sample: bool,
    /// Changes that waited to be sent when the desk was locked, for the sign-in page.
    #[serde(default)]
    pub unsent: u64,
    /// How often the database was opened. One that was opened less often is an older copy.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub generation: u64,
    /// On the way to a new identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub succession: Option<Succession>,
    /// This desk was withdrawn and holds nothing any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Whose desk it is, and of which district.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Belonging {
    pub device: DeviceId,
    pub facility: RecordId,
    pub district: RecordId,
    pub utc_offset_minutes: i32,
    /// Empty on a desk that stands alone.
    pub server: Option<ServerPin>,
    pub sample: bool,
}

/// What a withdrawn desk still says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Withdrawn {
    pub at_ms: i64,
    /// Changes that were destroyed without being sent, as it was ordered.
    pub unsent: u64,
}

/// The district server this desk joined, and how to know it again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServerPin {
    /// `https://host:port`, or `http://` on the loopback.
    pub address: String,
    /// SHA-256 of its certificate; zero for plain loopback.
    pub certificate: Hash,
    /// The key with which it signs grants.
    pub key: Hash,
    /// When the certificate was made, in milliseconds since 1970, as the server signed; 0 where it never said.
    #[serde(default, skip_serializing_if = "is_at_zero")]
    pub made_ms: i64,
    /// The one with which it will serve next, as it signed: until it does, both are the server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Certificate>,
}

impl ServerPin {
    /// A server known by this certificate alone, of which it did not say when it was made.
    pub fn new(address: String, certificate: Hash, key: Hash) -> ServerPin {
        ServerPin {
            address,
            certificate,
            key,
            made_ms: 0,
            next: None,
        }
    }

    /// The certificates that are the server's.
    pub fn certificates(&self) -> impl Iterator<Item = Hash> {
        let next = self.next.map(|next| next.hash);
        [self.certificate].into_iter().chain(next)
    }

    /// When the latest of them was made, as the server signed; 0 where it never said.
    pub fn knows_ms(&self) -> i64 {
        self.next.map_or(self.made_ms, |next| next.made_ms)
    }

    /// Learns which certificate follows, as the server signed it. One that is older than what is known counts not.
    pub fn learn(&mut self, next: Certificate) {
        if next.made_ms > self.knows_ms() && next.hash != self.certificate {
            self.next = Some(next);
        }
    }

    /// The server showed this certificate, and that it has its key: if it is the next, the one before is its no more.
    pub fn see(&mut self, shown: Hash) {
        if let Some(next) = self.next.take_if(|next| next.hash == shown) {
            self.trust(next);
        }
    }

    /// Knows the server by this certificate alone.
    pub fn trust(&mut self, certificate: Certificate) {
        self.certificate = certificate.hash;
        self.made_ms = certificate.made_ms;
        self.next = None;
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_at_zero(moment_ms: &i64) -> bool {
    *moment_ms == 0
}

impl DeskFile {
    /// The file of a desk that was just set up, with its device key, and nobody's slot.
    pub fn new(
        desk: Belonging,
        name: String,
        secret_home: SecretHome,
        secret: &Key,
        device_key: &[u8; 32],
    ) -> DeskFile {
        DeskFile {
            form: FORM,
            name,
            secret_home,
            device: desk.device,
            facility: desk.facility,
            district: desk.district,
            utc_offset_minutes: desk.utc_offset_minutes,
            server: desk.server,
            signing_key: seal(secret, SIGNING_KEY, device_key),
            slots: Slots::none(secret),
            recovery: None,
            hardness: None,
            strangers: Tries::default(),
            tries: TriesOf::new(),
            untold: AllUntold::default(),
            sample: desk.sample,
            unsent: 0,
            generation: 0,
            succession: None,
            withdrawn: None,
        }
    }

    /// Whose desk it is.
    pub fn belonging(&self) -> Belonging {
        Belonging {
            device: self.device,
            facility: self.facility,
            district: self.district,
            utc_offset_minutes: self.utc_offset_minutes,
            server: self.server.clone(),
            sample: self.sample,
        }
    }

    /// Whose password opens nothing here, until the server or an admin lets them in again.
    pub fn suspended(&self) -> Vec<RecordId> {
        let suspended = self.tries.iter().filter(|(_, tries)| tries.is_suspended());
        suspended.map(|(person, _)| *person).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(number: i64) -> Certificate {
        Certificate {
            hash: Hash::of(&number.to_be_bytes()),
            made_ms: number,
        }
    }

    fn pin(number: i64) -> ServerPin {
        let mut pin = ServerPin::new("https://127.0.0.1:1".into(), Hash::default(), Hash::of(b"server"));
        pin.trust(certificate(number));
        pin
    }

    fn known(pin: &ServerPin) -> Vec<Hash> {
        pin.certificates().collect()
    }

    #[test]
    fn both_certificates_are_the_servers_until_it_shows_the_next() {
        let mut pin = pin(1);
        pin.learn(certificate(2));
        assert_eq!(known(&pin), [certificate(1).hash, certificate(2).hash]);
        assert_eq!(pin.knows_ms(), 2);
        pin.see(certificate(1).hash);
        assert_eq!(known(&pin).len(), 2, "it serves still with the one before");
        pin.see(certificate(2).hash);
        assert_eq!(known(&pin), [certificate(2).hash]);
        assert_eq!((pin.made_ms, pin.knows_ms(), pin.next), (2, 2, None));
    }

    #[test]
    fn no_older_certificate_takes_the_place_of_a_later_one() {
        let mut pin = pin(5);
        for older in [1, 4, 5] {
            pin.learn(certificate(older));
            assert_eq!(known(&pin), [certificate(5).hash]);
        }
        pin.learn(certificate(7));
        pin.learn(certificate(6));
        assert_eq!(pin.next, Some(certificate(7)));
        pin.learn(certificate(8));
        assert_eq!(pin.next, Some(certificate(8)), "one that was prepared anew does");
        pin.see(certificate(7).hash);
        assert_eq!(known(&pin), [certificate(5).hash, certificate(8).hash]);
        // The same certificate under a later date is not another.
        let mut pin = ServerPin::new(String::new(), certificate(5).hash, Hash::default());
        pin.learn(certificate(5));
        assert_eq!(pin.next, None);
    }
}
