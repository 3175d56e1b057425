//! A desk whose file was put back to yesterday's goes on under another name on the failing disk: its file is made
//! anew beside the old one and takes its place. The server stands on a good disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use desk::identity::Successor;
use desk::keys::file::{Belonging, DeskFile, SIGNING_KEY, ServerPin};
use desk::keys::hardness::{Cost, Hardness};
use desk::keys::seal::{Key, open_key};
use desk::keys::secret::{SecretHome, SecretPlace};
use desk::keys::slots::Tile;
use desk::keys::twice::{self, sealing_key};
use desk::net::patience::Patience;
use desk::round::{DeskSide, Heard};
use desk::{Desk, Options};
use domain::Records;
use ed25519_dalek::SigningKey;
use server::db::device::Device;
use server::exchange::round::Round;
use server::{Server, db};
use store::{KeptDraft, Store};
use sync_core::{ChangeId, DeviceId, Hash};
use uuid::Uuid;

use super::checks::{check_pages, check_projections};
use super::hospital::{self as h, NOON_MS, id};
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};
use crate::signed_in::sign_in;

const STEPS: &[&str] = &[
    "a patient is registered on the desk that was put back",
    "it goes on under another name",
    "a patient is registered under that name",
    "it goes on under a third name before anything was sent",
    "a patient is registered under the third name",
    "everything is exchanged",
];
const DEVICE: u8 = 1;
/// Registered before the copy was made that was put back, and after it.
const BEFORE: [u128; 2] = [0xe10, 0xe11];
const PASSWORD: &str = "a password of eleven words";
const NAME: &str = "desk";
const FORM_NAME: &str = "triage/morning";
/// Whoever needs more rounds gets nowhere.
const MOST: usize = 60;

fn database_key() -> Key {
    Key::copied(h::database_key().bytes())
}

/// A desk with yesterday's file, while the server has what it wrote since.
pub fn lay_out(folder: &Path) -> Result<()> {
    let (disk, beside) = (folder.join(DISK), folder.join(BESIDE));
    let dir = beside.join("server");
    let server = h::begin(&dir)?;
    h::furnish(&server)?;
    h::enrol(&server, DEVICE)?;

    let store = Arc::new(Store::create(
        &beside.join("made.db"),
        &h::database_key(),
        h::device(DEVICE),
    )?);
    store.follow(h::homes().district)?;
    store.follow(h::homes().facility)?;
    let mut voice = Voice::after(Said::default());
    settle(&store, &server, &h::signing_key(DEVICE), &mut voice)?;
    for (place, number) in BEFORE.into_iter().enumerate() {
        let drafts = vec![h::patient(number, "Lakshmi")];
        store.save(h::action(Uuid::from_u128(number), drafts, store.as_of()?))?;
        settle(&store, &server, &h::signing_key(DEVICE), &mut voice)?;
        if place == 0 {
            store.set_generation(1)?;
            let body = serde_json::json!({ "visited": 12 });
            let (name, updated_ms) = (FORM_NAME.to_owned(), NOON_MS);
            store.put_draft(id(h::NURSE), KeptDraft { name, body, updated_ms })?;
            store.backup(&disk.join("ward.db"))?;
        }
    }
    server.db().checkpoint()?;
    keys(&disk, &server)
}

/// What lies beside the desk's database.
fn keys(disk: &Path, server: &Server) -> Result<()> {
    let secret = SecretPlace::new(SecretHome::File, disk, NAME).make()?;
    let tile = Tile {
        person: id(h::NURSE),
        username: "anju".to_owned(),
        name: "Anju".to_owned(),
        role: "nurse".to_owned(),
    };
    let desk = Belonging {
        device: h::device(DEVICE),
        facility: id(h::FACILITY),
        district: id(h::DISTRICT),
        utc_offset_minutes: h::UTC_OFFSET_MINUTES,
        server: Some(pin(server)),
        sample: false,
    };
    let device_key = h::signing_key(DEVICE).to_bytes();
    let mut file = DeskFile::new(desk, NAME.to_owned(), SecretHome::File, &secret, &device_key);
    file.slots
        .put(tile, PASSWORD, Hardness::LEAST, &secret, &database_key())?;
    file.generation = 1;
    Ok(twice::write(disk, &file, &sealing_key(&secret))?)
}

/// The desk reaches the server without any network; nobody listens there.
fn pin(server: &Server) -> ServerPin {
    ServerPin::new(
        "http://127.0.0.1:9".to_owned(),
        Hash([0; 32]),
        Hash(server.own().signing_key.verifying_key().to_bytes()),
    )
}

