//! A ward desktop on the failing disk: its file is made, it pulls, people register, edit, admit, give
//! out stock and decide a conflict, it sends and gets receipts, is closed and opened, copied, rebuilt,
//! and lives through a restored server. The server stands on a good disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use desk::round::{DeskSide, Heard};
use domain::actions::{Stage, act};
use domain::entities::{patient, stock_entry, triage};
use domain::{Ctx, Date, Decimal, Draft, Records, Time, Value};
use server::Server;
use server::exchange::round::Round;
use store::{Action, KeptDraft, Store, StoreError};
use sync_core::exchange::Answer;
use uuid::Uuid;

use super::checks::{actions, check_log, check_pages, check_projections, check_spaces, raw};
use super::hospital::{self as h, NOON_MS, id};
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};
use crate::signed_in::sign_in;

const STEPS: &[&str] = &[
    "the file is made",
    "a first page is pulled",
    "a second page is pulled",
    "a patient is registered",
    "a form is edited",
    "what waits is sent and numbered",
    "a patient is admitted",
    "stock comes in and goes out",
    "a half-filled form is kept",
    "the log is moved into the file and written on",
    "the desk is closed and opened",
    "everything is exchanged",
    "the conflict is decided",
    "triage is filed",
    "a copy is made",
    "the server was restored from a backup",
    "everything is computed anew after an update",
    "the patient is discharged",
    "everything is exchanged again",
];

/// The step from which on the restored server answers.
const RESTORED: usize = 15;
const DEVICE: u8 = 1;
const REGISTERED: u128 = 0xe1;
/// Pulling to the end takes fewer rounds than this, or does not end.
const MOST_ROUNDS: usize = 60;

/// Two servers: the one the desk knew, and the same restored from a backup without what the desk sent.
pub fn lay_out(folder: &Path) -> Result<()> {
    let beside = folder.join(BESIDE);
    let first = beside.join("server");
    let server = h::begin(&first)?;
    h::furnish(&server)?;
    h::enrol(&server, DEVICE)?;
    h::author(&server, h::homes().facility, vec![h::patient(h::KNOWN, "Lakshmi")])?;
    for number in 0..30_u128 {
        h::author(
            &server,
            h::homes().facility,
            vec![h::patient(0xf00 + number, &format!("Patient {number}"))],
        )?;
    }
    let elsewhere = |name: &str, phone: &str| {
        Draft::new("patient", id(h::KNOWN))
            .with(&patient::NAME, name)
            .with_value("phone", Value::Text(phone.to_owned()))
    };
    h::author(
        &server,
        h::homes().facility,
        vec![elsewhere("Lakshmi Amma", "+919876500001")],
    )?;
    let backup = beside.join("backup");
    server::backup::make(&server, &backup)?;
    let second = beside.join("server-restored");
    std::fs::create_dir_all(&second)?;
    std::fs::copy(first.join("master.key"), second.join("master.key"))?;
    server::backup::restore(&backup, &second, &h::config())?;
    server.db().checkpoint()?;
    Ok(())
}

/// The course of one desktop.
pub struct DeskCourse {
    folder: PathBuf,
    store: Option<Arc<Store>>,
    servers: [Server; 2],
    is_restored: bool,
}

