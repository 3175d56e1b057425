//! A desk proves who wrote what it brings, and that somebody signed in there who may read: by the grants that the server
//! signed. Its own word is not enough, as soon as it speaks the version in which it shows them.

use domain::{RecordId, Time, Value};
use server::entry::renew::Renewal;
use sync_core::aside::{Decision, Outcome, Verdict};
use sync_core::entry::{Grant, Renew, SignIn, SignedGrant};
use sync_core::exchange::{Answer, Ask, MOST_GRANTS, PeerError, Reason, SHOWS_GRANTS};
use sync_core::snapshot::{AskManifest, AskPieces};
use sync_core::{ChangeId, DeviceId, Hash};
use uuid::Uuid;

use crate::rig::*;

fn before() -> Ask {
    Ask::Hello {
        protocol: SHOWS_GRANTS - 1,
        sent_ms: 0,
        wish: None,
        knows_ms: None,
    }
}

/// What becomes of all that the desk wrote when it shows these grants alone.
async fn parked(rig: &Rig, desk: &Desk, hello: Ask, shown: Vec<SignedGrant>) -> Vec<(u64, Reason)> {
    let asks = vec![hello, Ask::Grants(shown), Ask::Push(desk.all())];
    let answers = rig.exchange_as_said(desk, asks).await.unwrap();
    receipt(answers.into_iter().nth(1).unwrap()).2
}

