//! What is past its time, and what goes together: a person with everything about them, or entries about nobody that
//! refer to each other. Told alone; nothing here takes anything away.

use std::collections::{BTreeMap, BTreeSet};

use crate::entities::rules::written_at;
use crate::entities::{ENTITIES, bed_hold, bed_stay, encounter, entity, erased, erasure, patient};
use crate::entity::Home;
use crate::erasure::{Name, in_conflict, referred};
use crate::record::Record;
use crate::retention::{Keep, YEAR_MS, period_of};
use crate::value::{RecordId, Time, Value};
use crate::ward::persons::Persons;
use crate::world::{Read, Records};

/// What stands against taking away what is past its time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// People said different things about it, and nobody has decided.
    InConflict,
    /// An admin asked that the person be erased: that is carried out, or withdrawn, first.
    ToBeErased,
    /// Something about it is kept aside, and nobody has decided. Only the server knows that.
    KeptAside,
}

/// Records that are past their time and go together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Due {
    pub kind: &'static str,
    /// The registration that stands for the person; of entries the first.
    pub id: RecordId,
    /// When the time of the last of them was over.
    pub since: Time,
    /// All of them.
    pub names: BTreeSet<Name>,
    pub against: BTreeSet<Against>,
}

/// What is past its time at `now`, when all periods last `longer` years more than the table says, which longest first.
/// `voided` gives the records of a kind that were entered in error: they go when their time is over like all others.
/// Nobody is due who is in, whose last encounter or stay has no end, or for whom a bed is held.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn due(world: &dyn Records, voided: &dyn Fn(&str) -> Read<Vec<Record>>, now: Time, longer: u32) -> Read<Vec<Due>> {
    let kept = Kept::read(world, voided)?;
    let mut found = kept.people(&*world.persons()?);
    let theirs: BTreeSet<Name> = found.iter().flat_map(|(due, _)| due.names.iter().cloned()).collect();
    found.extend(kept.entries(&theirs));
    let later = |since: Time| after(since, i64::from(longer));
    let over = found.into_iter().filter_map(|(due, since)| {
        let since = later(since?);
        (since <= now).then_some(Due { since, ..due })
    });
    let mut all: Vec<Due> = over.collect();
    all.sort_by_key(|due| (due.since, due.id));
    let (disputed, asked) = (in_conflict(world, now)?, to_be_erased(world)?);
    for due in &mut all {
        if !due.names.is_disjoint(&disputed) {
            due.against.insert(Against::InConflict);
        }
        if due.names.iter().any(|(_, id)| asked.contains(id)) {
            due.against.insert(Against::ToBeErased);
        }
    }
    Ok(all)
}

/// Of whom an admin asked that they be erased, and it was neither carried out nor withdrawn.
fn to_be_erased(world: &dyn Records) -> Read<BTreeSet<RecordId>> {
    let done = world.all(erased::ERASED.kind)?;
    let done: BTreeSet<RecordId> = done.iter().filter_map(|each| erased::ERASURE.of(each)).collect();
    let asked = world.all(erasure::ERASURE.kind)?;
    let open = asked.iter().filter(|each| !done.contains(&each.id));
    Ok(open.filter_map(|each| erasure::PATIENT.of(each)).collect())
}

/// What may ever be due, with when its time is over if that can be told.
type Dated = (Due, Option<Time>);

/// All records whose time ends, voided ones among them.
struct Kept {
    records: BTreeMap<Name, Record>,
    /// Which of them refer to one.
    referring: BTreeMap<Name, Vec<Name>>,
}

impl Kept {
    fn read(world: &dyn Records, voided: &dyn Fn(&str) -> Read<Vec<Record>>) -> Read<Kept> {
        let mut records = BTreeMap::new();
        let ends = |kind: &str| period_of(kind).is_some_and(|period| !matches!(period.keep, Keep::WithTheDistrict));
        let kinds = ENTITIES.iter().filter(|entity| entity.home == Home::Facility);
        for entity in kinds.filter(|entity| ends(entity.kind)) {
            for record in world.all(entity.kind)?.into_iter().chain(voided(entity.kind)?) {
                records.insert((record.kind.clone(), record.id), record);
            }
        }
        let mut referring: BTreeMap<Name, Vec<Name>> = BTreeMap::new();
        for (name, record) in &records {
            for to in referred(&record.kind, &record.fields) {
                if records.contains_key(&to) {
                    referring.entry(to).or_default().push(name.clone());
                }
            }
        }
        Ok(Kept { records, referring })
    }

