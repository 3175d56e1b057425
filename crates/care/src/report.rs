//! What an import took, what it did not take and why. Names files, lines, models and fields; never
//! a value.

use std::collections::BTreeMap;

use serde::Serialize;

/// One record, field or file that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fault {
    pub file: String,
    pub line: usize,
    pub model: String,
    pub pk: String,
    /// Care's field, or ours where a rule names it; empty when it is about the whole record.
    pub field: String,
    pub reason: String,
    pub numbers: BTreeMap<String, String>,
}

/// The report of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Records taken, by Care's model.
    pub taken: BTreeMap<String, usize>,
    /// Records refused, by Care's model; each has its faults.
    pub refused: BTreeMap<String, usize>,
    /// Records deleted in Care, which are left there.
    pub deleted: BTreeMap<String, usize>,
    /// Records of models that have no kind here yet.
    pub without_kind: BTreeMap<String, usize>,
    /// Fields with something in them that have no place here, by `model.field`.
    pub without_place: BTreeMap<String, usize>,
    /// Codes that are unknown here, by `model.field=code`; the field was left empty.
    pub unknown_codes: BTreeMap<String, usize>,
    /// Numbers with more places than the field here has, by `model.field`.
    pub rounded: BTreeMap<String, usize>,
    pub faults: Vec<Fault>,
}

impl Fault {
    pub(crate) fn of_file(file: &str, line: usize, reason: &str) -> Fault {
        Fault {
            file: file.to_owned(),
            line,
            model: String::new(),
            pk: String::new(),
            field: String::new(),
            reason: reason.to_owned(),
            numbers: BTreeMap::new(),
        }
    }
}

impl Report {
    pub(crate) fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
}

/// Counts one more under `name`.
pub(crate) fn count(counts: &mut BTreeMap<String, usize>, name: &str) {
    *counts.entry(name.to_owned()).or_default() += 1;
}
