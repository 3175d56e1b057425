//! `POST /v1/session`: a person signs in on a desk; the request is signed by the desk.
//! `DELETE /v1/session`: the person's token, sent as a bearer, is good for nothing any more.

use axum::Json;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use sync_core::entry::{SignIn, SignedIn};

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

pub async fn end(State(server): State<Server>, headers: HeaderMap, asked: Asked) -> Result<StatusCode, Refusal> {
    let device = asked.device;
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
