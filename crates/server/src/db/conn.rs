//! One connection within its transaction: what the statements of this folder are spoken to. Each
//! statement stands once and is understood by both databases; where they differ, it is here.

use super::value::{Bind, Row};
use super::{postgres, sqlite};
use crate::error::{Result, ServerError};

/// One connection within its transaction.
pub struct Conn(Link);

enum Link {
    Sqlite(rusqlite::Connection),
    Postgres(postgres::Link),
}

/// A transaction that was not finished.
pub(super) struct Unfinished {
    pub error: ServerError,
    /// Whether it was made may then not be known.
    pub was_committing: bool,
}

impl Conn {
    pub(super) fn sqlite(conn: rusqlite::Connection) -> Conn {
        Conn(Link::Sqlite(conn))
    }

    pub(super) fn postgres(link: postgres::Link) -> Conn {
        Conn(Link::Postgres(link))
    }

    /// Executes a statement. Answers how many rows it wrote.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn execute(&self, sql: &str, values: &[&dyn Bind]) -> Result<usize> {
        match &self.0 {
            Link::Sqlite(conn) => sqlite::execute(sql, values, conn),
            Link::Postgres(link) => link.execute(sql, values),
        }
    }

    /// Inserts a row for which nobody waits: it is there before anything is read, and before the transaction ends, which
    /// fails when this did. Rows that follow one another go in one statement, so no two of them may be of one key, and
    /// the statement is `INSERT INTO … VALUES (?1, …)`, with what to do on a conflict behind it or nothing.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn insert_later(&self, sql: &str, values: &[&dyn Bind]) -> Result<()> {
        match &self.0 {
            Link::Sqlite(conn) => sqlite::execute(sql, values, conn).map(drop),
            Link::Postgres(link) => link.insert_later(sql, values),
        }
    }

    /// The first row for each of the values, if there is one, in their order.
    ///
    /// # Errors
    /// [`ServerError`], or what `read` answers.
    pub fn one_of_each<T>(
        &self,
        sql: &str,
        values: &[Vec<&dyn Bind>],
        mut read: impl FnMut(&Row) -> Result<T>,
    ) -> Result<Vec<Option<T>>> {
        let found = match &self.0 {
            Link::Sqlite(conn) => {
                let asked = values.iter().map(|values| sqlite::rows(sql, values, 1, conn));
                asked.collect::<Result<_>>()?
            }
            Link::Postgres(link) => link.each(sql, values)?,
        };
        found
            .iter()
            .map(|rows| rows.first().map(&mut read).transpose())
            .collect()
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`ServerError`], or what `read` answers.
    pub fn one<T>(&self, sql: &str, values: &[&dyn Bind], read: impl FnOnce(&Row) -> Result<T>) -> Result<Option<T>> {
        let rows = match &self.0 {
            Link::Sqlite(conn) => sqlite::rows(sql, values, 1, conn)?,
            Link::Postgres(link) => link.rows(sql, values)?,
        };
        rows.first().map(read).transpose()
    }

    /// The same, and nobody else writes to the row until the transaction ends.
    ///
    /// # Errors
    /// [`ServerError`], or what `read` answers.
    pub fn one_to_write<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.one(&self.locking(sql, "FOR NO KEY UPDATE"), values, read)
    }

    /// The same, and nobody changes the row until the transaction ends; others may hold it so too.
    ///
    /// # Errors
    /// [`ServerError`], or what `read` answers.
    pub fn one_to_stay<T>(
        &self,
        sql: &str,
        values: &[&dyn Bind],
        read: impl FnOnce(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        self.one(&self.locking(sql, "FOR SHARE"), values, read)
    }

    /// Who writes to SQLite holds the whole file.
    fn locking(&self, sql: &str, lock: &str) -> String {
        match &self.0 {
            Link::Sqlite(_) => sql.to_owned(),
            Link::Postgres(_) => format!("{sql} {lock}"),
        }
    }

    /// Every row.
    ///
    /// # Errors
    /// [`ServerError`], or what `read` answers.
    pub fn all<T>(&self, sql: &str, values: &[&dyn Bind], read: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
        let rows = match &self.0 {
            Link::Sqlite(conn) => sqlite::rows(sql, values, usize::MAX, conn)?,
            Link::Postgres(link) => link.rows(sql, values)?,
        };
        rows.iter().map(read).collect()
    }

    fn begin(&self, sql: &str) -> Result<()> {
        match &self.0 {
            Link::Sqlite(conn) => Ok(conn.execute_batch(sql)?),
            Link::Postgres(link) => link.begin(sql),
        }
    }

    /// What was written and not waited for.
    fn settle(&self) -> Result<()> {
        match &self.0 {
            Link::Sqlite(_) => Ok(()),
            Link::Postgres(link) => link.send_waiting(),
        }
    }

    fn commit(&self) -> Result<()> {
        match &self.0 {
            Link::Sqlite(conn) => Ok(conn.execute_batch("COMMIT")?),
            Link::Postgres(link) => link.commit(),
        }
    }

    /// A commit that failed has undone it already, and so has a connection that ended.
    fn undo(&self) {
        match &self.0 {
            Link::Sqlite(conn) => drop(conn.execute_batch("ROLLBACK")),
            Link::Postgres(link) => drop(link.batch("ROLLBACK")),
        }
    }

    /// Does `work` between `begin` and the end of the transaction; undone when `work` fails.
    pub(super) fn within<T>(&self, begin: &str, work: impl FnOnce(&Conn) -> Result<T>) -> Result<T, Unfinished> {
        let before = |error| Unfinished {
            error,
            was_committing: false,
        };
        self.begin(begin).map_err(before)?;
        let undo = Undo(self);
        let done = work(self).map_err(before)?;
        self.settle().map_err(before)?;
        self.commit().map_err(|error| Unfinished {
            error,
            was_committing: true,
        })?;
        std::mem::forget(undo);
        Ok(done)
    }

    pub(super) fn is_closed(&self) -> bool {
        match &self.0 {
            Link::Sqlite(_) => false,
            Link::Postgres(link) => link.is_closed(),
        }
    }

    /// The connection to SQLite, if it is one.
    pub(super) fn file(&self) -> Option<&rusqlite::Connection> {
        match &self.0 {
            Link::Sqlite(conn) => Some(conn),
            Link::Postgres(_) => None,
        }
    }

    /// The same, to have it changed.
    pub(super) fn file_mut(&mut self) -> Option<&mut rusqlite::Connection> {
        match &mut self.0 {
            Link::Sqlite(conn) => Some(conn),
            Link::Postgres(_) => None,
        }
    }
}

/// Undoes the transaction when it is dropped, also by a panic.
struct Undo<'a>(&'a Conn);

impl Drop for Undo<'_> {
    fn drop(&mut self) {
        self.0.undo();
    }
}

/// What a count answers: a statement that always has one row.
pub fn only<T>(found: Option<T>) -> Result<T> {
    found.ok_or(ServerError::Damaged("a count has no row"))
}
