//! The device secret in the real key store of the operating system; run under a session bus with
//! an unlocked key ring, as `cargo xtask test` does.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;

use anyhow::{Context, Result};
use desk::keys::secret::{SecretError, SecretHome, SecretPlace};
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
    let file: Json = serde_json::from_slice(&std::fs::read(folder.join("desk.json"))?)?;
    Ok(place(folder, file["name"].as_str().context("a name")?))
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
    assert!(!folder.path().join("desk.json").exists() && !folder.path().join("device.secret").exists());
}
