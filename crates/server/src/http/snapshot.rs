//! `POST /v1/snapshot`: which snapshot of a space there is, for a desk that has just joined; one frame.
//! `POST /v1/pieces`: pieces of it, one behind the other, from any byte of the first on.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sync_core::exchange::MEDIA_TYPE;
use sync_core::frame::pack;
use sync_core::snapshot::{AskManifest, AskPieces, MOST_PIECES};

use super::refusal::Refusal;
use super::signed::{Asked, aside};
use crate::error::ServerError;
use crate::server::Server;

pub async fn snapshot(State(server): State<Server>, asked: Asked) -> Result<Response, Refusal> {
    let asked = asked.of_active()?;
    let (device, AskManifest { space, grant }) = (asked.device.id, asked.read()?);
    asked.see(grant, &server).await?;
    let offered = aside(&server, move |server| match server.snapshot(device, space) {
        Err(ServerError::NoSpace) => Ok(None),
        offered => offered.map(Some),
    });
    let offered = offered.await?.ok_or_else(Refusal::not_found)?;
    let frame = pack(&offered).map_err(|_| Refusal::failed())?;
    Ok(frames(Body::from(frame)))
}

pub async fn pieces(State(server): State<Server>, asked: Asked) -> Result<Response, Refusal> {
    let asked = asked.of_active()?;
    let wanted: AskPieces = asked.read()?;
    let device = asked.device.id;
    asked.see(wanted.grant, &server).await?;
    let AskPieces {
        space, hashes, from, ..
    } = wanted;
    if hashes.len() > MOST_PIECES {
        return Err(Refusal::too_large());
    }
    let mut rest = hashes.into_iter();
    let hash = rest.next().ok_or_else(Refusal::unreadable)?;
    let first = aside(&server, move |server| server.piece(device, space, hash)).await?;
    let first = first.ok_or_else(Refusal::not_found)?;
    let from = usize::try_from(from).unwrap_or(usize::MAX);
    let first = first.get(from..).ok_or_else(Refusal::unreadable)?.to_vec();
    // Each is read when the one before has gone out.
    let bytes = stream::try_unfold((Some(first), rest), move |(first, mut rest)| {
        let server = server.clone();
        async move {
            if let Some(first) = first {
                return Ok::<_, Gone>(Some((Bytes::from(first), (None, rest))));
            }
            let Some(hash) = rest.next() else { return Ok(None) };
            let piece = aside(&server, move |server| server.piece(device, space, hash)).await;
            let piece = piece.ok().flatten().ok_or(Gone)?;
            Ok(Some((Bytes::from(piece), (None, rest))))
        }
    });
    Ok(frames(Body::from_stream(bytes)))
}

fn frames(body: Body) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))];
    (kind, body).into_response()
}

/// Ends an answer in the middle: the desk asks for the rest, and hears then that it is not kept.
#[derive(Debug, thiserror::Error)]
#[error("a piece is not kept any more")]
struct Gone;
