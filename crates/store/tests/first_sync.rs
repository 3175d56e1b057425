//! A desk that begins with a snapshot holds the same as one that read the whole log, whatever the log says, wherever
//! the snapshot was made, and whatever happens on the way.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use std::collections::BTreeMap;

use domain::{RecordId, Value};
use proptest::prelude::*;
use rig::{Desk, District, NOON_MS, device, homes, id, patient, text};
use store::AbsorbError;
use sync_core::aside::AsideList;
use sync_core::change::SCHEMA;
use sync_core::snapshot::Manifest;
use sync_core::{Change, ChangeId, Stamp};
use uuid::Uuid;

const FIELDS: [&str; 3] = ["name", "village", "address"];
const AUTHORS: u128 = 3;

/// A change of the log: who, of which record, the field, the value, and which changes it knew of (some of them come
/// later, some are of other records).
type Made = (u128, u128, usize, u8, Vec<(u128, u64)>);

fn made() -> impl Strategy<Value = Vec<Made>> {
    let known = proptest::collection::vec((1..=AUTHORS, 1..9_u64), 0..3);
    let one = (1..=AUTHORS, 0..4_u128, 0..FIELDS.len(), 0..3_u8, known);
    proptest::collection::vec(one, 1..24)
}

fn district(made: &[Made]) -> District {
    let mut district = District {
        epoch: 1,
        ..District::default()
    };
    let mut seqs: BTreeMap<u128, u64> = BTreeMap::new();
    for (author, record, field, value, known) in made {
        let seq = seqs.entry(*author).or_default();
        *seq += 1;
        let name = FIELDS[*field].to_owned();
        let known = known.iter().map(|(author, seq)| ChangeId {
            device: device(*author),
            seq: *seq,
        });
        let known: Vec<ChangeId> = known.collect();
        district.hear_change(Change {
            id: ChangeId {
                device: device(*author),
                seq: *seq,
            },
            action: Uuid::from_u128((*author << 32) + u128::from(*seq)),
            of: 1,
            space: homes().facility,
            kind: "patient".to_owned(),
            record: id(100 + record),
            fields: [(name.clone(), text(&format!("value {value}")))].into(),
            base: if known.is_empty() {
                BTreeMap::new()
            } else {
                [(name, known)].into()
            },
            seen: 0,
            actor: id(*author),
            session: Uuid::nil(),
            schema: SCHEMA,
            stamp: Stamp(NOON_MS, 0),
            wall_ms: NOON_MS,
            origin: None,
            erased: None,
        });
    }
    district
}

fn reader_of_all(district: &District) -> Desk {
    let desk = Desk::new(8);
    desk.store.set_epoch(homes().facility, district.epoch).unwrap();
    district.give(&desk, 5);
    desk
}

fn begins(desk: &Desk, (manifest, pieces): &(Manifest, Vec<Vec<u8>>)) {
    assert!(desk.store.begin_snapshot(manifest.clone()).unwrap());
    take(desk, (manifest, pieces), pieces.len());
}

fn take(desk: &Desk, (manifest, pieces): (&Manifest, &[Vec<u8>]), count: usize) {
    for (piece, bytes) in manifest.pieces.iter().zip(pieces).take(count) {
        let received = desk.store.take_piece(homes().facility, piece.hash, bytes).unwrap();
        assert!(received.kinds.len() <= 1);
    }
}

