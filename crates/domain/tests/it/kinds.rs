//! What holds for the description of every kind, and for drafts made from it.

use std::collections::BTreeSet;

use domain::audit::is_written_by_desks;
use domain::entities::ENTITIES;
use domain::erasure::erases;
use domain::field::{About, Merge, Shape};
use domain::record::{VOID_REASON, VOIDED};
use domain::world::Overlay;
use domain::{Date, Decimal, Draft, Entity, Problem, RecordId, Semantics, Time, Value, check};
use proptest::prelude::*;
use uuid::Uuid;

/// Problems that concern one field by itself, whatever the rest of the record.
const OF_ONE_FIELD: &[&str] = &[
    "control_characters",
    "impossible_date",
    "out_of_range",
    "required",
    "too_long",
    "too_precise",
    "unknown_code",
    "unknown_field",
    "unknown_kind",
    "unusual",
    "wrong_type",
];

fn problems(draft: Draft) -> Vec<Problem> {
    check(vec![draft], &Overlay::alone()).unwrap().err().unwrap_or_default()
}

fn any_id() -> impl Strategy<Value = RecordId> {
    any::<u128>().prop_map(|number| RecordId(Uuid::from_u128(number)))
}

/// Anything at all, fitting or not.
fn any_value() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(Value::Empty),
        any::<i64>().prop_map(Value::Int),
        (any::<i64>(), any::<u8>()).prop_map(|(digits, scale)| Value::Decimal(Decimal::new(digits, scale))),
        ".*".prop_map(Value::Text),
        "[a-z_]{0,12}".prop_map(Value::Code),
        prop::collection::btree_set("[a-z_]{0,12}", 0..4).prop_map(Value::Codes),
        any::<i64>().prop_map(|ms| Value::Time(Time(ms))),
        any::<i64>().prop_map(|days| Value::Date(Date::from_days(days))),
        any_id().prop_map(Value::Ref),
        Just(Value::Other("{\"z\":1}".to_owned())),
    ]
    .boxed()
}

/// A value within the limits of the field.
fn fitting(about: &About) -> BoxedStrategy<Value> {
    let limits = about.usual.or(about.range).unwrap_or((-1_000_000_000, 1_000_000_000));
    let word = |list: &'static domain::codes::CodeList| {
        prop::sample::select(list.codes.iter().map(|code| code.word.to_owned()).collect::<Vec<_>>())
    };
    match about.shape {
        Shape::Text { max, .. } => {
            prop::collection::vec(prop::sample::select(vec!['a', 'Z', '7', 'ക', '്', '–']), 1..=max.min(30))
                .prop_map(|letters| Value::Text(letters.into_iter().collect()))
                .boxed()
        }
        Shape::Int => (limits.0..=limits.1).prop_map(Value::Int).boxed(),
        Shape::Decimal { scale } => (limits.0..=limits.1)
            .prop_map(move |digits| Value::Decimal(Decimal::new(digits, scale)))
            .boxed(),
        Shape::Code(list) => word(list).prop_map(Value::Code).boxed(),
        Shape::Codes(list) => prop::collection::btree_set(word(list), 1..=2)
            .prop_map(Value::Codes)
            .boxed(),
        Shape::Date => (0..40_000_i64)
            .prop_map(|days| Value::Date(Date::from_days(days)))
            .boxed(),
        Shape::Time => (0..4_000_000_000_000_i64).prop_map(|ms| Value::Time(Time(ms))).boxed(),
        Shape::Ref(_) => any_id().prop_map(Value::Ref).boxed(),
    }
}

fn any_kind() -> impl Strategy<Value = &'static Entity> {
    prop::sample::select(ENTITIES.to_vec())
}

/// A draft that fills the needed fields and any of the others, each by itself within its limits.
fn fitting_draft() -> impl Strategy<Value = Draft> {
    (any_kind(), any_id()).prop_flat_map(|(entity, id)| {
        let fields: Vec<BoxedStrategy<Option<(String, Value)>>> = entity
            .fields
            .iter()
            .map(|about| {
                let named = fitting(about).prop_map(|value| Some((about.name.to_owned(), value)));
                if about.required {
                    named.boxed()
                } else {
                    prop_oneof![Just(None), named].boxed()
                }
            })
            .collect();
        fields.prop_map(move |fields| {
            fields
                .into_iter()
                .flatten()
                .fold(Draft::new(entity.kind, id), |draft, (name, value)| {
                    draft.with_value(&name, value)
                })
        })
    })
}

