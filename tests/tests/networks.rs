//! Real desks and a real server, with a bad network between: nothing stalls, nothing is lost, the sync page is right
//! at every look.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::twice;
use serde_json::{Value as Json, json};
use wardroom_tests::headless::Ward;
use wardroom_tests::net::gateway::Meddling;
use wardroom_tests::net::trouble::{Lived, Scene, Trouble};
use wardroom_tests::net::troubles;
use wardroom_tests::net::weather::{Both, End, Weather};

/// Desks wait this many times as long as usual, so that silence is noticed in seconds.
const PATIENCE: f64 = 0.1;

async fn lived(scene: &mut Scene, all: &[Trouble]) -> Result<Vec<Lived>> {
    let mut told = Vec::new();
    for trouble in all {
        let lived = scene.live(trouble).await?;
        println!("{}", serde_json::to_string(&lived)?);
        ensure!(lived.lost == 0 && lived.digests_equal, "{lived:?}");
        told.push(lived);
    }
    Ok(told)
}

#[tokio::test(flavor = "multi_thread")]
async fn over_links_that_are_only_bad_all_goes_on() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::new(folder.path(), PATIENCE).await?;
    let told = lived(&mut scene, &troubles::bad_links()).await?;
    let fair = &told[0];
    for each in &told {
        let bytes = each.bytes_up + each.bytes_down;
        let most = 2 * (fair.bytes_up + fair.bytes_down) + 6_000 * each.connections;
        ensure!(bytes <= most, "{bytes} bytes for what takes {fair:?}: {each:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn over_links_that_carry_nothing_work_waits_and_is_sent_afterwards() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::new(folder.path(), PATIENCE).await?;
    lived(&mut scene, &troubles::no_links()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_server_hears_nothing_and_is_told_apart() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::new(folder.path(), PATIENCE).await?;
    lived(&mut scene, &troubles::strangers()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_in_between_is_taken_for_what_it_is() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::with_gateway(folder.path(), PATIENCE).await?;
    lived(&mut scene, &troubles::meddlers()).await?;
    scene.gateway.context("no gateway").map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_dies_in_silence_is_noticed_and_listening_goes_on() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::with_gateway(folder.path(), PATIENCE).await?;
    let gateway = scene.gateway.clone().context("no gateway")?;
    let within = Duration::from_secs(30);
    scene
        .until(within, async |_| Ok(gateway.listening() == 2))
        .await
        .context("both listen")?;
    scene.links[1].set(Weather {
        end: End::Silence,
        ..Weather::fair()
    });
    let connections = scene.links[1].connections();
    scene.links[1].break_all();
    scene.register(0).await?;
    scene.until(within, async |scene| scene.hold_the_same().await).await?;
    let listened = gateway.listened();
    scene
        .until(within, async |_| Ok(gateway.listened() > listened))
        .await
        .context("it listens anew")?;
    ensure!(
        scene.links[1].connections() <= connections + 6,
        "it connects again and again"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_left_alone_for_as_long_as_it_asks() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::with_gateway(folder.path(), PATIENCE).await?;
    let gateway = scene.gateway.clone().context("no gateway")?;
    let within = Duration::from_secs(20);
    scene.may_show(&["server_busy"]);
    gateway.set(Meddling::Busy(4));
    scene.register(0).await?;
    scene
        .until(within, async |scene| {
            let page = scene.look(0).await?;
            Ok(page["summary"]["problem"]["code"] == "server_busy" && page["summary"]["waiting"] == 1)
        })
        .await?;
    let (up, begun) = (scene.links[0].carried().up, Instant::now());
    scene.register(0).await?;
    gateway.set(Meddling::Pass);
    scene
        .until(within, async |scene| Ok(scene.links[0].carried().up > up))
        .await?;
    ensure!(
        begun.elapsed() > Duration::from_secs(3),
        "asked again after {:?}",
        begun.elapsed()
    );
    scene.until(within, async |scene| scene.hold_the_same().await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_is_tried_at_once_however_long_the_desk_would_have_waited() -> Result<()> {
    let folder = tempfile::tempdir()?;
    // Ten times as patient as usual: 20 s after the first failure.
    let mut scene = Scene::new(folder.path(), 10.0).await?;
    for link in &scene.links {
        link.cut();
    }
    let within = Duration::from_secs(10);
    scene.register(0).await?;
    scene
        .until(within, async |scene| {
            Ok(scene.look(0).await?["summary"]["state"] == "offline")
        })
        .await?;
    let to = scene.district.address;
    scene.links[0].join(to);
    scene.register(0).await?;
    scene
        .until(within, async |scene| {
            Ok(scene.look(0).await?["summary"]["state"] == "all_sent")
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_passes_a_proxy_that_takes_only_small_requests_and_links_that_break_early() -> Result<()> {
    const PEOPLE: usize = 30;
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::with_gateway(folder.path(), PATIENCE).await?;
    let gateway = scene.gateway.clone().context("no gateway")?;
    let within = Duration::from_secs(60);
    let mut fair = None;
    let narrow = Weather {
        cut_after: Both {
            up: Some(3_000),
            down: Some(4_000),
        },
        ..Weather::fair()
    };
    for (meddling, weather) in [
        (Meddling::Pass, Weather::fair()),
        (Meddling::Narrow(2_000), Weather::fair()),
        (Meddling::Pass, narrow),
    ] {
        gateway.set(Meddling::Page(502));
        for _ in 0..PEOPLE {
            scene.register(0).await?;
        }
        scene
            .until(within, async |scene| {
                Ok(scene.look(0).await?["summary"]["state"] == "offline")
            })
            .await?;
        let before = scene.carried();
        gateway.set(meddling);
        scene.links.iter().for_each(|link| link.set(weather.clone()));
        scene.until(within, async |scene| scene.hold_the_same().await).await?;
        let after = scene.carried();
        let (bytes, connections) = (after.0 + after.1 - before.0 - before.1, after.2 - before.2);
        let refused = gateway.refused();
        println!("{meddling:?}, {weather:?}: {bytes} bytes, {connections} connections, {refused} refused");
        let fair = *fair.get_or_insert(bytes);
        // What breaks off or is refused was sent in vain.
        let in_vain = connections + refused;
        ensure!(
            bytes < 3 * fair + 7_000 * in_vain,
            "{bytes} bytes for {fair}, {in_vain} times in vain"
        );
        ensure!(refused < 3, "{refused} times too large");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_reached_nobody_sends_as_much_at_once_as_it_did_before() -> Result<()> {
    const PEOPLE: usize = 100;
    let folder = tempfile::tempdir()?;
    let mut scene = Scene::with_gateway(folder.path(), PATIENCE).await?;
    let gateway = scene.gateway.clone().context("no gateway")?;
    scene.links[0].cut();
    // What was on its way when the line was cut broke off, and that makes a round smaller: here nothing is.
    let is_offline = async |scene: &mut Scene| Ok(scene.look(0).await?["summary"]["state"] == "offline");
    scene.until(Duration::from_secs(60), is_offline).await?;
    for _ in 0..PEOPLE {
        scene.register(0).await?;
    }
    // Meanwhile it tries again and again.
    tokio::time::sleep(Duration::from_secs(4)).await;
    gateway.largest();
    scene.links[0].join(gateway.address);
    let all_sent = async |scene: &mut Scene| Ok(scene.look(0).await?["summary"]["state"] == "all_sent");
    scene.until(Duration::from_secs(60), all_sent).await?;
    let largest = gateway.largest();
    println!("{PEOPLE} registrations, {largest} bytes at once");
    // All of them together are 6,080; rounds that grew anew from the least take 3,740 at once.
    ensure!(
        largest > 5_000,
        "{PEOPLE} registrations, no more than {largest} bytes at once"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_days_arrives_once_however_often_the_line_breaks_while_it_is_brought() -> Result<()> {
    const PEOPLE: u64 = 2_000;
    let folder = tempfile::tempdir()?;
    let Scene {
        district,
        links: [link, _kept],
        wards: [mut a, mut b],
        ..
    } = Scene::new(folder.path(), PATIENCE).await?;
    let wait_for = async |ward: &mut Ward, numbers: u64| {
        let here = ward.call("wait_for", json!({ "numbers": numbers })).await?;
        here.as_u64().context("no number")
    };
    wait_for(&mut a, 1).await?;
    let before = wait_for(&mut b, 1).await?;
    link.cut();
    let as_of = a.view("bed_board", Json::Null).await?.1;
    let draft = |number: u64| {
        let id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_790_000_000 + number, 0));
        json!({ "kind": "patient", "id": id.to_string(), "fields": { "name": format!("Lakshmi {number}") } })
    };
    let drafts: Vec<Json> = (0..PEOPLE).map(draft).collect();
    a.call("save_each", json!({ "drafts": drafts, "as_of": as_of })).await?;

    link.join(district.address);
    a.call("sync_now", Json::Null).await?;
    let breaking = async {
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            link.break_all();
        }
    };
    let (here, ()) = tokio::join!(wait_for(&mut a, before + PEOPLE), breaking);
    let here = here?;
    ensure!(here == before + PEOPLE, "each is numbered once: {before} {here}");
    ensure!(wait_for(&mut b, here).await? == here);
    let found = b.view("find_patients", json!({ "text": "Lakshmi 1999" })).await?.0;
    ensure!(found.to_string().contains("Lakshmi 1999"), "{found}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_nobody_knows_is_no_network() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let scene = Scene::new(folder.path(), PATIENCE).await?;
    let (district, link) = (scene.district.named(scene.links[0].address), scene.links[0].clone());
    let [ward, _] = scene.wards;
    ward.kill().await?;
    let desk = folder.path().join("a");
    let rename = |from: &str, to: &str| {
        let mut file = twice::read(&desk).unwrap().unwrap().file;
        let secret = SecretPlace::new(SecretHome::File, &desk, &file.name).get().unwrap();
        let server = file.server.as_mut().unwrap();
        assert_eq!(server.address, from);
        server.address = to.to_owned();
        twice::write(&desk, &file, &twice::sealing_key(&secret)).unwrap();
    };
    rename(&district, "https://district.invalid:7443");
    let mut ward = Ward::start(&folder.path().join("a"))?;
    let anju = json!({ "username": "anju", "password": sample::PASSWORD });
    ward.call("sign_in", anju.clone()).await?;
    let begun = Instant::now();
    loop {
        let sync = ward.call("status", Json::Null).await?["sync"].clone();
        ensure!(sync["problem"].is_null(), "{sync}");
        ensure!(
            sync["last_contact"].is_i64(),
            "when it was heard last is known over a restart: {sync}"
        );
        if sync["state"] == "offline" {
            break;
        }
        ensure!(begun.elapsed() < Duration::from_secs(60), "{sync}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    ward.kill().await?;
    rename("https://district.invalid:7443", &format!("https://{}", link.address));
    let mut ward = Ward::start(&folder.path().join("a"))?;
    ward.call("sign_in", anju).await?;
    wardroom_tests::compare::caught_up(&mut ward).await
}
