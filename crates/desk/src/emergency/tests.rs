//! Emergency access at a desk alone: what it opens and names, what of it is written down first, and what ends it.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::*;
use crate::Options;
use crate::keys::hardness::{Cost, Hardness};
use crate::keys::secret::SecretHome;
use crate::net::patience::Patience;

const PASSWORD: &str = "a long enough one";
const WHY: &str = "unconscious, allergies?";

/// A desk with patients who are at home, and an admin whose right to work has run out.
async fn desk(folder: &Path, at_home: usize) -> (Desk, Vec<RecordId>) {
    let desk = Desk::start(Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 5,
        patience: Patience::default(),
    });
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let one = |number: usize| {
        let fields = json!({ "name": format!("Kamala Devi {number}"), "birth_year": 1959, "allergy_status": "known", "allergies": "penicillin" });
        let drafts = json!([{ "kind": "patient", "id": null, "fields": fields }]); // not a kind: a test's own record
        let saved = desk.save(serde_json::from_value(drafts).unwrap(), as_of, Default::default());
        saved.unwrap().ids.remove(0)
    };
    let ids = (0..at_home).map(one).collect();
    run_out(&desk);
    (desk, ids)
}

fn run_out(desk: &Desk) {
    let mut state = desk.state();
    let who = &mut state.session.as_mut().unwrap().who;
    (who.has_run_out, who.read_only) = (true, true);
}

fn renewed(desk: &Desk) {
    let mut state = desk.state();
    let who = &mut state.session.as_mut().unwrap().who;
    (who.has_run_out, who.read_only) = (false, false);
}

fn page(desk: &Desk, patient: RecordId) -> Result<Json, String> {
    let seen = desk.view("patient", &json!({ "id": patient })); // not a kind: a view
    seen.map(|seen| seen.json().unwrap()).map_err(|failure| failure.code)
}

fn found(desk: &Desk) -> usize {
    let found = desk.view("find_patients", &json!({ "text": "Kamala Devi" })).unwrap();
    found.json().unwrap().as_array().unwrap().len()
}

fn code<T>(answer: Result<T, Failure>) -> String {
    answer.map_or_else(|failure| failure.code, |_| "done".to_owned())
}

