//! A link in figures: the real store, the real desk's side and the real server exchange over it, and what each frame
//! takes on the way is reckoned, not waited for. So hours on 2G pass in seconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use desk::Failure;
use desk::net::patience::Patience;
use desk::round::{DeskSide, Heard};
use domain::entities::{facility, patient, person};
use domain::{Draft, RecordId};
use ed25519_dalek::SigningKey;
use server::db::device::Device;
use server::exchange::round::Round;
use server::{Config, Server};
use store::{Action, DatabaseKey, Spaces, Store};
use sync_core::exchange::Answer;
use sync_core::frame::pack;
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

use crate::signed_in::sign_in;

const BEGIN_MS: i64 = 1_795_000_000_000;
/// What connecting takes, measured on the real programs: bytes each way, and times there and back.
const CONNECT_BYTES: (usize, usize) = (400, 900);
const CONNECT_TRIPS: u32 = 2;
/// The words around a request and around its answer.
const HEAD_BYTES: (usize, usize) = (480, 440);

/// What a link is like.
#[derive(Clone, Copy, Debug)]
pub struct Figures {
    pub bytes_per_s: f64,
    /// One way.
    pub delay: Duration,
    /// Everything that is open breaks each time this has passed.
    pub cut_every: Option<Duration>,
}

/// What it took until everything was where it belongs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    pub seconds: f64,
    pub rounds: u32,
    pub broken: u32,
    pub connections: u32,
    /// All bytes both ways.
    pub bytes: usize,
}

/// A district, and desks of its one hospital.
pub struct Reckoned {
    server: Server,
    facility: RecordId,
    nurse: RecordId,
    devices: u128,
}

/// One desk in it.
pub struct DeskThere {
    device: DeviceId,
    pub store: Arc<Store>,
    side: DeskSide,
}

/// The link of one desk while time passes on it.
struct Passing {
    figures: Figures,
    now_s: f64,
    is_connected: bool,
    took: Took,
}

impl Reckoned {
    /// # Errors
    /// When the server cannot be made.
    pub fn new(folder: &Path) -> Result<Reckoned> {
        let config = Config {
            now_ms: Arc::new(|| BEGIN_MS),
            ..Config::default()
        };
        let record = |number| RecordId(Uuid::from_u128(number));
        let (district, facility, nurse) = (record(1), record(2), record(3));
        let server = Server::begin(&folder.join("server"), district, 330, config)?;
        server.author(
            server.district(),
            vec![
                vec![
                    Draft::new("facility", facility)
                        .with(&facility::NAME, "Hospital")
                        .with(&facility::FACILITY_TYPE, "taluk_hospital"),
                ],
                vec![
                    Draft::new("person", nurse)
                        .with(&person::USERNAME, "anju")
                        .with(&person::NAME, "Anju Thomas")
                        .with(&person::ROLE, "nurse")
                        .with(&person::FACILITY, facility)
                        .with(&person::ACTIVE, "yes"),
                ],
            ],
        )?;
        server.add_space(SpaceId::Facility(facility.0))?;
        Ok(Reckoned {
            server,
            facility,
            nurse,
            devices: 0,
        })
    }

