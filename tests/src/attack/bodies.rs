//! Bodies that are larger, more, deeper or tighter packed than a server should bear.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::json;
use sync_core::exchange::Ask;
use sync_core::frame::{MAX_BYTES, pack};

use super::Sort;
use super::rig::*;
use super::wire::{send, today};

/// What stands before the body of a frame: two lengths and half a hash.
const HEAD_BYTES: usize = 24;
/// What a request may take until it is answered; none of these may take long.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much more memory a server may have in use after all of them than before.
const GROWN_KIB: usize = 192 * 1024;

/// # Errors
/// When an honest request is refused.
pub async fn too_much(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, serving) = Rig::with(today).by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    rig.push(&desk, desk.all()).await;
    let before = peak_kib(serving.child.id());
    let mut slowest = Duration::ZERO;
    for (what, path, body) in bodies(&desk)? {
        let size = body.len();
        let request = signed(rig.http(), &desk, "POST", path, body).build()?;
        let begun = Instant::now();
        let answered = tokio::time::timeout(PATIENCE, send(rig.http(), request)).await;
        slowest = slowest.max(begun.elapsed());
        // A connection that is closed while somebody goes on and on is an answer too.
        let is_refused = matches!(answered, Ok(Err(_))) || matches!(&answered, Ok(Ok(answered)) if !answered.is_good());
        sort.refused(format!("{what}, {size} bytes"), is_refused);
    }
    let grown = peak_kib(serving.child.id()).saturating_sub(before);
    sort.refused(format!("the server took {grown} KiB more for it"), grown < GROWN_KIB);
    sort.measured(format!(
        "at most {grown} KiB more memory, {:.1} s for the slowest",
        slowest.as_secs_f64()
    ));
    let read = rig.lsns(&desk, desk.space).await;
    sort.allowed("an honest question afterwards", read == [1])
}

/// The most memory that the process ever held.
fn peak_kib(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

fn bodies(desk: &Desk) -> Result<Vec<(String, &'static str, Vec<u8>)>> {
    let mut all: Vec<(String, &'static str, Vec<u8>)> = Vec::new();
    let mut sync = |what: &str, body: Vec<u8>| all.push((what.to_owned(), "/v1/sync", body));
    sync("more than an exchange may have", vec![0x20; 33 * 1024 * 1024]);
    sync("more than a frame may have", head(u32::MAX, u32::MAX));
    sync(
        "a frame that unpacks to more than it may",
        head(100, u32::try_from(MAX_BYTES + 1)?),
    );
    // Packed 4 MiB take some hundred bytes: a whole exchange of them would unpack to hundreds of GiB.
    let full = pack(&json!({ "Hello": { "protocol": 4, "sent_ms": 0, "more": "0".repeat(MAX_BYTES - 100) } }))?;
    sync(
        "greetings of 4 MiB each, tightly packed",
        full.repeat(4 * 1024 * 1024 / full.len()),
    );
    sync("greetings without end", pack(&hello())?.repeat(100_000));
    let pull = Ask::Pull {
        space: desk.space,
        epoch: 1,
        cursor: 0,
    };
    sync("questions without end", pack(&pull)?.repeat(1_000));
    let aside = Ask::Aside {
        told: sync_core::Hash::default(),
    };
    sync("the same question without end", pack(&aside)?.repeat(100_000));
    let zeros = full[HEAD_BYTES..].repeat(64);
    for claimed in [0, 1, 100, u32::try_from(MAX_BYTES)?] {
        let mut lie = head(u32::try_from(zeros.len())?, claimed);
        lie.extend(&zeros);
        sync(&format!("256 MiB that claim to be {claimed}"), lie);
    }
    // A window of 2 GiB, claimed in the head of what is packed.
    let mut window = head(16, 1_024);
    window.extend([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0, 0, b'x', 0, 0, 0, 0, 0, 0]);
    sync("a window of 2 GiB", window);
    for depth in [100, 200, 100_000] {
        let text = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let raw = serde_json::value::RawValue::from_string(text)?;
        let deep = pack(&serde_json::value::to_raw_value(&json!({})).and(Ok(raw))?)?;
        sync(&format!("{depth} brackets deep"), deep);
    }
    for path in [
        "/v1/session",
        "/v1/password",
        "/v1/renew",
        "/v1/enrol",
        "/v1/snapshot",
        "/v1/pieces",
    ] {
        for bytes in [17_000, 1024 * 1024] {
            all.push((format!("more than {path} may have"), path, vec![b'1'; bytes]));
        }
        all.push((format!("deep brackets for {path}"), path, b"[".repeat(16_000)));
        let long = json!({ "username": "a".repeat(15_000), "password": "" });
        all.push((format!("a long name for {path}"), path, serde_json::to_vec(&long)?));
        let hashes = vec![sync_core::Hash::default(); 200];
        let many = json!({ "space": desk.space, "hashes": hashes, "from": 0 });
        if path == "/v1/pieces" {
            all.push(("too many pieces at once".to_owned(), path, serde_json::to_vec(&many)?));
        }
    }
    Ok(all)
}

/// The head of a frame that claims these two lengths.
fn head(packed: u32, unpacked: u32) -> Vec<u8> {
    [&packed.to_be_bytes()[..], &unpacked.to_be_bytes(), &[0; 16]].concat()
}
