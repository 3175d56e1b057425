//! Daily triage: what the form proposes, and how a shift is shown once it is filed, late,
//! corrected, or filed twice.

use super::*;
use domain::Value;
use domain::entities::{encounter, triage};

impl Scene {
    fn filing(&mut self, date: u32, shift: &'static str, visited: i64) -> Draft {
        let draft = Draft::new("triage", self.new_id()).with(&triage::FACILITY, id(FACILITY));
        let draft = draft.with(&triage::DAY, day(date)).with(&triage::SHIFT, shift);
        draft.with(&triage::VISITED, visited)
    }

    /// Files it, and answers the entry.
    fn files(&mut self, date: u32, shift: &'static str, visited: i64) -> RecordId {
        let draft = self.filing(date, shift, visited);
        let made = draft.id;
        assert_eq!(self.save(vec![draft]), FINE);
        made
    }

    fn form(&self, date: u32, shift: &str) -> Json {
        self.view("triage_form", &json!({"day": day(date), "shift": shift}))
    }

    fn state(&self, date: u32, shift: &str) -> String {
        self.form(date, shift)["state"].as_str().unwrap().to_owned()
    }

    /// Sums of the day, as the month shows them.
    fn totals(&self, date: u32) -> Json {
        let month = self.view("triage_month", &json!({"day": day(1)}));
        let days = month["days"].as_array().unwrap();
        assert_eq!(days.len(), 30, "November");
        days.iter().find(|each| each["day"] == json!(day(date))).unwrap()["totals"].clone()
    }

    fn proposed(&self, date: u32, shift: &str) -> std::collections::BTreeMap<String, i64> {
        let form = self.form(date, shift);
        let proposal = |each: &Json| {
            (
                each["field"].as_str().unwrap().to_owned(),
                each["value"].as_i64().unwrap(),
            )
        };
        form["proposals"].as_array().unwrap().iter().map(proposal).collect()
    }
}

#[test]
fn a_shift_is_open_until_it_is_due_and_then_missing() {
    let mut scene = Scene::at_noon();
    for (hour, minute, states) in [
        (12, 0, ["open", "open", "open"]),
        (17, 59, ["open", "open", "open"]),
        (18, 0, ["missing", "open", "open"]),
        (22, 0, ["missing", "missing", "open"]),
        (30, 0, ["missing", "missing", "missing"]),
    ] {
        scene.now = at(20, hour, minute);
        let shown = ["morning", "evening", "night"].map(|shift| scene.state(20, shift));
        assert_eq!(shown, states, "at {hour}:{minute:02}");
    }
    assert_eq!(scene.form(20, "morning")["due"], json!(at(20, 18, 0)));
    assert_eq!(scene.form(20, "night")["due"], json!(at(21, 6, 0)));
}

#[test]
fn a_shift_filed_after_it_was_due_is_late() {
    let mut scene = Scene::at_noon();
    scene.now = at(20, 18, 0);
    scene.files(20, "morning", 40);
    assert_eq!(scene.state(20, "morning"), "filed");
    scene.files(19, "morning", 30);
    assert_eq!(scene.state(19, "morning"), "late");
    scene.now = at(20, 22, 1);
    scene.files(20, "evening", 20);
    assert_eq!(scene.state(20, "evening"), "late");
    assert_eq!(scene.totals(20), json!({"visited": 60}));
    assert_eq!(scene.form(20, "morning")["yesterday"], json!({"visited": 30}));
}

#[test]
fn a_correction_replaces_the_entry_in_every_sum_and_the_form_keeps_both() {
    let mut scene = Scene::at_noon();
    let first = scene.files(20, "morning", 400);
    let again = scene.filing(20, "morning", 40);
    assert_eq!(scene.save(vec![again.clone()]), ["shift: already_filed"]);
    assert_eq!(scene.save(vec![again.with(&triage::AMENDS, first)]), FINE);
    assert_eq!(scene.state(20, "morning"), "corrected");
    assert_eq!(scene.totals(20), json!({"visited": 40}));
    let form = scene.form(20, "morning");
    assert_eq!(form["standing"][0]["visited"], 40);
    assert_eq!(form["corrected"][0]["visited"], 400);
    let same_again = scene.filing(20, "morning", 41).with(&triage::AMENDS, first);
    assert_eq!(scene.save(vec![same_again]), ["amends: already_corrected"]);
}

