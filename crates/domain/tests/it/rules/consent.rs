//! What a patient agreed to besides treatment, and took back.

use super::*;
use domain::entities::consent;

fn given(number: u128, purpose: &'static str, at: i64) -> Draft {
    let draft = Draft::new("consent", id(number)).with(&consent::PATIENT, id(ANJU));
    let draft = draft
        .with(&consent::PURPOSE, purpose)
        .with(&consent::GIVEN_BY, "patient");
    draft.with(&consent::HOW, "spoken").with(&consent::GIVEN_AT, hour(at))
}

fn stored(number: u128, purpose: &'static str, at: i64, withdrawn: Option<i64>) -> Record {
    let mut record = Record::new("consent", id(number));
    record.fields = given(number, purpose, at).fields.into();
    withdrawn.map_or(record.clone(), |withdrawn| {
        record.with(&consent::WITHDRAWN_AT, hour(withdrawn))
    })
}

#[test]
fn a_consent_says_what_for_by_whom_how_and_when() {
    let world = ward_with_two_patients();
    expect(&world, given(50, "research", 1), &[]);
    let bare = Draft::new("consent", id(50)).with(&consent::PATIENT, id(ANJU));
    let missing = [
        "given_at: required",
        "given_by: required",
        "how: required",
        "purpose: required",
    ];
    expect(&world, bare, &missing);
    let guardian = given(50, "research", 1).with(&consent::GIVEN_BY, "guardian");
    expect(&world, guardian.clone(), &["giver_name: required"]);
    expect(&world, guardian.with(&consent::GIVER_NAME, "Rema"), &[]);
    let treatment = given(50, "research", 1).with(&consent::PURPOSE, "treatment");
    expect(&world, treatment, &["purpose: unknown_code"]);
}

#[test]
fn who_withdraws_is_said_and_nothing_is_withdrawn_before_it_was_given() {
    let mut world = ward_with_two_patients();
    world.put(stored(50, "photograph", 5, None));
    let withdrawal = |at| Draft::new("consent", id(50)).with(&consent::WITHDRAWN_AT, hour(at));
    expect(&world, withdrawal(6), &["withdrawn_by: required"]);
    let by_patient = withdrawal(6).with(&consent::WITHDRAWN_BY, "patient");
    expect(&world, by_patient, &[]);
    let early = withdrawal(4).with(&consent::WITHDRAWN_BY, "patient");
    expect(&world, early, &["withdrawn_at: before_start"]);
}

#[test]
fn the_same_twice_is_asked_and_after_a_withdrawal_it_is_not() {
    let mut world = ward_with_two_patients();
    world.put(stored(50, "contact", 1, None));
    expect(&world, given(51, "contact", 2), &["purpose: consent_stands?"]);
    expect(&world, given(51, "insurer", 2), &[]);
    world.put(stored(50, "contact", 1, Some(2)));
    expect(&world, given(51, "contact", 3), &[]);
}

#[test]
fn a_withdrawal_ends_what_another_desk_wrote_down_of_the_same_consent_and_nothing_later() {
    let all = [
        stored(50, "contact", 1, Some(5)),
        stored(51, "contact", 2, None),
        stored(52, "contact", 6, None),
        stored(53, "research", 1, None),
    ];
    let stand: Vec<bool> = all.iter().map(|each| consent::stands(each, &all)).collect();
    assert_eq!(stand, [false, false, true, true]);
}

#[test]
fn it_is_given_and_taken_back_in_one_step_each() {
    let mut world = ward_with_two_patients();
    let ctx = domain::world::Ctx {
        now: hour(3),
        today: Date::new(1970, 1, 1).unwrap(),
        utc_offset_minutes: 0,
        facility: id(FACILITY),
        person: id(90),
        role: "nurse".to_owned(),
        heard: None,
    };
    let act = |name: &str, args: serde_json::Value, world: &Overlay<'_>| {
        let mut new_id = || id(60);
        let mut stage = domain::actions::Stage {
            world,
            ctx: &ctx,
            new_id: &mut new_id,
        };
        domain::actions::act(name, &args, &mut stage)
    };
    let fields = serde_json::json!({"purpose": "research", "given_by": "patient", "how": "signed"});
    let args = serde_json::json!({"patient": id(ANJU), "at": null, "fields": fields});
    let drafts = act("give_consent", args, &world).unwrap();
    assert_eq!(found(&world, drafts.clone()), [""; 0]);
    let mut record = Record::new("consent", id(60));
    record.fields = drafts[0].fields.clone().into();
    assert_eq!(consent::GIVEN_AT.of(&record), Some(hour(3)));
    world.put(record);
    let taken_back = serde_json::json!({"consent": id(60), "by": "parent", "at": null});
    let drafts = act("withdraw_consent", taken_back.clone(), &world).unwrap();
    assert_eq!(found(&world, drafts.clone()), [""; 0]);
    world.put(stored(60, "research", 1, Some(3)));
    let again = act("withdraw_consent", taken_back, &world).unwrap_err();
    assert!(
        matches!(again, domain::actions::ActionError::Problems(problems) if problems[0].code == "already_withdrawn")
    );
}
