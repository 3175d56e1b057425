//! What days come to: how the census moved in each ward, how full the wards were and how long people stayed.

use super::*;
use domain::entities::{bed_stay, encounter};
use domain::ward::census;
use proptest::prelude::*;

const CASUALTY: u128 = 3;
const BED_4: u128 = 14;
const DAYS: i64 = 9;

/// Minutes since the first midnight at which somebody came; after how many they left, and the bed they got after how many more,
/// again and again, each in the place of the one before.
type Course = (i64, Option<i64>, Vec<(i64, u128)>);

fn courses() -> impl Strategy<Value = Vec<Course>> {
    let minutes = DAYS * 24 * 60;
    let midnights = (0..DAYS).prop_map(|day| day * 24 * 60);
    let come = prop_oneof![4 => 0..minutes, 1 => midnights];
    let leave = prop_oneof![Just(None), (0..minutes).prop_map(Some), Just(Some(0))];
    let beds = prop::collection::vec((0..3_000_i64, prop::sample::select(vec![BED_1, BED_2, BED_4])), 0..4);
    prop::collection::vec((come, leave, beds), 0..20)
}

/// Two wards, of which the second is an emergency room, and what the courses come to by `now`.
fn scene_after(courses: &[Course], from: Time, now: Time) -> Scene {
    let mut scene = Scene::at_noon();
    scene.now = now;
    let casualty = Record::new("ward", id(CASUALTY)).with(&ward::NAME, "Casualty");
    let casualty = casualty.with(&ward::FACILITY, id(FACILITY));
    scene.world.put(casualty.with(&ward::KIND, "emergency"));
    let bed = Record::new("bed", id(BED_4)).with(&bed::WARD, id(CASUALTY));
    scene
        .world
        .put(bed.with(&bed::LABEL, "04").with(&bed::BED_TYPE, "regular"));
    for (number, (came, stayed, beds)) in (1_000..).zip(courses) {
        let minute = |minutes: i64| Time(from.0 + minutes * Time::MINUTE_MS);
        let left = stayed.map(|stayed| minute(came + stayed)).filter(|left| *left <= now);
        let mut each = Record::new("encounter", id(number)).with(&encounter::ADMITTED_AT, minute(*came));
        if let Some(left) = left {
            let reason = if number % 3 == 0 { "expired" } else { "recovered" };
            each = each.with(&encounter::DISCHARGED_AT, left);
            each = each.with(&encounter::DISCHARGE_REASON, reason);
        }
        scene.world.put(each);
        let mut begins = *came;
        let mut stays: Vec<(Time, u128)> = Vec::new();
        for (later, bed) in beds {
            begins += later;
            stays.push((minute(begins), *bed));
        }
        stays.retain(|(from, _)| *from <= now && left.is_none_or(|left| *from <= left));
        for (place, (begins, bed)) in stays.iter().enumerate() {
            let ends = stays.get(place + 1).map(|(next, _)| *next).or(left);
            let stay = Record::new("bed_stay", id(number * 1_000 + place as u128));
            let stay = stay
                .with(&bed_stay::ENCOUNTER, id(number))
                .with(&bed_stay::BED, id(*bed));
            let stay = stay.with(&bed_stay::FROM, *begins);
            scene.world.put(match ends {
                Some(ends) => stay.with(&bed_stay::TO, ends),
                None => stay,
            });
        }
    }
    scene
}

fn shown(scene: &Scene, first: Date, last: Date) -> Json {
    scene.view("census", &json!({"first": first, "last": last}))
}

/// The figure of each ward by its name, and of those who wait.
fn of_wards(census: &Json, figure: &str) -> Vec<(String, i64)> {
    let wards = census["wards"].as_array().unwrap().iter();
    let told = wards.map(|ward| {
        let name = ward["name"].as_str().unwrap_or("waiting").to_owned();
        (name, ward["movements"][figure].as_i64().unwrap())
    });
    told.filter(|(_, count)| *count != 0).collect()
}

