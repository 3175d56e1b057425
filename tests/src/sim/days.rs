//! Days pass: which event comes next, and what is asked when a day is over.

use anyhow::{Context, Result};

use super::chance::Chance;
use super::desk::Leaving;
use super::world::{DAY_MS, World};
use std::sync::atomic::Ordering;

/// Numbers of chances that belong to days, not to events.
const DAYS: u64 = 1 << 40;
const NIGHTS: u64 = 1 << 41;
const END: u64 = 1 << 42;

/// Events of one desk on a quiet day, on most days, and on a busy one, with their weights.
const DENSITY: [(usize, i64); 3] = [(2, 35), (4, 45), (10, 20)];
/// The same where a world lasts days and not weeks.
const DENSITY_OF_SHORT: [(usize, i64); 3] = [(4, 25), (8, 50), (14, 25)];

impl World {
    /// Lives the days of the seed with all faults, then without any until everybody agrees.
    pub fn live(&mut self) -> Result<()> {
        for day in 0..self.plan.days {
            self.live_a_day(day.unsigned_abs())
                .with_context(|| format!("seed {} on day {}", self.seed, day + 1))?;
            self.days += 1;
        }
        self.chance = Chance::of_event(self.seed, END);
        self.settle()
            .with_context(|| format!("seed {} after the faults", self.seed))
    }

    fn live_a_day(&mut self, day: u64) -> Result<()> {
        let mut chance = Chance::of_event(self.seed, DAYS + day);
        let density = if self.plan.is_short { DENSITY_OF_SHORT } else { DENSITY };
        let events = self.plan.desks() * density[chance.weighed(&density.map(|(_, weight)| weight))].0;
        for _ in 0..events {
            self.event += 1;
            self.chance = Chance::of_event(self.seed, self.event);
            let pause = self.chance.between(0, 2 * DAY_MS / events as i64);
            self.clock.fetch_add(pause, Ordering::SeqCst);
            if self.only.as_ref().is_none_or(|only| only.contains(&self.event)) {
                self.lived += 1;
                let desk = self.chance.below(self.desks.len());
                self.happen(desk)?;
            }
        }
        self.chance = Chance::of_event(self.seed, NIGHTS + day);
        self.look_at_night()
    }

    /// One event at a desk, or around it.
    fn happen(&mut self, desk: usize) -> Result<()> {
        match self.desks[desk].leaving {
            Leaving::No => {}
            Leaving::Ordered if self.chance.percent(20) => return self.power_cut(desk),
            _ => return self.exchange_with_faults(desk),
        }
        if self.plan.erases && self.chance.percent(if self.plan.is_short { 5 } else { 1 }) {
            return self.somebody_is_erased(desk);
        }
        if cfg!(feature = "mutants") && self.chance.percent(7) {
            return self.planted_trial(desk);
        }
        if self.plan.is_short && self.chance.percent(10) {
            return match self.chance.between(1, 11) {
                1 => self.restore(),
                2 => self.rights_change(),
                3 => self.newer_version_writes(desk),
                4 => self.another_desk_joins(desk),
                5 | 6 => self.disk_is_copied(desk),
                7 => self.withdraw(desk),
                8 => self.disk_fails(desk),
                9 => self.aside_is_decided(),
                _ => self.decide(desk),
            };
        }
        match self.chance.between(1, 10_000) {
            1..=6_100 => self.deed(desk),
            6_101..=6_140 => self.aside_is_decided(),
            6_141..=6_180 => self.disk_fails(desk),
            6_181..=9_150 => self.exchange_with_faults(desk),
            9_151..=9_240 => self.power_cut(desk),
            9_241..=9_290 => self.server_power_cut(),
            9_291..=9_370 => self.node_dies(desk),
            9_371..=9_450 => self.clock_goes_wrong(desk),
            9_451..=9_545 => self.replay(desk),
            9_546..=9_590 => self.disk_is_copied(desk),
            9_591..=9_770 => self.letter_arrives(),
            9_771..=9_830 => self.rights_change(),
            9_831..=9_835 => self.revoke(desk),
            9_836..=9_840 => self.withdraw(desk),
            9_841..=9_920 => self.malice(desk),
            9_921..=9_945 => self.newer_version_writes(desk),
            9_946..=9_960 => self.another_desk_joins(desk),
            9_961..=9_980 => self.page_border(desk),
            9_981..=9_985 => self.import(desk),
            9_986..=9_994 => self.back_up(),
            _ => self.restore(),
        }
    }

    /// Every night somebody looks after one desk in eight, and the district's logs are read on.
    fn look_at_night(&mut self) -> Result<()> {
        for desk in 0..self.desks.len() {
            if self.chance.percent(12) {
                self.check_desk(desk)?;
            }
        }
        self.look_midway()
    }
}
