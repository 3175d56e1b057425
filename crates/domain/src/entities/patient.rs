//! A person who is or was treated here. Everything that names the person is marked personal.
//!
//! There is no Aadhaar number: nothing on a ward needs it, the Aadhaar Act and UIDAI forbid keeping
//! it without a licence to authenticate, and what is not kept cannot be stolen. The ABHA number and
//! the hospital's own number identify a person instead.

use crate::arrival::Arrives;
use std::collections::BTreeSet;

use crate::check::Problem;
use crate::codes::patient as list;
use crate::entities::rules::{abha_address, abha_number, is_changed, needed_when, phone, pincode, written_at};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{
    Field, Merge, Search, Text, Word, Words, code, codes, count, date, int, note, reference, text, time, yes_no,
};
use crate::record::Record;
use crate::value::{Date, RecordId, Time};
use crate::world::Read;

pub const NAME: Field<Text> = text("name", "Name")
    .max(120)
    .required()
    .personal()
    .indexed()
    .searched(Search::Name)
    .merged(Merge::Both);
pub const LOCAL_NAME: Field<Text> = text("local_name", "Name in own script")
    .max(120)
    .personal()
    .searched(Search::Name)
    .hint("For example in Malayalam");
pub const GENDER: Field<Word> = code("gender", "Gender", &list::GENDER).merged(Merge::Both);
pub const BIRTH_DATE: Field<Date> = date("birth_date", "Date of birth")
    .personal_year()
    .indexed()
    .searched(Search::Year)
    .merged(Merge::Both);
pub const BIRTH_YEAR: Field<i64> = int("birth_year", "Year of birth")
    .range(1850, 2200)
    .indexed()
    .searched(Search::Year)
    .merged(Merge::Both)
    .hint("When the day is not known");
pub const PHONE: Field<Text> = text("phone", "Phone").max(30).personal().searched(Search::Phone);
pub const EMERGENCY_PHONE: Field<Text> = text("emergency_phone", "Emergency phone")
    .max(30)
    .personal()
    .searched(Search::Phone);
pub const EMERGENCY_NAME: Field<Text> = text("emergency_name", "Emergency contact")
    .max(120)
    .personal()
    .hint("Name and relation");
pub const ADDRESS: Field<Text> = note("address", "Address").max(500).personal();
pub const PERMANENT_ADDRESS: Field<Text> = note("permanent_address", "Permanent address").max(500).personal();
pub const PINCODE: Field<Text> = text("pincode", "PIN code").max(6).hint("Six digits");
pub const STATE: Field<RecordId> = reference("state", "State", "state");
pub const DISTRICT: Field<RecordId> = reference("district", "District", "district");
pub const LOCAL_BODY: Field<RecordId> = reference("local_body", "Local body", "local_body");
pub const LOCAL_WARD: Field<Text> = text("local_ward", "Electoral ward").max(100);
pub const VILLAGE: Field<Text> = text("village", "Village or town").max(120).personal();
pub const NATIONALITY: Field<Text> = text("nationality", "Nationality").max(60);
pub const PASSPORT: Field<Text> = text("passport", "Passport number")
    .max(30)
    .personal()
    .searched(Search::Identifier);
pub const HOSPITAL_NUMBER: Field<Text> = text("hospital_number", "Hospital number")
    .max(40)
    .personal()
    .indexed()
    .searched(Search::Identifier)
    .merged(Merge::Both);
pub const ABHA: Field<Text> = text("abha", "ABHA number")
    .max(17)
    .personal()
    .searched(Search::Identifier)
    .hint("14 digits, as 12-3456-7890-1234")
    .merged(Merge::Both);
pub const ABHA_ADDRESS: Field<Text> = text("abha_address", "ABHA address")
    .max(100)
    .personal()
    .hint("As name@abdm");
pub const SRF_ID: Field<Text> = text("srf_id", "SRF id").max(40).personal().searched(Search::Identifier);
pub const RATION_CARD: Field<Word> = code("ration_card", "Ration card", &list::RATION_CARD);
pub const OCCUPATION: Field<Word> = code("occupation", "Occupation", &list::OCCUPATION);
pub const MIGRANT_WORKER: Field<Word> = yes_no("migrant_worker", "Migrant worker");

pub const BLOOD_GROUP: Field<Word> = code("blood_group", "Blood group", &list::BLOOD_GROUP).merged(Merge::Both);
pub const ALLERGY_STATUS: Field<Word> =
    code("allergy_status", "Allergies", &list::ALLERGY_STATUS).merged(Merge::Prefer(&["known", "unrecorded", "none"]));
