//! `POST /v1/renew`: a desk goes on under a new identity; the request is signed by the old one.

use axum::Json;
use axum::extract::State;
use sync_core::entry::{Renew, Renewed};

use super::refusal::Refusal;
use super::session::refused;
use super::signed::{Asked, aside};
use crate::entry::renew::Renewal;
use crate::server::Server;

pub async fn renew(State(server): State<Server>, asked: Asked) -> Result<Json<Renewed>, Refusal> {
    let renew: Renew = asked.read()?;
    let device = asked.device;
    let old = device.id;
    match aside(&server, move |server| server.renew(&device, &renew)).await? {
        Renewal::Renewed(renewed) => {
            tracing::info!(device = %renewed.device, former = %old, "a desk goes on under a new identity");
            Ok(Json(*renewed))
        }
        Renewal::NotLetIn(outcome) => Err(refused(&outcome)),
    }
}
