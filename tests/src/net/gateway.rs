//! Somebody between a desk and a server without TLS, who reads and alters what goes over: a captive portal, a proxy
//! that truncates, recompresses or has an opinion of its own.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Response, StatusCode, header};
use desk::net::link::{client, wall_ms};
use desk::net::patience::Patience;
use desk::net::pin::Trust;
use futures_util::StreamExt;
use sync_core::entry::header::SERVER_TIME;
use tokio::net::TcpListener;

/// What the gateway does with what goes over it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Meddling {
    /// Nothing.
    #[default]
    Pass,
    /// A page of its own for everything.
    Page(u16),
    /// Sends everybody to its own page.
    Redirect,
    /// Half of each answer, said to be the whole of it.
    Half,
    /// Half of each answer, and then the end.
    Broken,
    /// Each answer as if it were compressed, and with a byte altered.
    Mangled,
    /// Requests of more than so many bytes are too large for it.
    Narrow(usize),
    /// The server's own word that it is busy, for so many seconds.
    Busy(u64),
    /// Each request reaches the server twice; the desk hears the second answer.
    Twice,
}

/// A gateway to one server.
#[derive(Clone)]
pub struct Gateway {
    pub address: SocketAddr,
    at: Arc<At>,
}

struct At {
    server: SocketAddr,
    meddling: Mutex<Meddling>,
    listened: AtomicU64,
    refused: AtomicU64,
    largest: AtomicUsize,
    listening: Arc<AtomicU64>,
    client: reqwest::Client,
}

const LOGIN: &str = "<!doctype html><title>Guest network</title><form>Please log in to go on the network.</form>";

impl Gateway {
    /// A gateway that lets everything pass to `server`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn new(server: SocketAddr) -> Result<Gateway> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let at = Arc::new(At {
            server,
            meddling: Mutex::default(),
            listened: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            largest: AtomicUsize::new(0),
            listening: Arc::default(),
            client: client(Trust::Note(Arc::default()), Patience::default())?,
        });
        let gateway = Gateway {
            address: listener.local_addr()?,
            at: Arc::clone(&at),
        };
        let routes = Router::new().fallback(answer).with_state(at);
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(gateway)
    }

    /// Meddles so from now on.
    pub fn set(&self, meddling: Meddling) {
        *self.at.meddling.lock().unwrap() = meddling;
    }

    /// How many requests were too large for it.
    pub fn refused(&self) -> u64 {
        self.at.refused.load(Ordering::SeqCst)
    }

    /// The bytes of the largest request since this was asked.
    pub fn largest(&self) -> usize {
        self.at.largest.swap(0, Ordering::SeqCst)
    }

    /// How often somebody began to listen.
    pub fn listened(&self) -> u64 {
        self.at.listened.load(Ordering::SeqCst)
    }

    /// How many listen now.
    pub fn listening(&self) -> u64 {
        self.at.listening.load(Ordering::SeqCst)
    }
}

async fn answer(State(at): State<Arc<At>>, request: Request) -> Response<Body> {
    let is_listening = request.uri().path() == "/v1/events";
    if is_listening {
        at.listened.fetch_add(1, Ordering::SeqCst);
    }
    let meddling = *at.meddling.lock().unwrap();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, usize::MAX).await else {
        return page(400);
    };
    at.largest.fetch_max(body.len(), Ordering::SeqCst);
    match meddling {
        Meddling::Page(status) => return page(status),
        Meddling::Redirect => {
            let mut page = page(302);
            let login = header::HeaderValue::from_static("http://10.0.0.1/login");
            page.headers_mut().insert(header::LOCATION, login);
            return page;
        }
        Meddling::Narrow(most) if body.len() > most => {
            at.refused.fetch_add(1, Ordering::SeqCst);
            return page(413);
        }
        Meddling::Busy(seconds) => return busy(seconds),
        _ => {}
    }
    let ask = || {
        let url = format!("http://{}{}", at.server, parts.uri);
        let asked = at.client.request(parts.method.clone(), url);
        asked.headers(without_host(&parts.headers)).body(body.clone()).send()
    };
    if meddling == Meddling::Twice {
        let _ = ask().await;
    }
    let Ok(answer) = ask().await else { return page(502) };
    let mut told = Response::new(Body::empty());
    *told.status_mut() = answer.status();
    for (name, value) in answer.headers() {
        if !HOP.contains(name) {
            told.headers_mut().insert(name, value.clone());
        }
    }
    *told.body_mut() = match meddling {
        Meddling::Half | Meddling::Broken | Meddling::Mangled if !is_listening => {
            let Ok(whole) = answer.bytes().await else {
                return page(502);
            };
            meddle(meddling, whole, told.headers_mut())
        }
        _ if is_listening => {
            let listener = Listener::new(&at.listening);
            Body::from_stream(answer.bytes_stream().inspect(move |_| listener.is_there()))
        }
        _ => Body::from_stream(answer.bytes_stream()),
    };
    told
}

/// Somebody who listens, for as long as the answer is open.
struct Listener(Arc<AtomicU64>);

impl Listener {
    fn new(listening: &Arc<AtomicU64>) -> Listener {
        listening.fetch_add(1, Ordering::SeqCst);
        Listener(Arc::clone(listening))
    }

    /// Kept by the answer.
    fn is_there(&self) {}
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What belongs to one connection alone.
const HOP: [HeaderName; 3] = [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH];

fn without_host(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    headers.remove(header::HOST);
    headers
}

fn meddle(meddling: Meddling, whole: Bytes, headers: &mut HeaderMap) -> Body {
    let half = whole.slice(..whole.len() / 2);
    match meddling {
        Meddling::Half => half.into(),
        Meddling::Broken => {
            let pieces = [Ok(half), Err(std::io::Error::other("cut"))];
            Body::from_stream(futures_util::stream::iter(pieces))
        }
        _ => {
            headers.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static("gzip"));
            let mut altered = whole.to_vec();
            if let Some(byte) = altered.get_mut(30) {
                *byte ^= 0x20;
            }
            altered.into()
        }
    }
}

fn page(status: u16) -> Response<Body> {
    let mut page = Response::new(Body::from(LOGIN));
    *page.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let html = header::HeaderValue::from_static("text/html; charset=utf-8");
    page.headers_mut().insert(header::CONTENT_TYPE, html);
    page
}

fn busy(seconds: u64) -> Response<Body> {
    let mut told = Response::new(Body::from(r#"{"code":"busy"}"#));
    *told.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    let headers = told.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("application/json"),
    );
    headers.insert(header::RETRY_AFTER, seconds.into());
    headers.insert(SERVER_TIME, wall_ms().into());
    told
}
