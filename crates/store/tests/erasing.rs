//! What the district erased is held by no table, no page of the file, no log beside it and no copy; what this desk wrote
//! of it and the district has not answered to is not lost.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::path::Path;

use domain::{Draft, RecordId, Value};
use failing_disk::pages::{said_in_pages, said_in_tables};
use rig::*;
use store::{Copies, KeptDraft, SaveError, Store};
use sync_core::aside::{AsideAction, AsideList, Dismissed};
use sync_core::exchange::{Carried, Parked, Reason};
use sync_core::{ChangeId, Encoded, Hash};

/// What must not be found: the name, the name she had before, the phone, and the phone as search keeps it.
const TRACES: [&str; 5] = [
    "lakshmikutty",
    "parvathyamma",
    "9847012345",
    "5432107489",
    "thrikkakara",
];
const ERASED: u128 = 1;
const OTHER: u128 = 2;
const STAY: u128 = 3;

fn lakshmi() -> Draft {
    patient(ERASED)
        .with_value("name", text("Lakshmikutty"))
        .with_value("phone", text("+919847012345"))
        .with_value("village", text("Thrikkakara"))
}

fn encounter() -> (&'static str, RecordId) {
    ("encounter", id(STAY))
}

/// Both records of the person.
fn hers() -> [(&'static str, RecordId); 2] {
    [("patient", id(ERASED)), encounter()]
}

fn traces_in_tables(path: &Path) -> Vec<String> {
    let mut said = said_in_tables(&raw(path)).unwrap();
    assert!(said.len() > 100, "the tables were read");
    said.retain(|said| TRACES.iter().any(|trace| said.contains(trace)));
    said
}

fn traces_in_pages(path: &Path) -> Vec<&'static str> {
    let said = said_in_pages(path, key().bytes()).unwrap();
    TRACES.into_iter().filter(|trace| said.contains(trace)).collect()
}

/// Nothing of her is in any table, nor in any page of the file, nor in the log beside it.
fn assert_swept(path: &Path) {
    assert_eq!(traces_in_tables(path), Vec::<String>::new());
    assert_eq!(traces_in_pages(path), Vec::<&str>::new());
}

/// A desk and a district that know two people; of the one everything is there that a file can hold.
fn furnished() -> (Desk, District) {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.save(vec![patient(ERASED).with_value("name", text("Parvathyamma"))]);
    desk.register(OTHER, "Meera");
    district.exchange(&desk);
    desk.save(vec![lakshmi()]);
    // Somebody else who did not know of it: a conflict.
    district.hear(7, 1, "patient", id(ERASED), &[("name", text("Lakshmikutty K"))]);
    district.hear(
        7,
        2,
        "encounter",
        encounter().1,
        &[
            ("patient", Value::Ref(id(ERASED))),
            ("notes", text("Lakshmikutty was brought by her son")),
        ],
    );
    district.exchange(&desk);
    for (name, body) in [
        (format!("patient/{}", id(ERASED)), "Thrikkakara"),
        ("triage/morning".to_owned(), "twelve visited"),
    ] {
        let draft = KeptDraft {
            name,
            body: serde_json::json!({ "typed": body }),
            updated_ms: NOON_MS,
        };
        desk.store.put_draft(id(0xac), draft).unwrap();
    }
    // A form that was filled and saved long ago: its pages are free and still say it.
    let form = KeptDraft {
        name: "registration".to_owned(),
        body: TRACES.join(" ").repeat(200).into(),
        updated_ms: NOON_MS,
    };
    desk.store.put_draft(id(0xac), form).unwrap();
    desk.store.delete_draft(id(0xac), "registration").unwrap();
    assert_eq!(desk.conflicts().len(), 1);
    (desk, district)
}

fn beside(desk: &Desk, name: &str) -> std::path::PathBuf {
    desk.folder.path().join(name)
}

