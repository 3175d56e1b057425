//! Desks whose program is one or two versions older than the district's: they say less, and are told nothing that their
//! version has no word for. They lose nothing by it.

use anyhow::{Result, ensure};
use server::db;
use sync_core::ChangeId;
use sync_core::exchange::{Answer, Ask, PROTOCOL, SHOWS_GRANTS};

use super::world::World;

/// The first version with words for a desk that gets a new name, or is withdrawn.
const NEW_NAMES: u16 = 2;
/// The first with words for what is kept aside.
const KEPT_ASIDE: u16 = 3;

impl World {
    /// Which version the program of a new desk speaks: in some districts some are older.
    pub fn draw_version(&mut self) -> u16 {
        if !self.plan.has_older || !self.chance.percent(50) {
            return PROTOCOL;
        }
        self.fault("desk of an older version");
        PROTOCOL - 1 - u16::from(self.chance.percent(50))
    }

    /// What a program of the desk's version says of all this.
    pub fn in_its_words(&self, desk: usize, mut asks: Vec<Ask>) -> Vec<Ask> {
        let speaks = self.desks[desk].speaks;
        asks.retain(|ask| match ask {
            Ask::Aside { .. } | Ask::Decide(_) => speaks >= KEPT_ASIDE,
            Ask::Held { .. } | Ask::Parted(_) => speaks >= NEW_NAMES,
            Ask::Grants(_) => speaks >= SHOWS_GRANTS,
            Ask::Hello { .. } | Ask::Push(_) | Ask::Pull { .. } => true,
        });
        for ask in &mut asks {
            if let Ask::Hello { protocol, .. } = ask {
                *protocol = speaks;
            }
        }
        asks
    }

    /// A desk is told only what its version has words for.
    pub fn check_words(&mut self, desk: usize, answer: &Answer) -> Result<()> {
        let speaks = self.desks[desk].speaks;
        let since = match answer {
            Answer::NotSignedIn { .. } => SHOWS_GRANTS,
            Answer::Aside(_) | Answer::Decided { .. } => KEPT_ASIDE,
            Answer::Replaced | Answer::Held(_) | Answer::Withdraw(_) | Answer::Parted { .. } => NEW_NAMES,
            _ => return Ok(()),
        };
        ensure!(
            speaks >= since,
            "I19: {} speaks version {speaks} and is told what is known since {since}",
            self.desks[desk].name
        );
        self.oracle.asked("I19");
        Ok(())
    }

    /// Whether the desk's version has no word by which it could hear that its own change was taken in after all, before
    /// the snapshot with which it began. It hears it when its program is brought up to date.
    pub fn has_no_word_for(&self, desk: usize, id: &ChangeId) -> Result<bool> {
        let desk = &self.desks[desk];
        if desk.speaks >= KEPT_ASIDE || id.device != desk.device {
            return Ok(false);
        }
        let taken_in = |conn: &db::Conn| db::parked::taken_in(id.device, usize::MAX >> 1, conn);
        let taken_in = self.district.first().db().read(taken_in)?;
        Ok(taken_in.iter().any(|numbered| numbered.seq == id.seq))
    }

    /// Somebody brings the desk's program up to date.
    pub fn bring_up_to_date(&mut self, desk: usize) {
        if self.desks[desk].speaks < PROTOCOL {
            self.fault("desk brought up to date");
            self.say_at(desk, "is brought up to date");
            self.desks[desk].speaks = PROTOCOL;
        }
    }
}
