//! Facilities and local bodies, after Care's `FACILITY_TYPES`, `FEATURE_CHOICES` and
//! `LOCAL_BODY_CHOICES`. Types that Care merged into another between its releases of May 2022 and
//! March 2024 stand as further codes of the one they became.

use super::{CodeList, word};

pub static FACILITY_TYPE: CodeList = CodeList {
    name: "facility_type",
    codes: &[
        word("medical_college", "Government medical college hospital", &["870", "8"]),
        word("district_hospital", "District hospital", &["860", "850"]),
        word("taluk_hospital", "Taluk hospital", &["830", "831"]),
        word("women_and_child", "Women and child health centre", &["840"]),
        word("community_health_centre", "Community health centre", &["803"]),
        word("family_health_centre", "Family health centre", &["802"]),
        word("primary_health_centre", "Primary health centre", &["800", "801", "820"]),
        word("private_hospital", "Private hospital", &["2"]),
        word("cooperative_hospital", "Co-operative hospital", &["900"]),
        word("autonomous", "Autonomous healthcare facility", &["910"]),
        word("government_lab", "Government lab", &["9", "950"]),
        word("private_lab", "Private lab", &["10"]),
        word("telemedicine", "Telemedicine", &["7"]),
        word("domiciliary_care_centre", "Domiciliary care centre", &["1010"]),
        word("first_line_centre", "First-line treatment centre", &["1100"]),
        word("second_line_centre", "Second-line treatment centre", &["1200"]),
        word("shifting_centre", "Shifting centre", &["1300"]),
        word("covid_management_centre", "Covid management centre", &["1400"]),
        word("request_approving_centre", "Request approving centre", &["1500"]),
        word("request_fulfilment_centre", "Request fulfilment centre", &["1510"]),
        word("district_war_room", "District war room", &["1600"]),
        word("educational_institution", "Educational institution", &["1"]),
        word("hostel", "Hostel", &["4"]),
        word("hotel", "Hotel", &["5"]),
        word("lodge", "Lodge", &["6"]),
        word("other", "Other", &["3", "1000"]),
    ],
};

pub static FEATURE: CodeList = CodeList {
    name: "feature",
    codes: &[
        word("ct_scan", "CT scan", &["1"]),
        word("maternity_care", "Maternity care", &["2"]),
        word("x_ray", "X-ray", &["3"]),
        word("neonatal_care", "Neonatal care", &["4"]),
        word("operation_theatre", "Operation theatre", &["5"]),
        word("blood_bank", "Blood bank", &["6"]),
    ],
};

pub static LOCAL_BODY_TYPE: CodeList = CodeList {
    name: "local_body_type",
    codes: &[
        word("grama_panchayath", "Grama panchayath", &["1"]),
        word("block_panchayath", "Block panchayath", &["2"]),
        word("district_panchayath", "District panchayath", &["3"]),
        word("nagar_panchayath", "Nagar panchayath", &["4"]),
        word("municipality", "Municipality", &["10"]),
        word("corporation", "Corporation", &["20"]),
        word("other", "Other", &["50"]),
    ],
};
