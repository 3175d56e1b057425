//! What a patient agreed to besides being treated, for one purpose, and took back. Taking it back ends
//! the record and does not undo it: that it was given, when and by whom stays.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::consent as list;
use crate::entities::rules::{in_order, is_changed, needed_when, not_ahead};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, note, reference, text, time};
use crate::record::Record;
use crate::value::{RecordId, Time, Value};
use crate::world::{Read, Records};

pub const PATIENT: Field<RecordId> = reference("patient", "Patient", "patient").required();
pub const PURPOSE: Field<Word> = code("purpose", "What for", &list::PURPOSE).required();
pub const GIVEN_BY: Field<Word> = code("given_by", "Given by", &list::GIVEN_BY).required();
pub const GIVER_NAME: Field<Text> = text("giver_name", "Name of who gave it").personal();
pub const GIVEN_AT: Field<Time> = time("given_at", "Given at").required();
pub const HOW: Field<Word> = code("how", "How", &list::HOW).required();
pub const NOTE: Field<Text> = note("note", "What exactly")
    .max(1_000)
    .personal()
    .hint("To whom, which study, which pictures; where the paper lies");
pub const WITHDRAWN_AT: Field<Time> = time("withdrawn_at", "Withdrawn at");
pub const WITHDRAWN_BY: Field<Word> = code("withdrawn_by", "Withdrawn by", &list::GIVEN_BY);

pub static CONSENT: Entity = Entity {
    kind: "consent",
    label: "Consent",
    plural: "Consents",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[
        PATIENT.any(),
        PURPOSE.any(),
        GIVEN_BY.any(),
        GIVER_NAME.any(),
        GIVEN_AT.any(),
        HOW.any(),
        NOTE.any(),
        WITHDRAWN_AT.any(),
        WITHDRAWN_BY.any(),
    ],
    groups: &[&["withdrawn_at", "withdrawn_by"]],
    list: &["purpose", "given_by", "given_at", "how", "withdrawn_at"],
    caption: &["purpose"],
    rules: &[moments, who_speaks, withdrawn_by_somebody, given_once],
};

/// All consents of one registration, withdrawn ones too, newest first.
///
/// # Errors
/// [`crate::Unreadable`].
pub fn of(world: &dyn Records, registration: RecordId) -> Read<Vec<Record>> {
    let mut all = world.by(CONSENT.kind, PATIENT.name(), &Value::Ref(registration))?;
    all.sort_by_key(|each| std::cmp::Reverse((GIVEN_AT.of(each), each.id)));
    Ok(all)
}

/// Whether a consent counts among `all` of the same person: it was not withdrawn, and neither was another for the same
/// purpose at or after the time it was given. Two desks may have written down one consent twice; who takes it back
/// takes back both.
pub fn stands(consent: &Record, all: &[Record]) -> bool {
    let given = GIVEN_AT.of(consent);
    let is_taken_back = |other: &Record| {
        PURPOSE.of(other) == PURPOSE.of(consent) && WITHDRAWN_AT.of(other).is_some_and(|at| Some(at) >= given)
    };
    WITHDRAWN_AT.of(consent).is_none() && !all.iter().any(is_taken_back)
}

fn moments(after: &After<'_>) -> Read<Vec<Problem>> {
    let all = [
        not_ahead(after, &GIVEN_AT),
        in_order(after.record, &GIVEN_AT, &WITHDRAWN_AT),
    ];
    Ok(all.into_iter().flatten().collect())
}

/// Who speaks for a patient is named.
fn who_speaks(after: &After<'_>) -> Read<Vec<Problem>> {
    let another = GIVEN_BY.of(after.record).is_some_and(|word| word != "patient");
    Ok(needed_when(after.record, another, &GIVER_NAME).into_iter().collect())
}

fn withdrawn_by_somebody(after: &After<'_>) -> Read<Vec<Problem>> {
    let is_withdrawn = WITHDRAWN_AT.of(after.record).is_some();
    Ok(needed_when(after.record, is_withdrawn, &WITHDRAWN_BY)
        .into_iter()
        .collect())
}

/// Asks before the same is agreed to twice.
fn given_once(after: &After<'_>) -> Read<Vec<Problem>> {
    let is_new = after.before.is_none() || is_changed(after, PURPOSE.name());
    let Some(patient) = PATIENT.of(after.record).filter(|_| is_new) else {
        return Ok(Vec::new());
    };
    let all = of(after.world, patient)?;
    let twice = all.iter().any(|other| {
        other.id != after.record.id && PURPOSE.of(other) == PURPOSE.of(after.record) && stands(other, &all)
    });
    let problem = twice.then(|| Problem::new("consent", PURPOSE.name(), "consent_stands").asking());
    Ok(problem.into_iter().collect())
}
