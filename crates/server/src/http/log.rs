//! One line a request: route, status, time. Nothing of the body, no name, no address of a person.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use sync_core::DeviceId;
use sync_core::entry::header::DEVICE;

/// The only paths that may stand in a log.
const ROUTES: [&str; 10] = [
    "/v1/sync",
    "/v1/events",
    "/v1/snapshot",
    "/v1/pieces",
    "/v1/enrol",
    "/v1/session",
    "/v1/renew",
    "/healthz",
    "/readyz",
    "/version",
];

pub async fn log(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Read as an id and written anew, so that nothing else gets into the log.
    let device: Option<DeviceId> = text(DEVICE).and_then(|text| text.parse().ok());
    let id: Option<uuid::Uuid> = text("x-request-id").and_then(|text| text.parse().ok());
    let route = ROUTES.iter().find(|route| **route == request.uri().path());
    let method = request.method().clone();
    let response = next.run(request).await;
    tracing::info!(
        request_id = id.map(tracing::field::display),
        device = device.map(tracing::field::display),
        %method,
        route = route.copied().unwrap_or("none"),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "a request"
    );
    response
}
