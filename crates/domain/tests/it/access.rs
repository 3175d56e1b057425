//! Every role against every kind, every appointment, every reach.

use domain::access::{
    ROLES, Scope, Verb, decides_what_is_kept_aside, from_care, has_left, lower_role, may, may_appoint,
    may_see_to_desks_of, may_write, recorded_role, role, to_care,
};
use domain::codes::person::ROLE;
use domain::entities::{ENTITIES, person};
use domain::{Record, RecordId};
use uuid::Uuid;

/// The table as people review it: what each role sees, and what of it the role writes.
const TABLE: &str = include_str!("access.txt");

fn shown() -> String {
    let kinds = |role: &str, verb: Verb| {
        let all = ENTITIES
            .iter()
            .map(|entity| entity.kind)
            .filter(|kind| may(role, verb, kind));
        all.fold(String::new(), |line, kind| line + " " + kind)
    };
    let one = |word: &str| {
        format!(
            "{word}\n  sees  {}\n  writes{}\n",
            kinds(word, Verb::See).trim(),
            kinds(word, Verb::Write)
        )
    };
    ROLES.iter().map(|role| one(role.word)).collect()
}

#[test]
fn every_role_may_with_every_kind_what_the_table_says() {
    let shown = shown();
    assert!(
        shown == TABLE,
        "tests/it/access.txt differs from the rules; they say:\n{shown}"
    );
}

#[test]
fn who_writes_also_sees() {
    for role in ROLES {
        for entity in ENTITIES {
            let (sees, writes) = (
                may(role.word, Verb::See, entity.kind),
                may(role.word, Verb::Write, entity.kind),
            );
            assert!(sees || !writes, "{} {}", role.word, entity.kind);
            assert!(!(role.read_only && writes), "{} {}", role.word, entity.kind);
        }
    }
}

#[test]
fn unknown_roles_and_kinds_may_nothing() {
    for verb in [Verb::See, Verb::Write] {
        assert!(!may("nobody", verb, "triage"));
        assert!(!may("", verb, "triage"));
        assert!(ROLES.iter().all(|role| !may(role.word, verb, "no such kind")));
    }
}

#[test]
fn roles_and_their_words_are_the_same_list() {
    let words: Vec<&str> = ROLE.codes.iter().map(|code| code.word).collect();
    assert_eq!(words, ROLES.iter().map(|role| role.word).collect::<Vec<_>>());
    assert!(ROLES.is_sorted_by(|a, b| a.rank > b.rank));
}

#[test]
fn cares_ranks_map_both_ways() {
    for (rank, word) in [
        ("2", "transport"),
        ("3", "pharmacist"),
        ("5", "volunteer"),
        ("9", "staff_viewer"),
        ("10", "staff"),
        ("13", "nurse_viewer"),
        ("14", "nurse"),
        ("15", "doctor"),
        ("20", "facility_admin"),
        ("21", "local_body_admin"),
        ("23", "local_body_admin"),
        ("25", "district_lab"),
        ("29", "district_viewer"),
        ("30", "district_admin"),
        ("35", "district_lab"),
        ("39", "state_viewer"),
        ("40", "state_admin"),
    ] {
        assert_eq!(from_care(rank), Some(word), "{rank}");
    }
    for role in ROLES.iter().filter(|role| role.word != "super_admin") {
        assert_eq!(
            to_care(role.word),
            Some(role.rank.to_string().as_str()),
            "{}",
            role.word
        );
    }
    assert_eq!(from_care("11"), None);
}

#[test]
fn nobody_appoints_above_their_own_rank() {
    for own in ROLES {
        for other in ROLES {
            let expected = may(own.word, Verb::Write, "person") && other.rank <= own.rank;
            assert_eq!(
                may_appoint(own.word, other.word),
                expected,
                "{} {}",
                own.word,
                other.word
            );
        }
    }
    assert!(may_appoint("facility_admin", "doctor"));
    assert!(!may_appoint("facility_admin", "district_admin"));
    assert!(!may_appoint("nurse", "nurse_viewer"));
    assert!(!may_appoint("district_viewer", "staff_viewer"));
}

