//! Which model of Care is which kind here, field by field. A model that is not named here has no
//! kind yet; a field that is not named has no place yet. Both are counted in the report.

use domain::RecordId;
use domain::codes::{self, release::Release};
use domain::{Draft, Value};
use serde_json::Value as Json;

use crate::items::Item;

/// One model of Care.
pub struct Mapping {
    pub model: &'static str,
    pub kind: &'static str,
    /// Care's field and the field here.
    pub fields: &'static [(&'static str, &'static str)],
    /// Care's field that names the facility in whose space the record lives, through which model.
    pub home: Home,
    /// What follows from several fields together.
    pub finish: fn(&mut Draft, &Item, Release),
}

/// How the space of a record is found.
#[derive(Clone, Copy)]
pub enum Home {
    District,
    /// This field names the facility.
    Facility(&'static str),
    /// The record that this field names lives there, and so does this one.
    With(&'static str, &'static str),
}

fn nothing(_: &mut Draft, _: &Item, _: Release) {}

/// Fields of Care that say nothing about the record: who typed it when, and flags of its own.
pub const OWN_TO_CARE: &[&str] = &[
    "external_id",
    "created_date",
    "modified_date",
    "deleted",
    "created_by",
    "last_edited",
    "last_edited_by",
    "meta",
    "meta_info",
    "is_migrated",
    "middleware_address",
    "cover_image_url",
    "password",
    "last_login",
    "is_superuser",
    "is_staff",
    "date_joined",
    "groups",
    "user_permissions",
    "pf_endpoint",
    "pf_p256dh",
    "pf_auth",
    "history",
    "age",
    "last_consultation",
    "current_bed",
    "last_daily_round",
    "admitted",
];

/// The models in an order in which what is referred to comes first.
pub static MAPPINGS: &[Mapping] = &[
    Mapping {
        model: "users.state",
        kind: "state",
        fields: &[("name", "name")],
        home: Home::District,
        finish: nothing,
    },
    Mapping {
        model: "users.district",
        kind: "district",
        fields: &[("name", "name"), ("state", "state")],
        home: Home::District,
        finish: nothing,
    },
    Mapping {
        model: "users.localbody",
        kind: "local_body",
        fields: &[
            ("name", "name"),
            ("body_type", "body_type"),
            ("localbody_code", "code"),
            ("district", "district"),
        ],
        home: Home::District,
        finish: nothing,
    },
    Mapping {
        model: "facility.facility",
        kind: "facility",
        fields: &[
            ("name", "name"),
            ("facility_type", "facility_type"),
            ("address", "address"),
            ("pincode", "pincode"),
            ("phone_number", "phone"),
            ("state", "state"),
            ("district", "district"),
            ("local_body", "local_body"),
            ("latitude", "latitude"),
            ("longitude", "longitude"),
            ("oxygen_capacity", "oxygen_capacity"),
            ("type_b_cylinders", "type_b_cylinders"),
            ("type_c_cylinders", "type_c_cylinders"),
            ("type_d_cylinders", "type_d_cylinders"),
            ("expected_oxygen_requirement", "expected_oxygen"),
            ("expected_type_b_cylinders", "expected_type_b"),
            ("expected_type_c_cylinders", "expected_type_c"),
            ("expected_type_d_cylinders", "expected_type_d"),
            ("features", "features"),
            ("kasp_empanelled", "kasp"),
            ("corona_testing", "corona_testing"),
            ("verified", "verified"),
            ("is_active", "active"),
        ],
        home: Home::District,
        finish: nothing,
    },
    Mapping {
        model: "users.user",
        kind: "person",
        fields: &[
            ("username", "username"),
            ("phone_number", "phone"),
            ("alt_phone_number", "other_phone"),
            ("email", "email"),
            ("gender", "gender"),
            ("date_of_birth", "birth_date"),
            ("user_type", "role"),
            ("home_facility", "facility"),
            ("local_body", "local_body"),
            ("district", "district"),
            ("state", "state"),
            ("doctor_qualification", "qualification"),
            ("doctor_medical_council_registration", "registration"),
            ("verified", "verified"),
            ("is_active", "active"),
        ],
        home: Home::District,
        finish: full_name,
    },
    Mapping {
        model: "facility.facilityinventoryitem",
        kind: "item",
        fields: &[
            ("name", "name"),
            ("description", "description"),
            ("min_quantity", "minimum"),
        ],
        home: Home::District,
        finish: oxygen,
    },
    Mapping {
        model: "facility.assetlocation",
        kind: "ward",
        fields: &[
            ("name", "name"),
            ("description", "description"),
            ("location_type", "kind"),
            ("facility", "facility"),
        ],
        home: Home::Facility("facility"),
        finish: nothing,
    },
    Mapping {
        model: "facility.bed",
        kind: "bed",
        fields: &[
            ("name", "label"),
            ("description", "description"),
            ("bed_type", "bed_type"),
            ("location", "ward"),
        ],
        home: Home::Facility("facility"),
        finish: nothing,
    },
    Mapping {
        model: "facility.patientregistration",
        kind: "patient",
        fields: &[
            ("name", "name"),
            ("gender", "gender"),
            ("date_of_birth", "birth_date"),
            ("year_of_birth", "birth_year"),
            ("phone_number", "phone"),
            ("emergency_phone_number", "emergency_phone"),
            ("address", "address"),
            ("permanent_address", "permanent_address"),
            ("pincode", "pincode"),
            ("state", "state"),
            ("district", "district"),
            ("local_body", "local_body"),
            ("village", "village"),
            ("nationality", "nationality"),
            ("passport_no", "passport"),
            ("srf_id", "srf_id"),
            ("ration_card_category", "ration_card"),
            ("is_migrant_worker", "migrant_worker"),
            ("blood_group", "blood_group"),
            ("allergies", "allergies"),
            ("ongoing_medication", "ongoing_medication"),
            ("present_health", "present_health"),
            ("is_antenatal", "antenatal"),
            ("number_of_aged_dependents", "aged_dependants"),
            ("number_of_chronic_diseased_dependents", "chronic_dependants"),
            ("disease_status", "disease_status"),
            ("date_declared_positive", "declared_positive"),
            ("has_SARI", "has_sari"),
            ("test_type", "test_type"),
            ("test_id", "test_id"),
            ("date_of_test", "tested_on"),
            ("date_of_result", "result_on"),
            ("contact_with_confirmed_carrier", "contact_confirmed"),
            ("contact_with_suspected_carrier", "contact_suspected"),
            ("estimated_contact_date", "contact_on"),
            ("number_of_primary_contacts", "primary_contacts"),
            ("number_of_secondary_contacts", "secondary_contacts"),
            ("cluster_name", "cluster"),
            ("past_travel", "past_travel"),
            ("countries_travelled", "countries_travelled"),
            ("date_of_return", "returned_on"),
            ("transit_details", "transit"),
            ("is_vaccinated", "vaccinated"),
            ("vaccine_name", "vaccine"),
            ("number_of_doses", "doses"),
            ("last_vaccinated_date", "vaccinated_on"),
            ("covin_id", "covin_id"),
            ("is_medical_worker", "medical_worker"),
            ("designation_of_health_care_worker", "designation"),
            ("instituion_of_health_care_worker", "institution"),
            ("frontline_worker", "frontline_worker"),
            ("will_donate_blood", "will_donate_blood"),
            ("fit_for_blood_donation", "fit_to_donate"),
            ("action", "follow_up"),
            ("review_time", "review_at"),
            ("allow_transfer", "allow_transfer"),
            ("nearest_facility", "nearest_facility"),
            ("source", "source"),
            ("date_of_receipt_of_information", "registered_at"),
            ("is_active", "active"),
        ],
        home: Home::Facility("facility"),
        finish: allergy_status,
    },
    Mapping {
        model: "facility.patientconsultation",
        kind: "encounter",
        fields: &[
            ("patient", "patient"),
            ("facility", "facility"),
            ("patient_no", "number"),
            ("ip_no", "number"),
            ("route_to_facility", "route"),
            ("referred_from_facility", "referred_from"),
            ("referred_from_facility_external", "referred_from_name"),
            ("referred_by_external", "referred_by"),
            ("icu_admission_date", "icu_since"),
            ("is_readmission", "readmission"),
            ("suggestion", "decision"),
            ("symptoms", "symptoms"),
            ("other_symptoms", "other_symptoms"),
            ("symptoms_onset_date", "symptoms_onset"),
            ("history_of_present_illness", "history"),
            ("examination_details", "examination"),
            ("height", "height_cm"),
            ("weight", "weight_kg"),
            ("existing_medication", "existing_medication"),
            ("deprecated_diagnosis", "diagnosis"),
            ("diagnosis", "diagnosis"),
            ("treating_physician", "treating_doctor"),
            ("assigned_to", "assigned_to"),
            ("treatment_plan", "treatment_plan"),
            ("course_in_facility", "course"),
            ("special_instruction", "special_instruction"),
            ("operation", "operation"),
            ("is_telemedicine", "telemedicine"),
            ("is_kasp", "kasp"),
            ("kasp_enabled_date", "kasp_since"),
            ("medico_legal_case", "medico_legal"),
            ("consultation_notes", "notes"),
            ("referred_to", "referred_to"),
            ("referred_to_external", "referred_to_name"),
            ("discharge_date", "discharged_at"),
            ("new_discharge_reason", "discharge_reason"),
            ("discharge_notes", "discharge_notes"),
            ("death_datetime", "died_at"),
            ("death_confirmed_doctor", "death_confirmed_by"),
        ],
        home: Home::Facility("facility"),
        finish: admission,
    },
    Mapping {
        model: "facility.consultationbed",
        kind: "bed_stay",
        fields: &[
            ("consultation", "encounter"),
            ("bed", "bed"),
            ("start_date", "from"),
            ("end_date", "to"),
        ],
        home: Home::With("consultation", "facility.patientconsultation"),
        finish: nothing,
    },
    Mapping {
        model: "facility.dailyround",
        kind: "round",
        fields: &[
            ("consultation", "encounter"),
            ("taken_at", "at"),
            ("rounds_type", "round_type"),
            ("physical_examination_info", "examination"),
            ("other_symptoms", "other_symptoms"),
            ("additional_symptoms", "symptoms"),
            ("current_health", "condition"),
            ("recommend_discharge", "recommend_discharge"),
            ("other_details", "note"),
            ("resp", "respiratory_rate"),
            ("pulse", "pulse"),
            ("rhythm", "rhythm"),
            ("consciousness_level", "consciousness"),
            ("ventilator_spo2", "spo2"),
            ("ventilator_fi02", "fio2"),
            ("ventilator_peep", "peep"),
            ("ventilator_pip", "pip"),
            ("ventilator_mode", "ventilator_mode"),
            ("ventilator_interface", "ventilator_interface"),
            ("blood_sugar_level", "blood_sugar"),
            ("glasgow_eye_open", "gcs_eye"),
            ("glasgow_verbal_response", "gcs_verbal"),
            ("glasgow_motor_response", "gcs_motor"),
        ],
        home: Home::With("consultation", "facility.patientconsultation"),
        finish: vitals,
    },
    Mapping {
        model: "facility.facilityinventoryminquantity",
        kind: "minimum_level",
        fields: &[("item", "item"), ("facility", "facility"), ("min_quantity", "minimum")],
        home: Home::Facility("facility"),
        finish: nothing,
    },
    Mapping {
        model: "facility.facilityinventorylog",
        kind: "stock_entry",
        fields: &[
            ("item", "item"),
            ("quantity_in_default_unit", "quantity"),
            ("created_date", "at"),
        ],
        home: Home::Facility("facility"),
        finish: movement,
    },
    Mapping {
        model: "facility.facilitypatientstatshistory",
        kind: "triage",
        fields: &[
            ("facility", "facility"),
            ("entry_date", "day"),
            ("num_patients_visited", "visited"),
            ("num_patients_home_quarantine", "home_quarantine"),
            ("num_patients_isolation", "isolated"),
            ("num_patient_referred", "referred"),
            ("num_patient_confirmed_positive", "confirmed_positive"),
        ],
        home: Home::Facility("facility"),
        finish: whole_day,
    },
];

/// The mapping of a model.
pub fn mapping(model: &str) -> Option<&'static Mapping> {
    MAPPINGS.iter().find(|mapping| mapping.model == model)
}

