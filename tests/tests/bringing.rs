//! What a desk wrote in days without a network is more than a round carries.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::time::Duration;

use serde_json::{Value as Json, json};
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::link::Link;

const PATIENTS: u64 = 2_000;

async fn joined(district: &District, folder: &Path, person: &str) -> (Ward, Link) {
    let link = Link::new(district.address).await.unwrap();
    let mut ward = Ward::start_with(folder, &[("WARDROOM_TELLS_OWN", "no"), ("WARDROOM_PATIENCE", "0.05")]).unwrap();
    let code = district.invite().await.unwrap();
    let address = format!("https://{}", link.address);
    let said = json!({ "address": address, "code": code, "desk_name": person });
    ward.call("join", said).await.unwrap();
    let who = json!({ "username": person, "password": sample::PASSWORD });
    ward.call("sign_in", who).await.unwrap();
    (ward, link)
}

async fn wait_for(ward: &mut Ward, numbers: u64) -> u64 {
    let here = ward.call("wait_for", json!({ "numbers": numbers })).await.unwrap();
    here.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_once_however_often_the_line_breaks_while_it_is_brought() {
    let folder = tempfile::tempdir().unwrap();
    let district = District::new(&folder.path().join("server")).await.unwrap();
    let (mut a, link) = joined(&district, &folder.path().join("a"), "anju").await;
    let (mut b, _link) = joined(&district, &folder.path().join("b"), "biju").await;
    wait_for(&mut a, 1).await;
    let before = wait_for(&mut b, 1).await;
    link.cut();
    let as_of = a.view("bed_board", Json::Null).await.unwrap().1;
    let draft = |number: u64| {
        let id = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, 1_790_000_000 + number, 0));
        json!({ "kind": "patient", "id": id.to_string(), "fields": { "name": format!("Lakshmi {number}") } })
    };
    let drafts: Vec<Json> = (0..PATIENTS).map(draft).collect();
    a.call("save_each", json!({ "drafts": drafts, "as_of": as_of }))
        .await
        .unwrap();

    link.join(district.address);
    a.call("sync_now", Json::Null).await.unwrap();
    let breaking = async {
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_millis(60)).await;
            link.break_all();
        }
    };
    let (here, ()) = tokio::join!(wait_for(&mut a, before + PATIENTS), breaking);
    assert_eq!(here, before + PATIENTS, "each is numbered once");
    assert_eq!(wait_for(&mut b, here).await, here);
    let found = b
        .view("find_patients", json!({ "text": "Lakshmi 1999" }))
        .await
        .unwrap()
        .0;
    assert!(found.to_string().contains("Lakshmi 1999"));
}
