//! Snapshots for desks that have just joined: signed, sealed at rest, for whoever may have the space and nobody else.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use domain::arrival::Tier;
use ed25519_dalek::VerifyingKey;
use rig::*;
use server::{InProcess, Server};
use sync_core::snapshot::{AskManifest, AskPieces, Manifest, SignedManifest, Snapshots, read};
use sync_core::{Digest, Hash, RecordState};

fn rig() -> Rig {
    Rig::with(|config| {
        config.limits.snapshot_least = 1;
        config.limits.snapshot_tail = 2;
    })
}

fn manifest(server: &Server, signed: &SignedManifest) -> Manifest {
    signed.read(&VerifyingKey::from(&server.own().signing_key)).unwrap()
}

fn registered(rig: &Rig, count: usize) {
    let drafts = (0..count).map(|_| {
        let patient = domain::Draft::new("patient", new_id());
        vec![patient.with_value("name", domain::Value::Text(SECRET_NAME.to_owned()))]
    });
    rig.server.author(rig.here.space, drafts.collect()).unwrap();
}

#[test]
fn all_pieces_together_are_what_the_space_holds() {
    let rig = rig();
    registered(&rig, 5);
    let signed = rig.server.newest_snapshot(rig.here.space).unwrap().unwrap();
    let manifest = manifest(&rig.server, &signed);
    let mut digest = Digest::default();
    for piece in &manifest.pieces {
        let bytes = rig.server.kept_piece(rig.here.space, piece.hash).unwrap().unwrap();
        let bases = read(piece, &bytes).unwrap();
        assert!(piece.tier != Tier::Others || bases.len() == 5);
        digest = bases
            .iter()
            .map(|base| RecordState::digest(&base.state))
            .fold(digest, Digest::plus);
    }
    assert_eq!(digest, manifest.digest);
    let other = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    assert_eq!(signed.read(&other.verifying_key()), None);
    let altered = SignedManifest {
        text: signed.text.replace("\"lsn\":", "\"lsn\":1"),
        ..signed
    };
    assert_eq!(altered.read(&VerifyingKey::from(&rig.server.own().signing_key)), None);
}

#[test]
fn a_snapshot_is_made_anew_when_the_log_went_on_and_the_one_before_is_kept() {
    let rig = rig();
    let newest = || rig.server.newest_snapshot(rig.here.space).unwrap().unwrap();
    registered(&rig, 1);
    let first = newest();
    registered(&rig, 2);
    assert_eq!(newest(), first);
    registered(&rig, 1);
    let second = newest();
    assert_ne!(second, first);
    let is_kept = |signed: &SignedManifest| {
        let pieces = manifest(&rig.server, signed).pieces;
        pieces
            .iter()
            .all(|piece| rig.server.kept_piece(rig.here.space, piece.hash).unwrap().is_some())
    };
    assert!(is_kept(&first) && is_kept(&second));
    // What nobody can be fetching any more goes.
    rig.clock
        .fetch_add(2 * domain::Time::HOUR_MS, std::sync::atomic::Ordering::SeqCst);
    registered(&rig, 3);
    let third = newest();
    assert!(is_kept(&second) && is_kept(&third) && !is_kept(&first));
}

#[tokio::test]
async fn a_snapshot_goes_to_no_device_without_a_right_to_the_space() {
    let rig = rig();
    registered(&rig, 3);
    let signed = rig.server.newest_snapshot(rig.here.space).unwrap().unwrap();
    let hash = manifest(&rig.server, &signed).pieces[0].hash;
    let fetched = async |device| {
        let source = InProcess {
            server: rig.server.clone(),
            device,
        };
        let wanted = AskPieces {
            space: rig.here.space,
            hashes: vec![hash],
            from: 0,
            grant: None,
        };
        let offer = AskManifest {
            space: rig.here.space,
            grant: None,
        };
        let mut bytes = Vec::new();
        let kept = source.pieces(wanted, &mut |more| bytes.extend_from_slice(more)).await;
        (
            source.offer(offer).await.is_ok(),
            kept.unwrap(),
            Hash::of(&bytes) == hash,
        )
    };
    let own = rig.desk(rig.here).id;
    assert_eq!(fetched(own).await, (true, true, true));
    assert_eq!(fetched(rig.desk(rig.elsewhere).id).await, (false, false, false));
    rig.server.revoke(own).unwrap();
    assert_eq!(fetched(own).await, (false, false, false));
}

#[test]
fn no_snapshot_of_before_is_left_of_somebody_who_was_erased() {
    let rig = rig();
    let person = new_id();
    let asked = domain::Draft::new("erasure", new_id()).with(&domain::entities::erasure::PATIENT, person);
    let id = asked.id;
    let all = vec![vec![patient_draft(person)], vec![patient_draft(new_id())], vec![asked]];
    rig.server.author(rig.here.space, all).unwrap();
    let names = |manifest: &Manifest| -> usize {
        let bytes = |hash| rig.server.kept_piece(rig.here.space, hash).unwrap().unwrap();
        let pieces = manifest
            .pieces
            .iter()
            .map(|piece| read(piece, &bytes(piece.hash)).unwrap());
        let patients = pieces.flatten().filter(|base| base.state.kind == "patient");
        patients.count()
    };
    let before = manifest(
        &rig.server,
        &rig.server.newest_snapshot(rig.here.space).unwrap().unwrap(),
    );
    assert_eq!(names(&before), 2);
    rig.server.carry_out(id).unwrap().unwrap();
    for piece in &before.pieces {
        assert_eq!(rig.server.kept_piece(rig.here.space, piece.hash).unwrap(), None);
    }
    let after = manifest(
        &rig.server,
        &rig.server.newest_snapshot(rig.here.space).unwrap().unwrap(),
    );
    assert_eq!((names(&after), after.lsn), (1, before.lsn + 1));
}
