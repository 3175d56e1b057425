//! Whoever may not see patients receives nothing that tells who one is: every view, every role.

use std::collections::BTreeMap;

use domain::access::{ROLES, Verb, WALL, may, sees_patients};
use domain::entities::{
    ENTITIES, audit_event, bed, bed_hold, bed_stay, consent, encounter, erased, erasure, item, patient, round,
    stock_entry, told_apart, ward,
};
use domain::field::{Masking, Shape};
use domain::views::present_only::PresentOnly;
use domain::views::{VIEWS, ViewError, view};
use domain::world::{Balance, Ctx, FieldConflict, Head, Live, Overlay, Read, Records};
use domain::{Date, Draft, Entity, Home, Record, RecordId, Time, Value, check};
use serde_json::{Value as Json, json};
use uuid::Uuid;

/// Stands in every personal text of the facility's records.
const MARK: &str = "Zqx";
/// The year in every personal date.
const YEAR: &str = "1931";

const WARD: u128 = 2;
const BED_1: u128 = 11;
const BED_2: u128 = 12;
const PATIENT: u128 = 20;
const ENCOUNTER: u128 = 21;
const ANOTHER: u128 = 22;
const ITEM: u128 = 30;
/// Somebody who was registered here, and was erased.
const ERASED: u128 = 29;
const NOON: Time = Time(20_777 * Time::DAY_MS + 12 * Time::HOUR_MS);

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn is_about_a_patient(entity: &Entity) -> bool {
    entity.home == Home::Facility
}

/// What somebody wrote into a personal field.
fn personal(entity: &Entity, name: &str) -> Option<Value> {
    let about = entity.field(name).filter(|about| about.masking != Masking::Open)?;
    match about.shape {
        Shape::Text { .. } => Some(Value::Text(format!("{MARK} {}.{name}", entity.kind))),
        Shape::Date => Some(Value::Date(Date::new(1931, 3, 9).unwrap())),
        _ => panic!("what would a person write into {}.{name}?", entity.kind),
    }
}

/// A record with every personal field filled.
fn marked(kind: &str, number: u128) -> Record {
    let entity = ENTITIES.iter().find(|entity| entity.kind == kind).unwrap();
    let mut record = Record::new(kind, id(number));
    for about in entity.all_fields() {
        if let Some(value) = personal(entity, about.name) {
            record.fields.insert(about.name.to_owned(), value);
        }
    }
    record
}

