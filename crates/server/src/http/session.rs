//! `POST /v1/session`: a person signs in on a desk; the request is signed by the desk.
//! `DELETE /v1/session`: the person's token, sent as a bearer, is good for nothing any more.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use sync_core::Hash;
use sync_core::entry::{SignIn, SignedIn};

use super::refusal::Refusal;
use super::signed::{Caller, aside};
use crate::db::device::Status;
use crate::entry::sign_in::Outcome;
use crate::server::Server;

pub async fn session(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<SignedIn>, Refusal> {
    let caller = Caller::claimed(&headers, &server).await?;
    let device = caller.verify(&method, &uri, Hash::of(&body), &server).await?;
    if device.status != Status::Active {
        return Err(Refusal::not_accepted());
    }
    let sign_in: SignIn = serde_json::from_slice(&body).map_err(|_| Refusal::unreadable())?;
    let id = device.id;
    let outcome = aside(&server, move |server| server.sign_in(&device, &sign_in)).await?;
    let word = match outcome {
        Outcome::In(_) => "in",
        Outcome::Wrong => "wrong",
        Outcome::Blocked { .. } => "blocked",
        Outcome::Suspended => "suspended",
    };
    tracing::info!(device = %id, outcome = word, "a sign-in");
    match outcome {
        Outcome::In(signed_in) => Ok(Json(*signed_in)),
        not_in => Err(refused(&not_in)),
    }
}

/// What a person is told who was not let in.
pub(super) fn refused(outcome: &Outcome) -> Refusal {
    match outcome {
        Outcome::Blocked { wait_ms } => Refusal::blocked(*wait_ms),
        Outcome::Suspended => Refusal::suspended(),
        Outcome::Wrong | Outcome::In(_) => Refusal::wrong_password(),
    }
}

pub async fn end(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Refusal> {
    let caller = Caller::claimed(&headers, &server).await?;
    let device = caller.verify(&method, &uri, Hash::of(&body), &server).await?;
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let token = token.ok_or_else(Refusal::not_accepted)?.to_owned();
    let ended = aside(&server, move |server| server.sign_out(&token, device.id)).await?;
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::not_accepted())
    }
}