fn adds_up(movements: &Json) -> bool {
    let of = |name: &str| movements[name].as_i64().unwrap();
    of("census")
        == of("before") + of("admissions") + of("transfers_in") - of("transfers_out") - of("discharges") - of("deaths")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn in_every_ward_and_on_every_day_the_census_is_the_one_before_plus_who_came_less_who_left(courses in courses()) {
        let today = day(20);
        let first = today.plus_days(1 - DAYS);
        let now = Time(today.plus_days(1).starts(INDIA).0 - 1);
        let scene = scene_after(&courses, first.starts(INDIA), now);
        let whole = shown(&scene, first, today);
        let trend = census::trend(&scene.world, today, DAYS, INDIA).unwrap();
        let (mut before, mut bed_days) = (Vec::new(), 0);
        for (days, counted) in whole["days"].as_array().unwrap().iter().zip(&trend) {
            let one = shown(&scene, counted.day, counted.day);
            prop_assert_eq!(of_wards(&one, "before"), before, "who was there at midnight is there after it");
            before = of_wards(&one, "census");
            for ward in one["wards"].as_array().unwrap() {
                prop_assert!(adds_up(&ward["movements"]), "{}", ward);
            }
            let movements = &one["whole"];
            prop_assert!(adds_up(movements));
            prop_assert_eq!(&days["movements"], movements);
            prop_assert_eq!(&movements["transfers_in"], &movements["transfers_out"]);
            prop_assert_eq!(&movements["census"], &json!(counted.census), "as the war room counts it");
            prop_assert_eq!(&movements["admissions"], &json!(counted.flow.admissions));
            prop_assert_eq!(&movements["deaths"], &json!(counted.flow.deaths));
            if counted.day < today {
                let in_wards = one["wards"].as_array().unwrap().iter();
                bed_days += in_wards.map(|ward| ward["bed_days"].as_i64().unwrap()).sum::<i64>();
            }
        }
        prop_assert!(adds_up(&whole["whole"]));
        let in_wards = whole["wards"].as_array().unwrap().iter();
        let together = in_wards.map(|ward| ward["bed_days"].as_i64().unwrap()).sum::<i64>();
        prop_assert_eq!(together, bed_days, "the bed-days of the days are those of the whole time");
    }
}

/// Three days in November: what each person did, at which hour of which day, and in which bed.
fn three_days() -> Scene {
    let mut scene = Scene::at_noon();
    let casualty = Record::new("ward", id(CASUALTY)).with(&ward::NAME, "Casualty");
    let casualty = casualty.with(&ward::FACILITY, id(FACILITY));
    scene.world.put(casualty.with(&ward::KIND, "emergency"));
    let bed = Record::new("bed", id(BED_4)).with(&bed::WARD, id(CASUALTY));
    scene
        .world
        .put(bed.with(&bed::LABEL, "04").with(&bed::BED_TYPE, "regular"));
    let discharge = |scene: &mut Scene, encounter: RecordId, reason: &str| {
        let args = json!({"encounter": encounter, "at": null, "clean": false, "fields": {"discharge_reason": reason}});
        assert_eq!(scene.act("discharge", &args), FINE);
    };
    // On the 17th Anju comes through casualty and goes to the ward; Binu comes and leaves.
    scene.now = at(17, 9, 0);
    let anju = scene.admitted(ANJU, Some(BED_4));
    scene.now = at(17, 11, 0);
    let transfer = json!({"encounter": anju, "bed": id(BED_1), "at": null, "clean": false});
    assert_eq!(scene.act("transfer", &transfer), FINE);
    let binu = scene.admitted(BINU, Some(BED_2));
    scene.now = at(17, 20, 0);
    discharge(&mut scene, binu, "lama");
    // On the 18th Binu is back, and a bed is blocked.
    scene.now = at(18, 10, 0);
    let binu = scene.admitted(BINU, Some(BED_2));
    let block = json!({"bed": id(BED_3), "reason": "blocked", "encounter": null, "note": "broken", "expires": null});
    assert_eq!(scene.act("hold", &block), FINE);
    // On the 19th Anju goes home, and Binu dies; Chitra waits for a bed.
    scene.now = at(19, 10, 0);
    discharge(&mut scene, anju, "recovered");
    scene.now = at(19, 12, 0);
    let died = json!({"discharge_reason": "expired", "died_at": at(19, 11, 0)});
    let args = json!({"encounter": binu, "at": null, "clean": false, "fields": died});
    assert_eq!(scene.act("discharge", &args), FINE);
    scene.admitted(CHITRA, None);
    scene.now = at(20, 9, 0);
    scene
}