#[test]
fn a_shift_filed_on_two_desks_is_counted_once_and_shown_in_the_inbox_until_one_is_voided() {
    let mut scene = Scene::at_noon();
    scene.files(20, "morning", 40);
    let other = scene.filing(20, "morning", 44);
    scene.arrives(&other);
    assert_eq!(scene.state(20, "morning"), "twice");
    assert_eq!(
        scene.totals(20),
        json!({"visited": 40}),
        "the first, until a person decides"
    );
    assert_eq!(scene.form(20, "morning")["standing"].as_array().unwrap().len(), 2);
    assert_eq!(
        scene.view("inbox", &Json::Null)["ward"][0]["what"],
        "two_triage_entries"
    );
    let void = Draft::new("triage", other.id).with_value("voided", Value::Code("yes".to_owned()));
    let void = void.with_value("void_reason", Value::Text("filed by both of us".to_owned()));
    assert_eq!(scene.save(vec![void]), FINE);
    assert_eq!(scene.state(20, "morning"), "filed");
    assert_eq!(scene.view("inbox", &Json::Null)["ward"], json!([]));
}

#[test]
fn what_nobody_filled_in_is_absent_and_a_typed_nought_is_not() {
    let mut scene = Scene::at_noon();
    assert_eq!(scene.totals(20), json!({}));
    scene.files(20, "morning", 0);
    assert_eq!(scene.totals(20), json!({"visited": 0}));
}

#[test]
fn the_form_proposes_what_the_records_say_and_guesses_nothing_else() {
    let mut scene = Scene::at_noon();
    for (number, status) in [(ANJU, "positive"), (BINU, "suspected"), (CHITRA, "negative")] {
        let known = Draft::new("patient", id(number)).with(&patient::DISEASE_STATUS, status);
        assert_eq!(scene.save(vec![known]), FINE);
    }
    let admit = |number, bed: Option<u128>, time: Time, fields: Json| json!({"patient": id(number), "bed": bed.map(id), "at": time, "fields": fields});
    let isolated = json!({"isolation": "yes"});
    assert_eq!(
        scene.act("admit", &admit(ANJU, Some(BED_1), at(20, 6, 0), isolated)),
        FINE
    );
    assert_eq!(
        scene.act("admit", &admit(BINU, None, at(20, 5, 59), json!({}))),
        FINE,
        "before the shift"
    );
    let chitra = scene.admitted(CHITRA, Some(BED_3));
    let fields = json!({"discharge_reason": "referred", "referred_to_name": "Medical college"});
    let leaves = json!({"encounter": chitra, "at": at(20, 13, 0), "clean": false, "fields": fields});
    assert_eq!(scene.act("discharge", &leaves), FINE);
    scene.now = at(20, 13, 30);
    let expected = [
        ("admitted", 2),
        ("beds_available", 2),
        ("cases_today", 2),
        ("confirmed_positive", 1),
        ("isolated", 1),
        ("positive", 1),
        ("positives_today", 1),
        ("referred", 1),
        ("under_observation", 1),
    ];
    let expected = expected.map(|(field, value)| (field.to_owned(), value));
    assert_eq!(scene.proposed(20, "morning"), expected.into());
    let fields: Vec<String> = scene.proposed(18, "morning").into_keys().collect();
    let flows = [
        "cases_today",
        "confirmed_positive",
        "isolated",
        "positives_today",
        "referred",
    ];
    assert_eq!(fields, flows, "how things stand says nothing about another day");
}

#[test]
fn every_proposal_can_be_filed_as_it_is() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    scene.now = at(20, 13, 0);
    let proposed = scene.proposed(20, "morning");
    let draft = scene.filing(20, "morning", 30);
    let draft = proposed.into_iter().fold(draft, |draft, (field, value)| {
        draft.with_value(&field, Value::Int(value))
    });
    assert_eq!(scene.save(vec![draft]), FINE);
    let room = scene.view("war_room", &Json::Null);
    let today = room["triage_today"].as_array().unwrap();
    let morning = today.iter().find(|shift| shift["shift"] == "morning").unwrap();
    assert_eq!(morning["state"], "filed");
    assert_eq!(room["trend"][13]["visited"], 30);
}

