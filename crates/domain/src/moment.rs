//! One moment of the records, in which each record and each list is read once: the parts of a page ask for the same people,
//! stays and beds again and again. What was answered may be kept for the next page: see [`Memory`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::memory::{List, Memory};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::line::PatientLine;
use crate::ward::conflicts::{Lasting, WardConflict};
use crate::ward::persons::Persons;
use crate::ward::presence::{self, Presence};
use crate::ward::same::{self, Probable, Profile};
use crate::world::{Balance, FieldConflict, InEncounter, Live, Read, Records};

/// What was answered stays the answer, so that this must not outlive the moment in which what is beneath stands still.
pub struct Moment<'a> {
    beneath: &'a dyn Records,
    memory: RefCell<Memory>,
}

impl<'a> Moment<'a> {
    pub fn of(beneath: &'a dyn Records) -> Moment<'a> {
        Moment::with(beneath, Memory::default())
    }

    /// The same, of which `memory` knows something already.
    pub fn with(beneath: &'a dyn Records, memory: Memory) -> Moment<'a> {
        let memory = RefCell::new(memory);
        Moment { beneath, memory }
    }

    /// All that was answered.
    pub fn into_memory(self) -> Memory {
        self.memory.into_inner()
    }

    fn list(&self, kind: &str, which: &List<'_>, ask: impl FnOnce() -> Read<Vec<Record>>) -> Read<Vec<Record>> {
        if let Some(known) = self.memory.borrow().list(kind, which) {
            return Ok(known.to_vec());
        }
        let records = ask()?;
        self.memory.borrow_mut().note_list(kind, which, records.clone());
        Ok(records)
    }
}

impl Records for Moment<'_> {
    fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>> {
        if let Some(known) = self.memory.borrow().record(kind, id) {
            return Ok(known.cloned());
        }
        let record = self.beneath.get(kind, id)?;
        self.memory.borrow_mut().note_record(kind, id, record.clone());
        Ok(record)
    }

    fn all(&self, kind: &str) -> Read<Vec<Record>> {
        self.list(kind, &List::All, || self.beneath.all(kind))
    }

    fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>> {
        self.list(kind, &List::By(field, value), || self.beneath.by(kind, field, value))
    }

    fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>> {
        self.list(kind, &List::Between(field, from, to), || {
            self.beneath.between(kind, field, from, to)
        })
    }

    fn open(&self, kind: &str) -> Read<Vec<Record>> {
        self.list(kind, &List::Open, || self.beneath.open(kind))
    }

    fn claims(&self, kind: &str, field: &str, value: &Value, span: (Time, Time)) -> Read<Vec<Record>> {
        self.beneath.claims(kind, field, value, span)
    }

    fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>> {
        self.beneath.overlapping(kind)
    }

    fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>> {
        if let Some(known) = self.memory.borrow().balances(kind) {
            return Ok(known.clone());
        }
        let balances = self.beneath.balances(kind)?;
        self.memory.borrow_mut().note_balances(kind, balances.clone());
        Ok(balances)
    }

    fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>> {
        self.beneath.search(kind, text, limit)
    }

    fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>> {
        if let Some(known) = self.memory.borrow().alike(kind, live) {
            return Ok(known.to_vec());
        }
        let pairs = self.beneath.alike(kind, live)?;
        self.memory.borrow_mut().note_alike(kind, live, pairs.clone());
        Ok(pairs)
    }

    fn conflicts(&self) -> Read<Vec<FieldConflict>> {
        self.beneath.conflicts()
    }

    fn presences(&self, since: Time) -> Read<Arc<Vec<Presence>>> {
        if let Some(known) = self.memory.borrow().presences(since) {
            return Ok(known);
        }
        let presences = Arc::new(presence::read(self, since)?);
        self.memory.borrow_mut().note_presences(since, Arc::clone(&presences));
        Ok(presences)
    }

    fn profile(&self, patient: RecordId) -> Read<Option<Arc<Profile>>> {
        if let Some(known) = self.memory.borrow().profile(patient) {
            return Ok(known);
        }
        let profile = self.beneath.profile(patient)?;
        self.memory.borrow_mut().note_profile(patient, profile.clone());
        Ok(profile)
    }

    fn probable(&self, live: &Live, today: Date) -> Read<Arc<Vec<Probable>>> {
        if let Some(known) = self.memory.borrow().probable(live, today) {
            return Ok(known);
        }
        let probable = Arc::new(same::probable(self, live, today)?);
        self.memory
            .borrow_mut()
            .note_probable(live, today, Arc::clone(&probable));
        Ok(probable)
    }

    fn known_line(&self, of: InEncounter, role: &str, today: Date) -> Option<Arc<PatientLine>> {
        self.memory.borrow().line(of, role, today)
    }

    fn note_line(&self, of: InEncounter, role: &str, today: Date, line: &Arc<PatientLine>) {
        self.memory.borrow_mut().note_line(of, role, today, Arc::clone(line));
    }

    fn known_contradictions(&self, now: Time, today: Date) -> Option<Arc<Vec<WardConflict>>> {
        self.memory.borrow().contradictions(now, today)
    }

    fn note_contradictions(&self, today: Date, lasting: &Lasting) {
        self.memory.borrow_mut().note_contradictions(today, lasting.clone());
    }

    fn persons(&self) -> Read<Arc<Persons>> {
        if let Some(known) = self.memory.borrow().persons() {
            return Ok(known);
        }
        let persons = Arc::new(Persons::read(self)?);
        self.memory.borrow_mut().note_persons(Arc::clone(&persons));
        Ok(persons)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use uuid::Uuid;

    use super::*;
    use crate::entities::{bed, ward};
    use crate::world::Overlay;

    /// Records that count what is asked of them.
    struct Counted {
        beneath: Overlay<'static>,
        asked: Cell<usize>,
    }

    impl Counted {
        fn beneath(&self) -> &dyn Records {
            self.asked.set(self.asked.get() + 1);
            &self.beneath
        }
    }

    impl Records for Counted {
        fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>> {
            self.beneath().get(kind, id)
        }

        fn all(&self, kind: &str) -> Read<Vec<Record>> {
            self.beneath().all(kind)
        }

        fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>> {
            self.beneath().by(kind, field, value)
        }

        fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>> {
            self.beneath().between(kind, field, from, to)
        }

        fn open(&self, kind: &str) -> Read<Vec<Record>> {
            self.beneath().open(kind)
        }

        fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>> {
            self.beneath().overlapping(kind)
        }

        fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>> {
            self.beneath().balances(kind)
        }

        fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>> {
            self.beneath().search(kind, text, limit)
        }

        fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>> {
            self.beneath().alike(kind, live)
        }

        fn conflicts(&self) -> Read<Vec<FieldConflict>> {
            self.beneath().conflicts()
        }
    }

    fn id(number: u128) -> RecordId {
        RecordId(Uuid::from_u128(number))
    }

    fn bed_in(ward: u128, number: u128) -> Record {
        Record::new("bed", id(number))
            .with(&bed::WARD, id(ward))
            .with(&bed::LABEL, format!("A{number}"))
    }

    #[test]
    fn what_was_read_once_is_not_read_again_and_is_what_was_read() {
        let mut beneath = Overlay::alone();
        for number in 10..14 {
            beneath.put(bed_in(1 + number % 2, number));
        }
        beneath.put(Record::new("ward", id(1)).with(&ward::NAME, "North".to_owned()));
        let counted = Counted {
            beneath,
            asked: Cell::new(0),
        };
        let (one, other) = (Value::Ref(id(1)), Value::Ref(id(2)));
        type Ask<'a> = Box<dyn Fn(&dyn Records) -> Vec<Record> + 'a>;
        let asks: [(&str, Ask<'_>); 6] = [
            (
                "a record",
                Box::new(|all| all.get("ward", id(1)).unwrap().into_iter().collect()),
            ),
            (
                "one that is not",
                Box::new(|all| all.get("ward", id(2)).unwrap().into_iter().collect()),
            ),
            (
                "a kind of that id that is not",
                Box::new(|all| all.get("item", id(1)).unwrap().into_iter().collect()),
            ),
            (
                "the beds of a ward",
                Box::new(|all| all.by("bed", "ward", &one).unwrap()),
            ),
            (
                "the beds of another",
                Box::new(|all| all.by("bed", "ward", &other).unwrap()),
            ),
            (
                "beds of both",
                Box::new(|all| all.between("bed", "ward", &one, &Value::Ref(id(3))).unwrap()),
            ),
        ];
        let moment = Moment::of(&counted);
        for (number, (what, ask)) in asks.iter().enumerate() {
            for _ in 0..2 {
                assert_eq!(ask(&moment), ask(&counted.beneath), "{what}");
            }
            assert_eq!(counted.asked.get(), number + 1, "{what}");
        }
        // What stood in a list is known, and what somebody makes of it stays theirs.
        let mut known = moment.get("bed", id(10)).unwrap().unwrap();
        assert_eq!(counted.asked.get(), asks.len());
        known.fields.insert(bed::LABEL.name().to_owned(), Value::Empty);
        assert_eq!(moment.get("bed", id(10)).unwrap(), Some(bed_in(1, 10)));
        assert_eq!(Moment::of(&counted).get("bed", id(10)).unwrap(), Some(bed_in(1, 10)));
    }
}
