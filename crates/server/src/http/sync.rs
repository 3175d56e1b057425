//! `POST /v1/sync`: frames in, frames out. Each batch is durable as soon as its frame is whole, so
//! that a cut connection loses nothing that was sent; a batch proves itself by its own signature.
//! What is read goes out only after the signature of the whole request was seen to be right.

use std::sync::Arc;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use sync_core::Hash;
use sync_core::exchange::{Answer, Ask, MEDIA_TYPE};
use sync_core::frame::{BadFrame, Unpacker, pack};

use super::refusal::Refusal;
use super::signed::{Caller, aside};
use crate::connections::Place;
use crate::error::{Result, ServerError};
use crate::exchange::round::{Answers, Round};
use crate::server::Server;

pub async fn sync(State(server): State<Server>, request: Request) -> Result<Response, Refusal> {
    if *server.stopping().borrow() {
        return Err(Refusal::stopping());
    }
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind != Some(MEDIA_TYPE.as_bytes()) {
        return Err(Refusal::unreadable());
    }
    let caller = Caller::claimed(request.headers(), &server).await?;
    let (parts, body) = request.into_parts();
    let id = caller.device.id;
    let over_ms = parts.extensions.get::<Arc<Place>>().map(|place| place.certificate_ms);
    let round = aside(&server, move |server| Round::begin(server, id)).await?;
    let round = round.over(over_ms);
    let (round, hash) = take_in(round, body, &server).await?;
    caller.verify(&parts.method, &parts.uri, hash, &server).await?;
    if round.is_refused() {
        return Err(Refusal::version());
    }
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE))];
    let answers = aside(&server, move |_| round.answers()).await?;
    Ok((kind, Body::from_stream(frames(answers, server))).into_response())
}

/// Takes in the body, frame by frame. Answers the round and the hash of the body.
async fn take_in(round: Round, body: Body, server: &Server) -> Result<(Round, Hash), Refusal> {
    let mut pieces = body.into_data_stream();
    let taken = take_pieces(round, &mut pieces, server).await;
    if taken.is_err() {
        hear_out(pieces, server).await;
    }
    taken
}

/// Lets the asker finish, within the limits: cut off while it speaks, it would never hear why.
async fn hear_out(mut pieces: BodyDataStream, server: &Server) {
    let limits = server.config().limits;
    let mut bytes = 0;
    while let Ok(Some(Ok(piece))) = tokio::time::timeout(limits.silence, pieces.next()).await {
        bytes += piece.len();
        if bytes > limits.exchange_bytes {
            break;
        }
    }
}

async fn take_pieces(mut round: Round, pieces: &mut BodyDataStream, server: &Server) -> Result<(Round, Hash), Refusal> {
    let limits = server.config().limits;
    let (mut hasher, mut unpacker, mut bytes) = (blake3::Hasher::new(), Unpacker::default(), 0);
    loop {
        let piece = tokio::time::timeout(limits.silence, pieces.next()).await;
        let Some(piece) = piece.map_err(|_| Refusal::unreadable())? else {
            break;
        };
        let piece = piece.map_err(|_| Refusal::unreadable())?;
        bytes += piece.len();
        if bytes > limits.exchange_bytes {
            return Err(Refusal::too_large());
        }
        hasher.update(&piece);
        unpacker.push(&piece);
        while let Some(ask) = unpacker.take::<Ask>().map_err(refused)? {
            round = aside(server, move |_| round.take(ask).map(|()| round)).await?;
        }
    }
    if unpacker.is_within_frame() {
        return Err(Refusal::unreadable());
    }
    Ok((round, Hash(*hasher.finalize().as_bytes())))
}

fn refused(error: BadFrame) -> Refusal {
    match error {
        BadFrame::TooLarge(_) => Refusal::too_large(),
        BadFrame::Damaged | BadFrame::Unreadable => Refusal::unreadable(),
    }
}

/// The answers as frames, each cut when the one before has gone out.
fn frames(answers: Answers, server: Server) -> impl stream::Stream<Item = Result<Bytes, Refused>> {
    stream::try_unfold(Some(answers), move |answers| {
        let server = server.clone();
        async move {
            let Some(mut answers) = answers else { return Ok(None) };
            let next = aside(&server, move |_| {
                let answer = answers.next_answer()?;
                let frame = answer.as_ref().map(frame).transpose()?;
                let is_last = matches!(answer, None | Some(Answer::End));
                Ok(frame.map(|frame| (frame, (!is_last).then_some(answers))))
            });
            next.await.map_err(|_| Refused)
        }
    })
}

fn frame(answer: &Answer) -> Result<Bytes> {
    let packed = pack(answer).map_err(|_| ServerError::Damaged("a page is larger than a frame"))?;
    Ok(packed.into())
}

/// Ends an answer in the middle: the desk sees that its end is missing.
#[derive(Debug, thiserror::Error)]
#[error("the answer broke off")]
struct Refused;
