//! A desk whose version its district does not speak any more: it says so, brings all that it has, keeps everything,
//! and goes on after its update.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value as Json;
use server::serve::{Listen, serve};
use server::{Config, Server};
use sync_core::exchange::PROTOCOL;
use tokio::task::JoinHandle;
use wardroom_tests::scene::*;

/// The district as a server serves it that speaks the three versions after this desk's.
async fn later_server(folder: &Path) -> Result<(JoinHandle<()>, SocketAddr)> {
    let config = Config {
        speaks: PROTOCOL + 1..=PROTOCOL + 3,
        ..Config::default()
    };
    let said = folder.join("said-later");
    let listen = Listen {
        address: ([127, 0, 0, 1], 0).into(),
        address_file: Some(said.clone()),
        audit_heads: None,
    };
    let serving = serve(Server::open(folder, config)?, listen);
    let task = tokio::spawn(async move { serving.await.unwrap() });
    loop {
        anyhow::ensure!(!task.is_finished(), "it does not serve");
        match std::fs::read_to_string(&said) {
            Ok(address) if !address.is_empty() => {
                let address = address.trim().strip_prefix("https://").context("over TLS")?;
                return Ok((task, address.parse()?));
            }
            _ => tokio::task::yield_now().await,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_too_old_for_its_server_says_so_brings_all_it_has_and_goes_on_after_its_update() -> Result<()> {
    let mut place = Place::new().await?;
    let (mut ward, mut other) = (place.join("a").await?, place.join("b").await?);
    let before = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    place.link.cut();
    let waiting = ward.register("Meera Nair").await?;
    place.district.kill().await?;

    let (later, address) = later_server(&place.folder.path().join("server")).await?;
    place.link.join(address);
    problem(&mut ward, "server_version").await?;
    let drained = |status: &Json| status["sync"]["waiting"] == 0;
    until(&mut ward, drained).await?;
    let meanwhile = ward.register("Lakshmi Ammal").await?;
    until(&mut ward, drained).await?;
    problem(&mut ward, "server_version").await?;
    for (id, name) in [
        (&before, "Kamala Devi"),
        (&waiting, "Meera Nair"),
        (&meanwhile, "Lakshmi Ammal"),
    ] {
        let page = ward.view("patient", serde_json::json!({ "id": id })).await?.0;
        assert_eq!(page["line"]["name"], name, "work goes on with all there is");
    }

    // Updated, it speaks what its server speaks; a server that speaks the desk's version is the same to it.
    place.link.cut();
    later.abort();
    assert!(later.await.unwrap_err().is_cancelled());
    place.district.serve().await?;
    place.link.join(place.district.address);
    all_sent(&mut ward).await?;
    for id in [&before, &waiting, &meanwhile] {
        assert_eq!(history_of(1, &mut other, id).await?[0]["received"], true);
        assert_eq!(history_of(1, &mut ward, id).await?[0]["received"], true);
    }
    let status = ward.call("status", Json::Null).await?;
    assert_eq!(
        (&status["sync"]["problem"], &status["sync"]["conflicts"]),
        (&Json::Null, &0.into())
    );
    Ok(())
}
