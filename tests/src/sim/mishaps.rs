//! What breaks: power of desks and servers, nodes, clocks, the server's disk.

use anyhow::Result;

use super::deeds::Deed;
use super::desk::WallClock;
use super::disk::Written;
use super::oracle::Expected;
use super::world::{DAY_MS, World};

/// What sealing adds to the bytes of a change.
const SEAL_BYTES: usize = 28;

impl World {
    /// The power of a desk fails; what was acknowledged must be there when it is back.
    pub fn power_cut(&mut self, desk: usize) -> Result<()> {
        self.fault("desk killed");
        self.say_at(desk, "loses power");
        self.desks[desk].lose_power()?;
        if self.chance.percent(30) {
            self.bring_up_to_date(desk);
        }
        self.check_desk(desk)
    }

    /// The same at any byte that its file was given since `before`.
    pub fn power_cut_since(&mut self, desk: usize, before: Option<Written>) -> Result<()> {
        if self.desks[desk].lose_power_since(before, &mut self.chance)? {
            self.fault("write torn by a power cut");
        }
        self.check_desk(desk)?;
        self.oracle.asked("I5");
        Ok(())
    }

    /// Without planted bugs nobody is let in between two steps.
    #[cfg(not(feature = "mutants"))]
    pub fn planted_trial(&mut self, desk: usize) -> Result<()> {
        self.deed(desk)
    }

    /// Where the file stands, when the power is to fail within the save that follows.
    pub fn mark_for_power_cut(&mut self, desk: usize) -> Result<Option<Option<Written>>> {
        if !self.chance.percent(1) {
            return Ok(None);
        }
        self.fault("desk killed within a save");
        self.desks[desk].written().map(Some)
    }

    pub fn server_power_cut(&mut self) -> Result<()> {
        self.fault("server killed");
        self.say("the server loses power");
        let now = self.district.written()?;
        self.district.lose_power(now, &mut self.chance)?;
        Ok(())
    }

    /// A node dies after it wrote and before it answered; the retry reaches another.
    pub fn node_dies(&mut self, desk: usize) -> Result<()> {
        self.fault("node killed between commit and reply");
        self.one_way(desk)?;
        self.say("a node of the server dies, another takes its place");
        self.district.replace_a_node(&mut self.chance)?;
        self.exchange_with_faults(desk)
    }

    pub fn clock_goes_wrong(&mut self, desk: usize) -> Result<()> {
        let (clock, what) = match self.chance.between(1, 5) {
            1 => {
                self.fault("clock frozen");
                (
                    WallClock::FrozenMs(self.desk_ms(desk)),
                    "'s clock stands still".to_owned(),
                )
            }
            2 => (WallClock::AheadMs(0), "'s clock is set right".to_owned()),
            3 => {
                self.fault("clock stepped back");
                let hours = self.chance.between(1, 72);
                let back_ms = hours * 60 * 60_000;
                let ahead_ms = self.desk_ms(desk) - self.now_ms() - back_ms;
                (
                    WallClock::AheadMs(ahead_ms),
                    format!("'s clock steps back {hours} hours"),
                )
            }
            _ => {
                self.fault("clock years off");
                let days = self.chance.between(-4_000, 4_000);
                (
                    WallClock::AheadMs(days * DAY_MS),
                    format!("'s clock is {days} days off"),
                )
            }
        };
        let line = format!("{}{what}", self.desks[desk].name);
        self.say(&line);
        self.desks[desk].clock = clock;
        Ok(())
    }

    pub fn back_up(&mut self) -> Result<()> {
        self.district.back_up()?;
        self.say("the server is backed up");
        Ok(())
    }

    /// The server's disk is lost; the last backup takes its place, or a standby that was a little
    /// behind.
    pub fn restore(&mut self) -> Result<()> {
        // What an operator does then is tried by the server's own tests.
        if self.erasing.has_begun() {
            return Ok(());
        }
        if self.chance.percent(50) {
            // The standby is as far as the server is now; what comes after this is its lost tail.
            self.district.back_up()?;
            for _ in 0..self.chance.between(0, 3) {
                let desk = self.chance.below(self.desks.len());
                self.exchange_with_faults(desk)?;
            }
            self.fault("failover with a lost tail");
            self.say("the server fails for good; the standby takes over");
        } else if self.district.has_backup() {
            self.fault("server restored from a backup");
            self.say("the server is restored from its last backup");
        } else {
            return Ok(());
        }
        self.district.restore()
    }

    /// A page ends exactly where an action does, or a byte before or after.
    pub fn page_border(&mut self, desk: usize) -> Result<()> {
        let space = self.hospitals[self.desks[desk].hospital].space;
        self.read_on(space)?;
        let held = self.desks[desk].store().spaces()?;
        let cursor = held
            .iter()
            .find(|held| held.space == space)
            .map_or(0, |held| held.cursor);
        let device = self.desks[desk].device;
        let coming = self.truth[&space]
            .log
            .get(usize::try_from(cursor)?..)
            .unwrap_or_default();
        let foreign = coming.iter().filter(|entry| entry.change.id.device != device);
        let sizes: Vec<usize> = foreign.map(|entry| entry.bytes + SEAL_BYTES).collect();
        if sizes.is_empty() {
            return self.exchange_with_faults(desk);
        }
        let count = 1 + self.chance.below(sizes.len());
        let bytes: usize = sizes.iter().take(count).sum();
        self.fault("page at the exact limit");
        self.say_at(desk, &format!("pulls in pages that {count} changes fill to the byte"));
        self.district.set_page_bytes(bytes + self.chance.below(3) - 1)?;
        self.exchange_with_faults(desk)?;
        self.district.set_page_bytes(self.plan.page_bytes)
    }

    /// Many records at once: an import on the server, or one action of many at a desk.
    pub fn import(&mut self, desk: usize) -> Result<()> {
        let count = if self.chance.percent(10) {
            499 + self.chance.below(3)
        } else {
            20 + self.chance.below(40)
        };
        let mut drafts = Vec::new();
        for _ in 0..count {
            let named = self.newcomer(desk);
            drafts.push(self.registration(&named));
        }
        self.fault("mass import");
        if self.chance.percent(50) {
            let what = format!("registers {count} people at once");
            return self.save(desk, Deed::plain(what, drafts, Expected::unasked()));
        }
        self.say_at(
            desk,
            &format!("has {count} people of its hospital imported by the server"),
        );
        let space = self.hospitals[self.desks[desk].hospital].space;
        let actions = drafts.into_iter().map(|draft| vec![draft]).collect();
        self.district.first().author(space, actions)?;
        Ok(())
    }
}
