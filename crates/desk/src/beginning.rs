//! The desk's side of beginning with snapshots: what it asks for next, and what it does with what comes. No network and
//! no clock here either. A space that the server has no snapshot of is read as a log.

use std::collections::{BTreeSet, VecDeque};

use domain::arrival::Tier;
use ed25519_dalek::VerifyingKey;
use store::{AbsorbError, SnapshotStatus, Store, StoreError};
use sync_core::snapshot::{AskManifest, AskPieces, MOST_PIECES, Manifest, Offered, Piece, SignedManifest};
use sync_core::{Hash, SpaceId};

use crate::Failure;
use crate::grants;
use crate::round::Heard;
use crate::stick;

/// What a desk asks for to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Manifest(AskManifest),
    Pieces(AskPieces),
}

/// So many bytes of a piece that is not whole are kept at a time: what a kill takes with it at most.
const KEEP: usize = 4 * 1024;

/// How far a desk is in beginning with snapshots.
pub(crate) struct Beginning {
    /// Who signs manifests.
    server: VerifyingKey,
    /// The spaces that are read as a log.
    by_log: BTreeSet<SpaceId>,
    coming: Option<Coming>,
}

/// Pieces that were asked for, the first of them in part.
struct Coming {
    space: SpaceId,
    pieces: VecDeque<Piece>,
    part: Vec<u8>,
    /// So much of the part is kept in the file.
    kept: usize,
}

impl Coming {
    /// Keeps what came of the first piece and is not kept yet.
    fn keep(&mut self, store: &Store) -> Result<(), Failure> {
        let Some(piece) = self.pieces.front() else {
            return Ok(());
        };
        if let Some(new @ [_, ..]) = self.part.get(self.kept..) {
            store.keep_unfinished(self.space, piece.hash, self.kept, new)?;
            self.kept = self.part.len();
        }
        Ok(())
    }
}

impl Beginning {
    pub fn new(server: VerifyingKey) -> Beginning {
        Beginning {
            server,
            by_log: BTreeSet::new(),
            coming: None,
        }
    }

    /// The spaces of which the log is not asked for yet.
    pub fn held_back(&self, store: &Store) -> Result<BTreeSet<SpaceId>, Failure> {
        let mut waiting: BTreeSet<SpaceId> = store.empty_spaces()?.into_iter().collect();
        waiting.retain(|space| !self.by_log.contains(space));
        let partial = store.snapshots()?.into_iter().filter(|status| !status.is_whole);
        waiting.extend(partial.map(|status| status.space));
        Ok(waiting)
    }

    /// What to ask for next; pieces of about `bytes` bytes together.
    pub fn next(&mut self, store: &Store, bytes: usize) -> Result<Option<Step>, Failure> {
        let unasked = store.empty_spaces()?;
        if let Some(space) = unasked.into_iter().find(|space| !self.by_log.contains(space)) {
            let grant = grants::to_read(store)?;
            return Ok(Some(Step::Manifest(AskManifest { space, grant })));
        }
        let snapshots = store.snapshots()?;
        let next_tier = |status: &&SnapshotStatus| status.missing.first().map_or(Tier::Past, |piece| piece.tier);
        let partial = snapshots.iter().filter(|status| !status.missing.is_empty());
        match partial.min_by_key(next_tier) {
            Some(status) => self.pieces(status, bytes, store).map(Some),
            None => Ok(None),
        }
    }

    fn pieces(&mut self, status: &SnapshotStatus, bytes: usize, store: &Store) -> Result<Step, Failure> {
        let (mut pieces, mut sum) = (VecDeque::new(), 0);
        let tier = status.missing.first().map(|piece| piece.tier);
        let next = status.missing.iter().take_while(|piece| Some(piece.tier) == tier);
        for piece in next.take(MOST_PIECES) {
            if sum >= bytes {
                break;
            }
            sum += length(piece);
            pieces.push_back(*piece);
        }
        let part = match pieces.front() {
            Some(first) => store.unfinished_piece(status.space, first.hash)?,
            None => Vec::new(),
        };
        let asked = AskPieces {
            space: status.space,
            from: u32::try_from(part.len()).unwrap_or(0),
            hashes: pieces.iter().map(|piece| piece.hash).collect(),
            grant: grants::to_read(store)?,
        };
        self.coming = Some(Coming {
            space: status.space,
            pieces,
            kept: part.len(),
            part,
        });
        Ok(Step::Pieces(asked))
    }

    /// Takes in which snapshot the server has of a space, unless it was begun with one meanwhile.
    pub fn hear_offer(&mut self, space: SpaceId, offered: &Offered, store: &Store) -> Result<(), Failure> {
        if let Some(key) = &offered.key {
            stick::keep_key(space, key, store)?;
        }
        if store.snapshots()?.iter().any(|status| status.space == space) {
            return Ok(());
        }
        self.start(space, offered.manifest.as_ref(), store)
    }

