//! A stock entry: one movement of one item. Written once; the stock is the sum of the entries and
//! is never stored. An entry made in error is voided, and the one that replaces it names it.

use crate::arrival::Arrives;
use crate::check::Problem;
use crate::codes::stock::MOVEMENT as MOVEMENT_LIST;
use crate::entities::rules::{needed_when, not_ahead};
use crate::entity::{After, Entity, Home, Semantics};
use crate::field::{Field, Search, Text, Word, code, date, decimal, note, reference, text, time};
use crate::record::Record;
use crate::value::{Date, Decimal, RecordId, Time};
use crate::world::Read;

/// Decimal places of quantities.
pub const SCALE: u8 = 3;

const MOST: i64 = 10_000_000_000;

pub const ITEM: Field<RecordId> = reference("item", "Item", "item").required();
pub const MOVEMENT: Field<Word> = code("movement", "Movement", &MOVEMENT_LIST).required();
pub const AT: Field<Time> = time("at", "At").required().indexed();
pub const QUANTITY: Field<Decimal> = decimal("quantity", "Quantity", SCALE)
    .range(1, MOST)
    .usual(1, 100_000_000)
    .hint("In the item's unit, never negative: the movement gives the sign");
pub const COUNTED: Field<Decimal> = decimal("counted", "Counted", SCALE)
    .range(0, MOST)
    .hint("What is really there");
pub const EXPECTED: Field<Decimal> = decimal("expected", "Expected", SCALE)
    .range(-MOST, MOST)
    .hint("What the ledger said when it was counted; the difference is the adjustment");
pub const BATCH: Field<Text> = text("batch", "Batch").max(60).searched(Search::Identifier);
pub const EXPIRY: Field<Date> = date("expiry", "Expires on").indexed();
pub const WARD: Field<RecordId> = reference("ward", "Ward", "ward").hint("To or from which ward");
pub const OTHER_FACILITY: Field<RecordId> = reference("other_facility", "Other facility", "facility");
pub const SUPPLIER: Field<Text> = text("supplier", "Supplier or document").max(120);
pub const REASON: Field<Text> = text("reason", "Reason").hint("Needed for what is written off");
pub const NOTE: Field<Text> = note("note", "Note").max(1_000);
pub const AMENDS: Field<RecordId> = reference("amends", "Replaces", "stock_entry");

pub static STOCK_ENTRY: Entity = Entity {
    kind: "stock_entry",
    label: "Stock entry",
    plural: "Stock entries",
    home: Home::Facility,
    semantics: Semantics::Ledger {
        key: "item",
        at: "at",
        amount,
    },
    arrives: Arrives::Later,
    fields: &[
        ITEM.any(),
        MOVEMENT.any(),
        AT.any(),
        QUANTITY.any(),
        COUNTED.any(),
        EXPECTED.any(),
        BATCH.any(),
        EXPIRY.any(),
        WARD.any(),
        OTHER_FACILITY.any(),
        SUPPLIER.any(),
        REASON.any(),
        NOTE.any(),
        AMENDS.any(),
    ],
    groups: &[],
    list: &["at", "item", "movement", "quantity", "ward"],
    caption: &["item", "movement", "at"],
    rules: &[
        whole_movement,
        enough_in_stock,
        not_expired,
        moment,
        replaces_a_voided_entry,
    ],
};

/// What an entry adds to the stock, in thousandths of the item's unit; negative when it takes away.
pub fn amount(record: &Record) -> i64 {
    let thousandths = |field: &Field<Decimal>| {
        let number = field.of(record).and_then(|number| number.rescaled(SCALE));
        number.map_or(0, |number| number.digits)
    };
    match MOVEMENT.of(record) {
        Some("receive" | "return" | "transfer_in") => thousandths(&QUANTITY),
        Some("issue" | "write_off" | "transfer_out") => -thousandths(&QUANTITY),
        Some("count") => thousandths(&COUNTED) - thousandths(&EXPECTED),
        _ => 0,
    }
}

/// A count says what was counted and what was expected; every other movement has a quantity.
fn whole_movement(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let movement = MOVEMENT.of(record);
    let counts = movement == Some("count");
    let mut problems: Vec<Problem> = [
        needed_when(record, movement.is_some() && !counts, &QUANTITY),
        needed_when(record, counts, &COUNTED),
        needed_when(record, counts, &EXPECTED),
        needed_when(record, movement == Some("write_off"), &REASON),
    ]
    .into_iter()
    .flatten()
    .collect();
    let foreign: &[&Field<Decimal>] = if counts { &[&QUANTITY] } else { &[&COUNTED, &EXPECTED] };
    let stray = foreign.iter().filter(|field| field.of(record).is_some());
    problems.extend(stray.map(|field| Problem::new("stock_entry", field.name(), "not_for_this_movement")));
    Ok(problems)
}

/// Asks before the stock this desk knows of goes below zero: somebody else may have received more.
fn enough_in_stock(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    if amount(record) >= 0 || MOVEMENT.of(record) == Some("count") || after.before.is_some() {
        return Ok(Vec::new());
    }
    let entries = after.world.by("stock_entry", ITEM.name(), record.value(ITEM.name()))?;
    let left: i64 = entries.iter().map(amount).sum();
    let have = Decimal::new(left - amount(record), SCALE);
    let problem = || {
        Problem::new("stock_entry", QUANTITY.name(), "more_than_in_stock")
            .number("have", have)
            .asking()
    };
    Ok((left < 0).then(problem).into_iter().collect())
}

fn not_expired(after: &After<'_>) -> Read<Vec<Problem>> {
    let record = after.record;
    let used = matches!(
        MOVEMENT.of(record),
        Some("receive" | "issue" | "transfer_in" | "transfer_out")
    );
    let expired = matches!((EXPIRY.of(record), AT.of(record)), (Some(expiry), Some(at)) if expiry < at.day(0));
    let problem = || Problem::new("stock_entry", EXPIRY.name(), "expired_batch").asking();
    Ok((used && expired).then(problem).into_iter().collect())
}

fn moment(after: &After<'_>) -> Read<Vec<Problem>> {
    Ok(not_ahead(after, &AT).into_iter().collect())
}

/// Both would count otherwise.
fn replaces_a_voided_entry(after: &After<'_>) -> Read<Vec<Problem>> {
    let (None, Some(amended)) = (after.before, AMENDS.of(after.record)) else {
        return Ok(Vec::new());
    };
    let replaced = after.world.get("stock_entry", amended)?;
    let counts_still = replaced.as_ref().is_some_and(|entry| !entry.is_voided());
    let other = replaced.is_some_and(|entry| entry.value(ITEM.name()) != after.record.value(ITEM.name()));
    let still = counts_still.then(|| Problem::new("stock_entry", AMENDS.name(), "amended_counts_still"));
    let other = other.then(|| Problem::new("stock_entry", AMENDS.name(), "amends_another"));
    Ok(still.into_iter().chain(other).collect())
}
