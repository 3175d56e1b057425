//! What is known of a person who is treated, after Care's patient models.

use super::{CodeList, word};

pub static GENDER: CodeList = CodeList {
    name: "gender",
    codes: &[
        word("female", "Female", &["2"]),
        word("male", "Male", &["1"]),
        word("transgender", "Transgender or non-binary", &["3"]),
    ],
};

pub static BLOOD_GROUP: CodeList = CodeList {
    name: "blood_group",
    codes: &[
        word("a_positive", "A+", &["A+"]),
        word("a_negative", "A−", &["A-"]),
        word("b_positive", "B+", &["B+"]),
        word("b_negative", "B−", &["B-"]),
        word("ab_positive", "AB+", &["AB+"]),
        word("ab_negative", "AB−", &["AB-"]),
        word("o_positive", "O+", &["O+"]),
        word("o_negative", "O−", &["O-"]),
        word("unknown", "Not known", &["UNK"]),
    ],
};

/// Whether allergies were asked about: "none" is a finding, "unrecorded" is not.
pub static ALLERGY_STATUS: CodeList = CodeList {
    name: "allergy_status",
    codes: &[
        word("known", "Known allergies", &[]),
        word("none", "No known allergies", &[]),
        word("unrecorded", "Not recorded", &[]),
    ],
};

pub static COMORBIDITY: CodeList = CodeList {
    name: "comorbidity",
    codes: &[
        word("none", "None", &["1"]),
        word("diabetes", "Diabetes", &["2"]),
        word("heart_disease", "Heart disease", &["3"]),
        word("hypertension", "Hypertension", &["4"]),
        word("kidney_disease", "Kidney disease", &["5"]),
        word("lung_disease", "Lung disease or asthma", &["6"]),
        word("cancer", "Cancer", &["7"]),
        word("other", "Other", &["8"]),
    ],
};

/// Care turns 4 (recovery) into 5 (recovered) when it saves.
pub static DISEASE_STATUS: CodeList = CodeList {
    name: "disease_status",
    codes: &[
        word("positive", "Positive", &["2"]),
        word("suspected", "Suspected", &["1"]),
        word("negative", "Negative", &["3"]),
        word("recovered", "Recovered", &["5", "4"]),
        word("expired", "Died", &["6"]),
    ],
};

pub static VACCINE: CodeList = CodeList {
    name: "vaccine",
    codes: &[
        word("covishield", "CoviShield", &["CoviShield"]),
        word("covaxin", "Covaxin", &["Covaxin"]),
        word("sputnik", "Sputnik", &["Sputnik"]),
        word("moderna", "Moderna", &["Moderna"]),
        word("pfizer", "Pfizer", &["Pfizer"]),
        word("janssen", "Janssen", &["Janssen"]),
        word("sinovac", "Sinovac", &["Sinovac"]),
    ],
};

pub static FRONTLINE_WORKER: CodeList = CodeList {
    name: "frontline_worker",
    codes: &[
        word("not_applicable", "Not applicable", &["NOT APPLICABLE"]),
        word("health_worker", "Health-care worker", &["HEALTHCARE WORKER"]),
        word(
            "elected_representative",
            "Elected representative",
            &["ELECTED REPRESENTATIVE"],
        ),
        word("police_officer", "Police officer", &["POLICE OFFICER"]),
        word("revenue_official", "Revenue official", &["REVENUE OFFICIAL"]),
        word("teacher", "Teacher", &["TEACHER"]),
        word("fire_force", "Fire force", &["FIRE FORCE"]),
        word("anganwadi_worker", "Anganwadi worker", &["ANGNAWADI WORKER"]),
        word("kudumbasree", "Kudumbasree", &["KUDUMBASREE"]),
        word("volunteer", "Volunteer", &["VOLUNTEER"]),
        word("supervisor", "Supervisor", &["SUPERVISOR"]),
    ],
};

