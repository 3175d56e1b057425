//! Desks that edit apart and exchange through a district: what is kept, what is a conflict, what
//! ends it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use domain::Value;
use rig::{Desk, District, NOON_MS, device, homes, id, patient, text};
use store::{AbsorbError, StoreError};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Carried, Page};
use sync_core::{Chain, Change, ChangeId, Encoded, Hash, Stamp};
use uuid::Uuid;

fn called(number: u128, name: &str) -> domain::Draft {
    patient(number).with_value("name", text(name))
}

/// Two desks that both hold patient 5.
fn two_desks() -> (Desk, Desk, District) {
    let (mut one, two, mut district) = (Desk::new(1), Desk::new(2), District::default());
    one.register(5, "Lakshmi");
    district.exchange(&one);
    district.exchange(&two);
    (one, two, district)
}

fn assert_equal(one: &Desk, two: &Desk) {
    assert_eq!(one.digest(), two.digest());
    assert_eq!(one.states(), two.states());
    one.assert_verified();
    two.assert_verified();
}

#[test]
fn two_nurses_edit_the_same_patient_offline() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![patient(5).with_value("phone", text("9847012345"))]);
    two.save(vec![patient(5).with_value("address", text("Fort Kochi"))]);
    one.save(vec![called(5, "Lakshmi Nair")]);
    two.save(vec![called(5, "Lakshmi Menon")]);
    district.exchange(&one);
    district.exchange(&two);
    district.exchange(&one);
    assert_equal(&one, &two);
    for desk in [&one, &two] {
        assert_eq!(desk.field(5, "phone"), text("9847012345"));
        assert_eq!(desk.field(5, "address"), text("Fort Kochi"));
        let both = vec![text("Lakshmi Nair"), text("Lakshmi Menon")];
        assert_eq!(desk.conflicts(), [("name".to_owned(), both)]);
        assert_eq!(desk.field(5, "name"), text("Lakshmi Nair"));
    }
}

#[test]
fn a_plain_save_keeps_the_conflict_and_a_resolve_closes_it() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    two.save(vec![called(5, "Lakshmi Menon")]);
    district.exchange(&one);
    district.exchange(&two);
    district.exchange(&one);
    one.save(vec![called(5, "Lakshmi N.")]);
    let both = vec![text("Lakshmi N."), text("Lakshmi Menon")];
    assert_eq!(one.conflicts(), [("name".to_owned(), both)]);
    one.resolve(called(5, "Lakshmi Menon"));
    assert_eq!(one.conflicts(), []);
    district.exchange(&one);
    district.exchange(&two);
    assert_eq!(two.conflicts(), []);
    assert_eq!(two.field(5, "name"), text("Lakshmi Menon"));
    assert_equal(&one, &two);
}

#[test]
fn choosing_the_value_in_force_closes_the_conflict_too() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    two.save(vec![called(5, "Lakshmi Menon")]);
    district.exchange(&one);
    district.exchange(&two);
    two.resolve(called(5, "Lakshmi Nair"));
    assert_eq!(two.conflicts(), []);
}

#[test]
fn a_resolve_does_not_close_over_a_value_it_did_not_see() {
    let (mut one, mut two, mut district) = two_desks();
    let mut three = Desk::new(3);
    district.exchange(&three);
    one.save(vec![called(5, "Lakshmi Nair")]);
    two.save(vec![called(5, "Lakshmi Menon")]);
    three.save(vec![called(5, "Lakshmi Pillai")]);
    district.exchange(&one);
    district.exchange(&two);
    two.resolve(called(5, "Lakshmi Menon"));
    district.exchange(&three);
    district.exchange(&two);
    let (_, values) = two.conflicts().remove(0);
    assert_eq!(values, [text("Lakshmi Menon"), text("Lakshmi Pillai")]);
}

#[test]
fn equal_values_agree_and_a_later_edit_knows_both() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    two.save(vec![called(5, "Lakshmi Nair")]);
    district.exchange(&one);
    district.exchange(&two);
    assert_eq!(two.conflicts(), []);
    two.save(vec![called(5, "Lakshmi Menon")]);
    assert_eq!(two.conflicts(), []);
    assert_eq!(two.field(5, "name"), text("Lakshmi Menon"));
}

