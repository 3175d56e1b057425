//! What a desk sends that was withdrawn meanwhile is decided by the admin of its facility at another desk, with the
//! network or without.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::link::Link;

struct Place {
    folder: tempfile::TempDir,
    district: District,
}

impl Place {
    async fn new() -> Result<Place> {
        let folder = tempfile::tempdir()?;
        let district = District::new(&folder.path().join("server")).await?;
        Ok(Place { folder, district })
    }

    fn start(&self, name: &str) -> Result<Ward> {
        Ward::start(&self.folder.path().join(name))
    }

    async fn join(&self, name: &str) -> Result<(Ward, Link)> {
        let link = Link::new(self.district.address).await?;
        let mut ward = self.start(name)?;
        let code = self.district.invite().await?;
        let args = json!({ "address": format!("https://{}", link.address), "code": code, "desk_name": name });
        ward.call("join", args).await?;
        sign_in(&mut ward, "anju").await?;
        until(&mut ward, "status", |status| {
            status["sync"]["state"] == "all_sent" && status["sync"]["arriving"].is_null()
        })
        .await?;
        Ok((ward, link))
    }

    /// What the server keeps aside and nobody has decided about.
    async fn parked(&self) -> Result<usize> {
        let listed = self.district.run(&["parked", "list"]).await?;
        Ok(listed.as_array().map_or(0, Vec::len))
    }
}

async fn sign_in(ward: &mut Ward, username: &str) -> Result<()> {
    let person = json!({ "username": username, "password": sample::PASSWORD });
    ward.call("sign_in", person).await.map(drop)
}