fn assert_same(desk: &Desk, other: &Desk) {
    assert_eq!(desk.states(), other.states());
    assert_eq!(desk.digest(), other.digest());
    assert_eq!(desk.conflicts(), other.conflicts());
    desk.assert_verified();
    desk.store.rebuild().unwrap();
    assert_eq!(desk.states(), other.states());
    desk.assert_verified();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// I18: `snapshot(S) + log(S..n) = log(0..n)`, also with restarts, with pieces that come twice, and with edits
    /// made before everything is here.
    #[test]
    fn a_snapshot_and_the_rest_of_the_log_are_the_whole_log(
        made in made(), part in 0..=100_usize, cut in 0..4_usize, edits in proptest::bool::ANY,
    ) {
        let mut district = district(&made);
        let space = homes().facility;
        let lsn = (made.len() * part / 100).max(1);
        let snapshot = district.snapshot(space, lsn);
        let mut desk = Desk::new(7);
        if edits {
            desk.save(vec![patient(100).with_value("name", text("own")).with_value("village", text("own"))]);
        }
        assert_eq!(desk.store.empty_spaces().unwrap(), [space]);
        desk.store.begin_snapshot(snapshot.0.clone()).unwrap();
        take(&desk, (&snapshot.0, &snapshot.1), cut);
        desk.assert_verified();
        let mut desk = desk.reopened();
        if edits {
            desk.save(vec![patient(101).with_value("name", text("own too"))]);
        }
        begins_again(&desk, &snapshot);
        take(&desk, (&snapshot.0, &snapshot.1), usize::MAX);
        assert!(desk.store.snapshots().unwrap()[0].is_whole);
        assert!(desk.store.empty_spaces().unwrap().is_empty());
        desk.assert_verified();
        district.give(&desk, 3);
        district.take(&desk, 2);
        district.give(&desk, 3);
        let other = reader_of_all(&district);
        assert_same(&desk, &other);
        // A server that lost nothing but its numbering hands the whole log out again.
        district.epoch = 2;
        desk.store.set_epoch(space, 2).unwrap();
        desk.assert_verified();
        district.take(&desk, 2);
        district.give(&desk, 3);
        assert_same(&desk, &other);
    }
}

/// A manifest that comes twice changes nothing of what is here.
fn begins_again(desk: &Desk, snapshot: &(Manifest, Vec<Vec<u8>>)) {
    let before = desk.store.snapshots().unwrap();
    assert_eq!(
        desk.store.begin_snapshot(snapshot.0.clone()).unwrap(),
        !before[0].is_whole
    );
    assert_eq!(desk.store.snapshots().unwrap(), before);
}

fn some_log() -> District {
    let change = |author, record, field, value| (author, record, field, value, Vec::new());
    district(&[
        change(1, 0, 0, 1),
        change(1, 1, 0, 2),
        change(2, 2, 0, 1),
        change(2, 0, 1, 1),
    ])
}

#[test]
fn what_came_of_a_piece_outlives_a_restart_and_goes_when_it_is_whole_or_false() {
    let district = some_log();
    let space = homes().facility;
    let (manifest, pieces) = district.snapshot(space, 4);
    let (first, bytes) = (manifest.pieces[0], &pieces[0]);
    let desk = Desk::new(7);
    desk.store.begin_snapshot(manifest.clone()).unwrap();
    let here = |desk: &Desk| {
        let part = desk.store.snapshots().unwrap()[0].parts[1];
        (part.bytes_here, part.records_here)
    };
    desk.store.keep_unfinished(space, first.hash, 0, &bytes[..20]).unwrap();
    desk.store
        .keep_unfinished(space, first.hash, 20, &bytes[20..30])
        .unwrap();
    // What leaves a hole, and what is here, is not kept.
    desk.store
        .keep_unfinished(space, first.hash, 31, &bytes[31..40])
        .unwrap();
    desk.store
        .keep_unfinished(space, first.hash, 20, &bytes[20..30])
        .unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.store.unfinished_piece(space, first.hash).unwrap(), bytes[..30]);
    assert_eq!(here(&desk), (30, 0));
    begins_again(&desk, &(manifest.clone(), pieces.clone()));
    assert_eq!(here(&desk), (30, 0));
    desk.store.take_piece(space, first.hash, bytes).unwrap();
    assert_eq!(here(&desk), (u64::from(first.bytes), 1));
    let second = manifest.pieces[1];
    desk.store.keep_unfinished(space, second.hash, 0, &[1, 2, 3]).unwrap();
    desk.store.drop_unfinished(space, second.hash).unwrap();
    assert!(desk.store.unfinished_piece(space, second.hash).unwrap().is_empty());
    // With the snapshot goes what came of its pieces.
    desk.store.keep_unfinished(space, second.hash, 0, &[1, 2, 3]).unwrap();
    desk.store.forget_snapshot(space).unwrap();
    desk.store.keep_unfinished(space, second.hash, 0, &[1, 2, 3]).unwrap();
    assert!(desk.store.unfinished_piece(space, second.hash).unwrap().is_empty());
    assert_eq!(desk.store.empty_spaces().unwrap(), [space]);
}

