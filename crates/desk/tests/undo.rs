//! What a person just did on the ward can be taken back, unless somebody changed it since.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use alone::{act, register, set_up};
use desk::Desk;
use serde_json::{Value as Json, json};

/// The board with everything on it that does not change by itself.
fn board(desk: &Desk) -> Json {
    desk.view("bed_board", &Json::Null).unwrap().json().unwrap()
}

fn beds(board: &Json, status: &str) -> Vec<Json> {
    let wards = board["wards"].as_array().unwrap().iter();
    let beds = wards.flat_map(|ward| ward["beds"].as_array().unwrap().clone());
    beds.filter(|bed| bed["status"] == status).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_movement_can_be_taken_back_and_the_ward_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let patient = register(&desk, "Kamala Devi");
    let start = board(&desk);
    let (lying, free) = (beds(&start, "occupied"), beds(&start, "free"));
    let encounter = |place: usize| lying[place]["occupant"]["patient"]["encounter"].clone();
    let admission = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    let recovered = json!({ "discharge_reason": "recovered" });
    let to_cleaning =
        json!({ "bed": free[0]["id"], "reason": "cleaning", "encounter": null, "note": null, "expires": null });
    let movements = [
        (
            "admit",
            json!({ "patient": patient, "bed": free[0]["id"], "at": null, "fields": admission }),
        ),
        (
            "transfer",
            json!({ "encounter": encounter(0), "bed": free[0]["id"], "at": null, "clean": true }),
        ),
        (
            "swap",
            json!({ "first": encounter(0), "second": encounter(1), "at": null }),
        ),
        (
            "discharge",
            json!({ "encounter": encounter(0), "at": null, "clean": true, "fields": recovered }),
        ),
        ("hold", to_cleaning),
    ];
    for (name, args) in &movements {
        let done = act(&desk, name, args);
        assert_ne!(board(&desk), start, "{name} shows on the board");
        desk.undo(done.action.as_deref().unwrap()).unwrap();
        assert_eq!(board(&desk), start, "{name} taken back");
    }
    let history = desk.history("encounter", encounter(0).to_string().trim_matches('"').parse().unwrap());
    let shown = serde_json::to_string(&history.unwrap()).unwrap();
    assert!(shown.contains("recovered"), "the discharge stays in the history");
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_can_be_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let start = board(&desk);
    let bed = beds(&start, "free")[0]["id"].clone();
    let hold = json!({ "bed": bed, "reason": "cleaning", "encounter": null, "note": null, "expires": null });
    act(&desk, "hold", &hold);
    let held = board(&desk);
    let released = act(&desk, "release", &json!({ "bed": bed }));
    let undone = desk.undo(released.action.as_deref().unwrap()).unwrap();
    assert_eq!(board(&desk), held);
    desk.undo(undone.action.as_deref().unwrap()).unwrap();
    assert_eq!(board(&desk), start);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_since_is_not_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let start = board(&desk);
    let bed = beds(&start, "free")[0]["id"].clone();
    let hold = json!({ "bed": bed, "reason": "cleaning", "encounter": null, "note": null, "expires": null });
    let held = act(&desk, "hold", &hold);
    act(&desk, "release", &json!({ "bed": bed }));
    let refused = desk.undo(held.action.as_deref().unwrap()).unwrap_err();
    assert_eq!(refused.code, "undo_too_late");
    assert_eq!(board(&desk), start, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bed_that_was_taken_meanwhile_keeps_a_discharge_from_being_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let patient = register(&desk, "Kamala Devi");
    let bed = beds(&board(&desk), "occupied")[0].clone();
    let args = json!({
        "encounter": bed["occupant"]["patient"]["encounter"], "at": null, "clean": false,
        "fields": { "discharge_reason": "lama" },
    });
    let discharged = act(&desk, "discharge", &args);
    let admission = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
    act(
        &desk,
        "admit",
        &json!({ "patient": patient, "bed": bed["id"], "at": null, "fields": admission }),
    );
    let refused = desk.undo(discharged.action.as_deref().unwrap()).unwrap_err();
    assert_eq!(refused.code, "problems");
    assert_eq!(refused.problems[0].code, "bed_occupied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_of_no_action_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    assert_eq!(desk.undo("nonsense").unwrap_err().code, "bad_arguments");
    let unknown = format!("{}.99999", uuid::Uuid::nil().simple());
    assert_eq!(desk.undo(&unknown).unwrap_err().code, "undo_too_late");
}
