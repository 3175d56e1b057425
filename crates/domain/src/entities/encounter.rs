//! An encounter: one admission or consultation of a patient, from arrival to discharge. Where the
//! patient lies stands in bed stays.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::encounter as list;
use crate::codes::patient::DISEASE_STATUS as DISEASE_STATUS_LIST;
use crate::entities::bed_stay;
use crate::entities::patient::is_none_and_more;
use crate::entities::rules::{in_order, is_changed, is_taken, needed_when};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{
    Field, Merge, Search, Text, Word, Words, code, codes, count, date, decimal, note, reference, text, time, yes_no,
};
use crate::value::{Date, Decimal, RecordId, Time, Value};
use crate::world::Read;

pub const PATIENT: Field<RecordId> = reference("patient", "Patient", "patient").required();
pub const FACILITY: Field<RecordId> = reference("facility", "Facility", "facility").required();
pub const NUMBER: Field<Text> = text("number", "Encounter number")
    .max(40)
    .personal()
    .indexed()
    .searched(Search::Identifier)
    .hint("IP or OP number");
pub const ROUTE: Field<Word> = code("route", "Route to the facility", &list::ROUTE);
pub const REFERRED_FROM: Field<RecordId> = reference("referred_from", "Referred from", "facility");
pub const REFERRED_FROM_NAME: Field<Text> = text("referred_from_name", "Referred from (not listed)");
pub const REFERRED_BY: Field<Text> = text("referred_by", "Referred by").personal();
pub const ADMITTED_AT: Field<Time> = time("admitted_at", "Admitted at").indexed();
pub const SEEN_AT: Field<Time> = time("seen_at", "First seen at").indexed();
pub const ICU_SINCE: Field<Time> = time("icu_since", "In intensive care since");
pub const READMISSION: Field<Word> = yes_no("readmission", "Readmission");
pub const DECISION: Field<Word> = code("decision", "Decision", &list::DECISION);
pub const CATEGORY: Field<Word> = code("category", "Category", &list::CATEGORY)
    .indexed()
    .merged(Merge::Prefer(list::CATEGORY_BY_URGENCY));
pub const COVID_CATEGORY: Field<Word> =
    code("covid_category", "Covid category", &list::COVID_CATEGORY).merged(Merge::Prefer(&[
        "category_c",
        "category_b",
        "category_a",
        "asymptomatic",
        "unclassified",
    ]));
pub const ISOLATION: Field<Word> = yes_no("isolation", "Isolation")
    .indexed()
    .merged(Merge::Prefer(&["yes", "no"]));
pub const DISEASE_STATUS: Field<Word> = code("disease_status", "Disease status at admission", &DISEASE_STATUS_LIST);

pub const SYMPTOMS: Field<Words> = codes("symptoms", "Symptoms", &list::SYMPTOM);
pub const OTHER_SYMPTOMS: Field<Text> = note("other_symptoms", "Other symptoms").max(1_000).personal();
pub const SYMPTOMS_ONSET: Field<Date> = date("symptoms_onset", "Symptoms since");
pub const HISTORY: Field<Text> = note("history", "History of present illness").personal();
pub const PAST_HISTORY: Field<Text> = note("past_history", "Past and family history").personal();
pub const SUBSTANCE_USE: Field<Text> = note("substance_use", "Alcohol, tobacco, other substances")
    .max(1_000)
    .personal();
pub const EXAMINATION: Field<Text> = note("examination", "Examination").personal();
pub const HEIGHT_CM: Field<Decimal> = decimal("height", "Height", 1)
    .unit("cm")
    .range(200, 2_800)
    .usual(450, 2_100);
pub const WEIGHT_KG: Field<Decimal> = decimal("weight", "Weight", 1)
    .unit("kg")
    .range(2, 6_500)
    .usual(20, 1_800);
pub const EXISTING_MEDICATION: Field<Text> = note("existing_medication", "Medication on arrival").personal();
pub const PRESCRIBED_MEDICATION: Field<Text> = note("prescribed_medication", "Medication prescribed")
    .personal()
    .merged(Merge::Both);
pub const PROVISIONAL_DIAGNOSIS: Field<Text> = note("provisional_diagnosis", "Provisional diagnosis")
    .max(1_000)
    .personal();
pub const DIAGNOSIS: Field<Text> = note("diagnosis", "Diagnosis").max(1_000).personal();
pub const DIAGNOSIS_CODES: Field<Text> = text("diagnosis_codes", "ICD codes")
    .max(200)
    .personal()
    .hint("Separated by commas");
