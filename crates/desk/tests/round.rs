//! What a desk says in one round.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::sync::Arc;

use desk::grants;
use desk::round::{DeskSide, Heard};
use domain::{Draft, RecordId, Time, Value};
use ed25519_dalek::SigningKey;
use store::{Action, DatabaseKey, Spaces, Store};
use sync_core::certificate::{Certificate, SignedCertificate};
use sync_core::entry::{Grant, SignedGrant};
use sync_core::exchange::{Answer, Ask, Batch, Numbered};
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

const SPACE: SpaceId = SpaceId::Facility(Uuid::nil());

fn register(store: &Store, number: u128) {
    let patient = Draft::new("patient", RecordId(Uuid::from_u128(number)));
    let action = Action {
        drafts: vec![patient.with_value("name", Value::Text("Lakshmi".to_owned()))],
        as_of: store.as_of().unwrap(),
        actor: RecordId(Uuid::nil()),
        session: Uuid::nil(),
        wall_ms: 0,
        new_action: Uuid::from_u128(number),
        resolve: false,
        home: Spaces {
            facility: SPACE,
            district: SPACE,
        },
    };
    store.save(action).unwrap();
}

fn new_desk() -> (tempfile::TempDir, Arc<Store>, DeskSide) {
    let folder = tempfile::TempDir::new().unwrap();
    let device = DeviceId(Uuid::from_u128(1));
    let store = Store::create(&folder.path().join("ward.db"), &DatabaseKey::new(&[7; 32]), device).unwrap();
    let store = Arc::new(store);
    let side = DeskSide::new(Arc::clone(&store), SigningKey::from_bytes(&[7; 32]));
    (folder, store, side)
}

fn batches(side: &DeskSide) -> Vec<Batch> {
    let asks = side.asks(0).unwrap().into_iter();
    asks.filter_map(|ask| match ask {
        Ask::Push(batch) => Some(batch),
        _ => None,
    })
    .collect()
}

#[test]
fn a_desk_opened_many_times_without_a_network_sends_all_it_wrote_a_batch_an_opening() {
    let folder = tempfile::TempDir::new().unwrap();
    let (path, key) = (folder.path().join("ward.db"), DatabaseKey::new(&[7; 32]));
    let mut store = Store::create(&path, &key, DeviceId(Uuid::from_u128(1))).unwrap();
    for opening in 0..40 {
        register(&store, 2 * opening);
        register(&store, 2 * opening + 1);
        drop(store);
        store = Store::open(&path, &key).unwrap();
    }
    let store = Arc::new(store);
    let side = DeskSide::new(Arc::clone(&store), SigningKey::from_bytes(&[7; 32]));
    let (mut lsn, mut last, mut rounds) = (0, None, Vec::new());
    loop {
        let batches = batches(&side);
        if batches.is_empty() {
            break;
        }
        rounds.push(batches.len());
        for batch in batches {
            assert!(Some(batch.first) > last, "in the order in which it was written");
            assert_eq!(batch.changes.len(), 2);
            last = Some(batch.first + 1);
            let numbered = [batch.first, batch.first + 1].map(|seq| {
                lsn += 1;
                Numbered { seq, lsn }
            });
            store.receipt(numbered.to_vec(), Vec::new()).unwrap();
        }
    }
    assert_eq!(rounds, [32, 8]);
    assert_eq!((lsn, store.unsent().unwrap()), (80, 0));
}

#[test]
fn what_is_more_than_a_round_carries_is_brought_ahead_of_it_batch_after_batch_and_the_rest_is_left_to_the_round() {
    let (_folder, store, side) = new_desk();
    (0..300).for_each(|number| register(&store, number));
    let (mut after, mut brought) = (0, 0);
    // Nothing was answered yet: each begins behind what is on its way.
    while let Some((asks, last)) = side.brings(0, after).unwrap() {
        assert!(matches!(asks[0], Ask::Hello { .. }));
        let [Ask::Push(batch)] = &asks[1..] else {
            panic!("more than changes: {asks:?}");
        };
        assert_eq!(batch.first, after + 1);
        assert_eq!(batch.chain, store.device_chain_before(last + 1).unwrap());
        assert_eq!(last, after + batch.changes.len() as u64);
        (after, brought) = (last, brought + 1);
    }
    assert!(brought > 1, "{brought}");
    let left = 300 - after;
    assert!(left > 0 && store.is_unsent_after(after).unwrap());
    let numbered = (1..=after).map(|seq| Numbered { seq, lsn: seq }).collect();
    store.receipt(numbered, Vec::new()).unwrap();
    let rest = batches(&side);
    assert_eq!(
        (rest.len(), rest[0].first, rest[0].changes.len() as u64),
        (1, after + 1, left)
    );
}

#[test]
fn nothing_is_brought_ahead_over_a_slow_link() {
    let (_folder, store, side) = new_desk();
    (0..300).for_each(|number| register(&store, number));
    assert!(side.brings(0, 0).unwrap().is_some());
    side.pace().broke_off();
    assert!(side.brings(0, 0).unwrap().is_none());
    assert!(!batches(&side).is_empty());
}

/// The grant of a person, given at that moment for so long.
fn grant(person: RecordId, issued: i64, lasts: i64) -> SignedGrant {
    let grant = Grant {
        device: DeviceId(Uuid::from_u128(1)),
        person,
        username: String::new(),
        name: String::new(),
        role: "nurse".to_owned(),
        spaces: vec![SPACE],
        issued: Time(issued),
        not_after: Time(issued + lasts),
        policy: 1,
    };
    SignedGrant::new(&SigningKey::from_bytes(&[3; 32]), &grant)
}

