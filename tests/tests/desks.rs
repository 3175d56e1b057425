//! Desks that somebody sees to from another desk: real desks and a real server. What is asked in an admin's name is done
//! there, and its receipt is read where it was asked; without the network what was told last is read, and nothing is done.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::headless::Ward;
use wardroom_tests::scene::*;

async fn enter(ward: &mut Ward, username: &str) -> Result<()> {
    let person = json!({ "username": username, "password": sample::PASSWORD });
    ward.call("sign_in", person).await.map(drop)
}

/// The office's admin, who sees to the desks of the facility, at a desk that joined.
async fn office(place: &Place) -> Result<Ward> {
    let mut office = place.join("office").await?;
    office.call("lock", Json::Null).await?;
    enter(&mut office, "admin.1").await?;
    all_sent(&mut office).await?;
    Ok(office)
}

async fn id_of(ward: &mut Ward) -> Result<String> {
    let page = ward.call("sync_page", Json::Null).await?;
    Ok(page["device"].as_str().unwrap_or_default().to_owned())
}

fn of<'a>(told: &'a Json, desk: &str) -> &'a Json {
    let mut desks = told["desks"].as_array().unwrap().iter();
    desks.find(|each| each["desk"] == desk).unwrap()
}

/// Asks until the desk stands so.
async fn stands(office: &mut Ward, desk: &str, state: &str) -> Result<Json> {
    let begun = Instant::now();
    loop {
        let told = office.call("ask_desks", Json::Null).await?;
        if of(&told, desk)["state"] == state {
            return Ok(of(&told, desk).clone());
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "it stands at {told}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn refused(ward: &mut Ward, command: &str, args: Json) -> String {
    let told = ward.call(command, args).await.expect_err("it is refused").to_string();
    let failure: Json = serde_json::from_str(&told[told.find('{').unwrap()..]).unwrap();
    failure["code"].as_str().unwrap_or_default().to_owned()
}

/// What admins read of it in the log, of which desk.
async fn logged(office: &mut Ward, what: &str) -> Result<Vec<Json>> {
    let args = json!({ "who": null, "patient": null, "day": null, "what": what, "after": null });
    let log = office.view("audit_log", args).await?.0;
    let lines = log["lines"].as_array().unwrap().iter();
    Ok(lines.map(|line| json!([line["who_name"], line["of_desk"]])).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_withdrawn_from_another_and_its_receipt_is_read_there() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (office(&place).await?, place.join("ward").await?);
    let (here, desk) = (id_of(&mut office).await?, id_of(&mut ward).await?);
    all_sent(&mut ward).await?;
    let told = office.call("ask_desks", Json::Null).await?;
    assert_eq!(told["desks"].as_array().unwrap().len(), 2);
    let (own, other) = (of(&told, &here), of(&told, &desk));
    assert_eq!((&own["is_here"], &other["is_here"]), (&json!(true), &json!(false)));
    let words = ward.call("sync_page", Json::Null).await?["device_words"].clone();
    assert_eq!(other["words"], words, "the same stand on its own screen");
    assert_eq!(
        (&other["state"], &other["version"]),
        (&json!("active"), &json!(env!("CARGO_PKG_VERSION")))
    );
    assert_eq!(
        other["holds"].as_array().unwrap().len(),
        2,
        "its facility's and the district's"
    );

    // It is away with work that nobody has yet.
    ward.kill().await?;
    let act = |act: &str| json!({ "other": desk, "act": act });
    let told = office.call("act_on_desk", act("withdraw")).await?;
    let order = &of(&told, &desk)["order"];
    assert_eq!(of(&told, &desk)["state"], "to_withdraw");
    assert_eq!(
        (&order["is_now"], &order["heard"], &order["receipt"]),
        (&json!(false), &Json::Null, &Json::Null)
    );
    place.link.cut();
    let mut ward = Ward::start(&place.desk("ward"))?;
    sign_in(&mut ward).await?;
    let patient = ward.register("Kamala Devi").await?;
    place.link.join(place.district.address);
    let status = until(&mut ward, |status| status["phase"] == "problem").await?;
    assert_eq!(status["problem"]["code"], "desk_withdrawn");

    let withdrawn = stands(&mut office, &desk, "withdrawn").await?;
    let receipt = &withdrawn["order"]["receipt"];
    assert_eq!((&receipt["is_signed"], &receipt["unsent"]), (&json!(true), &json!(0)));
    assert!(receipt["at"].as_i64() >= withdrawn["order"]["ordered"].as_i64());
    history_of(1, &mut office, &patient).await?;
    let admin = office.call("status", Json::Null).await?["who"]["name"].clone();
    assert_eq!(logged(&mut office, "desk_withdrawn").await?, [json!([admin, desk])]);

    // Without the network it is read as it was told, after a restart too, and nothing is done.
    office.call("lock", Json::Null).await?;
    drop(office);
    place.link.cut();
    let mut office = Ward::start(&place.desk("office"))?;
    enter(&mut office, "admin.1").await?;
    let heard = office.call("desks_heard", Json::Null).await?;
    assert_eq!(of(&heard, &desk)["order"]["receipt"]["is_signed"], true);
    assert_eq!(refused(&mut office, "ask_desks", Json::Null).await, "session_ended");
    assert_eq!(
        refused(&mut office, "act_on_desk", act("lock_out")).await,
        "session_ended"
    );
    // What is kept is the admin's own.
    office.call("lock", Json::Null).await?;
    sign_in(&mut office).await?;
    assert_eq!(refused(&mut office, "desks_heard", Json::Null).await, "not_allowed");
    assert_eq!(refused(&mut office, "ask_desks", Json::Null).await, "not_allowed");
    assert_eq!(refused(&mut office, "act_on_desk", act("empty")).await, "not_allowed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_emptied_at_once_loses_what_it_had_not_sent_and_its_receipt_says_how_much() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (office(&place).await?, place.join("ward").await?);
    let desk = id_of(&mut ward).await?;
    place.link.cut();
    // More than goes in the round in which it hears of it: what that one brings is not lost.
    for _ in 0..12 {
        let drafts = (0..20).map(|each| {
            let fields = json!({ "name": format!("Kamala {each}"), "birth_year": 1959, "address": "x".repeat(500) });
            json!({ "kind": "patient", "id": null, "fields": fields })
        });
        let as_of = ward.view("bed_board", Json::Null).await?.1;
        ward.save(drafts.collect(), as_of, &[]).await?;
    }
    ward.kill().await?;
    let act = json!({ "other": desk, "act": "empty" });
    assert_eq!(refused(&mut office, "act_on_desk", act.clone()).await, "network_needed");
    place.link.join(place.district.address);
    all_sent(&mut office).await?;
    let told = office.call("act_on_desk", act).await?;
    assert_eq!(of(&told, &desk)["state"], "to_empty");
    let mut ward = Ward::start(&place.desk("ward"))?;
    sign_in(&mut ward).await?;
    until(&mut ward, |status| status["phase"] == "problem").await?;
    let emptied = stands(&mut office, &desk, "withdrawn").await?;
    let receipt = &emptied["order"]["receipt"];
    assert_eq!(receipt["is_signed"], true);
    assert!((1..240).contains(&receipt["unsent"].as_u64().unwrap()), "{receipt}");
    assert!(!place.desk("ward").join("ward.db").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_disk_is_seen_and_whoever_still_uses_it_is_emptied_while_the_desk_goes_on() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (office(&place).await?, place.join("ward").await?);
    let desk = id_of(&mut ward).await?;
    ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.call("lock", Json::Null).await?;
    drop(ward);
    copy_folder(&place.desk("ward"), &place.desk("thief"))?;
    let (mut ward, mut thief) = (Ward::start(&place.desk("ward"))?, Ward::start(&place.desk("thief"))?);
    sign_in(&mut ward).await?;
    ward.register("Meera Nair").await?;
    all_sent(&mut ward).await?;
    sign_in(&mut thief).await?;
    problem(&mut thief, "desk_forked").await?;
    stands(&mut office, &desk, "forked").await?;

    renew(&mut ward).await?;
    all_sent(&mut ward).await?;
    let next = id_of(&mut ward).await?;
    assert_eq!(
        stands(&mut office, &next, "active").await?["in_place_of"],
        desk.as_str()
    );
    office
        .call("act_on_desk", json!({ "other": desk, "act": "empty" }))
        .await?;
    let status = until(&mut thief, |status| status["phase"] == "problem").await?;
    assert_eq!(status["problem"]["code"], "desk_withdrawn");
    let emptied = stands(&mut office, &desk, "withdrawn").await?;
    assert_eq!(emptied["order"]["receipt"]["is_signed"], true);
    assert!(!place.desk("thief").join("ward.db").exists());
    // The desk itself hears nothing of it.
    ward.register("Lakshmi Ammal").await?;
    all_sent(&mut ward).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_invites_a_desk_from_a_desk_and_it_joins_with_the_words_that_were_shown() -> Result<()> {
    let place = Place::new().await?;
    let mut office = office(&place).await?;
    let facility = office.call("status", Json::Null).await?["facility"].clone();
    let invite = json!({ "facility": facility, "name": "Ward 3" });
    let invited = office.call("invite_desk", invite).await?;
    let mut ward = Ward::start(&place.desk("new"))?;
    let join = json!({ "address": invited["join"], "code": "", "desk_name": "" });
    let joined = ward.call("join", join).await?;
    assert_eq!(joined["words"], invited["words"]);
    assert_eq!(joined["facility_name"], invited["facility_name"]);
    sign_in(&mut ward).await?;
    all_sent(&mut ward).await?;
    let desk = id_of(&mut ward).await?;
    assert_eq!(stands(&mut office, &desk, "active").await?["name"], "Ward 3");
    assert_eq!(logged(&mut office, "desk_invited").await?.len(), 1);
    // Of another facility none is invited.
    let elsewhere = json!({ "facility": "01890000-0000-7000-8000-000000000000", "name": "" });
    assert_eq!(refused(&mut office, "invite_desk", elsewhere).await, "not_in_reach");
    Ok(())
}
