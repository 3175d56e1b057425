//! A desk that lost its file of the records, one that is emptied at once while its network is cut, and one that began
//! with a snapshot and whose server fell back: what was sent is never lost, and what was said is true.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use wardroom_tests::compare::{caught_up, equals_district};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::first_sync::fill;
use wardroom_tests::net::weather::Weather;
use wardroom_tests::scene::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_whose_database_is_gone_gets_back_all_that_it_had_sent() -> Result<()> {
    let place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    let sent = ward.register("Kamala Devi").await?;
    edit(&mut ward, &sent, "Aluva").await?;
    all_sent(&mut ward).await?;
    place.link.cut();
    let unsent = ward.register("Meera Nair").await?;
    ward.kill().await?;
    for file in ["ward.db", "ward.db-wal", "ward.db-shm"] {
        let path = place.desk("a").join(file);
        if path.exists() {
            fs::remove_file(path)?;
        }
    }

    let mut ward = Ward::start(&place.desk("a"))?;
    let refused = sign_in(&mut ward).await.unwrap_err().to_string();
    assert!(refused.contains("database_missing"), "{refused}");
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(
        (&status["phase"], &status["problem"]["code"]),
        (&json!("problem"), &json!("database_missing"))
    );
    // Without the network nothing is changed by trying, and nothing new is begun under the old name.
    let refused = renew(&mut ward).await.unwrap_err().to_string();
    assert!(refused.contains("offline"), "{refused}");
    assert!(sign_in(&mut ward).await.is_err() && !place.desk("a").join("ward.db").exists());
    // The answer to the next try is lost with the power; the one after goes on.
    ward.kill().await?;
    let mut ward = Ward::start(&place.desk("a"))?;
    place.link.join(place.district.address);
    renew(&mut ward).await?;
    all_sent(&mut ward).await?;
    history_of(2, &mut ward, &sent).await?;
    caught_up(&mut ward).await?;
    assert!(equals_district(&place.district, &mut ward).await?, "both spaces, whole");
    assert!(
        history(&mut ward, &unsent).await?.is_empty(),
        "what was never sent is told lost"
    );
    let later = ward.register("Lakshmi Ammal").await?;
    all_sent(&mut ward).await?;
    history_of(1, &mut other, &later).await?;
    history_of(2, &mut other, &sent).await?;
    // It stays so, and the next day nobody needs the network.
    ward.call("lock", Json::Null).await?;
    drop(ward);
    place.link.cut();
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    history_of(1, &mut ward, &later).await?;
    let listed = devices(&place.district).await?;
    assert_eq!(listed.len(), 3);
    assert_eq!(listed.iter().filter(|desk| desk["is_replaced"] == true).count(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_of_a_desk_that_is_emptied_at_once_arrives_after_a_cut_and_nothing_is_left_there() -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    let sent = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    let device = ward.call("sync_page", Json::Null).await?["device"].clone();
    let of_desk = |listed: Vec<Json>| listed.into_iter().find(|desk| desk["device"] == device);
    place.link.cut();
    let unsent = ward.register("Meera Nair").await?;
    let name = device.as_str().context("a device")?;
    place.district.run(&["device", "withdraw", name, "--now"]).await?;
    // The order is on its way while somebody saves a last time. It is obeyed; the receipt is still on its way when the
    // network goes.
    place.link.join(place.district.address);
    place.link.set(Weather {
        delay_ms: Some(1_500..=1_500),
        ..Weather::fair()
    });
    let carried = place.link.carried().up;
    ward.call("sync_now", Json::Null).await?;
    while place.link.carried().up == carried {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let last = ward.register("Lakshmi Ammal").await?;
    while ward.call("log", Json::Null).await? != json!([]) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    place.link.cut();
    ward.kill().await?;
    let before = of_desk(devices(&place.district).await?).context("the desk")?;
    assert_eq!(before["status"], "revoked", "it is locked out at once");
    assert!(before["withdrawal"]["done"].is_null(), "{before}");

    // Whoever may still open the desk finds nothing, and writes nothing.
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    for patient in [&sent, &unsent, &last] {
        assert!(history(&mut ward, patient).await?.is_empty());
        assert!(ward.view("patient", json!({ "id": patient })).await.is_err());
    }
    assert_eq!(ward.call("log", Json::Null).await?, json!([]));
    assert!(ward.register("Nobody").await.is_err());
    place.link.join(place.district.address);
    let status = until(&mut ward, |status| status["phase"] == "problem").await?;
    assert_eq!(status["problem"]["code"], "desk_withdrawn");
    assert_eq!(status["problem"]["numbers"]["unsent"], "1");
    let after = of_desk(devices(&place.district).await?).context("the desk")?;
    assert!(!after["withdrawal"]["done"].is_null(), "{after}");
    assert_eq!(
        after["withdrawal"]["unsent"], 1,
        "the last was destroyed, as ordered, and that is told"
    );
    let aside = place.district.run(&["parked", "list"]).await?;
    assert_eq!(
        aside.as_array().map(Vec::len),
        Some(1),
        "what came before it is kept aside: {aside}"
    );
    let left: Vec<_> = fs::read_dir(place.desk("a"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    assert!(
        left.iter()
            .all(|name| !name.starts_with("ward") && name != "device.secret"),
        "{left:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_begun_from_a_snapshot_writes_its_work_anew_for_a_restored_district_that_does_not_know_it() -> Result<()>
{
    let folder = tempfile::tempdir()?;
    // Enough for a snapshot.
    let size = sample::Size {
        patients: 500,
        days: 30,
        ..sample::Size::HOSPITAL
    };
    fill(&folder.path().join("server"), size)?;
    let district = District::standing(&folder.path().join("server")).await?;
    let mut place = Place::with(folder, district).await?;
    let mut old = place.join("a").await?;
    let before = old.register("Before the backup").await?;
    all_sent(&mut old).await?;
    place.back_up().await?;
    let since = old.register("Since the backup").await?;
    all_sent(&mut old).await?;
    old.kill().await?;

    let mut new = place.join("b").await?;
    let whole = new.call("sync_page", Json::Null).await?;
    let heads: u64 = whole["spaces"]
        .as_array()
        .context("spaces")?
        .iter()
        .filter_map(|space| space["head"].as_u64())
        .sum();
    let log = new.call("log", Json::Null).await?.as_array().map_or(0, Vec::len) as u64;
    assert!(log < heads / 2, "{log} of {heads}: it did not begin with a snapshot");
    let own = new.register("On the new desk").await?;
    for patient in [&before, &since, &own] {
        edit(&mut new, patient, "Aluva").await?;
    }
    all_sent(&mut new).await?;
    place.link.cut();
    edit(&mut new, &before, "Kalady").await?;
    // The district has none of it any more, and does not know the desk; who wrote what it edited is switched off.
    place.lose_and_restore().await?;
    problem(&mut new, "desk_not_accepted").await?;
    place.let_rejoin(&mut new).await?;
    all_sent(&mut new).await?;
    let mut old = Ward::start(&place.desk("a"))?;
    sign_in(&mut old).await?;
    for ward in [&mut old, &mut new] {
        all_sent(ward).await?;
        for (patient, count, village) in [(&before, 3, "Kalady"), (&since, 2, "Aluva"), (&own, 2, "Aluva")] {
            history_of(count, ward, patient).await?;
            let page = ward.view("patient", json!({ "id": patient })).await?.0;
            assert_eq!(page["fields"]["village"], village, "{page}");
        }
        let status = ward.call("status", Json::Null).await?;
        assert_eq!(
            (&status["sync"]["conflicts"], &status["sync"]["parked"]),
            (&json!(0), &json!(0))
        );
    }
    Ok(())
}