/// A facility in which everything has gone wrong at once: every kind of contradiction, and a field
/// conflict on every field.
fn facility() -> Vec<Record> {
    let admitted = |number| {
        let record = marked("encounter", number).with(&encounter::PATIENT, id(PATIENT));
        record.with(&encounter::ADMITTED_AT, NOON)
    };
    let stay = |number, encounter, bed| {
        let record = marked("bed_stay", number).with(&bed_stay::ENCOUNTER, id(encounter));
        record.with(&bed_stay::BED, id(bed)).with(&bed_stay::FROM, NOON)
    };
    let held = |number, bed| {
        let record = marked("bed_hold", number).with(&bed_hold::ENCOUNTER, id(ENCOUNTER));
        let record = record.with(&bed_hold::BED, id(bed)).with(&bed_hold::REASON, "blocked");
        record.with(&bed_hold::FROM, NOON)
    };
    let place = |number, label: &str| Record::new("bed", id(number)).with(&bed::LABEL, label);
    vec![
        marked("ward", WARD).with(&ward::NAME, "ICU-2"),
        place(BED_1, "01").with(&bed::WARD, id(WARD)),
        place(BED_2, "02").with(&bed::WARD, id(WARD)),
        marked("patient", PATIENT).with(&patient::DISEASE_STATUS, "positive"),
        marked("told_apart", 23)
            .with(&told_apart::FIRST, id(PATIENT))
            .with(&told_apart::SECOND, id(24)),
        marked("consent", 25)
            .with(&consent::PATIENT, id(PATIENT))
            .with(&consent::PURPOSE, "research")
            .with(&consent::GIVEN_AT, NOON),
        admitted(ENCOUNTER),
        admitted(ANOTHER),
        stay(40, ENCOUNTER, BED_1),
        stay(41, ENCOUNTER, BED_2),
        stay(42, ANOTHER, BED_1),
        held(43, BED_1),
        held(44, BED_2),
        marked("round", 50)
            .with(&round::ENCOUNTER, id(ENCOUNTER))
            .with(&round::AT, NOON),
        Record::new("item", id(ITEM)).with(&item::NAME, "Masks"),
        marked("stock_entry", 60)
            .with(&stock_entry::ITEM, id(ITEM))
            .with(&stock_entry::AT, NOON)
            .with(&stock_entry::MOVEMENT, "issue")
            .with(&stock_entry::QUANTITY, domain::Decimal::new(5, 0)),
        marked("triage", 70)
            .with(&domain::entities::triage::DAY, NOON.day(0))
            .with(&domain::entities::triage::SHIFT, "morning"),
        marked("triage", 71)
            .with(&domain::entities::triage::DAY, NOON.day(0))
            .with(&domain::entities::triage::SHIFT, "morning"),
        marked("audit_event", 80)
            .with(&audit_event::WHAT, "patient_seen")
            .with(&audit_event::AT, NOON)
            .with(&audit_event::PATIENT, id(PATIENT)),
        marked("erasure", 90).with(&erasure::PATIENT, id(PATIENT)),
        marked("erased", 91)
            .with(&erased::RECORDS, format!("patient {}", id(ERASED)))
            .with(&erased::AT, NOON),
    ]
}

/// Nothing but conflicts: one on each field of each record.
struct Conflicts(Vec<FieldConflict>);

impl Records for Conflicts {
    fn get(&self, _: &str, _: RecordId) -> Read<Option<Record>> {
        Ok(None)
    }
    fn all(&self, _: &str) -> Read<Vec<Record>> {
        Ok(Vec::new())
    }
    fn by(&self, _: &str, _: &str, _: &Value) -> Read<Vec<Record>> {
        Ok(Vec::new())
    }
    fn between(&self, _: &str, _: &str, _: &Value, _: &Value) -> Read<Vec<Record>> {
        Ok(Vec::new())
    }
    fn open(&self, _: &str) -> Read<Vec<Record>> {
        Ok(Vec::new())
    }
    fn overlapping(&self, _: &str) -> Read<Vec<(Record, Record)>> {
        Ok(Vec::new())
    }
    fn balances(&self, _: &str) -> Read<BTreeMap<RecordId, Balance>> {
        Ok(BTreeMap::new())
    }
    fn search(&self, _: &str, _: &str, _: usize) -> Read<Vec<RecordId>> {
        Ok(Vec::new())
    }
    fn alike(&self, _: &str, _: &Live) -> Read<Vec<(RecordId, RecordId)>> {
        Ok(Vec::new())
    }
    fn conflicts(&self) -> Read<Vec<FieldConflict>> {
        Ok(self.0.clone())
    }
}

fn conflicts(records: &[Record]) -> Conflicts {
    let of = |record: &Record, field: &str, value: &Value| FieldConflict {
        kind: record.kind.clone(),
        record: record.id,
        field: field.to_owned(),
        heads: vec![Head {
            change: "1".to_owned(),
            value: value.clone(),
            actor: id(100),
            desk: id(101),
            at: NOON,
            in_force: true,
        }],
    };
    let each = |record: &Record| -> Vec<FieldConflict> {
        let fields = record.fields.iter();
        fields.map(|(name, value)| of(record, name, value)).collect()
    };
    Conflicts(records.iter().flat_map(each).collect())
}

