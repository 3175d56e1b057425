//! A person goes from a district of two desks, one of which is away: it is asked for at a desk and carried out by the
//! operator, or her time is over and she goes into an archive first. Both desks hear of it. Afterwards the logs verify,
//! the desks hold what the district holds, and no file of theirs says her name.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::twice;
use failing_disk::pages::said_in_pages;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use wardroom_tests::district::District;
use wardroom_tests::headless::Ward;
use wardroom_tests::net::link::Link;

const NAME: &str = "Parukuttyamma";
/// As files might hold them: in small letters, as search keeps a phone.
const TRACES: [&str; 4] = ["parukuttyamma", "9847099113", "3119907489", "kuttanad west"];
const PATIENCE: Duration = Duration::from_secs(90);

async fn sign_in(ward: &mut Ward, username: &str) -> Result<()> {
    let person = json!({ "username": username, "password": sample::PASSWORD });
    ward.call("sign_in", person).await.map(drop)
}

/// Waits until what the command answers is as told.
async fn until(ward: &mut Ward, command: &str, args: Json, is: impl Fn(&Json) -> bool) -> Result<Json> {
    let begun = Instant::now();
    loop {
        let answer = ward.call(command, args.clone()).await;
        if let Ok(answer) = &answer
            && is(answer)
        {
            return Ok(answer.clone());
        }
        ensure!(begun.elapsed() < PATIENCE, "{command} stays {answer:?}");
        ward.call("sync_now", Json::Null).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn join(district: &District, folder: &Path, name: &str) -> Result<(Ward, Link)> {
    let link = Link::new(district.address).await?;
    let mut ward = Ward::start(&folder.join(name))?;
    let code = district.invite().await?;
    let args = json!({ "address": format!("https://{}", link.address), "code": code, "desk_name": name });
    ward.call("join", args).await?;
    sign_in(&mut ward, "anju").await?;
    until(&mut ward, "status", Json::Null, |status| {
        status["sync"]["state"] == "all_sent" && status["sync"]["arriving"].is_null()
    })
    .await?;
    Ok((ward, link))
}

fn page_of(view: &str, args: &Json) -> Json {
    json!({ "name": view, "args": args })
}

/// The page says that she was erased, and at whose request.
async fn assert_erased(ward: &mut Ward, patient: &str) -> Result<()> {
    let shown = assert_gone(ward, patient).await?;
    assert_eq!(shown["asked_on"], "2026-01-05");
    assert!(shown["asked_by"].as_str().is_some_and(|by| !by.is_empty()), "{shown}");
    assert_eq!(shown["kept_until"], Json::Null);
    Ok(())
}

/// The page says that her time was over.
async fn assert_purged(ward: &mut Ward, patient: &str) -> Result<()> {
    let shown = assert_gone(ward, patient).await?;
    assert_eq!((&shown["asked_by"], &shown["asked_on"]), (&json!(""), &Json::Null));
    // Registered on 4 January 2010; a year of keeping counts 366 days.
    assert_eq!(shown["kept_until"], "2013-01-06");
    Ok(())
}

/// The page says that she went, and every other place says nothing of her. Answers what the page says.
async fn assert_gone(ward: &mut Ward, patient: &str) -> Result<Json> {
    let erased = page_of("erased", &json!({ "patient": patient }));
    let shown = until(ward, "view", erased, |seen| !seen["data"]["at"].is_null()).await?;
    let page = ward.view("patient", json!({ "id": patient })).await;
    assert!(page.unwrap_err().to_string().contains("not_found"));
    for (view, args) in [
        ("find_patients", json!({ "text": NAME })),
        ("find_patients", json!({ "text": "9847099113" })),
        ("patients", json!({ "which": "discharged" })),
        ("bed_board", Json::Null),
        ("inbox", Json::Null),
    ] {
        let said = ward.view(view, args).await?.0.to_string().to_lowercase();
        assert_eq!(TRACES.iter().find(|trace| said.contains(**trace)), None, "{view}");
    }
    let history = ward
        .call("history", json!({ "kind": "patient", "id": patient }))
        .await?;
    assert_eq!(history, json!([]));
    Ok(shown["data"].clone())
}

/// Both hold the same log and the same state.
async fn assert_equal(ward: &mut Ward) -> Result<()> {
    until(ward, "sync_page", Json::Null, |page| {
        let spaces = page["spaces"].as_array();
        spaces.is_some_and(|spaces| spaces.iter().all(|space| space["state"] == "equal"))
    })
    .await
    .map(drop)
}

/// What opens the database of a desk that is not running, from what lies beside it and a password.
fn key_of(folder: &Path) -> Result<[u8; 32]> {
    let file = twice::read(folder)?.context("the desk's file")?.file;
    let secret = SecretPlace::new(SecretHome::File, folder, &file.name).get()?;
    for person in file.slots.people() {
        if let Ok(key) = file.slots.open(person, sample::PASSWORD, &secret) {
            return Ok(*key);
        }
    }
    anyhow::bail!("no slot opens")
}

fn traces_in(folder: &Path) -> Result<Vec<String>> {
    let key = key_of(folder)?;
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|end| end != "db") {
            continue;
        }
        let said = said_in_pages(&path, &key)?;
        let traces = TRACES.iter().filter(|trace| said.contains(**trace));
        found.extend(traces.map(|trace| format!("{}: {trace}", path.display())));
    }
    Ok(found)
}

