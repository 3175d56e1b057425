//! `POST /v1/enrol`: a desk joins with a one-time code.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use sync_core::entry::{Enrol, Enrolled};

use super::refusal::Refusal;
use super::signed::aside;
use crate::server::Server;

pub async fn enrol(State(server): State<Server>, body: Bytes) -> Result<Json<Enrolled>, Refusal> {
    let enrol: Enrol = serde_json::from_slice(&body).map_err(|_| Refusal::unreadable())?;
    let enrolled = aside(&server, move |server| server.enrol(&enrol)).await?;
    let enrolled = enrolled.ok_or_else(Refusal::not_found)?;
    tracing::info!(device = %enrolled.device, facility = %enrolled.facility, "a desk joined");
    Ok(Json(enrolled))
}
