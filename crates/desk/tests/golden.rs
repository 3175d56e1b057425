//! What stands beside a ward desktop's database, as version 0.1 wrote it: `desk.json` with its slots,
//! and the file of the device secret. A change here is a change of the files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use desk::keys::file::{DeskFile, FORM, ServerPin};
use desk::keys::seal::{Key, open_key, seal};
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::slots::{Hardness, Slots, Tile};
use desk::keys::tries::{Tries, TriesOf};
use desk::net::patience::Patience;
use desk::{Desk, Options};
use domain::RecordId;
use sync_core::{DeviceId, Hash};
use tempfile::TempDir;
use uuid::Uuid;
use zeroize::Zeroizing;

const PASSWORD: &str = "a password of 0.1";
const SIGNING_KEY: &str = "wardroom signing key 1";

fn key(byte: u8) -> Key {
    Zeroizing::new([byte; 32])
}

/// The secrets of the desk whose files are kept.
fn device_secret() -> Key {
    key(9)
}

fn database_key() -> Key {
    key(8)
}

fn tile() -> Tile {
    Tile {
        person: RecordId(Uuid::from_u128(0xac)),
        username: "anju".into(),
        name: "Anju Thomas".into(),
        role: "nurse".into(),
    }
}

fn made() -> DeskFile {
    let (secret, database) = (device_secret(), database_key());
    let mut slots = Slots::none(&secret);
    slots
        .put(tile(), PASSWORD, Hardness::LEAST, &secret, &database)
        .unwrap();
    slots.put_shared(&[7; 32], &secret, &database);
    DeskFile {
        form: FORM,
        name: "desk of 0.1".into(),
        secret_home: SecretHome::File,
        device: DeviceId(Uuid::from_u128(0xd1)),
        facility: RecordId(Uuid::from_u128(0xfac)),
        district: RecordId(Uuid::from_u128(0xd15)),
        utc_offset_minutes: 330,
        server: Some(ServerPin {
            address: "https://127.0.0.1:1".into(),
            certificate: Hash::of(b"certificate"),
            key: Hash::of(b"server"),
        }),
        signing_key: seal(&secret, SIGNING_KEY, key(3).as_slice()),
        slots,
        strangers: Tries::default(),
        tries: TriesOf::new(),
        sample: false,
        unsent: 2,
        generation: 0,
        succession: None,
        withdrawn: None,
    }
}

/// The text with every run of sealed or random digits as their count. Ids stay.
fn masked(text: &str) -> String {
    let mut masked = String::new();
    let mut digits = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() {
            digits.push(letter);
            continue;
        }
        match digits.len() {
            32.. => masked.push_str(&format!("‹{} digits›", digits.len())),
            _ => masked.push_str(&digits),
        }
        digits.clear();
        masked.push(letter);
    }
    masked
}

/// A desk of 0.1, in a folder of its own.
fn folder_of_0_1() -> TempDir {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/desk-0.1");
    let folder = TempDir::new().unwrap();
    for name in ["desk.json", "device.secret"] {
        std::fs::copy(kept.join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn text_of(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("desk.json")).unwrap()
}

#[test]
fn the_desks_file_keeps_its_form() {
    let folder = TempDir::new().unwrap();
    made().write(folder.path()).unwrap();
    insta::assert_snapshot!("desk_json", masked(&text_of(folder.path())));
    assert_eq!(
        masked(&text_of(folder_of_0_1().path())),
        masked(&text_of(folder.path()))
    );
}

#[test]
fn the_slots_of_0_1_open_for_ever() {
    let folder = folder_of_0_1();
    let file = DeskFile::read(folder.path()).unwrap().unwrap();
    let secret = SecretPlace::new(file.secret_home, folder.path(), &file.name)
        .get()
        .unwrap();
    assert_eq!(secret, device_secret());
    assert_eq!(file.slots.tiles(&secret).unwrap(), [tile()]);
    let person = tile().person;
    assert_eq!(file.slots.open(person, PASSWORD, &secret), Ok(database_key()));
    assert!(file.slots.open(person, "another one", &secret).is_err());
    assert_eq!(file.slots.open_shared(&[7; 32], &secret), Ok(database_key()));
    assert_eq!(open_key(&secret, SIGNING_KEY, &file.signing_key), Ok(key(3)));
    file.write(folder.path()).unwrap();
    assert_eq!(DeskFile::read(folder.path()).unwrap().unwrap(), file);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_0_1_signs_in_with_the_password_of_then() {
    let folder = folder_of_0_1();
    let desk = Desk::start(Options {
        folder: folder.path().to_owned(),
        secret_home: SecretHome::File,
        hardness: Hardness::LEAST,
        lock_after_minutes: 60,
        patience: Patience::default(),
    });
    let code = async |password: &str| desk.sign_in("anju", password).await.unwrap_err().code;
    assert_eq!(code("another one").await, "wrong_password");
    // The slot opens; only the database itself is not in the folder.
    assert_eq!(code(PASSWORD).await, "database_missing");
}
