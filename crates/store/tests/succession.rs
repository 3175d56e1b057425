//! A desk goes on under another identity, takes in what another could not send, or is withdrawn.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use domain::Value;
use rig::*;
use store::{PartingStep, SaveError, Store, StoreError};
use sync_core::ChangeId;
use sync_core::exchange::{HeldChange, Reason};

/// The desk under a new identity, with nothing exchanged yet.
fn succeeded(desk: &Desk, number: u128) -> Desk {
    let new = Desk::new(number);
    let path = new.folder.path().join("next.db");
    desk.store.succeed(&path, device(number)).unwrap();
    new.with_file(&path)
}

fn settle(desk: &Desk, district: &mut District) -> u64 {
    while let Some((device, after)) = desk.store.uncompared().unwrap() {
        assert_eq!(after, 0);
        desk.store.compare(held(district, device)).unwrap();
    }
    district.give(desk, 100);
    let written = desk.store.write_anew().unwrap();
    district.exchange(desk);
    desk.assert_verified();
    written
}

fn names(desk: &Desk) -> Vec<String> {
    let mut names: Vec<String> = desk
        .read(|records| records.all("patient"))
        .iter()
        .map(|record| match record.value("name") {
            Value::Text(name) => name.clone(),
            _ => String::new(),
        })
        .collect();
    names.sort();
    names
}

fn origin(desk: &Desk, id: ChangeId) -> Option<ChangeId> {
    let change = desk.store.read(|records, _| records.change(id)).unwrap();
    change.unwrap().origin
}

#[test]
fn what_is_saved_while_a_desk_goes_on_in_a_new_file_is_refused_and_never_left_behind_in_the_old_one() {
    let mut desk = Desk::new(1);
    let named = |number| patient(number).with_value("name", text("Anju"));
    let actions: Vec<_> = (10..5_000).map(|number| desk.action(vec![named(number)], 0)).collect();
    let path = desk.folder.path().join("next.db");
    let store = &desk.store;
    let acknowledged = std::thread::scope(|scope| {
        let saving = scope.spawn(|| {
            let saved = actions.into_iter().map(|action| store.save(action));
            saved.take_while(Result::is_ok).count()
        });
        while store.unsent().unwrap() < 3 && !saving.is_finished() {
            std::thread::yield_now();
        }
        store.succeed(&path, device(2)).unwrap();
        saving.join().unwrap()
    });
    let new = Desk::new(2).with_file(&path);
    assert!(acknowledged >= 3);
    assert_eq!(new.store.unsent_changes().unwrap().len(), acknowledged);
}

#[test]
fn what_did_not_arrive_is_written_anew_once_and_what_did_is_not() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "Arrived");
    district.exchange(&desk);
    desk.register(2, "Waits");
    desk.save(vec![patient(2).with_value("name", text("Waits, corrected"))]);
    desk.save(vec![patient(1).with_value("village", text("Kalady"))]);
    let before = (desk.field(1, "village"), desk.field(2, "name"));
    assert_eq!(desk.store.unsent_changes().unwrap().len(), 3);

    let new = succeeded(&desk, 2);
    assert_eq!(new.store.unsent().unwrap(), 0);
    assert_eq!(
        new.store.to_write_anew().unwrap(),
        3,
        "before it was compared, as the old file has it"
    );
    assert_eq!(new.store.write_anew().unwrap(), 0, "nothing before it was compared");
    assert_eq!(settle(&new, &mut district), 3);
    assert_eq!((new.field(1, "village"), new.field(2, "name")), before);
    assert_eq!(new.conflicts(), vec![]);
    assert_eq!(new.store.to_write_anew().unwrap(), 0);
    assert_eq!(new.store.write_anew().unwrap(), 0, "and not twice");
    let from = ChangeId {
        device: device(1),
        seq: 2,
    };
    let log = &district.spaces[&homes().facility];
    assert_eq!(log.entries.len(), 4);
    let first = log.entries[1].change().id;
    assert_eq!(first.device, device(2));
    assert_eq!(origin(&new, first), Some(from));
    // The second change of patient 2 stands on the first, as it is called now.
    let second = log.entries[2].change();
    assert_eq!(second.base["name"], [first]);
    assert_eq!(second.actor, id(0xac));
    assert_eq!(log.digest(), new.digest());
}

