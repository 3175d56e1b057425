//! A building of a facility. How many rooms and beds it has is counted from them.

use crate::arrival::Arrives;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, count, int, reference, text};
use crate::value::RecordId;

pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const NAME: Field<Text> = text("name", "Name").max(100).required();
pub const FLOORS: Field<i64> = count("floors", "Floors").range(1, 200).usual(1, 30);
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);

pub static BUILDING: Entity = Entity {
    kind: "building",
    label: "Building",
    plural: "Buildings",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[FACILITY.any(), NAME.any(), FLOORS.any(), ORDER.any()],
    groups: &[],
    list: &["name", "floors"],
    caption: &["name"],
    rules: &[],
};