pub const ALLERGIES: Field<Text> = note("allergies", "Allergic to")
    .max(1_000)
    .personal()
    .merged(Merge::Both)
    .hint("Substance and reaction");
pub const ONGOING_MEDICATION: Field<Text> = note("ongoing_medication", "Ongoing medication")
    .personal()
    .merged(Merge::Both);
pub const COMORBIDITIES: Field<Words> = codes("comorbidities", "Other illnesses", &list::COMORBIDITY);
pub const COMORBIDITY_NOTE: Field<Text> = note("comorbidity_note", "About other illnesses").max(1_000).personal();
pub const PRESENT_HEALTH: Field<Text> = note("present_health", "Present health").personal();
pub const ANTENATAL: Field<Word> = yes_no("antenatal", "Pregnant").merged(Merge::Prefer(&["yes", "no"]));
pub const AGED_DEPENDANTS: Field<i64> = count("aged_dependants", "Aged dependants").range(0, 100).usual(0, 10);
pub const CHRONIC_DEPENDANTS: Field<i64> = count("chronic_dependants", "Chronically ill dependants")
    .range(0, 100)
    .usual(0, 10);

pub const DISEASE_STATUS: Field<Word> = code("disease_status", "Disease status", &list::DISEASE_STATUS)
    .indexed()
    .merged(Merge::Prefer(&[
        "positive",
        "suspected",
        "recovered",
        "negative",
        "expired",
    ]));
pub const DECLARED_POSITIVE: Field<Date> = date("declared_positive", "Declared positive on");
pub const HAS_SARI: Field<Word> = yes_no("has_sari", "Severe acute respiratory infection");
pub const TEST_TYPE: Field<Word> = code("test_type", "Type of test", &list::TEST_TYPE);
pub const TEST_ID: Field<Text> = text("test_id", "Test id").max(60).personal();
pub const TESTED_ON: Field<Date> = date("tested_on", "Tested on");
pub const RESULT_ON: Field<Date> = date("result_on", "Result on");
pub const CONTACT_CONFIRMED: Field<Word> = yes_no("contact_confirmed", "Contact with a confirmed case");
pub const CONTACT_SUSPECTED: Field<Word> = yes_no("contact_suspected", "Contact with a suspected case");
pub const CONTACT_ON: Field<Date> = date("contact_on", "Contact about");
pub const PRIMARY_CONTACTS: Field<i64> = count("primary_contacts", "Primary contacts")
    .range(0, 100_000)
    .usual(0, 500);
pub const SECONDARY_CONTACTS: Field<i64> = count("secondary_contacts", "Secondary contacts")
    .range(0, 100_000)
    .usual(0, 2_000);
pub const CLUSTER: Field<Text> = text("cluster", "Cluster").max(120);
pub const PAST_TRAVEL: Field<Word> = yes_no("past_travel", "Travelled in the last 28 days");
pub const COUNTRIES_TRAVELLED: Field<Text> = text("countries_travelled", "Countries travelled").max(500);
pub const RETURNED_ON: Field<Date> = date("returned_on", "Returned on");
pub const TRANSIT: Field<Text> = note("transit", "Transit details").max(1_000).personal();
pub const VACCINATED: Field<Word> = yes_no("vaccinated", "Vaccinated");
pub const VACCINE: Field<Word> = code("vaccine", "Vaccine", &list::VACCINE);
pub const DOSES: Field<i64> = count("doses", "Doses").range(0, 10).usual(0, 3);
pub const VACCINATED_ON: Field<Date> = date("vaccinated_on", "Last vaccinated on");
pub const COVIN_ID: Field<Text> = text("covin_id", "CoWIN id")
    .max(40)
    .personal()
    .searched(Search::Identifier);
pub const MEDICAL_WORKER: Field<Word> = yes_no("medical_worker", "Health-care worker");
pub const DESIGNATION: Field<Word> = code("designation", "Designation", &list::DESIGNATION);
pub const INSTITUTION: Field<Text> = text("institution", "Institution").max(120);
pub const FRONTLINE_WORKER: Field<Word> = code("frontline_worker", "Frontline worker", &list::FRONTLINE_WORKER);
pub const WILL_DONATE_BLOOD: Field<Word> = yes_no("will_donate_blood", "Will donate blood");
pub const FIT_TO_DONATE: Field<Word> = yes_no("fit_to_donate", "Fit to donate blood");

