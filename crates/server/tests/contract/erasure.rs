//! A person is erased: their bodies go, the proof of the log stays, and nothing of theirs comes back.

use std::collections::BTreeMap;

use domain::entities::{encounter, erased, erasure, patient, round};
use domain::erasure::named;
use domain::{Date, Draft, RecordId, Time, Value};
use server::erasures::{Against, Standing, Undone};
use sync_core::aside::{Decision, Outcome, Verdict};
use sync_core::exchange::{Answer, Ask, READS_STUBS, Reason};
use sync_core::{Chain, ChangeId, Digest, Encoded, Hash, PeerError, RecordState};

use crate::rig::*;

/// Somebody with an admission that is over, in one action with somebody else's registration.
struct Patient {
    id: RecordId,
    admission: RecordId,
    other: RecordId,
}

fn admission(of: RecordId) -> Draft {
    let admitted = Draft::new("encounter", new_id()).with(&encounter::PATIENT, of);
    admitted.with(&encounter::ADMITTED_AT, Time(BEGIN_MS - Time::DAY_MS))
}

fn lived_in(desk: &mut Desk) -> Patient {
    let (id, other) = (new_id(), new_id());
    let neighbour = Draft::new("patient", other).with(&patient::NAME, "Thomas Kurian");
    let ended = admission(id).with(&encounter::DISCHARGED_AT, Time(BEGIN_MS - Time::HOUR_MS));
    let first = desk.write(vec![patient_draft(id), neighbour]);
    let renamed = Draft::new("patient", id).with(&patient::NAME, format!("{SECRET_NAME} 2"));
    let (space, actor) = (desk.space, desk.actor);
    desk.write_as(space, actor, vec![renamed], &first[..1]);
    let admission = ended.id;
    desk.write(vec![ended]);
    desk.write(vec![Draft::new("round", new_id()).with(&round::ENCOUNTER, admission)]);
    Patient { id, admission, other }
}

fn request(of: RecordId) -> Draft {
    let asked = Draft::new("erasure", new_id()).with(&erasure::PATIENT, of);
    let asked = asked.with(&erasure::REASON, "asked");
    asked.with(&erasure::ASKED_ON, Date::new(2026, 9, 1).unwrap())
}

/// An admin of the facility asks at the desk that somebody be erased.
async fn ask(rig: &Rig, desk: &mut Desk, of: RecordId) -> RecordId {
    let draft = request(of);
    let id = draft.id;
    desk.write_as(desk.space, rig.admin, vec![draft], &[]);
    let last = desk.changes.len();
    let (_, numbered, parked) = receipt(rig.push(desk, desk.batch(last, last)).await);
    assert_eq!((numbered.len(), parked), (1, vec![]));
    id
}

fn stands(rig: &Rig, id: RecordId) -> Standing {
    let all = rig.server.erasures().unwrap();
    all.into_iter().find(|asked| asked.id == id).unwrap().stands
}

/// The whole log as another desk reads it: each change, the chain recomputed, and the digest of what they fold to.
pub async fn read_whole(rig: &Rig) -> Vec<Encoded> {
    let reader = rig.desk(rig.here);
    let (mut chain, mut read, mut told) = (Chain::default(), Vec::new(), None);
    let mut states: BTreeMap<(String, RecordId), RecordState> = BTreeMap::new();
    for page in rig.pages(&reader, reader.space, 0).await {
        for entry in page.entries {
            let change = entry.change.unwrap().read().unwrap();
            chain = chain.with_entry(entry.lsn, entry.id, change.hash());
            let of = change.change();
            let key = (of.kind.clone(), of.record);
            let state = states
                .entry(key)
                .or_insert_with(|| RecordState::new(&of.kind, of.record));
            state.apply(of, Some(entry.lsn), |_| true);
            for (kind, record) in named(&of.kind, &of.fields) {
                states.remove(&(kind, record));
            }
            read.push(change);
        }
        assert_eq!(chain, page.chain, "the chain is what it was");
        told = page.digest;
    }
    let sum = states
        .values()
        .map(RecordState::digest)
        .fold(Digest::default(), Digest::plus);
    assert_eq!(told, Some(sum));
    read
}

