//! Speaking to the server as a desk does, and as nobody should: signed requests that may be bent, and bare bytes over
//! TLS.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Request;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value as Json;
use server::Config;
use server::config::wall_ms;
use sync_core::SpaceId;
use sync_core::exchange::Ask;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::rig::{Http, Rig, frames, hello};

/// The clock of a rig whose district is served by the real program.
pub fn today(config: &mut Config) {
    config.now_ms = Arc::new(wall_ms);
}

/// What was answered.
#[derive(Debug)]
pub struct Answered {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answered {
    /// The code of a refusal.
    pub fn code(&self) -> String {
        let body: Json = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Sends a request; one that is told to wait for its turn waits and asks again.
///
/// # Errors
/// When the connection breaks.
pub async fn send(http: &Http, request: Request) -> Result<Answered> {
    for _ in 0..120 {
        let again = request.try_clone().context("a body that can be sent twice")?;
        let response = http.client.execute(again).await?;
        let answered = Answered {
            status: response.status().as_u16(),
            body: response.bytes().await.map(|bytes| bytes.to_vec()).unwrap_or_default(),
        };
        if answered.status != 429 || answered.code() != "busy" {
            return Ok(answered);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    anyhow::bail!("the server stays busy")
}

/// A question for all of a space.
pub fn pull(space: SpaceId) -> Vec<u8> {
    let cursor = 0;
    frames(&[
        hello(),
        Ask::Pull {
            space,
            epoch: 1,
            cursor,
        },
    ])
}

/// A bare connection over TLS.
///
/// # Errors
/// When there is none.
pub async fn bare(rig: &Rig) -> Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(rig.server.certificate().der.clone().into())?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let tcp = TcpStream::connect(address(rig)).await?;
    let name = ServerName::try_from("127.0.0.1")?;
    Ok(TlsConnector::from(Arc::new(config)).connect(name, tcp).await?)
}

/// Where the server listens, without the scheme.
pub fn address(rig: &Rig) -> &str {
    rig.http().address.trim_start_matches("https://")
}

/// Sends bytes and reads what comes until the server ends the connection, or says nothing for so long.
///
/// # Errors
/// When there is no connection.
pub async fn say(rig: &Rig, bytes: &[u8], patience: Duration) -> Result<Vec<u8>> {
    let mut stream = bare(rig).await?;
    // It may be ended while we speak.
    let _ = stream.write_all(bytes).await;
    let mut heard = Vec::new();
    let mut piece = vec![0; 16 * 1024];
    while let Ok(Ok(count)) = tokio::time::timeout(patience, stream.read(&mut piece)).await {
        if count == 0 {
            break;
        }
        heard.extend_from_slice(&piece[..count]);
    }
    Ok(heard)
}

/// The status of the first answer in bytes, if there is one.
pub fn status_in(heard: &[u8]) -> Option<u16> {
    let line = heard.split(|byte| *byte == b'\r').next()?;
    let text = std::str::from_utf8(line).ok()?;
    text.strip_prefix("HTTP/1.1 ")
        .or(text.strip_prefix("HTTP/1.0 "))?
        .get(..3)?
        .parse()
        .ok()
}