#[test]
fn nobody_sees_an_isolation_that_was_taken_back() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    let isolation = |word| Draft::new("encounter", anju).with(&encounter::ISOLATION, word);
    assert_eq!(scene.save(vec![isolation("yes")]), FINE);
    assert_eq!(scene.proposed(20, "morning")["isolated"], 1);
    assert_eq!(scene.save(vec![isolation("no")]), FINE);
    assert_eq!(scene.proposed(20, "morning")["isolated"], 0);
}

/// `day shift phase state` of each.
fn told(shifts: &Json) -> Vec<String> {
    let word = |json: &Json| json.as_str().unwrap().to_owned();
    let line = |shift: &Json| {
        let day = word(&shift["day"]).split_off("2026-11-".len());
        format!(
            "{day} {} {} {}",
            word(&shift["shift"]),
            word(&shift["phase"]),
            word(&shift["state"])
        )
    };
    shifts.as_array().unwrap().iter().map(line).collect()
}

#[test]
fn what_would_be_filed_now_is_offered_first_and_nothing_that_has_not_begun() {
    let check = |hour: i64, minute: i64, filed: &[(u32, &'static str)], expected: &[&str]| {
        let mut scene = Scene::at_noon();
        scene.now = at(20, hour, minute);
        for (date, shift) in filed {
            scene.files(*date, shift, 10);
        }
        let offered = told(&scene.view("triage_month", &json!({"day": day(1)}))["to_file"]);
        assert_eq!(offered, expected, "at {hour}:{minute:02} with {filed:?}");
    };
    let (night, evening, before) = (
        "19 night running open",
        "19 evening ended missing",
        "18 night ended missing",
    );
    // After midnight the night that began yesterday runs.
    check(1, 0, &[], &[night, evening, "19 morning ended missing", before]);
    check(1, 0, &[(19, "evening"), (19, "morning")], &[night, before]);
    check(1, 0, &[(19, "night"), (19, "morning")], &[evening, before]);
    // At the handover the shift that ended comes before the one that runs, then no longer.
    let ended = "19 night ended missing";
    check(
        6,
        0,
        &[(19, "evening"), (19, "morning")],
        &[ended, "20 morning running open"],
    );
    check(
        7,
        59,
        &[(19, "evening"), (19, "morning")],
        &[ended, "20 morning running open"],
    );
    check(
        8,
        0,
        &[(19, "evening"), (19, "morning")],
        &["20 morning running open", ended],
    );
    check(
        14,
        30,
        &[(19, "evening"), (19, "night")],
        &["20 morning ended open", "20 evening running open"],
    );
    check(
        20,
        0,
        &[(19, "evening"), (19, "night")],
        &["20 evening running open", "20 morning ended missing"],
    );
    // What ended more than a day ago is reached through the month.
    check(22, 0, &[(20, "evening"), (20, "morning"), (20, "night")], &[ended]);
    check(
        30,
        0,
        &[(20, "evening"), (20, "morning"), (20, "night")],
        &["21 morning running open"],
    );
}

#[test]
fn the_war_room_lists_last_nights_shift_while_it_runs_and_until_it_is_filed() {
    let check = |hour: i64, filed: bool, expected: &[&str]| {
        let mut scene = Scene::at_noon();
        scene.now = at(20, hour, 0);
        if filed {
            scene.files(19, "night", 10);
        }
        let listed = told(&scene.view("war_room", &Json::Null)["triage_today"]);
        assert_eq!(listed, expected, "at {hour}:00, filed {filed}");
    };
    let ahead = |shift: &str| format!("20 {shift} ahead open");
    let (morning, evening, night) = (ahead("morning"), ahead("evening"), ahead("night"));
    let rest: [&str; 3] = [&morning, &evening, &night];
    check(0, false, &["19 night running open", rest[0], rest[1], rest[2]]);
    check(5, true, &["19 night running filed", rest[0], rest[1], rest[2]]);
    check(
        6,
        false,
        &["19 night ended missing", "20 morning running open", rest[1], rest[2]],
    );
    check(
        23,
        false,
        &[
            "19 night ended missing",
            "20 morning ended missing",
            "20 evening ended missing",
            "20 night running open",
        ],
    );
    check(9, true, &["20 morning running open", rest[1], rest[2]]);
}

#[test]
fn a_shift_that_has_not_begun_can_be_opened_and_proposes_nothing() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    for (shift, expected) in [("morning", 9), ("evening", 0), ("night", 0)] {
        let form = scene.form(20, shift);
        assert_eq!(form["proposals"].as_array().unwrap().len(), expected, "{shift}");
        assert_eq!(form["phase"], if expected == 0 { "ahead" } else { "running" });
    }
    assert_eq!(scene.form(20, "night")["from"], json!(at(20, 22, 0)));
    scene.now = at(20, 14, 0);
    assert_eq!(scene.proposed(20, "evening").len(), 9, "from its first minute");
}

