//! Beds, rooms and wards. Bed types after Care's `BedType`, room types after `AssetLocation`.

use super::{CodeList, word};

pub static BED_TYPE: CodeList = CodeList {
    name: "bed_type",
    codes: &[
        word("icu_ventilator", "ICU with invasive ventilator", &["5"]),
        word("icu_niv", "ICU with non-invasive ventilator", &["3"]),
        word("icu_oxygen", "ICU with oxygen support", &["4"]),
        word("icu", "ICU", &["2"]),
        word("oxygen", "Bed with oxygen support", &["6"]),
        word("isolation", "Isolation", &["1"]),
        word("regular", "Regular", &["7"]),
    ],
};

/// Why nobody may be put into an empty bed. A bed's state is derived from stays and holds.
pub static HOLD_REASON: CodeList = CodeList {
    name: "hold_reason",
    codes: &[
        word("held", "Held for a patient", &[]),
        word("cleaning", "Being cleaned", &[]),
        word("blocked", "Blocked", &[]),
    ],
};

pub static WARD_KIND: CodeList = CodeList {
    name: "ward_kind",
    codes: &[
        word("general", "General", &[]),
        word("icu", "Intensive care", &[]),
        word("high_dependency", "High dependency", &[]),
        word("isolation", "Isolation", &[]),
        word("emergency", "Emergency", &[]),
        word("maternity", "Maternity", &[]),
        word("newborn", "Newborn", &[]),
        word("children", "Children", &[]),
        word("surgical", "Surgical", &[]),
        word("day_care", "Day care", &[]),
        word("other", "Other", &[]),
    ],
};

pub static ROOM_TYPE: CodeList = CodeList {
    name: "room_type",
    codes: &[
        word("ward", "Ward room", &["20"]),
        word("icu", "ICU", &["10"]),
        word("single", "Single room with bathroom", &[]),
        word("isolation", "Isolation room", &[]),
        word("other", "Other", &["1"]),
    ],
};
