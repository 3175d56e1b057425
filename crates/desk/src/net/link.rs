//! Requests to the joined server over HTTP, each signed by the device.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use futures_util::StreamExt;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::entry::{Signed, header};
use sync_core::exchange::{Answer, Ask, MEDIA_TYPE, News, Peer, PeerError};
use sync_core::frame::{Unpacker, pack};
use sync_core::snapshot::{AskManifest, AskPieces, Offered, Snapshots};
use sync_core::{DeviceId, Hash};
use zeroize::Zeroizing;

use super::patience::Patience;
use super::pin::{Known, Trust, tls};
use crate::keys::file::ServerPin;

/// The server closes a connection that was not used for a minute; before that, another is opened.
const UNUSED: Duration = Duration::from_secs(50);

/// The joined server, and the device's key for talking to it.
pub struct Link {
    client: Client,
    server: ServerPin,
    known: Arc<Known>,
    device: DeviceId,
    key: SigningKey,
    patience: Patience,
    token: Option<Zeroizing<String>>,
    /// What the desk says of itself with each exchange.
    says: Says,
}

/// Told by whoever carries the rounds.
pub type Says = Arc<Mutex<Option<String>>>;

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

/// A client that trusts as told. It limits how long connecting takes; how long an answer takes is limited where it is
/// awaited, by when the last byte came and not by the whole, so that a slow link is not taken for a cut one.
///
/// # Errors
/// [`PeerError::Offline`] when TLS cannot be set up.
pub fn client(trust: Trust, patience: Patience) -> Result<Client, PeerError> {
    let config = tls(trust).map_err(|_| PeerError::Offline)?;
    let builder = Client::builder()
        .tls_backend_preconfigured(config)
        .connect_timeout(patience.connect)
        .pool_idle_timeout(UNUSED)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .user_agent(concat!("wardroom/", env!("CARGO_PKG_VERSION")));
    builder.build().map_err(|_| PeerError::Offline)
}

impl Link {
    /// # Errors
    /// [`PeerError::Offline`] when TLS cannot be set up.
    pub fn new(server: ServerPin, device: DeviceId, key: SigningKey, patience: Patience) -> Result<Link, PeerError> {
        let known = Known::new(&server);
        Ok(Link {
            client: client(Trust::Known(Arc::clone(&known)), patience)?,
            known,
            patience,
            server,
            device,
            key,
            token: None,
            says: Says::default(),
        })
    }

    /// The same, saying with each exchange what is told there.
    pub fn saying(self, says: Says) -> Link {
        Link { says, ..self }
    }

    /// By which certificates it knows the server: to follow them while it lives.
    pub fn known(&self) -> Arc<Known> {
        Arc::clone(&self.known)
    }

    /// The same, asking in the name of the person whose token it is.
    pub fn with_token(self, token: &str) -> Link {
        Link {
            token: Some(Zeroizing::new(token.to_owned())),
            ..self
        }
    }

    /// Ends the session of the token.
    ///
    /// # Errors
    /// [`PeerError::Offline`] when the server did not say that it ended.
    pub async fn end_session(&self) -> Result<(), PeerError> {
        let response = self
            .send("DELETE", "/v1/session", "application/json", Vec::new())
            .await?;
        let is_ended = response.status() == StatusCode::NO_CONTENT;
        is_ended.then_some(()).ok_or(PeerError::Offline)
    }

    /// Sends JSON, signed, and reads JSON back.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn ask<T: DeserializeOwned>(&self, path: &str, message: &impl Serialize) -> Result<T, LinkError> {
        let body = serde_json::to_vec(message).map_err(|_| PeerError::Damaged)?;
        let response = self.send("POST", path, "application/json", body).await?;
        read_json(response, self.patience).await
    }

    /// Listens until the link breaks; `heard` is called with each notice of how far a space goes at the server.
    ///
    /// # Errors
    /// [`PeerError`] when listening cannot begin or breaks.
    pub async fn listen(&self, mut heard: impl FnMut(News)) -> Result<(), PeerError> {
        let response = self.send("GET", "/v1/events", "text/event-stream", Vec::new()).await?;
        if !response.status().is_success() || !kind(&response).starts_with("text/event-stream") {
            return Err(PeerError::Offline);
        }
        let mut stream = response.bytes_stream();
        let mut said = Vec::new();
        while let Some(piece) = within(self.patience.silence, stream.next()).await? {
            said.extend_from_slice(&piece.map_err(|_| PeerError::Offline)?);
            while let Some(end) = said.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = said.drain(..=end).collect();
                if let Some(news) = line
                    .strip_prefix(BEFORE_NEWS)
                    .and_then(|told| serde_json::from_slice(told).ok())
                {
                    heard(news);
                }
            }
            if said.len() > LONGEST_LINE {
                return Err(PeerError::Offline);
            }
        }
        Err(PeerError::Offline)
    }

    async fn send(&self, method: &'static str, path: &str, kind: &str, body: Vec<u8>) -> Result<Response, PeerError> {
        let time_ms = wall_ms();
        let patience = self.patience.for_answer(body.len());
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
        let mut request = match method {
            "GET" => self.client.get(url),
            "DELETE" => self.client.delete(url).body(body),
            _ => self.client.post(url).body(body),
        };
        let says = self.says.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(says) = says.filter(|_| path == "/v1/sync") {
            request = request.header(header::SAYS, says);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.as_str());
        }
        let request = request
            .header(CONTENT_TYPE, kind)
            .header(header::DEVICE, self.device.to_string())
            .header(header::TIME, time_ms)
            .header(header::NONCE, nonce)
            .header(header::SIGNATURE, signature.0);
        let sent = within(patience, request.send()).await?;
        sent.map_err(|error| from_reqwest(&error))
    }
}

