//! The desk's own file beside the database: which district it joined, its signing key (sealed
//! under the device secret) and the key slots. Written beside, synced, renamed.

use std::fs;
use std::path::Path;

use domain::RecordId;
use serde::{Deserialize, Serialize};
use sync_core::{DeviceId, Hash};

use super::seal::Sealed;
use super::secret::{SecretHome, write_private};
use super::slots::Slots;
use super::tries::{Tries, TriesOf};
use crate::identity::Succession;

/// The form of the file that this build writes.
pub const FORM: u16 = 1;
const NAME: &str = "desk.json";

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
    /// Wrong passwords in a row of people without a slot here, all together.
    #[serde(flatten)]
    pub strangers: Tries,
    /// Of each person who has one.
    #[serde(default, skip_serializing_if = "TriesOf::is_empty")]
    pub tries: TriesOf,
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

/// The desk's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the desk's file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    #[error("the desk's file is damaged at line {0}")]
    Damaged(usize),
    #[error("the desk's file was written by a newer version")]
    Newer,
}

impl DeskFile {
    /// The file in `folder`, if this desk was set up.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn read(folder: &Path) -> Result<Option<DeskFile>, FileError> {
        let bytes = match fs::read(folder.join(NAME)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        #[derive(Deserialize)]
        struct Form {
            form: u16,
        }
        let form: Form = serde_json::from_slice(&bytes).map_err(|error| FileError::Damaged(error.line()))?;
        if form.form > FORM {
            return Err(FileError::Newer);
        }
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| FileError::Damaged(error.line()))
    }

    /// Whose password opens nothing here, until the server or an admin lets them in again.
    pub fn suspended(&self) -> Vec<RecordId> {
        let suspended = self.tries.iter().filter(|(_, tries)| tries.is_suspended());
        suspended.map(|(person, _)| *person).collect()
    }

    /// Writes the file durably.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn write(&self, folder: &Path) -> Result<(), FileError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|error| FileError::Damaged(error.line()))?;
        Ok(write_private(&folder.join(NAME), &bytes)?)
    }
}
