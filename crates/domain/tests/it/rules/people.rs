//! Patients, encounters, people who work here, and places.

use super::*;

#[test]
fn nobody_is_admitted_twice_at_once() {
    let world = ward_with_two_patients();
    let admission = Draft::new("encounter", id(50)).with(&encounter::PATIENT, id(ANJU));
    let admission = admission
        .with(&encounter::FACILITY, id(FACILITY))
        .with(&encounter::ADMITTED_AT, hour(2));
    expect(&world, admission, &["patient: already_admitted"]);
}

#[test]
fn discharge_and_referral_are_whole() {
    let world = ward_with_two_patients();
    let edit = || Draft::new("encounter", id(10));
    expect(
        &world,
        edit().with(&encounter::DISCHARGED_AT, hour(2)),
        &["discharge_reason: required"],
    );
    expect(
        &world,
        edit().with(&encounter::DISCHARGE_REASON, "lama"),
        &["discharged_at: required"],
    );
    expect(
        &world,
        edit().with(&encounter::DECISION, "refer"),
        &["referred_to: required"],
    );
    let elsewhere = edit()
        .with(&encounter::DECISION, "refer")
        .with(&encounter::REFERRED_TO_NAME, "Aster");
    expect(&world, elsewhere, &[]);
    let alive = edit()
        .with(&encounter::DISCHARGED_AT, hour(9))
        .with(&encounter::DISCHARGE_REASON, "recovered");
    expect(
        &world,
        alive.with(&encounter::DIED_AT, hour(8)),
        &["died_at: died_but_discharged_alive"],
    );
    let died = edit()
        .with(&encounter::DISCHARGED_AT, hour(9))
        .with(&encounter::DISCHARGE_REASON, "expired");
    expect(&world, died.clone(), &["died_at: time_of_death_missing?"]);
    expect(&world, died.with(&encounter::DIED_AT, hour(8)), &[]);
    let words = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    let none_and_cough = edit().with(&encounter::SYMPTOMS, words(&["asymptomatic", "cough"]));
    expect(&world, none_and_cough, &["symptoms: none_and_others"]);
    let other = edit().with(&encounter::SYMPTOMS, words(&["other"]));
    expect(&world, other, &["other_symptoms: required"]);
}

#[test]
fn numbers_and_addresses_have_their_form() {
    let world = Overlay::alone();
    let check = |name: &str, good: &[&str], bad: &[&str], code: &str| {
        let draft = |text: &str| {
            let draft = Draft::new("patient", id(1)).with(&patient::NAME, "Anju");
            draft.with_value(name, Value::Text(text.to_owned()))
        };
        for text in good {
            expect(&world, draft(text), &[]);
        }
        for text in bad {
            expect(&world, draft(text), &[&format!("{name}: {code}")]);
        }
    };
    check(
        "phone",
        &["9876543210", "+91 98765 43210", "(0484) 236-1251", "112233"],
        &["98765", "nine", "+", "98+76543210"],
        "not_a_phone",
    );
    check("pincode", &["682011"], &["082011", "68201", "68201a"], "not_a_pincode");
    check(
        "abha",
        &["70-7463-2446-5247", "70746324465247"],
        &["70-7463-2446-524", "7074-6324-4652-47"],
        "not_an_abha_number",
    );
    check(
        "abha_address",
        &["anju@abdm", "_anju.k@sbx"],
        &["anj@abdm", "9anju@abdm", "anju.@abdm", "anju"],
        "not_an_abha_address",
    );
}

#[test]
fn an_odd_number_of_old_stands_in_nobodys_way() {
    let mut world = Overlay::alone();
    let old = Record::new("patient", id(1))
        .with(&patient::NAME, "Anju")
        .with(&patient::PHONE, "unknown");
    world.put(old);
    expect(
        &world,
        Draft::new("patient", id(1)).with(&patient::VILLAGE, "Kaloor"),
        &[],
    );
}

#[test]
fn birth_and_allergies_do_not_contradict_themselves() {
    let world = Overlay::alone();
    let anju = || Draft::new("patient", id(1)).with(&patient::NAME, "Anju");
    let born = |year, month, day| Date::new(year, month, day).unwrap();
    expect(
        &world,
        anju()
            .with(&patient::BIRTH_DATE, born(1964, 3, 4))
            .with(&patient::BIRTH_YEAR, 1964),
        &[],
    );
    let differs = anju()
        .with(&patient::BIRTH_DATE, born(1964, 3, 4))
        .with(&patient::BIRTH_YEAR, 1965);
    expect(&world, differs, &["birth_year: birth_year_differs"]);
    expect(
        &world,
        anju().with(&patient::ALLERGY_STATUS, "known"),
        &["allergies: required"],
    );
    expect(
        &world,
        anju().with(&patient::ALLERGIES, "penicillin"),
        &["allergy_status: allergies_contradict"],
    );
    let none = anju()
        .with(&patient::ALLERGY_STATUS, "none")
        .with(&patient::ALLERGIES, "penicillin");
    expect(&world, none, &["allergy_status: allergies_contradict"]);
    let newborn = Draft::new("patient", id_of_that_day()).with(&patient::NAME, "Baby of Anju");
    expect(
        &world,
        newborn.clone().with(&patient::BIRTH_DATE, born(2026, 11, 20)),
        &[],
    );
    expect(
        &world,
        newborn.clone().with(&patient::BIRTH_DATE, born(2027, 11, 20)),
        &["birth_date: in_the_future?"],
    );
    expect(
        &world,
        newborn.with(&patient::BIRTH_DATE, born(1890, 1, 1)),
        &["birth_date: very_old?"],
    );
}

