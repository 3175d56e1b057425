//! The census at midnight, over any course of admissions and discharges.

use super::*;
use domain::entities::encounter;
use domain::ward::census;
use domain::{Record, Value};
use proptest::prelude::*;

/// How many days back people come and go.
const DAYS: i64 = 9;

/// Minutes since the first day's midnight, and after how many minutes the patient left, if at all.
type Course = (i64, Option<i64>);

fn courses() -> impl Strategy<Value = Vec<Course>> {
    let minutes = DAYS * 24 * 60;
    let midnights = (0..DAYS).prop_map(|day| day * 24 * 60);
    let come = prop_oneof![4 => 0..minutes, 1 => midnights];
    let leave = prop_oneof![
        Just(None),
        (0..minutes).prop_map(Some),
        Just(Some(0)),
        Just(Some(24 * 60))
    ];
    prop::collection::vec((come, leave), 0..25)
}

/// What the courses come to by the last minute of the last day; what lies later has not happened.
fn world_after(courses: &[Course], from: Time, now: Time) -> Overlay<'static> {
    let mut world = Overlay::alone();
    for (number, (came, stayed)) in (1_000..).zip(courses) {
        let admitted = Time(from.0 + came * Time::MINUTE_MS);
        let mut each = Record::new("encounter", id(number)).with(&encounter::ADMITTED_AT, admitted);
        let left = stayed.map(|minutes| Time(admitted.0 + minutes * Time::MINUTE_MS));
        if let Some(left) = left.filter(|left| *left <= now) {
            each = each.with(&encounter::DISCHARGED_AT, left);
            let reason = if number % 3 == 0 { "expired" } else { "recovered" };
            each = each.with(&encounter::DISCHARGE_REASON, reason);
        }
        world.put(each);
    }
    world
}

