//! A link that can be cut: a small proxy between a desk and its server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The link of one desk.
#[derive(Clone)]
pub struct Link {
    pub address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    cutting: Arc<Notify>,
    to: Arc<std::sync::Mutex<SocketAddr>>,
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
            is_cut: Arc::default(),
            cutting: Arc::default(),
            to: Arc::new(std::sync::Mutex::new(to)),
        };
        tokio::spawn(link.clone().carry(listener));
        Ok(link)
    }

    async fn carry(self, listener: TcpListener) {
        while let Ok((mut near, _)) = listener.accept().await {
            if self.is_cut.load(Ordering::SeqCst) {
                continue;
            }
            let link = self.clone();
            tokio::spawn(async move {
                let to = *link.to.lock().unwrap();
                let Ok(mut far) = TcpStream::connect(to).await else {
                    return;
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                    () = link.cutting.notified() => {}
                }
            });
        }
    }

    /// Cuts the link: what is open breaks, what is tried fails.
    pub fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        self.cutting.notify_waiters();
    }

    /// Joins it again, to where the server now is.
    pub fn join(&self, to: SocketAddr) {
        *self.to.lock().unwrap() = to;
        self.is_cut.store(false, Ordering::SeqCst);
    }
}
