//! Who lies where: admissions, transfers and discharges through the same actions as the window.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use domain::actions::{ActionError, Stage, act};
use domain::{Ctx, Draft, RecordId, Time, Value};
use serde_json::json;
use store::StoreError;

use super::deeds::Deed;
use super::oracle::Expected;
use super::world::World;

fn reference(value: &Value) -> Option<RecordId> {
    match value {
        Value::Ref(id) => Some(*id),
        _ => None,
    }
}

impl World {
    /// Admits, transfers or discharges.
    pub fn movement(&mut self, desk: usize) -> Result<()> {
        let open = self.read(desk, |records| records.open("bed_stay"))?;
        let taken: BTreeSet<Option<RecordId>> = open.iter().map(|stay| reference(stay.value("bed"))).collect();
        let beds = &self.hospitals[self.desks[desk].hospital].beds;
        let free: Vec<RecordId> = beds
            .iter()
            .map(|bed| bed.id)
            .filter(|bed| !taken.contains(&Some(*bed)))
            .collect();
        let lying: Vec<RecordId> = open
            .iter()
            .filter_map(|stay| reference(stay.value("encounter")))
            .collect();
        let draw = self.chance.between(1, 10);
        let (free, lying) = (self.chance.pick(&free).copied(), self.chance.pick(&lying).copied());
        let (name, what, args) = match (draw, free, lying) {
            (1..=5, Some(bed), _) => {
                let Some(patient) = self.somebody(desk)? else {
                    return Ok(());
                };
                let fields = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
                let what = format!("admits {} to bed {}", self.name_of(patient.id), self.bed(bed));
                let args = json!({ "patient": patient.id, "bed": bed, "at": null, "fields": fields });
                ("admit", what, args)
            }
            (6..=8, Some(bed), Some(who)) => {
                let what = format!("moves {} to bed {}", self.who_is_in(desk, who)?, self.bed(bed));
                let args = json!({ "encounter": who, "bed": bed, "at": null, "clean": false });
                ("transfer", what, args)
            }
            (9.., _, Some(who)) => {
                let fields = json!({ "discharge_reason": "recovered" });
                let what = format!("discharges {}", self.who_is_in(desk, who)?);
                let args = json!({ "encounter": who, "at": null, "clean": true, "fields": fields });
                ("discharge", what, args)
            }
            _ => return Ok(()),
        };
        let Some(drafts) = self.drafts_of(desk, name, &args)? else {
            return Ok(());
        };
        self.save(desk, Deed::plain(what, drafts, Expected::unasked()))
    }

    fn bed(&self, id: RecordId) -> String {
        let beds = self.hospitals.iter().flat_map(|hospital| &hospital.beds);
        let bed = beds.into_iter().find(|bed| bed.id == id);
        bed.map_or_else(String::new, |bed| bed.name.clone())
    }

    /// The name of the patient of an encounter.
    fn who_is_in(&self, desk: usize, encounter: RecordId) -> Result<String> {
        let encounter = self.read(desk, |records| records.get("encounter", encounter))?;
        let patient = encounter.and_then(|encounter| reference(encounter.value("patient")));
        Ok(patient.map_or_else(|| "somebody".to_owned(), |patient| self.name_of(patient)))
    }

    /// The drafts of an action; nothing when the ward does not allow it.
    fn drafts_of(&mut self, desk: usize, name: &str, args: &serde_json::Value) -> Result<Option<Vec<Draft>>> {
        let now = Time(self.desk_ms(desk));
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let ctx = Ctx {
            now,
            today: now.day(330),
            utc_offset_minutes: 330,
            facility: hospital.facility,
            person: hospital.people[0].id,
            role: "nurse".to_owned(),
            heard: Some(now),
        };
        let store = self.desks[desk].store().clone();
        let chance = &mut self.chance;
        let acted = store.read(|records, _| {
            let mut new_id = || chance.record(now.0);
            let mut stage = Stage {
                world: records,
                ctx: &ctx,
                new_id: &mut new_id,
            };
            Ok::<_, StoreError>(act(name, args, &mut stage))
        })?;
        match acted {
            Ok(drafts) => Ok(Some(drafts)),
            Err(ActionError::Problems(_)) => Ok(None),
            Err(error) => Err(error).context("an action cannot be made"),
        }
    }
}
