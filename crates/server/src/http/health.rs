//! `GET /healthz`, `/readyz`, `/version`: for whoever watches the server; no secrets, no figures.

use axum::Json;
use axum::extract::State;
use sync_core::entry::Greeting;
use sync_core::exchange::PROTOCOL;

use super::refusal::Refusal;
use super::signed::aside;
use crate::server::Server;

#[derive(serde::Serialize)]
pub struct Status {
    status: &'static str,
}

/// The process answers.
pub async fn healthz() -> Json<Status> {
    Json(Status { status: "ok" })
}

/// The file answers too, and the server is not about to stop.
pub async fn readyz(State(server): State<Server>) -> Result<Json<Status>, Refusal> {
    if *server.stopping().borrow() {
        return Err(Refusal::stopping());
    }
    aside(&server, |server| server.heads().map(drop)).await?;
    Ok(Json(Status { status: "ready" }))
}

#[derive(serde::Serialize)]
pub struct Version {
    name: &'static str,
    version: &'static str,
    protocol: u16,
    #[serde(flatten)]
    greeting: Greeting,
}

/// Which program this is, and by which certificate it is known.
pub async fn version(State(server): State<Server>) -> Json<Version> {
    Json(Version {
        name: "wardroom-server",
        version: env!("CARGO_PKG_VERSION"),
        protocol: PROTOCOL,
        greeting: Greeting {
            certificate: server.greeting(),
        },
    })
}
