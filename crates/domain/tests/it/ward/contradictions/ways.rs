//! What is offered to end a contradiction ends it, and for each something is offered that does.

use proptest::strategy::ValueTree;

use super::*;
use domain::ward::conflicts::ways::{Way, ways};

/// A bed that was just put up, so that there is always one to go to.
const SPARE: u128 = 15;

/// Does it, and answers whether it was possible.
fn done(scene: &mut Scene, way: &Way) -> bool {
    if way.what == "count" {
        let draft = Draft::new("stock_entry", scene.new_id()).with(&stock_entry::ITEM, way.record);
        let sum = scene.world.balances("stock_entry").unwrap()[&way.record].sum;
        let draft = draft
            .with(&stock_entry::MOVEMENT, "count")
            .with(&stock_entry::AT, scene.now);
        let draft = draft.with(&stock_entry::COUNTED, domain::Decimal::new(4_000, 3));
        let draft = draft.with(&stock_entry::EXPECTED, domain::Decimal::new(sum, 3));
        return scene.save(vec![draft]) == FINE;
    }
    let args = json!({
        "what": way.what, "kind": way.kind, "record": way.record, "other": way.other,
        "bed": id(SPARE), "at": way.at, "reason": "looked at the bed",
    });
    scene.act("decide", &args) == FINE
}

/// A random day at its end.
fn scene_of(deeds: &[Deed]) -> Scene {
    let mut ward = Ward::new();
    ward.live(deeds);
    let mut scene = ward.at_last(&[]);
    let bed = Record::new("bed", id(SPARE))
        .with(&bed::WARD, id(WARD))
        .with(&bed::LABEL, "05");
    scene.world.put(bed.with(&bed::BED_TYPE, "icu"));
    scene.given = 1 << 40;
    scene
}

#[test]
fn each_way_that_is_offered_ends_what_it_is_offered_for() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut ended: BTreeSet<(&str, &str)> = BTreeSet::new();
    for _ in 0..600 {
        let deeds = deeds().new_tree(&mut runner).unwrap().current();
        let lived = scene_of(&deeds);
        for conflict in shown(&lived) {
            let this = told_of(std::slice::from_ref(&conflict)).remove(0);
            let mut some_way = false;
            for way in ways(&conflict) {
                let mut scene = lived.clone();
                if !done(&mut scene, &way) {
                    continue;
                }
                let still = told_of(&shown(&scene)).contains(&this);
                assert!(!still, "{} does not end {}", way.what, this.0);
                some_way = true;
                ended.insert((this.0, way.what));
            }
            assert!(some_way, "nothing that is offered for {} is possible", this.0);
        }
    }
    let ended: Vec<String> = ended.iter().map(|(what, way)| format!("{what}: {way}")).collect();
    assert_eq!(ended, EVERY_WAY);
}

const EVERY_WAY: &[&str] = &[
    "admitted_twice: unmerge",
    "admitted_twice: void_admission",
    "corrected_after_void: restore",
    "corrected_after_void: void",
    "held_twice: end_hold",
    "in_blocked_bed: end_hold",
    "in_blocked_bed: transfer",
    "in_blocked_bed: void",
    "in_closed_place: reopen_place",
    "in_closed_place: transfer",
    "in_closed_place: void",
    "in_held_bed: end_hold",
    "in_held_bed: transfer",
    "in_held_bed: void",
    "likely_one: merge",
    "likely_one: tell_apart",
    "merged_and_told_apart: unmerge",
    "merged_and_told_apart: void",
    "one_in_two_beds: end",
    "one_in_two_beds: void",
    "one_stay_twice: void",
    "outside_admission: admitted_then",
    "outside_admission: end",
    "outside_admission: reopen_admission",
    "outside_admission: restore",
    "outside_admission: void",
    "stock_below_zero: count",
    "stock_below_zero: void",
    "stock_was_below_zero: count",
    "stock_was_below_zero: void",
    "two_in_one_bed: end",
    "two_in_one_bed: other_bed",
    "two_in_one_bed: void",
    "two_triage_entries: keep_entry",
    "voided_patient: restore",
    "voided_patient: void_admission",
];
