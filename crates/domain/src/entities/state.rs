//! A state of the country.

use crate::arrival::Arrives;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, text};

pub const NAME: Field<Text> = text("name", "Name").required().indexed();
pub const CODE: Field<Text> = text("code", "Code")
    .max(20)
    .hint("As in the government's directory of local bodies");

pub static STATE: Entity = Entity {
    kind: "state",
    label: "State",
    plural: "States",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::First,
    fields: &[NAME.any(), CODE.any()],
    groups: &[],
    list: &["name", "code"],
    caption: &["name"],
    rules: &[],
};
