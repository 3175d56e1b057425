//! A desk that begins with a snapshot goes on at the byte, whatever ends an answer, and takes what comes another way.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;

use desk::beginning::Step;
use desk::round::{DeskSide, Heard};
use domain::RecordId;
use domain::arrival::Tier;
use ed25519_dalek::SigningKey;
use store::{DatabaseKey, Store};
use sync_core::snapshot::{AskManifest, AskPieces, Base, Cutter, FORM, Manifest, Offered, SignedManifest};
use sync_core::{Chain, DeviceId, Digest, RecordState, SpaceId};
use uuid::Uuid;

const SPACE: SpaceId = SpaceId::Facility(Uuid::nil());

/// A desk that heard which snapshot there is, and the bytes of its pieces.
struct Rig {
    folder: tempfile::TempDir,
    server: SigningKey,
    manifest: Manifest,
    pieces: Vec<Vec<u8>>,
}

impl Rig {
    fn new() -> Rig {
        let (mut listed, mut pieces, mut digest) = (Vec::new(), Vec::new(), Digest::default());
        for tier in [Tier::Present, Tier::Present, Tier::Past] {
            let mut cutter = Cutter::new(tier);
            for _ in 0..600 {
                let state = RecordState::new("any", RecordId(Uuid::new_v4()));
                digest = digest.plus(state.digest());
                cutter.add(&Base::new(state, [])).unwrap();
            }
            let (piece, bytes) = cutter.end().unwrap().unwrap();
            listed.push(piece);
            pieces.push(bytes);
        }
        Rig {
            folder: tempfile::tempdir().unwrap(),
            server: SigningKey::from_bytes(&[3; 32]),
            manifest: Manifest {
                form: FORM,
                space: SPACE,
                epoch: 1,
                lsn: 1_800,
                chain: Chain::default(),
                digest,
                made_ms: 5,
                pieces: listed,
            },
            pieces,
        }
    }

    fn store(&self) -> Arc<Store> {
        let (path, key) = (self.folder.path().join("ward.db"), DatabaseKey::new(&[7; 32]));
        if path.exists() {
            return Arc::new(Store::open(&path, &key).unwrap());
        }
        let store = Store::create(&path, &key, DeviceId(Uuid::from_u128(1))).unwrap();
        store.follow(SPACE).unwrap();
        Arc::new(store)
    }

    fn side(&self, store: &Arc<Store>) -> DeskSide {
        let key = SigningKey::from_bytes(&[7; 32]);
        DeskSide::new(Arc::clone(store), key).with_snapshots_of(self.server.verifying_key())
    }

    fn offered(&self) -> Offered {
        Offered {
            manifest: Some(SignedManifest::new(&self.server, &self.manifest)),
            key: None,
        }
    }

    /// Everything that an answer to `wanted` brings.
    fn answer(&self, wanted: &AskPieces) -> Vec<u8> {
        let place = |hash| {
            self.manifest
                .pieces
                .iter()
                .position(|piece| piece.hash == hash)
                .unwrap()
        };
        let all: Vec<u8> = wanted
            .hashes
            .iter()
            .flat_map(|hash| self.pieces[place(*hash)].clone())
            .collect();
        all[wanted.from as usize..].to_vec()
    }
}

/// Nobody signed in here: no grant is shown.
const MANIFEST: AskManifest = AskManifest {
    space: SPACE,
    grant: None,
};

fn begun(rig: &Rig, side: &DeskSide) {
    assert_eq!(side.next_step().unwrap(), Some(Step::Manifest(MANIFEST)));
    side.hear_offer(SPACE, &rig.offered(), &mut Heard::default()).unwrap();
}

fn wanted(side: &DeskSide) -> AskPieces {
    match side.next_step().unwrap() {
        Some(Step::Pieces(wanted)) => wanted,
        step => panic!("{step:?}"),
    }
}

