//! What a person waits for who only looks: pages, and names that are searched while they are typed, with the reference each is
//! held against.

use std::path::Path;

use anyhow::Result;
use domain::{Draft, RecordId};
use rusqlite::{Connection, params};
use serde_json::{Value as Json, json};
use store::Store;

use super::by_hand::{self, Cipher};
use crate::figures::Times;
use crate::rounds::Figures;
use crate::ward;

/// What people type, letter by letter, whole, in two words, by phone, in their own script.
const TYPED: &[&str] = &[
    "l",
    "la",
    "lak",
    "lakshmi",
    "m",
    "mu",
    "lak nai",
    "9847",
    "984712",
    "IP-2026/9994",
    "ലക്ഷ",
];
/// Parts of names from within, and names that are written otherwise.
const PARTS: &[&str] = &["kshm", "hammed", "laxmy", "tomas"];

/// Looks up what a list of words finds, `times` each.
///
/// # Errors
/// When it cannot be read.
fn searches(store: &Store, words: &[&str], times: usize) -> Result<Times> {
    let mut taken = Times::default();
    for _ in 0..times {
        for typed in words {
            let args = json!({ "text": typed });
            let found = taken.time(|| ward::view(store, "find_patients", &args))?;
            anyhow::ensure!(found.get().starts_with('['), "no list");
        }
    }
    Ok(taken)
}

/// Every figure of a reader: percentiles in milliseconds, by name.
///
/// # Errors
/// When something cannot be read.
pub fn figures(store: &Store, patient: &str, times: usize) -> Result<Figures> {
    let mut figures = Figures::new();
    let mut add = |p50: &'static str, p99: &'static str, taken: &Times| {
        figures.insert(p50, taken.percentile(50.0));
        figures.insert(p99, taken.percentile(99.0));
    };
    add("search.p50", "search.p99", &searches(store, TYPED, times / 4)?);
    add("part.p50", "part.p99", &searches(store, PARTS, times / 4)?);
    let in_bed: RecordId = patient.parse().map(RecordId)?;
    let view = |name: &str, args: &Json| -> Result<Times> {
        let mut taken = Times::default();
        for number in 0..times {
            // The page that counts is the one after a save: of somebody whom it shows.
            let village = domain::Value::Text(format!("Village {number} of {name}"));
            let draft = Draft::new("patient", in_bed).with_value("village", village);
            store
                .save(ward::action(store, vec![draft])?)
                .map_err(|error| anyhow::anyhow!("{error:?}"))?;
            taken.time(|| ward::view(store, name, args))?;
        }
        Ok(taken)
    };
    add("board.p50", "board.p99", &view("bed_board", &Json::Null)?);
    add("war_room.p50", "war_room.p99", &view("war_room", &Json::Null)?);
    add("page.p50", "page.p99", &view("patient", &json!({ "id": patient }))?);
    add("stock.p50", "stock.p99", &view("stock", &Json::Null)?);
    Ok(figures)
}

/// A flat table of the same patients in an encrypted file: what a search reads that has no index, and a page that has all it
/// shows in one place.
pub struct Flat(Connection);

impl Flat {
    /// Makes it.
    ///
    /// # Errors
    /// The engine's.
    pub fn make(path: &Path, patients: usize) -> Result<Flat> {
        let mut conn = by_hand::open(path, Cipher::SqlCipher)?;
        conn.execute_batch(
            "CREATE TABLE flat (number INTEGER PRIMARY KEY, name TEXT, local_name TEXT, phone TEXT, hospital_number TEXT, rest BLOB)",
        )?;
        let tx = conn.transaction()?;
        {
            let mut insert = tx.prepare("INSERT INTO flat VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
            for place in 0..patients {
                let number = ward::registered(patients, place);
                let draft = ward::registration(number);
                let text = |field: &str| match draft.fields.get(field) {
                    Some(domain::Value::Text(text)) => text.clone(),
                    _ => String::new(),
                };
                let texts = ["name", "local_name", "phone", "hospital_number"].map(text);
                let [name, local_name, phone, hospital_number] = texts;
                let rest = by_hand::blob(number, 200);
                insert.execute(params![
                    number.cast_signed(),
                    name,
                    local_name,
                    phone,
                    hospital_number,
                    rest
                ])?;
            }
        }
        tx.commit()?;
        Ok(Flat(conn))
    }

    /// The same searches as a scan, and pages as one read of so many whole rows.
    ///
    /// # Errors
    /// The engine's.
    pub fn figures(&self, beds: usize, times: usize) -> Result<Figures> {
        let mut figures = Figures::new();
        for (names, words) in [(["search.p50", "search.p99"], TYPED), (["part.p50", "part.p99"], PARTS)] {
            let mut taken = Times::default();
            for typed in words {
                taken.time(|| self.scan(typed))?;
            }
            let [p50, p99] = names;
            figures.insert(p50, taken.percentile(50.0));
            figures.insert(p99, taken.percentile(99.0));
        }
        for ([p50, p99], rows) in [
            (["board.p50", "board.p99"], beds),
            (["war_room.p50", "war_room.p99"], beds),
            (["page.p50", "page.p99"], 10),
        ] {
            let mut taken = Times::default();
            for _ in 0..times {
                taken.time(|| self.first(rows))?;
            }
            figures.insert(p50, taken.percentile(50.0));
            figures.insert(p99, taken.percentile(99.0));
        }
        Ok(figures)
    }

    fn scan(&self, typed: &str) -> Result<usize> {
        let mut query = self.0.prepare_cached(
            "SELECT number FROM flat WHERE name LIKE ?1 OR local_name LIKE ?1 OR phone LIKE ?1 OR hospital_number LIKE ?1
             ORDER BY name LIMIT 20",
        )?;
        let found = query.query_map([format!("%{typed}%")], |row| row.get::<_, i64>(0))?;
        Ok(found.collect::<Result<Vec<_>, _>>()?.len())
    }

    fn first(&self, rows: usize) -> Result<usize> {
        let mut query = self
            .0
            .prepare_cached("SELECT name, local_name, phone, rest FROM flat LIMIT ?1")?;
        let found = query.query_map([rows as i64], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(3)?))
        })?;
        Ok(found.collect::<Result<Vec<_>, _>>()?.len())
    }
}
