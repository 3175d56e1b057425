//! Desks that are ordered to hold nothing any more: they bring what they have, or not if that was ordered, delete
//! everything, and say so.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use ed25519_dalek::VerifyingKey;
use server::db;
use store::PartingStep;
use sync_core::ChangeId;
use sync_core::parting::SignedOrder;

use super::desk::Leaving;
use super::world::World;

/// What a desk that was ordered to part holds before it speaks.
pub struct Brought {
    /// What the district did not answer to.
    unsent: BTreeSet<ChangeId>,
}

impl World {
    /// An operator orders a desk to hold nothing any more. Not the last one of a hospital.
    pub fn withdraw(&mut self, desk: usize) -> Result<()> {
        let hospital = self.desks[desk].hospital;
        let stays = |other: &usize| {
            let desk = &self.desks[*other];
            desk.hospital == hospital && desk.leaving == Leaving::No && !desk.is_fallen && !self.is_revoked(*other)
        };
        let count = (0..self.desks.len()).filter(stays).count();
        let device = self.desks[desk].device;
        if count < 2 || !stays(&desk) || self.district.first().device(device)?.is_none() {
            return self.exchange_with_faults(desk);
        }
        let is_now = self.chance.percent(25);
        self.fault(if is_now {
            "desk ordered to hold nothing at once"
        } else {
            "desk ordered to hold nothing"
        });
        self.say_at(
            desk,
            if is_now {
                "is ordered to hold nothing, at once"
            } else {
                "is ordered to hold nothing"
            },
        );
        self.order(desk, is_now)
    }

    fn order(&mut self, desk: usize, is_now: bool) -> Result<()> {
        let device = self.desks[desk].device;
        self.district.first().withdraw(device, is_now)?;
        self.district.known.ordered.insert(device, is_now);
        if is_now {
            self.district.known.revoked.insert(device);
        }
        Ok(())
    }

    /// Only what somebody ordered is an order.
    pub fn check_order(&mut self, desk: usize, signed: &SignedOrder) -> Result<()> {
        let (device, server) = (self.desks[desk].device, self.district.first());
        let order = signed.read(&VerifyingKey::from(&server.own().signing_key), device);
        let order = order.context("I21: an order that is not signed")?;
        let ordered = self.district.known.ordered.get(&device);
        ensure!(
            ordered == Some(&order.is_now),
            "I21: a desk is ordered what nobody ordered"
        );
        self.oracle.asked("I21");
        Ok(())
    }

    /// What a desk that was ordered to part has, before it says what it does.
    pub fn before_parting(&mut self, desk: usize) -> Result<Option<Brought>> {
        if self.desks[desk].leaving != Leaving::Ordered {
            return Ok(None);
        }
        let store = self.desks[desk].store().clone();
        let own = self.oracle.acknowledged[desk].clone();
        self.oracle.fetch(&store, &own)?;
        let all = self.own(desk)?;
        self.oracle.note_origins(&store, &all)?;
        let unsent = store
            .unsent_changes()?
            .iter()
            .map(|change| change.change().id)
            .collect();
        Ok(Some(Brought { unsent }))
    }

    /// If it emptied itself: nothing went with it that the district does not have, unless that was ordered.
    pub fn after_parting(&mut self, desk: usize, brought: Option<Brought>) -> Result<()> {
        let Some(brought) = brought else { return Ok(()) };
        let store = self.desks[desk].store().clone();
        let parting = store.parting()?.context("I21: a desk forgets an order")?;
        if parting.step == PartingStep::Draining {
            return Ok(());
        }
        self.say_at(desk, "holds nothing any more");
        ensure!(
            parting.unsent == brought.unsent.len() as u64 && (parting.is_now || parting.unsent == 0),
            "I21: {} destroys {} changes that the district does not have and says {}",
            self.desks[desk].name,
            brought.unsent.len(),
            parting.unsent
        );
        self.desks[desk].leaving = Leaving::Emptied;
        let heard = self.desks[desk].restored;
        self.keep_earlier(desk)?;
        self.oracle.excuse(&brought.unsent);
        self.oracle.is_emptied(desk, heard);
        self.letters.retain(|letter| letter.desk != desk);
        let log = store.read(|records, _| records.log())?;
        ensure!(
            log.is_empty() && store.spaces()?.is_empty(),
            "I21: an emptied desk holds something"
        );
        if self.district.restored == heard {
            self.check_earlier(Some(desk))?;
        }
        self.oracle.asked("I21");
        Ok(())
    }

    /// The server took note that the desk holds nothing any more, and of how much was destroyed.
    pub fn note_parted(&mut self, desk: usize) -> Result<()> {
        let device = self.desks[desk].device;
        let withdrawal = self
            .district
            .first()
            .db()
            .read(|conn| db::withdrawal::get(device, conn))?;
        let destroyed = self.desks[desk].store().parting()?.map(|parting| parting.unsent);
        ensure!(
            withdrawal.is_some_and(|withdrawal| withdrawal.unsent == destroyed),
            "I21: the server notes otherwise what a desk destroyed"
        );
        self.district.known.revoked.insert(device);
        self.oracle.asked("I21");
        Ok(())
    }

    /// An emptied desk whose order a restored server does not know: the operator orders it again.
    pub fn order_again(&mut self, desk: usize) -> Result<()> {
        self.say_at(desk, "is ordered again, the server has forgotten it");
        self.order(desk, false)
    }
}