/// Exchanges until nothing waits on either side.
pub fn settle(store: &Arc<Store>, server: &Server, key: &SigningKey, voice: &mut Voice) -> Result<()> {
    let device = store.device();
    sign_in(store, server, id(h::NURSE))?;
    let side = DeskSide::new(Arc::clone(store), key.clone());
    for _ in 0..MOST {
        let mut round = Round::begin(server, device)?;
        side.asks(NOON_MS)?.into_iter().try_for_each(|ask| round.take(ask))?;
        let (mut heard, mut answers) = (Heard::default(), round.answers()?);
        while let Some(answer) = answers.next_answer()? {
            side.absorb(answer, NOON_MS, &mut heard)?;
        }
        for space in store.spaces()? {
            voice.read(space.space, space.epoch, space.cursor)?;
        }
        let waits = store.unsent()? + store.to_write_anew()? > 0 || store.uncompared()?.is_some();
        if !heard.more && !waits {
            return Ok(());
        }
    }
    Err(Wrong::Corrupt(format!("there is still more after {MOST} rounds")).into())
}

/// The course of one desk that becomes another, twice.
pub struct SuccessionCourse {
    folder: PathBuf,
    server: Server,
    desk: Option<Desk>,
}

impl SuccessionCourse {
    pub fn new(folder: &Path) -> Result<SuccessionCourse> {
        Ok(SuccessionCourse {
            folder: folder.to_owned(),
            server: Server::open(&folder.join(BESIDE).join("server"), h::config())?,
            desk: None,
        })
    }

    fn disk(&self) -> PathBuf {
        self.folder.join(DISK)
    }

    /// The program, as long as it runs.
    fn desk(&mut self) -> Desk {
        let folder = self.disk();
        self.desk.get_or_insert_with(|| started(&folder)).clone()
    }

    /// As whoever signs in comes to work.
    fn store(&mut self) -> Result<Arc<Store>> {
        self.desk().finish_succession().map_err(failed)?;
        opened(&self.disk())
    }

    fn register(&mut self, number: u128, voice: &mut Voice) -> Result<()> {
        let store = self.store()?;
        let draft = h::patient(0xe00 + number, "Ravi");
        let told = format!("patient {number}");
        if voice.said().told.contains(&told) || store.read(|records, _| records.get(&draft.kind, draft.id))?.is_some() {
            return Ok(());
        }
        let new_action = Uuid::from_u128(0xac00 + number);
        voice.try_action(new_action)?;
        let saved = store.save(h::action(new_action, vec![draft], store.as_of()?))?;
        voice.save(&store, &saved.changes)?;
        voice.tell(&told)
    }

    /// Goes on under a new name, unless it has had so many already.
    fn go_on(&mut self, names: usize) -> Result<()> {
        let desk = self.desk();
        desk.finish_succession().map_err(failed)?;
        let file = twice::read(&self.disk())?.context("the desk\'s file")?.file;
        let known = self.server.db().read(db::succession::all)?;
        if former(
            file.device,
            &known.iter().map(|each| (each.device, each.former)).collect(),
        )
        .len()
            >= names
        {
            return Ok(());
        }
        let secret = SecretPlace::new(SecretHome::File, &self.disk(), NAME).get()?;
        let key = desk.next_key(&secret).map_err(failed)?;
        let successor = Successor {
            device: renewed(file.device, &key, &self.server)?,
            key,
            server: pin(&self.server),
        };
        let made = running()?.block_on(desk.succeed(successor, &database_key(), &secret));
        made.map_err(failed)
    }
}

