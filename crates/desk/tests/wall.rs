//! A desk on the wall shows beds while nobody is there, and answers nothing else until it is locked and somebody signs in.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use alone::{PASSWORD, start, start_locking_after};
use desk::Desk;
use desk::status::Phase;
use serde_json::{Value as Json, json};

fn names(desk: &Desk) -> Vec<String> {
    let board = desk.view("bed_board", &Json::Null).unwrap().json().unwrap();
    let wards = board["wards"].as_array().unwrap().clone();
    let tiles = wards.iter().flat_map(|ward| ward["beds"].as_array().unwrap().clone());
    let names = tiles.filter_map(|tile| tile["occupant"]["patient"]["name"].as_str().map(str::to_owned));
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_on_the_wall_answers_its_board_and_nothing_else_until_somebody_signs_in() {
    let folder = tempfile::tempdir().unwrap();
    let desk = start(folder.path());
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    let names = names(&desk);
    assert!(!names.is_empty());
    desk.put_draft("form/patient/new", &json!({ "name": names[0] }))
        .unwrap();

    desk.show_on_the_wall().unwrap();
    let wall = desk.view("wall", &Json::Null).unwrap().json().unwrap();
    assert!(wall["figures"]["occupied"].as_u64().unwrap() > 0);
    for name in &names {
        assert!(!wall.to_string().contains(name.as_str()));
    }
    let who = desk.status().who.unwrap();
    assert!(who.role == "wall" && who.read_only);
    assert_eq!(desk.status().sync.aside, 0);

    let locked = |answer: Result<(), desk::Failure>| assert_eq!(answer.unwrap_err().code, "locked");
    for name in [
        "bed_board",
        "war_room",
        "patients",
        "inbox",
        "records",
        "record",
        "find_patients",
    ] {
        locked(desk.view(name, &Json::Null).map(drop));
    }
    locked(desk.draft("form/patient/new").map(drop));
    locked(desk.history("patient", domain::RecordId(uuid::Uuid::nil())).map(drop));
    locked(desk.kept_aside().map(drop));
    locked(desk.sync_page().map(drop));
    locked(desk.backup().map(drop));
    locked(desk.copy_unsent().map(drop));
    locked(desk.undo("any").map(drop));
    locked(desk.save(Vec::new(), 0, Default::default()).map(drop));
    locked(desk.change_password(PASSWORD, "another long one").await);
    locked(desk.show_on_the_wall());

    desk.lock().await;
    assert!(matches!(desk.status().phase, Phase::SignIn));
    locked(desk.view("wall", &Json::Null).map(drop));
    assert!(desk.sign_in("anju", "wrong").await.is_err());
    desk.sign_in("anju", PASSWORD).await.unwrap();
    assert_eq!(desk.status().who.unwrap().role, "facility_admin");
    assert!(desk.draft("form/patient/new").unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_on_the_wall_stays_there_while_nobody_touches_it() {
    let folder = tempfile::tempdir().unwrap();
    let desk = start_locking_after(folder.path(), 0);
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    desk.show_on_the_wall().unwrap();
    assert!(!desk.lock_if_idle().await);
    assert!(desk.view("wall", &Json::Null).is_ok());
    desk.lock().await;
    desk.sign_in("anju", PASSWORD).await.unwrap();
    assert!(desk.lock_if_idle().await);
}
