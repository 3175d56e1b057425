//! One way of one connection: takes bytes in as fast as the link goes, and hands them on as late.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::time::{Instant, sleep_until};

use super::weather::{Way, Weather};

/// The bytes of one packet.
const PACKET: usize = 1_000;
/// On a slow link packets are smaller, so that it stays fair between connections.
const SLOW_PACKET: usize = 250;
/// So many packets are on their way at most.
const ON_THE_WAY: usize = 64;

/// One way of a link, which all its connections share.
pub struct Road {
    pub way: Way,
    /// When the last byte that was let in has gone.
    free_at: Mutex<Instant>,
    /// The bytes that went over it.
    pub carried: AtomicU64,
}

/// Why a way ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// Who sends has said all.
    Said,
    /// The network ended it.
    Cut,
}

impl Road {
    pub fn new(way: Way) -> Road {
        Road {
            way,
            free_at: Mutex::new(Instant::now()),
            carried: AtomicU64::new(0),
        }
    }

    /// Waits until so many bytes have gone through; one after another, whoever sends them.
    async fn let_through(&self, bytes: usize, weather: &Weather) {
        self.carried.fetch_add(bytes as u64, Ordering::SeqCst);
        let Some(bits_per_s) = weather.bits_per_s.of(self.way) else {
            return;
        };
        let takes = Duration::from_secs_f64(bytes as f64 * 8.0 / bits_per_s as f64);
        let until = {
            let mut free_at = self.free_at.lock().await;
            *free_at = (*free_at).max(Instant::now()) + takes;
            *free_at
        };
        sleep_until(until).await;
    }

    /// Carries one connection's bytes this way, until it ends.
    pub async fn carry(
        &self,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        weather: &watch::Receiver<Weather>,
    ) -> Ended {
        let (send, mut arriving) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
        let take_in = self.take_in(&mut from, send, weather.clone());
        let hand_on = async {
            while let Some((at, packet)) = arriving.recv().await {
                // The timer goes by whole milliseconds: what is not late must not wait for the next.
                if at > Instant::now() {
                    sleep_until(at).await;
                }
                if to.write_all(&packet).await.is_err() {
                    break;
                }
            }
        };
        let (ended, ()) = tokio::join!(take_in, hand_on);
        if ended == Ended::Said {
            let _ = to.shutdown().await;
        }
        ended
    }

    /// Takes in what is sent, packet by packet, each with the moment at which it arrives.
    async fn take_in(
        &self,
        from: &mut (impl AsyncRead + Unpin),
        send: mpsc::Sender<(Instant, Vec<u8>)>,
        mut weather: watch::Receiver<Weather>,
    ) -> Ended {
        let mut carried = 0;
        let mut arrives_at = Instant::now();
        let mut packet = [0; PACKET];
        loop {
            let is_slow = weather.borrow().bits_per_s.of(self.way).is_some();
            let room = if is_slow { SLOW_PACKET } else { PACKET };
            let Ok(length @ 1..) = from.read(&mut packet[..room]).await else {
                return Ended::Said;
            };
            // On a deaf way it is sent again until it arrives.
            let heard = weather.wait_for(|now| !now.is_deaf.of(self.way)).await;
            let Ok(now) = heard.map(|now| now.clone()) else {
                return Ended::Cut;
            };
            self.let_through(length, &now).await;
            carried += length as u64;
            let most = now.cut_after.of(self.way).unwrap_or(u64::MAX);
            let over = usize::try_from(carried.saturating_sub(most)).unwrap_or(length);
            arrives_at = arrives_at.max(Instant::now() + self.late_by(length, &now).await);
            let whole = packet[..length.saturating_sub(over)].to_vec();
            if send.send((arrives_at, whole)).await.is_err() {
                return Ended::Said;
            }
            if over > 0 {
                return Ended::Cut;
            }
        }
    }

    /// How long this packet is on its way; a lost one goes over the link again.
    async fn late_by(&self, length: usize, weather: &Weather) -> Duration {
        let mut late_ms = weather.delay_ms.clone().map_or(0, fastrand::u64);
        if let Some(loss) = weather.loss {
            while fastrand::u32(0..1_000) < loss.per_mille {
                late_ms += loss.pause_ms;
                self.let_through(length, weather).await;
            }
        }
        Duration::from_millis(late_ms)
    }
}
