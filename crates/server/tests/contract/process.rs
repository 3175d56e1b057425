//! The real program: commands, serving, dying and stopping, and what it leaves in files and logs.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use serde_json::Value as Json;
use server::exchange::grants::Grants;
use sync_core::Hash;
use sync_core::entry::{ChangePassword, SignIn};

use crate::rig::*;

fn text(json: &Json, name: &str) -> String {
    json[name].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_receipt_outlives_a_kill_in_the_middle_of_a_push() {
    let (mut rig, mut serving) = Rig::new().by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(4_000);
    let (mut received, mut next) = (Vec::new(), 1);
    for life in 0..4 {
        let killer = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(120 + 70 * life));
            serving.child.kill().unwrap();
            serving.child.wait().unwrap();
        });
        while next <= desk.changes.len() {
            let asks = vec![hello(), sync_core::exchange::Ask::Push(desk.batch(next, next + 3))];
            let Ok(answers) = rig.exchange(&desk, asks).await else {
                break;
            };
            received.extend(receipt(answers[1].clone()).1);
            next += 4;
        }
        killer.await.unwrap();
        (rig, serving) = rig.by_process().await;
    }
    // It died in the middle, more than once.
    assert!(!received.is_empty() && received.len() < desk.changes.len());
    assert_eq!(received, (1..=received.len() as u64).collect::<Vec<_>>());
    let mut numbers = Vec::new();
    for first in (1..=desk.changes.len()).step_by(1_000) {
        numbers.extend(receipt(rig.push(&desk, desk.batch(first, first + 999)).await).1);
    }
    assert_eq!(numbers, (1..=4_000).collect::<Vec<_>>());
    assert_eq!(rig.lsns(&desk, desk.space).await, numbers);
    assert_eq!(rig.server.db().faults().unwrap(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_to_stop_it_ends_what_listens_and_tidies_up() {
    for signal in ["TERM", "INT"] {
        let (rig, mut serving) = Rig::new().by_process().await;
        let mut desk = rig.desk(rig.here);
        desk.admit(3);
        rig.push(&desk, desk.all()).await;
        let listening = signed(rig.http(), &desk, "GET", "/v1/events", Vec::new())
            .send()
            .await
            .unwrap();
        let mut events = listening.bytes_stream();
        assert!(events.next().await.is_some());
        if !is_postgres() {
            let second = run(rig.dir(), &["serve", "--listen", "127.0.0.1:0"]);
            assert_eq!(second, Err((3, "locked".into())));
        }
        let begun = Instant::now();
        serving.signal(signal);
        while events.next().await.is_some_and(|piece| piece.is_ok()) {}
        let status = tokio::task::block_in_place(|| serving.child.wait()).unwrap();
        assert_eq!(status.code(), Some(0));
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert!(!serving.has_address_file());
        let (rig, _serving) = rig.by_process().await;
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_and_no_password_stands_in_a_file_or_a_log() {
    let (rig, mut serving) = Rig::new().by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(5);
    desk.write_as(desk.space, new_id(), vec![patient_draft(new_id())], &[]);
    rig.push(&desk, desk.all()).await;
    for (username, password) in [("lakshmi", PASSWORD), ("lakshmi", SECRET_NAME), (SECRET_NAME, PASSWORD)] {
        let asked = SignIn::new(username, password);
        let body = serde_json::to_vec(&asked).unwrap();
        signed(rig.http(), &desk, "POST", "/v1/session", body)
            .send()
            .await
            .unwrap();
    }
    let odd = format!("{}/v1/{}", rig.http().address, SECRET_NAME.replace(' ', "+"));
    let request = rig
        .http()
        .client
        .get(odd)
        .header("x-request-id", SECRET_NAME)
        .header("user-agent", SECRET_NAME);
    request.send().await.unwrap();
    let damaged = signed(rig.http(), &desk, "POST", "/v1/sync", SECRET_NAME.into());
    damaged.send().await.unwrap();
    let backup = rig.dir().join("backup");
    let made = run(rig.dir(), &["backup", backup.to_str().unwrap()]);
    // PostgreSQL has its own, and its columns are read elsewhere.
    assert_eq!(made.is_ok(), !is_postgres());
    let mut looked = Vec::new();
    let mut look = |when: &str| {
        for file in std::fs::read_dir(rig.dir()).unwrap() {
            let path = file.unwrap().path();
            let bytes = std::fs::read(&path).unwrap_or_default();
            for secret in SECRET_NAME.split(' ').chain([PASSWORD, "lakshmi"]) {
                let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
                for needle in [secret.as_bytes(), secret.to_uppercase().as_bytes(), &wide] {
                    let found = bytes.windows(needle.len()).any(|window| window == needle);
                    assert!(!found, "{secret} in {} {when}", path.display());
                }
            }
            looked.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    };
    look("while serving");
    serving.signal("TERM");
    tokio::task::block_in_place(|| serving.child.wait()).unwrap();
    look("after stopping");
    let files: &[&str] = if is_postgres() {
        &["database", "server.log"]
    } else {
        &["district.db", "district.db-wal", "server.log", "backup"]
    };
    for file in files {
        assert!(looked.iter().any(|name| name == file), "{file} was not looked at");
    }
    let log = std::fs::read_to_string(rig.dir().join("server.log")).unwrap();
    let lines: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        lines
            .iter()
            .any(|line| line["route"] == "/v1/sync" && line["status"] == 200 && line["request_id"].is_string())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_district_is_set_up_by_commands_while_it_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("district");
    let config = place_for_a_district(&dir);
    assert_eq!(run(&dir, &["digest"]), Err((3, "not_begun".into())));
    let begun = run(&dir, &["init", "--district", "Ernakulam", "--state", "Kerala"]).unwrap();
    assert_eq!(begun["words"].as_array().unwrap().len(), 5);
    let again = run(&dir, &["init", "--district", "Ernakulam", "--state", "Kerala"]);
    assert_eq!(again, Err((3, "already_begun".into())));
    let serving = Serving::start(&dir).await;

    let bad = run(&dir, &["facility", "add", "--name", "X", "--type", "castle"]);
    assert_eq!(bad, Err((5, "unacceptable".into())));
    let added = run(
        &dir,
        &[
            "facility",
            "add",
            "--name",
            "Taluk Hospital",
            "--type",
            "taluk_hospital",
        ],
    )
    .unwrap();
    let facility = text(&added, "facility");
    let listed = run(&dir, &["facility", "list"]).unwrap();
    assert_eq!(
        (listed[0]["facility"].as_str(), listed[0]["active"].as_bool()),
        (Some(facility.as_str()), Some(true))
    );

    let add = |username: &str, role: &str, password: &str| {
        let args = [
            "user",
            "add",
            "--username",
            username,
            "--name",
            "N. N.",
            "--role",
            role,
            "--facility",
            &facility,
        ];
        match password {
            "" => run(&dir, &args),
            given => run_with(&dir, &[&args[..], &["--password-stdin"]].concat(), given),
        }
    };
    let made = add("Deepa", "nurse", "").unwrap();
    let password = text(&made, "password");
    assert_eq!(made["username"], "deepa");
    assert_eq!(add("deepa", "nurse", ""), Err((5, "unacceptable".into())));
    assert_eq!(add("other", "captain", ""), Err((5, "unacceptable".into())));
    assert_eq!(add("other", "nurse", "short\n"), Err((5, "unacceptable".into())));
    assert!(add("other", "nurse", "long enough\n").unwrap()["password"].is_null());
    assert_eq!(run(&dir, &["user", "list"]).unwrap().as_array().unwrap().len(), 2);

    assert_eq!(
        run(
            &dir,
            &["device", "invite", "--facility", begun["district"].as_str().unwrap()]
        ),
        Err((4, "unknown".into()))
    );
    let invited = run(&dir, &["device", "invite", "--facility", "first", "--name", "Ward 3"]).unwrap();
    assert_eq!(text(&invited, "address"), serving.address);
    assert_eq!(
        text(&invited, "join"),
        format!("{}#{}", serving.address, text(&invited, "code"))
    );
    let certificate: Hash = text(&invited, "certificate").parse().unwrap();
    let opened = server::Server::open(&dir, config).unwrap();
    let http = Http {
        address: serving.address.clone(),
        client: client(&opened.certificate().der),
    };
    let desk = join(&http, &text(&invited, "code"), &certificate, new_id()).await;
    let devices = run(&dir, &["device", "list"]).unwrap();
    assert_eq!(
        (devices.as_array().unwrap().len(), devices[0]["name"].as_str()),
        (1, Some("Ward 3"))
    );

    let sign_in = async |password: &str| {
        let asked = SignIn::new("deepa", password);
        let body = serde_json::to_vec(&asked).unwrap();
        signed(&http, &desk, "POST", "/v1/session", body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let change = async |password: &str, new_password: &str| {
        let asked = ChangePassword::new("deepa", password, new_password);
        let body = serde_json::to_vec(&asked).unwrap();
        let asked = signed(&http, &desk, "POST", "/v1/password", body).send();
        asked.await.unwrap().status().as_u16()
    };
    assert_eq!(sign_in(&password).await, 403, "it opens the way to another one alone");
    let own = "seven boats on the backwater";
    assert_eq!(change(&password, own).await, 200);
    assert_eq!((sign_in(&password).await, sign_in(own).await), (401, 200));
    run(&dir, &["user", "disable", "deepa"]).unwrap();
    assert_eq!(sign_in(own).await, 401);
    run(&dir, &["user", "enable", "deepa"]).unwrap();
    assert_eq!(sign_in(own).await, 200);
    run_with(
        &dir,
        &["user", "password", "deepa", "--password-stdin"],
        "another one\n",
    )
    .unwrap();
    assert_eq!((sign_in(own).await, sign_in("another one").await), (401, 403));
    assert_eq!(change("another one", "nine lamps by the river").await, 200);

    let mut events = listening(&http, &desk).await;
    run(
        &dir,
        &["facility", "add", "--name", "Another", "--type", "taluk_hospital"],
    )
    .unwrap();
    let told = tokio::time::timeout(Duration::from_secs(5), events.next())
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(String::from_utf8_lossy(&told).contains("district:"));

    run(&dir, &["device", "revoke", &desk.id.to_string()]).unwrap();
    assert_eq!(sign_in("nine lamps by the river").await, 401);
    let digest = run(&dir, &["digest"]).unwrap();
    let district = &digest["spaces"][0];
    assert_eq!(
        (&district["head"], &district["conflicts"]),
        (&district["changes"], &Json::from(0))
    );
    assert_eq!(digest["parked"], 0);
}

#[test]
fn the_log_is_told_without_the_master_key_and_without_what_it_says() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(2);
    let pushed = rig.server.push(desk.id, &desk.all(), &Grants::default()).unwrap();
    assert!(matches!(pushed, sync_core::exchange::Answer::Receipt { .. }));
    std::fs::rename(rig.dir().join("master.key"), rig.dir().join("elsewhere")).unwrap();
    assert!(run(rig.dir(), &["digest"]).is_err());
    let told = run(rig.dir(), &["log"]).unwrap();
    let space = rig.here.space.to_string();
    let here: Vec<&Json> = told
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line[0] == space)
        .collect();
    let expected: Vec<Json> = (1..=2)
        .map(|number| serde_json::json!([space, format!("{}.{number}", desk.id.0.simple()), number]))
        .collect();
    assert_eq!(here, expected.iter().collect::<Vec<_>>());
    assert!(!told.to_string().contains(SECRET_NAME));
    assert_eq!(run(&rig.dir().join("none"), &["log"]), Err((3, "not_begun".into())));
}

#[test]
fn the_practice_district_listens_on_the_loopback_alone() {
    let folder = tempfile::tempdir().unwrap();
    place_for_a_district(folder.path());
    let names = ["--district", "Ernakulam", "--state", "Kerala"];
    run(folder.path(), &[&["init", "--sample", "small"], &names[..]].concat()).unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = run(folder.path(), &["serve", "--listen", address]);
        assert_eq!(refused, Err((5, "unacceptable".into())), "{address}");
    }
}

#[test]
fn without_tls_it_listens_on_the_loopback_alone() {
    let folder = tempfile::tempdir().unwrap();
    place_for_a_district(folder.path());
    run(folder.path(), &["init", "--district", "Ernakulam", "--state", "Kerala"]).unwrap();
    let refused = run(folder.path(), &["serve", "--plain", "--listen", "0.0.0.0:0"]);
    assert_eq!(refused, Err((1, "failed".into())));
}
