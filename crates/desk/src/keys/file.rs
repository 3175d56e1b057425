//! What stands in the desk's own file beside the database: which district it joined, its device key (sealed under the
//! device secret) and the key slots.

use domain::RecordId;
use serde::{Deserialize, Serialize};
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
