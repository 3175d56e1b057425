//! The server over HTTP: routes on this page, a file for each.

use std::any::Any;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use sync_core::entry::header::SERVER_TIME;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;

use crate::connections::Place;
use crate::server::Server;

pub mod refusal;

pub mod signed;

pub mod limits;

pub mod sync;

pub mod enrol;

pub mod session;

pub mod renew;

pub mod password;

pub mod second_factor;

pub mod people;

pub mod desks;

pub mod events;

pub mod snapshot;

pub mod health;

mod log;

use limits::Limiter;
use refusal::Refusal;

/// Every route of the server.
pub fn router(server: Server) -> Router {
    let limits = server.config().limits;
    let limiter = Limiter::new(limits);
    let id = HeaderName::from_static("x-request-id");
    let entries = Router::new()
        .route("/v1/desks/act", post(desks::act))
        .route("/v1/desks/invite", post(desks::invite))
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/password", post(password::password))
        .route("/v1/renew", post(renew::renew))
        .route("/v1/second-factor", post(second_factor::offer))
        .route("/v1/session", post(session::session).delete(session::end))
        .layer(from_fn_with_state(limiter.clone(), limits::entries));
    Router::new()
        .route("/v1/sync", post(sync::sync))
        .route("/v1/events", get(events::events))
        .route("/v1/snapshot", post(snapshot::snapshot))
        .route("/v1/pieces", post(snapshot::pieces))
        .route("/v1/people/password", post(people::give_password))
        .route("/v1/desks", post(desks::list))
        .route("/v1/session/renew", post(session::renew))
        .merge(entries)
        .layer(from_fn_with_state(limiter, limits::requests))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/version", get(health::version))
        .fallback(|| async { Refusal::not_found() })
        .method_not_allowed_fallback(|| async { Refusal::not_found() })
        .layer(
            ServiceBuilder::new()
                .layer(SetRequestIdLayer::new(id.clone(), MakeRequestUuid))
                .layer(middleware::from_fn(log::log))
                .layer(from_fn_with_state(server.clone(), headers))
                .layer(PropagateRequestIdLayer::new(id))
                .layer(CatchPanicLayer::custom(failed))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    limits.request_time,
                ))
                .layer(DefaultBodyLimit::max(limits.request_bytes)),
        )
        .with_state(server)
}

/// What every answer carries: the server's time, and what browsers and proxies must not do with it.
async fn headers(State(server): State<Server>, request: Request, next: Next) -> Response {
    let place = request.extensions().get::<Arc<Place>>().cloned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // The next connection shows the certificate that serves now.
    if place.is_some_and(|place| place.certificate_ms != *server.certificate_ms().borrow()) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    headers.insert(SERVER_TIME, HeaderValue::from(server.now_ms()));
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !server.config().is_plain {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// A panic's text may hold anything and goes nowhere.
#[allow(clippy::needless_pass_by_value, reason = "the layer hands the box over")]
fn failed(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::failed().into_response()
}
