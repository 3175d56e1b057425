//! Admission, transfer, exchange, discharge and holds, as the bed board shows them afterwards.

use super::*;

impl Scene {
    /// One line a bed: label, state, who lies there; then who waits for a bed.
    fn board(&self) -> Vec<String> {
        let board = self.view("bed_board", &Json::Null);
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let tile = |tile: &Json| {
            let who = text(&tile["occupant"]["patient"]["name"]);
            let clash = if tile["clash"] == true { " clash" } else { "" };
            let line = format!("{} {} {who}", text(&tile["label"]), text(&tile["status"]));
            format!("{}{clash}", line.trim_end())
        };
        let tiles = board["wards"][0]["beds"].as_array().unwrap().iter().map(tile);
        let waiting = board["waiting"].as_array().unwrap().iter();
        tiles
            .chain(waiting.map(|line| format!("waiting {}", text(&line["name"]))))
            .collect()
    }

    fn free(&self) -> Json {
        self.view("bed_board", &Json::Null)["wards"][0]["figures"]["free"].clone()
    }

    fn transfer(&mut self, encounter: RecordId, bed: u128, clean: bool) -> Vec<String> {
        let args = json!({"encounter": encounter, "bed": id(bed), "at": null, "clean": clean});
        self.act("transfer", &args)
    }

    fn discharge(&mut self, encounter: RecordId, clean: bool, fields: &Json) -> Vec<String> {
        let args = json!({"encounter": encounter, "at": null, "clean": clean, "fields": fields});
        self.act("discharge", &args)
    }

    fn hold(&mut self, bed: u128, reason: &str, encounter: Option<RecordId>, expires: Option<Time>) -> Vec<String> {
        let note = (reason == "blocked").then_some("oxygen outlet leaks");
        let args = json!({"bed": id(bed), "reason": reason, "encounter": encounter, "note": note, "expires": expires});
        self.act("hold", &args)
    }

    fn release(&mut self, bed: u128) -> Vec<String> {
        self.act("release", &json!({"bed": id(bed)}))
    }

    fn hours_pass(&mut self, hours: i64) {
        self.now = Time(self.now.0 + hours * Time::HOUR_MS);
    }
}

#[test]
fn who_is_admitted_lies_in_the_bed_or_waits_for_one() {
    let mut scene = Scene::at_noon();
    assert_eq!(scene.board(), ["01 free", "02 free", "03 free"]);
    scene.admitted(ANJU, Some(BED_2));
    scene.admitted(BINU, None);
    assert_eq!(
        scene.board(),
        ["01 free", "02 occupied Anju", "03 free", "waiting Binu"]
    );
    assert_eq!(scene.free(), 2);
}

#[test]
fn a_second_admission_and_an_occupied_bed_are_refused_and_nothing_is_written() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_2));
    let before = scene.board();
    let admit = |patient, bed| json!({"patient": id(patient), "bed": id(bed), "at": null, "fields": {}});
    assert_eq!(scene.act("admit", &admit(ANJU, BED_1)), ["patient: already_admitted"]);
    assert_eq!(scene.act("admit", &admit(BINU, BED_2)), ["bed: bed_occupied"]);
    assert_eq!(scene.board(), before);
}

#[test]
fn an_admission_carries_what_was_filled_in_and_refuses_what_it_does_not_know() {
    let mut scene = Scene::at_noon();
    let admit = |fields: Json| json!({"patient": id(ANJU), "bed": id(BED_1), "at": at(20, 9, 0), "fields": fields});
    assert_eq!(
        scene.act("admit", &admit(json!({"colour": "red", "category": 3}))),
        ["category: wrong_type", "colour: unknown_field"]
    );
    assert_eq!(scene.act("admit", &admit(json!({"category": "critical"}))), FINE);
    let board = scene.view("bed_board", &Json::Null);
    let occupant = &board["wards"][0]["beds"][0]["occupant"];
    assert_eq!(occupant["patient"]["category"], "critical");
    assert_eq!(occupant["since"], json!(at(20, 9, 0)));
}

#[test]
fn a_transfer_leaves_the_old_bed_for_cleaning_and_takes_the_new_one() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    let binu = scene.admitted(BINU, None);
    scene.hours_pass(1);
    assert_eq!(scene.transfer(anju, BED_1, true), ["bed: already_there"]);
    assert_eq!(scene.transfer(anju, BED_3, true), FINE);
    assert_eq!(
        scene.board(),
        ["01 cleaning", "02 free", "03 occupied Anju", "waiting Binu"]
    );
    assert_eq!(scene.transfer(binu, BED_3, false), ["bed: bed_occupied"]);
    assert_eq!(scene.transfer(binu, BED_1, false), FINE, "who comes ends the cleaning");
    assert_eq!(scene.transfer(anju, BED_2, false), FINE);
    assert_eq!(scene.board(), ["01 occupied Binu", "02 occupied Anju", "03 free"]);
}

