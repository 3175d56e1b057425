//! Listening: TLS with the server's own certificate, or plain on the loopback; stopping without
//! losing an answer that is on its way.

use std::fs::{self, File, TryLockError};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;

use sync_core::exchange::News;

use crate::connections::{Counted, Places};
use crate::error::{Result, ServerError};
use crate::heads;
use crate::http::router;
use crate::renewal::{self, Asked};
use crate::server::Server;

const LOCK: &str = "serving.lock";
const ADDRESS: &str = "address";
/// How long requests may take to end when the server stops.
const DRAIN: Duration = Duration::from_secs(10);
/// How often is looked for what another process wrote: another node, or a command on this machine.
const LOOK: Duration = Duration::from_millis(250);

/// Where and how to listen.
pub struct Listen {
    pub address: SocketAddr,
    /// Gets the address that desks use, once the server listens.
    pub address_file: Option<PathBuf>,
    /// Gets a line with the head of every log.
    pub audit_heads: Option<AuditHeads>,
}

/// Where lines with the head of every log go, the first at once.
#[derive(Clone)]
pub struct AuditHeads {
    pub file: PathBuf,
    /// How long after one the next is written: [`heads::EVERY`] for everybody but tests.
    pub every: Duration,
}

/// The folder's lock; let go when dropped, and by the system when the process dies.
pub struct Lock {
    _file: File,
}

impl Lock {
    /// # Errors
    /// [`ServerError::Locked`] when another server serves the folder.
    pub fn take(dir: &Path) -> Result<Lock> {
        let path = dir.join(LOCK);
        let failed = |error| ServerError::Io(path.clone(), error);
        let mut options = File::options();
        let file = options
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ServerError::Locked),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

/// Serves until the process is asked to stop, then ends what is open and tidies the file.
///
/// # Errors
/// Why it cannot listen, or why it had to stop.
pub async fn serve(server: Server, listen: Listen) -> Result<()> {
    // Nodes on one database are kept apart by its locks; a file has one server.
    let _lock = if server.db().is_shared() {
        None
    } else {
        Some(Lock::take(server.dir())?)
    };
    server.db().move_aside()?;
    // Before anybody is told that it serves.
    let asked = Asked::listen();
    server.introduce_all()?;
    let seen = Seen::now(&server)?;
    let listener = bind(&server, listen.address)?;
    let local = listener
        .local_addr()
        .map_err(|error| ServerError::Io(PathBuf::from("socket"), error))?;
    let address = format!("{}://{local}", if server.config().is_plain { "http" } else { "https" });
    write_whole(&server.dir().join(ADDRESS), &address)?;
    if let Some(file) = &listen.address_file {
        write_whole(file, &address)?;
    }
    let handle = Handle::new();
    let watch = tokio::spawn(watch_for_news(server.clone(), seen));
    let heads = listen
        .audit_heads
        .clone()
        .map(|wanted| tokio::spawn(write_heads(server.clone(), wanted)));
    tokio::spawn(stop_when_asked(server.clone(), handle.clone()));
    tracing::info!(%address, district = %server.own().district, "serving");
    let served = run(&server, listener, handle, asked).await;
    server.stop();
    watch.abort();
    if let Some(heads) = heads {
        heads.abort();
    }
    if let Some(file) = &listen.address_file {
        // It may be gone already.
        let _ = fs::remove_file(file);
    }
    server.db().checkpoint()?;
    tracing::info!("stopped");
    served.map_err(|error| ServerError::Io(PathBuf::from("socket"), error))
}

fn bind(server: &Server, address: SocketAddr) -> Result<TcpListener> {
    let failed = |error| ServerError::Io(PathBuf::from(address.to_string()), error);
    if server.config().is_plain && !address.ip().is_loopback() {
        let reason = "without TLS only a loopback address may be used";
        return Err(failed(std::io::Error::new(
            std::io::ErrorKind::PermissionDenied,
            reason,
        )));
    }
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

async fn run(server: &Server, listener: TcpListener, handle: Handle<SocketAddr>, asked: Asked) -> std::io::Result<()> {
    let service = router(server.clone()).into_make_service_with_connect_info::<SocketAddr>();
    // An answer goes out in several pieces: none waits for the word that the one before arrived, which takes 40 ms.
    let listening = axum_server::from_tcp(listener)?
        .handle(handle)
        .acceptor(NoDelayAcceptor::new());
    let limits = server.config().limits;
    let places = Places::new(limits.connections, server.certificate_ms());
    if server.config().is_plain {
        let counted = listening.map(|acceptor| Counted::new(acceptor, places));
        return patient(counted, limits.headers).serve(service).await;
    }
    let config = server.certificate().tls().map_err(std::io::Error::other)?;
    let config = RustlsConfig::from_config(Arc::new(config));
    let following = tokio::spawn(renewal::follow(server.clone(), config.clone(), asked));
    let secured = listening.map(|acceptor| Counted::new(RustlsAcceptor::new(config).acceptor(acceptor), places));
    let served = patient(secured, limits.headers).serve(service).await;
    following.abort();
    served
}

/// HTTP/1 alone, and no waiting without end for a request to begin.
fn patient<A>(
    mut listening: axum_server::Server<SocketAddr, A>,
    headers: Duration,
) -> axum_server::Server<SocketAddr, A> {
    let mut http = listening.http_builder().http1();
    http.timer(TokioTimer::new()).header_read_timeout(headers);
    listening.http1_only()
}

/// The address at which the server of this folder listens, or listened last.
pub fn address_of(dir: &Path) -> Option<String> {
    let text = fs::read_to_string(dir.join(ADDRESS)).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Nobody reads half an address.
fn write_whole(path: &Path, text: &str) -> Result<()> {
    let failed = |error| ServerError::Io(path.to_owned(), error);
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    fs::write(&beside, text).map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)
}

async fn stop_when_asked(server: Server, handle: Handle<SocketAddr>) {
    asked_to_stop().await;
    tracing::info!("stopping");
    server.stop();
    handle.graceful_shutdown(Some(DRAIN));
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminated => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}

/// Writes how far each log goes, until the server stops. What cannot be written is told in the server's log.
async fn write_heads(server: Server, wanted: AuditHeads) {
    loop {
        let (writing, to) = (server.clone(), wanted.file.clone());
        let written = tokio::task::spawn_blocking(move || heads::append(&writing, &to)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::error!("the heads of the logs could not be written elsewhere");
        }
        tokio::time::sleep(wanted.every).await;
    }
}

/// How far the logs went when they were looked at last.
struct Seen {
    version: i64,
    heads: Vec<News>,
}

impl Seen {
    fn now(server: &Server) -> Result<Seen> {
        // In this order: what is written between the two is found again.
        let version = server.db().version()?;
        let heads = server.heads()?;
        Ok(Seen { version, heads })
    }
}

/// Spreads the news of what other nodes wrote, and commands on this machine, since it was `seen`.
async fn watch_for_news(server: Server, mut seen: Seen) {
    loop {
        tokio::time::sleep(LOOK).await;
        let (looked, version) = (server.clone(), seen.version);
        let found = tokio::task::spawn_blocking(move || {
            let is_new = looked.db().version()? != version;
            Ok::<_, ServerError>(if is_new { Some(Seen::now(&looked)?) } else { None })
        });
        if let Ok(Ok(Some(now))) = found.await {
            server.tell(now.heads.iter().copied().filter(|news| !seen.heads.contains(news)));
            seen = now;
        }
    }
}
