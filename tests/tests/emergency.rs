//! Emergency access through an outage: real desks and a real server. A nurse whose right to work ran out without the
//! network opens a record of somebody who is not in; what she did reaches the district, and an admin elsewhere is told.
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

const WHY: &str = "unconscious, which allergies?";

async fn sees(ward: &mut Ward, patient: &str) -> bool {
    ward.view("patient", json!({ "id": patient })).await.is_ok()
}

async fn found(ward: &mut Ward) -> Result<usize> {
    let found = ward.view("find_patients", json!({ "text": "Kamala Devi" })).await?.0;
    let named = found.as_array().unwrap().iter();
    Ok(named.filter(|line| line["name"] == "Kamala Devi").count())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_opened_in_an_outage_for_an_hour_at_most_and_an_admin_elsewhere_is_told() -> Result<()> {
    let place = Place::new().await?;
    let (mut office, mut ward) = (place.join("office").await?, place.join("ward").await?);
    let at_home = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.kill().await?;
    place.link.cut();

    let mut ward = Ward::start_with_clock_off(&place.desk("ward"), 15)?;
    sign_in(&mut ward).await?;
    assert!(!sees(&mut ward, &at_home).await && found(&mut ward).await? == 0);
    assert!(ward.call("begin_emergency", json!({ "reason": "help" })).await.is_err());
    assert!(!sees(&mut ward, &at_home).await);
    ward.call("begin_emergency", json!({ "reason": WHY })).await?;
    assert_eq!(found(&mut ward).await?, 1);
    assert!(sees(&mut ward, &at_home).await);
    assert!(
        edit(&mut ward, &at_home, "Another village").await.is_err(),
        "nothing is written under it"
    );
    assert_eq!(ward.call("status", Json::Null).await?["emergency"]["opened"], 1);
    // Cut off: after the restart it is over, whoever signs in.
    ward.kill().await?;
    let mut ward = Ward::start_with_clock_off(&place.desk("ward"), 15)?;
    sign_in(&mut ward).await?;
    assert_eq!(ward.call("status", Json::Null).await?["emergency"], Json::Null);
    assert!(!sees(&mut ward, &at_home).await && found(&mut ward).await? == 0);
    ward.kill().await?;

    place.link.join(place.district.address);
    let mut ward = Ward::start(&place.desk("ward"))?;
    sign_in(&mut ward).await?;
    until(&mut ward, |status| status["who"]["has_run_out"] == false).await?;
    all_sent(&mut ward).await?;
    let refused = ward
        .call("begin_emergency", json!({ "reason": WHY }))
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("not_allowed"), "the right was renewed");

    office.call("lock", Json::Null).await?;
    let admin = json!({ "username": "admin.1", "password": sample::PASSWORD });
    office.call("sign_in", admin).await?;
    let begun = Instant::now();
    let told = loop {
        let inbox = office.view("inbox", Json::Null).await?.0;
        if inbox["emergencies"][0]["opened"][0]["name"] == "Kamala Devi" {
            break inbox["emergencies"][0].clone();
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "nobody is told: {inbox}");
        office.call("sync_now", Json::Null).await?;
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!((&told["reason"], &told["is_own"]), (&json!(WHY), &json!(false)));
    let log = office.view("audit_log", json!({ "what": "emergency" })).await?.0;
    let lines = log["lines"].as_array().unwrap();
    let what: Vec<&str> = lines.iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!((what[0], what[what.len() - 1]), ("emergency_opened", "emergency_begun"));
    let named: Vec<_> = lines.iter().filter(|line| line["what"] == "emergency_named").collect();
    assert_eq!(
        (named.len() + 2, told["named"].as_u64()),
        (what.len(), Some(named.len() as u64))
    );
    assert!(named.iter().any(|line| line["patient"] == at_home), "{lines:?}");
    let review = json!({ "begun": told["id"] });
    assert!(
        ward.call("review_emergency", review.clone()).await.is_err(),
        "a nurse looks into none"
    );
    office.call("review_emergency", review).await?;
    let inbox = office.view("inbox", Json::Null).await?.0;
    assert_eq!(inbox["emergencies"], json!([]));
    Ok(())
}
