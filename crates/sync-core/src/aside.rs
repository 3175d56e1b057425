//! What the server keeps aside for a person to decide, as every desk of its author's facility is told of it, and
//! what a person with the right to it decided there.

use serde::{Deserialize, Serialize};

use crate::digest::Hash;
use crate::exchange::{Carried, Numbered, Reason};
use crate::id::{ChangeId, UserId};

/// The most actions that are told of at once, and the most bytes of what they say; one is told of always.
pub const MOST_ACTIONS: usize = 100;
pub const MOST_BYTES: usize = 64 * 1024;
/// The most of the asking desk's own changes that are told to be dismissed.
pub const MOST_DISMISSED: usize = 100;
/// The most of the asking desk's own changes that are told to be taken in after all.
pub const MOST_TAKEN_IN: usize = 1_000;
/// The most bytes of what one action says.
pub const MOST_BYTES_OF_ONE: usize = 16 * 1024;
/// The most decisions of one round.
pub const MOST_DECISIONS: usize = 50;
/// The most characters of the words that go with a decision.
pub const LONGEST_WHY: usize = 500;

/// Everything of a facility that waits for a decision, longest first.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AsideList {
    /// Names the list: one of the same name says the same.
    pub name: Hash,
    pub actions: Vec<AsideAction>,
    /// How many actions wait besides; they are told of when those before them are decided.
    pub left_out: u64,
    /// What was dismissed of what the asking desk wrote, the latest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dismissed: Vec<Dismissed>,
    /// What was taken in after all of what the asking desk wrote, the latest first. A desk that begins with a
    /// snapshot reads of no number that was given before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_in: Vec<Numbered>,
}

/// A change of the asking desk that somebody dismissed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Dismissed {
    pub change: ChangeId,
    /// When, by the server's clock.
    pub at_ms: i64,
    /// Who decided so at a desk; nothing when it was decided at the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
    /// Why, in their words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// One action that is kept aside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AsideAction {
    /// Its first change, which names it in a decision and says at which desk it was written.
    pub change: ChangeId,
    /// How many changes it has.
    pub count: u64,
    pub reason: Reason,
    /// Since when it is kept aside, by the server's clock.
    pub since_ms: i64,
    /// Who wrote it, and when by the clock of their desk; nothing when the server does not understand it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Written>,
    /// What it says, as far as the asking desk may have it; from the first change on, not all when it is long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<Carried>,
}

/// Who wrote a change, and when by the clock of the desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Written {
    pub by: UserId,
    pub wall_ms: i64,
}

/// What a person wants to become of an action that is kept aside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Verdict {
    /// It is taken in as its author wrote it.
    TakeIn,
    /// It is not wanted. It stays on record.
    Dismiss,
}

/// What a person decided.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Decision {
    /// A change of the action.
    pub change: ChangeId,
    pub verdict: Verdict,
    /// Why, in the person's words.
    pub why: String,
    pub by: UserId,
    pub wall_ms: i64,
}

/// What became of a decision.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Outcome {
    Done,
    /// It was decided about before, or written anew.
    DecidedBefore,
    /// The person or the desk has no right to decide so.
    NotAllowed,
    /// It builds on another action that is kept aside.
    DependsOnParked,
    /// The server does not understand it or has no place for it.
    CannotBeTakenIn,
    /// The server keeps nothing of that name aside.
    Unknown,
    #[serde(other)]
    Other,
}

impl AsideList {
    /// A list with its name.
    pub fn new(
        actions: Vec<AsideAction>,
        left_out: u64,
        dismissed: Vec<Dismissed>,
        taken_in: Vec<Numbered>,
    ) -> AsideList {
        let waiting = actions.iter().map(|each| format!("{} {}\n", each.change, each.count));
        let gone = dismissed.iter().map(|each| format!("\n{} {}", each.change, each.at_ms));
        let come = taken_in.iter().map(|each| format!("\n{}={}", each.seq, each.lsn));
        let text =
            waiting.collect::<String>() + &left_out.to_string() + &gone.collect::<String>() + &come.collect::<String>();
        AsideList {
            name: Hash::of(text.as_bytes()),
            actions,
            left_out,
            dismissed,
            taken_in,
        }
    }
}
