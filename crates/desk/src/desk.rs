//! The desk itself: its folder, its file, whether its database is open and who is signed in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use domain::audit::written_by_desks;
use domain::views::ViewError;
use domain::{Ctx, RecordId, Records, Time};
use ed25519_dalek::SigningKey;
use store::Store;
use sync_core::SpaceId;
use tokio::sync::{Notify, broadcast};
use tokio::task::{JoinHandle, JoinSet};
use uuid::Uuid;

use crate::Failure;
use crate::arriving::Arrival;
use crate::at_district::HeldToken;
use crate::audit::Look;
use crate::clock::Clock;
use crate::emergency::Emergency;
use crate::keys::file::{DeskFile, SIGNING_KEY};
use crate::keys::hardness::Cost;
use crate::keys::seal::{Key, open_key};
use crate::keys::secret::{SecretHome, SecretPlace};
use crate::keys::slots::Tile;
use crate::keys::twice::{self, Found};
use crate::net::link::wall_ms;
use crate::net::patience::Patience;
use crate::recovery::{Begun, RecoverySheet};
use crate::status::{DeskStatus, Phase, SyncState, SyncStatus, Who};

/// How a desk is started.
#[derive(Clone, Debug)]
pub struct Options {
    pub folder: PathBuf,
    pub secret_home: SecretHome,
    /// What a try of a password costs.
    pub cost: Cost,
    /// Idle minutes after which the desk locks itself.
    pub lock_after_minutes: u32,
    /// How long is waited for the district server.
    pub patience: Patience,
}

/// Records of these kinds changed, here or elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    Records(Vec<String>),
    Status,
}

/// One ward desktop without its window.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub options: Options,
    pub state: Mutex<State>,
    pub notices: broadcast::Sender<Notice>,
    /// One password after another is tried.
    pub trying: tokio::sync::Mutex<()>,
    /// One password after another is changed, or found to be no longer right.
    pub changing: tokio::sync::Mutex<()>,
    /// Wakes the sync loop after a save.
    pub wake: Notify,
    /// Looks at patients' pages of this quarter of an hour that are noted already.
    pub looks: Arc<Mutex<BTreeSet<Look>>>,
}

#[derive(Default)]
pub(crate) struct State {
    pub file: Option<DeskFile>,
    /// The file as it was found at the start, until its seal was seen to hold.
    pub found: Option<Found>,
    /// Seals the file when it is written.
    pub sealing_key: Option<Key>,
    pub problem: Option<Failure>,
    /// A recovery sheet that is being made.
    pub sheet: Option<Begun>,
    pub open: Option<Open>,
    pub session: Option<Session>,
    /// Says at the server who is signed in.
    pub token: Option<HeldToken>,
    /// Whom the district offered a second factor on this desk since it started.
    pub offered: Option<String>,
    /// Exchanges with the server while the database is open.
    pub worker: Option<JoinHandle<()>>,
    /// What goes on after a sign-in, with the password and the key.
    pub after_sign_in: JoinSet<()>,
    pub link: LinkState,
    pub clock: Clock,
    pub last_active: Option<Since>,
}

/// A moment, such as that of the last sign of a person. The monotonic clock does not hear that the computer slept, the
/// wall clock may be set back: what has passed since is what either of them says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Since {
    at: Instant,
    wall_ms: i64,
}

impl Since {
    pub(crate) fn now() -> Since {
        Since {
            at: Instant::now(),
            wall_ms: wall_ms(),
        }
    }

    /// A moment that was so long ago.
    #[cfg(test)]
    pub(crate) fn ago(ms: i64) -> Since {
        Since {
            wall_ms: wall_ms() - ms,
            ..Since::now()
        }
    }

    pub(crate) fn ms(self) -> i64 {
        let awake_ms = i64::try_from(self.at.elapsed().as_millis()).unwrap_or(i64::MAX);
        awake_ms.max(wall_ms() - self.wall_ms)
    }
}

/// An open database.
#[derive(Clone)]
pub(crate) struct Open {
    pub store: Arc<Store>,
    pub arrival: Arrival,
    /// The file is an older copy: it is read, and neither written nor exchanged.
    pub is_older_copy: bool,
}

impl Open {
    pub(crate) fn new(store: Arc<Store>, is_older_copy: bool) -> Open {
        let arrival = Arrival::default();
        // Where everything is here already, it is noted before the worker hears that there is more.
        let _ = arrival.of(&store);
        Open {
            store,
            arrival,
            is_older_copy,
        }
    }
}

/// A person at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub who: Who,
    pub id: Uuid,
    /// They put the desk on the wall and went away: see [`crate::wall`].
    pub on_wall: bool,
    /// What they opened though their right to work has run out.
    pub emergency: Option<Emergency>,
}