/// A district, a desk in it and one that is away and wrote of the person where nobody hears.
struct Scene {
    folder: TempDir,
    district: District,
    desk: Ward,
    link_of_desk: Link,
    away: Ward,
    /// Between the desk that is away and the district.
    link: Link,
    patient: String,
    /// What the desk that is away knew when it wrote.
    as_of: u64,
}

/// She is registered with these fields beside her name.
async fn begin(fields: Json) -> Result<Scene> {
    let folder = tempfile::tempdir()?;
    let district = District::new(&folder.path().join("server")).await?;
    let (mut desk, link_of_desk) = join(&district, folder.path(), "office").await?;
    let (mut away, link) = join(&district, folder.path(), "away").await?;

    let as_of = desk.view("bed_board", Json::Null).await?.1;
    let drafts = json!([{ "kind": "patient", "id": null, "fields": fields }]);
    let saved = desk.save(drafts, as_of, &[]).await?;
    let patient = saved["ids"][0].as_str().context("no id")?.to_owned();
    let page = page_of("patient", &json!({ "id": patient }));
    until(&mut away, "view", page.clone(), |seen| {
        seen["data"]["line"]["name"] == NAME
    })
    .await?;
    desk.call("backup", Json::Null).await.ok();
    away.call("lock", Json::Null).await?;
    sign_in(&mut away, "anju").await?;

    // Somebody writes of her where nobody hears.
    link.cut();
    let (_, as_of) = away.view("patient", json!({ "id": patient })).await?;
    let edit = json!([{ "kind": "patient", "id": patient, "fields": { "village": "Kuttanad West" } }]);
    away.save(edit, as_of, &[]).await?;
    Ok(Scene {
        folder,
        district,
        desk,
        link_of_desk,
        away,
        link,
        patient,
        as_of,
    })
}

/// What was written meanwhile is told to the admins, its author can read it, and it goes when it is dismissed.
async fn assert_late_is_dismissed(desk: &mut Ward, away: &mut Ward) -> Result<()> {
    let kept = until(desk, "kept_aside", Json::Null, |kept| {
        kept["actions"][0]["reason"] == "erased"
    })
    .await?;
    assert_eq!(
        kept["actions"][0]["says"][0]["fields"]["village"], "Kuttanad West",
        "{kept}"
    );
    let own = until(away, "sync_page", Json::Null, |page| {
        page["parked"][0]["reason"] == "erased"
    })
    .await?;
    assert_eq!(own["parked"][0]["fields"]["village"], "Kuttanad West", "{own}");
    let decision = json!({ "change": kept["actions"][0]["change"], "verdict": "dismiss", "why": "she was erased" });
    desk.call("decide_aside", decision).await?;
    until(away, "sync_page", Json::Null, |page| {
        page["parked"][0]["fields"]
            .as_object()
            .is_some_and(serde_json::Map::is_empty)
    })
    .await?;
    until(desk, "kept_aside", Json::Null, |kept| kept["actions"] == json!([])).await?;
    Ok(())
}

