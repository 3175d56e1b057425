//! Contradictions between records: each names its records, so that a person can decide. Derived
//! whenever they are looked at, so that none can be forgotten or invented. What one desk refuses to
//! write, two desks can bring about that do not know of each other; it is found here.

pub mod attention;

pub mod beds;

pub mod people;

pub mod stock;

pub mod voids;

pub mod ways;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::entities::rules::written_at;
use crate::entities::{bed_hold, bed_stay, encounter, triage};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::ward::persons::Persons;
use crate::ward::presence::Presence;
use crate::ward::same::Reason;
use crate::world::{FieldConflict, Read, Records};

/// What contradicts what.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Contradiction {
    /// Two people claim one bed at one time.
    TwoInOneBed,
    /// One person claims two beds at one time.
    OneInTwoBeds,
    /// One stay was recorded twice.
    OneStayTwice,
    /// Two desks admitted one person, neither knowing of the other; perhaps into two beds.
    AdmittedTwice,
    /// A stay goes on after the discharge, or its admission does not hold.
    OutsideAdmission,
    /// Somebody lies in a bed that is no more, or in a ward that was closed.
    InClosedPlace,
    InBlockedBed,
    /// Somebody was put into a bed that is held for another.
    InHeldBed,
    /// One bed is promised to two people, or promised and blocked.
    HeldTwice,
    /// The entries of an item go below zero.
    StockBelowZero,
    /// They went below zero since the last count, and do so no more.
    StockWasBelowZero,
    /// Two people filed one shift, neither knowing of the other.
    TwoTriageEntries,
    /// Somebody changed a record that another took back meanwhile.
    EditedAfterVoid,
    /// Somebody corrected an entry that another took back meanwhile.
    CorrectedAfterVoid,
    /// Somebody is in whose registration was taken back.
    VoidedPatient,
    /// Two registrations look like one person.
    LikelyOne,
    /// Two registrations were said to be one person, and to be two.
    MergedAndToldApart,
}

impl Contradiction {
    pub fn word(self) -> &'static str {
        match self {
            Contradiction::TwoInOneBed => "two_in_one_bed",
            Contradiction::OneInTwoBeds => "one_in_two_beds",
            Contradiction::OneStayTwice => "one_stay_twice",
            Contradiction::AdmittedTwice => "admitted_twice",
            Contradiction::OutsideAdmission => "outside_admission",
            Contradiction::InClosedPlace => "in_closed_place",
            Contradiction::InBlockedBed => "in_blocked_bed",
            Contradiction::InHeldBed => "in_held_bed",
            Contradiction::HeldTwice => "held_twice",
            Contradiction::StockBelowZero => "stock_below_zero",
            Contradiction::StockWasBelowZero => "stock_was_below_zero",
            Contradiction::TwoTriageEntries => "two_triage_entries",
            Contradiction::EditedAfterVoid => "edited_after_void",
            Contradiction::CorrectedAfterVoid => "corrected_after_void",
            Contradiction::VoidedPatient => "voided_patient",
            Contradiction::LikelyOne => "likely_one",
            Contradiction::MergedAndToldApart => "merged_and_told_apart",
        }
    }
}

/// Records that contradict one another.
#[derive(Clone, Debug)]
pub struct WardConflict {
    pub what: Contradiction,
    /// The records in question; for stock the item, then the entries.
    pub records: Vec<Record>,
    /// Since when: when the last of them was written, or begins, as far as it can be told.
    pub since: Option<Time>,
    /// For two registrations, in what they agree.
    pub reasons: Vec<Reason>,
    /// For an edit after a void, what both say.
    pub said: Option<FieldConflict>,
}

impl WardConflict {
    fn of(what: Contradiction, records: Vec<Record>) -> WardConflict {
        WardConflict {
            what,
            since: records.iter().filter_map(since).max(),
            records,
            reasons: Vec::new(),
            said: None,
        }
    }
}

/// Contradictions that follow from the records as they stand, and from when until when they do of the same records.
#[derive(Clone, Debug)]
pub struct Lasting {
    pub found: Arc<Vec<WardConflict>>,
    pub from: Time,
    /// Excluded: then a hold expires by itself.
    pub until: Time,
}

/// Every contradiction there is now. Which of two is put first is the same on every desk.
pub fn ward_conflicts(world: &dyn Records, now: Time, today: Date) -> Read<Vec<WardConflict>> {
    let found = match world.known_contradictions(now, today) {
        Some(known) => known,
        None => {
            let lasting = Lasting {
                found: Arc::new(between_records(world, now, today)?),
                from: now,
                until: next_expiry(world, now)?,
            };
            world.note_contradictions(today, &lasting);
            lasting.found
        }
    };
    // What people said of one record is known to no record.
    let mut all = voids::edited(world)?;
    all.extend(found.iter().cloned());
    Ok(all)
}

