//! A local body: panchayath, municipality or corporation.

use crate::arrival::Arrives;
use crate::codes::facility::LOCAL_BODY_TYPE;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, count, reference, text};
use crate::value::RecordId;

pub const NAME: Field<Text> = text("name", "Name").required().indexed();
pub const BODY_TYPE: Field<Word> = code("body_type", "Type", &LOCAL_BODY_TYPE).required();
pub const CODE: Field<Text> = text("code", "Code")
    .max(20)
    .indexed()
    .hint("As in the state's own list");
pub const DISTRICT: Field<RecordId> = reference("district", "District", "district");
pub const WARDS: Field<i64> = count("wards", "Electoral wards").range(0, 1_000);
pub const POPULATION: Field<i64> = count("population", "Population").range(0, 50_000_000);

pub static LOCAL_BODY: Entity = Entity {
    kind: "local_body",
    label: "Local body",
    plural: "Local bodies",
    home: Home::District,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[
        NAME.any(),
        BODY_TYPE.any(),
        CODE.any(),
        DISTRICT.any(),
        WARDS.any(),
        POPULATION.any(),
    ],
    groups: &[],
    list: &["name", "body_type", "district"],
    caption: &["name"],
    rules: &[],
};
