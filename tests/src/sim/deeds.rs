//! What people do at the desks: register, open forms and save them sooner or later, admit, move,
//! discharge, give out stock, and decide conflicts, well or badly.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use domain::actions::{ActionError, Stage, act};
use domain::entities::{item, patient, stock_entry};
use domain::{Ctx, Decimal, Draft, Record, RecordId, Records, Time, Value};
use serde_json::json;
use store::{Action, SaveError, Spaces, StoreError};

use super::oracle::{Expected, Heads};
use super::world::World;

/// A form that somebody opened and did not save yet.
#[derive(Clone)]
pub struct Form {
    pub patient: RecordId,
    pub as_of: u64,
    /// What stood before the person's eyes, by field.
    pub shown: BTreeMap<&'static str, (Value, Heads)>,
}

/// The fields that people edit in forms.
const FIELDS: [&str; 3] = ["name", "phone", "address"];

/// Nothing was written, because the desk told a problem; that is not a fault.
type Saved = Result<Option<Vec<sync_core::ChangeId>>>;

impl World {
    /// One thing that somebody does.
    pub fn deed(&mut self, desk: usize) -> Result<()> {
        match self.chance.between(1, 100) {
            1..=14 => self.register(desk),
            15..=38 => self.open_form(desk),
            39..=62 => self.save_form(desk),
            63..=72 => self.give_out(desk),
            73..=90 => self.movement(desk),
            _ => self.decide(desk),
        }
    }

    fn register(&mut self, desk: usize) -> Result<()> {
        let id = self.chance.record(self.now_ms());
        let draft = Draft::new("patient", id)
            .with(&patient::NAME, self.words("Patient"))
            .with(&patient::BIRTH_YEAR, self.chance.between(1930, 2020));
        let expected = Expected::nothing_known(&draft);
        self.save(desk, "registers", vec![draft], None, false, expected)
            .map(drop)
    }

    fn open_form(&mut self, desk: usize) -> Result<()> {
        let Some(patient) = self.somebody(desk)? else {
            return Ok(());
        };
        let store = self.desks[desk].store().clone();
        let as_of = store.as_of()?;
        let mut shown = BTreeMap::new();
        for field in FIELDS {
            let heads = self.oracle.heads(&store, "patient", patient.id, field)?;
            shown.insert(field, (patient.value(field).clone(), heads));
        }
        let form = Form {
            patient: patient.id,
            as_of,
            shown,
        };
        self.desks[desk].forms.push(form);
        Ok(())
    }

    /// Saves one of the forms that are open, however long ago it was opened.
    fn save_form(&mut self, desk: usize) -> Result<()> {
        let open = self.desks[desk].forms.len();
        if open == 0 {
            return self.open_form(desk);
        }
        let form = self.desks[desk].forms.remove(self.chance.below(open));
        let mut draft = Draft::new("patient", form.patient);
        for field in FIELDS {
            if self.chance.percent(45) {
                // A value that somebody else may have typed too.
                let value = match field {
                    "phone" => format!("+9198765{:05}", self.chance.between(1, 30)),
                    _ => self.words(field),
                };
                draft = draft.with_value(field, Value::Text(value));
            }
        }
        if draft.fields.is_empty() {
            return Ok(());
        }
        let expected = Expected::plain(&draft, &form);
        let (as_of, drafts) = (form.as_of, vec![draft]);
        self.save(desk, "saves a form", drafts, Some(as_of), false, expected)
            .map(drop)
    }

    fn give_out(&mut self, desk: usize) -> Result<()> {
        let items = self.read(desk, |records| records.all(item::ITEM.kind))?;
        let Some(item) = self.chance.pick(&items).map(|item| item.id) else {
            return Ok(());
        };
        let now_ms = self.desk_ms(desk);
        let movement = if self.chance.percent(40) { "receive" } else { "issue" };
        let mut draft = Draft::new("stock_entry", self.chance.record(now_ms))
            .with(&stock_entry::ITEM, item)
            .with(&stock_entry::MOVEMENT, movement)
            .with(&stock_entry::AT, Time(now_ms))
            .with(
                &stock_entry::QUANTITY,
                Decimal::new(self.chance.between(1, 9) * 1_000, 3),
            );
        draft.confirmed = draft.fields.keys().cloned().collect();
        let expected = Expected::nothing_known(&draft);
        self.save(desk, movement, vec![draft], None, false, expected).map(drop)
    }