/// Waits until what the command answers is as told.
async fn until(ward: &mut Ward, command: &str, is: impl Fn(&Json) -> bool) -> Result<Json> {
    let begun = Instant::now();
    loop {
        let answer = ward.call(command, Json::Null).await?;
        if is(&answer) {
            return Ok(answer);
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "{command} stays {answer}");
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn actions(count: usize) -> impl Fn(&Json) -> bool {
    move |kept| kept["actions"].as_array().is_some_and(|actions| actions.len() == count)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_withdrawn_desk_sent_is_taken_in_or_dismissed_by_the_admin_at_another() -> Result<()> {
    let place = Place::new().await?;
    let ((mut gone, to_gone), (mut desk, to_desk)) = (place.join("gone").await?, place.join("kept").await?);
    to_gone.cut();
    let wanted = gone.register("Kamala Devi").await?;
    gone.register("Entered on paper already").await?;
    let device = gone.call("sync_page", Json::Null).await?["device"].clone();
    place
        .district
        .run(&["device", "revoke", device.as_str().unwrap_or_default()])
        .await?;
    to_gone.join(place.district.address);
    until(&mut gone, "status", |status| status["sync"]["parked"] == 2).await?;

    // A nurse is told nothing of it, the admin everything.
    let kept = desk.call("kept_aside", Json::Null).await?;
    assert_eq!(kept["actions"], json!([]));
    desk.call("lock", Json::Null).await?;
    sign_in(&mut desk, "admin.1").await?;
    let kept = until(&mut desk, "kept_aside", actions(2)).await?;
    let (first, second) = (&kept["actions"][0], &kept["actions"][1]);
    assert_eq!((&first["reason"], &first["desk"]), (&json!("revoked"), &json!("gone")));
    assert_eq!(first["says"][0]["fields"]["name"], "Kamala Devi");
    assert!(first["by"].as_str().is_some_and(|by| by.contains("Anju")), "{first}");
    let status = desk.call("status", Json::Null).await?;
    assert_eq!(status["sync"]["aside"], 2);

    // Without the network it can be read, and decided; the program may be started anew in between.
    to_desk.cut();
    drop(desk);
    let mut desk = place.start("kept")?;
    sign_in(&mut desk, "admin.1").await?;
    assert!(actions(2)(&desk.call("kept_aside", Json::Null).await?));
    let decide = |action: &Json, verdict, why| json!({ "change": action["change"], "verdict": verdict, "why": why });
    desk.call("decide_aside", decide(first, "take_in", "")).await?;
    let refused = desk.call("decide_aside", decide(second, "dismiss", " ")).await;
    assert!(refused.unwrap_err().to_string().contains("why_missing"));
    desk.call("decide_aside", decide(second, "dismiss", "twice")).await?;
    let again = desk.call("decide_aside", decide(first, "dismiss", "no")).await;
    assert!(again.unwrap_err().to_string().contains("already_decided"));
    let status = desk.call("status", Json::Null).await?;
    assert_eq!(status["sync"]["aside"], 0, "nothing waits for the admin any more");
    assert_eq!(place.parked().await?, 2, "and the district knows nothing of it yet");

    to_desk.join(place.district.address);
    until(&mut desk, "kept_aside", actions(0)).await?;
    assert_eq!(place.parked().await?, 0);
    let begun = Instant::now();
    while desk.view("patient", json!({ "id": wanted })).await.is_err() {
        ensure!(
            begun.elapsed() < Duration::from_secs(60),
            "what was taken in does not come"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let page = desk.view("patient", json!({ "id": wanted })).await?.0;
    assert_eq!(page["line"]["name"], "Kamala Devi");
    let listed = place.district.run(&["parked", "list", "--all", "--show"]).await?;
    let whys: Vec<&Json> = listed.as_array().unwrap().iter().map(|each| &each["why"]).collect();
    assert_eq!(whys, ["", "twice"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_dismissed_at_the_desk_that_wrote_it_is_dismissed_on_the_server() -> Result<()> {
    let place = Place::new().await?;
    let (mut desk, link) = place.join("ward").await?;
    link.cut();
    desk.register("Kamala Devi").await?;
    place.district.run(&["user", "disable", "anju"]).await?;
    link.join(place.district.address);
    until(&mut desk, "status", |status| status["phase"] == "sign_in").await?;
    assert_eq!(place.parked().await?, 1, "and whoever left is signed out");
    // A colleague sees that it waits and does not decide about it.
    sign_in(&mut desk, "doctor.1").await?;
    let page = desk.call("sync_page", Json::Null).await?;
    let change = &page["parked"][0];
    assert_eq!(change["may_dismiss"], false);
    let refused = desk.call("dismiss", json!({ "change": change["change"] })).await;
    assert!(refused.unwrap_err().to_string().contains("not_allowed"));
    desk.call("lock", Json::Null).await?;
    sign_in(&mut desk, "admin.1").await?;
    desk.call("dismiss", json!({ "change": change["change"] })).await?;
    let begun = Instant::now();
    while place.parked().await? > 0 {
        ensure!(begun.elapsed() < Duration::from_secs(60), "the server is not told");
        desk.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_what_was_dismissed_at_another_desk_is_told_by_whom_and_why() -> Result<()> {
    let place = Place::new().await?;
    let ((mut author, link), (mut desk, _to_desk)) = (place.join("ward").await?, place.join("office").await?);
    link.cut();
    author.register("Kamala Devi").await?;
    place.district.run(&["user", "disable", "anju"]).await?;
    link.join(place.district.address);
    until(&mut author, "status", |status| status["phase"] == "sign_in").await?;
    desk.call("lock", Json::Null).await.ok();
    sign_in(&mut desk, "admin.1").await?;
    let kept = until(&mut desk, "kept_aside", actions(1)).await?;
    let decision = json!({ "change": kept["actions"][0]["change"], "verdict": "dismiss", "why": "twice on paper" });
    desk.call("decide_aside", decision).await?;
    until(&mut desk, "kept_aside", actions(0)).await?;

    place.district.run(&["user", "enable", "anju"]).await?;
    sign_in(&mut author, "anju").await?;
    let page = until(&mut author, "sync_page", |page| {
        !page["parked"][0]["dismissed"].is_null()
    })
    .await?;
    assert_eq!(page["parked"][0]["caption"], "Kamala Devi");
    let dismissed = &page["parked"][0]["dismissed"];
    assert_eq!(dismissed["why"], "twice on paper");
    assert!(dismissed["by"].as_str().is_some_and(|by| !by.is_empty()), "{dismissed}");
    author
        .call("dismiss", json!({ "change": page["parked"][0]["change"] }))
        .await?;
    let status = author.call("status", Json::Null).await?;
    assert_eq!(status["sync"]["parked"], 0, "it was seen");
    let listed = place.district.run(&["parked", "list", "--all", "--show"]).await?;
    assert_eq!(listed[0]["why"], "twice on paper", "and nothing was decided anew");
    Ok(())
}