#[test]
fn two_patients_exchange_beds_at_once() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    let binu = scene.admitted(BINU, Some(BED_2));
    let chitra = scene.admitted(CHITRA, None);
    scene.hours_pass(1);
    let swap = |first, second| json!({"first": first, "second": second, "at": null});
    assert_eq!(scene.act("swap", &swap(anju, binu)), FINE);
    assert_eq!(
        scene.board(),
        ["01 occupied Binu", "02 occupied Anju", "03 free", "waiting Chitra"]
    );
    assert_eq!(scene.act("swap", &swap(anju, chitra)), ["encounter: not_in_a_bed"]);
}

#[test]
fn a_discharge_says_why_and_leaves_the_bed() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, Some(BED_1));
    scene.hours_pass(30);
    assert_eq!(scene.discharge(anju, true, &json!({})), ["discharge_reason: required"]);
    assert_eq!(
        scene.discharge(anju, true, &json!({"discharge_reason": "referred"})),
        ["referred_to: required"]
    );
    assert_eq!(
        scene.board()[0],
        "01 occupied Anju",
        "a refused discharge changes nothing"
    );
    assert_eq!(
        scene.discharge(anju, true, &json!({"discharge_reason": "recovered"})),
        FINE
    );
    assert_eq!(scene.board(), ["01 cleaning", "02 free", "03 free"]);
    assert_eq!(
        scene.discharge(anju, true, &json!({"discharge_reason": "recovered"})),
        ["discharged_at: already_discharged"]
    );
    assert_eq!(scene.transfer(anju, BED_2, false), ["encounter: encounter_discharged"]);
    scene.admitted(ANJU, Some(BED_2));
    assert_eq!(scene.board(), ["01 cleaning", "02 occupied Anju", "03 free"]);
}

#[test]
fn a_bed_held_for_one_patient_is_refused_to_another() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, None);
    let binu = scene.admitted(BINU, None);
    assert_eq!(scene.hold(BED_1, "held", Some(anju), None), FINE);
    assert_eq!(scene.board()[0], "01 held");
    assert_eq!(scene.free(), 2);
    assert_eq!(scene.transfer(binu, BED_1, false), ["bed: bed_held_for_another"]);
    assert_eq!(scene.transfer(anju, BED_1, false), FINE);
    assert_eq!(scene.board()[0], "01 occupied Anju");
    assert_eq!(
        scene.release(BED_1),
        ["bed: not_held"],
        "the hold ended with the arrival"
    );
}

#[test]
fn a_blocked_bed_takes_nobody_until_it_is_released() {
    let mut scene = Scene::at_noon();
    let anju = scene.admitted(ANJU, None);
    assert_eq!(scene.hold(BED_1, "cleaning", None, None), FINE);
    assert_eq!(
        scene.hold(BED_1, "blocked", None, None),
        FINE,
        "one hold follows another"
    );
    assert_eq!(scene.board()[0], "01 blocked");
    assert_eq!(scene.transfer(anju, BED_1, false), ["bed: bed_blocked"]);
    assert_eq!(scene.release(BED_1), FINE);
    assert_eq!(scene.transfer(anju, BED_1, false), FINE);
    assert_eq!(scene.hold(BED_2, "reserved", None, None), ["reason: unknown_code"]);
}

#[test]
fn an_expired_hold_holds_nothing() {
    for reason in ["held", "blocked"] {
        let mut scene = Scene::at_noon();
        let anju = scene.admitted(ANJU, None);
        let binu = scene.admitted(BINU, None);
        let in_two_hours = Time(scene.now.0 + 2 * Time::HOUR_MS);
        assert_eq!(scene.hold(BED_1, reason, Some(anju), Some(in_two_hours)), FINE);
        scene.hours_pass(2);
        assert_eq!(scene.board()[0], "01 free", "{reason}");
        assert_eq!(scene.transfer(binu, BED_1, false), FINE, "{reason}");
        assert_eq!(scene.board()[0], "01 occupied Binu");
    }
}

#[test]
fn no_more_beds_are_free_than_there_is_staff_for() {
    let mut scene = Scene::at_noon();
    let staffed = Draft::new("ward", id(WARD)).with(&ward::STAFFED_BEDS, 2);
    assert_eq!(scene.save(vec![staffed]), FINE);
    assert_eq!(scene.free(), 2);
    scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.free(), 1);
    assert_eq!(scene.hold(BED_2, "held", None, None), FINE);
    assert_eq!(scene.free(), 0, "a bed is empty, but nobody could look after it");
}

