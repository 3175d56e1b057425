//! What an admin does about people at the server: the request is signed by the desk and carries the admin's token.
//! `POST /v1/people/password`: gives somebody a password.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use sync_core::entry::{GivePassword, GivenPassword};

use super::refusal::Refusal;
use super::session::bearer;
use super::signed::{Asked, aside};
use crate::entry::given::Giving;
use crate::server::Server;

pub async fn give_password(
    State(server): State<Server>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Json<GivenPassword>, Refusal> {
    let asked = asked.of_active()?;
    let (token, give): (String, GivePassword) = (bearer(&headers)?, asked.read()?);
    let (id, device) = (asked.device.id, asked.device);
    match aside(&server, move |server| {
        server.give_password(&device, &token, give.person)
    })
    .await?
    {
        Giving::Given(given) => {
            tracing::info!(device = %id, "a password was given");
            Ok(Json(given))
        }
        Giving::NotSignedIn => Err(Refusal::session_ended()),
        Giving::Nobody => Err(Refusal::not_found()),
    }
}
