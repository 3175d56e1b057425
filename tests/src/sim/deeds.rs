//! What people do at the desks: register, open forms and save them sooner or later, give out stock,
//! and decide conflicts, well or badly.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::entities::{patient, stock_entry};
use domain::record::{VOID_REASON, VOIDED};
use domain::{Decimal, Draft, Record, RecordId, Records, Time, Value};
use store::{Action, SaveError, Spaces, StoreError};

use super::desk::WallClock;
use super::oracle::{Expected, Heads};
use super::words;
use super::world::{Named, World};

/// A form that somebody opened and did not save yet.
#[derive(Clone)]
pub struct Form {
    pub patient: RecordId,
    pub as_of: u64,
    /// What stood before the person's eyes, by field.
    pub shown: BTreeMap<&'static str, (Value, Heads)>,
    /// How often the desk had pulled then.
    pub pulls: u64,
}

/// Something to be saved.
pub struct Deed {
    pub what: String,
    pub drafts: Vec<Draft>,
    /// The moment the screen was read at; now when empty.
    pub as_of: Option<u64>,
    pub resolve: bool,
    pub expected: Expected,
}

impl Deed {
    pub fn plain(what: String, drafts: Vec<Draft>, expected: Expected) -> Deed {
        Deed {
            what,
            drafts,
            as_of: None,
            resolve: false,
            expected,
        }
    }
}

/// The fields that people edit in forms.
pub const FIELDS: [&str; 3] = ["name", "phone", "address"];
/// The most forms that lie open on one desk.
const MOST_FORMS: usize = 8;
/// A form that was open for so many pulls was open for long.
const LONG: u64 = 50;

impl World {
    /// One thing that somebody does.
    pub fn deed(&mut self, desk: usize) -> Result<()> {
        let draw = self.chance.between(1, 100);
        match draw {
            // What its forms know cannot be told while another computer writes under its numbers.
            12..=58 | 91.. if self.desks[desk].is_fallen => self.give_out(desk),
            1..=11 => self.register(desk),
            12..=34 => self.open_form(desk),
            35..=58 => self.save_form(desk),
            59..=65 => self.give_out(desk),
            66..=68 => self.take_back(desk),
            69..=90 => self.movement(desk),
            _ => self.decide(desk),
        }
    }

    /// One thing that is saved at once.
    pub fn quick_deed(&mut self, desk: usize) -> Result<()> {
        match self.chance.between(1, 3) {
            1 => self.register(desk),
            2 => self.give_out(desk),
            _ if self.desks[desk].is_fallen => self.give_out(desk),
            _ => self.save_form(desk),
        }
    }

    fn register(&mut self, desk: usize) -> Result<()> {
        let named = self.newcomer(desk);
        let draft = self.registration(&named);
        let expected = Expected::nothing_known(&draft);
        let what = format!("registers {}", named.name);
        self.save(desk, Deed::plain(what, vec![draft], expected))
    }

    /// A patient who comes for the first time.
    pub fn newcomer(&mut self, desk: usize) -> Named {
        let id = self.chance.record(self.now_ms());
        let hospital = &mut self.hospitals[self.desks[desk].hospital];
        let name = words::patient(hospital.patients.len());
        // Who may be erased is known by their name wherever it stands.
        let name = if self.plan.erases {
            format!("{name} Zq{}x", self.chance.between(1_000_000, 9_999_999))
        } else {
            name
        };
        let named = Named { id, name };
        hospital.patients.push(named.clone());
        named
    }

    pub fn registration(&mut self, who: &Named) -> Draft {
        Draft::new("patient", who.id)
            .with(&patient::NAME, who.name.clone())
            .with(&patient::BIRTH_YEAR, self.chance.between(1930, 2020))
    }

    fn open_form(&mut self, desk: usize) -> Result<()> {
        let Some(patient) = self.somebody(desk)? else {
            return Ok(());
        };
        let store = self.desks[desk].store().clone();
        let as_of = store.as_of()?;
        let mut shown = BTreeMap::new();
        let before = self.folded_before(desk, patient.id)?;
        let fields = [FIELDS[0], FIELDS[1], FIELDS[2], VOIDED];
        let heads = self.oracle.heads(&store, before, ("patient", patient.id), &fields)?;
        for (field, heads) in fields.into_iter().zip(heads) {
            shown.insert(field, (patient.value(field).clone(), heads));
        }
        let desk_now = &mut self.desks[desk];
        if desk_now.forms.len() == MOST_FORMS {
            return Ok(());
        }
        desk_now.forms.push(Form {
            patient: patient.id,
            as_of,
            shown,
            pulls: desk_now.pulls,
        });
        let line = format!("somebody opens the form of {}", self.name_of(patient.id));
        self.say_at(desk, &line);
        Ok(())
    }

