//! What goes into a statement and what comes out of a row: numbers, bytes and texts, and how ids,
//! hashes and counts are kept as such. No statement stands here.

use domain::RecordId;
use sync_core::{DeviceId, Hash};
use uuid::Uuid;

use crate::error::{Result, ServerError};

/// A value on its way into a statement.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Nothing,
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
}

/// Shows the type alone.
impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Value::Nothing => "nothing",
            Value::Number(_) => "a number",
            Value::Bytes(_) => "bytes",
            Value::Text(_) => "text",
        })
    }
}

/// What can be put into a statement.
pub trait Bind {
    fn value(&self) -> Value<'_>;
}

impl Bind for i64 {
    fn value(&self) -> Value<'_> {
        Value::Number(*self)
    }
}

impl Bind for i32 {
    fn value(&self) -> Value<'_> {
        Value::Number(i64::from(*self))
    }
}

impl Bind for u32 {
    fn value(&self) -> Value<'_> {
        Value::Number(i64::from(*self))
    }
}

/// Counts beyond 2^63 do not occur.
impl Bind for u64 {
    fn value(&self) -> Value<'_> {
        Value::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

impl Bind for bool {
    fn value(&self) -> Value<'_> {
        Value::Number(i64::from(*self))
    }
}

impl Bind for &[u8] {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Bind for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self)
    }
}

impl Bind for &str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Bind for Uuid {
    fn value(&self) -> Value<'_> {
        Value::Bytes(self.as_bytes())
    }
}

impl Bind for RecordId {
    fn value(&self) -> Value<'_> {
        self.0.value()
    }
}

impl Bind for DeviceId {
    fn value(&self) -> Value<'_> {
        self.0.value()
    }
}

impl Bind for Hash {
    fn value(&self) -> Value<'_> {
        Value::Bytes(&self.0)
    }
}

impl<T: Bind> Bind for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Nothing, Bind::value)
    }
}

/// One column of a row that was read.
pub enum Cell {
    Nothing,
    Number(i64),
    Bytes(Vec<u8>),
    Text(String),
}

impl Bind for Cell {
    fn value(&self) -> Value<'_> {
        match self {
            Cell::Nothing => Value::Nothing,
            Cell::Number(number) => Value::Number(*number),
            Cell::Bytes(bytes) => Value::Bytes(bytes),
            Cell::Text(text) => Value::Text(text),
        }
    }
}

/// A row that was read.
pub struct Row(pub Vec<Cell>);

const ODD: ServerError = ServerError::Damaged("a column is not of its form");

impl Row {
    fn cell(&self, index: usize) -> &Cell {
        self.0.get(index).unwrap_or(&Cell::Nothing)
    }

    pub fn number(&self, index: usize) -> Result<i64> {
        match self.cell(index) {
            Cell::Number(number) => Ok(*number),
            _ => Err(ODD),
        }
    }

    /// A number that may be missing.
    pub fn number_if_any(&self, index: usize) -> Result<Option<i64>> {
        match self.cell(index) {
            Cell::Nothing => Ok(None),
            _ => self.number(index).map(Some),
        }
    }

    /// A number of a smaller or unsigned type.
    pub fn count<T: TryFrom<i64>>(&self, index: usize) -> Result<T> {
        T::try_from(self.number(index)?).map_err(|_| ODD)
    }

    pub fn is_true(&self, index: usize) -> Result<bool> {
        Ok(self.number(index)? != 0)
    }

    fn slice(&self, index: usize) -> Result<&[u8]> {
        match self.cell(index) {
            Cell::Bytes(bytes) => Ok(bytes),
            _ => Err(ODD),
        }
    }

    pub fn bytes(&self, index: usize) -> Result<Vec<u8>> {
        self.slice(index).map(<[u8]>::to_vec)
    }

    /// Bytes that may be missing.
    pub fn count_if_any(&self, index: usize) -> Result<Option<u64>> {
        let number = self.number_if_any(index)?;
        let counted = number.map(u64::try_from).transpose();
        counted.map_err(|_| ServerError::Damaged("a count in the database is below zero"))
    }

    pub fn bytes_if_any(&self, index: usize) -> Result<Option<Vec<u8>>> {
        match self.cell(index) {
            Cell::Nothing => Ok(None),
            _ => self.bytes(index).map(Some),
        }
    }

    pub fn text(&self, index: usize) -> Result<String> {
        match self.cell(index) {
            Cell::Text(text) => Ok(text.clone()),
            _ => Err(ODD),
        }
    }

    /// A text that may be missing.
    pub fn text_if_any(&self, index: usize) -> Result<Option<String>> {
        match self.cell(index) {
            Cell::Nothing => Ok(None),
            _ => self.text(index).map(Some),
        }
    }

    /// A value out of its stored word.
    pub fn word<T: std::str::FromStr>(&self, index: usize) -> Result<T> {
        self.text(index)?.parse().map_err(|_| ODD)
    }

    pub fn uuid(&self, index: usize) -> Result<Uuid> {
        Uuid::from_slice(self.slice(index)?).map_err(|_| ODD)
    }

    /// An id that may be missing.
    pub fn uuid_if_any(&self, index: usize) -> Result<Option<Uuid>> {
        match self.cell(index) {
            Cell::Nothing => Ok(None),
            _ => self.uuid(index).map(Some),
        }
    }

    pub fn device(&self, index: usize) -> Result<DeviceId> {
        self.uuid(index).map(DeviceId)
    }

    pub fn record(&self, index: usize) -> Result<RecordId> {
        self.uuid(index).map(RecordId)
    }

    pub fn hash(&self, index: usize) -> Result<Hash> {
        self.slice(index)?.try_into().map(Hash).map_err(|_| ODD)
    }
}
