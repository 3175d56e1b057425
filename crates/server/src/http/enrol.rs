//! `POST /v1/enrol`: a desk joins with a one-time code.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::RecordId;
use sync_core::SpaceId;
use sync_core::entry::{Enrol, Enrolled};

use super::refusal::Refusal;
use super::signed::aside;
use crate::server::Server;

pub async fn enrol(State(server): State<Server>, body: Bytes) -> Result<Json<Enrolled>, Refusal> {
    let enrol: Enrol = serde_json::from_slice(&body).map_err(|_| Refusal::unreadable())?;
    let enrolled = aside(&server, move |server| server.enrol(&enrol)).await?;
    let enrolled = enrolled.ok_or_else(Refusal::not_found)?;
    tracing::info!(device = %enrolled.device, facility = %enrolled.facility, "a desk joined");
    prepare(&server, enrolled.facility);
    Ok(Json(enrolled))
}

/// What the desk asks for first is made while somebody signs in there.
fn prepare(server: &Server, facility: RecordId) {
    let server = server.clone();
    tokio::task::spawn_blocking(move || {
        for space in [SpaceId::Facility(facility.0), server.district()] {
            if let Err(error) = server.newest_snapshot(space) {
                tracing::warn!(%error, "a snapshot could not be made");
            }
        }
    });
}
