//! Desks that get a new identity or are withdrawn, what was kept aside and is decided about, and desks of other
//! versions.

use domain::{RecordId, Value};
use ed25519_dalek::SigningKey;
use server::db::device::{Device, Status};
use server::db::parked::Decided;
use server::entry::renew::Renewal;
use server::exchange::aside::Stays;
use sync_core::entry::{Renew, Renewed};
use sync_core::exchange::{Answer, Ask, OLDEST, PROTOCOL, PeerError, Reason};
use sync_core::frame::Unpacker;
use sync_core::parting::{Receipt, SignedReceipt};
use sync_core::{DeviceId, Encoded, Hash, SpaceId};
use uuid::Uuid;

use crate::rig::*;

fn renewed(rig: &Rig, desk: &Desk, key: &SigningKey) -> Option<Renewed> {
    let old = rig.server.device(desk.id).unwrap().unwrap();
    let renew = Renew::new(desk.id, key, "lakshmi", PASSWORD);
    match rig.server.renew(&old, &renew) {
        Ok(Renewal::Renewed(renewed)) => Some(*renewed),
        _ => None,
    }
}

fn under(desk: &Desk, id: DeviceId, key: SigningKey) -> Desk {
    Desk {
        id,
        key,
        changes: Vec::new(),
        ..desk.clone()
    }
}