impl DeskCourse {
    pub fn new(folder: &Path) -> Result<DeskCourse> {
        let beside = folder.join(BESIDE);
        let open = |name: &str| Server::open(&beside.join(name), h::config());
        Ok(DeskCourse {
            folder: folder.to_owned(),
            store: None,
            servers: [open("server")?, open("server-restored")?],
            is_restored: false,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(DISK).join("ward.db")
    }

    fn copy(&self) -> PathBuf {
        self.folder.join(DISK).join("copy.db")
    }

    fn store(&mut self) -> Result<Arc<Store>> {
        if self.store.is_none() {
            self.store = Some(Arc::new(Store::open_simulated(&self.path(), &h::database_key(), 0)?));
        }
        self.store.clone().context("it was just opened")
    }

    fn make(&mut self) -> Result<()> {
        if !self.path().exists() {
            let made = Store::create(&self.path(), &h::database_key(), h::device(DEVICE))?;
            self.store = Some(Arc::new(made));
        }
        let store = self.store()?;
        store.follow(h::homes().district)?;
        store.follow(h::homes().facility)?;
        Ok(sign_in(&store, &self.servers[0], id(h::NURSE))?)
    }

    /// One round over a good link. Answers whether there is more.
    fn round(&mut self, voice: &mut Voice) -> Result<bool> {
        let store = self.store()?;
        let side = DeskSide::new(Arc::clone(&store), h::signing_key(DEVICE));
        let server = &self.servers[usize::from(self.is_restored)];
        let mut round = Round::begin(server, h::device(DEVICE))?;
        for ask in side.asks(NOON_MS)? {
            round.take(ask)?;
        }
        let mut heard = Heard::default();
        let mut answers = round.answers()?;
        while let Some(answer) = answers.next_answer()? {
            let receipt = match &answer {
                Answer::Receipt { numbered, parked, .. } => Some((numbered.clone(), parked.clone())),
                _ => None,
            };
            side.absorb(answer, NOON_MS, &mut heard)?;
            if let Some((numbered, parked)) = receipt {
                for each in numbered {
                    voice.receive(h::device(DEVICE), each.seq, Some(each.lsn))?;
                }
                for each in parked {
                    voice.receive(h::device(DEVICE), each.seq, None)?;
                }
            }
        }
        for space in store.spaces()? {
            voice.read(space.space, space.epoch, space.cursor)?;
        }
        Ok(heard.more || store.unsent()? > 0)
    }

    fn rounds(&mut self, voice: &mut Voice) -> Result<()> {
        for _ in 0..MOST_ROUNDS {
            if !self.round(voice)? {
                return Ok(());
            }
        }
        Err(Wrong::Corrupt(format!("there is still more after {MOST_ROUNDS} rounds")).into())
    }

    /// Saves, unless the action is there from before the power was cut.
    fn save(&mut self, number: u128, drafts: Vec<Draft>, as_of: Option<u64>, voice: &mut Voice) -> Result<()> {
        self.save_as(number, drafts, as_of, false, voice)
    }

    fn save_as(
        &mut self,
        number: u128,
        mut drafts: Vec<Draft>,
        as_of: Option<u64>,
        resolve: bool,
        voice: &mut Voice,
    ) -> Result<()> {
        let store = self.store()?;
        let new_action = Uuid::from_u128(0xac00 + number);
        if actions(&store)?.contains(&new_action) {
            return Ok(());
        }
        for draft in &mut drafts {
            draft.confirmed = draft.fields.keys().cloned().collect();
        }
        let as_of = as_of.map_or_else(|| store.as_of(), Ok)?;
        let action = Action {
            resolve,
            ..h::action(new_action, drafts, as_of)
        };
        voice.try_action(new_action)?;
        let saved = store.save(action)?;
        if saved.changes.is_empty() {
            bail!("action {number} said nothing");
        }
        voice.save(&store, &saved.changes)
    }

    fn act(&mut self, number: u128, name: &str, args: &serde_json::Value, voice: &mut Voice) -> Result<()> {
        let store = self.store()?;
        let ctx = Ctx {
            now: Time(NOON_MS),
            today: Time(NOON_MS).day(h::UTC_OFFSET_MINUTES),
            utc_offset_minutes: h::UTC_OFFSET_MINUTES,
            facility: id(h::FACILITY),
            person: id(h::NURSE),
            role: "nurse".to_owned(),
            heard: Some(Time(NOON_MS)),
        };
        if actions(&store)?.contains(&Uuid::from_u128(0xac00 + number)) {
            return Ok(());
        }
        let mut next = number << 32;
        let drafts = store.read(|records, _| {
            let mut new_id = || {
                next += 1;
                id(next)
            };
            let mut stage = Stage {
                world: records,
                ctx: &ctx,
                new_id: &mut new_id,
            };
            Ok::<_, StoreError>(act(name, args, &mut stage))
        })?;
        self.save(
            number,
            drafts.map_err(|error| anyhow::anyhow!("{error:?}"))?,
            None,
            voice,
        )
    }

    fn edit_form(&mut self, voice: &mut Voice) -> Result<()> {
        let draft = Draft::new("patient", id(h::KNOWN))
            .with(&patient::NAME, "Lakshmi Devi")
            .with_value("phone", Value::Text("+919876500002".to_owned()))
            .with_value("address", Value::Text("Near the temple".to_owned()));
        self.save(4, vec![draft], None, voice)
    }

    fn move_stock(&mut self, voice: &mut Voice) -> Result<()> {
        for (number, movement, pieces) in [(7, "receive", 5), (8, "issue", 9)] {
            let draft = Draft::new("stock_entry", id(0x5700 + number))
                .with(&stock_entry::ITEM, id(h::ITEM))
                .with(&stock_entry::MOVEMENT, movement)
                .with(&stock_entry::AT, Time(NOON_MS))
                .with(&stock_entry::QUANTITY, Decimal::new(pieces * 1_000, 3));
            self.save(number, vec![draft], None, voice)?;
        }
        Ok(())
    }

    fn keep_form(&mut self, voice: &mut Voice) -> Result<()> {
        let draft = KeptDraft {
            name: "triage/morning".to_owned(),
            body: serde_json::json!({ "visited": 12 }),
            updated_ms: NOON_MS,
        };
        self.store()?.put_draft(id(h::NURSE), draft)?;
        voice.tell("form")
    }

    /// As the writer does it when all is quiet; the next save begins the log anew.
    fn move_log(&mut self, voice: &mut Voice) -> Result<()> {
        let store = self.store()?;
        // Nobody may be reading, or the log is moved in part only; what was moved is then as safe.
        let beside = raw(&self.path())?;
        beside.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        drop(beside);
        drop(store);
        self.save(9, vec![h::patient(0xe2, "Meera")], None, voice)
    }

    fn decide(&mut self, voice: &mut Voice) -> Result<()> {
        let store = self.store()?;
        let conflicts = store.read(|records, _| Ok::<_, StoreError>(records.conflicts()))??;
        let is_open = |field: &str| conflicts.iter().any(|c| c.record == id(h::KNOWN) && c.field == field);
        // Who pulled again after a fault may have seen the other value before the form was edited: then
        // nothing contradicts, and this is an edit like any other.
        let is_open = is_open("phone");
        let is_expected = !voice.said().is_disturbed();
        ensure!(is_open || !is_expected, "there is no conflict to decide");
        let draft = Draft::new("patient", id(h::KNOWN)).with_value("phone", Value::Text("+919876500003".to_owned()));
        self.save_as(12, vec![draft], None, is_open, voice)
    }

    fn file_triage(&mut self, voice: &mut Voice) -> Result<()> {
        let day: Date = Time(NOON_MS).day(h::UTC_OFFSET_MINUTES);
        let draft = Draft::new("triage", id(0x7100))
            .with(&triage::FACILITY, id(h::FACILITY))
            .with(&triage::DAY, day)
            .with(&triage::SHIFT, "morning")
            .with(&triage::VISITED, 12);
        self.save(13, vec![draft], None, voice)
    }

    fn make_copy(&mut self, voice: &mut Voice) -> Result<()> {
        match self.store()?.backup(&self.copy()) {
            Ok(()) | Err(StoreError::Exists) => voice.tell("copy"),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes the file, makes it look as an earlier version would have left it, and opens it.
    fn compute_anew(&mut self) -> Result<()> {
        self.store = None;
        let beside = raw(&self.path())?;
        beside.execute("UPDATE desk SET projected_by = 'an earlier version'", [])?;
        drop(beside);
        self.store().map(drop)
    }
}

impl Course for DeskCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        self.is_restored = step >= RESTORED;
        match step {
            RESTORED => {
                voice.tell("restored")?;
                self.rounds(voice)
            }
            0 => self.make(),
            1 | 2 | 5 => self.round(voice).map(drop),
            3 => self.save(3, vec![h::patient(REGISTERED, "Ravi")], None, voice),
            4 => self.edit_form(voice),
            6 => {
                let fields =
                    serde_json::json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
                let args = serde_json::json!({ "patient": id(REGISTERED), "bed": id(h::BEDS[0]), "at": null, "fields": fields });
                self.act(6, "admit", &args, voice)
            }
            7 => self.move_stock(voice),
            8 => self.keep_form(voice),
            9 => self.move_log(voice),
            10 => {
                self.store = None;
                self.store().map(drop)
            }
            12 => self.decide(voice),
            13 => self.file_triage(voice),
            14 => self.make_copy(voice),
            16 => self.compute_anew(),
            17 => {
                let open = self
                    .store()?
                    .read(|records, _| Ok::<_, StoreError>(records.open("bed_stay")))??;
                let Some(Value::Ref(encounter)) = open.first().map(|stay| stay.value("encounter").clone()) else {
                    return Ok(());
                };
                let fields = serde_json::json!({ "discharge_reason": "recovered" });
                let args = serde_json::json!({ "encounter": encounter, "at": null, "clean": true, "fields": fields });
                self.act(17, "discharge", &args, voice)
            }
            _ => self.rounds(voice),
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        if !self.path().exists() {
            return if said.ended.is_empty() {
                Ok(())
            } else {
                Err(Wrong::Lost("the file".to_owned()).into())
            };
        }
        check_copy(self, said)?;
        let store = self.store()?;
        check_pages(&self.path(), "integrity_check", &["ok"])?;
        check_projections(&store)?;
        check_log(&store, said)?;
        check_spaces(&store, said)?;
        if said.told.contains("form") && store.draft(id(h::NURSE), "triage/morning")?.is_none() {
            return Err(Wrong::Lost("a half-filled form".to_owned()).into());
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)?;
        let store = self.store()?;
        if store.unsent()? != 0 {
            return Err(Wrong::Corrupt("something is still to be sent".to_owned()).into());
        }
        for space in store.spaces()? {
            if space.is_diverged || space.cursor != space.head {
                return Err(Wrong::Corrupt(format!("the desk holds another {} than the server", space.space)).into());
            }
        }
        let mut saved = Vec::new();
        for id in said.saved.keys() {
            saved.push((
                *id,
                super::said::hash_in(&store, *id)?.context("it was just looked at")?,
            ));
        }
        drop(store);
        self.store = None;
        // It reads the file without its log, which has moved into the file when that was closed.
        check_pages(&self.path(), "cipher_integrity_check", &[])?;
        let server = &self.servers[1];
        super::server::check_holds(server, saved)
    }
}

/// A copy that was acknowledged opens; one that was not is there whole or not at all.
fn check_copy(course: &DeskCourse, said: &Said) -> Result<()> {
    let copy = course.copy();
    if !copy.exists() {
        return if said.told.contains("copy") {
            Err(Wrong::Lost("the copy".to_owned()).into())
        } else {
            Ok(())
        };
    }
    let apart = course.folder.join("copied.db");
    std::fs::copy(&copy, &apart)?;
    let copied = Store::open_simulated(&apart, &h::database_key(), 0)
        .map_err(|error| Wrong::Corrupt(format!("the copy: {error}")))?;
    let held = actions(&copied)?;
    for number in [3_u128, 4, 6, 7, 8, 9, 12, 13] {
        if !held.contains(&Uuid::from_u128(0xac00 + number)) {
            return Err(Wrong::Lost(format!("action {number} in the copy")).into());
        }
    }
    drop(copied);
    Ok(std::fs::remove_file(&apart)?)
}
