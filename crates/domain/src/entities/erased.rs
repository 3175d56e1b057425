//! Records that were erased: which, and who asked for it and when, or until when they were kept. Written by the
//! district's server alone; with its number every desk erases what it names. It names records by their ids and nobody by name.

use crate::arrival::Arrives;
use crate::entity::{Entity, Home, Semantics};
use crate::field::{Field, Text, date, mention, note, time};
use crate::value::{Date, RecordId, Time};

pub const ERASURE: Field<RecordId> = mention("erasure", "Asked for by", "erasure").indexed();
/// A line for each record: its kind, a blank, its id.
pub const RECORDS: Field<Text> = note("records", "Records").max(200_000).required();
pub const AT: Field<Time> = time("at", "Carried out").required().indexed();
pub const ASKED_BY: Field<RecordId> = mention("asked_by", "Who asked", "person");
pub const ASKED_ON: Field<Date> = date("asked_on", "Date of the request");

pub const KEPT_UNTIL: Field<Date> =
    date("kept_until", "Kept until").hint("Nobody asked: the time for which records are kept was over on that day");

pub static ERASED: Entity = Entity {
    kind: "erased",
    label: "Erasure carried out",
    plural: "Erasures carried out",
    home: Home::Facility,
    semantics: Semantics::Erases { records: "records" },
    arrives: Arrives::Last,
    fields: &[
        ERASURE.any(),
        RECORDS.any(),
        AT.any(),
        ASKED_BY.any(),
        ASKED_ON.any(),
        KEPT_UNTIL.any(),
    ],
    groups: &[],
    list: &["at", "asked_by", "asked_on", "kept_until"],
    caption: &["at"],
    rules: &[],
};
