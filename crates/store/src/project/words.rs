//! What the search tables hold of a record: folded words and years, the sounds of the words, phones, identifiers.

use std::collections::BTreeSet;

use domain::entity::Entity;
use domain::field::Search;
use domain::spelling::{latin, sound, text};
use domain::{Record, Value};
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::Owner;

#[derive(PartialEq, Eq, Debug, Clone, Default)]
pub struct Words {
    pub words: String,
    pub sounds: String,
    pub phones: String,
    /// The phones backwards, so that they are found by their last digits.
    pub enohps: String,
    pub identifiers: String,
}

/// What the record is found by; `None` when its kind has no searched field or all are empty.
pub fn words(entity: &Entity, record: &Record) -> Option<Words> {
    let (mut names, mut sounds, mut phones, mut identifiers) =
        (Vec::new(), BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut years = BTreeSet::new();
    for about in entity.all_fields() {
        let Some(how) = about.search else {
            continue;
        };
        match (how, record.value(about.name)) {
            (Search::Year, Value::Date(date)) => years.insert(date.year().to_string()),
            (Search::Year, Value::Int(year)) => years.insert(year.to_string()),
            _ => false,
        };
        let Value::Text(typed) = record.value(about.name) else {
            continue;
        };
        match how {
            Search::Year => {}
            Search::Name => {
                for word in text::words(typed) {
                    let latin = latin::latin(&word);
                    sounds.insert(sound::sound(latin.as_deref().unwrap_or(&word)));
                    names.push(word);
                    names.extend(latin);
                }
            }
            Search::Phone => {
                let digits = text::digits(typed);
                phones.insert(text::national(&digits).to_owned());
                phones.insert(digits);
            }
            Search::Identifier => drop(identifiers.insert(text::identifier(typed))),
        }
    }
    names.extend(years);
    sounds.remove("");
    phones.remove("");
    identifiers.remove("");
    let joined = |words: &BTreeSet<String>| words.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let words = Words {
        words: names.join(" "),
        sounds: joined(&sounds),
        phones: joined(&phones),
        enohps: joined(&phones.iter().map(|phone| phone.chars().rev().collect()).collect()),
        identifiers: joined(&identifiers),
    };
    (words != Words::default()).then_some(words)
}

/// A record that is to be found by other words.
pub struct Renamed {
    pub owner: Owner,
    pub was_found: bool,
    pub words: Option<Words>,
}

impl Renamed {
    /// Writes it into the search tables. They gather what comes one after another, and write it down before most other
    /// statements that write: in turns with those each row would be an index of its own, to be merged with all others.
    pub fn write(&self, conn: &Connection) -> Result<()> {
        let key = self.owner.key;
        if self.was_found {
            conn.prepare_cached("DELETE FROM search_word WHERE rowid = ?1")?
                .execute([key])?;
            conn.prepare_cached("DELETE FROM search_part WHERE rowid = ?1")?
                .execute([key])?;
        }
        let Some(words) = &self.words else {
            return Ok(());
        };
        conn.prepare_cached(
            "INSERT INTO search_word (rowid, words, sounds, phones, enohps, identifiers)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            key,
            words.words,
            words.sounds,
            words.phones,
            words.enohps,
            words.identifiers
        ])?;
        conn.prepare_cached("INSERT INTO search_part (rowid, words) VALUES (?1, ?2)")?
            .execute(params![key, words.words])?;
        Ok(())
    }
}

pub fn stored(owner: Owner, conn: &Connection) -> Result<Option<Words>> {
    conn.prepare_cached("SELECT words, sounds, phones, enohps, identifiers FROM search_word WHERE rowid = ?1")?
        .query_row([owner.key], |row| {
            Ok(Words {
                words: row.get(0)?,
                sounds: row.get(1)?,
                phones: row.get(2)?,
                enohps: row.get(3)?,
                identifiers: row.get(4)?,
            })
        })
        .optional()
}
