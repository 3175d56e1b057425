//! A certificate with what it takes to serve with it: one of the server's own, or the operator's.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::server::NoServerSessionStorage;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use sync_core::Hash;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Encode, Reader, SliceReader};
use zeroize::Zeroizing;

use crate::db::certificate::Kept;
use crate::error::{Result, ServerError};
use crate::seal::{Key, sha256};

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// How long a certificate of the server's own says that it lasts. Desks ask for no date: it reminds people.
const LASTS_MS: i64 = 3_652 * DAY_MS;
/// No clock of a server is right that says a later time: the year 2200.
const LATEST_MS: i64 = 7_258_118_400_000;
/// The most certificates that vouch for one another, and the most bytes of all.
const MOST: usize = 8;
pub const MOST_BYTES: usize = 64 * 1024;
/// What is sent in one record of TLS. Of one that is cut in two nothing arrives: at 2 kbit/s the usual 16 KiB take a
/// minute.
const RECORD_BYTES: usize = 2 * 1024;
/// Where the key is sealed.
const KEY: &str = "certificate key";

/// A certificate and its key.
pub struct Certificate {
    /// DER; what desks know the server by.
    pub der: Vec<u8>,
    /// Of those who vouch for it, DER, one after another.
    chain: Vec<u8>,
    /// DER.
    key: Zeroizing<Vec<u8>>,
    /// When it began to be kept.
    pub made_ms: i64,
    /// Since when it serves.
    pub since_ms: Option<i64>,
}

impl Certificate {
    /// Makes one of the server's own. Desks trust it because they joined it, whatever name it is reached by.
    ///
    /// # Errors
    /// [`ServerError::Certificate`].
    pub fn own(now_ms: i64) -> Result<Certificate> {
        let failed = |error: rcgen::Error| ServerError::Certificate(error.to_string());
        let names = ["wardroom-server", "localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let key = rcgen::KeyPair::generate().map_err(failed)?;
        let mut about = rcgen::CertificateParams::new(names).map_err(failed)?;
        about.distinguished_name.push(rcgen::DnType::CommonName, "Wardroom");
        // Whoever looks may have another clock.
        about.not_before = rcgen::date_time_ymd(2024, 1, 1);
        let ends_ms = (now_ms.clamp(0, LATEST_MS) + LASTS_MS).unsigned_abs();
        about.not_after = rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(ends_ms / 1_000);
        let certificate = about.self_signed(&key).map_err(failed)?;
        Ok(Certificate {
            der: certificate.der().to_vec(),
            chain: Vec::new(),
            key: Zeroizing::new(key.serialize_der()),
            made_ms: now_ms,
            since_ms: None,
        })
    }

    /// Reads what the operator gives, as PEM: the certificate with those who vouch for it, and its key.
    ///
    /// # Errors
    /// [`ServerError::CertificateRefused`] says why it cannot serve.
    pub fn read(certificates: &[u8], key: &[u8], now_ms: i64) -> Result<Certificate> {
        let refused = |why| Err(ServerError::CertificateRefused(why));
        if certificates.len() > MOST_BYTES || key.len() > MOST_BYTES {
            return refused("a file is larger than any certificate or key");
        }
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
        let Ok([first, vouching @ ..]) = read.as_deref() else {
            return refused("there is no certificate in PEM in the first file");
        };
        if vouching.len() >= MOST {
            return refused("there are more certificates than vouch for one another");
        }
        let Ok(key) = PrivateKeyDer::from_pem_slice(key) else {
            return refused("there is no private key in PEM in the second file");
        };
        let certificate = Certificate {
            der: first.to_vec(),
            chain: vouching.iter().flat_map(|der| der.iter().copied()).collect(),
            key: Zeroizing::new(key.secret_der().to_vec()),
            made_ms: now_ms,
            since_ms: None,
        };
        let Ok(lasts) = certificate.lasts() else {
            return refused("the certificate cannot be read");
        };
        if !(lasts.0..lasts.1).contains(&now_ms) {
            return refused("the certificate has ended, or does not count yet");
        }
        if certificate.tls().is_err() {
            return refused("the key is not the certificate's, or of a sort that cannot serve");
        }
        Ok(certificate)
    }

    /// The SHA-256 by which desks know it.
    pub fn hash(&self) -> Hash {
        sha256(&self.der)
    }

    /// When it ends, in milliseconds since 1970.
    ///
    /// # Errors
    /// [`ServerError::Certificate`] when it cannot be read.
    pub fn ends_ms(&self) -> Result<i64> {
        Ok(self.lasts()?.1)
    }

    /// How many days are left, once it is time to see to another: a third of how long it lasts, and never more
    /// than 90 days, ahead of its end. Negative when it has ended.
    ///
    /// # Errors
    /// [`ServerError::Certificate`] when it cannot be read.
    pub fn ends_soon(&self, now_ms: i64) -> Result<Option<i64>> {
        let (from_ms, ends_ms) = self.lasts()?;
        let ahead_ms = ((ends_ms - from_ms) / 3).min(90 * DAY_MS);
        let left_ms = ends_ms - now_ms;
        Ok((left_ms <= ahead_ms).then_some(left_ms.div_euclid(DAY_MS)))
    }

    fn lasts(&self) -> Result<(i64, i64)> {
        let read = x509_cert::Certificate::from_der(&self.der);
        let read = read.map_err(|error| ServerError::Certificate(error.to_string()))?;
        let validity = read.tbs_certificate.validity;
        let ms = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX);
        Ok((ms(validity.not_before), ms(validity.not_after)))
    }

