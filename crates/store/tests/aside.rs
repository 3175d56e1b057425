//! What the district keeps aside is here without the network, and what was decided about it is told until it has
//! answered.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod rig;

use rig::*;
use store::Aside;
use sync_core::aside::{AsideAction, AsideList, Decision, Dismissed, Outcome, Verdict, Written};
use sync_core::exchange::Reason;
use sync_core::{ChangeId, Hash};

fn change(seq: u64) -> ChangeId {
    ChangeId { device: device(9), seq }
}

fn action(seq: u64) -> AsideAction {
    AsideAction {
        change: change(seq),
        count: 1,
        reason: Reason::Revoked,
        since_ms: 5,
        written: Some(Written {
            by: id(0xac),
            wall_ms: 4,
        }),
        says: Vec::new(),
    }
}

fn list(name: &[u8], seqs: &[u64]) -> AsideList {
    AsideList {
        name: Hash::of(name),
        actions: seqs.iter().map(|seq| action(*seq)).collect(),
        left_out: 3,
        dismissed: Vec::new(),
        taken_in: Vec::new(),
    }
}

fn decision(seq: u64, verdict: Verdict) -> Decision {
    Decision {
        change: change(seq),
        verdict,
        why: "twice on paper".to_owned(),
        by: id(0xad),
        wall_ms: 6,
    }
}

fn told(desk: &Desk) -> Vec<u64> {
    let (aside, _) = desk.store.aside().unwrap();
    aside.iter().map(|each| each.told.change.seq).collect()
}

#[test]
fn what_was_told_last_is_here_after_a_restart_whole() {
    let desk = Desk::new(1);
    assert_eq!(desk.store.aside_told().unwrap(), Hash::default());
    desk.store.hear_aside(list(b"first", &[7, 3, 5])).unwrap();
    desk.store.hear_aside(list(b"second", &[3, 5])).unwrap();
    let desk = desk.reopened();
    assert_eq!(desk.store.aside_told().unwrap(), Hash::of(b"second"));
    let (aside, left_out) = desk.store.aside().unwrap();
    let plain = |seq| Aside {
        told: action(seq),
        decision: None,
        refused: None,
    };
    assert_eq!((aside, left_out), (vec![plain(3), plain(5)], 3));
}

#[test]
fn a_decision_is_told_until_the_district_has_answered_and_only_the_first_counts() {
    let desk = Desk::new(1);
    desk.store.hear_aside(list(b"first", &[3, 5])).unwrap();
    let taken = decision(3, Verdict::TakeIn);
    assert!(desk.store.decide(taken.clone()).unwrap());
    assert!(
        !desk.store.decide(decision(3, Verdict::Dismiss)).unwrap(),
        "it is under way"
    );
    let desk = desk.reopened();
    assert_eq!(desk.store.decisions_to_send().unwrap(), std::slice::from_ref(&taken));
    assert_eq!(desk.store.aside().unwrap().0[0].decision, Some(taken));
    // A new list that still names it changes nothing: the answer may be under way.
    desk.store.hear_aside(list(b"second", &[3, 5])).unwrap();
    assert_eq!(desk.store.decisions_to_send().unwrap().len(), 1);

    desk.store.hear_outcome(change(3), Outcome::Done).unwrap();
    assert_eq!(desk.store.decisions_to_send().unwrap(), []);
    assert_eq!(told(&desk), [5]);
    assert_eq!(
        desk.store.aside_told().unwrap(),
        Hash::default(),
        "the list is asked for anew"
    );
    // A district that was restored from before the decision keeps it aside again, and it is shown again.
    desk.store.hear_aside(list(b"second", &[3, 5])).unwrap();
    assert_eq!(told(&desk), [3, 5]);
    assert_eq!(desk.store.aside().unwrap().0[0].decision, None);
}

#[test]
fn what_the_district_refused_is_shown_and_can_be_decided_again() {
    let desk = Desk::new(1);
    desk.store.hear_aside(list(b"first", &[3, 5])).unwrap();
    desk.store.decide(decision(5, Verdict::TakeIn)).unwrap();
    desk.store.hear_outcome(change(5), Outcome::DependsOnParked).unwrap();
    assert_eq!(
        desk.store.decisions_to_send().unwrap(),
        [],
        "it is not sent again by itself"
    );
    let (aside, _) = desk.store.aside().unwrap();
    assert_eq!(aside[1].refused, Some(Outcome::DependsOnParked));
    desk.store.hear_aside(list(b"second", &[5])).unwrap();
    assert_eq!(desk.store.aside().unwrap().0[0].refused, Some(Outcome::DependsOnParked));
    let again = decision(5, Verdict::Dismiss);
    assert!(desk.store.decide(again.clone()).unwrap());
    assert_eq!(desk.store.decisions_to_send().unwrap(), [again]);
}

#[test]
fn what_was_decided_goes_with_the_desk_to_its_new_identity() {
    let desk = Desk::new(1);
    desk.store.hear_aside(list(b"first", &[3, 5])).unwrap();
    let waits = decision(3, Verdict::TakeIn);
    desk.store.decide(waits.clone()).unwrap();
    desk.store.decide(decision(5, Verdict::TakeIn)).unwrap();
    desk.store.hear_outcome(change(5), Outcome::NotAllowed).unwrap();
    let path = desk.folder.path().join("next.db");
    desk.store.succeed(&path, device(2)).unwrap();
    let new = store::Store::open(&path, &key()).unwrap();
    assert_eq!(new.decisions_to_send().unwrap(), [waits]);
}

#[test]
fn what_was_dismissed_of_this_desk_is_as_the_district_told_it_last() {
    let desk = Desk::new(1);
    let dismissed = |seq, why: &str| Dismissed {
        change: change(seq),
        at_ms: 8,
        by: Some(id(0xad)),
        why: why.to_owned(),
    };
    let told = |each: &[Dismissed]| AsideList::new(Vec::new(), 0, each.to_vec(), Vec::new());
    desk.store
        .hear_aside(told(&[dismissed(3, "twice"), dismissed(4, "a mistake")]))
        .unwrap();
    let desk = desk.reopened();
    let kept = desk.store.dismissed().unwrap();
    assert_eq!(
        kept.into_values().collect::<Vec<_>>(),
        [dismissed(3, "twice"), dismissed(4, "a mistake")]
    );
    // A restored district keeps it aside again.
    desk.store.hear_aside(told(&[dismissed(4, "a mistake")])).unwrap();
    assert_eq!(desk.store.dismissed().unwrap().len(), 1);
}
