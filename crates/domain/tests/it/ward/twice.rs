//! One patient admitted on two desks that do not know of each other: found, counted once, decided.

use super::*;
use domain::entities::{bed_stay, encounter, round};
use domain::ward::census;
use proptest::prelude::*;

impl Scene {
    /// Another desk admits the patient at that moment, into a bed or into none.
    fn admitted_elsewhere(&mut self, patient: u128, bed: Option<u128>, moment: Time) -> RecordId {
        let draft = Draft::new("encounter", self.new_id()).with(&encounter::PATIENT, id(patient));
        let draft = draft.with(&encounter::FACILITY, id(FACILITY));
        let draft = draft.with(&encounter::ADMITTED_AT, moment);
        self.arrives(&draft);
        if let Some(bed) = bed {
            let stay = Draft::new("bed_stay", self.new_id()).with(&bed_stay::BED, id(bed));
            let stay = stay.with(&bed_stay::ENCOUNTER, draft.id);
            self.arrives(&stay.with(&bed_stay::FROM, moment));
        }
        draft.id
    }

    fn contradictions(&self) -> Vec<Json> {
        self.view("inbox", &Json::Null)["ward"].as_array().unwrap().clone()
    }

    fn kinds_of_contradiction(&self) -> Vec<String> {
        let word = |each: &Json| each["what"].as_str().unwrap().to_owned();
        self.contradictions().iter().map(word).collect()
    }

    fn void(&mut self, encounter: RecordId, reason: &str) -> Vec<String> {
        self.act("void_admission", &json!({"encounter": encounter, "reason": reason}))
    }
}

#[test]
fn who_is_registered_although_somebody_looks_alike_is_told_apart_for_good() {
    let fields = json!({"name": "Lakshmi Ammal", "phone": "9847012345", "birth_date": "1959-03-04"});
    let args = |different_from: &[RecordId]| json!({"fields": fields, "different_from": different_from});
    let mut scene = Scene::at_noon();
    assert_eq!(scene.act("register", &args(&[])), FINE);
    let first = id_made(scene.now, scene.given);
    let mut unasked = scene.clone();
    assert_eq!(unasked.act("register", &args(&[])), FINE);
    assert_eq!(unasked.kinds_of_contradiction(), ["likely_one"], "nobody looked");

    assert_eq!(scene.act("register", &args(&[first, id(ANJU)])), FINE);
    let second = id_made(scene.now, scene.given);
    assert_ne!(first, second);
    assert_eq!(scene.kinds_of_contradiction(), [""; 0], "somebody looked, and said so");
    // A third is another question.
    assert_eq!(scene.act("register", &args(&[second])), FINE);
    assert_eq!(scene.kinds_of_contradiction(), ["likely_one"]);
    let nobody = scene.act("register", &args(&[id(404)]));
    assert_eq!(nobody.len(), 1, "{nobody:?}");
    let blank = scene.act("register", &json!({"fields": {}, "different_from": [first]}));
    assert_eq!(blank, [": nothing_to_save", "name: required"]);
}

#[test]
fn one_patient_admitted_on_two_desks_waits_in_the_inbox_with_both_admissions() {
    let mut scene = Scene::at_noon();
    let here = scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.contradictions(), Vec::<Json>::new());
    let later = at(20, 12, 30);
    let there = scene.admitted_elsewhere(ANJU, Some(BED_2), later);
    scene.now = at(20, 13, 0);
    let round = Draft::new("round", scene.new_id()).with(&round::ENCOUNTER, there);
    let round = round.with(&round::AT, scene.now).with(&round::PULSE, 80);
    assert_eq!(scene.save(vec![round]), FINE);
    let all = scene.contradictions();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["what"], "admitted_twice");
    assert_eq!(all[0]["since"], json!(later));
    assert_eq!(all[0]["may_resolve"], true);
    let told = |place: usize| {
        let record = &all[0]["records"][place];
        (
            record["id"].clone(),
            record["caption"].clone(),
            record["bed"].clone(),
            record["rounds"].clone(),
        )
    };
    assert_eq!(told(0), (json!(here), json!("Anju"), json!("ICU-2 01"), json!(0)));
    assert_eq!(told(1), (json!(there), json!("Anju"), json!("ICU-2 02"), json!(1)));
}

