//! Trust in the server's own certificate alone, and in the one that follows it, as the server signed it. No other authority
//! can stand in for them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};
use sync_core::Hash;

use crate::keys::file::ServerPin;

/// By then all servers of a district show the certificate that one of them shows.
const GOING_OVER: Duration = Duration::from_secs(10);

/// Which certificate is accepted.
#[derive(Clone, Debug)]
pub enum Trust {
    /// Those by which the server is known.
    Known(Arc<Known>),
    /// Any, noting which: only while joining, where the one-time code proves the rest.
    Note(Arc<Mutex<Option<Hash>>>),
}

/// The certificates by which the server is known, and which of them it showed last.
#[derive(Debug)]
pub struct Known(Mutex<Shown>);

#[derive(Debug)]
struct Shown {
    known: Vec<Hash>,
    last: Option<Hash>,
    /// Those by which the server was known until then.
    before: Option<(Vec<Hash>, Instant)>,
}

impl Shown {
    /// Whether the server was known by it a moment ago.
    fn was_known(&self, certificate: Hash) -> bool {
        let before = self.before.as_ref();
        before.is_some_and(|(before, since)| before.contains(&certificate) && since.elapsed() < GOING_OVER)
    }
}

impl Known {
    pub fn new(server: &ServerPin) -> Arc<Known> {
        let known = server.certificates().collect();
        Arc::new(Known(Mutex::new(Shown {
            known,
            last: None,
            before: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Knows the server by its certificates as they are now: for every connection from now on.
    pub fn follow(&self, server: &ServerPin) {
        let known: Vec<Hash> = server.certificates().collect();
        let mut state = self.state();
        let mut dropped = state.known.clone();
        dropped.retain(|before| !known.contains(before));
        if !dropped.is_empty() {
            state.before = Some((dropped, Instant::now()));
        }
        state.known = known;
    }

    /// The certificate that the server showed last, having proven that it has its key.
    pub fn shown(&self) -> Option<Hash> {
        self.state().last
    }
}

#[derive(Debug)]
struct Pinned {
    trust: Trust,
    provider: Arc<CryptoProvider>,
}

/// A TLS 1.2+ configuration that trusts as told.
///
/// # Errors
/// When the protocol versions are not available.
pub fn tls(trust: Trust) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Pinned {
        trust,
        provider: Arc::clone(&provider),
    });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = config
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    // A session that is taken up again shows no certificate: one that is not known any more would still be good.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// The SHA-256 of a certificate.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Hash {
    Hash(Sha256::digest(certificate.as_ref()).into())
}

impl Pinned {
    /// Whoever shows a certificate has its key only once it signed with it.
    fn note(&self, certificate: &CertificateDer<'_>) {
        if let Trust::Known(known) = &self.trust {
            known.state().last = Some(fingerprint(certificate));
        }
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let seen = fingerprint(end_entity);
        match &self.trust {
            Trust::Known(known) if known.state().known.contains(&seen) => Ok(ServerCertVerified::assertion()),
            // Refused as well, and nobody is told to look for a stranger.
            Trust::Known(known) if known.state().was_known(seen) => {
                Err(Error::General("a server of the district goes over".to_owned()))
            }
            Trust::Known(_) => Err(Error::InvalidCertificate(
                CertificateError::ApplicationVerificationFailure,
            )),
            Trust::Note(note) => {
                if let Ok(mut noted) = note.lock() {
                    *noted = Some(seen);
                }
                Ok(ServerCertVerified::assertion())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms).inspect(|_| self.note(certificate))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms).inspect(|_| self.note(certificate))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// What becomes of a server that shows the certificate of these bytes.
    fn shown(known: &Arc<Known>, certificate: &'static [u8]) -> Result<(), Error> {
        let pinned = Pinned {
            trust: Trust::Known(Arc::clone(known)),
            provider: Arc::new(ring::default_provider()),
        };
        let name = ServerName::try_from("district.example").unwrap();
        let certificate = CertificateDer::from(certificate);
        let now = UnixTime::since_unix_epoch(Duration::ZERO);
        pinned.verify_server_cert(&certificate, &[], &name, &[], now).map(drop)
    }

    fn server(certificate: &'static [u8]) -> ServerPin {
        let hash = fingerprint(&CertificateDer::from(certificate));
        ServerPin::new("https://district.example".to_owned(), hash, Hash::default())
    }

    #[test]
    fn a_server_that_lags_behind_the_others_for_a_moment_is_refused_and_is_no_stranger() {
        let known = Known::new(&server(b"before"));
        let is_stranger = |certificate| matches!(shown(&known, certificate), Err(Error::InvalidCertificate(_)));
        let is_behind = |certificate| matches!(shown(&known, certificate), Err(Error::General(_)));
        assert_eq!(shown(&known, b"before"), Ok(()));
        assert!(is_stranger(b"next"));

        known.follow(&server(b"next"));
        // As in every round that follows.
        known.follow(&server(b"next"));
        assert_eq!(shown(&known, b"next"), Ok(()));
        assert!(is_behind(b"before") && is_stranger(b"another"));

        let long_ago = Instant::now().checked_sub(GOING_OVER).unwrap();
        known.state().before.as_mut().unwrap().1 = long_ago;
        assert!(
            is_stranger(b"before"),
            "somebody has its key and nobody serves with it any more"
        );
    }
}
