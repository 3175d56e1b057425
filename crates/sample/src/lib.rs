//! A synthetic district the size of Ernakulam, from a seed: facilities with wards and beds, people
//! who work there, patients, rounds, triage and stock. The same seed and moment give the same
//! records. Nobody in it is real. Pure: the moment is an argument.

use domain::{Draft, RecordId, Time};

mod dice;

pub mod names;

mod place;

mod patients;

mod reports;

use dice::Dice;

/// The seed of the sample that people get.
pub const SEED: u64 = 20_261;
/// Kerala's time: 5 h 30 min ahead of UTC.
pub const UTC_OFFSET_MINUTES: i32 = 330;
/// The password of every sample person: for practice only.
pub const PASSWORD: &str = "monsoon-ward-7";

/// One action of a user: its drafts are written together.
pub type Action = Vec<Draft>;

/// How large a district is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    pub facilities: usize,
    /// Over all facilities.
    pub patients: usize,
    /// Days of triage and stock before the moment it is made for.
    pub days: i64,
}

impl Size {
    /// About Ernakulam.
    pub const FULL: Size = Size {
        facilities: 30,
        patients: 5_000,
        days: 90,
    };
    /// One hospital that 5,000 people came to.
    pub const HOSPITAL: Size = Size {
        facilities: 1,
        patients: 5_000,
        days: 90,
    };
    /// Enough for a test.
    pub const SMALL: Size = Size {
        facilities: 3,
        patients: 90,
        days: 7,
    };
}

/// A whole district.
pub struct District {
    pub state: RecordId,
    pub district: RecordId,
    /// For the district's space, in order.
    pub actions: Vec<Action>,
    pub facilities: Vec<Facility>,
    pub people: Vec<Person>,
}

/// One facility and everything in its space.
pub struct Facility {
    pub id: RecordId,
    pub name: String,
    pub actions: Vec<Action>,
}

/// A person who can sign in; their record is among the district's actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: RecordId,
    pub username: String,
    pub name: String,
    pub role: &'static str,
    pub facility: Option<RecordId>,
}

/// The ids by which a desk that stands alone names its spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HospitalIds {
    pub facility: RecordId,
    pub district: RecordId,
}

/// A district as it would stand at `now`.
pub fn district(seed: u64, now: Time, size: Size) -> District {
    let mut dice = Dice::new(seed);
    let ids = district_ids(seed);
    let mut actions = place::district(&mut dice, ids, now);
    let mut facilities = Vec::new();
    let mut people = place::district_people(&mut dice, now);
    for number in 0..size.facilities {
        let mut own = Dice::new(seed ^ (number as u64 + 1).wrapping_mul(0x9E37_79B9));
        let profile = place::profile(number);
        let id = facility_id(seed, number);
        actions.push(place::facility(&mut own, ids, id, &profile, number));
        people.extend(place::facility_people(&mut own, id, number, now));
        let share = size.patients * profile.share_permille / place::total_permille(size.facilities);
        facilities.push(facility(&mut own, id, &profile, share, size.days, now));
    }
    actions.extend(people.iter().map(|person| vec![person_record(person, ids.district)]));
    District {
        state: ids.state,
        district: ids.district,
        actions,
        facilities,
        people,
    }
}

fn facility(dice: &mut Dice, id: RecordId, profile: &place::Profile, share: usize, days: i64, now: Time) -> Facility {
    let beds = place::beds(dice, id, profile, now);
    let mut actions = beds.actions.clone();
    actions.extend(patients::patients(dice, id, &beds, share, days, now));
    actions.extend(reports::triage(dice, id, profile, days, now));
    actions.extend(reports::stock(dice, profile, days, now));
    Facility {
        id,
        name: profile.name.clone(),
        actions,
    }
}

/// The sample hospital's own ids.
pub fn hospital_ids(seed: u64) -> HospitalIds {
    HospitalIds {
        facility: facility_id(seed, 0),
        district: district_ids(seed).district,
    }
}

/// The sample hospital alone: its district, catalogue and facility, then all that happened there.
pub fn hospital(seed: u64, now: Time) -> Vec<Action> {
    let size = Size {
        facilities: 1,
        patients: 260,
        days: 21,
    };
    let whole = district(seed, now, size);
    let mut actions = whole.actions;
    actions.extend(whole.facilities.into_iter().flat_map(|facility| facility.actions));
    actions
}

/// The record of a person who signs in.
pub fn person_draft(id: RecordId, username: &str, name: &str, role: &str, facility: RecordId) -> Draft {
    use domain::entities::person;
    Draft::new("person", id)
        .with(&person::USERNAME, username.to_owned())
        .with(&person::NAME, name.to_owned())
        .with_value(person::ROLE.name(), domain::Value::Code(role.to_owned()))
        .with(&person::FACILITY, facility)
        .with(&person::ACTIVE, "yes")
}

/// Whether a draft describes a person who works there.
pub fn is_person(draft: &Draft) -> bool {
    draft.kind == "person"
}

/// Whether a draft describes a person with this username.
pub fn is_called(draft: &Draft, username: &str) -> bool {
    let own = draft.fields.get(domain::entities::person::USERNAME.name());
    is_person(draft) && matches!(own, Some(domain::Value::Text(own)) if own.eq_ignore_ascii_case(username))
}

fn person_record(person: &Person, district: RecordId) -> Draft {
    use domain::entities::person as field;
    let draft = Draft::new("person", person.id)
        .with(&field::USERNAME, person.username.clone())
        .with(&field::NAME, person.name.clone())
        .with(&field::ROLE, person.role)
        .with(&field::DISTRICT, district)
        .with(&field::ACTIVE, "yes");
    match person.facility {
        Some(facility) => draft.with(&field::FACILITY, facility),
        None => draft,
    }
}

#[derive(Clone, Copy)]
struct DistrictIds {
    state: RecordId,
    district: RecordId,
}

fn district_ids(seed: u64) -> DistrictIds {
    let mut dice = Dice::new(seed ^ 0xD15);
    let first = Time(1_600_000_000_000);
    DistrictIds {
        state: dice.id(first),
        district: dice.id(first),
    }
}

fn facility_id(seed: u64, number: usize) -> RecordId {
    Dice::new(seed ^ 0xFAC ^ ((number as u64) << 16)).id(Time(1_600_000_100_000 + number as i64))
}
