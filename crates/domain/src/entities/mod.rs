//! The register of kinds: one file each, and the rules that several of them share.

use crate::entity::Entity;

pub mod rules;

pub mod state;

pub mod district;

pub mod local_body;

pub mod facility;

pub mod item;

pub mod person;

pub mod desk;

pub mod building;

pub mod ward;

pub mod room;

pub mod bed;

pub mod minimum_level;

pub mod patient;

pub mod told_apart;

pub mod consent;

pub mod encounter;

pub mod bed_stay;

pub mod bed_hold;

pub mod round;

pub mod triage;

pub mod stock_entry;

pub mod audit_event;

pub mod erasure;

pub mod erased;

/// Every kind, in the order of the manual: what is referred to comes first.
pub static ENTITIES: &[&Entity] = &[
    &state::STATE,
    &district::DISTRICT,
    &local_body::LOCAL_BODY,
    &facility::FACILITY,
    &item::ITEM,
    &person::PERSON,
    &desk::DESK,
    &building::BUILDING,
    &ward::WARD,
    &room::ROOM,
    &bed::BED,
    &minimum_level::MINIMUM_LEVEL,
    &patient::PATIENT,
    &told_apart::TOLD_APART,
    &consent::CONSENT,
    &encounter::ENCOUNTER,
    &bed_stay::BED_STAY,
    &bed_hold::BED_HOLD,
    &round::ROUND,
    &triage::TRIAGE,
    &stock_entry::STOCK_ENTRY,
    &audit_event::AUDIT_EVENT,
    &erasure::ERASURE,
    &erased::ERASED,
];

/// The description of a kind.
pub fn entity(kind: &str) -> Option<&'static Entity> {
    ENTITIES.iter().copied().find(|entity| entity.kind == kind)
}
