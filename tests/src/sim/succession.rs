//! Desks whose file was put back or copied, and desks that their district does not know any more: each goes on as a
//! new one, with everything it holds.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use ed25519_dalek::SigningKey;
use server::db;
use server::db::parked::{Aside, Decided};
use store::StoreError;
use sync_core::exchange::Held;
use sync_core::{ChangeId, DeviceId};

use super::desk::{Copy, Leaving, enrolled};
use super::disk;
use super::world::World;

impl World {
    /// Somebody makes a copy of a desk's whole disk, or uses the one there is.
    pub fn disk_is_copied(&mut self, desk: usize) -> Result<()> {
        if self.desks[desk].leaving != Leaving::No || self.desks[desk].is_fallen || self.is_revoked(desk) {
            return Ok(());
        }
        if self.desks[desk].copy.is_none() || self.chance.percent(30) {
            self.say_at(desk, "has its disk copied");
            return self.desks[desk].make_copy();
        }
        if self.chance.percent(40) {
            self.clone_starts(desk)
        } else {
            self.put_back(desk)
        }
    }

    /// The desk's disk is put back to the copy. What it wrote since is with the district, or gone.
    fn put_back(&mut self, desk: usize) -> Result<()> {
        self.fault("desk restored from a copy");
        self.keep_earlier(desk)?;
        self.desks[desk].put_copy_back()?;
        let device = self.desks[desk].device;
        let last = self.desks[desk].store().last_seq()?;
        let held: BTreeSet<ChangeId> = self.held(desk)?;
        self.letters.retain(|letter| letter.desk != desk);
        self.read_everything()?;
        let (truth, district) = (&self.truth, self.district.first().clone());
        self.oracle.fall_back(desk, &held, |oracle, earlier| {
            let is_said = truth
                .get(&earlier.change.space)
                .is_some_and(|truth| oracle.is_said(earlier, truth));
            let names = oracle.names(earlier);
            let aside = names
                .iter()
                .map(|id| district.db().read(|conn| db::parked::get(*id, conn)));
            let aside = aside.collect::<Result<Vec<_>, _>>()?;
            Ok(is_said || aside.iter().any(Option::is_some))
        })?;
        let known = self.district.last_heard(device)?;
        if self.chance.percent(50) {
            self.say_at(desk, "is put back to a copy of its disk, and finds it out");
            return self.renew(desk);
        }
        self.say_at(desk, "is put back to a copy of its disk");
        // What its file has under this name, nobody makes again.
        self.oracle.untold[desk] = self.own(desk)?.len();
        let server = self.district.first();
        let is_replaced = server.db().read(|conn| db::succession::is_replaced(device, conn))?;
        self.desks[desk].is_fallen = known > last || is_replaced;
        Ok(())
    }

    /// The copy of a disk is started in another computer: two desks of one name.
    fn clone_starts(&mut self, desk: usize) -> Result<()> {
        let hospital = self.desks[desk].hospital;
        let place = self.desks.iter().filter(|desk| desk.hospital == hospital).count();
        let is_same = self.desks[desk]
            .copy
            .as_ref()
            .is_some_and(|copy| copy.device == self.desks[desk].device);
        if !is_same || place >= self.plan.hospitals[hospital] + self.plan.late_desks {
            return self.put_back(desk);
        }
        self.fault("disk copied to a second computer");
        let number = self.desks.len();
        let after = self.folder.join(format!("desk-{number}.db"));
        let clone = self.desks[desk].start_copy(number, place, &after)?;
        self.desks.push(clone);
        self.oracle.acknowledged.push(Vec::new());
        self.oracle.untold.push(0);
        self.keep_earlier(desk)?;
        self.letters.retain(|letter| letter.desk != desk);
        for twin in [desk, number] {
            self.desks[twin].is_fallen = true;
        }
        self.say_at(desk, "has its disk copied to a second computer, and both go on");
        Ok(())
    }

