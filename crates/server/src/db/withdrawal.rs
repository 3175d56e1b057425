//! Desks that were ordered to hold nothing any more, and what they answered.

use std::collections::BTreeMap;

use sync_core::DeviceId;
use sync_core::exchange::SignatureText;
use sync_core::parting::{Receipt, SignedReceipt};

use super::Conn;
use super::value::Row;
use crate::error::Result;

/// The last order to a desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Withdrawal {
    pub device: DeviceId,
    pub number: u64,
    pub is_now: bool,
    pub ordered_ms: i64,
    pub heard_ms: Option<i64>,
    pub done_ms: Option<i64>,
    /// How many changes were destroyed unsent.
    pub unsent: Option<u64>,
}

const COLUMNS: &str = "device, number, is_now, ordered_ms, heard_ms, done_ms, unsent";

fn read(row: &Row) -> Result<Withdrawal> {
    Ok(Withdrawal {
        device: row.device(0)?,
        number: row.count(1)?,
        is_now: row.is_true(2)?,
        ordered_ms: row.number(3)?,
        heard_ms: row.number_if_any(4)?,
        done_ms: row.number_if_any(5)?,
        unsent: row.number_if_any(6)?.map(i64::unsigned_abs),
    })
}

/// Orders the desk, under the next number, unless it has done as it was ordered before. Answers the order that
/// stands.
pub fn order(device: DeviceId, is_now: bool, now_ms: i64, conn: &Conn) -> Result<Option<Withdrawal>> {
    conn.execute(
        "INSERT INTO withdrawal (device, number, is_now, ordered_ms) VALUES (?1, 1, ?2, ?3)
         ON CONFLICT (device) DO UPDATE SET number = withdrawal.number + 1, is_now = excluded.is_now,
           ordered_ms = excluded.ordered_ms, heard_ms = NULL
         WHERE withdrawal.done_ms IS NULL",
        &[&device, &is_now, &now_ms],
    )?;
    get(device, conn)
}

/// The last order to the desk.
pub fn get(device: DeviceId, conn: &Conn) -> Result<Option<Withdrawal>> {
    let sql = format!("SELECT {COLUMNS} FROM withdrawal WHERE device = ?1");
    conn.one(&sql, &[&device], read)
}

/// The last order to each desk that was ordered.
pub fn all(conn: &Conn) -> Result<Vec<Withdrawal>> {
    conn.all(&format!("SELECT {COLUMNS} FROM withdrawal ORDER BY device"), &[], read)
}

/// The receipt of each desk that sent one.
pub fn receipts(conn: &Conn) -> Result<BTreeMap<DeviceId, SignedReceipt>> {
    let sql = "SELECT device, receipt, signature FROM withdrawal WHERE done_ms IS NOT NULL";
    let receipts = conn.all(sql, &[], |row| {
        let (text, signature) = (row.text(1)?, SignatureText(row.text(2)?));
        Ok((row.device(0)?, SignedReceipt { text, signature }))
    })?;
    Ok(receipts.into_iter().collect())
}

/// The desk asked, and hears of the order with the answer.
pub fn set_heard(device: DeviceId, now_ms: i64, conn: &Conn) -> Result<()> {
    let sql = "UPDATE withdrawal SET heard_ms = ?2 WHERE device = ?1 AND heard_ms IS NULL";
    conn.execute(sql, &[&device, &now_ms])?;
    Ok(())
}

/// Keeps the desk's receipt, if it is for the order that stands. Answers whether it is.
pub fn set_done(receipt: &Receipt, signed: &SignedReceipt, now_ms: i64, conn: &Conn) -> Result<bool> {
    conn.execute(
        "UPDATE withdrawal SET done_ms = ?3, unsent = ?4, receipt = ?5, signature = ?6
         WHERE device = ?1 AND number >= ?2 AND done_ms IS NULL",
        &[
            &receipt.device,
            &receipt.number,
            &now_ms,
            &receipt.unsent,
            &signed.text,
            &signed.signature.0,
        ],
    )?;
    Ok(get(receipt.device, conn)?.is_some_and(|order| order.done_ms.is_some()))
}
