//! A desk whose file was put back or copied, one that its district does not know any more, and one that is withdrawn:
//! nothing that was saved is lost, and nobody else's work is overwritten.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::headless::Ward;
use wardroom_tests::scene::*;

/// Which of two desks the district takes for a copy.
async fn forked_of(first: &mut Ward, second: &mut Ward) -> Result<usize> {
    let begun = Instant::now();
    loop {
        for (place, ward) in [&mut *first, &mut *second].into_iter().enumerate() {
            let status = ward.call("status", Json::Null).await?;
            if status["sync"]["problem"]["code"] == "desk_forked" {
                return Ok(place);
            }
            ward.call("sync_now", Json::Null).await?;
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "neither is found");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_of_yesterday_is_found_before_anything_is_written_and_the_desk_goes_on() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    let kept = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    let database = place.desk("a").join("ward.db");
    let yesterday = place.folder.path().join("yesterday.db");
    fs::copy(&database, &yesterday)?;

    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    edit(&mut ward, &kept, "Aluva").await?;
    let today = ward.register("Meera Nair").await?;
    all_sent(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    fs::copy(&yesterday, &database)?;

    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    problem(&mut ward, "desk_rolled_back").await?;
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(status["who"]["read_only"], true);
    let refused = ward.register("Nobody").await.unwrap_err().to_string();
    assert!(refused.contains("desk_rolled_back"), "{refused}");
    // Reading goes on: a ward is not locked out of its bed board.
    ward.view("bed_board", Json::Null).await?;

    renew(&mut ward).await?;
    all_sent(&mut ward).await?;
    let page = ward.view("patient", json!({ "id": today })).await?.0;
    assert_eq!(page["line"]["name"], "Meera Nair", "what was sent comes back");
    assert_eq!(history(&mut ward, &kept).await?.len(), 2, "and nothing is there twice");
    edit(&mut ward, &today, "Kalady").await?;
    all_sent(&mut ward).await?;
    history_of(2, &mut other, &today).await?;
    let listed = devices(&place.district).await?;
    assert_eq!(listed.iter().filter(|desk| desk["is_replaced"] == true).count(), 1);
    assert_eq!(listed.len(), 3);
    assert!(place.desk("a").join("ward.db.aside-1").exists(), "the old file is kept");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_put_back_whole_that_wrote_on_loses_neither_its_work_nor_anybody_elses() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    let patient = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    all_sent(&mut other).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    copy_folder(&place.desk("a"), &place.desk("yesterday"))?;

    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    edit(&mut ward, &patient, "Aluva").await?;
    all_sent(&mut ward).await?;
    drop(ward);

    // Yesterday's folder comes back, key file and all; without the network nobody can tell.
    let mut ward = Ward::start(&place.desk("yesterday"))?;
    place.link.cut();
    sign_in(&mut ward).await?;
    edit(&mut ward, &patient, "Kalady").await?;
    let unsent = ward.register("Meera Nair").await?;
    place.link.join(place.district.address);
    problem(&mut ward, "desk_forked").await?;
    // Work goes on meanwhile.
    let later = ward.register("Lakshmi Ammal").await?;
    renew(&mut ward).await?;
    all_sent(&mut ward).await?;
    for (desk, name) in [(&mut ward, "the desk"), (&mut other, "another")] {
        all_sent(desk).await?;
        for (id, wanted) in [(&unsent, "Meera Nair"), (&later, "Lakshmi Ammal")] {
            let lines = history_of(1, desk, id).await?;
            assert_eq!(lines[0]["received"], true, "{wanted} on {name}");
        }
        history_of(3, desk, &patient).await?;
        let status = desk.call("status", Json::Null).await?;
        assert_eq!(status["sync"]["conflicts"], 1, "and a person decides between them");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_computers_of_one_disk_become_two_desks_and_lose_nothing() -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    place.link.cut();
    let shared = ward.register("On the image").await?;
    ward.kill().await?;
    copy_folder(&place.desk("a"), &place.desk("b"))?;
    let (mut first, mut second) = (Ward::start(&place.desk("a"))?, Ward::start(&place.desk("b"))?);
    sign_in(&mut first).await?;
    sign_in(&mut second).await?;
    let mut one = first.register("On the first").await?;
    let mut two = second.register("On the second").await?;
    place.link.join(place.district.address);
    // Whichever exchanges second is found.
    if forked_of(&mut first, &mut second).await? == 0 {
        std::mem::swap(&mut first, &mut second);
        std::mem::swap(&mut one, &mut two);
    }
    all_sent(&mut first).await?;
    renew(&mut second).await?;
    all_sent(&mut second).await?;
    // The other hears that its name is taken over, and does the same.
    edit(&mut first, &one, "Aluva").await?;
    problem(&mut first, "desk_replaced").await?;
    renew(&mut first).await?;
    all_sent(&mut first).await?;
    all_sent(&mut second).await?;
    for ward in [&mut first, &mut second] {
        history_of(1, ward, &shared).await?;
        history_of(2, ward, &one).await?;
        history_of(1, ward, &two).await?;
        assert_eq!(ward.call("status", Json::Null).await?["sync"]["conflicts"], 0);
    }
    let listed = devices(&place.district).await?;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|desk| desk["status"] == "active").count(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_identity_is_given_to_nobody_without_a_password_nor_to_a_desk_that_was_locked_out() -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    let wrong = json!({ "username": "anju", "password": "not the one" });
    let refused = ward.call("renew", wrong).await.unwrap_err().to_string();
    assert!(refused.contains("wrong_password"), "{refused}");
    ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    let device = devices(&place.district).await?[0]["device"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    place.district.run(&["device", "revoke", &device]).await?;
    let refused = renew(&mut ward).await.unwrap_err().to_string();
    assert!(refused.contains("not_accepted"), "{refused}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_cannot_send_is_carried_to_another_in_a_sealed_copy() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    place.link.cut();
    let patient = ward.register("Kamala Devi").await?;
    let copy = ward.call("copy_unsent", Json::Null).await?;
    assert_eq!(copy["changes"], 1);
    let path = place.desk("a").join(copy["name"].as_str().unwrap_or_default());
    let bytes = fs::read(&path)?;
    assert!(!bytes.windows(6).any(|window| window == b"Kamala"), "nothing readable");
    drop(ward);
    place.link.join(place.district.address);
    all_sent(&mut other).await?;
    let wrong = json!({ "path": path, "code": "AAAA-AAAA-AAAA-AAAA-AAAA" });
    let refused = other.call("take_in_unsent", wrong).await.unwrap_err().to_string();
    assert!(refused.contains("copy_wrong_code"), "{refused}");
    let right = json!({ "path": path, "code": copy["code"] });
    assert_eq!(other.call("take_in_unsent", right.clone()).await?, 1);
    assert_eq!(
        other.call("take_in_unsent", right).await?,
        0,
        "a second time brings nothing"
    );
    until(&mut other, |status| status["sync"]["parked"] == 1).await?;
    let page = other.call("sync_page", Json::Null).await?;
    assert_eq!(page["parked"][0]["reason"], "carried");
    other
        .call("adopt", json!({ "change": page["parked"][0]["change"] }))
        .await?;
    until(&mut other, |status| {
        status["sync"]["parked"] == 0 && status["sync"]["waiting"] == 0
    })
    .await?;
    let page = other.view("patient", json!({ "id": patient })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");

    // The first desk comes back after all: what it sends says the same, and nothing is in conflict.
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    all_sent(&mut ward).await?;
    assert_eq!(ward.call("status", Json::Null).await?["sync"]["conflicts"], 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_desk_brings_what_it_has_holds_nothing_and_says_so() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    let device = ward.call("sync_page", Json::Null).await?["device"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    place.link.cut();
    let patient = ward.register("Kamala Devi").await?;
    place.district.run(&["device", "withdraw", &device]).await?;
    let standing = |listed: Vec<Json>| listed.into_iter().find(|desk| desk["device"] == device.as_str());
    let before = standing(devices(&place.district).await?).context("the desk")?;
    assert!(before["withdrawal"]["heard"].is_null() && before["status"] == "active");
    // Killed on the way, it goes on where it was.
    ward.kill().await?;
    place.link.join(place.district.address);
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    let status = until(&mut ward, |status| status["phase"] == "problem").await?;
    assert_eq!(status["problem"]["code"], "desk_withdrawn");
    assert_eq!(status["problem"]["numbers"]["unsent"], "0");
    assert_eq!(status["people"], json!([]));
    let after = standing(devices(&place.district).await?).context("the desk")?;
    assert_eq!(
        (&after["status"], &after["withdrawal"]["unsent"]),
        (&json!("revoked"), &json!(0))
    );
    assert!(!after["withdrawal"]["done"].is_null());
    for gone in ["ward.db", "ward.db-wal", "device.secret"] {
        assert!(!place.desk("a").join(gone).exists(), "{gone} is gone");
    }
    drop(ward);
    assert!(sign_in(&mut Ward::start(&place.desk("a"))?).await.is_err());
    // What it had is with the others.
    history_of(1, &mut other, &patient).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_its_restored_district_does_not_know_joins_anew_with_all_its_work() -> Result<()> {
    let mut place = Place::new().await?;
    let mut old = place.join("a").await?;
    let before = old.register("Before the backup").await?;
    all_sent(&mut old).await?;
    place.back_up().await?;
    // A week of work, a desk that joins, and then the disk of the server is gone.
    let since = old.register("Since the backup").await?;
    all_sent(&mut old).await?;
    let mut new = place.join("b").await?;
    let on_new = new.register("On the new desk").await?;
    all_sent(&mut new).await?;
    place.lose_and_restore().await?;
    all_sent(&mut old).await?;
    problem(&mut new, "desk_not_accepted").await?;
    place.let_rejoin(&mut new).await?;
    all_sent(&mut new).await?;
    for ward in [&mut old, &mut new] {
        for patient in [&before, &since, &on_new] {
            history_of(1, ward, patient).await?;
        }
        assert_eq!(ward.call("status", Json::Null).await?["sync"]["conflicts"], 0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_was_put_back_and_its_restored_district_does_not_know_joins_anew_with_all_its_work() -> Result<()> {
    let mut place = Place::new().await?;
    let mut old = place.join("a").await?;
    all_sent(&mut old).await?;
    place.back_up().await?;
    let mut new = place.join("b").await?;
    let kept = new.register("On the new desk").await?;
    all_sent(&mut new).await?;
    new.call("lock", Json::Null).await?;
    drop(new);
    let database = place.desk("b").join("ward.db");
    let yesterday = place.folder.path().join("yesterday.db");
    fs::copy(&database, &yesterday)?;
    let mut new = Ward::start(&place.desk("b"))?;
    sign_in(&mut new).await?;
    new.call("lock", Json::Null).await?;
    drop(new);
    fs::copy(&yesterday, &database)?;
    place.lose_and_restore().await?;

    let mut new = Ward::start(&place.desk("b"))?;
    sign_in(&mut new).await?;
    problem(&mut new, "desk_rolled_back").await?;
    let refused = renew(&mut new).await.unwrap_err().to_string();
    assert!(refused.contains("desk_not_accepted"), "{refused}");
    place.let_rejoin(&mut new).await?;
    all_sent(&mut new).await?;
    for ward in [&mut old, &mut new] {
        history_of(1, ward, &kept).await?;
    }
    Ok(())
}
