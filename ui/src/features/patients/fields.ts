/** Which fields registration and the round ask, section by section. */

/** Registration. */
export const SECTIONS = {
  who: ["name", "local_name", "gender", "birth_date", "birth_year", "nationality"],
  reach: ["phone", "emergency_phone", "emergency_name", "address", "pincode", "local_body", "village"],
  health: [
    "allergy_status",
    "allergies",
    "blood_group",
    "antenatal",
    "disease_status",
    "ongoing_medication",
    "present_health",
    "comorbidities",
  ],
  ids: [
    "hospital_number",
    "abha",
    "passport",
    "srf_id",
    "ration_card",
    "occupation",
    "medical_worker",
    "vaccinated",
    "vaccine",
    "doses",
  ],
} as const;

/** All of registration, for editing. */
export const PATIENT_FIELDS: readonly string[] = Object.values(SECTIONS).flat();

/** A round: what NEWS2 needs first. */
export const ROUND_FIELDS = [
  "respiratory_rate",
  "spo2",
  "on_oxygen",
  "systolic",
  "diastolic",
  "pulse",
  "consciousness",
  "temperature",
  "spo2_scale",
  "oxygen_flow",
  "blood_sugar",
  "pain",
  "condition",
  "note",
] as const;