#[test]
fn a_form_left_open_across_pulls_knows_only_what_it_showed() {
    let (mut one, two, mut district) = two_desks();
    let opened = one.store.as_of().unwrap();
    let mut two = two;
    for name in ["Lakshmi M", "Lakshmi Me", "Lakshmi Menon"] {
        two.save(vec![called(5, name)]);
        district.exchange(&two);
        district.exchange(&one);
    }
    assert_eq!(one.field(5, "name"), text("Lakshmi Menon"));
    one.save_as_of(vec![called(5, "Lakshmi Nair")], opened).unwrap();
    let (_, values) = one.conflicts().remove(0);
    assert_eq!(values, [text("Lakshmi Nair"), text("Lakshmi Menon")]);
    district.exchange(&one);
    district.exchange(&two);
    assert_equal(&one, &two);
}

#[test]
fn a_form_knows_of_the_value_that_was_in_force_when_it_was_read() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    let opened = one.store.as_of().unwrap();
    two.save(vec![called(5, "Lakshmi Menon")]);
    district.exchange(&two);
    district.give(&one, 10);
    // The other value has a number and is in force now; the form still shows its own.
    assert_eq!(one.field(5, "name"), text("Lakshmi Menon"));
    one.save_as_of(vec![called(5, "Lakshmi N.")], opened).unwrap();
    let (_, values) = one.conflicts().remove(0);
    assert_eq!(values, [text("Lakshmi N."), text("Lakshmi Menon")]);
    district.exchange(&one);
    district.exchange(&two);
    assert_equal(&one, &two);
}

#[test]
fn what_was_not_changed_is_not_written() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let saved = desk.save(vec![called(5, "Lakshmi").with_value("phone", text("9847012345"))]);
    assert_eq!(saved.changes.len(), 1);
    let last = desk.store.outbox(10, usize::MAX).unwrap().pop().unwrap();
    let fields: Vec<&String> = last.change().fields.keys().collect();
    // And that the record stands, so that a void that knows nothing of it is seen to contradict it.
    assert_eq!(fields, ["phone", "voided"]);
    let saved = desk.save(vec![called(5, "Lakshmi")]);
    assert_eq!(saved.changes, []);
    assert_eq!(saved.as_of, desk.store.as_of().unwrap());
}

#[test]
fn fields_that_belong_together_are_written_together() {
    let mut desk = Desk::new(1);
    desk.save(vec![
        called(5, "Lakshmi")
            .with_value("allergy_status", Value::Code("known".to_owned()))
            .with_value("allergies", text("Penicillin")),
    ]);
    desk.save(vec![patient(5).with_value("allergies", text("Penicillin, latex"))]);
    let last = desk.store.outbox(10, usize::MAX).unwrap().pop().unwrap();
    let change = last.change();
    let fields: Vec<&String> = change.fields.keys().collect();
    assert_eq!(fields, ["allergies", "allergy_status", "voided"]);
    assert_eq!(change.base.len(), 2);
}

#[test]
fn an_action_is_saved_whole_or_not_at_all() {
    let mut desk = Desk::new(1);
    let as_of = desk.store.as_of().unwrap();
    let half = vec![called(5, "Lakshmi"), patient(6).with_value("phone", text("9847012345"))];
    let refused = desk.save_as_of(half, as_of).unwrap_err();
    let store::SaveError::Problems(problems) = refused else {
        panic!("{refused}");
    };
    assert_eq!(problems[0].code, "required");
    assert_eq!(desk.field(5, "name"), Value::Empty);
    let saved = desk.save(vec![
        called(5, "Lakshmi"),
        called(6, "Anju"),
        patient(5).with_value("village", text("Aluva")),
    ]);
    assert_eq!(saved.changes.len(), 2);
    let sent = desk.store.outbox(1, 1).unwrap();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].change().of, 2);
}

#[test]
fn own_changes_come_back_as_ids_and_get_their_numbers() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(5, "Lakshmi");
    // The answer to the push is lost: the district has it, the desk does not know.
    district.number(desk.store.outbox(10, usize::MAX).unwrap());
    let page = district.page(&desk, homes().facility, 10);
    assert!(page.entries.iter().all(|entry| entry.change.is_none()));
    desk.store.absorb(page, NOON_MS).unwrap();
    assert_eq!(desk.store.unsent().unwrap(), 0);
    let history = desk.store.read(|records, _| records.history("patient", id(5))).unwrap();
    assert_eq!(history[0].lsn, Some(1));
    district.take(&desk, 10);
    assert_eq!(district.spaces[&homes().facility].entries.len(), 1);
    desk.assert_verified();
}