pub const TREATING_DOCTOR: Field<RecordId> = reference("treating_doctor", "Treating doctor", "person");
pub const ASSIGNED_TO: Field<RecordId> = reference("assigned_to", "Assigned to", "person");
pub const TREATMENT_PLAN: Field<Text> = note("treatment_plan", "Treatment plan").personal();
pub const COURSE: Field<Text> = note("course", "Course in the facility").personal();
pub const SPECIAL_INSTRUCTION: Field<Text> = note("special_instruction", "Special instructions").personal();
pub const OPERATION: Field<Text> = note("operation", "Operations and procedures").personal();
pub const REVIEW_MINUTES: Field<i64> = count("review_minutes", "Review every")
    .unit("min")
    .range(1, 20_160)
    .usual(15, 1_440);
pub const EXPECTED_DISCHARGE: Field<Date> = date("expected_discharge", "Expected discharge");
pub const TELEMEDICINE: Field<Word> = yes_no("telemedicine", "Telemedicine");
pub const KASP: Field<Word> = yes_no("kasp", "Insured under KASP");
pub const KASP_SINCE: Field<Date> = date("kasp_since", "KASP since");
pub const MEDICO_LEGAL: Field<Word> = yes_no("medico_legal", "Medico-legal case");
pub const MEDICO_LEGAL_NUMBER: Field<Text> = text("medico_legal_number", "MLC or FIR number").max(60).personal();
pub const NOTES: Field<Text> = note("notes", "Notes").personal();

pub const REFERRED_TO: Field<RecordId> = reference("referred_to", "Referred to", "facility");
pub const REFERRED_TO_NAME: Field<Text> = text("referred_to_name", "Referred to (not listed)");
pub const DISCHARGED_AT: Field<Time> = time("discharged_at", "Discharged at").indexed();
pub const DISCHARGE_REASON: Field<Word> = code("discharge_reason", "Reason of discharge", &list::DISCHARGE_REASON);
pub const DISCHARGE_NOTES: Field<Text> = note("discharge_notes", "Discharge notes").personal();
pub const DISCHARGE_ADVICE: Field<Text> = note("discharge_advice", "Advice at discharge").personal();
pub const DIED_AT: Field<Time> = time("died_at", "Died at");
pub const DEATH_CONFIRMED_BY: Field<Text> = text("death_confirmed_by", "Death confirmed by").max(120).personal();

pub static ENCOUNTER: Entity = Entity {
    kind: "encounter",
    label: "Encounter",
    plural: "Encounters",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::WhileOpen {
        since: "admitted_at",
        until: "discharged_at",
    },
    fields: &[
        PATIENT.any(),
        FACILITY.any(),
        NUMBER.any(),
        ROUTE.any(),
        REFERRED_FROM.any(),
        REFERRED_FROM_NAME.any(),
        REFERRED_BY.any(),
        ADMITTED_AT.any(),
        SEEN_AT.any(),
        ICU_SINCE.any(),
        READMISSION.any(),
        DECISION.any(),
        CATEGORY.any(),
        COVID_CATEGORY.any(),
        ISOLATION.any(),
        DISEASE_STATUS.any(),
        SYMPTOMS.any(),
        OTHER_SYMPTOMS.any(),
        SYMPTOMS_ONSET.any(),
        HISTORY.any(),
        PAST_HISTORY.any(),
        SUBSTANCE_USE.any(),
        EXAMINATION.any(),
        HEIGHT_CM.any(),
        WEIGHT_KG.any(),
        EXISTING_MEDICATION.any(),
        PRESCRIBED_MEDICATION.any(),
        PROVISIONAL_DIAGNOSIS.any(),
        DIAGNOSIS.any(),
        DIAGNOSIS_CODES.any(),
        TREATING_DOCTOR.any(),
        ASSIGNED_TO.any(),
        TREATMENT_PLAN.any(),
        COURSE.any(),
        SPECIAL_INSTRUCTION.any(),
        OPERATION.any(),
        REVIEW_MINUTES.any(),
        EXPECTED_DISCHARGE.any(),
        TELEMEDICINE.any(),
        KASP.any(),
        KASP_SINCE.any(),
        MEDICO_LEGAL.any(),
        MEDICO_LEGAL_NUMBER.any(),
        NOTES.any(),
        REFERRED_TO.any(),
        REFERRED_TO_NAME.any(),
        DISCHARGED_AT.any(),
        DISCHARGE_REASON.any(),
        DISCHARGE_NOTES.any(),
        DISCHARGE_ADVICE.any(),
        DIED_AT.any(),
        DEATH_CONFIRMED_BY.any(),
    ],
    groups: &[
        &["symptoms", "symptoms_onset"],
        &["discharged_at", "discharge_reason", "died_at"],
        &["referred_to", "referred_to_name"],
    ],
    list: &[
        "patient",
        "number",
        "admitted_at",
        "category",
        "discharged_at",
        "discharge_reason",
    ],
    caption: &["patient", "admitted_at"],
    rules: &[
        order_of_times,
        symptoms,
        referral,
        discharge,
        death,
        own_number,
        admitted_once,
        bed_is_left,
    ],
};