    /// What was acknowledged under the desk's name is looked for by what it says from now on.
    pub fn keep_earlier(&mut self, desk: usize) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let own = std::mem::take(&mut self.oracle.acknowledged[desk]);
        self.oracle.untold[desk] = 0;
        let of_device: Vec<ChangeId> = self.own(desk)?;
        let restored = self.district.restored;
        self.oracle.keep_earlier(&store, desk, &own, restored)?;
        self.oracle.note_origins(&store, &of_device)
    }

    fn held(&self, desk: usize) -> Result<BTreeSet<ChangeId>> {
        let store = self.desks[desk].store();
        let (log, aside) = store.read(|records, _| Ok::<_, StoreError>((records.log()?, records.parked()?)))?;
        let carried = store.unsent_changes()?;
        let carried = carried.iter().map(|change| change.change().id);
        let aside = aside.into_iter().map(|past| past.change);
        Ok(log.into_iter().map(|(id, _)| id).chain(aside).chain(carried).collect())
    }

    pub fn own(&self, desk: usize) -> Result<Vec<ChangeId>> {
        let device = self.desks[desk].device;
        let log = self.desks[desk].store().read(|records, _| records.log())?;
        Ok(log
            .into_iter()
            .map(|(id, _)| id)
            .filter(|id| id.device == device)
            .collect())
    }

    /// A desk goes on under a new name, confirmed by a person; the one before is closed. A district that fell back to
    /// before it joined does not know it: it is invited anew.
    pub fn renew(&mut self, desk: usize) -> Result<()> {
        let former = self.desks[desk].device;
        if self.district.first().device(former)?.is_none() {
            return self.rejoin(desk);
        }
        let (device, key) = self.new_name();
        let known = enrolled(device, &key, self, self.desks[desk].hospital);
        let (person, now_ms) = (self.hospitals[self.desks[desk].hospital].people[0].id, self.now_ms());
        // As `Server::renew` does, without the password.
        self.district.first().db().write(|tx| {
            db::device::insert(&known, tx)?;
            db::succession::insert(device, former, person, now_ms, tx)?;
            db::device::revoke(former, tx)
        })?;
        self.fault("desk goes on under a new name");
        self.go_on_as(desk, device, key)
    }

    /// A desk that the district does not know any more is invited anew.
    pub fn rejoin(&mut self, desk: usize) -> Result<()> {
        let (device, key) = self.new_name();
        let known = enrolled(device, &key, self, self.desks[desk].hospital);
        self.district.first().db().write(|tx| db::device::insert(&known, tx))?;
        self.fault("desk not known any more");
        self.go_on_as(desk, device, key)
    }

    fn new_name(&mut self) -> (DeviceId, SigningKey) {
        let now_ms = self.now_ms();
        let device = DeviceId(self.chance.id(now_ms));
        (device, SigningKey::from_bytes(&self.chance.bytes()))
    }

    fn go_on_as(&mut self, desk: usize, device: DeviceId, key: SigningKey) -> Result<()> {
        self.say_at(desk, "goes on under a new name, with all its work");
        self.keep_earlier(desk)?;
        self.desks[desk].go_on_as(device, key)
    }

    /// What the server says it got of another name is what its log has.
    pub fn check_held(&mut self, desk: usize, held: &Held) -> Result<()> {
        let space = self.hospitals[self.desks[desk].hospital].space;
        self.read_on(space)?;
        let truth = &self.truth[&space];
        for each in &held.changes {
            let id = ChangeId {
                device: held.device,
                seq: each.seq,
            };
            let numbered = truth.places.get(&id).map(|place| truth.log[*place].hash);
            let is_right = match each.parked {
                // What somebody dismissed is done with as well.
                None if numbered.is_none() => self.is_dismissed(id)?,
                None => numbered == Some(each.hash),
                Some(_) => numbered.is_none(),
            };
            ensure!(
                is_right,
                "I20: the district says it has {} of an earlier name otherwise",
                each.seq
            );
        }
        self.oracle.asked("I20");
        Ok(())
    }

    fn is_dismissed(&self, id: ChangeId) -> Result<bool> {
        let aside = self.district.first().aside()?;
        let is_it = |each: &Aside| each.id == id && each.decided == Some(Decided::Dismissed);
        Ok(aside.iter().any(is_it))
    }

    pub fn read_everything(&mut self) -> Result<()> {
        let spaces: Vec<_> = self.hospitals.iter().map(|hospital| hospital.space).collect();
        spaces.into_iter().try_for_each(|space| self.read_on(space))
    }

    /// Whether the district keeps one of these aside.
    fn is_aside(&self, names: &BTreeSet<ChangeId>) -> Result<bool> {
        let db = self.district.first().db();
        let found = names.iter().map(|id| db.read(|conn| db::parked::get(*id, conn)));
        let found = found.collect::<Result<Vec<_>, _>>()?;
        Ok(found.iter().any(Option::is_some))
    }

    /// What was acknowledged under an earlier name, or on a desk that is emptied, is with the district: as it was
    /// said, or said anew; or it is kept aside where a person sees it.
    /// Of one desk only, if that is said.
    pub fn check_earlier(&mut self, only: Option<usize>) -> Result<()> {
        self.read_everything()?;
        let (mut shown, mut held) = (BTreeSet::new(), BTreeSet::new());
        for desk in 0..self.desks.len() {
            let store = self.desks[desk].store().clone();
            let aside = store.read(|records, _| records.parked())?;
            shown.extend(aside.iter().map(|past| past.change));
            // A desk that was withdrawn hears of no restore any more, and nobody brings back what it holds of others.
            if !self.is_revoked(desk) {
                held.extend(self.held(desk)?);
            }
            self.oracle.note_origins(&store, &self.own(desk)?)?;
        }
        for earlier in self
            .oracle
            .earlier()
            .filter(|earlier| only.is_none_or(|desk| earlier.desk == desk))
        {
            let truth = self.truth.get(&earlier.change.space).context("I20: a space is gone")?;
            let names = self.oracle.names(earlier);
            if self.oracle.is_said(earlier, truth) || !names.is_disjoint(&shown) || self.is_aside(&names)? {
                continue;
            }
            // The server lost it after the desk did: nothing at work in the district holds it.
            let is_gone = earlier.is_elsewhere && self.district.restored > earlier.restored && names.is_disjoint(&held);
            ensure!(
                is_gone,
                "I20: change {} of an earlier name of {} is not with the district",
                earlier.change.id.seq,
                self.desks[earlier.desk].name
            );
        }
        self.oracle.asked("I20");
        Ok(())
    }
}

/// A desk's disk as it was once.
pub fn copied(path: &std::path::Path, to: &std::path::Path, of: (DeviceId, SigningKey)) -> Result<Copy> {
    disk::copy(path, to)?;
    let (device, key) = of;
    Ok(Copy {
        file: to.to_owned(),
        device,
        key,
    })
}
