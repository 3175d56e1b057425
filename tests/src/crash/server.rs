//! A district server on the failing disk: it is begun and furnished, two desks send what it takes in
//! and what it keeps aside, it is backed up, closed and opened, and restored. The desks stand on a
//! good disk; what counts as acknowledged is what they get receipts for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use desk::round::{DeskSide, Heard};
use domain::entities::patient;
use domain::{Draft, RecordId, Value};
use server::exchange::round::Round;
use server::{Server, ServerError, backup, db};
use store::{Action, Store};
use sync_core::exchange::Answer;
use sync_core::{ChangeId, Hash, SpaceId};
use uuid::Uuid;

use super::hospital::{self as h, NOON_MS, id};
use super::said::hash_in;
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};
use crate::signed_in::sign_in;

const STEPS: &[&str] = &[
    "the district is begun",
    "people and places are written",
    "the hospital and its beds are written",
    "two desks are enrolled",
    "the first desk sends what it registered",
    "both desks edit the same patient",
    "the second desk sends what is kept aside",
    "the log is moved into the file",
    "a backup is made",
    "the server is stopped and started",
    "the first desk sends after the backup",
    "the backup is restored elsewhere",
    "the desks send again what the backup did not have",
    "the restored server writes itself",
    "the log is moved and the desks exchange again",
];

const DESKS: [u8; 2] = [1, 2];
/// The step in which the restored server takes the place of the first.
const RESTORE: usize = 11;
const MOST_ROUNDS: usize = 40;

/// The course of one server.
pub struct ServerCourse {
    folder: PathBuf,
    open: Option<(PathBuf, Server)>,
    stores: BTreeMap<u8, Arc<Store>>,
    is_restored: bool,
}

impl ServerCourse {
    pub fn new(folder: &Path) -> ServerCourse {
        ServerCourse {
            folder: folder.to_owned(),
            open: None,
            stores: BTreeMap::new(),
            is_restored: false,
        }
    }

    fn first_dir(&self) -> PathBuf {
        self.folder.join(DISK).join("district")
    }

    fn second_dir(&self) -> PathBuf {
        self.folder.join(DISK).join("restored")
    }

    fn backup(&self) -> PathBuf {
        self.folder.join(DISK).join("backup")
    }

    /// Both servers have the same master key, which the operator keeps.
    fn config(&self) -> server::Config {
        server::Config {
            master_key_file: Some(self.first_dir().join("master.key")),
            ..h::config()
        }
    }

    fn server(&mut self) -> Result<Server> {
        let dir = if self.is_restored {
            self.second_dir()
        } else {
            self.first_dir()
        };
        match &self.open {
            Some((open, server)) if *open == dir => Ok(server.clone()),
            _ => {
                let server = Server::open(&dir, self.config())?;
                self.open = Some((dir, server.clone()));
                Ok(server)
            }
        }
    }

