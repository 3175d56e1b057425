//! What a person who sees to desks asks: the request is signed by the desk and carries the person's token.
//! `POST /v1/desks`: the desks in their reach. `POST /v1/desks/act`: locks one out, withdraws it, has it emptied.
//! `POST /v1/desks/invite`: a code by which another may join.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::de::DeserializeOwned;
use sync_core::desks::{ActOnDesk, DeskList, DeskTold, InviteDesk, InvitedDesk, LONGEST_NAME};

use super::refusal::Refusal;
use super::session::bearer;
use super::signed::{Asked, aside};
use crate::db::device::Device;
use crate::entry::desks::Asked as Became;
use crate::error::Result;
use crate::server::Server;

pub async fn list(State(server): State<Server>, headers: HeaderMap, asked: Asked) -> Result<Json<DeskList>, Refusal> {
    judged(&server, &headers, asked, |server, device, token, (): ()| {
        server.desks_for(device, token)
    })
    .await
}

pub async fn act(State(server): State<Server>, headers: HeaderMap, asked: Asked) -> Result<Json<DeskTold>, Refusal> {
    let asked_at = asked.device.id;
    let told = judged(&server, &headers, asked, |server, device, token, act: ActOnDesk| {
        server.act_on_desk(device, token, &act)
    })
    .await?;
    tracing::info!(device = %asked_at, of = %told.desk, state = ?told.state(), "something was asked of a desk");
    Ok(told)
}

pub async fn invite(
    State(server): State<Server>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Json<InvitedDesk>, Refusal> {
    let invite: InviteDesk = asked.read()?;
    if invite.name.chars().count() > LONGEST_NAME || invite.name.chars().any(char::is_control) {
        return Err(Refusal::unreadable());
    }
    let asked_at = asked.device.id;
    let invited = judged(&server, &headers, asked, |server, device, token, invite: InviteDesk| {
        server.invite_desk(device, token, &invite)
    })
    .await?;
    tracing::info!(device = %asked_at, "a desk was invited");
    Ok(invited)
}

/// Reads what is asked and asks it, in the name of whose token it is.
async fn judged<M: DeserializeOwned + Send + 'static, T: Send + 'static>(
    server: &Server,
    headers: &HeaderMap,
    asked: Asked,
    ask: impl FnOnce(&Server, &Device, &str, M) -> Result<Became<T>> + Send + 'static,
) -> Result<Json<T>, Refusal> {
    let asked = asked.of_active()?;
    let (token, message): (String, M) = (bearer(headers)?, asked.read()?);
    let device = asked.device;
    match aside(server, move |server| ask(server, &device, &token, message)).await? {
        Became::Done(done) => Ok(Json(done)),
        Became::NotSignedIn => Err(Refusal::session_ended()),
        Became::OutOfReach => Err(Refusal::not_found()),
        Became::TooManyCodes => Err(Refusal::too_many_codes()),
    }
}
