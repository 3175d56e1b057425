//! A desk that stands alone, with the sample hospital and one person, who is its admin.
#![allow(dead_code, reason = "each file of tests uses some of it")]

use std::path::Path;

use desk::keys::hardness::{Cost, Hardness};
use desk::keys::secret::SecretHome;
use desk::net::patience::Patience;
use desk::status::Phase;
use desk::ward::Saved;
use desk::{Desk, Options};
use serde_json::{Value as Json, json};

pub const PASSWORD: &str = "a long enough one";

/// The desk of a folder; it locks itself after five minutes.
pub fn start(folder: &Path) -> Desk {
    start_locking_after(folder, 5)
}

/// The same with another time after which it locks itself.
pub fn start_locking_after(folder: &Path, minutes: u32) -> Desk {
    Desk::start(Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: minutes,
        patience: Patience::default(),
    })
}

/// A new desk, where Anju is signed in.
pub async fn set_up(folder: &Path) -> Desk {
    let desk = start(folder);
    assert_eq!(desk.status().phase, Phase::FirstRun);
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    desk
}

/// Registers a patient and answers the id.
pub fn register(desk: &Desk, name: &str) -> String {
    let fields = json!({ "name": name, "birth_year": 1959 });
    save(desk, &json!({ "kind": "patient", "id": null, "fields": fields })).ids[0].to_string()
}

/// Writes a record, as seen now.
pub fn save(desk: &Desk, draft: &Json) -> Saved {
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let drafts = serde_json::from_value(json!([draft])).unwrap();
    desk.save(drafts, as_of, ["purpose".to_owned()].into()).unwrap()
}

/// Does something on the ward, as seen now.
pub fn act(desk: &Desk, name: &str, args: &Json) -> Saved {
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    desk.act(name, args, as_of, Default::default()).unwrap()
}
