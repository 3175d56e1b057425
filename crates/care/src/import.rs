//! The import itself: each item becomes a draft, is checked against all before it, and is taken or
//! refused with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use domain::codes::{self, release::Release};
use domain::entities::entity;
use domain::world::{Overlay, Records};
use domain::{Draft, Entity, RecordId, Value, check};
use serde_json::Value as Json;

use crate::convert::{Odd, convert, is_blank, is_rounded};
use crate::finish::Finishing;
use crate::items::{File, Item, items};
use crate::mapping::{Home, MAPPINGS, Mapping, OWN_TO_CARE, mapping, record_id};
use crate::report::{Fault, Report, count};
use crate::round::SPEAKING_ZEROS;

/// What was read, ready to be written. A field that is blank in Care stands in its draft as empty,
/// so that what was cleared there can be told from what was never said.
pub struct Import {
    /// For the district's space, in order.
    pub district: Vec<Draft>,
    /// For the space of each facility, in order.
    pub facilities: BTreeMap<RecordId, Vec<Draft>>,
    pub report: Report,
}

/// Reads the files of a dump of that release of Care.
pub fn import(files: &[File], release: Release) -> Import {
    let mut report = Report::default();
    let all = items(files, &mut report);
    count_lost_rows(&all, &mut report);
    let mut reader = Reader {
        release,
        ids: BTreeMap::new(),
        units: names(&all, "facility.facilityinventoryunit"),
        tags: names(&all, "facility.facilityinventoryitemtag"),
        comorbidities: comorbidities(&all),
        workplaces: workplaces(&all),
        taken: Overlay::alone(),
        homes: BTreeMap::new(),
        import: Import {
            district: Vec::new(),
            facilities: BTreeMap::new(),
            report,
        },
    };
    for item in all
        .iter()
        .filter(|item| mapping(&item.model).is_none() && !is_folded_in(&item.model))
    {
        count(&mut reader.import.report.without_kind, &item.model);
    }
    for mapping in MAPPINGS {
        for item in all.iter().filter(|item| item.model == mapping.model) {
            reader.take(mapping, item);
        }
    }
    reader.import
}

/// Models whose content goes into the record of another.
fn is_folded_in(model: &str) -> bool {
    matches!(
        model,
        "facility.disease"
            | "facility.facilityuser"
            | "facility.facilityinventoryunit"
            | "facility.facilityinventoryitemtag"
    )
}

struct Reader {
    release: Release,
    /// Records that were taken, by kind here and key in Care.
    ids: BTreeMap<(String, String), RecordId>,
    units: BTreeMap<String, String>,
    tags: BTreeMap<String, String>,
    comorbidities: BTreeMap<String, Vec<String>>,
    /// The first facility of each user, by keys.
    workplaces: BTreeMap<String, String>,
    taken: Overlay<'static>,
    /// The facility in whose space a record lives, by model and key.
    homes: BTreeMap<(String, String), RecordId>,
    import: Import,
}

impl Reader {
    fn take(&mut self, mapping: &Mapping, item: &Item) {
        if item.fields.get("deleted").and_then(Json::as_bool) == Some(true) {
            count(&mut self.import.report.deleted, &item.model);
            return;
        }
        let Some(described) = entity(mapping.kind) else { return };
        let (draft, mut faults) = self.draft(described, mapping, item);
        let home = self.home(mapping, item);
        if let Err(field) = home {
            faults.push(fault(item, field, "unknown_reference"));
        }
        if faults.is_empty() {
            faults = self.check(item, draft.clone());
        }
        match home {
            Ok(home) if faults.is_empty() => self.keep(item, draft, home),
            _ => {
                count(&mut self.import.report.refused, &item.model);
                self.import.report.faults.extend(faults);
            }
        }
    }

