//! What happened at the server itself, each row chained to the one before. The chain is made where the key is.

use std::collections::BTreeMap;

use domain::RecordId;
use sync_core::{Chain, DeviceId};

use super::Conn;
use crate::error::Result;

/// So many rows are read at a time where all are walked.
const SLICE: u64 = 512;

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Event {
    pub number: u64,
    pub at_ms: i64,
    pub what: String,
    pub person: Option<RecordId>,
    pub device: Option<DeviceId>,
    pub facility: Option<RecordId>,
    /// How often, so far, where the same happens again and again.
    pub times: u64,
}

/// The number and the chain of the last; nobody else adds one until the transaction ends.
pub fn lock_head(conn: &Conn) -> Result<(u64, Chain)> {
    conn.one_to_write("SELECT one FROM instance", &[], |row| row.number(0))?;
    head(conn)
}

/// The number and the chain of the last.
pub fn head(conn: &Conn) -> Result<(u64, Chain)> {
    let sql = "SELECT number, chain FROM event ORDER BY number DESC LIMIT 1";
    let last = conn.one(sql, &[], |row| Ok((row.count(0)?, Chain(row.hash(1)?))))?;
    Ok(last.unwrap_or_default())
}

pub fn insert(event: &Event, chain: Chain, conn: &Conn) -> Result<()> {
    conn.execute(
        "INSERT INTO event (number, at_ms, what, person, device, facility, times, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            &event.number,
            &event.at_ms,
            &event.what,
            &event.person,
            &event.device,
            &event.facility,
            &event.times,
            &chain.0,
        ],
    )?;
    Ok(())
}

/// Whether this was noted of the device before.
pub fn is_noted(what: &str, device: DeviceId, conn: &Conn) -> Result<bool> {
    let sql = "SELECT number FROM event WHERE what = ?1 AND device = ?2 LIMIT 1";
    Ok(conn.one(sql, &[&what, &device], |row| row.number(0))?.is_some())
}

/// When this was noted first of each device of which it was.
pub fn first_noted(what: &str, conn: &Conn) -> Result<BTreeMap<DeviceId, i64>> {
    let sql = "SELECT device, MIN(at_ms) FROM event WHERE what = ?1 AND device IS NOT NULL GROUP BY device";
    let noted = conn.all(sql, &[&what], |row| Ok((row.device(0)?, row.number(1)?)))?;
    Ok(noted.into_iter().collect())
}

/// The chain after the event of that number.
pub fn chain_at(number: u64, conn: &Conn) -> Result<Option<Chain>> {
    let sql = "SELECT chain FROM event WHERE number = ?1";
    conn.one(sql, &[&number], |row| Ok(Chain(row.hash(0)?)))
}

/// The events after `number`, at most `most`, with the chain after each.
pub fn after(number: u64, most: u64, conn: &Conn) -> Result<Vec<(Event, Chain)>> {
    let sql = "SELECT number, at_ms, what, person, device, facility, times, chain
               FROM event WHERE number > ?1 ORDER BY number LIMIT ?2";
    conn.all(sql, &[&number, &most], |row| {
        let event = Event {
            number: row.count(0)?,
            at_ms: row.number(1)?,
            what: row.text(2)?,
            person: row.uuid_if_any(3)?.map(RecordId),
            device: row.uuid_if_any(4)?.map(DeviceId),
            facility: row.uuid_if_any(5)?.map(RecordId),
            times: row.count(6)?,
        };
        Ok((event, Chain(row.hash(7)?)))
    })
}

/// Hands every event after the one of that number to `each`, in their order, until it answers `false`.
pub fn all(mut last: u64, conn: &Conn, mut each: impl FnMut(Event, Chain) -> bool) -> Result<()> {
    loop {
        let slice = after(last, SLICE, conn)?;
        let is_last = (slice.len() as u64) < SLICE;
        for (event, chain) in slice {
            last = event.number;
            if !each(event, chain) {
                return Ok(());
            }
        }
        if is_last {
            return Ok(());
        }
    }
}