fn is_in_at(each: &Record, moment: Time) -> bool {
    let came = encounter::ADMITTED_AT.of(each).is_some_and(|at| at < moment);
    came && encounter::DISCHARGED_AT.of(each).is_none_or(|at| at >= moment)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_census_of_each_midnight_is_the_one_before_plus_who_came_less_who_left(courses in courses()) {
        let today = day(20);
        let first = today.plus_days(1 - DAYS);
        let now = Time(today.plus_days(1).starts(INDIA).0 - 1);
        let world = world_after(&courses, first.starts(INDIA), now);
        let trend = census::trend(&world, today, DAYS, INDIA).unwrap();
        let all = world.all("encounter").unwrap();
        prop_assert_eq!(trend.len(), usize::try_from(DAYS).unwrap());
        let mut before = 0;
        for each in &trend {
            let midnight = each.day.plus_days(1).starts(INDIA);
            let there = all.iter().filter(|one| is_in_at(one, midnight)).count();
            prop_assert_eq!(each.census, i64::try_from(there).unwrap(), "counted one by one on {}", each.day);
            prop_assert_eq!(each.census, before + each.flow.admissions - each.flow.discharges);
            prop_assert!(each.flow.deaths <= each.flow.discharges);
            before = each.census;
        }
        prop_assert_eq!(before, census::now(&world, now).unwrap().admitted);
    }

    #[test]
    fn what_flows_in_the_days_is_what_flows_in_the_whole_time(courses in courses()) {
        let today = day(20);
        let (first, end) = (today.plus_days(1 - DAYS).starts(INDIA), today.plus_days(1).starts(INDIA));
        let world = world_after(&courses, first, Time(end.0 - 1));
        let whole = census::flow(&world, first, end).unwrap();
        let trend = census::trend(&world, today, DAYS, INDIA).unwrap();
        let sum = |of: fn(&census::Flow) -> i64| trend.iter().map(|each| of(&each.flow)).sum::<i64>();
        prop_assert_eq!(whole.admissions, sum(|flow| flow.admissions));
        prop_assert_eq!(whole.discharges, sum(|flow| flow.discharges));
        prop_assert_eq!(whole.deaths, sum(|flow| flow.deaths));
    }

    #[test]
    fn the_war_room_counts_what_people_did(steps in prop::collection::vec((0..3_usize, any::<bool>()), 0..20)) {
        let mut scene = Scene::at_noon();
        for (patient, status) in [(ANJU, "positive"), (BINU, "suspected")] {
            let status = Draft::new("patient", id(patient)).with(&patient::DISEASE_STATUS, status);
            prop_assert_eq!(scene.save(vec![status]), FINE);
        }
        let mut inside: [Option<RecordId>; 3] = [None; 3];
        let (mut came, mut left) = (0, 0);
        for (who, has_bed) in steps {
            scene.now = Time(scene.now.0 + 10 * Time::MINUTE_MS);
            let (patient, bed) = ([ANJU, BINU, CHITRA][who], [BED_1, BED_2, BED_3][who]);
            if let Some(encounter) = inside[who].take() {
                let fields = json!({"discharge_reason": "recovered"});
                let args = json!({"encounter": encounter, "at": null, "clean": has_bed, "fields": fields});
                prop_assert_eq!(scene.act("discharge", &args), FINE);
                left += 1;
            } else {
                inside[who] = Some(scene.admitted(patient, has_bed.then_some(bed)));
                came += 1;
            }
        }
        let room = scene.view("war_room", &Json::Null);
        let in_now = inside.iter().flatten().count();
        prop_assert_eq!(&room["admitted"], &json!(in_now));
        prop_assert_eq!((&room["admissions_today"], &room["discharges_today"]), (&json!(came), &json!(left)));
        let of_beds = |state: &str| room["all_beds"][state].as_i64().unwrap();
        let waiting = room["waiting_for_bed"].as_i64().unwrap();
        prop_assert_eq!(of_beds("occupied") + waiting, i64::try_from(in_now).unwrap());
        let states = ["occupied", "held", "cleaning", "blocked", "free"].map(of_beds);
        prop_assert_eq!(states.iter().sum::<i64>(), of_beds("total"), "every bed is in one state");
        prop_assert_eq!(&room["conflicts"], 0);
        let tiles = [
            ("admitted", "admitted"),
            ("positive", "positive"),
            ("suspected", "suspected"),
            ("waiting_for_bed", "waiting"),
            ("admissions_today", "admitted_today"),
            ("discharges_today", "discharged_today"),
        ];
        for (tile, which) in tiles {
            let list = scene.view("patients", &json!({"which": which}));
            prop_assert_eq!(&room[tile], &json!(list.as_array().unwrap().len()), "{} opens its list", which);
        }
    }
}

#[test]
fn a_stay_within_one_day_counts_as_coming_and_leaving_but_in_no_midnight() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    scene.now = at(20, 18, 0);
    let fields = json!({"discharge_reason": "lama"});
    let args = json!({"encounter": anju, "at": null, "clean": false, "fields": fields});
    assert_eq!(scene.act("discharge", &args), FINE);
    let trend = census::trend(&scene.world, day(20), 2, INDIA).unwrap();
    assert_eq!((trend[1].flow.admissions, trend[1].flow.discharges), (1, 1));
    assert_eq!((trend[0].census, trend[1].census), (0, 0));
}

#[test]
fn a_day_begins_at_the_wards_own_midnight() {
    let mut scene = Scene::at_noon();
    for (number, (hour, minute)) in (ANJU..).zip([(23, 59), (24, 0)]) {
        let args = json!({"patient": id(number), "bed": null, "at": at(19, hour, minute), "fields": {}});
        assert_eq!(scene.act("admit", &args), FINE);
    }
    let trend = census::trend(&scene.world, day(20), 2, INDIA).unwrap();
    assert_eq!(trend.iter().map(|each| each.census).collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn who_was_entered_in_error_is_counted_nowhere() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, None);
    let void = Draft::new("encounter", anju).with_value("voided", Value::Code("yes".to_owned()));
    let void = void.with_value("void_reason", Value::Text("another Anju".to_owned()));
    assert_eq!(scene.save(vec![void]), FINE);
    assert_eq!(scene.view("war_room", &Json::Null)["admitted"], 0);
    assert_eq!(census::trend(&scene.world, day(20), 1, INDIA).unwrap()[0].census, 0);
    scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.view("war_room", &Json::Null)["admitted"], 1);
}
