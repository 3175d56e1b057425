//! What is kept aside is decided about: an operator takes an action in after all, or lets it rest for good. What builds on
//! another that is still kept aside waits for that one.

use anyhow::{Context, Result, bail, ensure};
use domain::entities::entity;
use server::db::parked::{Aside, Decided};
use server::exchange::aside::Stays;
use sync_core::exchange::Reason;
use sync_core::{Change, ChangeId, SpaceId};

use super::world::World;

impl World {
    /// Somebody decides about one of the actions that are kept aside.
    pub fn aside_is_decided(&mut self) -> Result<()> {
        let waiting = self.district.first().aside()?;
        let waiting: Vec<Aside> = waiting.into_iter().filter(|each| each.decided.is_none()).collect();
        let Some(place) = (!waiting.is_empty()).then(|| self.chance.below(waiting.len())) else {
            return Ok(());
        };
        let asked = &waiting[place];
        if self.chance.percent(65) {
            self.take_in(asked)
        } else {
            self.dismiss(asked)
        }
    }

    fn dismiss(&mut self, asked: &Aside) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let done = node.dismiss(asked.id)?;
        let done = done
            .ok()
            .with_context(|| "I14: what is kept aside cannot be dismissed")?;
        self.fault("kept aside, and dismissed");
        self.say(&format!("{} changes that are kept aside are dismissed", done.len()));
        self.check_decided(&done, Decided::Dismissed)
    }

    /// It is numbered as its author wrote it; what builds on it stays where it is.
    fn take_in(&mut self, asked: &Aside) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let content = node.open_aside(asked)?.map(|encoded| encoded.change().clone());
        let before = self.still_aside()?;
        self.read_everything()?;
        let done = match node.release(asked.id)? {
            Ok(done) => done,
            Err(stays) => return self.check_stays_aside(asked, content.as_ref(), stays),
        };
        self.fault("kept aside, and taken in after all");
        self.say(&format!("{} changes that were kept aside are taken in", done.len()));
        for id in &done {
            self.district.known.parked.remove(id);
        }
        for kept in node.aside()?.iter().filter(|kept| done.contains(&kept.id)) {
            let change = node
                .open_aside(kept)?
                .context("I14: something is taken in that nobody understands")?;
            self.oracle.learn(change.change());
            ensure!(
                !self.builds_on_aside(change.change(), &before, &done)?,
                "I15: what builds on something that is kept aside was taken in without it"
            );
        }
        self.check_decided(&done, Decided::Released)?;
        let left: Vec<ChangeId> = before.into_iter().filter(|id| !done.contains(id)).collect();
        ensure!(
            self.still_aside()? == left,
            "I15: with one action others were taken in, or forgotten"
        );
        let space = content.map(|change| change.space);
        if let Some(space) = space.filter(|space| self.hospitals.iter().any(|hospital| hospital.space == *space)) {
            self.check_taken_in(space, &done)?;
        }
        self.oracle.asked("I14");
        self.oracle.asked("I15");
        Ok(())
    }

    /// Whether the change names another that is still kept aside, or edits a record of which all that makes it is.
    fn builds_on_aside(&self, change: &Change, before: &[ChangeId], done: &[ChangeId]) -> Result<bool> {
        let is_aside = |id: &ChangeId| before.contains(id) && !done.contains(id);
        if change.base.values().flatten().any(is_aside) {
            return Ok(true);
        }
        let required = entity(&change.kind).map_or(&[][..], |entity| entity.fields);
        let mut required = required.iter().filter(|about| about.required);
        if required.all(|about| change.fields.contains_key(about.name)) {
            return Ok(false);
        }
        let log = self.truth.get(&change.space).map_or(&[][..], |truth| &truth.log);
        let is_there = log.iter().any(|entry| entry.change.record == change.record);
        let aside = self.district.first().aside()?;
        let mut others = aside.iter().filter(|other| is_aside(&other.id));
        Ok(!is_there && others.any(|other| other.record == change.record))
    }

    /// Each of them has a number, the whole action one after another.
    fn check_taken_in(&mut self, space: SpaceId, done: &[ChangeId]) -> Result<()> {
        self.read_on(space)?;
        let places = &self.truth[&space].places;
        let numbered: Option<Vec<usize>> = done.iter().map(|id| places.get(id).copied()).collect();
        let mut numbered = numbered.context("I14: what was taken in has no number")?;
        numbered.sort_unstable();
        let is_whole = numbered.windows(2).all(|two| two[0] + 1 == two[1]);
        ensure!(is_whole, "I7: an action that was kept aside is taken in piece by piece");
        Ok(())
    }

    /// It stays aside for a reason that there is.
    fn check_stays_aside(&mut self, asked: &Aside, content: Option<&Change>, stays: Stays) -> Result<()> {
        let is_right = match stays {
            Stays::DependsOnParked => self.its_action_builds_on_aside(content)?,
            Stays::Malformed => asked.reason == Reason::Malformed,
            Stays::NoSpace => asked.reason == Reason::ForeignSpace,
            // Whatever it was kept aside for first.
            Stays::Erased => asked.reason == Reason::Erased || content.is_some_and(|change| self.is_late(change)),
            Stays::Unknown | Stays::Decided | Stays::NotAllowed => false,
        };
        ensure!(
            is_right,
            "I14: what is kept aside as {:?} cannot be taken in: {stays}",
            asked.reason
        );
        self.say("something that is kept aside cannot be taken in yet");
        self.oracle.asked("I14");
        Ok(())
    }

    /// Whether any change of the action of `one` builds on another action that is kept aside. The desk that wrote them
    /// may not have heard that they are.
    fn its_action_builds_on_aside(&self, one: Option<&Change>) -> Result<bool> {
        let Some(one) = one else { return Ok(false) };
        let node = self.district.first();
        let mut action = Vec::new();
        for kept in node.aside()?.iter().filter(|kept| kept.id.device == one.id.device) {
            let opened = node.open_aside(kept)?.map(|encoded| encoded.change().clone());
            action.extend(opened.filter(|change| change.action == one.action));
        }
        let (aside, own) = (
            self.still_aside()?,
            Vec::from_iter(action.iter().map(|change| change.id)),
        );
        for change in &action {
            if self.builds_on_aside(change, &aside, &own)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn check_decided(&self, done: &[ChangeId], decided: Decided) -> Result<()> {
        let aside = self.district.first().aside()?;
        for id in done {
            match aside.iter().find(|kept| kept.id == *id) {
                Some(kept) if kept.decided == Some(decided) => {}
                Some(_) => bail!("I15: what was decided about change {} is not on record", id.seq),
                None => bail!("I15: change {}, about which was decided, is forgotten", id.seq),
            }
        }
        Ok(())
    }

    fn still_aside(&self) -> Result<Vec<ChangeId>> {
        let aside = self.district.first().aside()?;
        let waiting = aside.iter().filter(|kept| kept.decided != Some(Decided::Released));
        Ok(waiting.map(|kept| kept.id).collect())
    }
}
