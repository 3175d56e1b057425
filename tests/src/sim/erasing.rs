//! People are erased in the midst of the days: whoever has left, or is past their time, while desks are apart, have forms
//! of theirs open, begin with a snapshot and lose power. Afterwards nothing of them is anywhere, nothing of theirs comes back, and everybody
//! else is as they were.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use domain::entities::{erasure, patient};
use domain::erasure::{Name, named, referred};
use domain::{Draft, RecordId, Time};
use failing_disk::pages::said_in_tables;
use server::db;
use server::erasures::{Standing, Undone};
use server::exchange::pull::Pull;
use server::purge::Wanted;
use sync_core::exchange::{Answer, Reason};
use sync_core::{Change, ChangeId, SpaceId};

use super::desk::Leaving;
use super::world::World;

/// Who is to be erased, and who was.
#[derive(Default)]
pub struct Erasing {
    /// What was asked for and could not be done yet, with the patient.
    waiting: Vec<(RecordId, RecordId, SpaceId)>,
    asked: BTreeSet<RecordId>,
    /// What was erased, with the name of the person in whose erasure it was.
    erased: BTreeMap<Name, String>,
}

impl Erasing {
    pub fn has_begun(&self) -> bool {
        !self.asked.is_empty() || !self.erased.is_empty()
    }

    pub fn is_erased(&self, (kind, id): &(&str, RecordId)) -> bool {
        self.erased.contains_key(&((*kind).to_owned(), *id))
    }
}

impl World {
    /// An admin asks that somebody be erased, and the operator carries it out if nothing stands against it.
    pub fn somebody_is_erased(&mut self, desk: usize) -> Result<()> {
        if self.chance.percent(40) {
            return self.erase_who_waits();
        }
        if self.chance.percent(40) {
            return self.somebodys_time_is_over(desk);
        }
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let space = hospital.space;
        let Some(who) = self.chance.pick(&hospital.patients).cloned() else {
            return Ok(());
        };
        if !self.erasing.asked.insert(who.id) {
            return self.erase_who_waits();
        }
        let request = self.chance.record(self.now_ms());
        let asked = Draft::new("erasure", request).with(&erasure::PATIENT, who.id);
        let asked = asked.with(&erasure::REASON, "asked");
        let asked = asked.with(&erasure::ASKED_ON, Time(self.now_ms()).day(0));
        self.district.first().author(space, vec![vec![asked]])?;
        self.say(&format!("it is asked that {} be erased", who.name));
        self.carry_out(request, who.id, space)
    }

    /// Somebody of another century is taken over from old papers; or whoever is past their time goes.
    fn somebodys_time_is_over(&mut self, desk: usize) -> Result<()> {
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let (space, facility) = (hospital.space, hospital.facility);
        if self.chance.percent(50) {
            let who = self.newcomer(desk);
            let papers = self.registration(&who).with(&patient::REGISTERED_AT, Time(0));
            self.district.first().author(space, vec![vec![papers]])?;
            self.say(&format!("{} is taken over from old papers", who.name));
            return Ok(());
        }
        self.read_on(space)?;
        let node = self.district.any(&mut self.chance);
        let everything = Wanted {
            longer: 0,
            archive: None,
        };
        let done = node.purge(facility, everything)?;
        let before = self.truth[&space].log.len();
        self.read_on(space)?;
        let new = self.truth[&space].log.get(before..).unwrap_or_default();
        let names = new
            .iter()
            .flat_map(|entry| named(&entry.change.kind, &entry.change.fields));
        let names: BTreeSet<Name> = names.collect();
        ensure!(
            names.len() as u64 == done.records,
            "I27: what was taken away is not what the log names"
        );
        let people = names.iter().filter(|(kind, _)| kind == "patient");
        let people: Vec<String> = people.map(|(_, id)| self.name_of(*id)).collect();
        for (name, whose) in names.into_iter().zip(people.iter().cycle()) {
            self.erasing.erased.insert(name, whose.clone());
        }
        if !people.is_empty() {
            self.fault("time was over");
            self.say(&format!("the time of {} was over", people.join(", ")));
            self.oracle.asked("I27");
        }
        Ok(())
    }

