//! Daily rounds of Care, field by field: what each becomes here, and what has no place.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use care::{File, Import, Release, import};
use domain::codes::{CodeList, encounter, round as list};
use domain::scores::news2;
use domain::{Decimal, Record, Time, Value};
use serde_json::{Value as Json, json};

/// An import of one round with these fields.
fn imported(fields: &Json, release: Release) -> Import {
    let mut round = json!({ "consultation": 1, "taken_at": "2024-03-01T06:30:00Z", "pulse": 80 });
    for (name, value) in fields.as_object().unwrap() {
        round[name] = value.clone();
    }
    let item = |model: &str, fields: Json| json!({ "model": format!("facility.{model}"), "pk": 1, "fields": fields });
    let dump = json!([
        item("facility", json!({ "name": "Taluk Hospital", "facility_type": 830 })),
        item("patientregistration", json!({ "name": "A B", "facility": 1 })),
        item(
            "patientconsultation",
            json!({ "patient": 1, "facility": 1, "admitted": true, "encounter_date": "2024-02-29T08:00:00Z" })
        ),
        item("dailyround", round),
    ]);
    let file = File {
        name: "dump.json".into(),
        text: dump.to_string(),
    };
    import(&[file], release)
}

fn round(fields: Json, release: Release) -> Record {
    let made = imported(&fields, release);
    let draft = made
        .facilities
        .values()
        .flatten()
        .find(|draft| draft.kind == "round")
        .unwrap_or_else(|| panic!("{fields}: {:?}", made.report.faults));
    let mut record = Record::new("round", draft.id);
    record.fields = draft.fields.clone().into();
    record
}

fn check(fields: Json, field: &str, expected: Value) {
    for release in [Release::C22, Release::C24] {
        let record = round(fields.clone(), release);
        assert!(
            record.value(field) == &expected,
            "{release:?} {fields}: {:?}",
            plain(record.value(field))
        );
    }
}

fn plain(value: &Value) -> Json {
    serde_json::to_value(value).unwrap()
}

fn code(word: &str) -> Value {
    Value::Code(word.into())
}

fn decimal(digits: i64, scale: u8) -> Value {
    Value::Decimal(Decimal::new(digits, scale))
}

#[test]
fn every_measure_of_a_round_comes_over() {
    // Care's dumps write decimals as texts and whole numbers as numbers.
    check(json!({ "temperature": "98.60" }), "temperature", decimal(370, 1));
    check(json!({ "temperature": "95.00" }), "temperature", decimal(350, 1));
    check(json!({ "temperature": 102.2 }), "temperature", decimal(390, 1));
    check(json!({ "temperature": "0.00" }), "temperature", Value::Empty);
    check(
        json!({ "bp": { "systolic": 118, "diastolic": 76.0, "mean": 90 } }),
        "systolic",
        Value::Int(118),
    );
    check(
        json!({ "bp": { "systolic": 118, "diastolic": 76.0 } }),
        "diastolic",
        Value::Int(76),
    );
    check(
        json!({ "bp": { "systolic": -1, "diastolic": -1 } }),
        "systolic",
        Value::Empty,
    );
    check(json!({ "resp": 18 }), "respiratory_rate", Value::Int(18));
    check(json!({ "pulse": 91 }), "pulse", Value::Int(91));
    check(json!({ "ventilator_spo2": 97 }), "spo2", Value::Int(97));
    check(json!({ "spo2": "96.00" }), "spo2", Value::Int(96));
    check(json!({ "archived_spo2": "95.00" }), "spo2", Value::Int(95));
    check(
        json!({ "ventilator_spo2": 97, "spo2": "96.00" }),
        "spo2",
        Value::Int(97),
    );
    check(json!({ "pain": 7 }), "pain", Value::Int(7));
    check(json!({ "blood_sugar_level": 142 }), "blood_sugar", Value::Int(142));
    check(json!({ "insulin_intake_dose": "12.50" }), "insulin", decimal(125, 1));
    check(json!({ "glasgow_eye_open": 4 }), "gcs_eye", Value::Int(4));
    check(json!({ "glasgow_verbal_response": 5 }), "gcs_verbal", Value::Int(5));
    check(json!({ "glasgow_motor_response": 6 }), "gcs_motor", Value::Int(6));
    check(json!({ "left_pupil_size": 3 }), "pupil_left", Value::Int(3));
    check(json!({ "right_pupil_size": 0 }), "pupil_right", Value::Int(0));
    check(json!({ "ventilator_fi02": 45 }), "fio2", Value::Int(45));
    check(json!({ "ventilator_fio2": 45 }), "fio2", Value::Int(45));
    check(
        json!({ "ventilator_fi02": 45, "ventilator_fio2": null }),
        "fio2",
        Value::Int(45),
    );
    check(json!({ "ventilator_peep": "7.50" }), "peep", Value::Int(8));
    check(json!({ "ventilator_pip": 22 }), "pip", Value::Int(22));
    check(
        json!({ "ventilator_mean_airway_pressure": 12 }),
        "mean_airway_pressure",
        Value::Int(12),
    );
    check(json!({ "ventilator_resp_rate": 16 }), "ventilator_rate", Value::Int(16));
    check(
        json!({ "ventilator_pressure_support": 10 }),
        "pressure_support",
        Value::Int(10),
    );
    check(
        json!({ "ventilator_tidal_volume": 420 }),
        "tidal_volume",
        Value::Int(420),
    );
    check(json!({ "etco2": 38 }), "etco2", Value::Int(38));
    check(json!({ "ph": "7.38" }), "ph", decimal(738, 2));
    check(json!({ "pco2": 41 }), "pco2", Value::Int(41));
    check(json!({ "po2": 88 }), "po2", Value::Int(88));
    check(json!({ "hco3": "24.50" }), "bicarbonate", decimal(245, 1));
    check(json!({ "base_excess": -3 }), "base_excess", decimal(-30, 1));
    check(json!({ "lactate": "1.80" }), "lactate", decimal(18, 1));
    check(json!({ "sodium": "138.00" }), "sodium", Value::Int(138));
    check(json!({ "potassium": "4.25" }), "potassium", decimal(43, 1));
    check(json!({ "other_details": "Seen" }), "note", Value::Text("Seen".into()));
    check(
        json!({ "physical_examination_info": "Clear" }),
        "examination",
        Value::Text("Clear".into()),
    );
    check(
        json!({ "recommend_discharge": true }),
        "recommend_discharge",
        code("yes"),
    );
    check(json!({}), "at", Value::Time(Time(1_709_274_600_000)));
    let entered = json!({ "taken_at": null, "created_date": "2024-03-01T06:40:00Z" });
    check(entered, "at", Value::Time(Time(1_709_275_200_000)));
    let measured = json!({ "taken_at": null, "temperature_measured_at": "2024-03-01T06:30:00Z", "created_date": "2024-03-01T06:40:00Z" });
    check(measured, "at", Value::Time(Time(1_709_274_600_000)));
}