    /// Saves one of the forms that are open, however long ago it was opened.
    fn save_form(&mut self, desk: usize) -> Result<()> {
        let open = self.desks[desk].forms.len();
        if open == 0 {
            return self.open_form(desk);
        }
        // The newest more often than the others, so that some stay open for weeks.
        let place = if self.chance.percent(60) {
            open - 1
        } else {
            self.chance.below(open)
        };
        let form = self.desks[desk].forms.remove(place);
        if self.desks[desk].pulls - form.pulls >= LONG {
            self.fault("form open across 50 pulls");
        }
        let mut draft = Draft::new("patient", form.patient);
        for field in FIELDS {
            if self.chance.percent(45) {
                // A value that somebody else may have typed too.
                let value = match field {
                    "phone" => format!("+9198765{:05}", self.chance.between(1, 30)),
                    "name" => format!(
                        "{} {}",
                        self.name_of(form.patient),
                        ["K.", "M.", "P."][self.chance.below(3)]
                    ),
                    _ => format!("House {}", self.chance.between(1, 12)),
                };
                draft = draft.with_value(field, Value::Text(value));
            }
        }
        if draft.fields.is_empty() {
            return Ok(());
        }
        let written: Vec<String> = draft
            .fields
            .iter()
            .map(|(field, value)| format!("{field} {}", plain(value)))
            .collect();
        let deed = Deed {
            what: format!(
                "saves the form of {}: {}",
                self.name_of(form.patient),
                written.join(", ")
            ),
            expected: Expected::plain(&draft, &form),
            drafts: vec![draft],
            as_of: Some(form.as_of),
            resolve: false,
        };
        self.save(desk, deed)
    }

    /// Says that a person or a movement of stock was entered in error, whatever others write about it meanwhile.
    fn take_back(&mut self, desk: usize) -> Result<()> {
        let entries = &self.hospitals[self.desks[desk].hospital].entries;
        let entry = self.chance.pick(entries).copied();
        let found = match entry.filter(|_| self.chance.percent(50)) {
            Some(entry) => self.read(desk, |records| records.get("stock_entry", entry))?,
            None => self.somebody(desk)?,
        };
        let Some(record) = found.filter(|record| !record.is_voided()) else {
            return self.give_out(desk);
        };
        let draft = Draft::new(&record.kind, record.id)
            .with_value(VOIDED, Value::Code("yes".to_owned()))
            .with_value(VOID_REASON, Value::Text("Entered twice".to_owned()));
        self.fault("record taken back");
        let what = match record.kind.as_str() {
            "patient" => format!("takes {} back", self.name_of(record.id)),
            _ => "takes a movement of stock back".to_owned(),
        };
        self.save(desk, Deed::plain(what, vec![draft], Expected::unasked()))
    }

    fn give_out(&mut self, desk: usize) -> Result<()> {
        let items = &self.hospitals[self.desks[desk].hospital].items;
        let Some(item) = self.chance.pick(items).cloned() else {
            return Ok(());
        };
        // Not before the desk has heard that there is such a thing.
        if self.read(desk, |records| records.get("item", item.id))?.is_none() {
            return Ok(());
        }
        let now_ms = self.desk_ms(desk);
        let movement = if self.chance.percent(40) { "receive" } else { "issue" };
        let pieces = self.chance.between(1, 9);
        let entry = self.chance.record(now_ms);
        self.hospitals[self.desks[desk].hospital].entries.push(entry);
        let mut draft = Draft::new("stock_entry", entry)
            .with(&stock_entry::ITEM, item.id)
            .with(&stock_entry::MOVEMENT, movement)
            .with(&stock_entry::AT, Time(now_ms))
            .with(&stock_entry::QUANTITY, Decimal::new(pieces * 1_000, 3));
        draft.confirmed = draft.fields.keys().cloned().collect();
        let expected = Expected::nothing_known(&draft);
        let what = format!("{movement}s {pieces} of {}", item.name);
        self.save(desk, Deed::plain(what, vec![draft], expected))
    }

    /// Decides a conflict: with one of its values or a third, seen as it stands or as it stood.
    pub fn decide(&mut self, desk: usize) -> Result<()> {
        if self.desks[desk].is_fallen {
            return self.exchange_with_faults(desk);
        }
        let store = self.desks[desk].store().clone();
        let conflicts = self.read(desk, |records| records.conflicts())?;
        let Some(conflict) = self.chance.pick(&conflicts).cloned() else {
            return self.open_form(desk);
        };
        let value = match self.chance.pick(&conflict.heads) {
            Some(head) if self.chance.percent(80) => head.value.clone(),
            Some(head) if !matches!(head.value, Value::Text(_)) => head.value.clone(),
            _ if conflict.field == "phone" => Value::Text("+919876599999".to_owned()),
            _ => Value::Text(format!("Decided {}", self.chance.between(1, 9))),
        };
        let before = self.folded_before(desk, conflict.record)?;
        let about = (conflict.kind.as_str(), conflict.record);
        let heads = self
            .oracle
            .heads(&store, before, about, &[conflict.field.as_str()])?
            .pop()
            .unwrap_or_default();
        let as_of = store.as_of()?;
        let mut draft = Draft::new(&conflict.kind, conflict.record).with_value(&conflict.field, value.clone());
        draft.confirmed = draft.fields.keys().cloned().collect();
        if self.chance.percent(50) {
            // Meanwhile something comes in that the person has not seen.
            let device = self.desks[desk].device;
            self.exchange_well(desk)?;
            // It became another desk, and everybody has to sign in again.
            if self.desks[desk].device != device {
                return Ok(());
            }
        }
        let whose = self.name_of(conflict.record);
        let deed = Deed {
            what: format!("decides the {} of {whose}: {}", conflict.field, plain(&value)),
            drafts: vec![draft],
            as_of: Some(as_of),
            resolve: true,
            expected: Expected::decision(&conflict.field, heads),
        };
        self.save(desk, deed)
    }

