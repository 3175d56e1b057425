//! Ids, hashes and counts as columns.

use domain::RecordId;
use rusqlite::Row;
use rusqlite::types::Type;
use sync_core::{DeviceId, Hash};
use uuid::Uuid;

fn bad(index: usize, what: Type) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(index, String::new(), what)
}

pub fn uuid(row: &Row<'_>, index: usize) -> rusqlite::Result<Uuid> {
    let bytes: [u8; 16] = row.get(index)?;
    Ok(Uuid::from_bytes(bytes))
}

pub fn device(row: &Row<'_>, index: usize) -> rusqlite::Result<DeviceId> {
    uuid(row, index).map(DeviceId)
}

pub fn record(row: &Row<'_>, index: usize) -> rusqlite::Result<RecordId> {
    uuid(row, index).map(RecordId)
}

pub fn hash(row: &Row<'_>, index: usize) -> rusqlite::Result<Hash> {
    row.get(index).map(Hash)
}

pub fn count(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(index)?;
    u64::try_from(number).map_err(|_| bad(index, Type::Integer))
}

/// A count as a column; counts beyond 2^63 do not occur.
pub fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The bytes of an id as a column.
pub fn id(uuid: &Uuid) -> &[u8] {
    uuid.as_bytes()
}

/// A value out of its stored word.
pub fn word<T: std::str::FromStr>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text: String = row.get(index)?;
    text.parse().map_err(|_| bad(index, Type::Text))
}
