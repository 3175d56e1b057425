//! A desk on which a hospital has worked for ten and a hundred times as long.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::RecordId;
use serde_json::Value as Json;
use store::Store;

use super::{at_a_desk, exponent_row};
use crate::Setting;
use crate::report::{Chapter, Plot, Unit};
use crate::rounds::{contestant, in_turns};
use crate::ward;

/// What is looked at: the figure and the words.
const LOOKS: &[(&str, &str)] = &[
    ("search.p99", "what a letter typed into the search finds, p99"),
    ("board.p99", "the bed board, p99"),
    ("war_room.p99", "the war room, p99"),
    ("page.p99", "a patient's page, p99"),
    ("stock.p99", "the stock, p99"),
    ("open", "opening the file"),
    ("save.p50", "a durable save of one field, p50"),
    ("standing.p50", "how the exchange stands, asked after a save, p50"),
    ("round.p50", "the end of a round that brought nothing, p50"),
];

/// A desk after so many days.
///
/// # Errors
/// When one cannot be made or read.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "days",
        "With more days",
        "The sample hospital after more and more days, with 20 admissions on each, their rounds, transfers and discharges, the \
         triage of every shift and what went in and out of the stock: what a person waits for.",
    );
    let sizes: &[usize] = setting.size(&[3, 30], &[3, 30, 300]);
    let mut lines: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for days in sizes {
        let folder = setting.folder()?;
        let path = folder.path().join("ward.db");
        let (store, _) = ward::store_of(&path, ward::days(*days))?;
        let patients = in_beds(&store)?;
        drop(store);
        let page = patients.first().context("nobody lies in a bed")?.0.to_string();
        let mut edited = patients.iter().copied().cycle();
        let times = setting.size(40, 100);
        let measured = in_turns(
            setting.rounds,
            &mut [contestant("ours", |_| {
                at_a_desk(&path, &page, times, || edited.next().unwrap_or(ward::NURSE))
            })],
        )?;
        let is_most = sizes.last() == Some(days);
        for (figure, what) in LOOKS {
            let row = measured.row(
                &format!("days.{figure}"),
                &format!("{what}; {days} days"),
                Unit::Ms,
                figure,
            )?;
            lines.entry(figure).or_default().push((*days as f64, row.ours.median));
            if is_most {
                chapter.rows.push(row);
            }
        }
    }
    for (figure, what) in LOOKS {
        let points = lines.get(figure).map(Vec::as_slice).unwrap_or_default();
        let what = format!("exponent of: {what}");
        chapter
            .rows
            .extend(exponent_row(&format!("growth.days.{figure}"), &what, points));
    }
    chapter.plots.push(Plot {
        name: "days".to_owned(),
        title: "What a person waits for, by the days that the hospital has worked".to_owned(),
        across: "days".to_owned(),
        up: "ms".to_owned(),
        lines: LOOKS
            .iter()
            .filter_map(|(figure, what)| Some(((*what).to_owned(), lines.get(figure)?.clone())))
            .collect(),
    });
    Ok(chapter)
}

/// The patients who lie in beds now.
fn in_beds(store: &Store) -> Result<Vec<RecordId>> {
    let board = ward::view(store, "bed_board", &Json::Null)?;
    let board: serde_json::Value = serde_json::from_str(board.get())?;
    let wards = board["wards"].as_array().into_iter().flatten();
    let beds = wards.flat_map(|ward| ward["beds"].as_array().into_iter().flatten());
    let patients = beds.filter_map(|bed| bed["occupant"]["patient"]["patient"].as_str());
    Ok(patients.filter_map(|id| Some(RecordId(id.parse().ok()?))).collect())
}
