//! What somebody did at a desk besides writing records: signed in, locked it, looked at a patient's page, took a copy
//! away. Written by the desk itself, never by hand; never corrected and never voided. Ids, words and counts, no names; a reason alone is typed.

use crate::arrival::Arrives;
use crate::codes::audit::{AUDITED, ENDED as ENDED_LIST};
use crate::emergency::LONGEST_REASON;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, count, mention, text, time};
use crate::value::{RecordId, Time};

pub const WHAT: Field<Word> = code("what", "What", &AUDITED).required().indexed();
pub const AT: Field<Time> = time("at", "When").required().indexed();
pub const SINCE: Field<Time> = time("since", "First time").hint("When it happened more than once");
pub const TIMES: Field<i64> = count("times", "How often");
pub const WHO: Field<RecordId> = mention("who", "Who", "person")
    .indexed()
    .hint("Empty for a username that nobody here has");
pub const ABOUT: Field<RecordId> = mention("about", "About whom", "person");
pub const PATIENT: Field<RecordId> = mention("patient", "Patient", "patient").indexed();
pub const DESK: Field<RecordId> = mention("desk", "Computer", "desk").required();
pub const OF_DESK: Field<RecordId> = mention("of_desk", "Which computer", "desk").hint("When it was done from another");
pub const ENDED: Field<Word> = code("ended", "How it ended", &ENDED_LIST);
pub const REASON: Field<Text> = text("reason", "Reason")
    .max(LONGEST_REASON)
    .personal()
    .hint("As it was typed, of emergency access");
pub const OF: Field<RecordId> =
    mention("of", "Of which event", "audit_event").hint("The beginning of the emergency access that it belongs to");

pub static AUDIT_EVENT: Entity = Entity {
    kind: "audit_event",
    label: "Audit event",
    plural: "Audit log",
    home: Home::Facility,
    semantics: Semantics::AppendOnly { amends: None },
    arrives: Arrives::Last,
    fields: &[
        WHAT.any(),
        AT.any(),
        SINCE.any(),
        TIMES.any(),
        WHO.any(),
        ABOUT.any(),
        PATIENT.any(),
        DESK.any(),
        OF_DESK.any(),
        ENDED.any(),
        REASON.any(),
        OF.any(),
    ],
    groups: &[],
    list: &["at", "what", "who", "patient", "desk"],
    caption: &["what"],
    rules: &[],
};