pub const FOLLOW_UP: Field<Word> = code("follow_up", "To be done next", &list::FOLLOW_UP);
pub const REVIEW_AT: Field<Time> = time("review_at", "Review at").indexed();
pub const ALLOW_TRANSFER: Field<Word> = yes_no("allow_transfer", "Record may go to another facility");
pub const NEAREST_FACILITY: Field<RecordId> = reference("nearest_facility", "Nearest facility", "facility");
pub const SOURCE: Field<Word> = code("source", "Registered through", &list::SOURCE);
pub const REGISTERED_AT: Field<Time> = time("registered_at", "Registered at").indexed();
pub const ACTIVE: Field<Word> = yes_no("active", "Under care here");
pub const SAME_AS: Field<RecordId> = reference("same_as", "Same person as", "patient")
    .hint("Another registration of this person; the two are shown as one");

pub static PATIENT: Entity = Entity {
    kind: "patient",
    label: "Patient",
    plural: "Patients",
    home: Home::Facility,
    semantics: Semantics::Register,
    arrives: Arrives::Later,
    fields: &[
        NAME.any(),
        LOCAL_NAME.any(),
        GENDER.any(),
        BIRTH_DATE.any(),
        BIRTH_YEAR.any(),
        PHONE.any(),
        EMERGENCY_PHONE.any(),
        EMERGENCY_NAME.any(),
        ADDRESS.any(),
        PERMANENT_ADDRESS.any(),
        PINCODE.any(),
        STATE.any(),
        DISTRICT.any(),
        LOCAL_BODY.any(),
        LOCAL_WARD.any(),
        VILLAGE.any(),
        NATIONALITY.any(),
        PASSPORT.any(),
        HOSPITAL_NUMBER.any(),
        ABHA.any(),
        ABHA_ADDRESS.any(),
        SRF_ID.any(),
        RATION_CARD.any(),
        OCCUPATION.any(),
        MIGRANT_WORKER.any(),
        BLOOD_GROUP.any(),
        ALLERGY_STATUS.any(),
        ALLERGIES.any(),
        ONGOING_MEDICATION.any(),
        COMORBIDITIES.any(),
        COMORBIDITY_NOTE.any(),
        PRESENT_HEALTH.any(),
        ANTENATAL.any(),
        AGED_DEPENDANTS.any(),
        CHRONIC_DEPENDANTS.any(),
        DISEASE_STATUS.any(),
        DECLARED_POSITIVE.any(),
        HAS_SARI.any(),
        TEST_TYPE.any(),
        TEST_ID.any(),
        TESTED_ON.any(),
        RESULT_ON.any(),
        CONTACT_CONFIRMED.any(),
        CONTACT_SUSPECTED.any(),
        CONTACT_ON.any(),
        PRIMARY_CONTACTS.any(),
        SECONDARY_CONTACTS.any(),
        CLUSTER.any(),
        PAST_TRAVEL.any(),
        COUNTRIES_TRAVELLED.any(),
        RETURNED_ON.any(),
        TRANSIT.any(),
        VACCINATED.any(),
        VACCINE.any(),
        DOSES.any(),
        VACCINATED_ON.any(),
        COVIN_ID.any(),
        MEDICAL_WORKER.any(),
        DESIGNATION.any(),
        INSTITUTION.any(),
        FRONTLINE_WORKER.any(),
        WILL_DONATE_BLOOD.any(),
        FIT_TO_DONATE.any(),
        FOLLOW_UP.any(),
        REVIEW_AT.any(),
        ALLOW_TRANSFER.any(),
        NEAREST_FACILITY.any(),
        SOURCE.any(),
        REGISTERED_AT.any(),
        ACTIVE.any(),
        SAME_AS.any(),
    ],
    groups: &[
        &["birth_date", "birth_year"],
        &["allergy_status", "allergies"],
        &["vaccinated", "vaccine", "doses", "vaccinated_on"],
    ],
    list: &["name", "gender", "birth_year", "phone", "disease_status"],
    caption: &["name"],
    rules: &[forms, birth, allergies, comorbidities, vaccination, tests, same_as],
};

/// The fields that say who somebody is: while any of them has two values, nobody is made one with another.
pub const IDENTITY: &[&str] = &["name", "gender", "birth_date", "birth_year", "abha", "hospital_number"];

/// [`age`] of a registered patient.
pub fn age_years(record: &Record, today: Date) -> Option<i64> {
    age(BIRTH_DATE.of(record), BIRTH_YEAR.of(record), today)
}

