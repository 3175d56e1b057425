//! What an import takes, refuses and reports, on small dumps written here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use care::{File, Release, import};
use domain::Value;

const FACILITY: &str = r#"{"model":"facility.facility","pk":1,"fields":{"name":"Taluk Hospital","facility_type":830}}"#;

fn read(items: &[&str]) -> care::Import {
    read_as(items, Release::C24)
}

fn read_as(items: &[&str], release: Release) -> care::Import {
    let text = format!("[\n{}\n]", items.join(",\n"));
    import(
        &[File {
            name: "dump.json".into(),
            text,
        }],
        release,
    )
}

#[test]
fn a_bad_record_is_named_with_line_field_and_reason_and_keeps_no_good_one_out() {
    let good = r#"{"model":"facility.patientregistration","pk":1,"fields":{"name":"A B","facility":1,"gender":2}}"#;
    let bad = r#"{"model":"facility.patientregistration","pk":2,"fields":{"name":"C D","facility":1,"date_of_birth":"yesterday"}}"#;
    let orphan = r#"{"model":"facility.patientregistration","pk":3,"fields":{"name":"E F","facility":9}}"#;
    let made = read(&[FACILITY, good, bad, orphan]);
    let faults: Vec<_> = made
        .report
        .faults
        .iter()
        .map(|f| (f.line, f.field.as_str(), f.reason.as_str()))
        .collect();
    assert_eq!(
        faults,
        [(4, "date_of_birth", "wrong_type"), (5, "facility", "unknown_reference")]
    );
    assert_eq!(made.report.taken["facility.patientregistration"], 1);
    assert_eq!(made.facilities.values().next().unwrap().len(), 1);
}

#[test]
fn unknown_codes_and_models_are_reported_and_not_fatal() {
    let patient =
        r#"{"model":"facility.patientregistration","pk":1,"fields":{"name":"A B","facility":1,"disease_status":77}}"#;
    let made = read(&[
        FACILITY,
        patient,
        r#"{"model":"facility.spaceship","pk":1,"fields":{}}"#,
    ]);
    assert_eq!(
        made.report.unknown_codes["facility.patientregistration.disease_status=77"],
        1
    );
    assert_eq!(made.report.without_kind["facility.spaceship"], 1);
    assert_eq!(made.report.taken["facility.patientregistration"], 1);
}

#[test]
fn a_code_that_changed_its_meaning_is_read_as_its_release_meant_it() {
    let patient = r#"{"model":"facility.patientregistration","pk":1,"fields":{"name":"A B","facility":1}}"#;
    let stay = r#"{"model":"facility.patientconsultation","pk":1,"fields":{"patient":1,"facility":1,"symptoms":"8","admitted":true,"encounter_date":"2022-05-06T08:47:53Z"}}"#;
    let symptoms = |release| {
        let made = read_as(&[FACILITY, patient, stay], release);
        made.facilities.values().next().unwrap()[1].fields["symptoms"].clone()
    };
    assert!(symptoms(Release::C22) == Value::Codes(["vomiting_or_diarrhoea".into()].into()));
    assert!(symptoms(Release::C24) == Value::Codes(["vomiting".into()].into()));
}

#[test]
fn a_second_import_gives_the_same_ids() {
    let ids = || {
        read(&[FACILITY])
            .district
            .iter()
            .map(|draft| draft.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(), ids());
}
