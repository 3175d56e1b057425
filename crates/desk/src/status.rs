//! What the window's frame shows: where the desk stands, who is signed in, and how syncing goes.

use domain::arrival::Tier;
use domain::{RecordId, Time};
use serde::Serialize;
use sync_core::exchange::Reason;
use ts_rs::TS;

use crate::Failure;
use crate::emergency::EmergencyShown;
use crate::keys::secret::SecretHome;
use crate::keys::slots::Tile;
use crate::recovery::RecoverySheet;

/// How the desk stands.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DeskStatus {
    pub phase: Phase,
    /// Why the desk cannot go on, in the phase `problem`.
    pub problem: Option<Failure>,
    /// The people who can sign in here without the network.
    pub people: Vec<Tile>,
    /// Of these, whose password opens nothing here any more, after too many wrong ones.
    pub suspended: Vec<RecordId>,
    pub who: Option<Who>,
    /// Emergency access that goes on.
    pub emergency: Option<EmergencyShown>,
    pub facility: Option<RecordId>,
    pub utc_offset_minutes: i32,
    /// The address of the district server; empty on a desk that stands alone.
    pub server: Option<String>,
    /// True with the sample hospital: not real patients.
    pub sample: bool,
    pub secret_home: Option<SecretHome>,
    /// The recovery sheet that counts.
    pub recovery: Option<RecoverySheet>,
    pub sync: SyncStatus,
    pub version: String,
    pub lock_after_minutes: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Phase {
    FirstRun,
    SignIn,
    Open,
    Problem,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Who {
    pub person: RecordId,
    pub username: String,
    pub name: String,
    pub role: String,
    /// Nothing can be written: the right to work without the server has run out or is not known here, or the file is
    /// an older copy.
    pub read_only: bool,
    /// The right to work without the server has run out: of patients only those can be read who are in now.
    pub has_run_out: bool,
    pub not_after: Option<Time>,
    /// What the district asks of this person before it renews their right to work without it.
    pub due: Option<Due>,
}

/// What the district asks of somebody whose password is right.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Due {
    /// A code of their second factor.
    SecondFactor,
    /// To set up a second factor.
    SecondFactorEnrol,
}

impl Due {
    /// What the server's word for a refused sign-in asks for.
    pub(crate) fn of(code: &str) -> Option<Due> {
        match code {
            "second_factor" => Some(Due::SecondFactor),
            "second_factor_enrol" => Some(Due::SecondFactorEnrol),
            _ => None,
        }
    }
}

/// How syncing goes. Counts come from the database, never from a flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct SyncStatus {
    pub state: SyncState,
    /// Changes saved here that the district has not received; of a locked desk, as many as there were at the lock.
    pub waiting: u64,
    /// Changes the district keeps aside for a person to decide.
    pub parked: u64,
    /// Actions of this facility's desks that the district keeps aside and the person signed in may decide about.
    pub aside: u64,
    pub conflicts: u64,
    /// When the server was last heard, before this opening of the database too.
    pub last_contact: Option<Time>,
    /// When the oldest waiting change was saved.
    pub waiting_since: Option<Time>,
    /// Milliseconds this desk's clock is ahead of the server's, when more than 10 minutes.
    pub clock_off_ms: Option<i64>,
    /// How far the first receiving has come; empty once everything was here.
    pub arriving: Option<Arriving>,
    pub problem: Option<Failure>,
}

/// How far the records of a desk that has just joined have come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct Arriving {
    /// Changes that are here.
    pub have: u64,
    /// Changes the district has, once it has told.
    pub of: Option<u64>,
    /// Who and what is in the hospital now is here whole, as it stood `as_of`.
    pub present_is_here: bool,
    pub as_of: Option<Time>,
    /// In the order in which they come; empty where all of it comes change by change.
    pub parts: Vec<ArrivingPart>,
    /// How long the rest takes as fast as it comes now, once that is known.
    pub left_s: Option<u64>,
}

/// How far a part of the records has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ArrivingPart {
    pub tier: Tier,
    pub bytes: u64,
    pub bytes_here: u64,
    pub records: u64,
    pub records_here: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum SyncState {
    /// No server was joined.
    StandsAlone,
    /// Nobody has signed in since the start: the database is closed.
    Closed,
    AllSent,
    Waiting,
    Exchanging,
    Offline,
    Problem,
}

/// The sync page.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct SyncPage {
    pub summary: SyncStatus,
    pub spaces: Vec<SpaceLine>,
    pub parked: Vec<ParkedShown>,
    pub device: String,
    pub server_words: Vec<String>,
    /// The words that stand for this desk.
    pub device_words: Vec<String>,
}

/// One space as this desk holds it.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct SpaceLine {
    pub space: String,
    /// The last number received, and the last the server has, as far as known.
    pub cursor: u64,
    pub head: u64,
    pub pending: u64,
    pub parked: u64,
    pub state: SpaceState,
    pub heard: Option<Time>,
    pub digest: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum SpaceState {
    /// Proven equal to the server's by chain and digest.
    Equal,
    Behind,
    /// Own changes wait to be sent.
    Ahead,
    Diverged,
    Unknown,
}

/// A change the district keeps aside.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct ParkedShown {
    pub change: String,
    pub kind: String,
    pub record: RecordId,
    pub caption: String,
    pub reason: Reason,
    pub at: Time,
    pub by: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Value,
    /// Whether the person signed in may say that it is not wanted.
    pub may_dismiss: bool,
    /// Somebody said so already, at another desk or at the district; here it stays until it was seen.
    pub dismissed: Option<DismissedShown>,
}

/// Who said of a change that it is not wanted.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct DismissedShown {
    /// Empty when it was decided at the district.
    pub by: String,
    pub at: Time,
    pub why: String,
}