/// Every way in which a page asks for the view; a new view needs its line.
fn asked(name: &str, records: &[Record]) -> Vec<Json> {
    let day = NOON.day(0);
    match name {
        "war_room" | "bed_board" | "stock" | "inbox" | "wall" => vec![Json::Null],
        "census" => vec![json!({"first": day, "last": day})],
        "patients" => {
            let lists = ["admitted", "positive", "suspected", "waiting", "leaving"];
            let lists = lists
                .into_iter()
                .chain(["admitted_today", "discharged_today", "discharged"]);
            lists.map(|which| json!({"which": which})).collect()
        }
        "find_patients" => vec![json!({"text": MARK})],
        "likely_same" => vec![json!({"fields": {"name": format!("{MARK} patient.name")}, "except": null})],
        "patient" => vec![json!({"id": id(PATIENT)})],
        "news2" => vec![json!({"patient": id(PATIENT), "fields": {}})],
        "triage_month" => vec![json!({"day": day})],
        "triage_form" => vec![json!({"day": day, "shift": "morning"})],
        "stock_item" => vec![json!({"item": id(ITEM), "from": day, "to": day})],
        "audit_log" => vec![json!({}), json!({"patient": id(PATIENT), "day": day})],
        "erased" => vec![json!({"patient": id(ERASED)})],
        "who_looked" => vec![json!({"patient": id(PATIENT)})],
        "records" => ENTITIES.iter().map(|entity| json!({"kind": entity.kind})).collect(),
        "record" => records
            .iter()
            .map(|record| json!({"kind": record.kind, "id": record.id}))
            .collect(),
        other => panic!("say how {other} is asked for"),
    }
}

/// What the role is shown of the view, in every way it can be asked for.
fn shown(name: &str, role: &str) -> String {
    shown_of(&facility(), name, role, false)
}

fn shown_of(records: &[Record], name: &str, role: &str, only_present: bool) -> String {
    let conflicts = conflicts(records);
    let mut world = Overlay::over(&conflicts);
    for record in records {
        world.put(record.clone());
    }
    let ctx = Ctx {
        now: NOON,
        today: NOON.day(0),
        utc_offset_minutes: 0,
        facility: id(1),
        person: id(100),
        role: role.to_owned(),
        heard: Some(NOON),
    };
    let present = PresentOnly::over(&world).unwrap();
    let seen: &dyn Records = if only_present { &present } else { &world };
    let all = asked(name, records)
        .into_iter()
        .map(|args| match view(name, &args, seen, &ctx) {
            Ok(shown) => shown.to_string(),
            Err(ViewError::NotAllowed) => String::new(),
            Err(ViewError::NotFound) if only_present => String::new(),
            Err(other) => panic!("{name} for {role}: {other}"),
        });
    all.collect()
}

#[test]
fn no_view_tells_who_a_patient_is_to_a_role_that_may_not_see_patients() {
    let words = ROLES.iter().map(|role| role.word).filter(|role| !sees_patients(role));
    for role in words.chain([WALL]) {
        for each in VIEWS {
            let shown = shown(each.name, role);
            for mark in [MARK, YEAR] {
                let place = shown.find(mark).map(|at| shown.get(at.saturating_sub(200)..at + 60));
                assert_eq!(place, None, "{role} is told by {}", each.name);
            }
        }
    }
}

#[test]
fn the_board_on_the_wall_knows_of_nobody_whoever_looks_at_it() {
    for role in ROLES.iter().filter(|role| may(role.word, Verb::See, "bed_stay")) {
        let shown = shown("wall", role.word);
        assert!(shown.contains("occupied"), "{} sees no bed", role.word);
        for mark in [MARK, YEAR] {
            assert!(!shown.contains(mark), "{} is told who lies there", role.word);
        }
        for about in [PATIENT, ENCOUNTER, ANOTHER] {
            assert!(!shown.contains(&id(about).to_string()), "{}", role.word);
        }
    }
    let writes = ENTITIES.iter().any(|entity| may(WALL, Verb::Write, entity.kind));
    assert!(!writes && !sees_patients(WALL) && domain::access::role(WALL).is_none());
}

