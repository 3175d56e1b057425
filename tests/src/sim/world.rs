//! The world of one seed: a district, hospitals with beds and people, desks, and time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Result;
use domain::entities::{bed, district, facility, item, person, state, ward};
use domain::{Draft, RecordId};
use server::Config;
use sync_core::SpaceId;

use super::attended::OFFICER;
use super::beginning::Snapshots;
use super::chance::Chance;
use super::desk::Desk;
use super::district::{District, Grant};
use super::erasing::Erasing;
use super::kept::{Home, Kept, ending};
use super::oracle::Oracle;
use super::plan::{Plan, Scale};
use super::strangers::{Letter, Stranger};
use super::trace::Trace;
use super::truth::Truth;
use super::{Outcome, words};

pub const BEGIN_MS: i64 = 1_795_000_000_000;
pub const MINUTE_MS: i64 = 60_000;
pub const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Somebody or something with a name for the story.
#[derive(Clone)]
pub struct Named {
    pub id: RecordId,
    pub name: String,
}

/// One hospital.
pub struct Hospital {
    pub facility: RecordId,
    pub space: SpaceId,
    pub people: Vec<Named>,
    pub items: Vec<Named>,
    pub beds: Vec<Named>,
    /// Everybody who was ever registered there, on whichever desk.
    pub patients: Vec<Named>,
    /// Every movement of stock that somebody wrote, or began to.
    pub entries: Vec<RecordId>,
    /// A device of that hospital with a program of its own.
    pub stranger: Stranger,
}

/// Everything there is.
pub struct World {
    /// The chance of the present event.
    pub chance: Chance,
    pub clock: Arc<AtomicI64>,
    pub district: District,
    pub folder: PathBuf,
    pub hospitals: Vec<Hospital>,
    pub desks: Vec<Desk>,
    pub letters: Vec<Letter>,
    pub snapshots: Snapshots,
    pub erasing: Erasing,
    pub oracle: Oracle,
    /// What the district's logs say, space by space.
    pub truth: BTreeMap<SpaceId, Truth>,
    pub trace: Trace,
    pub faults: BTreeMap<&'static str, u64>,
    pub plan: Plan,
    pub seed: u64,
    /// The events that are lived; all when nothing is said.
    pub only: Option<BTreeSet<u64>>,
    pub event: u64,
    pub lived: u64,
    pub days: u64,
    /// A second worker of a desk is under way.
    pub is_second: bool,
}

impl World {
    /// Builds the district of the seed.
    pub fn new(seed: u64, scale: Scale, kept: Kept, only: Option<BTreeSet<u64>>, folder: &Path) -> Result<World> {
        let mut chance = Chance::new(seed);
        let plan = Plan::draw(scale, &mut chance).or_erasing(seed);
        let clock = Arc::new(AtomicI64::new(BEGIN_MS));
        let mut config = Config::default();
        let ticking = Arc::clone(&clock);
        config.now_ms = Arc::new(move || ticking.load(Ordering::SeqCst));
        config.limits.page_bytes = plan.page_bytes;
        config.limits.pages = plan.pages;
        config.limits.snapshot_least = plan.snapshot_least;
        config.limits.snapshot_tail = plan.snapshot_tail;
        let home = Home::new(kept, &mut config)?;
        let own_district = chance.record(BEGIN_MS);
        let district = District::begin(folder, own_district, plan.nodes, (config, home))?;
        let hospitals = (0..plan.hospitals.len()).map(|number| hospital(number, &mut chance));
        let mut world = World {
            hospitals: hospitals.collect(),
            chance,
            clock,
            district,
            folder: folder.to_owned(),
            desks: Vec::new(),
            letters: Vec::new(),
            snapshots: Snapshots::default(),
            erasing: Erasing::default(),
            oracle: Oracle::default(),
            truth: BTreeMap::new(),
            trace: Trace::default(),
            faults: BTreeMap::new(),
            plan,
            seed,
            only,
            event: 0,
            lived: 0,
            days: 0,
            is_second: false,
        };
        world.furnish(own_district)?;
        for hospital in 0..world.hospitals.len() {
            Stranger::join(hospital, &mut world)?;
            for place in 0..world.plan.hospitals[hospital] {
                world.add_desk(place, hospital)?;
            }
        }
        Ok(world)
    }

    /// A desk that has just joined.
    pub fn add_desk(&mut self, place: usize, hospital: usize) -> Result<usize> {
        let number = self.desks.len();
        let desk = Desk::join(number, place, hospital, self)?;
        self.oracle.acknowledged.push(Vec::new());
        self.oracle.untold.push(0);
        self.desks.push(desk);
        Ok(number)
    }

