//! Trust in the server's own certificate alone, and in the one that follows it, as the server signed it. No other authority
//! can stand in for them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use sha2::{Digest as _, Sha256};
use sync_core::Hash;

use crate::keys::file::ServerPin;

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
}

impl Known {
    pub fn new(server: &ServerPin) -> Arc<Known> {
        let known = server.certificates().collect();
        Arc::new(Known(Mutex::new(Shown { known, last: None })))
    }

    fn state(&self) -> MutexGuard<'_, Shown> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Knows the server by its certificates as they are now: for every connection from now on.
    pub fn follow(&self, server: &ServerPin) {
        self.state().known = server.certificates().collect();
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
