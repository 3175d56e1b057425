//! The world of one seed: a district server, hospitals with beds and people, desks, and time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::{Context, Result};
use domain::entities::{bed, district, facility, item, person, state, ward};
use domain::{Draft, RecordId};
use server::{Config, Server};
use sync_core::SpaceId;

use super::Outcome;
use super::chance::Chance;
use super::desk::Desk;
use super::kept::{Home, Kept, ending};
use super::oracle::Oracle;
use super::trace::Trace;
use super::trials::Trials;

const BEGIN_MS: i64 = 1_795_000_000_000;
pub const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// One hospital.
pub struct Hospital {
    pub facility: RecordId,
    pub space: SpaceId,
    pub people: Vec<RecordId>,
    pub items: Vec<RecordId>,
}

/// Everything there is.
pub struct World {
    pub chance: Chance,
    pub clock: Arc<AtomicI64>,
    pub server: Server,
    pub folder: PathBuf,
    /// The server's folder changes when it is restored from a backup.
    pub server_folder: PathBuf,
    pub config: Config,
    pub home: Home,
    pub hospitals: Vec<Hospital>,
    pub desks: Vec<Desk>,
    pub oracle: Oracle,
    pub trials: Trials,
    pub trace: Trace,
    pub faults: BTreeMap<&'static str, u64>,
    /// The last backup of the server.
    pub backup: Option<PathBuf>,
    days: i64,
    seed: u64,
}

