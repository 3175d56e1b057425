//! Paths that mean another one, methods nobody asked for, odd hosts and odd lengths.

use std::time::Duration;

use anyhow::{Context, Result};
use sync_core::Hash;
use sync_core::entry::{Signed, header};
use sync_core::exchange::MEDIA_TYPE;
use uuid::Uuid;

use super::Sort;
use super::rig::*;
use super::spaces::ROUTES;
use super::wire::{pull, say, status_in, today};

const PATIENCE: Duration = Duration::from_secs(10);
/// A word that no answer repeats.
const CANARY: &str = "canary-5f3a";
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/version"];

/// # Errors
/// When what is allowed is refused.
pub async fn paths(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, _serving) = Rig::with(today).by_process().await;
    let mut desk = rig.desk(rig.here);
    desk.admit(1);
    rig.push(&desk, desk.all()).await;
    let good = say(&rig, &request(&desk, "POST", "/v1/sync", "/v1/sync", ""), PATIENCE).await?;
    sort.allowed("the plain path", status_in(&good) == Some(200))?;
    for (path, signed) in tricks() {
        for signed in [path.as_str(), signed] {
            let heard = say(&rig, &request(&desk, "POST", &path, signed, ""), PATIENCE).await?;
            let is_refused = status_in(&heard).is_none_or(|status| !(200..400).contains(&status));
            sort.refused(format!("{path} signed as {signed}"), is_refused);
        }
    }
    for path in reads() {
        let heard = say(&rig, &bare(&format!("GET {path} HTTP/1.1"), "127.0.0.1"), PATIENCE).await?;
        let is_refused = status_in(&heard).is_none_or(|status| !(200..400).contains(&status));
        sort.refused(format!("GET {path}"), is_refused);
    }
    methods(&rig, &desk, sort).await?;
    hosts(&rig, &desk, sort).await?;
    lengths(&rig, &desk, sort).await
}

/// What may be taken for `/v1/sync` by somebody who tidies paths.
fn tricks() -> Vec<(String, &'static str)> {
    [
        "//v1/sync",
        "/v1//sync",
        "/v1/./sync",
        "/./v1/sync",
        "/v1/sync/",
        "/v1/sync//",
        "/v1/x/../sync",
        "/v1/session/../sync",
        "/../v1/sync",
        "/v1/%73ync",
        "/%76%31/sync",
        "/v1%2fsync",
        "/v1%2Fsync",
        "/v1/%2e/sync",
        "/v1/x/%2e%2e/sync",
        "/v1/x/..%2fsync",
        "/v1\\sync",
        "/v1/sync%00",
        "/v1/sync%20",
        "/v1/sync.",
        "/v1/sync;a=b",
        "/V1/SYNC",
        "/v1/Sync",
        "/v1/sync%0d%0ax:y",
        "/v1/sync%3f",
        "/v1/sync%23",
        "/v2/sync",
        "/v1/sync/../sync",
        "/healthz/../v1/sync",
        "/v1/%252e%252e/sync",
        "/v1/ｓync",
    ]
    .into_iter()
    .map(|path| (path.to_owned(), "/v1/sync"))
    .collect()
}

/// Files and pages that no such server has.
fn reads() -> Vec<&'static str> {
    vec![
        "/",
        "/index.html",
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/master.key",
        "/master.key",
        "/district.db",
        "/district.db-wal",
        "/server.log",
        "/v1",
        "/v1/",
        "/v1/patients",
        "/metrics",
        "/debug",
        "/.git/config",
        "/.env",
        "/admin",
        "/healthz/..",
        "/healthz/x",
        "/v1/pieces/../../master.key",
        "/static/../master.key",
        "/favicon.ico",
        "/robots.txt",
        "/version/",
        "//healthz/..;/v1/events",
    ]
}

fn bare(line: &str, host: &str) -> Vec<u8> {
    format!("{line}\r\nhost: {host}\r\nx-canary: {CANARY}\r\nconnection: close\r\n\r\n").into_bytes()
}

