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
        let (asks, unread) = whole(&mut unpacker);
        if !asks.is_empty() {
            let taken = move |_: &Server| {
                asks.into_iter().try_for_each(|ask| round.take(ask))?;
                Ok(round)
            };
            round = aside(server, taken).await?;
        }
        if let Some(bad) = unread {
            return Err(refused(bad));
        }
    }
    if unpacker.is_within_frame() {
        return Err(Refusal::unreadable());
    }
    Ok((round, Hash(*hasher.finalize().as_bytes())))
}

/// The frames that are whole, and why the one after them cannot be read.
fn whole(unpacker: &mut Unpacker) -> (Vec<Ask>, Option<BadFrame>) {
    let mut asks = Vec::new();
    loop {
        match unpacker.take() {
            Ok(Some(ask)) => asks.push(ask),
            Ok(None) => return (asks, None),
            Err(bad) => return (asks, Some(bad)),
        }
    }
}

fn refused(error: BadFrame) -> Refusal {
    match error {
        BadFrame::TooLarge(_) => Refusal::too_large(),
        BadFrame::Damaged | BadFrame::Unreadable => Refusal::unreadable(),
    }
}

/// So many bytes of frames go out at once.
const TOGETHER: usize = 16 * 1024;

/// What comes after the frames that went out.
enum Rest {
    More(Box<Answers>),
    /// The next could not be given: whatever was ready before it goes out first.
    BrokenOff,
    Nothing,
}

/// The answers as frames: small ones together, and each larger one cut when what came before has gone out.
fn frames(answers: Answers, server: Server) -> impl stream::Stream<Item = Result<Bytes, Refused>> {
    stream::try_unfold(Rest::More(Box::new(answers)), move |rest| {
        let server = server.clone();
        async move {
            let answers = match rest {
                Rest::More(answers) => answers,
                Rest::BrokenOff => return Err(Refused),
                Rest::Nothing => return Ok(None),
            };
            let next = aside(&server, move |_| Ok(gathered(answers)));
            next.await.map(Some).map_err(|_| Refused)
        }
    })
}

fn gathered(mut answers: Box<Answers>) -> (Bytes, Rest) {
    let mut frames = Vec::new();
    while frames.len() < TOGETHER {
        match next_frame(&mut answers) {
            Ok((frame, is_last)) => {
                frames.extend(frame);
                if is_last {
                    return (frames.into(), Rest::Nothing);
                }
            }
            Err(_) => return (frames.into(), Rest::BrokenOff),
        }
    }
    (frames.into(), Rest::More(answers))
}

fn next_frame(answers: &mut Answers) -> Result<(Vec<u8>, bool)> {
    let answer = answers.next_answer()?.unwrap_or(Answer::End);
    let frame = pack(&answer).map_err(|_| ServerError::Damaged("a page is larger than a frame"))?;
    Ok((frame, answer == Answer::End))
}

/// Ends an answer in the middle: the desk sees that its end is missing.
#[derive(Debug, thiserror::Error)]
#[error("the answer broke off")]
struct Refused;
