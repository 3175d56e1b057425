// Written from the domain by `cargo xtask codegen`; do not edit.

/** What the values of a field look like. */
export type Shape =
  | { type: "text"; max: number; lines: boolean }
  | { type: "int" }
  | { type: "decimal"; scale: number }
  | { type: "code"; list: ListName }
  | { type: "codes"; list: ListName }
  | { type: "date" }
  | { type: "time" }
  | { type: "ref"; kind: Kind };

/** Everything known about one field. Limits are in the field's unit. */
export interface FieldDescription {
  name: string;
  label: string;
  shape: Shape;
  required: boolean;
  /** Outside of it: impossible, refused. */
  range: [number, number] | null;
  /** Outside of it: unusual, asked. */
  usual: [number, number] | null;
  unit: string;
  personal: boolean;
  hint: string;
}

/** One kind of record. */
export interface EntityDescription {
  kind: Kind;
  label: string;
  plural: string;
  home: "facility" | "district";
  semantics: "register" | "append_only" | "ledger" | "interval" | "erases";
  fields: FieldDescription[];
  /** Fields that only make sense together: when one is edited, all are written. */
  groups: string[][];
  /** Columns of a plain list. */
  list: string[];
  /** The fields that name a record to a person. */
  caption: string[];
}

/** One word of a code list, with its English label. */
export interface Code {
  word: string;
  label: string;
}

/** One role: how far it reaches, and the kinds it may see and write. */
export interface Role {
  word: RoleWord;
  label: string;
  rank: number;
  readOnly: boolean;
  scope: "facility" | "district" | "state";
  sees: Kind[];
  writes: Kind[];
}

export type Kind =
  | "state"
  | "district"
  | "local_body"
  | "facility"
  | "item"
  | "person"
  | "desk"
  | "building"
  | "ward"
  | "room"
  | "bed"
  | "minimum_level"
  | "patient"
  | "told_apart"
  | "consent"
  | "encounter"
  | "bed_stay"
  | "bed_hold"
  | "round"
  | "triage"
  | "stock_entry"
  | "audit_event"
  | "erasure"
  | "erased";

export type ListName =
  | "allergy_status"
  | "audit_ended"
  | "audited"
  | "bed_type"
  | "blood_group"
  | "category"
  | "comorbidity"
  | "consciousness"
  | "consent_given_by"
  | "consent_how"
  | "consent_purpose"
  | "covid_category"
  | "current_health"
  | "decision"
  | "designation"
  | "discharge_reason"
  | "disease_status"
  | "erasure_reason"
  | "facility_type"
  | "feature"
  | "follow_up"
  | "frontline_worker"
  | "gender"
  | "hold_reason"
  | "item_tag"
  | "limb_response"
  | "local_body_type"
  | "movement"
  | "occupation"
  | "oxygen_device"
  | "pupil_reaction"
  | "ration_card"
  | "rhythm"
  | "role"
  | "room_type"
  | "round_type"
  | "route"
  | "shift"
  | "source"
  | "specialisation"
  | "spo2_scale"
  | "symptom"
  | "test_type"
  | "unit"
  | "vaccine"
  | "ventilator_interface"
  | "ventilator_mode"
  | "ward_kind"
  | "yes_no";

export type RoleWord =
  | "super_admin"
  | "state_admin"
  | "state_viewer"
  | "district_admin"
  | "district_viewer"
  | "district_lab"
  | "local_body_admin"
  | "facility_admin"
  | "doctor"
  | "nurse"
  | "nurse_viewer"
  | "staff"
  | "staff_viewer"
  | "volunteer"
  | "pharmacist"
  | "transport";

/** The fields of each kind. */
export interface FieldsOf {
  state: "name" | "code" | "voided" | "void_reason";
  district: "name" | "code" | "state" | "voided" | "void_reason";
  local_body: "name" | "body_type" | "code" | "district" | "wards" | "population" | "voided" | "void_reason";
  facility: "name" | "facility_type" | "address" | "pincode" | "phone" | "email" | "state" | "district" | "local_body" | "local_ward" | "latitude" | "longitude" | "oxygen_capacity" | "type_b_cylinders" | "type_c_cylinders" | "type_d_cylinders" | "expected_oxygen" | "expected_type_b" | "expected_type_c" | "expected_type_d" | "features" | "kasp" | "corona_testing" | "verified" | "active" | "voided" | "void_reason";
  item: "name" | "unit" | "description" | "tags" | "minimum" | "pack_unit" | "pack_content" | "oxygen" | "order" | "retired" | "voided" | "void_reason";
  person: "username" | "name" | "phone" | "other_phone" | "email" | "gender" | "birth_date" | "role" | "facility" | "local_body" | "district" | "state" | "specialisation" | "qualification" | "registration" | "verified" | "active" | "voided" | "void_reason";
  desk: "name" | "facility" | "voided" | "void_reason";
  building: "facility" | "name" | "floors" | "order" | "voided" | "void_reason";
  ward: "facility" | "name" | "ward_kind" | "building" | "floor" | "staffed_beds" | "phone" | "order" | "description" | "retired" | "retired_on" | "voided" | "void_reason";
  room: "facility" | "name" | "room_type" | "building" | "ward" | "floor" | "order" | "description" | "voided" | "void_reason";
  bed: "ward" | "room" | "label" | "bed_type" | "order" | "description" | "since" | "retired" | "retired_on" | "voided" | "void_reason";
  minimum_level: "item" | "facility" | "minimum" | "voided" | "void_reason";
  patient: "name" | "local_name" | "gender" | "birth_date" | "birth_year" | "phone" | "emergency_phone" | "emergency_name" | "address" | "permanent_address" | "pincode" | "state" | "district" | "local_body" | "local_ward" | "village" | "nationality" | "passport" | "hospital_number" | "abha" | "abha_address" | "srf_id" | "ration_card" | "occupation" | "migrant_worker" | "blood_group" | "allergy_status" | "allergies" | "ongoing_medication" | "comorbidities" | "comorbidity_note" | "present_health" | "antenatal" | "aged_dependants" | "chronic_dependants" | "disease_status" | "declared_positive" | "has_sari" | "test_type" | "test_id" | "tested_on" | "result_on" | "contact_confirmed" | "contact_suspected" | "contact_on" | "primary_contacts" | "secondary_contacts" | "cluster" | "past_travel" | "countries_travelled" | "returned_on" | "transit" | "vaccinated" | "vaccine" | "doses" | "vaccinated_on" | "covin_id" | "medical_worker" | "designation" | "institution" | "frontline_worker" | "will_donate_blood" | "fit_to_donate" | "follow_up" | "review_at" | "allow_transfer" | "nearest_facility" | "source" | "registered_at" | "active" | "same_as" | "voided" | "void_reason";
  told_apart: "first" | "second" | "note" | "voided" | "void_reason";
  consent: "patient" | "purpose" | "given_by" | "giver_name" | "given_at" | "how" | "note" | "withdrawn_at" | "withdrawn_by" | "voided" | "void_reason";
  encounter: "patient" | "facility" | "number" | "route" | "referred_from" | "referred_from_name" | "referred_by" | "admitted_at" | "seen_at" | "icu_since" | "readmission" | "decision" | "category" | "covid_category" | "isolation" | "disease_status" | "symptoms" | "other_symptoms" | "symptoms_onset" | "history" | "past_history" | "substance_use" | "examination" | "height" | "weight" | "existing_medication" | "prescribed_medication" | "provisional_diagnosis" | "diagnosis" | "diagnosis_codes" | "treating_doctor" | "assigned_to" | "treatment_plan" | "course" | "special_instruction" | "operation" | "review_minutes" | "expected_discharge" | "telemedicine" | "kasp" | "kasp_since" | "medico_legal" | "medico_legal_number" | "notes" | "referred_to" | "referred_to_name" | "discharged_at" | "discharge_reason" | "discharge_notes" | "discharge_advice" | "died_at" | "death_confirmed_by" | "voided" | "void_reason";
  bed_stay: "bed" | "encounter" | "from" | "to" | "note" | "voided" | "void_reason";
  bed_hold: "bed" | "encounter" | "reason" | "note" | "from" | "to" | "expires" | "voided" | "void_reason";
  round: "encounter" | "at" | "round_type" | "temperature" | "temperature_measured_at" | "respiratory_rate" | "spo2" | "spo2_scale" | "on_oxygen" | "oxygen_device" | "oxygen_flow" | "fio2" | "systolic" | "diastolic" | "pulse" | "rhythm" | "consciousness" | "pain" | "blood_sugar" | "insulin" | "gcs_eye" | "gcs_verbal" | "gcs_motor" | "pupil_left" | "pupil_left_reaction" | "pupil_right" | "pupil_right_reaction" | "left_arm" | "right_arm" | "left_leg" | "right_leg" | "intake" | "output" | "ventilator_interface" | "ventilator_mode" | "peep" | "pip" | "mean_airway_pressure" | "ventilator_rate" | "pressure_support" | "tidal_volume" | "etco2" | "ph" | "pco2" | "po2" | "bicarbonate" | "base_excess" | "lactate" | "sodium" | "potassium" | "symptoms" | "other_symptoms" | "examination" | "condition" | "category" | "recommend_discharge" | "review_minutes" | "note" | "amends" | "voided" | "void_reason";
  triage: "facility" | "day" | "shift" | "visited" | "home_quarantine" | "isolated" | "referred" | "confirmed_positive" | "beds_available" | "admitted" | "positive" | "under_observation" | "cases_today" | "positives_today" | "note" | "amends" | "voided" | "void_reason";
  stock_entry: "item" | "movement" | "at" | "quantity" | "counted" | "expected" | "batch" | "expiry" | "ward" | "other_facility" | "supplier" | "reason" | "note" | "amends" | "voided" | "void_reason";
  audit_event: "what" | "at" | "since" | "times" | "who" | "about" | "patient" | "desk" | "of_desk" | "ended" | "reason" | "of" | "voided" | "void_reason";
  erasure: "patient" | "reason" | "asked_on" | "voided" | "void_reason";
  erased: "erasure" | "records" | "at" | "asked_by" | "asked_on" | "kept_until" | "voided" | "void_reason";
}

