//! Stock as its screens show it after people receive, issue, count and correct.

use super::*;
use domain::entities::{item, minimum_level, stock_entry};
use domain::{Decimal, Value};
use proptest::prelude::*;

const OXYGEN: u128 = 200;
const MASKS: u128 = 201;

impl Scene {
    /// With two items: oxygen, of which fewer than 100 cylinders are few, and masks without a minimum.
    fn with_stock() -> Scene {
        let mut scene = Scene::at_noon();
        for (number, name, order) in [(MASKS, "Masks", 1), (OXYGEN, "Oxygen, D type", 2)] {
            let record = Record::new("item", id(number)).with(&item::NAME, name);
            scene
                .world
                .put(record.with(&item::UNIT, "item").with(&item::ORDER, order));
        }
        let oxygen = scene.world.get("item", id(OXYGEN)).unwrap().unwrap();
        let oxygen = oxygen.with(&item::OXYGEN, "yes");
        scene.world.put(oxygen.with(&item::MINIMUM, Decimal::new(100_000, 3)));
        scene
    }

    fn movement(&mut self, item: u128, word: &'static str) -> Draft {
        let draft = Draft::new("stock_entry", self.new_id()).with(&stock_entry::ITEM, id(item));
        draft
            .with(&stock_entry::MOVEMENT, word)
            .with(&stock_entry::AT, self.now)
    }

    /// Moves so many thousandths; what is unusual is confirmed.
    fn moves(&mut self, item: u128, word: &'static str, thousandths: i64) -> RecordId {
        let draft = self.movement(item, word);
        let mut draft = draft.with(&stock_entry::QUANTITY, Decimal::new(thousandths, 3));
        if word == "write_off" {
            draft = draft.with(&stock_entry::REASON, "broken");
        }
        draft.confirmed.insert("quantity".to_owned());
        let made = draft.id;
        assert_eq!(self.save(vec![draft]), FINE);
        made
    }

    fn line(&self, number: u128) -> Json {
        let lines = self.view("stock", &Json::Null);
        let own = lines
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["item"] == json!(id(number)));
        own.unwrap().clone()
    }

    fn balance(&self, number: u128) -> String {
        self.line(number)["balance"].as_str().unwrap().to_owned()
    }

    fn ledger(&self, number: u128, from: u32, to: u32) -> Json {
        self.view(
            "stock_item",
            &json!({"item": id(number), "from": day(from), "to": day(to)}),
        )
    }
}

#[test]
fn the_balance_is_what_came_less_what_went() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 120_000);
    scene.moves(OXYGEN, "issue", 30_500);
    scene.moves(OXYGEN, "return", 500);
    scene.moves(OXYGEN, "transfer_out", 10_000);
    scene.moves(OXYGEN, "transfer_in", 4_000);
    scene.moves(OXYGEN, "write_off", 1_000);
    assert_eq!(scene.balance(OXYGEN), "83.000");
    assert_eq!(scene.balance(MASKS), "0.000");
}

#[test]
fn oxygen_stands_first_whatever_its_order() {
    let lines = Scene::with_stock().view("stock", &Json::Null);
    let names: Vec<&str> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Oxygen, D type", "Masks"]);
}

#[test]
fn stock_is_low_below_the_minimum_and_the_facilitys_own_minimum_comes_first() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 100_000);
    assert_eq!(scene.line(OXYGEN)["low"], false, "at the minimum");
    scene.moves(OXYGEN, "issue", 1);
    assert_eq!(scene.line(OXYGEN)["low"], true, "a thousandth below it");
    assert_eq!(
        scene.view("war_room", &Json::Null)["low_stock"][0]["name"],
        "Oxygen, D type"
    );
    let own = Draft::new("minimum_level", scene.new_id()).with(&minimum_level::ITEM, id(OXYGEN));
    let own = own.with(&minimum_level::FACILITY, id(FACILITY));
    let own = own.with(&minimum_level::MINIMUM, Decimal::new(40, 0));
    assert_eq!(scene.save(vec![own]), FINE);
    assert_eq!(scene.line(OXYGEN)["minimum"], "40.000");
    assert_eq!(scene.line(OXYGEN)["low"], false);
    assert_eq!(scene.line(MASKS)["low"], false, "without a minimum nothing is low");
}