fn order_of_times(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let all = [
        in_order(record, &ADMITTED_AT, &DISCHARGED_AT),
        in_order(record, &ADMITTED_AT, &DIED_AT),
        in_order(record, &DIED_AT, &DISCHARGED_AT),
        in_order(record, &ICU_SINCE, &DISCHARGED_AT),
    ];
    Ok(all.into_iter().flatten().collect())
}

/// "No symptoms" stands alone; "other" says which.
fn symptoms(after: &After<'_>) -> Read<Vec<Problem>> {
    let Some(words) = SYMPTOMS.of(after.record) else {
        return Ok(Vec::new());
    };
    let contradict = is_none_and_more(words, "asymptomatic");
    let contradict = contradict.then(|| Problem::new("encounter", SYMPTOMS.name(), "none_and_others"));
    let unnamed = needed_when(
        after.record,
        words.contains("other") && is_changed(after, SYMPTOMS.name()),
        &OTHER_SYMPTOMS,
    );
    Ok(contradict.into_iter().chain(unnamed).collect())
}

/// Care's rule: a referral names where to.
fn referral(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let refers = DECISION.of(record) == Some("refer") || DISCHARGE_REASON.of(record) == Some("referred");
    let named = REFERRED_TO_NAME.of(record).is_some();
    Ok(needed_when(record, refers && !named, &REFERRED_TO)
        .into_iter()
        .collect())
}

fn discharge(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let reason = needed_when(record, DISCHARGED_AT.of(record).is_some(), &DISCHARGE_REASON);
    let moment = needed_when(record, DISCHARGE_REASON.of(record).is_some(), &DISCHARGED_AT);
    Ok(reason.into_iter().chain(moment).collect())
}

fn death(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let discharged_alive = DISCHARGE_REASON.of(record).is_some_and(|reason| reason != "expired");
    let contradicts = discharged_alive && DIED_AT.of(record).is_some();
    let contradicts = contradicts.then(|| Problem::new("encounter", DIED_AT.name(), "died_but_discharged_alive"));
    let died = DISCHARGE_REASON.of(record) == Some("expired") && is_changed(after, DISCHARGE_REASON.name());
    let untold = died && DIED_AT.of(record).is_none();
    let untold = untold.then(|| Problem::new("encounter", DIED_AT.name(), "time_of_death_missing").asking());
    Ok(contradicts.into_iter().chain(untold).collect())
}

fn own_number(after: &After<'_>) -> Read<Vec<Problem>> {
    let facility = FACILITY.of(after.record);
    let taken = is_taken(after, &NUMBER, |other| FACILITY.of(other) == facility)?;
    Ok(taken
        .then(|| Problem::new("encounter", NUMBER.name(), "number_taken").asking())
        .into_iter()
        .collect())
}

/// Nobody is admitted twice at once.
fn admitted_once(after: &After<'_>) -> Read<Vec<Problem>> {
    let is_open = |record: &crate::Record| ADMITTED_AT.of(record).is_some() && DISCHARGED_AT.of(record).is_none();
    let opens = is_open(after.record) && after.before.is_none_or(|before| !is_open(before) || before.is_voided());
    if !opens {
        return Ok(Vec::new());
    }
    let all = match PATIENT.of(after.record) {
        Some(patient) => crate::ward::persons::encounters(after.world, patient)?,
        None => Vec::new(),
    };
    let twice = all.iter().any(|other| other.id != after.record.id && is_open(other));
    Ok(twice
        .then(|| Problem::new("encounter", PATIENT.name(), "already_admitted"))
        .into_iter()
        .collect())
}

/// Who is discharged leaves the bed in the same action.
fn bed_is_left(after: &After<'_>) -> Read<Vec<Problem>> {
    if DISCHARGED_AT.of(after.record).is_none() || !is_changed(after, DISCHARGED_AT.name()) {
        return Ok(Vec::new());
    }
    let stays = after
        .world
        .by("bed_stay", bed_stay::ENCOUNTER.name(), &Value::Ref(after.record.id))?;
    let in_bed = stays.iter().any(|stay| bed_stay::TO.of(stay).is_none());
    Ok(in_bed
        .then(|| Problem::new("encounter", DISCHARGED_AT.name(), "still_in_bed"))
        .into_iter()
        .collect())
}
