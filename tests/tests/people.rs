//! People who are let in by others: real desks and a real server. What an admin gives opens the way to a password of
//! the person's own; what is done at the district is done in the name of who is signed in.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use totp_rs::{Builder, Secret};
use wardroom_tests::headless::Ward;
use wardroom_tests::scene::*;

const OWN: &str = "seven boats on the backwater";

async fn enter(ward: &mut Ward, username: &str, password: &str) -> Result<Json> {
    ward.call("sign_in", json!({ "username": username, "password": password }))
        .await
}

/// What the desk refuses, as its code.
async fn refused(ward: &mut Ward, command: &str, args: Json) -> String {
    let told = ward.call(command, args).await.expect_err("it is refused").to_string();
    let failure: Json = serde_json::from_str(&told[told.find('{').unwrap()..]).unwrap();
    failure["code"].as_str().unwrap_or_default().to_owned()
}

async fn id_of(ward: &mut Ward, username: &str) -> Result<Json> {
    let people = ward.view("records", json!({ "kind": "person" })).await?.0;
    let found = people.as_array().unwrap().iter();
    let mut found = found.filter(|person| person["username"] == username);
    Ok(found.next().unwrap()["id"].clone())
}

/// Waits until nobody is signed in.
async fn until_out(ward: &mut Ward) -> Result<()> {
    until(ward, |status| {
        status["phase"] == "sign_in" && status["sync"]["state"] == "closed"
    })
    .await
    .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_gives_a_password_and_the_person_chooses_their_own_before_anything_else() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (place.join("office").await?, place.join("ward").await?);
    ward.call("lock", Json::Null).await?;
    office.call("lock", Json::Null).await?;
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    let anju = id_of(&mut office, "anju").await?;
    let given = office.call("give_password", json!({ "person": anju })).await?;
    let given = given["password"].as_str().unwrap().to_owned();
    let own = id_of(&mut office, "admin.1").await?;
    assert_eq!(
        refused(&mut office, "give_password", json!({ "person": own })).await,
        "not_in_reach"
    );
    let above = id_of(&mut office, "district.admin").await?;
    assert_eq!(
        refused(&mut office, "give_password", json!({ "person": above })).await,
        "not_in_reach"
    );

    // The one she had opens this desk once more and is found out.
    enter(&mut ward, "anju", sample::PASSWORD).await?;
    until_out(&mut ward).await?;
    let with_given = json!({ "username": "anju", "password": given });
    assert_eq!(
        refused(&mut ward, "sign_in", with_given.clone()).await,
        "password_must_change"
    );
    let status = ward.call("status", Json::Null).await?;
    assert_eq!((&status["phase"], &status["who"]), (&json!("sign_in"), &Json::Null));
    let weak = json!({ "username": "anju", "password": given, "new_password": "password99" });
    assert_eq!(refused(&mut ward, "sign_in", weak).await, "password_guessable");
    let choosing = json!({ "username": "anju", "password": given, "new_password": OWN });
    ward.call("sign_in", choosing).await?;
    let patient = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;

    // Her own opens without the network too; the one that was given opens nothing any more.
    ward.call("lock", Json::Null).await?;
    place.link.cut();
    assert_eq!(
        refused(&mut ward, "sign_in", with_given.clone()).await,
        "wrong_password"
    );
    enter(&mut ward, "anju", OWN).await?;
    assert_eq!(history(&mut ward, &patient).await?.len(), 1);
    place.link.join(place.district.address);
    assert_eq!(refused(&mut office, "sign_in", with_given).await, "wrong_password");
    enter(&mut office, "anju", OWN).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_at_the_district_asks_who_is_there_and_ends_with_the_lock() -> Result<()> {
    let place = Place::new().await?;
    let mut office = place.join("office").await?;
    let anju = id_of(&mut office, "anju").await?;
    let give = json!({ "person": anju });
    assert_eq!(
        refused(&mut office, "give_password", give.clone()).await,
        "not_in_reach",
        "she is no admin"
    );
    office.call("lock", Json::Null).await?;
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    office.call("lock", Json::Null).await?;

    // Without the network nobody is known at the district, and the work goes on.
    place.link.cut();
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    assert_eq!(
        refused(&mut office, "give_password", give.clone()).await,
        "session_ended"
    );
    let confirm = json!({ "password": sample::PASSWORD });
    assert_eq!(
        refused(&mut office, "confirm_password", confirm.clone()).await,
        "network_needed"
    );
    place.link.join(place.district.address);
    all_sent(&mut office).await?;
    let wrong = json!({ "password": "not the one" });
    assert_eq!(refused(&mut office, "confirm_password", wrong).await, "wrong_password");
    office.call("confirm_password", confirm).await?;
    office.call("give_password", give).await?;

    // The server hears of the lock.
    let ended = || {
        let log = place.district.log();
        let of_sessions = log.lines().filter(|line| line.contains("/v1/session"));
        of_sessions
            .filter(|line| line.contains("DELETE") && line.contains("204"))
            .count()
    };
    let before = ended();
    office.call("lock", Json::Null).await?;
    let begun = Instant::now();
    while ended() == before {
        ensure!(
            begun.elapsed() < Duration::from_secs(10),
            "no session ended: {}",
            place.district.log()
        );
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// What the app shows that scanned the offer, so many half minutes from now.
fn code(offered: &Json, steps: u64) -> String {
    let secret = offered["secret"].as_str().unwrap().replace(' ', "");
    let app = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    app.build()
        .unwrap()
        .generate(now.unwrap().as_secs() + steps * 30)
        .to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_sets_up_a_second_factor_with_the_network_and_an_outage_locks_nobody_out() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (place.join("office").await?, place.join("ward").await?);
    office.call("lock", Json::Null).await?;
    ward.call("lock", Json::Null).await?;
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    office.call("lock", Json::Null).await?;
    place.district.run(&["second-factor", "required"]).await?;

    // Known here: comes in as before, and hears what the district asks.
    place.link.cut();
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    assert_eq!(office.call("status", Json::Null).await?["who"]["due"], Json::Null);
    office.call("lock", Json::Null).await?;
    place.link.join(place.district.address);
    enter(&mut office, "admin.1", sample::PASSWORD).await?;
    until(&mut office, |status| status["who"]["due"] == "second_factor_enrol").await?;
    let anju = id_of(&mut office, "anju").await?;
    let give = json!({ "person": anju });
    assert_eq!(
        refused(&mut office, "give_password", give.clone()).await,
        "session_ended"
    );
    let confirm = json!({ "password": sample::PASSWORD });
    assert_eq!(
        refused(&mut office, "confirm_password", confirm).await,
        "second_factor_enrol"
    );
    let who = json!({ "username": "admin.1", "password": sample::PASSWORD });
    let offered = office.call("offer_second_factor", who.clone()).await?;
    assert_eq!(offered["recovery_codes"].as_array().unwrap().len(), 10);
    let confirm = |code: &str| json!({ "password": sample::PASSWORD, "code": code });
    assert_eq!(
        refused(&mut office, "confirm_password", confirm("00000")).await,
        "wrong_code"
    );
    let shown = code(&offered, 0);
    office.call("confirm_password", confirm(&shown)).await?;
    let status = office.call("status", Json::Null).await?;
    assert_eq!(status["who"]["due"], Json::Null);
    let begun = Instant::now();
    let set = json!({ "what": "second_factor_set" });
    while office.view("audit_log", set.clone()).await?.0["lines"][0]["who_name"] == Json::Null {
        ensure!(begun.elapsed() < Duration::from_secs(20), "it is not written down");
    }
    office.call("give_password", give).await?;

    // Elsewhere the password alone lets nobody in who has no slot there; with the next code it does, and later without
    // the network too.
    assert_eq!(refused(&mut ward, "sign_in", who.clone()).await, "second_factor");
    let with = |code: &str| json!({ "username": "admin.1", "password": sample::PASSWORD, "code": code });
    assert_eq!(refused(&mut ward, "sign_in", with(&shown)).await, "wrong_code");
    ward.call("sign_in", with(&code(&offered, 1))).await?;
    ward.call("lock", Json::Null).await?;
    place.link.cut();
    ward.call("sign_in", who.clone()).await?;
    ward.call("lock", Json::Null).await?;
    place.link.join(place.district.address);

    // The telephone is lost.
    place.district.run(&["user", "totp-reset", "admin.1"]).await?;
    ward.call("sign_in", who).await?;
    until(&mut ward, |status| status["who"]["due"] == "second_factor_enrol").await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_says_which_version_it_runs_and_what_it_has_not_sent() -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("ward").await?;
    let words = ward.call("sync_page", Json::Null).await?["device_words"].clone();
    let begun = Instant::now();
    loop {
        let told = devices(&place.district).await?.remove(0);
        if told["unsent"] == 0 && told["holds"].as_object().is_some_and(|holds| holds.len() == 2) {
            assert_eq!(
                (&told["version"], &told["words"]),
                (&json!(env!("CARGO_PKG_VERSION")), &words)
            );
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "it says {told}");
        ward.call("sync_now", Json::Null).await?;
    }
}
