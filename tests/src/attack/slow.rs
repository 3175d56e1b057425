//! Connections that are held open: nothing said, half a head, a body that trickles. The server ends each, and serves
//! honest desks meanwhile.

use std::time::{Duration, Instant};

use anyhow::Result;
use reqwest::Method;
use sync_core::Hash;
use sync_core::entry::{Signed, header};
use sync_core::exchange::MEDIA_TYPE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use super::rig::*;
use super::wire::{address, bare, pull};
use super::{Extent, Sort};

/// What is said at a time, and how often.
const TRICKLE: Duration = Duration::from_millis(200);
/// Until then each must be closed. A connection without TLS has ten seconds to begin it.
const PATIENCE: Duration = Duration::from_secs(40);

/// What is said over a connection before it trickles or falls silent.
#[derive(Clone, Copy, Debug)]
enum Said {
    Nothing,
    HalfAHead,
    WholeRequest,
    BodyOf(&'static str),
}

/// # Errors
/// When an honest desk is not served meanwhile.
pub async fn connections(extent: Extent, sort: &mut Sort<'_>) -> Result<()> {
    // As in a server that runs, with less patience, so that nobody waits for minutes.
    let rig = Rig::with(|config| {
        let limits = &mut config.limits;
        limits.silence = Duration::from_secs(1);
        limits.request_time = Duration::from_secs(4);
        limits.headers = Duration::from_secs(2);
    })
    .over_tls()
    .await;
    let desk = rig.desk(rig.here);
    let sorts = [
        Said::Nothing,
        Said::HalfAHead,
        Said::WholeRequest,
        Said::BodyOf("/v1/sync"),
        Said::BodyOf("/v1/session"),
        Said::BodyOf("/v1/pieces"),
    ];
    let times = if extent == Extent::Whole { 40 } else { 4 };
    let mut held = Vec::new();
    for _ in 0..times {
        for said in sorts {
            for trickles in [false, true] {
                held.push((said, trickles, hold(&rig, &desk, said, trickles)));
            }
        }
        held.push((Said::Nothing, false, Box::pin(no_tls(&rig))));
    }
    let honest = async {
        let begun = Instant::now();
        let (mut served, mut slowest) = (0, Duration::ZERO);
        while begun.elapsed() < Duration::from_secs(5) {
            let asked = Instant::now();
            rig.pages(&desk, rig.server.district(), 0).await;
            slowest = slowest.max(asked.elapsed());
            served += 1;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        (served, slowest)
    };
    let (whats, held): (Vec<_>, Vec<_>) = held
        .into_iter()
        .map(|(said, trickles, held)| ((said, trickles), held))
        .unzip();
    let (ended, (served, slowest)) = tokio::join!(futures_util::future::join_all(held), honest);
    sort.allowed(
        "an honest desk meanwhile",
        served > 0 && slowest < Duration::from_secs(5),
    )?;
    let mut longest = Duration::ZERO;
    for ((said, trickles), ended) in whats.into_iter().zip(ended) {
        longest = longest.max(ended.unwrap_or_default());
        sort.refused(format!("{said:?}, trickling {trickles}"), ended.is_some());
    }
    sort.measured(format!(
        "{} held at once, the longest for {:.1} s; an honest desk waited {:.2} s at most",
        times * (2 * sorts.len() + 1),
        longest.as_secs_f64(),
        slowest.as_secs_f64()
    ));
    Ok(())
}

type Held<'a> = std::pin::Pin<Box<dyn Future<Output = Option<Duration>> + 'a>>;

/// How long the server bore it, if it ended it.
fn hold<'a>(rig: &'a Rig, desk: &'a Desk, said: Said, trickles: bool) -> Held<'a> {
    Box::pin(async move {
        let mut stream = bare(rig).await.ok()?;
        let begun = Instant::now();
        let (first, rest) = match said {
            Said::Nothing => (Vec::new(), b"GET /healthz HTTP/1.1\r\n".to_vec()),
            Said::HalfAHead => (
                b"GET /healthz HTTP/1.1\r\nhost: x\r\n".to_vec(),
                b"x: y\r\n".repeat(100),
            ),
            Said::WholeRequest => (
                b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_vec(),
                b"GET /heal".to_vec(),
            ),
            Said::BodyOf(path) => (head(desk, path), pull(desk.space)),
        };
        stream.write_all(&first).await.ok()?;
        let mut rest = rest.into_iter().cycle();
        let mut piece = [0; 4_096];
        while begun.elapsed() < PATIENCE {
            match tokio::time::timeout(TRICKLE, stream.read(&mut piece)).await {
                Ok(Ok(0) | Err(_)) => return Some(begun.elapsed()),
                Ok(Ok(_)) => {}
                Err(_) if trickles => {
                    if stream.write_all(&[rest.next()?]).await.is_err() || stream.flush().await.is_err() {
                        return Some(begun.elapsed());
                    }
                }
                Err(_) => {}
            }
        }
        None
    })
}

/// A connection on which TLS never begins.
async fn no_tls(rig: &Rig) -> Option<Duration> {
    let mut stream = TcpStream::connect(address(rig)).await.ok()?;
    let begun = Instant::now();
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 16])).await;
    matches!(read, Ok(Ok(0) | Err(_))).then(|| begun.elapsed())
}

/// The head of a signed request whose body never comes whole.
fn head(desk: &Desk, path: &str) -> Vec<u8> {
    let (body, nonce, time_ms) = (pull(desk.space), Uuid::new_v4().simple().to_string(), BEGIN_MS);
    let signature = Signed {
        method: Method::POST.as_str(),
        path,
        time_ms,
        nonce: &nonce,
        body: Hash::of(&body),
    }
    .sign(&desk.key);
    let kind = if path == "/v1/sync" {
        MEDIA_TYPE
    } else {
        "application/json"
    };
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: {kind}\r\ncontent-length: 15000\r\n{}: {}\r\n{}: {time_ms}\r\n{}: {nonce}\r\n{}: {}\r\n\r\n",
        header::DEVICE,
        desk.id,
        header::TIME,
        header::NONCE,
        header::SIGNATURE,
        signature.0
    )
    .into_bytes()
}
