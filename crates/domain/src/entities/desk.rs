//! A computer that belongs to the district: what people call it, so that a history can say where
//! something was written. Its id is the device's; the district server writes it when a desk joins.

use crate::arrival::Arrives;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, reference, text};
use crate::value::RecordId;

pub const NAME: Field<Text> = text("name", "Name").max(100).required();
pub const FACILITY: Field<RecordId> =
    reference("facility", "Facility", "facility").hint("Empty for the district's own server");

pub static DESK: Entity = Entity {
    kind: "desk",
    label: "Computer",
    plural: "Computers",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[NAME.any(), FACILITY.any()],
    groups: &[],
    list: &["name", "facility"],
    caption: &["name"],
    rules: &[],
};
