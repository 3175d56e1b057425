//! How a desk joins a district and how people sign in: the messages, and what is signed.

use domain::{RecordId, Time};
use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::certificate::SignedCertificate;
use crate::digest::Hash;
use crate::exchange::{SignatureText, is_signed, read_signed, sign, sign_json};
use crate::id::{DeviceId, SpaceId};

/// `POST /v1/enrol`: a desk asks to join with a one-time code. The code itself is never sent:
/// `proof` shows that the desk knows it, and binds it to the certificate the desk saw.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Enrol {
    /// The first 8 characters of the code: which invitation it is.
    pub invitation: String,
    pub device_key: Hash,
    /// The desk's name, as its admin calls it.
    pub desk: String,
    /// HMAC-SHA256, keyed with the SHA-256 of the whole code, over [`enrol_message`].
    pub proof: Hash,
}

/// The server's answer to [`Enrol`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Enrolled {
    pub device: DeviceId,
    pub district: RecordId,
    pub facility: RecordId,
    pub facility_name: String,
    /// The key with which the server signs grants.
    pub server_key: Hash,
    /// Minutes local time is ahead of UTC.
    pub utc_offset_minutes: i32,
    /// HMAC-SHA256 with the same key over [`enrolled_message`]: the server knows the code too.
    pub proof: Hash,
}

/// What the desk's proof covers.
pub fn enrol_message(certificate: &Hash, device_key: &Hash) -> Vec<u8> {
    [b"wardroom enrol 1".as_slice(), &certificate.0, &device_key.0].concat()
}

/// What the server's proof covers.
pub fn enrolled_message(certificate: &Hash, device: DeviceId, server_key: &Hash) -> Vec<u8> {
    [
        b"wardroom enrolled 1".as_slice(),
        &certificate.0,
        device.0.as_bytes(),
        &server_key.0,
    ]
    .concat()
}

/// The server's answer to `GET /version`, as far as a desk reads it.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Greeting {
    /// By which the server is known now. Left out without TLS, and by an older server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<SignedCertificate>,
}

/// `POST /v1/session`: a person signs in on a desk. Signed by the device like every request.
#[derive(Clone, Serialize, Deserialize)]
pub struct SignIn {
    pub username: String,
    pub password: String,
    /// The desk asks the person for whatever else is wanted, such as a password of their own. An older one cannot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_ask: bool,
    /// Of their second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl SignIn {
    /// What a desk of this version asks.
    pub fn new(username: &str, password: &str) -> SignIn {
        SignIn {
            username: username.to_owned(),
            password: password.to_owned(),
            can_ask: true,
            code: None,
        }
    }

    /// With a code of the person's second factor.
    pub fn with_code(self, code: Option<&str>) -> SignIn {
        let code = code.map(str::to_owned);
        SignIn { code, ..self }
    }
}

/// `POST /v1/password`: a person gives themselves another password. Signed by the device like every request; answered
/// by [`SignedIn`].
#[derive(Clone, Serialize, Deserialize)]
pub struct ChangePassword {
    pub username: String,
    pub password: String,
    pub new_password: String,
    /// The desk asks the person for whatever else is wanted. An older one cannot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub can_ask: bool,
    /// Of their second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl ChangePassword {
    /// What a desk of this version asks.
    pub fn new(username: &str, password: &str, new_password: &str) -> ChangePassword {
        ChangePassword {
            username: username.to_owned(),
            password: password.to_owned(),
            new_password: new_password.to_owned(),
            can_ask: true,
            code: None,
        }
    }

    /// With a code of the person's second factor.
    pub fn with_code(self, code: Option<&str>) -> ChangePassword {
        let code = code.map(str::to_owned);
        ChangePassword { code, ..self }
    }
}

/// `POST /v1/people/password`: an admin gives somebody a password. Signed by the device like every request, with the
/// admin's token.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct GivePassword {
    pub person: RecordId,
}

/// The server's answer to [`GivePassword`]: it opens the way to a password of the person's own, and nothing else.
#[derive(Clone, Serialize, Deserialize)]
pub struct GivenPassword {
    pub username: String,
    pub password: String,
    pub not_after: Time,
}

/// `POST /v1/second-factor`, asked with [`SignIn`]: a second factor on offer. It counts from its first right code on.
#[derive(Clone, Serialize, Deserialize)]
pub struct OfferedFactor {
    /// Base32, as authenticator apps take it.
    pub secret: String,
    /// The same as apps read it from a QR code.
    pub uri: String,
    /// Each opens once in the app's place.
    pub recovery_codes: Vec<String>,
}

/// The server's answer to `POST /v1/session/renew`: another token for the one that was sent, which ends.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Token {
    pub token: String,
    pub token_not_after: Time,
}