    /// A new desk that knows nothing yet.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn desk(&mut self, folder: &Path) -> Result<DeskThere> {
        self.devices += 1;
        let device = DeviceId(Uuid::from_u128(0xd0 + self.devices));
        let key = SigningKey::from_bytes(&[7; 32]);
        let known = Device::new(device, Hash(key.verifying_key().to_bytes()), self.facility, BEGIN_MS);
        self.server.db().write(|tx| server::db::device::insert(&known, tx))?;
        let path = folder.join(format!("desk-{}.db", self.devices));
        let store = Arc::new(Store::create(&path, &DatabaseKey::new(&[7; 32]), device)?);
        store.follow(self.server.district())?;
        store.follow(SpaceId::Facility(self.facility.0))?;
        sign_in(&store, &self.server, self.nurse)?;
        Ok(DeskThere {
            device,
            side: DeskSide::new(Arc::clone(&store), key),
            store,
        })
    }

    /// Registers so many people at a desk.
    ///
    /// # Errors
    /// When one is not saved.
    pub fn register(&self, desk: &DeskThere, people: u128) -> Result<()> {
        for number in 0..people {
            let id = RecordId(Uuid::from_u128((desk.device.0.as_u128() << 64) + number));
            let draft = Draft::new("patient", id)
                .with(&patient::NAME, format!("Patient {}", words(number)))
                .with(&patient::ADDRESS, words(number + 1_000_000))
                .with(&patient::BIRTH_YEAR, 1_930 + i64::try_from(number % 80)?);
            let action = Action {
                drafts: vec![draft],
                as_of: desk.store.as_of()?,
                actor: self.nurse,
                session: Uuid::nil(),
                wall_ms: BEGIN_MS,
                new_action: Uuid::from_u128(id.0.as_u128() ^ 0xac),
                resolve: false,
                home: Spaces {
                    facility: SpaceId::Facility(self.facility.0),
                    district: self.server.district(),
                },
            };
            desk.store.save(action).ok().context("somebody was not registered")?;
        }
        Ok(())
    }

    /// Exchanges over a link until nothing waits here or there.
    ///
    /// # Errors
    /// When that takes longer than `most_s`.
    pub fn exchange(&self, desk: &DeskThere, figures: Figures, most_s: f64) -> Result<Took> {
        let patience = Patience::default();
        let mut passing = Passing {
            figures,
            now_s: 0.0,
            is_connected: false,
            took: Took::default(),
        };
        let mut failures = 0;
        loop {
            let mut heard = Heard::default();
            let begun_s = passing.now_s;
            let first_word = self.round(desk, &mut passing, &mut heard)?;
            passing.took.rounds += 1;
            let whole = Duration::from_secs_f64(passing.now_s - begun_s);
            match first_word {
                Ok(first_s) => {
                    failures = 0;
                    let first_word = Duration::from_secs_f64(first_s - begun_s);
                    desk.side.pace().went(first_word, whole, heard.more);
                    if !heard.more {
                        passing.took.seconds = passing.now_s;
                        return Ok(passing.took);
                    }
                }
                Err(Cut) => {
                    passing.took.broken += 1;
                    desk.side.pace().broke_off();
                    failures = if heard.got_on { 1 } else { failures + 1 };
                    let pause = patience.after(&Failure::new("offline"), failures);
                    passing.now_s += pause.wait.as_secs_f64();
                }
            }
            let spaces = desk.store.spaces()?;
            ensure!(
                passing.now_s < most_s,
                "after {most_s} s still {} to send and {spaces:?}: {:?}",
                desk.store.unsent()?,
                passing.took
            );
        }
    }

    /// One round. Answers when the server's first word came, or that the link was cut.
    fn round(&self, desk: &DeskThere, passing: &mut Passing, heard: &mut Heard) -> Result<Result<f64, Cut>> {
        let asks = desk.side.asks(BEGIN_MS)?;
        let mut round = Round::begin(&self.server, desk.device)?;
        if passing.connect().is_err() || passing.carry(HEAD_BYTES.0).is_err() {
            return Ok(Err(Cut));
        }
        for ask in asks {
            if passing.carry(pack(&ask)?.len()).is_err() {
                return Ok(Err(Cut));
            }
            // Durable with its last byte, whatever becomes of the rest.
            round.take(ask)?;
        }
        if passing.there_and_back().is_err() || passing.carry(HEAD_BYTES.1).is_err() {
            return Ok(Err(Cut));
        }
        let mut answers = round.answers()?;
        let mut first_s = None;
        while let Some(answer) = answers.next_answer()? {
            if passing.carry(pack(&answer)?.len()).is_err() {
                return Ok(Err(Cut));
            }
            first_s.get_or_insert(passing.now_s);
            if answer == Answer::End {
                break;
            }
            desk.side.absorb(answer, BEGIN_MS, heard)?;
        }
        Ok(Ok(first_s.context("the server said nothing")?))
    }
}

/// Letters that compress no better than names do.
fn words(number: u128) -> String {
    let hash = Hash::of(&number.to_be_bytes());
    let letters = hash.0.iter().take(18).map(|byte| char::from(b'a' + byte % 26));
    letters.collect()
}

/// The link was cut.
struct Cut;

impl Passing {
    /// Lets time pass; cut when that passes the moment of a cut.
    fn pass(&mut self, seconds: f64) -> Result<(), Cut> {
        let until_s = self.now_s + seconds;
        if let Some(every) = self.figures.cut_every {
            let every_s = every.as_secs_f64();
            let next_s = (self.now_s / every_s).floor().mul_add(every_s, every_s);
            if until_s >= next_s {
                self.now_s = next_s;
                self.is_connected = false;
                return Err(Cut);
            }
        }
        self.now_s = until_s;
        Ok(())
    }

    fn carry(&mut self, bytes: usize) -> Result<(), Cut> {
        self.took.bytes += bytes;
        self.pass(bytes as f64 / self.figures.bytes_per_s)
    }

    fn there_and_back(&mut self) -> Result<(), Cut> {
        self.pass(2.0 * self.figures.delay.as_secs_f64())
    }

    fn connect(&mut self) -> Result<(), Cut> {
        if self.is_connected {
            return Ok(());
        }
        self.took.connections += 1;
        for _ in 0..CONNECT_TRIPS {
            self.there_and_back()?;
        }
        self.carry(CONNECT_BYTES.0)?;
        self.carry(CONNECT_BYTES.1)?;
        self.is_connected = true;
        Ok(())
    }
}
