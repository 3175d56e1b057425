//! What stands beside a ward desktop's database, as version 0.1 wrote it and as this one does: the desk's own file with
//! its slots, and the file of the device secret. A change here is a change of the files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::path::{Path, PathBuf};

use desk::keys::file::{Belonging, DeskFile, SIGNING_KEY, ServerPin};
use desk::keys::hardness::{Cost, Hardness};
use desk::keys::seal::{Key, open_key};
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::slots::Tile;
use desk::keys::twice::{self, sealing_key};
use desk::net::patience::Patience;
use desk::{Desk, Options};
use domain::RecordId;
use sync_core::certificate::Certificate;
use sync_core::{DeviceId, Hash};
use tempfile::TempDir;
use uuid::Uuid;

const PASSWORD: &str = "a password of 0.1";

fn key(byte: u8) -> Key {
    Key::copied(&[byte; 32])
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
    let desk = Belonging {
        device: DeviceId(Uuid::from_u128(0xd1)),
        facility: RecordId(Uuid::from_u128(0xfac)),
        district: RecordId(Uuid::from_u128(0xd15)),
        utc_offset_minutes: 330,
        server: Some(ServerPin::new(
            "https://127.0.0.1:1".into(),
            Hash::of(b"certificate"),
            Hash::of(b"server"),
        )),
        sample: false,
    };
    let mut file = DeskFile::new(desk, "desk of 0.1".into(), SecretHome::File, &secret, &key(3));
    file.slots.database = Uuid::from_u128(0xdb);
    file.slots
        .put(tile(), PASSWORD, Hardness::LEAST, &secret, &database)
        .unwrap();
    file.slots.put_shared(&[7; 32], &secret, &database);
    file.hardness = Some(Hardness::LEAST);
    file.unsent = 2;
    file
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

/// A desk as it was kept under that name, in a folder of its own.
fn folder_of(kept: &str) -> TempDir {
    let kept = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(kept);
    let folder = TempDir::new().unwrap();
    for entry in std::fs::read_dir(kept).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn text_of(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_desks_file_keeps_its_form() {
    let folder = TempDir::new().unwrap();
    twice::write(folder.path(), &made(), &sealing_key(&device_secret())).unwrap();
    insta::assert_snapshot!("desk_json", masked(&text_of(folder.path(), "desk.a.json")));
    let kept = folder_of("desk-2");
    for name in ["desk.a.json", "desk.json"] {
        assert_eq!(
            masked(&text_of(kept.path(), name)),
            masked(&text_of(folder.path(), name))
        );
    }
}

#[test]
fn a_file_that_knows_the_next_certificate_says_so_beside_the_one_before() {
    let mut file = made();
    let server = file.server.as_mut().unwrap();
    server.trust(Certificate {
        hash: Hash::of(b"certificate"),
        made_ms: 1,
    });
    server.learn(Certificate {
        hash: Hash::of(b"next"),
        made_ms: 2,
    });
    insta::assert_json_snapshot!("server_with_next", file.server);
    let folder = TempDir::new().unwrap();
    twice::write(folder.path(), &file, &sealing_key(&device_secret())).unwrap();
    assert_eq!(twice::read(folder.path()).unwrap().unwrap().file, file);
    // One that was written before there was a next reads as knowing one alone.
    let before = twice::read(folder_of("desk-2").path()).unwrap().unwrap().file;
    let server = before.server.unwrap();
    assert_eq!((server.made_ms, server.next), (0, None));
}

#[test]
fn the_slots_of_all_versions_open_for_ever() {
    for kept in ["desk-0.1", "desk-2"] {
        let folder = folder_of(kept);
        let found = twice::read(folder.path()).unwrap().unwrap();
        let file = found.file.clone();
        let secret = SecretPlace::new(file.secret_home, folder.path(), &file.name)
            .get()
            .unwrap();
        assert_eq!(secret, device_secret());
        let sealing_key = sealing_key(&secret);
        assert_eq!(found.is_sealed_with(&sealing_key), kept != "desk-0.1");
        assert_eq!(file.slots.tiles(&secret).unwrap(), [tile()]);
        let person = tile().person;
        assert_eq!(file.slots.open(person, PASSWORD, &secret), Ok(database_key()));
        assert!(file.slots.open(person, "another one", &secret).is_err());
        assert_eq!(file.slots.open_shared(&[7; 32], &secret), Ok(database_key()));
        assert_eq!(open_key(&secret, SIGNING_KEY, &file.signing_key), Ok(key(3)));
        twice::write(folder.path(), &file, &sealing_key).unwrap();
        let there = twice::read(folder.path()).unwrap().unwrap();
        assert!(there.is_sealed_with(&sealing_key));
        assert_eq!(DeskFile { form: 2, ..file }, there.file);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_of_0_1_signs_in_with_the_password_of_then() {
    let folder = folder_of("desk-0.1");
    let desk = Desk::start(Options {
        folder: folder.path().to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 60,
        patience: Patience::default(),
    });
    let code = async |password: &str| desk.sign_in("anju", password).await.unwrap_err().code;
    assert_eq!(code("another one").await, "wrong_password");
    // The slot opens; only the database itself is not in the folder.
    assert_eq!(code(PASSWORD).await, "database_missing");
    // What stood for version 0.1 says to it that this one wrote here.
    assert_eq!(text_of(folder.path(), "desk.json"), r#"{"form":2}"#);
    let moved = twice::read(folder.path()).unwrap().unwrap();
    assert!(moved.is_sealed_with(&sealing_key(&device_secret())));
}