#[test]
fn a_role_of_one_facility_reaches_no_other() {
    let (own, other) = (RecordId(Uuid::from_u128(1)), RecordId(Uuid::from_u128(2)));
    let facility = |id| Record::new("facility", id);
    let person = |at: RecordId, role: &'static str| {
        Record::new("person", RecordId(Uuid::from_u128(9)))
            .with(&person::FACILITY, at)
            .with(&person::ROLE, role)
    };
    let admin = |before: Option<&Record>, after: &Record| may_write("facility_admin", Some(own), before, after);
    assert!(admin(None, &facility(own)));
    assert!(!admin(None, &facility(other)));
    assert!(admin(None, &person(own, "nurse")));
    assert!(!admin(None, &person(other, "nurse")));
    assert!(!admin(None, &person(own, "district_admin")));
    assert!(
        !admin(Some(&person(other, "nurse")), &person(own, "nurse")),
        "nobody is taken from another facility"
    );
    assert!(
        !admin(Some(&person(own, "state_admin")), &person(own, "nurse")),
        "nobody above is brought down"
    );
    assert!(!may_write("facility_admin", None, None, &person(own, "nurse")));
    assert!(!may_write("nurse", Some(own), None, &person(own, "nurse")));
    assert!(may_write("district_admin", None, None, &facility(other)));
    assert!(may_write("nurse", Some(own), None, &Record::new("round", other)));
    assert_eq!(role("nurse").map(|role| role.scope), Some(Scope::Facility));
}

#[test]
fn a_lower_role_on_record_counts_at_once_and_a_higher_one_when_it_is_granted() {
    assert_eq!(lower_role("doctor", Some("nurse")), "nurse");
    assert_eq!(lower_role("nurse", Some("nurse_viewer")), "nurse_viewer");
    assert_eq!(lower_role("nurse", Some("facility_admin")), "nurse");
    assert_eq!(lower_role("nurse", Some("nurse")), "nurse");
    assert_eq!(lower_role("nurse", None), "nurse");
    let who = RecordId(Uuid::from_u128(9));
    let mut world = domain::world::Overlay::alone();
    assert_eq!(recorded_role(who, &world).unwrap(), None);
    world.put(Record::new("person", who).with(&person::ROLE, "doctor"));
    assert_eq!(recorded_role(who, &world).unwrap(), Some("doctor"));
    world.put(Record::new("person", who).with(&person::ROLE, "a role of a later version"));
    assert_eq!(recorded_role(who, &world).unwrap(), None);
}

#[test]
fn only_a_record_that_says_so_makes_a_person_one_who_left() {
    let (here, other, who) = (1, 2, 9);
    let id = |number: u128| RecordId(Uuid::from_u128(number));
    let person = |role: &'static str, at: u128| {
        Record::new("person", id(who))
            .with(&person::ROLE, role)
            .with(&person::FACILITY, id(at))
    };
    let check = |record: Option<Record>, expected: bool| {
        let mut world = domain::world::Overlay::alone();
        let shown = format!("{record:?}");
        record.into_iter().for_each(|record| world.put(record));
        assert_eq!(has_left(id(who), id(here), &world).unwrap(), expected, "{shown}");
    };
    check(None, false);
    check(Some(person("nurse", here)), false);
    check(Some(person("nurse", here).with(&person::ACTIVE, "yes")), false);
    check(Some(person("nurse", here).with(&person::ACTIVE, "no")), true);
    check(Some(person("nurse", other)), true);
    check(Some(person("district_admin", other)), false);
    check(Some(person("a role of tomorrow", other)), false);
    let mut voided = person("nurse", here);
    voided
        .fields
        .insert(domain::record::VOIDED.to_owned(), domain::Value::Code("yes".into()));
    check(Some(voided), true);
}

#[test]
fn admins_who_see_patients_decide_what_is_kept_aside() {
    let decide: Vec<&str> = ROLES
        .iter()
        .map(|role| role.word)
        .filter(|role| decides_what_is_kept_aside(role))
        .collect();
    assert_eq!(
        decide,
        ["super_admin", "state_admin", "district_admin", "facility_admin"]
    );
    assert!(!decides_what_is_kept_aside("nobody"));
}

#[test]
fn admins_see_to_the_computers_in_their_reach_and_nobody_else_does() {
    let [here, elsewhere] = [1, 2].map(|number| domain::RecordId(uuid::Uuid::from_u128(number)));
    for role in ROLES {
        let of = |own, other| may_see_to_desks_of(role.word, own, other);
        let is_admin = ["super_admin", "state_admin", "district_admin", "facility_admin"].contains(&role.word);
        let is_local = role.scope == Scope::Facility;
        assert_eq!(of(Some(here), here), is_admin, "{}", role.word);
        assert_eq!(of(Some(here), elsewhere), is_admin && !is_local, "{}", role.word);
        assert_eq!(of(None, here), is_admin && !is_local, "{}", role.word);
    }
    assert!(!may_see_to_desks_of("nobody", Some(here), here));
}
