//! What a desk that means harm, or one that was wronged, can and cannot do to the others.

use crate::rig::*;
use domain::check::Draft;
use domain::entities::patient;
use domain::{RecordId, Value};
use sync_core::change::Encoded;
use sync_core::exchange::{Ask, Reason};
use sync_core::frame::{MAX_BYTES, pack};
use uuid::Uuid;

/// What stands before the body of a frame: two lengths and half a hash.
const HEAD_BYTES: usize = 24;

fn phone(record: RecordId, phone: &str) -> Draft {
    Draft::new("patient", record).with(&patient::PHONE, phone)
}

/// Gives the changes of the desk from `first` on one action, each as if it were the whole of it.
fn as_one_action(desk: &mut Desk, first: usize) {
    let action = Uuid::now_v7();
    for encoded in desk.changes.iter_mut().skip(first - 1) {
        let mut change = encoded.change().clone();
        change.action = action;
        *encoded = Encoded::new(change);
    }
}

#[tokio::test]
async fn an_action_cannot_be_drawn_out_over_many_batches_until_no_page_holds_it() {
    let rig = Rig::with(|config| config.limits.page_bytes = 4_000);
    let mut desk = rig.desk(rig.here);
    desk.admit(4);
    as_one_action(&mut desk, 1);
    for seq in 1..=4 {
        rig.push(&desk, desk.batch(seq, seq)).await;
    }
    let reader = rig.desk(rig.here);
    assert_eq!(rig.lsns(&reader, desk.space).await, [1]);
    let (last_seq, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
    let late: Vec<(u64, Reason)> = (2..=4).map(|seq| (seq, Reason::Malformed)).collect();
    assert_eq!((last_seq, numbered, parked), (4, vec![1], late));
}

#[tokio::test]
async fn what_was_kept_aside_can_be_adopted_and_built_upon() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let (space, record) = (desk.space, new_id());
    let created = desk.write_as(space, new_id(), vec![patient_draft(record)], &[]);
    desk.write_as(space, rig.here.nurse, vec![phone(record, "9447012345")], &created);
    desk.write(vec![phone(record, "9447012346")]);
    let (_, numbered, parked) = receipt(rig.push(&desk, desk.all()).await);
    assert_eq!((numbered.len(), parked.len()), (0, 3));

    desk.write(vec![patient_draft(record)]);
    desk.write(vec![phone(record, "9447012345")]);
    let (_, numbered, parked) = receipt(rig.push(&desk, desk.batch(4, 5)).await);
    assert_eq!((numbered, parked), (vec![1, 2], vec![]));
    let reader = rig.desk(rig.here);
    assert_eq!(rig.lsns(&reader, space).await, [1, 2]);
}

#[tokio::test]
async fn a_record_cannot_be_taken_into_another_space_or_kind() {
    let rig = Rig::new();
    let (mut here, mut there) = (rig.desk(rig.here), rig.desk(rig.elsewhere));
    let record = new_id();
    here.write(vec![patient_draft(record)]);
    rig.push(&here, here.all()).await;
    // The same id in another space is another record; nothing of the first is seen or moved.
    there.write(vec![phone(record, "9447012345")]);
    assert_eq!(receipt(rig.push(&there, there.all()).await).1, [1]);
    let page = rig.pages(&rig.desk(rig.here), here.space, 0).await.remove(0);
    assert_eq!(page.entries.len(), 1);
    let digest = page.digest;
    there.write_as(rig.here.space, rig.elsewhere.nurse, vec![phone(record, "1")], &[]);
    assert_eq!(
        receipt(rig.push(&there, there.batch(2, 2)).await).2,
        [(2, Reason::ForeignSpace)]
    );
    let page = rig.pages(&rig.desk(rig.here), here.space, 0).await.remove(0);
    assert_eq!(page.digest, digest);
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_that_lie_about_their_size_or_hold_rubbish_write_nothing() {
    let rig = Rig::new().over_tls().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    let whole = frames(&[hello(), Ask::Push(desk.all())]);
    let bomb = packed_zeros(64 * 1024 * 1024);
    let mut lie = u32::try_from(bomb.len()).unwrap().to_be_bytes().to_vec();
    lie.extend(100_u32.to_be_bytes());
    lie.extend([0; 16]);
    lie.extend(&bomb);
    let mut large = lie.clone();
    large[4..8].copy_from_slice(&u32::try_from(MAX_BYTES + 1).unwrap().to_be_bytes());
    let deep = pack(&serde_json::json!({ "Hello": nested(120) })).unwrap();
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    let cut = whole[..whole.len() - 1].to_vec();
    for (body, status) in [
        (lie, 400),
        (large, 413),
        (deep, 400),
        (flipped, 400),
        (cut, 400),
        (vec![0xff; 8_000_000], 413),
    ] {
        let response = signed(rig.http(), &desk, "POST", "/v1/sync", body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status().as_u16(), status);
    }
    assert!(rig.lsns(&desk, desk.space).await.is_empty());
    assert_eq!(receipt(rig.push(&desk, desk.all()).await).1, [1]);
}

fn nested(depth: usize) -> serde_json::Value {
    (0..depth).fold(serde_json::Value::Null, |inner, _| serde_json::json!([inner]))
}

/// A few kilobytes that unpack to many megabytes: the body of one frame, over and over.
fn packed_zeros(bytes: usize) -> Vec<u8> {
    let packed = pack(&"0".repeat(MAX_BYTES - 2)).unwrap();
    packed[HEAD_BYTES..].repeat(bytes / MAX_BYTES)
}

#[tokio::test]
async fn values_of_the_wrong_sort_are_kept_and_passed_on_and_break_nothing() {
    let rig = Rig::new();
    let mut desk = rig.desk(rig.here);
    let record = new_id();
    desk.write(vec![
        patient_draft(record)
            .with_value("phone", Value::Int(i64::MIN))
            .with_value("a field of a later version", Value::Text("x".repeat(10_000)))
            .with_value("voided", Value::Text("maybe".into())),
    ]);
    assert_eq!(receipt(rig.push(&desk, desk.all()).await).1, [1]);
    let reader = rig.desk(rig.here);
    let page = rig.pages(&reader, desk.space, 0).await.remove(0);
    let carried = page.entries[0].change.as_ref().unwrap();
    assert_eq!(carried.read().unwrap().bytes(), desk.changes[0].bytes());
}