/// All hold the same as the district, and none of their files says her name, once each was started again.
async fn assert_no_trace(folder: &TempDir, mut wards: Vec<(&str, Ward)>) -> Result<()> {
    for (_, ward) in &mut wards {
        ward.register("Somebody else").await?;
        until(ward, "status", Json::Null, |status| {
            status["sync"]["state"] == "all_sent"
        })
        .await?;
    }
    for (_, ward) in &mut wards {
        assert_equal(ward).await?;
    }
    let names: Vec<&str> = wards.iter().map(|(name, _)| *name).collect();
    drop(wards);
    // What is left to sweep is swept at the next start.
    for name in names {
        let mut ward = Ward::start(&folder.path().join(name))?;
        sign_in(&mut ward, "anju").await?;
        until(&mut ward, "status", Json::Null, |status| {
            status["sync"]["state"] == "all_sent"
        })
        .await?;
        ward.call("lock", Json::Null).await?;
        ward.kill().await?;
        assert_eq!(traces_in(&folder.path().join(name))?, Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_erased_on_every_desk_and_the_logs_still_prove_themselves() -> Result<()> {
    let her = json!({ "name": NAME, "birth_year": 1951, "phone": "+919847099113" });
    let Scene {
        folder,
        district,
        mut desk,
        link_of_desk: _link,
        mut away,
        link,
        patient,
        as_of,
    } = begin(her).await?;
    let page = page_of("patient", &json!({ "id": patient }));

    let asks = |as_of| {
        let fields = json!({ "patient": patient, "reason": "asked", "asked_on": "2026-01-05" });
        let drafts = json!([{ "kind": "erasure", "id": null, "fields": fields }]);
        json!({ "drafts": drafts, "as_of": as_of, "confirmed": [] })
    };
    let refused = desk.call("save", asks(as_of)).await.unwrap_err().to_string();
    assert!(refused.contains("not_allowed"), "a nurse does not ask: {refused}");
    desk.call("lock", Json::Null).await?;
    sign_in(&mut desk, "admin.1").await?;
    desk.call("save", asks(as_of)).await?;
    let waits = until(&mut desk, "view", page.clone(), |seen| {
        !seen["data"]["erasure"].is_null()
    })
    .await?;
    assert_eq!(waits["data"]["erasure"]["reason"], "asked");
    let again = desk.call("save", asks(as_of)).await.unwrap_err().to_string();
    assert!(again.contains("erasure_asked_already"), "{again}");
    until(&mut desk, "status", Json::Null, |status| {
        status["sync"]["state"] == "all_sent"
    })
    .await?;

    let listed = district.run(&["erasure", "list"]).await?;
    let asked = listed[0]["id"]
        .as_str()
        .context("nothing waits for the operator")?
        .to_owned();
    assert_eq!(
        (&listed[0]["standing"], &listed[0]["patient"]),
        (&json!("waiting"), &json!(patient))
    );
    district.run(&["erasure", "carry-out", &asked, "--yes"]).await?;

    assert_erased(&mut desk, &patient).await?;
    link.join(district.address);
    assert_erased(&mut away, &patient).await?;

    assert_late_is_dismissed(&mut desk, &mut away).await?;

    // Who looked is known as before; of whom, nobody can say any more.
    let looked = desk.view("audit_log", json!({ "patient": patient })).await?.0;
    let lines = looked["lines"].as_array().context("no lines")?;
    assert!(
        !lines.is_empty() && lines.iter().all(|line| line["patient_name"] == ""),
        "{looked}"
    );

    assert_no_trace(&folder, vec![("office", desk), ("away", away)]).await?;
    for name in ["office", "away"] {
        let mut ward = Ward::start(&folder.path().join(name))?;
        sign_in(&mut ward, "anju").await?;
        assert_erased(&mut ward, &patient).await?;
    }
    let verified = district.run(&["audit", "verify"]).await?;
    assert!(!verified.to_string().contains("wrong"), "{verified}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_whose_time_is_over_goes_into_an_archive_and_from_every_desk() -> Result<()> {
    let registered_at = 1_262_563_200_000_i64;
    let her = json!({ "name": NAME, "birth_year": 1951, "phone": "+919847099113", "registered_at": registered_at });
    let Scene {
        folder,
        district,
        mut desk,
        link_of_desk: _link,
        mut away,
        link,
        patient,
        ..
    } = begin(her).await?;
    until(&mut desk, "status", Json::Null, |status| {
        status["sync"]["state"] == "all_sent"
    })
    .await?;
    let told = district.run(&["retention", "report"]).await?;
    assert_eq!(
        told.as_array().map(Vec::len),
        Some(1),
        "nobody else is past their time: {told}"
    );
    assert_eq!(told[0]["record"], json!(patient));

    let at = |name: &str| folder.path().join(name).display().to_string();
    let (archive, code, plain) = (at("archive"), at("code"), at("plain"));
    let archived = ["retention", "archive", "--to", &archive, "--code-file", &code];
    assert_eq!(district.run(&archived).await?["records"], 1);
    let purge = [
        "retention",
        "purge",
        "--archive",
        &archive,
        "--code-file",
        &code,
        "--yes",
    ];
    let purged = district.run(&purge).await?;
    assert_eq!((&purged["records"], &purged["left"]), (&json!(1), &json!({})));

    assert_purged(&mut desk, &patient).await?;
    link.join(district.address);
    assert_purged(&mut away, &patient).await?;
    desk.call("lock", Json::Null).await?;
    sign_in(&mut desk, "admin.1").await?;
    assert_late_is_dismissed(&mut desk, &mut away).await?;
    let (mut new, _new_link) = join(&district, folder.path(), "new").await?;
    assert_purged(&mut new, &patient).await?;
    assert_no_trace(&folder, vec![("office", desk), ("away", away), ("new", new)]).await?;

    let verified = district.run(&["audit", "verify"]).await?;
    assert!(!verified.to_string().contains("wrong"), "{verified}");
    let opened = ["retention", "open", &archive, "--code-file", &code, "--to", &plain];
    district.run(&opened).await?;
    assert!(
        std::fs::read_to_string(&plain)?.contains(NAME),
        "the archive alone holds her"
    );
    Ok(())
}