#[test]
fn flows_and_fluids_are_taken_from_where_somebody_wrote_them() {
    let rate = |modality: i64, rate: Json, flow: Json| {
        json!({
            "ventilator_oxygen_modality": modality,
            "ventilator_oxygen_modality_oxygen_rate": rate,
            "ventilator_oxygen_modality_flow_rate": flow,
        })
    };
    check(rate(5, json!(4), json!(null)), "oxygen_flow", decimal(40, 1));
    check(rate(10, json!(8), json!(50)), "oxygen_flow", decimal(80, 1));
    check(rate(20, json!(8), json!(50)), "oxygen_flow", decimal(500, 1));
    check(rate(20, json!(8), json!(0)), "oxygen_flow", decimal(80, 1));
    check(rate(0, json!(null), json!(null)), "oxygen_flow", Value::Empty);
    // Care computes the totals at each save, of empty lists too.
    check(
        json!({ "total_intake_calculated": "1250.00" }),
        "intake",
        Value::Int(1_250),
    );
    check(
        json!({ "total_output_calculated": "900.00" }),
        "output",
        Value::Int(900),
    );
    check(
        json!({ "total_intake_calculated": "0.00", "iv_fluids": [] }),
        "intake",
        Value::Empty,
    );
    let zero = json!({ "total_output_calculated": "0.00", "output": [{ "name": "Urine", "quantity": 0 }] });
    check(zero, "output", Value::Int(0));
    let lists = json!({
        "infusions": [{ "name": "x", "quantity": 50 }], "iv_fluids": [{ "name": "y", "quantity": 500 }],
        "feeds": [{ "name": "z", "quantity": 200, "calories": 90 }],
    });
    check(lists, "intake", Value::Int(750));
}

