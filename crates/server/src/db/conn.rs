//! One connection within its transaction: what the statements of this folder are spoken to.

use super::sqlite;
use super::value::{Bind, Row};
use crate::error::{Result, ServerError};

/// One connection within its transaction.
pub struct Conn(rusqlite::Connection);

impl Conn {
    pub fn new(conn: rusqlite::Connection) -> Conn {
        Conn(conn)
    }

    /// Executes a statement. Answers how many rows it wrote.
    ///
    /// # Errors
    /// [`ServerError::Database`].
    pub fn execute(&self, sql: &str, values: &[&dyn Bind]) -> Result<usize> {
        sqlite::execute(sql, values, &self.0)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`ServerError::Database`], or what `read` answers.
    pub fn one<T>(&self, sql: &str, values: &[&dyn Bind], read: impl FnOnce(&Row) -> Result<T>) -> Result<Option<T>> {
        let rows = sqlite::rows(sql, values, 1, &self.0)?;
        rows.first().map(read).transpose()
    }

    /// The same, and nobody else writes to the row until the transaction ends.
    ///
    /// # Errors
    /// [`ServerError::Database`], or what `read` answers.
    pub fn one_to_write<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        // Who writes to SQLite holds the whole file.
        self.one(sql, values, read)
    }

    /// The same, and nobody changes the row until the transaction ends; others may hold it so too.
    ///
    /// # Errors
    /// [`ServerError::Database`], or what `read` answers.
    pub fn one_to_stay<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.one(sql, values, read)
    }

    /// Every row.
    ///
    /// # Errors
    /// [`ServerError::Database`], or what `read` answers.
    pub fn all<T>(&self, sql: &str, values: &[&dyn Bind], read: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
        let rows = sqlite::rows(sql, values, usize::MAX, &self.0)?;
        rows.iter().map(read).collect()
    }

    /// Does `work` between `begin` and the end of the transaction; undone when `work` fails.
    pub(super) fn within<T>(&self, begin: &str, work: impl FnOnce(&Conn) -> Result<T>) -> Result<T> {
        self.0.execute_batch(begin)?;
        let undo = Undo(self);
        let done = work(self)?;
        self.0.execute_batch("COMMIT")?;
        std::mem::forget(undo);
        Ok(done)
    }

    pub(super) fn sqlite(&self) -> &rusqlite::Connection {
        &self.0
    }
}

/// Undoes the transaction when it is dropped, also by a panic.
struct Undo<'a>(&'a Conn);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        // A commit that failed has undone it already.
        let _ = self.0.0.execute_batch("ROLLBACK");
    }
}

/// What a count answers: a statement that always has one row.
pub fn only<T>(found: Option<T>) -> Result<T> {
    found.ok_or(ServerError::Damaged("a count has no row"))
}
