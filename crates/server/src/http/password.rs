//! `POST /v1/password`: a person on a desk gives themselves another password; the request is signed by the desk.

use axum::Json;
use axum::extract::State;
use sync_core::entry::{ChangePassword, SignedIn};

use super::refusal::Refusal;
use super::session::refused;
use super::signed::{Asked, aside};
use crate::entry::password::Change;
use crate::server::Server;

pub async fn password(State(server): State<Server>, asked: Asked) -> Result<Json<SignedIn>, Refusal> {
    let asked = asked.of_active()?;
    let change: ChangePassword = asked.read()?;
    let (id, device) = (asked.device.id, asked.device);
    match aside(&server, move |server| server.change_password(&device, &change)).await? {
        Change::Done(signed_in) => {
            tracing::info!(device = %id, "a password was changed");
            Ok(Json(*signed_in))
        }
        Change::NotEnough(strength) => Err(Refusal::not_enough(strength)),
        Change::NotLetIn(outcome) => Err(refused(&outcome)),
    }
}
