//! A facility's own minimum of an item, in place of the one in the catalogue.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::entities::rules::is_changed;
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, decimal, reference};
use crate::value::{Decimal, RecordId};
use crate::world::Read;

pub const ITEM: Field<RecordId> = reference("item", "Item", "item").required();
pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const MINIMUM: Field<Decimal> = decimal("minimum", "Minimum stock", 3)
    .range(0, 1_000_000_000)
    .required()
    .hint("In the item's unit");

pub static MINIMUM_LEVEL: Entity = Entity {
    kind: "minimum_level",
    label: "Minimum level",
    plural: "Minimum levels",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[ITEM.any(), FACILITY.any(), MINIMUM.any()],
    groups: &[],
    list: &["item", "minimum"],
    caption: &["item"],
    rules: &[one_of_an_item],
};

fn one_of_an_item(after: &After<'_>) -> Read<Vec<Problem>> {
    if !is_changed(after, ITEM.name()) {
        return Ok(Vec::new());
    }
    let all = after
        .world
        .by("minimum_level", ITEM.name(), after.record.value(ITEM.name()))?;
    let facility = FACILITY.of(after.record);
    let other = all
        .iter()
        .any(|other| other.id != after.record.id && FACILITY.of(other) == facility);
    Ok(other
        .then(|| Problem::new("minimum_level", ITEM.name(), "level_exists"))
        .into_iter()
        .collect())
}
