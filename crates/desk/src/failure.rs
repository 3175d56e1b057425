//! Why something did not happen, for the window: a code it has words for, numbers for the words,
//! and the problems of a draft. Never a value that a person typed.

use std::collections::BTreeMap;

use domain::Problem;
use domain::actions::ActionError;
use domain::views::ViewError;
use serde::{Deserialize, Serialize};
use store::{AbsorbError, SaveError, StoreError};
use sync_core::exchange::PeerError;
use ts_rs::TS;

use crate::keys::seal::SealBroken;
use crate::keys::secret::SecretError;
use crate::keys::twice::FileError;
use crate::net::join::BadInvitation;
use crate::net::link::LinkError;

/// A failure as the window gets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Failure {
    pub code: String,
    pub numbers: BTreeMap<String, String>,
    pub problems: Vec<Problem>,
}

impl Failure {
    pub fn new(code: &str) -> Failure {
        Failure {
            code: code.to_owned(),
            numbers: BTreeMap::new(),
            problems: Vec::new(),
        }
    }

    pub fn number(mut self, name: &str, number: impl ToString) -> Failure {
        self.numbers.insert(name.to_owned(), number.to_string());
        self
    }

    /// Whether the device secret is not there, or is not that of the desk's file.
    pub(crate) fn is_of_secret(&self) -> bool {
        let codes = ["device_secret_missing", "device_secret_wrong", "no_key_store"];
        codes.contains(&self.code.as_str())
    }

    fn problems(problems: Vec<Problem>) -> Failure {
        Failure {
            problems,
            ..Failure::new("problems")
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)
    }
}

impl std::error::Error for Failure {}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::WrongKey => Failure::new("database_wrong_key"),
            StoreError::Damaged | StoreError::NotEncrypted | StoreError::NotThisDesk => {
                Failure::new("database_damaged")
            }
            StoreError::NewerSchema { found, known } => Failure::new("database_newer")
                .number("found", found)
                .number("known", known),
            StoreError::DiskFull => Failure::new("disk_full"),
            StoreError::InUse => Failure::new("database_in_use"),
            StoreError::Emptied => Failure::new("desk_withdrawing"),
            _ => Failure::new("database_failed"),
        }
    }
}

impl From<SaveError> for Failure {
    fn from(error: SaveError) -> Failure {
        match error {
            SaveError::Problems(problems) => Failure::problems(problems),
            SaveError::Store(error) => error.into(),
        }
    }
}

impl From<AbsorbError> for Failure {
    fn from(error: AbsorbError) -> Failure {
        match error {
            AbsorbError::Store(error) => error.into(),
            AbsorbError::OtherEpoch { .. } => Failure::new("server_restored"),
            AbsorbError::OwnMissing(_) | AbsorbError::Fork(_) => Failure::new("desk_forked"),
            _ => Failure::new("answer_damaged"),
        }
    }
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Failure {
        Failure::new(match error {
            ViewError::Unknown => "unknown_view",
            ViewError::Arguments => "bad_arguments",
            ViewError::NotAllowed => "not_allowed",
            ViewError::NotFound => "not_found",
            ViewError::Unreadable(_) => "database_failed",
        })
    }
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Failure {
        match error {
            ActionError::Unknown => Failure::new("unknown_action"),
            ActionError::Arguments => Failure::new("bad_arguments"),
            ActionError::Problems(problems) => Failure::problems(problems),
            ActionError::Unreadable(_) => Failure::new("database_failed"),
        }
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Failure {
        Failure::new(match error {
            SecretError::NoKeyStore(_) => "no_key_store",
            SecretError::Locked => "key_store_locked",
            SecretError::Missing => "device_secret_missing",
            SecretError::Io(_) => "folder_failed",
        })
    }
}

impl From<SealBroken> for Failure {
    fn from(_: SealBroken) -> Failure {
        Failure::new("device_secret_wrong")
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Failure {
        match error {
            FileError::Io(io) if io.kind() == std::io::ErrorKind::StorageFull => Failure::new("disk_full"),
            FileError::Io(_) => Failure::new("folder_failed"),
            FileError::Damaged(_) => Failure::new("desk_file_damaged"),
            FileError::Newer => Failure::new("desk_file_newer"),
        }
    }
}

impl From<BadInvitation> for Failure {
    fn from(error: BadInvitation) -> Failure {
        Failure::new(match error {
            BadInvitation::NoAddress => "invitation_no_address",
            BadInvitation::NoCode => "invitation_no_code",
            BadInvitation::PlainElsewhere => "invitation_plain",
        })
    }
}

impl From<PeerError> for Failure {
    fn from(error: PeerError) -> Failure {
        match error {
            PeerError::Offline | PeerError::NotReached => Failure::new("offline"),
            PeerError::Busy(wait_s) => Failure::new("server_busy").number("seconds", wait_s),
            PeerError::Certificate => Failure::new("certificate_changed"),
            PeerError::NotAccepted => Failure::new("desk_not_accepted"),
            PeerError::NotSignedIn => Failure::new("not_signed_in"),
            PeerError::ClockOff(off_ms) => Failure::new("clock_off").number("minutes", off_ms / 60_000),
            PeerError::Version => Failure::new("server_version"),
            PeerError::TooLarge => Failure::new("way_too_narrow"),
            PeerError::Damaged => Failure::new("answer_damaged"),
        }
    }
}

impl From<LinkError> for Failure {
    fn from(error: LinkError) -> Failure {
        match error {
            LinkError::Peer(error) => error.into(),
            LinkError::Refused { code, wait_s, .. } => {
                let failure = Failure::new(&code);
                match wait_s {
                    Some(seconds) => failure.number("seconds", seconds),
                    None => failure,
                }
            }
        }
    }
}
