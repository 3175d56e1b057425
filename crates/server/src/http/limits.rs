//! How often somebody may ask: by device where one is named, and by address.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sync_core::DeviceId;
use sync_core::entry::header::DEVICE;

use super::refusal::Refusal;
use crate::config::{Limits, Rate};
use crate::connections::household;

/// Desks behind one address may together ask so many times as often as one.
const DESKS_AT_ONE_ADDRESS: u32 = 20;
/// Beyond so many askers, those who have not asked lately are forgotten.
const MOST_KEYS: usize = 10_000;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Asker {
    Device(DeviceId),
    Address(Option<IpAddr>),
}

/// Counts requests.
#[derive(Clone)]
pub struct Limiter {
    requests: Arc<DefaultKeyedRateLimiter<Asker>>,
    addresses: Arc<DefaultKeyedRateLimiter<Asker>>,
    entries: Arc<DefaultKeyedRateLimiter<Asker>>,
}

impl Limiter {
    pub fn new(limits: Limits) -> Limiter {
        let limiter = |rate: Rate| {
            let at_least_one = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::per_second(at_least_one(rate.per_second)).allow_burst(at_least_one(rate.at_once));
            Arc::new(RateLimiter::keyed(quota))
        };
        Limiter {
            requests: limiter(limits.requests),
            addresses: limiter(Rate {
                per_second: limits.requests.per_second.saturating_mul(DESKS_AT_ONE_ADDRESS),
                at_once: limits.requests.at_once.saturating_mul(DESKS_AT_ONE_ADDRESS),
            }),
            entries: limiter(limits.entries),
        }
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<Asker>, asker: &Asker) -> Result<(), Refusal> {
    if limiter.len() > MOST_KEYS {
        limiter.retain_recent();
    }
    limiter.check_key(asker).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Refusal::busy(wait.as_secs() + 1)
    })
}

fn address(request: &Request) -> Asker {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    Asker::Address(info.map(|ConnectInfo(address)| household(address.ip())))
}

/// Every request, by the device it names and by its address: the name alone may be made up.
pub async fn requests(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    let device = request.headers().get(DEVICE).and_then(|value| value.to_str().ok());
    let checked = check(&limiter.addresses, &address(&request)).and_then(|()| {
        let device = device.and_then(|text| text.parse().ok());
        device.map_or(Ok(()), |device| check(&limiter.requests, &Asker::Device(device)))
    });
    match checked {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Joining, signing in, and what is asked of desks, by address.
pub async fn entries(State(limiter): State<Limiter>, request: Request, next: Next) -> Response {
    match check(&limiter.entries, &address(&request)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}
