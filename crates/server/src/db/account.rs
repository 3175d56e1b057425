//! Who may sign in, failed attempts, and sessions.

use domain::RecordId;
use rusqlite::{Connection, OptionalExtension, Row, params};
use sync_core::{DeviceId, Hash};

use super::column;
use crate::error::Result;

/// A person who may sign in.
pub struct Account {
    pub person: RecordId,
    pub username_hash: Hash,
    pub sealed_username: Vec<u8>,
    /// Argon2id; empty until a password is set.
    pub password_hash: String,
    pub role: String,
    pub facility: Option<RecordId>,
    pub is_active: bool,
}

const COLUMNS: &str = "person, username_hash, sealed_username, password_hash, role, facility, is_active";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    let facility: Option<[u8; 16]> = row.get(5)?;
    Ok(Account {
        person: column::record(row, 0)?,
        username_hash: column::hash(row, 1)?,
        sealed_username: row.get(2)?,
        password_hash: row.get(3)?,
        role: row.get(4)?,
        facility: facility.map(|bytes| RecordId(uuid::Uuid::from_bytes(bytes))),
        is_active: row.get(6)?,
    })
}

pub fn get(person: RecordId, conn: &Connection) -> Result<Option<Account>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE person = ?1"))?;
    Ok(statement.query_row([column::id(&person.0)], read).optional()?)
}

pub fn by_username(username_hash: Hash, conn: &Connection) -> Result<Option<Account>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account WHERE username_hash = ?1"))?;
    Ok(statement.query_row([username_hash.0], read).optional()?)
}

pub fn all(conn: &Connection) -> Result<Vec<Account>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM account ORDER BY person"))?;
    let accounts = statement.query_map([], read)?;
    Ok(accounts.collect::<Result<_, _>>()?)
}

/// Adds the account, or brings everything but its password up to date.
pub fn put(account: &Account, conn: &Connection) -> Result<()> {
    conn.prepare_cached(&format!(
        "INSERT INTO account ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (person) DO UPDATE SET
           username_hash = excluded.username_hash,
           sealed_username = excluded.sealed_username,
           role = excluded.role,
           facility = excluded.facility,
           is_active = excluded.is_active"
    ))?
    .execute(params![
        column::id(&account.person.0),
        account.username_hash.0,
        account.sealed_username,
        account.password_hash,
        account.role,
        account.facility.as_ref().map(|facility| column::id(&facility.0)),
        account.is_active,
    ])?;
    Ok(())
}

pub fn set_password(person: RecordId, password_hash: &str, conn: &Connection) -> Result<bool> {
    let set = conn
        .prepare_cached("UPDATE account SET password_hash = ?2 WHERE person = ?1")?
        .execute(params![column::id(&person.0), password_hash])?;
    Ok(set == 1)
}

/// Failed sign-ins under one name.
#[derive(Clone, Copy, Default, Debug)]
pub struct Attempts {
    pub failures: u32,
    pub blocked_until_ms: i64,
}

pub fn attempts(username_hash: Hash, conn: &Connection) -> Result<Attempts> {
    let mut statement =
        conn.prepare_cached("SELECT failures, blocked_until_ms FROM attempt WHERE username_hash = ?1")?;
    let found = statement.query_row([username_hash.0], |row| {
        Ok(Attempts {
            failures: row.get(0)?,
            blocked_until_ms: row.get(1)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

pub fn set_attempts(username_hash: Hash, attempts: Attempts, now_ms: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO attempt (username_hash, failures, blocked_until_ms, last_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (username_hash) DO UPDATE SET
           failures = excluded.failures,
           blocked_until_ms = excluded.blocked_until_ms,
           last_ms = excluded.last_ms",
    )?
    .execute(params![
        username_hash.0,
        attempts.failures,
        attempts.blocked_until_ms,
        now_ms
    ])?;
    Ok(())
}

pub fn forget_attempts(username_hash: Hash, conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM attempt WHERE username_hash = ?1")?
        .execute([username_hash.0])?;
    Ok(())
}

/// Forgets failed sign-ins under names that nobody has, last tried before `before_ms`.
pub fn forget_strangers(before_ms: i64, conn: &Connection) -> Result<()> {
    conn.prepare_cached(
        "DELETE FROM attempt
         WHERE last_ms < ?1 AND username_hash NOT IN (SELECT username_hash FROM account)",
    )?
    .execute([before_ms])?;
    Ok(())
}

/// Keeps a session under the hash of its token, and forgets those that are over.
pub fn insert_session(
    token_hash: Hash,
    person: RecordId,
    device: DeviceId,
    (now_ms, expires_ms): (i64, i64),
    conn: &Connection,
) -> Result<()> {
    conn.prepare_cached("DELETE FROM session WHERE expires_ms < ?1")?
        .execute([now_ms])?;
    conn.prepare_cached("INSERT INTO session (token_hash, person, device, expires_ms) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![
            token_hash.0,
            column::id(&person.0),
            column::id(&device.0),
            expires_ms
        ])?;
    Ok(())
}

/// Ends the session with the token on this device. Answers whether it still lasted.
pub fn end_session(token_hash: Hash, device: DeviceId, now_ms: i64, conn: &Connection) -> Result<bool> {
    let ended = conn
        .prepare_cached("DELETE FROM session WHERE token_hash = ?1 AND device = ?2 AND expires_ms >= ?3")?
        .execute(params![token_hash.0, column::id(&device.0), now_ms])?;
    Ok(ended == 1)
}

/// Ends every session of the person.
pub fn end_sessions(person: RecordId, conn: &Connection) -> Result<()> {
    conn.prepare_cached("DELETE FROM session WHERE person = ?1")?
        .execute([column::id(&person.0)])?;
    Ok(())
}