#[test]
fn nothing_of_an_erased_person_is_left_in_any_table_page_log_or_copy() {
    let (desk, mut district) = furnished();
    let (copy, before) = (beside(&desk, "ward-backup-1.db"), beside(&desk, "ward.db.before-9"));
    desk.store.backup(&copy).unwrap();
    desk.store.backup(&before).unwrap();
    assert!(traces_in_tables(&desk.path()).len() > 10);
    district.erase(9, 1, &hers());
    let absorbed = district.exchange(&desk);
    assert!(absorbed.kinds.contains(""), "every page is to be drawn anew");

    assert_eq!(traces_in_tables(&desk.path()), Vec::<String>::new());
    desk.assert_verified();
    assert_eq!(desk.digest(), district.spaces[&homes().facility].digest());
    assert_eq!(desk.read(|records| records.get("patient", id(ERASED))), None);
    assert_eq!(desk.field(OTHER, "name"), text("Meera"));
    assert_eq!(desk.conflicts(), vec![]);
    let history = |record| {
        desk.store
            .read(|records, _| records.history("patient", record))
            .unwrap()
    };
    assert_eq!(history(id(ERASED)), vec![]);
    assert_eq!(history(id(OTHER)).len(), 1);
    let drafts = desk.store.drafts(id(0xac)).unwrap();
    assert_eq!(drafts.len(), 1, "a form that names nobody who was erased stays");

    assert!(desk.store.is_to_be_swept().unwrap());
    assert_eq!(
        traces_in_pages(&desk.path()),
        TRACES,
        "the log beside the file still says what stood"
    );
    let desk = desk.reopened();
    assert!(desk.store.is_to_be_swept().unwrap(), "a restart delays it only");
    let copies = Copies {
        made_anew: vec![copy.clone()],
        removed: vec![before.clone()],
    };
    desk.store.sweep(&copies).unwrap();
    assert!(!desk.store.is_to_be_swept().unwrap());
    assert_swept(&desk.path());
    assert_swept(&copy);
    assert!(!before.exists());
    desk.assert_verified();
    let copied = Store::open(&copy, &key()).unwrap();
    assert_eq!(copied.verify().unwrap(), vec![]);
    drop(copied);
    desk.store.rebuild().unwrap();
    desk.assert_verified();
    assert_eq!(traces_in_tables(&desk.path()), Vec::<String>::new());
    assert_eq!(desk.digest(), district.spaces[&homes().facility].digest());
}

#[test]
fn what_is_left_of_a_change_proves_the_log_and_cannot_be_put_in_its_place_otherwise() {
    let (desk, mut district) = furnished();
    let first = ChangeId {
        device: device(1),
        seq: 1,
    };
    let before = desk.store.read(|records, _| records.change(first)).unwrap().unwrap();
    let other = ChangeId {
        device: device(1),
        seq: 2,
    };
    let stub = |id| {
        let change = desk.store.read(|records, _| records.change(id)).unwrap().unwrap();
        Encoded::new(change).stub()
    };
    let change = raw(&desk.path());
    let edit = |seq: u64, bytes: &[u8]| {
        change.execute(
            "UPDATE change SET bytes = ?2 WHERE seq = ?1 AND device = (SELECT device FROM desk)",
            (i64::try_from(seq).unwrap(), bytes),
        )
    };
    assert!(edit(2, stub(other).bytes()).is_err(), "of somebody who was not erased");
    district.erase(9, 1, &hers());
    district.exchange(&desk);
    let now = desk.store.read(|records, _| records.change(first)).unwrap().unwrap();
    assert!(now.is_stub() && now.fields.is_empty());
    assert_eq!(
        (now.actor, now.wall_ms, now.action),
        (before.actor, before.wall_ms, before.action)
    );
    assert!(
        edit(1, Encoded::new(before).bytes()).is_err(),
        "a body does not come back"
    );
    assert!(edit(2, stub(other).bytes()).is_err());
    assert!(change.execute("DELETE FROM change", []).is_err());
    assert!(change.execute("UPDATE change SET hash = zeroblob(32)", []).is_err());
    // The next page goes on from the chain as it is.
    district.hear(7, 3, "patient", id(77), &[("name", text("Ravi"))]);
    assert!(!district.exchange(&desk).is_diverged);
}

#[test]
fn an_erased_record_is_written_to_no_more_whenever_the_form_was_opened() {
    let (mut desk, mut district) = furnished();
    let as_of = desk.store.as_of().unwrap();
    district.erase(9, 1, &hers());
    district.exchange(&desk);
    let refused = desk.save_as_of(vec![lakshmi()], as_of).unwrap_err();
    let SaveError::Problems(problems) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(problems[0].code, "erased");
    let edited = ChangeId {
        device: device(1),
        seq: 3,
    };
    let undo = desk.store.read(|records, _| records.undo(edited));
    assert_eq!(undo, Ok(None), "and nothing of it is taken back");
    assert_eq!(traces_in_tables(&desk.path()), Vec::<String>::new());
}

