//! An item of the district's catalogue: what can be kept in stock, in which unit, and how little
//! is too little.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::stock::{ITEM_TAG, UNIT as UNIT_LIST};
use crate::entities::rules::{is_taken, needed_when};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Search, Text, Word, Words, code, codes, decimal, int, note, text, yes_no};
use crate::value::Decimal;
use crate::world::Read;

pub const NAME: Field<Text> = text("name", "Name").required().indexed().searched(Search::Name);
pub const UNIT: Field<Word> = code("unit", "Unit", &UNIT_LIST).required();
pub const DESCRIPTION: Field<Text> = note("description", "Description").max(1_000);
pub const TAGS: Field<Words> = codes("tags", "Tags", &ITEM_TAG);
pub const MINIMUM: Field<Decimal> = decimal("minimum", "Minimum stock", 3)
    .range(0, 1_000_000_000)
    .hint("Below it the stock is low; a facility may set its own");
pub const PACK_UNIT: Field<Word> = code("pack_unit", "Also counted in", &UNIT_LIST);
pub const PACK_CONTENT: Field<Decimal> = decimal("pack_content", "One of these holds", 3)
    .range(1, 1_000_000_000)
    .hint("In the item's unit: one cylinder holds 7 m³");
pub const OXYGEN: Field<Word> = yes_no("oxygen", "Oxygen").hint("Shown before everything else");
pub const ORDER: Field<i64> = int("order", "Order").range(0, 100_000);
pub const RETIRED: Field<Word> = yes_no("retired", "No longer kept");

pub static ITEM: Entity = Entity {
    kind: "item",
    label: "Item",
    plural: "Items",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[
        NAME.any(),
        UNIT.any(),
        DESCRIPTION.any(),
        TAGS.any(),
        MINIMUM.any(),
        PACK_UNIT.any(),
        PACK_CONTENT.any(),
        OXYGEN.any(),
        ORDER.any(),
        RETIRED.any(),
    ],
    groups: &[&["unit", "minimum", "pack_unit", "pack_content"]],
    list: &["name", "unit", "minimum", "tags"],
    caption: &["name"],
    rules: &[whole_pack, own_name],
};

fn whole_pack(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let content = needed_when(record, PACK_UNIT.of(record).is_some(), &PACK_CONTENT);
    let unit = needed_when(record, PACK_CONTENT.of(record).is_some(), &PACK_UNIT);
    let same = PACK_UNIT.of(record).is_some() && PACK_UNIT.of(record) == UNIT.of(record);
    let same = same.then(|| Problem::new("item", PACK_UNIT.name(), "same_unit"));
    Ok([content, unit, same].into_iter().flatten().collect())
}

fn own_name(after: &After<'_>) -> Read<Vec<Problem>> {
    let taken = is_taken(after, &NAME, |_| true)?;
    Ok(taken
        .then(|| Problem::new("item", NAME.name(), "name_taken").asking())
        .into_iter()
        .collect())
}
