//! A room. How many beds it has and how many are taken is counted from them.

use crate::arrival::Arrives;
use crate::codes::bed::ROOM_TYPE as ROOM_TYPE_LIST;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, int, note, reference, text};
use crate::value::RecordId;

pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const NAME: Field<Text> = text("name", "Name or number").max(60).required();
pub const ROOM_TYPE: Field<Word> = code("room_type", "Type", &ROOM_TYPE_LIST);
pub const BUILDING: Field<RecordId> = reference("building", "Building", "building");
pub const WARD: Field<RecordId> = reference("ward", "Ward", "ward");
pub const FLOOR: Field<Text> = text("floor", "Floor")
    .max(20)
    .hint("As people call it: ground, 1, basement");
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);
pub const DESCRIPTION: Field<Text> = note("description", "Description").max(1_000);

pub static ROOM: Entity = Entity {
    kind: "room",
    label: "Room",
    plural: "Rooms",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[
        FACILITY.any(),
        NAME.any(),
        ROOM_TYPE.any(),
        BUILDING.any(),
        WARD.any(),
        FLOOR.any(),
        ORDER.any(),
        DESCRIPTION.any(),
    ],
    groups: &[],
    list: &["name", "room_type", "ward", "building", "floor"],
    caption: &["name"],
    rules: &[],
};
