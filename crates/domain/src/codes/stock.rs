//! Stock: movements, units and what one unit is in another. Care keeps its units as rows; the
//! words in `care` are their names.

use super::{CodeList, word};

/// What happened to the stock. The sign of an entry follows from it.
pub static MOVEMENT: CodeList = CodeList {
    name: "movement",
    codes: &[
        word("receive", "Received", &["true"]),
        word("issue", "Issued", &["false"]),
        word("return", "Returned to stock", &[]),
        word("write_off", "Written off", &[]),
        word("count", "Counted", &[]),
        word("transfer_out", "Sent to another facility", &[]),
        word("transfer_in", "Received from another facility", &[]),
    ],
};

pub static UNIT: CodeList = CodeList {
    name: "unit",
    codes: &[
        word("item", "items", &["Items"]),
        word("dozen", "dozen", &["Dozen"]),
        word("cylinder", "cylinders", &["Cylinders"]),
        word("cubic_metre", "m³", &["Cubic Meter"]),
        word("kilolitre", "kL", &["Kilo Litre"]),
        word("kilogram", "kg", &["kg"]),
        word("gram", "g", &["gram"]),
    ],
};

pub static ITEM_TAG: CodeList = CodeList {
    name: "item_tag",
    codes: &[
        word("safety", "Safety", &["Safety"]),
        word("medical", "Medical", &["Medical"]),
        word("food", "Food", &["Food"]),
    ],
};

/// How many of the second unit one of the first is, whatever the item. What a cylinder holds
/// depends on the item and stands there.
pub const CONVERSIONS: &[(&str, &str, i64)] = &[("dozen", "item", 12), ("kilogram", "gram", 1_000)];
