//! How one certificate follows another: the next is kept beside the one that serves, desks learn it in their rounds and
//! say so, and when it is told to serve every server that runs takes it up, without dropping what it is doing.

use std::sync::Arc;
use std::time::Duration;

use axum_server::tls_rustls::RustlsConfig;
use sync_core::certificate::{Certificate as Known, SignedCertificate};

use crate::certificate::Certificate;
use crate::db::certificate::Kept;
use crate::db::device::{Device, Status};
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::server::Server;

/// How often is looked whether another certificate was told to serve.
const LOOK: Duration = Duration::from_secs(1);
/// How often the server's log reminds of the end of the one that serves.
const REMIND: Duration = Duration::from_hours(24);

/// Which of the desks that take part know a certificate.
pub struct Desks {
    pub know: Vec<Device>,
    pub do_not: Vec<Device>,
}

impl Server {
    /// The certificate that is to serve, and the one that will serve next, if there is one.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn certificates(&self) -> Result<(Certificate, Option<Certificate>)> {
        let both = |conn: &Conn| Ok((db::certificate::serving(conn)?, db::certificate::next(conn)?));
        let (serving, next) = self.db().read(both)?;
        let open = |kept| Certificate::open(kept, self.master());
        Ok((open(serving.ok_or(NO_CERTIFICATE)?)?, next.map(open).transpose()?))
    }

    /// Keeps a certificate as the next, in the place of another that was to be: from now on desks learn it.
    ///
    /// # Errors
    /// [`ServerError::CertificateRefused`] when it serves already.
    pub fn prepare(&self, next: &Certificate) -> Result<()> {
        self.db().write(|tx| {
            let serving = db::certificate::lock_serving(tx)?.ok_or(NO_CERTIFICATE)?;
            if serving.certificate == next.der {
                return Err(ServerError::CertificateRefused("it serves already"));
            }
            let before = db::certificate::next(tx)?.map_or(serving.made_ms, |before| before.made_ms);
            let kept = Kept {
                // None counts after one that is later, whatever the clock says.
                made_ms: next.made_ms.max(before + 1),
                since_ms: None,
                ..next.sealed(self.master())
            };
            db::certificate::put(&kept, tx)?;
            self.note(Happened::new("certificate_prepared"), tx)
        })
    }

    /// Sees that this process serves with the certificate that is to serve, and holds every switch up until the
    /// transaction ends: a desk that joins knows the one that it sees.
    ///
    /// # Errors
    /// [`ServerError::AnotherServes`] when it is still to be taken up here.
    pub(crate) fn serves_with_the_latest(&self, tx: &Conn) -> Result<()> {
        let serving = db::certificate::lock_serving(tx)?.ok_or(NO_CERTIFICATE)?;
        let is_latest = self.config().is_plain || serving.made_ms == self.certificate().made_ms;
        is_latest.then_some(()).ok_or(ServerError::AnotherServes)
    }

    /// Lets the next certificate serve. Desks that do not know it are left behind; where there are any, they have to
    /// be `accepted`.
    ///
    /// # Errors
    /// [`ServerError::NoNextCertificate`], [`ServerError::LeftBehind`].
    pub fn switch_certificate(&self, accepted: LeftBehind) -> Result<Desks> {
        self.db().write(|tx| {
            db::certificate::lock_serving(tx)?;
            let next = db::certificate::next(tx)?.ok_or(ServerError::NoNextCertificate)?;
            let desks = who_knows(next.made_ms, tx)?;
            if accepted == LeftBehind::Nobody && !desks.do_not.is_empty() {
                return Err(ServerError::LeftBehind(desks.do_not.len()));
            }
            db::certificate::switch(self.now_ms(), tx)?;
            self.note(Happened::new("certificate_switched"), tx)?;
            Ok(desks)
        })
    }

    /// Which desks know the certificate.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn who_knows(&self, certificate: &Certificate) -> Result<Desks> {
        self.db().read(|conn| who_knows(certificate.made_ms, conn))
    }

    /// The desks that joined before the certificate served, and do not know it.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn left_behind(&self, serving: &Certificate) -> Result<Vec<Device>> {
        let mut behind = self.who_knows(serving)?.do_not;
        behind.retain(|device| serving.since_ms.is_some_and(|since_ms| device.enrolled_ms < since_ms));
        Ok(behind)
    }

    /// Takes note of what a desk says that it knows, or shows by the connection it speaks over. Answers the next
    /// certificate, signed, while the desk does not know it.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) fn announce(&self, device: &Device, knows_ms: i64) -> Result<Option<SignedCertificate>> {
        if self.config().is_plain || device.status != Status::Active {
            return Ok(None);
        }
        if device.knows_ms != knows_ms {
            self.db().write(|tx| db::device::knows(device.id, knows_ms, tx))?;
        }
        let next = self.db().read(db::certificate::next_known)?;
        Ok(next
            .filter(|next| next.made_ms > knows_ms)
            .map(|next| self.signed(&next)))
    }

    /// By which certificate the server is known now, signed; nothing without TLS.
    pub(crate) fn greeting(&self) -> Option<SignedCertificate> {
        let serving = self.certificate();
        let known = Known {
            hash: serving.hash(),
            made_ms: serving.made_ms,
        };
        (!self.config().is_plain).then(|| self.signed(&known))
    }

    fn signed(&self, certificate: &Known) -> SignedCertificate {
        SignedCertificate::new(&self.own().signing_key, certificate)
    }
}