    fn erase_who_waits(&mut self) -> Result<()> {
        let Some(place) = (!self.erasing.waiting.is_empty()).then(|| self.chance.below(self.erasing.waiting.len()))
        else {
            return Ok(());
        };
        let (request, patient, space) = self.erasing.waiting.remove(place);
        self.carry_out(request, patient, space)
    }

    fn carry_out(&mut self, request: RecordId, patient: RecordId, space: SpaceId) -> Result<()> {
        // What is read now was said before it is gone.
        self.read_on(space)?;
        let node = self.district.any(&mut self.chance);
        let whose = self.name_of(patient);
        match node.carry_out(request)? {
            Ok(done) => {
                self.fault("person erased");
                self.say(&format!("{whose} is erased: {} records", done.records));
                let before = self.truth[&space].log.len();
                self.read_on(space)?;
                let new = self.truth[&space].log.get(before..).unwrap_or_default();
                let names: BTreeSet<Name> = new
                    .iter()
                    .flat_map(|entry| named(&entry.change.kind, &entry.change.fields))
                    .collect();
                ensure!(
                    names.contains(&("patient".to_owned(), patient)) && names.len() as u64 == done.records,
                    "I27: what was erased is not what the log names"
                );
                let whose = names.into_iter().map(|name| (name, whose.clone()));
                self.erasing.erased.extend(whose);
                self.oracle.asked("I27");
            }
            Err(Undone::Stands(Standing::Hindered(_))) => {
                self.say(&format!("{whose} cannot be erased yet"));
                self.erasing.waiting.push((request, patient, space));
            }
            Err(undone) => bail!("I27: somebody cannot be erased: {undone:?}"),
        }
        Ok(())
    }

    /// Whether a change of its action is of a record that was erased, or refers to one, or to one that came too late.
    pub fn is_late(&self, change: &Change) -> bool {
        if !self.erasing.has_begun() {
            return false;
        }
        let mut action = self.oracle.changes().filter(|other| other.action == change.action);
        action.any(|change| {
            let mut names = referred(&change.kind, &change.fields);
            names.insert((change.kind.clone(), change.record));
            let is_erased = names.iter().any(|name| self.erasing.erased.contains_key(name));
            is_erased || names.iter().any(|name| self.came_too_late(change.space, name))
        })
    }

    /// Whether all that was ever written of the record came after somebody was erased to whom it refers.
    fn came_too_late(&self, space: SpaceId, (kind, id): &Name) -> bool {
        let parked = &self.district.known.parked;
        let is_late = |id: &ChangeId| parked.get(id) == Some(&Reason::Erased);
        let mut of_record = self.oracle.changes().filter(|other| other.record == *id);
        if !of_record.any(|other| is_late(&other.id)) {
            return false;
        }
        let numbered = self
            .district
            .first()
            .db()
            .read(|conn| match db::space::get(space, conn)? {
                Some(space) => db::change::of_record(space.number, kind, *id, conn),
                None => Ok(Vec::new()),
            });
        numbered.is_ok_and(|numbered| numbered.is_empty())
    }

    /// Who waits is erased if nothing stands against it.
    pub fn erase_the_rest(&mut self) -> Result<()> {
        for (request, patient, space) in std::mem::take(&mut self.erasing.waiting) {
            self.carry_out(request, patient, space)?;
        }
        Ok(())
    }

    /// Somebody sees to it that nothing of who was erased waits.
    pub fn dismiss_what_came_late(&mut self) -> Result<()> {
        if !self.erasing.has_begun() {
            return Ok(());
        }
        let node = self.district.first().clone();
        for aside in node.aside()? {
            let body = node.open_aside(&aside)?;
            let is_late = body.is_some_and(|body| self.is_late(body.change()));
            if aside.decided.is_none() && (is_late || aside.reason == Reason::Erased) {
                // Another of its action may have taken it along.
                drop(node.dismiss(aside.id)?);
            }
        }
        Ok(())
    }

