//! The district's server gets another certificate: desks that were told go over to it by themselves, one that missed it comes
//! back by five words, and nobody else's certificate is taken, whatever is said with it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use desk::keys::file::ServerPin;
use desk::keys::twice;
use serde_json::{Value as Json, json};
use server::certificate::Certificate;
use server::db::device::{Device, Status};
use server::renewal::LeftBehind;
use server::{Config, Server, db};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::scene::*;

/// By what the desk of the folder knows its server.
fn pin(desk: &Path) -> ServerPin {
    twice::read(desk).unwrap().unwrap().file.server.unwrap()
}

fn known(desk: &Path) -> Vec<String> {
    pin(desk).certificates().map(|hash| hash.to_string()).collect()
}

/// Waits until the desk's file says so.
async fn until_known(ward: &mut Ward, desk: &Path, wanted: &[&Json]) -> Result<()> {
    let begun = Instant::now();
    loop {
        let known = known(desk);
        if known
            .iter()
            .map(String::as_str)
            .eq(wanted.iter().filter_map(|hash| hash.as_str()))
        {
            return Ok(());
        }
        ensure!(
            begun.elapsed() < Duration::from_secs(60),
            "{known:?} are known, not {wanted:?}"
        );
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until the server says that so many desks know the next certificate.
async fn until_told(district: &District, count: u64) -> Result<()> {
    let begun = Instant::now();
    loop {
        let shown = district.run(&["certificate", "show"]).await?;
        if shown["next"]["know"] == count {
            return Ok(());
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "{shown}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Renews without waiting for anybody, and waits until the server that runs has taken the other certificate up.
async fn renewed_at_once(district: &District) -> Result<Json> {
    district.run(&["certificate", "renew"]).await?;
    let shown = district.run(&["certificate", "switch", "--yes"]).await?;
    let begun = Instant::now();
    while !district.log().contains("another certificate serves") {
        ensure!(begun.elapsed() < Duration::from_secs(60), "{}", district.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(shown)
}

fn words(shown: &Json) -> String {
    let words = shown["words"].as_array().unwrap().iter();
    words.map(|word| word.as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

/// Saves somebody, and waits until the district has them.
async fn work_goes_on(ward: &mut Ward, name: &str) -> Result<()> {
    let id = ward.register(name).await?;
    all_sent(ward).await?;
    assert_eq!(history(ward, &id).await?[0]["received"], true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_lives_through_a_renewal_and_knows_the_new_certificate_alone_afterwards() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, desk) = (place.join("a").await?, place.desk("a"));
    let before = place.district.run(&["certificate", "show"]).await?["serving"].clone();
    assert_eq!(known(&desk), [before["certificate"].as_str().unwrap()]);
    assert_eq!(
        Some(pin(&desk).made_ms),
        before["made"].as_i64(),
        "joining told when it was made"
    );

    let next = place.district.run(&["certificate", "renew"]).await?["next"].clone();
    until_known(&mut ward, &desk, &[&before["certificate"], &next["certificate"]]).await?;
    until_told(&place.district, 1).await?;
    work_goes_on(&mut ward, "Kamala Devi").await?;

    let shown = place.district.run(&["certificate", "switch"]).await?;
    assert_eq!(shown["serving"]["words"], next["words"]);
    until_known(&mut ward, &desk, &[&next["certificate"]]).await?;
    work_goes_on(&mut ward, "Meera Nair").await?;
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(status["sync"]["problem"], Json::Null, "nobody noticed");
    let page = ward.call("sync_page", Json::Null).await?;
    assert_eq!(page["server_words"], next["words"], "people see its words");

    // The next time too, and over a restart of the desk in between.
    let third = place.district.run(&["certificate", "renew"]).await?["next"].clone();
    until_known(&mut ward, &desk, &[&next["certificate"], &third["certificate"]]).await?;
    ward.kill().await?;
    let mut ward = Ward::start(&desk)?;
    sign_in(&mut ward).await?;
    until_told(&place.district, 1).await?;
    place.district.run(&["certificate", "switch"]).await?;
    until_known(&mut ward, &desk, &[&third["certificate"]]).await?;
    work_goes_on(&mut ward, "Lakshmi Ammal").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_learnt_the_next_certificate_and_was_away_meanwhile_finds_its_server() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, desk) = (place.join("a").await?, place.desk("a"));
    let next = place.district.run(&["certificate", "renew"]).await?["next"].clone();
    until_told_by(&mut ward, &place.district).await?;
    ward.call("lock", Json::Null).await?;
    place.link.cut();
    place.district.run(&["certificate", "switch"]).await?;
    sign_in(&mut ward).await?;
    let waiting = ward.register("Kamala Devi").await?;
    place.link.join(place.district.address);
    all_sent(&mut ward).await?;
    assert_eq!(history(&mut ward, &waiting).await?[0]["received"], true);
    until_known(&mut ward, &desk, &[&next["certificate"]]).await?;
    let shown = place.district.run(&["certificate", "show"]).await?;
    assert_eq!(shown["left_behind"], json!([]));
    Ok(())
}

/// The same as [`until_told`] of one desk, which is woken for it.
async fn until_told_by(ward: &mut Ward, district: &District) -> Result<()> {
    ward.call("sync_now", Json::Null).await?;
    until_told(district, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_missed_a_renewal_keeps_its_work_and_comes_back_by_five_words() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, desk) = (place.join("a").await?, place.desk("a"));
    let before = place.district.run(&["certificate", "show"]).await?["serving"].clone();
    place.link.cut();
    place.district.run(&["certificate", "renew"]).await?;
    let refused = place.district.run(&["certificate", "switch"]).await.unwrap_err();
    assert!(refused.to_string().contains("desks_left_behind"), "{refused}");
    let shown = renewed_at_once(&place.district).await?;
    let waiting = ward.register("Kamala Devi").await?;
    let words_there = words(&shown["serving"]);

    // Without the network there is nobody to ask.
    let refused = ward.call("trust_certificate", json!({ "words": words_there })).await;
    assert!(refused.unwrap_err().to_string().contains("offline"));
    place.link.join(place.district.address);
    problem(&mut ward, "certificate_changed").await?;
    let behind = place.district.run(&["certificate", "show"]).await?["left_behind"].clone();
    assert_eq!(
        behind.as_array().map(Vec::len),
        Some(1),
        "the server names it: {behind}"
    );
    for wrong in ["", "river lamp stone", &words(&before)] {
        let refused = ward.call("trust_certificate", json!({ "words": wrong })).await;
        assert!(refused.unwrap_err().to_string().contains("words_differ"), "{wrong}");
    }
    assert_eq!(
        known(&desk),
        [before["certificate"].as_str().unwrap()],
        "nothing was changed"
    );
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(status["sync"]["waiting"], 1, "and nothing was sent");

    let typed = words_there.to_uppercase().replace(' ', ", ");
    ward.call("trust_certificate", json!({ "words": typed })).await?;
    all_sent(&mut ward).await?;
    assert_eq!(history(&mut ward, &waiting).await?[0]["received"], true);
    assert_eq!(known(&desk), [shown["serving"]["certificate"].as_str().unwrap()]);
    let shown = place.district.run(&["certificate", "show"]).await?;
    assert_eq!(shown["left_behind"], json!([]));
    // Who did it stands in the log of the facility, and a restart forgets nothing.
    ward.call("lock", Json::Null).await?;
    let admin = json!({ "username": "admin.1", "password": sample::PASSWORD });
    ward.call("sign_in", admin).await?;
    let (log, _) = ward.view("audit_log", json!({})).await?;
    let lines = log["lines"].as_array().context("the log has lines")?;
    assert!(lines.iter().any(|line| line["what"] == "certificate_trusted"), "{log}");
    ward.kill().await?;
    let mut ward = Ward::start(&desk)?;
    sign_in(&mut ward).await?;
    work_goes_on(&mut ward, "Meera Nair").await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_at_a_desk_that_missed_a_renewal_gets_in_once_the_words_were_typed() -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    ward.call("lock", Json::Null).await?;
    place.link.cut();
    let shown = renewed_at_once(&place.district).await?;
    place.link.join(place.district.address);
    let biju = json!({ "username": "biju", "password": sample::PASSWORD });
    let refused = ward.call("sign_in", biju.clone()).await.unwrap_err();
    assert!(refused.to_string().contains("certificate_changed"), "{refused}");
    // Nobody is signed in, and whoever stands there can type them.
    ward.call("trust_certificate", json!({ "words": words(&shown["serving"]) }))
        .await?;
    ward.call("sign_in", biju).await.map(drop)
}

/// What an attacker has who took over the way to the server: a server of their own, in whatever state they like.
async fn stranger(folder: &Path) -> Result<District> {
    let stranger = District::new(folder).await?;
    stranger.run(&["certificate", "renew"]).await?;
    Ok(stranger)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_certificate_is_refused_during_the_overlap_and_with_its_own_words_too() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, desk) = (place.join("a").await?, place.desk("a"));
    let next = place.district.run(&["certificate", "renew"]).await?["next"].clone();
    until_told_by(&mut ward, &place.district).await?;
    let both = known(&desk);
    assert_eq!(both.len(), 2);
    let waits = json!(1);

    let stranger = stranger(&place.folder.path().join("stranger")).await?;
    place.link.cut();
    ward.register("Kamala Devi").await?;
    place.link.join(stranger.address);
    problem(&mut ward, "certificate_changed").await?;
    assert_eq!(ward.call("status", Json::Null).await?["sync"]["waiting"], waits);
    // The stranger tells the person on the telephone the words of their own certificate: they fit, and help nothing.
    let theirs = stranger.run(&["certificate", "show"]).await?;
    for shown in [&theirs["serving"], &theirs["next"], &next] {
        let refused = ward.call("trust_certificate", json!({ "words": words(shown) })).await;
        assert!(refused.unwrap_err().to_string().contains("certificate_of_another"));
    }
    assert_eq!(known(&desk), both, "both of the true server, and no other");
    assert!(ward.call("status", Json::Null).await?["sync"]["waiting"] == waits);

    place.link.cut();
    place.link.join(place.district.address);
    all_sent(&mut ward).await?;
    place.district.run(&["certificate", "switch"]).await?;
    until_known(&mut ward, &desk, &[&next["certificate"]]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_key_of_the_old_certificate_can_neither_name_the_next_nor_come_back_with_it() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, desk) = (place.join("a").await?, place.desk("a"));
    // The server's folder, copied before the renewal, with the key of the certificate: its signing key is another's.
    let thief = place.folder.path().join("thief");
    let robbed = Server::open(&place.folder.path().join("server"), Config::default())?;
    let stolen = robbed.certificates()?.0;
    let other = District::new(&thief).await?;
    serve_stolen(&thief, &robbed, &stolen)?;
    let other = restarted(other).await?;
    let theirs = other.run(&["certificate", "renew"]).await?["next"].clone();

    // It is the certificate that the desk knows: it connects, and believes nothing of what follows.
    place.link.cut();
    place.link.join(other.address);
    problem(&mut ward, "not_signed_in").await?;
    let pin_before = pin(&desk);
    assert_eq!(
        pin_before.next, None,
        "no next certificate is learnt from one who cannot sign it: {theirs}"
    );
    place.link.cut();
    place.link.join(place.district.address);
    all_sent(&mut ward).await?;

    // After the renewal the old certificate is nobody's, and its words lead nowhere.
    let next = place.district.run(&["certificate", "renew"]).await?["next"].clone();
    until_told_by(&mut ward, &place.district).await?;
    place.district.run(&["certificate", "switch"]).await?;
    until_known(&mut ward, &desk, &[&next["certificate"]]).await?;
    place.link.cut();
    place.link.join(other.address);
    problem(&mut ward, "certificate_changed").await?;
    // Nor does a connection of before go on where it was: each try shows a certificate anew.
    for _ in 0..20 {
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        let problem = ward.call("status", Json::Null).await?["sync"]["problem"]["code"].clone();
        assert!(problem == "certificate_changed" || problem.is_null(), "{problem}");
    }
    let old = other.run(&["certificate", "show"]).await?["serving"].clone();
    assert_eq!(old["certificate"], stolen.hash().to_string());
    let refused = ward.call("trust_certificate", json!({ "words": words(&old) })).await;
    assert!(refused.unwrap_err().to_string().contains("certificate_of_another"));
    Ok(())
}

/// Puts the stolen certificate with its key into the thief's own district, which knows the same desks.
fn serve_stolen(thief: &Path, from: &Server, stolen: &Certificate) -> Result<()> {
    let district = Server::open(thief, Config::default())?;
    for device in from.db().read(db::device::all)? {
        if device.status == Status::Server {
            continue;
        }
        let known = Device {
            sealed_name: district.own().key.seal(&format!("device name|{}", device.id), b"ward"),
            ..device
        };
        district.db().write(|tx| db::device::insert(&known, tx))?;
    }
    district.prepare(stolen)?;
    district.switch_certificate(LeftBehind::Whoever)?;
    Ok(())
}

async fn restarted(mut district: District) -> Result<District> {
    district.kill().await.context("it served")?;
    district.serve().await?;
    Ok(district)
}
