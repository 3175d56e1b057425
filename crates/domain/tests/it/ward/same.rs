//! Who may be the one who is being registered: names as they are written in Kerala and elsewhere.

use super::*;
use domain::Value;
use domain::ward::same::{Profile, Reason, is_likely, traits};
use proptest::prelude::*;

/// A registration as somebody types it: `name; field: value; …`.
fn person(typed: &str) -> Record {
    let mut record = Record::new("patient", id(1));
    let mut parts = typed.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let mut fields = serde_json::Map::new();
    fields.insert("name".to_owned(), json!(name));
    for part in parts.filter(|part| !part.is_empty()) {
        let (field, value) = part.split_once(": ").unwrap();
        fields.insert(field.to_owned(), json!(value));
    }
    record.fields = domain::plain::read_fields(&patient::PATIENT, &fields).unwrap().into();
    record
}

fn reasons(a: &Record, b: &Record, today: Date) -> Vec<Reason> {
    Profile::of(a).reasons(&Profile::of(b), today)
}

fn is_probable(a: &Record, b: &Record, today: Date) -> bool {
    Profile::of(a).probable(&Profile::of(b), today).is_some()
}

fn told(typed: &str, registered: &str) -> (Vec<&'static str>, bool) {
    let found = reasons(&person(typed), &person(registered), day(20));
    let turned = reasons(&person(registered), &person(typed), day(20));
    assert_eq!(found, turned, "{typed} and {registered}, either way round");
    let likely = is_likely(&found);
    (
        found.into_iter().map(domain::ward::same::Reason::word).collect(),
        likely,
    )
}

#[test]
fn one_person_registered_twice_is_found_and_says_why() {
    let check = |typed: &str, registered: &str, expected: &[&str]| {
        assert_eq!(
            told(typed, registered),
            (expected.to_vec(), true),
            "{typed} / {registered}"
        );
    };
    let (phone, number) = ("phone: 9847012345", "phone: +91 98470-12345");
    // Spellings of one name, with the same phone.
    check(
        &format!("Laxmi; {phone}"),
        &format!("Lakshmi; {number}"),
        &["same_phone", "similar_name"],
    );
    check(
        &format!("Laxmi Nayar; {phone}"),
        &format!("Lakshmi Nair; {number}"),
        &["same_name", "same_phone"],
    );
    check(
        &format!("Lakshmi K; {phone}"),
        &format!("Lakshmi Nair; {number}"),
        &["same_phone", "similar_name"],
    );
    check(
        &format!("Lakshmi Menon; {phone}"),
        &format!("Lakshmi Nair; {number}"),
        &["same_phone", "similar_name"],
    );
    check(
        &format!("Fathima Beevi; {phone}"),
        &format!("Fatima; {number}"),
        &["same_phone", "similar_name"],
    );
    // Another script, with the same phone or alone.
    check(
        &format!("ലക്ഷ്മി; {phone}"),
        &format!("Lakshmi Nair; {number}"),
        &["same_phone", "similar_name"],
    );
    check(
        &format!("ലക്ഷ്മി നായർ; {phone}"),
        &format!("Lakshmi Nair; {number}"),
        &["same_name", "same_phone"],
    );
    check("മുഹമ്മദ് റിയാസ്", "Mohamed Riaz", &["same_name"]);
    check("लक्ष्मी शर्मा", "Laxmi Sharma", &["same_name"]);
    check("Anju Thomas; local_name: അഞ്ജു തോമസ്", "അഞ്ജു തോമസ്", &["same_name"]);
    // The whole name, with nothing else known.
    check("Kamala Devi", "Kamala Devi", &["same_name"]);
    check("kamala  devi", "Devi, Kamala", &["same_name"]);
    check("Kamala", "Kamala", &["same_name"]);
    check("Lakshmi K. Nair", "Lakshmi Nair", &["same_name"]);
    check("Abdul Rahman", "Abdulrahman", &["same_name"]);
    check("Vishwanathan Pillai", "Viswanathan Pilla", &["same_name"]);
    check(
        "Kamala Devi; birth_year: 1959",
        "Kamala Devi; birth_year: 1980",
        &["same_name"],
    );
    // A number that only one person has, however it is written.
    check(
        "Kamala; abha: 12-3456-7890-1234",
        "Unni; abha: 12345678901234",
        &["same_identifier"],
    );
    check(
        "Kamala; hospital_number: IP-2026/0045",
        "Unni; hospital_number: ip 2026 0045",
        &["same_identifier"],
    );
    check(
        "Kamala; srf_id: 3217500012345",
        "Unni; srf_id: 3217500012345",
        &["same_identifier"],
    );
    check(
        "Kamala; passport: K 1234567",
        "Unni; passport: K1234567",
        &["same_identifier"],
    );
    // Two weak reasons.
    check(
        "Lakshmi; birth_year: 1964",
        "Lakshmi Nair; birth_date: 1964-03-04",
        &["similar_name", "same_birth"],
    );
    check(
        &format!("Ravi; birth_year: 1964; {phone}"),
        &format!("Unni; birth_year: 1964; {number}"),
        &["same_phone", "same_birth"],
    );
}