fn text(item: &Item, field: &str) -> String {
    item.fields
        .get(field)
        .and_then(Json::as_str)
        .unwrap_or_default()
        .trim()
        .to_owned()
}

fn is_true(item: &Item, field: &str) -> bool {
    item.fields.get(field).and_then(Json::as_bool).unwrap_or(false)
}

fn set(draft: &mut Draft, field: &str, value: Value) {
    draft.fields.insert(field.to_owned(), value);
}

fn code(word: &str) -> Value {
    Value::Code(word.to_owned())
}

/// Care keeps two names; people without one are called by their username.
fn full_name(draft: &mut Draft, item: &Item, _: Release) {
    let name = format!("{} {}", text(item, "first_name"), text(item, "last_name"));
    let name = if name.trim().is_empty() {
        text(item, "username")
    } else {
        name.trim().to_owned()
    };
    set(draft, "name", Value::Text(name));
    if is_true(item, "is_superuser") {
        set(draft, "role", code("super_admin"));
    }
}

fn oxygen(draft: &mut Draft, item: &Item, _: Release) {
    let is_oxygen = text(item, "name").to_lowercase().contains("oxygen");
    set(draft, "oxygen", code(if is_oxygen { "yes" } else { "no" }));
}

/// Free text in Care's `allergies` means that something is known; blank says nothing.
fn allergy_status(draft: &mut Draft, item: &Item, _: Release) {
    if !text(item, "allergies").is_empty() {
        set(draft, "allergy_status", code("known"));
    }
    // A year of birth beside a date of birth says nothing more.
    if draft.fields.get("birth_date").is_some_and(|value| !value.is_empty()) {
        draft.fields.remove("birth_year");
    }
}