/// What the last rounds told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LinkState {
    pub busy: bool,
    pub last_contact: Option<Time>,
    pub problem: Option<Failure>,
}

impl Desk {
    /// Starts the desk of a folder. What is wrong with it is told by [`Desk::status`].
    pub fn start(options: Options) -> Desk {
        let mut state = State::default();
        match std::fs::create_dir_all(&options.folder)
            .map_err(Into::into)
            .and_then(|()| twice::read(&options.folder))
        {
            Ok(found) => {
                state.file = found.as_ref().map(|found| found.file.clone());
                state.found = found;
            }
            Err(error) => state.problem = Some(error.into()),
        }
        if let Err(error) = twice::heal(&options.folder) {
            tracing::warn!(%error, "one of the two files of the desk is not whole");
        }
        let (notices, _) = broadcast::channel(64);
        let desk = Desk {
            inner: Arc::new(Inner {
                options,
                state: Mutex::new(state),
                notices,
                trying: tokio::sync::Mutex::new(()),
                changing: tokio::sync::Mutex::new(()),
                wake: Notify::new(),
                looks: Arc::default(),
            }),
        };
        desk.clear_what_is_left();
        desk.clear_paper();
        desk
    }

    /// Hears of changes from now on.
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices.subscribe()
    }

    /// How the desk stands.
    pub fn status(&self) -> DeskStatus {
        let people = self.people();
        let state = self.state();
        let withdrawn = state
            .file
            .as_ref()
            .and_then(|file| file.withdrawn)
            .map(|withdrawn| Failure::new("desk_withdrawn").number("unsent", withdrawn.unsent));
        let problem = withdrawn.or_else(|| state.problem.clone().or(people.as_ref().err().cloned()));
        let phase = match (&problem, &state.file, &state.session) {
            (Some(_), _, _) => Phase::Problem,
            (None, None, _) => Phase::FirstRun,
            (None, Some(_), None) => Phase::SignIn,
            (None, Some(_), Some(_)) => Phase::Open,
        };
        let file = state.file.as_ref();
        DeskStatus {
            phase,
            problem,
            people: people.unwrap_or_default(),
            suspended: file.map(DeskFile::suspended).unwrap_or_default(),
            who: state.session.as_ref().map(Session::shown),
            emergency: state
                .session
                .as_ref()
                .filter(|session| !session.on_wall)
                .and_then(|session| session.emergency.as_ref().map(Emergency::shown)),
            facility: file.map(|file| file.facility),
            utc_offset_minutes: file.map_or(0, |file| file.utc_offset_minutes),
            server: file
                .and_then(|file| file.server.as_ref())
                .map(|server| server.address.clone()),
            sample: file.is_some_and(|file| file.sample),
            secret_home: file.map(|file| file.secret_home),
            recovery: file.and_then(|file| file.recovery.as_ref()).map(|sheet| RecoverySheet {
                number: sheet.sheet,
                made: sheet.made,
                made_by: sheet.made_by,
                used: sheet.used,
            }),
            sync: sync_status(&state),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lock_after_minutes: self.inner.options.lock_after_minutes,
        }
    }

    fn people(&self) -> Result<Vec<Tile>, Failure> {
        let Some(file) = self.state().file.clone() else {
            return Ok(Vec::new());
        };
        let secret = self.device_secret(&file)?;
        Ok(file.slots.tiles(&secret)?)
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, notice: Notice) {
        // Nobody listening is no fault.
        let _ = self.inner.notices.send(notice);
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.inner.options.folder
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder().join("ward.db")
    }

    pub(crate) fn secret_place(&self, file: &DeskFile) -> SecretPlace {
        SecretPlace::new(file.secret_home, self.folder(), &file.name)
    }

    pub(crate) fn signing_key(&self, file: &DeskFile, secret: &Key) -> Result<SigningKey, Failure> {
        let bytes = open_key(secret, SIGNING_KEY, &file.signing_key)?;
        Ok(SigningKey::from_bytes(&bytes))
    }

    /// The open database and who is signed in, or the failure `locked`; a desk on the wall is locked for everything
    /// but its board.
    pub(crate) fn at_work(&self) -> Result<(Open, Session), Failure> {
        self.opened().and_then(|(open, session)| {
            if session.on_wall {
                Err(Failure::new("locked"))
            } else {
                Ok((open, session))
            }
        })
    }

    /// The open database and whose session it is, on the wall too.
    pub(crate) fn opened(&self) -> Result<(Open, Session), Failure> {
        self.time_passes();
        let state = self.state();
        match (&state.open, &state.session) {
            (Some(open), Some(session)) => Ok((open.clone(), session.clone())),
            _ => Err(Failure::new("locked")),
        }
    }

    pub(crate) fn ctx(&self, file: &DeskFile, session: &Session) -> Ctx {
        let now = Time(wall_ms());
        Ctx {
            now,
            today: now.day(file.utc_offset_minutes),
            utc_offset_minutes: file.utc_offset_minutes,
            facility: file.facility,
            person: session.who.person,
            role: session.role().to_owned(),
            heard: match file.server {
                None => Some(now),
                Some(_) => self.state().link.last_contact,
            },
        }
    }

    /// Notes that a person is there, which puts off the automatic lock.
    pub fn touch(&self) {
        self.state().last_active = Some(Since::now());
    }

    /// Locks when nobody has touched the desk for the set time. Called by the window's timer.
    pub async fn lock_if_idle(&self) -> bool {
        let idle_ms = {
            let state = self.state();
            let watched = state.session.as_ref().filter(|session| !session.on_wall);
            watched.and(state.last_active).map(Since::ms)
        };
        let limit_ms = i64::from(self.inner.options.lock_after_minutes) * Time::MINUTE_MS;
        let idle = idle_ms.is_some_and(|idle_ms| idle_ms >= limit_ms);
        if idle {
            self.lock_as("idle").await;
        }
        idle
    }

    /// The spaces this desk holds.
    pub(crate) fn spaces(file: &DeskFile) -> [SpaceId; 2] {
        [SpaceId::District(file.district.0), SpaceId::Facility(file.facility.0)]
    }
}

