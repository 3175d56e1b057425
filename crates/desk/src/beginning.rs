//! The desk's side of beginning with snapshots: what it asks for next, and what it does with what comes. No network and
//! no clock here either. A space that the server has no snapshot of is read as a log.

use std::collections::BTreeSet;

use domain::arrival::Tier;
use ed25519_dalek::VerifyingKey;
use store::{AbsorbError, SnapshotStatus, Store};
use sync_core::snapshot::{AskPieces, MOST_PIECES, SignedManifest};
use sync_core::{Hash, SpaceId};

use crate::Failure;
use crate::round::Heard;

/// What a desk asks for to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Manifest(SpaceId),
    Pieces(AskPieces),
}

/// How far a desk is in beginning with snapshots.
pub(crate) struct Beginning {
    /// Who signs manifests.
    server: VerifyingKey,
    /// The spaces that are read as a log.
    by_log: BTreeSet<SpaceId>,
    /// A piece of which not all bytes are here.
    part: Option<(Hash, Vec<u8>)>,
}

impl Beginning {
    pub fn new(server: VerifyingKey) -> Beginning {
        Beginning {
            server,
            by_log: BTreeSet::new(),
            part: None,
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
    pub fn next(&self, store: &Store, bytes: usize) -> Result<Option<Step>, Failure> {
        let unasked = store.empty_spaces()?;
        if let Some(space) = unasked.into_iter().find(|space| !self.by_log.contains(space)) {
            return Ok(Some(Step::Manifest(space)));
        }
        let snapshots = store.snapshots()?;
        let next_tier = |status: &&SnapshotStatus| status.missing.first().map_or(Tier::Past, |piece| piece.tier);
        let partial = snapshots.iter().filter(|status| !status.missing.is_empty());
        Ok(partial
            .min_by_key(next_tier)
            .map(|status| Step::Pieces(self.pieces(status, bytes))))
    }

    fn pieces(&self, status: &SnapshotStatus, bytes: usize) -> AskPieces {
        let (mut hashes, mut sum) = (Vec::new(), 0);
        let tier = status.missing.first().map(|piece| piece.tier);
        let next = status.missing.iter().take_while(|piece| Some(piece.tier) == tier);
        for piece in next.take(MOST_PIECES) {
            if sum >= bytes {
                break;
            }
            sum += usize::try_from(piece.bytes).unwrap_or(usize::MAX);
            hashes.push(piece.hash);
        }
        let here = self.part.as_ref().filter(|(hash, _)| hashes.first() == Some(hash));
        AskPieces {
            space: status.space,
            from: here.map_or(0, |(_, bytes)| u32::try_from(bytes.len()).unwrap_or(0)),
            hashes,
        }
    }

    /// Takes in which snapshot the server has of a space.
    pub fn hear_manifest(
        &mut self,
        space: SpaceId,
        signed: Option<&SignedManifest>,
        store: &Store,
    ) -> Result<(), Failure> {
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
    pub fn hear_bytes(
        &mut self,
        wanted: &AskPieces,
        mut bytes: &[u8],
        store: &Store,
        heard: &mut Heard,
    ) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let status = store
                .snapshots()?
                .into_iter()
                .find(|status| status.space == wanted.space);
            let missing = status.map(|status| status.missing).unwrap_or_default();
            let next = wanted
                .hashes
                .iter()
                .find_map(|hash| missing.iter().find(|piece| piece.hash == *hash));
            let Some(next) = next else {
                return Err(Failure::new("answer_damaged"));
            };
            let (hash, mut part) = self
                .part
                .take()
                .filter(|(hash, _)| *hash == next.hash)
                .unwrap_or_default();
            debug_assert!(part.is_empty() || hash == next.hash);
            let room = usize::try_from(next.bytes).unwrap_or(0).saturating_sub(part.len());
            let (own, rest) = bytes.split_at(room.min(bytes.len()));
            part.extend_from_slice(own);
            bytes = rest;
            if part.len() < usize::try_from(next.bytes).unwrap_or(usize::MAX) {
                self.part = Some((next.hash, part));
                return Ok(());
            }
            self.take(wanted.space, next.hash, &part, store, heard)?;
        }
        Ok(())
    }

    /// A whole piece, from wherever it came.
    pub fn take(
        &mut self,
        space: SpaceId,
        hash: Hash,
        bytes: &[u8],
        store: &Store,
        heard: &mut Heard,
    ) -> Result<(), Failure> {
        match store.take_piece(space, hash, bytes) {
            Ok(received) => {
                heard.kinds.extend(received.kinds);
                heard.got_on = true;
                heard.more = true;
                Ok(())
            }
            // Altered on its way, it comes again whole. If it was the last one and all together are not what they
            // should be, the log tells the truth.
            Err(AbsorbError::NotAuthentic) => {
                if Hash::of(bytes) == hash {
                    store.forget_snapshot(space)?;
                    self.by_log.insert(space);
                }
                Err(Failure::new("answer_damaged"))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// What was asked for is not kept any more: there is a newer snapshot.
    pub fn hear_gone(&mut self, space: SpaceId, signed: Option<&SignedManifest>, store: &Store) -> Result<(), Failure> {
        self.part = None;
        if signed.is_none() {
            store.forget_snapshot(space)?;
        }
        self.hear_manifest(space, signed, store)
    }
}