    /// Nothing of who was erased is kept, at the district or on a desk that heard of it.
    pub fn check_erased(&mut self) -> Result<()> {
        if self.erasing.erased.is_empty() {
            return Ok(());
        }
        let names: BTreeSet<String> = self.erasing.erased.values().map(|name| name.to_lowercase()).collect();
        let spaces: Vec<SpaceId> = self.hospitals.iter().map(|hospital| hospital.space).collect();
        for space in spaces {
            self.check_erased_in(space, &names)?;
        }
        for aside in self.district.first().aside()? {
            let body = self.district.first().open_aside(&aside)?;
            let said = body.map(|body| String::from_utf8_lossy(body.bytes()).to_lowercase());
            let said = said.unwrap_or_default();
            let is_clean = aside.decided.is_none() || !names.iter().any(|name| said.contains(name));
            ensure!(is_clean, "I27: the district keeps aside what it erased");
        }
        for desk in 0..self.desks.len() {
            let asked = &self.desks[desk];
            if self.is_revoked(desk) || asked.leaving != Leaving::No || asked.is_fallen {
                continue;
            }
            self.check_erased_at(desk, &names)?;
        }
        Ok(())
    }

    fn check_erased_in(&mut self, space: SpaceId, names: &BTreeSet<String>) -> Result<()> {
        let node = self.district.any(&mut self.chance);
        let place = self.hospitals.iter().position(|hospital| hospital.space == space);
        let reader = self.hospitals[place.unwrap_or_default()].stranger.reader;
        let (epoch, mut cursor) = (self.truth[&space].epoch, 0);
        loop {
            let pull = Pull {
                space,
                epoch,
                cursor,
                page_bytes: self.district.config().limits.page_bytes,
            };
            let Answer::Page(page) = node.page(reader, pull)? else {
                bail!("I27: a log cannot be read");
            };
            for entry in &page.entries {
                let body = entry
                    .change
                    .as_ref()
                    .context("I27: a change without its bytes")?
                    .read()?;
                let change = body.change();
                let is_erased = self.erasing.is_erased(&(change.kind.as_str(), change.record));
                ensure!(
                    change.is_stub() == is_erased,
                    "I27: a body is kept, or gone, of the wrong record"
                );
                let said = String::from_utf8_lossy(body.bytes()).to_lowercase();
                ensure!(
                    !names.iter().any(|name| said.contains(name)),
                    "I27: the log says what was erased"
                );
            }
            if page.to >= page.head {
                break;
            }
            cursor = page.to;
        }
        if let Some(manifest) = node.newest_snapshot(space)? {
            let manifest = manifest
                .read(&node.verifying_key())
                .context("I27: a snapshot is not signed")?;
            for piece in &manifest.pieces {
                let bytes = node
                    .kept_piece(space, piece.hash)?
                    .context("I27: a piece is not kept")?;
                let bases = sync_core::snapshot::read(piece, &bytes).context("I27: a piece cannot be read")?;
                for base in bases {
                    let is_erased = self.erasing.is_erased(&(base.state.kind.as_str(), base.state.id));
                    ensure!(!is_erased, "I27: a snapshot brings back who was erased");
                }
            }
        }
        let faults = node.verify()?.faults;
        ensure!(
            faults.is_empty(),
            "I27: the district's log is not as it was written: {faults:?}"
        );
        self.oracle.asked("I27");
        Ok(())
    }

    fn check_erased_at(&mut self, desk: usize, names: &BTreeSet<String>) -> Result<()> {
        let whose = self.desks[desk].name.clone();
        for (kind, id) in self.erasing.erased.keys() {
            let shown = self.read(desk, |records| records.get(kind, *id))?;
            ensure!(shown.is_none(), "I27: {whose} shows a {kind} that was erased");
        }
        let said = said_in_tables(&self.desks[desk].raw()?)?;
        let left = said.iter().find(|said| names.iter().any(|name| said.contains(name)));
        let table = left.and_then(|said| said.split(':').next()).unwrap_or_default();
        ensure!(left.is_none(), "I27: {whose} keeps what was erased in {table}");
        self.oracle.asked("I27");
        Ok(())
    }
}
