//! Finding people by what somebody typed: in two scripts, by part, by sound, by phone, by number.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

mod rig;

use rig::{Desk, id, patient, text};

/// Patients as the tests know them: number, name, name in own script, phone, hospital number.
const PATIENTS: [(u128, &str, &str, &str, &str); 8] = [
    (1, "Lakshmi Nair", "", "9847012345", "IP-2026/0045"),
    (2, "Laxmi Menon", "", "+91 98470 99999", "IP-2026/0046"),
    (3, "ലക്ഷ്മി വർമ്മ", "", "04842345678", ""),
    (4, "Muhammed Riyas", "മുഹമ്മദ് റിയാസ്", "9895011111", "OP-77"),
    (5, "Jayalakshmi K", "", "", ""),
    (6, "Anju Thomas", "", "", ""),
    (7, "लक्ष्मी शर्मा", "", "", ""),
    (8, "Lakshman Rao", "", "", ""),
];

fn hospital() -> Desk {
    let mut desk = Desk::new(1);
    let draft = |(number, name, own, phone, hospital): (u128, &str, &str, &str, &str)| {
        patient(number)
            .with_value("name", text(name))
            .with_value("local_name", text(own))
            .with_value("phone", text(phone))
            .with_value("hospital_number", text(hospital))
    };
    desk.save(PATIENTS.into_iter().map(draft).collect());
    desk
}

fn found(desk: &Desk, typed: &str) -> Vec<u128> {
    let found = desk.read(|records| records.search("patient", typed, 20));
    found.into_iter().map(|id| id.0.as_u128()).collect()
}

fn check(desk: &Desk, typed: &str, expected: &[u128]) {
    let mut found = found(desk, typed);
    found.sort_unstable();
    assert_eq!(found, expected, "{typed}");
}

#[test]
fn names_are_found_in_any_script_and_by_sound() {
    let desk = hospital();
    let everyone_called_lakshmi: &[u128] = &[1, 2, 3, 5, 7];
    for typed in ["Lakshmi", "lakshmi ", "LAKSHMI", "ലക്ഷ്മി", "लक्ष्मी"] {
        let found = found(&desk, typed);
        for each in everyone_called_lakshmi.iter().filter(|each| **each != 5) {
            assert!(found.contains(each), "{typed}: {found:?}");
        }
    }
    check(&desk, "Laxmi", &[1, 2, 3, 7, 8]);
    check(&desk, "Mohamed", &[4]);
    check(&desk, "mohammad riaz", &[4]);
    check(&desk, "മുഹമ്മദ്", &[4]);
    check(&desk, "റിയാ", &[4]);
    check(&desk, "Varma", &[3]);
    check(&desk, "Sharma", &[7]);
}

#[test]
fn names_are_found_by_beginning_by_part_and_by_several_words() {
    let desk = hospital();
    check(&desk, "anj", &[6]);
    check(&desk, "tho an", &[6]);
    check(&desk, "kshman", &[8]);
    check(&desk, "lak nai", &[1]);
    check(&desk, "a", &[6]);
    check(&desk, "zzz", &[]);
    check(&desk, "", &[]);
    check(&desk, "\" OR * (", &[]);
    assert!(found(&desk, "ക്ഷ്മി").contains(&3));
}

#[test]
fn the_surest_come_first() {
    let desk = hospital();
    let found = found(&desk, "Lakshmi");
    let place = |number: u128| found.iter().position(|each| *each == number).unwrap();
    assert!(place(1) < place(5), "a whole word before a part: {found:?}");
    assert!(place(5) < place(2), "a part before a sound: {found:?}");
    let first = desk.read(|records| records.search("patient", "Lakshmi", 2));
    assert_eq!(first.len(), 2);
}

#[test]
fn phones_are_found_from_both_ends() {
    let desk = hospital();
    for typed in [
        "98470",
        "98470 12345",
        "+91 98470-12345",
        "09847012345",
        "12345",
        "0 12345",
    ] {
        assert!(found(&desk, typed).contains(&1), "{typed}");
    }
    check(&desk, "9999", &[2]);
    check(&desk, "919847099999", &[2]);
    check(&desk, "5678", &[3]);
    check(&desk, "12", &[]);
}

#[test]
fn identifiers_are_found_by_their_beginning() {
    let desk = hospital();
    check(&desk, "IP-2026/0045", &[1]);
    check(&desk, "ip20260045", &[1]);
    check(&desk, "ip-2026", &[1, 2]);
    check(&desk, "OP 77", &[4]);
}

