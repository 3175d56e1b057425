//! `POST /v1/password`: a person on a desk gives themselves another password; the request is signed by the desk.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use sync_core::Hash;
use sync_core::entry::{ChangePassword, SignedIn};

use super::refusal::Refusal;
use super::session::refused;
use super::signed::{Caller, aside};
use crate::db::device::Status;
use crate::entry::password::Change;
use crate::server::Server;

pub async fn password(
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
    let change: ChangePassword = serde_json::from_slice(&body).map_err(|_| Refusal::unreadable())?;
    let id = device.id;
    match aside(&server, move |server| server.change_password(&device, &change)).await? {
        Change::Done(signed_in) => {
            tracing::info!(device = %id, "a password was changed");
            Ok(Json(*signed_in))
        }
        Change::NotEnough(strength) => Err(Refusal::not_enough(strength)),
        Change::NotLetIn(outcome) => Err(refused(&outcome)),
    }
}
