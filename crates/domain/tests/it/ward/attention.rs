//! Who is asked to decide, and who is told when nobody does.

use super::*;
use domain::entities::{bed_stay, encounter, item, person, stock_entry};

const HOUR: i64 = Time::HOUR_MS;

/// Two patients in one bed, and stock below zero, since noon; with people of these roles here.
fn contradictions(roles: &[&'static str]) -> Scene {
    let mut scene = Scene::at_noon();
    for (number, role) in (300..).zip(roles) {
        let record = Record::new("person", id(number)).with(&person::NAME, "Somebody");
        scene
            .world
            .put(record.with(&person::FACILITY, id(FACILITY)).with(&person::ROLE, *role));
    }
    scene.admitted(ANJU, Some(BED_1));
    let other = Draft::new("encounter", scene.new_id()).with(&encounter::PATIENT, id(BINU));
    let other = other
        .with(&encounter::FACILITY, id(FACILITY))
        .with(&encounter::ADMITTED_AT, scene.now);
    let stay = Draft::new("bed_stay", scene.new_id()).with(&bed_stay::BED, id(BED_1));
    let stay = stay
        .with(&bed_stay::ENCOUNTER, other.id)
        .with(&bed_stay::FROM, scene.now);
    scene.arrives(&other);
    scene.arrives(&stay);
    scene
        .world
        .put(Record::new("item", id(200)).with(&item::NAME, "Oxygen"));
    let issue = Draft::new("stock_entry", scene.new_id()).with(&stock_entry::ITEM, id(200));
    let issue = issue
        .with(&stock_entry::MOVEMENT, "issue")
        .with(&stock_entry::AT, scene.now);
    scene.arrives(&issue.with(&stock_entry::QUANTITY, domain::Decimal::new(5_000, 3)));
    scene
}

/// What the inbox of the role holds so long after.
fn shown(scene: &Scene, role: &str, after_ms: i64) -> Vec<String> {
    let inbox = view("inbox", &Json::Null, &scene.world, &ctx(scene, role, after_ms)).unwrap();
    let all = inbox["ward"].as_array().unwrap().iter();
    let mut all: Vec<String> = all.map(|each| each["what"].as_str().unwrap().to_owned()).collect();
    all.sort();
    all
}

fn ctx(scene: &Scene, role: &str, after_ms: i64) -> Ctx {
    let now = Time(scene.now.0 + after_ms);
    Ctx {
        now,
        today: now.day(INDIA),
        role: role.to_owned(),
        heard: Some(now),
        ..scene.ctx()
    }
}

const BED: &str = "two_in_one_bed";
const STOCK: &str = "stock_below_zero";

#[test]
fn those_who_do_the_work_are_asked_first_and_the_admin_when_it_waits_too_long() {
    let scene = contradictions(&["nurse", "pharmacist", "facility_admin"]);
    for (role, after, expected) in [
        ("nurse", 0, vec![BED]),
        ("doctor", 0, vec![BED]),
        ("pharmacist", 0, vec![STOCK]),
        ("facility_admin", 0, vec![]),
        ("facility_admin", 2 * HOUR - 1, vec![]),
        ("facility_admin", 2 * HOUR, vec![BED]),
        ("facility_admin", 8 * HOUR, vec![STOCK, BED]),
        ("nurse", 30 * HOUR, vec![BED]),
        ("transport", 30 * HOUR, vec![]),
        // Who does not decide here sees what they may see.
        ("district_admin", 0, vec![STOCK, BED]),
        ("nurse_viewer", 0, vec![STOCK, BED]),
    ] {
        assert_eq!(shown(&scene, role, after), expected, "{role} after {after}");
    }
}

#[test]
fn where_nobody_stands_in_a_line_the_next_is_asked_at_once() {
    assert_eq!(
        shown(&contradictions(&["nurse", "facility_admin"]), "nurse", 0),
        [STOCK, BED]
    );
    assert_eq!(
        shown(&contradictions(&["facility_admin"]), "facility_admin", 0),
        [STOCK, BED]
    );
    assert_eq!(shown(&contradictions(&[]), "nurse", 0), [STOCK, BED]);
}

#[test]
fn the_war_room_tells_everybody_what_waits_for_a_shift_and_names_nobody() {
    let scene = contradictions(&["nurse", "pharmacist", "facility_admin"]);
    let told = |after: i64| {
        view("war_room", &Json::Null, &scene.world, &ctx(&scene, "nurse", after)).unwrap()["unattended"].clone()
    };
    assert_eq!(told(8 * HOUR - 1), json!([]));
    let bed = json!({"what": BED, "count": 1, "since": scene.now});
    assert_eq!(told(8 * HOUR), json!([bed]));
    let stock = json!({"what": STOCK, "count": 1, "since": scene.now});
    let both = told(24 * HOUR);
    assert!(
        both.as_array().unwrap().contains(&stock) && both.as_array().unwrap().contains(&bed),
        "{both}"
    );
}

#[test]
fn stock_below_zero_is_advisory_on_a_desk_that_has_not_heard_the_others() {
    let scene = contradictions(&["pharmacist"]);
    for (heard, advisory) in [
        (Some(scene.now), false),
        (Some(Time(scene.now.0 - HOUR)), true),
        (None, true),
    ] {
        let ctx = Ctx {
            heard,
            ..ctx(&scene, "pharmacist", 0)
        };
        let inbox = view("inbox", &Json::Null, &scene.world, &ctx).unwrap();
        assert_eq!(inbox["ward"][0]["advisory"], advisory);
    }
}

#[test]
fn nobody_is_offered_what_their_role_may_not_write() {
    let scene = contradictions(&["nurse"]);
    for (role, offers) in [("nurse", true), ("nurse_viewer", false)] {
        let inbox = view("inbox", &Json::Null, &scene.world, &ctx(&scene, role, 0)).unwrap();
        let all = inbox["ward"].as_array().unwrap();
        assert_eq!(all.len(), 2, "{role}");
        assert!(all.iter().all(|each| each["may_resolve"] == offers), "{role}");
        assert!(
            all.iter()
                .all(|each| each["ways"].as_array().unwrap().is_empty() != offers),
            "{role}"
        );
    }
}