/// A request of the desk for `path`, its signature made for another.
fn request(desk: &Desk, method: &str, path: &str, signed: &str, more: &str) -> Vec<u8> {
    let (body, nonce) = (pull(desk.space), Uuid::new_v4().simple().to_string());
    let signature = Signed {
        method,
        path: signed,
        time_ms: BEGIN_MS,
        nonce: &nonce,
        body: Hash::of(&body),
    }
    .sign(&desk.key);
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-canary: {CANARY}\r\ncontent-type: {MEDIA_TYPE}\r\n\
         content-length: {}\r\n{}: {}\r\n{}: {BEGIN_MS}\r\n{}: {nonce}\r\n{}: {}\r\n{more}connection: close\r\n\r\n",
        body.len(),
        header::DEVICE,
        desk.id,
        header::TIME,
        header::NONCE,
        header::SIGNATURE,
        signature.0
    )
    .into_bytes();
    bytes.extend(body);
    bytes
}

async fn methods(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    let odd = [
        "TRACE", "TRACK", "CONNECT", "OPTIONS", "PUT", "PATCH", "HEAD", "DELETE", "PROPFIND", "DEBUG", "GETS", "get",
        "post", "POST\t", "", "PRI",
    ];
    let routes = ROUTES.iter().map(|(_, path)| *path).chain(OPEN).chain(["/", "*"]);
    let taken: Vec<_> = ROUTES
        .iter()
        .chain(&[("HEAD", "/healthz"), ("HEAD", "/readyz"), ("HEAD", "/version")])
        .collect();
    for path in routes {
        for method in odd {
            if taken.iter().any(|(of, route)| *route == path && *of == method) {
                continue;
            }
            // Also with the desk's own good signature.
            for bytes in [
                bare(&format!("{method} {path} HTTP/1.1"), "x"),
                request(desk, method, path, path, ""),
            ] {
                let heard = say(rig, &bytes, PATIENCE).await?;
                let is_refused = status_in(&heard).is_none_or(|status| !(200..400).contains(&status));
                let is_repeated = heard.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
                // HEAD of what may be listened to is a GET without its answer.
                let is_head_of_events = method == "HEAD" && path == "/v1/events";
                sort.refused(
                    format!("{method} {path}"),
                    (is_refused || is_head_of_events) && !is_repeated,
                );
            }
        }
    }
    Ok(())
}

/// Whatever host is named, the answer is the same, and the name is not repeated.
async fn hosts(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    let long = "h".repeat(5_000);
    let hosts = [
        "",
        "evil.example",
        "127.0.0.1:1",
        "localhost, evil.example",
        "a b",
        "../../etc",
        "[::1]",
        "%00",
        &long,
    ];
    for host in hosts {
        let heard = say(rig, &bare("GET /v1/sync HTTP/1.1", host), PATIENCE).await?;
        sort.refused(
            format!("host {}", &host[..host.len().min(20)]),
            is_plain_refusal(&heard),
        );
        let two = format!("GET / HTTP/1.1\r\nhost: a\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        sort.refused(
            "two hosts",
            is_plain_refusal(&say(rig, two.as_bytes(), PATIENCE).await?),
        );
    }
    for line in [
        "GET http://evil.example/v1/events HTTP/1.1",
        "GET https://127.0.0.1/../master.key HTTP/1.1",
        "POST http://evil.example/v1/session HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET / HTTP/0.9",
        "GET / HTTP/3.0",
        "GET /",
    ] {
        let heard = say(rig, &bare(line, "evil.example"), PATIENCE).await?;
        sort.refused(line, is_plain_refusal(&heard));
    }
    for more in [
        "x-forwarded-for: 127.0.0.1\r\n",
        "x-original-url: /v1/events\r\n",
        "x-rewrite-url: /healthz\r\n",
        "x-http-method-override: DELETE\r\n",
        "forwarded: for=127.0.0.1\r\n",
    ] {
        // Believed, the desk's own good request would become another.
        let heard = say(
            rig,
            &request(desk, "POST", "/v1/patients", "/v1/patients", more),
            PATIENCE,
        )
        .await?;
        sort.refused(more.trim_end(), is_plain_refusal(&heard));
    }
    Ok(())
}

