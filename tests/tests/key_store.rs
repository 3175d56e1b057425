//! The device secret in the real key store of the operating system; run under a session bus with
//! an unlocked key ring, as `cargo xtask test` does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use anyhow::{Context, Result};
use desk::keys::secret::{SecretError, SecretHome, SecretPlace};
use desk::keys::twice;
use serde_json::{Value as Json, json};
use wardroom_tests::headless::Ward;
use wardroom_tests::scene::*;

fn place(folder: &Path, name: &str) -> SecretPlace {
    SecretPlace::new(SecretHome::KeyStore, folder, name)
}

const KEY_STORE: &[(&str, &str)] = &[("WARDROOM_KEY_STORE", "secret-service")];

fn has_no_key_store() -> bool {
    let is_missing = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_none();
    if is_missing {
        println!("SKIPPED: no session bus with a key store here");
    }
    is_missing
}

/// Where the key store counts the openings of the desk in the folder.
fn counter(folder: &Path) -> Result<SecretPlace> {
    let found = twice::read(folder)?.context("the desk's file")?;
    Ok(place(folder, &found.file.name))
}

/// A desk that keeps its secret in the key store, locked, with a patient whom the district has; and the patient's id.
async fn locked_with_a_patient(place: &Place, folder: &Path) -> Result<(Ward, String)> {
    let mut ward = place.let_join(Ward::start_with(folder, KEY_STORE)?).await?;
    let patient = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    Ok((ward, patient))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_put_back_is_found_at_once_by_the_key_store_and_by_the_district_when_that_was_put_back_too()
-> Result<()> {
    if has_no_key_store() {
        return Ok(());
    }
    let place = Place::new().await?;
    let folder = place.desk("a");
    let mut ward = place.let_join(Ward::start_with(&folder, KEY_STORE)?).await?;
    let mut other = place.join("b").await?;
    let patient = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    all_sent(&mut other).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    copy_folder(&folder, &place.desk("yesterday"))?;
    let (key_store, yesterday) = (counter(&folder)?, counter(&folder)?.generation());
    assert!(yesterday > 0, "the key store counts");

    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    sign_in(&mut ward).await?;
    edit(&mut ward, &patient, "Aluva").await?;
    let today = ward.register("Meera Nair").await?;
    all_sent(&mut ward).await?;
    ward.kill().await?;
    assert!(key_store.generation() > yesterday);

    // The folder alone comes back: nothing is written in it.
    std::fs::remove_dir_all(&folder)?;
    copy_folder(&place.desk("yesterday"), &folder)?;
    place.link.cut();
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    sign_in(&mut ward).await?;
    problem(&mut ward, "desk_rolled_back").await?;
    ward.kill().await?;

    // With the key store nothing here tells: people work on, until the district is there.
    key_store.note_generation(yesterday);
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    sign_in(&mut ward).await?;
    edit(&mut ward, &patient, "Kalady").await?;
    let unsent = ward.register("Lakshmi Ammal").await?;
    place.link.join(place.district.address);
    problem(&mut ward, "desk_forked").await?;
    renew(&mut ward).await?;
    for desk in [&mut ward, &mut other] {
        all_sent(desk).await?;
        history_of(3, desk, &patient).await?;
        for id in [&today, &unsent] {
            assert_eq!(history_of(1, desk, id).await?[0]["received"], true);
        }
        let status = desk.call("status", Json::Null).await?;
        assert_eq!(
            status["sync"]["conflicts"], 1,
            "a person decides where the patient lives"
        );
    }
    // The new identity is counted on from there, and opens the next day.
    ward.call("lock", Json::Null).await?;
    drop(ward);
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    sign_in(&mut ward).await?;
    all_sent(&mut ward).await?;
    counter(&folder)?.destroy()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_remembered_when_the_files_of_the_desk_are_put_back() -> Result<()> {
    if has_no_key_store() {
        return Ok(());
    }
    let place = Place::new().await?;
    let folder = place.desk("a");
    let mut ward = place.let_join(Ward::start_with(&folder, KEY_STORE)?).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    place.link.cut();
    copy_folder(&folder, &place.desk("before"))?;
    let wrong = json!({ "username": "anju", "password": "not the right one" });
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    for _ in 0..5 {
        assert!(ward.call("sign_in", wrong.clone()).await.is_err());
    }
    drop(ward);
    std::fs::remove_dir_all(&folder)?;
    copy_folder(&place.desk("before"), &folder)?;
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    let refused = ward.call("sign_in", wrong).await.unwrap_err();
    assert!(refused.to_string().contains("blocked"), "{refused}");
    drop(ward);
    counter(&folder)?.destroy()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desks_file_of_before_lets_nobody_in_without_the_district_and_one_without_a_seal_not_even_then()
-> Result<()> {
    if has_no_key_store() {
        return Ok(());
    }
    let place = Place::new().await?;
    let folder = place.desk("a");
    let (ward, patient) = locked_with_a_patient(&place, &folder).await?;
    drop(ward);
    let mut before = twice::read(&folder)?.context("the desk's file")?.file;
    let both = twice::NAMES.map(|name| folder.join(name));
    let copies = both.clone().map(|path| std::fs::read(path).unwrap());

    // Somebody else comes, and with that the slots are others.
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    let biju = json!({ "username": "biju", "password": sample::PASSWORD });
    ward.call("sign_in", biju.clone()).await?;
    all_sent(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    for (path, bytes) in both.iter().zip(&copies) {
        std::fs::write(path, bytes)?;
    }
    place.link.cut();
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    let refused = sign_in(&mut ward).await.unwrap_err();
    assert!(refused.to_string().contains("desk_file_older"), "{refused}");
    place.link.join(place.district.address);
    sign_in(&mut ward).await?;
    let page = ward.view("patient", json!({ "id": patient })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");
    ward.call("lock", Json::Null).await?;
    place.link.cut();
    sign_in(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    let refused = ward.call("sign_in", biju).await.unwrap_err();
    assert!(refused.to_string().contains("offline_unknown_person"), "{refused}");
    drop(ward);

    // As the first versions wrote it, without a seal, and another server in it.
    both.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    before.form = 1;
    before.server.as_mut().context("a server")?.address = "https://elsewhere.example".to_owned();
    std::fs::write(folder.join(twice::BEFORE), serde_json::to_vec(&before)?)?;
    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(status["problem"]["code"], "desk_file_altered");
    drop(ward);
    counter(&folder)?.destroy()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_key_store_was_emptied_the_sheet_brings_the_desk_back_without_the_network_and_all_unsent_is_sent()
-> Result<()> {
    if has_no_key_store() {
        return Ok(());
    }
    let place = Place::new().await?;
    let folder = place.desk("a");
    let (mut ward, before) = locked_with_a_patient(&place, &folder).await?;
    let admin = json!({ "username": "admin.1", "password": sample::PASSWORD });
    ward.call("sign_in", admin.clone()).await?;
    let sheet = ward.call("begin_sheet", Json::Null).await?;
    let groups: Vec<String> = serde_json::from_value(sheet["groups"].clone())?;
    let asked = groups[sheet["asked"].as_u64().context("a number")? as usize - 1].clone();
    ward.call("keep_sheet", json!({ "group": asked })).await?;
    ward.call("lock", Json::Null).await?;

    place.link.cut();
    sign_in(&mut ward).await?;
    let unsent = ward.register("Meera Nair").await?;
    edit(&mut ward, &before, "Aluva").await?;
    ward.kill().await?;
    counter(&folder)?.destroy()?;

    let mut ward = Ward::start_with(&folder, KEY_STORE)?;
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(status["problem"]["code"], "device_secret_missing");
    assert!(sign_in(&mut ward).await.is_err());
    ward.call("recover", json!({ "code": groups.join("-") })).await?;
    // Nobody needs the network: not the nurse who had the unsent work, nor the admin.
    ward.call("sign_in", admin).await?;
    ward.call("lock", Json::Null).await?;
    sign_in(&mut ward).await?;
    for (id, name) in [(&before, "Kamala Devi"), (&unsent, "Meera Nair")] {
        let page = ward.view("patient", json!({ "id": id })).await?.0;
        assert_eq!(page["line"]["name"], *name);
    }
    assert!(ward.call("status", Json::Null).await?["sync"]["waiting"].as_u64() > Some(1));

    // The identity is the same, so everything is sent; who never worked here gets in by the district.
    place.link.join(place.district.address);
    all_sent(&mut ward).await?;
    assert_eq!(history_of(2, &mut ward, &before).await?[0]["received"], true);
    assert_eq!(history_of(1, &mut ward, &unsent).await?[0]["received"], true);
    ward.call("lock", Json::Null).await?;
    let biju = json!({ "username": "biju", "password": sample::PASSWORD });
    ward.call("sign_in", biju).await?;
    drop(ward);
    counter(&folder)?.destroy()?;
    Ok(())
}

#[test]
fn the_secret_is_kept_in_the_key_store_and_found_again_and_never_in_the_folder() {
    if has_no_key_store() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let name = format!("test-{}", std::process::id());
    assert!(matches!(place(folder.path(), &name).get(), Err(SecretError::Missing)));
    let made = place(folder.path(), &name).make().unwrap();
    assert_eq!(place(folder.path(), &name).get().unwrap(), made);
    assert!(
        std::fs::read_dir(folder.path()).unwrap().next().is_none(),
        "nothing stands in the folder"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_key_store_the_desk_says_so_and_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = [
        ("WARDROOM_KEY_STORE", "secret-service"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"),
    ];
    let mut ward = Ward::start_with(folder.path(), &nowhere).unwrap();
    let args = json!({ "name": "Anju Thomas", "username": "anju", "password": "a long enough one" });
    let failure = ward.call("stand_alone", args).await.unwrap_err().to_string();
    assert!(failure.contains("no_key_store"), "{failure}");
    for name in ["desk.json", "desk.a.json", "desk.b.json", "device.secret"] {
        assert!(!folder.path().join(name).exists(), "{name}");
    }
}