    fn of_kind<'k>(&'k self, kind: &'k str) -> impl Iterator<Item = (&'k Name, &'k Record)> {
        self.records.iter().filter(move |((of, _), _)| of == kind)
    }

    /// These, and whatever refers to one of them or to something that does.
    fn with_all_about(&self, begin: BTreeSet<Name>) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        let mut waiting: Vec<Name> = begin.into_iter().collect();
        while let Some(name) = waiting.pop() {
            let about = self.referring.get(&name).into_iter().flatten();
            waiting.extend(about.filter(|each| !found.contains(*each)).cloned());
            found.insert(name);
        }
        found
    }

    /// Every person with everything about them. A registration that was entered in error is of the person that it was
    /// said to be the same as, either way.
    fn people(&self, persons: &Persons) -> Vec<Dated> {
        let Some(kind) = entity(patient::PATIENT.kind).map(|entity| entity.kind) else {
            return Vec::new();
        };
        let said = self.of_kind(kind).flat_map(|(name, record)| {
            let same = patient::SAME_AS.of(record).map(|id| (kind.to_owned(), id));
            same.filter(|same| self.records.contains_key(same))
                .map(|same| (name.clone(), same))
        });
        let groups = joined(self.of_kind(kind).map(|(name, _)| name.clone()), said);
        let dated = groups.into_iter().filter_map(|group| {
            let stands = |name: &&Name| self.records.get(*name).is_some_and(|record| !record.is_voided());
            let (_, first) = group.iter().find(stands).or(group.first())?;
            let id = persons.one(*first);
            let names = self.with_all_about(group);
            let since = self.end_of_person(&names);
            Some((Due::of(kind, id, names), since))
        });
        dated.collect()
    }

    fn end_of_person(&self, names: &BTreeSet<Name>) -> Option<Time> {
        let Keep::Patient { years, medico_legal } = period_of(patient::PATIENT.kind)?.keep else {
            return None;
        };
        let mut end: Option<Time> = None;
        for record in names.iter().filter_map(|name| self.records.get(name)) {
            let of_it = match Claim::of(record) {
                Claim::None => patient_since(record).map(|since| after(since, years)),
                Claim::Until(until) => {
                    let is_legal =
                        record.kind == encounter::ENCOUNTER.kind && encounter::MEDICO_LEGAL.of(record) == Some("yes");
                    Some(after(until, if is_legal { medico_legal } else { years }))
                }
                Claim::Open => return None,
            };
            end = end.max(of_it);
        }
        end
    }

    /// What is about nobody, by its own moment; `theirs` is about somebody.
    fn entries(&self, theirs: &BTreeSet<Name>) -> Vec<Dated> {
        let mut all = Vec::new();
        for entity in ENTITIES {
            let Some(Keep::After { fields, years }) = period_of(entity.kind).map(|period| period.keep) else {
                continue;
            };
            let own = || self.of_kind(entity.kind).filter(|(name, _)| !theirs.contains(*name));
            let referred = own().flat_map(|(name, record)| {
                let to = referred(&record.kind, &record.fields).into_iter();
                to.filter(|to| to.0 == entity.kind && self.records.contains_key(to) && !theirs.contains(to))
                    .map(|to| (name.clone(), to))
            });
            for names in joined(own().map(|(name, _)| name.clone()), referred) {
                let Some((_, id)) = names.first().cloned() else {
                    continue;
                };
                let ends = names.iter().map(|name| {
                    let record = self.records.get(name)?;
                    let moment = fields.iter().find_map(|field| moment(record.value(field)))?;
                    Some(after(moment, years))
                });
                // One of which nothing can be told keeps the others.
                let ends: Option<Vec<Time>> = ends.collect();
                let since = ends.and_then(|ends| ends.into_iter().max());
                all.push((Due::of(entity.kind, id, names), since));
            }
        }
        all
    }
}

impl Due {
    fn of(kind: &'static str, id: RecordId, names: BTreeSet<Name>) -> Due {
        Due {
            kind,
            id,
            since: Time(i64::MAX),
            names,
            against: BTreeSet::new(),
        }
    }
}

/// How long a record claims that the person is in, or a bed is theirs.
enum Claim {
    None,
    Until(Time),
    Open,
}

impl Claim {
    fn of(record: &Record) -> Claim {
        if record.is_voided() {
            return Claim::None;
        }
        let end = match &*record.kind {
            kind if kind == encounter::ENCOUNTER.kind => encounter::DISCHARGED_AT.of(record),
            kind if kind == bed_stay::BED_STAY.kind => bed_stay::TO.of(record),
            kind if kind == bed_hold::BED_HOLD.kind => bed_hold::TO.of(record).or(bed_hold::EXPIRES.of(record)),
            _ => return Claim::None,
        };
        end.map_or(Claim::Open, Claim::Until)
    }
}

fn patient_since(record: &Record) -> Option<Time> {
    let is_registration = record.kind == patient::PATIENT.kind;
    let since = || patient::REGISTERED_AT.of(record).or_else(|| written_at(record.id));
    is_registration.then(since).flatten()
}

/// The names in groups, so that the two of each pair are in one.
fn joined(names: impl Iterator<Item = Name>, pairs: impl Iterator<Item = (Name, Name)>) -> Vec<BTreeSet<Name>> {
    let mut group_of: BTreeMap<Name, usize> = BTreeMap::new();
    let mut groups: Vec<BTreeSet<Name>> = Vec::new();
    for name in names {
        group_of.insert(name.clone(), groups.len());
        groups.push([name].into());
    }
    for (a, b) in pairs {
        let (Some(from), Some(to)) = (group_of.get(&a).copied(), group_of.get(&b).copied()) else {
            continue;
        };
        if from == to {
            continue;
        }
        let moving = groups.get_mut(from).map(std::mem::take).unwrap_or_default();
        for name in &moving {
            group_of.insert(name.clone(), to);
        }
        if let Some(group) = groups.get_mut(to) {
            group.extend(moving);
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn moment(value: &Value) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        // Until the day is over everywhere.
        Value::Date(date) => Some(Time(date.plus_days(2).days().saturating_mul(Time::DAY_MS))),
        _ => None,
    }
}

fn after(moment: Time, years: i64) -> Time {
    Time(moment.0.saturating_add(years.saturating_mul(YEAR_MS)))
}