#[test]
fn it_goes_on_at_the_byte_after_a_cut_and_after_a_restart() {
    let rig = Rig::new();
    let store = rig.store();
    let side = rig.side(&store);
    begun(&rig, &side);
    let first = wanted(&side);
    let mut heard = Heard::default();
    side.hear_bytes(&rig.answer(&first)[..1_000], &mut heard).unwrap();
    assert!(heard.got_on, "a part of a piece is worth going on with soon");
    assert!(!side.hear_end().unwrap());
    assert_eq!(wanted(&side).from, 1_000);
    drop((side, store));
    let store = rig.store();
    let side = rig.side(&store);
    let next = wanted(&side);
    assert_eq!((next.from, &next.hashes), (1_000, &first.hashes));
    // Without a word at the end, as when the power fails, no more than a few KiB come again.
    let answer = rig.answer(&next);
    for few in answer[..6_000].chunks(500) {
        side.hear_bytes(few, &mut heard).unwrap();
    }
    drop((side, store));
    let store = rig.store();
    let side = rig.side(&store);
    let next = wanted(&side);
    assert!((3_000..=7_000).contains(&next.from), "{}", next.from);
    side.hear_bytes(&rig.answer(&next), &mut heard).unwrap();
    assert!(side.hear_end().unwrap());
    assert_eq!(wanted(&side).hashes, [rig.manifest.pieces[2].hash]);
}

#[test]
fn an_answer_that_ends_early_or_brings_nothing_is_no_answer() {
    let rig = Rig::new();
    let store = rig.store();
    let side = rig.side(&store);
    begun(&rig, &side);
    wanted(&side);
    assert!(!side.hear_end().unwrap());
    let asked = wanted(&side);
    let mut heard = Heard::default();
    side.hear_bytes(&[], &mut heard).unwrap();
    assert!(!side.hear_end().unwrap() && !heard.got_on);
    // More than was asked for is nobody's piece.
    let too_much = [rig.answer(&asked), vec![7; 3]].concat();
    wanted(&side);
    assert_eq!(
        side.hear_bytes(&too_much, &mut heard).unwrap_err().code,
        "answer_damaged"
    );
}

#[test]
fn an_altered_piece_comes_again_whole() {
    let rig = Rig::new();
    let store = rig.store();
    let side = rig.side(&store);
    begun(&rig, &side);
    let mut altered = rig.answer(&wanted(&side));
    altered[3] ^= 1;
    let mut heard = Heard::default();
    side.hear_bytes(&altered[..5_000], &mut heard).unwrap();
    side.hear_end().unwrap();
    assert_eq!(wanted(&side).from, 5_000);
    let rest = side.hear_bytes(&altered[5_000..], &mut heard);
    assert_eq!(rest.unwrap_err().code, "answer_damaged");
    assert_eq!(wanted(&side).from, 0);
}

#[test]
fn what_comes_another_way_meanwhile_is_not_asked_for_and_not_undone() {
    let rig = Rig::new();
    let store = rig.store();
    let side = rig.side(&store);
    assert_eq!(side.next_step().unwrap(), Some(Step::Manifest(MANIFEST)));
    store.begin_snapshot(rig.manifest.clone()).unwrap();
    store
        .take_piece(SPACE, rig.manifest.pieces[0].hash, &rig.pieces[0])
        .unwrap();
    // The answer to what was asked before offers another snapshot.
    let mut other = Rig::new();
    other.manifest.lsn = 2_900;
    let mut heard = Heard::default();
    side.hear_offer(SPACE, &other.offered(), &mut heard).unwrap();
    assert_eq!(store.snapshots().unwrap()[0].lsn, 1_800);
    let asked = wanted(&side);
    assert_eq!(asked.hashes, [rig.manifest.pieces[1].hash]);
    // It comes from elsewhere while it is under way, and was kept no more: nothing changes.
    store
        .take_piece(SPACE, rig.manifest.pieces[1].hash, &rig.pieces[1])
        .unwrap();
    side.hear_gone(&asked, &other.offered(), &mut heard).unwrap();
    side.hear_bytes(&rig.answer(&asked)[..9], &mut heard).unwrap();
    side.hear_end().unwrap();
    assert_eq!(wanted(&side).hashes, [rig.manifest.pieces[2].hash]);
}

#[test]
fn a_server_that_keeps_a_piece_no_more_and_offers_it_still_is_read_as_a_log() {
    let rig = Rig::new();
    let store = rig.store();
    let side = rig.side(&store);
    begun(&rig, &side);
    let asked = wanted(&side);
    side.hear_gone(&asked, &rig.offered(), &mut Heard::default()).unwrap();
    assert_eq!(side.next_step().unwrap(), None);
    assert!(store.snapshots().unwrap().is_empty());
}
