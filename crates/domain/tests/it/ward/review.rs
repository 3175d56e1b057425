//! When somebody has to be looked at again, and who is overdue.

use super::*;
use domain::entities::{encounter, round};
use domain::ward::review;
use proptest::prelude::*;

/// Minutes from the admission at noon of the 20th.
fn minutes(count: i64) -> Time {
    Time(at(20, 12, 0).0 + count * Time::MINUTE_MS)
}

/// What was said, in minutes: a moment set for the patient, every so often in the encounter, the
/// last round with what it says.
fn due(set: Option<i64>, every: Option<i64>, last: Option<(i64, Option<i64>)>) -> i64 {
    let mut person = Record::new("patient", id(ANJU));
    let mut open = Record::new("encounter", id(50)).with(&encounter::ADMITTED_AT, minutes(0));
    if let Some(set) = set {
        person = person.with(&patient::REVIEW_AT, minutes(set));
    }
    if let Some(every) = every {
        open = open.with(&encounter::REVIEW_MINUTES, every);
    }
    let last = last.map(|(when, after)| {
        let last = Record::new("round", id(60)).with(&round::AT, minutes(when));
        match after {
            Some(after) => last.with(&round::REVIEW_MINUTES, after),
            None => last,
        }
    });
    let due = review::due(&person, &open, last.as_ref()).unwrap();
    (due.0 - minutes(0).0) / Time::MINUTE_MS
}

const DAY: i64 = 24 * 60;

#[test]
fn a_review_is_due_when_the_earliest_of_what_was_said_is() {
    let check = |set, every, last, expected| {
        assert_eq!(
            due(set, every, last),
            expected,
            "set {set:?}, every {every:?}, last {last:?}"
        );
    };
    // Nobody said anything: once a day.
    check(None, None, None, DAY);
    check(None, None, Some((90, None)), 90 + DAY);
    // The encounter says how often, from the admission and from each round.
    check(None, Some(240), None, 240);
    check(None, Some(240), Some((90, None)), 90 + 240);
    // The last round says it otherwise, sooner and later.
    check(None, Some(240), Some((90, Some(60))), 90 + 60);
    check(None, Some(240), Some((90, Some(2 * DAY))), 90 + 2 * DAY);
    check(None, None, Some((90, Some(15))), 90 + 15);
    // A moment set for the patient, until a round was made after it.
    check(Some(300), None, None, 300);
    check(Some(300), None, Some((90, None)), 300);
    check(Some(3 * DAY), None, Some((90, None)), 3 * DAY);
    check(Some(300), None, Some((300, None)), 300 + DAY);
    check(Some(300), None, Some((301, None)), 301 + DAY);
    check(Some(-60), None, None, DAY);
    // Both: the earliest.
    check(Some(300), Some(240), Some((90, None)), 300);
    check(Some(400), Some(240), Some((90, None)), 90 + 240);
    check(Some(300), None, Some((90, Some(30))), 90 + 30);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_review_is_due_after_the_last_round_and_never_later_than_that_round_asked(
        set in prop::option::of(-500..5_000_i64), every in prop::option::of(1..3_000_i64),
        last in 0..3_000_i64, after in prop::option::of(1..3_000_i64),
    ) {
        let due = due(set, every, Some((last, after)));
        prop_assert!(due > last);
        prop_assert!(after.or(every).is_none_or(|minutes| due <= last + minutes));
        prop_assert!(set.is_none_or(|set| set <= last || due <= set));
    }
}

#[test]
fn the_war_room_lists_who_is_overdue_longest_first_with_the_moment_it_was_due() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    scene.admitted(BINU, Some(BED_2));
    let chitra = scene.admitted(CHITRA, None);
    let sooner = Draft::new("encounter", anju).with(&encounter::REVIEW_MINUTES, 60);
    assert_eq!(scene.save(vec![sooner]), FINE);
    let overdue = |scene: &Scene| -> Vec<(String, i64)> {
        let room = scene.view("war_room", &Json::Null);
        let line = |line: &Json| {
            let due = line["review_due"].as_i64().unwrap();
            (line["name"].as_str().unwrap().to_owned(), due)
        };
        room["overdue"].as_array().unwrap().iter().map(line).collect()
    };
    scene.now = at(20, 13, 0);
    assert_eq!(overdue(&scene), [], "at the moment it is due nobody is late");
    scene.now = at(20, 13, 1);
    assert_eq!(overdue(&scene), [("Anju".to_owned(), at(20, 13, 0).0)]);
    let round = Draft::new("round", scene.new_id()).with(&round::ENCOUNTER, chitra);
    let round = round.with(&round::AT, scene.now).with(&round::PULSE, 80);
    assert_eq!(scene.save(vec![round]), FINE);
    scene.now = at(21, 12, 30);
    let late = [
        ("Anju".to_owned(), at(20, 13, 0).0),
        ("Binu".to_owned(), at(21, 12, 0).0),
    ];
    assert_eq!(overdue(&scene), late);
    let line = scene.view("patients", &json!({"which": "admitted"}));
    assert_eq!(line[0]["review_overdue"], false);
    assert_eq!(line[0]["review_due"], json!(at(21, 13, 1)));
}

#[test]
fn who_went_home_has_no_review() {
    let mut scene = Scene::at_noon();
    let found = |scene: &Scene| scene.view("patient", &json!({"id": id(ANJU)}))["line"]["review_due"].clone();
    assert_eq!(found(&scene), Json::Null);
    scene.admitted(ANJU, None);
    assert_eq!(found(&scene), json!(at(21, 12, 0)));
}
