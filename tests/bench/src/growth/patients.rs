//! A desk whose hospital has ten and a hundred times as many patients: what a person waits for, and what goes on behind.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::{at_a_desk, exponent_row};
use crate::Setting;
use crate::figures::{ms, per_second};
use crate::limit::by_hand::{self, Cipher};
use crate::limit::reading::Flat;
use crate::report::{Chapter, Plot, Unit};
use crate::rounds::{Figures, Measured, contestant, in_turns};
use crate::ward::{self, BEDS};

/// What stands in the tables of sizes: the figure, which is the key too, and the words.
const LOOKS: &[(&str, &str)] = &[
    ("search.p50", "what a letter typed into the search finds, p50"),
    ("search.p99", "what a letter typed into the search finds, p99"),
    ("part.p99", "a part from within a name, or one misspelt, p99"),
    ("board.p99", "the bed board, p99"),
    ("war_room.p99", "the war room, p99"),
    ("page.p99", "a patient's page, p99"),
    ("open", "opening the file"),
    ("save.p50", "a durable save of one field, p50"),
    ("standing.p50", "how the exchange stands, asked after a save, p50"),
    ("round.p50", "the end of a round that brought nothing, p50"),
];
const FLAT: &str = "one flat table by hand";

/// A desk of each size.
///
/// # Errors
/// When one cannot be made or read.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "patients",
        "With more patients",
        "The same hospital with more and more patients, each four of them a family with one phone, 500 beds and nearly all of them \
         taken. Pages are computed as the window gets them, for an admin, each after a save of somebody whom it shows. Beside \
         them one flat encrypted table of the same patients that has all in one place: searched, \
         it is read from end to end; as a page, its first 500 rows (10 for a patient's page) are read and nothing more is done. \
         The exponent k says how a time grows when the patients become n times as many: by n to the power of k. 0 is not at all, \
         1 is in step.",
    );
    let sizes: &[usize] = setting.size(&[1_000, 10_000], &[1_000, 10_000, 100_000, 1_000_000]);
    let main = setting.size(10_000, 100_000);
    let mut lines: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    let mut bulk = Vec::new();
    for size in sizes {
        let folder = setting.folder()?;
        let begun = Instant::now();
        drop(ward::store(&folder.path().join("ward.db"), *size)?);
        let took = begun.elapsed();
        bulk.push((*size as f64, ms(took)));
        eprintln!("  {size} patients: {:.0}/s made", per_second(*size, took));
        let measured = of_size(*size, folder.path(), setting)?;
        for (key, what) in LOOKS {
            let name = if *size == main {
                format!("patients.{key}")
            } else {
                format!("patients.{size}.{key}")
            };
            let row = measured.row(&name, &format!("{what}; {size} patients"), Unit::Ms, key)?;
            lines.entry(key).or_default().push((*size as f64, row.ours.median));
            if *size == main || (*key == "search.p99" && *size > main) {
                chapter.rows.push(row);
            }
        }
    }
    for (key, what) in LOOKS {
        let points = lines.get(key).map(Vec::as_slice).unwrap_or_default();
        let what = format!("exponent of: {what}");
        chapter
            .rows
            .extend(exponent_row(&format!("growth.{key}"), &what, points));
    }
    let what = "exponent of: taking all of them in";
    chapter.rows.extend(exponent_row("growth.taken_in", what, &bulk));
    chapter.plots.push(Plot {
        name: "patients".to_owned(),
        title: "What a person waits for, by the patients of the hospital".to_owned(),
        across: "patients".to_owned(),
        up: "ms".to_owned(),
        lines: LOOKS
            .iter()
            .filter_map(|(key, what)| {
                let short = what.split([',', ':']).next().unwrap_or(what);
                Some((
                    format!("{short} {}", key.rsplit_once('.').map_or("", |(_, end)| end)),
                    lines.get(key)?.clone(),
                ))
            })
            .collect(),
    });
    Ok(chapter)
}

fn of_size(patients: usize, folder: &Path, setting: &Setting) -> Result<Measured> {
    let path = folder.join("ward.db");
    let flat = Flat::make(&folder.join("flat.db"), patients)?;
    let times = setting.size(40, 100);
    let page = ward::occupant(BEDS.min(patients / 2) - 1).to_string();
    let written = std::cell::Cell::new(0_usize);
    in_turns(
        setting.rounds,
        &mut [
            contestant("ours", |_| {
                at_a_desk(&path, &page, times, || {
                    written.set(written.get() + 1);
                    ward::patient_id(ward::registered(
                        patients,
                        patients - 1 - written.get() % (patients / 4),
                    ))
                })
            }),
            contestant(FLAT, |_| {
                let begun = Instant::now();
                let conn = by_hand::open(&folder.join("flat.db"), Cipher::SqlCipher)?;
                conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
                let opened = ms(begun.elapsed());
                let mut figures: Figures = flat.figures(BEDS, times)?;
                figures.insert("open", opened);
                Ok(figures)
            }),
        ],
    )
}
