//! An admin asks that a patient be erased: who, why, and when the person asked for it. It does nothing by itself: the
//! district's operator carries it out. It names the patient by an id alone, which leads to nothing afterwards.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::erasure as list;
use crate::entities::rules::{is_changed, written_at};
use crate::entity::{After, Entity, Home, Semantics};
use crate::erasure::{Hindrance, hindrances};
use crate::field::{Field, Word, code, date, mention};
use crate::value::{Date, RecordId, Time, Value};
use crate::world::Read;

pub const PATIENT: Field<RecordId> = mention("patient", "Patient", "patient").required().indexed();
pub const REASON: Field<Word> = code("reason", "Why", &list::REASON).required();
pub const ASKED_ON: Field<Date> = date("asked_on", "Date of the request")
    .required()
    .hint("The day on the letter, or the day on which they came");

pub static ERASURE: Entity = Entity {
    kind: "erasure",
    label: "Erasure asked for",
    plural: "Erasures asked for",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[PATIENT.any(), REASON.any(), ASKED_ON.any()],
    groups: &[],
    list: &["patient", "reason", "asked_on"],
    caption: &["asked_on"],
    rules: &[not_of_tomorrow, may_be_erased],
};

/// The request was made before it was written down.
fn not_of_tomorrow(after: &After<'_>) -> Read<Vec<Problem>> {
    let (Some(asked), Some(written)) = (ASKED_ON.of(after.record), written_at(after.record.id)) else {
        return Ok(Vec::new());
    };
    // A day ahead of UTC it may be everywhere on Earth.
    let is_ahead = asked > Time(written.0.saturating_add(Time::DAY_MS)).day(0);
    let problem = is_ahead.then(|| Problem::new(&after.record.kind, ASKED_ON.name(), "in_the_future").asking());
    Ok(problem.into_iter().collect())
}

/// Asked once, of somebody who is registered and has left, and about whom nothing is left to decide.
fn may_be_erased(after: &After<'_>) -> Read<Vec<Problem>> {
    let Some(patient) = PATIENT.of(after.record).filter(|_| is_changed(after, PATIENT.name())) else {
        return Ok(Vec::new());
    };
    let problem = |code: &str| Problem::new(&after.record.kind, PATIENT.name(), code);
    let others = after.world.by(ERASURE.kind, PATIENT.name(), &Value::Ref(patient))?;
    if others.iter().any(|other| other.id != after.record.id) {
        return Ok(vec![problem("erasure_asked_already")]);
    }
    // Whatever holds a bed at some moment of it holds it then.
    let now = written_at(after.record.id).unwrap_or(Time(i64::MAX));
    let found = hindrances(after.world, &|_| Ok(Vec::new()), patient, now)?;
    let told = found.into_iter().map(|hindrance| match hindrance {
        Hindrance::NotRegistered => problem("erasure_not_registered"),
        Hindrance::IsIn => problem("erasure_is_in"),
        Hindrance::InConflict => problem("erasure_in_conflict"),
    });
    Ok(told.collect())
}