/// Care's field, the field here, its list, and the codes both releases share.
const SHARED_CODES: &[(&str, &str, &CodeList, &[i64])] = &[
    ("rounds_type", "round_type", &list::ROUND_TYPE, &[0, 100, 200, 300, 400]),
    ("rhythm", "rhythm", &list::RHYTHM, &[5, 10]),
    (
        "left_pupil_light_reaction",
        "pupil_left_reaction",
        &list::PUPIL_REACTION,
        &[5, 10, 15, 20],
    ),
    (
        "right_pupil_light_reaction",
        "pupil_right_reaction",
        &list::PUPIL_REACTION,
        &[5, 10, 15, 20],
    ),
    (
        "limb_response_upper_extremity_left",
        "left_arm",
        &list::LIMB_RESPONSE,
        &[5, 10, 15, 20, 25, 30],
    ),
    (
        "limb_response_upper_extremity_right",
        "right_arm",
        &list::LIMB_RESPONSE,
        &[5, 10, 15, 20, 25, 30],
    ),
    (
        "limb_response_lower_extremity_left",
        "left_leg",
        &list::LIMB_RESPONSE,
        &[5, 10, 15, 20, 25, 30],
    ),
    (
        "limb_response_lower_extremity_right",
        "right_leg",
        &list::LIMB_RESPONSE,
        &[5, 10, 15, 20, 25, 30],
    ),
    (
        "ventilator_interface",
        "ventilator_interface",
        &list::VENTILATOR_INTERFACE,
        &[5, 10, 15],
    ),
    (
        "ventilator_mode",
        "ventilator_mode",
        &list::VENTILATOR_MODE,
        &[5, 10, 15, 20, 25, 30, 40, 45, 50],
    ),
    (
        "ventilator_oxygen_modality",
        "oxygen_device",
        &list::OXYGEN_DEVICE,
        &[5, 10, 15, 20],
    ),
    ("current_health", "condition", &encounter::CURRENT_HEALTH, &[1, 2, 3, 4]),
];

#[test]
fn numeric_codes_become_words_and_words_the_same_codes() {
    for (theirs, ours, list, codes) in SHARED_CODES {
        for number in *codes {
            for release in [Release::C22, Release::C24] {
                let record = round(json!({ *theirs: number }), release);
                let Value::Code(word) = record.value(ours) else {
                    panic!("{theirs} {number} has no word");
                };
                assert_eq!(list.to_care(word), Some(number.to_string().as_str()), "{theirs} {word}");
            }
        }
    }
}

#[test]
fn what_nobody_chose_is_no_finding() {
    for (theirs, ours, ..) in SHARED_CODES.iter().filter(|(theirs, ..)| *theirs != "rounds_type") {
        check(json!({ *theirs: 0 }), ours, Value::Empty);
        check(json!({ *theirs: null }), ours, Value::Empty);
    }
    check(json!({ "consciousness_level": 0 }), "consciousness", Value::Empty);
}

#[test]
fn codes_that_changed_their_meaning_are_read_as_their_release_meant_them() {
    let check = |field: &str, number: Json, ours: &str, release: Release, expected: Option<&str>| {
        let record = round(json!({ field: number }), release);
        assert!(
            record.value(ours) == &expected.map_or(Value::Empty, code),
            "{release:?} {field} {number}"
        );
    };
    let consciousness = [
        (5, Some("alert"), Some("alert")),
        (10, Some("drowsy"), Some("voice")),
        (15, Some("stuporous"), Some("pain")),
        (20, Some("comatose"), Some("unresponsive")),
        (25, Some("cannot_be_assessed"), Some("agitated_or_confused")),
        (30, None, Some("confused")),
    ];
    for (number, then, now) in consciousness {
        check(
            "consciousness_level",
            json!(number),
            "consciousness",
            Release::C22,
            then,
        );
        check("consciousness_level", json!(number), "consciousness", Release::C24, now);
        let word = now.unwrap();
        assert_eq!(list::CONSCIOUSNESS.to_care(word), Some(number.to_string().as_str()));
    }
    for (written, word) in [
        ("Comfort", "comfort"),
        ("Stable", "stable"),
        ("Moderate", "moderate"),
        ("Critical", "critical"),
        ("ActivelyDying", "actively_dying"),
    ] {
        check("patient_category", json!(written), "category", Release::C24, Some(word));
        assert_eq!(encounter::CATEGORY.to_care(word), Some(written));
    }
    // Then it was the Covid category, which is another thing.
    check("patient_category", json!("Moderate"), "category", Release::C22, None);
}

