//! Beds, stays, holds, and the names on a ward.

use super::*;

#[test]
fn a_bed_holds_one_patient_and_a_patient_lies_in_one_bed() {
    let mut world = ward_with_two_patients();
    expect(&world, stay(20, BED_A, 10, 1), &[]);
    world.put(stored_stay(20, BED_A, 10, 1));
    expect(&world, stay(21, BED_A, 11, 2), &["bed: bed_occupied"]);
    expect(&world, stay(21, BED_B, 10, 2), &["encounter: encounter_in_other_bed"]);
    expect(&world, stay(21, BED_B, 11, 2), &[]);
}

#[test]
fn a_bed_is_free_from_the_moment_the_last_stay_ends() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1).with(&bed_stay::TO, hour(5)));
    expect(&world, stay(21, BED_A, 11, 5), &[]);
    expect(&world, stay(21, BED_A, 11, 4), &["bed: bed_occupied"]);
    expect(&world, stay(21, BED_A, 11, 0).with(&bed_stay::TO, hour(1)), &[]);
}

#[test]
fn moving_and_swapping_are_one_action() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    world.put(stored_stay(21, BED_B, 11, 1));
    let ends = |number| Draft::new("bed_stay", id(number)).with(&bed_stay::TO, hour(6));
    let swap = vec![ends(20), ends(21), stay(22, BED_B, 10, 6), stay(23, BED_A, 11, 6)];
    assert_eq!(found(&world, swap), Vec::<String>::new());
    let half = vec![ends(20), stay(22, BED_B, 10, 6)];
    assert_eq!(found(&world, half), ["bed: bed_occupied"]);
}

#[test]
fn a_claim_in_conflict_can_be_ended_and_annotated_but_not_widened() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    world.put(stored_stay(21, BED_A, 11, 2));
    let edit = || Draft::new("bed_stay", id(21));
    expect(&world, edit().with(&bed_stay::TO, hour(4)), &[]);
    expect(&world, edit().with(&bed_stay::NOTE, "both claim it"), &[]);
    expect(&world, edit().with(&bed_stay::FROM, hour(1)), &["bed: bed_occupied"]);
    expect(&world, edit().with(&bed_stay::BED, id(BED_B)), &[]);
}

#[test]
fn nothing_ends_before_it_begins() {
    let world = ward_with_two_patients();
    expect(
        &world,
        stay(20, BED_A, 10, 5).with(&bed_stay::TO, hour(4)),
        &["to: before_start"],
    );
    expect(&world, stay(20, BED_A, 10, 5).with(&bed_stay::TO, hour(5)), &[]);
    let discharged = Draft::new("encounter", id(10)).with(&encounter::DISCHARGED_AT, hour(-1));
    expect(
        &world,
        discharged.with(&encounter::DISCHARGE_REASON, "recovered"),
        &["discharged_at: before_start"],
    );
}

#[test]
fn who_is_discharged_leaves_the_bed_in_the_same_action() {
    let mut world = ward_with_two_patients();
    world.put(stored_stay(20, BED_A, 10, 1));
    let discharge = || {
        let draft = Draft::new("encounter", id(10)).with(&encounter::DISCHARGED_AT, hour(9));
        draft.with(&encounter::DISCHARGE_REASON, "recovered")
    };
    expect(&world, discharge(), &["discharged_at: still_in_bed"]);
    let leaves = Draft::new("bed_stay", id(20)).with(&bed_stay::TO, hour(9));
    assert_eq!(found(&world, vec![discharge(), leaves]), Vec::<String>::new());
}

#[test]
fn nobody_is_put_into_a_bed_after_the_discharge_nor_into_one_that_is_gone() {
    let mut world = ward_with_two_patients();
    let discharged = world
        .get("encounter", id(10))
        .unwrap()
        .unwrap()
        .with(&encounter::DISCHARGED_AT, hour(3));
    world.put(discharged);
    let gone = world.get("bed", id(BED_B)).unwrap().unwrap().with(&bed::RETIRED, "yes");
    world.put(gone);
    expect(&world, stay(20, BED_A, 10, 2), &["encounter: encounter_discharged"]);
    expect(&world, stay(20, BED_A, 10, 2).with(&bed_stay::TO, hour(3)), &[]);
    expect(&world, stay(20, BED_B, 11, 2), &["bed: bed_retired"]);
}

#[test]
fn an_occupied_bed_is_not_taken_away() {
    let mut world = ward_with_two_patients();
    let retire = || {
        let draft = Draft::new("bed", id(BED_A)).with(&bed::RETIRED, "yes");
        draft.with(&bed::RETIRED_ON, Date::new(2026, 11, 20).unwrap())
    };
    expect(&world, retire(), &[]);
    world.put(stored_stay(20, BED_A, 10, 1));
    expect(&world, retire(), &["retired: bed_occupied"]);
}

#[test]
fn labels_and_names_are_unique_where_people_read_them() {
    let world = ward_with_two_patients();
    let bed = |label: &str| {
        let draft = Draft::new("bed", id(30))
            .with(&bed::WARD, id(WARD))
            .with(&bed::LABEL, label);
        draft.with(&bed::BED_TYPE, "regular")
    };
    expect(&world, bed("03"), &[]);
    expect(&world, bed("01"), &["label: label_taken"]);
    let ward = Draft::new("ward", id(30))
        .with(&ward::FACILITY, id(FACILITY))
        .with(&ward::NAME, "ICU-2");
    expect(&world, ward, &["name: name_taken"]);
    let level = |number| {
        let draft = Draft::new("minimum_level", id(number)).with(&minimum_level::ITEM, id(ITEM));
        draft
            .with(&minimum_level::FACILITY, id(FACILITY))
            .with(&minimum_level::MINIMUM, Decimal::new(100, 0))
    };
    assert_eq!(found(&world, vec![level(31)]), Vec::<String>::new());
    assert_eq!(found(&world, vec![level(31), level(32)]), ["item: level_exists"; 1]);
}

#[test]
fn a_bed_is_held_once_at_a_time_and_an_expired_hold_holds_nothing() {
    let mut world = ward_with_two_patients();
    let hold = |number| {
        let draft = Draft::new("bed_hold", id(number)).with(&bed_hold::BED, id(BED_A));
        draft.with(&bed_hold::REASON, "held").with(&bed_hold::FROM, hour(5))
    };
    let held = Record::new("bed_hold", id(40))
        .with(&bed_hold::BED, id(BED_A))
        .with(&bed_hold::FROM, hour(1));
    world.put(held.clone());
    expect(&world, hold(41), &["bed: bed_already_held"]);
    world.put(held.with(&bed_hold::EXPIRES, hour(4)));
    expect(&world, hold(41), &[]);
    let blocked = Draft::new("bed_hold", id(42))
        .with(&bed_hold::BED, id(BED_B))
        .with(&bed_hold::FROM, hour(1));
    expect(
        &world,
        blocked.with(&bed_hold::REASON, "blocked"),
        &["note: no_reason_given?"],
    );
}
