//! Taking in what others wrote, and what of it a person feels who saves meanwhile.

use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use domain::{Draft, Value};
use store::{DatabaseKey, Store};
use sync_core::exchange::Page;

use super::by_hand::{self, Cipher};
use super::save::{ENCRYPTED, PLAIN};
use crate::Setting;
use crate::figures::{ENDS, Times, per_second};
use crate::report::{Chapter, Unit};
use crate::rounds::{Figures, contestant, in_turns};
use crate::ward::{self, Author, NOW_MS};

const BETWEEN_SAVES: Duration = Duration::from_millis(5);

/// Pages of another desk's changes beside the same rows by hand; saves while they come beside saves on an idle desk; what is
/// kept beside the log, computed anew.
///
/// # Errors
/// When a file cannot be made.
pub fn measure(setting: &Setting) -> Result<Chapter> {
    let mut chapter = Chapter::new(
        "apply",
        "Taking in what others wrote",
        "Pages of 1,000 patients whom another desk registered (12 fields each), taken in by a desk: proven against the chain, \
         folded, projected, found by search, all durable. By hand: all the same rows, indexes and search rows, copied with \
         `INSERT … SELECT` in one transaction out of a plain file. Beside it saves of one field while such pages come, in turns \
         with saves on the same desk when nothing comes; and all that stands beside the log computed anew from it.",
    );
    let patients = setting.size(2_000, 20_000);
    let folder = setting.folder()?;
    bulk(patients, folder.path(), setting, &mut chapter)?;
    meanwhile(patients, folder.path(), setting, &mut chapter)?;
    Ok(chapter)
}

fn registrations(author: &mut Author, from: usize, to: usize) -> Result<Vec<Page>> {
    author.pages((from..to).map(|number| vec![ward::registration(number as u64)]))
}

fn bulk(patients: usize, folder: &Path, setting: &Setting, chapter: &mut Chapter) -> Result<()> {
    let at = |name: &str| folder.join(name);
    let pages = || registrations(&mut Author::new(9, ward::spaces().facility), 0, patients);
    let taken_in = |path: &Path| -> Result<(Store, Duration)> {
        let (store, pages) = (ward::empty_store(path)?, pages()?);
        let begun = Instant::now();
        for page in pages {
            store.absorb(page, NOW_MS)?;
        }
        Ok((store, begun.elapsed()))
    };
    ward::empty_store(&at("empty.db"))?.backup(&at("empty-copy.db"))?;
    by_hand::decrypt(&at("empty-copy.db"), &at("empty-plain.db"))?;
    let (whole, _) = taken_in(&at("whole.db"))?;
    whole.backup(&at("whole-copy.db"))?;
    drop(whole);
    by_hand::decrypt(&at("whole-copy.db"), &at("whole-plain.db"))?;
    let copied = |empty: &str, cipher: Cipher| -> Result<Figures> {
        let path = at("by-hand.db");
        store::remove(&path)?;
        std::fs::copy(at(empty), &path)?;
        let mut conn = by_hand::open(&path, cipher)?;
        let begun = Instant::now();
        by_hand::copy_rows(&mut conn, &at("whole-plain.db"))?;
        Ok(Figures::from([("taken_in", per_second(patients, begun.elapsed()))]))
    };
    let measured = in_turns(
        setting.rounds,
        &mut [
            contestant("ours", |_| {
                store::remove(&at("ours.db"))?;
                let (store, took) = taken_in(&at("ours.db"))?;
                // With the last of its connections all that stands beside it goes into the file.
                drop(store);
                let bytes = std::fs::metadata(at("ours.db"))?.len() as f64 / patients as f64;
                let store = Store::open(&at("ours.db"), &DatabaseKey::new(&ward::KEY))?;
                let begun = Instant::now();
                store.rebuild()?;
                let rebuilt = begun.elapsed();
                Ok(Figures::from([
                    ("taken_in", per_second(patients, took)),
                    ("rebuilt", per_second(patients, rebuilt)),
                    ("bytes", bytes),
                ]))
            }),
            contestant(ENCRYPTED, |_| copied("empty-copy.db", Cipher::SqlCipher)),
            contestant(PLAIN, |_| copied("empty-plain.db", Cipher::None)),
        ],
    )?;
    let what = "changes taken in";
    chapter
        .rows
        .push(measured.row("apply.taken_in", what, Unit::PerSecond, "taken_in")?);
    let what = "changes folded and projected anew from the log";
    chapter
        .rows
        .push(measured.row("apply.rebuilt", what, Unit::PerSecond, "rebuilt")?);
    let what = "bytes of the desk's file for each patient of 12 fields";
    chapter
        .rows
        .push(measured.row("apply.bytes", what, Unit::Bytes, "bytes")?);
    Ok(())
}

fn meanwhile(patients: usize, folder: &Path, setting: &Setting, chapter: &mut Chapter) -> Result<()> {
    let store = ward::empty_store(&folder.join("busy.db"))?;
    let mut author = Author::new(9, ward::spaces().facility);
    for page in registrations(&mut author, 0, patients)? {
        store.absorb(page, NOW_MS)?;
    }
    let written = Cell::new(0_u64);
    let save = |times: &mut Times| -> Result<()> {
        written.set(written.get() + 1);
        let patient = ward::patient_id(written.get().wrapping_mul(7_919) % patients as u64);
        let village = Value::Text(format!("Village {}", written.get()));
        let action = ward::action(
            &store,
            vec![Draft::new("patient", patient).with_value("village", village)],
        )?;
        times
            .time(|| store.save(action))
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        std::thread::sleep(BETWEEN_SAVES);
        Ok(())
    };
    let mut from = patients;
    let measured = in_turns(
        setting.rounds,
        &mut [
            contestant("ours", |_| {
                let pages = registrations(&mut author, from, from + patients)?;
                from += patients;
                std::thread::scope(|scope| {
                    let pulling = scope.spawn(|| -> Result<()> {
                        for page in pages {
                            store.absorb(page, NOW_MS)?;
                        }
                        Ok(())
                    });
                    let mut times = Times::default();
                    while !pulling.is_finished() {
                        save(&mut times)?;
                    }
                    pulling.join().map_err(|_| anyhow::anyhow!("the pull panicked"))??;
                    Ok(times.percentiles())
                })
            }),
            contestant("on an idle desk", |_| {
                let mut times = Times::default();
                for _ in 0..200 {
                    save(&mut times)?;
                }
                Ok(times.percentiles())
            }),
        ],
    )?;
    for (end, _) in ENDS {
        let what = format!("a save of one field while pages come, {end}");
        chapter
            .rows
            .push(measured.row(&format!("apply.meanwhile.{end}"), &what, Unit::Ms, end)?);
    }
    Ok(())
}