/// The same facility after everybody went home.
fn left() -> Vec<Record> {
    let mut records = facility();
    for record in records.iter_mut().filter(|record| record.kind == "encounter") {
        *record = record.clone().with(&encounter::DISCHARGED_AT, NOON);
    }
    records
}

#[test]
fn whose_right_to_work_has_run_out_is_told_of_nobody_who_is_not_in() {
    let records = left();
    for role in ROLES.iter().filter(|role| sees_patients(role.word)) {
        for each in VIEWS {
            let shown = shown_of(&records, each.name, role.word, true);
            for mark in [MARK, YEAR] {
                let place = shown.find(mark).map(|at| shown.get(at.saturating_sub(200)..at + 60));
                assert_eq!(place, None, "{} is told by {}", role.word, each.name);
            }
        }
    }
    assert!(shown_of(&records, "patients", "nurse", false).contains(MARK));
}

const SAME_NAME: u128 = 29;

/// What a nurse is shown in an emergency in which these records were opened, of a facility from which everybody went home.
fn in_an_emergency(opened: &[u128], finds: bool, name: &str, args: &Json) -> Option<String> {
    let mut world = Overlay::alone();
    left().into_iter().for_each(|record| world.put(record));
    world.put(marked("patient", SAME_NAME));
    let ctx = Ctx {
        now: NOON,
        today: NOON.day(0),
        utc_offset_minutes: 0,
        facility: id(1),
        person: id(100),
        role: "nurse".to_owned(),
        heard: Some(NOON),
    };
    let opened = opened.iter().copied().map(id).collect();
    let present = PresentOnly::and_opened(&world, &opened).unwrap();
    let present = if finds { present.finding_all() } else { present };
    view(name, args, &present, &ctx).ok().map(|shown| shown.to_string())
}

#[test]
fn in_an_emergency_others_are_found_by_who_they_are_and_told_about_only_once_they_were_opened() {
    let find = |text: &str, finds| in_an_emergency(&[], finds, "find_patients", &json!({ "text": text })).unwrap();
    assert_eq!(find("patient.name", false), "[]");
    assert_eq!(find("pa", true), "[]", "two letters find nobody");
    let found = find("patient.name", true);
    let both: Json = serde_json::from_str(&found).unwrap();
    assert_eq!(both.as_array().unwrap().len(), 2);
    assert!(found.contains("Zqx patient.name"));
    for told in ["patient.phone", "patient.allergies", "encounter.", "round.", "positive"] {
        assert!(!found.contains(told), "{told} is told before the record was opened");
    }
    let page = |opened: &[u128], of: u128| in_an_emergency(opened, false, "patient", &json!({ "id": id(of) }));
    let opened = page(&[PATIENT], PATIENT).unwrap();
    assert!(opened.contains("patient.allergies") && opened.contains("encounter."));
    assert_eq!(page(&[PATIENT], SAME_NAME), None);
    assert_eq!(page(&[], PATIENT), None);
}

/// The view for a nurse, whose right to work has run out and has not; how much is to be decided depends on it.
fn both_ways(records: &[Record], name: &str) -> [Json; 2] {
    [true, false].map(|run_out| {
        let mut shown: Json = serde_json::from_str(&shown_of(records, name, "nurse", run_out)).unwrap();
        shown.as_object_mut().map(|shown| shown.remove("conflicts"));
        shown
    })
}

#[test]
fn whose_right_to_work_has_run_out_is_told_everything_of_who_is_in() {
    for name in ["bed_board", "patient", "news2", "find_patients"] {
        let [run_out, usual] = both_ways(&facility(), name);
        assert_eq!(run_out, usual, "{name}");
    }
}

#[test]
fn every_count_stays_right_for_whose_right_to_work_has_run_out() {
    for records in [facility(), left()] {
        for name in ["war_room", "triage_month", "stock"] {
            let [run_out, usual] = both_ways(&records, name);
            assert_eq!(run_out, usual, "{name}");
        }
    }
}

