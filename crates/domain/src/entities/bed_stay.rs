//! A stay: one patient's encounter in one bed, from a moment until another. Who lies where, how
//! full the wards are and the census are views of stays.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::entities::rules::{clashing, in_order, is_wider};
use crate::entities::{bed, encounter};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, note, reference, time};
use crate::value::{RecordId, Time};
use crate::world::Read;

pub const BED: Field<RecordId> = reference("bed", "Bed", "bed").required();
pub const ENCOUNTER: Field<RecordId> = reference("encounter", "Encounter", "encounter").required();
pub const FROM: Field<Time> = time("from", "From").required().indexed();
pub const TO: Field<Time> = time("to", "Until")
    .indexed()
    .hint("Empty while the patient is in the bed");
pub const NOTE: Field<Text> = note("note", "Note").max(1_000).personal();

pub static BED_STAY: Entity = Entity {
    kind: "bed_stay",
    label: "Bed stay",
    plural: "Bed stays",
    home: Home::Facility,
    semantics: Semantics::Interval {
        subject: "bed",
        holder: "encounter",
        from: "from",
        to: "to",
    },
    arrives: Arrives::WhileOpen {
        since: "from",
        until: "to",
    },
    fields: &[BED.any(), ENCOUNTER.any(), FROM.any(), TO.any(), NOTE.any()],
    groups: &[],
    list: &["bed", "encounter", "from", "to"],
    caption: &["bed", "from"],
    rules: &[
        ends_after_start,
        bed_is_free,
        encounter_is_in_no_other_bed,
        bed_and_encounter_stand,
    ],
};

fn ends_after_start(after: &After<'_>) -> Read<Vec<Problem>> {
    Ok(in_order(after.record, &FROM, &TO).into_iter().collect())
}

fn bed_is_free(after: &After<'_>) -> Read<Vec<Problem>> {
    let others = clashing(after, BED.name())?;
    let problem = (!others.is_empty()).then(|| Problem::new("bed_stay", BED.name(), "bed_occupied"));
    Ok(problem.into_iter().collect())
}

fn encounter_is_in_no_other_bed(after: &After<'_>) -> Read<Vec<Problem>> {
    let others = clashing(after, ENCOUNTER.name())?;
    let elsewhere = others.iter().any(|other| BED.of(other) != BED.of(after.record));
    let problem = elsewhere.then(|| Problem::new("bed_stay", ENCOUNTER.name(), "encounter_in_other_bed"));
    Ok(problem.into_iter().collect())
}

/// Nobody is put into a bed that was taken away, nor before the admission or after the discharge.
fn bed_and_encounter_stand(after: &After<'_>) -> Read<Vec<Problem>> {
    let (Some(bed), Some(encounter), true) = (BED.of(after.record), ENCOUNTER.of(after.record), is_wider(after)) else {
        return Ok(Vec::new());
    };
    let mut problems = Vec::new();
    let retired = after
        .world
        .get("bed", bed)?
        .is_some_and(|bed| bed::RETIRED.of(&bed) == Some("yes"));
    if retired && TO.of(after.record).is_none() {
        problems.push(Problem::new("bed_stay", BED.name(), "bed_retired"));
    }
    let encounter = after.world.get("encounter", encounter)?;
    let discharged = encounter
        .as_ref()
        .and_then(|encounter| encounter::DISCHARGED_AT.of(encounter));
    let admitted = encounter
        .as_ref()
        .and_then(|encounter| encounter::ADMITTED_AT.of(encounter));
    if admitted
        .zip(FROM.of(after.record))
        .is_some_and(|(admitted, from)| from < admitted)
    {
        problems.push(Problem::new("bed_stay", FROM.name(), "before_admission"));
    }
    if encounter.as_ref().is_some_and(crate::Record::is_voided) {
        problems.push(Problem::new("bed_stay", ENCOUNTER.name(), "already_voided"));
    }
    let beyond = discharged.is_some_and(|at| TO.of(after.record).is_none_or(|to| to > at));
    if beyond {
        problems.push(Problem::new("bed_stay", ENCOUNTER.name(), "encounter_discharged"));
    }
    Ok(problems)
}
