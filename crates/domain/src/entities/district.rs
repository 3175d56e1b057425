//! A district of a state.

use crate::arrival::Arrives;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, reference, text};
use crate::value::RecordId;

pub const NAME: Field<Text> = text("name", "Name").required().indexed();
pub const CODE: Field<Text> = text("code", "Code")
    .max(20)
    .hint("As in the government's directory of local bodies");
pub const STATE: Field<RecordId> = reference("state", "State", "state");

pub static DISTRICT: Entity = Entity {
    kind: "district",
    label: "District",
    plural: "Districts",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[NAME.any(), CODE.any(), STATE.any()],
    groups: &[],
    list: &["name", "code", "state"],
    caption: &["name"],
    rules: &[],
};
