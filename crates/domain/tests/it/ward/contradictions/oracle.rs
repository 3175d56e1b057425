//! What contradicts, told moment by moment from the plain records and by none of the product's rules.

use std::collections::{BTreeMap, BTreeSet};

use domain::ward::same::Profile;

use super::*;

/// A claim on something from when until when.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: i64,
    to: i64,
}

impl Span {
    fn covers(self, moment: i64) -> bool {
        self.from <= moment && moment < self.to
    }
}

struct Stay {
    id: RecordId,
    bed: RecordId,
    encounter: RecordId,
    person: RecordId,
    span: Span,
}

struct Admission {
    id: RecordId,
    patient: RecordId,
    person: RecordId,
    span: Span,
}

/// The plain records.
pub struct Oracle<'a> {
    scene: &'a Scene,
    stays: Vec<Stay>,
    admissions: Vec<Admission>,
    moments: Vec<i64>,
}

type Told = Vec<(&'static str, BTreeSet<RecordId>)>;

fn instant(value: &domain::Value) -> Option<i64> {
    match value {
        domain::Value::Time(time) => Some(time.0),
        _ => None,
    }
}

fn is(record: &Record, field: &str, word: &str) -> bool {
    matches!(record.value(field), domain::Value::Code(held) if held == word)
}

fn named(record: &Record, field: &str) -> Option<RecordId> {
    match record.value(field) {
        domain::Value::Ref(id) => Some(*id),
        _ => None,
    }
}

impl<'a> Oracle<'a> {
    pub fn of(scene: &'a Scene) -> Oracle<'a> {
        let mut oracle = Oracle {
            scene,
            stays: Vec::new(),
            admissions: Vec::new(),
            moments: Vec::new(),
        };
        let end = |record: &Record, field: &str| instant(record.value(field)).unwrap_or(i64::MAX);
        for each in oracle.all("encounter") {
            if let (Some(from), Some(patient)) = (instant(each.value("admitted_at")), named(&each, "patient")) {
                let span = Span {
                    from,
                    to: end(&each, "discharged_at"),
                };
                let person = oracle.person(patient);
                oracle.admissions.push(Admission {
                    id: each.id,
                    patient,
                    person,
                    span,
                });
            }
        }
        for each in oracle.all("bed_stay") {
            let (Some(bed), Some(encounter)) = (named(&each, "bed"), named(&each, "encounter")) else {
                continue;
            };
            let owner = scene.world.get("encounter", encounter).unwrap();
            let patient = owner.as_ref().and_then(|owner| named(owner, "patient"));
            let Some(from) = instant(each.value("from")) else {
                continue;
            };
            oracle.stays.push(Stay {
                id: each.id,
                bed,
                encounter,
                person: patient.map_or(encounter, |patient| oracle.person(patient)),
                span: Span {
                    from,
                    to: end(&each, "to"),
                },
            });
        }
        // Everything happens on whole steps: a moment within each of them sees all there is to see.
        let start = at(20, 9, 0).0;
        oracle.moments = (0..170).map(|step| start + step * STEP * Time::MINUTE_MS + 1).collect();
        oracle
    }

    fn all(&self, kind: &str) -> Vec<Record> {
        self.scene.world.all(kind).unwrap()
    }

    /// Follows `same_as` while it leads to a registration that stands.
    fn person(&self, patient: RecordId) -> RecordId {
        let next = |from: RecordId| {
            let own = self
                .scene
                .world
                .get("patient", from)
                .unwrap()
                .filter(|own| !own.is_voided())?;
            let to = named(&own, "same_as")?;
            self.scene
                .world
                .get("patient", to)
                .unwrap()
                .filter(|to| !to.is_voided())
                .map(|to| to.id)
        };
        let mut at = patient;
        // After so many steps one is at the end, or goes round.
        for _ in 0..200 {
            match next(at) {
                Some(to) => at = to,
                None => return at,
            }
        }
        let mut ring = BTreeSet::new();
        while ring.insert(at) {
            at = next(at).unwrap();
        }
        *ring.first().unwrap()
    }

    pub fn moments(&self) -> impl Iterator<Item = Time> {
        self.moments.iter().map(|moment| Time(*moment))
    }

    pub fn people_in(&self, moment: Time) -> i64 {
        self.people(moment).len() as i64
    }

    fn people(&self, moment: Time) -> BTreeSet<RecordId> {
        let there = self.admissions.iter().filter(|each| each.span.covers(moment.0));
        there.map(|each| each.person).collect()
    }

    fn lying(&self, moment: Time) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(move |stay| stay.span.covers(moment.0))
    }

    pub fn stays_at(&self, moment: Time) -> i64 {
        self.lying(moment).count() as i64
    }

    pub fn beds_taken(&self, moment: Time) -> i64 {
        self.lying(moment).map(|stay| stay.bed).collect::<BTreeSet<_>>().len() as i64
    }

    pub fn shares_a_bed(&self, moment: Time) -> bool {
        self.beds_taken(moment) < self.stays_at(moment)
    }

    /// Who is in and in no bed; stays of a person beyond the first; people in a bed who are not in.
    pub fn between_census_and_beds(&self, moment: Time) -> (i64, i64, i64) {
        let people = self.people(moment);
        let in_bed: BTreeSet<RecordId> = self.lying(moment).map(|stay| stay.person).collect();
        (
            people.difference(&in_bed).count() as i64,
            self.stays_at(moment) - in_bed.len() as i64,
            in_bed.difference(&people).count() as i64,
        )
    }

    fn meet(&self, a: Span, b: Span) -> bool {
        self.moments.iter().any(|moment| a.covers(*moment) && b.covers(*moment))
    }

    /// Every contradiction, by its word and the ids of its records.
    pub fn contradictions(&self) -> Told {
        let mut told = self.admitted_twice();
        let twice = told.clone();
        self.double_stays(&twice, &mut told);
        self.stays_that_should_not_be(&mut told);
        self.holds(&mut told);
        self.stock(&mut told);
        self.triage(&mut told);
        self.people_alike(&mut told);
        told.sort();
        told
    }

    fn admitted_twice(&self) -> Told {
        let mut groups: Vec<Vec<&Admission>> = Vec::new();
        for each in &self.admissions {
            let is_near = |group: &Vec<&Admission>| {
                group
                    .iter()
                    .any(|other| other.person == each.person && self.meet(other.span, each.span))
            };
            let (near, mut far): (Vec<_>, Vec<_>) = groups.into_iter().partition(is_near);
            let mut joined: Vec<&Admission> = near.into_iter().flatten().collect();
            joined.push(each);
            far.push(joined);
            groups = far;
        }
        let twice = groups.into_iter().filter(|group| group.len() > 1);
        twice
            .map(|group| ("admitted_twice", group.iter().map(|each| each.id).collect()))
            .collect()
    }

    fn double_stays(&self, twice: &Told, told: &mut Told) {
        for (place, a) in self.stays.iter().enumerate() {
            for b in &self.stays[place + 1..] {
                if !self.meet(a.span, b.span) || a.bed != b.bed && a.person != b.person {
                    continue;
                }
                let both = [a.encounter, b.encounter];
                let is_told = both[0] != both[1] && twice.iter().any(|(_, ids)| both.iter().all(|id| ids.contains(id)));
                if is_told {
                    continue;
                }
                let what = match (a.person == b.person, a.bed == b.bed) {
                    (false, _) => "two_in_one_bed",
                    (true, true) => "one_stay_twice",
                    (true, false) => "one_in_two_beds",
                };
                told.push((what, [a.id, b.id].into()));
            }
        }
    }

    fn stays_that_should_not_be(&self, told: &mut Told) {
        for stay in &self.stays {
            let own = self.admissions.iter().find(|each| each.id == stay.encounter);
            let exists = self.scene.world.get("encounter", stay.encounter).unwrap().is_some();
            let is_in = |moment: i64| own.is_some_and(|own| own.span.covers(moment));
            let lies_outside = |moment: &&i64| stay.span.covers(**moment) && !is_in(**moment);
            if exists && self.moments.iter().find(lies_outside).is_some() {
                told.push(("outside_admission", [stay.id, stay.encounter].into()));
            }
            let bed = self.scene.world.get("bed", stay.bed).unwrap().unwrap();
            if stay.span.to == i64::MAX && is(&bed, "retired", "yes") {
                told.push(("in_closed_place", [stay.id, bed.id].into()));
            }
        }
        for each in self.admissions.iter().filter(|each| each.span.to == i64::MAX) {
            let patient = self.scene.world.get("patient", each.patient).unwrap().unwrap();
            if patient.is_voided() {
                told.push(("voided_patient", [patient.id, each.id].into()));
            }
        }
    }

    fn holds(&self, told: &mut Told) {
        let holds: Vec<Record> = self
            .all("bed_hold")
            .into_iter()
            .filter(|hold| hold.value("to").is_empty())
            .collect();
        let for_whom = |hold: &Record| {
            let encounter = named(hold, "encounter")?;
            let owner = self.scene.world.get("encounter", encounter).unwrap().unwrap();
            named(&owner, "patient").map(|patient| self.person(patient))
        };
        for (place, hold) in holds.iter().enumerate() {
            let bed = named(hold, "bed");
            for stay in self
                .stays
                .iter()
                .filter(|stay| Some(stay.bed) == bed && stay.span.to == i64::MAX)
            {
                let later = Some(stay.span.from) >= instant(hold.value("from"));
                let another = for_whom(hold).is_some_and(|person| person != stay.person);
                if is(hold, "reason", "blocked") {
                    told.push(("in_blocked_bed", [stay.id, hold.id].into()));
                } else if is(hold, "reason", "held") && another && later {
                    told.push(("in_held_bed", [stay.id, hold.id].into()));
                }
            }
            for other in holds[place + 1..].iter().filter(|other| named(other, "bed") == bed) {
                let [a, b] = [hold, other].map(|hold| is(hold, "reason", "held"));
                let blocked = is(hold, "reason", "blocked") || is(other, "reason", "blocked");
                let two = for_whom(hold).zip(for_whom(other)).is_some_and(|(a, b)| a != b);
                if a && b && two || (a || b) && blocked {
                    told.push(("held_twice", [hold.id, other.id].into()));
                }
            }
        }
    }

    fn stock(&self, told: &mut Told) {
        let mut entries = self.all("stock_entry");
        entries.sort_by_key(|entry| (instant(entry.value("at")), entry.id));
        let milli = |entry: &Record, field: &str| match entry.value(field) {
            domain::Value::Decimal(number) => number.digits,
            _ => 0,
        };
        let sums: Vec<i64> = entries
            .iter()
            .scan(0, |sum, entry| {
                *sum += match entry.value("movement") {
                    domain::Value::Code(word) if word == "receive" => milli(entry, "quantity"),
                    domain::Value::Code(word) if word == "issue" => -milli(entry, "quantity"),
                    _ => milli(entry, "counted") - milli(entry, "expected"),
                };
                Some(*sum)
            })
            .collect();
        let counted = entries.iter().rposition(|entry| is(entry, "movement", "count"));
        let since = counted.unwrap_or(0);
        let short = |place: usize| {
            let before = place.checked_sub(1).map_or(0, |before| sums[before]);
            sums[place] < 0 && (sums[place] < before || Some(place) == counted)
        };
        let mut named: Vec<RecordId> = (since..entries.len())
            .filter(|place| short(*place))
            .map(|place| entries[place].id)
            .collect();
        let is_below = sums.last().is_some_and(|sum| *sum < 0);
        if is_below || !named.is_empty() {
            let last = named.split_off(named.len().saturating_sub(6));
            let what = if is_below {
                "stock_below_zero"
            } else {
                "stock_was_below_zero"
            };
            told.push((what, last.into_iter().chain([id(OXYGEN)]).collect()));
        }
    }

    fn triage(&self, told: &mut Told) {
        let all = self.all("triage");
        for shift in ["morning", "evening"] {
            let own: Vec<&Record> = all.iter().filter(|entry| is(entry, "shift", shift)).collect();
            let is_corrected = |entry: &Record| own.iter().any(|other| named(other, "amends") == Some(entry.id));
            let standing: BTreeSet<RecordId> = own
                .iter()
                .filter(|entry| !is_corrected(entry))
                .map(|entry| entry.id)
                .collect();
            if standing.len() > 1 {
                told.push(("two_triage_entries", standing));
            }
        }
        for entry in &all {
            if let Some(amended) = named(entry, "amends")
                && self.scene.world.get("triage", amended).unwrap().unwrap().is_voided()
            {
                told.push(("corrected_after_void", [amended, entry.id].into()));
            }
        }
    }

    fn people_alike(&self, told: &mut Told) {
        let mut apart = BTreeSet::new();
        for each in self.all("told_apart") {
            let (first, second) = (named(&each, "first").unwrap(), named(&each, "second").unwrap());
            let both = [self.person(first), self.person(second)];
            if both[0] == both[1] {
                told.push(("merged_and_told_apart", [first, second, each.id].into()));
            }
            apart.insert(BTreeSet::from(both));
        }
        let patients = self.all("patient");
        let today = self.scene.now.day(INDIA);
        // One pair stands for two people, however many registrations each has.
        let mut pairs: BTreeMap<BTreeSet<RecordId>, BTreeSet<RecordId>> = BTreeMap::new();
        let mut in_order: Vec<&Record> = patients.iter().collect();
        in_order.sort_by_key(|each| each.id);
        let is_new = |each: &Record| domain::entities::rules::written_at(each.id).is_some();
        let is_in = |each: &Record| {
            self.admissions
                .iter()
                .any(|own| own.patient == each.id && own.span.to == i64::MAX)
        };
        for (place, a) in in_order.iter().enumerate() {
            for b in &in_order[place + 1..] {
                let both = BTreeSet::from([self.person(a.id), self.person(b.id)]);
                let concerns = [a, b].iter().any(|each| is_new(each) || is_in(each));
                let probable = Profile::of(a).probable(&Profile::of(b), today).is_some();
                if both.len() == 2 && !apart.contains(&both) && concerns && probable {
                    pairs.entry(both).or_insert_with(|| [a.id, b.id].into());
                }
            }
        }
        told.extend(pairs.into_values().map(|pair| ("likely_one", pair)));
    }
}