    fn begin(&mut self) -> Result<()> {
        match Server::begin(&self.first_dir(), id(h::DISTRICT), h::UTC_OFFSET_MINUTES, self.config()) {
            Ok(server) => self.open = Some((self.first_dir(), server)),
            Err(ServerError::AlreadyBegun(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.server().map(drop)
    }

    fn store(&mut self, number: u8) -> Result<Arc<Store>> {
        if let Some(store) = self.stores.get(&number) {
            return Ok(Arc::clone(store));
        }
        let path = self.folder.join(BESIDE).join(format!("desk-{number}.db"));
        let store = if path.exists() {
            Store::open_simulated(&path, &h::database_key(), 0)?
        } else {
            Store::create(&path, &h::database_key(), h::device(number))?
        };
        store.follow(h::homes().district)?;
        store.follow(h::homes().facility)?;
        let store = Arc::new(store);
        self.stores.insert(number, Arc::clone(&store));
        Ok(store)
    }

    /// Saves at a desk, unless the action is there from before the power was cut.
    fn save(&mut self, desk: u8, number: u128, actor: RecordId, draft: Draft) -> Result<()> {
        let store = self.store(desk)?;
        let new_action = Uuid::from_u128(0xac00 + number);
        let log = store.read(|records, _| records.log())?;
        for (id, _) in log.iter().filter(|(id, _)| id.device == h::device(desk)) {
            let change = store.read(|records, _| records.change(*id))?;
            if change.is_some_and(|change| change.action == new_action) {
                return Ok(());
            }
        }
        let mut draft = draft;
        draft.confirmed = draft.fields.keys().cloned().collect();
        let action = Action {
            drafts: vec![draft],
            as_of: store.as_of()?,
            actor,
            session: Uuid::nil(),
            wall_ms: NOON_MS,
            new_action,
            resolve: false,
            home: h::homes(),
        };
        let saved = store.save(action)?;
        if saved.changes.is_empty() {
            bail!("action {number} said nothing");
        }
        Ok(())
    }

    /// Rounds of a desk until there is no more. A receipt counts as soon as the desk hears it.
    fn rounds(&mut self, desk: u8, voice: &mut Voice) -> Result<()> {
        let (server, store) = (self.server()?, self.store(desk)?);
        sign_in(&store, &server, id(h::NURSE))?;
        for _ in 0..MOST_ROUNDS {
            let side = DeskSide::new(Arc::clone(&store), h::signing_key(desk));
            let mut round = Round::begin(&server, h::device(desk))?;
            for ask in side.asks(NOON_MS)? {
                round.take(ask)?;
            }
            let mut heard = Heard::default();
            let mut answers = round.answers()?;
            while let Some(answer) = answers.next_answer()? {
                if let Answer::Receipt { numbered, parked, .. } = &answer {
                    for each in numbered {
                        voice.receive(h::device(desk), each.seq, Some(each.lsn))?;
                    }
                    for each in parked {
                        voice.receive(h::device(desk), each.seq, None)?;
                    }
                }
                side.absorb(answer, NOON_MS, &mut heard)?;
            }
            if !heard.more && store.unsent()? == 0 {
                return Ok(());
            }
        }
        Err(Wrong::Corrupt(format!("there is still more after {MOST_ROUNDS} rounds")).into())
    }

    fn tell_heads(&mut self, voice: &mut Voice) -> Result<()> {
        let spaces = self.server()?.db().read(db::space::all)?;
        spaces
            .iter()
            .try_for_each(|space| voice.read(space.id, space.epoch, space.head))
    }

    fn enrol(&mut self, voice: &mut Voice) -> Result<()> {
        let server = self.server()?;
        for desk in DESKS {
            h::enrol(&server, desk)?;
            voice.tell(&format!("desk {desk}"))?;
        }
        Ok(())
    }

    fn register(&mut self, voice: &mut Voice) -> Result<()> {
        self.rounds(1, voice)?;
        self.save(1, 40, id(h::NURSE), h::patient(h::KNOWN, "Lakshmi"))?;
        self.save(1, 41, id(h::NURSE), h::patient(0xe1, "Ravi"))?;
        self.rounds(1, voice)
    }

    fn edit_apart(&mut self, voice: &mut Voice) -> Result<()> {
        self.rounds(2, voice)?;
        for (desk, number, phone) in [(1, 50, "+919876500001"), (2, 51, "+919876500002")] {
            let draft = Draft::new("patient", id(h::KNOWN)).with_value("phone", Value::Text(phone.to_owned()));
            self.save(desk, number, id(h::NURSE), draft)?;
        }
        self.rounds(1, voice)?;
        self.rounds(2, voice)
    }

    /// Somebody who works elsewhere writes; what builds on it is kept aside with it, the rest is not.
    fn send_aside(&mut self, voice: &mut Voice) -> Result<()> {
        self.save(2, 60, id(h::STRANGER), h::patient(0xe2, "Meera"))?;
        let more = Draft::new("patient", id(0xe2)).with(&patient::NAME, "Meera Bai");
        self.save(2, 61, id(h::NURSE), more)?;
        self.save(2, 62, id(h::NURSE), h::patient(0xe3, "Thomas"))?;
        self.rounds(2, voice)
    }

    fn back_up(&mut self, voice: &mut Voice) -> Result<()> {
        if !self.backup().exists() {
            backup::make(&self.server()?, &self.backup())?;
        }
        voice.tell("backup")
    }

    fn restore(&mut self, voice: &mut Voice) -> Result<()> {
        self.open = None;
        match backup::restore(&self.backup(), &self.second_dir(), &self.config()) {
            Ok(_) | Err(ServerError::AlreadyBegun(_)) => {}
            Err(error) => return Err(error.into()),
        }
        voice.tell("restored")
    }
}

impl Course for ServerCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        self.is_restored = step > RESTORE;
        match step {
            0 => self.begin(),
            1 => {
                h::furnish_district(&self.server()?)?;
                self.tell_heads(voice)
            }
            2 => {
                let server = self.server()?;
                server.add_space(h::homes().facility)?;
                h::furnish_facility(&server)?;
                self.tell_heads(voice)
            }
            3 => self.enrol(voice),
            4 => self.register(voice),
            5 => self.edit_apart(voice),
            6 => self.send_aside(voice),
            7 => Ok(self.server()?.db().checkpoint()?),
            8 => self.back_up(voice),
            9 => {
                self.open = None;
                self.server().map(drop)
            }
            10 => {
                self.save(1, 100, id(h::NURSE), h::patient(0xe4, "Fathima"))?;
                self.rounds(1, voice)
            }
            RESTORE => self.restore(voice),
            12 => DESKS.into_iter().try_for_each(|desk| self.rounds(desk, voice)),
            13 => {
                let server = self.server()?;
                h::author(&server, h::homes().facility, vec![h::patient(0xe5, "George")])?;
                self.tell_heads(voice)
            }
            _ => {
                self.server()?.db().checkpoint()?;
                DESKS.into_iter().try_for_each(|desk| self.rounds(desk, voice))
            }
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        check_backup(self, said)?;
        let is_restored = said.told.contains("restored");
        if said.ended.is_empty() {
            // It was not said that there is a district; whether it can be begun, the next step tells.
            return Ok(());
        }
        let first = Server::open(&self.first_dir(), self.config())?;
        check_server(&first)?;
        if !is_restored {
            check_heads(&first, said)?;
            check_numbers(&first, &said.received)?;
        } else {
            check_numbers(&first, &said.received_before)?;
            let second = Server::open(&self.second_dir(), self.config())?;
            check_server(&second)?;
            check_heads(&second, said)?;
            check_numbers(&second, &said.received)?;
            self.check_attempted(&second)?;
        }
        for desk in DESKS.iter().filter(|desk| said.told.contains(&format!("desk {desk}"))) {
            if first.device(h::device(*desk))?.is_none() {
                return Err(Wrong::Lost(format!("the enrolled desk {desk}")).into());
            }
        }
        self.check_attempted(&first)
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)?;
        let server = self.server()?;
        let mut digests = BTreeMap::new();
        for desk in DESKS {
            let store = self.store(desk)?;
            if store.unsent()? != 0 {
                return Err(Wrong::Corrupt(format!("desk {desk} still has something to send")).into());
            }
            for space in store.spaces()? {
                let held = (space.cursor, space.chain, space.digest);
                let same = *digests.entry(space.space).or_insert(held) == held;
                if space.is_diverged || space.cursor != space.head || !same {
                    return Err(Wrong::Corrupt(format!("desk {desk} holds another {}", space.space)).into());
                }
            }
            let own: Vec<ChangeId> = said
                .received_before
                .keys()
                .chain(said.received.keys())
                .copied()
                .collect();
            for id in own.into_iter().filter(|id| id.device == h::device(desk)) {
                let hash = hash_in(&store, id)?.context("a desk lost its own change")?;
                check_holds(&server, [(id, hash)])?;
            }
        }
        Ok(())
    }
}

impl ServerCourse {
    /// Nothing is in the log that its desk did not write.
    fn check_attempted(&mut self, server: &Server) -> Result<()> {
        let spaces = server.db().read(db::space::all)?;
        for space in spaces {
            for (_, id) in server.db().read(|conn| db::change::ids(space.number, conn))? {
                let Some(desk) = DESKS.into_iter().find(|desk| h::device(*desk) == id.device) else {
                    continue;
                };
                let Some(hash) = hash_in(&*self.store(desk)?, id)? else {
                    return Err(Wrong::Corrupt(format!("nobody wrote the change {}", id.seq)).into());
                };
                check_holds(server, [(id, hash)])?;
            }
        }
        Ok(())
    }
}

/// The server holds these changes as they are, numbered or kept aside.
pub fn check_holds(server: &Server, changes: impl IntoIterator<Item = (ChangeId, Hash)>) -> Result<()> {
    for (id, hash) in changes {
        let (numbered, parked) = server
            .db()
            .read(|conn| Ok((db::change::numbered(id, conn)?, db::parked::get(id, conn)?)))?;
        let held = numbered.map(|(_, hash)| hash).or(parked.map(|(_, hash)| hash));
        match held {
            None => return Err(Wrong::Lost(format!("the change {} on the server", id.seq)).into()),
            Some(held) if held != hash => {
                return Err(Wrong::Corrupt(format!("the change {} says something else on the server", id.seq)).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The file is sound, and the logs are what their chains say.
fn check_server(server: &Server) -> Result<()> {
    let faults = server.db().faults()?;
    if !faults.is_empty() {
        return Err(Wrong::Corrupt(format!("the server's file: {faults:?}")).into());
    }
    let apart = server.dir().with_extension("checked");
    backup::make(server, &apart)?;
    Ok(std::fs::remove_file(apart)?)
}

fn check_heads(server: &Server, said: &Said) -> Result<()> {
    let spaces: BTreeMap<SpaceId, (u64, u64)> = server
        .db()
        .read(db::space::all)?
        .into_iter()
        .map(|space| (space.id, (space.epoch, space.head)))
        .collect();
    for (id, (epoch, head)) in &said.read {
        match spaces.get(id) {
            Some((held, _)) if held > epoch => {}
            Some((held, at)) if held == epoch && at >= head => {}
            _ => return Err(Wrong::Lost(format!("what the server wrote in {id} up to {head}")).into()),
        }
    }
    Ok(())
}

/// What a desk got a receipt for stands under its number, or is kept aside.
fn check_numbers(server: &Server, received: &BTreeMap<ChangeId, Option<u64>>) -> Result<()> {
    for (id, lsn) in received {
        let (numbered, parked) = server
            .db()
            .read(|conn| Ok((db::change::numbered(*id, conn)?, db::parked::get(*id, conn)?)))?;
        let held = match lsn {
            Some(lsn) => numbered.is_some_and(|(at, _)| at == *lsn),
            None => parked.is_some(),
        };
        if !held {
            return Err(Wrong::Lost(format!("the received change {} as {lsn:?}", id.seq)).into());
        }
    }
    Ok(())
}

/// A backup that has its name is whole.
fn check_backup(course: &ServerCourse, said: &Said) -> Result<()> {
    let path = course.backup();
    if path.exists() {
        let apart = course.folder.join("backup");
        std::fs::copy(&path, &apart)?;
        backup::verify(&apart, &course.first_dir(), &course.config())
            .map_err(|error| Wrong::Corrupt(format!("the backup: {error}")))?;
        std::fs::remove_file(&apart)?;
    } else if said.told.contains("backup") {
        return Err(Wrong::Lost("the backup".to_owned()).into());
    }
    Ok(())
}