#[test]
fn what_came_too_late_stays_until_it_was_answered_and_goes_when_it_is_dismissed() {
    // The page comes before the desk has sent it, or after.
    for is_told_first in [true, false] {
        late_change(is_told_first);
    }
}

fn late_change(is_told_first: bool) {
    let (mut desk, mut district) = furnished();
    let late = desk.save(vec![patient(ERASED).with_value("village", text("Thrikkakara West"))]);
    let id_of_late = late.changes[0];
    district.erase(9, 1, &hers());
    if is_told_first {
        district.give(&desk, 100);
        assert_eq!(desk.read(|records| records.get("patient", id(ERASED))), None);
        assert_eq!(
            traces_in_tables(&desk.path()).len(),
            1,
            "the one body that nobody else has"
        );
    }
    let outbox = desk.store.outbox(10, usize::MAX).unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].change().fields["village"], text("Thrikkakara West"));
    assert_eq!(desk.store.unsent().unwrap(), 1);
    let reason = Reason::Erased;
    let parked = Parked {
        seq: id_of_late.seq,
        reason,
    };
    desk.store.receipt(Vec::new(), vec![parked]).unwrap();
    district.give(&desk, 100);
    desk.assert_verified();
    let told = desk.store.read(|records, _| records.parked()).unwrap();
    assert_eq!(
        told[0].fields["village"],
        text("Thrikkakara West"),
        "its author can read it"
    );
    let history = desk.store.read(|records, _| records.history("patient", id(ERASED)));
    assert_eq!(history.unwrap(), vec![], "and it is no history of somebody");

    let list = |dismissed| AsideList {
        name: Hash::of(b"list"),
        actions: Vec::new(),
        left_out: 0,
        dismissed,
        taken_in: Vec::new(),
    };
    desk.store.hear_aside(list(Vec::new())).unwrap();
    assert_eq!(traces_in_tables(&desk.path()).len(), 1);
    let dismissed = Dismissed {
        change: id_of_late,
        at_ms: NOON_MS,
        by: None,
        why: "written for another".to_owned(),
    };
    desk.store.hear_aside(list(vec![dismissed])).unwrap();
    desk.store.sweep(&Copies::default()).unwrap();
    assert_swept(&desk.path());
    desk.assert_verified();
}

#[test]
fn a_receipt_that_comes_after_the_erasure_takes_the_body_too() {
    let (mut desk, mut district) = furnished();
    desk.save(vec![patient(ERASED).with_value("village", text("Thrikkakara West"))]);
    let outbox = desk.store.outbox(10, usize::MAX).unwrap();
    let (numbered, parked) = district.number(outbox);
    // The answer is lost on its way, the page comes.
    district.erase(9, 1, &hers());
    district.give(&desk, 100);
    desk.store.sweep(&Copies::default()).unwrap();
    desk.store.receipt(numbered, parked).unwrap();
    desk.store.sweep(&Copies::default()).unwrap();
    assert_swept(&desk.path());
    desk.assert_verified();
}

#[test]
fn what_the_district_told_of_what_it_keeps_aside_is_asked_anew_where_it_names_an_erased_record() {
    let (desk, mut district) = furnished();
    let says = Encoded::new(
        desk.store
            .read(|records, _| {
                records.change(ChangeId {
                    device: device(1),
                    seq: 3,
                })
            })
            .unwrap()
            .unwrap(),
    );
    let list = AsideList {
        name: Hash::of(b"list"),
        actions: vec![AsideAction {
            change: ChangeId {
                device: device(5),
                seq: 1,
            },
            count: 1,
            reason: Reason::Revoked,
            since_ms: 5,
            written: None,
            says: vec![Carried::of(&says).unwrap()],
        }],
        left_out: 0,
        dismissed: Vec::new(),
        taken_in: Vec::new(),
    };
    desk.store.hear_aside(list).unwrap();
    district.erase(9, 1, &hers());
    district.exchange(&desk);
    assert_eq!(traces_in_tables(&desk.path()), Vec::<String>::new());
    assert_eq!(desk.store.aside_told().unwrap(), Hash::default());
}