pub fn says(changes: &[Encoded], text: &str) -> bool {
    let said = |change: &Encoded| String::from_utf8_lossy(change.bytes()).contains(text);
    changes.iter().any(said)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_goes_with_all_their_records_and_the_proof_of_the_log_stays() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        let person = lived_in(&mut desk);
        rig.push(&desk, desk.all()).await;
        let before = read_whole(&rig).await;
        assert!(says(&before, SECRET_NAME));
        let asked = ask(&rig, &mut desk, person.id).await;
        assert_eq!(stands(&rig, asked), Standing::Waiting { records: 3 });

        let done = rig.server.carry_out(asked).unwrap().unwrap();
        assert_eq!((done.records, done.changes), (3, 4));
        let after = read_whole(&rig).await;
        assert!(!says(&after, SECRET_NAME));
        assert!(says(&after, "Thomas Kurian"), "who was written down with them stays");
        let hashes = |all: &[Encoded]| all.iter().map(Encoded::hash).collect::<Vec<_>>();
        assert_eq!(hashes(&after[..before.len()]), hashes(&before));
        let stubs = after.iter().filter(|change| change.change().is_stub()).count();
        assert_eq!(stubs, 4);
        let written = after.last().unwrap().change();
        assert_eq!(written.kind, erased::ERASED.kind);
        assert_eq!(written.fields.get("asked_by"), Some(&Value::Ref(rig.admin)));
        let names = named(&written.kind, &written.fields);
        assert!(names.contains(&("encounter".to_owned(), person.admission)));
        assert!(!names.iter().any(|(_, id)| *id == person.other));

        let found = rig.server.verify().unwrap();
        assert_eq!(found.faults, []);
        assert!(matches!(stands(&rig, asked), Standing::CarriedOut { at: Some(_) }));
        let again = rig.server.carry_out(asked).unwrap();
        assert!(matches!(again, Err(Undone::Stands(Standing::CarriedOut { .. }))));
        // The desk that wrote it is told the numbers it was told before, also when it sends anew.
        let (_, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
        assert_eq!((numbered.len(), parked), (desk.changes.len(), vec![]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_erased_who_is_in_in_conflict_or_kept_aside() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let person = lived_in(&mut desk);
    let again = admission(person.id).with(&encounter::ADMITTED_AT, Time(BEGIN_MS - Time::MINUTE_MS));
    let open = again.id;
    desk.write(vec![again]);
    rig.push(&desk, desk.all()).await;
    let asked = ask(&rig, &mut desk, person.id).await;
    let hindered = |against: Against| Standing::Hindered([against].into());
    assert_eq!(stands(&rig, asked), hindered(Against::IsIn));
    let undone = rig.server.carry_out(asked).unwrap();
    assert_eq!(undone, Err(Undone::Stands(hindered(Against::IsIn))));

    let leaves = Draft::new("encounter", open).with(&encounter::DISCHARGED_AT, Time(BEGIN_MS));
    desk.write(vec![leaves]);
    let mut other = rig.desk(rig.here);
    let renamed = other.write(vec![Draft::new("patient", person.id).with(&patient::NAME, "Another")]);
    rig.push(&desk, desk.all()).await;
    rig.push(&other, other.all()).await;
    assert_eq!(stands(&rig, asked), hindered(Against::InConflict));
    let heads = [renamed[0], desk.changes[2].change().id];
    let decided = Draft::new("patient", person.id).with(&patient::NAME, SECRET_NAME);
    desk.write_as(desk.space, desk.actor, vec![decided], &heads);
    let mut gone = rig.desk(rig.here);
    let late = gone.write(vec![Draft::new("round", new_id()).with(&round::ENCOUNTER, open)]);
    rig.server.revoke(gone.id).unwrap();
    rig.push(&desk, desk.all()).await;
    rig.push(&gone, gone.all()).await;
    assert_eq!(stands(&rig, asked), hindered(Against::KeptAside));
    rig.server.dismiss(late[0]).unwrap().unwrap();
    let Standing::Waiting { records } = stands(&rig, asked) else {
        panic!("{:?}", stands(&rig, asked));
    };
    assert_eq!(records, 5, "what was only ever kept aside is theirs too");
    rig.server.carry_out(asked).unwrap().unwrap();
    let aside = rig.server.aside().unwrap();
    let left = rig.server.open_aside(&aside[0]).unwrap().unwrap();
    assert!(left.change().is_stub(), "its body went with the others");
    read_whole(&rig).await;

    let withdrawn = ask(&rig, &mut desk, person.other).await;
    let back = Draft::new("erasure", withdrawn).with_value("voided", Value::Code("yes".into()));
    desk.write_as(desk.space, rig.admin, vec![back], &[]);
    rig.push(&desk, desk.all()).await;
    assert_eq!(stands(&rig, withdrawn), Standing::Withdrawn);
    let nobody = ask(&rig, &mut desk, new_id()).await;
    assert_eq!(stands(&rig, nobody), hindered(Against::NothingIsKept));
    assert_eq!(rig.server.carry_out(new_id()).unwrap(), Err(Undone::Unknown));
}

async fn decide(rig: &Rig, desk: &Desk, verdict: Verdict, change: ChangeId) -> Outcome {
    let decision = Decision {
        change,
        verdict,
        why: "they were erased".to_owned(),
        by: rig.admin,
        wall_ms: 7,
    };
    let answers = rig.exchange(desk, vec![hello(), Ask::Decide(decision)]).await.unwrap();
    match answers[1] {
        Answer::Decided { outcome, .. } => outcome,
        ref other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_waits_with_its_author_and_is_folded_by_nobody() {
    for rig in Rig::both().await {
        let (mut desk, mut late) = (rig.desk(rig.here), rig.desk(rig.here));
        let person = lived_in(&mut desk);
        rig.push(&desk, desk.all()).await;
        let asked = ask(&rig, &mut desk, person.id).await;
        rig.server.carry_out(asked).unwrap().unwrap();

        let again = admission(person.id);
        let of_it = Draft::new("round", new_id()).with(&round::ENCOUNTER, again.id);
        let of_old = Draft::new("round", new_id()).with(&round::ENCOUNTER, person.admission);
        let renamed = Draft::new("patient", person.id).with(&patient::NAME, SECRET_NAME);
        for draft in [again, of_it, of_old, renamed] {
            late.write(vec![draft]);
        }
        late.admit(1);
        let (_, numbered, parked) = receipt(rig.push(&late, late.all()).await);
        let aside = [1, 2, 3, 4].map(|seq| (seq, Reason::Erased));
        assert_eq!((numbered.len(), parked), (1, aside.to_vec()));
        let answers = rig
            .exchange(&desk, vec![hello(), Ask::Aside { told: Hash::default() }])
            .await;
        let Answer::Aside(list) = answers.unwrap().remove(1) else {
            panic!("no list")
        };
        assert_eq!(list.actions.len(), 4);
        assert_eq!(list.actions[0].written.unwrap().by, late.actor);

        let ids: Vec<ChangeId> = late.changes.iter().map(|change| change.change().id).collect();
        for id in &ids[..4] {
            assert_eq!(
                decide(&rig, &desk, Verdict::TakeIn, *id).await,
                Outcome::CannotBeTakenIn
            );
            assert!(rig.server.release(*id).unwrap().is_err());
            assert_eq!(decide(&rig, &desk, Verdict::Dismiss, *id).await, Outcome::Done);
        }
        for aside in rig.server.aside().unwrap() {
            let left = rig.server.open_aside(&aside).unwrap().unwrap();
            assert!(
                left.change().is_stub(),
                "nobody keeps what was dismissed of somebody who was erased"
            );
        }
        let read = read_whole(&rig).await;
        assert!(says(&read, &person.admission.to_string()), "their ids stay");
        assert_eq!(
            receipt(rig.push(&late, late.all()).await).2.len(),
            4,
            "it is known again"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_could_not_do_the_same_is_told_to_be_updated_and_brings_what_it_has() {
    let rig = Rig::new();
    let (mut desk, mut old) = (rig.desk(rig.here), rig.desk(rig.here));
    let person = lived_in(&mut desk);
    rig.push(&desk, desk.all()).await;
    let hello = |protocol| Ask::Hello {
        protocol,
        sent_ms: BEGIN_MS,
        wish: None,
        knows_ms: None,
    };
    let pull = || Ask::Pull {
        space: old.space,
        epoch: 1,
        cursor: 0,
    };
    let speaks = READS_STUBS - 1;
    let answers = rig.exchange(&old, vec![hello(speaks), pull()]).await.unwrap();
    assert!(answers.iter().any(|answer| matches!(answer, Answer::Page(_))));
    let asked = ask(&rig, &mut desk, person.id).await;
    rig.server.carry_out(asked).unwrap().unwrap();
    let refused = rig.exchange(&old, vec![hello(speaks), pull()]).await;
    assert_eq!(refused, Err(PeerError::Version));
    let pull = pull();
    old.admit(1);
    let asks = vec![hello(speaks), Ask::Push(old.all()), pull];
    let answers = rig.exchange(&old, asks).await.unwrap();
    assert!(matches!(answers[1], Answer::Receipt { last_seq: 1, .. }));
    assert!(!answers.iter().any(|answer| matches!(answer, Answer::Page(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_erases_but_the_server_itself() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let person = lived_in(&mut desk);
    let forged = Draft::new("erased", new_id()).with(&erased::RECORDS, format!("patient {}", person.id));
    let forged = desk.write_as(
        desk.space,
        rig.admin,
        vec![forged.with(&erased::AT, Time(BEGIN_MS))],
        &[],
    );
    let (_, _, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!(parked, [(forged[0].seq, Reason::NotAllowed)]);
    assert!(rig.server.release(forged[0]).unwrap().is_err());
    assert_eq!(
        decide(&rig, &desk, Verdict::TakeIn, forged[0]).await,
        Outcome::NotAllowed
    );
    let nurse = request(person.id);
    desk.write_as(desk.space, rig.here.nurse, vec![nurse], &[]);
    let (_, _, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!(
        parked.last().unwrap().1,
        Reason::NotAllowed,
        "nor does a nurse ask for it"
    );
    assert!(says(&read_whole(&rig).await, SECRET_NAME));
}

/// Tries a statement on the tables themselves, with all their triggers.
fn tried(rig: &Rig, sql: &str) -> Result<(), String> {
    match database_of(rig) {
        Some((cluster, schema)) => {
            let sql = format!("SET search_path TO {schema}; {sql}");
            cluster.sql(&sql).map(drop).map_err(|error| error.to_string())
        }
        None => {
            let conn = rusqlite::Connection::open(rig.dir().join("district.db")).unwrap();
            conn.execute_batch(sql).map_err(|error| error.to_string())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_gives_up_its_body_alone_once_and_to_a_change_that_erases() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let person = lived_in(&mut desk);
    rig.push(&desk, desk.all()).await;
    let asked = ask(&rig, &mut desk, person.id).await;
    rig.server.carry_out(asked).unwrap().unwrap();
    // The neighbour's registration stands second; what erases stands last.
    let space = "(SELECT space FROM change WHERE erases = 1)";
    let by = "(SELECT lsn FROM change WHERE erases = 1)";
    let of = |lsn: u64| format!("WHERE space = {space} AND lsn = {lsn}");
    let refused = |sql: String| {
        let said = tried(&rig, &sql).unwrap_err();
        assert!(said.contains("never edited"), "{sql}: {said}");
    };
    refused(format!("UPDATE change SET sealed_body = chain {}", of(2)));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = 3 {}",
        of(2)
    ));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = 0 {}",
        of(2)
    ));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = {by}, hash = chain {}",
        of(2)
    ));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = {by}, record = chain {}",
        of(2)
    ));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = {by} {}",
        of(1)
    ));
    refused(format!(
        "UPDATE change SET sealed_body = chain, erased_by = {by} WHERE erases = 1"
    ));
    assert!(tried(&rig, &format!("DELETE FROM change {}", of(1))).is_err());
    assert_eq!(rig.server.verify().unwrap().faults, []);
    // Whoever has the file may do what the tables allow; the walk finds whom the change does not name.
    let allowed = tried(
        &rig,
        &format!("UPDATE change SET sealed_body = chain, erased_by = {by} {}", of(2)),
    );
    assert_eq!(allowed, Ok(()));
    let faults = rig.server.verify().unwrap().faults;
    assert_eq!((faults.len(), faults[0].number), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_import_brings_nobody_back() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let (id, admitted) = (new_id(), new_id());
    let drafts = || {
        let admission = Draft::new("encounter", admitted).with(&encounter::PATIENT, id);
        let admission = admission
            .with(&encounter::ADMITTED_AT, Time(0))
            .with(&encounter::DISCHARGED_AT, Time(1));
        let seen = Draft::new("round", RecordId(uuid::Uuid::new_v5(&id.0, b"seen"))).with(&round::ENCOUNTER, admitted);
        vec![patient_draft(id), admission, seen]
    };
    let importer = uuid::Uuid::new_v5(&uuid::Uuid::nil(), b"import");
    let (server, space) = (&rig.server, rig.here.space);
    server
        .take_over(space, server.compare(space, importer, drafts()).unwrap())
        .unwrap();
    let asked = ask(&rig, &mut desk, id).await;
    assert_eq!(server.carry_out(asked).unwrap().unwrap().records, 3);
    // A new admission of the same person, with a round of its own.
    let later = Draft::new("encounter", new_id()).with(&encounter::PATIENT, id);
    let of_later = Draft::new("round", new_id()).with(&round::ENCOUNTER, later.id);
    let mut all = drafts();
    all.extend([later, of_later, patient_draft(new_id())]);
    let takeover = server.compare(space, importer, all).unwrap();
    assert_eq!((takeover.erased, takeover.records()), (5, 1));
    server.take_over(space, takeover).unwrap();
    assert_eq!(server.verify().unwrap().faults, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_types_a_word_before_somebody_is_erased() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let person = lived_in(&mut desk);
    rig.push(&desk, desk.all()).await;
    let none = run(rig.dir(), &["erasure", "list"]).unwrap();
    assert_eq!(none, serde_json::json!([]));
    let asked = ask(&rig, &mut desk, person.id).await.to_string();
    let listed = run(rig.dir(), &["erasure", "list"]).unwrap();
    assert_eq!(
        (&listed[0]["standing"], &listed[0]["records"]),
        (&"waiting".into(), &3.into())
    );
    assert!(!listed.to_string().contains(SECRET_NAME));
    let refused = run_with(rig.dir(), &["erasure", "carry-out", &asked], "no\n").unwrap_err();
    assert_eq!(refused.0, 5);
    assert!(says(&read_whole(&rig).await, SECRET_NAME));
    let unknown = run(rig.dir(), &["erasure", "carry-out", &new_id().to_string(), "--yes"]);
    assert_eq!(unknown.unwrap_err().0, 4);
    let done = run_with(rig.dir(), &["erasure", "carry-out", &asked], "erase\n").unwrap();
    assert_eq!(done, serde_json::json!({ "records": 3, "changes": 4, "swept": true }));
    assert!(!says(&read_whole(&rig).await, SECRET_NAME));
    let (code, why) = run(rig.dir(), &["erasure", "carry-out", &asked, "--yes"]).unwrap_err();
    assert_eq!((code, &*why), (5, "unacceptable"));
    let listed = run(rig.dir(), &["erasure", "list", "--all"]).unwrap();
    assert_eq!(listed[0]["standing"], "carried_out");
    assert_eq!(run(rig.dir(), &["audit", "verify"]).unwrap()["is_whole"], true);
    let events = run(rig.dir(), &["audit", "list"]).unwrap();
    let all = events.as_array().unwrap();
    assert!(all.iter().any(|event| event["what"] == "erased"), "{events}");
}