#[test]
fn oxygen_is_told_from_device_flow_fio2_and_support_and_never_guessed() {
    let yes = [
        json!({ "ventilator_oxygen_modality": 5 }),
        json!({ "ventilator_oxygen_modality_oxygen_rate": 2 }),
        json!({ "ventilator_oxygen_modality_flow_rate": 40 }),
        json!({ "ventilator_fi02": 40 }),
        json!({ "ventilator_interface": 15 }),
        json!({ "ventilator_interface": 5 }),
        json!({ "ventilator_interface": 10, "ventilator_fio2": 30 }),
    ];
    let no = [
        json!({ "ventilator_fio2": 21 }),
        json!({ "ventilator_interface": 5, "ventilator_fi02": 21 }),
        json!({ "ventilator_oxygen_modality": 0, "ventilator_oxygen_modality_oxygen_rate": 0 }),
    ];
    let unsaid = [
        json!({}),
        json!({ "ventilator_interface": 0, "ventilator_oxygen_modality": 0 }),
        json!({ "ventilator_spo2": 99 }),
    ];
    for fields in yes {
        check(fields, "on_oxygen", code("yes"));
    }
    for fields in no {
        check(fields, "on_oxygen", code("no"));
    }
    for fields in unsaid {
        check(fields, "on_oxygen", Value::Empty);
    }
}

#[test]
fn an_imported_round_with_every_input_has_a_news2_and_one_without_oxygen_has_none() {
    let mut fields = json!({
        "temperature": "101.30", "resp": 22, "ventilator_spo2": 93, "bp": { "systolic": 105, "diastolic": 70 },
        "pulse": 112, "consciousness_level": 5, "ventilator_oxygen_modality": 5,
        "ventilator_oxygen_modality_oxygen_rate": 2,
    });
    // 38.5 °C 1, respiration 2, saturation 2, oxygen 2, pressure 1, pulse 2, alert 0.
    assert_eq!(news2::of(&round(fields.clone(), Release::C24)).score(), Some(10));
    fields["ventilator_oxygen_modality"] = json!(0);
    fields["ventilator_oxygen_modality_oxygen_rate"] = json!(null);
    let without = news2::of(&round(fields, Release::C24));
    assert_eq!((without.score(), without.missing()), (None, &["on_oxygen"][..]));
}

#[test]
fn what_has_no_place_is_counted_and_named() {
    let fields = json!({
        "bilateral_air_entry": false, "in_prone_position": true, "consciousness_level_detail": "sleepy",
        "insulin_intake_frequency": 10, "infusions": [{ "name": "x", "quantity": 5 }],
        "dialysis_fluid_balance": 0, "pressure_sore": [{ "region": "sacrum" }], "nursing": [],
        "bp": { "mean": 80 }, "ventilator_spo2": 97, "spo2": "91.00", "glasgow_total_calculated": 0,
        "ventilator_peep": "7.50", "rounds_type": 30, "meta": { "dialysis": true }, "is_parsed_by_ocr": false,
        "temperature": "101.30",
    });
    let report = imported(&fields, Release::C24).report;
    let named: Vec<&str> = report
        .without_place
        .keys()
        .map(|name| name.trim_start_matches("facility.dailyround."))
        .collect();
    assert_eq!(
        named,
        [
            "bilateral_air_entry",
            "bp.mean",
            "consciousness_level_detail",
            "dialysis_fluid_balance",
            "in_prone_position",
            "infusions",
            "insulin_intake_frequency",
            "meta.dialysis",
            "pressure_sore",
            "spo2",
        ]
    );
    assert_eq!(
        report.rounded.keys().collect::<Vec<_>>(),
        ["facility.dailyround.ventilator_peep"]
    );
    assert_eq!(report.unknown_codes["facility.dailyround.rounds_type=30"], 1);
    let covid = imported(&json!({ "patient_category": "Moderate" }), Release::C22).report;
    assert_eq!(covid.without_place["facility.dailyround.patient_category (Covid)"], 1);
    let odd = imported(&json!({ "patient_category": "Purple" }), Release::C24).report;
    assert_eq!(odd.unknown_codes["facility.dailyround.patient_category=Purple"], 1);
}

#[test]
fn a_measure_of_the_wrong_type_or_impossible_keeps_its_round_out_and_names_it() {
    let check = |fields: Json, field: &str, reason: &str| {
        let report = imported(&fields, Release::C24).report;
        let faults: Vec<_> = report
            .faults
            .iter()
            .map(|fault| (fault.field.as_str(), fault.reason.as_str()))
            .collect();
        assert_eq!(faults, [(field, reason)], "{fields}");
        assert_eq!(report.refused["facility.dailyround"], 1);
    };
    check(json!({ "temperature": "warm" }), "temperature", "wrong_type");
    check(json!({ "temperature": "9.80" }), "temperature", "out_of_range");
    check(
        json!({ "ventilator_tidal_volume": "big" }),
        "ventilator_tidal_volume",
        "wrong_type",
    );
    check(json!({ "sodium": "1380.00" }), "sodium", "out_of_range");
    check(
        json!({ "bp": { "systolic": 70, "diastolic": 90 } }),
        "diastolic",
        "diastolic_not_below_systolic",
    );
}
