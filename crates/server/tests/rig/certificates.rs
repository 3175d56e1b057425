//! Certificates as tests need them: who shows which, one of the operator's, and requests that are under way while another
//! begins to serve.
#![allow(dead_code, reason = "each test file uses its own part of it")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use futures_util::{StreamExt, stream};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::version::TLS13;
use server::certificate::Certificate;
use sync_core::exchange::{Ask, MEDIA_TYPE};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::rig::*;

/// A client that speaks this version of TLS alone, and whether it is answered by a server with this certificate.
pub async fn is_answered(
    http: &Http,
    certificate: &Certificate,
    version: &'static rustls::SupportedProtocolVersion,
) -> bool {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.der.clone().into()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy();
    let asked = client
        .build()
        .unwrap()
        .get(format!("{}/version", http.address))
        .send()
        .await;
    asked.is_ok_and(|answer| answer.status().is_success())
}

/// Waits until new connections show the certificate.
pub async fn serves_with(http: &Http, certificate: &Certificate) {
    let begun = Instant::now();
    while !is_answered(http, certificate, &TLS13).await {
        assert!(begun.elapsed() < Duration::from_secs(20), "the other does not serve");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A certificate of the operator's that lasts up to the day, and its key, each in a file.
pub fn given(folder: &Path, name: &str, until: (i32, u8, u8)) -> (PathBuf, PathBuf) {
    let key = KeyPair::generate().unwrap();
    let mut about = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    about.not_before = date_time_ymd(2020, 1, 1);
    about.not_after = date_time_ymd(until.0, until.1, until.2);
    let (certificate, key_file) = (folder.join(format!("{name}.pem")), folder.join(format!("{name}.key")));
    std::fs::write(&certificate, about.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(&key_file, key.serialize_pem()).unwrap();
    (certificate, key_file)
}

/// A round of a desk of which the server has got one half.
pub struct UnderWay {
    go_on: oneshot::Sender<()>,
    answered: JoinHandle<reqwest::Result<reqwest::Response>>,
}

impl UnderWay {
    /// Sends the first half.
    pub fn begin(http: &Http, desk: &Desk, ask: Ask) -> UnderWay {
        let body = frames(&desk.showing(vec![hello(), ask]));
        let (first, rest) = body.split_at(body.len() / 2);
        let (first, rest) = (Bytes::copy_from_slice(first), Bytes::copy_from_slice(rest));
        let (go_on, going_on) = oneshot::channel();
        let second = stream::once(async move {
            going_on.await.unwrap();
            Ok(rest)
        });
        let pieces = stream::once(async move { Ok::<_, std::io::Error>(first) }).chain(second);
        let request = signed(http, desk, "POST", "/v1/sync", body);
        let answered = tokio::spawn(request.body(reqwest::Body::wrap_stream(pieces)).send());
        UnderWay { go_on, answered }
    }

    /// Sends the rest: it is answered whole, and the next connection shows the other certificate.
    pub async fn ends_well(self) {
        self.go_on.send(()).unwrap();
        let answered = self.answered.await.unwrap().unwrap();
        assert_eq!(answered.status(), 200);
        assert_eq!(answered.headers()["content-type"], MEDIA_TYPE);
        assert_eq!(answered.headers()["connection"], "close");
        assert!(!answered.bytes().await.unwrap().is_empty());
    }
}
