//! Admission, course and discharge, after Care's consultation models.

use super::{CodeList, word};

pub static ROUTE: CodeList = CodeList {
    name: "route",
    codes: &[
        word("outpatient", "Outpatient or emergency room", &["10"]),
        word("referred", "Referred from another facility", &["20"]),
        word("internal", "Transfer within the facility", &["30"]),
        word("unknown", "Not known", &[]),
    ],
};

pub static DECISION: CodeList = CodeList {
    name: "decision",
    codes: &[
        word("admission", "Admission", &["A"]),
        word("refer", "Refer to another hospital", &["R"]),
        word("outpatient", "Outpatient consultation", &["OP"]),
        word("domiciliary_care", "Domiciliary care", &["DC"]),
        word("home_isolation", "Home isolation", &["HI"]),
        word("declare_death", "Declare death", &["DD"]),
    ],
};

/// How urgent, most urgent first. Care's release of May 2022 kept another list under the same
/// name: see [`COVID_CATEGORY`] and [`super::release`].
pub static CATEGORY: CodeList = CodeList {
    name: "category",
    codes: &[
        word("critical", "Critical – immediate, life-threatening", &["Critical"]),
        word("actively_dying", "Actively dying", &["ActivelyDying"]),
        word(
            "moderate",
            "Moderate – emergency, could be life-threatening",
            &["Moderate"],
        ),
        word("stable", "Mild – urgent, not life-threatening", &["Stable"]),
        word("comfort", "Comfort care", &["Comfort"]),
    ],
};

/// The order in which a category in conflict is shown: the most urgent is in force.
pub const CATEGORY_BY_URGENCY: &[&str] = &["critical", "actively_dying", "moderate", "stable", "comfort"];

pub static COVID_CATEGORY: CodeList = CodeList {
    name: "covid_category",
    codes: &[
        word("category_c", "Category C (severe)", &["Severe"]),
        word("category_b", "Category B (moderate)", &["Moderate"]),
        word("category_a", "Category A (mild)", &["Mild"]),
        word("asymptomatic", "Asymptomatic", &["ASYM"]),
        word("unclassified", "Unclassified", &["None"]),
    ],
};

/// Code 8 changed its meaning and 10 was dropped: see [`super::release`].
pub static SYMPTOM: CodeList = CodeList {
    name: "symptom",
    codes: &[
        word("asymptomatic", "No symptoms", &["1"]),
        word("fever", "Fever", &["2"]),
        word("sore_throat", "Sore throat", &["3"]),
        word("cough", "Cough", &["4"]),
        word("breathlessness", "Breathlessness", &["5"]),
        word("myalgia", "Muscle pain", &["6"]),
        word("abdominal_discomfort", "Abdominal discomfort", &["7"]),
        word("vomiting", "Vomiting", &["8"]),
        word("other", "Other", &["9"]),
        word("sari", "Severe acute respiratory infection", &["10"]),
        word("sputum", "Sputum", &["11"]),
        word("nausea", "Nausea", &["12"]),
        word("chest_pain", "Chest pain", &["13"]),
        word("hemoptysis", "Coughing blood", &["14"]),
        word("nasal_discharge", "Nasal discharge", &["15"]),
        word("body_ache", "Body ache", &["16"]),
        word("diarrhoea", "Diarrhoea", &["17"]),
        word("pain", "Pain", &["18"]),
        word("pedal_oedema", "Swollen feet", &["19"]),
        word("wound", "Wound", &["20"]),
        word("constipation", "Constipation", &["21"]),
        word("headache", "Headache", &["22"]),
        word("bleeding", "Bleeding", &["23"]),
        word("dizziness", "Dizziness", &["24"]),
        word("chills", "Chills", &["25"]),
        word("general_weakness", "General weakness", &["26"]),
        word("irritability", "Irritability", &["27"]),
        word("confusion", "Confusion", &["28"]),
        word("abdominal_pain", "Abdominal pain", &["29"]),
        word("joint_pain", "Joint pain", &["30"]),
        word("red_eyes", "Redness of eyes", &["31"]),
        word("anorexia", "Loss of appetite", &["32"]),
        word("loss_of_taste", "New loss of taste", &["33"]),
        word("loss_of_smell", "New loss of smell", &["34"]),
        word("vomiting_or_diarrhoea", "Vomiting or diarrhoea (not told apart)", &[]),
    ],
};

/// Numbers of Care's `NewDischargeReasonEnum`, then the short words of its older list.
pub static DISCHARGE_REASON: CodeList = CodeList {
    name: "discharge_reason",
    codes: &[
        word("recovered", "Recovered", &["1", "REC"]),
        word("referred", "Referred", &["2", "REF"]),
        word("expired", "Died", &["3", "EXP"]),
        word("lama", "Left against medical advice", &["4", "LAMA"]),
        word("unknown", "Not known", &["-1"]),
    ],
};

pub static CURRENT_HEALTH: CodeList = CodeList {
    name: "current_health",
    codes: &[
        word("better", "Better", &["4"]),
        word("status_quo", "Unchanged", &["3"]),
        word("worse", "Worse", &["2"]),
        word("requires_ventilator", "Requires a ventilator", &["1"]),
        word("unknown", "No statement", &["0"]),
    ],
};
