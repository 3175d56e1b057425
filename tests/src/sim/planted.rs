//! Trials that need somebody between two steps of the product, or a fault within it: only with the
//! feature `mutants`, since nothing that is shipped lets anybody in there.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use domain::Draft;
use domain::entities::person;
use failing_disk::Unsynced;
use server::exchange::round::Round;
use store::StoreError;
use sync_core::planted::{Place, at_pauses};

use sync_core::{ChangeId, Lsn};

use super::desk::Leaving;
use super::world::World;

impl World {
    /// One of the trials.
    pub fn planted_trial(&mut self, desk: usize) -> Result<()> {
        match self.chance.between(1, 5) {
            1 => self.cut_between_slices(desk),
            2 => self.withdraw_in_mid_push(desk),
            3 => self.push_at_once(desk),
            4 => self.misfold(desk),
            _ => self.upgrade(desk),
        }
    }

    /// The power of a desk fails while it takes in what the server answers.
    fn cut_between_slices(&mut self, desk: usize) -> Result<()> {
        self.fault("killed between two slices");
        let (disk, after) = self.desks[desk].disk();
        let passed = Cell::new(self.chance.between(0, 4));
        let copied = Rc::new(RefCell::new(None));
        let to = Rc::clone(&copied);
        at_pauses(Some(Box::new(move |place| {
            if place == Place::BetweenSlices && passed.replace(passed.get() - 1) == 0 {
                *to.borrow_mut() = Some(disk.lose_power_to(&after, Unsynced::Lost).map(|()| after.clone()));
            }
        })));
        let exchanged = self.exchange_well(desk);
        at_pauses(None);
        exchanged?;
        if let Some(after) = copied.take() {
            self.say_at(desk, "loses power in the midst of it");
            self.desks[desk].wake_up(after?)?;
            self.check_desk(desk)?;
        }
        Ok(())
    }

    /// Somebody's right is withdrawn after the server has a batch of theirs and before it writes it.
    fn withdraw_in_mid_push(&mut self, desk: usize) -> Result<()> {
        let mut waiting = self.desks[desk].store().outbox(usize::MAX, usize::MAX)?;
        // What the server has already, whose receipt was lost, was taken in while the right was there.
        let known = self
            .district
            .first()
            .device(self.desks[desk].device)?
            .map_or(0, |known| known.last_seq);
        waiting.retain(|change| change.change().id.seq > known);
        let Some(who) = waiting.last().map(|change| change.change().actor) else {
            return Ok(());
        };
        self.fault("right changed");
        let server = self.district.first().clone();
        let done = Rc::new(Cell::new(false));
        let told = Rc::clone(&done);
        at_pauses(Some(Box::new(move |place| {
            if place == Place::BeforePush && !told.replace(true) {
                let draft = Draft::new("person", who).with(&person::ACTIVE, "no");
                told.set(server.author(server.district(), vec![vec![draft]]).is_ok());
            }
        })));
        let before = self.district.known.grants.get(&who).map(|grant| (who, *grant));
        if let Some(grant) = self.district.known.grants.get_mut(&who) {
            grant.is_active = false;
        }
        let exchanged = self.exchange_well(desk);
        at_pauses(None);
        if !done.get() {
            self.district.known.grants.extend(before);
            return exchanged;
        }
        exchanged?;
        let taken = self.desks[desk].store().read(|records, _| records.log())?;
        for change in waiting
            .iter()
            .map(|each| each.change())
            .filter(|change| change.actor == who)
        {
            let is_numbered = taken.iter().any(|(id, lsn)| *id == change.id && lsn.is_some());
            ensure!(
                !is_numbered,
                "I13/I14: a change was taken in after its author's right was withdrawn"
            );
        }
        self.oracle.asked("I14");
        Ok(())
    }

    /// Another desk's push is committed after the server has read this one's and before it writes it.
    fn push_at_once(&mut self, desk: usize) -> Result<()> {
        let hospital = self.desks[desk].hospital;
        let mut others = (0..self.desks.len()).filter(|other| {
            let beside = &self.desks[*other];
            *other != desk && beside.hospital == hospital && beside.leaving == Leaving::No && !beside.is_fallen
        });
        let Some(other) = others.next() else {
            return Ok(());
        };
        self.fault("two pushes at once");
        let beside = &self.desks[other];
        let asks = beside.side().asks(self.now_ms())?;
        let (server, device) = (self.district.first().clone(), beside.device);
        let mut asks = Some(asks);
        at_pauses(Some(Box::new(move |place| {
            if let (Place::BeforePush, Some(asks)) = (place, asks.take()) {
                let taken = Round::begin(&server, device)
                    .and_then(|mut round| asks.into_iter().try_for_each(|ask| round.take(ask)));
                // Whoever is second is told so by its own push.
                drop(taken);
            }
        })));
        let exchanged = self.exchange_well(desk);
        at_pauses(None);
        exchanged.context("of two pushes at once")
    }

    /// A desk folds wrongly: it sees that it differs from the server, and is well after a rebuild.
    fn misfold(&mut self, desk: usize) -> Result<()> {
        if self.is_revoked(desk) {
            return Ok(());
        }
        self.exchange(desk)?;
        let store = self.desks[desk].store().clone();
        // What a restored server has lost and nobody sent again yet has no number: nothing to compare.
        let (log, aside) = store.read(|records, _| Ok::<_, StoreError>((records.log()?, records.parked()?)))?;
        let is_unnumbered =
            |(id, lsn): &(ChangeId, Option<Lsn>)| lsn.is_none() && !aside.iter().any(|past| past.change == *id);
        if log.iter().any(is_unnumbered) || !store.misfold()? {
            return Ok(());
        }
        self.fault("folded wrongly");
        self.say_at(desk, "folds a record wrongly");
        let before = self.district.first().heads()?;
        self.exchange(desk)?;
        if self.district.first().heads()? == before {
            let is_seen = store.spaces()?.iter().any(|space| space.is_diverged);
            ensure!(is_seen, "I9: desk {desk} holds another state and does not see it");
            self.oracle.asked("I9");
        }
        store.rebuild()?;
        self.check_desk(desk)
    }

    /// A desk is brought to a new version: it makes its projections anew.
    fn upgrade(&mut self, desk: usize) -> Result<()> {
        self.fault("desk upgraded");
        self.say_at(desk, "is upgraded");
        self.desks[desk].store().age()?;
        self.desks[desk].lose_power()?;
        self.check_desk(desk)
    }
}
