//! What can be read when the right to work without the district has run out. No ward is locked out of its own bed
//! list: whoever is in now is seen whole. Of everybody else neither who they are nor what was measured is seen, and
//! of their encounters and stays what is not personal, so that every count stays right.

use std::collections::{BTreeMap, BTreeSet};

use crate::emergency::{MOST_FOUND, SHORTEST_SEARCH};
use crate::entities::{bed_hold, bed_stay, consent, encounter, entity, round, told_apart};
use crate::entity::Home;
use crate::field::Masking;
use crate::record::{Record, VOIDED};
use crate::value::{RecordId, Value};
use crate::ward::presence::present;
use crate::world::{Balance, FieldConflict, Live, Read, Records};

/// Of these nothing is left for whoever may not know whom they are about.
const ALL_PERSONAL: &[&str] = &["patient", "told_apart", "consent", "round"];

/// What tells people apart who are found in an emergency.
const FOUND_BY: &[&str] = &[
    "name",
    "local_name",
    "gender",
    "birth_date",
    "birth_year",
    "hospital_number",
    "same_as",
    VOIDED,
];

/// So many more are searched for, since most who are found may not be in.
const WIDER: usize = 20;

/// The records, with what is about people who are not in left out.
pub struct PresentOnly<'a> {
    beneath: &'a dyn Records,
    /// Every registration of those who are in, and of those whose record was opened in an emergency.
    registrations: BTreeSet<RecordId>,
    /// Who the others are is seen too, and nothing else of them: in an emergency, to find somebody.
    finds_all: bool,
}

impl<'a> PresentOnly<'a> {
    /// # Errors
    /// [`crate::Unreadable`].
    pub fn over(beneath: &'a dyn Records) -> Read<PresentOnly<'a>> {
        PresentOnly::and_opened(beneath, &BTreeSet::new())
    }

    /// The same, with those whole of whom a registration was opened in an emergency.
    ///
    /// # Errors
    /// [`crate::Unreadable`].
    pub fn and_opened(beneath: &'a dyn Records, opened: &BTreeSet<RecordId>) -> Read<PresentOnly<'a>> {
        let persons = beneath.persons()?;
        let people = present(beneath)?;
        let whole = people.iter().map(|each| each.person).chain(opened.iter().copied());
        Ok(PresentOnly {
            registrations: whole.flat_map(|person| persons.registrations(person)).collect(),
            finds_all: false,
            beneath,
        })
    }

    /// The same for a search in an emergency: everybody can be found by what a registration says.
    #[must_use]
    pub fn finding_all(self) -> PresentOnly<'a> {
        PresentOnly {
            finds_all: true,
            ..self
        }
    }

    /// Whether the record is there and may be seen whole.
    ///
    /// # Errors
    /// [`crate::Unreadable`].
    pub fn sees(&self, kind: &str, id: RecordId) -> Read<bool> {
        let record = self.beneath.get(kind, id)?;
        Ok(record
            .map(|record| self.is_whole(&record))
            .transpose()?
            .unwrap_or(false))
    }

    /// Whether a search may name the record.
    fn finds(&self, kind: &str, id: RecordId) -> Read<bool> {
        Ok(self.get(kind, id)?.is_some() && (self.finds_all || self.sees(kind, id)?))
    }

    /// Whether there is a patient of this id, of whom nothing is seen.
    ///
    /// # Errors
    /// [`crate::Unreadable`].
    pub fn hides(&self, patient: RecordId) -> Read<bool> {
        Ok(!self.is_in(Some(patient)) && self.beneath.get("patient", patient)?.is_some())
    }

    fn is_in(&self, patient: Option<RecordId>) -> bool {
        patient.is_some_and(|patient| self.registrations.contains(&patient))
    }

    fn is_of_who_is_in(&self, encounter: Option<RecordId>) -> Read<bool> {
        let of = encounter.map(|id| self.beneath.get("encounter", id));
        let of = of.transpose()?.flatten();
        Ok(self.is_in(of.and_then(|of| encounter::PATIENT.of(&of))))
    }

    /// Whether the record may be seen whole: whatever is personal in a facility's records is about a patient.
    fn is_whole(&self, record: &Record) -> Read<bool> {
        match record.kind.as_str() {
            "patient" => Ok(self.is_in(Some(record.id))),
            "told_apart" => Ok(self.is_in(told_apart::FIRST.of(record)) && self.is_in(told_apart::SECOND.of(record))),
            "consent" => Ok(self.is_in(consent::PATIENT.of(record))),
            "encounter" => Ok(self.is_in(encounter::PATIENT.of(record))),
            "round" => self.is_of_who_is_in(round::ENCOUNTER.of(record)),
            "bed_stay" => self.is_of_who_is_in(bed_stay::ENCOUNTER.of(record)),
            "bed_hold" => self.is_of_who_is_in(bed_hold::ENCOUNTER.of(record)),
            kind => Ok(entity(kind).is_some_and(|entity| entity.home == Home::District)),
        }
    }

    fn seen(&self, mut record: Record) -> Read<Option<Record>> {
        if self.is_whole(&record)? {
            return Ok(Some(record));
        }
        let kind = record.kind.clone();
        if self.finds_all && kind == "patient" {
            record.fields.retain(|name, _| FOUND_BY.contains(&name.as_str()));
            return Ok(Some(record));
        }
        record.fields.retain(|name, _| is_open(&kind, name));
        Ok(Some(record).filter(|_| !ALL_PERSONAL.contains(&kind.as_str())))
    }

    fn all_seen(&self, records: Vec<Record>) -> Read<Vec<Record>> {
        let seen = records.into_iter().map(|record| self.seen(record));
        seen.filter_map(Read::transpose).collect()
    }
}

fn is_open(kind: &str, field: &str) -> bool {
    let about = entity(kind).and_then(|entity| entity.field(field));
    !ALL_PERSONAL.contains(&kind) && about.is_none_or(|about| about.masking == Masking::Open)
}

impl Records for PresentOnly<'_> {
    fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>> {
        let found = self.beneath.get(kind, id)?;
        Ok(found.map(|record| self.seen(record)).transpose()?.flatten())
    }