#[test]
fn a_parked_change_leaves_the_present_and_is_kept() {
    let (mut one, mut two, mut district) = two_desks();
    let wrong = one.save(vec![called(5, "Lakshmi Nair")]).changes[0];
    let alone = one.register(6, "Anju").changes[0];
    district.park.extend([wrong, alone]);
    district.exchange(&one);
    assert_eq!(one.field(5, "name"), text("Lakshmi"));
    assert_eq!(one.field(6, "name"), Value::Empty);
    assert_eq!(one.store.unsent().unwrap(), 0);
    let parked = one.store.read(|records, _| records.parked()).unwrap();
    assert_eq!(parked.len(), 2);
    assert_eq!(parked[0].parked.as_deref(), Some("not_allowed"));
    assert_eq!(parked[0].fields["name"], text("Lakshmi Nair"));
    let facility = homes().facility;
    assert_eq!(one.store.pending(facility).unwrap(), 0);
    assert_eq!(one.store.parked(facility).unwrap(), 2);
    let (digest, states) = (one.digest(), one.states());
    one.assert_verified();
    // Released later, it comes back as an id of this desk's own.
    district.park.clear();
    let parked_change = parked_change(&one, wrong);
    district.number(vec![parked_change]);
    district.give(&one, 10);
    assert_eq!(one.field(5, "name"), text("Lakshmi Nair"));
    assert_ne!((one.digest(), one.states()), (digest, states));
    two.save(vec![patient(5).with_value("village", text("Aluva"))]);
    district.exchange(&two);
    district.exchange(&one);
    assert_eq!(two.field(5, "name"), text("Lakshmi Nair"));
    assert_eq!(one.digest(), two.digest());
    one.assert_verified();
}

fn parked_change(desk: &Desk, change: ChangeId) -> Encoded {
    let conn = rig::raw(&desk.path());
    let bytes = conn
        .query_row(
            "SELECT bytes FROM change WHERE seq = ?1 AND parked IS NOT NULL",
            [change.seq.cast_signed()],
            |row| row.get(0),
        )
        .unwrap();
    Encoded::read(bytes).unwrap()
}

/// The heads that the desk's last change knew of.
fn last_base(desk: &Desk) -> Vec<ChangeId> {
    let last = desk.store.outbox(100, usize::MAX).unwrap().pop().unwrap();
    last.change().base["name"].clone()
}

#[test]
fn a_form_opened_while_a_change_was_kept_aside_does_not_know_of_it() {
    let (mut one, mut two, mut district) = two_desks();
    let aside = one.save(vec![called(5, "Lakshmi Nair")]).changes[0];
    district.park.insert(aside);
    district.exchange(&one);
    let opened = one.store.as_of().unwrap();
    district.park.clear();
    district.number(vec![parked_change(&one, aside)]);
    district.give(&one, 10);
    assert_eq!(one.field(5, "name"), text("Lakshmi Nair"));
    one.save_as_of(vec![called(5, "Lakshmi Menon")], opened).unwrap();
    let (_, values) = one.conflicts().remove(0);
    assert_eq!(values, [text("Lakshmi Nair"), text("Lakshmi Menon")]);
    two.register(6, "Anju");
    for desk in [&one, &two, &one] {
        district.exchange(desk);
    }
    assert_equal(&one, &two);
}

#[test]
fn a_form_opened_before_a_change_was_kept_aside_knows_of_it() {
    let (mut one, _, mut district) = two_desks();
    let edited = one.save(vec![called(5, "Lakshmi Nair")]).changes[0];
    let registered = one.register(6, "Anju").changes[0];
    let opened = one.store.as_of().unwrap();
    district.park.extend([edited, registered]);
    district.exchange(&one);
    one.save_as_of(vec![called(5, "Lakshmi Menon")], opened).unwrap();
    assert_eq!(last_base(&one), [edited]);
    one.save_as_of(vec![called(6, "Anju Thomas")], opened).unwrap();
    assert_eq!(last_base(&one), [registered]);
    one.assert_verified();
}

