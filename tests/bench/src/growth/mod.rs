//! What becomes of a figure when everything around it grows.

pub mod days;
pub mod outage;
pub mod patients;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use domain::{Draft, RecordId, Value};
use store::{DatabaseKey, Store};

use crate::figures::{Spread, Times, exponent, ms};
use crate::limit::reading;
use crate::report::{Row, Unit};
use crate::rounds::Figures;
use crate::ward;

/// What a desk does whose file is opened: pages and searches, each so often, with the page of one patient; then as many saves
/// of one field, of the patient that `edited` names.
fn at_a_desk(path: &Path, page: &str, times: usize, mut edited: impl FnMut() -> RecordId) -> Result<Figures> {
    let begun = Instant::now();
    let store = Store::open(path, &DatabaseKey::new(&ward::KEY))?;
    let opened = ms(begun.elapsed());
    let mut figures = reading::figures(&store, page, times)?;
    figures.insert("open", opened);
    let mut saves = Times::default();
    for number in 0..times {
        let village = Value::Text(format!("Village {number}, {}", ward::patient_id(number as u64).0));
        let draft = Draft::new("patient", edited()).with_value("village", village);
        let action = ward::action(&store, vec![draft])?;
        saves
            .time(|| store.save(action))
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
    }
    figures.insert("save.p50", saves.percentile(50.0));
    Ok(figures)
}

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
