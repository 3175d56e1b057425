//! The files beside a desk's database on the failing disk: the device secret, and the desk's own file with the key
//! slots, which stands twice. What a power cut leaves of them opens with what was acknowledged last, or with what was just being
//! written, and never with nothing.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use desk::keys::file::{Belonging, DeskFile, ServerPin};
use desk::keys::hardness::Hardness;
use desk::keys::seal::Key;
use desk::keys::secret::{SecretHome, SecretPlace, write_private};
use desk::keys::slots::Tile;
use desk::keys::tries::Tries;
use desk::keys::twice::{self, sealing_key};
use sync_core::Hash;
use sync_core::certificate::Certificate;

use super::hospital::{self as h, id};
use super::{Course, DISK, Said, Voice, Wrong};

const STEPS: &[&str] = &[
    "the desk is set up",
    "a first person gets a slot",
    "the server's share gets a slot",
    "a wrong password is counted",
    "a second person gets a slot",
    "the first person gets a new password",
    "the wrong passwords are forgotten",
    "the second person leaves",
    "the first version's file stands here",
    "it is moved into the two, and sealed",
    "the next certificate of the server is learnt",
    "the server shows it, and the one before is forgotten",
];

const PASSWORDS: [&str; 2] = ["the first password", "the second password"];
const SHARE: [u8; 32] = [5; 32];
/// Stands in the first version's file alone.
const UNSENT: u64 = 77;

/// The course of one desk's key files.
pub struct KeysCourse {
    folder: PathBuf,
}

impl KeysCourse {
    pub fn new(folder: &Path) -> KeysCourse {
        let folder = folder.join(DISK);
        KeysCourse { folder }
    }

    fn place(&self) -> SecretPlace {
        SecretPlace::new(SecretHome::File, &self.folder, "desk")
    }

    fn file(&self) -> Result<DeskFile> {
        let found = twice::read(&self.folder)?.context("the desk is not set up")?;
        if !found.is_unsealed() && !found.is_sealed_with(&sealing_key(&self.place().get()?)) {
            return Err(Wrong::Corrupt("the seal of the desk's file does not hold".to_owned()).into());
        }
        Ok(found.file)
    }

    fn set_up(&self) -> Result<()> {
        if twice::read(&self.folder)?.is_some() {
            return Ok(());
        }
        let secret = self.place().make()?;
        let desk = Belonging {
            device: h::device(1),
            facility: id(h::FACILITY),
            district: id(h::DISTRICT),
            utc_offset_minutes: h::UTC_OFFSET_MINUTES,
            server: Some(ServerPin::new(
                "https://127.0.0.1:9".to_owned(),
                certificate(0).hash,
                Hash::default(),
            )),
            sample: false,
        };
        let file = DeskFile::new(desk, "desk".to_owned(), SecretHome::File, &secret, &[1; 32]);
        Ok(twice::write(&self.folder, &file, &sealing_key(&secret))?)
    }

    fn put(&self, file: &mut DeskFile, person: u128, password: &str) -> Result<()> {
        let tile = Tile {
            person: id(person),
            username: format!("person{person}"),
            name: format!("Person {person}"),
            role: "nurse".to_owned(),
        };
        let secret = self.place().get()?;
        Ok(file
            .slots
            .put(tile, password, Hardness::LEAST, &secret, &database_key())?)
    }

    /// Whether the person's password opens the database.
    fn opens(&self, person: u128, password: &str) -> Result<bool> {
        let opened = self.file()?.slots.open(id(person), password, &self.place().get()?);
        Ok(opened.is_ok_and(|key| *key == *database_key()))
    }
}

/// The certificates of the server, one after another.
fn certificate(number: i64) -> Certificate {
    Certificate {
        hash: Hash::of(&number.to_be_bytes()),
        made_ms: number,
    }
}

fn database_key() -> Key {
    Key::copied(&[9; 32])
}

impl Course for KeysCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        if step == 0 {
            self.set_up()?;
            return voice.tell("step 0");
        }
        let (mut file, secret) = (self.file()?, self.place().get()?);
        match step {
            1 => self.put(&mut file, h::NURSE, PASSWORDS[0])?,
            2 => file.slots.put_shared(&SHARE, &secret, &database_key()),
            3 => file.strangers.count(0),
            4 => self.put(&mut file, h::STRANGER, PASSWORDS[0])?,
            5 => self.put(&mut file, h::NURSE, PASSWORDS[1])?,
            6 => file.strangers = Tries::default(),
            7 => drop(file.slots.remove(id(h::STRANGER), &secret)?),
            8 => {
                file.form = 1;
                file.unsent = UNSENT;
                let before = serde_json::to_vec(&file)?;
                write_private(&self.folder.join(twice::BEFORE), &before)?;
                return voice.tell("step 8");
            }
            10 => file.server.iter_mut().for_each(|server| server.learn(certificate(1))),
            11 => file
                .server
                .iter_mut()
                .for_each(|server| server.see(certificate(1).hash)),
            _ => {}
        }
        twice::write(&self.folder, &file, &sealing_key(&secret))?;
        voice.tell(&format!("step {step}"))?;
        voice.tell(&format!("generation {}", file.slots.generation))
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        let did = |step: usize| said.told.contains(&format!("step {step}"));
        let begun = |step: usize| said.begun.contains(&step);
        if twice::read(&self.folder)?.is_none() {
            return if did(0) {
                Err(Wrong::Lost("the desk's file".to_owned()).into())
            } else {
                Ok(())
            };
        }
        let (file, secret) = (self.file()?, self.place().get()?);
        file.slots.tiles(&secret)?;
        let generations = said
            .told
            .iter()
            .filter_map(|told| told.strip_prefix("generation ")?.parse().ok());
        if generations.max().is_some_and(|told: u64| file.slots.generation < told) {
            return Err(Wrong::Lost("a key slot".to_owned()).into());
        }
        let lost = |what: &str| Err(Wrong::Lost(what.to_owned()).into());
        let old = did(1) && !did(5) && self.opens(h::NURSE, PASSWORDS[0])?;
        let new = begun(5) && self.opens(h::NURSE, PASSWORDS[1])?;
        if did(1) && old == new {
            return lost("the password, old or new");
        }
        if did(2)
            && !file
                .slots
                .open_shared(&SHARE, &secret)
                .is_ok_and(|key| *key == *database_key())
        {
            return lost("the shared slot");
        }
        if did(4) && !begun(7) && !self.opens(h::STRANGER, PASSWORDS[0])? {
            return lost("the second person's slot");
        }
        if did(8) && file.unsent != UNSENT {
            return lost("what the first version wrote");
        }
        if did(9) && twice::read(&self.folder)?.is_none_or(|found| found.is_unsealed()) {
            return lost("the seal");
        }
        let known: Vec<Hash> = file.server.iter().flat_map(|server| server.certificates()).collect();
        let (first, next) = (certificate(0).hash, certificate(1).hash);
        if (did(10) && !known.contains(&next)) || (!begun(11) && !known.contains(&first)) {
            return lost("by which certificate the server is known");
        }
        if did(11) && known != [next] {
            return lost("that the server is known by its next certificate alone");
        }
        if did(7) && file.slots.has(id(h::STRANGER)) {
            return lost("that the second person left");
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)
    }
}
