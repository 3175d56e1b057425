//! When things go wrong between a desk and its district: each is told apart, work goes on, and
//! nothing that was saved is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::link::Link;

async fn joined(district: &District, link: &Link, folder: &std::path::Path) -> Result<Ward> {
    join(Ward::start(folder)?, district, link).await
}

async fn join(mut ward: Ward, district: &District, link: &Link) -> Result<Ward> {
    let code = district.invite().await?;
    let args = json!({ "address": format!("https://{}", link.address), "code": code, "desk_name": "ward" });
    ward.call("join", args).await?;
    ward.call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
        .await?;
    until(&mut ward, |sync| {
        sync["state"] == "all_sent" && sync["arriving"].is_null()
    })
    .await?;
    Ok(ward)
}

/// Waits until the desk's sync status is as told.
async fn until(ward: &mut Ward, is: impl Fn(&Json) -> bool) -> Result<()> {
    let begun = Instant::now();
    loop {
        let status = ward.call("status", Json::Null).await?;
        if is(&status["sync"]) {
            return Ok(());
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(60),
            "the status stays {}",
            status["sync"]
        );
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_server_away_work_is_saved_and_sent_when_it_is_back() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    district.kill().await?;
    let patient = ward.register("Kamala Devi").await?;
    until(&mut ward, |sync| sync["state"] == "offline" && sync["waiting"] == 1).await?;
    assert_eq!(
        ward.view("patient", json!({ "id": patient })).await?.0["line"]["name"],
        "Kamala Devi"
    );
    district.serve().await?;
    link.join(district.address);
    until(&mut ward, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await
}

/// Waits until the server was asked nothing for a second, and says how often it was asked in all.
async fn quiet(district: &District) -> usize {
    let asked = || district.log().matches("/v1/sync").count();
    let mut before = asked();
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let now = asked();
        if now == before {
            return now;
        }
        before = now;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_costs_its_desk_one_round_and_the_other_desk_one_and_what_comes_back_of_it_none() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut here = joined(&district, &link, &folder.path().join("here")).await?;
    let mut there = joined(&district, &link, &folder.path().join("there")).await?;
    let before = quiet(&district).await;
    let patient = here.register("Kamala Devi").await?;
    let asked = quiet(&district).await - before;
    let page = there.view("patient", json!({ "id": patient })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");
    assert_eq!(asked, 2, "one brings it, one takes it");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_another_certificate_is_refused_and_work_stays_safe_here() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let other = District::new(&folder.path().join("other")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    link.cut();
    ward.register("Kamala Devi").await?;
    link.join(other.address);
    until(&mut ward, |sync| {
        sync["problem"]["code"] == "certificate_changed" && sync["waiting"] == 1
    })
    .await?;
    link.cut();
    link.join(district.address);
    until(&mut ward, |sync| sync["state"] == "all_sent").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captive_portal_counts_as_being_offline() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    link.cut();
    link.join(portal().await?);
    ward.register("Kamala Devi").await?;
    until(&mut ward, |sync| sync["state"] == "offline" && sync["waiting"] == 1).await?;
    link.cut();
    link.join(district.address);
    until(&mut ward, |sync| sync["state"] == "all_sent").await
}

/// Answers everything with a page of its own.
async fn portal() -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            let _ = stream.read(&mut asked).await;
            let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 5\r\n\r\nlogin";
            let _ = stream.write_all(page.as_bytes()).await;
        }
    });
    Ok(address)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_desk_is_told_and_keeps_what_it_saved() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    let devices = district.run(&["device", "list"]).await?;
    let device = devices[0]["device"]
        .as_str()
        .or(devices[0]["id"].as_str())
        .unwrap_or_default()
        .to_owned();
    district.run(&["device", "revoke", &device]).await?;
    let patient = ward.register("Kamala Devi").await?;
    until(&mut ward, |sync| sync["problem"]["code"] == "desk_revoked").await?;
    let history = ward
        .call("history", json!({ "kind": "patient", "id": patient }))
        .await?;
    assert_eq!(
        history.as_array().map(Vec::len),
        Some(1),
        "what was saved is still there"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whom_only_the_server_knows_cannot_sign_in_offline_and_a_known_one_can() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    ward.call("lock", Json::Null).await?;
    link.cut();
    let unknown = ward
        .call("sign_in", json!({ "username": "biju", "password": sample::PASSWORD }))
        .await;
    assert!(unknown.unwrap_err().to_string().contains("offline_unknown_person"));
    let wrong = ward
        .call("sign_in", json!({ "username": "anju", "password": "not the one" }))
        .await;
    assert!(wrong.unwrap_err().to_string().contains("wrong_password"));
    ward.call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
        .await?;
    link.join(district.address);
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", json!({ "username": "biju", "password": sample::PASSWORD }))
        .await?;
    Ok(())
}

/// Waits until nobody is signed in, and the desk shows as many people as told.
async fn until_out(ward: &mut Ward, people: usize) -> Result<()> {
    let begun = Instant::now();
    loop {
        let status = ward.call("status", Json::Null).await?;
        let shown = status["people"].as_array().map_or(0, Vec::len);
        // Closed: the database is locked again too.
        if status["phase"] == "sign_in" && shown == people && status["sync"]["state"] == "closed" {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "the desk stays {status}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_of_a_person_who_left_opens_a_desk_no_more_without_the_network_either() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    let anju = json!({ "username": "anju", "password": sample::PASSWORD });
    let biju = json!({ "username": "biju", "password": sample::PASSWORD });
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", biju.clone()).await?;
    until(&mut ward, |sync| sync["state"] == "all_sent").await?;

    // Disabled while signed in: out at once, and the slot is gone.
    district.run(&["user", "disable", "biju"]).await?;
    until_out(&mut ward, 1).await?;
    link.cut();
    let refused = ward.call("sign_in", biju.clone()).await;
    assert!(refused.unwrap_err().to_string().contains("offline_unknown_person"));
    ward.call("sign_in", anju.clone()).await?;

    // Let in again: with the network, and then without it too.
    district.run(&["user", "enable", "biju"]).await?;
    link.join(district.address);
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", biju.clone()).await?;
    until(&mut ward, |sync| sync["state"] == "all_sent").await?;
    ward.call("lock", Json::Null).await?;
    link.cut();
    ward.call("sign_in", biju.clone()).await?;
    ward.call("lock", Json::Null).await?;

    // A password that was changed: the old one opens once more, is found out, and then no longer.
    link.join(district.address);
    let said = district.run(&["user", "password", "biju"]).await?;
    ward.call("sign_in", biju.clone()).await?;
    until_out(&mut ward, 1).await?;
    link.cut();
    assert!(ward.call("sign_in", biju).await.is_err());
    link.join(district.address);
    let password = said["password"].as_str().unwrap_or_default();
    let own = "seven boats on the backwater";
    let choosing = json!({ "username": "biju", "password": password, "new_password": own });
    ward.call("sign_in", choosing).await?;
    Ok(())
}

/// How far ahead of the district's the desk says its clock is, in whole days.
fn days_ahead(sync: &Json) -> i64 {
    const HALF_A_DAY_MS: i64 = 43_200_000;
    let off_ms = sync["clock_off_ms"].as_i64().unwrap_or_default();
    (off_ms + HALF_A_DAY_MS).div_euclid(2 * HALF_A_DAY_MS)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_years_off_is_told_and_nothing_is_refused_or_lost() -> Result<()> {
    for days in [-5_000, 1_200] {
        let folder = tempfile::tempdir()?;
        let district = District::new(&folder.path().join("server")).await?;
        let link = Link::new(district.address).await?;
        let desk = folder.path().join("a");
        let mut off = join(Ward::start_with_clock_off(&desk, days)?, &district, &link).await?;
        until(&mut off, |sync| days_ahead(sync) == i64::from(days)).await?;
        let status = off.call("status", Json::Null).await?;
        assert_eq!(status["who"]["read_only"], false, "{days} days off");
        link.cut();
        let patient = off.register("Kamala Devi").await?;
        link.join(district.address);
        until(&mut off, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await?;
        off.kill().await?;

        // The clock is set right again: the same people come in, and everything is there.
        let mut right = Ward::start(&desk)?;
        right
            .call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
            .await?;
        until(&mut right, |sync| {
            sync["state"] == "all_sent" && sync["clock_off_ms"].is_null()
        })
        .await?;
        let page = right.view("patient", json!({ "id": patient })).await?.0;
        assert_eq!(page["line"]["name"], "Kamala Devi");
        right.register("Meera Nair").await?;
        until(&mut right, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_fell_back_is_told_without_the_network_and_people_come_in() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let desk = folder.path().join("a");
    let right = joined(&district, &link, &desk).await?;
    right.kill().await?;
    link.cut();
    let mut behind = Ward::start_with_clock_off(&desk, -5_000)?;
    behind
        .call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
        .await?;
    let status = behind.call("status", Json::Null).await?;
    assert_eq!(status["who"]["read_only"], false);
    assert_eq!(days_ahead(&status["sync"]), -5_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_changed_on_one_desk_is_the_password_on_every_other_and_never_without_the_network() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    let mut other = joined(&district, &link, &folder.path().join("b")).await?;
    other.call("lock", Json::Null).await?;
    let new = "seven boats on the backwater";
    let change = json!({ "password": sample::PASSWORD, "new_password": new });
    link.cut();
    until(&mut ward, |sync| sync["state"] == "offline").await?;
    let refused = ward.call("change_password", change.clone()).await;
    assert!(refused.unwrap_err().to_string().contains("password_needs_network"));
    link.join(district.address);
    until(&mut ward, |sync| sync["state"] == "all_sent").await?;
    let weak = json!({ "password": sample::PASSWORD, "new_password": "anju thomas" });
    assert!(
        ward.call("change_password", weak)
            .await
            .unwrap_err()
            .to_string()
            .contains("password_guessable")
    );
    ward.call("change_password", change).await?;
    ward.register("Kamala Devi").await?;
    until(&mut ward, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await?;

    // Here at once, without the network too.
    link.cut();
    ward.call("lock", Json::Null).await?;
    let old = json!({ "username": "anju", "password": sample::PASSWORD });
    let refused = ward.call("sign_in", old.clone()).await;
    assert!(refused.unwrap_err().to_string().contains("wrong_password"));
    let anew = json!({ "username": "anju", "password": new });
    ward.call("sign_in", anew.clone()).await?;

    // Elsewhere the old one opens once more, is found out, and then no longer.
    link.join(district.address);
    other.call("sign_in", old.clone()).await?;
    until_out(&mut other, 0).await?;
    assert!(other.call("sign_in", old).await.is_err());
    other.call("sign_in", anew).await?;
    let begun = Instant::now();
    while other.view("find_patients", json!({ "text": "Kamala Devi" })).await?.0[0]["name"] != "Kamala Devi" {
        ensure!(
            begun.elapsed() < Duration::from_secs(60),
            "what was saved elsewhere does not come"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Waits until the desk says so of the person signed in.
async fn until_said(ward: &mut Ward, what: &str, of_them: &Json) -> Result<()> {
    let begun = Instant::now();
    while ward.call("status", Json::Null).await?["who"][what] != *of_them {
        ensure!(begun.elapsed() < Duration::from_secs(60), "{what} stays");
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_to_work_that_ran_out_stays_so_when_the_clock_is_set_back_until_the_district_renews_it() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let desk = folder.path().join("a");
    let mut right = joined(&district, &link, &desk).await?;
    let at_home = right.register("Kamala Devi").await?;
    until(&mut right, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await?;
    right.kill().await?;
    link.cut();
    let anju = json!({ "username": "anju", "password": sample::PASSWORD });
    for days in [15, -400] {
        let mut ward = Ward::start_with_clock_off(&desk, days)?;
        ward.call("sign_in", anju.clone()).await?;
        let status = ward.call("status", Json::Null).await?;
        assert_eq!(status["who"]["has_run_out"], true, "{days} days off");
        let saved = ward.register("Meera Nair").await;
        assert!(saved.unwrap_err().to_string().contains("read_only"));
        // Who is in is seen, and nobody else.
        let admitted = ward.view("patients", json!({ "which": "admitted" })).await?.0;
        let one = admitted[0]["patient"].clone();
        let page = ward.view("patient", json!({ "id": one })).await?.0;
        assert_eq!(page["line"]["name"], admitted[0]["name"]);
        assert!(ward.view("patient", json!({ "id": at_home })).await.is_err());
        let past = ward.call("history", json!({ "kind": "patient", "id": at_home })).await;
        assert!(past.unwrap_err().to_string().contains("not_allowed"));
        let found = ward.view("find_patients", json!({ "text": "Kamala Devi" })).await?.0;
        assert!(
            found
                .as_array()
                .unwrap()
                .iter()
                .all(|each| each["patient"] != at_home.as_str())
        );
        ward.kill().await?;
    }
    link.join(district.address);
    let mut ward = Ward::start(&desk)?;
    ward.call("sign_in", anju.clone()).await?;
    until_said(&mut ward, "has_run_out", &json!(false)).await?;
    ward.register("Meera Nair").await?;
    assert!(ward.view("patient", json!({ "id": at_home })).await.is_ok());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lower_role_counts_as_soon_as_the_desk_hears_of_it_and_without_the_network() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    let anju = ward.call("status", Json::Null).await?["who"]["person"].clone();
    ward.register("Kamala Devi").await?;

    let mut admin = Ward::start(&folder.path().join("b"))?;
    let code = district.invite().await?;
    let args = json!({ "address": format!("https://{}", district.address), "code": code, "desk_name": "office" });
    admin.call("join", args).await?;
    admin
        .call(
            "sign_in",
            json!({ "username": "admin.1", "password": sample::PASSWORD }),
        )
        .await?;
    until(&mut admin, |sync| {
        sync["state"] == "all_sent" && sync["arriving"].is_null()
    })
    .await?;
    let (_, as_of) = admin.view("record", json!({ "kind": "person", "id": anju })).await?;
    let drafts = json!([{ "kind": "person", "id": anju, "fields": { "role": "nurse_viewer" } }]);
    admin.save(drafts, as_of, &[]).await?;

    until_said(&mut ward, "role", &json!("nurse_viewer")).await?;
    assert!(ward.register("Meera Nair").await.is_err());
    link.cut();
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", json!({ "username": "anju", "password": sample::PASSWORD }))
        .await?;
    assert_eq!(ward.call("status", Json::Null).await?["who"]["role"], "nurse_viewer");
    assert!(ward.register("Meera Nair").await.is_err());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_for_the_records_loses_nothing_that_waits_and_is_given_by_an_admin_alone() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let link = Link::new(district.address).await?;
    let mut ward = joined(&district, &link, &folder.path().join("a")).await?;
    let refused = ward.call("rekey", Json::Null).await.unwrap_err();
    assert!(refused.to_string().contains("not_allowed"), "{refused}");
    let admin = json!({ "username": "admin.1", "password": sample::PASSWORD });
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", admin.clone()).await?;
    ward.call("lock", Json::Null).await?;

    link.cut();
    let anju = json!({ "username": "anju", "password": sample::PASSWORD });
    ward.call("sign_in", anju.clone()).await?;
    let unsent = ward.register("Kamala Devi").await?;
    ward.call("lock", Json::Null).await?;
    ward.call("sign_in", admin).await?;
    ward.call("rekey", Json::Null).await?;
    ward.call("sign_in", anju).await?;
    let page = ward.view("patient", json!({ "id": unsent })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");
    link.join(district.address);
    until(&mut ward, |sync| sync["state"] == "all_sent" && sync["waiting"] == 0).await?;

    // Who never worked here gets in by the district, and its share opens the new key too.
    ward.call("lock", Json::Null).await?;
    let biju = json!({ "username": "biju", "password": sample::PASSWORD });
    ward.call("sign_in", biju).await?;
    let page = ward.view("patient", json!({ "id": unsent })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");
    Ok(())
}