#[test]
fn a_form_opened_on_a_snapshot_is_saved_on_top_of_it_and_can_be_taken_back() {
    let mut district = some_log();
    let mut desk = Desk::new(7);
    begins(&desk, &district.snapshot(homes().facility, 4));
    let saved = desk.save(vec![patient(100).with_value("name", text("Lakshmi"))]);
    assert_eq!(desk.conflicts(), []);
    let undo = desk
        .store
        .read(|records, _| records.undo(saved.changes[0]))
        .unwrap()
        .unwrap();
    assert_eq!(undo.drafts[0].fields.get("name"), Some(&text("value 1")));
    district.take(&desk, 9);
    district.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&district));
}

#[test]
fn the_history_of_a_record_says_who_wrote_what_still_stood_and_that_there_is_more() {
    let district = some_log();
    let mut desk = Desk::new(7);
    begins(&desk, &district.snapshot(homes().facility, 4));
    desk.save(vec![patient(100).with_value("name", text("Lakshmi"))]);
    let history = desk
        .store
        .read(|records, _| records.history("patient", id(100)))
        .unwrap();
    let told: Vec<(RecordId, bool, Option<u64>)> = history
        .iter()
        .map(|past| (past.actor, past.is_partial, past.lsn))
        .collect();
    assert_eq!(
        told,
        [(id(1), true, Some(1)), (id(2), true, Some(4)), (id(0xac), false, None)]
    );
    assert_eq!(history[0].fields, [("name".to_owned(), text("value 1"))].into());
}

#[test]
fn a_piece_that_is_not_the_one_named_is_refused_and_nothing_of_it_stays() {
    let district = some_log();
    let desk = Desk::new(7);
    let (mut manifest, pieces) = district.snapshot(homes().facility, 4);
    desk.store.begin_snapshot(manifest.clone()).unwrap();
    let mut altered = pieces[0].clone();
    altered[12] ^= 1;
    let space = homes().facility;
    let refused = desk.store.take_piece(space, manifest.pieces[0].hash, &altered);
    assert_eq!(refused, Err(AbsorbError::NotAuthentic));
    assert_eq!(desk.states(), []);
    // All pieces are what they should be, but together they are not what the server says.
    manifest.digest = sync_core::Digest::default();
    desk.store.begin_snapshot(manifest.clone()).unwrap();
    take(&desk, (&manifest, &pieces), 2);
    let refused = desk.store.take_piece(space, manifest.pieces[2].hash, &pieces[2]);
    assert_eq!(refused, Err(AbsorbError::NotAuthentic));
    desk.store.forget_snapshot(space).unwrap();
    assert_eq!(desk.states(), []);
    desk.assert_verified();
    desk.store.set_epoch(space, 1).unwrap();
    district.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&district));
}

#[test]
fn what_is_the_same_in_a_newer_snapshot_is_not_fetched_again() {
    let district = some_log();
    let desk = Desk::new(7);
    let old = district.snapshot(homes().facility, 3);
    desk.store.begin_snapshot(old.0.clone()).unwrap();
    take(&desk, (&old.0, &old.1), 2);
    let new = district.snapshot(homes().facility, 4);
    assert!(desk.store.begin_snapshot(new.0.clone()).unwrap());
    // The first record was changed since, the second was not, the third never came.
    assert_eq!(desk.store.snapshots().unwrap()[0].missing.len(), 2);
    desk.assert_verified();
    take(&desk, (&new.0, &new.1), usize::MAX);
    assert!(desk.store.snapshots().unwrap()[0].is_whole);
    assert_same(&desk, &reader_of_all(&district));
}

#[test]
fn a_form_opened_before_a_newer_snapshot_came_still_knows_what_it_showed() {
    let mut district = some_log();
    let mut desk = Desk::new(7);
    let old = district.snapshot(homes().facility, 3);
    desk.store.begin_snapshot(old.0.clone()).unwrap();
    take(&desk, (&old.0, &old.1), 1);
    let opened = desk.store.as_of().unwrap();
    assert_eq!(desk.field(100, "name"), text("value 1"));
    // The first record is another in the newer one, and not here again when the form is saved.
    let new = district.snapshot(homes().facility, 4);
    desk.store.begin_snapshot(new.0.clone()).unwrap();
    desk.save_as_of(vec![patient(100).with_value("name", text("Lakshmi"))], opened)
        .unwrap();
    desk.assert_verified();
    take(&desk, (&new.0, &new.1), usize::MAX);
    assert_eq!(desk.conflicts(), []);
    assert_eq!(desk.field(100, "name"), text("Lakshmi"));
    district.take(&desk, 9);
    district.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&district));
}