#[test]
fn one_weak_reason_is_not_enough() {
    let check = |typed: &str, registered: &str, expected: &[&str]| {
        assert_eq!(
            told(typed, registered),
            (expected.to_vec(), false),
            "{typed} / {registered}"
        );
    };
    check("Ravi; phone: 9847012345", "Lakshmi; phone: 9847012345", &["same_phone"]);
    check(
        "Ravi Nair; phone: 9847012345",
        "Lakshmi Nair; phone: 9847012345",
        &["same_phone"],
    );
    check("Lakshmi", "Lakshmi Nair", &["similar_name"]);
    check("Laxmi", "Lakshmi", &["similar_name"]);
    check(
        "Kamala; birth_year: 1959",
        "Kamala; birth_year: 1980",
        &["similar_name"],
    );
    check("Sasi; gender: male", "Sasi; gender: female", &["similar_name"]);
    check("Lakshmi Menon", "Lakshmi Nair", &[]);
    check("Rani Thomas", "Renu Thomas", &[]);
    check("Meena Varma", "Manu Varma", &[]);
    check("Anju; birth_year: 1964", "Ravi; birth_year: 1964", &["same_birth"]);
    check("K", "K", &[]);
    check("Kamala; hospital_number: 12", "Unni; srf_id: 12", &[]);
    check("Kamala; hospital_number: -", "Unni; hospital_number: -", &[]);
    check("Ravi; phone: 12345", "Unni; phone: 12345", &[]);
}

const NAMES: [&str; 12] = [
    "Lakshmi",
    "Nair",
    "Muhammed",
    "Riyas",
    "Anju",
    "Thomas",
    "ലക്ഷ്മി",
    "നായർ",
    "Kamala",
    "Devi",
    "K",
    "M",
];

fn share_a_trait(a: &Record, b: &Record) -> bool {
    let others = traits(b);
    traits(a).iter().any(|one| others.iter().any(|other| one.meets(other)))
}