/// A draft of a known kind with known and unknown fields and any values.
fn any_draft() -> impl Strategy<Value = Draft> {
    let names = ENTITIES
        .iter()
        .flat_map(|entity| entity.all_fields())
        .map(|about| about.name.to_owned());
    let names: Vec<String> = names.chain(["no_such_field".to_owned(), String::new()]).collect();
    let fields = prop::collection::btree_map(prop::sample::select(names), any_value(), 0..12);
    (any_kind(), any_id(), fields).prop_map(|(entity, id, fields)| {
        let mut draft = Draft::new(entity.kind, id);
        draft.fields = fields;
        draft
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn checking_any_draft_never_panics(draft in any_draft()) {
        problems(draft);
    }

    #[test]
    fn checking_the_same_kind_twice_over_each_other_never_panics(first in any_draft(), second in any_draft()) {
        let mut again = second.clone();
        again.id = first.id;
        let _ = check(vec![first, second, again], &Overlay::alone()).unwrap();
    }

    #[test]
    fn a_draft_that_fits_its_description_has_no_problem_of_a_single_field(draft in fitting_draft()) {
        let kind = draft.kind.clone();
        // A rule may still need a field because of another: discharged, but why?
        let needed: BTreeSet<&str> = domain::entities::entity(&kind).unwrap().fields.iter()
            .filter(|about| about.required).map(|about| about.name).collect();
        let found: Vec<Problem> = problems(draft).into_iter()
            .filter(|problem| OF_ONE_FIELD.contains(&problem.code.as_str()))
            .filter(|problem| problem.code != "required" || needed.contains(problem.field.as_str()))
            .collect();
        prop_assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_field_outside_its_range_is_refused_and_names_both_limits(entity in any_kind(), over in 1..1_000_i64) {
        for about in entity.fields {
            let Some((low, high)) = about.range else { continue };
            for number in [low.saturating_sub(over), high.saturating_add(over)] {
                let value = match about.shape {
                    Shape::Decimal { scale } => Value::Decimal(Decimal::new(number, scale)),
                    _ => Value::Int(number),
                };
                let draft = Draft::new(entity.kind, RecordId(Uuid::nil())).with_value(about.name, value);
                let found = problems(draft);
                let problem = found.iter().find(|problem| problem.field == about.name && problem.code == "out_of_range");
                prop_assert!(problem.is_some_and(|problem| problem.numbers.len() == 2), "{} {}", entity.kind, about.name);
            }
        }
    }
}

#[test]
fn a_field_that_is_not_of_the_kind_is_refused() {
    for entity in ENTITIES {
        let draft = Draft::new(entity.kind, RecordId(Uuid::nil())).with_value("no_such_field", Value::Int(1));
        let refused = Problem::new(entity.kind, "no_such_field", "unknown_field");
        assert!(problems(draft).contains(&refused), "{}", entity.kind);
    }
    let draft = Draft::new("no such kind", RecordId(Uuid::nil()));
    assert_eq!(problems(draft), [Problem::new("no such kind", "", "unknown_kind")]);
}

#[test]
fn names_are_unique_and_plain() {
    let kinds: BTreeSet<&str> = ENTITIES.iter().map(|entity| entity.kind).collect();
    assert_eq!(kinds.len(), ENTITIES.len());
    for entity in ENTITIES {
        let names: BTreeSet<&str> = entity.all_fields().map(|about| about.name).collect();
        assert_eq!(names.len(), entity.all_fields().count(), "{}", entity.kind);
        for name in names.iter().chain(&kinds) {
            assert!(
                name.bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
                "{name}"
            );
        }
        assert!(!names.contains("id"), "the id is no field");
    }
}

#[test]
fn descriptions_name_only_fields_they_have() {
    for entity in ENTITIES {
        let named = entity
            .list
            .iter()
            .chain(entity.caption)
            .chain(entity.groups.iter().copied().flatten());
        for name in named {
            assert!(
                entity.fields.iter().any(|about| about.name == *name),
                "{} {name}",
                entity.kind
            );
        }
        let own: Vec<&str> = match entity.semantics {
            Semantics::Register => Vec::new(),
            Semantics::AppendOnly { amends } => amends.into_iter().collect(),
            Semantics::Ledger { key, at, .. } => vec![key, at],
            Semantics::Interval {
                subject,
                holder,
                from,
                to,
            } => vec![subject, holder, from, to],
            // Nobody looks for the change by what it names.
            Semantics::Erases { records } => {
                assert!(entity.field(records).is_some(), "{}", entity.kind);
                Vec::new()
            }
        };
        for name in own {
            let about = entity.field(name).unwrap_or_else(|| panic!("{} {name}", entity.kind));
            assert!(about.indexed, "{} is found by {name}", entity.kind);
        }
        assert!(!entity.caption.is_empty() && !entity.list.is_empty(), "{}", entity.kind);
    }
}

#[test]
fn what_is_referred_to_is_a_kind() {
    for entity in ENTITIES {
        for (name, kind) in entity.references() {
            assert!(
                domain::entities::entity(kind).is_some(),
                "{} {name} {kind}",
                entity.kind
            );
        }
    }
}

#[test]
fn limits_and_orders_of_safety_make_sense() {
    for about in ENTITIES.iter().flat_map(|entity| entity.fields) {
        if let (Some((low, high)), Some((usual_low, usual_high))) = (about.range, about.usual) {
            assert!(
                low <= usual_low && usual_low < usual_high && usual_high <= high,
                "{}",
                about.name
            );
        }
        if let (Merge::Prefer(words), Shape::Code(list)) = (about.merge, about.shape) {
            assert_eq!(
                words.len(),
                list.codes.len(),
                "every word of {} has its place",
                about.name
            );
            assert!(words.iter().all(|word| list.has(word)), "{}", about.name);
        } else {
            assert!(!matches!(about.merge, Merge::Prefer(_)), "{} has no words", about.name);
        }
    }
}

#[test]
fn a_record_is_voided_with_a_reason_and_by_nothing_else() {
    // What desks write by themselves stands for ever: `domain::audit` tries it.
    for entity in ENTITIES
        .iter()
        .filter(|entity| !is_written_by_desks(entity.kind) && !erases(entity.kind))
    {
        let id = RecordId(Uuid::nil());
        let mut before = domain::Record::new(entity.kind, id);
        for about in entity.fields.iter().filter(|about| about.required) {
            before
                .fields
                .insert(about.name.to_owned(), Value::Text("as it stands".to_owned()));
        }
        let mut world = Overlay::alone();
        world.put(before);
        let voids = Draft::new(entity.kind, id).with_value(VOIDED, Value::Code("yes".to_owned()));
        let found = check(vec![voids.clone()], &world).unwrap().unwrap_err();
        assert_eq!(found, [Problem::new(entity.kind, VOID_REASON, "required")]);
        let reasoned = voids.with_value(VOID_REASON, Value::Text("wrong patient".to_owned()));
        assert!(check(vec![reasoned], &world).unwrap().is_ok(), "{}", entity.kind);
    }
}