/// Whose grants the desk shows, before anything that they prove.
fn shown(side: &DeskSide) -> Vec<u128> {
    let asks = side.asks(0).unwrap();
    assert!(matches!(asks[0], Ask::Hello { .. }));
    let Ask::Grants(shown) = &asks[1] else {
        panic!("nothing is shown: {asks:?}");
    };
    let of = |signed: &SignedGrant| serde_json::from_str::<Grant>(&signed.text).unwrap().person.0.as_u128();
    shown.iter().map(of).collect()
}

#[test]
fn a_desk_shows_who_wrote_and_who_may_read_and_goes_on_with_another_when_one_has_left() {
    let (_folder, store, side) = new_desk();
    let people = [0, 1, 2, 3].map(|number| RecordId(Uuid::from_u128(number)));
    for (person, issued, lasts) in [(0, 10, 10), (1, 20, 10), (2, 30, 10), (3, 40, 5)] {
        grants::keep(&store, people[person], &grant(people[person], issued, lasts)).unwrap();
    }
    // The one that was given last ends, here, last too.
    assert_eq!(shown(&side), [3]);
    register(&store, 7);
    assert_eq!(shown(&side), [0, 3], "who wrote what waits");

    let mut heard = Heard::default();
    let left = |gone: &[usize], heard: &mut Heard| {
        let gone = gone.iter().map(|person| people[*person]).collect();
        side.absorb(Answer::NotSignedIn { gone }, 0, heard)
    };
    left(&[3], &mut heard).unwrap();
    assert!(heard.more, "another may read");
    assert_eq!((shown(&side), &heard.gone[..]), (vec![0, 2], &people[3..]));
    let failure = left(&[0, 1, 2], &mut heard).unwrap_err();
    assert_eq!(failure.code, "not_signed_in");
    assert_eq!(shown(&side), [0], "who left has written nevertheless");
    assert_eq!(left(&[], &mut heard).unwrap_err().code, "not_signed_in");
    // Let in again, she may read again.
    grants::keep(&store, people[1], &grant(people[1], 50, 10)).unwrap();
    assert_eq!(shown(&side), [0, 1]);
}

#[test]
fn only_what_the_joined_server_signed_counts_as_its_next_certificate() {
    let folder = tempfile::TempDir::new().unwrap();
    let device = DeviceId(Uuid::from_u128(1));
    let store = Store::create(&folder.path().join("ward.db"), &DatabaseKey::new(&[7; 32]), device).unwrap();
    let (server, stranger) = (SigningKey::from_bytes(&[3; 32]), SigningKey::from_bytes(&[4; 32]));
    let side = DeskSide::new(Arc::new(store), SigningKey::from_bytes(&[7; 32])).obeying(server.verifying_key());
    let next = Certificate {
        hash: Hash::of(b"next"),
        made_ms: 5,
    };
    let learnt = |next_certificate: Option<SignedCertificate>| {
        let mut heard = Heard::default();
        let hello = Answer::Hello {
            protocol: 5,
            server_ms: 0,
            last_seq: 0,
            chain: None,
            epochs: [].into(),
            next_certificate,
        };
        side.absorb(hello, 0, &mut heard).unwrap();
        heard.next_certificate
    };
    let signed = SignedCertificate::new(&server, &next);
    assert_eq!(learnt(Some(signed.clone())), Some(next));
    assert_eq!(learnt(None), None);
    assert_eq!(learnt(Some(SignedCertificate::new(&stranger, &next))), None);
    // Another's certificate under the signature of the true one.
    let forged = SignedCertificate {
        text: SignedCertificate::new(
            &stranger,
            &Certificate {
                hash: Hash::of(b"forged"),
                ..next
            },
        )
        .text,
        ..signed.clone()
    };
    assert_eq!(learnt(Some(forged)), None);
    // A grant is signed by the server too, and is no certificate.
    let SignedGrant { text, signature } = grant(RecordId(Uuid::nil()), 1, 1);
    assert_eq!(learnt(Some(SignedCertificate { text, signature })), None);

    let said = || match &side.asks(0).unwrap()[0] {
        Ask::Hello { knows_ms, .. } => *knows_ms,
        other => panic!("no greeting: {other:?}"),
    };
    assert_eq!(
        said(),
        None,
        "hearing of it is not knowing it: that is said once it is kept"
    );
    side.knows(5);
    assert_eq!(said(), Some(5));
}

#[test]
fn the_grants_that_are_shown_take_their_room_from_the_changes() {
    let (_folder, store, side) = new_desk();
    for patient in 0..120 {
        register(&store, patient);
    }
    let sent = |side: &DeskSide| batches(side)[0].changes.len();
    let most = side.pace().bytes();
    let without = sent(&side);
    for person in [0, 1, 2].map(Uuid::from_u128).map(RecordId) {
        let issued = i64::from(person.0.as_u128() as u8);
        grants::keep(&store, person, &grant(person, issued, 10 - issued)).unwrap();
    }
    let Ask::Grants(shown) = &side.asks(0).unwrap()[1] else {
        panic!("nothing is shown");
    };
    let room: usize = shown
        .iter()
        .map(|grant| grant.text.len() + grant.signature.0.len())
        .sum();
    let expected = store.outbox(500, most - room).unwrap().len();
    assert!(expected < without);
    assert_eq!(sent(&side), expected);
}