fn altered(signed: &SignedGrant, change: impl FnOnce(&mut Grant)) -> SignedGrant {
    let mut grant: Grant = serde_json::from_str(&signed.text).unwrap();
    change(&mut grant);
    SignedGrant {
        text: serde_json::to_string(&grant).unwrap(),
        ..signed.clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_proves_to_have_written_is_kept_aside_whatever_its_desk_says() {
    for rig in Rig::both().await {
        let other = rig.desk(rig.here);
        let elsewhere = rig.desk(rig.elsewhere);
        let raised = |desk: &mut Desk| {
            let draft = person_draft(rig.here.nurse, "lakshmi", "district_admin", None);
            desk.write_as(rig.server.district(), rig.admin, vec![draft], &[]);
        };
        let mut desk = rig.desk(rig.here);
        raised(&mut desk);
        let right = desk.grant(rig.admin).unwrap();
        let forger = Desk {
            grants: Some((new_key(), rig.server.district())),
            ..desk.clone()
        };
        for (shown, what) in [
            (vec![], "nothing"),
            (vec![desk.grant(rig.here.nurse).unwrap()], "somebody else's"),
            (vec![other.grant(rig.admin).unwrap()], "another desk's"),
            (vec![elsewhere.grant(rig.admin).unwrap()], "another facility's desk's"),
            (vec![forger.grant(rig.admin).unwrap()], "one that somebody else signed"),
            (
                vec![altered(&desk.grant(rig.here.nurse).unwrap(), |grant| {
                    grant.person = rig.admin
                })],
                "one that was altered",
            ),
        ] {
            let mut desk = rig.desk(rig.here);
            raised(&mut desk);
            let said = parked(&rig, &desk, hello(), shown).await;
            assert_eq!(said, [(1, Reason::NotSignedIn)], "{what}");
        }
        assert_eq!(parked(&rig, &desk, hello(), vec![right]).await, [], "her own");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_once_showed_grants_is_held_to_it_and_an_older_one_is_believed() {
    for rig in Rig::both().await {
        let mut older = rig.desk(rig.here);
        older.admit(1);
        assert_eq!(parked(&rig, &older, before(), vec![]).await, []);

        let mut desk = rig.desk(rig.here);
        desk.admit(1);
        rig.exchange(&desk, vec![hello()]).await.unwrap();
        let said = parked(&rig, &desk, before(), vec![]).await;
        assert_eq!(said, [(1, Reason::NotSignedIn)]);
        // Neither does it help to say nothing of one's version.
        desk.admit(1);
        let answers = rig.exchange_as_said(&desk, vec![Ask::Push(desk.batch(2, 2))]).await;
        let said = receipt(answers.unwrap().into_iter().nth(1).unwrap()).2;
        assert_eq!(said, [(2, Reason::NotSignedIn)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_where_nobody_may_read_now_brings_its_work_and_gets_nothing() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(2);
        let nurse = desk.grant(rig.here.nurse).unwrap();
        let asks = |shown: Vec<SignedGrant>| {
            let pull = Ask::Pull {
                space: desk.space,
                epoch: 1,
                cursor: 0,
            };
            let told = Hash::default();
            let device = rig.desk(rig.here).id;
            let held = Ask::Held { device, after: 0 };
            vec![
                hello(),
                Ask::Grants(shown),
                Ask::Push(desk.all()),
                held,
                Ask::Aside { told },
                pull,
            ]
        };
        let ended = |answers: &[Answer], is_gone: Option<RecordId>| match answers {
            [
                Answer::Hello { .. },
                Answer::Receipt { .. },
                Answer::NotSignedIn { gone },
            ] => *gone == Vec::from_iter(is_gone),
            _ => false,
        };
        // Whose right ran out may not read, and proves still what they wrote.
        rig.wait(1_001 * Time::DAY_MS);
        let answers = rig.exchange_as_said(&desk, asks(vec![nurse.clone()])).await.unwrap();
        assert!(ended(&answers, None), "{answers:?}");
        assert_eq!(receipt(answers[1].clone()).2, []);
        rig.wait(-1_001 * Time::DAY_MS);
        // Nor who does not work here, or is not known, or signed in on another desk alone.
        let (of_there, nobody) = (rig.elsewhere.nurse, new_id());
        let at_another = rig.desk(rig.here).grant(rig.here.nurse).unwrap();
        for (shown, gone) in [
            (vec![desk.grant(of_there).unwrap()], Some(of_there)),
            (vec![desk.grant(nobody).unwrap()], None),
            (vec![at_another], None),
            (vec![], None),
        ] {
            let answers = rig.exchange_as_said(&desk, asks(shown)).await.unwrap();
            assert!(ended(&answers, gone), "{answers:?}");
        }
        let answers = rig.exchange_as_said(&desk, asks(vec![nurse.clone()])).await.unwrap();
        assert!(
            answers.iter().any(|answer| matches!(answer, Answer::Page(_))),
            "{answers:?}"
        );
        // As soon as she left, hers counts no more, and the desk is told so.
        let mut left = person_draft(rig.here.nurse, "lakshmi", "nurse", Some(rig.here.facility));
        left.fields.insert("active".into(), Value::Code("no".into()));
        rig.server.author(rig.server.district(), vec![vec![left]]).unwrap();
        let answers = rig.exchange_as_said(&desk, asks(vec![nurse])).await.unwrap();
        assert!(ended(&answers, Some(rig.here.nurse)), "{answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_and_their_pieces_are_for_desks_alone_where_somebody_may_read() {
    let rig = Rig::new().over_tls().await;
    let desk = rig.desk(rig.here);
    let drafts = (0..1_200).map(|_| vec![patient_draft(new_id())]).collect();
    rig.server.author(desk.space, drafts).unwrap();
    let signed_manifest = rig.server.newest_snapshot(desk.space).unwrap().unwrap();
    let manifest = signed_manifest.read(&rig.server.verifying_key()).unwrap();
    let asked = async |grant: Option<SignedGrant>| {
        let space = desk.space;
        let offer = AskManifest {
            space,
            grant: grant.clone(),
        };
        let pieces = AskPieces {
            space,
            hashes: vec![manifest.pieces[0].hash],
            from: 0,
            grant,
        };
        let mut statuses = Vec::new();
        for (path, body) in [
            ("/v1/snapshot", serde_json::to_vec(&offer).unwrap()),
            ("/v1/pieces", serde_json::to_vec(&pieces).unwrap()),
        ] {
            let response = signed(rig.http(), &desk, "POST", path, body).send().await.unwrap();
            statuses.push(response.status().as_u16());
        }
        statuses
    };
    // A desk of an older version shows none, and is believed until it speaks this one.
    assert_eq!(asked(None).await, [200, 200]);
    rig.exchange(&desk, vec![hello()]).await.unwrap();
    assert_eq!(asked(None).await, [403, 403]);
    let other = rig.desk(rig.here).grant(rig.here.nurse);
    assert_eq!(asked(other).await, [403, 403]);
    assert_eq!(asked(desk.grant(rig.here.nurse)).await, [200, 200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_of_another_name_brings_what_was_written_under_the_one_before() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let under = |id: DeviceId, key| {
        let mut next = Desk {
            id,
            key,
            ..desk.clone()
        };
        next.admit(1);
        next
    };
    let former = desk.grant(rig.here.nurse).unwrap();
    rig.exchange(&desk, vec![hello()]).await.unwrap();

    let key = new_key();
    let old = rig.server.device(desk.id).unwrap().unwrap();
    let Renewal::Renewed(renewed) = rig
        .server
        .renew(&old, &Renew::new(desk.id, &key, "admin", PASSWORD))
        .unwrap()
    else {
        panic!("no new identity");
    };
    let next = under(renewed.device, key);
    assert_eq!(
        parked(&rig, &next, before(), vec![]).await,
        [(1, Reason::NotSignedIn)],
        "it is held to what its former was"
    );
    let key = new_key();
    let old = rig.server.device(next.id).unwrap().unwrap();
    let Renewal::Renewed(renewed) = rig
        .server
        .renew(&old, &Renew::new(next.id, &key, "admin", PASSWORD))
        .unwrap()
    else {
        panic!("no new identity");
    };
    let last = under(renewed.device, key);
    assert_eq!(parked(&rig, &last, hello(), vec![former.clone()]).await, []);

    // One that joined anew, since the district knows its former no more, or withdrew it.
    let withdrawn = rig.desk(rig.here);
    rig.server.revoke(withdrawn.id).unwrap();
    let unknown = under(DeviceId(Uuid::now_v7()), new_key());
    for gone in [&withdrawn, &unknown] {
        let mut anew = rig.desk(rig.here);
        anew.admit(1);
        let shown = vec![gone.grant(rig.here.nurse).unwrap()];
        assert_eq!(parked(&rig, &anew, hello(), shown.clone()).await, []);
        // Not at another facility, though.
        let mut there = rig.desk(rig.elsewhere);
        there.write_as(there.space, rig.here.nurse, vec![patient_draft(new_id())], &[]);
        assert_eq!(parked(&rig, &there, hello(), shown).await, [(1, Reason::NotSignedIn)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_about_what_is_kept_aside_in_the_name_of_another() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.write_as(desk.space, new_id(), vec![patient_draft(new_id())], &[]);
    rig.push(&desk, desk.all()).await;
    let decide = async |by: RecordId, shown: Vec<SignedGrant>| {
        let decision = Decision {
            change: ChangeId {
                device: desk.id,
                seq: 1,
            },
            verdict: Verdict::Dismiss,
            why: String::new(),
            by,
            wall_ms: 7,
        };
        let asks = vec![hello(), Ask::Grants(shown), Ask::Decide(decision)];
        let answers = rig.exchange_as_said(&desk, asks).await.unwrap();
        match &answers[1] {
            Answer::Decided { outcome, .. } => *outcome,
            other => panic!("{other:?}"),
        }
    };
    let nurse = desk.grant(rig.here.nurse).unwrap();
    assert_eq!(decide(rig.admin, vec![]).await, Outcome::NotAllowed);
    assert_eq!(decide(rig.admin, vec![nurse]).await, Outcome::NotAllowed);
    let admin = desk.grant(rig.admin).unwrap();
    assert_eq!(decide(rig.admin, vec![admin]).await, Outcome::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_grant_of_a_real_sign_in_is_what_is_shown() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    let device = rig.server.device(desk.id).unwrap().unwrap();
    let sign_in = SignIn::new("lakshmi", PASSWORD);
    let server::entry::sign_in::Outcome::In(signed_in) = rig.server.sign_in(&device, &sign_in).unwrap() else {
        panic!("not let in");
    };
    assert_eq!(parked(&rig, &desk, hello(), vec![signed_in.grant]).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_grants_are_looked_at_than_a_desk_can_need() {
    for rig in Rig::both().await {
        let desk = rig.desk(rig.here);
        let one = desk.grant(rig.here.nurse).unwrap();
        let at_once = vec![hello(), Ask::Grants(vec![one.clone(); MOST_GRANTS + 1])];
        assert_eq!(rig.exchange_as_said(&desk, at_once).await, Err(PeerError::TooLarge));
        let mut one_by_one = vec![Ask::Grants(vec![one]); MOST_GRANTS + 1];
        one_by_one.insert(0, hello());
        assert_eq!(rig.exchange_as_said(&desk, one_by_one).await, Err(PeerError::TooLarge));
    }
}
