//! A desk that joins over a bad link has its bed board first, goes on where it was after each cut and each restart, and
//! takes from a stick what the link would take long to bring.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::{Value as Json, json};
use wardroom_tests::compare::{caught_up, equals_district};
use wardroom_tests::net::first_sync::{Plan, Scene, begin, parts};
use wardroom_tests::net::weather::{Both, End, Weather};

/// As many people in beds as where 5,000 came, whom `cargo xtask networks --only "first sync"` takes long to make.
const HOSPITAL: sample::Size = sample::Size {
    patients: 1_500,
    ..sample::Size::HOSPITAL
};
/// What a connection costs beside what it brings: TLS with the certificate, which is shown each time, a round, the words
/// around an answer, and the end of a record of TLS that was cut in two.
const CONNECTION_BYTES: u64 = 4_500;

fn cut_after(down: u64, end: End) -> Weather {
    Weather {
        cut_after: Both {
            up: None,
            down: Some(down),
        },
        end,
        ..Weather::fair()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_shows_its_bed_board_first_and_reads_nothing_twice_after_cuts_and_restarts() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let plan = Plan {
        hospital: HOSPITAL,
        first: Weather {
            bits_per_s: Both::same(Some(400_000)),
            ..cut_after(20_000, End::Close)
        },
        afterwards: cut_after(20_000, End::Close),
        patience: 0.02,
        kills: 3,
        within: Duration::from_secs(300),
    };
    let begun = begin(folder.path(), &plan).await?;
    println!("{}", serde_json::to_string(&begun)?);
    ensure!(begun.kills == 3, "{begun:?}");
    ensure!(begun.board_connections > 2, "the link was not cut: {begun:?}");
    begun.check(CONNECTION_BYTES)?;
    Ok(())
}

/// Not a byte of what lies on the stick is readable, but the list of its pieces.
fn assert_sealed(stick: &Path) -> Result<()> {
    const PACKED: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
    for entry in std::fs::read_dir(stick)? {
        let path = entry?.path();
        let bytes = std::fs::read(&path)?;
        if path.extension().is_some_and(|end| end == "json") {
            let text = String::from_utf8(bytes)?.to_lowercase();
            let names = ["anju", "patient", "name", "hospital"];
            ensure!(names.iter().all(|name| !text.contains(name)), "{text}");
        } else {
            // At its head alone: further on, four given bytes come up by chance.
            let head = &bytes[..bytes.len().min(64)];
            ensure!(!head.windows(4).any(|window| window == PACKED), "a piece is readable");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_brings_what_the_link_would_take_long_for_and_nothing_comes_twice() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut scene, written) = Scene::joined(folder.path(), HOSPITAL, 0.02).await?;
    let stick = folder.path().join("stick");
    assert_sealed(&stick)?;
    // The link brings the first two parts, and then breaks.
    scene.link.set(Weather::slow(200, 0..=0));
    scene.sign_in().await?;
    let arriving = loop {
        match scene.arriving().await? {
            Some(arriving) if arriving["present_is_here"] == true => break arriving,
            Some(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            None => anyhow::bail!("all came at once"),
        }
    };
    scene.link.cut();
    let before: u64 = parts(&arriving, "records_here").iter().sum();
    let damaged = std::fs::read_dir(&stick)?.filter_map(|entry| Some(entry.ok()?.path()));
    let largest = damaged
        .max_by_key(|path| std::fs::metadata(path).map_or(0, |file| file.len()))
        .unwrap();
    let mut bytes = std::fs::read(&largest)?;
    bytes[50] ^= 1;
    std::fs::write(&largest, &bytes)?;
    let loaded = scene.ward.call("load_stick", json!({ "folder": stick })).await?;
    ensure!(loaded["damaged"] == 1, "{loaded}");
    let here = scene.arriving().await?.unwrap();
    let all: u64 = parts(&here, "records").iter().sum();
    let now: u64 = parts(&here, "records_here").iter().sum();
    ensure!(now < all && all == written["records"].as_u64().unwrap_or(0), "{here}");
    ensure!(
        now - before >= loaded["records"].as_u64().unwrap_or(0),
        "{before} were here, then {here}: {loaded}"
    );
    // Restarted it still knows; the link brings the rest alone.
    scene.link.join(scene.district.address);
    let carried = scene.link.carried().down;
    scene.restart().await?;
    caught_up(&mut scene.ward).await?;
    let rest = parts(&here, "bytes").iter().sum::<u64>() - parts(&here, "bytes_here").iter().sum::<u64>();
    let came = scene.link.carried().down - carried;
    ensure!(came < rest + 20_000, "{came} bytes came for {rest}");
    ensure!(
        equals_district(&scene.district, &mut scene.ward).await?,
        "the desk does not hold the same"
    );
    let again = scene.ward.call("load_stick", json!({ "folder": stick })).await;
    ensure!(
        again.unwrap_err().to_string().contains("stick_not_needed"),
        "all of it is here"
    );
    let status = scene.ward.call("status", Json::Null).await?;
    ensure!(status["sync"]["arriving"].is_null(), "{status}");
    Ok(())
}