#[test]
fn who_was_admitted_twice_counts_once_in_every_figure_and_list() {
    for (first, second) in [
        (None, None),
        (Some(BED_1), None),
        (None, Some(BED_2)),
        (Some(BED_1), Some(BED_1)),
    ] {
        let mut scene = Scene::at_noon();
        scene.admitted(ANJU, first);
        scene.admitted_elsewhere(ANJU, second, at(20, 12, 30));
        scene.now = at(20, 13, 0);
        let room = scene.view("war_room", &Json::Null);
        let in_bed = i64::from(first.or(second).is_some());
        assert_eq!((&room["admitted"], &room["admissions_today"]), (&json!(1), &json!(1)));
        assert_eq!(room["all_beds"]["occupied"], json!(in_bed));
        assert_eq!(room["waiting_for_bed"], json!(1 - in_bed));
        assert_eq!(room["trend"][13]["census"], 1);
        let listed = scene.view("patients", &json!({"which": "admitted"}));
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(
            listed[0]["bed"].is_null(),
            in_bed == 0,
            "the line says where the patient lies"
        );
        let board = scene.view("bed_board", &Json::Null);
        assert_eq!(board["waiting"].as_array().unwrap().len(), usize::from(in_bed == 0));
        let form = scene.view("triage_form", &json!({"day": day(20), "shift": "morning"}));
        let proposed = |field: &str| {
            let all = form["proposals"].as_array().unwrap();
            all.iter().find(|each| each["field"] == field).unwrap()["value"].clone()
        };
        assert_eq!((proposed("admitted"), proposed("cases_today")), (json!(1), json!(1)));
        assert_eq!(
            scene.kinds_of_contradiction(),
            ["admitted_twice"],
            "once, whatever beds they have"
        );
    }
}

#[test]
fn both_beds_of_one_patient_are_marked_on_the_board() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    scene.admitted_elsewhere(ANJU, Some(BED_2), at(20, 12, 30));
    let board = scene.view("bed_board", &Json::Null);
    let tiles = board["wards"][0]["beds"].as_array().unwrap();
    assert_eq!(
        tiles.iter().map(|tile| tile["clash"] == true).collect::<Vec<_>>(),
        [true, true, false]
    );
}

#[test]
fn the_wrong_admission_is_voided_with_its_stay_and_the_bed_is_free() {
    let mut scene = Scene::at_noon();
    let here = scene.admitted(ANJU, Some(BED_1));
    let there = scene.admitted_elsewhere(ANJU, Some(BED_2), at(20, 12, 30));
    let hold = json!({"bed": id(BED_3), "reason": "held", "encounter": there, "note": null, "expires": null});
    assert_eq!(scene.act("hold", &hold), FINE);
    assert_eq!(scene.void(there, " "), ["void_reason: required"; 2]);
    assert_eq!(scene.void(there, "admitted at the other desk already"), FINE);
    assert_eq!(scene.contradictions(), Vec::<Json>::new());
    let board = scene.view("bed_board", &Json::Null);
    let states: Vec<&Json> = board["wards"][0]["beds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tile| &tile["status"])
        .collect();
    assert_eq!(states, ["occupied", "free", "free"]);
    assert_eq!(scene.void(there, "again"), ["voided: already_voided"]);
    assert_eq!(scene.void(here, "never came"), FINE);
    assert_eq!(scene.view("war_room", &Json::Null)["admitted"], 0);
}

#[test]
fn a_discharge_on_one_desk_leaves_the_patient_in_until_both_admissions_are_decided() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    let there = scene.admitted_elsewhere(ANJU, Some(BED_2), at(20, 12, 30));
    scene.now = at(20, 14, 0);
    let leaves = json!({"encounter": there, "at": null, "clean": false, "fields": {"discharge_reason": "recovered"}});
    assert_eq!(scene.act("discharge", &leaves), FINE);
    let room = scene.view("war_room", &Json::Null);
    assert_eq!((&room["admitted"], &room["discharges_today"]), (&json!(1), &json!(0)));
    assert_eq!(scene.kinds_of_contradiction(), ["admitted_twice"]);
    let gone = scene.view("patients", &json!({"which": "discharged"}));
    assert_eq!(gone, json!([]));
    assert_eq!(scene.void(there, "another Anju"), FINE);
    assert_eq!(scene.contradictions(), Vec::<Json>::new());
}

