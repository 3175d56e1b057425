//! A patient is erased by the district while a desk on the failing disk was away: it hears of it, lets go of everything
//! in one transaction, sweeps its disk and the copies on it; what it wrote meanwhile is not lost. The server stands on
//! a good disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use desk::sweeping::sweep;
use domain::entities::{erasure, patient};
use domain::{Draft, Records, Value};
use failing_disk::pages::{said_in_pages, said_in_tables};
use server::Server;
use store::{KeptDraft, Store};
use sync_core::ChangeId;
use uuid::Uuid;

use super::checks::{check_log, check_pages, check_projections, raw};
use super::hospital::{self as h, NOON_MS, id};
use super::succession::settle;
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};

const STEPS: &[&str] = &[
    "what the erased patient's form says is saved and kept without the network",
    "a copy is made",
    "the desk hears what was erased",
    "the disk is swept",
    "the desk is closed and opened",
    "what came too late is dismissed",
    "the disk is swept again",
    "a patient is registered and sent",
];
/// The step in which somebody decides about what came too late.
const DISMISSED: usize = 5;
const DEVICE: u8 = 1;
const ASKED: u128 = 0xea;
const OTHER: u128 = 0xe7;
/// What must be nowhere in the end: her name, her phone, and where she lives.
const TRACES: [&str; 3] = ["lakshmikutty", "9847012345", "thrikkakara"];
const LATE: u128 = 0xac01;
const FORM: &str = "form/patient";

fn edited() -> Draft {
    Draft::new("patient", id(h::KNOWN)).with_value("village", Value::Text("Thrikkakara".to_owned()))
}

/// A desk that knows the patient, a copy of its file from before, and the server that has erased her since.
pub fn lay_out(folder: &Path) -> Result<()> {
    let dir = folder.join(BESIDE).join("server");
    let server = h::begin(&dir)?;
    h::furnish(&server)?;
    h::enrol(&server, DEVICE)?;
    let known = h::patient(h::KNOWN, "Lakshmikutty").with(&patient::PHONE, "+919847012345");
    h::author(&server, h::homes().facility, vec![known, h::patient(OTHER, "Meera")])?;
    let disk = folder.join(DISK);
    let made = disk.join("ward.db");
    let store = Arc::new(Store::create(&made, &h::database_key(), h::device(DEVICE))?);
    store.follow(h::homes().district)?;
    store.follow(h::homes().facility)?;
    let mut voice = Voice::after(Said::default());
    settle(&store, &server, &h::signing_key(DEVICE), &mut voice)?;
    store.backup(&disk.join("ward.db.before-9"))?;
    drop(store);
    let asked = Draft::new("erasure", id(ASKED))
        .with(&erasure::PATIENT, id(h::KNOWN))
        .with(&erasure::REASON, "asked")
        .with(&erasure::ASKED_ON, domain::Time(NOON_MS).day(0));
    h::author(&server, h::homes().facility, vec![asked])?;
    let done = server.carry_out(id(ASKED))?;
    ensure!(done.is_ok(), "she cannot be erased: {done:?}");
    Ok(server.db().checkpoint()?)
}

/// The course of the desk that was away.
pub struct ErasingCourse {
    folder: PathBuf,
    store: Option<Arc<Store>>,
    server: Server,
}

impl ErasingCourse {
    pub fn new(folder: &Path) -> Result<ErasingCourse> {
        Ok(ErasingCourse {
            folder: folder.to_owned(),
            store: None,
            server: Server::open(&folder.join(BESIDE).join("server"), h::config())?,
        })
    }

    fn disk(&self) -> PathBuf {
        self.folder.join(DISK)
    }

    fn path(&self) -> PathBuf {
        self.disk().join("ward.db")
    }

    fn store(&mut self) -> Result<Arc<Store>> {
        if self.store.is_none() {
            self.store = Some(Arc::new(Store::open_simulated(&self.path(), &h::database_key(), 0)?));
        }
        self.store.clone().context("it was just opened")
    }

    fn save(&mut self, action: u128, draft: Draft, voice: &mut Voice) -> Result<()> {
        let store = self.store()?;
        let action = Uuid::from_u128(action);
        if super::checks::actions(&store)?.contains(&action) {
            return Ok(());
        }
        voice.try_action(action)?;
        let saved = store.save(h::action(action, vec![draft], store.as_of()?))?;
        voice.save(&store, &saved.changes)
    }

    fn exchange(&mut self, voice: &mut Voice) -> Result<()> {
        settle(&self.store()?, &self.server, &h::signing_key(DEVICE), voice)
    }

    /// As the worker does it at the end of a round.
    fn sweep(&mut self, voice: &mut Voice, told: &str) -> Result<()> {
        let swept = sweep(&*self.store()?);
        swept.map_err(|failure| anyhow::anyhow!("the desk told {}", failure.code))?;
        voice.tell(told)
    }

