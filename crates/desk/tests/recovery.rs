//! A desk that lost its device secret: its recovery sheet gives it back, and people sign in as before.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod alone;

use std::path::Path;

use alone::{PASSWORD, register, set_up, start};
use desk::keys::twice;
use desk::recovery::NewSheet;
use desk::status::Phase;
use desk::{Desk, Failure};
use serde_json::json;

fn make_sheet(desk: &Desk) -> NewSheet {
    let sheet = desk.begin_sheet().unwrap();
    desk.keep_sheet(&sheet.groups[sheet.asked - 1].to_lowercase()).unwrap();
    sheet
}

fn code(answer: Result<(), Failure>) -> String {
    answer.map_or_else(|failure| failure.code, |()| "done".to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_sheet_people_sign_in_as_before_where_the_device_secret_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let patient = register(&desk, "Kamala Devi");
    let sheet = make_sheet(&desk);
    assert_eq!(
        code(desk.recover(&sheet.groups.concat())),
        "not_allowed",
        "nothing is lost"
    );
    desk.lock().await;
    drop(desk);
    // Twice: with the second loss some slots are still of the secret before the first.
    for round in 0..2 {
        std::fs::remove_file(folder.path().join("device.secret")).unwrap();
        let desk = start(folder.path());
        let status = desk.status();
        assert_eq!(status.problem.unwrap().code, "device_secret_missing");
        assert_eq!(status.recovery.unwrap().number, 1);
        let mut slip = sheet.groups.clone();
        slip[2] = if slip[2].starts_with('A') {
            slip[2].replacen('A', "B", 1)
        } else {
            format!("A{}", &slip[2][1..])
        };
        let refused = desk.recover(&slip.concat()).unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.numbers["group"].as_str()),
            ("recovery_code_group", "3")
        );
        assert_eq!(code(desk.recover("ABC")), "recovery_code_letters");
        let another = desk::keys::code::Code::random().groups();
        let another: Vec<&str> = another.iter().map(|group| group.as_str()).collect();
        assert_eq!(code(desk.recover(&another.concat())), "recovery_code_wrong");
        assert_eq!(code(desk.recover(&sheet.groups.join(" "))), "done");
        let status = desk.status();
        assert_eq!((status.phase, status.people.len()), (Phase::SignIn, 1));
        assert!(status.recovery.unwrap().used.is_some());
        drop(desk);
        if round == 0 {
            continue;
        }
        let desk = start(folder.path());
        assert_eq!(code(desk.sign_in("anju", "another one").await), "wrong_password");
        assert_eq!(code(desk.sign_in("anju", PASSWORD).await), "done");
        let page = desk.view("patient", &json!({ "id": patient })).unwrap();
        assert_eq!(page.json().unwrap()["line"]["name"], "Kamala Devi");
        // The slot is made anew under the new secret, and the ones before are forgotten.
        let begun = std::time::Instant::now();
        let text = || std::fs::read_to_string(folder.path().join(twice::NAMES[0])).unwrap();
        while text().contains("formers") {
            assert!(begun.elapsed().as_secs() < 60);
            tokio::task::yield_now().await;
        }
        desk.lock().await;
        assert_eq!(code(desk.sign_in("anju", PASSWORD).await), "done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sheet_counts_once_a_group_was_typed_from_it_and_ends_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let first = make_sheet(&desk);
    assert!(!Path::new(&first.path).exists(), "nothing of the code is kept");
    let second = desk.begin_sheet().unwrap();
    let printed = std::fs::read(&second.path).unwrap();
    assert!(printed.starts_with(b"%PDF-"));
    assert_eq!(code(desk.keep_sheet("00000")), "sheet_group_wrong");
    assert_eq!(desk.status().recovery.unwrap().number, 1, "the one before counts still");
    desk.lock().await;
    assert!(!Path::new(&second.path).exists(), "a lock throws it away");
    desk.sign_in("anju", PASSWORD).await.unwrap();
    assert_eq!(code(desk.keep_sheet("00000")), "sheet_not_begun");
    let third = make_sheet(&desk);
    assert_eq!(third.number, 2);
    desk.lock().await;
    drop(desk);

    std::fs::remove_file(folder.path().join("device.secret")).unwrap();
    let desk = start(folder.path());
    assert_eq!(code(desk.recover(&first.groups.concat())), "recovery_code_wrong");
    assert_eq!(code(desk.recover(&second.groups.concat())), "recovery_code_wrong");
    assert_eq!(code(desk.recover(&third.groups.concat())), "done");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_code_stands_in_the_folder_and_without_a_sheet_nothing_is_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let desk = set_up(folder.path()).await;
    let secret = folder.path().join("device.secret");
    let kept = std::fs::read(&secret).unwrap();
    desk.lock().await;
    drop(desk);
    std::fs::remove_file(&secret).unwrap();
    let desk = start(folder.path());
    assert_eq!(code(desk.recover(&"0".repeat(35))), "no_recovery_sheet");
    drop(desk);
    std::fs::write(&secret, kept).unwrap();
    let desk = start(folder.path());
    desk.sign_in("anju", PASSWORD).await.unwrap();
    let sheet = make_sheet(&desk);
    desk.lock().await;
    drop(desk);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for between in ["", "-", " "] {
            let part = sheet.groups[..2].join(between);
            assert!(!bytes.windows(part.len()).any(|bytes| bytes == part.as_bytes()));
        }
    }
    // Somebody put another server into the file meanwhile: the sheet does not vouch for it.
    let mut altered = twice::read(folder.path()).unwrap().unwrap().file;
    altered.unsent = 5;
    let forged = twice::sealing_key(&desk::keys::seal::random_key());
    twice::write(folder.path(), &altered, &forged).unwrap();
    std::fs::remove_file(&secret).unwrap();
    let desk = start(folder.path());
    assert_eq!(code(desk.recover(&sheet.groups.concat())), "desk_file_altered");
}