/** Every kind by its name. */
export const ENTITIES: Record<Kind, EntityDescription> = {
  state: {
    kind: "state",
    label: "State",
    plural: "States",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"As in the government's directory of local bodies","label":"Code","name":"code","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":20,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","code"],
    caption: ["name"],
  },
  district: {
    kind: "district",
    label: "District",
    plural: "Districts",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"As in the government's directory of local bodies","label":"Code","name":"code","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":20,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"State","name":"state","personal":false,"range":null,"required":false,"shape":{"kind":"state","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","code","state"],
    caption: ["name"],
  },
  local_body: {
    kind: "local_body",
    label: "Local body",
    plural: "Local bodies",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Type","name":"body_type","personal":false,"range":null,"required":true,"shape":{"list":"local_body_type","type":"code"},"unit":"","usual":null},
      {"hint":"As in the state's own list","label":"Code","name":"code","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":20,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"District","name":"district","personal":false,"range":null,"required":false,"shape":{"kind":"district","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Electoral wards","name":"wards","personal":false,"range":[0,1000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Population","name":"population","personal":false,"range":[0,50000000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","body_type","district"],
    caption: ["name"],
  },
  facility: {
    kind: "facility",
    label: "Facility",
    plural: "Facilities",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Type","name":"facility_type","personal":false,"range":null,"required":true,"shape":{"list":"facility_type","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Address","name":"address","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":500,"type":"text"},"unit":"","usual":null},
      {"hint":"Six digits","label":"PIN code","name":"pincode","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":6,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Phone","name":"phone","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"E-mail","name":"email","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":254,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"State","name":"state","personal":false,"range":null,"required":false,"shape":{"kind":"state","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"District","name":"district","personal":false,"range":null,"required":false,"shape":{"kind":"district","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Local body","name":"local_body","personal":false,"range":null,"required":false,"shape":{"kind":"local_body","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Electoral ward","name":"local_ward","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":100,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Latitude","name":"latitude","personal":false,"range":[-90,90],"required":false,"shape":{"scale":6,"type":"decimal"},"unit":"°","usual":[6,38]},
      {"hint":"","label":"Longitude","name":"longitude","personal":false,"range":[-180,180],"required":false,"shape":{"scale":6,"type":"decimal"},"unit":"°","usual":[68,98]},
      {"hint":"What tanks and plant can hold or give in a day","label":"Oxygen capacity","name":"oxygen_capacity","personal":false,"range":[0,1000000],"required":false,"shape":{"type":"int"},"unit":"m³","usual":[0,100000]},
      {"hint":"","label":"B type cylinders","name":"type_b_cylinders","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"","label":"C type cylinders","name":"type_c_cylinders","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"","label":"Jumbo D type cylinders","name":"type_d_cylinders","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"In a day","label":"Expected need of oxygen","name":"expected_oxygen","personal":false,"range":[0,1000000],"required":false,"shape":{"type":"int"},"unit":"m³","usual":[0,100000]},
      {"hint":"In a day","label":"Expected need of B type cylinders","name":"expected_type_b","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"In a day","label":"Expected need of C type cylinders","name":"expected_type_c","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"In a day","label":"Expected need of jumbo D type cylinders","name":"expected_type_d","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,5000]},
      {"hint":"","label":"Features","name":"features","personal":false,"range":null,"required":false,"shape":{"list":"feature","type":"codes"},"unit":"","usual":null},
      {"hint":"Karunya Arogya Suraksha Padhathi","label":"Empanelled under KASP","name":"kasp","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Tests for corona here","name":"corona_testing","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Verified by the district","name":"verified","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"No: it neither reports nor counts","label":"Active","name":"active","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["latitude","longitude"]],
    list: ["name","facility_type","local_body","phone","active"],
    caption: ["name"],
  },
  item: {
    kind: "item",
    label: "Item",
    plural: "Items",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Unit","name":"unit","personal":false,"range":null,"required":true,"shape":{"list":"unit","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Description","name":"description","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Tags","name":"tags","personal":false,"range":null,"required":false,"shape":{"list":"item_tag","type":"codes"},"unit":"","usual":null},
      {"hint":"Below it the stock is low; a facility may set its own","label":"Minimum stock","name":"minimum","personal":false,"range":[0,1000000],"required":false,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":null},
      {"hint":"","label":"Also counted in","name":"pack_unit","personal":false,"range":null,"required":false,"shape":{"list":"unit","type":"code"},"unit":"","usual":null},
      {"hint":"In the item's unit: one cylinder holds 7 m³","label":"One of these holds","name":"pack_content","personal":false,"range":[0.001,1000000],"required":false,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":null},
      {"hint":"Shown before everything else","label":"Oxygen","name":"oxygen","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Order","name":"order","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"No longer kept","name":"retired","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["unit","minimum","pack_unit","pack_content"]],
    list: ["name","unit","minimum","tags"],
    caption: ["name"],
  },
  person: {
    kind: "person",
    label: "Person",
    plural: "People",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Username","name":"username","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":64,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Phone","name":"phone","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Other phone","name":"other_phone","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"E-mail","name":"email","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":254,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Gender","name":"gender","personal":false,"range":null,"required":false,"shape":{"list":"gender","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Date of birth","name":"birth_date","personal":true,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Role","name":"role","personal":false,"range":null,"required":true,"shape":{"list":"role","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Local body","name":"local_body","personal":false,"range":null,"required":false,"shape":{"kind":"local_body","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"District","name":"district","personal":false,"range":null,"required":false,"shape":{"kind":"district","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"State","name":"state","personal":false,"range":null,"required":false,"shape":{"kind":"state","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Specialisation","name":"specialisation","personal":false,"range":null,"required":false,"shape":{"list":"specialisation","type":"codes"},"unit":"","usual":null},
      {"hint":"","label":"Qualification","name":"qualification","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"Of the medical or nursing council","label":"Registration number","name":"registration","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Verified","name":"verified","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"No: cannot sign in","label":"Active","name":"active","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["role","facility","local_body","district","state"]],
    list: ["name","username","role","facility","active"],
    caption: ["name"],
  },
  desk: {
    kind: "desk",
    label: "Computer",
    plural: "Computers",
    home: "district",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":100,"type":"text"},"unit":"","usual":null},
      {"hint":"Empty for the district's own server","label":"Facility","name":"facility","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","facility"],
    caption: ["name"],
  },
  building: {
    kind: "building",
    label: "Building",
    plural: "Buildings",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":100,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Floors","name":"floors","personal":false,"range":[1,200],"required":false,"shape":{"type":"int"},"unit":"","usual":[1,30]},
      {"hint":"","label":"Order","name":"order","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","floors"],
    caption: ["name"],
  },
  ward: {
    kind: "ward",
    label: "Ward",
    plural: "Wards",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Name","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Kind of ward","name":"ward_kind","personal":false,"range":null,"required":false,"shape":{"list":"ward_kind","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Building","name":"building","personal":false,"range":null,"required":false,"shape":{"kind":"building","type":"ref"},"unit":"","usual":null},
      {"hint":"As people call it: ground, 1, basement","label":"Floor","name":"floor","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":20,"type":"text"},"unit":"","usual":null},
      {"hint":"Beds the ward's staff can look after; empty when all of them","label":"Staffed beds","name":"staffed_beds","personal":false,"range":[0,2000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,200]},
      {"hint":"","label":"Ward phone","name":"phone","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Order","name":"order","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Description","name":"description","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Closed for good","name":"retired","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Closed on","name":"retired_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","ward_kind","building","floor","staffed_beds"],
    caption: ["name"],
  },
  room: {
    kind: "room",
    label: "Room",
    plural: "Rooms",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Name or number","name":"name","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Type","name":"room_type","personal":false,"range":null,"required":false,"shape":{"list":"room_type","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Building","name":"building","personal":false,"range":null,"required":false,"shape":{"kind":"building","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Ward","name":"ward","personal":false,"range":null,"required":false,"shape":{"kind":"ward","type":"ref"},"unit":"","usual":null},
      {"hint":"As people call it: ground, 1, basement","label":"Floor","name":"floor","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":20,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Order","name":"order","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Description","name":"description","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["name","room_type","ward","building","floor"],
    caption: ["name"],
  },
  bed: {
    kind: "bed",
    label: "Bed",
    plural: "Beds",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Ward","name":"ward","personal":false,"range":null,"required":true,"shape":{"kind":"ward","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Room","name":"room","personal":false,"range":null,"required":false,"shape":{"kind":"room","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Label","name":"label","personal":false,"range":null,"required":true,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Type","name":"bed_type","personal":false,"range":null,"required":true,"shape":{"list":"bed_type","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Order","name":"order","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Description","name":"description","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"Empty when it was always there","label":"In use since","name":"since","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"The bed no longer exists; its past stays","label":"Taken away","name":"retired","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Taken away on","name":"retired_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["label","ward","room","bed_type","since","retired","retired_on"],
    caption: ["label"],
  },
  minimum_level: {
    kind: "minimum_level",
    label: "Minimum level",
    plural: "Minimum levels",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Item","name":"item","personal":false,"range":null,"required":true,"shape":{"kind":"item","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"In the item's unit","label":"Minimum stock","name":"minimum","personal":false,"range":[0,1000000],"required":true,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["item","minimum"],
    caption: ["item"],
  },
  patient: {
    kind: "patient",
    label: "Patient",
    plural: "Patients",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Name","name":"name","personal":true,"range":null,"required":true,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"For example in Malayalam","label":"Name in own script","name":"local_name","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Gender","name":"gender","personal":false,"range":null,"required":false,"shape":{"list":"gender","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Date of birth","name":"birth_date","personal":true,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"When the day is not known","label":"Year of birth","name":"birth_year","personal":false,"range":[1850,2200],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Phone","name":"phone","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Emergency phone","name":"emergency_phone","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"Name and relation","label":"Emergency contact","name":"emergency_name","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Address","name":"address","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":500,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Permanent address","name":"permanent_address","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":500,"type":"text"},"unit":"","usual":null},
      {"hint":"Six digits","label":"PIN code","name":"pincode","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":6,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"State","name":"state","personal":false,"range":null,"required":false,"shape":{"kind":"state","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"District","name":"district","personal":false,"range":null,"required":false,"shape":{"kind":"district","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Local body","name":"local_body","personal":false,"range":null,"required":false,"shape":{"kind":"local_body","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Electoral ward","name":"local_ward","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":100,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Village or town","name":"village","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Nationality","name":"nationality","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Passport number","name":"passport","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":30,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Hospital number","name":"hospital_number","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":40,"type":"text"},"unit":"","usual":null},
      {"hint":"14 digits, as 12-3456-7890-1234","label":"ABHA number","name":"abha","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":17,"type":"text"},"unit":"","usual":null},
      {"hint":"As name@abdm","label":"ABHA address","name":"abha_address","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":100,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"SRF id","name":"srf_id","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":40,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Ration card","name":"ration_card","personal":false,"range":null,"required":false,"shape":{"list":"ration_card","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Occupation","name":"occupation","personal":false,"range":null,"required":false,"shape":{"list":"occupation","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Migrant worker","name":"migrant_worker","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Blood group","name":"blood_group","personal":false,"range":null,"required":false,"shape":{"list":"blood_group","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Allergies","name":"allergy_status","personal":false,"range":null,"required":false,"shape":{"list":"allergy_status","type":"code"},"unit":"","usual":null},
      {"hint":"Substance and reaction","label":"Allergic to","name":"allergies","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Ongoing medication","name":"ongoing_medication","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Other illnesses","name":"comorbidities","personal":false,"range":null,"required":false,"shape":{"list":"comorbidity","type":"codes"},"unit":"","usual":null},
      {"hint":"","label":"About other illnesses","name":"comorbidity_note","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Present health","name":"present_health","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Pregnant","name":"antenatal","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Aged dependants","name":"aged_dependants","personal":false,"range":[0,100],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,10]},
      {"hint":"","label":"Chronically ill dependants","name":"chronic_dependants","personal":false,"range":[0,100],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,10]},
      {"hint":"","label":"Disease status","name":"disease_status","personal":false,"range":null,"required":false,"shape":{"list":"disease_status","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Declared positive on","name":"declared_positive","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Severe acute respiratory infection","name":"has_sari","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Type of test","name":"test_type","personal":false,"range":null,"required":false,"shape":{"list":"test_type","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Test id","name":"test_id","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Tested on","name":"tested_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Result on","name":"result_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Contact with a confirmed case","name":"contact_confirmed","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Contact with a suspected case","name":"contact_suspected","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Contact about","name":"contact_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Primary contacts","name":"primary_contacts","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,500]},
      {"hint":"","label":"Secondary contacts","name":"secondary_contacts","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,2000]},
      {"hint":"","label":"Cluster","name":"cluster","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Travelled in the last 28 days","name":"past_travel","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Countries travelled","name":"countries_travelled","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":500,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Returned on","name":"returned_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Transit details","name":"transit","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Vaccinated","name":"vaccinated","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Vaccine","name":"vaccine","personal":false,"range":null,"required":false,"shape":{"list":"vaccine","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Doses","name":"doses","personal":false,"range":[0,10],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,3]},
      {"hint":"","label":"Last vaccinated on","name":"vaccinated_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"CoWIN id","name":"covin_id","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":40,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Health-care worker","name":"medical_worker","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Designation","name":"designation","personal":false,"range":null,"required":false,"shape":{"list":"designation","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Institution","name":"institution","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Frontline worker","name":"frontline_worker","personal":false,"range":null,"required":false,"shape":{"list":"frontline_worker","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Will donate blood","name":"will_donate_blood","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Fit to donate blood","name":"fit_to_donate","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"To be done next","name":"follow_up","personal":false,"range":null,"required":false,"shape":{"list":"follow_up","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Review at","name":"review_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Record may go to another facility","name":"allow_transfer","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Nearest facility","name":"nearest_facility","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Registered through","name":"source","personal":false,"range":null,"required":false,"shape":{"list":"source","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Registered at","name":"registered_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Under care here","name":"active","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"Another registration of this person; the two are shown as one","label":"Same person as","name":"same_as","personal":false,"range":null,"required":false,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["birth_date","birth_year"],["allergy_status","allergies"],["vaccinated","vaccine","doses","vaccinated_on"]],
    list: ["name","gender","birth_year","phone","disease_status"],
    caption: ["name"],
  },
  told_apart: {
    kind: "told_apart",
    label: "People told apart",
    plural: "People told apart",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"One person","name":"first","personal":false,"range":null,"required":true,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"The other person","name":"second","personal":false,"range":null,"required":true,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"How they are told apart","name":"note","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["first","second","note"],
    caption: ["first","second"],
  },
  consent: {
    kind: "consent",
    label: "Consent",
    plural: "Consents",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Patient","name":"patient","personal":false,"range":null,"required":true,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"What for","name":"purpose","personal":false,"range":null,"required":true,"shape":{"list":"consent_purpose","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Given by","name":"given_by","personal":false,"range":null,"required":true,"shape":{"list":"consent_given_by","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Name of who gave it","name":"giver_name","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Given at","name":"given_at","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"How","name":"how","personal":false,"range":null,"required":true,"shape":{"list":"consent_how","type":"code"},"unit":"","usual":null},
      {"hint":"To whom, which study, which pictures; where the paper lies","label":"What exactly","name":"note","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Withdrawn at","name":"withdrawn_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Withdrawn by","name":"withdrawn_by","personal":false,"range":null,"required":false,"shape":{"list":"consent_given_by","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["withdrawn_at","withdrawn_by"]],
    list: ["purpose","given_by","given_at","how","withdrawn_at"],
    caption: ["purpose"],
  },
  encounter: {
    kind: "encounter",
    label: "Encounter",
    plural: "Encounters",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Patient","name":"patient","personal":false,"range":null,"required":true,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"IP or OP number","label":"Encounter number","name":"number","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":40,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Route to the facility","name":"route","personal":false,"range":null,"required":false,"shape":{"list":"route","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Referred from","name":"referred_from","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Referred from (not listed)","name":"referred_from_name","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Referred by","name":"referred_by","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Admitted at","name":"admitted_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"First seen at","name":"seen_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"In intensive care since","name":"icu_since","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Readmission","name":"readmission","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Decision","name":"decision","personal":false,"range":null,"required":false,"shape":{"list":"decision","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Category","name":"category","personal":false,"range":null,"required":false,"shape":{"list":"category","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Covid category","name":"covid_category","personal":false,"range":null,"required":false,"shape":{"list":"covid_category","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Isolation","name":"isolation","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Disease status at admission","name":"disease_status","personal":false,"range":null,"required":false,"shape":{"list":"disease_status","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Symptoms","name":"symptoms","personal":false,"range":null,"required":false,"shape":{"list":"symptom","type":"codes"},"unit":"","usual":null},
      {"hint":"","label":"Other symptoms","name":"other_symptoms","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Symptoms since","name":"symptoms_onset","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"History of present illness","name":"history","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Past and family history","name":"past_history","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Alcohol, tobacco, other substances","name":"substance_use","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Examination","name":"examination","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Height","name":"height","personal":false,"range":[20,280],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"cm","usual":[45,210]},
      {"hint":"","label":"Weight","name":"weight","personal":false,"range":[0.2,650],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"kg","usual":[2,180]},
      {"hint":"","label":"Medication on arrival","name":"existing_medication","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Medication prescribed","name":"prescribed_medication","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Provisional diagnosis","name":"provisional_diagnosis","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Diagnosis","name":"diagnosis","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"Separated by commas","label":"ICD codes","name":"diagnosis_codes","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Treating doctor","name":"treating_doctor","personal":false,"range":null,"required":false,"shape":{"kind":"person","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Assigned to","name":"assigned_to","personal":false,"range":null,"required":false,"shape":{"kind":"person","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Treatment plan","name":"treatment_plan","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Course in the facility","name":"course","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Special instructions","name":"special_instruction","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Operations and procedures","name":"operation","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Review every","name":"review_minutes","personal":false,"range":[1,20160],"required":false,"shape":{"type":"int"},"unit":"min","usual":[15,1440]},
      {"hint":"","label":"Expected discharge","name":"expected_discharge","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Telemedicine","name":"telemedicine","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Insured under KASP","name":"kasp","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"KASP since","name":"kasp_since","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Medico-legal case","name":"medico_legal","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"MLC or FIR number","name":"medico_legal_number","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Notes","name":"notes","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Referred to","name":"referred_to","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Referred to (not listed)","name":"referred_to_name","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Discharged at","name":"discharged_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Reason of discharge","name":"discharge_reason","personal":false,"range":null,"required":false,"shape":{"list":"discharge_reason","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Discharge notes","name":"discharge_notes","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Advice at discharge","name":"discharge_advice","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Died at","name":"died_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Death confirmed by","name":"death_confirmed_by","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [["symptoms","symptoms_onset"],["discharged_at","discharge_reason","died_at"],["referred_to","referred_to_name"]],
    list: ["patient","number","admitted_at","category","discharged_at","discharge_reason"],
    caption: ["patient","admitted_at"],
  },
  bed_stay: {
    kind: "bed_stay",
    label: "Bed stay",
    plural: "Bed stays",
    home: "facility",
    semantics: "interval",
    fields: [
      {"hint":"","label":"Bed","name":"bed","personal":false,"range":null,"required":true,"shape":{"kind":"bed","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Encounter","name":"encounter","personal":false,"range":null,"required":true,"shape":{"kind":"encounter","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"From","name":"from","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"Empty while the patient is in the bed","label":"Until","name":"to","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Note","name":"note","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["bed","encounter","from","to"],
    caption: ["bed","from"],
  },
  bed_hold: {
    kind: "bed_hold",
    label: "Bed hold",
    plural: "Bed holds",
    home: "facility",
    semantics: "interval",
    fields: [
      {"hint":"","label":"Bed","name":"bed","personal":false,"range":null,"required":true,"shape":{"kind":"bed","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Held for","name":"encounter","personal":false,"range":null,"required":false,"shape":{"kind":"encounter","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Reason","name":"reason","personal":false,"range":null,"required":true,"shape":{"list":"hold_reason","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Note","name":"note","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"From","name":"from","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"Empty while it lasts","label":"Until","name":"to","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"The bed is free again at this time by itself","label":"Expires","name":"expires","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["bed","reason","encounter","from","to","expires"],
    caption: ["bed","reason"],
  },
  round: {
    kind: "round",
    label: "Round",
    plural: "Rounds",
    home: "facility",
    semantics: "append_only",
    fields: [
      {"hint":"","label":"Encounter","name":"encounter","personal":false,"range":null,"required":true,"shape":{"kind":"encounter","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Observed at","name":"at","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Kind of round","name":"round_type","personal":false,"range":null,"required":false,"shape":{"list":"round_type","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Temperature","name":"temperature","personal":false,"range":[15,46],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"°C","usual":[34,41]},
      {"hint":"When that was not at the time of the round","label":"Temperature measured at","name":"temperature_measured_at","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Respiratory rate","name":"respiratory_rate","personal":false,"range":[0,120],"required":false,"shape":{"type":"int"},"unit":"/min","usual":[8,40]},
      {"hint":"","label":"SpO₂","name":"spo2","personal":false,"range":[0,100],"required":false,"shape":{"type":"int"},"unit":"%","usual":[70,100]},
      {"hint":"Scale 2 only when a doctor has set a target of 88–92 %","label":"SpO₂ scale","name":"spo2_scale","personal":false,"range":null,"required":false,"shape":{"list":"spo2_scale","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"On oxygen","name":"on_oxygen","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Oxygen by","name":"oxygen_device","personal":false,"range":null,"required":false,"shape":{"list":"oxygen_device","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Oxygen flow","name":"oxygen_flow","personal":false,"range":[0,100],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"L/min","usual":[0,60]},
      {"hint":"","label":"FiO₂","name":"fio2","personal":false,"range":[21,100],"required":false,"shape":{"type":"int"},"unit":"%","usual":null},
      {"hint":"","label":"Systolic","name":"systolic","personal":false,"range":[0,350],"required":false,"shape":{"type":"int"},"unit":"mmHg","usual":[70,220]},
      {"hint":"","label":"Diastolic","name":"diastolic","personal":false,"range":[0,250],"required":false,"shape":{"type":"int"},"unit":"mmHg","usual":[40,130]},
      {"hint":"","label":"Pulse","name":"pulse","personal":false,"range":[0,350],"required":false,"shape":{"type":"int"},"unit":"/min","usual":[40,180]},
      {"hint":"","label":"Rhythm","name":"rhythm","personal":false,"range":null,"required":false,"shape":{"list":"rhythm","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Consciousness","name":"consciousness","personal":false,"range":null,"required":false,"shape":{"list":"consciousness","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Pain","name":"pain","personal":false,"range":[0,10],"required":false,"shape":{"type":"int"},"unit":"/10","usual":null},
      {"hint":"","label":"Blood sugar","name":"blood_sugar","personal":false,"range":[1,2000],"required":false,"shape":{"type":"int"},"unit":"mg/dL","usual":[50,450]},
      {"hint":"","label":"Insulin given","name":"insulin","personal":false,"range":[0,300],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"units","usual":[0,100]},
      {"hint":"","label":"GCS eye","name":"gcs_eye","personal":false,"range":[1,4],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"GCS verbal","name":"gcs_verbal","personal":false,"range":[1,5],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"GCS motor","name":"gcs_motor","personal":false,"range":[1,6],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"","label":"Left pupil","name":"pupil_left","personal":false,"range":[0,10],"required":false,"shape":{"type":"int"},"unit":"mm","usual":[1,8]},
      {"hint":"","label":"Left pupil reaction","name":"pupil_left_reaction","personal":false,"range":null,"required":false,"shape":{"list":"pupil_reaction","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Right pupil","name":"pupil_right","personal":false,"range":[0,10],"required":false,"shape":{"type":"int"},"unit":"mm","usual":[1,8]},
      {"hint":"","label":"Right pupil reaction","name":"pupil_right_reaction","personal":false,"range":null,"required":false,"shape":{"list":"pupil_reaction","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Left arm","name":"left_arm","personal":false,"range":null,"required":false,"shape":{"list":"limb_response","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Right arm","name":"right_arm","personal":false,"range":null,"required":false,"shape":{"list":"limb_response","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Left leg","name":"left_leg","personal":false,"range":null,"required":false,"shape":{"list":"limb_response","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Right leg","name":"right_leg","personal":false,"range":null,"required":false,"shape":{"list":"limb_response","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Intake since the last round","name":"intake","personal":false,"range":[0,20000],"required":false,"shape":{"type":"int"},"unit":"mL","usual":[0,5000]},
      {"hint":"","label":"Output since the last round","name":"output","personal":false,"range":[0,20000],"required":false,"shape":{"type":"int"},"unit":"mL","usual":[0,5000]},
      {"hint":"","label":"Respiratory support","name":"ventilator_interface","personal":false,"range":null,"required":false,"shape":{"list":"ventilator_interface","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Ventilator mode","name":"ventilator_mode","personal":false,"range":null,"required":false,"shape":{"list":"ventilator_mode","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"PEEP","name":"peep","personal":false,"range":[0,50],"required":false,"shape":{"type":"int"},"unit":"cmH₂O","usual":[0,24]},
      {"hint":"","label":"Peak pressure","name":"pip","personal":false,"range":[0,120],"required":false,"shape":{"type":"int"},"unit":"cmH₂O","usual":[5,50]},
      {"hint":"","label":"Mean airway pressure","name":"mean_airway_pressure","personal":false,"range":[0,80],"required":false,"shape":{"type":"int"},"unit":"cmH₂O","usual":[2,40]},
      {"hint":"","label":"Ventilator rate","name":"ventilator_rate","personal":false,"range":[0,150],"required":false,"shape":{"type":"int"},"unit":"/min","usual":[6,60]},
      {"hint":"","label":"Pressure support","name":"pressure_support","personal":false,"range":[0,60],"required":false,"shape":{"type":"int"},"unit":"cmH₂O","usual":[0,40]},
      {"hint":"","label":"Tidal volume","name":"tidal_volume","personal":false,"range":[0,2000],"required":false,"shape":{"type":"int"},"unit":"mL","usual":[10,1000]},
      {"hint":"","label":"EtCO₂","name":"etco2","personal":false,"range":[0,200],"required":false,"shape":{"type":"int"},"unit":"mmHg","usual":[15,100]},
      {"hint":"","label":"pH","name":"ph","personal":false,"range":[6,8.5],"required":false,"shape":{"scale":2,"type":"decimal"},"unit":"","usual":[6.9,7.75]},
      {"hint":"","label":"pCO₂","name":"pco2","personal":false,"range":[1,300],"required":false,"shape":{"type":"int"},"unit":"mmHg","usual":[15,120]},
      {"hint":"","label":"pO₂","name":"po2","personal":false,"range":[1,760],"required":false,"shape":{"type":"int"},"unit":"mmHg","usual":[30,500]},
      {"hint":"","label":"HCO₃","name":"bicarbonate","personal":false,"range":[1,90],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"mmol/L","usual":[5,50]},
      {"hint":"","label":"Base excess","name":"base_excess","personal":false,"range":[-50,50],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"mmol/L","usual":[-25,25]},
      {"hint":"","label":"Lactate","name":"lactate","personal":false,"range":[0,50],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"mmol/L","usual":[0.2,20]},
      {"hint":"","label":"Sodium","name":"sodium","personal":false,"range":[80,220],"required":false,"shape":{"type":"int"},"unit":"mmol/L","usual":[115,165]},
      {"hint":"","label":"Potassium","name":"potassium","personal":false,"range":[0.5,15],"required":false,"shape":{"scale":1,"type":"decimal"},"unit":"mmol/L","usual":[2.5,7]},
      {"hint":"","label":"New symptoms","name":"symptoms","personal":false,"range":null,"required":false,"shape":{"list":"symptom","type":"codes"},"unit":"","usual":null},
      {"hint":"","label":"Other symptoms","name":"other_symptoms","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Examination","name":"examination","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Condition now","name":"condition","personal":false,"range":null,"required":false,"shape":{"list":"current_health","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Category","name":"category","personal":false,"range":null,"required":false,"shape":{"list":"category","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Discharge recommended","name":"recommend_discharge","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Review after","name":"review_minutes","personal":false,"range":[1,20160],"required":false,"shape":{"type":"int"},"unit":"min","usual":[15,1440]},
      {"hint":"","label":"Note","name":"note","personal":true,"range":null,"required":false,"shape":{"lines":true,"max":4000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Corrects","name":"amends","personal":false,"range":null,"required":false,"shape":{"kind":"round","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["at","temperature","pulse","respiratory_rate","spo2","systolic","diastolic","consciousness"],
    caption: ["at"],
  },
  triage: {
    kind: "triage",
    label: "Daily triage",
    plural: "Daily triage",
    home: "facility",
    semantics: "append_only",
    fields: [
      {"hint":"","label":"Facility","name":"facility","personal":false,"range":null,"required":true,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Day","name":"day","personal":false,"range":null,"required":true,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Shift","name":"shift","personal":false,"range":null,"required":true,"shape":{"list":"shift","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Patients seen in triage","name":"visited","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,2000]},
      {"hint":"","label":"Advised home quarantine","name":"home_quarantine","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,1000]},
      {"hint":"","label":"Suspected and isolated","name":"isolated","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,500]},
      {"hint":"","label":"Referred","name":"referred","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,500]},
      {"hint":"","label":"Confirmed positive","name":"confirmed_positive","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,500]},
      {"hint":"Free, staffed, not held","label":"Beds available","name":"beds_available","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,2000]},
      {"hint":"","label":"Patients admitted","name":"admitted","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,3000]},
      {"hint":"","label":"Positive patients","name":"positive","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,2000]},
      {"hint":"","label":"Under observation","name":"under_observation","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,2000]},
      {"hint":"","label":"Cases reported today","name":"cases_today","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,1000]},
      {"hint":"","label":"Positives reported today","name":"positives_today","personal":false,"range":[0,100000],"required":false,"shape":{"type":"int"},"unit":"","usual":[0,1000]},
      {"hint":"","label":"Note","name":"note","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Corrects","name":"amends","personal":false,"range":null,"required":false,"shape":{"kind":"triage","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["day","shift","visited","admitted","positive","beds_available"],
    caption: ["day","shift"],
  },
  stock_entry: {
    kind: "stock_entry",
    label: "Stock entry",
    plural: "Stock entries",
    home: "facility",
    semantics: "ledger",
    fields: [
      {"hint":"","label":"Item","name":"item","personal":false,"range":null,"required":true,"shape":{"kind":"item","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Movement","name":"movement","personal":false,"range":null,"required":true,"shape":{"list":"movement","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"At","name":"at","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"In the item's unit, never negative: the movement gives the sign","label":"Quantity","name":"quantity","personal":false,"range":[0.001,10000000],"required":false,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":[0.001,100000]},
      {"hint":"What is really there","label":"Counted","name":"counted","personal":false,"range":[0,10000000],"required":false,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":null},
      {"hint":"What the ledger said when it was counted; the difference is the adjustment","label":"Expected","name":"expected","personal":false,"range":[-10000000,10000000],"required":false,"shape":{"scale":3,"type":"decimal"},"unit":"","usual":null},
      {"hint":"","label":"Batch","name":"batch","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":60,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Expires on","name":"expiry","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"To or from which ward","label":"Ward","name":"ward","personal":false,"range":null,"required":false,"shape":{"kind":"ward","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Other facility","name":"other_facility","personal":false,"range":null,"required":false,"shape":{"kind":"facility","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Supplier or document","name":"supplier","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":120,"type":"text"},"unit":"","usual":null},
      {"hint":"Needed for what is written off","label":"Reason","name":"reason","personal":false,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Note","name":"note","personal":false,"range":null,"required":false,"shape":{"lines":true,"max":1000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Replaces","name":"amends","personal":false,"range":null,"required":false,"shape":{"kind":"stock_entry","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["at","item","movement","quantity","ward"],
    caption: ["item","movement","at"],
  },
  audit_event: {
    kind: "audit_event",
    label: "Audit event",
    plural: "Audit log",
    home: "facility",
    semantics: "append_only",
    fields: [
      {"hint":"","label":"What","name":"what","personal":false,"range":null,"required":true,"shape":{"list":"audited","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"When","name":"at","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"When it happened more than once","label":"First time","name":"since","personal":false,"range":null,"required":false,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"How often","name":"times","personal":false,"range":[0,1000000],"required":false,"shape":{"type":"int"},"unit":"","usual":null},
      {"hint":"Empty for a username that nobody here has","label":"Who","name":"who","personal":false,"range":null,"required":false,"shape":{"kind":"person","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"About whom","name":"about","personal":false,"range":null,"required":false,"shape":{"kind":"person","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Patient","name":"patient","personal":false,"range":null,"required":false,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Computer","name":"desk","personal":false,"range":null,"required":true,"shape":{"kind":"desk","type":"ref"},"unit":"","usual":null},
      {"hint":"When it was done from another","label":"Which computer","name":"of_desk","personal":false,"range":null,"required":false,"shape":{"kind":"desk","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"How it ended","name":"ended","personal":false,"range":null,"required":false,"shape":{"list":"audit_ended","type":"code"},"unit":"","usual":null},
      {"hint":"As it was typed, of emergency access","label":"Reason","name":"reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
      {"hint":"The beginning of the emergency access that it belongs to","label":"Of which event","name":"of","personal":false,"range":null,"required":false,"shape":{"kind":"audit_event","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["at","what","who","patient","desk"],
    caption: ["what"],
  },
  erasure: {
    kind: "erasure",
    label: "Erasure asked for",
    plural: "Erasures asked for",
    home: "facility",
    semantics: "register",
    fields: [
      {"hint":"","label":"Patient","name":"patient","personal":false,"range":null,"required":true,"shape":{"kind":"patient","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Why","name":"reason","personal":false,"range":null,"required":true,"shape":{"list":"erasure_reason","type":"code"},"unit":"","usual":null},
      {"hint":"The day on the letter, or the day on which they came","label":"Date of the request","name":"asked_on","personal":false,"range":null,"required":true,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["patient","reason","asked_on"],
    caption: ["asked_on"],
  },
  erased: {
    kind: "erased",
    label: "Erasure carried out",
    plural: "Erasures carried out",
    home: "facility",
    semantics: "erases",
    fields: [
      {"hint":"","label":"Asked for by","name":"erasure","personal":false,"range":null,"required":false,"shape":{"kind":"erasure","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Records","name":"records","personal":false,"range":null,"required":true,"shape":{"lines":true,"max":200000,"type":"text"},"unit":"","usual":null},
      {"hint":"","label":"Carried out","name":"at","personal":false,"range":null,"required":true,"shape":{"type":"time"},"unit":"","usual":null},
      {"hint":"","label":"Who asked","name":"asked_by","personal":false,"range":null,"required":false,"shape":{"kind":"person","type":"ref"},"unit":"","usual":null},
      {"hint":"","label":"Date of the request","name":"asked_on","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"Nobody asked: the time for which records are kept was over on that day","label":"Kept until","name":"kept_until","personal":false,"range":null,"required":false,"shape":{"type":"date"},"unit":"","usual":null},
      {"hint":"","label":"Entered in error","name":"voided","personal":false,"range":null,"required":false,"shape":{"list":"yes_no","type":"code"},"unit":"","usual":null},
      {"hint":"","label":"Why it was entered in error","name":"void_reason","personal":true,"range":null,"required":false,"shape":{"lines":false,"max":200,"type":"text"},"unit":"","usual":null},
    ],
    groups: [],
    list: ["at","asked_by","asked_on","kept_until"],
    caption: ["at"],
  },
};

/** Every code list by its name. */
export const CODES: Record<ListName, Code[]> = {
  allergy_status: [
    {"label":"Known allergies","word":"known"},
    {"label":"No known allergies","word":"none"},
    {"label":"Not recorded","word":"unrecorded"},
  ],
  audit_ended: [
    {"label":"Done","word":"done"},
    {"label":"Failed","word":"failed"},
    {"label":"By hand","word":"by_hand"},
    {"label":"Nobody was there","word":"idle"},
    {"label":"The district lets the person in no more","word":"sent_out"},
    {"label":"Its time was over","word":"time_over"},
    {"label":"The right to work had run out","word":"run_out"},
  ],
  audited: [
    {"label":"Signed in","word":"signed_in"},
    {"label":"Wrong password","word":"sign_in_failed"},
    {"label":"Suspended for wrong passwords","word":"suspended"},
    {"label":"Let in again","word":"let_in_again"},
    {"label":"Locked","word":"locked"},
    {"label":"Password changed","word":"password_changed"},
    {"label":"Gave somebody a password","word":"password_given"},
    {"label":"Looked at a patient's page","word":"patient_seen"},
    {"label":"Changed what a person may do","word":"rights_changed"},
    {"label":"Made a sealed copy of unsent work","word":"unsent_copied"},
    {"label":"Took in a sealed copy of unsent work","word":"unsent_taken_in"},
    {"label":"Made a copy of the database","word":"backup_made"},
    {"label":"Loaded records from a stick","word":"stick_loaded"},
    {"label":"Gave the computer a new identity","word":"desk_renewed"},
    {"label":"Invited a computer","word":"desk_invited"},
    {"label":"Locked a computer out","word":"desk_locked_out"},
    {"label":"Withdrew a computer","word":"desk_withdrawn"},
    {"label":"Had a computer emptied at once","word":"desk_emptied"},
    {"label":"Trusted another certificate of the server, by its five words","word":"certificate_trusted"},
    {"label":"Printed a recovery sheet","word":"sheet_printed"},
    {"label":"Let a recovery sheet count","word":"sheet_kept"},
    {"label":"Threw a recovery sheet away","word":"sheet_dropped"},
    {"label":"Recovered the computer with its sheet","word":"recovered"},
    {"label":"Gave the records a new key","word":"rekeyed"},
    {"label":"Set up a second factor","word":"second_factor_set"},
    {"label":"Left the computer on the wall","word":"shown_on_wall"},
    {"label":"Took a table along as a file","word":"table_written"},
    {"label":"Wrote a report to a person","word":"report_written"},
    {"label":"Began emergency access","word":"emergency_begun"},
    {"label":"Was shown the name by a search in an emergency","word":"emergency_named"},
    {"label":"Opened a record in an emergency","word":"emergency_opened"},
    {"label":"Ended emergency access","word":"emergency_ended"},
    {"label":"Looked into emergency access","word":"emergency_reviewed"},
  ],
  bed_type: [
    {"label":"ICU with invasive ventilator","word":"icu_ventilator"},
    {"label":"ICU with non-invasive ventilator","word":"icu_niv"},
    {"label":"ICU with oxygen support","word":"icu_oxygen"},
    {"label":"ICU","word":"icu"},
    {"label":"Bed with oxygen support","word":"oxygen"},
    {"label":"Isolation","word":"isolation"},
    {"label":"Regular","word":"regular"},
  ],
  blood_group: [
    {"label":"A+","word":"a_positive"},
    {"label":"A−","word":"a_negative"},
    {"label":"B+","word":"b_positive"},
    {"label":"B−","word":"b_negative"},
    {"label":"AB+","word":"ab_positive"},
    {"label":"AB−","word":"ab_negative"},
    {"label":"O+","word":"o_positive"},
    {"label":"O−","word":"o_negative"},
    {"label":"Not known","word":"unknown"},
  ],
  category: [
    {"label":"Critical – immediate, life-threatening","word":"critical"},
    {"label":"Actively dying","word":"actively_dying"},
    {"label":"Moderate – emergency, could be life-threatening","word":"moderate"},
    {"label":"Mild – urgent, not life-threatening","word":"stable"},
    {"label":"Comfort care","word":"comfort"},
  ],
  comorbidity: [
    {"label":"None","word":"none"},
    {"label":"Diabetes","word":"diabetes"},
    {"label":"Heart disease","word":"heart_disease"},
    {"label":"Hypertension","word":"hypertension"},
    {"label":"Kidney disease","word":"kidney_disease"},
    {"label":"Lung disease or asthma","word":"lung_disease"},
    {"label":"Cancer","word":"cancer"},
    {"label":"Other","word":"other"},
  ],
  consciousness: [
    {"label":"Alert","word":"alert"},
    {"label":"New confusion","word":"confused"},
    {"label":"Responds to voice","word":"voice"},
    {"label":"Responds to pain","word":"pain"},
    {"label":"Unresponsive","word":"unresponsive"},
    {"label":"Agitated or confused","word":"agitated_or_confused"},
    {"label":"Drowsy","word":"drowsy"},
    {"label":"Stuporous","word":"stuporous"},
    {"label":"Comatose","word":"comatose"},
    {"label":"Cannot be assessed","word":"cannot_be_assessed"},
  ],
  consent_given_by: [
    {"label":"The patient","word":"patient"},
    {"label":"A parent","word":"parent"},
    {"label":"The lawful guardian","word":"guardian"},
    {"label":"Husband or wife","word":"spouse"},
    {"label":"A grown-up child","word":"child"},
    {"label":"Somebody else who may speak for the patient","word":"other"},
  ],
  consent_how: [
    {"label":"Spoken","word":"spoken"},
    {"label":"Signed on paper","word":"signed"},
    {"label":"Thumb impression on paper","word":"thumbprint"},
  ],
  consent_purpose: [
    {"label":"Sharing records with another facility","word":"share_facility"},
    {"label":"Telling family how the patient is","word":"tell_family"},
    {"label":"Contact by phone or message","word":"contact"},
    {"label":"Photographs or film","word":"photograph"},
    {"label":"Research","word":"research"},
    {"label":"Sharing with an insurer","word":"insurer"},
    {"label":"Linking to the ABHA health account","word":"health_account"},
  ],
  covid_category: [
    {"label":"Category C (severe)","word":"category_c"},
    {"label":"Category B (moderate)","word":"category_b"},
    {"label":"Category A (mild)","word":"category_a"},
    {"label":"Asymptomatic","word":"asymptomatic"},
    {"label":"Unclassified","word":"unclassified"},
  ],
  current_health: [
    {"label":"Better","word":"better"},
    {"label":"Unchanged","word":"status_quo"},
    {"label":"Worse","word":"worse"},
    {"label":"Requires a ventilator","word":"requires_ventilator"},
    {"label":"No statement","word":"unknown"},
  ],
  decision: [
    {"label":"Admission","word":"admission"},
    {"label":"Refer to another hospital","word":"refer"},
    {"label":"Outpatient consultation","word":"outpatient"},
    {"label":"Domiciliary care","word":"domiciliary_care"},
    {"label":"Home isolation","word":"home_isolation"},
    {"label":"Declare death","word":"declare_death"},
  ],
  designation: [
    {"label":"Ambulance driver","word":"ambulance_driver"},
    {"label":"ASHA","word":"asha"},
    {"label":"Attender","word":"attender"},
    {"label":"Cleaning staff","word":"cleaning_staff"},
    {"label":"CSSD staff","word":"cssd_staff"},
    {"label":"Anaesthesia technician","word":"anaesthesia_technician"},
    {"label":"Dialysis technician","word":"dialysis_technician"},
    {"label":"Dietician","word":"dietician"},
    {"label":"Doctor","word":"doctor"},
    {"label":"Field staff","word":"field_staff"},
    {"label":"Lab assistant","word":"lab_assistant"},
    {"label":"Lab technician","word":"lab_technician"},
    {"label":"Nursing assistant","word":"nursing_assistant"},
    {"label":"Office staff","word":"office_staff"},
    {"label":"Palliative nurse","word":"palliative_nurse"},
    {"label":"Pharmacist","word":"pharmacist"},
    {"label":"Physician assistant","word":"physician_assistant"},
    {"label":"Physiotherapist","word":"physiotherapist"},
    {"label":"Psychologist","word":"psychologist"},
    {"label":"Radiology technician","word":"radiology_technician"},
    {"label":"Security staff","word":"security_staff"},
    {"label":"Sonologist","word":"sonologist"},
    {"label":"Staff nurse","word":"staff_nurse"},
    {"label":"Other","word":"other"},
  ],
  discharge_reason: [
    {"label":"Recovered","word":"recovered"},
    {"label":"Referred","word":"referred"},
    {"label":"Died","word":"expired"},
    {"label":"Left against medical advice","word":"lama"},
    {"label":"Not known","word":"unknown"},
  ],
  disease_status: [
    {"label":"Positive","word":"positive"},
    {"label":"Suspected","word":"suspected"},
    {"label":"Negative","word":"negative"},
    {"label":"Recovered","word":"recovered"},
    {"label":"Died","word":"expired"},
  ],
  erasure_reason: [
    {"label":"The person asked for it","word":"asked"},
    {"label":"A parent or the lawful guardian asked for it","word":"guardian_asked"},
    {"label":"Somebody the person had nominated asked for it after their death","word":"nominee_asked"},
    {"label":"A court or the Data Protection Board ordered it","word":"ordered"},
    {"label":"The time for which records are kept is over","word":"time_over"},
  ],
  facility_type: [
    {"label":"Government medical college hospital","word":"medical_college"},
    {"label":"District hospital","word":"district_hospital"},
    {"label":"Taluk hospital","word":"taluk_hospital"},
    {"label":"Women and child health centre","word":"women_and_child"},
    {"label":"Community health centre","word":"community_health_centre"},
    {"label":"Family health centre","word":"family_health_centre"},
    {"label":"Primary health centre","word":"primary_health_centre"},
    {"label":"Private hospital","word":"private_hospital"},
    {"label":"Co-operative hospital","word":"cooperative_hospital"},
    {"label":"Autonomous healthcare facility","word":"autonomous"},
    {"label":"Government lab","word":"government_lab"},
    {"label":"Private lab","word":"private_lab"},
    {"label":"Telemedicine","word":"telemedicine"},
    {"label":"Domiciliary care centre","word":"domiciliary_care_centre"},
    {"label":"First-line treatment centre","word":"first_line_centre"},
    {"label":"Second-line treatment centre","word":"second_line_centre"},
    {"label":"Shifting centre","word":"shifting_centre"},
    {"label":"Covid management centre","word":"covid_management_centre"},
    {"label":"Request approving centre","word":"request_approving_centre"},
    {"label":"Request fulfilment centre","word":"request_fulfilment_centre"},
    {"label":"District war room","word":"district_war_room"},
    {"label":"Educational institution","word":"educational_institution"},
    {"label":"Hostel","word":"hostel"},
    {"label":"Hotel","word":"hotel"},
    {"label":"Lodge","word":"lodge"},
    {"label":"Other","word":"other"},
  ],
  feature: [
    {"label":"CT scan","word":"ct_scan"},
    {"label":"Maternity care","word":"maternity_care"},
    {"label":"X-ray","word":"x_ray"},
    {"label":"Neonatal care","word":"neonatal_care"},
    {"label":"Operation theatre","word":"operation_theatre"},
    {"label":"Blood bank","word":"blood_bank"},
  ],
  follow_up: [
    {"label":"No action","word":"no_action"},
    {"label":"Pending","word":"pending"},
    {"label":"Specialist required","word":"specialist_required"},
    {"label":"Plan for home care","word":"plan_for_home_care"},
    {"label":"No follow-up required","word":"follow_up_not_required"},
    {"label":"Complete","word":"complete"},
    {"label":"Review","word":"review"},
    {"label":"Not reachable","word":"not_reachable"},
    {"label":"Discharge recommended","word":"discharge_recommended"},
  ],
  frontline_worker: [
    {"label":"Not applicable","word":"not_applicable"},
    {"label":"Health-care worker","word":"health_worker"},
    {"label":"Elected representative","word":"elected_representative"},
    {"label":"Police officer","word":"police_officer"},
    {"label":"Revenue official","word":"revenue_official"},
    {"label":"Teacher","word":"teacher"},
    {"label":"Fire force","word":"fire_force"},
    {"label":"Anganwadi worker","word":"anganwadi_worker"},
    {"label":"Kudumbasree","word":"kudumbasree"},
    {"label":"Volunteer","word":"volunteer"},
    {"label":"Supervisor","word":"supervisor"},
  ],
  gender: [
    {"label":"Female","word":"female"},
    {"label":"Male","word":"male"},
    {"label":"Transgender or non-binary","word":"transgender"},
  ],
  hold_reason: [
    {"label":"Held for a patient","word":"held"},
    {"label":"Being cleaned","word":"cleaning"},
    {"label":"Blocked","word":"blocked"},
  ],
  item_tag: [
    {"label":"Safety","word":"safety"},
    {"label":"Medical","word":"medical"},
    {"label":"Food","word":"food"},
  ],
  limb_response: [
    {"label":"Strong","word":"strong"},
    {"label":"Moderate","word":"moderate"},
    {"label":"Weak","word":"weak"},
    {"label":"Flexion","word":"flexion"},
    {"label":"Extension","word":"extension"},
    {"label":"None","word":"none"},
    {"label":"Not known","word":"unknown"},
  ],
  local_body_type: [
    {"label":"Grama panchayath","word":"grama_panchayath"},
    {"label":"Block panchayath","word":"block_panchayath"},
    {"label":"District panchayath","word":"district_panchayath"},
    {"label":"Nagar panchayath","word":"nagar_panchayath"},
    {"label":"Municipality","word":"municipality"},
    {"label":"Corporation","word":"corporation"},
    {"label":"Other","word":"other"},
  ],
  movement: [
    {"label":"Received","word":"receive"},
    {"label":"Issued","word":"issue"},
    {"label":"Returned to stock","word":"return"},
    {"label":"Written off","word":"write_off"},
    {"label":"Counted","word":"count"},
    {"label":"Sent to another facility","word":"transfer_out"},
    {"label":"Received from another facility","word":"transfer_in"},
  ],
  occupation: [
    {"label":"Student","word":"student"},
    {"label":"In business","word":"business"},
    {"label":"Health-care worker","word":"health_worker"},
    {"label":"Health-care lab worker","word":"lab_worker"},
    {"label":"Animal handler","word":"animal_handler"},
    {"label":"Other","word":"other"},
  ],
  oxygen_device: [
    {"label":"Nasal prongs","word":"nasal_prongs"},
    {"label":"Simple face mask","word":"simple_face_mask"},
    {"label":"Non-rebreathing mask","word":"non_rebreathing_mask"},
    {"label":"High-flow nasal cannula","word":"high_flow_nasal_cannula"},
    {"label":"Not known","word":"unknown"},
  ],
  pupil_reaction: [
    {"label":"Brisk","word":"brisk"},
    {"label":"Sluggish","word":"sluggish"},
    {"label":"Fixed","word":"fixed"},
    {"label":"Cannot be assessed","word":"cannot_be_assessed"},
    {"label":"Not known","word":"unknown"},
  ],
  ration_card: [
    {"label":"Below poverty line","word":"bpl"},
    {"label":"Above poverty line","word":"apl"},
    {"label":"No card","word":"none"},
  ],
  rhythm: [
    {"label":"Regular","word":"regular"},
    {"label":"Irregular","word":"irregular"},
    {"label":"Not known","word":"unknown"},
  ],
  role: [
    {"label":"Super admin","word":"super_admin"},
    {"label":"State admin","word":"state_admin"},
    {"label":"State viewer","word":"state_viewer"},
    {"label":"District admin","word":"district_admin"},
    {"label":"District viewer","word":"district_viewer"},
    {"label":"District lab","word":"district_lab"},
    {"label":"Local body admin","word":"local_body_admin"},
    {"label":"Facility admin","word":"facility_admin"},
    {"label":"Doctor","word":"doctor"},
    {"label":"Nurse","word":"nurse"},
    {"label":"Nurse, read only","word":"nurse_viewer"},
    {"label":"Staff","word":"staff"},
    {"label":"Staff, read only","word":"staff_viewer"},
    {"label":"Volunteer","word":"volunteer"},
    {"label":"Pharmacist","word":"pharmacist"},
    {"label":"Transport","word":"transport"},
  ],
  room_type: [
    {"label":"Ward room","word":"ward"},
    {"label":"ICU","word":"icu"},
    {"label":"Single room with bathroom","word":"single"},
    {"label":"Isolation room","word":"isolation"},
    {"label":"Other","word":"other"},
  ],
  round_type: [
    {"label":"Normal","word":"normal"},
    {"label":"Ventilator","word":"ventilator"},
    {"label":"ICU","word":"icu"},
    {"label":"From a monitor","word":"automated"},
    {"label":"Telemedicine","word":"telemedicine"},
  ],
  route: [
    {"label":"Outpatient or emergency room","word":"outpatient"},
    {"label":"Referred from another facility","word":"referred"},
    {"label":"Transfer within the facility","word":"internal"},
    {"label":"Not known","word":"unknown"},
  ],
  shift: [
    {"label":"Morning","word":"morning"},
    {"label":"Evening","word":"evening"},
    {"label":"Night","word":"night"},
  ],
  source: [
    {"label":"Registered here or in Care","word":"care"},
    {"label":"Covid tracker","word":"covid_tracker"},
    {"label":"Stay","word":"stay"},
  ],
  specialisation: [
    {"label":"General medicine","word":"general_medicine"},
    {"label":"Pulmonology","word":"pulmonology"},
    {"label":"Critical care","word":"critical_care"},
    {"label":"Paediatrics","word":"paediatrics"},
    {"label":"Other","word":"other"},
    {"label":"Anaesthesia","word":"anaesthesia"},
    {"label":"Cardiology","word":"cardiology"},
    {"label":"Emergency medicine","word":"emergency_medicine"},
    {"label":"General surgery","word":"general_surgery"},
    {"label":"Gynaecology and obstetrics","word":"gynaecology"},
    {"label":"Nephrology","word":"nephrology"},
    {"label":"Neurology","word":"neurology"},
    {"label":"Nursing","word":"nursing"},
    {"label":"Orthopaedics","word":"orthopaedics"},
    {"label":"Palliative care","word":"palliative_care"},
    {"label":"Pharmacy","word":"pharmacy"},
    {"label":"Psychiatry","word":"psychiatry"},
    {"label":"Radiology","word":"radiology"},
  ],
  spo2_scale: [
    {"label":"Scale 1","word":"scale_1"},
    {"label":"Scale 2 (target 88–92 %)","word":"scale_2"},
  ],
  symptom: [
    {"label":"No symptoms","word":"asymptomatic"},
    {"label":"Fever","word":"fever"},
    {"label":"Sore throat","word":"sore_throat"},
    {"label":"Cough","word":"cough"},
    {"label":"Breathlessness","word":"breathlessness"},
    {"label":"Muscle pain","word":"myalgia"},
    {"label":"Abdominal discomfort","word":"abdominal_discomfort"},
    {"label":"Vomiting","word":"vomiting"},
    {"label":"Other","word":"other"},
    {"label":"Severe acute respiratory infection","word":"sari"},
    {"label":"Sputum","word":"sputum"},
    {"label":"Nausea","word":"nausea"},
    {"label":"Chest pain","word":"chest_pain"},
    {"label":"Coughing blood","word":"hemoptysis"},
    {"label":"Nasal discharge","word":"nasal_discharge"},
    {"label":"Body ache","word":"body_ache"},
    {"label":"Diarrhoea","word":"diarrhoea"},
    {"label":"Pain","word":"pain"},
    {"label":"Swollen feet","word":"pedal_oedema"},
    {"label":"Wound","word":"wound"},
    {"label":"Constipation","word":"constipation"},
    {"label":"Headache","word":"headache"},
    {"label":"Bleeding","word":"bleeding"},
    {"label":"Dizziness","word":"dizziness"},
    {"label":"Chills","word":"chills"},
    {"label":"General weakness","word":"general_weakness"},
    {"label":"Irritability","word":"irritability"},
    {"label":"Confusion","word":"confusion"},
    {"label":"Abdominal pain","word":"abdominal_pain"},
    {"label":"Joint pain","word":"joint_pain"},
    {"label":"Redness of eyes","word":"red_eyes"},
    {"label":"Loss of appetite","word":"anorexia"},
    {"label":"New loss of taste","word":"loss_of_taste"},
    {"label":"New loss of smell","word":"loss_of_smell"},
    {"label":"Vomiting or diarrhoea (not told apart)","word":"vomiting_or_diarrhoea"},
  ],
  test_type: [
    {"label":"Not known","word":"unknown"},
    {"label":"Antigen","word":"antigen"},
    {"label":"RT-PCR","word":"rt_pcr"},
    {"label":"CBNAAT","word":"cbnaat"},
    {"label":"TrueNat","word":"truenat"},
    {"label":"RT-LAMP","word":"rt_lamp"},
    {"label":"Point-of-care PCR","word":"poc_pcr"},
  ],
  unit: [
    {"label":"items","word":"item"},
    {"label":"dozen","word":"dozen"},
    {"label":"cylinders","word":"cylinder"},
    {"label":"m³","word":"cubic_metre"},
    {"label":"kL","word":"kilolitre"},
    {"label":"kg","word":"kilogram"},
    {"label":"g","word":"gram"},
  ],
  vaccine: [
    {"label":"CoviShield","word":"covishield"},
    {"label":"Covaxin","word":"covaxin"},
    {"label":"Sputnik","word":"sputnik"},
    {"label":"Moderna","word":"moderna"},
    {"label":"Pfizer","word":"pfizer"},
    {"label":"Janssen","word":"janssen"},
    {"label":"Sinovac","word":"sinovac"},
  ],
  ventilator_interface: [
    {"label":"Invasive","word":"invasive"},
    {"label":"Non-invasive","word":"non_invasive"},
    {"label":"Oxygen support","word":"oxygen_support"},
    {"label":"Not known","word":"unknown"},
  ],
  ventilator_mode: [
    {"label":"VCV","word":"vcv"},
    {"label":"PCV","word":"pcv"},
    {"label":"PRVC","word":"prvc"},
    {"label":"APRV","word":"aprv"},
    {"label":"VC-SIMV","word":"vc_simv"},
    {"label":"PC-SIMV","word":"pc_simv"},
    {"label":"PRVC-SIMV","word":"prvc_simv"},
    {"label":"ASV","word":"asv"},
    {"label":"PSV","word":"psv"},
    {"label":"Not known","word":"unknown"},
  ],
  ward_kind: [
    {"label":"General","word":"general"},
    {"label":"Intensive care","word":"icu"},
    {"label":"High dependency","word":"high_dependency"},
    {"label":"Isolation","word":"isolation"},
    {"label":"Emergency","word":"emergency"},
    {"label":"Maternity","word":"maternity"},
    {"label":"Newborn","word":"newborn"},
    {"label":"Children","word":"children"},
    {"label":"Surgical","word":"surgical"},
    {"label":"Day care","word":"day_care"},
    {"label":"Other","word":"other"},
  ],
  yes_no: [
    {"label":"Yes","word":"yes"},
    {"label":"No","word":"no"},
  ],
};

/** Every role, highest rank first. */
export const ROLES: Role[] = [
  {"label":"Super admin","rank":50,"readOnly":false,"scope":"state","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","audit_event","erasure","erased"],"word":"super_admin","writes":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure"]},
  {"label":"State admin","rank":40,"readOnly":false,"scope":"state","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","audit_event","erasure","erased"],"word":"state_admin","writes":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure"]},
  {"label":"State viewer","rank":39,"readOnly":true,"scope":"state","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"state_viewer","writes":[]},
  {"label":"District admin","rank":30,"readOnly":false,"scope":"district","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","audit_event","erasure","erased"],"word":"district_admin","writes":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure"]},
  {"label":"District viewer","rank":29,"readOnly":true,"scope":"district","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"district_viewer","writes":[]},
  {"label":"District lab","rank":25,"readOnly":false,"scope":"district","sees":["state","district","local_body","facility","person","desk","building","ward","room","bed","patient","told_apart","encounter"],"word":"district_lab","writes":[]},
  {"label":"Local body admin","rank":23,"readOnly":false,"scope":"district","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","bed_stay","bed_hold","triage","stock_entry"],"word":"local_body_admin","writes":[]},
  {"label":"Facility admin","rank":20,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","audit_event","erasure","erased"],"word":"facility_admin","writes":["facility","person","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure"]},
  {"label":"Doctor","rank":15,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"doctor","writes":["patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry"]},
  {"label":"Nurse","rank":14,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"nurse","writes":["patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry"]},
  {"label":"Nurse, read only","rank":13,"readOnly":true,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"nurse_viewer","writes":[]},
  {"label":"Staff","rank":10,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"staff","writes":["patient","told_apart","consent","encounter","bed_stay","bed_hold","triage","stock_entry"]},
  {"label":"Staff, read only","rank":9,"readOnly":true,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","patient","told_apart","consent","encounter","bed_stay","bed_hold","round","triage","stock_entry","erasure","erased"],"word":"staff_viewer","writes":[]},
  {"label":"Volunteer","rank":5,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","bed_stay","bed_hold","triage","stock_entry"],"word":"volunteer","writes":[]},
  {"label":"Pharmacist","rank":3,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","item","person","desk","building","ward","room","bed","minimum_level","stock_entry"],"word":"pharmacist","writes":["minimum_level","stock_entry"]},
  {"label":"Transport","rank":2,"readOnly":false,"scope":"facility","sees":["state","district","local_body","facility","person","desk","building","ward","room","bed"],"word":"transport","writes":[]},
];
