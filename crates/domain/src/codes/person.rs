//! People who work here: roles with Care's ranks, and what they are trained in.

use super::{CodeList, word};

/// The roles; what each may do stands in [`crate::access`]. Further codes are those of Care's
/// ranks that became one role here.
pub static ROLE: CodeList = CodeList {
    name: "role",
    codes: &[
        word("super_admin", "Super admin", &[]),
        word("state_admin", "State admin", &["40"]),
        word("state_viewer", "State viewer", &["39"]),
        word("district_admin", "District admin", &["30"]),
        word("district_viewer", "District viewer", &["29"]),
        word("district_lab", "District lab", &["25", "35"]),
        word("local_body_admin", "Local body admin", &["23", "21"]),
        word("facility_admin", "Facility admin", &["20"]),
        word("doctor", "Doctor", &["15"]),
        word("nurse", "Nurse", &["14"]),
        word("nurse_viewer", "Nurse, read only", &["13"]),
        word("staff", "Staff", &["10"]),
        word("staff_viewer", "Staff, read only", &["9"]),
        word("volunteer", "Volunteer", &["5"]),
        word("pharmacist", "Pharmacist", &["3"]),
        word("transport", "Transport", &["2"]),
    ],
};

/// The first five after Care's `DOCTOR_TYPES`.
pub static SPECIALISATION: CodeList = CodeList {
    name: "specialisation",
    codes: &[
        word("general_medicine", "General medicine", &["1"]),
        word("pulmonology", "Pulmonology", &["2"]),
        word("critical_care", "Critical care", &["3"]),
        word("paediatrics", "Paediatrics", &["4"]),
        word("other", "Other", &["5"]),
        word("anaesthesia", "Anaesthesia", &[]),
        word("cardiology", "Cardiology", &[]),
        word("emergency_medicine", "Emergency medicine", &[]),
        word("general_surgery", "General surgery", &[]),
        word("gynaecology", "Gynaecology and obstetrics", &[]),
        word("nephrology", "Nephrology", &[]),
        word("neurology", "Neurology", &[]),
        word("nursing", "Nursing", &[]),
        word("orthopaedics", "Orthopaedics", &[]),
        word("palliative_care", "Palliative care", &[]),
        word("pharmacy", "Pharmacy", &[]),
        word("psychiatry", "Psychiatry", &[]),
        word("radiology", "Radiology", &[]),
    ],
};