/// When the first hold that is in force now expires; never, when none does.
fn next_expiry(world: &dyn Records, now: Time) -> Read<Time> {
    let holds = world.open(bed_hold::BED_HOLD.kind)?;
    let expire = holds.iter().filter_map(|hold| bed_hold::EXPIRES.of(hold));
    Ok(expire.filter(|expires| *expires > now).min().unwrap_or(Time(i64::MAX)))
}

fn between_records(world: &dyn Records, now: Time, today: Date) -> Read<Vec<WardConflict>> {
    let look = Look::read(world, now, today)?;
    let mut all = look.admitted_twice();
    all.extend(look.double_stays(&all)?);
    all.extend(look.outside_admission());
    all.extend(look.in_closed_places()?);
    all.extend(look.holds()?);
    all.extend(look.stock()?);
    all.extend(look.two_triage_entries()?);
    all.extend(look.voids()?);
    all.extend(look.people()?);
    Ok(all)
}

/// When the record was written, or when what it says begins, if that is later.
fn since(record: &Record) -> Option<Time> {
    let begins = match record.kind.as_str() {
        "bed_stay" => bed_stay::FROM.of(record),
        "encounter" => encounter::ADMITTED_AT.of(record),
        _ => None,
    };
    written_at(record.id).max(begins)
}

/// How many days back records are compared with one another.
pub const DAYS: i64 = 62;

/// What several rules look at, read once.
struct Look<'a> {
    world: &'a dyn Records,
    now: Time,
    today: Date,
    persons: Arc<Persons>,
    /// Who is in, or left in the last days.
    presences: Arc<Vec<Presence>>,
    /// Open stays, and those that ended in the last days.
    stays: Vec<Record>,
    /// The encounters of those stays, voided or not.
    encounters: BTreeMap<RecordId, Record>,
}

impl<'a> Look<'a> {
    fn read(world: &'a dyn Records, now: Time, today: Date) -> Read<Look<'a>> {
        let since = today.plus_days(-DAYS).starts(0);
        let presences = world.presences(since)?;
        let (from, to) = (Value::Time(since), Value::Time(Time(i64::MAX)));
        let mut stays = world.open("bed_stay")?;
        stays.extend(world.between("bed_stay", bed_stay::TO.name(), &from, &to)?);
        let mut encounters: BTreeMap<RecordId, Record> = BTreeMap::new();
        for each in presences.iter().flat_map(|each| &each.encounters) {
            encounters.insert(each.id, each.clone());
        }
        for id in stays.iter().filter_map(|stay| bed_stay::ENCOUNTER.of(stay)) {
            if !encounters.contains_key(&id) {
                encounters.extend(world.get("encounter", id)?.map(|found| (id, found)));
            }
        }
        Ok(Look {
            world,
            now,
            today,
            persons: world.persons()?,
            presences,
            stays,
            encounters,
        })
    }

    /// Whose encounter it is, under the registration that stands for the person.
    fn person_of(&self, encounter: Option<RecordId>) -> Option<RecordId> {
        let encounter = self.encounters.get(&encounter?)?;
        encounter::PATIENT
            .of(encounter)
            .map(|patient| self.persons.one(patient))
    }

    /// Admissions of one person that overlap, open or ended in the last days.
    fn admitted_twice(&self) -> Vec<WardConflict> {
        let twice = self.presences.iter().filter(|each| each.is_twice());
        let conflict = |each: &Presence| WardConflict::of(Contradiction::AdmittedTwice, each.encounters.clone());
        twice.map(conflict).collect()
    }

    /// Entries of one shift that nobody corrected: all of them are one contradiction.
    fn two_triage_entries(&self) -> Read<Vec<WardConflict>> {
        let from = Value::Date(self.today.plus_days(-DAYS));
        let to = Value::Date(self.today.plus_days(2));
        let entries = self.world.between("triage", triage::DAY.name(), &from, &to)?;
        let mut shifts: BTreeMap<_, Vec<Record>> = BTreeMap::new();
        for entry in crate::ward::triage::standing(&entries) {
            let shift = (
                triage::FACILITY.of(entry),
                triage::DAY.of(entry),
                triage::SHIFT.of(entry),
            );
            shifts.entry(shift).or_default().push(entry.clone());
        }
        let twice = shifts.into_values().filter(|entries| entries.len() > 1);
        Ok(twice
            .map(|entries| WardConflict::of(Contradiction::TwoTriageEntries, entries))
            .collect())
    }
}
