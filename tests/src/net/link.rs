//! The link of one desk: a TCP proxy whose weather changes at any moment.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::lane::{Ended, Road};
use super::weather::{Both, Door, End, Way, Weather};

/// The link of one desk.
#[derive(Clone)]
pub struct Link {
    /// Where the desk finds it.
    pub address: SocketAddr,
    line: Arc<Line>,
}

struct Line {
    to: Mutex<SocketAddr>,
    weather: watch::Sender<Weather>,
    cutting: Notify,
    up: Road,
    down: Road,
    connections: AtomicU64,
}

impl Link {
    /// A whole link to `to`.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn new(to: SocketAddr) -> Result<Link> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let link = Link {
            address: listener.local_addr()?,
            line: Arc::new(Line {
                to: Mutex::new(to),
                weather: watch::Sender::new(Weather::fair()),
                cutting: Notify::new(),
                up: Road::new(Way::Up),
                down: Road::new(Way::Down),
                connections: AtomicU64::new(0),
            }),
        };
        tokio::spawn(serve(Arc::clone(&link.line), link.address, listener));
        tokio::spawn(cut_again_and_again(Arc::downgrade(&link.line)));
        Ok(link)
    }

    /// The weather from now on. What is open goes on in it; see also [`Link::break_all`].
    pub fn set(&self, weather: Weather) {
        self.line.weather.send_replace(weather);
    }

    /// Ends everything that is open, as the weather has it.
    pub fn break_all(&self) {
        self.line.cutting.notify_waiters();
    }

    /// Cuts the link: what is open breaks, what is tried fails.
    pub fn cut(&self) {
        self.set(Weather::none());
        self.break_all();
    }

    /// Joins it again, in fair weather, to where the server now is.
    pub fn join(&self, to: SocketAddr) {
        *self.line.to.lock().unwrap() = to;
        self.set(Weather::fair());
    }

    /// Leads somewhere else: what is open breaks, what is tried goes there.
    pub fn turn(&self, to: SocketAddr) {
        *self.line.to.lock().unwrap() = to;
        self.break_all();
    }

    /// The bytes carried each way since the link was laid, those that were lost again included.
    pub fn carried(&self) -> Both<u64> {
        Both {
            up: self.line.up.carried.load(Ordering::SeqCst),
            down: self.line.down.carried.load(Ordering::SeqCst),
        }
    }

    /// How often somebody connected.
    pub fn connections(&self) -> u64 {
        self.line.connections.load(Ordering::SeqCst)
    }
}

async fn serve(line: Arc<Line>, address: SocketAddr, listener: TcpListener) {
    let mut weather = line.weather.subscribe();
    let mut listening = Some(listener);
    loop {
        let is_refused = weather.borrow_and_update().door == Door::Refused;
        match (&listening, is_refused) {
            (Some(_), true) => listening = None,
            (None, false) => match TcpListener::bind(address).await {
                Ok(listener) => listening = Some(listener),
                Err(_) => sleep(Duration::from_millis(20)).await,
            },
            (None, true) => {
                if weather.changed().await.is_err() {
                    return;
                }
            }
            (Some(listener), false) => {
                tokio::select! {
                    accepted = listener.accept() => {
                        if let Ok((near, _)) = accepted {
                            line.connections.fetch_add(1, Ordering::SeqCst);
                            tokio::spawn(carry(Arc::clone(&line), near));
                        }
                    }
                    changed = weather.changed() => {
                        if changed.is_err() {
                            return;
                        }
                    }
                }
            }
        }
    }
}

async fn carry(line: Arc<Line>, near: TcpStream) {
    let weather = line.weather.subscribe();
    let cutting = line.cutting.notified();
    let now = weather.borrow().clone();
    match now.door {
        Door::Open => {}
        Door::Refused => return,
        Door::Reset => return reset(&near),
        Door::HalfOpen => return keep_silent(near, None, cutting).await,
    }
    // Connecting takes one time there and back.
    if let Some(delay_ms) = now.delay_ms {
        sleep(Duration::from_millis(
            fastrand::u64(delay_ms.clone()) + fastrand::u64(delay_ms),
        ))
        .await;
    }
    let to = *line.to.lock().unwrap();
    let Ok(far) = TcpStream::connect(to).await else {
        return reset(&near);
    };
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    tokio::pin!(cutting);
    let (mut near, mut far) = (near, far);
    let is_cut = {
        let ((near_in, near_out), (far_in, far_out)) = (near.split(), far.split());
        let up = line.up.carry(near_in, far_out, &weather);
        let down = line.down.carry(far_in, near_out, &weather);
        tokio::select! {
            () = both(up, down) => false,
            () = &mut cutting => true,
        }
    };
    let end = weather.borrow().end;
    let has_bound = weather.borrow().cut_after != Both::default();
    match end {
        End::Silence if is_cut || has_bound => keep_silent(near, Some(far), line.cutting.notified()).await,
        End::Reset if is_cut || has_bound => {
            reset(&near);
            reset(&far);
        }
        _ => {}
    }
}

/// Ends when both have said all, or one was cut.
async fn both(up: impl Future<Output = Ended>, down: impl Future<Output = Ended>) {
    tokio::pin!(up, down);
    let first = tokio::select! {
        ended = &mut up => (ended, Way::Up),
        ended = &mut down => (ended, Way::Down),
    };
    match first {
        (Ended::Cut, _) => {}
        (Ended::Said, Way::Up) => drop(down.await),
        (Ended::Said, Way::Down) => drop(up.await),
    }
}

fn reset(stream: &TcpStream) {
    let _ = stream.set_zero_linger();
}

/// Keeps a connection open and says nothing, until the next cut.
async fn keep_silent(near: TcpStream, far: Option<TcpStream>, cutting: impl Future<Output = ()>) {
    cutting.await;
    drop((near, far));
}

async fn cut_again_and_again(line: std::sync::Weak<Line>) {
    let Some(mut weather) = line.upgrade().map(|line| line.weather.subscribe()) else {
        return;
    };
    loop {
        let every_ms = weather.borrow_and_update().cut_every_ms;
        let Some(every_ms) = every_ms else {
            if weather.changed().await.is_err() {
                return;
            }
            continue;
        };
        let at = Instant::now() + Duration::from_millis(every_ms);
        tokio::select! {
            () = sleep_until(at) => match line.upgrade() {
                Some(line) => line.cutting.notify_waiters(),
                None => return,
            },
            changed = weather.changed() => if changed.is_err() { return },
        }
    }
}
