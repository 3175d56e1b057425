//! What a refused request is told: a status and a code, nothing else.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use domain::password::Strength;

use crate::entry::sign_in::Wanted;
use crate::error::ServerError;

/// By then a server shows a certificate that began to serve elsewhere.
const TAKEN_UP_S: u64 = 2;

/// A refused request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    pub wait_s: Option<u64>,
}

#[derive(serde::Serialize)]
struct Body {
    code: &'static str,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str) -> Refusal {
        Refusal {
            status,
            code,
            wait_s: None,
        }
    }

    /// For what does not exist, and for what is not for the asker.
    pub fn not_found() -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, "not_found")
    }

    /// The device is not known, was withdrawn, or its signature is not right.
    pub fn not_accepted() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "not_accepted")
    }

    /// The device asked exactly this before.
    pub fn replayed() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "replayed")
    }

    /// The person's token is missing, or lasts no more.
    pub fn session_ended() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "session_ended")
    }

    /// The password is right, and something else is wanted.
    pub fn wanted(wanted: Wanted) -> Refusal {
        let status = match wanted {
            Wanted::RightCode => StatusCode::UNAUTHORIZED,
            _ => StatusCode::FORBIDDEN,
        };
        Refusal::new(status, wanted.code())
    }

    /// Nobody who may read on the device now signed in there, as far as it shows.
    pub fn not_signed_in() -> Refusal {
        Refusal::new(StatusCode::FORBIDDEN, "not_signed_in")
    }

    pub fn wrong_password() -> Refusal {
        Refusal::new(StatusCode::UNAUTHORIZED, "wrong_password")
    }

    pub fn blocked(wait_ms: i64) -> Refusal {
        let wait_s = u64::try_from(wait_ms / 1_000 + 1).unwrap_or(1);
        Refusal {
            wait_s: Some(wait_s),
            ..Refusal::new(StatusCode::TOO_MANY_REQUESTS, "blocked")
        }
    }

    /// The new password is not good enough.
    pub fn not_enough(strength: Strength) -> Refusal {
        Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, strength.code())
    }

    /// So many invitations wait to be used already.
    pub fn too_many_codes() -> Refusal {
        Refusal::new(StatusCode::CONFLICT, "invitations_too_many")
    }

    pub fn suspended() -> Refusal {
        Refusal::new(StatusCode::FORBIDDEN, "suspended")
    }

    pub fn too_large() -> Refusal {
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
    }

    pub fn unreadable() -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, "unreadable")
    }

    pub fn version() -> Refusal {
        Refusal::new(StatusCode::UPGRADE_REQUIRED, "version")
    }

    pub fn busy(wait_s: u64) -> Refusal {
        Refusal {
            wait_s: Some(wait_s),
            ..Refusal::new(StatusCode::TOO_MANY_REQUESTS, "busy")
        }
    }

    pub fn stopping() -> Refusal {
        Refusal {
            wait_s: Some(5),
            ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "stopping")
        }
    }

    pub fn failed() -> Refusal {
        Refusal {
            wait_s: Some(30),
            ..Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "failed")
        }
    }
}

impl From<ServerError> for Refusal {
    fn from(error: ServerError) -> Refusal {
        match error {
            ServerError::TooLarge => Refusal::too_large(),
            ServerError::NoDevice => Refusal::not_accepted(),
            ServerError::AnotherServes => Refusal::busy(TAKEN_UP_S),
            error => {
                tracing::error!(%error, "a request failed");
                Refusal::failed()
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Body { code: self.code })).into_response();
        let headers = response.headers_mut();
        // What was refused may not have been read to its end. The connection ends with the answer,
        // and the asker knows it, instead of losing the next request on it.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        if let Some(wait_s) = self.wait_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_s));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_while_another_certificate_is_taken_up_is_told_to_come_again_soon() {
        let refusal = Refusal::from(ServerError::AnotherServes);
        assert_eq!((refusal, refusal.wait_s), (Refusal::busy(2), Some(2)));
    }
}
