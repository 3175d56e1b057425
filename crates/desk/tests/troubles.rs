//! When things go wrong on one computer: each has a code of its own, and nothing saved is lost.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::path::Path;

use alone::{PASSWORD, register, set_up, start};
use desk::Desk;
use desk::keys::file::{DeskFile, ServerPin};
use desk::keys::hardness::Hardness;
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::tries::{Tries, TriesOf};
use desk::keys::twice;
use desk::status::Phase;
use serde_json::{Value as Json, json};
use sync_core::Hash;

async fn code_of_sign_in(desk: &Desk, password: &str) -> String {
    desk.sign_in("anju", password)
        .await
        .map_or_else(|failure| failure.code, |()| "signed in".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_saved_is_there_after_a_restart_and_a_wrong_password_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let patient = register(&desk, "Kamala Devi");
    desk.lock().await;
    assert_eq!(
        desk.view("patient", &json!({ "id": patient })).unwrap_err().code,
        "locked"
    );
    drop(desk);

    let desk = start(folder.path());
    assert_eq!(desk.status().people[0].name, "Anju Thomas");
    for _ in 0..4 {
        assert_eq!(code_of_sign_in(&desk, "wrong").await, "wrong_password");
    }
    let fifth = desk.sign_in("anju", "wrong").await.unwrap_err();
    assert_eq!(
        (fifth.code.as_str(), fifth.numbers["seconds"].as_str()),
        ("wrong_password", "10")
    );
    let restarted = start(folder.path());
    assert_eq!(
        code_of_sign_in(&restarted, PASSWORD).await,
        "blocked",
        "the delay survives a restart"
    );

    let mut kept = desk_file(folder.path());
    kept.tries.clear();
    write_desk_file(folder.path(), &kept);
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
    let page = desk.view("patient", &json!({ "id": patient })).unwrap();
    assert_eq!(page.json().unwrap()["line"]["name"], "Kamala Devi");
}

fn desk_file(folder: &Path) -> DeskFile {
    twice::read(folder).unwrap().unwrap().file
}

/// Writes it as the desk would.
fn write_desk_file(folder: &Path, file: &DeskFile) {
    let secret = SecretPlace::new(SecretHome::File, folder, &file.name).get().unwrap();
    twice::write(folder, file, &twice::sealing_key(&secret)).unwrap();
}

/// The count of wrong passwords of the only person here, as it stands in the file.
fn failures(folder: &Path) -> u32 {
    let tries = desk_file(folder).tries;
    tries.values().next().map_or(0, |tries| tries.failures)
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_that_are_tried_at_once_count_like_those_one_after_another() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let desk = start(folder.path());
    let tries = (0..12).map(|_| {
        let desk = desk.clone();
        tokio::spawn(async move { code_of_sign_in(&desk, "wrong").await })
    });
    let mut codes = Vec::new();
    for tried in tries.collect::<Vec<_>>() {
        codes.push(tried.await.unwrap());
    }
    let tried = codes.iter().filter(|code| *code == "wrong_password").count();
    assert_eq!((tried, failures(folder.path())), (5, 5), "{codes:?}");
    assert!(
        codes
            .iter()
            .filter(|code| *code != "wrong_password")
            .all(|code| code == "blocked")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_wrong_passwords_suspend_a_person_and_nobody_else_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let mut kept = desk_file(folder.path());
    let person = kept.slots.people().next().unwrap();
    let nineteen = Tries {
        failures: 19,
        blocked_until_ms: 0,
    };
    kept.tries = TriesOf::from([(person, nineteen)]);
    write_desk_file(folder.path(), &kept);
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, "wrong").await, "suspended_here");
    assert_eq!(
        code_of_sign_in(&desk, PASSWORD).await,
        "suspended_here",
        "the right one too"
    );
    assert_eq!(desk.status().suspended, [person]);
    // Somebody without a slot is told as before, and does not count for her.
    let other = desk.sign_in("somebody", "wrong").await.unwrap_err();
    assert_eq!(other.code, "offline_unknown_person");
    assert_eq!(failures(folder.path()), 20);

    let mut kept = desk_file(folder.path());
    kept.tries = TriesOf::from([(person, nineteen)]);
    write_desk_file(folder.path(), &kept);
    assert_eq!(code_of_sign_in(&start(folder.path()), PASSWORD).await, "signed in");
    assert_eq!(failures(folder.path()), 0, "forgotten with the right one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_changed_opens_and_the_old_one_does_not_after_a_restart_too() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let patient = register(&desk, "Kamala Devi");
    let new = "seven boats on the backwater";
    let refused = async |present: &str, new: &str| desk.change_password(present, new).await.unwrap_err().code;
    assert_eq!(refused(PASSWORD, "boat").await, "password_too_short");
    assert_eq!(refused(PASSWORD, "anju thomas").await, "password_guessable");
    assert_eq!(refused(PASSWORD, PASSWORD).await, "password_guessable");
    assert_eq!(refused(PASSWORD, &"long ".repeat(60)).await, "password_too_long");
    assert_eq!(refused("not the one", new).await, "wrong_password");
    desk.change_password(PASSWORD, new).await.unwrap();
    desk.lock().await;
    assert_eq!(desk.change_password(new, PASSWORD).await.unwrap_err().code, "locked");
    drop(desk);
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "wrong_password");
    desk.sign_in("anju", new).await.unwrap();
    let page = desk.view("patient", &serde_json::json!({ "id": patient })).unwrap();
    assert_eq!(page.json().unwrap()["line"]["name"], "Kamala Devi");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_whole_is_not_set_aside_by_whoever_stands_before_it() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let desk = start(folder.path());
    assert_eq!(desk.set_aside().unwrap_err().code, "not_allowed");
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_the_same_folder_is_told_that_it_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let _first = set_up(folder.path()).await;
    assert_eq!(
        code_of_sign_in(&start(folder.path()), PASSWORD).await,
        "database_in_use"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_named_and_set_aside_never_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.lock().await;
    drop(desk);
    let path = folder.path().join("ward.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    for byte in &mut bytes[4096..middle] {
        *byte ^= 0x55;
    }
    std::fs::write(&path, &bytes).unwrap();
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "database_damaged");
    assert_eq!(desk.status().phase, Phase::Problem, "the window says what to do");
    let names = desk.set_aside().unwrap();
    assert_eq!(names.len(), 4);
    assert!(names.iter().all(|name| folder.path().join(name).exists()), "{names:?}");
    assert_eq!(desk.status().phase, Phase::FirstRun);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_database_is_told_and_no_new_one_takes_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.lock().await;
    drop(desk);
    std::fs::rename(folder.path().join("ward.db"), folder.path().join("elsewhere.db")).unwrap();
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "database_missing");
    assert!(!folder.path().join("ward.db").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_disk_without_the_device_secret_opens_with_no_password() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    desk.lock().await;
    drop(desk);
    let secret = folder.path().join("device.secret");
    std::fs::remove_file(&secret).unwrap();
    let status = start(folder.path()).status();
    assert_eq!(status.problem.unwrap().code, "device_secret_missing");
    std::fs::write(&secret, [7; 32]).unwrap();
    let desk = start(folder.path());
    assert_eq!(desk.status().problem.unwrap().code, "device_secret_wrong");
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "device_secret_wrong");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_stands_readable_in_the_folder() {
    // Long ones: four given bytes stand somewhere in 33 MB of ciphertext once in 130 runs, by chance.
    const NAMES: [&str; 4] = ["Kamala", "Thomas", "anju.thomas", "Medical ward"];
    let folder = tempfile::tempdir().unwrap();
    let desk = start(folder.path());
    desk.stand_alone("Anju Thomas", "anju.thomas", PASSWORD).await.unwrap();
    register(&desk, "Kamala Devi");
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for word in NAMES {
            let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
            assert!(!found, "{word} stands in {}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_appoints_nobody_above_themselves_nor_writes_for_another_facility_here_either() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let status = desk.status();
    let (own, facility) = (status.who.unwrap().person, status.facility.unwrap());
    let as_of = desk.view("bed_board", &Json::Null).unwrap().as_of;
    let save = |drafts: Json| {
        let saved = desk.save(serde_json::from_value(drafts).unwrap(), as_of, Default::default());
        saved.map_err(|failure| failure.code)
    };
    let appoint = |role: &str, at: &str| {
        let fields = json!({ "name": "Rahul", "username": "rahul", "role": role, "facility": at, "active": "yes" });
        json!({ "kind": "person", "id": null, "fields": fields })
    };
    let here = facility.to_string();
    for role in ["district_admin", "super_admin"] {
        assert_eq!(save(json!([appoint(role, &here)])).unwrap_err(), "not_allowed");
        // With something allowed in one action: nothing of it is written.
        assert_eq!(
            save(json!([appoint("nurse", &here), appoint(role, &here)])).unwrap_err(),
            "not_allowed"
        );
    }
    assert_eq!(
        save(json!([appoint("nurse", &own.to_string())])).unwrap_err(),
        "not_allowed",
        "of another facility"
    );
    let raised = json!([{ "kind": "person", "id": own, "fields": { "role": "state_admin" } }]);
    assert_eq!(save(raised).unwrap_err(), "not_allowed");
    let people = desk
        .view("records", &json!({ "kind": "person" }))
        .unwrap()
        .json()
        .unwrap();
    assert!(
        people
            .as_array()
            .unwrap()
            .iter()
            .all(|person| person["username"] != "rahul")
    );
    save(json!([appoint("nurse", &here)])).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn impossible_is_refused_unusual_is_asked_and_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let board = desk.view("bed_board", &Json::Null).unwrap();
    let shown = board.json().unwrap();
    let occupied = shown["wards"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|ward| ward["beds"].as_array().unwrap());
    let encounter = occupied
        .clone()
        .find_map(|bed| bed["occupant"]["patient"]["encounter"].as_str())
        .unwrap();
    let save = |pulse: i64, confirmed: &[&str]| {
        let fields = json!({ "encounter": encounter, "at": desk::net::link::wall_ms(), "pulse": pulse });
        let drafts = json!([{ "kind": "round", "id": null, "fields": fields }]);
        let confirmed = confirmed.iter().map(|name| (*name).to_owned()).collect();
        desk.save(serde_json::from_value(drafts).unwrap(), board.as_of, confirmed)
    };
    let refused = save(900, &["pulse"]).unwrap_err();
    assert_eq!(
        (refused.problems[0].field.as_str(), refused.problems[0].ask),
        ("pulse", false)
    );
    let asked = save(210, &[]).unwrap_err();
    assert_eq!(
        (asked.problems[0].code.as_str(), asked.problems[0].ask),
        ("unusual", true)
    );
    save(210, &["pulse"]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_desk_file_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("desk.json"), r#"{"form": 99}"#).unwrap();
    let desk = start(folder.path());
    assert_eq!(desk.status().problem.unwrap().code, "desk_file_newer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_file_that_somebody_altered_is_told_and_nobody_gets_in_by_it() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let file = desk_file(folder.path());
    let mut altered = file.clone();
    altered.server = Some(ServerPin::new(
        "https://elsewhere.example".to_owned(),
        Hash([1; 32]),
        Hash([1; 32]),
    ));
    // Whoever has the disk alone has no device secret to seal it with.
    let another = twice::sealing_key(&desk::keys::seal::random_key());
    twice::write(folder.path(), &altered, &another).unwrap();
    let desk = start(folder.path());
    assert_eq!(desk.status().problem.unwrap().code, "desk_file_altered");
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "desk_file_altered");
    drop(desk);

    write_desk_file(folder.path(), &file);
    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn either_of_the_two_desk_files_may_be_lost_or_torn_and_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    drop(start(folder.path()));
    for (round, name) in twice::NAMES.iter().cycle().take(4).enumerate() {
        let path = folder.path().join(name);
        match round {
            0 | 1 => std::fs::remove_file(&path).unwrap(),
            _ => {
                let bytes = std::fs::read(&path).unwrap();
                std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            }
        }
        let desk = start(folder.path());
        let [a, b] = twice::NAMES.map(|name| std::fs::read(folder.path().join(name)).unwrap());
        assert_eq!(a, b, "the one that was lost is there again");
        assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_is_easier_to_guess_than_slots_are_here_now_is_made_anew_at_the_next_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    drop(set_up(folder.path()).await);
    let mut kept = desk_file(folder.path());
    let harder = Hardness {
        rounds: 3,
        ..Hardness::LEAST
    };
    kept.hardness = Some(harder);
    write_desk_file(folder.path(), &kept);
    let person = kept.slots.people().next().unwrap();
    assert!(kept.slots.is_outdated(person, harder));

    let desk = start(folder.path());
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
    let begun = std::time::Instant::now();
    while desk_file(folder.path()).slots.is_outdated(person, harder) {
        assert!(begun.elapsed().as_secs() < 60, "it is made anew in the background");
        tokio::task::yield_now().await;
    }
    desk.lock().await;
    assert_eq!(code_of_sign_in(&desk, PASSWORD).await, "signed in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_desk_says_how_much_waits_to_be_sent_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    register(&desk, "Kamala Devi");
    desk.lock().await;
    assert_eq!(desk.status().sync.waiting, 0, "a desk that stands alone sends nothing");
    drop(desk);
    let mut kept = desk_file(folder.path());
    kept.server = Some(ServerPin::new(
        "http://127.0.0.1:1".to_owned(),
        Hash([0; 32]),
        Hash([0; 32]),
    ));
    write_desk_file(folder.path(), &kept);

    let desk = start(folder.path());
    desk.sign_in("anju", PASSWORD).await.unwrap();
    let waiting = desk.status().sync.waiting;
    assert!(waiting > 0);
    desk.lock().await;
    assert_eq!(desk.status().sync.waiting, waiting);
    drop(desk);
    let desk = start(folder.path());
    assert_eq!(desk.status().sync.waiting, waiting, "after a restart");
}
