//! An erasure that was carried out: which records were erased, who asked and when. Written by the district's server
//! alone; with its number every desk erases what it names. It names records by their ids and nobody by name.

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

pub static ERASED: Entity = Entity {
    kind: "erased",
    label: "Erasure carried out",
    plural: "Erasures carried out",
    home: Home::Facility,
    semantics: Semantics::Erases { records: "records" },
    arrives: Arrives::Last,
    fields: &[ERASURE.any(), RECORDS.any(), AT.any(), ASKED_BY.any(), ASKED_ON.any()],
    groups: &[],
    list: &["at", "asked_by", "asked_on"],
    caption: &["at"],
    rules: &[],
};
