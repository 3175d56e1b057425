//! A desk's database gets a new key on the failing disk: its file is made anew beside the old one and takes its place,
//! and the slots take the key. Whatever is left opens with the person's password and holds everything that was saved.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use desk::keys::file::{Belonging, DeskFile};
use desk::keys::hardness::{Cost, Hardness};
use desk::keys::seal::Key;
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::slots::Tile;
use desk::keys::twice::{self, sealing_key};
use desk::net::patience::Patience;
use desk::rekeying::copied;
use desk::{Desk, Options};
use domain::Records;
use store::{DatabaseKey, Store};
use uuid::Uuid;

use super::checks::{check_projections, check_written};
use super::hospital::{self as h, id};
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};

const STEPS: &[&str] = &[
    "a patient is registered",
    "the database gets a new key",
    "a patient is registered under the new key",
    "the database gets a third key",
    "a patient is registered under the third key",
];
const DEVICE: u8 = 1;
const PASSWORD: &str = "a password of eleven words";
const SHARE: [u8; 32] = [5; 32];
const NAME: &str = "desk";
/// The keys of the database, one after another.
const KEYS: [u8; 3] = [7, 8, 9];

fn key(byte: u8) -> Key {
    Key::copied(&[byte; 32])
}

/// A desk that stands alone, with one person's slot.
pub fn lay_out(folder: &Path) -> Result<()> {
    let (disk, beside) = (folder.join(DISK), folder.join(BESIDE));
    let made = beside.join("made.db");
    let store = Store::create(&made, &DatabaseKey::new(&[KEYS[0]; 32]), h::device(DEVICE))?;
    store.follow(h::homes().district)?;
    store.follow(h::homes().facility)?;
    store.set_generation(1)?;
    store.backup(&disk.join("ward.db"))?;
    let secret = SecretPlace::new(SecretHome::File, &disk, NAME).make()?;
    let desk = Belonging {
        device: h::device(DEVICE),
        facility: id(h::FACILITY),
        district: id(h::DISTRICT),
        utc_offset_minutes: h::UTC_OFFSET_MINUTES,
        server: None,
        sample: false,
    };
    let mut file = DeskFile::new(desk, NAME.to_owned(), SecretHome::File, &secret, &[1; 32]);
    let tile = Tile {
        person: id(h::NURSE),
        username: "anju".to_owned(),
        name: "Anju".to_owned(),
        role: "nurse".to_owned(),
    };
    file.slots
        .put(tile, PASSWORD, Hardness::LEAST, &secret, &key(KEYS[0]))?;
    file.slots.put_shared(&SHARE, &secret, &key(KEYS[0]));
    file.generation = 1;
    Ok(twice::write(&disk, &file, &sealing_key(&secret))?)
}

/// The course of one desk whose database gets two other keys.
pub struct RekeyingCourse {
    folder: PathBuf,
}

impl RekeyingCourse {
    pub fn new(folder: &Path) -> RekeyingCourse {
        RekeyingCourse {
            folder: folder.to_owned(),
        }
    }

    fn disk(&self) -> PathBuf {
        self.folder.join(DISK)
    }

    fn register(&self, number: u128, voice: &mut Voice) -> Result<()> {
        let store = opened(&self.disk())?.0;
        let draft = h::patient(0xe00 + number, "Ravi");
        if store.read(|records, _| records.get(&draft.kind, draft.id))?.is_some() {
            return Ok(());
        }
        let new_action = Uuid::from_u128(0xac00 + number);
        voice.try_action(new_action)?;
        let saved = store.save(h::action(new_action, vec![draft], store.as_of()?))?;
        voice.save(&store, &saved.changes)
    }

    fn give_key(&self, byte: u8, voice: &mut Voice) -> Result<()> {
        let (store, now) = opened(&self.disk())?;
        if *now != *key(byte) {
            let desk = started(&self.disk());
            copied(store, &self.disk().join("ward.next.db"), &key(byte)).map_err(failed)?;
            let secret = SecretPlace::new(SecretHome::File, &self.disk(), NAME).get()?;
            desk.take_new_key(id(h::NURSE), &secret, &key(byte)).map_err(failed)?;
        }
        voice.tell(&format!("key {byte}"))
    }
}

fn started(folder: &Path) -> Desk {
    Desk::start(Options {
        folder: folder.to_owned(),
        secret_home: SecretHome::File,
        cost: Cost::Given(Hardness::LEAST),
        lock_after_minutes: 10,
        patience: Patience::default(),
    })
}

fn failed(failure: desk::Failure) -> anyhow::Error {
    anyhow::anyhow!("the desk told {}", failure.code)
}

/// The database and its key, as the person's password opens them after the program was started.
fn opened(disk: &Path) -> Result<(Store, Key)> {
    started(disk).finish_succession().map_err(failed)?;
    let file = twice::read(disk)?.context("the desk's file")?.file;
    let secret = SecretPlace::new(SecretHome::File, disk, NAME).get()?;
    let key = file.slots.open(id(h::NURSE), PASSWORD, &secret)?;
    if file.slots.open_shared(&SHARE, &secret)? != key {
        return Err(Wrong::Corrupt("two slots hold two keys".to_owned()).into());
    }
    let store = Store::open_simulated(&disk.join("ward.db"), &DatabaseKey::new(&key), 0)?;
    Ok((store, key))
}

impl Course for RekeyingCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        match step {
            1 => self.give_key(KEYS[1], voice),
            3 => self.give_key(KEYS[2], voice),
            _ => self.register(step as u128, voice),
        }
    }

    /// Looked at in a copy of the disk, in which the program is started: the disk itself stays as it was left.
    fn check(&mut self, said: &Said) -> Result<()> {
        let apart = self.folder.join("apart");
        if apart.exists() {
            std::fs::remove_dir_all(&apart)?;
        }
        super::judge::copy(&self.disk(), &apart)?;
        let (store, key) = opened(&apart)?;
        check_written(&store, said)?;
        check_projections(&store)?;
        if store.generation()? == 0 {
            return Err(Wrong::Corrupt("the database would be taken for an older copy".to_owned()).into());
        }
        let told = said
            .told
            .iter()
            .filter_map(|told| told.strip_prefix("key ")?.parse().ok());
        if told.max().is_some_and(|told: u8| key[0] < told) {
            return Err(Wrong::Lost("the new key".to_owned()).into());
        }
        let is_left = |name: &str| apart.join(name).exists();
        if is_left("ward.db.old-key") {
            return Err(Wrong::Corrupt("the database under the old key is left".to_owned()).into());
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)
    }
}
