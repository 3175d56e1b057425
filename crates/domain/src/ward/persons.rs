//! Which registrations are of one person. Two desks register somebody twice; a person who looked says
//! that the one is `same_as` the other. Both stay as they are and are shown as one until it is taken back.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::entities::{encounter, entity, patient};
use crate::field::Merge;
use crate::record::Record;
use crate::value::{RecordId, Value};
use crate::world::{Read, Records};

/// Who is the same as whom.
#[derive(Clone, Debug, Default)]
pub struct Persons {
    /// For a registration that was said to be another's: which.
    same_as: BTreeMap<RecordId, RecordId>,
    /// For a registration that stands for a person who has several: the others.
    others: BTreeMap<RecordId, BTreeSet<RecordId>>,
}

impl Persons {
    /// Reads what was said, as far as it points to a registration that stands. [`Records::persons`] knows it already, where
    /// it was asked for before.
    ///
    /// # Errors
    /// [`crate::Unreadable`].
    pub fn read<R: Records + ?Sized>(world: &R) -> Read<Persons> {
        let ends = [Uuid::nil(), Uuid::max()].map(|end| Value::Ref(RecordId(end)));
        let mut same_as = BTreeMap::new();
        for each in world.between("patient", patient::SAME_AS.name(), &ends[0], &ends[1])? {
            if let Some(other) = patient::SAME_AS.of(&each)
                && world.get("patient", other)?.is_some_and(|other| !other.is_voided())
            {
                same_as.insert(each.id, other);
            }
        }
        let mut persons = Persons {
            same_as,
            others: BTreeMap::new(),
        };
        let pairs: Vec<_> = persons.same_as.iter().map(|(from, to)| [*from, *to]).collect();
        for each in pairs.into_iter().flatten() {
            let one = persons.one(each);
            if each != one {
                persons.others.entry(one).or_default().insert(each);
            }
        }
        Ok(persons)
    }

    /// The registration that stands for the person: the last that others point to. Where two desks
    /// pointed each at the other's, the first made of them.
    pub fn one(&self, registration: RecordId) -> RecordId {
        let way = self.way_from(registration);
        let last = way.last().copied().unwrap_or(registration);
        match self.same_as.get(&last) {
            Some(ring) => way.into_iter().skip_while(|each| each != ring).min().unwrap_or(last),
            None => last,
        }
    }

    /// The registration, whom it was said to be the same as, and so on, each once.
    pub fn way_from(&self, registration: RecordId) -> Vec<RecordId> {
        let mut way = vec![registration];
        let mut at = registration;
        while let Some(next) = self.same_as.get(&at).copied().filter(|next| !way.contains(next)) {
            way.push(next);
            at = next;
        }
        way
    }

    /// All registrations of the person, that which stands for them first.
    pub fn registrations(&self, registration: RecordId) -> Vec<RecordId> {
        let one = self.one(registration);
        let others = self.others.get(&one).into_iter().flatten().copied();
        [one].into_iter().chain(others).collect()
    }
}

/// The person of a registration as all their registrations say: see [`together`].
///
/// # Errors
/// [`crate::Unreadable`].
pub fn person(world: &dyn Records, registration: RecordId) -> Read<Option<Record>> {
    Ok(together(&registrations(world, registration)?))
}

/// All registrations of the person that stand, that which stands for them first.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn registrations(world: &dyn Records, registration: RecordId) -> Read<Vec<Record>> {
    let mut found = Vec::new();
    for id in world.persons()?.registrations(registration) {
        found.extend(world.get("patient", id)?);
    }
    Ok(found)
}

/// All encounters of the person, whichever registration they were opened for.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn encounters(world: &dyn Records, registration: RecordId) -> Read<Vec<Record>> {
    let mut found = Vec::new();
    for id in world.persons()?.registrations(registration) {
        found.extend(world.by("encounter", encounter::PATIENT.name(), &Value::Ref(id))?);
    }
    Ok(found)
}

/// One record out of several of one person: the first says what it says; what it leaves blank the
/// others fill. Where a field has an order for safety the most careful value of all holds, and every
/// allergy that anybody named is named.
pub fn together(registrations: &[Record]) -> Option<Record> {
    let (first, others) = registrations.split_first()?;
    let mut person = first.clone();
    for other in others {
        for (name, value) in other.fields.iter().filter(|(name, _)| is_said_of_a_person(name)) {
            let merge = entity("patient")
                .and_then(|entity| entity.field(name))
                .map(|about| about.merge);
            let own = person.value(name).clone();
            let chosen = match merge {
                Some(Merge::Prefer(words)) => more_careful(words, &own, value),
                _ if own.is_empty() => value.clone(),
                _ => own,
            };
            person.fields.insert(name.clone(), chosen);
        }
    }
    if let Some(all) = all_allergies(registrations) {
        person.fields.insert(patient::ALLERGIES.name().to_owned(), all);
    }
    Some(person)
}

/// What is said of one registration and not of the person.
fn is_said_of_a_person(name: &str) -> bool {
    let of_the_registration = [
        patient::SAME_AS.name(),
        crate::record::VOIDED,
        crate::record::VOID_REASON,
    ];
    !of_the_registration.contains(&name)
}

fn more_careful(words: &[&str], a: &Value, b: &Value) -> Value {
    let place = |value: &Value| match value {
        Value::Code(word) => words.iter().position(|known| known == word).unwrap_or(words.len()),
        _ => usize::MAX,
    };
    if place(b) < place(a) { b.clone() } else { a.clone() }
}

fn all_allergies(registrations: &[Record]) -> Option<Value> {
    let mut named: Vec<&str> = Vec::new();
    for text in registrations.iter().filter_map(|each| patient::ALLERGIES.of(each)) {
        if !named.contains(&text) {
            named.push(text);
        }
    }
    (named.len() > 1).then(|| Value::Text(named.join("\n")))
}

/// The fields in which registrations of one person differ and between which nobody may choose for a
/// person: identity, blood group, medication.
pub fn differing(registrations: &[Record]) -> Vec<&'static str> {
    let fields = entity("patient").map(|entity| entity.fields).unwrap_or_default();
    let differs = |name: &str| {
        let said: BTreeSet<&Value> = registrations.iter().map(|each| each.value(name)).collect();
        said.into_iter().filter(|value| !value.is_empty()).count() > 1
    };
    let watched = fields.iter().filter(|about| matches!(about.merge, Merge::Both));
    watched.map(|about| about.name).filter(|name| differs(name)).collect()
}
