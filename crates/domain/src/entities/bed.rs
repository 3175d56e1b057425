//! A bed. Whether it is free, occupied, held, being cleaned or blocked follows from its stays and
//! holds and is never stored.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::bed::BED_TYPE as BED_TYPE_LIST;
use crate::entities::bed_stay;
use crate::entities::rules::{gone_on_a_day, is_changed, is_taken};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, date, int, note, reference, text, yes_no};
use crate::value::{Date, RecordId, Value};
use crate::world::Read;

pub const WARD: Field<RecordId> = reference("ward", "Ward", "ward").required();
pub const ROOM: Field<RecordId> = reference("room", "Room", "room");
pub const LABEL: Field<Text> = text("label", "Label").max(30).required().indexed();
pub const BED_TYPE: Field<Word> = code("bed_type", "Type", &BED_TYPE_LIST).required().indexed();
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);
pub const DESCRIPTION: Field<Text> = note("description", "Description").max(1_000);
pub const SINCE: Field<Date> = date("since", "In use since").hint("Empty when it was always there");
pub const RETIRED: Field<Word> = yes_no("retired", "Taken away").hint("The bed no longer exists; its past stays");
pub const RETIRED_ON: Field<Date> = date("retired_on", "Taken away on");

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
        SINCE.any(),
        RETIRED.any(),
        RETIRED_ON.any(),
    ],
    groups: &[],
    list: &["label", "ward", "room", "bed_type", "since", "retired", "retired_on"],
    caption: &["label"],
    rules: &[own_label, empty_when_retired, order_of_days],
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

/// A bed is not taken away before it came.
fn order_of_days(after: &After<'_>) -> Read<Vec<Problem>> {
    let days = RETIRED_ON.of(after.record).zip(SINCE.of(after.record));
    let early = days.is_some_and(|(gone, since)| gone < since);
    let early = early.then(|| Problem::new("bed", RETIRED_ON.name(), "before_start"));
    let gone = gone_on_a_day(after, &RETIRED, &RETIRED_ON);
    Ok(early.into_iter().chain(gone).collect())
}