impl World {
    /// Builds the district of the seed.
    pub fn new(seed: u64, folder: &Path, kept: Kept) -> Result<World> {
        let mut chance = Chance::new(seed);
        let clock = Arc::new(AtomicI64::new(BEGIN_MS));
        let mut config = Config::default();
        let ticking = Arc::clone(&clock);
        config.now_ms = Arc::new(move || ticking.load(Ordering::SeqCst));
        // Small pages, so that their borders are met.
        config.limits.page_bytes = usize::try_from(chance.between(600, 20_000))?;
        config.limits.pages = usize::try_from(chance.between(1, 8))?;
        let home = Home::new(kept, &mut config)?;
        let server_folder = folder.join("server-0");
        let own_district = chance.record(BEGIN_MS);
        let server = Server::begin(&server_folder, own_district, 330, config.clone())?;
        let own_state = chance.record(BEGIN_MS);
        let mut drafts = vec![
            vec![Draft::new("state", own_state).with(&state::NAME, "Kerala")],
            vec![Draft::new("district", own_district).with(&district::NAME, "Ernakulam")],
        ];
        let mut hospitals = Vec::new();
        for number in 0..chance.between(1, 3) {
            let hospital = Hospital {
                facility: chance.record(BEGIN_MS),
                space: SpaceId::Facility(uuid::Uuid::nil()),
                people: (0..2).map(|_| chance.record(BEGIN_MS)).collect(),
                items: (0..2).map(|_| chance.record(BEGIN_MS)).collect(),
            };
            drafts.push(vec![
                Draft::new("facility", hospital.facility)
                    .with(&facility::NAME, format!("Hospital {number}"))
                    .with(&facility::FACILITY_TYPE, "taluk_hospital"),
            ]);
            for (place, nurse) in hospital.people.iter().enumerate() {
                drafts.push(vec![
                    Draft::new("person", *nurse)
                        .with(&person::USERNAME, format!("nurse{number}{place}"))
                        .with(&person::NAME, format!("Nurse {number} {place}"))
                        .with(&person::ROLE, "nurse")
                        .with(&person::FACILITY, hospital.facility)
                        .with(&person::ACTIVE, "yes"),
                ]);
            }
            for (place, id) in hospital.items.iter().enumerate() {
                drafts.push(vec![
                    Draft::new("item", *id)
                        .with(&item::NAME, format!("Item {number} {place}"))
                        .with(&item::UNIT, "pieces"),
                ]);
            }
            let space = SpaceId::Facility(hospital.facility.0);
            hospitals.push(Hospital { space, ..hospital });
        }
        server.author(server.district(), drafts)?;
        for hospital in &hospitals {
            server.add_space(hospital.space)?;
            let own_ward = chance.record(BEGIN_MS);
            let mut drafts = vec![
                Draft::new("ward", own_ward)
                    .with(&ward::FACILITY, hospital.facility)
                    .with(&ward::NAME, "Ward"),
            ];
            for number in 1..=4 {
                drafts.push(
                    Draft::new("bed", chance.record(BEGIN_MS))
                        .with(&bed::WARD, own_ward)
                        .with(&bed::LABEL, format!("{number:02}"))
                        .with(&bed::BED_TYPE, "isolation"),
                );
            }
            server.author(hospital.space, vec![drafts])?;
        }
        let mut world = World {
            days: chance.between(1, 6),
            chance,
            clock,
            server,
            folder: folder.to_owned(),
            server_folder,
            config,
            home,
            hospitals,
            desks: Vec::new(),
            oracle: Oracle::default(),
            trials: Trials::default(),
            trace: Trace::default(),
            faults: BTreeMap::new(),
            backup: None,
            seed,
        };
        world.join_newer_desk()?;
        for number in 0..usize::try_from(world.chance.between(2, 6))? {
            let desk = Desk::join(number, &mut world)?;
            world.desks.push(desk);
        }
        Ok(world)
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Counts a fault that was injected.
    pub fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// Lives the days of the seed with all faults, then without any until everybody agrees.
    pub fn live(&mut self) -> Result<()> {
        for day in 0..self.days {
            self.trace.say(format!("day {day}"));
            self.live_a_day()
                .with_context(|| format!("seed {} on day {day}", self.seed))?;
        }
        self.settle()
            .with_context(|| format!("seed {} after the faults", self.seed))
    }

    fn live_a_day(&mut self) -> Result<()> {
        let events = self.desks.len() * 14;
        for _ in 0..events {
            let pause = self.chance.between(0, 2 * DAY_MS / events as i64);
            self.clock.fetch_add(pause, Ordering::SeqCst);
            let desk = self.chance.below(self.desks.len());
            self.event(desk)?;
        }
        for desk in 0..self.desks.len() {
            self.check_desk(desk)?;
        }
        Ok(())
    }

    fn event(&mut self, desk: usize) -> Result<()> {
        if self.chance.percent(12) {
            return self.trial(desk);
        }
        match self.chance.between(1, 100) {
            1..=62 => self.deed(desk),
            63..=92 => self.exchange_with_faults(desk),
            93..=95 => self.power_cut(desk),
            96 => self.server_power_cut(),
            97 => self.clock_steps(desk),
            98 => self.replay(desk),
            99 => self.back_up(),
            _ => self.restore(),
        }
    }

    /// Without planted bugs nobody is let in between two steps.
    #[cfg(not(feature = "mutants"))]
    pub fn planted_trial(&mut self, desk: usize) -> Result<()> {
        self.power_cut(desk)
    }

    /// The power of a desk fails; what was acknowledged must be there when it is back.
    pub fn power_cut(&mut self, desk: usize) -> Result<()> {
        self.fault("desk killed");
        self.trace.say(format!("desk {desk} loses power"));
        self.desks[desk].lose_power()?;
        self.check_desk(desk)
    }

    fn server_power_cut(&mut self) -> Result<()> {
        self.fault("server killed");
        self.trace.say("the server loses power".to_owned());
        self.server = Server::open(&self.server_folder, self.config.clone())?;
        Ok(())
    }

    fn clock_steps(&mut self, desk: usize) -> Result<()> {
        self.fault("clock stepped");
        let days = self.chance.between(-4_000, 4_000);
        self.trace
            .say(format!("the clock of desk {desk} is {days} days off from now on"));
        self.desks[desk].clock_off_ms = days * DAY_MS;
        Ok(())
    }

    fn back_up(&mut self) -> Result<()> {
        let file = self.folder.join(format!("backup-{}", self.chance.between(0, 1 << 40)));
        self.home.back_up(&self.server, &file)?;
        self.trace.say("the server is backed up".to_owned());
        self.backup = Some(file);
        Ok(())
    }

    /// The server's disk is lost; the last backup takes its place.
    fn restore(&mut self) -> Result<()> {
        let Some(backup) = self.backup.clone() else {
            return Ok(());
        };
        // Not yet in one world: what was numbered before a restore, and is parked when it is sent again,
        // stays in the present of those who have it from before.
        if self.faults.contains_key("right changed") {
            return Ok(());
        }
        self.fault("server restored");
        self.trace.say("the server is restored from its last backup".to_owned());
        let folder = self.folder.join(format!("server-{}", self.chance.between(1, 1 << 40)));
        std::fs::create_dir_all(&folder)?;
        let key = "master.key";
        std::fs::copy(self.server_folder.join(key), folder.join(key))?;
        self.home.restore(&backup, &folder, &self.config)?;
        self.server = Server::open(&folder, self.config.clone())?;
        self.server_folder = folder;
        Ok(())
    }

    /// The outcome, with the invariant that did not hold.
    pub fn outcome(self, violation: Option<String>) -> Outcome {
        Outcome {
            seed: self.seed,
            device_days: self.desks.len() as u64 * self.days.unsigned_abs(),
            acknowledged: self.oracle.acknowledged(),
            faults: self.faults,
            checked: self.oracle.checked,
            trace: self.trace.hash(),
            ending: ending(&self.server).unwrap_or_default(),
            violation,
            story: self.trace.lines().to_vec(),
        }
    }
}