    fn draft(&mut self, described: &Entity, mapping: &Mapping, item: &Item) -> (Draft, Vec<Fault>) {
        let mut draft = Draft::new(mapping.kind, record_id(item));
        let mut faults = Vec::new();
        for (theirs, ours) in mapping.fields {
            let (Some(json), Some(about)) = (item.fields.get(*theirs), described.field(ours)) else {
                continue;
            };
            let referred = |kind: &str, key: &str| self.ids.get(&(kind.to_owned(), key.to_owned())).copied();
            match convert(about.shape, json, self.release, referred) {
                // Another field of Care may say it.
                Ok(Value::Empty) => drop(draft.fields.entry((*ours).to_owned()).or_insert(Value::Empty)),
                Ok(value) => {
                    if is_rounded(json, &value) {
                        count(&mut self.import.report.rounded, &format!("{}.{theirs}", item.model));
                    }
                    draft.fields.insert((*ours).to_owned(), value);
                }
                Err(Odd::UnknownCode(code)) if !about.required => {
                    let name = format!("{}.{theirs}={}", item.model, shown(&code));
                    count(&mut self.import.report.unknown_codes, &name);
                }
                Err(Odd::UnknownReference) if !about.required => {
                    count(
                        &mut self.import.report.without_place,
                        &format!("{}.{theirs} (not in the files)", item.model),
                    );
                }
                Err(Odd::UnknownCode(_)) => faults.push(fault(item, theirs, "unknown_code")),
                Err(Odd::WrongType) => faults.push(fault(item, theirs, "wrong_type")),
                Err(Odd::UnknownReference) => faults.push(fault(item, theirs, "unknown_reference")),
            }
        }
        let looked_at = self.finish(mapping, item, &mut draft, &mut faults);
        self.fold_in(item, &mut draft);
        self.count_places(mapping, item, &looked_at);
        (draft, faults)
    }

    /// Answers the fields of Care that were looked at.
    fn finish(
        &mut self,
        mapping: &Mapping,
        item: &Item,
        draft: &mut Draft,
        faults: &mut Vec<Fault>,
    ) -> BTreeSet<String> {
        let mut finishing = Finishing::new(draft, item, self.release);
        (mapping.finish)(&mut finishing);
        let (looked_at, notes) = finishing.done();
        let report = &mut self.import.report;
        let name = |field: &str| format!("{}.{field}", item.model);
        for field in &notes.without_place {
            count(&mut report.without_place, &name(field));
        }
        for field in &notes.rounded {
            count(&mut report.rounded, &name(field));
        }
        for (field, code) in &notes.unknown_codes {
            count(&mut report.unknown_codes, &format!("{}={}", name(field), shown(code)));
        }
        faults.extend(notes.wrong_type.iter().map(|field| fault(item, field, "wrong_type")));
        looked_at
    }

    /// What stands in models of its own in Care and in the record here.
    fn fold_in(&self, item: &Item, draft: &mut Draft) {
        if let Some(found) = self
            .comorbidities
            .get(&item.pk)
            .filter(|_| item.model == "facility.patientregistration")
        {
            let known: BTreeSet<String> = found.iter().filter(|word| *word != "none").cloned().collect();
            let words = if known.is_empty() {
                BTreeSet::from(["none".to_owned()])
            } else {
                known
            };
            draft.fields.insert("comorbidities".to_owned(), Value::Codes(words));
        }
        if item.model == "users.user" && draft.fields.get("facility").is_none_or(Value::is_empty) {
            let facility = self
                .workplaces
                .get(&item.pk)
                .map(|key| ("facility".to_owned(), key.clone()));
            if let Some(id) = facility.and_then(|key| self.ids.get(&key)) {
                draft.fields.insert("facility".to_owned(), Value::Ref(*id));
            }
        }
        if item.model == "facility.facilityinventoryitem" {
            let tags = item.fields.get("tags").and_then(Json::as_array).into_iter().flatten();
            let words: BTreeSet<String> = tags
                .filter_map(|tag| codes::stock::ITEM_TAG.from_care(self.tags.get(&tag.to_string())?))
                .map(str::to_owned)
                .collect();
            if !words.is_empty() {
                draft.fields.insert("tags".to_owned(), Value::Codes(words));
            }
            let unit = item
                .fields
                .get("default_unit")
                .map(ToString::to_string)
                .unwrap_or_default();
            let word = self
                .units
                .get(&unit)
                .and_then(|name| codes::stock::UNIT.from_care(name));
            if let Some(word) = word {
                draft.fields.insert("unit".to_owned(), Value::Code(word.to_owned()));
            }
        }
    }

    fn count_places(&mut self, mapping: &Mapping, item: &Item, looked_at: &BTreeSet<String>) {
        for (name, json) in &item.fields {
            let has_place = mapping.fields.iter().any(|(theirs, _)| theirs == name);
            let is_no = matches!(json, Json::Bool(false)) || json.as_f64() == Some(0.0);
            let says_no = is_no && !SPEAKING_ZEROS.contains(&name.as_str());
            let is_folded = matches!(name.as_str(), "default_unit" | "tags");
            let is_own = OWN_TO_CARE.contains(&name.as_str()) || looked_at.contains(name) || is_folded;
            let is_home = matches!(mapping.home, Home::Facility(field) if field == name);
            if !has_place && !is_own && !is_home && !says_no && !is_blank(json) {
                count(&mut self.import.report.without_place, &format!("{}.{name}", item.model));
            }
        }
    }

