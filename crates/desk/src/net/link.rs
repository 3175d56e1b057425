//! Requests to the joined server over HTTP, each signed by the device.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::entry::{Signed, header};
use sync_core::exchange::{Answer, Ask, MEDIA_TYPE, Peer, PeerError};
use sync_core::frame::{Unpacker, pack};
use sync_core::{DeviceId, Hash};

use super::pin::{Trust, tls};
use crate::keys::file::ServerPin;

/// No byte for this long means that the link is cut.
const SILENCE: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(8);

/// The joined server, and the device's key for talking to it.
pub struct Link {
    client: Client,
    server: ServerPin,
    device: DeviceId,
    key: SigningKey,
}

/// Why a request for one answer got none.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// The server refused, with its code.
    #[error("the server refuses: {code}")]
    Refused {
        status: u16,
        code: String,
        wait_s: Option<u64>,
    },
}

/// A client that trusts as told.
///
/// # Errors
/// [`PeerError::Offline`] when TLS cannot be set up.
pub fn client(trust: Trust) -> Result<Client, PeerError> {
    let config = tls(trust).map_err(|_| PeerError::Offline)?;
    let builder = Client::builder()
        .tls_backend_preconfigured(config)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("wardroom/", env!("CARGO_PKG_VERSION")));
    builder.build().map_err(|_| PeerError::Offline)
}

impl Link {
    /// # Errors
    /// [`PeerError::Offline`] when TLS cannot be set up.
    pub fn new(server: ServerPin, device: DeviceId, key: SigningKey) -> Result<Link, PeerError> {
        Ok(Link {
            client: client(Trust::Only(server.certificate))?,
            server,
            device,
            key,
        })
    }

    /// Sends JSON, signed, and reads JSON back.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn ask<T: DeserializeOwned>(&self, path: &str, message: &impl Serialize) -> Result<T, LinkError> {
        let body = serde_json::to_vec(message).map_err(|_| PeerError::Damaged)?;
        let response = self.send("POST", path, "application/json", body).await?;
        read_json(response).await
    }

    /// Listens until the link breaks; `heard` is called for each notice that a space has news.
    ///
    /// # Errors
    /// [`PeerError`] when listening cannot begin or breaks.
    pub async fn listen(&self, mut heard: impl FnMut()) -> Result<(), PeerError> {
        let response = self.send("GET", "/v1/events", "text/event-stream", Vec::new()).await?;
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !response.status().is_success() || !kind.starts_with("text/event-stream") {
            return Err(PeerError::Offline);
        }
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|_| PeerError::Offline)?;
            if piece.windows(5).any(|window| window == b"data:") {
                heard();
            }
        }
        Err(PeerError::Offline)
    }

    async fn send(&self, method: &'static str, path: &str, kind: &str, body: Vec<u8>) -> Result<Response, PeerError> {
        let time_ms = wall_ms();
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let signed = Signed {
            method,
            path,
            time_ms,
            nonce: &nonce,
            body: Hash::of(&body),
        };
        let signature = signed.sign(&self.key);
        let url = format!("{}{path}", self.server.address);
        let request = if method == "GET" {
            self.client.get(url)
        } else {
            self.client.post(url).body(body)
        };
        let request = request
            .header(CONTENT_TYPE, kind)
            .header(header::DEVICE, self.device.to_string())
            .header(header::TIME, time_ms)
            .header(header::NONCE, nonce)
            .header(header::SIGNATURE, signature.0);
        request.send().await.map_err(|error| from_reqwest(&error))
    }
}

impl Peer for Link {
    async fn exchange(&self, asks: Vec<Ask>, absorb: &mut (dyn FnMut(Answer) + Send)) -> Result<(), PeerError> {
        let mut body = Vec::new();
        for ask in &asks {
            body.extend(pack(ask).map_err(|_| PeerError::TooLarge)?);
        }
        let response = self.send("POST", "/v1/sync", MEDIA_TYPE, body).await?;
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        match response.status() {
            StatusCode::OK if kind == MEDIA_TYPE => {}
            // Somebody else's page: a captive portal, a proxy.
            StatusCode::OK => return Err(PeerError::Offline),
            status => return Err(from_status(status, &response)),
        }
        let mut unpacker = Unpacker::default();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            unpacker.push(&piece.map_err(|_| PeerError::Offline)?);
            while let Some(answer) = unpacker.take::<Answer>().map_err(|_| PeerError::Damaged)? {
                if answer == Answer::End {
                    return Ok(());
                }
                absorb(answer);
            }
        }
        Err(PeerError::Offline)
    }
}

/// Reads a JSON answer, or the code of a refusal.
///
/// # Errors
/// [`LinkError`].
pub async fn read_json<T: DeserializeOwned>(response: Response) -> Result<T, LinkError> {
    let status = response.status();
    let wait_s = wait_s(&response);
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(PeerError::Offline.into());
    }
    let body = response.bytes().await.map_err(|error| from_reqwest(&error))?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| PeerError::Damaged.into());
    }
    #[derive(serde::Deserialize)]
    struct Refusal {
        code: String,
    }
    let refusal: Refusal = serde_json::from_slice(&body).map_err(|_| PeerError::Offline)?;
    Err(LinkError::Refused {
        status: status.as_u16(),
        code: refusal.code,
        wait_s,
    })
}

fn wait_s(response: &Response) -> Option<u64> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()
}

fn from_status(status: StatusCode, response: &Response) -> PeerError {
    match status.as_u16() {
        401 | 403 | 404 => PeerError::NotAccepted,
        413 => PeerError::TooLarge,
        426 => PeerError::Version,
        429 | 503 => PeerError::Busy(wait_s(response).unwrap_or(5)),
        _ => PeerError::Offline,
    }
}

/// A failed request: the wrong certificate is told apart from no connection.
pub fn from_reqwest(error: &reqwest::Error) -> PeerError {
    if is_about_certificate(error) {
        PeerError::Certificate
    } else {
        PeerError::Offline
    }
}

/// Whether a wrong certificate lies at the bottom: TLS errors come wrapped, some of them twice.
fn is_about_certificate(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref::<rustls::Error>() {
        return true;
    }
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|inner| is_about_certificate(inner)) || error.source().is_some_and(is_about_certificate)
}

/// The wall clock in milliseconds since 1970.
pub fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
