//! Code lists map to Care's codes and back, and codes that changed their meaning are told apart.

use std::collections::BTreeSet;

use domain::codes::release::{Release, category};
use domain::codes::{CodeList, audit, bed, consent, encounter, erasure, facility, patient, person, round, stock};
use domain::entities::ENTITIES;
use domain::field::Shape;

const LISTS: &[&CodeList] = &[
    &domain::codes::YES_NO,
    &audit::AUDITED,
    &audit::ENDED,
    &bed::BED_TYPE,
    &bed::HOLD_REASON,
    &bed::ROOM_TYPE,
    &bed::WARD_KIND,
    &consent::GIVEN_BY,
    &consent::HOW,
    &consent::PURPOSE,
    &erasure::REASON,
    &encounter::CATEGORY,
    &encounter::COVID_CATEGORY,
    &encounter::CURRENT_HEALTH,
    &encounter::DECISION,
    &encounter::DISCHARGE_REASON,
    &encounter::ROUTE,
    &encounter::SYMPTOM,
    &facility::FACILITY_TYPE,
    &facility::FEATURE,
    &facility::LOCAL_BODY_TYPE,
    &patient::ALLERGY_STATUS,
    &patient::BLOOD_GROUP,
    &patient::COMORBIDITY,
    &patient::DESIGNATION,
    &patient::DISEASE_STATUS,
    &patient::FOLLOW_UP,
    &patient::FRONTLINE_WORKER,
    &patient::GENDER,
    &patient::OCCUPATION,
    &patient::RATION_CARD,
    &patient::SOURCE,
    &patient::TEST_TYPE,
    &patient::VACCINE,
    &person::ROLE,
    &person::SPECIALISATION,
    &round::CONSCIOUSNESS,
    &round::LIMB_RESPONSE,
    &round::OXYGEN_DEVICE,
    &round::PUPIL_REACTION,
    &round::RHYTHM,
    &round::ROUND_TYPE,
    &round::SPO2_SCALE,
    &round::VENTILATOR_INTERFACE,
    &round::VENTILATOR_MODE,
    &stock::ITEM_TAG,
    &stock::MOVEMENT,
    &stock::UNIT,
    &domain::entities::triage::SHIFT_LIST,
];

#[test]
fn words_and_names_are_unique_and_plain() {
    let mut names = BTreeSet::new();
    for list in LISTS {
        assert!(names.insert(list.name), "{}", list.name);
        let words: BTreeSet<&str> = list.codes.iter().map(|code| code.word).collect();
        assert_eq!(words.len(), list.codes.len(), "{}", list.name);
        for code in list.codes {
            assert!(
                code.word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{}",
                code.word
            );
            assert!(!code.label.is_empty());
        }
    }
}

#[test]
fn every_code_of_care_gives_its_word_and_every_word_its_newest_code() {
    for list in LISTS {
        for code in list.codes {
            for care in code.care {
                assert_eq!(list.from_care(care), Some(code.word), "{} {care}", list.name);
            }
            assert_eq!(list.to_care(code.word), code.care.first().copied());
        }
        assert_eq!(list.from_care("no such code"), None);
        assert_eq!(list.to_care("no such word"), None);
    }
}

#[test]
fn every_list_that_a_field_uses_is_tried_here() {
    let used = ENTITIES
        .iter()
        .flat_map(|entity| entity.all_fields())
        .filter_map(|about| match about.shape {
            Shape::Code(list) | Shape::Codes(list) => Some(list.name),
            _ => None,
        });
    let tried: BTreeSet<&str> = LISTS.iter().map(|list| list.name).collect();
    assert_eq!(
        used.filter(|name| !tried.contains(name)).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
}

#[test]
fn codes_that_changed_their_meaning_are_read_as_their_release_meant_them() {
    let (c22, c24) = (Release::C22, Release::C24);
    let check = |list: &CodeList, code: &str, in_22: Option<&str>, in_24: Option<&str>| {
        assert_eq!(list.from_release(c22, code), in_22, "{} {code} in 2022", list.name);
        assert_eq!(list.from_release(c24, code), in_24, "{} {code} in 2024", list.name);
    };
    check(
        &encounter::SYMPTOM,
        "8",
        Some("vomiting_or_diarrhoea"),
        Some("vomiting"),
    );
    check(&encounter::SYMPTOM, "10", Some("sari"), None);
    check(&encounter::SYMPTOM, "17", None, Some("diarrhoea"));
    check(&encounter::SYMPTOM, "4", Some("cough"), Some("cough"));
    check(&patient::FOLLOW_UP, "10", Some("pending"), Some("no_action"));
    check(&patient::FOLLOW_UP, "20", None, Some("pending"));
    check(&patient::FOLLOW_UP, "90", None, Some("discharge_recommended"));
    check(&patient::FOLLOW_UP, "70", Some("review"), Some("review"));
    check(
        &round::CONSCIOUSNESS,
        "0",
        Some("cannot_be_assessed"),
        Some("cannot_be_assessed"),
    );
    check(&round::CONSCIOUSNESS, "5", Some("alert"), Some("alert"));
    check(&round::CONSCIOUSNESS, "10", Some("drowsy"), Some("voice"));
    check(&round::CONSCIOUSNESS, "15", Some("stuporous"), Some("pain"));
    check(&round::CONSCIOUSNESS, "20", Some("comatose"), Some("unresponsive"));
    check(
        &round::CONSCIOUSNESS,
        "25",
        Some("cannot_be_assessed"),
        Some("agitated_or_confused"),
    );
    check(&round::CONSCIOUSNESS, "30", None, Some("confused"));
}

#[test]
fn a_moderate_of_one_release_is_not_the_moderate_of_the_other() {
    let read = |release, code| category(release, code).map(|(list, word)| (list.name, word));
    assert_eq!(read(Release::C22, "Moderate"), Some(("covid_category", "category_b")));
    assert_eq!(read(Release::C24, "Moderate"), Some(("category", "moderate")));
    assert_eq!(read(Release::C22, "ASYM"), Some(("covid_category", "asymptomatic")));
    assert_eq!(read(Release::C24, "ASYM"), None);
    assert_eq!(read(Release::C24, "Comfort"), Some(("category", "comfort")));
    assert_eq!(read(Release::C22, "Critical"), None);
}

#[test]
fn facility_types_that_care_merged_become_the_type_they_became() {
    for (code, word) in [
        ("8", "medical_college"),
        ("870", "medical_college"),
        ("801", "primary_health_centre"),
        ("820", "primary_health_centre"),
        ("831", "taluk_hospital"),
        ("850", "district_hospital"),
        ("950", "government_lab"),
        ("1000", "other"),
        ("1600", "district_war_room"),
    ] {
        assert_eq!(facility::FACILITY_TYPE.from_care(code), Some(word), "{code}");
    }
}

#[test]
fn recovery_is_recovered_as_care_saves_it() {
    assert_eq!(patient::DISEASE_STATUS.from_care("4"), Some("recovered"));
    assert_eq!(patient::DISEASE_STATUS.to_care("recovered"), Some("5"));
}

#[test]
fn conversions_name_units_that_exist() {
    for (from, to, factor) in stock::CONVERSIONS {
        assert!(stock::UNIT.has(from) && stock::UNIT.has(to) && *factor > 1);
    }
}