    pub fn save(&mut self, desk: usize, deed: Deed) -> Result<()> {
        let wall_ms = self.desk_ms(desk);
        let new_action = self.chance.id(self.now_ms());
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let actor = self.chance.pick(&hospital.people).context("nobody works here")?.clone();
        self.sign_in(desk, actor.id)?;
        let store = self.desks[desk].store().clone();
        let hospital = &self.hospitals[self.desks[desk].hospital];
        let action = Action {
            drafts: deed.drafts,
            as_of: match deed.as_of {
                Some(as_of) => as_of,
                None => store.as_of()?,
            },
            actor: actor.id,
            session: uuid::Uuid::nil(),
            wall_ms,
            new_action,
            resolve: deed.resolve,
            home: Spaces {
                facility: hospital.space,
                district: self.district.first().district(),
            },
        };
        let most = action.drafts.len();
        let before = self.mark_for_power_cut(desk)?;
        self.desks[desk].latest_ms = self.desks[desk].latest_ms.max(wall_ms);
        let saved = match store.save(action) {
            Ok(saved) => saved,
            Err(SaveError::Problems(problems)) => {
                let codes: Vec<&str> = problems.iter().map(|problem| problem.code.as_str()).collect();
                self.say_at(desk, &format!("{} {}, but is told {codes:?}", actor.name, deed.what));
                return Ok(());
            }
            Err(SaveError::Store(error)) => {
                if !self.desks[desk].is_fallen {
                    self.oracle.untold[desk] += most;
                }
                return Err(error).context("a save failed");
            }
        };
        drop(store);
        if deed.resolve {
            self.oracle.decisions.note(&saved.changes, &deed.expected);
        }
        if let Some(before) = before {
            if !self.desks[desk].is_fallen {
                self.oracle.untold[desk] += saved.changes.len();
            }
            self.say_at(
                desk,
                &format!("{} {}; the power fails in the middle", actor.name, deed.what),
            );
            return self.power_cut_since(desk, before);
        }
        let (first, count) = (
            saved.changes.first().map_or(0, |change| change.seq),
            saved.changes.len(),
        );
        self.say_at(
            desk,
            &format!("{} {}: saved ({count} from {first})", actor.name, deed.what),
        );
        if self.chance.percent(3) {
            self.fault("desk killed right after a save");
            self.desks[desk].lose_power()?;
        }
        // A save wakes the worker.
        self.desks[desk].due_ms = i64::MIN;
        if self.desks[desk].is_fallen {
            let (store, restored) = (self.desks[desk].store().clone(), self.district.restored);
            return self.oracle.keep_twin(&store, desk, &saved.changes, restored);
        }
        let now_ms = self.now_ms();
        let told = self
            .oracle
            .acknowledge(&mut self.desks[desk], &saved.changes, &deed.expected, now_ms);
        told.with_context(|| self.desks[desk].name.clone())
    }

    /// One of the patients this desk knows, those who came lately more often.
    pub fn somebody(&mut self, desk: usize) -> Result<Option<Record>> {
        for _ in 0..3 {
            let patients = &self.hospitals[self.desks[desk].hospital].patients;
            let last = patients.len().saturating_sub(10);
            let from = if self.chance.percent(70) { last } else { 0 };
            let Some(who) = self.chance.pick(patients.get(from..).unwrap_or_default()) else {
                return Ok(None);
            };
            let id = who.id;
            if let Some(record) = self.read(desk, |records| records.get("patient", id))? {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    /// What a patient was called when they came.
    pub fn name_of(&self, id: RecordId) -> String {
        let mut patients = self.hospitals.iter().flat_map(|hospital| &hospital.patients);
        let who = patients.find(|patient| patient.id == id);
        who.map_or_else(|| "something".to_owned(), |patient| patient.name.clone())
    }

    pub fn desk_ms(&self, desk: usize) -> i64 {
        match self.desks[desk].clock {
            WallClock::AheadMs(ahead_ms) => self.now_ms() + ahead_ms,
            WallClock::FrozenMs(at_ms) => at_ms,
        }
    }

    pub fn read<T>(&self, desk: usize, job: impl FnOnce(&dyn Records) -> domain::Read<T>) -> Result<T> {
        let answer = self.desks[desk]
            .store()
            .read(|records, _| Ok::<_, StoreError>(job(records)))?;
        Ok(answer?)
    }
}

/// A made-up value as the story tells it.
fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("“{text}”"),
        _ => "as it was".to_owned(),
    }
}
