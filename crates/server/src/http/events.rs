//! `GET /v1/events`: server-sent events for a desk: `{space, head}` of each of its spaces at once,
//! and again whenever one grows.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sync_core::exchange::News;
use sync_core::{DeviceId, Hash, SpaceId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use super::refusal::Refusal;
use super::signed::{Caller, aside};
use crate::db::device::Status;
use crate::server::Server;

/// A sign of life so often, and a look whether the device may still listen.
const ALIVE: Duration = Duration::from_secs(10);

pub async fn events(State(server): State<Server>, request: Request) -> Result<Response, Refusal> {
    let caller = Caller::claimed(request.headers(), &server).await?;
    let device = caller
        .verify(request.method(), request.uri(), Hash::of(&[]), &server)
        .await?;
    if device.status != Status::Active || *server.stopping().borrow() {
        return Err(Refusal::not_accepted());
    }
    let listener = Listener {
        news: server.listen(),
        stopping: server.stopping(),
        certificate_ms: server.certificate_ms(),
        spaces: server.spaces_of(&device),
        device: device.id,
        waiting: VecDeque::new(),
        is_behind: true,
        server,
    };
    let lines = stream::unfold(listener, |mut listener| async move {
        let line = listener.next().await?;
        Some((Ok::<_, Infallible>(line), listener))
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"))];
    Ok((kind, Body::from_stream(lines)).into_response())
}

struct Listener {
    server: Server,
    device: DeviceId,
    spaces: [SpaceId; 2],
    news: Receiver<News>,
    stopping: watch::Receiver<bool>,
    /// Another certificate ends listening: the next connection shows it.
    certificate_ms: watch::Receiver<i64>,
    waiting: VecDeque<News>,
    /// News may have been missed: the heads of all spaces are told.
    is_behind: bool,
}

impl Listener {
    /// The next lines to send; nothing when listening ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(news) = self.waiting.pop_front() {
                let told = serde_json::to_string(&news).ok()?;
                return Some(format!("event: head\ndata: {told}\n\n"));
            }
            if std::mem::take(&mut self.is_behind) {
                let heads = aside(&self.server, Server::heads).await.ok()?;
                let spaces = self.spaces;
                self.waiting
                    .extend(heads.into_iter().filter(|news| spaces.contains(&news.space)));
                continue;
            }
            let heard = tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                _ = self.certificate_ms.changed() => return None,
                heard = self.news.recv() => Some(heard),
                () = tokio::time::sleep(ALIVE) => None,
            };
            match heard {
                Some(Ok(news)) if self.spaces.contains(&news.space) => self.waiting.push_back(news),
                Some(Ok(_)) => continue,
                Some(Err(RecvError::Lagged(_))) => self.is_behind = true,
                Some(Err(RecvError::Closed)) => return None,
                None => {}
            }
            if !self.may_listen().await {
                return None;
            }
            if heard.is_none() {
                return Some(":\n\n".to_owned());
            }
        }
    }

    async fn may_listen(&self) -> bool {
        let id = self.device;
        let device = aside(&self.server, move |server| server.device(id)).await;
        matches!(device, Ok(Some(device)) if device.status == Status::Active)
    }
}
