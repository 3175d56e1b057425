//! What is past its time goes into an archive that opens without the district, and then away; what is not, or what
//! somebody still has to decide about, stays.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use domain::due::Against;
use domain::entities::{encounter, erased, erasure, patient, round, triage};
use domain::erasure::named;
use domain::{Date, Draft, RecordId, Time, Value};
use server::archive::{self, Code};
use server::purge::{Left, Purged, Wanted};
use sync_core::Encoded;
use sync_core::exchange::Reason;

use super::erasure::{read_whole, says};
use crate::rig::*;

const EVERYTHING: Wanted<'static> = Wanted {
    longer: 0,
    archive: None,
};

fn registered(id: RecordId, name: &str) -> Draft {
    let draft = Draft::new("patient", id).with(&patient::NAME, name);
    draft.with(&patient::REGISTERED_AT, Time(0))
}

/// From 1970, ended on its second day if at all.
fn admitted(of: RecordId, has_ended: bool) -> Draft {
    let draft = Draft::new("encounter", new_id()).with(&encounter::PATIENT, of);
    let draft = draft.with(&encounter::ADMITTED_AT, Time(0));
    if has_ended {
        draft.with(&encounter::DISCHARGED_AT, Time(Time::DAY_MS))
    } else {
        draft
    }
}

/// Somebody long gone with an admission and a round, and somebody who is in.
async fn lived_in(rig: &Rig) -> (Desk, RecordId, RecordId) {
    let mut desk = rig.desk(rig.here);
    let (gone, inside) = (new_id(), new_id());
    desk.write(vec![registered(gone, SECRET_NAME), registered(inside, "Thomas Kurian")]);
    let renamed = Draft::new("patient", gone).with(&patient::NAME, format!("{SECRET_NAME} 2"));
    let first = desk.changes[0].change().id;
    desk.write_as(desk.space, desk.actor, vec![renamed], &[first]);
    let ended = admitted(gone, true);
    let seen = Draft::new("round", new_id()).with(&round::ENCOUNTER, ended.id);
    desk.write(vec![ended, seen]);
    desk.write(vec![admitted(inside, false)]);
    rig.push(&desk, desk.all()).await;
    (desk, gone, inside)
}

fn purged(rig: &Rig) -> Purged {
    rig.server.purge(rig.here.facility, EVERYTHING).unwrap()
}

