//! What one request may cost the server, however much is packed into it.

use domain::Value;
use reqwest::StatusCode;
use server::config::Limits;
use sync_core::exchange::{Answer, Ask, MOST_CHANGES};
use sync_core::frame::{MAX_BYTES, Unpacker};

use crate::rig::*;

/// The server holds one frame of a request at a time: packed, unpacked, read, folded, sealed and on its way into the
/// database, where what a transaction wrote waits once more: a dozen times the largest frame, and as much that was
/// given back to the allocator and not to the system. The whole request is far more.
const GROWS_KIB: usize = 24 * MAX_BYTES / 1024;
/// Fields of a change as large as a change may be.
const TEXT_BYTES: usize = 240 * 1024;

/// The most memory the process ever had.
fn peak_kib(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// A text that packs badly, or one that packs to nearly nothing.
fn text(is_dense: bool) -> String {
    let mut text = String::with_capacity(TEXT_BYTES);
    while text.len() < TEXT_BYTES {
        match is_dense {
            true => text.extend(server::seal::random::<32>().map(|byte| char::from(b'0' + byte % 64))),
            false => text.push_str("on oxygen; "),
        }
    }
    text.replace('\\', "/")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_filled_to_its_limit_takes_no_more_memory_than_its_largest_frames() {
    if !std::path::Path::new("/proc/self/status").exists() {
        return println!("SKIPPED: no /proc to read the memory of a process from");
    }
    let (rig, serving) = Rig::new().by_process().await;
    let mut desk = rig.desk(rig.here);
    // What the process needs for any request at all.
    desk.write(vec![
        patient_draft(new_id()).with_value("a later field", Value::Text(text(true))),
    ]);
    rig.push(&desk, desk.all()).await;

    let limit = Limits::default().exchange_bytes;
    let a_batch = MAX_BYTES / (TEXT_BYTES + 1_024) - 1;
    // Frames are packed one by one: what comes again in another packs as badly there.
    let texts = [false, true].map(|is_dense| (0..a_batch).map(|_| text(is_dense)).collect::<Vec<_>>());
    let (mut body, mut unpacked, mut batches) = (frames(&[hello()]), 0, 0);
    loop {
        // Three batches that pack to nearly nothing to one that fills the body.
        for text in &texts[usize::from(batches % 4 == 3)] {
            desk.write(vec![
                patient_draft(new_id()).with_value("a later field", Value::Text(text.clone())),
            ]);
        }
        let last = desk.changes.len();
        let frame = frames(&[Ask::Push(desk.batch(last + 1 - a_batch, last))]);
        if body.len() + frame.len() > limit {
            break;
        }
        body.extend(frame);
        unpacked += a_batch * TEXT_BYTES;
        batches += 1;
    }
    assert!(
        body.len() > limit - MAX_BYTES && unpacked / 1024 > 3 * GROWS_KIB / 2,
        "{} bytes of {unpacked}",
        body.len()
    );

    let before = peak_kib(serving.child.id());
    let response = signed(rig.http(), &desk, "POST", "/v1/sync", body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut unpacker = Unpacker::default();
    unpacker.push(&response.bytes().await.unwrap());
    let answers: Vec<Answer> = std::iter::from_fn(|| unpacker.take().unwrap()).collect();
    let taken = answers.iter().filter_map(|answer| match answer {
        Answer::Receipt { last_seq, .. } => Some(*last_seq),
        _ => None,
    });
    // Each batch is a transaction of its own, and none of more changes than a batch may have.
    assert!(a_batch <= MOST_CHANGES);
    assert_eq!(
        (taken.clone().count(), taken.max()),
        (batches, Some((1 + batches * a_batch) as u64))
    );
    let grown = peak_kib(serving.child.id()) - before;
    println!(
        "{} KiB unpacked in {batches} batches: {grown} KiB more",
        unpacked / 1024
    );
    assert!(grown < GROWS_KIB, "{grown} KiB for {} KiB unpacked", unpacked / 1024);
}