async fn held(rig: &Rig, desk: &Desk, device: DeviceId) -> Vec<(u64, Option<Reason>)> {
    let ask = Ask::Held { device, after: 0 };
    let answers = rig.exchange(desk, vec![hello(), ask]).await.unwrap();
    let Some(Answer::Held(held)) = answers.into_iter().nth(1) else {
        panic!("no answer about the other identity");
    };
    assert!(held.is_end);
    held.changes.iter().map(|change| (change.seq, change.parked)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_identity_closes_the_old_one_and_is_given_once_for_one_key() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(2);
    rig.push(&desk, desk.all()).await;
    let key = new_key();
    let new = renewed(&rig, &desk, &key).unwrap();
    assert_eq!(
        renewed(&rig, &desk, &key).unwrap().device,
        new.device,
        "its answer may have been lost"
    );
    let second = renewed(&rig, &desk, &new_key()).unwrap();
    assert_ne!(second.device, new.device, "another computer of the same disk");

    // Under the old name nothing is taken in any more, nor given.
    desk.admit(1);
    assert_eq!(rig.push(&desk, desk.batch(3, 3)).await, Answer::Replaced);
    let answers = rig.pull(&desk, desk.space, 0).await;
    assert_eq!(answers, [Answer::Replaced]);
    assert_eq!(rig.server.device(desk.id).unwrap().unwrap().status, Status::Revoked);

    let mut next = under(&desk, new.device, key);
    assert_eq!(held(&rig, &next, desk.id).await, [(1, None), (2, None)]);
    next.admit(1);
    assert_eq!(receipt(rig.push(&next, next.all()).await).1, [3]);
    let elsewhere = rig.desk(rig.elsewhere);
    assert_eq!(held(&rig, &elsewhere, desk.id).await, [], "not for another facility");
    assert_eq!(
        held(&rig, &next, DeviceId(Uuid::nil())).await,
        [],
        "nor of what is not known"
    );

    // One that was withdrawn meanwhile still learns what arrived of its own, so that it sends nothing twice.
    rig.server.revoke(next.id).unwrap();
    assert_eq!(held(&rig, &next, desk.id).await, [(1, None), (2, None)]);
    assert_eq!(held(&rig, &next, second.device).await, [], "and nothing of others");
}

#[test]
fn a_desk_that_was_locked_out_and_a_key_of_somebody_else_get_no_new_identity() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let old = rig.server.device(desk.id).unwrap().unwrap();
    let other = rig.desk(rig.here);
    let stolen = Renew::new(other.id, &new_key(), "lakshmi", PASSWORD);
    assert!(
        rig.server.renew(&old, &stolen).is_err(),
        "the key did not ask for this desk"
    );
    let wrong = Renew::new(desk.id, &new_key(), "lakshmi", "not the one");
    assert!(matches!(rig.server.renew(&old, &wrong), Ok(Renewal::NotLetIn(_))));
    rig.server.revoke(desk.id).unwrap();
    assert!(renewed(&rig, &desk, &new_key()).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_desk_is_heard_until_it_says_that_it_holds_nothing() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    rig.server.withdraw(desk.id, false).unwrap();
    let asks = vec![hello(), Ask::Push(desk.all())];
    let answers = rig.exchange(&desk, asks).await.unwrap();
    let [
        Answer::Hello { .. },
        Answer::Receipt { parked, .. },
        Answer::Withdraw(order),
    ] = &answers[..]
    else {
        panic!("{answers:?}");
    };
    assert_eq!(parked.len(), 0, "what it brings is taken in");
    let order = order
        .read(&rig.server.own().signing_key.verifying_key(), desk.id)
        .unwrap();
    assert_eq!((order.number, order.is_now), (1, false));
    assert!(
        matches!(&rig.pull(&desk, desk.space, 0).await[..], [Answer::Withdraw(_)]),
        "it gets nothing"
    );

    let receipt = Receipt {
        device: desk.id,
        number: 1,
        last_seq: 1,
        unsent: 0,
    };
    let forged = SignedReceipt::new(&new_key(), &receipt);
    let answers = rig.exchange(&desk, vec![hello(), Ask::Parted(forged)]).await.unwrap();
    assert!(answers.contains(&Answer::NotAuthentic));
    assert_eq!(rig.server.device(desk.id).unwrap().unwrap().status, Status::Active);
    let signed = SignedReceipt::new(&desk.key, &receipt);
    for _ in 0..2 {
        let asks = vec![hello(), Ask::Parted(signed.clone())];
        let answers = rig.exchange(&desk, asks).await.unwrap();
        assert!(
            answers.contains(&Answer::Parted { number: 1 }),
            "also when it is told again"
        );
    }
    assert_eq!(rig.server.device(desk.id).unwrap().unwrap().status, Status::Revoked);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_aside_is_numbered_when_somebody_releases_it() {
    let rig = Rig::new();
    let (mut desk, reader) = (rig.desk(rig.here), rig.desk(rig.here));
    rig.server.revoke(desk.id).unwrap();
    let first = desk.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    let record = desk.changes[0].change().record;
    let mut draft = patient_draft(record);
    draft.fields = [("village".to_owned(), Value::Text("Aluva".to_owned()))].into();
    let (space, actor) = (desk.space, desk.actor);
    let second = desk.write_as(space, actor, vec![draft], &first[..1]);
    rig.push(&desk, desk.all()).await;
    assert!(rig.lsns(&reader, desk.space).await.is_empty());
    let aside = rig.server.aside().unwrap();
    assert_eq!(aside.len(), 3);
    assert!(aside.iter().all(|each| each.reason == Reason::Revoked));
    let told = rig
        .server
        .open_aside(&aside[0])
        .unwrap()
        .map(|body| body.change().record);
    assert_eq!(told, Some(record));

    assert_eq!(rig.server.release(second[0]).unwrap(), Err(Stays::DependsOnParked));
    assert_eq!(
        rig.server.release(first[1]).unwrap(),
        Ok(first.clone()),
        "the whole action"
    );
    assert_eq!(rig.server.release(first[0]).unwrap(), Err(Stays::Decided));
    assert_eq!(rig.server.release(second[0]).unwrap(), Ok(second.clone()));
    assert_eq!(rig.lsns(&reader, desk.space).await, [1, 2, 3]);
    let decided: Vec<_> = rig.server.aside().unwrap().iter().map(|each| each.decided).collect();
    assert_eq!(decided, [Some(Decided::Released); 3]);
    assert_eq!(rig.server.db().read(server::db::parked::count).unwrap(), 0);
    // The desk asks again, and hears that it was numbered.
    assert_eq!(receipt(rig.push(&desk, desk.all()).await).1, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_not_taken_in_before_the_record_that_it_edits() {
    for rig in Rig::both().await {
        let (mut desk, reader) = (rig.desk(rig.here), rig.desk(rig.here));
        rig.server.revoke(desk.id).unwrap();
        let record = new_id();
        let made = desk.write(vec![patient_draft(record)]);
        // It fills in what was empty, so that it names no change on which it builds.
        let mut village = patient_draft(record);
        village.fields = [("village".to_owned(), Value::Text("Aluva".to_owned()))].into();
        let edited = desk.write(vec![village]);
        rig.push(&desk, desk.all()).await;

        assert_eq!(rig.server.release(edited[0]).unwrap(), Err(Stays::DependsOnParked));
        assert!(rig.lsns(&reader, desk.space).await.is_empty());
        assert_eq!(rig.server.release(made[0]).unwrap(), Ok(made));
        assert_eq!(rig.server.release(edited[0]).unwrap(), Ok(edited));
        assert_eq!(rig.lsns(&reader, desk.space).await, [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_aside_stays_on_record_when_it_is_dismissed_or_written_anew() {
    let rig = Rig::new();
    let (mut desk, mut other) = (rig.desk(rig.here), rig.desk(rig.here));
    rig.server.revoke(desk.id).unwrap();
    desk.admit(2);
    rig.push(&desk, desk.all()).await;
    let [first, second] = [desk.changes[0].change().id, desk.changes[1].change().id];
    assert_eq!(rig.server.dismiss(first).unwrap(), Ok(vec![first]));
    assert_eq!(rig.server.dismiss(first).unwrap(), Err(Stays::Decided));
    other.admit(2);
    let decided = |rig: &Rig| -> Vec<_> { rig.server.aside().unwrap().iter().map(|each| each.decided).collect() };
    // A copy of the desk gave the same name to something else: that takes nothing from what is kept aside.
    let mut another = other.changes[0].change().clone();
    another.origin = Some(second);
    let mut same = other.changes[1].change().clone();
    let parked = desk.changes[1].change();
    (same.origin, same.record, same.fields) = (Some(second), parked.record, parked.fields.clone());
    let (another, same) = (Encoded::new(another), Encoded::new(same));
    other.changes = vec![another.clone()];
    rig.push(&other, other.all()).await;
    assert_eq!(decided(&rig), [Some(Decided::Dismissed), None]);
    other.changes = vec![another, same];
    rig.push(&other, other.all()).await;
    assert_eq!(decided(&rig), [Some(Decided::Dismissed), Some(Decided::Adopted)]);
    assert_eq!(rig.server.release(first).unwrap(), Err(Stays::Decided));
    let never = sync_core::ChangeId {
        device: other.id,
        seq: 9,
    };
    assert_eq!(rig.server.release(never).unwrap(), Err(Stays::Unknown));
}

/// What a desk of version 1 of the exchange said, frame by frame, as it was written then: hello, and a pull of the
/// space `facility:fac`.
const ASKS_OF_1: &str = include_str!("../golden/asks-1.hex");

/// A push of one change by the device d1 of the facility fac, as it was framed then.
const PUSH_OF_0_1: &str = include_str!("../golden/push-0.1.hex");

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits: String = hex.split_whitespace().collect();
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn asks_in(bytes: &[u8]) -> Vec<Ask> {
    let mut unpacker = Unpacker::default();
    unpacker.push(bytes);
    std::iter::from_fn(|| unpacker.take::<Ask>().unwrap()).collect()
}

fn asks_of_1() -> Vec<Ask> {
    asks_in(&bytes_of(ASKS_OF_1))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_of_the_first_version_is_answered_in_words_it_knows() {
    let rig = Rig::with(|config| config.speaks = 1..=PROTOCOL);
    let mut desk = rig.desk(rig.here);
    desk.admit(2);
    let asks = asks_of_1();
    assert!(matches!(asks[..], [Ask::Hello { protocol: 1, .. }, Ask::Pull { .. }]));
    let hello = asks[0].clone();
    let known = |answers: &[Answer]| answers.iter().all(|answer| answer.is_known_in(1));
    let pull = |cursor| Ask::Pull {
        space: desk.space,
        epoch: 1,
        cursor,
    };
    let answers = rig
        .exchange(&desk, vec![hello.clone(), Ask::Push(desk.all()), pull(0)])
        .await
        .unwrap();
    assert!(known(&answers) && matches!(answers[2], Answer::Page(_)), "{answers:?}");
    let answers = rig.exchange(&desk, asks).await.unwrap();
    assert!(
        known(&answers) && matches!(answers[1], Answer::NoSpace { .. }),
        "{answers:?}"
    );
    // What it cannot be told in its words is left out, or told in the nearest.
    rig.server.withdraw(desk.id, false).unwrap();
    let answers = rig.exchange(&desk, vec![hello.clone(), pull(2)]).await.unwrap();
    assert!(matches!(answers[..], [Answer::Hello { .. }]), "{answers:?}");
    let other = rig.desk(rig.here);
    renewed(&rig, &other, &new_key()).unwrap();
    let answers = rig.exchange(&other, vec![hello]).await.unwrap();
    assert!(
        matches!(answers[..], [Answer::Hello { .. }, Answer::Revoked]),
        "{answers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_three_versions_old_brings_all_it_has_and_after_its_update_nothing_is_lost() {
    // A server of a time to come, which speaks its own version and the two before it.
    let to_come = PROTOCOL + 2;
    let oldest = (to_come - 2).max(OLDEST + 1);
    for rig in [
        Rig::with(|config| config.speaks = oldest..=to_come),
        Rig::with(|config| config.speaks = oldest..=to_come).over_tls().await,
    ] {
        let mut desk = rig.desk(rig.here);
        desk.admit(5);
        let hello = asks_of_1()[0].clone();
        for (first, last) in [(1, 2), (3, 5)] {
            let asks = vec![hello.clone(), Ask::Push(desk.batch(first, last))];
            let answers = rig.exchange(&desk, asks).await.unwrap();
            let Some(Answer::Receipt { last_seq, numbered, .. }) = answers.get(1) else {
                panic!("{answers:?}");
            };
            assert_eq!((*last_seq, numbered.len()), (last as u64, last + 1 - first));
        }
        let pull = Ask::Pull {
            space: desk.space,
            epoch: 1,
            cursor: 0,
        };
        let refused = rig.exchange(&desk, vec![hello, pull.clone()]).await;
        assert_eq!(refused, Err(PeerError::Version), "and gets nothing");
        let updated = Ask::Hello {
            protocol: to_come,
            sent_ms: 0,
            wish: None,
            knows_ms: None,
        };
        let answers = rig.exchange(&desk, vec![updated, pull]).await.unwrap();
        let Some(Answer::Page(page)) = answers.get(1) else {
            panic!("{answers:?}");
        };
        assert_eq!((page.to, page.head), (5, 5), "all it brought is there");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_first_version_framed_is_taken_in_byte_for_byte_by_the_server_of_today() {
    let (device, facility) = (DeviceId(Uuid::from_u128(0xd1)), RecordId(Uuid::from_u128(0xfac)));
    let (space, nurse) = (SpaceId::Facility(facility.0), RecordId(Uuid::from_u128(0xac)));
    for rig in Rig::both().await {
        assert_eq!(rig.server.config().speaks, server::Config::default().speaks);
        let people = vec![
            vec![facility_draft(facility, "Old Hospital")],
            vec![person_draft(nurse, "anju", "nurse", Some(facility))],
        ];
        rig.server.author(rig.server.district(), people).unwrap();
        rig.server.add_space(space).unwrap();
        let key = SigningKey::from_bytes(&[3; 32]);
        let known = Device::new(device, Hash(key.verifying_key().to_bytes()), facility, BEGIN_MS);
        rig.server
            .db()
            .write(|tx| server::db::device::insert(&known, tx))
            .unwrap();
        let desk = Desk {
            id: device,
            key,
            space,
            actor: nurse,
            ..rig.desk(rig.here)
        };
        // The first frame says hello in version 1, the second pulls.
        let said = bytes_of(ASKS_OF_1);
        let hello_bytes = 24 + u32::from_be_bytes(said[..4].try_into().unwrap()) as usize;
        let body = [&said[..hello_bytes], &bytes_of(PUSH_OF_0_1)].concat();
        let asks = asks_in(&body);
        let Ask::Push(batch) = &asks[1] else { panic!("no push") };
        let framed = batch.changes[0].read().unwrap();
        let answers = match rig.has_http() {
            false => rig.exchange(&desk, asks.clone()).await.unwrap(),
            true => sent(&rig, &desk, body).await,
        };
        assert_eq!(receipt(answers[1].clone()), (1, vec![1], vec![]), "{answers:?}");
        let refused = rig.exchange(&desk, asks_in(&said)).await;
        assert_eq!(
            refused,
            Err(PeerError::Version),
            "it has nothing to bring, and gets nothing"
        );
        // The same desk after its update, and another, which gets the bytes as they were framed.
        let again = rig.exchange(&desk, vec![hello(), asks[1].clone()]).await.unwrap();
        assert_eq!(receipt(again[1].clone()), (1, vec![1], vec![]));
        let reader = Desk {
            id: DeviceId(Uuid::from_u128(0xd2)),
            key: new_key(),
            ..desk.clone()
        };
        let known = Device::new(
            reader.id,
            Hash(reader.key.verifying_key().to_bytes()),
            facility,
            BEGIN_MS,
        );
        rig.server
            .db()
            .write(|tx| server::db::device::insert(&known, tx))
            .unwrap();
        let pages = rig.pages(&reader, space, 0).await;
        assert_eq!((pages[0].to, pages[0].head), (1, 1));
        let handed_on = pages[0].entries[0].change.as_ref().unwrap().read().unwrap();
        assert_eq!(handed_on.bytes(), framed.bytes());
    }
}

/// Sends these very bytes.
async fn sent(rig: &Rig, desk: &Desk, body: Vec<u8>) -> Vec<Answer> {
    let response = signed(rig.http(), desk, "POST", "/v1/sync", body).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut unpacker = Unpacker::default();
    unpacker.push(&response.bytes().await.unwrap());
    std::iter::from_fn(|| unpacker.take::<Answer>().unwrap()).collect()
}