#[test]
fn who_comes_back_after_a_discharge_was_not_admitted_twice() {
    let mut scene = Scene::at_noon();
    let first = scene.admitted(ANJU, Some(BED_1));
    scene.now = at(20, 14, 0);
    let leaves = json!({"encounter": first, "at": null, "clean": false, "fields": {"discharge_reason": "recovered"}});
    assert_eq!(scene.act("discharge", &leaves), FINE);
    scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.contradictions(), Vec::<Json>::new());
    let room = scene.view("war_room", &Json::Null);
    assert_eq!(
        (&room["admissions_today"], &room["discharges_today"]),
        (&json!(2), &json!(1))
    );
}

/// Who of two patients, from which hour, until which hour; without an end the encounter is open.
/// Nobody comes in the hour in which somebody leaves: they come in even hours and leave in odd ones.
type Course = (usize, i64, Option<i64>);

fn courses() -> impl Strategy<Value = Vec<Course>> {
    let one = (0..2_usize, 0..35_i64, prop::option::of(0..20_i64));
    let course = |(who, start, length): (usize, i64, Option<i64>)| {
        let start = start * 2;
        (who, start, length.map(|length| start + 2 * length + 1))
    };
    prop::collection::vec(one.prop_map(course), 0..8)
}

fn covers((_, start, end): &Course, hour: i64) -> bool {
    *start <= hour && end.is_none_or(|end| end > hour)
}

/// All hours that matter.
const HOURS: std::ops::Range<i64> = 0..120;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_patient_counts_at_an_hour_once_however_many_admissions_say_so(courses in courses()) {
        let from = day(18).starts(INDIA);
        let moment = |hour: i64| Time(from.0 + hour * Time::HOUR_MS);
        let mut world = Overlay::alone();
        for (number, (who, start, end)) in (1_000..).zip(&courses) {
            let each = Record::new("encounter", id(number)).with(&encounter::PATIENT, id([ANJU, BINU][*who]));
            let each = each.with(&encounter::ADMITTED_AT, moment(*start));
            world.put(match end {
                Some(end) => each.with(&encounter::DISCHARGED_AT, moment(*end)),
                None => each,
            });
        }
        let is_in = |who: usize, hour: i64| courses.iter().any(|each| each.0 == who && covers(each, hour));
        let count = |is_counted: &dyn Fn(usize, i64) -> bool| {
            let each = [0, 1].map(|who| HOURS.filter(|hour| is_counted(who, *hour)).count());
            i64::try_from(each[0] + each[1]).unwrap()
        };
        let came = count(&|who, hour| is_in(who, hour) && !is_in(who, hour - 1));
        let left = count(&|who, hour| !is_in(who, hour) && is_in(who, hour - 1));
        let flow = census::flow(&world, from, moment(HOURS.end)).unwrap();
        prop_assert_eq!((flow.admissions, flow.discharges), (came, left));
        let trend = census::trend(&world, day(22), 5, INDIA).unwrap();
        let mut before = 0;
        for (midnight, each) in (24..).step_by(24).zip(&trend) {
            prop_assert_eq!(each.census, before + each.flow.admissions - each.flow.discharges);
            let there = [0, 1].map(|who| i64::from(is_in(who, midnight - 1)));
            prop_assert_eq!(each.census, there[0] + there[1]);
            before = each.census;
        }
        let overlap = |a: &Course, b: &Course| a.0 == b.0 && HOURS.into_iter().any(|hour| covers(a, hour) && covers(b, hour));
        let pairs = courses.iter().enumerate().any(|(index, a)| courses.iter().skip(index + 1).any(|b| overlap(a, b)));
        let found = domain::ward::conflicts::ward_conflicts(&world, moment(HOURS.end), day(22)).unwrap();
        prop_assert_eq!(!found.is_empty(), pairs, "a contradiction where two admissions overlap, and nowhere else");
    }
}

#[test]
fn who_may_only_read_is_shown_both_admissions_and_decides_nothing() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, None);
    scene.admitted_elsewhere(ANJU, None, at(20, 12, 30));
    let mut ctx = scene.ctx();
    ctx.role = "nurse_viewer".to_owned();
    let inbox = view("inbox", &Json::Null, &scene.world, &ctx).unwrap();
    assert_eq!(inbox["ward"][0]["records"].as_array().unwrap().len(), 2);
    assert_eq!(inbox["ward"][0]["may_resolve"], false);
}