#[test]
fn a_count_puts_the_balance_right_by_what_it_differs() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 50_000);
    let counted = scene
        .movement(OXYGEN, "count")
        .with(&stock_entry::COUNTED, Decimal::new(47, 0));
    let counted = counted.with(&stock_entry::EXPECTED, Decimal::new(50, 0));
    scene.moves(OXYGEN, "issue", 2_000);
    assert_eq!(scene.save(vec![counted]), FINE);
    assert_eq!(
        scene.balance(OXYGEN),
        "45.000",
        "what was issued meanwhile is not counted away"
    );
}

#[test]
fn an_entry_made_in_error_counts_no_longer_and_its_correction_does() {
    let mut scene = Scene::with_stock();
    let wrong = scene.moves(OXYGEN, "receive", 1_000_000);
    let void = Draft::new("stock_entry", wrong).with_value("voided", Value::Code("yes".to_owned()));
    let void = void.with_value("void_reason", Value::Text("a nought too many".to_owned()));
    let right = scene.movement(OXYGEN, "receive").with(&stock_entry::AMENDS, wrong);
    let right = right.with(&stock_entry::QUANTITY, Decimal::new(100, 0));
    assert_eq!(scene.save(vec![void, right]), FINE);
    assert_eq!(scene.balance(OXYGEN), "100.000");
    assert_eq!(scene.ledger(OXYGEN, 20, 20)["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn two_desks_that_issue_the_same_cylinders_are_shown_below_zero() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 10_000);
    scene.moves(OXYGEN, "issue", 8_000);
    let elsewhere = scene
        .movement(OXYGEN, "issue")
        .with(&stock_entry::QUANTITY, Decimal::new(5_000, 3));
    scene.arrives(&elsewhere);
    assert_eq!(scene.balance(OXYGEN), "-3.000");
    assert_eq!(scene.line(OXYGEN)["below_zero"], true);
    assert_eq!(scene.view("inbox", &Json::Null)["ward"][0]["what"], "stock_below_zero");
    // What is there now is no longer less than nothing; that it was is told until somebody counts.
    scene.moves(OXYGEN, "receive", 3_000);
    let inbox = scene.view("inbox", &Json::Null);
    assert_eq!(inbox["ward"][0]["what"], "stock_was_below_zero");
    assert_eq!(inbox["ward"][0]["records"][1]["id"], json!(elsewhere.id));
    assert_eq!(inbox["ward"].as_array().unwrap().len(), 1);
    let count = scene
        .movement(OXYGEN, "count")
        .with(&stock_entry::COUNTED, Decimal::new(0, 3))
        .with(&stock_entry::EXPECTED, Decimal::new(0, 3));
    assert_eq!(scene.save(vec![count]), FINE);
    assert_eq!(scene.view("inbox", &Json::Null)["ward"], json!([]));
}

#[test]
fn what_is_left_lasts_as_long_as_the_use_of_a_week_says() {
    let mut scene = Scene::with_stock();
    scene.now = at(10, 12, 0);
    scene.moves(OXYGEN, "receive", 100_000);
    scene.moves(OXYGEN, "issue", 50_000);
    scene.now = at(18, 12, 0);
    assert_eq!(
        scene.line(OXYGEN)["days_left"],
        Json::Null,
        "nothing was used for a week"
    );
    scene.moves(OXYGEN, "issue", 16_000);
    scene.moves(OXYGEN, "return", 2_000);
    scene.moves(OXYGEN, "transfer_out", 1_000);
    let line = scene.line(OXYGEN);
    assert_eq!(
        (&line["used_7_days"], &line["days_left"]),
        (&json!("14.000"), &json!(17))
    );
}

#[test]
fn the_batch_that_expires_first_is_shown_until_it_is_used_up() {
    let mut scene = Scene::with_stock();
    for (expires, thousandths) in [(30, 10_000), (25, 5_000)] {
        let draft = scene
            .movement(MASKS, "receive")
            .with(&stock_entry::EXPIRY, day(expires));
        let draft = draft.with(&stock_entry::QUANTITY, Decimal::new(thousandths, 3));
        assert_eq!(scene.save(vec![draft]), FINE);
    }
    assert_eq!(scene.line(MASKS)["nearest_expiry"], "2026-11-25");
    scene.moves(MASKS, "issue", 4_999);
    assert_eq!(scene.line(MASKS)["nearest_expiry"], "2026-11-25");
    scene.moves(MASKS, "issue", 1);
    assert_eq!(scene.line(MASKS)["nearest_expiry"], "2026-11-30");
    scene.moves(MASKS, "issue", 10_000);
    assert_eq!(scene.line(MASKS)["nearest_expiry"], Json::Null);
}

#[test]
fn a_count_that_puts_the_ledger_right_ends_the_alarm_and_the_ledger_remembers() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 10_000);
    let elsewhere = scene
        .movement(OXYGEN, "issue")
        .with(&stock_entry::QUANTITY, Decimal::new(15, 0));
    scene.arrives(&elsewhere);
    let alarms = |scene: &Scene| {
        let room = scene.view("war_room", &Json::Null);
        let inbox = scene.view("inbox", &Json::Null);
        let low = room["low_stock"].as_array().unwrap().clone();
        (
            low.iter().any(|line| line["below_zero"] == true),
            inbox["ward"].as_array().unwrap().len(),
        )
    };
    assert_eq!(alarms(&scene), (true, 1));
    let counted = scene
        .movement(OXYGEN, "count")
        .with(&stock_entry::COUNTED, Decimal::new(200, 0));
    let counted = counted.with(&stock_entry::EXPECTED, Decimal::new(-5, 0));
    assert_eq!(scene.save(vec![counted]), FINE);
    assert_eq!(scene.balance(OXYGEN), "200.000");
    assert_eq!(alarms(&scene), (false, 0));
    assert_eq!(scene.ledger(OXYGEN, 20, 20)["was_below_zero"], true);
    assert_eq!(scene.ledger(MASKS, 20, 20)["was_below_zero"], false);
}

