//! Whose request it is: the device named in the headers signed method, path, time, nonce and body.
//! The time is not compared with the server's: a wrong clock refuses nothing. A request counts once.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use domain::Time;
use ed25519_dalek::VerifyingKey;
use serde::de::DeserializeOwned;
use sync_core::desk_says::DeskSays;
use sync_core::entry::{Signed, SignedGrant, header};
use sync_core::exchange::SignatureText;
use sync_core::{DeviceId, Hash};

use super::refusal::Refusal;
use crate::db;
use crate::db::device::{Device, Status};
use crate::server::Server;

const NONCE_LETTERS: std::ops::RangeInclusive<usize> = 16..=64;
/// A nonce is remembered for this long. Taking an older request again changes nothing, and its answer
/// goes only to who could read the first one within TLS.
const REMEMBERED_MS: i64 = 3 * Time::DAY_MS;

/// Who says they ask; believed once [`Caller::verify`] says so.
pub struct Caller {
    pub device: Device,
    time_ms: i64,
    nonce: String,
    signature: SignatureText,
    /// What the device says of itself, where it says anything.
    says: Option<DeskSays>,
}

impl Caller {
    /// Reads the headers and finds the device.
    pub async fn claimed(headers: &HeaderMap, server: &Server) -> Result<Caller, Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let claim = || {
            let id: DeviceId = text(header::DEVICE)?.parse().ok()?;
            let time_ms: i64 = text(header::TIME)?.parse().ok()?;
            let nonce = text(header::NONCE).filter(|nonce| NONCE_LETTERS.contains(&nonce.len()))?;
            let signature = SignatureText(text(header::SIGNATURE)?.to_owned());
            Some((id, time_ms, nonce.to_owned(), signature))
        };
        let (id, time_ms, nonce, signature) = claim().ok_or_else(Refusal::not_accepted)?;
        let device = aside(server, move |server| server.device(id)).await?;
        Ok(Caller {
            device: device.ok_or_else(Refusal::not_accepted)?,
            time_ms,
            nonce,
            signature,
            says: text(header::SAYS).and_then(DeskSays::read),
        })
    }

    /// Believes the caller if the signature covers this request and it was not made before, and takes note of what they
    /// say of themselves in the same commit.
    pub async fn verify(self, method: &Method, uri: &Uri, body: Hash, server: &Server) -> Result<Device, Refusal> {
        let signed = Signed {
            method: method.as_str(),
            path: uri.path(),
            time_ms: self.time_ms,
            nonce: &self.nonce,
            body,
        };
        let key = VerifyingKey::from_bytes(&self.device.key.0).map_err(|_| Refusal::not_accepted())?;
        if !signed.is_signed_by(&key, &self.signature) {
            return Err(Refusal::not_accepted());
        }
        let (id, nonce, says) = (self.device.id, self.nonce, self.says);
        let is_new = aside(server, move |server| {
            let now_ms = server.now_ms();
            server.db().write(|tx| {
                db::device::forget_requests(now_ms - REMEMBERED_MS, tx)?;
                let is_new = db::device::note_request(id, &nonce, now_ms, tx)?;
                if let Some(says) = says.as_ref().filter(|_| is_new) {
                    server.hear_of(id, says, tx)?;
                }
                Ok(is_new)
            })
        })
        .await?;
        if is_new {
            Ok(self.device)
        } else {
            Err(Refusal::replayed())
        }
    }
}

/// A whole request, and the device whose signature covers it.
pub struct Asked {
    pub device: Device,
    body: Bytes,
}

impl Asked {
    /// Refuses a device that was withdrawn.
    pub fn of_active(self) -> Result<Asked, Refusal> {
        if self.device.status == Status::Active {
            Ok(self)
        } else {
            Err(Refusal::not_accepted())
        }
    }

    /// Refuses a device that shows no grant of anybody who may read there now, if it is to show one.
    pub async fn see(self, grant: Option<SignedGrant>, server: &Server) -> Result<(), Refusal> {
        let may_read = aside(server, move |server| server.may_read(&self.device, grant.as_ref()));
        if may_read.await? {
            Ok(())
        } else {
            Err(Refusal::not_signed_in())
        }
    }

    /// What it says.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        serde_json::from_slice(&self.body).map_err(|_| Refusal::unreadable())
    }
}

impl FromRequest<Server> for Asked {
    type Rejection = Response;

    async fn from_request(request: Request, server: &Server) -> Result<Asked, Response> {
        let (method, uri, headers) = (
            request.method().clone(),
            request.uri().clone(),
            request.headers().clone(),
        );
        let body = Bytes::from_request(request, server)
            .await
            .map_err(IntoResponse::into_response)?;
        let caller = Caller::claimed(&headers, server).await;
        let caller = caller.map_err(IntoResponse::into_response)?;
        let device = caller.verify(&method, &uri, Hash::of(&body), server).await;
        let device = device.map_err(IntoResponse::into_response)?;
        Ok(Asked { device, body })
    }
}

/// Does work that waits for the disk or the processor beside the threads that answer.
pub async fn aside<T: Send + 'static>(
    server: &Server,
    work: impl FnOnce(&Server) -> crate::error::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    let server = server.clone();
    let done = tokio::task::spawn_blocking(move || work(&server)).await;
    done.map_err(|_| Refusal::failed())?.map_err(Refusal::from)
}
