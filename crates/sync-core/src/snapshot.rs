//! A space as it stood at one number of its log: for a desk that has just joined, in place of the log up
//! to there. The records come in pieces, each named by the hash of its bytes, under a manifest that the
//! server signs; so they can come in any number of tries, by any way, from anybody.
//!
//! `snapshot(S)` and then the log after S give the same state as the whole log. A record therefore brings
//! its heads and, without what they said, the ids of all other changes that were folded into it.

use std::collections::BTreeSet;

use domain::arrival::Tier;
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::digest::{Chain, Digest, Hash};
use crate::entry::SignedGrant;
use crate::exchange::{PeerError, SignatureText, is_signed, sign};
use crate::fold::RecordState;
use crate::id::{ChangeId, Lsn, SpaceId};

mod piece;
mod stick;

pub use piece::{BadPiece, Cutter, MOST_BYTES, read};
pub use stick::{StickIndex, StickKey, about_piece, piece_name};

/// The form of the pieces that this build writes and reads.
pub const FORM: u16 = 1;
/// The most pieces that are asked for at once.
pub const MOST_PIECES: usize = 64;

/// A record as it stands in a snapshot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    pub state: RecordState,
    /// The changes folded into it that are the head of no field any more.
    pub older: BTreeSet<ChangeId>,
}

impl Base {
    /// A state and all the changes that were folded into it.
    pub fn new(state: RecordState, folded: impl IntoIterator<Item = ChangeId>) -> Base {
        let mut older: BTreeSet<ChangeId> = folded.into_iter().collect();
        older.retain(|id| !is_head(&state, id));
        Base { state, older }
    }

    /// Whether the change was folded into it.
    pub fn holds(&self, id: &ChangeId) -> bool {
        self.older.contains(id) || is_head(&self.state, id)
    }

    /// Every change that was folded into it.
    pub fn folded(&self) -> BTreeSet<ChangeId> {
        let heads = self.state.fields.values().flat_map(|field| field.heads.keys());
        heads.chain(&self.older).copied().collect()
    }
}

fn is_head(state: &RecordState, id: &ChangeId) -> bool {
    state.fields.values().any(|field| field.heads.contains_key(id))
}

/// What a snapshot consists of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    pub form: u16,
    pub space: SpaceId,
    pub epoch: u64,
    /// Everything of the log up to here is folded in.
    pub lsn: Lsn,
    /// The space's chain after `lsn`.
    pub chain: Chain,
    /// The digest of all its records together.
    pub digest: Digest,
    /// The server's clock when it was made.
    pub made_ms: i64,
    /// In the order in which they are wanted.
    pub pieces: Vec<Piece>,
}

/// A piece of a snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Piece {
    pub hash: Hash,
    pub tier: Tier,
    /// On the wire.
    pub bytes: u32,
    pub records: u32,
}

/// A manifest with the server's signature over its exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedManifest {
    pub text: String,
    pub signature: SignatureText,
}

const PURPOSE: &str = "wardroom snapshot 1";

impl SignedManifest {
    pub fn new(key: &SigningKey, manifest: &Manifest) -> SignedManifest {
        let text = serde_json::to_string(manifest).expect("a manifest has only text keys");
        let signature = sign(key, PURPOSE, text.as_bytes());
        SignedManifest { text, signature }
    }

    /// The manifest, if the server that owns `key` signed it and it is of a form that this build reads.
    pub fn read(&self, key: &VerifyingKey) -> Option<Manifest> {
        let manifest: Manifest = is_signed(key, PURPOSE, self.text.as_bytes(), &self.signature)
            .then(|| serde_json::from_str(&self.text).ok())
            .flatten()?;
        let fits = |piece: &Piece| usize::try_from(piece.bytes).is_ok_and(|bytes| bytes > 0 && bytes <= MOST_BYTES);
        (manifest.form == FORM && manifest.pieces.iter().all(fits)).then_some(manifest)
    }
}

/// `POST /v1/snapshot`: which snapshot of a space there is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskManifest {
    pub space: SpaceId,
    /// Of somebody who may read on the desk now; a server of an exchange before 5 does not ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<SignedGrant>,
}

/// The server's answer to [`AskManifest`]; without a snapshot the log says it all.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Offered {
    pub manifest: Option<SignedManifest>,
    /// What opens pieces of the space that come on a stick; an older server has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<StickKey>,
}

/// `POST /v1/pieces`: pieces of a snapshot, at most [`MOST_PIECES`]. The answer is their bytes, one behind the
/// other; how long each is stands in the manifest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskPieces {
    pub space: SpaceId,
    pub hashes: Vec<Hash>,
    /// So many bytes of the first are here already.
    pub from: u32,
    /// As in [`AskManifest`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<SignedGrant>,
}

/// Who hands out snapshots: the server over HTTP, or in a test the server itself.
pub trait Snapshots {
    /// The snapshot of a space, if it has one.
    ///
    /// # Errors
    /// [`PeerError`].
    fn offer(&self, wanted: AskManifest) -> impl Future<Output = Result<Offered, PeerError>> + Send;

    /// Hands the bytes of pieces to `absorb` as they come. Answers `false` when the first is not kept any more.
    ///
    /// # Errors
    /// [`PeerError`]; bytes that came before it stay valid.
    fn pieces(
        &self,
        wanted: AskPieces,
        absorb: &mut (dyn FnMut(&[u8]) + Send),
    ) -> impl Future<Output = Result<bool, PeerError>> + Send;
}