/// A new record id, as this desk's clock orders it.
pub(crate) fn new_id() -> RecordId {
    RecordId(Uuid::now_v7())
}

/// What the open database says of the exchange.
struct Counts {
    waiting: u64,
    parked: u64,
    aside: u64,
    conflicts: u64,
    /// When the oldest waiting change was saved.
    oldest: Option<Time>,
    /// When the server last told of a space, before this opening too.
    heard: Option<Time>,
}

fn counts(store: &Store, role: &str) -> Result<Counts, Failure> {
    let spaces = store.spaces()?;
    let conflicts = store.read(|records, _| Ok::<_, Failure>(records.conflicts().map_err(ViewError::from)?.len()))?;
    // What the desk writes by itself is sent like the rest, and is nothing that a person waits for.
    let (unsent, oldest) = store.unsent_but(written_by_desks())?;
    Ok(Counts {
        waiting: unsent + store.to_write_anew()?,
        parked: crate::sync::undecided(store)?,
        aside: crate::aside::to_decide(store, role)?,
        conflicts: conflicts as u64,
        oldest: oldest.map(Time),
        heard: spaces.iter().filter_map(|space| space.heard_ms).max().map(Time),
    })
}

fn sync_status(state: &State) -> SyncStatus {
    let joined = state.file.as_ref().is_some_and(|file| file.server.is_some());
    let role = state.session.as_ref().map_or("", Session::role);
    let counts = state.open.as_ref().and_then(|open| counts(&open.store, role).ok());
    let left = state.file.as_ref().map_or(0, |file| file.unsent);
    let waiting = counts.as_ref().map_or(left, |counts| counts.waiting);
    let arriving = state.open.as_ref().and_then(|open| open.arrival.of(&open.store));
    let link = &state.link;
    let sync = match (joined, &counts, &link.problem) {
        (false, _, _) => SyncState::StandsAlone,
        (true, None, _) => SyncState::Closed,
        // Trying to reach the server is no exchange yet.
        (true, Some(_), None) if link.busy && waiting > 0 => SyncState::Exchanging,
        (true, Some(_), Some(problem)) if problem.code == "offline" => SyncState::Offline,
        (true, Some(_), Some(_)) => SyncState::Problem,
        (true, Some(_), None) if waiting > 0 => SyncState::Waiting,
        (true, Some(_), None) if link.last_contact.is_none() => SyncState::Offline,
        (true, Some(_), None) => SyncState::AllSent,
    };
    SyncStatus {
        state: sync,
        waiting: if joined { waiting } else { 0 },
        parked: counts.as_ref().map_or(0, |counts| counts.parked),
        aside: counts.as_ref().map_or(0, |counts| counts.aside),
        conflicts: counts.as_ref().map_or(0, |counts| counts.conflicts),
        last_contact: link.last_contact.or(counts.as_ref().and_then(|counts| counts.heard)),
        waiting_since: counts.and_then(|counts| counts.oldest).filter(|_| joined),
        clock_off_ms: state.clock.off_ms(),
        arriving: arriving.filter(|_| joined),
        problem: link.problem.clone().filter(|problem| problem.code != "offline"),
    }
}