    fn late(&mut self) -> Result<Option<ChangeId>> {
        let log = self.store()?.read(|records, _| records.log())?;
        for (id, _) in log {
            let change = self.store()?.read(|records, _| records.change(id))?;
            if change.is_some_and(|change| change.action == Uuid::from_u128(LATE)) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    fn dismiss(&mut self, voice: &mut Voice) -> Result<()> {
        let late = self.late()?.context("what came too late is gone")?;
        // Whoever tries again is told that it was decided before.
        let _decided = self.server.dismiss(late)?;
        self.exchange(voice)
    }
}

impl Course for ErasingCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        match step {
            0 => {
                let form = KeptDraft {
                    name: format!("{FORM}/{}", id(h::KNOWN)),
                    body: serde_json::json!({ "village": "Thrikkakara" }),
                    updated_ms: NOON_MS,
                };
                self.store()?.put_draft(id(h::NURSE), form)?;
                self.save(LATE, edited(), voice)
            }
            1 => match self.store()?.backup(&self.disk().join("ward-backup-1.db")) {
                Ok(()) | Err(store::StoreError::Exists) => voice.tell("copy"),
                Err(error) => Err(error.into()),
            },
            2 => {
                self.exchange(voice)?;
                voice.tell("erased")
            }
            3 => self.sweep(voice, "swept"),
            4 => {
                self.store = None;
                self.store().map(drop)
            }
            DISMISSED => self.dismiss(voice),
            6 => self.sweep(voice, "swept again"),
            _ => {
                self.save(0xac09, h::patient(0xe9, "Ravi"), voice)?;
                self.exchange(voice)
            }
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        let store = self.store()?;
        check_pages(&self.path(), "integrity_check", &["ok"])?;
        check_projections(&store)?;
        check_log(&store, said)?;
        let has_heard = !store.read(|records, _| records.all("erased"))?.is_empty();
        let is_here = store.read(|records, _| records.get("patient", id(h::KNOWN)))?.is_some();
        if has_heard == is_here {
            return Err(Wrong::Corrupt("she is erased in part".to_owned()).into());
        }
        if said.told.contains("erased") && !has_heard {
            return Err(Wrong::Lost("the erasure".to_owned()).into());
        }
        if store.read(|records, _| records.get("patient", id(OTHER)))?.is_none() {
            return Err(Wrong::Lost("somebody who was not erased".to_owned()).into());
        }
        let traces = traces_in_tables(&self.path())?;
        // What nobody else has stays until it was answered.
        let is_late = |said: &String| said.starts_with("change: ") && said.contains(r#""fields":{"village":"#);
        if has_heard && traces.iter().filter(|said| !is_late(said)).count() > 0 {
            return Err(Wrong::Corrupt(format!("of the erased is left: {traces:?}")).into());
        }
        if let Some(late) = self.late()?.filter(|_| !said.begun.contains(&DISMISSED)) {
            let change = store.read(|records, _| records.change(late))?;
            if change.is_none_or(|change| change.is_stub()) {
                return Err(Wrong::Lost("what was written too late and nobody decided about".to_owned()).into());
            }
        }
        if has_heard && !store.is_to_be_swept()? {
            self.check_copies()?;
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)?;
        let store = self.store()?;
        if store.unsent()? != 0 || store.is_to_be_swept()? {
            return Err(Wrong::Corrupt("something is still to be done".to_owned()).into());
        }
        let told = self.server.db().read(server::db::space::all)?;
        for space in store.spaces()? {
            let there = told.iter().find(|told| told.id == space.space);
            let is_same = there.is_some_and(|told| (told.head, told.digest) == (space.cursor, space.digest));
            if space.is_diverged || !is_same {
                return Err(Wrong::Corrupt(format!("the desk holds another {} than the server", space.space)).into());
            }
        }
        drop(store);
        self.check_copies()?;
        check_nothing_in(&self.path())
    }
}

impl ErasingCourse {
    /// The copy that a person asked for is there and says nothing of her; the one of an earlier version is gone.
    fn check_copies(&self) -> Result<()> {
        if self.disk().join("ward.db.before-9").exists() {
            return Err(Wrong::Corrupt("the file of an earlier version is still here".to_owned()).into());
        }
        let copy = self.disk().join("ward-backup-1.db");
        if !copy.exists() {
            return Ok(());
        }
        check_pages(&copy, "integrity_check", &["ok"])?;
        let said = traces_in_tables(&copy)?;
        // The copy holds what the desk itself still had to keep.
        if said.iter().any(|said| !said.starts_with("change: ")) {
            return Err(Wrong::Corrupt(format!("of the erased is left in the copy: {said:?}")).into());
        }
        Ok(())
    }
}

fn traces_in_tables(path: &Path) -> Result<Vec<String>> {
    let mut said = said_in_tables(&raw(path)?)?;
    said.retain(|said| TRACES.iter().any(|trace| said.contains(trace)));
    Ok(said)
}

fn check_nothing_in(path: &Path) -> Result<()> {
    let said = said_in_pages(path, h::database_key().bytes())?;
    match TRACES.iter().find(|trace| said.contains(**trace)) {
        None => Ok(()),
        Some(_) => Err(Wrong::Corrupt("a page of the file still says who was erased".to_owned()).into()),
    }
}