#[test]
fn a_form_knows_what_it_showed_however_often_the_answer_changed() {
    let (mut one, _, mut district) = two_desks();
    let edited = one.save(vec![called(5, "Lakshmi Nair")]).changes[0];
    district.park.insert(edited);
    district.exchange(&one);
    let aside = one.store.as_of().unwrap();
    one.store.forget_receipts_after(edited.seq - 1).unwrap();
    let back = one.store.as_of().unwrap();
    district.exchange(&one);
    let aside_again = one.store.as_of().unwrap();
    for (as_of, is_shown) in [(aside, false), (back, true), (aside_again, false)] {
        one.save_as_of(vec![called(5, "Lakshmi M.")], as_of).unwrap();
        assert_eq!(last_base(&one).contains(&edited), is_shown);
    }
    one.assert_verified();
}

#[test]
fn a_form_opened_before_the_server_was_restored_knows_what_was_in_force_then() {
    let (mut one, mut two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    let first = two.save(vec![called(5, "Lakshmi Menon")]).changes[0];
    district.exchange(&two);
    district.exchange(&one);
    assert_eq!(one.field(5, "name"), text("Lakshmi Menon"));
    let opened = one.store.as_of().unwrap();
    one.store.set_epoch(homes().facility, 1).unwrap();
    assert_eq!(one.field(5, "name"), text("Lakshmi Nair"));
    one.save_as_of(vec![called(5, "Lakshmi M.")], opened).unwrap();
    assert_eq!(last_base(&one), [first]);
    one.assert_verified();
}

#[test]
fn the_chain_of_a_device_covers_what_was_sent_before() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    for number in 0..5 {
        desk.register(number, "Lakshmi");
    }
    let all = desk.store.outbox(10, usize::MAX).unwrap();
    let chain = |count: usize| {
        let sent = all.iter().take(count);
        sent.fold(Chain::default(), |chain, change| chain.with_change(change.hash()))
    };
    district.take(&desk, 2);
    for seq in 1..=5 {
        let before = desk.store.device_chain_before(seq).unwrap();
        assert_eq!(before, chain(usize::try_from(seq).unwrap() - 1));
    }
}

#[test]
fn a_page_that_is_not_what_the_log_says_is_refused_whole() {
    let (one, mut district) = (Desk::new(1), District::default());
    for number in 1..=5_u64 {
        district.hear(
            9,
            number,
            "patient",
            id(u128::from(number)),
            &[("name", text("Lakshmi"))],
        );
    }
    let page = || district.page(&one, homes().facility, 5);
    let refused = |change: &dyn Fn(&mut Page)| {
        let mut spoilt = page();
        change(&mut spoilt);
        one.store.absorb(spoilt, NOON_MS).unwrap_err()
    };
    assert_eq!(refused(&|page| page.from = 2), AbsorbError::NotNext { wanted: 1 });
    assert_eq!(refused(&|page| page.to = 6), AbsorbError::NotAuthentic);
    assert_eq!(refused(&|page| page.to = u64::MAX), AbsorbError::NotAuthentic);
    assert_eq!(
        refused(&|page| page.from = u64::MAX),
        AbsorbError::NotNext { wanted: 1 }
    );
    assert_eq!(refused(&|page| page.head = 4), AbsorbError::NotAuthentic);
    assert_eq!(refused(&|page| drop(page.entries.pop())), AbsorbError::NotAuthentic);
    assert_eq!(refused(&|page| drop(page.entries.remove(1))), AbsorbError::NotAuthentic);
    assert_eq!(refused(&|page| page.entries.swap(1, 2)), AbsorbError::NotAuthentic);
    assert_eq!(
        refused(&|page| page.chain = Chain(Hash::of(b"x"))),
        AbsorbError::NotAuthentic
    );
    assert_eq!(
        refused(&|page| page.space = homes().district),
        AbsorbError::NotAuthentic
    );
    let altered = refused(&|page| {
        let mut change = page.entries[2]
            .change
            .as_ref()
            .unwrap()
            .read()
            .unwrap()
            .change()
            .clone();
        change.fields.insert("name".to_owned(), text("Rani"));
        page.entries[2].change = Some(Carried::of(&Encoded::new(change)).unwrap());
    });
    assert_eq!(altered, AbsorbError::NotAuthentic);
    let foreign_without_content = refused(&|page| page.entries[2].change = None);
    assert_eq!(foreign_without_content, AbsorbError::NotAuthentic);
    assert_eq!(one.store.spaces().unwrap()[0].cursor, 0);
    assert_eq!(one.states(), vec![]);
    one.store.absorb(page(), NOON_MS).unwrap();
    assert_eq!(one.store.spaces().unwrap()[0].cursor, 5);
    let again = AbsorbError::NotNext { wanted: 6 };
    let mut old = page();
    old.from = 1;
    assert_eq!(one.store.absorb(old, NOON_MS).unwrap_err(), again);
}