#[test]
fn an_old_copy_that_wrote_other_things_under_the_same_numbers_loses_neither() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "Before the copy");
    district.exchange(&desk);
    let copy = desk.folder.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    desk.register(2, "After the copy");
    desk.save(vec![patient(1).with_value("village", text("Aluva"))]);
    district.exchange(&desk);

    let mut restored = Desk::new(9).with_file(&copy);
    assert_eq!(restored.store.device(), device(1));
    restored.register(3, "On the copy");
    restored.save(vec![patient(1).with_value("village", text("Kalady"))]);
    let new = succeeded(&restored, 2);
    assert_eq!(settle(&new, &mut district), 2);
    assert_eq!(names(&new), ["After the copy", "Before the copy", "On the copy"]);
    // Two people wrote the village, neither knew of the other: both stand.
    let conflicts = new.conflicts();
    assert_eq!(conflicts.len(), 1);
    let (field, values) = &conflicts[0];
    assert_eq!(field, "village");
    assert!(values.contains(&text("Aluva")) && values.contains(&text("Kalady")) && values.len() == 2);
}

#[test]
fn what_the_district_had_of_an_earlier_name_and_lost_is_written_anew() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "In the backup");
    district.exchange(&desk);
    desk.register(2, "Not in the backup");
    district.exchange(&desk);
    let new = succeeded(&desk, 2);
    new.store.compare(held(&district, device(1))).unwrap();
    assert_eq!(new.store.to_write_anew().unwrap(), 0, "the district has it all");
    let mut restored = district.restored(homes().facility, 1);
    new.store.set_epoch(homes().facility, restored.epoch).unwrap();
    assert_eq!(settle(&new, &mut restored), 1);
    assert_eq!(names(&new), ["In the backup", "Not in the backup"]);
    assert_eq!(settle(&new, &mut restored), 0, "and not twice");
    let last = restored.spaces[&homes().facility].entries[1].change();
    let lost = ChangeId {
        device: device(1),
        seq: 2,
    };
    assert_eq!(last.origin, Some(lost));
}

#[test]
fn a_form_opened_before_overwrites_nothing_that_came_to_the_new_file() {
    let (mut desk, mut other, mut district) = (Desk::new(1), Desk::new(3), District::default());
    desk.register(1, "Lakshmi");
    district.exchange(&desk);
    for _ in 0..50 {
        desk.save(vec![patient(2).with_value("name", text("Written often"))]);
        desk.save(vec![patient(2).with_value("name", text("Written often, again"))]);
    }
    let opened = desk.store.as_of().unwrap();
    district.exchange(&other);
    other.save(vec![patient(1).with_value("name", text("Lakshmi Nair"))]);
    district.exchange(&other);
    let mut new = succeeded(&desk, 2);
    settle(&new, &mut district);
    assert_eq!(new.field(1, "name"), text("Lakshmi Nair"));
    let form = patient(1).with_value("name", text("Lakshmi K."));
    new.save_as_of(vec![form], opened).unwrap();
    let (_, values) = new.conflicts().remove(0);
    assert!(
        values.contains(&text("Lakshmi Nair")),
        "which the form's author never saw: {values:?}"
    );
}

#[test]
fn two_copies_with_the_same_unsent_work_write_it_once() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "Waits on both");
    let (first, second) = (succeeded(&desk, 2), succeeded(&desk, 3));
    assert_eq!(settle(&first, &mut district), 1);
    assert_eq!(settle(&second, &mut district), 0, "the other said it already");
    assert_eq!(second.store.to_write_anew().unwrap(), 0);
    assert_eq!(district.spaces[&homes().facility].entries.len(), 1);
}