/// What stands before each notice.
const BEFORE_NEWS: &[u8] = b"data:";
/// No line of a server of ours is nearly as long.
const LONGEST_LINE: usize = 4 * 1024;

/// Waits for so long and no longer.
pub(super) async fn within<T>(wait: Duration, future: impl Future<Output = T>) -> Result<T, PeerError> {
    tokio::time::timeout(wait, future).await.map_err(|_| PeerError::Offline)
}

fn kind(response: &Response) -> &str {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

impl Peer for Link {
    async fn exchange(&self, asks: Vec<Ask>, absorb: &mut (dyn FnMut(Answer) + Send)) -> Result<(), PeerError> {
        let mut body = Vec::new();
        for ask in &asks {
            body.extend(pack(ask).map_err(|_| PeerError::TooLarge)?);
        }
        let response = self.send("POST", "/v1/sync", MEDIA_TYPE, body).await?;
        match response.status() {
            StatusCode::OK if kind(&response) == MEDIA_TYPE => {}
            // The server, or a proxy that lets less through.
            StatusCode::PAYLOAD_TOO_LARGE => return Err(PeerError::TooLarge),
            _ => return Err(self.refused(response).await),
        }
        let mut unpacker = Unpacker::default();
        let mut stream = response.bytes_stream();
        while let Some(piece) = within(self.patience.silence, stream.next()).await? {
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

impl Link {
    /// Why the server refuses an exchange. Anybody else's page means that it was not reached: a captive portal, a proxy.
    async fn refused(&self, response: Response) -> PeerError {
        match read_json::<serde::de::IgnoredAny>(response, self.patience).await {
            Ok(_) => PeerError::Offline,
            Err(LinkError::Peer(error)) => error,
            Err(LinkError::Refused { status, code, wait_s }) => match status {
                // Heard already, and the answer did not come through: asked anew, it is another request.
                401 if code == "replayed" => PeerError::Offline,
                403 if code == "not_signed_in" => PeerError::NotSignedIn,
                401 | 403 | 404 => PeerError::NotAccepted,
                426 => PeerError::Version,
                429 | 503 => PeerError::Busy(wait_s.unwrap_or(5)),
                _ => PeerError::Offline,
            },
        }
    }
}

impl Snapshots for Link {
    async fn offer(&self, wanted: AskManifest) -> Result<Offered, PeerError> {
        let body = serde_json::to_vec(&wanted).map_err(|_| PeerError::Damaged)?;
        let response = self.send("POST", "/v1/snapshot", "application/json", body).await?;
        match response.status() {
            StatusCode::OK if kind(&response) == MEDIA_TYPE => {}
            // An older server has no snapshots.
            StatusCode::NOT_FOUND if kind(&response).starts_with("application/json") => return Ok(Offered::default()),
            _ => return Err(self.refused(response).await),
        }
        let mut unpacker = Unpacker::default();
        let mut stream = response.bytes_stream();
        while let Some(piece) = within(self.patience.silence, stream.next()).await? {
            unpacker.push(&piece.map_err(|_| PeerError::Offline)?);
            if let Some(offered) = unpacker.take().map_err(|_| PeerError::Damaged)? {
                return Ok(offered);
            }
        }
        Err(PeerError::Offline)
    }

    async fn pieces(&self, wanted: AskPieces, absorb: &mut (dyn FnMut(&[u8]) + Send)) -> Result<bool, PeerError> {
        let body = serde_json::to_vec(&wanted).map_err(|_| PeerError::Damaged)?;
        let response = self.send("POST", "/v1/pieces", "application/json", body).await?;
        match response.status() {
            StatusCode::OK if kind(&response) == MEDIA_TYPE => {}
            StatusCode::NOT_FOUND if kind(&response).starts_with("application/json") => return Ok(false),
            _ => return Err(self.refused(response).await),
        }
        let mut stream = response.bytes_stream();
        while let Some(piece) = within(self.patience.silence, stream.next()).await? {
            absorb(&piece.map_err(|_| PeerError::Offline)?);
        }
        Ok(true)
    }
}

/// Reads a JSON answer, or the code of a refusal; both are the server's own only if they carry its time.
///
/// # Errors
/// [`LinkError`].
pub async fn read_json<T: DeserializeOwned>(response: Response, patience: Patience) -> Result<T, LinkError> {
    let status = response.status();
    let wait_s = wait_s(&response);
    let is_the_server = response.headers().contains_key(header::SERVER_TIME);
    if !is_the_server || !kind(&response).starts_with("application/json") {
        return Err(PeerError::Offline.into());
    }
    let body = within(patience.silence, response.bytes()).await?;
    let body = body.map_err(|error| from_reqwest(&error))?;
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

/// A failed request: the wrong certificate is told apart from no connection, and that from one that broke.
pub fn from_reqwest(error: &reqwest::Error) -> PeerError {
    if is_about_certificate(error) {
        PeerError::Certificate
    } else if error.is_connect() {
        PeerError::NotReached
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
