//! What was asked of the records, and answered: for a page whose parts ask for the same again and again, and for the next page,
//! which asks for nearly the same. Whoever keeps it tells it of each record that was written meanwhile; what neither names that
//! record nor could name it now stays.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::entities::{bed_stay, encounter, patient, round};
use crate::record::{Record, VOIDED};
use crate::value::{Date, RecordId, Time, Value};
use crate::views::line::PatientLine;
use crate::ward::conflicts::{Lasting, WardConflict};
use crate::ward::persons::Persons;
use crate::ward::presence::Presence;
use crate::ward::same::{Probable, Profile, traits};
use crate::world::{Balance, InEncounter, Live, interval};

/// So many records are named by what is kept at most: several times what the pages of a hospital of 500 beds read.
const MOST: usize = 50_000;

/// Answers about one moment of the records.
#[derive(Default)]
pub struct Memory {
    kinds: HashMap<String, OfKind>,
    persons: Option<Arc<Persons>>,
    /// By the registration; nothing where there is no such.
    profiles: HashMap<RecordId, Option<Arc<Profile>>>,
    /// With those and the day of which they were asked.
    probable: Option<(Live, Date, Arc<Vec<Probable>>)>,
    /// By the time since when.
    presences: HashMap<Time, Arc<Vec<Presence>>>,
    lines: Lines,
    /// With the day of which they were asked.
    contradictions: Option<(Date, Lasting)>,
    /// How many records all answers name.
    named: usize,
}

/// Lines as one role sees them on one day. All that a line was made of is known too, or it would not stay.
#[derive(Default)]
struct Lines {
    seen: Option<(String, Date)>,
    of: HashMap<InEncounter, Arc<PatientLine>>,
}

/// Which lines a record is part of.
enum Made {
    Of(Vec<Subject>),
    /// It may be any.
    Any,
}

enum Subject {
    Encounter(RecordId),
    Registration(RecordId),
}

impl Subject {
    fn is_in(&self, line: &PatientLine) -> bool {
        match self {
            Subject::Encounter(id) => line.encounter == Some(*id),
            Subject::Registration(id) => line.patient == *id,
        }
    }
}

/// Answers about records of one kind.
#[derive(Default)]
struct OfKind {
    /// Nothing where there is no such record.
    records: HashMap<RecordId, Option<Record>>,
    all: Option<Vec<Record>>,
    open: Option<Vec<Record>>,
    by: HashMap<String, HashMap<Value, Vec<Record>>>,
    between: Vec<(String, Value, Value, Vec<Record>)>,
    balances: Option<BTreeMap<RecordId, Balance>>,
    /// With those whom they were asked of.
    alike: Option<(Live, Vec<Pair>)>,
}

type Pair = (RecordId, RecordId);

/// Which records of a kind were asked for.
pub enum List<'a> {
    All,
    Open,
    /// Those whose field holds the value.
    By(&'a str, &'a Value),
    /// Those whose field lies from the one value to the other, which is excluded.
    Between(&'a str, &'a Value, &'a Value),
}

impl Memory {
    /// The record, or that there is none.
    pub fn record(&self, kind: &str, id: RecordId) -> Option<Option<&Record>> {
        let known = self.kinds.get(kind)?.records.get(&id)?;
        Some(known.as_ref())
    }

    pub fn list(&self, kind: &str, which: &List<'_>) -> Option<&[Record]> {
        let of_kind = self.kinds.get(kind)?;
        let known = match which {
            List::All => of_kind.all.as_ref(),
            List::Open => of_kind.open.as_ref(),
            List::By(field, value) => of_kind.by.get(*field)?.get(value),
            List::Between(field, from, to) => of_kind
                .between
                .iter()
                .find(|known| known.0 == *field && known.1 == **from && known.2 == **to)
                .map(|known| &known.3),
        };
        known.map(Vec::as_slice)
    }

    pub fn balances(&self, kind: &str) -> Option<&BTreeMap<RecordId, Balance>> {
        self.kinds.get(kind)?.balances.as_ref()
    }

    pub fn alike(&self, kind: &str, live: &Live) -> Option<&[Pair]> {
        let (of, pairs) = self.kinds.get(kind)?.alike.as_ref()?;
        (of == live).then_some(pairs.as_slice())
    }