#[test]
fn who_may_see_patients_is_told_who_they_are() {
    for role in ROLES.iter().filter(|role| sees_patients(role.word)) {
        for name in ["bed_board", "inbox", "records", "record", "patient", "patients"] {
            let told = shown(name, role.word).contains(MARK);
            let sees_beds = name != "bed_board" || may(role.word, Verb::See, "bed");
            assert!(told || !sees_beds, "{} is not told by {name}", role.word);
        }
    }
}

#[test]
fn consents_are_shown_to_the_roles_that_may_see_them_alone() {
    for role in ROLES.iter().filter(|role| sees_patients(role.word)) {
        let page: Json = serde_json::from_str(&shown("patient", role.word)).unwrap();
        let told = page["consents"].as_array().unwrap().len();
        let may_see = may(role.word, Verb::See, "consent");
        assert_eq!(told, usize::from(may_see), "{}", role.word);
    }
    assert!(!may("district_lab", Verb::See, "consent"));
}

#[test]
fn the_war_room_counts_the_decisions_that_the_inbox_of_the_role_shows() {
    for role in ROLES.iter().filter(|role| may(role.word, Verb::See, "bed")) {
        let [room, inbox] = ["war_room", "inbox"].map(|name| -> Json {
            let shown = shown(name, role.word);
            serde_json::from_str(&shown).unwrap()
        });
        let held = ["fields", "ward"].map(|part| inbox[part].as_array().unwrap().len());
        assert_eq!(room["conflicts"], json!(held.iter().sum::<usize>()), "{}", role.word);
    }
}

#[test]
fn every_personal_field_of_the_facilitys_records_was_tried() {
    let tried = facility();
    for entity in ENTITIES.iter().filter(|entity| is_about_a_patient(entity)) {
        let own = entity
            .all_fields()
            .any(|about| about.masking != Masking::Open && about.name != "void_reason");
        let is_tried = tried.iter().any(|record| record.kind == entity.kind);
        assert!(is_tried || !own, "{} has personal fields", entity.kind);
    }
}

/// Something that could stand in the field, and did not before.
fn corrections(about: &domain::field::About) -> Vec<Value> {
    let texts = [
        "0484 123456",
        "682001",
        "name@abdm",
        "name@example.in",
        "12-3456-7890-1234",
    ];
    match about.shape {
        Shape::Text { .. } => texts.iter().map(|text| Value::Text((*text).to_owned())).collect(),
        Shape::Date => vec![Value::Date(Date::new(1932, 4, 10).unwrap())],
        _ => Vec::new(),
    }
}

#[test]
fn every_personal_field_can_be_corrected() {
    let records = facility();
    let mut world = Overlay::alone();
    for record in &records {
        world.put(record.clone());
    }
    for record in &records {
        let entity = ENTITIES.iter().find(|entity| entity.kind == record.kind).unwrap();
        // What desks write by themselves is evidence, and nobody's to correct.
        let personal = entity.fields.iter().filter(|about| about.masking != Masking::Open);
        for about in personal.filter(|_| !domain::audit::is_written_by_desks(entity.kind)) {
            let problems = |value: Value| {
                let draft = Draft::new(entity.kind, record.id).with_value(about.name, value);
                check(vec![draft], &world).unwrap().err().unwrap_or_default()
            };
            let place = format!("{}.{}", entity.kind, about.name);
            let mut tried = corrections(about).into_iter().map(problems);
            if entity.is_written_once() {
                // A later record says it right, and names the one that it corrects.
                let is_refused = |problem: &domain::Problem| problem.code == "written_once";
                assert!(tried.all(|problems| problems.iter().any(is_refused)), "{place}");
                assert!(entity.field("amends").is_some(), "{place} cannot be corrected");
            } else {
                let is_about_it = |problem: &domain::Problem| {
                    (problem.field == about.name && !problem.ask) || problem.code == "written_once"
                };
                let accepted = tried.any(|problems| !problems.iter().any(is_about_it));
                assert!(accepted, "{place} cannot be corrected");
            }
        }
    }
}
