//! Stock that went below zero: as it stands now, or at any moment since somebody counted.

use super::{Contradiction, Look, WardConflict};
use crate::entities::rules::written_at;
use crate::entities::stock_entry;
use crate::record::Record;
use crate::value::Value;
use crate::world::Read;

impl Look<'_> {
    /// Items below zero. What was counted is there: moments before the last count are settled by it.
    pub(super) fn stock(&self) -> Read<Vec<WardConflict>> {
        let mut found = Vec::new();
        for (item, balance) in self.world.balances("stock_entry")? {
            // The sum never was below zero at any moment.
            if balance.lowest >= 0 {
                continue;
            }
            let Some(record) = self.world.get("item", item)? else {
                continue;
            };
            let mut entries = self
                .world
                .by("stock_entry", stock_entry::ITEM.name(), &Value::Ref(item))?;
            entries.sort_by_key(|entry| (stock_entry::AT.of(entry), entry.id));
            let what = if balance.sum < 0 {
                Contradiction::StockBelowZero
            } else {
                Contradiction::StockWasBelowZero
            };
            let short = short_entries(&entries);
            if balance.sum < 0 || !short.is_empty() {
                let mut conflict = WardConflict::of(what, Vec::new());
                conflict.since = short
                    .iter()
                    .filter_map(|entry| written_at(entry.id))
                    .max()
                    .or(balance.last_at);
                conflict.records = [record].into_iter().chain(short).collect();
                found.push(conflict);
            }
        }
        Ok(found)
    }
}

/// The most entries that a contradiction names.
const MOST_NAMED: usize = 6;

/// The entries, in their order, after which the running sum lies below zero and which took something
/// away, since the last count; the last that are so.
pub fn short_entries(entries: &[Record]) -> Vec<Record> {
    let is_count = |entry: &Record| stock_entry::MOVEMENT.of(entry) == Some("count");
    let last_count = entries.iter().rposition(is_count);
    let (mut sum, mut short) = (0_i64, Vec::new());
    for (place, entry) in entries.iter().enumerate() {
        sum += stock_entry::amount(entry);
        let is_settled = last_count.is_some_and(|count| place < count);
        if sum < 0 && !is_settled && (stock_entry::amount(entry) < 0 || Some(place) == last_count) {
            short.push(entry.clone());
        }
    }
    short.split_off(short.len().saturating_sub(MOST_NAMED))
}