fn admission(draft: &mut Draft, item: &Item, release: Release) {
    let since = item
        .fields
        .get("encounter_date")
        .or_else(|| item.fields.get("admission_date"));
    let at =
        since.and_then(|json| crate::convert::convert(domain::field::Shape::Time, json, release, |_, _| None).ok());
    if let Some(at) = at {
        set(
            draft,
            if is_true(item, "admitted") {
                "admitted_at"
            } else {
                "seen_at"
            },
            at,
        );
    }
    if let Some((list, word)) = codes::release::category(release, &text(item, "category")) {
        let field = if list.name == codes::encounter::COVID_CATEGORY.name {
            "covid_category"
        } else {
            "category"
        };
        set(draft, field, code(word));
    }
    // Zero is Care's way of saying that nobody measured.
    for measure in ["height_cm", "weight_kg"] {
        if matches!(draft.fields.get(measure), Some(Value::Decimal(number)) if number.digits == 0) {
            draft.fields.remove(measure);
        }
    }
    if draft.fields.get("symptoms").is_none_or(Value::is_empty) {
        draft.fields.remove("symptoms_onset");
    }
}

/// Care keeps temperature in °F, blood pressure in one field, and oxygen as a modality.
fn vitals(draft: &mut Draft, item: &Item, _: Release) {
    let number = |json: Option<&Json>| json.and_then(Json::as_f64);
    if let Some(fahrenheit) = number(item.fields.get("temperature")) {
        let tenths = ((fahrenheit - 32.0) * 50.0 / 9.0).round();
        if (0.0..1_000.0).contains(&tenths) {
            set(
                draft,
                "temperature",
                Value::Decimal(domain::Decimal::new(tenths as i64, 1)),
            );
        }
    }
    let pressure = item.fields.get("bp");
    for side in ["systolic", "diastolic"] {
        let found = number(pressure.and_then(|pressure| pressure.get(side))).filter(|value| *value > 0.0);
        if let Some(value) = found {
            set(draft, side, Value::Int(value.round() as i64));
        }
    }
    if let Some(spo2) = number(item.fields.get("spo2")).filter(|_| !draft.fields.contains_key("spo2")) {
        set(draft, "spo2", Value::Int(spo2.round() as i64));
    }
    if draft.fields.get("at").is_none_or(Value::is_empty)
        && let Some(json) = item.fields.get("created_date")
        && let Ok(at) = crate::convert::convert(domain::field::Shape::Time, json, Release::C24, |_, _| None)
    {
        set(draft, "at", at);
    }
}

fn movement(draft: &mut Draft, item: &Item, _: Release) {
    set(
        draft,
        "movement",
        code(if is_true(item, "is_incoming") {
            "receive"
        } else {
            "issue"
        }),
    );
}

/// Care counts whole days; they stand at the evening shift, and the note says so.
fn whole_day(draft: &mut Draft, _: &Item, _: Release) {
    set(draft, "shift", code("evening"));
    set(draft, "note", Value::Text("Whole day, from Care".to_owned()));
}

/// The id of a record: Care's own external id, else one derived from model and key, so that a
/// second import meets the first.
pub fn record_id(item: &Item) -> RecordId {
    let own = item
        .fields
        .get("external_id")
        .and_then(Json::as_str)
        .and_then(|text| text.parse().ok());
    own.unwrap_or_else(|| {
        let space = RecordId(uuid::Uuid::NAMESPACE_OID);
        domain::entity::derived_id(space, &format!("care {} {}", item.model, item.pk))
    })
}
