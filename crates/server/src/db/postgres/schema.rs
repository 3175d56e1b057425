//! The tables in PostgreSQL, brought up to this version by one node at a time; and whether the
//! cluster is one to which receipts may be trusted.

use futures_executor::block_on;

use super::super::conn::Conn;
use super::link::Link;
use crate::error::{PostgresError, Result, ServerError};

mod migrations {
    refinery::embed_migrations!("../../migrations/server-postgres");
}

/// Nodes that start at once bring the tables up one after another.
const LOCK: &str = "SET statement_timeout = 0; SET lock_timeout = '5min';
    SELECT pg_advisory_lock(hashtextextended('wardroom migrations ' || current_schema(), 0))";
const UNLOCK: &str = "SELECT pg_advisory_unlock(hashtextextended('wardroom migrations ' || current_schema(), 0))";
/// No statement waits or stands still without end, however a node or its connection ends.
const LIMITS: &str = "SET statement_timeout = '60s'; SET lock_timeout = '20s';
    SET idle_in_transaction_session_timeout = '60s'";
const OLDEST: i64 = 130_000;

/// Which history of which cluster this is: another after a restore, and after a standby took over.
const HISTORY: &str = "SELECT system_identifier::text || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
    FROM pg_control_system()";

/// The transaction that wrote the row of the lineage: another when a dump was put back, be it into the same cluster.
const ROW: &str = "'/' || pg_current_xact_id()::xid::text";

/// Brings the tables to this version's schema.
pub fn bring_up(link: &mut Link) -> Result<()> {
    link.batch(LOCK)?;
    let done = migrate(link);
    link.batch(UNLOCK)?;
    done
}

fn migrate(link: &mut Link) -> Result<()> {
    let runner = migrations::migrations::runner();
    let known = runner.get_migrations().iter().map(|each| i64::from(each.version()));
    let known = known.max().unwrap_or(0);
    let there = "SELECT count(to_regclass('refinery_schema_history'))";
    let found = if number(there, link)? == 0 {
        0
    } else {
        number(
            "SELECT coalesce(max(version), 0)::bigint FROM refinery_schema_history",
            link,
        )?
    };
    if found > known {
        return Err(ServerError::NewerSchema { found, known });
    }
    if found == known {
        return Ok(());
    }
    let done = block_on(runner.set_grouped(true).run_async(link.client()));
    done.map_err(|error| ServerError::Migration(error.to_string()))?;
    // The tables of a new district belong to the history in which they were made.
    link.batch(&format!(
        "INSERT INTO lineage (name) SELECT ({HISTORY}) || {ROW} WHERE NOT EXISTS (SELECT name FROM lineage)"
    ))
}

/// Sees that what is committed is on the disk, and limits how long anything may take.
pub fn prepare(link: &Link) -> Result<()> {
    link.batch(LIMITS)?;
    if number("SELECT current_setting('server_version_num')::bigint", link)? < OLDEST {
        return Err(ServerError::Unsafe("PostgreSQL is older than 13"));
    }
    for (setting, wrong) in [
        ("fsync", "fsync is off"),
        ("full_page_writes", "full_page_writes is off"),
        ("synchronous_commit", "synchronous_commit is off"),
    ] {
        if text(&format!("SELECT current_setting('{setting}')"), link)? == "off" {
            return Err(ServerError::Unsafe(wrong));
        }
    }
    Ok(())
}

/// Sees that the cluster is still the one, and in the history, in which the epoch of the logs began, and that the rows
/// are still those. Earlier versions noted the history alone.
pub fn is_same_lineage(link: &Link) -> Result<bool> {
    let same = format!(
        "SELECT count(*) FROM lineage, ({HISTORY}) AS now (name)
        WHERE lineage.name IN (now.name, now.name || '/' || lineage.xmin::text)"
    );
    Ok(number(&same, link)? == 1)
}

/// Which row of the lineage this is.
pub fn row(conn: &Conn) -> Result<i64> {
    let row = conn.one("SELECT xmin::text::bigint FROM lineage", &[], |row| row.number(0))?;
    row.ok_or(ServerError::Displaced)
}

/// What makes this history the one in which the epoch of the logs began.
pub fn renew_lineage() -> String {
    format!("UPDATE lineage SET name = ({HISTORY}) || {ROW}")
}

fn number(sql: &str, link: &Link) -> Result<i64> {
    let rows = link.rows(sql, &[])?;
    rows.first().map_or(Ok(0), |row| row.number(0))
}

fn text(sql: &str, link: &Link) -> Result<String> {
    let rows = link.rows(sql, &[])?;
    rows.first().map_or(Ok(String::new()), |row| row.text(0))
}

impl From<tokio_postgres::Error> for ServerError {
    fn from(error: tokio_postgres::Error) -> ServerError {
        ServerError::Postgres(PostgresError::from(error))
    }
}
