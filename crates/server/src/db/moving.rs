//! Moving a district from its file into PostgreSQL: every row as it stands, in one transaction, compared before it
//! counts. From the first step on the file opens for no server, of this version or any other.

use std::path::Path;

use sync_core::Hash;

use super::address::Address;
use super::conn::{Conn, only};
use super::sqlite::Leaving;
use super::value::{Bind, Cell};
use super::{Db, postgres, renew_lineage};
use crate::error::{Result, ServerError};

/// Every table with what orders its rows; those that others refer to come first.
const TABLES: &[(&str, &str)] = &[
    ("instance", "one"),
    ("certificate", "stands"),
    ("space", "number"),
    ("change", "space, lsn"),
    ("record", "space, kind, record"),
    ("device", "id"),
    ("nonce", "device, hash"),
    ("account", "person"), // not a kind: a column
    ("attempt", "username_hash"),
    ("session", "token_hash"),
    ("second_factor", "person"), // not a kind: a column
    ("recovery_code", "person, hash"),
    ("factor_shown", "person, device"),
    ("invitation", "id"),
    ("parked", "device, seq"),
    ("snapshot", "space, epoch, lsn"),
    ("snapshot_piece", "space, hash"),
    ("succession", "device"),
    ("withdrawal", "device"),
    ("decision", "device, seq"),
    ("event", "number"),
];

/// So many rows are read at a time.
const SLICE: u64 = 256;

/// What was moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    pub spaces: u64,
    pub changes: u64,
}

/// A table with its columns.
struct Table {
    name: &'static str,
    order: &'static str,
    columns: Vec<String>,
}

/// Moves the district of the file into the empty database. When it fails, the file is as it was; when it is cut short,
/// the file opens for no server until the same was done again to its end.
///
/// # Errors
/// [`ServerError::Locked`] when somebody has the file open, [`ServerError::NotEmpty`] when something else is kept in
/// the database.
pub fn move_to(file: &Path, address: &Address) -> Result<Moved> {
    let source = Leaving::open(file)?;
    let tables = tables(source.conn())?;
    // Where nothing is kept no history was lost; where something is, it is only looked at.
    let target = Db::connect_displaced(address)?;
    let (begun, done) = (
        format!("moving to {}", address.said()),
        format!("moved to {}", address.said()),
    );
    let left_for = source.left_for()?;
    let told = fingerprint(&tables, source.conn())?;
    if target.read(is_held)? {
        let is_the_same = left_for.is_some() && target.read(|conn| Ok(fingerprint(&tables, conn)? == told))?;
        if !is_the_same {
            return Err(ServerError::NotEmpty(address.said()));
        }
        source.leave(&done)?;
        return moved(source.conn());
    }
    // What was begun is ended where it was begun; what stands in one place moves to no other.
    if left_for.is_some_and(|place| place != begun) {
        return Err(ServerError::Moved);
    }
    source.leave(&begun)?;
    let copied = target.write(|tx| {
        if is_held(tx)? {
            return Err(ServerError::NotEmpty(address.said()));
        }
        tables.iter().try_for_each(|table| copy(table, source.conn(), tx))?;
        postgres::number_spaces_on(tx)?;
        renew_lineage(tx)?;
        if fingerprint(&tables, tx)? == told {
            Ok(())
        } else {
            Err(ServerError::Damaged(
                "the database does not give back what was written to it",
            ))
        }
    });
    if copied.is_err() && target.read(is_held).is_ok_and(|is_held| !is_held) {
        source.stay()?;
    }
    copied?;
    source.leave(&done)?;
    moved(source.conn())
}

/// The tables as they stand in the file.
fn tables(conn: &Conn) -> Result<Vec<Table>> {
    let sql = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name <> 'sqlite_schema'
               AND name <> 'refinery_schema_history'";
    let mut unknown = conn.all(sql, &[], |row| row.text(0))?;
    unknown.retain(|name| TABLES.iter().all(|(known, _)| known != name));
    if !unknown.is_empty() {
        return Err(ServerError::Damaged("a table would be left behind"));
    }
    let columns = |name: &str| {
        let sql = "SELECT name FROM pragma_table_info(?1) ORDER BY cid";
        conn.all(sql, &[&name], |row| row.text(0))
    };
    let described = TABLES.iter().map(|(name, order)| {
        Ok(Table {
            name,
            order,
            columns: columns(name)?,
        })
    });
    described.collect()
}

/// Whether anything is kept there.
fn is_held(conn: &Conn) -> Result<bool> {
    for (table, _) in TABLES {
        let first = conn.one(&format!("SELECT count(*) FROM {table}"), &[], |row| row.number(0))?;
        if only(first)? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn moved(conn: &Conn) -> Result<Moved> {
    let count = |sql: &str| only(conn.one(sql, &[], |row| row.count(0))?);
    Ok(Moved {
        spaces: count("SELECT count(*) FROM space")?,
        changes: count("SELECT count(*) FROM change")?,
    })
}

/// Hands each row of the table to `each`, in their order.
fn rows(table: &Table, conn: &Conn, mut each: impl FnMut(&[Cell]) -> Result<()>) -> Result<()> {
    let (columns, Table { name, order, .. }) = (table.columns.join(", "), table);
    let sql = format!("SELECT {columns} FROM {name} ORDER BY {order} LIMIT ?1 OFFSET ?2");
    let mut past = 0_u64;
    loop {
        let slice = conn.all(&sql, &[&SLICE, &past], |row| each(&row.0))?;
        past += slice.len() as u64;
        if (slice.len() as u64) < SLICE {
            return Ok(());
        }
    }
}

fn copy(table: &Table, from: &Conn, to: &Conn) -> Result<()> {
    let places: Vec<String> = (1..=table.columns.len()).map(|place| format!("?{place}")).collect();
    let (columns, places) = (table.columns.join(", "), places.join(", "));
    let insert = format!("INSERT INTO {} ({columns}) VALUES ({places})", table.name);
    rows(table, from, |cells| {
        let values: Vec<&dyn Bind> = cells.iter().map(|cell| cell as &dyn Bind).collect();
        to.insert_later(&insert, &values)
    })
}

/// What every row of each table says, in their order: equal when nothing differs.
fn fingerprint(tables: &[Table], conn: &Conn) -> Result<Vec<Hash>> {
    let of = |table: &Table| {
        let mut hasher = blake3::Hasher::new();
        rows(table, conn, |cells| {
            for cell in cells {
                let number;
                let (sort, bytes): (u8, &[u8]) = match cell {
                    Cell::Nothing => (0, &[]),
                    Cell::Number(value) => {
                        number = value.to_be_bytes();
                        (1, &number)
                    }
                    Cell::Bytes(bytes) => (2, bytes),
                    Cell::Text(text) => (3, text.as_bytes()),
                };
                let length = (bytes.len() as u64).to_be_bytes();
                hasher.update(&[sort]).update(&length).update(bytes);
            }
            Ok(())
        })?;
        Ok(Hash(*hasher.finalize().as_bytes()))
    };
    tables.iter().map(of).collect()
}