#[test]
fn how_things_stood_is_proposed_as_it_was_when_the_shift_ended() {
    let mut scene = Scene::at_noon();
    scene.now = at(20, 5, 0);
    let anju = scene.admitted(ANJU, Some(BED_1));
    let positive = Draft::new("patient", id(ANJU)).with(&patient::DISEASE_STATUS, "positive");
    assert_eq!(scene.save(vec![positive]), FINE);
    let stood = |scene: &Scene, date: u32, shift: &str| {
        let all = scene.proposed(date, shift);
        ["admitted", "positive", "beds_available"].map(|field| all.get(field).copied())
    };
    assert_eq!(
        stood(&scene, 19, "night"),
        [Some(1), Some(1), Some(2)],
        "while it runs: now"
    );
    scene.now = at(20, 6, 30);
    let leaves = json!({"encounter": anju, "at": null, "clean": true, "fields": {"discharge_reason": "recovered"}});
    assert_eq!(scene.act("discharge", &leaves), FINE);
    scene.admitted(BINU, Some(BED_2));
    scene.admitted(CHITRA, Some(BED_3));
    assert_eq!(
        stood(&scene, 19, "night"),
        [Some(1), Some(1), Some(2)],
        "as it was at six"
    );
    assert_eq!(stood(&scene, 20, "morning"), [Some(2), Some(0), Some(0)]);
    let form = scene.form(19, "night");
    let source = form["proposals"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["field"] == "admitted")
        .unwrap();
    assert_eq!(source["source"], "admitted_then");
    scene.now = at(21, 5, 59);
    assert_eq!(stood(&scene, 19, "night"), [Some(1), Some(1), Some(2)]);
    scene.now = at(21, 6, 0);
    assert_eq!(
        stood(&scene, 19, "night"),
        [None; 3],
        "a day later the beds may be others"
    );
}

#[test]
fn a_day_adds_what_happened_and_says_how_things_stood_last() {
    let mut scene = Scene::at_noon();
    scene.now = at(20, 23, 0);
    for (shift, visited, beds, admitted) in [
        ("night", 5, Some(7), None),
        ("morning", 40, Some(10), Some(30)),
        ("evening", 20, Some(8), Some(33)),
    ] {
        let mut draft = scene.filing(20, shift, visited).with(&triage::CASES_TODAY, visited / 5);
        for (field, count) in [(&triage::BEDS_AVAILABLE, beds), (&triage::ADMITTED, admitted)] {
            if let Some(count) = count {
                draft = draft.with(field, count);
            }
        }
        assert_eq!(scene.save(vec![draft]), FINE);
    }
    let totals = json!({"visited": 65, "cases_today": 13, "beds_available": 7, "admitted": 33});
    assert_eq!(
        scene.totals(20),
        totals,
        "the night gave no admitted; the evening's stands"
    );
}

#[test]
fn every_count_of_the_form_either_happened_or_stood() {
    let of = |fields: &[&domain::Field<i64>]| fields.iter().map(|field| field.name()).collect::<Vec<_>>();
    let (counts, standing) = (of(triage::COUNTS), of(triage::STANDING));
    assert!(standing.iter().all(|name| counts.contains(name)));
    assert_eq!(
        standing,
        ["beds_available", "admitted", "positive", "under_observation"]
    );
}
