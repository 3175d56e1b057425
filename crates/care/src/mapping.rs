//! Which model of Care is which kind here, field by field. A model that is not named here has no
//! kind yet; a field that is not named has no place yet. Both are counted in the report.

use domain::RecordId;
use serde_json::Value as Json;

use crate::finish::{Finishing, admission, allergy_status, full_name, movement, nothing, oxygen, ward_kind, whole_day};
use crate::items::Item;
use crate::round;

/// One model of Care.
pub struct Mapping {
    pub model: &'static str,
    pub kind: &'static str,
    /// Care's field and the field here.
    pub fields: &'static [(&'static str, &'static str)],
    /// Care's field that names the facility in whose space the record lives, through which model.
    pub home: Home,
    /// What follows from several fields together.
    pub finish: fn(&mut Finishing<'_>),
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
            ("facility", "facility"),
        ],
        home: Home::Facility("facility"),
        finish: ward_kind,
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
            ("height", "height"),
            ("weight", "weight"),
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
            // The older list first: the newer one counts where both are there.
            ("discharge_reason", "discharge_reason"),
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
        fields: round::FIELDS,
        home: Home::With("consultation", "facility.patientconsultation"),
        finish: round::round,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_mapped_exists_here() {
        for mapping in MAPPINGS {
            let described = domain::entities::entity(mapping.kind).unwrap();
            for (theirs, ours) in mapping.fields {
                assert!(
                    described.field(ours).is_some(),
                    "{}.{theirs} → {}.{ours}",
                    mapping.model,
                    mapping.kind
                );
            }
        }
    }
}
