//! Snapshots in a folder or on a stick: a list that is readable, as it says nothing of anybody, and the pieces beside
//! it, each sealed under a key that the server tells to desks which may have the space. Who finds the stick reads nothing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::SignedManifest;
use crate::digest::Hash;
use crate::id::SpaceId;

/// What opens the pieces of one space on a stick.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StickKey(Hash);

impl StickKey {
    pub fn new(bytes: [u8; 32]) -> StickKey {
        StickKey(Hash(bytes))
    }

    pub fn bytes(&self) -> [u8; 32] {
        self.0.0
    }
}

impl fmt::Debug for StickKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StickKey")
    }
}

/// The list of what is on a stick.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StickIndex {
    pub form: u16,
    /// A snapshot of each space.
    pub snapshots: Vec<SignedManifest>,
}

impl StickIndex {
    /// The form that this build writes and reads.
    pub const FORM: u16 = 1;
    /// The name of the file. It is written last: what it names is there.
    pub const NAME: &str = "wardroom-records.json";
}

/// The name of the file that holds a piece.
pub fn piece_name(hash: Hash) -> String {
    format!("{hash}.piece")
}

/// What a piece's seal is bound to, so that it opens as no other piece and in no other space.
pub fn about_piece(space: SpaceId, hash: Hash) -> String {
    format!("wardroom stick 1|{space}|{hash}")
}