/// As `Server::renew` does, without the password: the same name when the same key asks again.
fn renewed(old: DeviceId, key: &SigningKey, server: &Server) -> Result<DeviceId> {
    let key = Hash(key.verifying_key().to_bytes());
    Ok(server.db().write(|tx| {
        if let Some(known) = db::succession::with_key(old, key, tx)? {
            return Ok(known);
        }
        let device = DeviceId(Uuid::now_v7());
        db::device::insert(&Device::new(device, key, id(h::FACILITY), NOON_MS), tx)?;
        db::succession::insert(device, old, id(h::NURSE), NOON_MS, tx)?;
        db::device::revoke(old, tx)?;
        Ok(device)
    })?)
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

fn running() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

fn failed(failure: desk::Failure) -> anyhow::Error {
    anyhow::anyhow!("the desk told {}", failure.code)
}

/// The names that a desk had before, the newest first.
fn former(device: DeviceId, known: &BTreeMap<DeviceId, DeviceId>) -> Vec<DeviceId> {
    std::iter::successors(known.get(&device), |device| known.get(device))
        .copied()
        .collect()
}

/// The database of the desk that its file names.
fn opened(disk: &Path) -> Result<Arc<Store>> {
    let store = Store::open_simulated(&disk.join("ward.db"), &h::database_key(), 0)?;
    let file = twice::read(disk)?.context("the desk\'s file")?.file;
    if store.device() != file.device {
        return Err(Wrong::Corrupt("the database is another desk's than the desk's file says".to_owned()).into());
    }
    if store.generation()? < file.generation {
        return Err(Wrong::Corrupt("the database would be taken for an older copy".to_owned()).into());
    }
    Ok(Arc::new(store))
}

impl Course for SuccessionCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        // Somebody who was told that it failed works on, and starts the program anew before they try again.
        if voice.said().failed.iter().any(|(failed, _)| *failed == step) {
            self.register(0x10 + step as u128, voice)?;
            self.desk = None;
        }
        match step {
            0 | 2 | 4 => self.register(step as u128, voice),
            1 => self.go_on(1),
            3 => self.go_on(2),
            _ => {
                let store = self.store()?;
                let file = twice::read(&self.disk())?.context("the desk\'s file")?.file;
                let secret = SecretPlace::new(SecretHome::File, &self.disk(), NAME).get()?;
                let key = SigningKey::from_bytes(&*open_key(&secret, SIGNING_KEY, &file.signing_key)?);
                settle(&store, &self.server, &key, voice)
            }
        }
    }

    /// Looked at in a copy of the disk, in which the program is started: the disk itself stays as it was left.
    fn check(&mut self, said: &Said) -> Result<()> {
        self.desk = None;
        let apart = self.folder.join("apart");
        if apart.exists() {
            std::fs::remove_dir_all(&apart)?;
        }
        super::judge::copy(&self.disk(), &apart)?;
        started(&apart).finish_succession().map_err(failed)?;
        check_pages(&apart.join("ward.db"), "integrity_check", &["ok"])?;
        let store = opened(&apart)?;
        check_projections(&store)?;
        check_held(&store, &self.server, said)?;
        if store.draft(id(h::NURSE), FORM_NAME)?.is_none() {
            return Err(Wrong::Lost("a half-filled form".to_owned()).into());
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)?;
        let store = self.store()?;
        let mut numbers: Vec<u128> = BEFORE.to_vec();
        for told in said.told.iter().filter_map(|told| told.strip_prefix("patient ")) {
            numbers.push(0xe00 + told.parse::<u128>()?);
        }
        for number in numbers {
            if store.read(|records, _| records.get("patient", id(number)))?.is_none() {
                return Err(Wrong::Lost(format!("the patient {number:x}")).into());
            }
        }
        let told = self.server.db().read(db::space::all)?;
        for space in store.spaces()? {
            let server = told.iter().find(|told| told.id == space.space);
            let is_same = server.is_some_and(|told| (told.head, told.digest) == (space.cursor, space.digest));
            if space.is_diverged || !is_same {
                return Err(Wrong::Corrupt(format!("the desk holds another {} than the server", space.space)).into());
            }
        }
        drop(store);
        self.check_sign_in()
    }
}

impl SuccessionCourse {
    /// Whoever had a slot signs in without the network, and nobody takes the file for an older copy.
    fn check_sign_in(&mut self) -> Result<()> {
        self.desk = None;
        let desk = started(&self.disk());
        running()?.block_on(async {
            desk.sign_in("anju", PASSWORD).await.map_err(failed)?;
            let problem = desk.status().sync.problem;
            desk.lock().await;
            match problem {
                Some(problem) => Err(Wrong::Corrupt(format!("the desk tells {}", problem.code)).into()),
                None => Ok(()),
            }
        })
    }
}

/// Each acknowledged change is here, or waits to be written anew, or was; or the server has it.
fn check_held(store: &Store, server: &Server, said: &Said) -> Result<()> {
    let mut held: BTreeSet<ChangeId> = store
        .unsent_changes()?
        .iter()
        .map(|change| change.change().id)
        .collect();
    for (id, _) in store.read(|records, _| records.log())? {
        held.insert(id);
        let change = store.read(|records, _| records.change(id))?;
        held.extend(change.and_then(|change| change.origin));
    }
    for (id, hash) in &said.saved {
        let numbered = server.db().read(|conn| db::change::numbered(*id, conn))?;
        // Another may have that number there: two files wrote under one name.
        let is_there = numbered.is_some_and(|(_, there)| hash.is_none_or(|hash| hash == there));
        if !held.contains(id) && !is_there {
            return Err(Wrong::Lost(format!("the change {} of {}", id.seq, id.device)).into());
        }
    }
    Ok(())
}
