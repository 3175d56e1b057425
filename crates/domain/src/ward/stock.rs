//! Stock: balances, minimum levels and how long what is left will last. All in thousandths of the
//! item's unit. Balance is the sum of signed entries; low means below the minimum (Care's rule).

use std::collections::BTreeMap;

use crate::entities::{item, minimum_level, stock_entry};
use crate::record::Record;
use crate::value::{Date, Decimal, RecordId, Time, Value};
use crate::world::{Read, Records};

/// Decimal places of quantities.
pub const SCALE: u8 = 3;

/// The minimum that holds for an item here: the facility's own, else the item's.
pub fn minimum(levels: &[Record], item: &Record) -> Option<i64> {
    let own = levels
        .iter()
        .filter(|level| minimum_level::ITEM.of(level) == Some(item.id));
    let newest = own
        .max_by_key(|level| level.id)
        .and_then(|level| minimum_level::MINIMUM.of(level));
    newest
        .or(item::MINIMUM.of(item))
        .and_then(|minimum| minimum.rescaled(SCALE))
        .map(|minimum| minimum.digits)
}

/// True below the minimum; an item without a minimum is never low.
pub fn is_low(balance: i64, minimum: Option<i64>) -> bool {
    minimum.is_some_and(|minimum| balance < minimum)
}

/// What was used of each item from `from` until `to`: issues and write-offs, less returns.
pub fn used(world: &dyn Records, from: Time, to: Time) -> Read<BTreeMap<RecordId, i64>> {
    let mut used: BTreeMap<RecordId, i64> = BTreeMap::new();
    for entry in world.between(
        "stock_entry",
        stock_entry::AT.name(),
        &Value::Time(from),
        &Value::Time(to),
    )? {
        let counts = matches!(stock_entry::MOVEMENT.of(&entry), Some("issue" | "write_off" | "return"));
        if let (true, Some(item)) = (counts, stock_entry::ITEM.of(&entry)) {
            *used.entry(item).or_default() -= stock_entry::amount(&entry);
        }
    }
    Ok(used)
}

/// Whole days that `balance` lasts when `used` went in `days` days; `None` when nothing was used.
pub fn days_left(balance: i64, used: i64, days: i64) -> Option<i64> {
    (used > 0).then(|| (balance.max(0).saturating_mul(days)) / used)
}

/// The earliest expiry of which something may be left. What went out says sometimes from which batch
/// or with which expiry, and is taken from there; the rest is taken from what has no expiry before
/// what has one, and there from the earliest: a date is given up only when nothing of it can be left.
pub fn nearest_expiry(entries: &[Record]) -> Option<Date> {
    let mut expiry_of: BTreeMap<&str, Date> = BTreeMap::new();
    for entry in entries {
        expiry_of.extend(stock_entry::BATCH.of(entry).zip(stock_entry::EXPIRY.of(entry)));
    }
    let mut left: BTreeMap<Option<Date>, i64> = BTreeMap::new();
    for entry in entries {
        let of_batch = stock_entry::BATCH
            .of(entry)
            .and_then(|batch| expiry_of.get(batch).copied());
        let expiry = stock_entry::EXPIRY.of(entry).or(of_batch);
        *left.entry(expiry).or_default() += stock_entry::amount(entry);
    }
    // More went out of a batch than came into it: it was taken elsewhere.
    let mut taken: i64 = -left.values().filter(|amount| **amount < 0).sum::<i64>();
    for (expiry, amount) in left.into_iter().filter(|(_, amount)| *amount > 0) {
        match expiry {
            Some(_) if amount > taken => return expiry,
            _ => taken = (taken - amount).max(0),
        }
    }
    None
}

/// An item that is no longer kept is watched only while something of it is there, or missing.
pub fn is_watched(item: &Record, balance: i64) -> bool {
    item::RETIRED.of(item) != Some("yes") || balance != 0
}

/// Thousandths as a decimal of the stored scale.
pub fn quantity(thousandths: i64) -> Decimal {
    Decimal::new(thousandths, SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn low_is_below_the_minimum_and_never_at_it() {
        assert!(is_low(149_999, Some(150_000)));
        assert!(!is_low(150_000, Some(150_000)));
        assert!(!is_low(-1, None));
    }

    #[test]
    fn days_left_round_down_and_need_use() {
        assert_eq!(days_left(10_000, 3_000, 7), Some(23));
        assert_eq!(days_left(10_000, 0, 7), None);
        assert_eq!(days_left(-5, 3_000, 7), Some(0));
    }
}