#[test]
fn a_page_that_breaks_off_leaves_cursor_and_epoch_of_one_log() {
    let (mut one, mut district) = (Desk::new(1), District::default());
    one.register(1, "Anju");
    for number in 2..=1_500_u64 {
        district.hear(
            9,
            number,
            "patient",
            id(u128::from(number)),
            &[("name", text("Lakshmi"))],
        );
    }
    // The last is a change of this desk, but not as this desk wrote it.
    district.hear(1, 1, "patient", id(1), &[("name", text("Rani"))]);
    district.epoch = 3;
    let mut page = district.page(&Desk::new(2), homes().facility, 1_500);
    page.digest = None;
    let fork = ChangeId {
        device: device(1),
        seq: 1,
    };
    assert_eq!(one.store.absorb(page, NOON_MS).unwrap_err(), AbsorbError::Fork(fork));
    let status = one.store.spaces().unwrap().remove(0);
    assert!(status.cursor > 0 && status.cursor < 1_500);
    assert_eq!(status.epoch, 3);
    one.assert_verified();
}

#[test]
fn an_old_copy_of_the_file_is_noticed() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(5, "Lakshmi");
    let copy = desk.folder.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    desk.register(6, "Anju");
    district.exchange(&desk);
    let old = store::Store::open(&copy, &rig::key()).unwrap();
    let page = Page {
        from: 1,
        ..district.page(&Desk::new(1), homes().facility, 10)
    };
    let missing = ChangeId {
        device: device(1),
        seq: 2,
    };
    assert_eq!(old.absorb(page, NOON_MS).unwrap_err(), AbsorbError::OwnMissing(missing));
}

#[test]
fn a_different_state_behind_the_same_log_is_flagged() {
    let (one, mut district) = (Desk::new(1), District::default());
    district.hear(9, 1, "patient", id(5), &[("name", text("Lakshmi"))]);
    let mut page = district.page(&one, homes().facility, 5);
    page.digest = Some(sync_core::Digest(Hash::of(b"other")));
    let absorbed = one.store.absorb(page, NOON_MS).unwrap();
    assert!(absorbed.is_diverged);
    assert!(one.store.spaces().unwrap()[0].is_diverged);
    let absorbed = one
        .store
        .absorb(district.page(&one, homes().facility, 5), NOON_MS)
        .unwrap();
    assert!(!absorbed.is_diverged);
}

#[test]
fn a_long_page_of_long_actions_is_taken_in_whole() {
    let (one, two, mut district) = (Desk::new(1), Desk::new(2), District::default());
    let mut one = one;
    for action in 0..4_u128 {
        let drafts = (0..50).map(|number| called(action * 100 + number, "Lakshmi")).collect();
        one.save(drafts);
    }
    district.exchange(&one);
    let absorbed = district.give(&two, 1_000);
    assert_eq!((absorbed.cursor, absorbed.head), (200, 200));
    assert_equal(&one, &two);
}

