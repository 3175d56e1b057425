//! Who may sign in, failed attempts, and sessions.

use domain::RecordId;
use sync_core::{DeviceId, Hash};

use super::Conn;
use super::value::Row;
use crate::error::Result;

/// A person who may sign in.
#[derive(Clone)]
pub struct Account {
    pub person: RecordId,
    pub username_hash: Hash,
    pub sealed_username: Vec<u8>,
    /// Argon2id; empty until a password is set.
    pub password_hash: String,
    /// Somebody else gave the password: it opens the way to another one alone, and until then.
    pub given_until_ms: Option<i64>,
    pub role: String,
    pub facility: Option<RecordId>,
    pub is_active: bool,
}

const COLUMNS: &str =
    "person, username_hash, sealed_username, password_hash, role, facility, is_active, given_until_ms";

fn read(row: &Row) -> Result<Account> {
    Ok(Account {
        person: row.record(0)?,
        username_hash: row.hash(1)?,
        sealed_username: row.bytes(2)?,
        password_hash: row.text(3)?,
        role: row.text(4)?,
        facility: row.uuid_if_any(5)?.map(RecordId),
        is_active: row.is_true(6)?,
        given_until_ms: row.number_if_any(7)?,
    })
}

pub fn get(person: RecordId, conn: &Conn) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE person = ?1");
    conn.one(&sql, &[&person], read)
}

/// The same, and it stays as it is until the transaction ends.
pub fn held(person: RecordId, conn: &Conn) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE person = ?1");
    conn.one_to_stay(&sql, &[&person], read)
}

pub fn by_username(username_hash: Hash, conn: &Conn) -> Result<Option<Account>> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE username_hash = ?1");
    conn.one(&sql, &[&username_hash], read)
}

pub fn all(conn: &Conn) -> Result<Vec<Account>> {
    conn.all(&format!("SELECT {COLUMNS} FROM account ORDER BY person"), &[], read)
}

/// Adds the account, or brings everything but its password up to date.
pub fn put(account: &Account, conn: &Conn) -> Result<()> {
    let sql = format!(
        "INSERT INTO account ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (person) DO UPDATE SET
           username_hash = excluded.username_hash,
           sealed_username = excluded.sealed_username,
           role = excluded.role,
           facility = excluded.facility,
           is_active = excluded.is_active"
    );
    conn.execute(
        &sql,
        &[
            &account.person,
            &account.username_hash,
            &account.sealed_username,
            &account.password_hash,
            &account.role,
            &account.facility,
            &account.is_active,
            &account.given_until_ms,
        ],
    )?;
    Ok(())
}

/// Sets the password: one of the person's own, or one that somebody gave them until then.
pub fn set_password(person: RecordId, password_hash: &str, given_until_ms: Option<i64>, conn: &Conn) -> Result<bool> {
    let sql = "UPDATE account SET password_hash = ?2, given_until_ms = ?3 WHERE person = ?1";
    Ok(conn.execute(sql, &[&person, &password_hash, &given_until_ms])? == 1)
}

/// Failed sign-ins under one name.
#[derive(Clone, Copy, Default, Debug)]
pub struct Attempts {
    pub failures: u32,
    pub blocked_until_ms: i64,
}

pub fn attempts(username_hash: Hash, conn: &Conn) -> Result<Attempts> {
    let sql = "SELECT failures, blocked_until_ms FROM attempt WHERE username_hash = ?1";
    let found = conn.one(sql, &[&username_hash], |row| {
        Ok(Attempts {
            failures: row.count(0)?,
            blocked_until_ms: row.number(1)?,
        })
    });
    Ok(found?.unwrap_or_default())
}

/// The same, and nobody else counts a failure under the name until the transaction ends.
pub fn lock_attempts(username_hash: Hash, now_ms: i64, conn: &Conn) -> Result<Attempts> {
    let sql = "INSERT INTO attempt (username_hash, failures, blocked_until_ms, last_ms) VALUES (?1, 0, 0, ?2)
               ON CONFLICT (username_hash) DO UPDATE SET failures = attempt.failures";
    conn.execute(sql, &[&username_hash, &now_ms])?;
    attempts(username_hash, conn)
}

pub fn set_attempts(username_hash: Hash, attempts: Attempts, now_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO attempt (username_hash, failures, blocked_until_ms, last_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (username_hash) DO UPDATE SET
           failures = excluded.failures,
           blocked_until_ms = excluded.blocked_until_ms,
           last_ms = excluded.last_ms",
        &[&username_hash, &attempts.failures, &attempts.blocked_until_ms, &now_ms],
    )?;
    Ok(())
}

pub fn forget_attempts(username_hash: Hash, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM attempt WHERE username_hash = ?1", &[&username_hash])?;
    Ok(())
}

/// Forgets failed sign-ins under names that nobody has, last tried before `before_ms`.
pub fn forget_strangers(before_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute(
        "DELETE FROM attempt
         WHERE last_ms < ?1 AND username_hash NOT IN (SELECT username_hash FROM account)",
        &[&before_ms],
    )?;
    Ok(())
}

/// Keeps a session under the hash of its token, and forgets those that are over.
pub fn insert_session(token_hash: Hash, person: RecordId, device: DeviceId, times: Lasts, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM session WHERE expires_ms < ?1", &[&times.now_ms])?;
    conn.execute(
        "INSERT INTO session (token_hash, person, device, expires_ms, began_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[&token_hash, &person, &device, &times.expires_ms, &times.began_ms],
    )?;
    Ok(())
}

/// How long a token lasts, and the session it stands for.
#[derive(Clone, Copy)]
pub struct Lasts {
    pub now_ms: i64,
    pub expires_ms: i64,
    /// When the person signed in; the tokens since then were each given for the one before.
    pub began_ms: i64,
}

/// Whose session the token stands for on this device, and when it began; nothing when it lasts no more.
pub fn session(token_hash: Hash, device: DeviceId, now_ms: i64, conn: &Conn) -> Result<Option<(RecordId, i64)>> {
    let sql = "SELECT person, began_ms FROM session WHERE token_hash = ?1 AND device = ?2 AND expires_ms >= ?3";
    conn.one(sql, &[&token_hash, &device, &now_ms], |row| {
        Ok((row.record(0)?, row.number(1)?))
    })
}

/// Ends the session with the token on this device. Answers whether it still lasted.
pub fn end_session(token_hash: Hash, device: DeviceId, now_ms: i64, conn: &Conn) -> Result<bool> {
    let sql = "DELETE FROM session WHERE token_hash = ?1 AND device = ?2 AND expires_ms >= ?3";
    Ok(conn.execute(sql, &[&token_hash, &device, &now_ms])? == 1)
}

/// Ends every session of the person on the device.
pub fn end_sessions_on(person: RecordId, device: DeviceId, conn: &Conn) -> Result<()> {
    conn.execute(
        "DELETE FROM session WHERE person = ?1 AND device = ?2",
        &[&person, &device],
    )?;
    Ok(())
}

/// Ends every session of the person.
pub fn end_sessions(person: RecordId, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM session WHERE person = ?1", &[&person])?;
    Ok(())
}
