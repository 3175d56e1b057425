//! A hold: a bed kept free for somebody, being cleaned, or blocked, from a moment until another.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::bed::HOLD_REASON;
use crate::entities::bed_stay;
use crate::entities::rules::{clashing, in_order, is_wider};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Text, Word, code, note, reference, time};
use crate::value::{RecordId, Time, Value};
use crate::world::Read;

pub const BED: Field<RecordId> = reference("bed", "Bed", "bed").required();
pub const ENCOUNTER: Field<RecordId> = reference("encounter", "Held for", "encounter");
pub const REASON: Field<Word> = code("reason", "Reason", &HOLD_REASON).required();
pub const NOTE: Field<Text> = note("note", "Note").max(1_000).personal();
pub const FROM: Field<Time> = time("from", "From").required().indexed();
pub const TO: Field<Time> = time("to", "Until").indexed().hint("Empty while it lasts");
pub const EXPIRES: Field<Time> = time("expires", "Expires").hint("The bed is free again at this time by itself");

pub static BED_HOLD: Entity = Entity {
    kind: "bed_hold",
    label: "Bed hold",
    plural: "Bed holds",
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
    fields: &[
        BED.any(),
        ENCOUNTER.any(),
        REASON.any(),
        NOTE.any(),
        FROM.any(),
        TO.any(),
        EXPIRES.any(),
    ],
    groups: &[],
    list: &["bed", "reason", "encounter", "from", "to", "expires"],
    caption: &["bed", "reason"],
    rules: &[ends_after_start, one_at_a_time, blocked_says_why, blocked_is_empty],
};

fn ends_after_start(after: &After<'_>) -> Read<Vec<Problem>> {
    let all = [
        in_order(after.record, &FROM, &TO),
        in_order(after.record, &FROM, &EXPIRES),
    ];
    Ok(all.into_iter().flatten().collect())
}

/// A bed is held for one reason at a time; a hold that has expired holds nothing.
fn one_at_a_time(after: &After<'_>) -> Read<Vec<Problem>> {
    let start = FROM.of(after.record);
    let mut others = clashing(after, BED.name())?;
    others.retain(|other| EXPIRES.of(other).is_none_or(|expires| Some(expires) > start));
    let problem = (!others.is_empty()).then(|| Problem::new("bed_hold", BED.name(), "bed_already_held"));
    Ok(problem.into_iter().collect())
}

fn blocked_says_why(after: &After<'_>) -> Read<Vec<Problem>> {
    let silent = REASON.of(after.record) == Some("blocked") && NOTE.of(after.record).is_none() && is_wider(after);
    let problem = silent.then(|| Problem::new("bed_hold", NOTE.name(), "no_reason_given").asking());
    Ok(problem.into_iter().collect())
}

/// Nobody lies in a bed that is blocked.
fn blocked_is_empty(after: &After<'_>) -> Read<Vec<Problem>> {
    let (Some("blocked"), Some(bed), true) = (REASON.of(after.record), BED.of(after.record), is_wider(after)) else {
        return Ok(Vec::new());
    };
    let stays = after.world.by("bed_stay", bed_stay::BED.name(), &Value::Ref(bed))?;
    let occupied = TO.of(after.record).is_none() && stays.iter().any(|stay| bed_stay::TO.of(stay).is_none());
    let problem = occupied.then(|| Problem::new("bed_hold", BED.name(), "bed_occupied"));
    Ok(problem.into_iter().collect())
}