#[test]
fn three_days_come_to_what_can_be_reckoned_by_hand() {
    let scene = three_days();
    let census = shown(&scene, day(17), day(19));
    assert_eq!(census["is_running"], false);
    let told = |name: &str| {
        let wards = census["wards"].as_array().unwrap().iter();
        let ward = wards.clone().find(|ward| ward["name"].as_str() == Some(name)).unwrap();
        let figures = [
            "before",
            "admissions",
            "transfers_in",
            "transfers_out",
            "discharges",
            "deaths",
            "census",
        ];
        let counts: Vec<i64> = figures
            .iter()
            .map(|figure| ward["movements"][figure].as_i64().unwrap())
            .collect();
        (
            counts,
            ward["bed_days"].as_i64(),
            ward["available_bed_days"].as_i64(),
            ward["occupancy_permille"].as_i64(),
        )
    };
    // Midnights: the 17th Anju, the 18th Anju and Binu, the 19th nobody; Binu's first stay within a day.
    // Beds: three on the 17th, two on the 18th and the 19th.
    assert_eq!(told("ICU-2"), (vec![0, 2, 1, 0, 2, 1, 0], Some(4), Some(7), Some(571)));
    assert_eq!(told("Casualty"), (vec![0, 1, 0, 1, 0, 0, 0], Some(0), Some(3), Some(0)));
    assert_eq!(of_wards(&census, "census"), [("waiting".to_owned(), 1)]);
    assert_eq!(
        census["indicators"],
        json!({
            "days": 3,
            "bed_days": 4,
            "available_bed_days": 7,
            "admissions": 4,
            "left": 3,
            // Anju two, Binu one within a day and one more.
            "days_stayed": 4,
            "same_day": 1,
            "readmissions": 1,
            "occupancy_permille": 571,
            "stay_centidays": 133,
            "turnover_hundredths": 129,
            "interval_centidays": 100,
        })
    );
}

#[test]
fn a_day_that_has_not_ended_is_in_the_movements_and_not_in_what_days_come_to() {
    let scene = three_days();
    let today = shown(&scene, day(20), day(20));
    assert_eq!(
        (&today["is_running"], &today["indicators"]),
        (&json!(true), &Json::Null)
    );
    assert_eq!(
        (&today["whole"]["before"], &today["whole"]["census"]),
        (&json!(1), &json!(1))
    );
    let with_today = shown(&scene, day(17), day(20));
    assert_eq!(with_today["indicators"], shown(&scene, day(17), day(19))["indicators"]);
}

#[test]
fn beds_count_from_the_day_they_came_until_the_day_they_went_and_never_beyond_the_staff() {
    let mut scene = Scene::at_noon();
    scene.now = at(20, 9, 0);
    let available = |scene: &Scene| {
        let census = shown(scene, day(17), day(19));
        census["indicators"]["available_bed_days"].as_i64().unwrap()
    };
    assert_eq!(available(&scene), 9);
    let since = Draft::new("bed", id(BED_1)).with(&bed::SINCE, day(18));
    assert_eq!(scene.save(vec![since]), FINE);
    assert_eq!(available(&scene), 8);
    let gone = Draft::new("bed", id(BED_2)).with_value("retired", domain::Value::Code("yes".to_owned()));
    assert_eq!(scene.save(vec![gone.clone()]), ["retired_on: required"]);
    assert_eq!(scene.save(vec![gone.with(&bed::RETIRED_ON, day(19))]), FINE);
    assert_eq!(available(&scene), 7);
    let early = Draft::new("bed", id(BED_1)).with(&bed::RETIRED_ON, day(17));
    assert_eq!(
        scene.save(vec![early]),
        ["retired_on: before_start", "retired_on: not_taken_away"]
    );
    let staffed = Draft::new("ward", id(WARD)).with(&ward::STAFFED_BEDS, 2);
    assert_eq!(scene.save(vec![staffed]), FINE);
    assert_eq!(available(&scene), 6);
}

