//! What goes over the wire and to the disk, byte for byte: a change here is a change of protocol.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::BTreeMap;

use domain::{Date, Decimal, RecordId, Time, Value};
use ed25519_dalek::SigningKey;
use sync_core::aside::{AsideAction, AsideList, Decision, Dismissed, Outcome, Verdict, Written};
use sync_core::certificate::{Certificate, SignedCertificate};
use sync_core::change::{BadChange, SCHEMA};
use sync_core::entry::{Enrol, Enrolled, Grant, Renew, SignedGrant};
use sync_core::exchange::{
    Answer, Ask, Batch, Carried, Entry, Held, HeldChange, Numbered, PROTOCOL, Page, Parked, Reason, Wish,
};
use sync_core::frame::{Unpacker, pack};
use sync_core::parting::{Order, Receipt, SignedOrder, SignedReceipt};
use sync_core::{Chain, Change, ChangeId, DeviceId, Digest, Encoded, Hash, RecordState, SpaceId, Stamp};
use uuid::Uuid;

fn id(seq: u64) -> ChangeId {
    ChangeId {
        device: DeviceId(Uuid::from_u128(0xd1)),
        seq,
    }
}

fn space() -> SpaceId {
    SpaceId::Facility(Uuid::from_u128(0xfac))
}

