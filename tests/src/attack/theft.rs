//! What a thief has: the folder of a desk without its key store, whole or in parts; and a computer whose clock was set
//! back.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::Sort;
use crate::headless::Ward;
use crate::scene::{Place, all_sent, copy_folder, sign_in, until};

const SECRET: &str = "device.secret";

/// # Errors
/// When the desk itself does not open any more.
pub async fn copied_profile(sort: &mut Sort<'_>) -> Result<()> {
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    let patient = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.kill().await?;
    let mut other = place.join("b").await?;
    other.call("lock", Json::Null).await?;
    drop(other);
    // With the network and without it: with it, the server is asked too.
    for is_cut in [true, false] {
        if is_cut {
            place.link.cut();
        } else {
            place.link.join(place.district.address);
        }
        for (what, change) in thefts() {
            let copy = place.desk(&format!("{}-{is_cut}", what.replace(' ', "-")));
            copy_folder(&place.desk("a"), &copy)?;
            fs::remove_file(copy.join(SECRET))?;
            change(&copy, &place.desk("b"))?;
            let mut thief = Ward::start(&copy)?;
            for password in [sample::PASSWORD, "", "wrong"] {
                for username in ["anju", "biju", "admin.1", "district.admin"] {
                    let person = json!({ "username": username, "password": password });
                    let answer = thief.call("sign_in", person).await;
                    sort.refused(format!("{what}: {username}, network {}", !is_cut), answer.is_err());
                }
            }
            for (command, args) in [
                ("view", json!({ "name": "bed_board", "args": null })),
                ("view", json!({ "name": "patient", "args": { "id": patient } })),
                ("history", json!({ "kind": "patient", "id": patient })),
                ("sync_page", Json::Null),
                ("backup", Json::Null),
                ("copy_unsent", Json::Null),
            ] {
                let answer = thief.call(command, args).await;
                sort.refused(format!("{what}: {command}"), answer.is_err());
            }
            let names = thief.call("status", Json::Null).await?.to_string();
            // With all of another desk's keys, the names on its sign-in page are read.
            if !what.contains("own file") {
                let is_named = names.contains("Anju") || names.contains("Biju");
                sort.refused(format!("{what}: who works there"), !is_named);
            }
            thief.kill().await?;
        }
    }
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    let page = ward.view("patient", json!({ "id": patient })).await?.0;
    sort.allowed("the desk itself", page["line"]["name"] == "Kamala Devi")
}

type Theft = fn(&Path, &Path) -> Result<()>;

/// What a thief may do to a copied folder whose secret stayed in the key store.
fn thefts() -> [(&'static str, Theft); 5] {
    [
        ("no secret", |_, _| Ok(())),
        ("a made up secret", |copy, _| {
            Ok(fs::write(copy.join(SECRET), "0".repeat(64))?)
        }),
        ("an empty secret", |copy, _| Ok(fs::write(copy.join(SECRET), "")?)),
        ("the secret of another desk", |copy, other| {
            fs::copy(other.join(SECRET), copy.join(SECRET))?;
            Ok(())
        }),
        ("another desk's own file and secret", |copy, other| {
            for entry in fs::read_dir(other)? {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_owned();
                if name == SECRET || name.to_string_lossy().starts_with("desk") {
                    fs::copy(&path, copy.join(name))?;
                }
            }
            Ok(())
        }),
    ]
}

/// A right to work offline that ran out stays so, whatever the clock is set to.
///
/// # Errors
/// When the desk does not begin, or does not go on once its district is heard.
pub async fn clock_set_back(sort: &mut Sort<'_>) -> Result<()> {
    if Command::new("faketime").arg("--version").output().is_err() {
        sort.skipped("faketime is not installed");
        return Ok(());
    }
    let place = Place::new().await?;
    let mut ward = place.join("a").await?;
    let at_home = ward.register("Kamala Devi").await?;
    all_sent(&mut ward).await?;
    ward.kill().await?;
    place.link.cut();
    for days in [15, 0, -1, -30, -365, -3_650] {
        let mut ward = Ward::start_with_clock_off(&place.desk("a"), days)?;
        sign_in(&mut ward).await?;
        let saved = ward.register("Meera Nair").await;
        sort.refused(
            format!("writing, {days} days off after the right ran out"),
            saved.is_err(),
        );
        for (command, args) in [
            ("view", json!({ "name": "patient", "args": { "id": at_home } })),
            ("history", json!({ "kind": "patient", "id": at_home })),
            ("copy_unsent", Json::Null),
        ] {
            let answer = ward.call(command, args).await;
            sort.refused(
                format!("{command}, {days} days off after the right ran out"),
                answer.is_err(),
            );
        }
        no_emergency_without_a_reason(&mut ward, &at_home, sort).await?;
        ward.kill().await?;
    }
    place.link.join(place.district.address);
    let mut ward = Ward::start(&place.desk("a"))?;
    sign_in(&mut ward).await?;
    until(&mut ward, |status| status["who"]["has_run_out"] == false).await?;
    sort.allowed(
        "writing with the district's word",
        ward.register("Meera Nair").await.is_ok(),
    )
}

/// Nothing opens a record without a reason that stands in the log, and nothing is written under one that does.
async fn no_emergency_without_a_reason(ward: &mut Ward, at_home: &str, sort: &mut Sort<'_>) -> Result<()> {
    let page = json!({ "name": "patient", "args": { "id": at_home } });
    let long = "x".repeat(100_000);
    for reason in [
        json!(null),
        json!(""),
        json!("   \u{0}   \n      "),
        json!("help"),
        json!("0000000000000000"),
        json!("un\u{7}conscious now"),
        json!(long),
        json!({ "reason": "unconscious now" }),
        json!(["unconscious now"]),
    ] {
        let begun = ward.call("begin_emergency", json!({ "reason": reason })).await;
        let shown = ward.call("view", page.clone()).await;
        sort.refused("an emergency without a reason", begun.is_err() && shown.is_err());
    }
    let reason = json!({ "reason": "unconscious, which allergies?", "opened": [at_home], "until": i64::MAX });
    ward.call("begin_emergency", reason).await?;
    sort.allowed(
        "a record in an emergency",
        ward.call("view", page.clone()).await.is_ok(),
    )?;
    let written = ward.register("Meera Nair").await;
    sort.refused("writing in an emergency", written.is_err());
    for (command, args) in [
        ("review_emergency", json!({ "begun": at_home })),
        ("begin_sheet", Json::Null),
        ("rekey", Json::Null),
        ("view", json!({ "name": "audit_log", "args": {} })),
        (
            "report_to_person",
            json!({ "report": { "patient": at_home, "path": "report", "shape": "json", "language": "en" } }),
        ),
    ] {
        let answer = ward.call(command, args).await;
        sort.refused(format!("{command} in an emergency"), answer.is_err());
    }
    ward.call("end_emergency", Json::Null).await?;
    let shown = ward.call("view", page).await;
    sort.refused("a record after the emergency", shown.is_err());
    Ok(())
}