#[test]
fn every_screen_says_the_same_number_of_free_beds() {
    // Staffed beds of the ward; who lies in a bed and what holds the others; free, and empty without staff.
    let check = |staffed: Option<i64>, lying: usize, held: &[&str], expected: (i64, i64)| {
        let mut scene = Scene::at_noon();
        if let Some(staffed) = staffed {
            let staffed = Draft::new("ward", id(WARD)).with(&ward::STAFFED_BEDS, staffed);
            assert_eq!(scene.save(vec![staffed]), FINE);
        }
        let beds = [BED_1, BED_2, BED_3];
        for (patient, bed) in [ANJU, BINU, CHITRA].into_iter().zip(beds).take(lying) {
            scene.admitted(patient, Some(bed));
        }
        for (bed, reason) in beds.into_iter().skip(lying).zip(held) {
            assert_eq!(scene.hold(bed, reason, None, None), FINE);
        }
        let (board, room) = (
            scene.view("bed_board", &Json::Null),
            scene.view("war_room", &Json::Null),
        );
        let form = scene.view("triage_form", &json!({"day": day(20), "shift": "morning"}));
        let proposals = form["proposals"].as_array().unwrap();
        let proposed = proposals.iter().find(|each| each["field"] == "beds_available").unwrap();
        let figures = [
            &board["figures"],
            &board["wards"][0]["figures"],
            &room["all_beds"],
            &room["beds"][0]["figures"],
        ];
        for each in figures {
            let count = |state: &str| each[state].as_i64().unwrap();
            assert_eq!(
                (count("free"), count("unstaffed")),
                expected,
                "staff for {staffed:?}, {lying} lie, {held:?}"
            );
            let states = ["occupied", "held", "cleaning", "blocked", "free", "unstaffed"].map(count);
            assert_eq!(states.iter().sum::<i64>(), count("total"), "every bed is in one state");
        }
        assert_eq!(proposed["value"], json!(expected.0));
    };
    check(None, 0, &[], (3, 0));
    check(None, 1, &["cleaning"], (1, 0));
    check(Some(3), 0, &[], (3, 0));
    check(Some(2), 0, &[], (2, 1));
    check(Some(2), 1, &[], (1, 1));
    check(Some(2), 1, &["held"], (0, 1));
    check(Some(2), 1, &["cleaning"], (1, 0));
    check(Some(2), 1, &["blocked"], (1, 0));
    check(Some(2), 2, &[], (0, 1));
    check(Some(1), 2, &[], (0, 1));
    check(Some(0), 0, &[], (0, 3));
    check(Some(9), 3, &[], (0, 0));
}

#[test]
fn two_desks_that_put_two_patients_into_one_bed_show_both_in_the_inbox() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    let binu = scene.admitted(BINU, None);
    let other = Draft::new("bed_stay", scene.new_id())
        .with(&domain::entities::bed_stay::BED, id(BED_1))
        .with(&domain::entities::bed_stay::ENCOUNTER, binu);
    let later = Time(scene.now.0 + Time::HOUR_MS);
    scene.arrives(&other.with(&domain::entities::bed_stay::FROM, later));
    scene.hours_pass(2);
    assert_eq!(scene.board(), ["01 occupied Anju clash", "02 free", "03 free"]);
    let inbox = scene.view("inbox", &Json::Null);
    assert_eq!(inbox["ward"][0]["what"], "two_in_one_bed");
    assert_eq!(inbox["ward"][0]["since"], json!(later));
    assert_eq!(scene.transfer(binu, BED_2, false), FINE);
    assert_eq!(scene.board(), ["01 occupied Anju", "02 occupied Binu", "03 free"]);
    let overlap = scene.view("inbox", &Json::Null);
    assert_eq!(
        overlap["ward"].as_array().unwrap().len(),
        1,
        "the hours in which both claimed it remain until a person decides"
    );
}

#[test]
fn roles_that_see_beds_and_not_patients_get_a_board_without_names() {
    let mut scene = Scene::at_noon();
    scene.admitted(ANJU, Some(BED_1));
    scene.admitted(BINU, None);
    let named = scene.view("bed_board", &Json::Null).to_string();
    assert!(named.contains("Anju") && named.contains("Binu"));
    for role in domain::access::ROLES {
        let sees = |kind| domain::access::may(role.word, domain::access::Verb::See, kind);
        if sees("bed") && !sees("patient") {
            let mut ctx = scene.ctx();
            ctx.role = role.word.to_owned();
            for view in ["bed_board", "war_room"] {
                let shown = domain::views::view(view, &Json::Null, &scene.world, &ctx)
                    .unwrap()
                    .to_string();
                assert!(
                    !shown.contains("Anju") && !shown.contains("Binu"),
                    "{} sees {view}",
                    role.word
                );
            }
        }
    }
}