/// What a person may do on this desk without asking the server, until `not_after`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Grant {
    pub device: DeviceId,
    pub person: RecordId,
    pub username: String,
    pub name: String,
    pub role: String,
    pub spaces: Vec<SpaceId>,
    pub issued: Time,
    pub not_after: Time,
    pub policy: u32,
}

/// A grant with the server's signature over its exact text.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedGrant {
    pub text: String,
    pub signature: SignatureText,
}

/// The server's answer to [`SignIn`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SignedIn {
    pub grant: SignedGrant,
    /// For requests of this person from this device; useless elsewhere.
    pub token: String,
    pub token_not_after: Time,
    /// The device's unlock share: 32 random bytes the server made when the device enrolled, keeps
    /// sealed, and gives only to people who sign in on that device. Together with the device
    /// secret it opens the desk's database for a person who has no key slot there yet.
    pub share: Hash,
}

/// `POST /v1/renew`: a desk whose file was copied or restored goes on under a new identity, and the old one
/// is closed. Signed by the old identity like every request; a person confirms it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Renew {
    pub username: String,
    pub password: String,
    /// The key of the new identity.
    pub device_key: Hash,
    /// By the new key, over the old identity and itself: its owner asks.
    pub signature: SignatureText,
}

/// The server's answer to [`Renew`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Renewed {
    pub device: DeviceId,
    /// As after a sign-in on the new identity. The unlock share is the one of before.
    pub signed_in: SignedIn,
}

const RENEW_PURPOSE: &str = "wardroom renew 1";

fn renew_message(old: DeviceId, device_key: &Hash) -> Vec<u8> {
    [old.0.as_bytes().as_slice(), &device_key.0].concat()
}

impl Renew {
    /// Asks for a new identity in place of `old`.
    pub fn new(old: DeviceId, key: &SigningKey, username: &str, password: &str) -> Renew {
        let device_key = Hash(key.verifying_key().to_bytes());
        Renew {
            username: username.to_owned(),
            password: password.to_owned(),
            device_key,
            signature: sign(key, RENEW_PURPOSE, &renew_message(old, &device_key)),
        }
    }

    /// Whether the owner of the new key asks for it in place of `old`.
    pub fn is_asked_by_its_owner(&self, old: DeviceId) -> bool {
        let key = VerifyingKey::from_bytes(&self.device_key.0).ok();
        let message = renew_message(old, &self.device_key);
        key.is_some_and(|key| !key.is_weak() && is_signed(&key, RENEW_PURPOSE, &message, &self.signature))
    }
}

const GRANT_PURPOSE: &str = "wardroom grant 1";

impl SignedGrant {
    pub fn new(key: &SigningKey, grant: &Grant) -> SignedGrant {
        let (text, signature) = sign_json(key, GRANT_PURPOSE, grant);
        SignedGrant { text, signature }
    }

    /// The grant, if the server that owns `key` signed it.
    pub fn read(&self, key: &VerifyingKey) -> Option<Grant> {
        read_signed(key, GRANT_PURPOSE, &self.text, &self.signature)
    }
}

/// The headers that carry a device's signature of a request.
pub mod header {
    pub const DEVICE: &str = "wardroom-device";
    pub const TIME: &str = "wardroom-time";
    pub const NONCE: &str = "wardroom-nonce";
    pub const SIGNATURE: &str = "wardroom-signature";
    /// What the desk says of itself with an exchange, see [`crate::desk_says`].
    pub const SAYS: &str = "wardroom-says";
    /// On every answer: the server's time in milliseconds.
    pub const SERVER_TIME: &str = "wardroom-server-time";
}

/// The parts of a request that its device signs.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub time_ms: i64,
    pub nonce: &'a str,
    pub body: Hash,
}

const REQUEST_PURPOSE: &str = "wardroom request 1";

impl Signed<'_> {
    fn message(&self) -> Vec<u8> {
        format!(
            "{}\n{}\n{}\n{}\n{}",
            self.method, self.path, self.time_ms, self.nonce, self.body
        )
        .into_bytes()
    }

    pub fn sign(&self, key: &SigningKey) -> SignatureText {
        sign(key, REQUEST_PURPOSE, &self.message())
    }

    pub fn is_signed_by(&self, key: &VerifyingKey, signature: &SignatureText) -> bool {
        is_signed(key, REQUEST_PURPOSE, &self.message(), signature)
    }
}

/// Five words by which people compare a key or a certificate on two screens.
pub fn fingerprint_words(hash: &Hash) -> [&'static str; 5] {
    let word = |index: usize| {
        let byte = hash.0.get(index).copied().unwrap_or(0);
        WORDS.get(usize::from(byte)).copied().unwrap_or("")
    };
    [word(0), word(1), word(2), word(3), word(4)]
}

mod words;
pub use words::WORDS;
