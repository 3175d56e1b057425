//! Who is erased, with what, and what stands against it.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use domain::Value;
use domain::access::{ROLES, Verb, may};
use domain::entities::{audit_event, consent, erased, erasure};
use domain::erasure::{Cause, MOST_NAMED, Name, drafts, erases, named, records, referred};

impl Scene {
    fn ask(&mut self, patient: RecordId) -> Vec<String> {
        let asked = Draft::new("erasure", self.new_id()).with(&erasure::PATIENT, patient);
        let asked = asked.with(&erasure::REASON, "asked").with(&erasure::ASKED_ON, day(19));
        self.save(vec![asked])
    }

    fn names(&self, patient: u128) -> BTreeSet<Name> {
        let all = records(&self.world, &|_| Ok(Vec::new()), id(patient)).unwrap();
        all.into_iter().map(|record| (record.kind, record.id)).collect()
    }

    fn leaves(&mut self, encounter: RecordId) {
        let args =
            json!({"encounter": encounter, "at": null, "clean": false, "fields": {"discharge_reason": "recovered"}});
        assert_eq!(self.act("discharge", &args), FINE);
    }
}

#[test]
fn everything_that_refers_to_the_person_goes_and_what_only_mentions_them_stays() {
    let mut scene = Scene::at_noon();
    let admission = scene.admitted(ANJU, Some(BED_1));
    let again = Record::new("patient", id(77)).with(&patient::SAME_AS, id(ANJU));
    scene.world.put(again);
    let agreed = Record::new("consent", id(78)).with(&consent::PATIENT, id(77));
    scene.world.put(agreed);
    let looked = Record::new("audit_event", id(79)).with(&audit_event::PATIENT, id(ANJU));
    scene.world.put(looked);
    scene.admitted(BINU, Some(BED_2));
    let names = scene.names(ANJU);
    let kinds: Vec<&str> = names.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["bed_stay", "consent", "encounter", "patient", "patient"]);
    assert!(names.contains(&("encounter".to_owned(), admission)));
    assert_eq!(scene.names(CHITRA).len(), 1);
    assert_eq!(scene.names(999), BTreeSet::new());
}

#[test]
fn an_erasure_is_asked_for_once_and_of_who_has_left() {
    let mut scene = Scene::at_noon();
    let admission = scene.admitted(ANJU, Some(BED_1));
    assert_eq!(scene.ask(id(ANJU)), ["patient: erasure_is_in"]);
    scene.now = at(20, 13, 0);
    scene.leaves(admission);
    assert_eq!(scene.ask(id(ANJU)), FINE);
    assert_eq!(scene.ask(id(ANJU)), ["patient: erasure_asked_already"]);
    assert_eq!(scene.ask(id(999)), ["patient: erasure_not_registered"]);
    let tomorrow = Draft::new("erasure", scene.new_id()).with(&erasure::PATIENT, id(BINU));
    let tomorrow = tomorrow
        .with(&erasure::REASON, "asked")
        .with(&erasure::ASKED_ON, day(25));
    assert_eq!(scene.save(vec![tomorrow]), ["asked_on: in_the_future?"]);
}

#[test]
fn nobody_is_erased_who_may_be_somebody_else_until_that_is_decided() {
    let mut scene = Scene::at_noon();
    let again = scene.new_id();
    for number in [id(77), again] {
        let one = Record::new("patient", number).with(&patient::NAME, "Lakshmi Menon");
        scene.world.put(one.with(&patient::PHONE, "9847012345"));
    }
    assert_eq!(scene.ask(id(77)), ["patient: erasure_in_conflict"]);
    let args = json!({"what": "tell_apart", "kind": "patient", "record": id(77), "other": again, "bed": null, "at": null, "reason": null});
    assert_eq!(scene.act("decide", &args), FINE);
    assert_eq!(scene.ask(id(77)), FINE);
}

#[test]
fn what_is_erased_is_named_by_one_action_and_read_back_whole() {
    let names: BTreeSet<Name> = (0..5_001).map(|number| ("round".to_owned(), id(number))).collect();
    let asked = Record::new("erasure", id(7)).with(&erasure::ASKED_ON, day(19));
    let mut given = 100_000;
    let cause = Cause::Asked {
        request: &asked,
        by: Some(id(100)),
    };
    let written = drafts(&names, cause, at(20, 12, 0), || {
        given += 1;
        id(given)
    });
    assert_eq!(written.len(), 5_001_usize.div_ceil(MOST_NAMED));
    let read: BTreeSet<Name> = written
        .iter()
        .flat_map(|draft| named(&draft.kind, &draft.fields))
        .collect();
    assert_eq!(read, names);
    let longest = written.iter().filter_map(|draft| match draft.fields.get("records") {
        Some(Value::Text(text)) => Some(text.chars().count()),
        _ => None,
    });
    assert!(longest.max().is_some_and(|longest| longest <= 200_000));
    let mut fields = written[0].fields.clone();
    assert_eq!(
        named("round", &fields),
        BTreeSet::new(),
        "of another kind it is a text like any other"
    );
    let odd = "round\nround x\n\nround 00000000-0000-0000-0000-000000000005";
    fields.insert("records".to_owned(), Value::Text(odd.to_owned()));
    assert_eq!(named("erased", &fields), [("round".to_owned(), id(5))].into());
}

#[test]
fn nobody_writes_what_erases_but_the_district() {
    assert!(erases("erased") && !erases("erasure") && !erases("no such kind"));
    assert!(ROLES.iter().all(|role| !may(role.word, Verb::Write, "erased")));
    let mut scene = Scene::at_noon();
    let forged = Draft::new("erased", scene.new_id()).with(&erased::RECORDS, format!("patient {}", id(ANJU)));
    let forged = forged.with(&erased::AT, scene.now);
    assert_eq!(scene.save(vec![forged]), [": written_once"]);
}

#[test]
fn what_is_referred_to_is_more_than_mentioned() {
    let fields: BTreeMap<String, Value> = [("patient".to_owned(), Value::Ref(id(ANJU)))].into();
    assert_eq!(referred("consent", &fields), [("patient".to_owned(), id(ANJU))].into());
    assert_eq!(referred("audit_event", &fields), BTreeSet::new());
    assert_eq!(referred("erasure", &fields), BTreeSet::new());
}
