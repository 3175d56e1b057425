//! What is observed on a round, after Care's `daily_round` models.

use super::{CodeList, word};

pub static ROUND_TYPE: CodeList = CodeList {
    name: "round_type",
    codes: &[
        word("normal", "Normal", &["0"]),
        word("ventilator", "Ventilator", &["100"]),
        word("icu", "ICU", &["200"]),
        word("automated", "From a monitor", &["300"]),
        word("telemedicine", "Telemedicine", &["400"]),
    ],
};

/// ACVPU as NEWS2 asks for it, then words of Care's other releases. Codes 10 to 25 changed their
/// meaning: see [`super::release`].
pub static CONSCIOUSNESS: CodeList = CodeList {
    name: "consciousness",
    codes: &[
        word("alert", "Alert", &["5"]),
        word("confused", "New confusion", &["30"]),
        word("voice", "Responds to voice", &["10"]),
        word("pain", "Responds to pain", &["15"]),
        word("unresponsive", "Unresponsive", &["20"]),
        word("agitated_or_confused", "Agitated or confused", &["25"]),
        word("drowsy", "Drowsy", &[]),
        word("stuporous", "Stuporous", &[]),
        word("comatose", "Comatose", &[]),
        word("cannot_be_assessed", "Cannot be assessed", &["0"]),
    ],
};

/// Which of NEWS2's two columns of oxygen saturation holds. Scale 2 only when a doctor has set
/// the target of 88–92 %.
pub static SPO2_SCALE: CodeList = CodeList {
    name: "spo2_scale",
    codes: &[
        word("scale_1", "Scale 1", &[]),
        word("scale_2", "Scale 2 (target 88–92 %)", &[]),
    ],
};

pub static OXYGEN_DEVICE: CodeList = CodeList {
    name: "oxygen_device",
    codes: &[
        word("nasal_prongs", "Nasal prongs", &["5"]),
        word("simple_face_mask", "Simple face mask", &["10"]),
        word("non_rebreathing_mask", "Non-rebreathing mask", &["15"]),
        word("high_flow_nasal_cannula", "High-flow nasal cannula", &["20"]),
        word("unknown", "Not known", &["0"]),
    ],
};

pub static VENTILATOR_INTERFACE: CodeList = CodeList {
    name: "ventilator_interface",
    codes: &[
        word("invasive", "Invasive", &["5"]),
        word("non_invasive", "Non-invasive", &["10"]),
        word("oxygen_support", "Oxygen support", &["15"]),
        word("unknown", "Not known", &["0"]),
    ],
};

pub static VENTILATOR_MODE: CodeList = CodeList {
    name: "ventilator_mode",
    codes: &[
        word("vcv", "VCV", &["5"]),
        word("pcv", "PCV", &["10"]),
        word("prvc", "PRVC", &["15"]),
        word("aprv", "APRV", &["20"]),
        word("vc_simv", "VC-SIMV", &["25"]),
        word("pc_simv", "PC-SIMV", &["30"]),
        word("prvc_simv", "PRVC-SIMV", &["40"]),
        word("asv", "ASV", &["45"]),
        word("psv", "PSV", &["50"]),
        word("unknown", "Not known", &["0"]),
    ],
};

pub static RHYTHM: CodeList = CodeList {
    name: "rhythm",
    codes: &[
        word("regular", "Regular", &["5"]),
        word("irregular", "Irregular", &["10"]),
        word("unknown", "Not known", &["0"]),
    ],
};

pub static PUPIL_REACTION: CodeList = CodeList {
    name: "pupil_reaction",
    codes: &[
        word("brisk", "Brisk", &["5"]),
        word("sluggish", "Sluggish", &["10"]),
        word("fixed", "Fixed", &["15"]),
        word("cannot_be_assessed", "Cannot be assessed", &["20"]),
        word("unknown", "Not known", &["0"]),
    ],
};

pub static LIMB_RESPONSE: CodeList = CodeList {
    name: "limb_response",
    codes: &[
        word("strong", "Strong", &["5"]),
        word("moderate", "Moderate", &["10"]),
        word("weak", "Weak", &["15"]),
        word("flexion", "Flexion", &["20"]),
        word("extension", "Extension", &["25"]),
        word("none", "None", &["30"]),
        word("unknown", "Not known", &["0"]),
    ],
};
