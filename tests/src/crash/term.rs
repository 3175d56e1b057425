//! A desk's term on the failing disk, from the snapshot with which it begins to the order to hold nothing any more.
//! The server stands on a good disk.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use desk::beginning::Step;
use desk::round::{DeskSide, Heard};
use domain::{Draft, Records};
use server::db::device::Status;
use server::exchange::round::Round;
use server::{Config, Server};
use store::{PartingStep, Store};
use sync_core::exchange::Answer;
use sync_core::snapshot::AskManifest;
use uuid::Uuid;

use super::checks::{check_pages, check_projections, check_written};
use super::hospital::{self as h, NOON_MS};
use super::{BESIDE, Course, DISK, Said, Voice, Wrong};
use crate::signed_in::sign_in;

const STEPS: &[&str] = &[
    "the file is made",
    "the first piece of the snapshot comes",
    "a patient is registered before all is here",
    "the rest of the snapshot comes, and what came since",
    "the desk is closed and opened",
    "another patient is registered",
    "the desk is withdrawn",
];
const DEVICE: u8 = 1;
/// Whoever needs more steps to begin, or rounds to leave, gets nowhere.
const MOST: usize = 60;

/// Logs longer than the district's own are begun with a snapshot.
fn config() -> Config {
    let mut config = h::config();
    (config.limits.snapshot_least, config.limits.snapshot_tail) = (20, 5);
    config
}

pub fn lay_out(folder: &Path) -> Result<()> {
    let dir = folder.join(BESIDE).join("server");
    drop(h::begin(&dir)?);
    let server = Server::open(&dir, config())?;
    h::furnish(&server)?;
    let facility = h::homes().facility;
    h::enrol(&server, DEVICE)?;
    for number in 0..40_u128 {
        h::author(
            &server,
            facility,
            vec![h::patient(0xf00 + number, &format!("Patient {number}"))],
        )?;
    }
    server.newest_snapshot(facility)?.context("a snapshot")?;
    h::author(&server, facility, vec![h::patient(h::KNOWN, "Lakshmi")])?;
    Ok(server.db().checkpoint()?)
}

/// The course of one desk that comes and goes.
pub struct TermCourse {
    folder: PathBuf,
    server: Server,
    open: Option<(Arc<Store>, DeskSide)>,
}

impl TermCourse {
    pub fn new(folder: &Path) -> Result<TermCourse> {
        Ok(TermCourse {
            folder: folder.to_owned(),
            server: Server::open(&folder.join(BESIDE).join("server"), config())?,
            open: None,
        })
    }

    fn path(&self) -> PathBuf {
        self.folder.join(DISK).join("ward.db")
    }

    fn desk(&mut self) -> Result<&(Arc<Store>, DeskSide)> {
        if self.open.is_none() {
            let store = Arc::new(Store::open_simulated(&self.path(), &h::database_key(), 0)?);
            let server = self.server.own().signing_key.verifying_key();
            let side = DeskSide::new(Arc::clone(&store), h::signing_key(DEVICE));
            self.open = Some((store, side.with_snapshots_of(server).obeying(server)));
        }
        self.open.as_ref().context("it was just opened")
    }

    fn make(&mut self) -> Result<()> {
        if !self.path().exists() {
            drop(Store::create(&self.path(), &h::database_key(), h::device(DEVICE))?);
        }
        let server = self.server.clone();
        let (store, _) = self.desk()?;
        store.follow(h::homes().district)?;
        store.follow(h::homes().facility)?;
        Ok(sign_in(store, &server, h::id(h::NURSE))?)
    }

    /// One round. Answers whether another should follow.
    fn round(&mut self, voice: &mut Voice) -> Result<bool> {
        let mut round = Round::begin(&self.server, h::device(DEVICE))?;
        let (store, side) = self.desk()?;
        for ask in side.asks(NOON_MS)? {
            round.take(ask)?;
        }
        let (mut heard, mut answers) = (Heard::default(), round.answers()?);
        while let Some(answer) = answers.next_answer()? {
            let numbered = match &answer {
                Answer::Receipt { numbered, .. } => numbered.clone(),
                // Until it was told that the receipt arrived, it goes on as if it were not withdrawn.
                Answer::Revoked => break,
                _ => Vec::new(),
            };
            side.absorb(answer, NOON_MS, &mut heard)?;
            for each in numbered {
                voice.receive(h::device(DEVICE), each.seq, Some(each.lsn))?;
            }
        }
        if heard.is_parted {
            voice.tell("parted")?;
        }
        Ok(heard.more || store.unsent()? > 0)
    }