/// Completed years of age on `today`; by the year alone, the age reached in that year.
pub fn age(birth_date: Option<Date>, birth_year: Option<i64>, today: Date) -> Option<i64> {
    match (birth_date, birth_year) {
        (Some(born), _) => Some(born.years_until(today)),
        (None, Some(year)) => Some((i64::from(today.year()) - year).max(0)),
        (None, None) => None,
    }
}

/// The year of birth, of the day of birth where it is known.
pub fn year_of(birth_date: Option<Date>, birth_year: Option<i64>) -> Option<i64> {
    birth_date.map(|born| i64::from(born.year())).or(birth_year)
}

fn forms(after: &After<'_>) -> Read<Vec<Problem>> {
    let all = [
        phone(after, &PHONE),
        phone(after, &EMERGENCY_PHONE),
        pincode(after, &PINCODE),
        abha_number(after, &ABHA),
        abha_address(after, &ABHA_ADDRESS),
    ];
    Ok(all.into_iter().flatten().collect())
}

fn birth(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let mut problems = Vec::new();
    let (date, year) = (BIRTH_DATE.of(record), BIRTH_YEAR.of(record));
    if let (Some(date), Some(year)) = (date, year)
        && i64::from(date.year()) != year
    {
        let problem = Problem::new("patient", BIRTH_YEAR.name(), "birth_year_differs");
        problems.push(problem.number("year", date.year()));
    }
    let written = written_at(record.id).map(|at| at.day(0).plus_days(1));
    let born = date.or_else(|| Date::new(i32::try_from(year?).ok()?, 1, 1));
    if let (Some(born), Some(written)) = (born, written)
        && born > written
        && after.before.is_none()
    {
        let field = if date.is_some() {
            BIRTH_DATE.name()
        } else {
            BIRTH_YEAR.name()
        };
        problems.push(Problem::new("patient", field, "in_the_future").asking());
    }
    if let (Some(born), Some(written)) = (born, written)
        && born.years_until(written) > 110
        && is_changed(after, BIRTH_DATE.name())
    {
        let problem = Problem::new("patient", BIRTH_DATE.name(), "very_old").number("years", born.years_until(written));
        problems.push(problem.asking());
    }
    Ok(problems)
}

/// Known allergies are named; "no known allergies" names none.
fn allergies(after: &After<'_>) -> Read<Vec<Problem>> {
    let status = ALLERGY_STATUS.of(after.record);
    let missing = needed_when(after.record, status == Some("known"), &ALLERGIES);
    let contradicts = ALLERGIES.of(after.record).is_some() && status != Some("known");
    let contradicts = contradicts.then(|| Problem::new("patient", ALLERGY_STATUS.name(), "allergies_contradict"));
    Ok(missing.into_iter().chain(contradicts).collect())
}

fn comorbidities(after: &After<'_>) -> Read<Vec<Problem>> {
    let contradict = COMORBIDITIES
        .of(after.record)
        .is_some_and(|words| is_none_and_more(words, "none"));
    let problem = contradict.then(|| Problem::new("patient", COMORBIDITIES.name(), "none_and_others"));
    Ok(problem.into_iter().collect())
}

/// True when `none` is chosen together with something else.
pub(crate) fn is_none_and_more(words: &BTreeSet<String>, none: &str) -> bool {
    words.contains(none) && words.len() > 1
}

fn vaccination(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let some = DOSES.of(record).is_some_and(|doses| doses > 0) || VACCINE.of(record).is_some();
    let contradicts = VACCINATED.of(record) == Some("no") && some;
    let problem = contradicts.then(|| Problem::new("patient", VACCINATED.name(), "vaccination_contradicts"));
    Ok(problem.into_iter().collect())
}

fn tests(after: &After<'_>) -> Read<Vec<Problem>> {
    let early =
        matches!((TESTED_ON.of(after.record), RESULT_ON.of(after.record)), (Some(test), Some(result)) if result < test);
    let problem = early.then(|| Problem::new("patient", RESULT_ON.name(), "before_start"));
    Ok(problem.into_iter().collect())
}

/// Nobody is the same as themselves, nor as a registration that was taken back.
fn same_as(after: &After<'_>) -> Read<Vec<Problem>> {
    let Some(other) = SAME_AS.of(after.record).filter(|_| is_changed(after, SAME_AS.name())) else {
        return Ok(Vec::new());
    };
    let voided = after
        .world
        .get("patient", other)?
        .is_some_and(|other| other.is_voided());
    let bad = other == after.record.id || voided;
    Ok(bad
        .then(|| Problem::new("patient", SAME_AS.name(), "not_another_patient"))
        .into_iter()
        .collect())
}