#[test]
fn age_is_counted_from_the_day_or_else_the_year() {
    let today = Date::new(2026, 11, 20).unwrap();
    let person = Record::new("patient", id(1));
    assert_eq!(patient::age_years(&person, today), None);
    let by_year = person.with(&patient::BIRTH_YEAR, 1964);
    assert_eq!(patient::age_years(&by_year, today), Some(62));
    let by_day = by_year.with(&patient::BIRTH_DATE, Date::new(1964, 12, 4).unwrap());
    assert_eq!(patient::age_years(&by_day, today), Some(61));
}

#[test]
fn a_local_role_has_a_facility_and_usernames_are_taken_once() {
    let mut world = ward_with_two_patients();
    world.put(Record::new("person", id(90)).with(&person::USERNAME, "sheela"));
    let person = |username: &str, role: &'static str| {
        let draft = Draft::new("person", id(91))
            .with(&person::NAME, "Sheela K")
            .with(&person::USERNAME, username);
        draft.with(&person::ROLE, role)
    };
    expect(&world, person("sheela.k", "nurse"), &["facility: required"]);
    expect(
        &world,
        person("sheela.k", "nurse").with(&person::FACILITY, id(FACILITY)),
        &[],
    );
    expect(&world, person("sheela.k", "district_viewer"), &[]);
    expect(
        &world,
        person("sheela", "district_viewer"),
        &["username: username_taken"],
    );
    expect(
        &world,
        person("sheela k", "district_viewer"),
        &["username: not_a_username"],
    );
}

#[test]
fn a_place_has_latitude_and_longitude_and_a_pack_its_content() {
    let world = ward_with_two_patients();
    let place = Draft::new("facility", id(FACILITY)).with(&facility::FACILITY_TYPE, "district_hospital");
    let place = place.with(&facility::LATITUDE, Decimal::new(9_981_635, 6));
    expect(&world, place.clone(), &["longitude: required"]);
    expect(
        &world,
        place.with(&facility::LONGITUDE, Decimal::new(76_299_884, 6)),
        &[],
    );
    let pack = |unit| Draft::new("item", id(ITEM)).with(&item::PACK_UNIT, unit);
    expect(&world, pack("dozen"), &["pack_content: required"]);
    expect(
        &world,
        pack("dozen").with(&item::PACK_CONTENT, Decimal::new(12, 0)),
        &[],
    );
    expect(
        &world,
        pack("cylinder").with(&item::PACK_CONTENT, Decimal::new(1, 0)),
        &["pack_unit: same_unit"],
    );
}

#[test]
fn an_email_address_has_a_name_and_a_host() {
    let world = Overlay::alone();
    let hospital = |email: &str| {
        let draft = Draft::new("facility", id(1)).with(&facility::NAME, "GH Ernakulam");
        let draft = draft.with(&facility::FACILITY_TYPE, "district_hospital");
        draft.with(&facility::EMAIL, email)
    };
    expect(&world, hospital("gh.ekm@kerala.gov.in"), &[]);
    for odd in [
        "gh.ekm",
        "@kerala.in",
        "gh@kerala",
        "gh@.in",
        "gh@in.",
        "g h@kerala.in",
        "a@b@c.in",
    ] {
        expect(&world, hospital(odd), &["email: not_an_email"]);
    }
}

#[test]
fn doses_and_a_vaccine_go_with_having_been_vaccinated() {
    let world = Overlay::alone();
    let anju = |word| {
        let draft = Draft::new("patient", id(1)).with(&patient::NAME, "Anju");
        draft.with(&patient::VACCINATED, word)
    };
    expect(&world, anju("yes").with(&patient::DOSES, 2), &[]);
    expect(&world, anju("no").with(&patient::DOSES, 0), &[]);
    let contradicts = &["vaccinated: vaccination_contradicts"];
    expect(&world, anju("no").with(&patient::DOSES, 1), contradicts);
    expect(&world, anju("no").with(&patient::VACCINE, "covaxin"), contradicts);
}

#[test]
fn a_number_given_twice_in_one_facility_is_asked() {
    let mut world = ward_with_two_patients();
    let numbered = |number| Draft::new("encounter", id(number)).with(&encounter::NUMBER, "IP-204");
    expect(&world, numbered(10), &[]);
    let first = world.get("encounter", id(10)).unwrap().unwrap();
    world.put(first.clone().with(&encounter::NUMBER, "IP-204"));
    expect(&world, numbered(11), &["number: number_taken?"]);
    world.put(
        first
            .with(&encounter::NUMBER, "IP-204")
            .with(&encounter::FACILITY, id(99)),
    );
    expect(&world, numbered(11), &[]);
}

#[test]
fn what_is_referred_to_is_there_and_something_is_saved() {
    let world = ward_with_two_patients();
    expect(&world, stay(20, 98, 10, 1), &["bed: unknown_reference"]);
    expect(&world, Draft::new("patient", id(ANJU)), &[": nothing_to_save"]);
}
