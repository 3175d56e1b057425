//! Sealing what stands at rest: AES-256-GCM, each value bound to its place, so that none can be
//! moved to another row. A sealed value is its nonce and the ciphertext.

use hmac::{Hmac, Mac};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::{Digest as _, Sha256};
use sync_core::Hash;
use zeroize::Zeroizing;

use crate::error::{Result, ServerError};

/// 32 secret bytes that seal and open.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; 32]>,
    cipher: LessSafeKey,
}

impl Key {
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Key {
        let cipher = UnboundKey::new(&AES_256_GCM, bytes.as_slice()).expect("the key has 32 bytes");
        Key {
            bytes,
            cipher: LessSafeKey::new(cipher),
        }
    }

    pub fn random() -> Key {
        Key::new(random())
    }

    /// Seals `plain` for the place `about`.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = *random::<NONCE_LEN>();
        let mut body = Vec::with_capacity(plain.len() + AES_256_GCM.tag_len());
        body.extend_from_slice(plain);
        self.cipher
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about), &mut body)
            .expect("AES-GCM seals every text shorter than 64 GiB");
        [nonce.as_slice(), &body].concat()
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn open(&self, about: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(ServerError::SealBroken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| ServerError::SealBroken)?;
        let mut plain = Zeroizing::new(body.to_vec());
        let opened = self.cipher.open_in_place(nonce, Aad::from(about), &mut plain);
        let length = opened.map_err(|_| ServerError::SealBroken)?.len();
        plain.truncate(length);
        Ok(plain)
    }

    /// Seals a key for the place `about`.
    pub fn wrap(&self, about: &str, key: &Key) -> Vec<u8> {
        self.seal(about, key.bytes.as_slice())
    }

    /// Opens a key that was sealed for the same place.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn unwrap(&self, about: &str, sealed: &[u8]) -> Result<Key> {
        self.open_32(about, sealed).map(Key::new)
    }

    /// Opens 32 bytes.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn open_32(&self, about: &str, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        let plain = self.open(about, sealed)?;
        let bytes = <[u8; 32]>::try_from(plain.as_slice());
        bytes.map(Zeroizing::new).map_err(|_| ServerError::SealBroken)
    }

    /// Opens a text.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn open_text(&self, about: &str, sealed: &[u8]) -> Result<String> {
        let plain = self.open(about, sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| ServerError::SealBroken)
    }

    /// A hash that only the holder of this key can make.
    pub fn hash(&self, purpose: &str, text: &[u8]) -> Hash {
        hmac(self.bytes.as_slice(), &[purpose.as_bytes(), &[0], text].concat())
    }
}

/// HMAC-SHA256.
pub fn hmac(key: &[u8], message: &[u8]) -> Hash {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    Hash(mac.finalize().into_bytes().into())
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// Fresh random bytes.
pub fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut_slice()).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_in_its_place_alone() {
        let key = Key::random();
        let sealed = key.seal("change|a|1", b"Lakshmi");
        assert_eq!(key.open("change|a|1", &sealed).unwrap().as_slice(), b"Lakshmi");
        assert!(key.open("change|a|2", &sealed).is_err());
        assert!(Key::random().open("change|a|1", &sealed).is_err());
        let mut altered = sealed.clone();
        altered[20] ^= 1;
        assert!(key.open("change|a|1", &altered).is_err());
        assert!(key.open("change|a|1", &sealed[..5]).is_err());
    }
}
