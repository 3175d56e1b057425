//! What ends a contradiction: each way is one thing that a person can do to one of its records.

use super::beds::is_outside;
use super::{Contradiction, WardConflict};
use crate::entities::{bed_stay, encounter, patient, stock_entry};
use crate::record::{Record, VOIDED};
use crate::value::{RecordId, Time};

/// One way to end a contradiction.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Way {
    /// What is done: see [`crate::actions::decide`].
    pub what: &'static str,
    /// To which record.
    pub kind: String,
    pub record: RecordId,
    /// The other record that it needs.
    pub other: Option<RecordId>,
    /// When something ends by it.
    pub at: Option<Time>,
    /// The kind that one must be allowed to write.
    pub writes: String,
}

impl Way {
    fn to(what: &'static str, record: &Record) -> Way {
        let (kind, writes) = (record.kind.clone(), record.kind.clone());
        Way {
            what,
            kind,
            record: record.id,
            other: None,
            at: None,
            writes,
        }
    }

    fn until(self, at: Option<Time>) -> Way {
        Way { at, ..self }
    }

    fn with(self, other: &Record) -> Way {
        let other = Some(other.id);
        Way { other, ..self }
    }

    fn writing(self, kind: &str) -> Way {
        let writes = kind.to_owned();
        Way { writes, ..self }
    }
}

/// The ways to end a contradiction, those that usually are right first.
pub fn ways(conflict: &WardConflict) -> Vec<Way> {
    let all = conflict.records.as_slice();
    match (conflict.what, all) {
        (Contradiction::TwoInOneBed, [a, b]) => double_stay(a, b, &["other_bed", "end", "void"]),
        (Contradiction::OneInTwoBeds, [a, b]) => double_stay(a, b, &["end", "void"]),
        (Contradiction::OneStayTwice, [a, b]) => double_stay(a, b, &["void"]),
        (Contradiction::AdmittedTwice, all) => admitted_twice(all),
        (Contradiction::OutsideAdmission, [stay, encounter]) => outside_admission(stay, encounter),
        (Contradiction::InClosedPlace, [stay, place]) => {
            let open = if place.is_voided() { "restore" } else { "reopen_place" };
            vec![Way::to("transfer", stay), Way::to(open, place), Way::to("void", stay)]
        }
        (Contradiction::InBlockedBed | Contradiction::InHeldBed, [stay, hold]) => vec![
            Way::to("transfer", stay),
            Way::to("end_hold", hold),
            Way::to("void", stay),
        ],
        (Contradiction::HeldTwice, all) => all.iter().map(|hold| Way::to("end_hold", hold)).collect(),
        (Contradiction::StockBelowZero | Contradiction::StockWasBelowZero, [item, entries @ ..]) => {
            let count = Way::to("count", item).writing(stock_entry::STOCK_ENTRY.kind);
            let voids = entries.iter().map(|entry| Way::to("void", entry));
            [count].into_iter().chain(voids).collect()
        }
        (Contradiction::TwoTriageEntries, all) => all.iter().map(|entry| Way::to("keep_entry", entry)).collect(),
        (Contradiction::EditedAfterVoid, [record]) => {
            vec![Way::to("keep_standing", record), Way::to("keep_voided", record)]
        }
        (Contradiction::CorrectedAfterVoid, [amended, correction]) => {
            vec![Way::to("void", correction), Way::to("restore", amended)]
        }
        (Contradiction::VoidedPatient, [patient, encounter]) => {
            vec![Way::to("restore", patient), Way::to("void_admission", encounter)]
        }
        (Contradiction::LikelyOne, [a, b]) => vec![
            Way::to("merge", a).with(b),
            Way::to("merge", b).with(a),
            Way::to("tell_apart", a).with(b).writing("told_apart"),
        ],
        (Contradiction::MergedAndToldApart, [a, b, told]) => {
            let merged = if patient::SAME_AS.of(a).is_some() { a } else { b };
            vec![Way::to("unmerge", merged), Way::to("void", told)]
        }
        _ => Vec::new(),
    }
}

/// Of two stays the one that began first may have ended when the other began.
fn double_stay(a: &Record, b: &Record, offered: &[&'static str]) -> Vec<Way> {
    let (first, second) = if bed_stay::FROM.of(b) < bed_stay::FROM.of(a) {
        (b, a)
    } else {
        (a, b)
    };
    let began = bed_stay::FROM.of(second);
    let mut found = Vec::new();
    for what in offered {
        match *what {
            "end" if bed_stay::FROM.of(first) < began => found.push(Way::to("end", first).until(began)),
            "end" => {}
            other => found.extend([Way::to(other, first), Way::to(other, second)]),
        }
    }
    found
}

fn admitted_twice(all: &[Record]) -> Vec<Way> {
    let registration = all.first().and_then(|first| encounter::PATIENT.of(first));
    let mut found: Vec<Way> = all.iter().map(|each| Way::to("void_admission", each)).collect();
    if all.iter().any(|each| encounter::PATIENT.of(each) != registration) {
        // They were admitted under two registrations that somebody made one.
        let others = all.iter().filter_map(|each| encounter::PATIENT.of(each));
        let other = others.into_iter().find(|other| Some(*other) != registration);
        found.extend(other.map(|record| Way {
            what: "unmerge",
            kind: "patient".to_owned(),
            record,
            other: registration,
            at: None,
            writes: "patient".to_owned(),
        }));
    }
    found
}

/// Each is offered only when the stay lies within its admission after it.
fn outside_admission(stay: &Record, encounter: &Record) -> Vec<Way> {
    let without = |field: &str| {
        let mut other = encounter.clone();
        other.fields.remove(field);
        other
    };
    let mut found = Vec::new();
    let discharged = encounter::DISCHARGED_AT.of(encounter);
    let began = bed_stay::FROM.of(stay);
    if discharged.is_some_and(|at| began < Some(at) && !is_outside(&stay.clone().with(&bed_stay::TO, at), encounter)) {
        found.push(Way::to("end", stay).until(discharged));
    }
    if began.is_some_and(|at| !is_outside(stay, &encounter.clone().with(&encounter::ADMITTED_AT, at))) {
        found.push(Way::to("admitted_then", encounter).until(began));
    }
    if !is_outside(stay, &without(encounter::DISCHARGED_AT.name())) {
        found.push(Way::to("reopen_admission", encounter));
    }
    found.push(Way::to("void", stay));
    if !is_outside(stay, &without(VOIDED)) {
        found.push(Way::to("restore", encounter));
    }
    found
}
