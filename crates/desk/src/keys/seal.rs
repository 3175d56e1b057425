//! Sealing small secrets: AES-256-GCM under keys derived by HKDF, with the purpose bound in.

use std::fmt;
use std::ops::Deref;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// 32 secret bytes, wiped when dropped. They stay in one place: whoever hands the key on leaves no copy behind.
#[derive(PartialEq, Eq)]
pub struct Key(Box<Zeroizing<[u8; 32]>>);

impl Key {
    /// # Errors
    /// What `fill` says.
    pub fn filled<E>(fill: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Key, E> {
        let mut key = Key(Box::new(Zeroizing::new([0; 32])));
        fill(&mut key.0)?;
        Ok(key)
    }

    /// The same bytes in another place.
    pub fn copied(bytes: &[u8; 32]) -> Key {
        let mut key = Key(Box::new(Zeroizing::new([0; 32])));
        key.0.copy_from_slice(bytes);
        key
    }
}

impl TryFrom<&[u8]> for Key {
    type Error = SealBroken;

    fn try_from(bytes: &[u8]) -> Result<Key, SealBroken> {
        bytes.try_into().map(Key::copied).map_err(|_| SealBroken)
    }
}

impl Clone for Key {
    fn clone(&self) -> Key {
        Key::copied(self)
    }
}

impl Deref for Key {
    type Target = [u8; 32];

    fn deref(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹key›")
    }
}

const NONCE_BYTES: usize = 12;

/// A sealed value as it stands in a file: nonce and ciphertext, as hex.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// The seal does not open: another key, another purpose, or altered bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the seal does not open")]
pub struct SealBroken;

/// 32 fresh random bytes.
pub fn random_key() -> Key {
    Key::filled(|bytes| getrandom::fill(bytes)).expect("the operating system gives random bytes")
}

/// A fresh code that people can read out: 100 random bits, without letters that are mistaken.
pub fn random_code() -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let key = random_key();
    let letters = key
        .iter()
        .take(20)
        .filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
    letters.map(|letter| char::from(*letter)).collect()
}

/// A key for `purpose` from one or more secrets.
pub fn derive(secrets: &[&[u8]], purpose: &str) -> Key {
    let joined: Zeroizing<Vec<u8>> = Zeroizing::new(secrets.concat());
    let expander = Hkdf::<Sha256>::new(None, &joined);
    Key::filled(|bytes| expander.expand(purpose.as_bytes(), bytes)).expect("32 bytes are less than HKDF's limit")
}

/// Seals `plain` for `purpose`.
pub fn seal(key: &Key, purpose: &str, plain: &[u8]) -> Sealed {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
    let payload = Payload {
        msg: plain,
        aad: purpose.as_bytes(),
    };
    let cipher = Aes256Gcm::new_from_slice(key.as_slice()).expect("the key has 32 bytes");
    let body = cipher
        .encrypt(&Nonce::from(nonce), payload)
        .expect("a short text can be sealed");
    Sealed(to_hex(&nonce) + &to_hex(&body))
}

/// Opens what [`seal`] sealed with the same key for the same purpose.
///
/// # Errors
/// [`SealBroken`].
pub fn open(key: &Key, purpose: &str, sealed: &Sealed) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
    open_bytes(key, purpose, &from_hex(&sealed.0).ok_or(SealBroken)?)
}

/// Opens a sealed value as bytes: nonce and ciphertext.
///
/// # Errors
/// [`SealBroken`].
pub fn open_bytes(key: &Key, purpose: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
    let (nonce, body) = sealed.split_at_checked(NONCE_BYTES).ok_or(SealBroken)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| SealBroken)?;
    let payload = Payload {
        msg: body,
        aad: purpose.as_bytes(),
    };
    let cipher = Aes256Gcm::new_from_slice(key.as_slice()).map_err(|_| SealBroken)?;
    cipher
        .decrypt(&Nonce::from(nonce), payload)
        .map(Zeroizing::new)
        .map_err(|_| SealBroken)
}

/// 32 bytes out of an opened seal.
///
/// # Errors
/// [`SealBroken`] when it holds another number of bytes.
pub fn open_key(key: &Key, purpose: &str, sealed: &Sealed) -> Result<Key, SealBroken> {
    let plain = open(key, purpose, sealed)?;
    Key::try_from(plain.as_slice())
}

/// Bytes as hex text.
pub fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hex text stands for.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_with_its_key_and_purpose_alone() {
        let key = random_key();
        let sealed = seal(&key, "slot", b"secret");
        assert_eq!(open(&key, "slot", &sealed).unwrap().as_slice(), b"secret");
        assert_eq!(open(&key, "other", &sealed), Err(SealBroken));
        assert_eq!(open(&random_key(), "slot", &sealed), Err(SealBroken));
        let mut altered = sealed.0.clone().into_bytes();
        altered[40] = if altered[40] == b'0' { b'1' } else { b'0' };
        assert_eq!(
            open(&key, "slot", &Sealed(String::from_utf8(altered).unwrap())),
            Err(SealBroken)
        );
    }
}
