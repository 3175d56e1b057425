//! What is reported and kept: triage by shift, stock by entry.

use domain::entities::{stock_entry, triage};
use domain::{Decimal, Draft, RecordId, Time};

use crate::dice::Dice;
use crate::place::{ITEMS, Profile, item_id};
use crate::{Action, UTC_OFFSET_MINUTES};

/// Triage of every shift of the last `days`; a few were never filed, a few came late.
pub fn triage(dice: &mut Dice, facility: RecordId, profile: &Profile, days: i64, now: Time) -> Vec<Action> {
    let mut actions = Vec::new();
    let today = now.day(UTC_OFFSET_MINUTES);
    let scale = i64::try_from(profile.share_permille).unwrap_or(10);
    for back in (1..=days).rev() {
        let day = today.plus_days(-back);
        for (shift, ends) in [("morning", 14), ("evening", 22), ("night", 30)] {
            if dice.chance(3) {
                continue;
            }
            let late = if dice.chance(5) { 14 } else { 0 };
            let written = Time(day.starts(UTC_OFFSET_MINUTES).0 + (ends + late) * Time::HOUR_MS - 20 * Time::MINUTE_MS);
            let visited = dice.around(scale / 3 + 3);
            let confirmed = dice.around(visited / 9);
            let draft = Draft::new("triage", dice.id(written))
                .with(&triage::FACILITY, facility)
                .with(&triage::DAY, day)
                .with(&triage::SHIFT, shift)
                .with(&triage::VISITED, visited)
                .with(&triage::HOME_QUARANTINE, (visited / 6).min(visited))
                .with(&triage::ISOLATED, (visited / 12).min(visited))
                .with(&triage::REFERRED, (visited / 20).min(visited))
                .with(&triage::CONFIRMED_POSITIVE, confirmed.min(visited));
            actions.push(vec![draft]);
        }
    }
    actions
}

/// Stock that comes weekly and goes out every other day; a few items have run low.
pub fn stock(dice: &mut Dice, profile: &Profile, days: i64, now: Time) -> Vec<Action> {
    let mut entries: Vec<(Time, Draft)> = Vec::new();
    let beds: i64 = profile.wards.iter().map(|(.., count)| count).sum();
    for (order, known) in ITEMS.iter().enumerate() {
        let daily = (known.daily * beds / 124).max(1);
        let mut held = daily * dice.between(10, 16);
        let start = Time(now.0 - days * Time::DAY_MS);
        entries.push((start, received(dice, order, held, start, known.expires)));
        let restock = if order % 5 == 3 { 95 } else { 7 };
        for day in 1..days {
            let at = Time(start.0 + day * Time::DAY_MS + dice.between(8, 17) * Time::HOUR_MS);
            if at >= now {
                break;
            }
            if day % restock == 0 || held < daily * 2 {
                let came = daily * dice.between(6, 9);
                held += came;
                entries.push((at, received(dice, order, came, at, known.expires)));
            } else if day % 2 == 0 {
                let taken = dice.around(daily * 2).clamp(1, held.max(1)).min(held);
                if taken > 0 {
                    held -= taken;
                    entries.push((at, moved(dice, order, "issue", taken, at)));
                }
            }
        }
        if order % 5 == 4 {
            let at = Time(now.0 - 3 * Time::HOUR_MS);
            let taken = held - daily / 2;
            if taken > 0 {
                entries.push((at, moved(dice, order, "issue", taken, at)));
            }
        }
    }
    entries.sort_by_key(|(at, draft)| (*at, draft.id));
    entries.into_iter().map(|(_, draft)| vec![draft]).collect()
}

fn moved(dice: &mut Dice, order: usize, movement: &'static str, quantity: i64, at: Time) -> Draft {
    Draft::new("stock_entry", dice.id(at))
        .with(&stock_entry::ITEM, item_id(order))
        .with(&stock_entry::MOVEMENT, movement)
        .with(&stock_entry::AT, at)
        .with(
            &stock_entry::QUANTITY,
            Decimal::new(quantity * 1_000, stock_entry::SCALE),
        )
}

fn received(dice: &mut Dice, order: usize, quantity: i64, at: Time, expires: bool) -> Draft {
    let draft = moved(dice, order, "receive", quantity, at)
        .with(&stock_entry::BATCH, format!("B{}", dice.between(10_000, 99_999)));
    if !expires {
        return draft;
    }
    let expiry = at.day(UTC_OFFSET_MINUTES).plus_days(dice.between(60, 720));
    draft.with(&stock_entry::EXPIRY, expiry)
}