#[test]
fn nothing_is_written_anew_before_everything_is_here_and_a_power_cut_repeats_nothing() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    for number in 1..=3 {
        desk.register(number, "Sent");
    }
    district.exchange(&desk);
    desk.register(4, "Waits");
    desk.register(5, "Waits too");
    let new = succeeded(&desk, 2);
    new.store.compare(held(&district, device(1))).unwrap();
    let page = district.page(&new, homes().facility, 1);
    new.store.absorb(page, NOON_MS).unwrap();
    assert_eq!(new.store.write_anew().unwrap(), 0, "two are still to come");
    let new = new.reopened();
    assert_eq!(settle(&new, &mut district), 2);
    let new = new.reopened();
    assert_eq!(settle(&new, &mut district), 0);
    assert_eq!(district.spaces[&homes().facility].entries.len(), 5);
}

#[test]
fn a_desk_that_gets_nothing_any_more_writes_anew_without_what_is_still_to_come() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "Sent");
    district.exchange(&desk);
    desk.register(2, "Waits");
    let new = succeeded(&desk, 2);
    assert_eq!(
        new.store.write_anew_at_once().unwrap(),
        0,
        "nothing before it was compared"
    );
    new.store.compare(held(&district, device(1))).unwrap();
    assert_eq!(new.store.write_anew().unwrap(), 0, "the log is still to come");
    assert_eq!(new.store.write_anew_at_once().unwrap(), 1);
    assert_eq!(new.store.unsent().unwrap(), 1);
    new.assert_verified();
}

#[test]
fn what_the_district_kept_aside_waits_for_a_person_and_is_not_written_anew() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    desk.register(1, "Kept aside");
    let new = succeeded(&desk, 2);
    let hash = desk.store.unsent_changes().unwrap()[0].hash();
    let mut told = held(&district, device(1));
    let (seq, parked) = (1, Some(Reason::NotAllowed));
    told.changes.push(HeldChange { seq, hash, parked });
    new.store.compare(told).unwrap();
    assert_eq!(settle(&new, &mut district), 0);
    let parked = new.store.read(|records, _| records.parked()).unwrap();
    assert_eq!(parked.len(), 1);
    assert_eq!(parked[0].parked.as_deref(), Some("not_allowed"));
    new.store.decide_carried(parked[0].change).unwrap();
    assert!(new.store.read(|records, _| records.parked()).unwrap().is_empty());
}

#[test]
fn what_another_desk_could_not_send_waits_for_a_person_unless_the_district_has_it() {
    let (mut dead, mut other, mut district) = (Desk::new(1), Desk::new(2), District::default());
    dead.register(1, "Arrived after the copy was made");
    let copy = dead.store.unsent_changes().unwrap();
    district.exchange(&dead);
    dead.register(2, "Never arrives");
    let second = dead.store.unsent_changes().unwrap();
    other.register(3, "Own");
    assert_eq!(other.store.import([copy, second.clone()].concat()).unwrap(), 2);
    assert_eq!(other.store.import(second).unwrap(), 0, "the same copy again");
    assert_eq!(settle(&other, &mut district), 0);
    let parked = other.store.read(|records, _| records.parked()).unwrap();
    assert_eq!(parked.iter().map(|past| past.change.seq).collect::<Vec<_>>(), [2]);
    let mut draft = patient(2);
    draft.fields.clone_from(&parked[0].fields);
    let as_of = other.store.as_of().unwrap();
    let action = other.action(vec![draft], as_of);
    let saved = other.store.save_anew(action, parked[0].change).unwrap();
    assert_eq!(origin(&other, saved.changes[0]), Some(parked[0].change));
}

#[test]
fn unfinished_forms_and_settings_come_along() {
    let desk = Desk::new(1);
    let draft = store::KeptDraft {
        name: "patient/new".to_owned(),
        body: serde_json::json!({ "name": "half" }),
        updated_ms: 1,
    };
    desk.store.put_draft(id(5), draft.clone()).unwrap();
    desk.store.put_setting("any", &serde_json::json!(7)).unwrap();
    let new = succeeded(&desk, 2);
    assert_eq!(new.store.draft(id(5), "patient/new").unwrap(), Some(draft));
    assert_eq!(new.store.setting("any").unwrap(), Some(serde_json::json!(7)));
    assert_eq!(new.store.device(), device(2));
    let spaces: Vec<_> = new
        .store
        .spaces()
        .unwrap()
        .iter()
        .map(|space| (space.space, space.cursor))
        .collect();
    assert_eq!(spaces, [(homes().facility, 0)]);
}