#[test]
fn what_is_below_zero_stands_before_what_is_low() {
    let mut scene = Scene::with_stock();
    scene.moves(OXYGEN, "receive", 1_000);
    let elsewhere = scene
        .movement(MASKS, "issue")
        .with(&stock_entry::QUANTITY, Decimal::new(1, 0));
    scene.arrives(&elsewhere);
    let room = scene.view("war_room", &Json::Null);
    let low = room["low_stock"].as_array().unwrap();
    let stand = |line: &Json| {
        (
            line["name"].as_str().unwrap().to_owned(),
            line["low"] == true,
            line["unit"].clone(),
        )
    };
    let expected = [("Masks", false), ("Oxygen, D type", true)];
    let expected = expected.map(|(name, is_low)| (name.to_owned(), is_low, json!("item")));
    assert_eq!(low.iter().map(stand).collect::<Vec<_>>(), expected);
}

#[test]
fn an_item_that_is_no_longer_kept_is_shown_only_while_something_of_it_is_there_or_missing() {
    let mut scene = Scene::with_stock();
    let retire = Draft::new("item", id(OXYGEN)).with(&item::RETIRED, "yes");
    assert_eq!(scene.save(vec![retire]), FINE);
    let listed = |scene: &Scene| {
        let lines = scene.view("stock", &Json::Null);
        let room = scene.view("war_room", &Json::Null);
        let has = |lines: &Json| {
            lines
                .as_array()
                .unwrap()
                .iter()
                .any(|line| line["item"] == json!(id(OXYGEN)))
        };
        (has(&lines), has(&room["low_stock"]))
    };
    assert_eq!(
        listed(&scene),
        (false, false),
        "empty, below its minimum, and nobody's business"
    );
    scene.moves(OXYGEN, "receive", 40_000);
    assert_eq!(listed(&scene), (true, true));
    scene.moves(OXYGEN, "write_off", 40_000);
    assert_eq!(listed(&scene), (false, false));
    let elsewhere = scene
        .movement(OXYGEN, "issue")
        .with(&stock_entry::QUANTITY, Decimal::new(1, 0));
    scene.arrives(&elsewhere);
    assert_eq!(listed(&scene), (true, true), "less than nothing has to be put right");
    assert_eq!(
        scene.ledger(OXYGEN, 20, 20)["entries"].as_array().unwrap().len(),
        3,
        "the ledger is always there"
    );
}

