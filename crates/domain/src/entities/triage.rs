//! Daily triage: what a facility reports for one shift of one day. Written once; corrected by a
//! later entry that names the one it amends.

use crate::check::Problem;
use crate::codes::{CodeList, word};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, count, date, note, reference};
use crate::value::{Date, RecordId};
use crate::world::Read;

pub static SHIFT: CodeList = CodeList {
    name: "shift",
    codes: &[
        word("morning", "Morning", &[]),
        word("evening", "Evening", &[]),
        word("night", "Night", &[]),
    ],
};

pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "triage").required();
pub const DAY: Field<Date> = date("day", "Day").required().indexed();
pub const SHIFT_OF_DAY: Field<Word> = code("shift", "Shift", &SHIFT).required();
pub const VISITED: Field<i64> = count("visited", "Seen in triage").range(0, 100_000).usual(0, 2_000);
pub const AMENDS: Field<RecordId> = reference("amends", "Corrects", "triage");
pub const NOTE: Field<Text> = note("note", "Note");

pub static TRIAGE: Entity = Entity {
    kind: "triage",
    label: "Daily triage",
    plural: "Daily triage",
    home: Home::Facility,
    semantics: Semantics::AppendOnly { amends: Some("amends") },
    fields: &[DAY.any(), SHIFT_OF_DAY.any(), VISITED.any(), AMENDS.any(), NOTE.any()],
    groups: &[],
    list: &["day", "shift", "visited"],
    caption: &["day", "shift"],
    rules: &[some_count],
};

fn some_count(after: &After<'_>) -> Read<Vec<Problem>> {
    let _ = after.record;
    Ok(Vec::new())
}