    /// Places, people and items, as an operator sets them up.
    fn furnish(&mut self, own_district: RecordId) -> Result<()> {
        let server = self.district.first().clone();
        let mut drafts = vec![
            vec![Draft::new("state", self.chance.record(BEGIN_MS)).with(&state::NAME, "Kerala")],
            vec![Draft::new("district", own_district).with(&district::NAME, "Ernakulam")],
            vec![
                Draft::new("person", OFFICER)
                    .with(&person::USERNAME, "officer")
                    .with(&person::NAME, "Officer of the district")
                    .with(&person::ROLE, "district_admin")
                    .with(&person::ACTIVE, "yes"),
            ],
        ];
        for (number, hospital) in self.hospitals.iter().enumerate() {
            drafts.push(vec![
                Draft::new("facility", hospital.facility)
                    .with(&facility::NAME, words::hospital(number))
                    .with(&facility::FACILITY_TYPE, "taluk_hospital"),
            ]);
            for (place, nurse) in hospital.people.iter().enumerate() {
                drafts.push(vec![
                    Draft::new("person", nurse.id)
                        .with(&person::USERNAME, format!("nurse{number}{place}"))
                        .with(&person::NAME, nurse.name.clone())
                        .with(&person::ROLE, "nurse")
                        .with(&person::FACILITY, hospital.facility)
                        .with(&person::ACTIVE, "yes"),
                ]);
                let grant = Grant {
                    role: "nurse",
                    facility: hospital.facility,
                    is_active: true,
                };
                self.district.known.grants.insert(nurse.id, grant);
            }
            for item in &hospital.items {
                drafts.push(vec![
                    Draft::new("item", item.id)
                        .with(&item::NAME, item.name.clone())
                        .with(&item::UNIT, "pieces"),
                ]);
            }
        }
        server.author(server.district(), drafts)?;
        for hospital in &self.hospitals {
            server.add_space(hospital.space)?;
            let own_ward = self.chance.record(BEGIN_MS);
            let mut drafts = vec![
                Draft::new("ward", own_ward)
                    .with(&ward::FACILITY, hospital.facility)
                    .with(&ward::NAME, "Ward"),
            ];
            for place in &hospital.beds {
                drafts.push(
                    Draft::new("bed", place.id)
                        .with(&bed::WARD, own_ward)
                        .with(&bed::LABEL, place.name.clone())
                        .with(&bed::BED_TYPE, "isolation"),
                );
            }
            server.author(hospital.space, vec![drafts])?;
        }
        Ok(())
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Counts a fault that was injected.
    pub fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// Goes on with the story.
    pub fn say(&mut self, what: &str) {
        let minutes = (self.now_ms() - BEGIN_MS) / MINUTE_MS;
        let (day, hour, minute) = (minutes / 1_440 + 1, minutes / 60 % 24, minutes % 60);
        self.trace.say(format!("day {day} {hour:02}:{minute:02}  {what}"));
    }

    /// The same about what happens at a desk.
    pub fn say_at(&mut self, desk: usize, what: &str) {
        let line = format!("{}: {what}", self.desks[desk].name);
        self.say(&line);
    }

    /// The outcome, with the invariant that did not hold.
    pub fn outcome(self, violation: Option<String>) -> Outcome {
        Outcome {
            seed: self.seed,
            // Desks that joined later are not counted.
            device_days: self.plan.desks() as u64 * self.days,
            events: self.lived,
            acknowledged: self.oracle.acknowledged(),
            faults: self.faults,
            checked: self.oracle.checked,
            trace: self.trace.hash(),
            ending: ending(self.district.first()).unwrap_or_default(),
            violation,
            story: self.trace.into_lines(),
        }
    }
}

fn hospital(number: usize, chance: &mut Chance) -> Hospital {
    let facility = chance.record(BEGIN_MS);
    let mut named = |count: usize, name: &dyn Fn(usize) -> String| -> Vec<Named> {
        (0..count)
            .map(|place| Named {
                id: chance.record(BEGIN_MS),
                name: name(place),
            })
            .collect()
    };
    Hospital {
        facility,
        space: SpaceId::Facility(facility.0),
        people: named(3, &|place| words::nurse(number * 3 + place).to_owned()),
        items: named(2, &|place| {
            format!("{} of {}", ["Gloves", "Saline"][place % 2], words::hospital(number))
        }),
        beds: named(4, &|place| format!("{:02}", place + 1)),
        patients: Vec::new(),
        entries: Vec::new(),
        stranger: Stranger::none(),
    }
}