    fn all(&self, kind: &str) -> Read<Vec<Record>> {
        self.all_seen(self.beneath.all(kind)?)
    }

    fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>> {
        self.all_seen(self.beneath.by(kind, field, value)?)
    }

    fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>> {
        self.all_seen(self.beneath.between(kind, field, from, to)?)
    }

    fn open(&self, kind: &str) -> Read<Vec<Record>> {
        self.all_seen(self.beneath.open(kind)?)
    }

    fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>> {
        let pairs = self.beneath.overlapping(kind)?.into_iter();
        let seen = pairs.map(|(a, b)| Ok(self.seen(a)?.zip(self.seen(b)?)));
        seen.filter_map(Read::transpose).collect()
    }

    fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>> {
        self.beneath.balances(kind)
    }

    fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>> {
        let is_enough = text.chars().filter(|letter| letter.is_alphanumeric()).count() >= SHORTEST_SEARCH;
        let mut others = if self.finds_all && is_enough { MOST_FOUND } else { 0 };
        let mut seen = Vec::new();
        for id in self.beneath.search(kind, text, limit.saturating_mul(WIDER))? {
            if seen.len() == limit || !self.finds(kind, id)? {
                continue;
            }
            if kind == "patient" && !self.is_in(Some(id)) {
                if others == 0 {
                    continue;
                }
                others -= 1;
            }
            seen.push(id);
        }
        Ok(seen)
    }

    fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>> {
        let mut pairs = self.beneath.alike(kind, live)?;
        let mut unseen = BTreeSet::new();
        for id in pairs.iter().flat_map(|(a, b)| [*a, *b]) {
            if self.get(kind, id)?.is_none() {
                unseen.insert(id);
            }
        }
        pairs.retain(|(a, b)| !unseen.contains(a) && !unseen.contains(b));
        Ok(pairs)
    }

    fn conflicts(&self) -> Read<Vec<FieldConflict>> {
        let mut seen = Vec::new();
        for conflict in self.beneath.conflicts()? {
            if is_open(&conflict.kind, &conflict.field) || self.sees(&conflict.kind, conflict.record)? {
                seen.push(conflict);
            }
        }
        Ok(seen)
    }
}