#[test]
fn a_base_of_an_erased_record_names_what_it_held_and_says_nothing() {
    let (_, mut district) = furnished();
    let (manifest, pieces) = district.snapshot(homes().facility, district.spaces[&homes().facility].entries.len());
    let desk = Desk::new(2);
    assert!(desk.store.begin_snapshot(manifest.clone()).unwrap());
    for (piece, bytes) in manifest.pieces.iter().zip(&pieces) {
        desk.store.take_piece(homes().facility, piece.hash, bytes).unwrap();
    }
    assert_eq!(desk.conflicts().len(), 1);
    district.erase(9, 1, &hers());
    district.exchange(&desk);
    desk.assert_verified();
    assert_eq!(desk.digest(), district.spaces[&homes().facility].digest());
    desk.store.sweep(&Copies::default()).unwrap();
    assert_swept(&desk.path());

    // The district falls back on a backup from before: it tells all of it again, and nothing of it is taken in.
    let (_, whole) = furnished();
    let restored = whole.restored(homes().facility, whole.spaces[&homes().facility].entries.len());
    desk.store.set_epoch(homes().facility, restored.epoch).unwrap();
    loop {
        let page = restored.page(&desk, homes().facility, 2);
        let is_last = page.to == page.head;
        desk.store.absorb(page, NOON_MS).unwrap();
        if is_last {
            break;
        }
    }
    desk.assert_verified();
    desk.store.sweep(&Copies::default()).unwrap();
    assert_swept(&desk.path());
    assert_eq!(desk.field(OTHER, "name"), text("Meera"));
}

#[test]
fn a_desk_that_begins_with_a_snapshot_made_after_an_erasure_has_nothing_of_the_record() {
    let (_, mut district) = furnished();
    district.erase(9, 1, &hers());
    let (manifest, pieces) = district.snapshot(homes().facility, district.spaces[&homes().facility].entries.len());
    let mut desk = Desk::new(2);
    assert!(desk.store.begin_snapshot(manifest.clone()).unwrap());
    for (piece, bytes) in manifest.pieces.iter().zip(&pieces) {
        desk.store.take_piece(homes().facility, piece.hash, bytes).unwrap();
    }
    desk.assert_verified();
    desk.store.sweep(&Copies::default()).unwrap();
    assert_swept(&desk.path());
    let refused = desk.save_as_of(vec![lakshmi()], 0).unwrap_err();
    assert!(matches!(refused, SaveError::Problems(problems) if problems[0].code == "erased"));
}

#[test]
fn what_was_carried_over_goes_as_far_as_the_district_has_it_and_the_rest_is_written_anew() {
    let (mut desk, mut district) = furnished();
    desk.save(vec![patient(ERASED).with_value("village", text("Thrikkakara West"))]);
    desk.save(vec![patient(OTHER).with_value("village", text("Aluva"))]);
    let path = beside(&desk, "next.db");
    desk.store.succeed(&path, device(2)).unwrap();
    let desk = desk.with_file(&path);
    desk.store.compare(held(&district, device(1))).unwrap();
    district.erase(9, 1, &hers());
    district.give(&desk, 100);
    assert_eq!(traces_in_tables(&desk.path()).len(), 1, "only what did not arrive");
    assert_eq!(desk.store.to_write_anew().unwrap(), 2);
    assert_eq!(desk.store.write_anew().unwrap(), 2);
    assert_eq!(desk.read(|records| records.get("patient", id(ERASED))), None);
    assert_eq!(desk.field(OTHER, "village"), text("Aluva"));
    let outbox = desk.store.outbox(10, usize::MAX).unwrap();
    let said: Vec<_> = outbox
        .iter()
        .map(|each| each.change().fields["village"].clone())
        .collect();
    assert_eq!(said, [text("Thrikkakara West"), text("Aluva")]);

    // The district falls back: of the stubs nothing is compared or written again.
    desk.store.set_epoch(homes().facility, 1).unwrap();
    let asked = desk.store.uncompared().unwrap();
    assert_eq!(asked, Some((device(1), 1)), "Meera's registration alone");
}
