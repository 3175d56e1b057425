/** Which fields registration, admission and round ask, section by section. */

/** Registration. `age` is no field: what is typed there becomes the year of birth. */
export const SECTIONS = {
  who: ["name", "local_name", "gender", "birth_date", "age", "birth_year"],
  reach: ["phone", "emergency_phone", "emergency_name", "address", "pincode", "local_body", "village"],
  health: [
    "allergy_status",
    "allergies",
    "blood_group",
    "antenatal",
    "disease_status",
    "has_sari",
    "ongoing_medication",
    "present_health",
    "comorbidities",
    "comorbidity_note",
  ],
  exposure: [
    "contact_confirmed",
    "contact_suspected",
    "contact_on",
    "past_travel",
    "countries_travelled",
    "returned_on",
  ],
  ids: ["hospital_number", "abha", "abha_address", "srf_id", "passport", "nationality", "ration_card"],
  test: ["test_type", "test_id", "tested_on", "result_on", "declared_positive"],
  vaccination: ["vaccinated", "vaccine", "doses", "vaccinated_on", "covin_id"],
  contacts: ["primary_contacts", "secondary_contacts", "cluster", "transit"],
  home: [
    "permanent_address",
    "state",
    "district",
    "local_ward",
    "aged_dependants",
    "chronic_dependants",
    "migrant_worker",
  ],
  work: [
    "occupation",
    "medical_worker",
    "designation",
    "institution",
    "frontline_worker",
    "will_donate_blood",
    "fit_to_donate",
  ],
  office: ["source", "nearest_facility", "allow_transfer", "follow_up", "active"],
} as const;

/** The sections of a registration that stay folded until they are needed. */
export const FOLDED: readonly string[] = ["test", "vaccination", "contacts", "home", "work", "office"];

/** All of registration, for the summary. */
export const PATIENT_FIELDS: readonly string[] = Object.values(SECTIONS)
  .flat()
  .filter((name) => name !== "age");

/** A round, section by section: what NEWS2 needs first, then what follows from it; the rest is folded. */
export const ROUND_SECTIONS = {
  observed: [
    "respiratory_rate",
    "spo2",
    "on_oxygen",
    "systolic",
    "diastolic",
    "pulse",
    "consciousness",
    "temperature",
    "spo2_scale",
  ],
  follows: ["condition", "category", "review_minutes", "recommend_discharge", "note"],
  more: [
    "oxygen_device",
    "oxygen_flow",
    "fio2",
    "blood_sugar",
    "insulin",
    "pain",
    "rhythm",
    "intake",
    "output",
    "symptoms",
    "other_symptoms",
    "examination",
  ],
  nerves: [
    "gcs_eye",
    "gcs_verbal",
    "gcs_motor",
    "pupil_left",
    "pupil_left_reaction",
    "pupil_right",
    "pupil_right_reaction",
    "left_arm",
    "right_arm",
    "left_leg",
    "right_leg",
  ],
  ventilator: [
    "ventilator_interface",
    "ventilator_mode",
    "peep",
    "pip",
    "mean_airway_pressure",
    "ventilator_rate",
    "pressure_support",
    "tidal_volume",
    "etco2",
    "ph",
    "pco2",
    "po2",
    "bicarbonate",
    "base_excess",
    "lactate",
    "sodium",
    "potassium",
  ],
} as const;

/** The sections of a round that stay folded until they are needed. */
export const ROUND_FOLDED: readonly string[] = ["more", "nerves", "ventilator"];

/** An encounter after the admission, section by section; its moments have forms of their own, and what was written at its discharge can be corrected once it is over. */
export const ENCOUNTER_SECTIONS = {
  now: [
    "category",
    "covid_category",
    "disease_status",
    "isolation",
    "review_minutes",
    "expected_discharge",
    "treating_doctor",
  ],
  admission: [
    "number",
    "route",
    "readmission",
    "referred_from",
    "referred_from_name",
    "referred_by",
    "assigned_to",
  ],
  illness: [
    "symptoms",
    "other_symptoms",
    "symptoms_onset",
    "history",
    "past_history",
    "examination",
    "height",
    "weight",
    "existing_medication",
    "substance_use",
  ],
  treatment: [
    "provisional_diagnosis",
    "diagnosis",
    "diagnosis_codes",
    "prescribed_medication",
    "treatment_plan",
    "special_instruction",
    "operation",
    "course",
    "notes",
  ],
  office: ["kasp", "kasp_since", "medico_legal", "medico_legal_number", "telemedicine"],
  discharge: ["discharge_notes", "discharge_advice", "referred_to_name", "death_confirmed_by"],
} as const;

/** The sections of an encounter that stay folded until they are needed. */
export const ENCOUNTER_FOLDED: readonly string[] = ["office"];

/** What everybody at the bed should know of an admission; what of it is blank is said. */
export const ENCOUNTER_FACTS: readonly string[] = [
  "number",
  "expected_discharge",
  "category",
  "covid_category",
  "disease_status",
  "isolation",
  "provisional_diagnosis",
  "diagnosis",
  "diagnosis_codes",
  "treating_doctor",
  "treatment_plan",
  "special_instruction",
  "review_minutes",
  "symptoms",
  "symptoms_onset",
  "history",
  "examination",
  "height",
  "weight",
  "existing_medication",
  "route",
  "referred_from",
];
