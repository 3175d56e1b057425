//! A facility: hospital, health centre, lab or treatment centre. How many beds it has and how many
//! are free is counted from its beds, never typed in here.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::facility::{FACILITY_TYPE as FACILITY_TYPE_LIST, FEATURE};
use crate::entities::rules::{email, phone, pincode};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Search, Text, Word, Words, code, codes, count, decimal, note, reference, text, yes_no};
use crate::value::{Decimal, RecordId};
use crate::world::Read;

pub const NAME: Field<Text> = text("name", "Name").required().indexed().searched(Search::Name);
pub const FACILITY_TYPE: Field<Word> = code("facility_type", "Type", &FACILITY_TYPE_LIST).required().indexed();
pub const ADDRESS: Field<Text> = note("address", "Address").max(500);
pub const PINCODE: Field<Text> = text("pincode", "PIN code").max(6).hint("Six digits");
pub const PHONE: Field<Text> = text("phone", "Phone").max(30).searched(Search::Phone);
pub const EMAIL: Field<Text> = text("email", "E-mail").max(254);
pub const STATE: Field<RecordId> = reference("state", "State", "state");
pub const DISTRICT: Field<RecordId> = reference("district", "District", "district");
pub const LOCAL_BODY: Field<RecordId> = reference("local_body", "Local body", "local_body");
pub const LOCAL_WARD: Field<Text> = text("local_ward", "Electoral ward").max(100);
pub const LATITUDE: Field<Decimal> = decimal("latitude", "Latitude", 6)
    .unit("°")
    .range(-90_000_000, 90_000_000)
    .usual(6_000_000, 38_000_000);
pub const LONGITUDE: Field<Decimal> = decimal("longitude", "Longitude", 6)
    .unit("°")
    .range(-180_000_000, 180_000_000)
    .usual(68_000_000, 98_000_000);
pub const OXYGEN_CAPACITY: Field<i64> = count("oxygen_capacity", "Oxygen capacity")
    .unit("m³")
    .usual(0, 100_000)
    .hint("What tanks and plant can hold or give in a day");
pub const TYPE_B_CYLINDERS: Field<i64> = count("type_b_cylinders", "B type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000);
pub const TYPE_C_CYLINDERS: Field<i64> = count("type_c_cylinders", "C type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000);
pub const TYPE_D_CYLINDERS: Field<i64> = count("type_d_cylinders", "Jumbo D type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000);
pub const EXPECTED_OXYGEN: Field<i64> = count("expected_oxygen", "Expected need of oxygen")
    .unit("m³")
    .usual(0, 100_000)
    .hint("In a day");
pub const EXPECTED_TYPE_B: Field<i64> = count("expected_type_b", "Expected need of B type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000)
    .hint("In a day");
pub const EXPECTED_TYPE_C: Field<i64> = count("expected_type_c", "Expected need of C type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000)
    .hint("In a day");
pub const EXPECTED_TYPE_D: Field<i64> = count("expected_type_d", "Expected need of jumbo D type cylinders")
    .range(0, 100_000)
    .usual(0, 5_000)
    .hint("In a day");
pub const FEATURES: Field<Words> = codes("features", "Features", &FEATURE);
pub const KASP: Field<Word> = yes_no("kasp", "Empanelled under KASP").hint("Karunya Arogya Suraksha Padhathi");
pub const CORONA_TESTING: Field<Word> = yes_no("corona_testing", "Tests for corona here");
pub const VERIFIED: Field<Word> = yes_no("verified", "Verified by the district");
pub const ACTIVE: Field<Word> = yes_no("active", "Active").hint("No: it neither reports nor counts");

pub static FACILITY: Entity = Entity {
    kind: "facility",
    label: "Facility",
    plural: "Facilities",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[
        NAME.any(),
        FACILITY_TYPE.any(),
        ADDRESS.any(),
        PINCODE.any(),
        PHONE.any(),
        EMAIL.any(),
        STATE.any(),
        DISTRICT.any(),
        LOCAL_BODY.any(),
        LOCAL_WARD.any(),
        LATITUDE.any(),
        LONGITUDE.any(),
        OXYGEN_CAPACITY.any(),
        TYPE_B_CYLINDERS.any(),
        TYPE_C_CYLINDERS.any(),
        TYPE_D_CYLINDERS.any(),
        EXPECTED_OXYGEN.any(),
        EXPECTED_TYPE_B.any(),
        EXPECTED_TYPE_C.any(),
        EXPECTED_TYPE_D.any(),
        FEATURES.any(),
        KASP.any(),
        CORONA_TESTING.any(),
        VERIFIED.any(),
        ACTIVE.any(),
    ],
    groups: &[&["latitude", "longitude"]],
    list: &["name", "facility_type", "local_body", "phone", "active"],
    caption: &["name"],
    rules: &[forms, whole_place],
};

fn forms(after: &After<'_>) -> Read<Vec<Problem>> {
    let all = [phone(after, &PHONE), pincode(after, &PINCODE), email(after, &EMAIL)];
    Ok(all.into_iter().flatten().collect())
}

/// A latitude without a longitude is no place.
fn whole_place(after: &After<'_>) -> Read<Vec<Problem>> {
    let missing = match (LATITUDE.of(after.record), LONGITUDE.of(after.record)) {
        (Some(_), None) => Some(LONGITUDE.name()),
        (None, Some(_)) => Some(LATITUDE.name()),
        _ => None,
    };
    Ok(missing
        .map(|field| Problem::new("facility", field, "required"))
        .into_iter()
        .collect())
}
