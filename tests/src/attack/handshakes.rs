//! Handshakes of TLS that no desk makes: old versions, weak suites, none at all. The messages are made by hand, since
//! no library of today makes them.

use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Sort;
use super::rig::*;
use super::wire::{address, today};

const PATIENCE: Duration = Duration::from_secs(15);

/// SSL 3, TLS 1.0, TLS 1.1.
const OLD: [(&str, u16); 3] = [("SSL 3", 0x0300), ("TLS 1.0", 0x0301), ("TLS 1.1", 0x0302)];
const TLS_1_2: u16 = 0x0303;
/// With forward secrecy and authenticated encryption, under the server's key of elliptic curves.
const GOOD: [u16; 3] = [0xc02b, 0xc02c, 0xcca9];
/// Without one of the two, with a broken cipher, or without any.
const WEAK: [u16; 29] = [
    0x0000, 0x0001, 0x0002, 0x0003, 0x0004, 0x0005, 0x0008, 0x0009, 0x000a, 0x0016, 0x0018, 0x002f, 0x0033, 0x0034,
    0x0035, 0x0039, 0x003b, 0x003c, 0x009c, 0x009d, 0x009e, 0xc007, 0xc008, 0xc009, 0xc00a, 0xc013, 0xc018, 0xc023,
    0xc0ac,
];

/// # Errors
/// When a good handshake is refused.
pub async fn weak(sort: &mut Sort<'_>) -> Result<()> {
    let (rig, _serving) = Rig::with(today).by_process().await;
    for suite in GOOD {
        let hello = client_hello(TLS_1_2, &[suite], false);
        sort.allowed(format!("TLS 1.2 with {suite:04x}"), is_taken(&rig, &hello).await?)?;
    }
    for suite in [0x1301, 0x1302, 0x1303] {
        let hello = client_hello(TLS_1_2, &[suite], true);
        sort.allowed(format!("TLS 1.3 with {suite:04x}"), is_taken(&rig, &hello).await?)?;
    }
    let all: Vec<u16> = GOOD.iter().chain(&WEAK).copied().collect();
    for (name, version) in OLD {
        for suites in [&all[..], &GOOD[..], &WEAK[..]] {
            sort.refused(name, !is_taken(&rig, &client_hello(version, suites, false)).await?);
        }
    }
    for suite in WEAK {
        let hello = client_hello(TLS_1_2, &[suite], false);
        sort.refused(format!("TLS 1.2 with {suite:04x}"), !is_taken(&rig, &hello).await?);
    }
    sort.refused(
        "TLS 1.2 with every weak suite",
        !is_taken(&rig, &client_hello(TLS_1_2, &WEAK, false)).await?,
    );
    let mut ssl_2 = vec![0x80, 0x2e, 0x01, 0x00, 0x02, 0x00, 0x15, 0x00, 0x00, 0x00, 0x10];
    ssl_2.extend([0x01, 0x00, 0x80].repeat(7));
    ssl_2.extend([7; 16]);
    let plain = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n".to_vec();
    let plain_2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    for (what, bytes) in [
        ("SSL 2", ssl_2),
        ("no TLS", plain),
        ("HTTP/2 without TLS", plain_2),
        ("noise", vec![0xa5; 4_096]),
        ("nothing but zeros", vec![0; 4_096]),
    ] {
        let heard = say(&rig, &bytes).await?;
        let is_http = heard.windows(5).any(|window| window == b"HTTP/");
        sort.refused(what, !is_server_hello(&heard) && !is_http);
    }
    Ok(())
}

async fn is_taken(rig: &Rig, hello: &[u8]) -> Result<bool> {
    Ok(is_server_hello(&say(rig, hello).await?))
}

async fn say(rig: &Rig, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address(rig)).await?;
    // It may be ended while we speak.
    let _ = stream.write_all(bytes).await;
    let mut heard = vec![0; 4_096];
    let count = tokio::time::timeout(PATIENCE, stream.read(&mut heard)).await;
    heard.truncate(count.ok().and_then(Result::ok).unwrap_or_default());
    Ok(heard)
}

/// A record of a handshake whose first message is the server's greeting; else it is an alert, or nothing.
fn is_server_hello(heard: &[u8]) -> bool {
    heard.first() == Some(&0x16) && heard.get(5) == Some(&0x02)
}

/// The greeting of a client that speaks one version and these suites.
fn client_hello(version: u16, suites: &[u16], is_1_3: bool) -> Vec<u8> {
    let short = |bytes: &[u8]| [&u16::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat();
    let extension = |number: u16, bytes: &[u8]| [&number.to_be_bytes()[..], &short(bytes)].concat();
    let words = |numbers: &[u16]| {
        numbers
            .iter()
            .flat_map(|number| number.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let groups = short(&words(&[0x001d, 0x0017]));
    let signatures = short(&words(&[0x0403, 0x0804, 0x0401, 0x0807]));
    let mut extensions = [
        extension(10, &groups),
        extension(11, &[1, 0]),
        extension(13, &signatures),
        extension(23, &[]),
    ]
    .concat();
    if is_1_3 {
        extensions.extend(extension(43, &[2, 0x03, 0x04]));
        // Any 32 bytes are a point of X25519.
        let share = [&words(&[0x001d])[..], &short(&[9; 32])].concat();
        extensions.extend(extension(51, &short(&share)));
    }
    let body = [
        &version.to_be_bytes()[..],
        &[5; 32],
        &[0],
        &short(&words(suites)),
        &[1, 0],
        &short(&extensions),
    ]
    .concat();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let message = [&[1], &length[1..], &body].concat();
    [&[0x16, 0x03, 0x01][..], &short(&message)].concat()
}
