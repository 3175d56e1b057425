//! Second factors: their secrets, the codes on paper, on which desks each was shown, and whether the district asks for
//! them.

use domain::RecordId;
use sync_core::{DeviceId, Hash};

use super::Conn;
use crate::error::Result;

/// Whether the district asks for a second factor whose role needs one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    Required,
    Off,
}

impl Rule {
    pub fn word(self) -> &'static str {
        match self {
            Rule::Required => "required",
            Rule::Off => "off",
        }
    }
}

impl std::str::FromStr for Rule {
    type Err = ();
    fn from_str(word: &str) -> Result<Rule, ()> {
        let all = [Rule::Required, Rule::Off];
        all.into_iter().find(|rule| rule.word() == word).ok_or(())
    }
}

pub fn rule(conn: &Conn) -> Result<Rule> {
    let rule = conn.one("SELECT second_factor FROM instance", &[], |row| row.word(0))?;
    Ok(rule.unwrap_or(Rule::Required))
}

pub fn set_rule(rule: Rule, conn: &Conn) -> Result<()> {
    conn.execute("UPDATE instance SET second_factor = ?1", &[&rule.word()])?;
    Ok(())
}

/// A person's second factor.
pub struct Factor {
    pub sealed_secret: Vec<u8>,
    /// A code of it was right once; before, it is an offer.
    pub is_proven: bool,
}

pub fn get(person: RecordId, conn: &Conn) -> Result<Option<Factor>> {
    let sql = "SELECT sealed_secret, proven_ms FROM second_factor WHERE person = ?1";
    conn.one(sql, &[&person], |row| {
        Ok(Factor {
            sealed_secret: row.bytes(0)?,
            is_proven: row.number_if_any(1)?.is_some(),
        })
    })
}

/// Keeps an offer in place of the one before, with no codes on paper yet.
pub fn offer(person: RecordId, sealed_secret: &[u8], conn: &Conn) -> Result<()> {
    remove(person, conn)?;
    conn.execute(
        "INSERT INTO second_factor (person, sealed_secret, last_step) VALUES (?1, ?2, 0)",
        &[&person, &sealed_secret],
    )?;
    Ok(())
}

/// Takes everything of the person's second factor away.
pub fn remove(person: RecordId, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM recovery_code WHERE person = ?1", &[&person])?;
    conn.execute("DELETE FROM factor_shown WHERE person = ?1", &[&person])?;
    conn.execute("DELETE FROM second_factor WHERE person = ?1", &[&person])?;
    Ok(())
}

/// Takes the code of a step. Answers `false` when that one or a later one was taken before.
pub fn take_step(person: RecordId, step: u64, now_ms: i64, conn: &Conn) -> Result<bool> {
    let sql = "UPDATE second_factor SET last_step = ?2, proven_ms = COALESCE(proven_ms, ?3)
               WHERE person = ?1 AND last_step < ?2";
    Ok(conn.execute(sql, &[&person, &step, &now_ms])? == 1)
}

pub fn insert_code(person: RecordId, hash: Hash, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO recovery_code (person, hash) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        &[&person, &hash],
    )?;
    Ok(())
}

/// Uses up a code on paper. Answers whether there was one that had not been used.
pub fn use_code(person: RecordId, hash: Hash, now_ms: i64, conn: &Conn) -> Result<bool> {
    let sql = "UPDATE recovery_code SET used_ms = ?3 WHERE person = ?1 AND hash = ?2 AND used_ms IS NULL";
    Ok(conn.execute(sql, &[&person, &hash, &now_ms])? == 1)
}

/// Takes note that the person showed theirs on the device.
pub fn note_shown(person: RecordId, device: DeviceId, now_ms: i64, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO factor_shown (person, device, shown_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        &[&person, &device, &now_ms],
    )?;
    Ok(())
}

pub fn was_shown(person: RecordId, device: DeviceId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT shown_ms FROM factor_shown WHERE person = ?1 AND device = ?2";
    Ok(conn.one(sql, &[&person, &device], |row| row.number(0))?.is_some())
}

/// Wants the person's to be shown anew on every desk.
pub fn forget_shown(person: RecordId, conn: &Conn) -> Result<()> {
    conn.execute("DELETE FROM factor_shown WHERE person = ?1", &[&person])?;
    Ok(())
}
