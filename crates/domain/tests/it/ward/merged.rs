//! One person registered twice: found, made one, shown as one everywhere, and taken back.

use super::*;
use domain::entities::encounter;

/// Another desk registers Anju once more, with the same phone.
fn twice() -> (Scene, RecordId) {
    let mut scene = Scene::at_noon();
    let known = Record::new("patient", id(ANJU)).with(&patient::NAME, "Anju Mathew");
    scene.world.put(
        known
            .with(&patient::PHONE, "9847012345")
            .with(&patient::ALLERGY_STATUS, "none"),
    );
    let again = Draft::new("patient", scene.new_id()).with(&patient::NAME, "Anju Mathai");
    let again = again
        .with(&patient::PHONE, "+91 98470 12345")
        .with(&patient::BIRTH_YEAR, 1990);
    let again = again
        .with(&patient::ALLERGY_STATUS, "known")
        .with(&patient::ALLERGIES, "Penicillin");
    scene.arrives(&again);
    (scene, again.id)
}

impl Scene {
    fn decide(&mut self, what: &str, record: RecordId, other: RecordId) -> Vec<String> {
        let args = json!({"what": what, "kind": "patient", "record": record, "other": other, "bed": null, "at": null, "reason": null});
        self.act("decide", &args)
    }

    fn waiting(&self) -> Vec<Json> {
        self.view("inbox", &Json::Null)["ward"].as_array().unwrap().clone()
    }

    fn found(&self, text: &str) -> Vec<Json> {
        self.view("find_patients", &json!({"text": text}))
            .as_array()
            .unwrap()
            .clone()
    }
}

/// Twins of the name so that they are probable: the whole name and the phone.
fn alike() -> (Scene, RecordId) {
    let (mut scene, again) = twice();
    let record = scene.world.get("patient", again).unwrap().unwrap();
    scene.world.put(record.with(&patient::NAME, "Anju Mathew"));
    (scene, again)
}

#[test]
fn two_registrations_that_look_like_one_person_wait_with_both_and_why() {
    let (scene, again) = alike();
    let all = scene.waiting();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["what"], "likely_one");
    assert_eq!(all[0]["reasons"], json!(["same_name", "same_phone"]));
    let ids: Vec<&Json> = all[0]["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| &each["id"])
        .collect();
    assert_eq!(ids, [&json!(id(ANJU)), &json!(again)]);
    let ways: Vec<&Json> = all[0]["ways"]
        .as_array()
        .unwrap()
        .iter()
        .map(|way| &way["what"])
        .collect();
    assert_eq!(ways, ["merge", "merge", "tell_apart"]);
}

#[test]
fn who_was_said_to_be_two_people_is_not_asked_about_again() {
    let (mut scene, again) = alike();
    assert_eq!(scene.decide("tell_apart", again, id(ANJU)), FINE);
    assert_eq!(scene.waiting(), Vec::<Json>::new());
    assert_eq!(scene.found("Anju").len(), 2, "they are two people");
}

#[test]
fn merged_registrations_are_one_person_wherever_patients_are_listed() {
    let (mut scene, again) = twice();
    scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.decide("merge", id(ANJU), again), FINE);
    for name in ["Mathew", "Mathai"] {
        let found = scene.found(name);
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!(
            (&found[0]["patient"], &found[0]["bed"]),
            (&json!(id(ANJU)), &json!("01")),
            "{name}"
        );
        assert_eq!(found[0]["also"], json!(["Anju Mathai"]));
    }
    // Both stay readable, each with what it says, and with the history of the person.
    for (registration, name) in [(id(ANJU), "Anju Mathew"), (again, "Anju Mathai")] {
        let page = scene.view("patient", &json!({"id": registration}));
        assert_eq!(page["fields"]["name"], name);
        assert_eq!(page["encounters"].as_array().unwrap().len(), 1);
        assert_eq!(page["registrations"].as_array().unwrap().len(), 1);
        assert_eq!(
            (&page["allergy_status"], &page["allergies"]),
            (&json!("known"), &json!("Penicillin"))
        );
        assert_eq!(page["line"]["age_years"], 36, "what one leaves blank the other says");
        assert!(page["differing"].as_array().unwrap().contains(&json!("name")));
    }
    let args = json!({"patient": again, "bed": null, "at": null, "fields": {}});
    assert_eq!(scene.act("admit", &args), ["patient: already_admitted"]);
    let like = scene.view(
        "likely_same",
        &json!({"fields": {"name": "Anju Mathai"}, "except": id(ANJU)}),
    );
    assert_eq!(like, json!([]), "nobody is offered as likely the same as themselves");
}

#[test]
fn a_person_in_hospital_under_two_registrations_counts_once_when_they_are_merged() {
    let (mut scene, again) = twice();
    scene.admitted(ANJU, Some(BED_1));
    let other = Draft::new("encounter", scene.new_id()).with(&encounter::PATIENT, again);
    let other = other
        .with(&encounter::FACILITY, id(FACILITY))
        .with(&encounter::ADMITTED_AT, scene.now);
    scene.arrives(&other);
    assert_eq!(scene.view("war_room", &Json::Null)["admitted"], 2);
    assert_eq!(scene.decide("merge", id(ANJU), again), FINE);
    let room = scene.view("war_room", &Json::Null);
    assert_eq!((&room["admitted"], &room["admissions_today"]), (&json!(1), &json!(1)));
    assert_eq!(
        scene
            .view("patients", &json!({"which": "admitted"}))
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let all = scene.waiting();
    assert_eq!((all.len(), &all[0]["what"]), (1, &json!("admitted_twice")));
    assert_eq!(scene.decide("unmerge", again, id(ANJU)), FINE);
    assert_eq!(scene.view("war_room", &Json::Null)["admitted"], 2);
    assert_eq!(scene.waiting(), Vec::<Json>::new());
    assert_eq!(scene.found("Mathai").len(), 1);
    assert_eq!(scene.found("Mathai")[0]["also"], json!([]));
}

#[test]
fn who_was_told_apart_can_be_merged_after_all_and_the_other_way_round() {
    let (mut scene, again) = alike();
    assert_eq!(scene.decide("tell_apart", id(ANJU), again), FINE);
    assert_eq!(scene.decide("merge", again, id(ANJU)), FINE);
    assert_eq!(scene.waiting(), Vec::<Json>::new());
    assert_eq!(scene.found("Anju").len(), 1);
    assert_eq!(scene.decide("merge", id(ANJU), again), ["same_as: already_merged"]);
    assert_eq!(scene.decide("tell_apart", id(ANJU), again), ["second: already_merged"]);
    assert_eq!(scene.decide("unmerge", id(ANJU), again), FINE);
    assert_eq!(scene.waiting(), Vec::<Json>::new());
    assert_eq!(scene.found("Anju").len(), 2);
    assert_eq!(scene.decide("unmerge", id(ANJU), again), ["same_as: not_merged"]);
}

#[test]
fn two_desks_that_merge_each_way_make_one_person_all_the_same() {
    let (mut scene, again) = twice();
    for (from, to) in [(id(ANJU), again), (again, id(ANJU))] {
        let record = scene.world.get("patient", from).unwrap().unwrap();
        scene.world.put(record.with(&patient::SAME_AS, to));
    }
    assert_eq!(scene.found("Mathew").len(), 1);
    assert_eq!(scene.decide("unmerge", again, id(ANJU)), FINE);
    assert_eq!(scene.found("Anju").len(), 2);
}
