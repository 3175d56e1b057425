//! The district, its catalogue, its facilities with their wards and beds, and who works there.

use domain::entities::{bed, building, district, facility, item, local_body, minimum_level, state, ward};
use domain::{Decimal, Draft, RecordId, Time};

use crate::dice::Dice;
use crate::names::{self, PLACES};
use crate::{Action, DistrictIds, Person};

/// What sort of facility it is.
pub struct Profile {
    pub name: String,
    pub sort: &'static str,
    pub wards: &'static [(&'static str, &'static str, &'static str, i64)],
    /// Its share of the district's patients.
    pub share_permille: usize,
}

type Wards = &'static [(&'static str, &'static str, &'static str, i64)];

const GENERAL: Wards = &[
    ("Emergency", "emergency", "oxygen", 8),
    ("ICU", "icu", "icu", 10),
    ("Ventilator unit", "icu", "icu_ventilator", 6),
    ("Isolation ward", "isolation", "isolation", 12),
    ("Medical ward A", "general", "oxygen", 20),
    ("Medical ward B", "general", "regular", 24),
    ("Surgical ward", "surgical", "regular", 20),
    ("Maternity ward", "maternity", "regular", 12),
    ("Children's ward", "children", "regular", 12),
];
const TALUK: Wards = &[
    ("Emergency", "emergency", "oxygen", 4),
    ("ICU", "icu", "icu_oxygen", 4),
    ("Isolation ward", "isolation", "isolation", 6),
    ("General ward", "general", "regular", 20),
    ("Maternity ward", "maternity", "regular", 6),
];
const HEALTH_CENTRE: Wards = &[
    ("Observation", "general", "oxygen", 4),
    ("General ward", "general", "regular", 8),
];

/// The profile of the facility of that number among `all`.
pub fn profile(number: usize) -> Profile {
    let place = PLACES.get(number % PLACES.len()).copied().unwrap_or("Ernakulam");
    let (title, sort, wards, share_permille) = match number {
        0 => ("General Hospital", "district_hospital", GENERAL, 180),
        1 => ("Government Medical College", "medical_college", GENERAL, 160),
        2..=7 => ("Taluk Hospital", "taluk_hospital", TALUK, 50),
        8..=11 => ("Mission Hospital", "private_hospital", TALUK, 40),
        12..=18 => ("Community Health Centre", "community_health_centre", HEALTH_CENTRE, 14),
        _ => ("Family Health Centre", "family_health_centre", HEALTH_CENTRE, 8),
    };
    Profile {
        name: format!("{title} {place}"),
        sort,
        wards,
        share_permille,
    }
}

/// The sum of all shares.
pub fn total_permille(facilities: usize) -> usize {
    (0..facilities)
        .map(|number| profile(number).share_permille)
        .sum::<usize>()
        .max(1)
}

/// State, district, local bodies and the catalogue of items.
pub fn district(dice: &mut Dice, ids: DistrictIds, now: Time) -> Vec<Action> {
    let mut actions = vec![vec![
        Draft::new("state", ids.state).with(&state::NAME, "Kerala".to_owned()),
    ]];
    actions.push(vec![
        Draft::new("district", ids.district)
            .with(&district::NAME, "Ernakulam".to_owned())
            .with(&district::STATE, ids.state),
    ]);
    for place in PLACES.iter().take(12) {
        let draft = Draft::new("local_body", dice.id(now))
            .with(&local_body::NAME, (*place).to_owned())
            .with(&local_body::BODY_TYPE, "municipality")
            .with(&local_body::DISTRICT, ids.district);
        actions.push(vec![draft]);
    }
    actions.extend(
        ITEMS
            .iter()
            .enumerate()
            .map(|(order, known)| vec![item_record(known, order)]),
    );
    actions
}

/// Name, unit, minimum, oxygen, what a general hospital uses in a day.
pub struct Known {
    pub name: &'static str,
    unit: &'static str,
    pub minimum: i64,
    oxygen: bool,
    pub daily: i64,
    pub expires: bool,
}

const fn known(name: &'static str, unit: &'static str, minimum: i64, oxygen: bool, daily: i64, expires: bool) -> Known {
    Known {
        name,
        unit,
        minimum,
        oxygen,
        daily,
        expires,
    }
}

/// The catalogue.
pub const ITEMS: &[Known] = &[
    known("Liquid oxygen", "kilolitre", 4, true, 1, false),
    known("Oxygen cylinder, jumbo D type", "cylinder", 40, true, 9, false),
    known("Oxygen cylinder, B type", "cylinder", 30, true, 6, false),
    known("Oxygen cylinder, C type", "cylinder", 10, true, 2, false),
    known("PPE kit", "item", 150, false, 40, true),
    known("N95 mask", "item", 400, false, 110, true),
    known("Surgical gloves, pair", "item", 1_000, false, 320, true),
    known("IV fluid 500 ml", "item", 200, false, 60, true),
    known("Paracetamol 500 mg, strip", "item", 300, false, 70, true),
    known("Oral rehydration salts", "item", 200, false, 35, true),
    known("Doxycycline 100 mg, strip", "item", 120, false, 25, true),
    known("Dexamethasone injection", "item", 100, false, 14, true),
    known("Antigen test kit", "item", 250, false, 55, true),
    known("Hand sanitiser 500 ml", "item", 60, false, 12, true),
];

/// The id of an item of the catalogue: the same in every sample district.
pub fn item_id(order: usize) -> RecordId {
    Dice::new(0x17E8 + order as u64).id(Time(1_600_000_200_000))
}

