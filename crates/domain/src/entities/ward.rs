//! A ward: beds that one team looks after. Free beds beyond the staffed ones are not free.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::bed::WARD_KIND;
use crate::entities::rules::{gone_on_a_day, is_taken};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, count, date, int, note, reference, text, yes_no};
use crate::value::{Date, RecordId};
use crate::world::Read;

pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const NAME: Field<Text> = text("name", "Name").max(60).required().indexed();
pub const KIND: Field<Word> = code("ward_kind", "Kind of ward", &WARD_KIND);
pub const BUILDING: Field<RecordId> = reference("building", "Building", "building");
pub const FLOOR: Field<Text> = text("floor", "Floor")
    .max(20)
    .hint("As people call it: ground, 1, basement");
pub const STAFFED_BEDS: Field<i64> = count("staffed_beds", "Staffed beds")
    .range(0, 2_000)
    .usual(0, 200)
    .hint("Beds the ward's staff can look after; empty when all of them");
pub const PHONE: Field<Text> = text("phone", "Ward phone").max(30);
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);
pub const DESCRIPTION: Field<Text> = note("description", "Description").max(1_000);
pub const RETIRED: Field<Word> = yes_no("retired", "Closed for good");
pub const RETIRED_ON: Field<Date> = date("retired_on", "Closed on");

pub static WARD: Entity = Entity {
    kind: "ward",
    label: "Ward",
    plural: "Wards",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[
        FACILITY.any(),
        NAME.any(),
        KIND.any(),
        BUILDING.any(),
        FLOOR.any(),
        STAFFED_BEDS.any(),
        PHONE.any(),
        ORDER.any(),
        DESCRIPTION.any(),
        RETIRED.any(),
        RETIRED_ON.any(),
    ],
    groups: &[],
    list: &["name", "ward_kind", "building", "floor", "staffed_beds"],
    caption: &["name"],
    rules: &[own_name, closed_on_a_day],
};

fn own_name(after: &After<'_>) -> Read<Vec<Problem>> {
    let facility = FACILITY.of(after.record);
    let taken = is_taken(after, &NAME, |other| FACILITY.of(other) == facility)?;
    Ok(taken
        .then(|| Problem::new("ward", NAME.name(), "name_taken"))
        .into_iter()
        .collect())
}

fn closed_on_a_day(after: &After<'_>) -> Read<Vec<Problem>> {
    Ok(gone_on_a_day(after, &RETIRED, &RETIRED_ON))
}