/// Which desks may be left behind when another certificate serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LeftBehind {
    Nobody,
    Whoever,
}

pub(crate) const NO_CERTIFICATE: ServerError = ServerError::Damaged("no certificate is kept");

fn who_knows(made_ms: i64, conn: &Conn) -> Result<Desks> {
    let mut desks = Desks {
        know: Vec::new(),
        do_not: Vec::new(),
    };
    for device in db::device::all(conn)? {
        if device.status != Status::Active || db::succession::is_replaced(device.id, conn)? {
            continue;
        }
        if device.knows_ms >= made_ms {
            desks.know.push(device);
        } else {
            desks.do_not.push(device);
        }
    }
    Ok(desks)
}

/// Takes up another certificate as soon as it is told to serve, or at once when the process is asked to by SIGHUP, and
/// reminds of the end of the one that serves.
pub async fn follow(server: Server, config: RustlsConfig, mut asked: Asked) {
    let (mut reminded, mut is_failing) = (None::<tokio::time::Instant>, false);
    loop {
        if reminded.is_none_or(|at| at.elapsed() >= REMIND) {
            remind(&server.certificate(), server.now_ms());
            reminded = Some(tokio::time::Instant::now());
        }
        let is_asked = tokio::select! {
            () = tokio::time::sleep(LOOK) => false,
            () = asked.again() => true,
        };
        let looking = server.clone();
        let looked = tokio::task::spawn_blocking(move || looking.newer_certificate()).await;
        let taken = match looked {
            Ok(looked) => looked.and_then(|newer| take_up(newer, &server, &config)),
            Err(_) => Err(NO_CERTIFICATE),
        };
        match &taken {
            Ok(true) => reminded = None,
            Ok(false) if is_asked => tracing::info!("asked to take up another certificate: the same serves on"),
            Ok(false) => {}
            Err(error) if is_asked || !is_failing => tracing::error!(%error, "no other certificate could be taken up"),
            Err(_) => {}
        }
        is_failing = taken.is_err();
    }
}

fn take_up(newer: Option<Certificate>, server: &Server, config: &RustlsConfig) -> Result<bool> {
    let Some(newer) = newer else { return Ok(false) };
    // New connections show it; those that are open go on, and end with the answer to what they ask next.
    config.reload_from_config(Arc::new(newer.tls()?));
    server.serve_with(newer);
    tracing::info!("another certificate serves");
    Ok(true)
}

fn remind(serving: &Certificate, now_ms: i64) {
    match serving.ends_soon(now_ms) {
        Ok(Some(days)) if days < 0 => tracing::warn!(days, "the certificate has ended: see `certificate show`"),
        Ok(Some(days)) => tracing::warn!(days, "the certificate ends soon: see `certificate show`"),
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "nobody can tell when the certificate ends"),
    }
}

/// Hears that the process is asked to look at once. From when this is made, SIGHUP ends it no more.
pub struct Asked {
    #[cfg(unix)]
    hangup: Option<tokio::signal::unix::Signal>,
}

impl Asked {
    pub fn listen() -> Asked {
        Asked {
            #[cfg(unix)]
            hangup: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    async fn again(&mut self) {
        #[cfg(unix)]
        if let Some(hangup) = &mut self.hangup
            && hangup.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