/// A refusal that says a code alone; or nothing at all.
fn is_plain_refusal(heard: &[u8]) -> bool {
    let text = String::from_utf8_lossy(heard);
    let is_refused = status_in(heard).is_none_or(|status| !(200..400).contains(&status));
    is_refused && !text.contains("evil.example") && !text.contains(CANARY) && !text.contains("location:")
}

/// Messages whose end is said twice or wrongly: never is a second one found within the first.
async fn lengths(rig: &Rig, desk: &Desk, sort: &mut Sort<'_>) -> Result<()> {
    let inner = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let head = "POST /v1/session HTTP/1.1\r\nhost: x\r\n";
    let both = format!(
        "{}content-length: {}\r\n\r\n{inner}",
        head.to_owned() + "transfer-encoding: identity\r\n",
        inner.len()
    );
    let cases = [
        format!("{head}content-length: 5\r\ncontent-length: 6\r\n\r\nabcdef{inner}"),
        format!("{head}content-length: +5\r\n\r\nabcde{inner}"),
        format!("{head}content-length: -1\r\n\r\n{inner}"),
        format!("{head}content-length: 0x5\r\n\r\nabcde{inner}"),
        format!("{head}content-length: 99999999999999999999\r\n\r\n{inner}"),
        format!("{head}transfer-encoding: xchunked\r\n\r\n{inner}"),
        format!("{head}transfer-encoding: chunked, identity\r\n\r\n{inner}"),
        format!("{head}transfer-encoding: chunked\r\n\r\nffffffffffffffff1\r\nabc{inner}"),
        format!("{head}transfer-encoding: chunked\r\n\r\n-1\r\n{inner}"),
        format!("{head}transfer-encoding : chunked\r\n\r\n0\r\n\r\n{inner}"),
        format!("{head} x: y\r\n\r\n{inner}"),
        format!("{head}x: a\0b\r\n\r\n{inner}"),
        format!("{head}content-length: 3\r\n\r\n{inner}"),
        both,
    ];
    for bytes in cases {
        let heard = say(rig, bytes.as_bytes(), PATIENCE).await?;
        let answered_inner = String::from_utf8_lossy(&heard).contains("\"ok\"");
        sort.refused(
            format!("{:?}", &bytes[head.len()..bytes.len().min(90)]),
            !answered_inner,
        );
    }
    for count in [200, 5_000] {
        let many = "x-a: b\r\n".repeat(count);
        let heard = say(rig, &request(desk, "POST", "/v1/sync", "/v1/sync", &many), PATIENCE).await?;
        sort.refused(
            format!("{count} headers"),
            status_in(&heard).is_none_or(|status| status >= 400),
        );
    }
    let long = format!("x-a: {}\r\n", "b".repeat(1024 * 1024));
    let heard = say(rig, &request(desk, "POST", "/v1/sync", "/v1/sync", &long), PATIENCE).await?;
    sort.refused(
        "a header of a MiB",
        status_in(&heard).is_none_or(|status| status >= 400),
    );
    let heard = say(
        rig,
        &bare(&format!("GET /{} HTTP/1.1", "a".repeat(200_000)), "x"),
        PATIENCE,
    )
    .await?;
    sort.refused("a long path", status_in(&heard).is_none_or(|status| status >= 400));
    let good = say(rig, &request(desk, "POST", "/v1/sync", "/v1/sync", ""), PATIENCE).await?;
    status_in(&good)
        .filter(|status| *status == 200)
        .context("the plain path afterwards")?;
    Ok(())
}