    pub fn persons(&self) -> Option<Arc<Persons>> {
        self.persons.clone()
    }

    /// The patient as they are compared, or that there is none.
    pub fn profile(&self, patient: RecordId) -> Option<Option<Arc<Profile>>> {
        self.profiles.get(&patient).cloned()
    }

    pub fn probable(&self, live: &Live, today: Date) -> Option<Arc<Vec<Probable>>> {
        let (of, on, known) = self.probable.as_ref()?;
        (of == live && *on == today).then(|| Arc::clone(known))
    }

    pub fn presences(&self, since: Time) -> Option<Arc<Vec<Presence>>> {
        self.presences.get(&since).cloned()
    }

    /// The line of a registration in an encounter, as the role sees it on that day.
    pub fn line(&self, of: InEncounter, role: &str, today: Date) -> Option<Arc<PatientLine>> {
        let (seen_by, on) = self.lines.seen.as_ref()?;
        let line = self.lines.of.get(&of).filter(|_| seen_by == role && *on == today);
        line.map(Arc::clone)
    }

    pub fn contradictions(&self, now: Time, today: Date) -> Option<Arc<Vec<WardConflict>>> {
        let (on, lasting) = self.contradictions.as_ref()?;
        (*on == today && lasting.from <= now && now < lasting.until).then(|| Arc::clone(&lasting.found))
    }

    pub fn note_record(&mut self, kind: &str, id: RecordId, record: Option<Record>) {
        self.named += 1;
        self.of(kind).records.insert(id, record);
    }

    pub fn note_list(&mut self, kind: &str, which: &List<'_>, records: Vec<Record>) {
        self.named += 2 * records.len() + 1;
        let of_kind = self.of(kind);
        let each = records.iter().map(|each| (each.id, Some(each.clone())));
        of_kind.records.extend(each);
        match which {
            List::All => of_kind.all = Some(records),
            List::Open => of_kind.open = Some(records),
            List::By(field, value) => {
                let by = of_kind.by.entry((*field).to_owned()).or_default();
                by.insert((*value).clone(), records);
            }
            List::Between(field, from, to) => {
                let which = ((*field).to_owned(), (*from).clone(), (*to).clone());
                of_kind.between.push((which.0, which.1, which.2, records));
            }
        }
    }

    pub fn note_balances(&mut self, kind: &str, balances: BTreeMap<RecordId, Balance>) {
        self.named += balances.len();
        self.of(kind).balances = Some(balances);
    }

    pub fn note_alike(&mut self, kind: &str, live: &Live, pairs: Vec<Pair>) {
        self.named += pairs.len();
        self.of(kind).alike = Some((live.clone(), pairs));
    }

    pub fn note_persons(&mut self, persons: Arc<Persons>) {
        self.persons = Some(persons);
    }

    pub fn note_profile(&mut self, patient: RecordId, profile: Option<Arc<Profile>>) {
        self.named += 1;
        self.profiles.insert(patient, profile);
    }

    pub fn note_probable(&mut self, live: &Live, today: Date, probable: Arc<Vec<Probable>>) {
        self.named += probable.len();
        self.probable = Some((live.clone(), today, probable));
    }

    pub fn note_presences(&mut self, since: Time, presences: Arc<Vec<Presence>>) {
        self.named += presences.len();
        self.presences.insert(since, presences);
    }

    pub fn note_line(&mut self, of: InEncounter, role: &str, today: Date, line: Arc<PatientLine>) {
        let is_seen = |(seen_by, on): &(String, Date)| seen_by == role && *on == today;
        if !self.lines.seen.as_ref().is_some_and(is_seen) {
            self.lines = Lines {
                seen: Some((role.to_owned(), today)),
                of: HashMap::new(),
            };
        }
        self.named += 1;
        self.lines.of.insert(of, line);
    }

    pub fn note_contradictions(&mut self, today: Date, lasting: Lasting) {
        self.named += lasting.found.len();
        self.contradictions = Some((today, lasting));
    }