/// Few names, phones and times of birth, so that many agree in something.
fn registered() -> impl Strategy<Value = Record> {
    let name = || prop::collection::vec(0..NAMES.len(), 1..3);
    let phone = prop::option::of(prop::sample::select(vec![
        "9847012345",
        "+91 98470 12345",
        "9400000001",
    ]));
    let born = prop_oneof![
        Just(None),
        (1958_i32..1964).prop_map(|year| Some(("birth_year", year.to_string()))),
        (1958_i32..1964, prop::sample::select(vec!["01-01", "11-20", "12-31"]))
            .prop_map(|(year, day)| Some(("birth_date", format!("{year}-{day}")))),
    ];
    (name(), prop::option::of(name()), phone, born).prop_map(|(name, local, phone, born)| {
        let words = |places: Vec<usize>| {
            places
                .into_iter()
                .map(|place| NAMES[place])
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut typed = words(name);
        typed.extend(local.map(|local| format!("; local_name: {}", words(local))));
        typed.extend(phone.map(|phone| format!("; phone: {phone}")));
        typed.extend(born.map(|(field, value)| format!("; {field}: {value}")));
        person(&typed)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn who_is_so_alike_that_somebody_has_to_look_shares_a_trait(a in registered(), b in registered()) {
        prop_assert!(share_a_trait(&a, &b) || !is_probable(&a, &b, day(20)), "{:?} {:?}", a.fields, b.fields);
    }
}

#[test]
fn a_family_of_one_phone_shares_no_trait_while_their_ages_differ() {
    let mother = person("Lakshmi Nair; phone: 9847012345; birth_year: 1964");
    let son = person("Ravi Nair; phone: 9847012345; birth_year: 1990");
    let twin = person("Ravi Nair; phone: 9847012345; birth_date: 1965-11-20");
    assert!(!share_a_trait(&mother, &son));
    assert!(share_a_trait(&mother, &twin));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_like_itself_in_any_order_and_case(
        words in prop::collection::vec(0..NAMES.len(), 1..4), turned in any::<bool>(),
    ) {
        let mut words: Vec<&str> = words.into_iter().map(|word| NAMES[word]).collect();
        let name = words.join(" ");
        if turned {
            words.reverse();
        }
        let again = words.join("  ").to_uppercase();
        let has_full_word = words.iter().any(|word| word.chars().count() > 1);
        prop_assert_eq!(told(&name, &again).1, has_full_word, "{} / {}", name, again);
    }

    #[test]
    fn whoever_agrees_in_more_comes_first(same_birth in any::<bool>(), same_phone in any::<bool>()) {
        let typed = person("Kamala Devi; phone: 9847012345; birth_year: 1959");
        let mut more = person("Kamala Devi");
        if same_birth {
            more.fields.insert("birth_year".to_owned(), Value::Int(1959));
        }
        if same_phone {
            more.fields.insert("phone".to_owned(), Value::Text("9847012345".to_owned()));
        }
        let weigh = |other: &Record| domain::ward::same::weight(&reasons(&typed, other, day(20)));
        prop_assert!(weigh(&more) >= weigh(&person("Kamala Devi")));
        prop_assert!(weigh(&person("Kamala Devi")) > weigh(&person("Kamala; phone: 9847012345; birth_year: 1959")));
    }
}

#[test]
fn who_is_registered_is_offered_and_the_record_itself_and_the_voided_are_not() {
    let mut scene = Scene::at_noon();
    let ask = |scene: &Scene, fields: Json, except: Option<u128>| -> Vec<String> {
        let found = scene.view("likely_same", &json!({"fields": fields, "except": except.map(id)}));
        let line = |each: &Json| each["line"]["name"].as_str().unwrap().to_owned();
        found.as_array().unwrap().iter().map(line).collect()
    };
    assert_eq!(ask(&scene, json!({"name": "anju"}), None), ["Anju"]);
    assert_eq!(ask(&scene, json!({"name": "anju"}), Some(ANJU)), FINE);
    assert_eq!(
        ask(&scene, json!({"name": "anju", "phone": 7, "birth_date": "soon"}), None),
        ["Anju"],
        "unfinished fields are passed over"
    );
    let void = Draft::new("patient", id(ANJU)).with_value("voided", Value::Code("yes".to_owned()));
    let void = void.with_value("void_reason", Value::Text("registered twice".to_owned()));
    assert_eq!(scene.save(vec![void]), FINE);
    assert_eq!(ask(&scene, json!({"name": "anju"}), None), FINE);
}
