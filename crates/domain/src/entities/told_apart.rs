//! Two registrations that look alike and are two people: somebody looked and said so, and nobody is
//! asked again. Its id follows from both, so that two desks that say it write one record.

use crate::arrival::Arrives;
use crate::check::{Draft, Problem};
use crate::entity::{After, Entity, Home, Semantics, derived_id};
use crate::field::{Field, Text, reference, text};
use crate::value::RecordId;
use crate::world::Read;

pub const FIRST: Field<RecordId> = reference("first", "One person", "patient").required();
pub const SECOND: Field<RecordId> = reference("second", "The other person", "patient").required();
pub const NOTE: Field<Text> = text("note", "How they are told apart").personal();

pub static TOLD_APART: Entity = Entity {
    kind: "told_apart",
    label: "People told apart",
    plural: "People told apart",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[FIRST.any(), SECOND.any(), NOTE.any()],
    groups: &[],
    list: &["first", "second", "note"],
    caption: &["first", "second"],
    rules: &[two_people],
};

/// The record that tells two registrations apart, whichever is named first.
pub fn id_of(a: RecordId, b: RecordId) -> RecordId {
    derived_id(a.min(b), &format!("told apart from {}", a.max(b)))
}

/// What tells two registrations apart.
pub fn of(a: RecordId, b: RecordId) -> Draft {
    Draft::new(TOLD_APART.kind, id_of(a, b))
        .with(&FIRST, a.min(b))
        .with(&SECOND, a.max(b))
}

fn two_people(after: &After<'_>) -> Read<Vec<Problem>> {
    let one = FIRST.of(after.record) == SECOND.of(after.record);
    let problem = one.then(|| Problem::new("told_apart", SECOND.name(), "not_another_patient"));
    Ok(problem.into_iter().collect())
}
