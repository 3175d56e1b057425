//! What desks note by themselves: taken in whatever became of the person since, and altered by nobody.

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::rig::*;
use domain::audit::Event;
use domain::check::Draft;
use domain::entities::person;
use domain::{RecordId, Time, Value};
use server::heads::{Line, append, read};
use server::serve::{AuditHeads, Listen, serve};
use sync_core::Hash;
use sync_core::entry::SignIn;
use sync_core::exchange::Reason;

fn look(desk: &Desk, who: RecordId) -> Draft {
    let event = Event {
        patient: Some(new_id()),
        ..Event::new("patient_seen", Some(who), Time(BEGIN_MS))
    };
    event.draft(RecordId(desk.id.0), new_id)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looked_at_what_is_taken_in_also_of_a_person_who_may_do_nothing_any_more() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        let left = Draft::new("person", rig.here.nurse).with(&person::ACTIVE, "no");
        rig.server.author(rig.server.district(), vec![vec![left]]).unwrap();
        let seen = look(&desk, rig.here.nurse);
        desk.write_as(desk.space, rig.here.nurse, vec![seen], &[]);
        let round = Draft::new("round", new_id()).with_value("voided", Value::Code("no".into()));
        desk.write_as(desk.space, rig.here.nurse, vec![round], &[]);
        let (_, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
        assert_eq!((numbered.len(), parked), (1, vec![(2, Reason::UnknownPerson)]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notes_in_anothers_name_nor_alters_what_stands_in_the_log() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let (space, nurse) = (desk.space, rig.here.nurse);
    let own = look(&desk, nurse);
    let other = look(&desk, rig.admin);
    let (again, id) = (own.clone(), own.id);
    desk.write_as(space, nurse, vec![own], &[]);
    desk.write_as(space, nurse, vec![other], &[]);
    desk.write_as(space, nurse, vec![again], &[]);
    let voids = Draft::new("audit_event", id).with_value("voided", Value::Code("yes".into()));
    desk.write_as(space, nurse, vec![voids], &[]);
    let mixed = Draft::new("round", new_id()).with_value("voided", Value::Code("no".into()));
    let seen = look(&desk, nurse);
    desk.write_as(space, nurse, vec![seen, mixed], &[]);
    // Wrong passwords of another are told by whoever opens the desk next.
    let counted = Event {
        times: Some((Time(BEGIN_MS), 4)),
        ..Event::new("sign_in_failed", Some(rig.admin), Time(BEGIN_MS))
    };
    let counted = counted.draft(RecordId(desk.id.0), new_id);
    desk.write_as(space, nurse, vec![counted], &[]);
    let (_, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
    let refused = [2, 3, 4, 5, 6].map(|seq| (seq, Reason::NotAllowed));
    assert_eq!((numbered.len(), parked), (2, refused.to_vec()));
    let list = rig.server.aside_for(desk.id, Hash::default()).unwrap().unwrap();
    assert_eq!(
        list.actions.len(),
        1,
        "nobody decides about what a desk noted by itself"
    );
}

/// Does behind the server's back what its triggers forbid.
fn behind(rig: &Rig, sql: &str) {
    match database_of(rig) {
        Some((cluster, schema)) => {
            let tables = ["change", "event"].map(|table| format!("ALTER TABLE {table} DISABLE TRIGGER ALL;"));
            let all = format!("SET search_path TO {schema}; {} {sql}", tables.concat());
            cluster.sql(&all).unwrap();
        }
        None => {
            let conn = rusqlite::Connection::open(rig.dir().join("district.db")).unwrap();
            let triggers = [
                "change_is_never_edited",
                "change_is_never_deleted",
                "event_is_never_edited",
                "event_is_never_deleted",
            ];
            let dropped = triggers.map(|name| format!("DROP TRIGGER IF EXISTS {name};"));
            conn.execute_batch(&format!("{} {sql}", dropped.concat())).unwrap();
        }
    }
}

/// A district whose first facility has eight changes in its log, and where somebody signed in.
async fn lived_in() -> (Rig, Desk) {
    let rig = Rig::new();
    rig.server.set_password(rig.here.nurse, PASSWORD).unwrap();
    let mut desk = rig.desk(rig.here);
    desk.admit(8);
    rig.push(&desk, desk.all()).await;
    let known = rig.server.device(desk.id).unwrap().unwrap();
    let accounts = rig.server.db().read(server::db::account::all).unwrap();
    let nurse = accounts
        .iter()
        .find(|account| account.person == rig.here.nurse)
        .unwrap();
    let username = server::people::username(nurse, &rig.server.own().key).unwrap();
    for password in ["wrong", "wrong", "wrong", PASSWORD] {
        let sign_in = SignIn::new(&username, password);
        rig.server.sign_in(&known, &sign_in).unwrap();
    }
    (rig, desk)
}

fn faults(rig: &Rig) -> Vec<(String, u64, &'static str)> {
    let found = rig.server.verify().unwrap();
    found
        .faults
        .into_iter()
        .map(|each| (each.place, each.number, each.fault))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_altered_behind_the_servers_back_is_found_where_it_is() {
    let numbered = "space = (SELECT number FROM space WHERE id LIKE 'facility:%' AND head = 8)";
    for (what, number, fault) in [
        (format!("DELETE FROM change WHERE {numbered} AND lsn = 4"), 3, "missing"),
        (format!("DELETE FROM change WHERE {numbered} AND lsn = 8"), 7, "missing"),
        (
            format!("UPDATE change SET kind = 'round' WHERE {numbered} AND lsn = 5"),
            5,
            "exchanged",
        ),
        (
            format!(
                "UPDATE change SET sealed_body = (SELECT sealed_body FROM change WHERE {numbered} AND lsn = 2)
                 WHERE {numbered} AND lsn = 6"
            ),
            6,
            "altered",
        ),
        (
            format!(
                "UPDATE change SET hash = (SELECT hash FROM change WHERE {numbered} AND lsn = 1) WHERE {numbered} AND lsn = 3"
            ),
            3,
            "chain",
        ),
        (
            "UPDATE space SET chain = digest WHERE id LIKE 'facility:%' AND head = 8".to_owned(),
            8,
            "head",
        ),
    ] {
        let (rig, desk) = lived_in().await;
        assert_eq!(faults(&rig), []);
        behind(&rig, &what);
        let found = faults(&rig);
        assert_eq!(found[0], (desk.space.to_string(), number, fault), "{what}");
        assert!(
            found
                .iter()
                .all(|(place, ..)| *place == desk.space.to_string() || *place == desk.id.to_string())
        );
        let told = run(rig.dir(), &["audit", "verify"]);
        assert_eq!(told, Err((6, "not_as_written".to_owned())));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_at_the_server_is_listed_and_cannot_be_changed_without_its_key() {
    let (rig, desk) = lived_in().await;
    rig.server.revoke(desk.id).unwrap();
    let left = Draft::new("person", rig.here.nurse).with(&person::ACTIVE, "no");
    rig.server.author(rig.server.district(), vec![vec![left]]).unwrap();
    let listed = run(rig.dir(), &["audit", "list"]).unwrap();
    let of_the_end = |listed: &serde_json::Value| -> Vec<(String, u64)> {
        let lines = listed.as_array().unwrap().iter();
        let told = lines.map(|line| {
            (
                line["what"].as_str().unwrap().to_owned(),
                line["times"].as_u64().unwrap(),
            )
        });
        let told: Vec<_> = told.collect();
        told.into_iter().rev().take(6).rev().collect()
    };
    let said = |what: &str, times| (what.to_owned(), times);
    // The third wrong password in a row is no line of its own.
    assert_eq!(
        of_the_end(&listed),
        [
            said("joined", 1),
            said("sign_in_failed", 1),
            said("sign_in_failed", 2),
            said("signed_in", 1),
            said("locked_out", 1),
            said("disabled", 1)
        ]
    );
    let of_desk = run(rig.dir(), &["audit", "list", "--device", &desk.id.to_string()]).unwrap();
    assert_eq!(of_desk.as_array().unwrap().len(), 5);
    let last = listed.as_array().unwrap().len() as u64;
    assert_eq!(faults(&rig), []);
    behind(&rig, &format!("UPDATE event SET times = 1 WHERE number = {}", last - 3));
    assert_eq!(faults(&rig), [("events".to_owned(), last - 3, "altered")]);
    behind(&rig, &format!("DELETE FROM event WHERE number = {}", last - 4));
    assert_eq!(faults(&rig), [("events".to_owned(), last - 5, "missing")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_tries_passwords_on_and_on_fills_nothing() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let known = rig.server.device(desk.id).unwrap().unwrap();
    for number in 0..200 {
        let sign_in = SignIn::new(&format!("nobody.{number}"), "wrong");
        rig.server.sign_in(&known, &sign_in).unwrap();
    }
    let listed = run(rig.dir(), &["audit", "list", "--device", &desk.id.to_string()]).unwrap();
    let mut wrong = listed.as_array().unwrap().clone();
    wrong.retain(|line| line["what"] == "sign_in_failed");
    let times: Vec<u64> = wrong.iter().map(|line| line["times"].as_u64().unwrap()).collect();
    assert_eq!(times, [1, 2, 4, 8, 16, 32, 64, 128]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_was_rewritten_whole_is_found_by_the_lines_that_were_written_elsewhere() {
    let (rig, mut desk) = lived_in().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("heads");
    let key = rig.server.own().signing_key.verifying_key();
    append(&rig.server, &path).unwrap();
    desk.admit(2);
    rig.push(&desk, desk.batch(9, 10)).await;
    append(&rig.server, &path).unwrap();
    let compare = || {
        let (lines, mut faults) = read(&path, &key).unwrap();
        faults.extend(rig.server.compare_heads(&lines).unwrap());
        let faults = faults.into_iter().map(|each| (each.place, each.number, each.fault));
        (lines.len(), faults.collect::<Vec<_>>())
    };
    assert_eq!(compare(), (2, vec![]));

    // Somebody cuts the log back to eight, and all that counts it, so that it is whole by itself.
    let numbered = "(SELECT number FROM space WHERE id LIKE 'facility:%' AND head = 10)";
    behind(
        &rig,
        &format!(
            "DELETE FROM change WHERE space = {numbered} AND lsn > 8;
             UPDATE device SET last_seq = 8, chain = (SELECT chain FROM device WHERE status = 'server') WHERE last_seq = 10 AND status = 'active';
             UPDATE space SET chain = (SELECT chain FROM change WHERE space = {numbered} AND lsn = 8), head = 8 WHERE number = {numbered};"
        ),
    );
    let space = desk.space.to_string();
    assert!(faults(&rig).iter().all(|(place, ..)| *place != space));
    assert_eq!(compare(), (2, vec![(space, 10, "rewritten")]));
    let told = run(rig.dir(), &["audit", "verify", "--heads", path.to_str().unwrap()]);
    assert_eq!(told, Err((6, "not_as_written".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_was_altered_or_taken_out_is_found_and_one_that_a_power_cut_ended_is_none() {
    let rig = Rig::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("heads");
    let key = rig.server.own().signing_key.verifying_key();
    (0..3).for_each(|_| append(&rig.server, &path).unwrap());
    let whole = std::fs::read_to_string(&path).unwrap();
    let check = |text: &str, lines: usize, expected: &[(u64, &str)]| {
        std::fs::write(&path, text).unwrap();
        let (found, faults) = read(&path, &key).unwrap();
        let faults: Vec<(u64, &str)> = faults.iter().map(|each| (each.number, each.fault)).collect();
        assert_eq!((found.len(), faults.as_slice()), (lines, expected), "{text}");
    };
    check(&whole, 3, &[]);
    let lines: Vec<&str> = whole.lines().collect();
    check(&format!("{}\n{}\n", lines[0], lines[2]), 1, &[(2, "chain")]);
    check(&format!("{}\n{}\n", lines[1], lines[2]), 1, &[(1, "chain")]);
    check(
        &whole.replacen("\"events\":", "\"events\":1", 1),
        1,
        &[(1, "signature"), (2, "chain")],
    );
    // The end of the third is missing: the next line is written after it, and names it.
    let (most, _) = whole.split_at(whole.len() - 40);
    std::fs::write(&path, most).unwrap();
    append(&rig.server, &path).unwrap();
    let torn = std::fs::read_to_string(&path).unwrap();
    check(&torn, 3, &[]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read(&path, &key).unwrap().1[0].fault, "missing");
}

/// Waits until the file has so many lines, each signed, in order, and fitting the logs. Answers how many it has.
async fn has(wanted: usize, file: &Path, rig: &Rig) -> usize {
    let key = rig.server.own().signing_key.verifying_key();
    let begun = Instant::now();
    loop {
        let (lines, mut faults) = read(file, &key).unwrap();
        if lines.len() >= wanted {
            faults.extend(rig.server.compare_heads(&lines).unwrap());
            let faults: Vec<&str> = faults.iter().map(|each| each.fault).collect();
            assert_eq!(faults, Vec::<&str>::new());
            return lines.len();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{} lines", lines.len());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_writes_its_heads_again_and_again_and_goes_on_when_their_place_was_away() {
    let rig = Rig::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let disk = elsewhere.path().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let file = disk.join("heads");
    let listen = Listen {
        address: ([127, 0, 0, 1], 0).into(),
        address_file: None,
        audit_heads: Some(AuditHeads {
            file: file.clone(),
            every: Duration::from_millis(50),
        }),
    };
    tokio::spawn(serve(rig.server.clone(), listen));
    let key = rig.server.own().signing_key.verifying_key();
    let before = has(2, &file, &rig).await;
    let mut desk = rig.desk(rig.here);
    desk.admit(3);
    rig.push(&desk, desk.all()).await;
    has(before + 2, &file, &rig).await;
    let head = |lines: Vec<Line>| {
        let heads = lines.into_iter().next_back().unwrap().heads;
        heads
            .spaces
            .iter()
            .find(|head| head.space == rig.here.space)
            .unwrap()
            .head
    };
    assert_eq!(head(read(&file, &key).unwrap().0), 3);

    // The disk of the other computer is away for a while.
    let away = elsewhere.path().join("away");
    std::fs::rename(&disk, &away).unwrap();
    let before = read(&away.join("heads"), &key).unwrap().0.len();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!disk.exists());
    std::fs::rename(&away, &disk).unwrap();
    has(before + 2, &file, &rig).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_writes_its_heads_where_it_is_told_at_each_start() {
    let rig = Rig::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("heads");
    for life in 1..=2 {
        let said = elsewhere.path().join(format!("said-{life}"));
        let mut serving = program(rig.dir(), &["serve", "--listen", "127.0.0.1:0", "--address-file"])
            .arg(&said)
            .env("WARDROOM_AUDIT_HEADS", &file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        appears(&said).await;
        has(life, &file, &rig).await;
        serving.kill().unwrap();
        serving.wait().unwrap();
    }
    let told = run(rig.dir(), &["audit", "verify", "--heads", file.to_str().unwrap()]);
    assert!(told.is_ok(), "{told:?}");
}
