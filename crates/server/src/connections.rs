//! How many connections may be open at once, in all and of one address, and by which certificate each began. One too many
//! is closed before a byte of it is read, and those that are open go on.

use std::collections::HashMap;
use std::future::Future;
use std::io::{Error, Result};
use std::net::{IpAddr, Ipv6Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tower::Layer;

use crate::config::Connections;

/// Lets connections in as long as there is a place for them.
#[derive(Clone)]
pub struct Counted<A> {
    inner: A,
    places: Arc<Places>,
}

/// The places there are.
pub struct Places {
    limits: Connections,
    taken: Mutex<HashMap<IpAddr, u32>>,
    certificate_ms: watch::Receiver<i64>,
}

/// The place of one connection, free again when it is dropped.
pub struct Place {
    places: Arc<Places>,
    address: IpAddr,
    /// When the certificate was made with which the server served as the connection began.
    pub certificate_ms: i64,
}

/// Whom an address counts for. One household or one rented machine has 2^64 addresses of IPv6: they count as one, and
/// an address of IPv4 counts the same in either form.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

impl<A> Counted<A> {
    pub fn new(inner: A, places: Arc<Places>) -> Counted<A> {
        Counted { inner, places }
    }
}

impl Places {
    /// All of them free.
    pub fn new(limits: Connections, certificate_ms: watch::Receiver<i64>) -> Arc<Places> {
        Arc::new(Places {
            limits,
            taken: Mutex::default(),
            certificate_ms,
        })
    }

    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(self: &Arc<Places>, address: IpAddr) -> Option<Place> {
        let mut taken = self.taken();
        let all: u32 = taken.values().sum();
        let of_this = taken.get(&address).copied().unwrap_or_default();
        if all >= self.limits.all || of_this >= self.limits.of_one_address {
            return None;
        }
        taken.insert(address, of_this + 1);
        Some(Place {
            places: Arc::clone(self),
            address,
            certificate_ms: *self.certificate_ms.borrow(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        if let Some(count) = taken.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.address);
            }
        }
    }
}

impl<A, S> Accept<TcpStream, S> for Counted<A>
where
    A: Accept<TcpStream, S> + Clone + Send + 'static,
    A::Stream: Send,
    A::Service: Send,
    A::Future: Send,
    S: Send + 'static,
{
    type Stream = A::Stream;
    /// Holds the place for as long as the connection is served.
    type Service = AddExtension<A::Service, Arc<Place>>;
    type Future = Pin<Box<dyn Future<Output = Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = stream.peer_addr().and_then(|address| {
            self.places
                .take(household(address.ip()))
                .ok_or_else(|| Error::other("no place"))
        });
        let inner = self.inner.clone();
        Box::pin(async move {
            let place = Arc::new(place?);
            let (stream, service) = inner.accept(stream, service).await?;
            Ok((stream, Extension(place).layer(service)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_of_one_household_count_as_one() {
        let check = |one: &str, other: &str| {
            let household = |text: &str| household(text.parse().unwrap());
            household(one) == household(other)
        };
        assert!(check("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert!(!check("2001:db8:1:2::1", "2001:db8:1:3::1"));
        assert!(!check("192.0.2.1", "192.0.2.2"));
        assert!(check("192.0.2.1", "::ffff:192.0.2.1"));
    }

    #[test]
    fn a_place_is_taken_as_long_as_there_is_one_and_free_again_afterwards() {
        let limits = Connections {
            all: 3,
            of_one_address: 2,
        };
        let counted = Counted::new((), Places::new(limits, watch::Sender::new(0).subscribe()));
        let take = |last: u8| counted.places.take(IpAddr::from([192, 0, 2, last]));
        let first = [take(1), take(1)];
        assert!(first.iter().all(Option::is_some));
        assert!(take(1).is_none(), "of one address");
        let other = take(2);
        assert!(other.is_some() && take(3).is_none(), "of all");
        drop(first);
        assert!(take(3).is_some());
        drop(other);
        assert!(counted.places.taken().is_empty());
    }
}
