//! `POST /v1/renew`: a desk goes on under a new identity; the request is signed by the old one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use sync_core::Hash;
use sync_core::entry::{Renew, Renewed};

use super::refusal::Refusal;
use super::session::refused;
use super::signed::{Caller, aside};
use crate::entry::renew::Renewal;
use crate::server::Server;

pub async fn renew(
    State(server): State<Server>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Renewed>, Refusal> {
    let caller = Caller::claimed(&headers, &server).await?;
    let device = caller.verify(&method, &uri, Hash::of(&body), &server).await?;
    let renew: Renew = serde_json::from_slice(&body).map_err(|_| Refusal::unreadable())?;
    let old = device.id;
    match aside(&server, move |server| server.renew(&device, &renew)).await? {
        Renewal::Renewed(renewed) => {
            tracing::info!(device = %renewed.device, former = %old, "a desk goes on under a new identity");
            Ok(Json(*renewed))
        }
        Renewal::NotLetIn(outcome) => Err(refused(&outcome)),
    }
}