fn item_record(known: &Known, order: usize) -> Draft {
    Draft::new("item", item_id(order))
        .with(&item::NAME, known.name.to_owned())
        .with(&item::UNIT, known.unit)
        .with(&item::MINIMUM, Decimal::new(known.minimum * 1_000, 3))
        .with(&item::OXYGEN, if known.oxygen { "yes" } else { "no" })
        .with(&item::ORDER, order as i64 + 1)
}

/// The record of a facility.
pub fn facility(dice: &mut Dice, ids: DistrictIds, id: RecordId, profile: &Profile, number: usize) -> Action {
    let beds: i64 = profile.wards.iter().map(|(.., beds)| beds).sum();
    let place = PLACES.get(number % PLACES.len()).copied().unwrap_or("Ernakulam");
    let draft = Draft::new("facility", id)
        .with(&facility::NAME, profile.name.clone())
        .with(&facility::FACILITY_TYPE, profile.sort)
        .with(&facility::ADDRESS, format!("Hospital Road, {place}"))
        .with(&facility::PINCODE, format!("68{:04}", 2_000 + number))
        .with(
            &facility::PHONE,
            format!("+91484{}", dice.between(2_000_000, 2_999_999)),
        )
        .with(&facility::STATE, ids.state)
        .with(&facility::DISTRICT, ids.district)
        .with(
            &facility::LATITUDE,
            Decimal::new(9_900_000 + dice.between(0, 400_000), 6),
        )
        .with(
            &facility::LONGITUDE,
            Decimal::new(76_200_000 + dice.between(0, 400_000), 6),
        )
        .with(&facility::OXYGEN_CAPACITY, beds / 10)
        .with(&facility::TYPE_B_CYLINDERS, beds / 2)
        .with(&facility::TYPE_C_CYLINDERS, beds / 6)
        .with(&facility::TYPE_D_CYLINDERS, beds)
        .with(&facility::VERIFIED, "yes")
        .with(&facility::ACTIVE, "yes");
    vec![draft]
}

/// The beds of a facility with their types.
pub struct Beds {
    pub actions: Vec<Action>,
    pub beds: Vec<RecordId>,
}

/// Buildings, wards, beds and minimum levels.
pub fn beds(dice: &mut Dice, facility: RecordId, profile: &Profile, now: Time) -> Beds {
    let built = Time(now.0 - 400 * Time::DAY_MS);
    let main = dice.id(built);
    let mut actions: Vec<Action> = vec![vec![
        Draft::new("building", main)
            .with(&building::FACILITY, facility)
            .with(&building::NAME, "Main block".to_owned())
            .with(&building::FLOORS, 4),
    ]];
    let mut beds = Vec::new();
    for (order, (name, kind, bed_type, count)) in profile.wards.iter().enumerate() {
        let id = dice.id(built);
        let mut drafts = vec![
            Draft::new("ward", id)
                .with(&ward::FACILITY, facility)
                .with(&ward::NAME, (*name).to_owned())
                .with(&ward::KIND, *kind)
                .with(&ward::BUILDING, main)
                .with(
                    &ward::FLOOR,
                    (*dice.pick(&["Ground", "First", "Second", "Third"])).to_owned(),
                )
                .with(&ward::STAFFED_BEDS, *count)
                .with(&ward::ORDER, order as i64 + 1),
        ];
        for number in 1..=*count {
            let bed = dice.id(built);
            beds.push(bed);
            drafts.push(
                Draft::new("bed", bed)
                    .with(&bed::WARD, id)
                    .with(&bed::LABEL, format!("{number:02}"))
                    .with(&bed::BED_TYPE, *bed_type)
                    .with(&bed::ORDER, number),
            );
        }
        actions.push(drafts);
    }
    let scale: i64 = profile.wards.iter().map(|(.., count)| count).sum();
    for (order, known) in ITEMS.iter().enumerate() {
        let minimum = Decimal::new((known.minimum * scale / 124).max(1) * 1_000, 3);
        let draft = Draft::new("minimum_level", dice.id(built))
            .with(&minimum_level::ITEM, item_id(order))
            .with(&minimum_level::FACILITY, facility)
            .with(&minimum_level::MINIMUM, minimum);
        actions.push(vec![draft]);
    }
    Beds { actions, beds }
}

/// Who works for the district.
pub fn district_people(dice: &mut Dice, now: Time) -> Vec<Person> {
    let person = |dice: &mut Dice, username: &str, role| Person {
        id: dice.id(now),
        username: username.to_owned(),
        name: names::name(dice, role == "district_admin").latin,
        role,
        facility: None,
    };
    vec![
        person(dice, "district.admin", "district_admin"),
        person(dice, "district.view", "district_viewer"),
    ]
}

/// Who works at a facility. The first one's nurse is Anju.
pub fn facility_people(dice: &mut Dice, facility: RecordId, number: usize, now: Time) -> Vec<Person> {
    let roles = [
        ("admin", "facility_admin"),
        ("doctor", "doctor"),
        ("nurse", "nurse"),
        ("pharmacy", "pharmacist"),
    ];
    let mut people = Vec::new();
    for (word, role) in roles {
        let name = names::name(dice, word != "doctor").latin;
        let username = format!("{word}.{}", number + 1);
        people.push(Person {
            id: dice.id(now),
            username,
            name,
            role,
            facility: Some(facility),
        });
    }
    if number == 0 {
        let nurse = |dice: &mut Dice, username: &str, name: &str| Person {
            id: dice.id(now),
            username: username.to_owned(),
            name: name.to_owned(),
            role: "nurse",
            facility: Some(facility),
        };
        people.push(nurse(dice, "anju", "Anju Thomas"));
        people.push(nurse(dice, "biju", "Biju Varghese"));
    }
    people
}
