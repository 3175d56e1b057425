//! Beds: who claims what another claims too, and who lies where nobody should.

use std::collections::{BTreeMap, BTreeSet};

use super::{Contradiction, Look, WardConflict};
use crate::entities::{bed, bed_hold, bed_stay, encounter, ward};
use crate::record::Record;
use crate::value::{RecordId, Time};
use crate::ward::pairs;
use crate::world::{Read, interval};

impl Look<'_> {
    /// Stays that claim one bed or one person at a time. What two admissions of one person bring
    /// with them is one contradiction, that of the admissions.
    pub(super) fn double_stays(&self, twice: &[WardConflict]) -> Read<Vec<WardConflict>> {
        let mut clashing = self.world.overlapping("bed_stay")?;
        let known: BTreeSet<(RecordId, RecordId)> = clashing.iter().map(|(a, b)| (a.id, b.id)).collect();
        let is_new = |(a, b): &(Record, Record)| !known.contains(&(a.id, b.id));
        clashing.extend(self.of_one_person().into_iter().filter(is_new));
        let mut found = Vec::new();
        for (first, second) in clashing {
            found.extend(self.double_stay(first, second, twice));
        }
        Ok(found)
    }

    /// Stays of one person that meet and belong to different encounters, the smaller id first.
    fn of_one_person(&self) -> Vec<(Record, Record)> {
        let Some(interval) = interval("bed_stay") else {
            return Vec::new();
        };
        let mut by_person: BTreeMap<RecordId, Vec<&Record>> = BTreeMap::new();
        for stay in &self.stays {
            if let Some(person) = self.person_of(bed_stay::ENCOUNTER.of(stay)) {
                by_person.entry(person).or_default().push(stay);
            }
        }
        let mut found = Vec::new();
        for own in by_person.values() {
            for (a, b) in pairs(own) {
                if bed_stay::ENCOUNTER.of(a) != bed_stay::ENCOUNTER.of(b) && interval.meet(a, b) {
                    let (first, second) = if a.id < b.id { (a, b) } else { (b, a) };
                    found.push(((*first).clone(), (*second).clone()));
                }
            }
        }
        found
    }

    fn double_stay(&self, first: Record, second: Record, twice: &[WardConflict]) -> Option<WardConflict> {
        let encounters = [&first, &second].map(|stay| bed_stay::ENCOUNTER.of(stay));
        let persons = encounters.map(|encounter| self.person_of(encounter).or(encounter));
        let is_one_encounter = encounters[0] == encounters[1];
        let is_one_person = is_one_encounter || persons[0] == persons[1];
        let same_bed = bed_stay::BED.of(&first) == bed_stay::BED.of(&second);
        let holds = |conflict: &WardConflict, encounter: Option<RecordId>| {
            conflict.records.iter().any(|each| Some(each.id) == encounter)
        };
        let is_told = twice
            .iter()
            .any(|conflict| encounters.iter().all(|encounter| holds(conflict, *encounter)));
        if is_told && !is_one_encounter {
            return None;
        }
        let what = match (is_one_person, same_bed) {
            (false, _) => Contradiction::TwoInOneBed,
            (true, false) => Contradiction::OneInTwoBeds,
            (true, true) => Contradiction::OneStayTwice,
        };
        Some(WardConflict::of(what, vec![first, second]))
    }

    /// Stays that reach beyond their admission, or whose admission was taken back.
    pub(super) fn outside_admission(&self) -> Vec<WardConflict> {
        let mut found = Vec::new();
        for stay in &self.stays {
            let encounter = bed_stay::ENCOUNTER.of(stay).and_then(|id| self.encounters.get(&id));
            if let Some(encounter) = encounter.filter(|encounter| is_outside(stay, encounter)) {
                let records = vec![stay.clone(), encounter.clone()];
                found.push(WardConflict::of(Contradiction::OutsideAdmission, records));
            }
        }
        found.sort_by_key(|conflict| conflict.records.first().map(|stay| stay.id));
        found
    }

    /// Who lies in a bed that was taken away, or in a ward that was closed: a bed is part of its ward.
    pub(super) fn in_closed_places(&self) -> Read<Vec<WardConflict>> {
        let mut found = Vec::new();
        for stay in self.open_stays() {
            let Some(bed) = bed_stay::BED
                .of(stay)
                .map(|id| self.world.get("bed", id))
                .transpose()?
                .flatten()
            else {
                continue;
            };
            let ward = bed::WARD
                .of(&bed)
                .map(|id| self.world.get("ward", id))
                .transpose()?
                .flatten();
            let ward = ward.filter(|ward| ward.is_voided() || ward::RETIRED.of(ward) == Some("yes"));
            let place = if bed.is_voided() || bed::RETIRED.of(&bed) == Some("yes") {
                Some(bed)
            } else {
                ward
            };
            found.extend(place.map(|place| WardConflict::of(Contradiction::InClosedPlace, vec![stay.clone(), place])));
        }
        Ok(found)
    }

    /// Beds that somebody lies in and that are blocked or held for another, and beds held twice.
    pub(super) fn holds(&self) -> Read<Vec<WardConflict>> {
        let mut on_bed: BTreeMap<RecordId, Vec<Record>> = BTreeMap::new();
        for hold in self.world.open("bed_hold")? {
            let in_force = bed_hold::EXPIRES.of(&hold).is_none_or(|expires| expires > self.now);
            if let Some(bed) = bed_hold::BED.of(&hold).filter(|_| in_force) {
                on_bed.entry(bed).or_default().push(hold);
            }
        }
        let mut found = Vec::new();
        for stay in self.open_stays() {
            let holds = bed_stay::BED.of(stay).and_then(|bed| on_bed.get(&bed));
            for hold in holds.into_iter().flatten() {
                let what = self.against_hold(stay, hold)?;
                found.extend(what.map(|what| WardConflict::of(what, vec![stay.clone(), hold.clone()])));
            }
        }
        for holds in on_bed.values() {
            for (first, second) in pairs(holds) {
                if self.is_promised_twice(first, second)? {
                    let both = vec![first.clone(), second.clone()];
                    found.push(WardConflict::of(Contradiction::HeldTwice, both));
                }
            }
        }
        Ok(found)
    }

    fn against_hold(&self, stay: &Record, hold: &Record) -> Read<Option<Contradiction>> {
        let for_whom = self.held_for(hold)?;
        let who = bed_stay::ENCOUNTER.of(stay);
        let is_another = for_whom.is_some() && for_whom != self.person_of(who).or(who);
        // A bed may be held for the next while somebody lies in it.
        let came_later = bed_stay::FROM.of(stay) >= bed_hold::FROM.of(hold);
        Ok(match bed_hold::REASON.of(hold) {
            Some("blocked") => Some(Contradiction::InBlockedBed),
            Some("held") if is_another && came_later => Some(Contradiction::InHeldBed),
            _ => None,
        })
    }

    /// A promise and a block contradict each other, and promises to two people; cleaning does neither.
    fn is_promised_twice(&self, first: &Record, second: &Record) -> Read<bool> {
        Ok(match [first, second].map(|hold| bed_hold::REASON.of(hold)) {
            [Some("held"), Some("blocked")] | [Some("blocked"), Some("held")] => true,
            [Some("held"), Some("held")] => {
                let (a, b) = (self.held_for(first)?, self.held_for(second)?);
                a.is_some() && b.is_some() && a != b
            }
            _ => false,
        })
    }

    /// The person whom the bed is held for.
    fn held_for(&self, hold: &Record) -> Read<Option<RecordId>> {
        let Some(id) = bed_hold::ENCOUNTER.of(hold) else {
            return Ok(None);
        };
        let encounter = self.world.get("encounter", id)?;
        let patient = encounter
            .as_ref()
            .and_then(|encounter| encounter::PATIENT.of(encounter));
        Ok(Some(patient.map_or(id, |patient| self.persons.one(patient))))
    }

    fn open_stays(&self) -> impl Iterator<Item = &Record> {
        self.stays
            .iter()
            .filter(|stay| stay.value(bed_stay::TO.name()).is_empty())
    }
}

/// True when some moment of the stay lies outside of the admission.
pub fn is_outside(stay: &Record, encounter: &Record) -> bool {
    let Some((from, to)) = interval("bed_stay").and_then(|interval| interval.span(stay)) else {
        return false;
    };
    let end = encounter::DISCHARGED_AT.of(encounter).unwrap_or(Time(i64::MAX));
    let is_in = encounter::ADMITTED_AT
        .of(encounter)
        .is_some_and(|start| start <= from && to <= end);
    encounter.is_voided() || !is_in
}