#[test]
fn a_server_restored_from_a_backup_gets_everything_again() {
    let (mut one, two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    district.exchange(&one);
    district.exchange(&two);
    let mut restored = district.restored(homes().facility, 1);
    let refused = one.store.absorb(restored.page(&one, homes().facility, 5), NOON_MS);
    assert_eq!(refused.unwrap_err(), AbsorbError::OtherEpoch { held: 0 });
    for desk in [&one, &two] {
        desk.store.set_epoch(homes().facility, 1).unwrap();
        desk.assert_verified();
        restored.exchange(desk);
    }
    restored.exchange(&one);
    assert_equal(&one, &two);
    assert_eq!(two.field(5, "name"), text("Lakshmi Nair"));
    assert_eq!(one.store.unsent().unwrap(), 0);
}

#[test]
fn what_another_desk_wrote_and_the_district_lost_is_kept_aside_until_it_comes_again() {
    let (mut one, two, mut district) = two_desks();
    one.save(vec![called(5, "Lakshmi Nair")]);
    district.exchange(&one);
    district.exchange(&two);
    let mut restored = district.restored(homes().facility, 1);
    two.store.set_epoch(homes().facility, 1).unwrap();
    restored.exchange(&two);
    let aside = two.store.read(|records, _| records.parked()).unwrap();
    assert_eq!(aside.len(), 1);
    assert_eq!(aside[0].parked.as_deref(), Some("lost"));
    assert_eq!(aside[0].fields["name"], text("Lakshmi Nair"));
    assert_eq!(two.store.parked(homes().facility).unwrap(), 1);
    assert!(two.store.spaces().unwrap().iter().all(|space| !space.is_diverged));
    assert_ne!(two.field(5, "name"), text("Lakshmi Nair"));
    two.assert_verified();
    one.store.set_epoch(homes().facility, 1).unwrap();
    one.store.forget_receipts_after(1).unwrap();
    restored.exchange(&one);
    restored.exchange(&two);
    assert_equal(&one, &two);
    assert_eq!(two.field(5, "name"), text("Lakshmi Nair"));
    assert!(two.store.read(|records, _| records.parked()).unwrap().is_empty());
}

#[test]
fn answers_that_the_server_lost_are_forgotten_and_the_changes_sent_again() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    let mut changes = Vec::new();
    for number in 0..4 {
        changes.extend(desk.register(number, "Lakshmi").changes);
    }
    district.park.insert(changes[2]);
    district.take(&desk, 10);
    assert_eq!(desk.store.forget_receipts_after(4).unwrap(), 0);
    assert_eq!(desk.store.forget_receipts_after(2).unwrap(), 2);
    assert_eq!(desk.store.forget_receipts_after(2).unwrap(), 0);
    let sent = desk.store.outbox(10, usize::MAX).unwrap();
    assert_eq!(
        sent.iter().map(|change| change.change().id.seq).collect::<Vec<_>>(),
        [3, 4]
    );
    assert_eq!(desk.field(2, "name"), text("Lakshmi"));
    desk.assert_verified();
}

#[test]
fn what_a_newer_version_wrote_goes_through_untouched() {
    let (one, mut district) = (Desk::new(1), District::default());
    let change = Change {
        id: ChangeId {
            device: device(9),
            seq: 1,
        },
        action: Uuid::nil(),
        of: 1,
        space: homes().facility,
        kind: "kind_of_tomorrow".to_owned(),
        record: id(77),
        fields: [("shape".to_owned(), Value::Other(r#"{"z":[1,2]}"#.to_owned()))].into(),
        base: std::collections::BTreeMap::new(),
        seen: 0,
        actor: id(9),
        session: Uuid::nil(),
        schema: SCHEMA + 1,
        stamp: Stamp(NOON_MS, 0),
        wall_ms: NOON_MS,
        origin: None,
        erased: None,
    };
    let mut bytes = Encoded::new(change).bytes().to_vec();
    bytes.truncate(bytes.len() - 1);
    bytes.extend(br#","later":{"b":1,"a":[true]}}"#);
    let encoded = Encoded::read(bytes.clone()).unwrap();
    district.spaces.entry(homes().facility).or_default().add(encoded);
    district.give(&one, 10);
    let stored: Vec<u8> = rig::raw(&one.path())
        .query_row("SELECT bytes FROM change", [], |row| row.get(0))
        .unwrap();
    assert_eq!(stored, bytes);
    let record = one.read(|records| records.get("kind_of_tomorrow", id(77))).unwrap();
    assert_eq!(record.fields["shape"], Value::Other(r#"{"z":[1,2]}"#.to_owned()));
    one.assert_verified();
}

#[test]
fn a_save_is_read_at_once_and_a_read_is_one_moment() {
    let mut desk = Desk::new(1);
    desk.register(5, "Lakshmi");
    let store = desk.store.clone();
    let (before, after) = store
        .read(|records, as_of| {
            use domain::Records;
            let before = records.get("patient", id(6)).unwrap();
            desk.register(6, "Anju");
            let after = records.get("patient", id(6)).unwrap();
            assert!(store.as_of().unwrap() > as_of);
            Ok::<_, StoreError>((before, after))
        })
        .unwrap();
    assert_eq!((before, after), (None, None));
    assert_eq!(desk.field(6, "name"), text("Anju"));
}
