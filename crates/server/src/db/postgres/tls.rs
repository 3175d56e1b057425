//! The encrypted connection to PostgreSQL: its server proves its name by a certificate of an
//! authority that the operator named, or that this system trusts.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::db::address::Address;
use crate::error::{Result, ServerError};

/// What encrypts the connections to the address.
pub fn connector(address: &Address) -> Result<MakeRustlsConnect> {
    let failed = |error: rustls::Error| ServerError::Certificate(error.to_string());
    let mut trusted = RootCertStore::empty();
    match &address.authorities {
        Some(path) => {
            for certificate in read(path)? {
                trusted.add(certificate).map_err(failed)?;
            }
        }
        // Some that cannot be read are usual; when none can, the connection is refused.
        None => drop(trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .with_root_certificates(trusted)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn read(path: &PathBuf) -> Result<Vec<CertificateDer<'static>>> {
    let odd = |error: rustls_pki_types::pem::Error| ServerError::Certificate(format!("{}: {error}", path.display()));
    let certificates = CertificateDer::pem_file_iter(path).map_err(odd)?;
    certificates.collect::<Result<Vec<_>, _>>().map_err(odd)
}
