//! What becomes of a figure when everything around it grows.

pub mod days;
pub mod outage;
pub mod patients;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use domain::{Draft, RecordId, Value};
use store::{DatabaseKey, SpaceStatus, Store};
use sync_core::exchange::Page;

use crate::figures::{Spread, Times, exponent, ms};
use crate::limit::reading;
use crate::report::{Row, Unit};
use crate::rounds::Figures;
use crate::ward;

/// What a desk does whose file is opened: pages and searches, each so often, with the page of one patient; then as many saves
/// of one field, of the patient that `edited` names, each followed by what the window asks then of the exchange and by the end
/// of a round that brought nothing.
fn at_a_desk(path: &Path, page: &str, times: usize, mut edited: impl FnMut() -> RecordId) -> Result<Figures> {
    let begun = Instant::now();
    let store = Store::open(path, &DatabaseKey::new(&ward::KEY))?;
    let opened = ms(begun.elapsed());
    let mut figures = reading::figures(&store, page, times)?;
    figures.insert("open", opened);
    let (mut saves, mut standings, mut ends) = <(Times, Times, Times)>::default();
    for number in 0..times {
        let village = Value::Text(format!("Village {number}, {}", ward::patient_id(number as u64).0));
        let draft = Draft::new("patient", edited()).with_value("village", village);
        let action = ward::action(&store, vec![draft])?;
        saves
            .time(|| store.save(action))
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        standings.time(|| standing(&store))?;
        let pages = nothing_new(&store)?;
        ends.time(|| {
            pages
                .into_iter()
                .try_for_each(|page| store.absorb(page, ward::NOW_MS).map(drop))
        })?;
    }
    figures.insert("save.p50", saves.percentile(50.0));
    figures.insert("standing.p50", standings.percentile(50.0));
    figures.insert("round.p50", ends.percentile(50.0));
    Ok(figures)
}

/// How the exchange stands: what waits, and what is kept aside.
fn standing(store: &Store) -> Result<()> {
    for space in store.spaces()? {
        store.pending(space.space)?;
        store.parked(space.space)?;
    }
    store.unsent_but(&[])?;
    store.to_write_anew()?;
    store.read(|records, _| records.parked())?;
    Ok(())
}

/// The pages of a server that has nothing new.
fn nothing_new(store: &Store) -> Result<Vec<Page>> {
    let page = |space: SpaceStatus| Page {
        space: space.space,
        epoch: space.epoch,
        from: space.cursor + 1,
        to: space.cursor,
        head: space.cursor,
        entries: Vec::new(),
        chain: space.chain,
        digest: None,
    };
    Ok(store.spaces()?.into_iter().map(page).collect())
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