/// Care's spellings stand in its codes, ours in the labels.
pub static DESIGNATION: CodeList = CodeList {
    name: "designation",
    codes: &[
        word("ambulance_driver", "Ambulance driver", &["AMBULANCE DRIVER"]),
        word("asha", "ASHA", &["ASHA"]),
        word("attender", "Attender", &["ATTENDER"]),
        word("cleaning_staff", "Cleaning staff", &["CLEANING STAFF"]),
        word("cssd_staff", "CSSD staff", &["CSSD STAFF"]),
        word(
            "anaesthesia_technician",
            "Anaesthesia technician",
            &["ANEASTHESIA TECHNICHIAN"],
        ),
        word("dialysis_technician", "Dialysis technician", &["DIALYSIS TECHNICIAN"]),
        word("dietician", "Dietician", &["DIETICIAN"]),
        word("doctor", "Doctor", &["DOCTOR"]),
        word("field_staff", "Field staff", &["FIELD STAFF"]),
        word("lab_assistant", "Lab assistant", &["LAB ASSISTANT"]),
        word("lab_technician", "Lab technician", &["LAB TECHNICIAN"]),
        word("nursing_assistant", "Nursing assistant", &["NURSING ASSISTANT"]),
        word("office_staff", "Office staff", &["OFFICE STAFF"]),
        word("palliative_nurse", "Palliative nurse", &["PALLIATIVE NURSE"]),
        word("pharmacist", "Pharmacist", &["PHARMACIST"]),
        word("physician_assistant", "Physician assistant", &["PHYSICIAN ASSISTANT"]),
        word("physiotherapist", "Physiotherapist", &["PHYSIOTHERAPIST"]),
        word("psychologist", "Psychologist", &["PSYCHOLOGIST"]),
        word(
            "radiology_technician",
            "Radiology technician",
            &["RADIOLOGY TECHNICIAN"],
        ),
        word("security_staff", "Security staff", &["SECURITY STAFF"]),
        word("sonologist", "Sonologist", &["SONOLOGIST"]),
        word("staff_nurse", "Staff nurse", &["STAFF NURSE"]),
        word("other", "Other", &["OTHERS"]),
    ],
};

pub static OCCUPATION: CodeList = CodeList {
    name: "occupation",
    codes: &[
        word("student", "Student", &["1"]),
        word("business", "In business", &["2"]),
        word("health_worker", "Health-care worker", &["3"]),
        word("lab_worker", "Health-care lab worker", &["4"]),
        word("animal_handler", "Animal handler", &["5"]),
        word("other", "Other", &["6"]),
    ],
};

pub static RATION_CARD: CodeList = CodeList {
    name: "ration_card",
    codes: &[
        word("bpl", "Below poverty line", &["BPL"]),
        word("apl", "Above poverty line", &["APL"]),
        word("none", "No card", &["NO_CARD"]),
    ],
};

/// From where the registration came.
pub static SOURCE: CodeList = CodeList {
    name: "source",
    codes: &[
        word("care", "Registered here or in Care", &["10"]),
        word("covid_tracker", "Covid tracker", &["20"]),
        word("stay", "Stay", &["30"]),
    ],
};

/// What is to be done next. Code 10 changed its meaning: see [`super::release`].
pub static FOLLOW_UP: CodeList = CodeList {
    name: "follow_up",
    codes: &[
        word("no_action", "No action", &["10"]),
        word("pending", "Pending", &["20"]),
        word("specialist_required", "Specialist required", &["30"]),
        word("plan_for_home_care", "Plan for home care", &["40"]),
        word("follow_up_not_required", "No follow-up required", &["50"]),
        word("complete", "Complete", &["60"]),
        word("review", "Review", &["70"]),
        word("not_reachable", "Not reachable", &["80"]),
        word("discharge_recommended", "Discharge recommended", &["90"]),
    ],
};

pub static TEST_TYPE: CodeList = CodeList {
    name: "test_type",
    codes: &[
        word("unknown", "Not known", &["10"]),
        word("antigen", "Antigen", &["20"]),
        word("rt_pcr", "RT-PCR", &["30"]),
        word("cbnaat", "CBNAAT", &["40"]),
        word("truenat", "TrueNat", &["50"]),
        word("rt_lamp", "RT-LAMP", &["60"]),
        word("poc_pcr", "Point-of-care PCR", &["70"]),
    ],
};
