//! By which certificate a server is known, as it says itself: signed with the key that a desk knows since it joined, and
//! that no certificate changes.

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::digest::Hash;
use crate::exchange::{SignatureText, read_signed, sign_json};

/// A certificate of a server's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Certificate {
    /// The SHA-256 of its DER.
    pub hash: Hash,
    /// When the server began to keep it, in milliseconds since 1970; none counts after one that is later.
    pub made_ms: i64,
}

/// A certificate with the server's signature over its exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedCertificate {
    pub text: String,
    pub signature: SignatureText,
}

const PURPOSE: &str = "wardroom certificate 1";

impl SignedCertificate {
    /// Signs it with the server's key.
    pub fn new(key: &SigningKey, certificate: &Certificate) -> SignedCertificate {
        let (text, signature) = sign_json(key, PURPOSE, certificate);
        SignedCertificate { text, signature }
    }

    /// The certificate, if the server that owns `key` signed it.
    pub fn read(&self, key: &VerifyingKey) -> Option<Certificate> {
        read_signed(key, PURPOSE, &self.text, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::SignedGrant;

    #[test]
    fn a_certificate_counts_as_its_server_signed_it_and_not_otherwise() {
        let (server, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
        let certificate = Certificate {
            hash: Hash::of(b"certificate"),
            made_ms: 5,
        };
        let signed = SignedCertificate::new(&server, &certificate);
        let key = server.verifying_key();
        assert_eq!(signed.read(&key), Some(certificate));
        assert_eq!(signed.read(&other.verifying_key()), None);
        let altered = SignedCertificate {
            text: signed.text.replace('5', "6"),
            ..signed.clone()
        };
        assert_eq!(altered.read(&key), None);
        // What was signed for another purpose is none, whatever it says.
        let (text, signature) = sign_json(&server, "wardroom order 1", &certificate);
        assert_eq!(SignedCertificate { text, signature }.read(&key), None);
        let SignedCertificate { text, signature } = signed;
        assert!(SignedGrant { text, signature }.read(&key).is_none());
    }
}