#[test]
fn whoever_comes_back_after_thirty_days_came_for_another_reason() {
    let mut scene = Scene::at_noon();
    let put = |scene: &mut Scene, number: u128, patient: u128, from: Time, to: Option<Time>| {
        let each = Record::new("encounter", id(number)).with(&encounter::PATIENT, id(patient));
        let each = each.with(&encounter::ADMITTED_AT, from);
        scene.world.put(match to {
            Some(to) => each
                .with(&encounter::DISCHARGED_AT, to)
                .with(&encounter::DISCHARGE_REASON, "recovered"),
            None => each,
        });
    };
    let left = Time(at(19, 8, 0).0 - 30 * Time::DAY_MS);
    put(&mut scene, 50, ANJU, Time(left.0 - Time::DAY_MS), Some(left));
    put(
        &mut scene,
        51,
        BINU,
        Time(left.0 - Time::DAY_MS),
        Some(Time(left.0 - 1)),
    );
    put(&mut scene, 52, ANJU, at(19, 8, 0), None);
    put(&mut scene, 53, BINU, at(19, 8, 0), None);
    put(&mut scene, 54, CHITRA, at(19, 8, 0), Some(at(19, 8, 0)));
    let census = shown(&scene, day(19), day(19));
    assert_eq!(census["indicators"]["admissions"], 3);
    assert_eq!(census["indicators"]["readmissions"], 1);
}

#[test]
fn days_that_have_not_come_or_are_too_many_are_refused() {
    let scene = Scene::at_noon();
    for (first, last) in [(20, 21), (20, 19)] {
        let args = json!({"first": day(first), "last": day(last)});
        assert!(view("census", &args, &scene.world, &scene.ctx()).is_err());
    }
    let args = json!({"first": day(20).plus_days(-366), "last": day(20)});
    assert!(view("census", &args, &scene.world, &scene.ctx()).is_err());
    let args = json!({"first": day(20).plus_days(-365), "last": day(20)});
    assert!(view("census", &args, &scene.world, &scene.ctx()).is_ok());
}

#[test]
fn who_is_expected_to_leave_by_tomorrow_is_counted_and_listed_the_longest_overdue_first() {
    let mut scene = Scene::at_noon();
    for (patient, bed, expected) in [(ANJU, BED_1, 20), (BINU, BED_2, 22), (CHITRA, BED_3, 18)] {
        let encounter = scene.admitted(patient, Some(bed));
        let draft = Draft::new("encounter", encounter).with(&encounter::EXPECTED_DISCHARGE, day(expected));
        assert_eq!(scene.save(vec![draft]), FINE);
    }
    let listed = |scene: &Scene| -> Vec<String> {
        let lines = scene.view("patients", &json!({"which": "leaving"}));
        let lines = lines.as_array().unwrap().iter();
        lines.map(|line| line["name"].as_str().unwrap().to_owned()).collect()
    };
    let expected = |scene: &Scene| shown(scene, day(20), day(20))["expected"].clone();
    assert_eq!(listed(&scene), ["Chitra", "Anju"]);
    assert_eq!(expected(&scene), json!({"overdue": 1, "today": 1, "tomorrow": 0}));
    scene.now = at(21, 8, 0);
    assert_eq!(listed(&scene), ["Chitra", "Anju", "Binu"]);
    assert_eq!(expected(&scene), json!({"overdue": 2, "today": 0, "tomorrow": 1}));
}
