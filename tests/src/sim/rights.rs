//! Who may do what, and how that changes in the middle of everything; and what the district must
//! have done with a change according to that.

use anyhow::{Context, Result, ensure};
use domain::Draft;
use domain::entities::person;
use sync_core::exchange::Reason;
use sync_core::{Change, ChangeId};

use super::district::{Former, Grant, Known};
use super::world::{Named, World};

/// What a nurse writes here, as the access table of the wards has it.
const NURSES_WRITE: [&str; 5] = ["patient", "encounter", "bed_stay", "bed_hold", "stock_entry"];

impl World {
    /// An operator moves, retires, demotes or reinstates somebody.
    pub fn rights_change(&mut self) -> Result<()> {
        let at = self.chance.below(self.hospitals.len());
        let people = &self.hospitals[at].people;
        let who = self.chance.pick(people).context("nobody works here")?.clone();
        self.rights_of(at, &who)
    }

    /// The same within a round, after a part of what the desk says was taken in and before the rest is: of somebody who
    /// wrote what it brings, or of the desk itself.
    pub fn rights_change_within(&mut self, desk: usize, unsent: &[ChangeId]) -> Result<()> {
        let device = self.desks[desk].device;
        let heard = self.district.last_heard(device)?;
        let known = self.district.known.clone();
        let before = self.faults.clone();
        if self.chance.percent(25) {
            self.revoke(desk)?;
        } else {
            let at = self.desks[desk].hospital;
            let store = self.desks[desk].store().clone();
            let coming: Vec<ChangeId> = unsent.iter().filter(|id| id.seq > heard).copied().collect();
            let changes = self.oracle.fetch(&store, &coming)?;
            let author = changes.last().map(|change| change.actor);
            let people = &self.hospitals[at].people;
            let author = people.iter().find(|person| Some(person.id) == author).cloned();
            let who = author.or_else(|| self.chance.pick(people).cloned());
            self.rights_of(at, &who.context("nobody works here")?)?;
        }
        if self.faults != before {
            self.fault("rights changed in mid-sync");
            self.district.former = Some(Former { device, heard, known });
        }
        Ok(())
    }

    /// An operator decides anew about somebody who is known at that hospital.
    fn rights_of(&mut self, at: usize, who: &Named) -> Result<()> {
        let to = self.chance.below(self.hospitals.len());
        let own = Grant {
            role: "nurse",
            facility: self.hospitals[at].facility,
            is_active: true,
        };
        let (grant, what) = match self.chance.between(1, 6) {
            1 => (
                Grant {
                    is_active: false,
                    ..own
                },
                "leaves".to_owned(),
            ),
            2 => (
                Grant {
                    role: "nurse_viewer",
                    ..own
                },
                "may only look from now on".to_owned(),
            ),
            3 if to != at => {
                let facility = self.hospitals[to].facility;
                (
                    Grant { facility, ..own },
                    format!("goes to {}", super::words::hospital(to)),
                )
            }
            _ => (own, "is a nurse again".to_owned()),
        };
        if self.district.known.grants.get(&who.id) == Some(&grant) {
            return Ok(());
        }
        self.fault("rights changed");
        self.say(&format!("{} {what}", who.name));
        let draft = Draft::new("person", who.id)
            .with(&person::ROLE, grant.role)
            .with(&person::FACILITY, grant.facility)
            .with(&person::ACTIVE, if grant.is_active { "yes" } else { "no" });
        let server = self.district.first();
        server.author(server.district(), vec![vec![draft]])?;
        self.district.known.grants.insert(who.id, grant);
        Ok(())
    }

    /// A desk is withdrawn, with whatever it has not sent yet. Not the last ones of a hospital.
    pub fn revoke(&mut self, desk: usize) -> Result<()> {
        let hospital = self.desks[desk].hospital;
        let others = (0..self.desks.len())
            .filter(|other| self.desks[*other].hospital == hospital && !self.is_revoked(*other))
            .count();
        // A restored server may not know the desk any more.
        let is_known = self.district.first().device(self.desks[desk].device)?.is_some();
        if others <= 2 || self.is_revoked(desk) || self.desks[desk].is_fallen || !is_known {
            return Ok(());
        }
        self.fault("desk withdrawn with changes pending");
        self.say_at(desk, "is withdrawn");
        self.district.first().revoke(self.desks[desk].device)?;
        self.district.known.revoked.insert(self.desks[desk].device);
        Ok(())
    }

    pub fn is_revoked(&self, desk: usize) -> bool {
        self.district.known.revoked.contains(&self.desks[desk].device)
    }

    /// What the district knew when it took the change in.
    fn known_for(&self, change: ChangeId) -> &Known {
        let former = self.district.former.as_ref();
        let former = former.filter(|former| former.device == change.device && change.seq <= former.heard);
        former.map_or(&self.district.known, |former| &former.known)
    }

    fn was_revoked(&self, desk: usize, change: &Change) -> bool {
        self.known_for(change.id).revoked.contains(&self.desks[desk].device)
    }

    /// Whether the district was right to number the change, as rights stood when it was taken in.
    pub fn check_numbered(&self, desk: usize, change: &Change) -> Result<()> {
        ensure!(
            !self.was_revoked(desk, change),
            "I14: a change of a withdrawn desk was taken in"
        );
        ensure!(
            self.reason(desk, change).is_none(),
            "I13: a change was taken in of somebody without a right to it"
        );
        Ok(())
    }

    /// Whether the district was right to keep the change aside.
    pub fn check_parked(&self, desk: usize, change: &Change, reason: Reason) -> Result<()> {
        match self.reason(desk, change) {
            Some(expected) => ensure!(
                reason == expected || reason == Reason::DependsOnParked,
                "I14: a change was kept aside as {reason:?}, not {expected:?}"
            ),
            None => ensure!(
                reason == Reason::DependsOnParked && self.rests_on_parked(change),
                "I14: a change was kept aside as {reason:?} without a reason"
            ),
        }
        Ok(())
    }

    fn reason(&self, desk: usize, change: &Change) -> Option<Reason> {
        if self.was_revoked(desk, change) {
            return Some(Reason::Revoked);
        }
        let facility = self.hospitals[self.desks[desk].hospital].facility;
        match self.known_for(change.id).grants.get(&change.actor) {
            Some(grant) if !grant.is_active => Some(Reason::UnknownPerson),
            None => Some(Reason::UnknownPerson),
            Some(grant) if grant.facility != facility || grant.role != "nurse" => Some(Reason::NotAllowed),
            Some(_) if !NURSES_WRITE.contains(&change.kind.as_str()) => Some(Reason::NotAllowed),
            Some(_) if self.is_late(change) => Some(Reason::Erased),
            Some(_) => None,
        }
    }

    /// Whether its action names something that is kept aside, or edits a record of which all is.
    pub fn rests_on_parked(&self, change: &Change) -> bool {
        let parked = &self.district.known.parked;
        let action = self.oracle.changes().filter(|other| other.action == change.action);
        action.into_iter().any(|change| {
            let names = change.base.values().flatten().any(|id| parked.contains_key(id));
            let mut of_record = self.oracle.changes().filter(|other| other.record == change.record);
            names || of_record.any(|other| parked.contains_key(&other.id))
        })
    }
}
