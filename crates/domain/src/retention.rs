//! How long records are kept, kind by kind, and who says so.

use crate::value::Time;

/// A year of keeping never ends early: it counts 366 days.
pub const YEAR_MS: i64 = 366 * Time::DAY_MS;

/// What the records of a kind are kept for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Keep {
    /// As long as the district keeps its log: places, people and catalogues, which all other records name.
    WithTheDistrict,
    /// As long as the patient they are about.
    WithThePatient,
    /// Years after the last encounter ended; more when one of them was a medico-legal case.
    Patient { years: i64, medico_legal: i64 },
    /// Years after the moment, or the day, in the first of the fields that says one.
    After {
        fields: &'static [&'static str],
        years: i64,
    },
}

/// How long the records of one kind are kept, and who says so.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    pub kind: &'static str,
    pub keep: Keep,
    /// The rule, or that the district sets it.
    pub source: &'static str,
}

const DISTRICT: &str = "set by the district";
const COUNCIL: &str = "Indian Medical Council (Professional Conduct, Etiquette and Ethics) Regulations 2002, 1.3.1: three years from \
     the beginning of treatment, counted here from its end; medico-legal cases: set by the district";

const BALANCE: &str = "what there is of an item is the sum of all its entries; they name no patient";

const fn period(kind: &'static str, keep: Keep, source: &'static str) -> Period {
    Period { kind, keep, source }
}

/// Every kind, once.
pub static PERIODS: &[Period] = &[
    period("state", Keep::WithTheDistrict, DISTRICT),
    period("district", Keep::WithTheDistrict, DISTRICT),
    period("local_body", Keep::WithTheDistrict, DISTRICT),
    period("facility", Keep::WithTheDistrict, DISTRICT),
    period("item", Keep::WithTheDistrict, DISTRICT),
    period("person", Keep::WithTheDistrict, DISTRICT),
    period("desk", Keep::WithTheDistrict, DISTRICT),
    period("building", Keep::WithTheDistrict, DISTRICT),
    period("ward", Keep::WithTheDistrict, DISTRICT),
    period("room", Keep::WithTheDistrict, DISTRICT),
    period("bed", Keep::WithTheDistrict, DISTRICT),
    period("minimum_level", Keep::WithTheDistrict, DISTRICT),
    period(
        "patient",
        Keep::Patient {
            years: 3,
            medico_legal: 10,
        },
        COUNCIL,
    ),
    period("told_apart", Keep::WithThePatient, COUNCIL),
    period("consent", Keep::WithThePatient, COUNCIL),
    period("encounter", Keep::WithThePatient, COUNCIL),
    period("bed_stay", Keep::WithThePatient, COUNCIL),
    period(
        "bed_hold",
        Keep::After {
            fields: &["to", "expires"],
            years: 3,
        },
        DISTRICT,
    ),
    period("round", Keep::WithThePatient, COUNCIL),
    period(
        "triage",
        Keep::After {
            fields: &["day"],
            years: 8,
        },
        DISTRICT,
    ),
    period("stock_entry", Keep::WithTheDistrict, BALANCE),
    period("erasure", Keep::WithTheDistrict, DISTRICT),
    period("erased", Keep::WithTheDistrict, DISTRICT),
    period(
        "audit_event",
        Keep::After {
            fields: &["at"],
            years: 8,
        },
        DISTRICT,
    ),
];

/// How long the records of the kind are kept.
pub fn period_of(kind: &str) -> Option<&'static Period> {
    PERIODS.iter().find(|period| period.kind == kind)
}
