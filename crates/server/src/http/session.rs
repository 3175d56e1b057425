//! `POST /v1/session`: a person signs in on a desk; the request is signed by the desk.
//! `DELETE /v1/session`: the person's token, sent as a bearer, is good for nothing any more.
//! `POST /v1/session/renew`: another token for it.

use axum::Json;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use sync_core::entry::{SignIn, SignedIn, Token};

use super::refusal::Refusal;
use super::signed::{Asked, aside};
use crate::entry::sign_in::Outcome;
use crate::server::Server;

pub async fn session(State(server): State<Server>, asked: Asked) -> Result<Json<SignedIn>, Refusal> {
    let asked = asked.of_active()?;
    let sign_in: SignIn = asked.read()?;
    let (id, device) = (asked.device.id, asked.device);
    let outcome = aside(&server, move |server| server.sign_in(&device, &sign_in)).await?;
    let word = match outcome {
        Outcome::In(_) => "in",
        Outcome::Wrong => "wrong",
        Outcome::Blocked { .. } => "blocked",
        Outcome::Suspended => "suspended",
        Outcome::Wanted(wanted) => wanted.code(),
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
        Outcome::Wanted(wanted) => Refusal::wanted(*wanted),
        Outcome::Wrong | Outcome::In(_) => Refusal::wrong_password(),
    }
}

/// The token of the person who asks.
pub(super) fn bearer(headers: &HeaderMap) -> Result<String, Refusal> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = bearer.and_then(|value| value.strip_prefix("Bearer "));
    token.map(str::to_owned).ok_or_else(Refusal::session_ended)
}

pub async fn end(State(server): State<Server>, headers: HeaderMap, asked: Asked) -> Result<StatusCode, Refusal> {
    let (token, device) = (bearer(&headers)?, asked.device.id);
    let ended = aside(&server, move |server| server.sign_out(&token, device)).await?;
    if ended {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::session_ended())
    }
}

pub async fn renew(State(server): State<Server>, headers: HeaderMap, asked: Asked) -> Result<Json<Token>, Refusal> {
    let asked = asked.of_active()?;
    let (token, device) = (bearer(&headers)?, asked.device);
    let renewed = aside(&server, move |server| server.renew_token(&token, &device)).await?;
    renewed.map(Json).ok_or_else(Refusal::session_ended)
}
