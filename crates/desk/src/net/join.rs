//! Joining a district: the one-time code proves to each side that the other knows it, and binds
//! both to the certificate that was seen, so that nobody in between can take part.

use std::sync::{Arc, Mutex};

use ed25519_dalek::{SigningKey, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use sha2::{Digest as _, Sha256};
use sync_core::Hash;
use sync_core::certificate::Certificate;
use sync_core::entry::{Enrol, Enrolled, Greeting, enrol_message, enrolled_message, fingerprint_words};
use sync_core::exchange::PeerError;

use super::link::{LinkError, client, from_reqwest, read_json, within};
use super::patience::Patience;
use super::pin::Trust;
use crate::keys::file::ServerPin;

/// What a person types or pastes: where the server is, and the one-time code.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// `https://host:port`, or `http://` on the loopback.
    pub address: String,
    pub code: String,
}

/// A text that is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadInvitation {
    #[error("no address")]
    NoAddress,
    #[error("no code")]
    NoCode,
    #[error("plain http is only for this computer")]
    PlainElsewhere,
}

impl Invitation {
    /// Reads `address#code`, or an address and a code given apart.
    ///
    /// # Errors
    /// [`BadInvitation`].
    pub fn read(address: &str, code: &str) -> Result<Invitation, BadInvitation> {
        let (address, code) = match address.trim().split_once('#') {
            Some((address, code)) => (address, code),
            None => (address.trim(), code),
        };
        let bare = address.trim_start_matches("wardroom:").trim_end_matches('/');
        if bare.is_empty() {
            return Err(BadInvitation::NoAddress);
        }
        let address = if bare.contains("://") {
            bare.to_owned()
        } else {
            format!("https://{bare}")
        };
        let code: String = code
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_uppercase();
        if code.len() < 16 {
            return Err(BadInvitation::NoCode);
        }
        let loopback = ["http://127.0.0.1:", "http://localhost:", "http://[::1]:"];
        if address.starts_with("http://") && !loopback.iter().any(|start| address.starts_with(start)) {
            return Err(BadInvitation::PlainElsewhere);
        }
        Ok(Invitation { address, code })
    }

    fn key(&self) -> [u8; 32] {
        Sha256::digest(self.code.as_bytes()).into()
    }
}

/// A desk that was accepted.
pub struct Joined {
    pub server: ServerPin,
    pub enrolled: Enrolled,
    /// The words of the server's certificate, to compare with the admin's screen.
    pub words: [&'static str; 5],
}

/// Joins the server of `invitation` with the device's new key.
///
/// # Errors
/// [`LinkError`]; a server that cannot prove that it knows the code counts as
/// [`PeerError::Certificate`].
pub async fn join(
    invitation: &Invitation,
    device_key: &SigningKey,
    desk: &str,
    patience: Patience,
) -> Result<Joined, LinkError> {
    let base = &invitation.address;
    // The certificate must be known before the proof can be made.
    let (client, shown) = greet(base, patience).await?;
    let certificate = shown.certificate();
    let device_key = Hash(device_key.verifying_key().to_bytes());
    let key = invitation.key();
    let enrol = Enrol {
        invitation: invitation.code.chars().take(8).collect(),
        device_key,
        desk: desk.to_owned(),
        proof: proof(&key, &enrol_message(&certificate, &device_key)),
    };
    let asked = client.post(format!("{base}/v1/enrol")).json(&enrol).send();
    let response = within(patience.for_answer(0), asked).await?;
    let enrolled: Enrolled = read_json(response.map_err(|error| from_reqwest(&error))?, patience).await?;
    let message = enrolled_message(&certificate, enrolled.device, &enrolled.server_key);
    if !is_proof(&enrolled.proof, &key, &message) || shown.certificate() != certificate {
        return Err(PeerError::Certificate.into());
    }
    let mut server = ServerPin::new(base.clone(), certificate, enrolled.server_key);
    if let Some(signed) = shown.signed_by(&server.key) {
        server.trust(signed);
    }
    Ok(Joined {
        server,
        enrolled,
        words: fingerprint_words(&certificate),
    })
}

/// What a server shows of itself to somebody who does not know it.
pub(crate) struct Shown {
    seen: Arc<Mutex<Option<Hash>>>,
    greeting: Greeting,
}

impl Shown {
    /// The certificate that it showed last.
    pub(crate) fn certificate(&self) -> Hash {
        self.seen.lock().ok().and_then(|seen| *seen).unwrap_or_default()
    }

    /// The same with what the owner of this key signed of it, if it did.
    pub(crate) fn signed_by(&self, key: &Hash) -> Option<Certificate> {
        let key = VerifyingKey::from_bytes(&key.0).ok()?;
        let signed = self.greeting.certificate.as_ref()?.read(&key)?;
        Some(signed).filter(|signed| signed.hash == self.certificate())
    }
}

/// Asks the server at the address who it is, whatever certificate it shows. Nothing is told to it.
///
/// # Errors
/// [`LinkError`].
pub(crate) async fn greet(address: &str, patience: Patience) -> Result<(Client, Shown), LinkError> {
    let seen = Arc::new(Mutex::new(None));
    let client = client(Trust::Note(Arc::clone(&seen)), patience)?;
    let asked = client.get(format!("{address}/version")).send();
    let version = within(patience.for_answer(0), asked).await?;
    let version = version.map_err(|error| from_reqwest(&error))?;
    // A page that asks to log in to the network first is not the server.
    let greeting = read_json(version, patience).await?;
    Ok((client, Shown { seen, greeting }))
}

fn mac(key: &[u8; 32], message: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac
}

fn proof(key: &[u8; 32], message: &[u8]) -> Hash {
    Hash(mac(key, message).finalize().into_bytes().into())
}

/// Compared in a time that says nothing of where they differ.
fn is_proof(given: &Hash, key: &[u8; 32], message: &[u8]) -> bool {
    mac(key, message).verify_slice(&given.0).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invitation_is_read_in_every_form_a_person_gives_it() {
        let wanted = Invitation {
            address: "https://ekm.example:7443".into(),
            code: "ABCD1234EFGH5678JKLM".into(),
        };
        for (address, code) in [
            ("ekm.example:7443", "abcd1234-efgh5678-jklm"),
            (" https://ekm.example:7443/ ", "ABCD1234 EFGH5678 JKLM"),
            ("wardroom:ekm.example:7443#ABCD1234-EFGH5678-JKLM", ""),
        ] {
            assert!(Invitation::read(address, code) == Ok(wanted.clone()), "{address}");
        }
    }

    #[test]
    fn a_proof_is_one_for_its_key_and_its_message_alone() {
        let right = proof(&[1; 32], b"message");
        assert!(is_proof(&right, &[1; 32], b"message"));
        for (key, message) in [([2; 32], &b"message"[..]), ([1; 32], b"massage")] {
            assert!(!is_proof(&right, &key, message));
        }
        assert!(!is_proof(&Hash::default(), &[1; 32], b"message"));
    }

    #[test]
    fn what_is_no_invitation_says_why() {
        let reason = |address, code| Invitation::read(address, code).err();
        assert_eq!(reason("", "ABCD1234EFGH5678"), Some(BadInvitation::NoAddress));
        assert_eq!(reason("ekm.example", "ABC"), Some(BadInvitation::NoCode));
        assert_eq!(
            reason("http://ekm.example:80", "ABCD1234EFGH5678"),
            Some(BadInvitation::PlainElsewhere)
        );
        assert_eq!(reason("http://127.0.0.1:80", "ABCD1234EFGH5678"), None);
    }
}
