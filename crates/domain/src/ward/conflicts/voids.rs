//! What somebody did to a record that another took back, neither knowing of the other.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use uuid::Uuid;

use super::{Contradiction, DAYS, Look, WardConflict};
use crate::record::{Record, VOIDED};
use crate::value::{RecordId, Value};
use crate::world::{Read, Records};

/// Who changes a record says with it that the record stands; who takes it back says the opposite.
pub(super) fn edited(world: &dyn Records) -> Read<Vec<WardConflict>> {
    let mut found = Vec::new();
    for said in world.conflicts()?.into_iter().filter(|said| said.field == VOIDED) {
        if let Some(record) = world.get(&said.kind, said.record)? {
            let mut conflict = WardConflict::of(Contradiction::EditedAfterVoid, vec![record]);
            conflict.since = said.heads.iter().map(|head| head.at).max();
            conflict.said = Some(said);
            found.push(conflict);
        }
    }
    Ok(found)
}

impl Look<'_> {
    pub(super) fn voids(&self) -> Read<Vec<WardConflict>> {
        let mut found = self.corrected()?;
        found.extend(self.voided_patients()?);
        Ok(found)
    }

    /// Corrections of entries that were taken back: of entries that are written once a correction is
    /// the only edit.
    fn corrected(&self) -> Read<Vec<WardConflict>> {
        let ends = [Uuid::nil(), Uuid::max()].map(|end| Value::Ref(RecordId(end)));
        let since = self.today.plus_days(-DAYS).starts(0);
        let mut found = Vec::new();
        for kind in ["triage", "round"] {
            for correction in self.world.between(kind, "amends", &ends[0], &ends[1])? {
                let is_old = crate::entities::rules::written_at(correction.id).is_some_and(|at| at < since);
                let Value::Ref(amended) = *correction.value("amends") else {
                    continue;
                };
                if is_old {
                    continue;
                }
                if let Some(amended) = self.world.get(kind, amended)?.filter(Record::is_voided) {
                    let both = vec![amended, correction];
                    found.push(WardConflict::of(Contradiction::CorrectedAfterVoid, both));
                }
            }
        }
        Ok(found)
    }

    /// Somebody is in whose registration was taken back.
    fn voided_patients(&self) -> Read<Vec<WardConflict>> {
        let mut seen: BTreeMap<RecordId, Option<Record>> = BTreeMap::new();
        let mut found = Vec::new();
        for each in self.presences.iter().flat_map(super::Presence::open) {
            let Some(patient) = super::encounter::PATIENT.of(each) else {
                continue;
            };
            let voided = match seen.entry(patient) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.world.get("patient", patient)?.filter(Record::is_voided)),
            };
            if let Some(voided) = voided {
                let records = vec![voided.clone(), each.clone()];
                found.push(WardConflict::of(Contradiction::VoidedPatient, records));
            }
        }
        Ok(found)
    }
}
