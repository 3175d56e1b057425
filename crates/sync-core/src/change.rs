//! The one shape of every edit, and its encoding. There is no other operation: a correction, a
//! void, a resolution, a bed move and a stock issue are all changes.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use domain::{RecordId, Value};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::clock::Stamp;
use crate::digest::Hash;
use crate::id::{ChangeId, Lsn, SpaceId, UserId};

/// The version of the change's shape that this build writes.
pub const SCHEMA: u16 = 1;
/// The most bytes one encoded change may have.
pub const MAX_BYTES: usize = 256 * 1024;

/// One immutable edit of one record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    pub id: ChangeId,
    /// The user action it belongs to; the changes of one action apply all or none.
    pub action: Uuid,
    /// How many changes the action has.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub of: u32,
    pub space: SpaceId,
    pub kind: String,
    pub record: RecordId,
    /// Only what the user changed.
    pub fields: BTreeMap<String, Value>,
    /// The heads that the form showed when it was opened, field by field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub base: BTreeMap<String, Vec<ChangeId>>,
    /// The last lsn of the space in the author's store.
    pub seen: Lsn,
    pub actor: UserId,
    pub session: Uuid,
    pub schema: u16,
    pub stamp: Stamp,
    pub wall_ms: i64,
    /// The change of an earlier identity of the desk, or of another desk, that this one says anew,
    /// because the district did not get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<ChangeId>,
    /// What it said was erased: the hash of the bytes that it had. Since 5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Hash>,
}

impl Change {
    /// Whether what it said was erased. What is left of it is called a *stub*.
    pub fn is_stub(&self) -> bool {
        self.erased.is_some()
    }
}

fn one() -> u32 {
    1
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(of: &u32) -> bool {
    *of == 1
}

/// Bytes that are no change.
#[derive(Debug, Clone, thiserror::Error, PartialEq, Eq)]
pub enum BadChange {
    #[error("a change of {0} bytes is larger than allowed")]
    TooLarge(usize),
    /// Says where, never what.
    #[error("a change cannot be read at byte {0}")]
    Unreadable(usize),
    /// It would say something under a hash that does not cover it.
    #[error("a change that was erased says something")]
    StubThatSays,
}

/// A change with the exact bytes its author wrote: these are hashed, stored and passed on, so that
/// what a newer version added goes through untouched. A copy shares them, and the hash once it was asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Encoded(Arc<Whole>);

#[derive(Debug)]
struct Whole {
    change: Change,
    bytes: Vec<u8>,
    hash: OnceLock<Hash>,
}

impl PartialEq for Whole {
    fn eq(&self, other: &Whole) -> bool {
        (&self.change, &self.bytes) == (&other.change, &other.bytes)
    }
}

impl Eq for Whole {}

impl Encoded {
    /// Encodes a change made here: JSON with keys in a fixed order.
    pub fn new(change: Change) -> Encoded {
        let bytes = serde_json::to_vec(&change).expect("a change has only text keys and plain values");
        Encoded::of(change, bytes)
    }

    fn of(change: Change, bytes: Vec<u8>) -> Encoded {
        let hash = OnceLock::new();
        Encoded(Arc::new(Whole { change, bytes, hash }))
    }

    /// Reads a change made elsewhere and keeps its bytes.
    ///
    /// # Errors
    /// [`BadChange`] when it is too large, cannot be read, or is a stub and more than one.
    pub fn read(bytes: Vec<u8>) -> Result<Encoded, BadChange> {
        if bytes.len() > MAX_BYTES {
            return Err(BadChange::TooLarge(bytes.len()));
        }
        let change: Change = serde_json::from_slice(&bytes).map_err(|error| BadChange::Unreadable(error.column()))?;
        let read = Encoded::of(change, bytes);
        // Of a stub not a byte is free: what no hash covers may not grow.
        if read.change().is_stub() && read.stub() != read {
            return Err(BadChange::StubThatSays);
        }
        Ok(read)
    }

    /// What is left of it when it is erased: who wrote it, when, and about which record; no fields, no base, and the hash
    /// that it had. Erased a second time it is the same.
    #[must_use]
    pub fn stub(&self) -> Encoded {
        Encoded::new(Change {
            fields: BTreeMap::new(),
            base: BTreeMap::new(),
            erased: Some(self.hash()),
            ..self.change().clone()
        })
    }

    pub fn change(&self) -> &Change {
        &self.0.change
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// The BLAKE3 hash of its bytes; of a stub, of the bytes that it had.
    pub fn hash(&self) -> Hash {
        let whole = &*self.0;
        let made = || whole.change.erased.unwrap_or_else(|| Hash::of(&whole.bytes));
        *whole.hash.get_or_init(made)
    }
}

/// Whether `changes` (of one device, in the order of their seq) hold whole actions only.
pub fn are_whole_actions(changes: &[Encoded]) -> bool {
    let mut rest = changes;
    while let Some(first) = rest.first() {
        let wanted = usize::try_from(first.change().of).unwrap_or(usize::MAX);
        let Some((action, tail)) = rest.split_at_checked(wanted.max(1)) else {
            return false;
        };
        if action
            .iter()
            .any(|each| each.change().action != first.change().action || each.change().of != first.change().of)
        {
            return false;
        }
        rest = tail;
    }
    true
}