#[test]
fn people_are_found_by_the_year_they_were_born_in_alone_and_with_a_name() {
    let mut desk = hospital();
    let born = |number: u128, name: &str, field: &str, value: domain::Value| {
        patient(number).with_value("name", text(name)).with_value(field, value)
    };
    let date = |year, month, day| domain::Value::Date(domain::Date::new(year, month, day).unwrap());
    desk.save(vec![
        born(20, "Kamala Devi", "birth_year", domain::Value::Int(1959)),
        born(21, "Kamala Devi", "birth_date", date(1959, 8, 15)),
        born(22, "Kamala Devi", "birth_year", domain::Value::Int(1964)),
        born(23, "Laxmi Devi", "birth_year", domain::Value::Int(1959)),
        patient(24)
            .with_value("name", text("Unni"))
            .with_value("phone", text("9847001959")),
    ]);
    check(&desk, "kamala 1959", &[20, 21]);
    check(&desk, "1959 kamala", &[20, 21]);
    check(&desk, "kam 195", &[20, 21]);
    check(&desk, "lakshmi 1959", &[23]);
    check(&desk, "കമല 1959", &[20, 21]);
    check(&desk, "kamala 1960", &[]);
    check(&desk, "1959", &[20, 21, 23, 24]);
    assert_eq!(
        found(&desk, "1959").first(),
        Some(&24),
        "few have the number, many were born that year"
    );
    check(&desk, "15", &[]);
    desk.save(vec![born(20, "Kamala Devi", "birth_year", domain::Value::Int(1958))]);
    check(&desk, "kamala 1959", &[21]);
    desk.assert_verified();
}

#[test]
fn an_edit_and_a_void_change_what_is_found() {
    let mut desk = hospital();
    desk.save(vec![patient(6).with_value("name", text("Rani Thomas"))]);
    check(&desk, "Anju", &[]);
    check(&desk, "Rani", &[6]);
    let yes = domain::Value::Code("yes".to_owned());
    let reason = text("Registered twice");
    desk.save(vec![
        patient(6).with_value("voided", yes).with_value("void_reason", reason),
    ]);
    check(&desk, "Rani", &[]);
    assert!(desk.read(|records| records.get("patient", id(6))).is_some());
    desk.assert_verified();
}

#[test]
fn each_kind_is_searched_for_itself() {
    let mut desk = hospital();
    let unit = domain::Value::Code("piece".to_owned());
    let item = domain::Draft::new("item", id(100)).with_value("name", text("Lakshmi mask"));
    let unit = match domain::entities::entity("item")
        .and_then(|item| item.field("unit"))
        .map(|unit| unit.shape)
    {
        Some(domain::field::Shape::Code(list)) => domain::Value::Code(list.codes[0].word.to_owned()),
        _ => unit,
    };
    desk.save(vec![item.with_value("unit", unit)]);
    let items = desk.read(|records| records.search("item", "lakshmi", 20));
    assert_eq!(items, [id(100)]);
    assert!(!found(&desk, "mask").contains(&100));
}

/// Who is offered as the same person while somebody types these fields.
fn alike(desk: &Desk, fields: &serde_json::Value) -> Vec<(u128, String)> {
    let ctx = domain::world::Ctx {
        now: domain::Time(0),
        today: domain::Date::new(2026, 11, 20).unwrap(),
        utc_offset_minutes: 330,
        facility: id(900),
        person: id(901),
        role: "nurse".to_owned(),
        heard: None,
    };
    let args = serde_json::json!({ "fields": fields, "except": null });
    let found = desk.read(|records| {
        let shown = domain::views::view("likely_same", &args, records, &ctx);
        shown.map_err(|why| domain::world::Unreadable(why.to_string()))
    });
    let found: serde_json::Value = serde_json::from_str(found.get()).unwrap();
    let each = |each: &serde_json::Value| {
        let patient: uuid::Uuid = each["line"]["patient"].as_str().unwrap().parse().unwrap();
        let reasons: Vec<&str> = each["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        (patient.as_u128(), reasons.join(" "))
    };
    found.as_array().unwrap().iter().map(each).collect()
}

#[test]
fn who_may_be_the_same_is_found_among_all_by_sound_script_phone_number_and_year() {
    let mut desk = hospital();
    let year = domain::Value::Int(1959);
    desk.save(vec![
        patient(20)
            .with_value("name", text("Kamala Devi"))
            .with_value("birth_year", year.clone()),
        patient(21)
            .with_value("name", text("Kamala"))
            .with_value("birth_year", year),
        patient(22)
            .with_value("name", text("Unni"))
            .with_value("srf_id", text("3217500012345")),
    ]);
    let check = |fields: serde_json::Value, expected: &[(u128, &str)]| {
        let expected: Vec<(u128, String)> = expected.iter().map(|(id, why)| (*id, (*why).to_owned())).collect();
        assert_eq!(alike(&desk, &fields), expected, "{fields}");
    };
    check(
        serde_json::json!({"name": "Laxmi Nayar", "phone": "+91 98470 12345"}),
        &[(1, "same_name same_phone")],
    );
    check(
        serde_json::json!({"name": "ലക്ഷ്മി", "phone": "9847012345"}),
        &[(1, "same_phone similar_name")],
    );
    check(serde_json::json!({"name": "Laxmi Varma"}), &[(3, "same_name")]);
    check(serde_json::json!({"local_name": "മുഹമ്മദ് റിയാസ്"}), &[(4, "same_name")]);
    check(serde_json::json!({"name": "K. Kamala Devi"}), &[(20, "same_name")]);
    check(
        serde_json::json!({"name": "Kamala Nair", "birth_year": 1960}),
        &[(21, "similar_name same_birth")],
    );
    check(
        serde_json::json!({"name": "Ravi", "srf_id": "32175-00012345"}),
        &[(22, "same_identifier")],
    );
    check(
        serde_json::json!({"name": "Ravi", "hospital_number": "ip 2026 0046"}),
        &[(2, "same_identifier")],
    );
    check(serde_json::json!({"name": "Lakshmi", "phone": "9000000000"}), &[]);
}
