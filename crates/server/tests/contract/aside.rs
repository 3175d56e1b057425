//! What is kept aside is told to every desk of its author's facility, and decided there by those who may.

use domain::{RecordId, Value};
use server::db::parked::Decided;
use sync_core::aside::{AsideList, Decision, MOST_ACTIONS, Outcome, Verdict};
use sync_core::exchange::{Answer, Ask, Reason};
use sync_core::{ChangeId, Hash};

use crate::rig::*;

fn person(rig: &Rig, username: &str, role: &str, facility: Option<RecordId>) -> RecordId {
    let id = new_id();
    let draft = person_draft(id, username, role, facility);
    rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
    id
}

/// What the desk is told that knows a list of the name `told`; nothing when it is the same.
async fn told(rig: &Rig, desk: &Desk, told: Hash) -> Option<AsideList> {
    let answers = rig.exchange(desk, vec![hello(), Ask::Aside { told }]).await.unwrap();
    answers.into_iter().find_map(|answer| match answer {
        Answer::Aside(list) => Some(list),
        _ => None,
    })
}

async fn decide(rig: &Rig, desk: &Desk, by: RecordId, verdict: Verdict, change: ChangeId) -> Outcome {
    let decision = Decision {
        change,
        verdict,
        why: "copied from the paper sheet already".to_owned(),
        by,
        wall_ms: 7,
    };
    let answers = rig.exchange(desk, vec![hello(), Ask::Decide(decision)]).await.unwrap();
    let Some(Answer::Decided { change: about, outcome }) = answers.get(1) else {
        panic!("{answers:?}");
    };
    assert_eq!(*about, change);
    *outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn every_desk_of_the_facility_is_told_what_is_kept_aside_of_one_of_them() {
    for rig in Rig::both().await {
        let (mut gone, reader) = (rig.desk(rig.here), rig.desk(rig.here));
        rig.server.revoke(gone.id).unwrap();
        let first = gone.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
        gone.admit(1);
        rig.push(&gone, gone.all()).await;
        let list = told(&rig, &reader, Hash::default()).await.unwrap();
        let [both, alone] = &list.actions[..] else {
            panic!("{list:?}");
        };
        assert_eq!((both.change, both.count, both.reason), (first[0], 2, Reason::Revoked));
        assert_eq!(both.since_ms, BEGIN_MS);
        assert_eq!(both.written.unwrap().by, gone.actor);
        let said: Vec<ChangeId> = both.says.iter().map(|said| said.read().unwrap().change().id).collect();
        assert_eq!(said, first, "what it says, byte for byte");
        assert_eq!((alone.count, alone.change.seq, list.left_out), (1, 3, 0));

        assert_eq!(told(&rig, &reader, list.name).await, None, "nothing new");
        assert_eq!(
            told(&rig, &gone, Hash::default()).await,
            None,
            "the withdrawn gets nothing"
        );
        let elsewhere = rig.desk(rig.elsewhere);
        assert_eq!(told(&rig, &elsewhere, Hash::default()).await.unwrap().actions, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_aside_is_decided_by_an_admin_in_whose_reach_it_is() {
    let rig = Rig::new();
    let (mut gone, desk, elsewhere) = (rig.desk(rig.here), rig.desk(rig.here), rig.desk(rig.elsewhere));
    let (here, there) = (Some(rig.here.facility), Some(rig.elsewhere.facility));
    let admin = person(&rig, "meera", "facility_admin", here);
    let of_there = person(&rig, "joseph", "facility_admin", there);
    let viewer = person(&rig, "anitha", "district_viewer", None);
    let doctor = person(&rig, "rahul", "doctor", here);
    let district = person(&rig, "suresh", "district_admin", None);
    rig.server.revoke(gone.id).unwrap();
    let first = gone.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    let mut village = patient_draft(gone.changes[0].change().record);
    village.fields = [("village".to_owned(), Value::Text("Aluva".to_owned()))].into();
    let second = gone.write_as(gone.space, gone.actor, vec![village], &first[..1]);
    gone.admit(1);
    rig.push(&gone, gone.all()).await;
    let third = ChangeId {
        device: gone.id,
        seq: 4,
    };
    let before = told(&rig, &desk, Hash::default()).await.unwrap();

    for verdict in [Verdict::TakeIn, Verdict::Dismiss] {
        for who in [doctor, viewer, of_there, new_id()] {
            assert_eq!(decide(&rig, &desk, who, verdict, first[0]).await, Outcome::NotAllowed);
        }
        let from_there = decide(&rig, &elsewhere, district, verdict, first[0]).await;
        assert_eq!(from_there, Outcome::Unknown, "the same as none");
        let by_the_gone = decide(&rig, &gone, admin, verdict, first[0]).await;
        assert_eq!(by_the_gone, Outcome::NotAllowed, "a withdrawn desk decides nothing");
    }
    assert!(rig.lsns(&desk, desk.space).await.is_empty());
    assert_eq!(told(&rig, &desk, before.name).await, None, "everything waits as it did");

    let too_early = decide(&rig, &desk, admin, Verdict::TakeIn, second[0]).await;
    assert_eq!(too_early, Outcome::DependsOnParked);
    assert_eq!(
        decide(&rig, &desk, admin, Verdict::TakeIn, first[1]).await,
        Outcome::Done
    );
    assert_eq!(
        decide(&rig, &desk, admin, Verdict::TakeIn, first[1]).await,
        Outcome::DecidedBefore
    );
    assert_eq!(
        decide(&rig, &desk, district, Verdict::TakeIn, second[0]).await,
        Outcome::Done
    );
    assert_eq!(decide(&rig, &desk, admin, Verdict::Dismiss, third).await, Outcome::Done);
    assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3]);
    assert_eq!(told(&rig, &desk, before.name).await.unwrap().actions, []);
    let aside = rig.server.aside().unwrap();
    let decided: Vec<_> = aside
        .iter()
        .map(|each| (each.decided.unwrap(), each.decided_by.unwrap()))
        .collect();
    let released = Decided::Released;
    let wanted = [
        (released, admin),
        (released, admin),
        (released, district),
        (Decided::Dismissed, admin),
    ];
    assert_eq!(decided, wanted);
    assert_eq!(
        rig.server
            .open_why(aside[3].id, aside[3].sealed_why.as_deref())
            .unwrap(),
        "copied from the paper sheet already"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_takes_in_what_they_may_not_write_themselves() {
    let rig = Rig::new();
    let (mut desk, mut other) = (rig.desk(rig.here), rig.desk(rig.here));
    let admin = person(&rig, "meera", "facility_admin", Some(rig.here.facility));
    let district = person(&rig, "suresh", "district_admin", None);
    // A nurse makes somebody the admin of the district, and writes into another facility.
    let raised = person_draft(new_id(), "vijay", "district_admin", None);
    let (space, nurse) = (rig.server.district(), desk.actor);
    let raised = desk.write_as(space, nurse, vec![raised], &[]);
    let foreign = desk.write_as(rig.elsewhere.space, nurse, vec![patient_draft(new_id())], &[]);
    let (_, _, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!(parked, [(1, Reason::NotAllowed), (2, Reason::ForeignSpace)]);
    let list = told(&rig, &desk, Hash::default()).await.unwrap();
    let says: Vec<usize> = list.actions.iter().map(|action| action.says.len()).collect();
    assert_eq!(
        says,
        [1, 0],
        "of another facility's space nothing is told but that it is there"
    );
    assert!(list.actions[1].written.is_some());

    assert_eq!(
        decide(&rig, &desk, admin, Verdict::TakeIn, raised[0]).await,
        Outcome::NotAllowed
    );
    assert_eq!(
        decide(&rig, &desk, admin, Verdict::TakeIn, foreign[0]).await,
        Outcome::CannotBeTakenIn
    );
    assert_eq!(
        decide(&rig, &desk, district, Verdict::TakeIn, raised[0]).await,
        Outcome::Done
    );
    // What somebody wrote themselves they take back without anybody's leave; a colleague's they do not.
    let colleague = person(&rig, "biju", "nurse", Some(rig.here.facility));
    assert_eq!(
        decide(&rig, &other, colleague, Verdict::Dismiss, foreign[0]).await,
        Outcome::NotAllowed
    );
    assert_eq!(
        decide(&rig, &other, nurse, Verdict::TakeIn, foreign[0]).await,
        Outcome::NotAllowed
    );
    assert_eq!(
        decide(&rig, &other, nurse, Verdict::Dismiss, foreign[0]).await,
        Outcome::Done
    );
    other.admit(1);
    let never = other.changes[0].change().id;
    assert_eq!(
        decide(&rig, &other, admin, Verdict::TakeIn, never).await,
        Outcome::Unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_very_much_that_is_kept_aside_the_rest_is_told_when_the_first_is_decided() {
    let rig = Rig::new();
    let (mut gone, desk) = (rig.desk(rig.here), rig.desk(rig.here));
    let admin = person(&rig, "meera", "facility_admin", Some(rig.here.facility));
    rig.server.revoke(gone.id).unwrap();
    gone.admit(MOST_ACTIONS + 2);
    rig.push(&gone, gone.all()).await;
    let list = told(&rig, &desk, Hash::default()).await.unwrap();
    assert_eq!((list.actions.len(), list.left_out), (MOST_ACTIONS, 2));
    let first = list.actions[0].change;
    assert_eq!(decide(&rig, &desk, admin, Verdict::Dismiss, first).await, Outcome::Done);
    let next = told(&rig, &desk, list.name).await.unwrap();
    assert_eq!((next.actions.len(), next.left_out), (MOST_ACTIONS, 1));
    assert_eq!(next.actions[0].change, list.actions[1].change);
    assert_eq!(next.actions[MOST_ACTIONS - 1].change.seq, MOST_ACTIONS as u64 + 1);
}

/// Two actions by which a nurse makes somebody the admin of the district.
async fn two_kept_aside(rig: &Rig, author: &mut Desk) -> [ChangeId; 2] {
    let (space, nurse) = (rig.server.district(), author.actor);
    let written = ["vijay", "ammu"].map(|name| {
        let raised = person_draft(new_id(), name, "district_admin", None);
        author.write_as(space, nurse, vec![raised], &[])[0]
    });
    rig.push(author, author.all()).await;
    written
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_that_wrote_what_was_dismissed_is_told_by_whom_and_why_and_no_other_is() {
    for rig in Rig::both().await {
        let (mut author, desk) = (rig.desk(rig.here), rig.desk(rig.here));
        let admin = person(&rig, "meera", "facility_admin", Some(rig.here.facility));
        let [first, second] = two_kept_aside(&rig, &mut author).await;
        let before = told(&rig, &author, Hash::default()).await.unwrap();
        assert_eq!(before.dismissed, []);

        assert_eq!(decide(&rig, &desk, admin, Verdict::Dismiss, first).await, Outcome::Done);
        rig.server.dismiss(second).unwrap().unwrap();
        let list = told(&rig, &author, before.name).await.unwrap();
        let said: Vec<_> = list
            .dismissed
            .iter()
            .map(|each| (each.change, each.by, each.why.as_str()))
            .collect();
        let why = "copied from the paper sheet already";
        assert_eq!(said, [(second, None, ""), (first, Some(admin), why)]);
        assert_eq!(told(&rig, &author, list.name).await, None, "nothing new");
        assert_eq!(told(&rig, &desk, Hash::default()).await.unwrap().dismissed, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_that_wrote_what_was_taken_in_after_all_is_told_its_number_and_no_other_is() {
    for rig in Rig::both().await {
        let (mut author, desk) = (rig.desk(rig.here), rig.desk(rig.here));
        let [first, second] = two_kept_aside(&rig, &mut author).await;
        let before = told(&rig, &author, Hash::default()).await.unwrap();
        assert_eq!(before.taken_in, []);

        rig.server.release(second).unwrap().unwrap();
        rig.server.release(first).unwrap().unwrap();
        let list = told(&rig, &author, before.name).await.unwrap();
        let numbers: std::collections::BTreeMap<u64, u64> =
            list.taken_in.iter().map(|each| (each.seq, each.lsn)).collect();
        let [of_first, of_second] = [first, second].map(|id| numbers[&id.seq]);
        assert_eq!(of_first, of_second + 1, "as the log has them");
        assert_eq!(numbers.len(), 2);
        assert_eq!(told(&rig, &author, list.name).await, None, "nothing new");
        assert_eq!(told(&rig, &desk, Hash::default()).await.unwrap().taken_in, []);
    }
}