    fn start(&mut self, space: SpaceId, signed: Option<&SignedManifest>, store: &Store) -> Result<(), Failure> {
        let manifest = signed.and_then(|signed| signed.read(&self.server));
        let manifest = manifest.filter(|manifest| manifest.space == space && !manifest.pieces.is_empty());
        let is_begun = match manifest {
            Some(manifest) => store.begin_snapshot(manifest)?,
            None => false,
        };
        if !is_begun {
            self.by_log.insert(space);
        }
        Ok(())
    }

    /// Takes in the next bytes of what was asked for; each piece as soon as it is whole.
    pub fn hear_bytes(&mut self, mut bytes: &[u8], store: &Store, heard: &mut Heard) -> Result<(), Failure> {
        let Some(coming) = &mut self.coming else {
            return Err(Failure::new("answer_damaged"));
        };
        heard.got_on |= !bytes.is_empty();
        while !bytes.is_empty() {
            let Some(piece) = coming.pieces.front() else {
                return Err(Failure::new("answer_damaged"));
            };
            let room = length(piece).saturating_sub(coming.part.len());
            let (own, rest) = bytes.split_at(room.min(bytes.len()));
            coming.part.extend_from_slice(own);
            bytes = rest;
            if coming.part.len() >= length(piece) {
                let (space, hash) = (coming.space, piece.hash);
                let whole = std::mem::take(&mut coming.part);
                coming.kept = 0;
                coming.pieces.pop_front();
                if let Err(refused) = take(space, hash, &whole, store, heard) {
                    if matches!(refused, Refused::Snapshot) {
                        self.by_log.insert(space);
                    }
                    self.coming = None;
                    return Err(refused.into());
                }
            } else if coming.part.len() - coming.kept >= KEEP {
                coming.keep(store)?;
            }
        }
        Ok(())
    }

    /// The answer ended, or broke off: what came of a piece is kept. Answers whether all came that was asked for.
    pub fn hear_end(&mut self, store: &Store) -> Result<bool, Failure> {
        let Some(mut coming) = self.coming.take() else {
            return Ok(false);
        };
        coming.keep(store)?;
        Ok(coming.pieces.is_empty())
    }

    /// What was asked for is not kept any more: there is a newer snapshot, or the log has to tell it all.
    pub fn hear_gone(&mut self, wanted: &AskPieces, offered: &Offered, store: &Store) -> Result<(), Failure> {
        let statuses = store.snapshots()?;
        let status = statuses.iter().find(|status| status.space == wanted.space);
        let first = wanted.hashes.first();
        let is_wanted = |status: &SnapshotStatus| status.missing.iter().any(|piece| Some(&piece.hash) == first);
        if !status.is_some_and(is_wanted) {
            return Ok(());
        }
        let newest = offered.manifest.as_ref().and_then(|signed| signed.read(&self.server));
        let names_it = |manifest: &Manifest| manifest.pieces.iter().any(|piece| Some(&piece.hash) == first);
        if newest.is_none_or(|manifest| names_it(&manifest)) {
            store.forget_snapshot(wanted.space)?;
            self.by_log.insert(wanted.space);
            return Ok(());
        }
        self.start(wanted.space, offered.manifest.as_ref(), store)
    }
}

fn length(piece: &Piece) -> usize {
    usize::try_from(piece.bytes).unwrap_or(usize::MAX)
}

/// Why a piece was not taken in.
pub(crate) enum Refused {
    /// It was altered on its way: it has to come again whole.
    Piece,
    /// It was the last, and all together are not what they should be: they were given up, the log tells the truth.
    Snapshot,
    Failed(Failure),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        match refused {
            Refused::Piece | Refused::Snapshot => Failure::new("answer_damaged"),
            Refused::Failed(failure) => failure,
        }
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Refused {
        Refused::Failed(error.into())
    }
}

/// Takes in a whole piece, from wherever it came.
///
/// # Errors
/// [`Refused`].
pub(crate) fn take(space: SpaceId, hash: Hash, bytes: &[u8], store: &Store, heard: &mut Heard) -> Result<(), Refused> {
    match store.take_piece(space, hash, bytes) {
        Ok(received) => {
            heard.kinds.extend(received.kinds);
            heard.got_on = true;
            heard.more = true;
            Ok(())
        }
        Err(AbsorbError::NotAuthentic) if Hash::of(bytes) == hash => {
            store.forget_snapshot(space)?;
            Err(Refused::Snapshot)
        }
        Err(AbsorbError::NotAuthentic) => {
            store.drop_unfinished(space, hash)?;
            Err(Refused::Piece)
        }
        Err(error) => Err(Refused::Failed(error.into())),
    }
}
