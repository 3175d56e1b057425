//! What goes over the wire in one whole round and what stands on the server's disk, and what version
//! 0.1 wrote of both. A change here is a change of protocol or of the files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use std::collections::BTreeMap;

use domain::{RecordId, Value};
use rig::*;
use server::exchange::present::{about_change, open_state};
use server::seal::Key;
use server::{Config, Server, db};
use sync_core::exchange::Ask;
use sync_core::frame::Unpacker;
use sync_core::{ChangeId, DeviceId, Encoded, SpaceId};
use uuid::Uuid;
use zeroize::Zeroizing;

/// A push of one change by a device, as version 0.1 put it into a frame.
const PUSH_OF_0_1: &str = include_str!("golden/push-0.1.hex");
/// The body of that change and the state folded from it, as version 0.1 sealed them into their rows.
const BODY_OF_0_1: &str = include_str!("golden/body-0.1.hex");
const STATE_OF_0_1: &str = include_str!("golden/state-0.1.hex");
/// A master key, and an instance key that it sealed, of version 0.1.
const MASTER_KEY_OF_0_1: &str = include_str!("golden/master-0.1.key");
const INSTANCE_KEY_OF_0_1: &str = include_str!("golden/instance-key-0.1.hex");

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn space() -> SpaceId {
    SpaceId::Facility(Uuid::from_u128(0xfac))
}

fn key() -> Key {
    Key::new(Zeroizing::new([7; 32]))
}

/// The text with each id and each hash as the number of its first appearance, for they are random.
#[derive(Default)]
struct Mask {
    ids: BTreeMap<String, usize>,
    hashes: BTreeMap<String, usize>,
}

impl Mask {
    fn text(&mut self, text: &str) -> String {
        let mut masked = String::new();
        let mut word = String::new();
        for letter in text.chars().chain(['\n']) {
            if letter.is_ascii_hexdigit() || (letter == '-' && !word.is_empty()) {
                word.push(letter);
                continue;
            }
            masked.push_str(&self.word(&std::mem::take(&mut word)));
            masked.push(letter);
        }
        masked.trim_end().to_owned()
    }

    fn word(&mut self, word: &str) -> String {
        let (seen, what) = if let Ok(id) = Uuid::parse_str(word) {
            let next = self.ids.len() + 1;
            (*self.ids.entry(id.to_string()).or_insert(next), "id")
        } else if word.len() >= 64 {
            let next = self.hashes.len() + 1;
            (*self.hashes.entry(word.to_owned()).or_insert(next), "hash")
        } else {
            return word.to_owned();
        };
        format!("‹{what} {seen}›")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_whole_round_keeps_its_bytes() {
    let rig = Rig::new();
    let (mut one, mut other) = (rig.desk(rig.here), rig.desk(rig.here));
    other.admit(1);
    rig.push(&other, other.all()).await;
    let patient = new_id();
    let first = one.write(vec![patient_draft(patient)]);
    let phone = domain::Draft::new("patient", patient).with_value("name", Value::Text("K. Devi".into()));
    one.write_as(one.space, one.actor, vec![phone], &first);
    let asks = vec![
        hello(),
        Ask::Push(one.all()),
        Ask::Pull {
            space: one.space,
            epoch: 1,
            cursor: 0,
        },
    ];
    let mut mask = Mask::default();
    let mut lines = vec!["the desk:".to_owned()];
    // What a frame compresses is exactly this text.
    lines.extend(asks.iter().map(|ask| mask.text(&serde_json::to_string(ask).unwrap())));
    lines.push("the server:".to_owned());
    let answers = rig.exchange(&one, asks).await.unwrap();
    lines.extend(
        answers
            .iter()
            .map(|answer| mask.text(&serde_json::to_string(answer).unwrap())),
    );
    insta::assert_snapshot!("round", lines.join("\n"));
}

#[test]
fn a_push_framed_by_0_1_is_read_for_ever() {
    let device = DeviceId(Uuid::from_u128(0xd1));
    let signer = ed25519_dalek::SigningKey::from_bytes(&[3; 32]);
    let mut unpacker = Unpacker::default();
    unpacker.push(&bytes(PUSH_OF_0_1));
    let Some(Ask::Push(batch)) = unpacker.take::<Ask>().unwrap() else {
        panic!("no push");
    };
    assert!(batch.is_signed_by(&signer.verifying_key(), device));
    let change = batch.changes[0].read().unwrap();
    assert_eq!(change.change().id, ChangeId { device, seq: 1 });
    insta::assert_snapshot!("change", std::str::from_utf8(change.bytes()).unwrap());
}

#[test]
fn rows_sealed_by_0_1_open_for_ever_in_their_places_alone() {
    let body = key().open(&about_change(space(), 1), &bytes(BODY_OF_0_1)).unwrap();
    let change = Encoded::read(body.to_vec()).unwrap();
    // A nonce of 12 bytes, the change as its author wrote it, a tag of 16.
    assert_eq!(bytes(BODY_OF_0_1).len(), 12 + change.bytes().len() + 16);
    assert!(key().open(&about_change(space(), 2), &bytes(BODY_OF_0_1)).is_err());
    let record = RecordId(Uuid::from_u128(5));
    let state = open_state(&key(), space(), "patient", record, &bytes(STATE_OF_0_1)).unwrap();
    let mut folded = sync_core::RecordState::new("patient", record);
    folded.apply(change.change(), Some(1), |_| false);
    assert_eq!(state, folded);
    insta::assert_snapshot!("state", serde_json::to_string(&state).unwrap());
    assert!(open_state(&key(), space(), "bed", record, &bytes(STATE_OF_0_1)).is_err());
}

#[test]
fn a_master_key_of_0_1_opens_what_it_sealed_then_and_is_made_the_same_today() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("master.key");
    std::fs::write(&file, MASTER_KEY_OF_0_1).unwrap();
    let district = new_id();
    let server = Server::begin(folder.path(), district, 330, Config::default()).unwrap();
    let master = key();
    assert!(master.unwrap("instance key", &bytes(INSTANCE_KEY_OF_0_1)).is_ok());
    // Today's server read the same key out of the file.
    let instance = server.db().read(db::instance::get).unwrap().unwrap();
    assert!(master.unwrap("instance key", &instance.sealed_key).is_ok());

    let another = tempfile::tempdir().unwrap();
    Server::begin(another.path(), district, 330, Config::default()).unwrap();
    let made = std::fs::read_to_string(another.path().join("master.key")).unwrap();
    let digits = made.strip_suffix('\n').unwrap();
    assert_eq!((digits.len(), made.len()), (64, MASTER_KEY_OF_0_1.len()));
    assert!(digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
}
