//! The desk's own: forms that a person has not saved yet, and settings. Never sent anywhere.

use domain::RecordId;
use rusqlite::{OptionalExtension, Row, params};
use serde_json::Value as Json;

use crate::error::StoreError;
use crate::store::Store;
use crate::writer::Turn;

/// A form that a person has not saved yet.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptDraft {
    /// Which form it is.
    pub name: String,
    pub body: Json,
    pub updated_ms: i64,
}

impl Store {
    /// Keeps a form for its author, over an earlier one of the same name.
    ///
    /// # Errors
    /// [`StoreError`]; the earlier one stays then.
    pub fn put_draft(&self, person: RecordId, draft: KeptDraft) -> Result<(), StoreError> {
        self.write(Turn::Person, move |conn| {
            conn.prepare_cached(
                "INSERT INTO draft (person, name, body, updated_ms) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (person, name) DO UPDATE SET body = excluded.body, updated_ms = excluded.updated_ms",
            )?
            .execute(params![
                person.0.as_bytes(),
                draft.name,
                draft.body.to_string(),
                draft.updated_ms
            ])?;
            Ok(())
        })
    }

    /// The person's form of that name.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn draft(&self, person: RecordId, name: &str) -> Result<Option<KeptDraft>, StoreError> {
        let mut drafts = self.drafts(person)?;
        drafts.retain(|draft| draft.name == name);
        Ok(drafts.pop())
    }

    /// The person's forms, the last touched first.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn drafts(&self, person: RecordId) -> Result<Vec<KeptDraft>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT name, body, updated_ms FROM draft WHERE person = ?1 ORDER BY updated_ms DESC, name",
            )?;
            let mut rows = statement.query([person.0.as_bytes()])?;
            let mut drafts = Vec::new();
            while let Some(row) = rows.next()? {
                drafts.push(KeptDraft {
                    name: row.get(0)?,
                    body: json(row, 1)?,
                    updated_ms: row.get(2)?,
                });
            }
            Ok(drafts)
        })
    }

    /// Forgets a form: its author saved it or threw it away.
    ///
    /// # Errors
    /// [`StoreError`]; it stays then.
    pub fn delete_draft(&self, person: RecordId, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write(Turn::Person, move |conn| {
            conn.prepare_cached("DELETE FROM draft WHERE person = ?1 AND name = ?2")?
                .execute(params![person.0.as_bytes(), name])?;
            Ok(())
        })
    }

    /// Keeps a setting of this desk.
    ///
    /// # Errors
    /// [`StoreError`]; the earlier value stays then.
    pub fn put_setting(&self, key: &str, value: &Json) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_string());
        self.write(Turn::Person, move |conn| {
            conn.prepare_cached(
                "INSERT INTO setting (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![key, value])?;
            Ok(())
        })
    }

    /// A setting of this desk.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn setting(&self, key: &str) -> Result<Option<Json>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached("SELECT value FROM setting WHERE key = ?1")?;
            let text: Option<String> = statement.query_row([key], |row| row.get(0)).optional()?;
            text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Damaged))
                .transpose()
        })
    }

    /// All settings of this desk whose keys begin so, in the order of their keys.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn settings(&self, beginning: &str) -> Result<Vec<Json>, StoreError> {
        self.reading(|conn| {
            let mut statement =
                conn.prepare_cached("SELECT value FROM setting WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key")?;
            let texts = statement.query_map([beginning], |row| row.get::<_, String>(0))?;
            texts
                .map(|text| serde_json::from_str(&text?).map_err(|_| StoreError::Damaged))
                .collect()
        })
    }

    /// Forgets a setting of this desk.
    ///
    /// # Errors
    /// [`StoreError`]; it stays then.
    pub fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(Turn::Person, move |conn| {
            conn.prepare_cached("DELETE FROM setting WHERE key = ?1")?
                .execute([key])?;
            Ok(())
        })
    }
}

fn json(row: &Row<'_>, column: usize) -> Result<Json, StoreError> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| StoreError::Damaged)
}
