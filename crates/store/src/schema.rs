//! The tables' versions: migrations are compiled in, a copy is made before they run, and a file of
//! a newer version is refused.

use std::path::Path;

use rusqlite::Connection;

use crate::error::StoreError;
use crate::file;
use crate::key::DatabaseKey;

mod migrations {
    refinery::embed_migrations!("../../migrations/desktop");
}

/// The newest schema that this version knows.
pub fn known() -> i64 {
    let migrations = migrations::migrations::runner();
    let versions = migrations
        .get_migrations()
        .iter()
        .map(|migration| i64::from(migration.version()));
    versions.max().unwrap_or(0)
}

/// The schema of the file; 0 when it has none yet.
pub fn found(conn: &Connection) -> Result<i64, StoreError> {
    if !conn.table_exists(None, "refinery_schema_history")? {
        return Ok(0);
    }
    let newest: Option<i64> =
        conn.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))?;
    Ok(newest.unwrap_or(0))
}

/// Brings the file to the schema this version knows; an older one is copied first.
///
/// # Errors
/// [`StoreError::NewerSchema`] when the file is of a newer version.
pub fn bring_up(conn: &mut Connection, path: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let (found, known) = (found(conn)?, known());
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    if found > 0 {
        let copy = file::with_suffix(path, &format!(".before-{known}"));
        match file::copy(conn, &copy, key) {
            Ok(()) | Err(StoreError::Exists) => {}
            Err(error) => return Err(error),
        }
    }
    migrate(conn)
}

/// Runs the migrations that the file has not had.
fn migrate(conn: &mut Connection) -> Result<(), StoreError> {
    let report = migrations::migrations::runner().set_grouped(true).run(conn);
    report.map(drop).map_err(|error| match error.kind() {
        refinery::error::Kind::Connection(_, source) => source
            .downcast_ref::<rusqlite::Error>()
            .and_then(rusqlite::Error::sqlite_error_code)
            .filter(|code| *code == rusqlite::ErrorCode::DiskFull)
            .map_or(StoreError::Damaged, |_| StoreError::DiskFull),
        _ => StoreError::Damaged,
    })
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// The tables without a file.
    pub fn tables() -> Connection {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        conn
    }

    /// The steps in which SQLite answers a question.
    pub fn plan(sql: &str) -> Vec<String> {
        let conn = tables();
        let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement.raw_query().mapped(|row| row.get(3));
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn every_table_is_strict() {
        let conn = tables();
        let mut statement = conn
            .prepare(
                "SELECT name FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND strict = 0
                 AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'refinery%'",
            )
            .unwrap();
        let loose: Vec<String> = statement
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(loose, Vec::<String>::new());
    }
}