#[test]
fn a_withdrawn_desk_brings_what_it_has_before_it_holds_nothing() {
    let (mut desk, mut district) = (Desk::new(1), District::default());
    for number in 1..=60 {
        desk.register(number, "A patient with a name of some length");
    }
    desk.store.part(3, false).unwrap();
    assert_eq!(desk.store.empty(), Err(StoreError::Unsent(60)));
    assert!(raw(&desk.path()).execute("DELETE FROM change", []).is_err());
    assert_eq!(names(&desk).len(), 60);
    district.exchange(&desk);
    desk.store.empty().unwrap();
    let parting = desk.store.parting().unwrap().unwrap();
    assert_eq!(
        (parting.step, parting.last_seq, parting.unsent),
        (PartingStep::Clean, 60, 0)
    );
    assert_eq!(names(&desk), Vec::<String>::new());
    let log = std::fs::metadata(desk.folder.path().join("ward.db-wal"));
    assert!(
        log.map_or(0, |log| log.len()) < 8192,
        "beside the file is but the page that says so"
    );
    let free: i64 = raw(&desk.path())
        .query_row("PRAGMA freelist_count", [], |row| row.get(0))
        .unwrap();
    assert_eq!(free, 0, "nor in pages that are not used");
    let count = |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        raw(&desk.path()).query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    for table in [
        "change",
        "record",
        "search_word",
        "index_entry",
        "space",
        "kind",
        "draft",
        "setting",
    ] {
        assert_eq!(count(table), 0, "{table}");
    }
    let as_of = desk.store.as_of().unwrap();
    let refused = desk.save_as_of(vec![patient(99).with_value("name", text("Late"))], as_of);
    assert_eq!(refused.err(), Some(SaveError::Store(StoreError::Emptied)));
    desk.store.told(3).unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.store.parting().unwrap().unwrap().step, PartingStep::Told);
}

#[test]
fn an_order_to_delete_at_once_says_how_much_was_lost() {
    let mut desk = Desk::new(1);
    desk.register(1, "Never sent");
    desk.store.part(1, false).unwrap();
    assert_eq!(desk.store.empty(), Err(StoreError::Unsent(1)));
    desk.store.part(2, true).unwrap();
    desk.store.part(1, false).unwrap();
    assert_eq!(
        desk.store.parting().unwrap().unwrap().number,
        2,
        "an earlier order counts no more"
    );
    desk.store.empty().unwrap();
    assert_eq!(desk.store.parting().unwrap().unwrap().unsent, 1);
}

#[test]
fn a_parting_that_a_power_cut_ended_goes_on() {
    let desk = Desk::new(1);
    desk.store.part(1, false).unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.store.parting().unwrap().unwrap().step, PartingStep::Draining);
    desk.store.empty().unwrap();
    // As if the power had gone between deleting and writing the file anew.
    raw(&desk.path())
        .execute("UPDATE parting SET step = 'emptied'", [])
        .unwrap();
    let desk = desk.reopened();
    desk.store.empty().unwrap();
    assert_eq!(desk.store.parting().unwrap().unwrap().step, PartingStep::Clean);
}

#[test]
fn an_opening_is_counted_in_the_file() {
    let desk = Desk::new(1);
    assert_eq!(desk.store.generation().unwrap(), 0);
    desk.store.set_generation(7).unwrap();
    assert_eq!(desk.reopened().store.generation().unwrap(), 7);
}

#[test]
fn the_file_of_the_new_identity_opens_with_the_key_of_the_old() {
    let desk = Desk::new(1);
    let path = desk.folder.path().join("next.db");
    desk.store.succeed(&path, device(2)).unwrap();
    assert_eq!(desk.store.succeed(&path, device(2)), Err(StoreError::Exists));
    assert_eq!(Store::open(&path, &key()).unwrap().device(), device(2));
}
