//! A bed. Whether it is free, occupied, held, being cleaned or blocked follows from its stays and
//! holds and is never stored.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::bed::BED_TYPE as BED_TYPE_LIST;
use crate::entities::bed_stay;
use crate::entities::rules::{is_changed, is_taken};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, int, note, reference, text, yes_no};
use crate::value::{RecordId, Value};
use crate::world::Read;

pub const WARD: Field<RecordId> = reference("ward", "Ward", "ward").required();
pub const ROOM: Field<RecordId> = reference("room", "Room", "room");
pub const LABEL: Field<Text> = text("label", "Label").max(30).required().indexed();
pub const BED_TYPE: Field<Word> = code("bed_type", "Type", &BED_TYPE_LIST).required().indexed();
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);
pub const DESCRIPTION: Field<Text> = note("description", "Description").max(1_000);
pub const RETIRED: Field<Word> = yes_no("retired", "Taken away").hint("The bed no longer exists; its past stays");

pub static BED: Entity = Entity {
    kind: "bed",
    label: "Bed",
    plural: "Beds",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[
        WARD.any(),
        ROOM.any(),
        LABEL.any(),
        BED_TYPE.any(),
        ORDER.any(),
        DESCRIPTION.any(),
        RETIRED.any(),
    ],
    groups: &[],
    list: &["label", "ward", "room", "bed_type", "retired"],
    caption: &["label"],
    rules: &[own_label, empty_when_retired],
};

fn own_label(after: &After<'_>) -> Read<Vec<Problem>> {
    let ward = WARD.of(after.record);
    let standing = |other: &crate::Record| WARD.of(other) == ward && RETIRED.of(other) != Some("yes");
    let taken = is_taken(after, &LABEL, standing)?;
    Ok(taken
        .then(|| Problem::new("bed", LABEL.name(), "label_taken"))
        .into_iter()
        .collect())
}

fn empty_when_retired(after: &After<'_>) -> Read<Vec<Problem>> {
    if RETIRED.of(after.record) != Some("yes") || !is_changed(after, RETIRED.name()) {
        return Ok(Vec::new());
    }
    let stays = after
        .world
        .by("bed_stay", bed_stay::BED.name(), &Value::Ref(after.record.id))?;
    let occupied = stays.iter().any(|stay| bed_stay::TO.of(stay).is_none());
    Ok(occupied
        .then(|| Problem::new("bed", RETIRED.name(), "bed_occupied"))
        .into_iter()
        .collect())
}