/// What the log says of emergencies, oldest first, once there is so much: an end is written while nobody waits for it.
/// None goes on any more: whoever reads the log has their right again, and that may end it at any moment.
fn log(desk: &Desk, count: usize) -> Vec<Json> {
    renewed(desk);
    let begun = std::time::Instant::now();
    loop {
        let log = desk.view("audit_log", &json!({ "what": "emergency" })).unwrap();
        let mut lines = log.json().unwrap()["lines"].as_array().unwrap().clone();
        if lines.len() >= count {
            assert_eq!(lines.len(), count);
            lines.reverse();
            return lines;
        }
        assert!(
            begun.elapsed().as_secs() < 20,
            "only {} of {count} are written",
            lines.len()
        );
        std::thread::yield_now();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_opened_for_a_reason_that_stands_in_the_log_first_and_nothing_is_written_under_it() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), 2).await;
    assert_eq!((page(&desk, ids[0]), found(&desk)), (Err("not_found".to_owned()), 0));
    for no_reason in ["", "help", "          ", "0000000000000"] {
        assert_eq!(code(desk.begin_emergency(no_reason)), "emergency_reason");
    }
    assert_eq!(code(desk.begin_emergency(&"a".repeat(201))), "emergency_reason");
    assert!(desk.status().emergency.is_none());

    desk.begin_emergency(WHY).unwrap();
    let shown = desk.status().emergency.unwrap();
    assert_eq!((shown.opened, shown.left, shown.reason.as_str()), (0, 10, WHY));
    assert_eq!(found(&desk), 2);
    let found = desk
        .view("find_patients", &json!({ "text": "Kamala Devi" }))
        .unwrap()
        .json()
        .unwrap();
    assert!(!found.to_string().contains("penicillin"));
    assert_eq!(page(&desk, ids[0]).unwrap()["allergies"], "penicillin");
    assert_eq!(page(&desk, ids[0]).unwrap()["allergies"], "penicillin");
    assert_eq!(code(desk.history("patient", ids[0])), "done"); // not a kind: asked by a test
    assert_eq!(code(desk.history("patient", ids[1])), "not_allowed"); // not a kind: asked by a test
    assert_eq!(desk.status().emergency.unwrap().opened, 1);

    let draft = json!([{ "kind": "patient", "id": ids[0], "fields": { "name": "Another" } }]); // not a kind: a test's own record
    let saved = desk.save(serde_json::from_value(draft).unwrap(), u64::MAX, Default::default());
    assert_eq!(code(saved), "read_only");
    assert_eq!(code(desk.act("admit", &json!({}), 0, Default::default())), "read_only");
    let report = json!({ "patient": ids[0], "path": "/nowhere/at/all", "shape": "pdf", "language": "ml" });
    assert_eq!(
        code(desk.report_to_person(&serde_json::from_value(report).unwrap())),
        "read_only"
    );
    assert_eq!(code(desk.rekey().await), "read_only");
    assert_eq!(code(desk.begin_sheet()), "read_only");

    desk.end_emergency().unwrap();
    assert_eq!(
        (page(&desk, ids[0]), desk.status().emergency),
        (Err("not_found".to_owned()), None)
    );
    let lines = log(&desk, 5);
    let told: Vec<&str> = lines.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(
        told,
        [BEGUN, NAMED, NAMED, OPENED, ENDED],
        "two searches named the same two"
    );
    assert_eq!((&lines[0]["reason"], &lines[3]["reason"]), (&json!(WHY), &json!(WHY)));
    assert_eq!(lines[3]["patient"], json!(ids[0]));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_after_an_hour_with_a_lock_and_with_a_renewed_right() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), 1).await;
    desk.begin_emergency(WHY).unwrap();
    page(&desk, ids[0]).unwrap();
    let before = |ms: i64| {
        let mut state = desk.state();
        let emergency = state.session.as_mut().unwrap().emergency.as_mut().unwrap();
        emergency.since = Since::ago(ms);
    };
    before(LASTS_MS - Time::MINUTE_MS);
    assert!(page(&desk, ids[0]).is_ok());
    before(LASTS_MS);
    assert_eq!(page(&desk, ids[0]), Err("not_found".to_owned()));
    assert_eq!(desk.status().emergency, None);

    desk.begin_emergency(WHY).unwrap();
    desk.lock().await;
    assert_eq!(code(desk.end_emergency()), "locked");
    assert_eq!(code(desk.begin_emergency(WHY)), "locked");
    desk.sign_in("anju", PASSWORD).await.unwrap();
    run_out(&desk);
    assert_eq!(
        (page(&desk, ids[0]), desk.status().emergency),
        (Err("not_found".to_owned()), None)
    );

    desk.begin_emergency(WHY).unwrap();
    renewed(&desk);
    page(&desk, ids[0]).unwrap();
    assert_eq!(desk.status().emergency, None);
    assert_eq!(code(desk.begin_emergency(WHY)), "not_allowed", "nothing has run out");
    let ended: Vec<Json> = log(&desk, 6).iter().map(|line| line["ended"].clone()).collect();
    assert_eq!(ended.iter().filter(|ended| **ended == "time_over").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_down_is_not_shown_and_one_reason_opens_ten_records() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), MOST_OPENED + 2).await;
    let cannot_write = |cannot| desk.state().open.as_mut().unwrap().is_older_copy = cannot;
    cannot_write(true);
    assert_eq!(code(desk.begin_emergency(WHY)), "desk_rolled_back");
    assert_eq!((desk.status().emergency, found(&desk)), (None, 0));
    cannot_write(false);
    desk.begin_emergency(WHY).unwrap();
    cannot_write(true);
    assert_eq!(page(&desk, ids[0]), Err("desk_rolled_back".to_owned()));
    assert_eq!(desk.status().emergency.unwrap().opened, 0);
    cannot_write(false);
    for id in ids.iter().take(MOST_OPENED) {
        page(&desk, *id).unwrap();
    }
    assert_eq!(page(&desk, ids[MOST_OPENED]), Err("emergency_too_many".to_owned()));
    page(&desk, ids[0]).unwrap();
    desk.begin_emergency("another one came in").unwrap();
    assert_eq!(page(&desk, ids[0]).map(drop), Ok(()), "written down anew");
    desk.end_emergency().unwrap();
    assert_eq!(
        log(&desk, MOST_OPENED + 4)
            .iter()
            .filter(|line| line["what"] == OPENED)
            .count(),
        MOST_OPENED + 1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_search_names_is_written_down_before_the_name_is_shown_and_one_reason_names_a_hundred() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), 2).await;
    desk.begin_emergency(WHY).unwrap();
    let find = |text: &str| desk.view("find_patients", &json!({ "text": text })).map(drop);
    let named = |desk: &Desk| {
        desk.state()
            .session
            .as_ref()
            .unwrap()
            .emergency
            .as_ref()
            .unwrap()
            .named
            .len()
    };
    let cannot_write = |cannot| desk.state().open.as_mut().unwrap().is_older_copy = cannot;
    cannot_write(true);
    assert_eq!(code(find("Kamala Devi")), "desk_rolled_back");
    assert_eq!((code(find("Nobody Of This")), named(&desk)), ("done".to_owned(), 0));
    cannot_write(false);
    page(&desk, ids[0]).unwrap();
    find("Kamala Devi").unwrap();
    assert_eq!(named(&desk), 1, "of whom a record was opened that stands there already");

    let others = (0..MOST_NAMED as u128).map(|number| RecordId(uuid::Uuid::from_u128(number)));
    let others: BTreeSet<RecordId> = others.collect();
    let emergency = |change: &dyn Fn(&mut Emergency)| {
        change(desk.state().session.as_mut().unwrap().emergency.as_mut().unwrap());
    };
    emergency(&|emergency| emergency.named = others.clone());
    assert_eq!(code(find("Kamala Devi")), "emergency_too_many_named");
    desk.begin_emergency("another one came in").unwrap();
    find("Kamala Devi").unwrap();
    assert_eq!(named(&desk), 2, "written down anew");
    desk.end_emergency().unwrap();
    let lines = log(&desk, 7);
    let of_second: Vec<&Json> = lines.iter().filter(|line| line["patient"] == json!(ids[1])).collect();
    assert!(of_second.len() == 2 && of_second.iter().all(|line| line["what"] == NAMED));
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_never_saw_patients_and_desks_on_the_wall_open_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), 1).await;
    for role in ["pharmacist", "volunteer", "transport", "local_body_admin", "unknown"] {
        desk.state().session.as_mut().unwrap().who.role = role.to_owned();
        assert_eq!(code(desk.begin_emergency(WHY)), "not_allowed", "{role}");
        assert!(page(&desk, ids[0]).is_err());
    }
    desk.state().session.as_mut().unwrap().who.role = "facility_admin".to_owned();
    desk.begin_emergency(WHY).unwrap();
    desk.show_on_the_wall().unwrap();
    assert_eq!(
        (page(&desk, ids[0]), desk.status().emergency),
        (Err("locked".to_owned()), None)
    );
    assert_eq!(code(desk.begin_emergency(WHY)), "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_admin_is_told_in_the_inbox_until_they_looked_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let (desk, ids) = desk(folder.path(), 1).await;
    desk.begin_emergency(WHY).unwrap();
    page(&desk, ids[0]).unwrap();
    desk.end_emergency().unwrap();
    renewed(&desk);
    let told = |desk: &Desk| desk.view("inbox", &Json::Null).unwrap().json().unwrap()["emergencies"].clone();
    let one = told(&desk)[0].clone();
    assert_eq!((&one["reason"], &one["is_own"]), (&json!(WHY), &json!(true)));
    assert_eq!(one["opened"][0]["name"], "Kamala Devi 0");
    let begun: RecordId = serde_json::from_value(one["id"].clone()).unwrap();
    assert_eq!(
        code(desk.review_emergency(begun)),
        "not_allowed",
        "nobody puts away their own"
    );
    desk.state().session.as_mut().unwrap().who.person = new_id();
    assert_eq!(code(desk.review_emergency(new_id())), "not_found");
    desk.state().session.as_mut().unwrap().who.role = "nurse".to_owned();
    assert_eq!(
        (told(&desk), code(desk.review_emergency(begun))),
        (json!([]), "not_allowed".to_owned())
    );
    desk.state().session.as_mut().unwrap().who.role = "facility_admin".to_owned();
    assert_eq!(told(&desk)[0]["is_own"], false);
    desk.review_emergency(begun).unwrap();
    assert_eq!(told(&desk), json!([]));
    assert_eq!(log(&desk, 4).last().unwrap()["what"], REVIEWED);
}