fn lines(file: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn word(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_past_its_time_goes_into_an_archive_and_then_away() {
    let rig = Rig::new();
    let (mut desk, gone, inside) = lived_in(&rig).await;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { folder.path().join(name) };
    let (file, code, plain) = (at("archive"), at("code"), at("plain"));
    let archived = ["retention", "archive", "--to", word(&file), "--code-file", word(&code)];
    let made = run(rig.dir(), &archived).unwrap();
    assert_eq!(
        (&made["records"], &made["changes"], &made["aside"]),
        (&3.into(), &4.into(), &0.into())
    );
    assert!(made.get("code").is_none(), "it stands in the file alone");
    assert!(!made.to_string().contains(SECRET_NAME));
    assert!(!String::from_utf8_lossy(&std::fs::read(&file).unwrap()).contains(SECRET_NAME));
    assert_eq!(
        run(rig.dir(), &archived).unwrap_err(),
        (1, "failed".to_owned()),
        "never over a file"
    );
    let before = read_whole(&rig).await;
    assert!(says(&before, SECRET_NAME), "nothing is taken away by it");

    // Ten years later, where no district is.
    let nowhere = at("nowhere");
    let opened = [
        "retention",
        "open",
        word(&file),
        "--to",
        word(&plain),
        "--code-file",
        word(&code),
    ];
    let told = run(&nowhere, &opened).unwrap();
    assert_eq!(
        told["kinds"],
        serde_json::json!({ "encounter": 1, "patient": 1, "round": 1 })
    );
    #[cfg(unix)]
    for private in [&file, &code, &plain] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(private).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let lines = lines(&plain);
    let record = lines.iter().find(|line| line["record"]["kind"] == "patient").unwrap();
    assert_eq!(record["record"]["fields"]["name"], format!("{SECRET_NAME} 2"));
    assert_eq!(record["record"]["changes"][0]["fields"]["name"], SECRET_NAME);
    let round = lines.iter().find(|line| line["record"]["kind"] == "round").unwrap();
    assert_eq!(round["record"]["about"], serde_json::json!(gone), "whom it was about");
    let author = lines
        .iter()
        .find(|line| line["named"]["id"] == serde_json::json!(desk.actor));
    assert_eq!(
        author.unwrap()["named"]["fields"]["username"],
        "lakshmi",
        "who wrote it"
    );
    assert!(!std::fs::read_to_string(&plain).unwrap().contains("Thomas Kurian"));
    assert_eq!(run(&nowhere, &opened).unwrap_err(), (1, "failed".to_owned()));

    let shown = std::fs::read_to_string(&code).unwrap();
    let purge = ["retention", "purge", "--archive", word(&file)];
    let refused = run_with(rig.dir(), &purge, &format!("{shown}no\n")).unwrap_err();
    assert_eq!(refused.0, 5);
    let wrong = run_with(rig.dir(), &purge, "AAAA-BBBB-CCCC-DDDD-EEEE\npurge\n").unwrap_err();
    assert_eq!(wrong.0, 1);
    assert!(says(&read_whole(&rig).await, SECRET_NAME));
    let done = run_with(rig.dir(), &purge, &format!("{}purge\n", shown.to_lowercase())).unwrap();
    assert_eq!(
        (&done["records"], &done["changes"], &done["left"]),
        (&3.into(), &4.into(), &serde_json::json!({}))
    );

    let after = read_whole(&rig).await;
    assert!(!says(&after, SECRET_NAME));
    assert!(says(&after, "Thomas Kurian"), "who is in stays");
    let hashes = |all: &[Encoded]| all.iter().map(Encoded::hash).collect::<Vec<_>>();
    assert_eq!(hashes(&after[..before.len()]), hashes(&before));
    let written = after.last().unwrap().change();
    assert_eq!(written.kind, erased::ERASED.kind);
    let three_years = Time(Time::DAY_MS + 3 * 366 * Time::DAY_MS).day(0);
    assert_eq!(written.fields.get("kept_until"), Some(&Value::Date(three_years)));
    assert!(!written.fields.contains_key("erasure") && !written.fields.contains_key("asked_by"));
    let names = named(&written.kind, &written.fields);
    assert!(names.contains(&("patient".to_owned(), gone)) && !names.iter().any(|(_, id)| *id == inside));
    assert_eq!(rig.server.verify().unwrap().faults, []);
    assert_eq!(run(rig.dir(), &["audit", "verify"]).unwrap()["is_whole"], true);
    let events = run(rig.dir(), &["audit", "list"]).unwrap();
    for what in ["archived", "purged"] {
        assert!(
            events.as_array().unwrap().iter().any(|event| event["what"] == what),
            "{events}"
        );
    }

    // What comes late of it waits for a person, as after an erasure.
    let late = desk.write(vec![registered(gone, "Somebody")]);
    let (_, _, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!(parked, [(late[0].seq, Reason::Erased)]);
    let again = run_with(rig.dir(), &["retention", "purge", "--without-archive"], "purge\n").unwrap();
    assert_eq!(again["records"], 0);
    let verified = run_with(&nowhere, &["retention", "verify", word(&file)], &shown).unwrap();
    assert_eq!(verified["hash"], made["hash"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_is_not_what_was_written_takes_nothing_away() {
    let rig = Rig::new();
    lived_in(&rig).await;
    let file = rig.dir().join("archive");
    let made = run(rig.dir(), &["retention", "archive", "--to", word(&file)]).unwrap();
    let code = made["code"].as_str().unwrap().to_owned();
    assert_eq!(code.replace('-', "").len(), 20);
    let whole = std::fs::read(&file).unwrap();
    let purge = ["retention", "purge", "--yes", "--archive", word(&file)];
    for at in [0, 20, 40, whole.len() - 1] {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        std::fs::write(&file, altered).unwrap();
        assert_eq!(run_with(rig.dir(), &purge, &format!("{code}\n")).unwrap_err().0, 1);
    }
    std::fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(run_with(rig.dir(), &purge, &format!("{code}\n")).unwrap_err().0, 1);
    // Of a district that is another.
    std::fs::write(&file, &whole).unwrap();
    let other = Rig::new();
    let refused = run_with(other.dir(), &purge, &format!("{code}\n")).unwrap_err();
    assert_eq!(refused.0, 5);
    assert_eq!(
        run(rig.dir(), &["retention", "purge", "--yes"]).unwrap_err().0,
        2,
        "say which"
    );
    assert!(says(&read_whole(&rig).await, SECRET_NAME));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_the_archive_stays_until_the_next() {
    let rig = Rig::new();
    let (mut desk, gone, _) = lived_in(&rig).await;
    let (file, code) = (rig.dir().join("archive"), Code::random());
    let contents = archive::make(&rig.server, None, 0, &code, &file).unwrap().unwrap();
    let wanted = Wanted {
        longer: 0,
        archive: Some(&contents),
    };
    let consent = Draft::new("consent", new_id()).with(&domain::entities::consent::PATIENT, gone);
    desk.write(vec![consent]);
    rig.push(&desk, desk.all()).await;
    let stays = rig.server.purge(rig.here.facility, wanted).unwrap();
    assert_eq!((stays.records, &stays.left), (0, &[(Left::NotArchived, 1)].into()));
    assert!(says(&read_whole(&rig).await, SECRET_NAME));
    let next = rig.dir().join("next");
    let contents = archive::make(&rig.server, Some(rig.here.facility), 0, &code, &next)
        .unwrap()
        .unwrap();
    assert!(
        archive::make(
            &rig.server,
            Some(rig.elsewhere.facility),
            0,
            &code,
            &rig.dir().join("none")
        )
        .unwrap()
        .is_none()
    );
    assert!(!rig.dir().join("none").exists());
    let wanted = Wanted {
        longer: 0,
        archive: Some(&contents),
    };
    // No longer due: somebody came back.
    let back = admitted(gone, false);
    let again = back.id;
    desk.write(vec![back]);
    rig.push(&desk, desk.all()).await;
    assert_eq!(rig.server.purge(rig.here.facility, wanted).unwrap(), Purged::default());
    let leaves = Draft::new("encounter", again).with(&encounter::DISCHARGED_AT, Time(Time::DAY_MS));
    desk.write(vec![leaves]);
    rig.push(&desk, desk.all()).await;
    assert_eq!(rig.server.purge(rig.here.facility, wanted).unwrap().records, 0);
    assert_eq!(purged(&rig).records, 5);
    assert!(!says(&read_whole(&rig).await, SECRET_NAME));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_goes_about_whom_something_is_to_be_decided() {
    let rig = Rig::new();
    let (mut desk, gone, _) = lived_in(&rig).await;
    let against = || {
        let past = rig.server.past(rig.here.space, 0).unwrap();
        let of = past.iter().find(|past| past.due.id == gone).unwrap();
        let against: Vec<Against> = of.due.against.iter().copied().collect();
        assert_eq!(purged(&rig).records == 0, !against.is_empty());
        against
    };
    let mut other = rig.desk(rig.here);
    let renamed = other.write(vec![Draft::new("patient", gone).with(&patient::NAME, "Another")]);
    rig.push(&other, other.all()).await;
    assert_eq!(against(), [Against::InConflict]);
    let listed = run(rig.dir(), &["retention", "report"]).unwrap();
    assert_eq!(listed[0]["against"], serde_json::json!(["in_conflict"]));
    let heads = [renamed[0], desk.changes[2].change().id];
    let decided = Draft::new("patient", gone).with(&patient::NAME, SECRET_NAME);
    desk.write_as(desk.space, desk.actor, vec![decided], &heads);

    let mut revoked = rig.desk(rig.here);
    let admission = desk.changes[3].change().record;
    let late = revoked.write(vec![Draft::new("round", new_id()).with(&round::ENCOUNTER, admission)]);
    rig.server.revoke(revoked.id).unwrap();
    rig.push(&desk, desk.all()).await;
    rig.push(&revoked, revoked.all()).await;
    assert_eq!(against(), [Against::KeptAside]);
    rig.server.dismiss(late[0]).unwrap().unwrap();

    let asked = Draft::new("erasure", new_id()).with(&erasure::PATIENT, gone);
    let asked = asked.with(&erasure::REASON, "asked");
    let asked = asked.with(&erasure::ASKED_ON, Date::new(2026, 9, 1).unwrap());
    let request = asked.id;
    rig.server.author(rig.here.space, vec![vec![asked]]).unwrap();
    assert_eq!(against(), [Against::ToBeErased]);
    let back = Draft::new("erasure", request).with_value("voided", Value::Code("yes".into()));
    rig.server.author(rig.here.space, vec![vec![back]]).unwrap();

    // What was only ever kept aside goes along, and into the archive.
    let (file, code) = (rig.dir().join("archive"), Code::random());
    let contents = archive::make(&rig.server, None, 0, &code, &file).unwrap().unwrap();
    assert_eq!((contents.manifest.records, contents.manifest.aside), (4, 1));
    assert_eq!(against(), []);
    let left = rig.server.aside().unwrap();
    assert!(rig.server.open_aside(&left[0]).unwrap().unwrap().change().is_stub());
    read_whole(&rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_great_many_go_in_several_transactions_while_desks_write_on() {
    let rig = Rig::new();
    let long_ago = Date::new(2001, 5, 1).unwrap();
    let of_a_day = |day: i64| {
        let entry = |_| Draft::new("triage", new_id()).with(&triage::DAY, long_ago.plus_days(day));
        (0..80).map(entry).collect::<Vec<Draft>>()
    };
    rig.server
        .author(rig.here.space, (0..15).map(of_a_day).collect())
        .unwrap();
    let kept = Draft::new("triage", new_id()).with(&triage::DAY, Date::new(2026, 9, 1).unwrap());
    let kept = kept.with(&triage::NOTE, "this year");
    rig.server.author(rig.here.space, vec![vec![kept]]).unwrap();
    let is_done = AtomicBool::new(false);
    let done = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::SeqCst) {
                rig.server
                    .author(rig.here.space, vec![vec![patient_draft(new_id())]])
                    .unwrap();
            }
        });
        let done = purged(&rig);
        is_done.store(true, Ordering::SeqCst);
        done
    });
    assert_eq!((done.records, done.changes), (1_200, 1_200));
    assert_eq!(done.gone.get("triage"), Some(&1_200));
    assert!((3..=4).contains(&done.transactions), "{done:?}");
    let read = read_whole(&rig).await;
    assert!(says(&read, "this year"));
    assert_eq!(read.iter().filter(|change| change.change().is_stub()).count(), 1_200);
    assert_eq!(rig.server.verify().unwrap().faults, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_between_the_looking_and_the_taking_stays() {
    type Meanwhile = Box<dyn FnOnce() + Send>;
    let meanwhile: Arc<Mutex<Option<Meanwhile>>> = Arc::default();
    let asked = Arc::clone(&meanwhile);
    let rig = Rig::with(|config| {
        // The action of the taking is named when everything was looked at.
        config.new_id = Arc::new(move || {
            let now = asked.lock().unwrap().take();
            now.into_iter().for_each(|now| now());
            uuid::Uuid::now_v7()
        });
    });
    let (gone, other) = (new_id(), new_id());
    let all = vec![registered(gone, SECRET_NAME), registered(other, "Thomas Kurian")];
    rig.server.author(rig.here.space, vec![all]).unwrap();
    let (server, space) = (rig.server.clone(), rig.here.space);
    *meanwhile.lock().unwrap() = Some(Box::new(move || {
        server.author(space, vec![vec![admitted(gone, false)]]).unwrap();
    }));
    let done = purged(&rig);
    assert_eq!((done.records, done.left.len()), (1, 0));
    let read = read_whole(&rig).await;
    assert!(says(&read, SECRET_NAME) && !says(&read, "Thomas Kurian"));
}
