//! Stock: what there is, what will run out, and the ledger of one item.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::entities::{item, stock_entry};
use crate::record::Record;
use crate::value::{Date, RecordId, Time, Value};
use crate::views::{Shown, ViewError};
use crate::ward::stock::{days_left, is_low, is_watched, minimum, nearest_expiry, quantity, used};
use crate::world::{Balance, Ctx, Read, Records};

/// The days over which use is averaged.
const USE_DAYS: i64 = 7;

/// One item on one line. Quantities are decimals as text, in the item's unit.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct StockLine {
    pub item: RecordId,
    pub name: String,
    pub unit: Option<String>,
    pub balance: String,
    pub minimum: Option<String>,
    pub low: bool,
    /// More went out than ever came in, as the entries stand now: see the inbox.
    pub below_zero: bool,
    /// Whole days the balance lasts at the use of the last 7 days.
    pub days_left: Option<i64>,
    pub used_7_days: String,
    /// The earliest expiry of which something may be left.
    pub nearest_expiry: Option<Date>,
    pub last_at: Option<Time>,
    pub oxygen: bool,
}

/// Every item that is kept, and what is left of others; oxygen first, then in the catalogue's order.
pub fn stock(world: &dyn Records, ctx: &Ctx) -> Shown<Vec<StockLine>> {
    let figures = read_figures(world, ctx)?;
    let mut items = world.all("item")?;
    items.retain(|each| is_watched(each, figures.balance(each).sum));
    items.sort_by(|a, b| {
        let key = |each: &Record| (item::OXYGEN.of(each) != Some("yes"), item::ORDER.of(each), each.id);
        key(a).cmp(&key(b))
    });
    let mut lines = Vec::new();
    for each in &items {
        let entries = world.by("stock_entry", stock_entry::ITEM.name(), &Value::Ref(each.id))?;
        lines.push(stock_line(&figures, each, &entries));
    }
    Ok(lines)
}

struct Figures {
    balances: BTreeMap<RecordId, Balance>,
    levels: Vec<Record>,
    used: BTreeMap<RecordId, i64>,
}

impl Figures {
    fn balance(&self, item: &Record) -> Balance {
        self.balances.get(&item.id).copied().unwrap_or_default()
    }
}

fn read_figures(world: &dyn Records, ctx: &Ctx) -> Read<Figures> {
    let week_ago = Time(ctx.now.0 - USE_DAYS * Time::DAY_MS);
    let just_after_now = Time(ctx.now.0 + 1);
    Ok(Figures {
        balances: world.balances("stock_entry")?,
        levels: world.all("minimum_level")?,
        used: used(world, week_ago, just_after_now)?,
    })
}

fn stock_line(figures: &Figures, each: &Record, entries: &[Record]) -> StockLine {
    let balance = figures.balance(each);
    let minimum = minimum(&figures.levels, each);
    let used = figures.used.get(&each.id).copied().unwrap_or(0);
    StockLine {
        item: each.id,
        name: item::NAME.of(each).unwrap_or_default().to_owned(),
        unit: item::UNIT.of(each).map(str::to_owned),
        balance: quantity(balance.sum).to_string(),
        minimum: minimum.map(|minimum| quantity(minimum).to_string()),
        low: is_low(balance.sum, minimum),
        below_zero: balance.sum < 0,
        days_left: days_left(balance.sum, used, USE_DAYS),
        used_7_days: quantity(used).to_string(),
        nearest_expiry: nearest_expiry(entries),
        last_at: balance.last_at,
        oxygen: item::OXYGEN.of(each) == Some("yes"),
    }
}

#[derive(Clone, Debug, Deserialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct StockItemArgs {
    pub item: RecordId,
    /// The first day of the period.
    pub from: Date,
    /// The last day of the period.
    pub to: Date,
}

/// The ledger of one item over a period: opening + movements = closing.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct StockLedger {
    pub line: StockLine,
    /// The balance was below zero at some time, even if it was put right since.
    pub was_below_zero: bool,
    pub opening: String,
    pub closing: String,
    /// What came in and what went out, by movement.
    pub totals: BTreeMap<String, String>,
    /// Newest first.
    pub entries: Vec<LedgerLine>,
}

#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct LedgerLine {
    pub id: RecordId,
    pub at: Time,
    pub movement: String,
    /// Signed.
    pub amount: String,
    pub balance_after: String,
    pub batch: Option<String>,
    pub expiry: Option<Date>,
    pub ward: Option<RecordId>,
    pub note: Option<String>,
}

/// The ledger of one item.
pub fn stock_item(args: &StockItemArgs, world: &dyn Records, ctx: &Ctx) -> Shown<StockLedger> {
    let each = world.get("item", args.item)?.ok_or(ViewError::NotFound)?;
    let figures = read_figures(world, ctx)?;
    let mut entries = world.by("stock_entry", stock_entry::ITEM.name(), &Value::Ref(each.id))?;
    entries.sort_by_key(|entry| (stock_entry::AT.of(entry), entry.id));
    let line = stock_line(&figures, &each, &entries);
    let from = args.from.starts(ctx.utc_offset_minutes);
    let to = args.to.plus_days(1).starts(ctx.utc_offset_minutes);
    let (mut balance, mut opening) = (0, 0);
    let mut totals: BTreeMap<String, i64> = BTreeMap::new();
    let mut lines = Vec::new();
    for entry in &entries {
        let at = stock_entry::AT.of(entry).unwrap_or(Time(0));
        if at >= to {
            break;
        }
        let amount = stock_entry::amount(entry);
        balance += amount;
        if at < from {
            opening = balance;
            continue;
        }
        let movement = stock_entry::MOVEMENT.of(entry).unwrap_or_default();
        *totals.entry(movement.to_owned()).or_default() += amount;
        lines.push(ledger_line(entry, at, movement, amount, balance));
    }
    lines.reverse();
    let totals = totals
        .into_iter()
        .map(|(movement, sum)| (movement, quantity(sum).to_string()))
        .collect();
    let (opening, closing) = (quantity(opening).to_string(), quantity(balance).to_string());
    Ok(StockLedger {
        was_below_zero: figures.balance(&each).lowest < 0,
        line,
        opening,
        closing,
        totals,
        entries: lines,
    })
}

fn ledger_line(entry: &Record, at: Time, movement: &str, amount: i64, balance: i64) -> LedgerLine {
    LedgerLine {
        id: entry.id,
        at,
        movement: movement.to_owned(),
        amount: quantity(amount).to_string(),
        balance_after: quantity(balance).to_string(),
        batch: stock_entry::BATCH.of(entry).map(str::to_owned),
        expiry: stock_entry::EXPIRY.of(entry),
        ward: stock_entry::WARD.of(entry),
        note: stock_entry::NOTE.of(entry).map(str::to_owned),
    }
}