fn change() -> Change {
    let fields = [
        ("allergy_status", Value::Code("known".to_owned())),
        ("birth_date", Value::Date(Date::new(1964, 3, 4).unwrap())),
        (
            "comorbidities",
            Value::Codes(["asthma".to_owned(), "diabetes".to_owned()].into()),
        ),
        ("district", Value::Ref(RecordId(Uuid::from_u128(0xd15)))),
        ("doses", Value::Int(2)),
        ("name", Value::Text("ലക്ഷ്മി".to_owned())),
        ("of_tomorrow", Value::Other(r#"{"z":[1,2]}"#.to_owned())),
        ("review_at", Value::Time(Time(1_795_000_000_000))),
        ("temperature", Value::Decimal(Decimal::new(372, 1))),
        ("village", Value::Empty),
    ];
    Change {
        id: id(2),
        action: Uuid::from_u128(0xac7),
        of: 2,
        space: space(),
        kind: "patient".to_owned(),
        record: RecordId(Uuid::from_u128(5)),
        fields: fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        base: [("name".to_owned(), vec![id(1)])].into(),
        seen: 7,
        actor: RecordId(Uuid::from_u128(0xac)),
        session: Uuid::from_u128(0x5e),
        schema: SCHEMA,
        stamp: Stamp(1_795_000_000_000, 3),
        wall_ms: 1_795_000_000_000,
        origin: None,
        erased: None,
    }
}

/// The least a change can say.
fn small_change() -> Change {
    Change {
        id: id(1),
        of: 1,
        fields: [("name".to_owned(), Value::Text("Lakshmi".to_owned()))].into(),
        base: BTreeMap::new(),
        ..change()
    }
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

#[test]
fn changes_and_their_fold() {
    insta::assert_json_snapshot!("change", change());
    insta::assert_json_snapshot!("small_change", small_change());
    insta::assert_snapshot!("change_hash", Encoded::new(change()).hash().to_string());
    let mut state = RecordState::new("patient", change().record);
    state.apply(&change(), Some(9), |_| false);
    insta::assert_json_snapshot!("record_state", state);
    insta::assert_snapshot!("record_digest", state.digest().0.to_string());
}

#[test]
fn what_is_left_of_a_change_that_was_erased() {
    let whole = Encoded::new(change());
    let stub = whole.stub();
    insta::assert_json_snapshot!("stub", stub.change());
    assert_eq!(stub.hash(), whole.hash());
    assert_eq!(stub.stub(), stub, "nothing is left to erase");
    assert_eq!(Encoded::read(stub.bytes().to_vec()), Ok(stub.clone()));
    let mut state = RecordState::new("patient", change().record);
    state.apply(stub.change(), Some(9), |_| false);
    assert_eq!(state, RecordState::new("patient", change().record), "it says nothing");
    for said in ["ലക്ഷ്മി", "asthma", "1964"] {
        assert!(std::str::from_utf8(whole.bytes()).unwrap().contains(said));
        assert!(!std::str::from_utf8(stub.bytes()).unwrap().contains(said), "{said}");
    }
}

#[test]
fn a_stub_says_nothing_under_a_hash_that_does_not_cover_it() {
    let stub = Encoded::new(change()).stub();
    let with = |change: Change| Encoded::read(serde_json::to_vec(&change).unwrap());
    let fields = Change {
        fields: small_change().fields,
        ..stub.change().clone()
    };
    let base = Change {
        base: change().base,
        ..stub.change().clone()
    };
    assert_eq!(with(fields), Err(BadChange::StubThatSays));
    assert_eq!(with(base), Err(BadChange::StubThatSays));
    let text = std::str::from_utf8(stub.bytes()).unwrap();
    let besides = text.replacen('{', r#"{"name":"Lakshmi","#, 1);
    assert_eq!(Encoded::read(besides.into_bytes()), Err(BadChange::StubThatSays));
    let spaced = text.replacen(',', ", ", 1);
    assert_eq!(Encoded::read(spaced.into_bytes()), Err(BadChange::StubThatSays));
}

#[test]
fn a_log_of_stubs_has_the_chain_that_it_had() {
    let changes = [Encoded::new(small_change()), Encoded::new(change())];
    let batch = |changes: &[Encoded]| Batch::new(&key(), id(1).device, Chain::default(), changes).unwrap();
    let erased = [changes[0].clone(), changes[1].stub()];
    assert_eq!(batch(&erased).chain, batch(&changes).chain);
    assert_eq!(batch(&erased).signature, batch(&changes).signature);
    assert_eq!(batch(&erased).changes[1].read(), Ok(erased[1].clone()));
}

#[test]
fn what_a_desk_asks() {
    let changes = [Encoded::new(small_change())];
    let batch = Batch::new(&key(), id(1).device, Chain::default(), &changes).unwrap();
    let asks = [
        Ask::Hello {
            protocol: PROTOCOL,
            sent_ms: 1_795_000_000_000,
            wish: Some(Wish {
                page_bytes: 4_096,
                pages: 4,
            }),
            knows_ms: None,
        },
        Ask::Push(batch),
        Ask::Pull {
            space: space(),
            epoch: 1,
            cursor: 7,
        },
    ];
    insta::assert_json_snapshot!("asks", asks);
}

#[test]
fn what_the_server_answers() {
    let reasons = [
        Reason::NotAllowed,
        Reason::UnknownPerson,
        Reason::ForeignSpace,
        Reason::Revoked,
        Reason::DependsOnParked,
        Reason::Malformed,
    ];
    let parked = reasons.into_iter().zip(2..).map(|(reason, seq)| Parked { seq, reason });
    let page = Page {
        space: space(),
        epoch: 1,
        from: 8,
        to: 9,
        head: 9,
        entries: vec![
            Entry {
                lsn: 8,
                id: id(1),
                change: Some(Carried::of(&Encoded::new(small_change())).unwrap()),
            },
            Entry {
                lsn: 9,
                id: id(2),
                change: None,
            },
        ],
        chain: Chain(Hash::of(b"chain")),
        digest: Some(Digest(Hash::of(b"digest"))),
    };
    let answers = [
        Answer::Hello {
            protocol: PROTOCOL,
            server_ms: 1_795_000_000_000,
            last_seq: 1,
            chain: Some(Chain(Hash::of(b"a device's chain"))),
            epochs: [(space(), 1)].into(),
            next_certificate: None,
        },
        Answer::Receipt {
            last_seq: 7,
            numbered: vec![Numbered { seq: 1, lsn: 8 }],
            parked: parked.collect(),
        },
        Answer::Page(page),
        Answer::NoSpace { space: space() },
        Answer::Gap { wanted: 3 },
        Answer::Fork { seq: 4 },
        Answer::NotAuthentic,
        Answer::Revoked,
        Answer::End,
    ];
    insta::assert_json_snapshot!("answers", answers);
}

#[test]
fn what_is_said_of_the_next_certificate() {
    let next = Certificate {
        hash: Hash::of(b"certificate"),
        made_ms: 1_795_000_000_000,
    };
    let ask = Ask::Hello {
        protocol: PROTOCOL,
        sent_ms: 1_795_000_000_000,
        wish: None,
        knows_ms: Some(next.made_ms),
    };
    let answer = Answer::Hello {
        protocol: PROTOCOL,
        server_ms: 1_795_000_000_000,
        last_seq: 1,
        chain: None,
        epochs: [].into(),
        next_certificate: Some(SignedCertificate::new(&key(), &next)),
    };
    insta::assert_json_snapshot!("next_certificate", (ask, answer));
}

#[test]
fn what_is_said_since_version_2() {
    let device = id(1).device;
    let receipt = Receipt {
        device,
        number: 3,
        last_seq: 7,
        unsent: 0,
    };
    let asks = [
        Ask::Held { device, after: 4 },
        Ask::Parted(SignedReceipt::new(&key(), &receipt)),
    ];
    insta::assert_json_snapshot!("asks_since_2", asks);
    let order = Order {
        device,
        number: 3,
        is_now: false,
        ordered_ms: 1_795_000_000_000,
    };
    let held = |seq, parked| HeldChange {
        seq,
        hash: Hash::of(b"change"),
        parked,
    };
    let answers = [
        Answer::Replaced,
        Answer::Held(Held {
            device,
            after: 4,
            upto: 6,
            is_end: true,
            changes: vec![held(5, None), held(6, Some(Reason::NotAllowed))],
        }),
        Answer::Withdraw(SignedOrder::new(&key(), &order)),
        Answer::Parted { number: 3 },
    ];
    insta::assert_json_snapshot!("answers_since_2", answers);
    assert!(
        answers
            .iter()
            .all(|answer| answer.is_known_in(2) && !answer.is_known_in(1))
    );
    let anew = Change {
        origin: Some(id(9)),
        ..small_change()
    };
    insta::assert_json_snapshot!("change_anew", anew);
    let renew = Renew::new(device, &key(), "anju", "a long enough one");
    assert!(renew.is_asked_by_its_owner(device));
    assert!(!renew.is_asked_by_its_owner(DeviceId(Uuid::from_u128(9))));
    insta::assert_json_snapshot!("renew", renew);
}

#[test]
fn what_is_said_since_version_3() {
    let decision = |verdict| Decision {
        change: id(9),
        verdict,
        why: "copied from the paper sheet already".to_owned(),
        by: RecordId(Uuid::from_u128(0xad)),
        wall_ms: 1_795_000_000_000,
    };
    let asks = [
        Ask::Aside {
            told: Hash::of(b"told"),
        },
        Ask::Decide(decision(Verdict::TakeIn)),
        Ask::Decide(decision(Verdict::Dismiss)),
    ];
    insta::assert_json_snapshot!("asks_since_3", asks);
    let action = |written, says| AsideAction {
        change: id(9),
        count: 2,
        reason: Reason::Revoked,
        since_ms: 1_795_000_000_000,
        written,
        says,
    };
    let written = Written {
        by: RecordId(Uuid::from_u128(0xac)),
        wall_ms: 1_794_000_000_000,
    };
    let says = vec![Carried::of(&Encoded::new(small_change())).unwrap()];
    let list = AsideList::new(
        vec![action(Some(written), says), action(None, Vec::new())],
        1,
        Vec::new(),
        Vec::new(),
    );
    let dismissed = |by, why: &str| Dismissed {
        change: id(9),
        at_ms: 1_795_000_000_000,
        by,
        why: why.to_owned(),
    };
    let at_a_desk = dismissed(
        Some(RecordId(Uuid::from_u128(0xad))),
        "copied from the paper sheet already",
    );
    let taken_in = vec![Numbered { seq: 7, lsn: 31 }];
    let own = AsideList::new(Vec::new(), 0, vec![at_a_desk, dismissed(None, "")], taken_in);
    let lists = [list, own].map(Answer::Aside);
    let outcomes = [
        Outcome::Done,
        Outcome::DecidedBefore,
        Outcome::NotAllowed,
        Outcome::DependsOnParked,
        Outcome::CannotBeTakenIn,
        Outcome::Unknown,
        Outcome::Other,
    ];
    let decided = outcomes
        .into_iter()
        .map(|outcome| Answer::Decided { change: id(9), outcome });
    let answers: Vec<Answer> = lists.into_iter().chain(decided).collect();
    insta::assert_json_snapshot!("answers_since_3", answers);
    assert!(
        answers
            .iter()
            .all(|answer| answer.is_known_in(3) && !answer.is_known_in(2))
    );
}

#[test]
fn joining_and_signing_in() {
    let enrol = Enrol {
        invitation: "ABCD2345".to_owned(),
        device_key: Hash::of(b"key"),
        desk: "Ward 3".to_owned(),
        proof: Hash::of(b"proof"),
    };
    insta::assert_json_snapshot!("enrol", enrol);
    let enrolled = Enrolled {
        device: id(1).device,
        district: RecordId(Uuid::from_u128(0xd15)),
        facility: RecordId(Uuid::from_u128(0xfac)),
        facility_name: "General Hospital".to_owned(),
        server_key: Hash::of(b"server"),
        utc_offset_minutes: 330,
        proof: Hash::of(b"proof"),
    };
    insta::assert_json_snapshot!("enrolled", enrolled);
    let grant = Grant {
        device: id(1).device,
        person: RecordId(Uuid::from_u128(0xac)),
        username: "anju".to_owned(),
        name: "Anju Thomas".to_owned(),
        role: "nurse".to_owned(),
        spaces: vec![space()],
        issued: Time(1_795_000_000_000),
        not_after: Time(1_796_000_000_000),
        policy: 1,
    };
    insta::assert_json_snapshot!("signed_grant", SignedGrant::new(&key(), &grant));
}

/// A frame that version 0.1 wrote; every later version reads it.
const FRAME_OF_0_1: &str = "\
     0000004f00000057a7156cd797c5aacfefea3236c9d0498928b52ffd205735020094037b2250756c6c223a7b227370616365\
     223a22666163696c6974793a302d30666163222c2265706f6368223a312c22637572736f72223a377d7d040020109406157b\
     c98013";

#[test]
fn a_frame_written_today_is_read_for_ever() {
    let ask = Ask::Pull {
        space: space(),
        epoch: 1,
        cursor: 7,
    };
    let mut unpacker = Unpacker::default();
    unpacker.push(&bytes(FRAME_OF_0_1));
    assert_eq!(unpacker.take::<Ask>().unwrap(), Some(ask.clone()));
    // All but the compressed body, which another version of the compressor may write otherwise.
    let (today, then) = (pack(&ask).unwrap(), bytes(FRAME_OF_0_1));
    assert_eq!(today[4..24], then[4..24]);
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}
