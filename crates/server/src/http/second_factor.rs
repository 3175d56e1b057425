//! `POST /v1/second-factor`: a person whose password is right is offered a second factor; the request is signed by the
//! desk.

use axum::Json;
use axum::extract::State;
use sync_core::entry::{OfferedFactor, SignIn};

use super::refusal::Refusal;
use super::session::refused;
use super::signed::{Asked, aside};
use crate::entry::second_factor::Offer;
use crate::server::Server;

pub async fn offer(State(server): State<Server>, asked: Asked) -> Result<Json<OfferedFactor>, Refusal> {
    let asked = asked.of_active()?;
    let sign_in: SignIn = asked.read()?;
    let (id, device) = (asked.device.id, asked.device);
    match aside(&server, move |server| server.offer_second_factor(&device, &sign_in)).await? {
        Offer::Offered(offered) => {
            tracing::info!(device = %id, "a second factor was offered");
            Ok(Json(offered))
        }
        Offer::NotLetIn(outcome) => Err(refused(&outcome)),
        Offer::NotNeeded => Err(Refusal::not_found()),
    }
}