    /// TLS 1.2 and later with this certificate.
    ///
    /// # Errors
    /// [`ServerError::Certificate`] when it and its key do not fit together.
    pub fn tls(&self) -> Result<rustls::ServerConfig> {
        let failed = |error: rustls::Error| ServerError::Certificate(error.to_string());
        let key = PrivateKeyDer::try_from(self.key.to_vec());
        let key = key.map_err(|why| ServerError::Certificate(why.to_owned()))?;
        let mut served = vec![CertificateDer::from(self.der.clone())];
        served.extend(self.vouching()?);
        let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(served, key)
            .map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.max_fragment_size = Some(RECORD_BYTES);
        // No desk takes a session up again, since that shows no certificate: what would let it is not sent either.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(config)
    }

    fn vouching(&self) -> Result<Vec<CertificateDer<'static>>> {
        let failed = |error: x509_cert::der::Error| ServerError::Certificate(error.to_string());
        let mut reader = SliceReader::new(&self.chain).map_err(failed)?;
        let mut vouching = Vec::new();
        while !reader.is_finished() {
            let der = AnyRef::decode(&mut reader)
                .and_then(|any| any.to_der())
                .map_err(failed)?;
            vouching.push(CertificateDer::from(der));
        }
        Ok(vouching)
    }

    /// The same as it is kept, its key sealed under the master key.
    pub(crate) fn sealed(&self, master: &Key) -> Kept {
        Kept {
            made_ms: self.made_ms,
            since_ms: self.since_ms,
            certificate: self.der.clone(),
            chain: self.chain.clone(),
            sealed_key: master.seal(KEY, &self.key),
        }
    }

    /// Opens what was kept.
    pub(crate) fn open(kept: Kept, master: &Key) -> Result<Certificate> {
        Ok(Certificate {
            key: master.open(KEY, &kept.sealed_key)?,
            der: kept.certificate,
            chain: kept.chain,
            made_ms: kept.made_ms,
            since_ms: kept.since_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};

    use super::*;

    /// The first day of 2026.
    const NOW_MS: i64 = 1_767_225_600_000;

    fn why(read: Result<Certificate>) -> &'static str {
        match read {
            Err(ServerError::CertificateRefused(why)) => why,
            _ => "",
        }
    }

    /// A certificate that lasts so many days of 2026, and its key.
    fn given(days: u64) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let mut about = CertificateParams::new(vec!["district.example".to_owned()]).unwrap();
        about.not_before = date_time_ymd(2026, 1, 1);
        about.not_after = date_time_ymd(2026, 1, 1) + Duration::from_secs(days * 86_400);
        (about.self_signed(&key).unwrap().pem(), key.serialize_pem())
    }

    #[test]
    fn what_the_operator_gives_serves_and_what_cannot_serve_says_why() {
        let (certificate, key) = given(90);
        let read =
            |certificate: &str, key: &str, now_ms| Certificate::read(certificate.as_bytes(), key.as_bytes(), now_ms);
        let taken = read(&certificate, &key, NOW_MS).unwrap();
        assert_eq!(taken.ends_ms().unwrap(), NOW_MS + 90 * DAY_MS);
        assert!(taken.tls().is_ok());
        // Both in one file.
        let both = format!("{key}{certificate}");
        assert_eq!(read(&both, &both, NOW_MS).unwrap().hash(), taken.hash());

        let (_, other) = given(90);
        let not_its = "the key is not the certificate's, or of a sort that cannot serve";
        assert_eq!(why(read(&certificate, &other, NOW_MS)), not_its);
        let ended = "the certificate has ended, or does not count yet";
        assert_eq!(why(read(&certificate, &key, NOW_MS + 91 * DAY_MS)), ended);
        assert_eq!(why(read(&certificate, &key, NOW_MS - DAY_MS)), ended);
        let none = "there is no certificate in PEM in the first file";
        assert_eq!(why(read("", &key, NOW_MS)), none);
        assert_eq!(why(read(&key, &key, NOW_MS)), none);
        assert_eq!(
            why(read(&certificate, &certificate, NOW_MS)),
            "there is no private key in PEM in the second file"
        );
        assert_eq!(
            why(read(&certificate.repeat(9), &key, NOW_MS)),
            "there are more certificates than vouch for one another"
        );
        assert_eq!(
            why(read(&" ".repeat(MOST_BYTES + 1), &key, NOW_MS)),
            "a file is larger than any certificate or key"
        );
        let torn = certificate.replacen("MII", "AAA", 1);
        assert!(!why(read(&torn, &key, NOW_MS)).is_empty());
    }

    #[test]
    fn those_who_vouch_are_kept_and_served_with_it() {
        let mut about = CertificateParams::new(Vec::new()).unwrap();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(about, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let about = CertificateParams::new(vec!["district.example".to_owned()]).unwrap();
        let signed = about.signed_by(&key, &authority).unwrap();
        let pem = format!("{}{}", signed.pem(), authority.pem());
        let read = Certificate::read(pem.as_bytes(), key.serialize_pem().as_bytes(), NOW_MS).unwrap();
        let master = Key::random();
        let kept = Certificate::open(read.sealed(&master), &master).unwrap();
        assert_eq!(kept.der, signed.der().to_vec());
        assert_eq!(kept.vouching().unwrap(), [authority.der().clone()]);
        assert!(kept.tls().is_ok());
        assert!(Certificate::open(read.sealed(&master), &Key::random()).is_err());
    }

    #[test]
    fn people_are_reminded_before_the_end_by_a_third_of_its_life_and_by_90_days_at_most() {
        let check = |lasts: u64, after: i64, wanted: Option<i64>| {
            let (certificate, key) = given(lasts);
            let read = Certificate::read(certificate.as_bytes(), key.as_bytes(), NOW_MS).unwrap();
            let found = read.ends_soon(NOW_MS + after * DAY_MS).unwrap();
            assert_eq!(found, wanted, "{after} days of {lasts}");
        };
        check(90, 59, None);
        check(90, 60, Some(30));
        check(90, 91, Some(-1));
        check(3_000, 2_909, None);
        check(3_000, 2_910, Some(90));
        let own = Certificate::own(NOW_MS).unwrap();
        assert_eq!(own.ends_soon(NOW_MS + LASTS_MS - 91 * DAY_MS).unwrap(), None);
        assert_eq!(own.ends_soon(NOW_MS + LASTS_MS - 90 * DAY_MS).unwrap(), Some(90));
        // A clock that is far off makes one all the same.
        for now_ms in [i64::MIN, 0, i64::MAX] {
            assert!(Certificate::own(now_ms).unwrap().tls().is_ok());
        }
    }
}
