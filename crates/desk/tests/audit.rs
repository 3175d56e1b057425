//! What the desk writes into the audit log by itself: who came and went, who looked at whom, what was taken away.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::time::{Duration, Instant};

use alone::{PASSWORD, set_up, start};
use desk::Desk;
use serde_json::{Value as Json, json};

fn log(desk: &Desk, args: Json) -> Json {
    desk.view("audit_log", &args).unwrap().json().unwrap()
}

/// What happened, newest first.
fn events(desk: &Desk, args: Json) -> Vec<String> {
    let log = log(desk, args);
    let lines = log["lines"].as_array().unwrap().iter();
    lines.map(|line| line["what"].as_str().unwrap().to_owned()).collect()
}

/// Waits until so many lines of an event stand in the log.
fn until(desk: &Desk, what: &str, count: usize) -> Vec<Json> {
    let begun = Instant::now();
    loop {
        let found = log(desk, json!({ "what": what }))["lines"].as_array().unwrap().clone();
        if found.len() >= count {
            assert_eq!(found.len(), count, "{what}");
            return found;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{what} is not written down");
        std::thread::yield_now();
    }
}

fn patients(desk: &Desk) -> Vec<String> {
    let listed = desk
        .view("patients", &json!({ "which": "admitted" }))
        .unwrap()
        .json()
        .unwrap();
    let ids = listed.as_array().unwrap().iter();
    ids.map(|line| line["patient"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_and_went_stands_in_the_log_with_how_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    until(&desk, "signed_in", 2);
    let locked = until(&desk, "locked", 1);
    assert_eq!(
        (&locked[0]["ended"], &locked[0]["who_name"]),
        (&json!("by_hand"), &json!("Anju Thomas"))
    );
    assert_eq!(events(&desk, json!({})), ["signed_in", "locked", "signed_in"]);
    assert_eq!(desk.status().sync.waiting, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_one_line_told_at_the_next_opening_also_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let desk = start(folder.path());
    for _ in 0..3 {
        assert_eq!(desk.sign_in("anju", "wrong").await.unwrap_err().code, "wrong_password");
    }
    assert!(desk.sign_in("nobody.here", "wrong").await.is_err());
    // Ended without a word, while a password was tried.
    drop(desk);
    let desk = start(folder.path());
    desk.sign_in("anju", PASSWORD).await.unwrap();
    let failed = until(&desk, "sign_in_failed", 1);
    assert_eq!(
        (&failed[0]["times"], &failed[0]["who_name"]),
        (&json!(3), &json!("Anju Thomas"))
    );
    assert!(failed[0]["since"].as_i64().unwrap() <= failed[0]["at"].as_i64().unwrap());
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    until(&desk, "signed_in", 3);
    until(&desk, "sign_in_failed", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_at_a_patients_page_is_noted_once_for_each_patient_and_shown_to_who_may_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let ids = patients(&desk);
    for _ in 0..5 {
        desk.view("patient", &json!({ "id": ids[0] })).unwrap();
    }
    desk.history("patient", serde_json::from_value(json!(ids[0])).unwrap())
        .unwrap();
    desk.view("patient", &json!({ "id": ids[1] })).unwrap();
    // Two, or more when a quarter of an hour ended just now.
    let begun = Instant::now();
    let looked = |patient: &str| {
        let shown = desk
            .view("who_looked", &json!({ "patient": patient }))
            .unwrap()
            .json()
            .unwrap();
        shown.as_array().unwrap().len()
    };
    while looked(&ids[0]) == 0 || looked(&ids[1]) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        std::thread::yield_now();
    }
    assert!(looked(&ids[0]) <= 2, "{}", looked(&ids[0]));
    assert_eq!(looked(&ids[2]), 0);
    let line = &desk
        .view("who_looked", &json!({ "patient": ids[0] }))
        .unwrap()
        .json()
        .unwrap()[0];
    assert_eq!(
        (&line["what"], &line["who_name"]),
        (&json!("patient_seen"), &json!("Anju Thomas"))
    );
    assert!(!line["patient_name"].as_str().unwrap().is_empty());

    // After a restart in the same quarter of an hour it is still the same look.
    let before = looked(&ids[0]);
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    desk.view("patient", &json!({ "id": ids[0] })).unwrap();
    until(&desk, "signed_in", 2);
    assert!(looked(&ids[0]) <= before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_writes_voids_or_takes_back_what_stands_in_the_log_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let line = until(&desk, "signed_in", 1).remove(0);
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let save = |id: Json, fields: Json| {
        let drafts = json!([{ "kind": "audit_event", "id": id, "fields": fields }]);
        let saved = desk.save(serde_json::from_value(drafts).unwrap(), as_of, Default::default());
        saved.unwrap_err().code
    };
    let own = json!({ "what": "signed_in", "at": 1, "who": line["who"], "desk": line["who"] });
    assert_eq!(save(Json::Null, own), "not_allowed");
    assert_eq!(
        save(line["id"].clone(), json!({ "voided": "yes", "void_reason": "no" })),
        "not_allowed"
    );
    let id = serde_json::from_value(line["id"].clone()).unwrap();
    let resolved = desk.resolve("audit_event", id, "what", &json!("locked"), as_of);
    assert_eq!(resolved.unwrap_err().code, "not_allowed");
    let written = desk.history("audit_event", id).unwrap().remove(0);
    assert_eq!(desk.undo(&written.change).unwrap_err().code, "not_allowed");
    until(&desk, "signed_in", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_the_desk_and_what_people_may_do_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.backup().unwrap();
    until(&desk, "backup_made", 1);
    desk.change_password(PASSWORD, "another long enough one").await.unwrap();
    until(&desk, "password_changed", 1);
    let seen = desk.view("records", &json!({ "kind": "person" })).unwrap();
    let people = seen.json().unwrap();
    let other = people
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["role"] == "nurse")
        .unwrap();
    let drafts = json!([{ "kind": "person", "id": other["id"], "fields": { "active": "no" } }]);
    desk.save(serde_json::from_value(drafts).unwrap(), seen.as_of, Default::default())
        .unwrap();
    let changed = until(&desk, "rights_changed", 1);
    assert_eq!(changed[0]["about"], other["id"]);
    let by_day = |day: &str| events(&desk, json!({ "day": day })).len();
    assert_eq!(by_day("2001-01-01"), 0);
    assert_eq!(events(&desk, json!({ "who": other["id"] })).len(), 0);
    assert_eq!(events(&desk, json!({ "who": changed[0]["who"] })).len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recovery_sheet_leaves_its_trace_until_it_counts_or_is_thrown_away() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let first = desk.begin_sheet().unwrap();
    until(&desk, "sheet_printed", 1);
    desk.keep_sheet(&first.groups[first.asked - 1]).unwrap();
    until(&desk, "sheet_kept", 1);
    // Given up by hand, for another one, and by a lock.
    desk.begin_sheet().unwrap();
    desk.drop_sheet().unwrap();
    until(&desk, "sheet_dropped", 1);
    desk.drop_sheet().unwrap();
    desk.begin_sheet().unwrap();
    desk.begin_sheet().unwrap();
    until(&desk, "sheet_dropped", 2);
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    until(&desk, "sheet_dropped", 3);
    until(&desk, "sheet_printed", 4);
    until(&desk, "sheet_kept", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_is_told_by_who_signs_in_next_and_a_new_key_by_who_gave_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let sheet = desk.begin_sheet().unwrap();
    desk.keep_sheet(&sheet.groups[sheet.asked - 1]).unwrap();
    desk.rekey().await.unwrap();
    desk.sign_in("anju", PASSWORD).await.unwrap();
    let rekeyed = until(&desk, "rekeyed", 1);
    assert_eq!(rekeyed[0]["who_name"], "Anju Thomas");
    desk.lock().await;
    drop(desk);
    std::fs::remove_file(folder.path().join("device.secret")).unwrap();
    let desk = start(folder.path());
    desk.recover(&sheet.groups.concat()).unwrap();
    // Ended without a word before anybody signed in.
    drop(desk);
    let desk = start(folder.path());
    desk.sign_in("anju", PASSWORD).await.unwrap();
    let recovered = until(&desk, "recovered", 1);
    assert_eq!((&recovered[0]["who"], &recovered[0]["times"]), (&Json::Null, &json!(1)));
    until(&desk, "rekeyed", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_left_on_the_wall_leaves_its_trace() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.show_on_the_wall().unwrap();
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    until(&desk, "shown_on_wall", 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_the_log_goes_on_where_the_one_before_ended() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let own = desk.status().who.unwrap().person;
    (0..60).for_each(|_| desk.let_in_again(own).unwrap());
    let (mut seen, mut after, mut pages) = (Vec::new(), Json::Null, 0);
    loop {
        let page = log(&desk, json!({ "what": "let_in_again", "after": after }));
        seen.extend(
            page["lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line["id"].to_string()),
        );
        pages += 1;
        after = page["next"].clone();
        if after.is_null() {
            break;
        }
    }
    let count = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((pages, count, seen.len()), (2, 60, 60));
}