    /// Admits, transfers, swaps or discharges, through the same actions as the window.
    fn movement(&mut self, desk: usize) -> Result<()> {
        let beds = self.read(desk, |records| records.all("bed"))?;
        let open = self.read(desk, |records| records.open("bed_stay"))?;
        let taken: BTreeSet<Value> = open.iter().map(|stay| stay.value("bed").clone()).collect();
        let free: Vec<RecordId> = beds
            .iter()
            .filter(|bed| !taken.contains(&Value::Ref(bed.id)))
            .map(|bed| bed.id)
            .collect();
        let lying: Vec<Value> = open.iter().map(|stay| stay.value("encounter").clone()).collect();
        let encounter = |value: Option<&Value>| match value {
            Some(Value::Ref(id)) => Some(*id),
            _ => None,
        };
        let (name, args) = match self.chance.between(1, 10) {
            1..=5 => {
                let (Some(patient), Some(bed)) = (self.somebody(desk)?, self.chance.pick(&free).copied()) else {
                    return Ok(());
                };
                let fields = json!({ "route": "outpatient", "decision": "admission", "category": "stable" });
                (
                    "admit",
                    json!({ "patient": patient.id, "bed": bed, "at": null, "fields": fields }),
                )
            }
            6..=8 => {
                let who = encounter(self.chance.pick(&lying));
                let (Some(who), Some(bed)) = (who, self.chance.pick(&free)) else {
                    return Ok(());
                };
                (
                    "transfer",
                    json!({ "encounter": who, "bed": bed, "at": null, "clean": false }),
                )
            }
            _ => {
                let Some(who) = encounter(self.chance.pick(&lying)) else {
                    return Ok(());
                };
                let fields = json!({ "discharge_reason": "recovered" });
                (
                    "discharge",
                    json!({ "encounter": who, "at": null, "clean": true, "fields": fields }),
                )
            }
        };
        let Some(drafts) = self.drafts_of(desk, name, &args)? else {
            return Ok(());
        };
        self.save(desk, name, drafts, None, false, Expected::unasked())
            .map(drop)
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
            person: hospital.people[0],
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

    /// Decides a conflict: with one of its values or a third, seen as it stands or as it stood.
    fn decide(&mut self, desk: usize) -> Result<()> {
        let store = self.desks[desk].store().clone();
        let conflicts = self.read(desk, |records| records.conflicts())?;
        let Some(conflict) = self.chance.pick(&conflicts).cloned() else {
            return Ok(());
        };
        let value = match self.chance.pick(&conflict.heads) {
            Some(head) if self.chance.percent(80) => head.value.clone(),
            _ if conflict.field == "phone" => Value::Text("+919876599999".to_owned()),
            _ => Value::Text(self.words("decided")),
        };
        let heads = self
            .oracle
            .heads(&store, &conflict.kind, conflict.record, &conflict.field)?;
        let as_of = store.as_of()?;
        let mut draft = Draft::new(&conflict.kind, conflict.record).with_value(&conflict.field, value);
        draft.confirmed = draft.fields.keys().cloned().collect();
        if self.chance.percent(30) {
            // Meanwhile something comes in that the person has not seen.
            self.exchange_with_faults(desk)?;
        }
        let expected = Expected::decision(&conflict.field, heads);
        self.save(desk, "decides", vec![draft], Some(as_of), true, expected)
            .map(drop)
    }

    fn save(
        &mut self,
        desk: usize,
        what: &str,
        drafts: Vec<Draft>,
        as_of: Option<u64>,
        resolve: bool,
        expected: Expected,
    ) -> Saved {
        let wall_ms = self.desk_ms(desk);
        let new_action = self.chance.id(self.now_ms());
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let actor = *self.chance.pick(&hospital.people).context("nobody works here")?;
        let store = self.desks[desk].store().clone();
        let action = Action {
            drafts,
            as_of: match as_of {
                Some(as_of) => as_of,
                None => store.as_of()?,
            },
            actor,
            session: uuid::Uuid::nil(),
            wall_ms,
            new_action,
            resolve,
            home: Spaces {
                facility: hospital.space,
                district: self.server.district(),
            },
        };
        let saved = match store.save(action) {
            Ok(saved) => saved,
            Err(SaveError::Problems(problems)) => {
                let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
                self.trace.say(format!("desk {desk}: somebody {what}: {codes:?}"));
                return Ok(None);
            }
            Err(SaveError::Store(error)) => return Err(error).context("a save failed"),
        };
        let seqs: Vec<u64> = saved.changes.iter().map(|change| change.seq).collect();
        self.trace
            .say(format!("desk {desk}: somebody {what}: saved as {seqs:?}"));
        drop(store);
        if self.chance.percent(5) {
            self.fault("killed right after a save");
            self.desks[desk].lose_power()?;
        }
        let store = self.desks[desk].store().clone();
        self.oracle
            .acknowledge(desk, &store, &saved.changes, &expected)
            .with_context(|| format!("desk {desk}: somebody {what}"))?;
        self.check_stamps(desk, &saved.changes)?;
        // A save wakes the worker.
        self.desks[desk].due_ms = i64::MIN;
        Ok(Some(saved.changes))
    }

    fn somebody(&mut self, desk: usize) -> Result<Option<Record>> {
        let patients = self.read(desk, |records| records.all("patient"))?;
        Ok(self.chance.pick(&patients).cloned())
    }

    fn words(&mut self, about: &str) -> String {
        format!("{about} {}", self.chance.between(1, 12))
    }

    fn desk_ms(&self, desk: usize) -> i64 {
        self.now_ms() + self.desks[desk].clock_off_ms
    }

    fn read<T>(&self, desk: usize, job: impl FnOnce(&dyn Records) -> domain::Read<T>) -> Result<T> {
        let answer = self.desks[desk]
            .store()
            .read(|records, _| Ok::<_, StoreError>(job(records)))?;
        Ok(answer?)
    }
}