    fn home(&self, mapping: &Mapping, item: &Item) -> Result<Option<RecordId>, &'static str> {
        let key = |field: &str| item.fields.get(field).map(ToString::to_string).unwrap_or_default();
        match mapping.home {
            Home::District => Ok(None),
            Home::Facility(field) => self
                .ids
                .get(&("facility".to_owned(), key(field)))
                .copied()
                .map(Some)
                .ok_or(field),
            Home::With(field, model) => self
                .homes
                .get(&(model.to_owned(), key(field)))
                .copied()
                .map(Some)
                .ok_or(field),
        }
    }

    fn check(&mut self, item: &Item, mut draft: Draft) -> Vec<Fault> {
        // What is unusual was entered and confirmed in Care.
        let fields = entity(&draft.kind).map_or(&[][..], |entity| entity.fields);
        draft.confirmed = fields.iter().map(|field| field.name.to_owned()).collect();
        match check(vec![draft], &self.taken) {
            Ok(Ok(_)) => Vec::new(),
            Ok(Err(problems)) => problems
                .into_iter()
                .map(|problem| Fault {
                    numbers: problem.numbers.clone(),
                    ..fault(item, &problem.field, &problem.code)
                })
                .collect(),
            Err(_) => vec![fault(item, "", "unreadable")],
        }
    }

    fn keep(&mut self, item: &Item, draft: Draft, home: Option<RecordId>) {
        let before = self.taken.get(&draft.kind, draft.id).ok().flatten();
        self.taken.put(domain::check::applied(before.as_ref(), &draft));
        self.ids.insert((draft.kind.clone(), item.pk.clone()), draft.id);
        count(&mut self.import.report.taken, &item.model);
        match home {
            None => self.import.district.push(draft),
            Some(facility) => {
                self.homes.insert((item.model.clone(), item.pk.clone()), facility);
                self.import.facilities.entry(facility).or_default().push(draft);
            }
        }
    }
}

/// A code may be shown when it is short and no free text.
fn shown(code: &str) -> &str {
    let short = code.len() <= 24 && code.chars().all(|c| c.is_ascii_alphanumeric() || "-_+. ".contains(c));
    if short { code } else { "…" }
}

fn fault(item: &Item, field: &str, reason: &str) -> Fault {
    Fault {
        file: item.file.clone(),
        line: item.line,
        model: item.model.clone(),
        pk: item.pk.clone(),
        field: field.to_owned(),
        reason: reason.to_owned(),
        numbers: BTreeMap::new(),
    }
}

/// The names of a model's rows by their keys: units, tags.
fn names(all: &[Item], model: &str) -> BTreeMap<String, String> {
    let own = all.iter().filter(|item| item.model == model);
    own.filter_map(|item| Some((item.pk.clone(), item.fields.get("name")?.as_str()?.to_owned())))
        .collect()
}

/// Counts what stands in rows of its own in Care and finds no place in the record it belongs to.
fn count_lost_rows(all: &[Item], report: &mut Report) {
    let mut seen = BTreeSet::new();
    for item in all {
        let key = |field: &str| item.fields.get(field).map(ToString::to_string).unwrap_or_default();
        match item.model.as_str() {
            "facility.disease" if codes::patient::COMORBIDITY.from_care(&key("disease")).is_none() => {
                count(
                    &mut report.unknown_codes,
                    &format!("facility.disease.disease={}", shown(&key("disease"))),
                );
            }
            "facility.facilityuser" if !seen.insert(key("user")) => {
                count(&mut report.without_place, "facility.facilityuser (a further workplace)");
            }
            _ => {}
        }
    }
}

/// The comorbidities of each patient, which Care keeps as rows.
fn comorbidities(all: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in all.iter().filter(|item| item.model == "facility.disease") {
        let is_deleted = item.fields.get("deleted").and_then(Json::as_bool) == Some(true);
        let word = item.fields.get("disease").map(ToString::to_string);
        let word = word.and_then(|code| codes::patient::COMORBIDITY.from_care(&code));
        let patient = item.fields.get("patient").map(ToString::to_string);
        if let (Some(word), Some(patient), false) = (word, patient, is_deleted) {
            found.entry(patient).or_default().push(word.to_owned());
        }
    }
    found
}

/// Care says in rows of their own at which facilities a user works; the first is theirs here.
fn workplaces(all: &[Item]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for item in all.iter().filter(|item| item.model == "facility.facilityuser") {
        let key = |field: &str| item.fields.get(field).map(ToString::to_string);
        if let (Some(user), Some(facility)) = (key("user"), key("facility")) {
            found.entry(user).or_insert(facility);
        }
    }
    found
}
