//! A new key for the database: everything is there, people sign in as before, and the key of before opens nothing more.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::path::Path;

use alone::{PASSWORD, register, start};
use desk::keys::seal::Key;
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::twice;
use desk::status::Phase;
use serde_json::{Value as Json, json};
use store::{DatabaseKey, Store};

/// The key that the password opens, in the folder as it is now.
fn key_in(folder: &Path) -> Key {
    let file = twice::read(folder).unwrap().unwrap().file;
    let secret = SecretPlace::new(SecretHome::File, folder, &file.name).get().unwrap();
    let person = file.slots.people().next().unwrap();
    file.slots.open(person, PASSWORD, &secret).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_new_key_everything_is_there_and_the_one_of_before_opens_nothing_more() {
    let folder = tempfile::tempdir().unwrap();
    let desk = start(folder.path());
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    let before = register(&desk, "Kamala Devi");
    desk.put_draft("triage/day", &json!({ "half": "filled" })).unwrap();
    let old = key_in(folder.path());
    for round in 0..2 {
        desk.rekey().await.unwrap();
        assert_eq!(desk.status().phase, Phase::SignIn, "it locks itself");
        let new = key_in(folder.path());
        assert_ne!(new, old);
        let database = folder.path().join("ward.db");
        assert!(Store::open(&database, &DatabaseKey::new(&old)).is_err(), "{round}");
        let store = Store::open(&database, &DatabaseKey::new(&new)).unwrap();
        assert!(store.verify().unwrap().is_empty());
        drop(store);
        desk.sign_in("anju", PASSWORD).await.unwrap();
        let page = desk.view("patient", &json!({ "id": before })).unwrap();
        assert_eq!(page.json().unwrap()["line"]["name"], "Kamala Devi");
        assert_eq!(desk.draft("triage/day").unwrap(), Some(json!({ "half": "filled" })));
        register(&desk, "Meera Nair");
    }
    desk.lock().await;
    let names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let left = names
        .iter()
        .filter(|name| name.contains("old-key") || name.contains("next"));
    assert_eq!(left.count(), 0, "the old file is destroyed: {names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_being_saved_when_the_key_is_made_is_saved_or_refused_and_never_lost() {
    let folder = tempfile::tempdir().unwrap();
    let desk = start(folder.path());
    desk.stand_alone("Anju Thomas", "anju", PASSWORD).await.unwrap();
    let saving = desk.clone();
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let saved = tokio::task::spawn_blocking(move || {
        let mut saved = Vec::new();
        loop {
            let drafts = json!([{ "kind": "patient", "id": null, "fields": { "name": "Ravi", "birth_year": 1959 } }]);
            match saving.save(serde_json::from_value(drafts).unwrap(), as_of, Default::default()) {
                Ok(done) => saved.push(done.ids[0].to_string()),
                Err(failure) => break (saved, failure.code),
            }
        }
    });
    while folder.path().join("ward.db-wal").metadata().map_or(0, |log| log.len()) == 0 {
        tokio::task::yield_now().await;
    }
    desk.rekey().await.unwrap();
    let (saved, refused) = saved.await.unwrap();
    assert_eq!(refused, "locked");
    desk.sign_in("anju", PASSWORD).await.unwrap();
    for id in &saved {
        desk.view("patient", &json!({ "id": id })).unwrap();
    }
}
