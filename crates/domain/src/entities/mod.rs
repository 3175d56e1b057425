//! The register of kinds: one file each.

use crate::entity::Entity;

pub mod triage;

/// Every kind, in the order of the manual.
pub static ENTITIES: &[&Entity] = &[&triage::TRIAGE];

/// The description of a kind.
pub fn entity(kind: &str) -> Option<&'static Entity> {
    ENTITIES.iter().copied().find(|entity| entity.kind == kind)
}
