//! What becomes of a figure when everything around it grows.

pub mod outage;
pub mod patients;

use crate::figures::{Spread, exponent};
use crate::report::{Row, Unit};

/// The exponent of figures over sizes as a row; of two points or more.
pub fn exponent_row(key: &str, what: &str, points: &[(f64, f64)]) -> Option<Row> {
    let found = exponent(points)?;
    Some(Row {
        key: key.to_owned(),
        what: what.to_owned(),
        unit: Unit::Exponent,
        ours: Spread {
            least: found,
            median: found,
            most: found,
            rounds: 1,
        },
        references: Vec::new(),
    })
}
