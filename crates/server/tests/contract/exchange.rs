//! What the exchange promises, held by the server itself and over TLS alike.

use std::collections::BTreeSet;

use crate::rig::*;
use domain::access::{self, ROLES};
use domain::check::Draft;
use domain::entities::patient;
use domain::{RecordId, Value};
use server::exchange::grants::Grants;
use sync_core::exchange::{Answer, Ask, Batch, Carried, MOST_CHANGES, PeerError, Reason, SignatureText, Wish};
use sync_core::{ChangeId, Encoded, Hash, SpaceId};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_changes_sent_again_get_the_same_numbers_however_they_are_cut() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(6);
        let first = receipt(rig.push(&desk, desk.batch(1, 4)).await);
        assert_eq!(first, (4, vec![1, 2, 3, 4], vec![]));
        assert_eq!(receipt(rig.push(&desk, desk.batch(1, 4)).await), first);
        assert_eq!(
            receipt(rig.push(&desk, desk.batch(2, 3)).await),
            (4, vec![2, 3], vec![])
        );
        assert_eq!(
            receipt(rig.push(&desk, desk.batch(3, 6)).await),
            (6, vec![3, 4, 5, 6], vec![])
        );
        assert_eq!(
            receipt(rig.push(&desk, desk.all()).await),
            (6, vec![1, 2, 3, 4, 5, 6], vec![])
        );
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3, 4, 5, 6]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_is_answered_with_what_is_wanted_and_nothing_is_written() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(5);
        rig.push(&desk, desk.batch(1, 2)).await;
        assert_eq!(rig.push(&desk, desk.batch(4, 5)).await, Answer::Gap { wanted: 3 });
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2]);
        assert_eq!(receipt(rig.push(&desk, desk.batch(3, 5)).await).0, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_may_leap_where_the_chain_says_that_nothing_is_missing() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(2);
        desk.leap = 1 << 40;
        desk.admit(3);
        assert_eq!(
            rig.push(&desk, desk.batch(3, 5)).await,
            Answer::Gap { wanted: 1 },
            "two are missing before"
        );
        rig.push(&desk, desk.batch(1, 2)).await;
        assert_eq!(
            rig.push(&desk, desk.batch(4, 5)).await,
            Answer::Gap { wanted: 3 },
            "one is missing before"
        );
        for last in [3, 5, 5] {
            let (last_seq, ..) = receipt(rig.push(&desk, desk.batch(3, last)).await);
            assert_eq!(last_seq, desk.changes[last - 1].change().id.seq);
        }
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3, 4, 5]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_whose_numbers_leapt_elsewhere_is_found_by_its_chain() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(2);
        let (mut near, mut far) = (desk.clone(), desk.clone());
        (desk.leap, near.leap, far.leap) = (200, 100, 300);
        for each in [&mut desk, &mut near, &mut far] {
            each.admit(2);
        }
        rig.push(&desk, desk.batch(1, 2)).await;
        rig.push(&desk, desk.batch(3, 4)).await;
        let wanted = desk.changes[3].change().id.seq + 1;
        assert_eq!(rig.push(&near, near.batch(3, 4)).await, Answer::Fork { seq: 103 });
        assert_eq!(rig.push(&far, far.batch(3, 4)).await, Answer::Gap { wanted });
        let answers = rig.exchange(&far, vec![hello()]).await.unwrap();
        let Answer::Hello { chain, last_seq, .. } = &answers[0] else {
            panic!("{answers:?}");
        };
        assert_eq!((*last_seq, *chain), (wanted - 1, Some(desk.chain_before(5))));
        assert_ne!(*chain, Some(far.chain_before(3)), "which the copy has at that number");
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3, 4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_desk_is_found_by_its_fork_and_gets_nothing() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(2);
        let mut copy = desk.clone();
        desk.admit(2);
        copy.admit(3);
        rig.push(&desk, desk.all()).await;
        let asks = vec![
            hello(),
            Ask::Push(copy.batch(3, 5)),
            Ask::Pull {
                space: desk.space,
                epoch: 1,
                cursor: 0,
            },
        ];
        let answers = rig.exchange(&copy, asks).await.unwrap();
        assert_eq!(answers[1..], [Answer::Fork { seq: 3 }]);
        assert_eq!(rig.lsns(&desk, desk.space).await, [1, 2, 3, 4]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_and_altered_batches_are_refused_whole() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(3);
        let stranger = Desk {
            key: new_key(),
            ..desk.clone()
        };
        let pushed = rig.server.push(desk.id, &stranger.all(), &Grants::default());
        assert_eq!(pushed.unwrap(), Answer::NotAuthentic);

        let mut altered = desk.all();
        let text = altered.changes[1].0.get().replace("Lakshmikutty", "Lakshmikutti");
        altered.changes[1] = Carried(serde_json::value::RawValue::from_string(text).unwrap());
        assert_eq!(rig.push(&desk, altered).await, Answer::NotAuthentic);

        let mut swapped = desk.all();
        swapped.changes.swap(0, 1);
        assert_eq!(rig.push(&desk, swapped).await, Answer::NotAuthentic);

        let mut dropped = desk.all();
        dropped.changes.remove(1);
        assert_eq!(rig.push(&desk, dropped).await, Answer::NotAuthentic);

        for signature in ["", "zz", "00", &"0".repeat(128), &"é".repeat(64)] {
            let mut unsigned = desk.all();
            unsigned.signature = SignatureText(signature.into());
            assert_eq!(rig.push(&desk, unsigned).await, Answer::NotAuthentic);
        }
        for first in [0, u64::MAX, u64::MAX - 1, i64::MAX as u64] {
            let mut beyond = desk.all();
            beyond.first = first;
            assert_eq!(rig.push(&desk, beyond).await, Answer::NotAuthentic);
        }
        let other = rig.desk(rig.here);
        assert_eq!(rig.push(&other, desk.all()).await, Answer::NotAuthentic);
        assert!(rig.lsns(&desk, desk.space).await.is_empty());
        assert_eq!(receipt(rig.push(&desk, desk.all()).await).0, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_facilitys_space_is_the_same_as_none() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        let nowhere = SpaceId::Facility(Uuid::now_v7());
        for space in [
            rig.elsewhere.space,
            nowhere,
            SpaceId::District(Uuid::now_v7()),
            SpaceId::Rollup(rig.server.own().district.0),
        ] {
            assert_eq!(rig.pull(&desk, space, 0).await, [Answer::NoSpace { space }]);
        }
        desk.write_as(rig.elsewhere.space, rig.here.nurse, vec![patient_draft(new_id())], &[]);
        desk.write_as(nowhere, rig.here.nurse, vec![patient_draft(new_id())], &[]);
        desk.admit(1);
        let (last_seq, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
        assert_eq!((last_seq, numbered), (3, vec![1]));
        assert_eq!(parked, [(1, Reason::ForeignSpace), (2, Reason::ForeignSpace)]);
        let other = rig.desk(rig.elsewhere);
        assert!(rig.lsns(&other, rig.elsewhere.space).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_unknown_people_wrote_is_parked_and_what_builds_on_it_too() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        let (space, record, other) = (desk.space, new_id(), new_id());
        let created = desk.write_as(space, new_id(), vec![patient_draft(record)], &[]);
        desk.write_as(space, rig.here.nurse, vec![phone(record, "9447012345")], &created);
        desk.write(vec![phone(record, "9447012346")]);
        desk.write(vec![patient_draft(other)]);
        desk.write_as(space, rig.elsewhere.nurse, vec![phone(other, "1")], &[]);
        let expected = vec![
            (1, Reason::UnknownPerson),
            (2, Reason::DependsOnParked),
            (3, Reason::DependsOnParked),
            (5, Reason::NotAllowed),
        ];
        let first = receipt(rig.push(&desk, desk.all()).await);
        assert_eq!(first, (5, vec![1], expected));
        assert_eq!(receipt(rig.push(&desk, desk.all()).await), first);
    }
}

fn phone(record: RecordId, phone: &str) -> Draft {
    Draft::new("patient", record).with(&patient::PHONE, phone)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_is_taken_in_or_parked_as_a_whole() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.write(vec![
        patient_draft(new_id()),
        Draft::new("item", new_id()).with_value("name", Value::Text("Gloves".into())),
    ]);
    desk.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    desk.write(vec![
        Draft::new("starship", new_id()).with_value("name", Value::Text("x".into())),
    ]);
    let (_, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!(numbered, [1, 2]);
    assert_eq!(
        parked,
        [(1, Reason::Malformed), (2, Reason::Malformed), (5, Reason::Malformed)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_split_action_and_unreadable_changes_are_parked_and_block_nothing() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.write(vec![patient_draft(new_id()), patient_draft(new_id())]);
    assert_eq!(
        receipt(rig.push(&desk, desk.batch(1, 1)).await).2,
        [(1, Reason::Malformed)]
    );
    desk.admit(1);
    let (_, numbered, parked) = receipt(rig.push(&desk, desk.batch(2, 3)).await);
    assert_eq!((numbered, parked), (vec![1], vec![(2, Reason::Malformed)]));

    let odd = Carried(serde_json::value::RawValue::from_string("{\"from\":\"a later version\"}".into()).unwrap());
    let before = desk.chain_before(4);
    let chain = before.with_change(sync_core::Hash::of(odd.0.get().as_bytes()));
    let batch = signed_batch(&desk, 4, vec![odd], chain);
    assert_eq!(
        receipt(rig.push(&desk, batch.clone()).await),
        (4, vec![], vec![(4, Reason::Malformed)])
    );
    assert_eq!(
        receipt(rig.push(&desk, batch).await),
        (4, vec![], vec![(4, Reason::Malformed)])
    );
}

/// A batch with changes that no desk of this version could write, signed as a desk would.
fn signed_batch(desk: &Desk, first: u64, changes: Vec<Carried>, chain: sync_core::Chain) -> Batch {
    let last = first + changes.len() as u64 - 1;
    let message = [desk.id.0.as_bytes().as_slice(), &last.to_be_bytes(), &chain.0.0].concat();
    Batch {
        first,
        changes,
        chain,
        signature: sync_core::exchange::sign(&desk.key, "wardroom batch 1", &message),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_desk_gets_nothing_and_its_late_changes_are_parked() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(1);
        rig.push(&desk, desk.all()).await;
        rig.server.revoke(desk.id).unwrap();
        desk.admit(2);
        let asks = vec![
            hello(),
            Ask::Push(desk.batch(2, 3)),
            Ask::Pull {
                space: desk.space,
                epoch: 1,
                cursor: 0,
            },
        ];
        let answers = rig.exchange(&desk, asks).await.unwrap();
        let late = receipt(answers[1].clone());
        assert_eq!(late, (3, vec![], vec![(2, Reason::Revoked), (3, Reason::Revoked)]));
        assert_eq!(answers[2..], [Answer::Revoked]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_left_write_no_more_and_a_new_role_counts_at_once() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    let district = rig.server.district();
    let role = |word: &str| Draft::new("person", rig.here.nurse).with_value("role", Value::Code(word.into()));
    rig.server.author(district, vec![vec![role("nurse_viewer")]]).unwrap();
    desk.admit(1);
    rig.server.author(district, vec![vec![role("nurse")]]).unwrap();
    assert_eq!(receipt(rig.push(&desk, desk.all()).await).1, [1, 2]);
    rig.server.author(district, vec![vec![role("nurse_viewer")]]).unwrap();
    desk.admit(1);
    assert_eq!(
        receipt(rig.push(&desk, desk.batch(3, 3)).await).2,
        [(3, Reason::NotAllowed)]
    );
    let gone = Draft::new("person", rig.here.nurse).with_value("active", Value::Code("no".into()));
    rig.server.author(district, vec![vec![gone]]).unwrap();
    desk.admit(1);
    assert_eq!(
        receipt(rig.push(&desk, desk.batch(4, 4)).await).2,
        [(4, Reason::UnknownPerson)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_writes_what_the_table_says_and_nothing_else() {
    let rig = Rig::new();
    for role in ROLES {
        let person = new_id();
        let draft = person_draft(person, &format!("u.{}", role.word), role.word, Some(rig.here.facility));
        rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
        let mut desk = rig.desk(rig.here);
        let mut expected = Vec::new();
        for entity in domain::entities::ENTITIES {
            let space = match entity.home {
                domain::Home::Facility => desk.space,
                domain::Home::District => rig.server.district(),
            };
            let draft = match entity.kind {
                "person" => person_draft(new_id(), &format!("n.{}", new_id()), "nurse", Some(rig.here.facility)),
                "facility" => facility_draft(rig.here.facility, "Taluk Hospital"),
                kind => Draft::new(kind, new_id()).with_value("voided", Value::Code("no".into())),
            };
            desk.write_as(space, person, vec![draft], &[]);
            let may = access::may(role.word, access::Verb::Write, entity.kind)
                && (entity.kind != "person" || access::may_appoint(role.word, "nurse"));
            if !may {
                expected.push((desk.changes.len() as u64, Reason::NotAllowed));
            }
        }
        assert_eq!(receipt(rig.push(&desk, desk.all()).await).2, expected, "{}", role.word);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_facility_admin_appoints_nobody_above_themselves_nor_elsewhere() {
    let rig = Rig::new();
    let admin = new_id();
    let draft = person_draft(admin, "fa", "facility_admin", Some(rig.here.facility));
    rig.server.author(rig.server.district(), vec![vec![draft]]).unwrap();
    let mut desk = rig.desk(rig.here);
    let (district, here, there) = (rig.server.district(), rig.here.facility, rig.elsewhere.facility);
    let mut appoint = |username: &str, role: &str, facility| {
        desk.write_as(
            district,
            admin,
            vec![person_draft(new_id(), username, role, Some(facility))],
            &[],
        );
    };
    appoint("fine", "nurse", here);
    appoint("above", "district_admin", here);
    appoint("away", "nurse", there);
    let promoted = Draft::new("person", admin).with_value("role", Value::Code("super_admin".into()));
    desk.write_as(district, admin, vec![promoted], &[]);
    let parked = receipt(rig.push(&desk, desk.all()).await).2;
    assert_eq!(
        parked,
        [
            (2, Reason::NotAllowed),
            (3, Reason::NotAllowed),
            (4, Reason::NotAllowed)
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_holes_under_eight_desks_at_once() {
    let rig = std::sync::Arc::new(Rig::new().over_tls().await);
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let rig = std::sync::Arc::clone(&rig);
        tasks.push(tokio::spawn(async move {
            let mut desk = rig.desk(rig.here);
            desk.admit(24);
            let mut numbers = Vec::new();
            for first in (1..=24).step_by(3) {
                numbers.extend(receipt(rig.push(&desk, desk.batch(first, first + 2)).await).1);
            }
            let seen = rig.lsns(&desk, desk.space).await;
            assert_eq!(seen, (1..=seen.len() as u64).collect::<Vec<_>>());
            numbers
        }));
    }
    let mut all = BTreeSet::new();
    for task in tasks {
        for lsn in task.await.unwrap() {
            assert!(all.insert(lsn), "{lsn} was given twice");
        }
    }
    assert_eq!(all.into_iter().collect::<Vec<_>>(), (1..=192).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_end_at_whole_actions_at_every_border() {
    let most = MOST_CHANGES;
    // The last action, of four changes, ends just before, on and after the border.
    for before in [most - 5, most - 4, most - 3] {
        let rig = Rig::with(|config| config.limits.page_bytes = usize::MAX);
        let mut desk = rig.desk(rig.here);
        desk.admit(before);
        desk.write((0..4).map(|_| patient_draft(new_id())).collect());
        desk.admit(1);
        let half = before / 2;
        rig.push(&desk, desk.batch(1, half)).await;
        rig.push(&desk, desk.batch(half + 1, before + 5)).await;
        let reader = rig.desk(rig.here);
        let pages = rig.pages(&reader, desk.space, 0).await;
        let borders: Vec<(u64, u64)> = pages.iter().map(|page| (page.from, page.to)).collect();
        let (whole, head) = (before as u64 + 4, before as u64 + 5);
        let expected = match before + 5 {
            all if all <= most => vec![(1, head)],
            _ if before + 4 <= most => vec![(1, whole), (whole + 1, head)],
            _ => vec![(1, before as u64), (before as u64 + 1, head)],
        };
        assert_eq!(borders, expected, "{before}");
        for page in &pages {
            assert!(page.entries.len() <= most && page.head == head);
            assert_eq!(page.digest.is_some(), page.to == head);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_action_larger_than_a_page_goes_whole() {
    let rig = Rig::with(|config| config.limits.page_bytes = 4_000);
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    desk.write((0..40).map(|_| patient_draft(new_id())).collect());
    desk.admit(20);
    rig.push(&desk, desk.all()).await;
    let reader = rig.desk(rig.here);
    let pages = rig.pages(&reader, desk.space, 0).await;
    assert_eq!((pages[0].from, pages[0].to), (1, 1));
    assert_eq!((pages[1].from, pages[1].to), (2, 41));
    assert!(pages.len() > 4);
    let mut chain = sync_core::Chain::default();
    for page in &pages {
        for entry in &page.entries {
            let encoded = entry.change.as_ref().unwrap().read().unwrap();
            assert_eq!(encoded.change().id, entry.id);
            chain = chain.with_entry(entry.lsn, entry.id, encoded.hash());
        }
        assert_eq!(page.chain, chain);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn own_changes_come_back_as_ids_and_others_whole() {
    for rig in Rig::both().await {
        let (mut one, mut two) = (rig.desk(rig.here), rig.desk(rig.here));
        one.admit(1);
        two.admit(1);
        rig.push(&one, one.all()).await;
        rig.push(&two, two.all()).await;
        let page = rig.pages(&one, one.space, 0).await.remove(0);
        let bodies: Vec<bool> = page.entries.iter().map(|entry| entry.change.is_some()).collect();
        assert_eq!(bodies, [false, true]);
        assert_eq!(page.entries[1].change.as_ref().unwrap().read().unwrap(), two.changes[0]);
        let nothing = rig.pages(&one, one.space, 2).await.remove(0);
        assert_eq!((nothing.from, nothing.to, nothing.head), (3, 2, 2));
        assert_eq!((nothing.chain, nothing.digest), (page.chain, page.digest));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_digest_is_that_of_the_folded_log() {
    let rig = Rig::new();
    let (mut one, mut two) = (rig.desk(rig.here), rig.desk(rig.here));
    let record = new_id();
    let created = one.write(vec![patient_draft(record)]);
    rig.push(&one, one.all()).await;
    let (space, nurse) = (one.space, rig.here.nurse);
    two.write_as(space, nurse, vec![phone(record, "2")], &created);
    one.write_as(space, nurse, vec![phone(record, "1")], &created);
    rig.push(&two, two.all()).await;
    rig.push(&one, one.batch(2, 2)).await;
    let reader = rig.desk(rig.here);
    let page = rig.pages(&reader, space, 0).await.remove(0);
    let mut state = sync_core::RecordState::new("patient", record);
    let changes: Vec<Encoded> = page
        .entries
        .iter()
        .map(|entry| entry.change.as_ref().unwrap().read().unwrap())
        .collect();
    let known: BTreeSet<ChangeId> = changes.iter().map(|change| change.change().id).collect();
    for (change, lsn) in changes.iter().zip(1..) {
        state.apply(change.change(), Some(lsn), |id| known.contains(id));
    }
    assert_eq!(state.conflicts().count(), 1);
    assert_eq!(page.digest, Some(state.digest()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_of_another_epoch_is_told_the_epoch_first_and_reads_the_log_from_its_beginning() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    desk.admit(3);
    rig.push(&desk, desk.all()).await;
    let ask = |epoch, cursor| {
        vec![
            hello(),
            Ask::Pull {
                space: desk.space,
                epoch,
                cursor,
            },
        ]
    };
    for (epoch, cursor) in [(9, 2), (0, 0)] {
        let answers = rig.exchange(&desk, ask(epoch, cursor)).await.unwrap();
        assert!(matches!(&answers[0], Answer::Hello { epochs, .. } if epochs.get(&desk.space) == Some(&1)));
        let Answer::Page(page) = &answers[1] else {
            panic!("no page")
        };
        assert_eq!((page.epoch, page.entries.len(), page.from, page.to), (1, 3, 1, 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_or_newer_desk_is_told_so_but_what_it_wrote_is_kept() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(1);
        let asks = vec![
            Ask::Hello {
                protocol: 9,
                sent_ms: 0,
                wish: None,
                knows_ms: None,
            },
            Ask::Push(desk.all()),
        ];
        // It is told what became of what it brought, so that it can bring the rest, and gets nothing else.
        let answers = rig.exchange(&desk, asks.clone()).await.unwrap();
        assert!(matches!(
            &answers[..],
            [Answer::Hello { .. }, Answer::Receipt { last_seq: 1, .. }]
        ));
        let pull = Ask::Pull {
            space: desk.space,
            epoch: 1,
            cursor: 0,
        };
        let asks = vec![asks[0].clone(), pull];
        assert_eq!(rig.exchange(&desk, asks).await, Err(PeerError::Version));
        assert_eq!(rig.lsns(&desk, desk.space).await, [1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_at_once_is_refused() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(MOST_CHANGES + 1);
        let refused = rig.exchange(&desk, vec![hello(), Ask::Push(desk.all())]).await;
        assert_eq!(refused, Err(PeerError::TooLarge));
        let pull = Ask::Pull {
            space: desk.space,
            epoch: 1,
            cursor: 0,
        };
        let refused = rig.exchange(&desk, vec![pull; 65]).await;
        assert_eq!(refused, Err(PeerError::TooLarge));
        let aside = Ask::Aside { told: Hash::default() };
        for once in [hello(), aside] {
            let refused = rig.exchange(&desk, vec![once; 9]).await;
            assert_eq!(refused, Err(PeerError::TooLarge));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_writes_itself_reaches_the_desks() {
    let rig = Rig::new();
    let desk = rig.desk(rig.here);
    let drafts: Vec<Vec<Draft>> = (0..50)
        .map(|_| vec![patient_draft(new_id()), patient_draft(new_id())])
        .collect();
    let done = rig.server.author(desk.space, drafts).unwrap();
    assert_eq!((done.changes, done.last), (100, 100));
    assert_eq!(rig.lsns(&desk, desk.space).await.len(), 100);
    assert!(
        rig.server
            .author(SpaceId::Facility(Uuid::now_v7()), vec![vec![patient_draft(new_id())]])
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_as_small_and_as_few_as_a_desk_on_a_slow_link_wishes() {
    for rig in Rig::both().await {
        let mut desk = rig.desk(rig.here);
        desk.admit(40);
        rig.push(&desk, desk.all()).await;
        let reader = rig.desk(rig.here);
        let wished = async |page_bytes, pages, cursor| {
            let hello = Ask::Hello {
                protocol: sync_core::exchange::PROTOCOL,
                sent_ms: 0,
                wish: Some(Wish { page_bytes, pages }),
                knows_ms: None,
            };
            let pull = Ask::Pull {
                space: desk.space,
                epoch: 1,
                cursor,
            };
            let answers = rig.exchange(&reader, vec![hello, pull]).await.unwrap();
            let page = |answer| match answer {
                Answer::Page(page) => Some(page),
                _ => None,
            };
            answers.into_iter().filter_map(page).collect::<Vec<_>>()
        };
        let mut cursor = 0;
        while cursor < 40 {
            let pages = wished(2_000, 2, cursor).await;
            assert!(pages.len() <= 2);
            for page in pages {
                assert_eq!(page.from, cursor + 1);
                let bytes: usize = page
                    .entries
                    .iter()
                    .filter_map(|entry| entry.change.as_ref())
                    .map(|change| change.0.get().len())
                    .sum();
                assert!(bytes <= 2_000 && page.to > cursor, "{bytes} bytes to {}", page.to);
                cursor = page.to;
            }
        }
        assert_eq!(cursor, 40);
        let least = wished(0, 0, 0).await;
        assert_eq!((least.len(), least[0].to), (1, 1), "never less than one action");
        let most = wished(u32::MAX, u16::MAX, 0).await;
        assert_eq!((most.len(), most[0].to), (1, 40));
    }
}