    /// The next step of beginning. Answers whether there was one.
    fn begin(&mut self) -> Result<bool> {
        let server = self.server.clone();
        let (_, side) = self.desk()?;
        let mut heard = Heard::default();
        match side.next_step()? {
            None => return Ok(false),
            Some(Step::Manifest(AskManifest { space, .. })) => {
                let offered = server.snapshot(h::device(DEVICE), space)?;
                side.hear_offer(space, &offered, &mut heard)?;
            }
            Some(Step::Pieces(wanted)) => {
                let first = *wanted.hashes.first().context("a piece that is wanted")?;
                let piece = server
                    .piece(h::device(DEVICE), wanted.space, first)?
                    .context("it is kept")?;
                let from = usize::try_from(wanted.from)?;
                // Each comes in two halves.
                let to = if from == 0 { piece.len() / 2 } else { piece.len() };
                side.hear_bytes(piece.get(from..to).context("so much of it")?, &mut heard)?;
                side.hear_end()?;
            }
        }
        Ok(true)
    }

    fn begin_until(&mut self, is_enough: impl Fn(&Store) -> Result<bool>) -> Result<()> {
        for _ in 0..MOST {
            let (store, _) = self.desk()?;
            if is_enough(&Arc::clone(store))? || !self.begin()? {
                return Ok(());
            }
        }
        Err(Wrong::Corrupt(format!("it has not begun after {MOST} steps")).into())
    }

    fn rounds(&mut self, voice: &mut Voice) -> Result<()> {
        for _ in 0..MOST {
            if !self.round(voice)? {
                return Ok(());
            }
        }
        Err(Wrong::Corrupt(format!("there is still more after {MOST} rounds")).into())
    }

    /// Registers a patient, unless that was done before the power was cut.
    fn register(&mut self, number: u128, voice: &mut Voice) -> Result<()> {
        let (store, _) = self.desk()?;
        let new_action = Uuid::from_u128(0xac00 + number);
        let draft: Draft = h::patient(0xe00 + number, "Ravi");
        if store.read(|records, _| records.get(&draft.kind, draft.id))?.is_some() {
            return Ok(());
        }
        voice.try_action(new_action)?;
        let saved = store.save(h::action(new_action, vec![draft], store.as_of()?))?;
        voice.save(store, &saved.changes)
    }

    fn leave(&mut self, voice: &mut Voice) -> Result<()> {
        let device = h::device(DEVICE);
        let is_known = self
            .server
            .device(device)?
            .is_some_and(|known| known.status == Status::Active);
        if is_known {
            self.server.withdraw(device, false)?;
        }
        for _ in 0..MOST {
            self.round(voice)?;
            let (store, _) = self.desk()?;
            if store
                .parting()?
                .is_some_and(|parting| parting.step == PartingStep::Told)
            {
                return Ok(());
            }
        }
        bail!("it has not left after {MOST} rounds")
    }
}

impl Course for TermCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        match step {
            0 => self.make(),
            1 => self.begin_until(|store| {
                let snapshots = store.snapshots()?;
                Ok(snapshots
                    .iter()
                    .flat_map(|one| &one.parts)
                    .any(|part| part.bytes_here > 0))
            }),
            2 => self.register(1, voice),
            3 => {
                self.begin_until(|_| Ok(false))?;
                self.rounds(voice)
            }
            4 => {
                self.open = None;
                self.desk().map(drop)
            }
            5 => self.register(2, voice),
            _ => self.leave(voice),
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        if !self.path().exists() {
            return match said.ended.is_empty() {
                true => Ok(()),
                false => Err(Wrong::Lost("the file".to_owned()).into()),
            };
        }
        check_pages(&self.path(), "integrity_check", &["ok"])?;
        let server = self.server.clone();
        let (store, _) = self.desk()?;
        let parting = store.parting()?;
        if let Some(parting) = parting.filter(|parting| parting.step != PartingStep::Draining) {
            let is_told = parting.step == PartingStep::Told;
            if parting.unsent > 0 || said.told.contains("parted") && !is_told {
                return Err(Wrong::Lost(format!("{} changes, at {:?}", parting.unsent, parting.step)).into());
            }
            return check_arrived(&server, said);
        }
        check_projections(store)?;
        check_written(store, said)
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)?;
        let (store, _) = self.desk()?;
        let log = store.read(|records, _| records.log())?;
        let held = (log.len(), store.read(|records, _| records.all("patient"))?.len());
        if held != (0, 0) {
            return Err(Wrong::Corrupt(format!("it left and still holds {held:?}")).into());
        }
        let is_revoked = self
            .server
            .device(h::device(DEVICE))?
            .is_some_and(|known| known.status == Status::Revoked);
        if !is_revoked {
            return Err(Wrong::Lost("that the desk has left".to_owned()).into());
        }
        check_arrived(&self.server, said)
    }
}

/// What was saved is with the server, now that the desk holds nothing.
fn check_arrived(server: &Server, said: &Said) -> Result<()> {
    for (id, hash) in &said.saved {
        match hash {
            Some(hash) => super::server::check_holds(server, [(*id, *hash)])?,
            // It was acknowledged, and nobody could look at it any more.
            None if server
                .db()
                .read(|conn| server::db::change::numbered(*id, conn))?
                .is_none() =>
            {
                return Err(Wrong::Lost(format!("the change {} on the server", id.seq)).into());
            }
            None => {}
        }
    }
    Ok(())
}