    /// Takes note that the record was written and is like this `now`.
    pub fn wrote(&mut self, now: &Record) {
        let before = self.record(&now.kind, now.id).flatten();
        let is_as_before = |field: &str| before.is_some_and(|before| before.value(field) == now.value(field));
        let is_patient = now.kind == patient::PATIENT.kind;
        let is_one_as_before = !is_patient || is_as_before(patient::SAME_AS.name()) && is_as_before(VOIDED);
        let profile = |of: &Record| (is_patient && !of.is_voided()).then(|| Profile::of(of));
        let is_compared_as_before = before.is_some_and(|before| profile(before) == profile(now));
        let is_alike_as_before = is_compared_as_before || before.is_some_and(|before| traits(before) == traits(now));
        let lines = self.made_of(now, before, is_one_as_before);
        let contradicts_as_before = match now.kind.as_str() {
            "patient" => is_one_as_before && is_compared_as_before,
            "round" => round::AMENDS.of(now).is_none() && !now.is_voided(),
            "consent" | "audit_event" => true,
            _ => false,
        };
        let names_it = |(_, lasting): &(Date, Lasting)| {
            let mut named = lasting.found.iter().flat_map(|each| &each.records);
            named.any(|record| record.id == now.id)
        };
        if !contradicts_as_before || self.contradictions.as_ref().is_some_and(names_it) {
            self.contradictions = None;
        }
        match lines {
            Made::Any => self.lines = Lines::default(),
            Made::Of(subjects) => self
                .lines
                .of
                .retain(|_, line| !subjects.iter().any(|each| each.is_in(line))),
        }
        if !is_one_as_before {
            self.persons = None;
        }
        if is_patient && !is_compared_as_before {
            self.profiles.remove(&now.id);
            self.probable = None;
        }
        if !is_one_as_before || now.kind == encounter::ENCOUNTER.kind {
            self.presences.clear();
        }
        let Some(of_kind) = self.kinds.get_mut(&now.kind) else {
            return;
        };
        of_kind.balances = None;
        of_kind.alike.take_if(|_| !is_alike_as_before);
        of_kind.records.remove(&now.id);
        let stays = |list: &Vec<Record>, could_name: bool| !could_name && list.iter().all(|each| each.id != now.id);
        let is_shown = !now.is_voided();
        let is_open = interval(&now.kind).is_some_and(|interval| now.value(interval.to).is_empty());
        of_kind.all.take_if(|list| !stays(list, is_shown));
        of_kind.open.take_if(|list| !stays(list, is_shown && is_open));
        for (field, lists) in &mut of_kind.by {
            lists.retain(|value, list| stays(list, is_shown && now.value(field) == value));
        }
        of_kind.between.retain(|(field, from, to, list)| {
            let value = now.value(field);
            stays(list, is_shown && value >= from && value < to)
        });
    }

    /// Which lines the record is made part of, or was before.
    fn made_of(&self, now: &Record, before: Option<&Record>, is_one_as_before: bool) -> Made {
        let of_both = |field: &str| {
            let values = [Some(now), before].into_iter().flatten().map(|each| each.value(field));
            let encounters = values.filter_map(|value| match value {
                Value::Ref(id) => Some(Subject::Encounter(*id)),
                _ => None,
            });
            Made::Of(encounters.collect())
        };
        match now.kind.as_str() {
            "encounter" => Made::Of(vec![Subject::Encounter(now.id)]),
            "round" => of_both(round::ENCOUNTER.name()),
            "bed_stay" => of_both(bed_stay::ENCOUNTER.name()),
            "patient" => match self.persons.as_ref().filter(|_| is_one_as_before) {
                Some(persons) => {
                    let theirs = persons.registrations(now.id).into_iter();
                    Made::Of(theirs.map(Subject::Registration).collect())
                }
                None => Made::Any,
            },
            "bed" | "ward" => Made::Any,
            _ => Made::Of(Vec::new()),
        }
    }

    /// Whether it is worth to be kept no longer, since it has become large.
    pub fn is_full(&self) -> bool {
        self.named > MOST
    }

    fn of(&mut self, kind: &str) -> &mut OfKind {
        self.kinds.entry(kind.to_owned()).or_default()
    }
}