#[test]
fn a_snapshot_of_an_epoch_that_is_over_is_given_up_with_the_log_it_was_of() {
    let mut district = some_log();
    let mut desk = Desk::new(7);
    let old = district.snapshot(homes().facility, 3);
    desk.store.begin_snapshot(old.0.clone()).unwrap();
    take(&desk, (&old.0, &old.1), 2);
    desk.save(vec![patient(101).with_value("village", text("Aluva"))]);
    desk.store.set_epoch(homes().facility, 2).unwrap();
    assert!(desk.store.snapshots().unwrap().is_empty());
    assert_eq!(desk.field(101, "village"), text("Aluva"));
    assert_eq!(desk.field(101, "name"), Value::Empty);
    desk.assert_verified();
    district.epoch = 2;
    begins(&desk, &district.snapshot(homes().facility, 4));
    district.take(&desk, 9);
    district.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&district));
}

#[test]
fn what_a_restored_district_lost_and_only_a_snapshot_brought_is_kept_aside_until_it_comes_again() {
    let whole = some_log();
    let mut desk = Desk::new(7);
    begins(&desk, &whole.snapshot(homes().facility, 4));
    whole.give(&desk, 9);
    let opened = desk.store.as_of().unwrap();
    // The district fell back to before the last two changes.
    let change = |author, record, field, value| (author, record, field, value, Vec::new());
    let mut fallen_back = district(&[change(1, 0, 0, 1), change(1, 1, 0, 2)]);
    fallen_back.epoch = 2;
    desk.store.set_epoch(homes().facility, 2).unwrap();
    fallen_back.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&fallen_back));
    let aside = desk.store.read(|records, _| records.parked()).unwrap();
    let told = aside
        .iter()
        .map(|past| (past.record, past.fields.clone(), past.parked.as_deref()));
    let field = |name: &str| [(name.to_owned(), text("value 1"))].into();
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (id(102), field("name"), Some("lost")),
            (id(100), field("village"), Some("lost"))
        ]
    );
    assert_eq!(desk.store.parked(homes().facility).unwrap(), 2);
    // A form that showed it still knows it.
    desk.save_as_of(vec![patient(100).with_value("village", text("Aluva"))], opened)
        .unwrap();
    let mut again = some_log();
    again.epoch = 2;
    again.take(&desk, 9);
    again.give(&desk, 9);
    assert_same(&desk, &reader_of_all(&again));
    assert_eq!(desk.conflicts(), []);
    assert!(desk.store.read(|records, _| records.parked()).unwrap().is_empty());
}

#[test]
fn what_was_taken_in_after_all_before_the_snapshot_was_made_is_not_kept_aside_any_more() {
    for is_told_first in [true, false] {
        let mut district = some_log();
        let mut desk = Desk::new(7);
        desk.store.set_epoch(homes().facility, district.epoch).unwrap();
        let saved = desk.register(300, "Lakshmi").changes[0];
        let sent = desk.store.outbox(9, usize::MAX).unwrap();
        district.park.insert(saved);
        district.take(&desk, 9);
        assert_eq!(desk.store.parked(homes().facility).unwrap(), 1);
        district.park.clear();
        let (taken_in, _) = district.number(sent);
        let lsn = usize::try_from(taken_in[0].lsn).unwrap();
        let list = AsideList::new(Vec::new(), 0, Vec::new(), taken_in);
        if is_told_first {
            desk.store.hear_aside(list.clone()).unwrap();
        }
        begins(&desk, &district.snapshot(homes().facility, lsn));
        desk.store.hear_aside(list).unwrap();
        district.give(&desk, 9);
        assert!(desk.store.read(|records, _| records.parked()).unwrap().is_empty());
        let space = homes().facility;
        assert_eq!(desk.store.parked(space).unwrap(), 0);
        assert_eq!(desk.store.pending(space).unwrap(), 0);
        assert_same(&desk, &reader_of_all(&district));
    }
}