#[test]
fn an_expiry_is_shown_until_nothing_of_it_can_be_left() {
    // Each: thousandths, the day of expiry, the batch.
    let check = |entries: &[(i64, Option<u32>, Option<&str>)], expected: Option<u32>, why: &str| {
        let entry = |(number, (amount, expiry, batch)): (u128, &(i64, Option<u32>, Option<&str>))| {
            let movement = if *amount < 0 { "issue" } else { "receive" };
            let mut entry = Record::new("stock_entry", id(number)).with(&stock_entry::MOVEMENT, movement);
            entry = entry.with(&stock_entry::QUANTITY, Decimal::new(amount.abs(), 3));
            if let Some(expiry) = expiry {
                entry = entry.with(&stock_entry::EXPIRY, day(*expiry));
            }
            match batch {
                Some(batch) => entry.with(&stock_entry::BATCH, *batch),
                None => entry,
            }
        };
        let entries: Vec<Record> = (1..).zip(entries).map(entry).collect();
        let found = domain::ward::stock::nearest_expiry(&entries);
        assert_eq!(found, expected.map(day), "{why}");
    };
    check(&[], None, "nothing");
    check(&[(10, None, None)], None, "no date was ever given");
    check(&[(10, Some(25), None), (10, Some(30), None)], Some(25), "the earliest");
    check(
        &[(10, Some(25), None), (10, Some(30), None), (-10, None, None)],
        Some(30),
        "the earliest is used first",
    );
    check(&[(10, Some(25), None), (-10, None, None)], None, "all is used");
    check(
        &[(5, None, None), (10, Some(25), None), (-10, None, None)],
        Some(25),
        "five of it may be left",
    );
    check(
        &[(5, None, None), (10, Some(25), None), (-15, None, None)],
        None,
        "nothing can be left",
    );
    check(
        &[(10, Some(25), None), (10, Some(30), None), (-10, Some(30), None)],
        Some(25),
        "taken from the other",
    );
    check(
        &[
            (10, Some(25), Some("A")),
            (10, Some(30), Some("B")),
            (-10, None, Some("A")),
        ],
        Some(30),
        "the batch says it",
    );
    check(
        &[
            (10, Some(25), Some("A")),
            (10, Some(30), Some("B")),
            (-12, None, Some("B")),
        ],
        Some(25),
        "two more came from A",
    );
    check(
        &[(10, Some(25), Some("A")), (-15, None, Some("A"))],
        None,
        "more than there was",
    );
    check(
        &[(10, Some(25), None), (-12, None, None), (1, None, Some("C"))],
        None,
        "below zero",
    );
}

fn thousandths(json: &Json) -> i64 {
    let number: Decimal = json.as_str().unwrap().parse().unwrap();
    number.rescaled(3).unwrap().digits
}

const MOVEMENTS: [&str; 6] = ["receive", "return", "transfer_in", "issue", "write_off", "transfer_out"];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_ledger_opens_with_what_was_before_and_closes_with_what_it_moved(
        moved in prop::collection::vec((0..MOVEMENTS.len(), 15_u32..25, any::<bool>(), 1..50_000_i64), 0..15),
        from in 15_u32..25, length in 0_u32..6,
    ) {
        let mut scene = Scene::with_stock();
        let mut sum = 0;
        for (movement, date, at_midnight, quantity) in moved {
            scene.now = at(date, if at_midnight { 0 } else { 12 }, 0);
            scene.moves(MASKS, MOVEMENTS[movement], quantity);
            sum += if movement < 3 { quantity } else { -quantity };
        }
        scene.now = at(28, 12, 0);
        prop_assert_eq!(thousandths(&scene.line(MASKS)["balance"]), sum);
        let ledger = scene.ledger(MASKS, from, from + length);
        let entries = ledger["entries"].as_array().unwrap();
        let moved: i64 = entries.iter().map(|entry| thousandths(&entry["amount"])).sum();
        let (opening, closing) = (thousandths(&ledger["opening"]), thousandths(&ledger["closing"]));
        prop_assert_eq!(opening + moved, closing);
        let totals: i64 = ledger["totals"].as_object().unwrap().values().map(thousandths).sum();
        prop_assert_eq!(totals, moved);
        if let Some(newest) = entries.first() {
            prop_assert_eq!(thousandths(&newest["balance_after"]), closing);
        }
        let next = scene.ledger(MASKS, from + length + 1, 28);
        prop_assert_eq!(&next["opening"], &ledger["closing"], "the next period opens where this one closed");
        prop_assert_eq!(thousandths(&next["closing"]), sum);
    }
}
