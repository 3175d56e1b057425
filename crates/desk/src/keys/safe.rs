//! Key safes: what is put in is sealed to a public half (HPKE, RFC 9180), so whoever puts a new key in need not be
//! able to open. The private half is sealed for who may, or follows from a code on paper.

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Kem;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable, single_shot_open, single_shot_seal};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::seal::{Key, SealBroken, Sealed, from_hex, open_key, random_key, seal, to_hex};

/// To what is sealed; it opens nothing and may be known.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicHalf(String);

/// What was sealed to a public half: the encapsulated key and the ciphertext, as hex.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedTo(String);

/// Bytes of an encapsulated key of X25519.
const ENCAPSULATED_BYTES: usize = 32;

/// The public half of `private`.
pub fn public_half(private: &Key) -> PublicHalf {
    let (_, public) = Kem::derive_keypair(private.as_slice());
    PublicHalf(to_hex(&public.to_bytes()))
}

/// Seals `plain` for `purpose` to a public half.
///
/// # Errors
/// [`SealBroken`] when that is none.
pub fn seal_to(public: &PublicHalf, purpose: &str, plain: &[u8]) -> Result<SealedTo, SealBroken> {
    let bytes = from_hex(&public.0).ok_or(SealBroken)?;
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(&bytes).map_err(|_| SealBroken)?;
    let sealed =
        single_shot_seal::<AesGcm256, HkdfSha256, Kem>(&OpModeS::Base, &public, purpose.as_bytes(), plain, &[]);
    let (encapsulated, body) = sealed.map_err(|_| SealBroken)?;
    Ok(SealedTo(to_hex(&encapsulated.to_bytes()) + &to_hex(&body)))
}

/// Opens what was sealed for the same purpose to the public half of `private`.
///
/// # Errors
/// [`SealBroken`].
pub fn open_sealed_to(private: &Key, purpose: &str, sealed: &SealedTo) -> Result<Zeroizing<Vec<u8>>, SealBroken> {
    let bytes = from_hex(&sealed.0).ok_or(SealBroken)?;
    let (encapsulated, body) = bytes.split_at_checked(ENCAPSULATED_BYTES).ok_or(SealBroken)?;
    let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| SealBroken)?;
    let (private, _) = Kem::derive_keypair(private.as_slice());
    let opened = single_shot_open::<AesGcm256, HkdfSha256, Kem>(
        &OpModeR::Base,
        &private,
        &encapsulated,
        purpose.as_bytes(),
        body,
        &[],
    );
    opened.map(Zeroizing::new).map_err(|_| SealBroken)
}

/// A safe that holds a key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Safe {
    /// Sealed under the key of who may open it.
    private: Sealed,
    public: PublicHalf,
    holds: SealedTo,
}

impl Safe {
    /// A new safe that opens with `opener` for whom it is, and holds `key` for `purpose`.
    pub fn new(opener: &Key, whose: &str, purpose: &str, key: &Key) -> Safe {
        let private = random_key();
        let public = public_half(&private);
        let holds = seal_to(&public, purpose, key.as_slice());
        Safe {
            private: seal(opener, whose, private.as_slice()),
            holds: holds.expect("a public half that was just made is one"),
            public,
        }
    }

    /// What it holds.
    ///
    /// # Errors
    /// [`SealBroken`].
    pub fn open(&self, opener: &Key, whose: &str, purpose: &str) -> Result<Key, SealBroken> {
        let private = open_key(opener, whose, &self.private)?;
        let plain = open_sealed_to(&private, purpose, &self.holds)?;
        Key::try_from(plain.as_slice())
    }

    /// Puts another key in, without opening it.
    ///
    /// # Errors
    /// [`SealBroken`] when it was damaged.
    pub fn put(&mut self, purpose: &str, key: &Key) -> Result<(), SealBroken> {
        self.holds = seal_to(&self.public, purpose, key.as_slice())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_safe_opens_for_whom_and_what_it_was_made_alone_and_takes_a_new_key_unopened() {
        let (opener, first, second) = (random_key(), random_key(), random_key());
        let mut safe = Safe::new(&opener, "anju", "database 1", &first);
        assert_eq!(safe.open(&opener, "anju", "database 1"), Ok(first));
        for (opener, whose, purpose) in [
            (&random_key(), "anju", "database 1"),
            (&opener, "biju", "database 1"),
            (&opener, "anju", "database 2"),
        ] {
            assert_eq!(safe.open(opener, whose, purpose), Err(SealBroken));
        }
        safe.put("database 2", &second).unwrap();
        assert_eq!(safe.open(&opener, "anju", "database 2"), Ok(second));
        assert_eq!(safe.open(&opener, "anju", "database 1"), Err(SealBroken));
    }

    #[test]
    fn what_was_sealed_to_a_public_half_opens_with_its_private_half_alone() {
        let private = random_key();
        let sealed = seal_to(&public_half(&private), "sheet", b"secret").unwrap();
        assert_eq!(
            open_sealed_to(&private, "sheet", &sealed).unwrap().as_slice(),
            b"secret"
        );
        assert!(open_sealed_to(&random_key(), "sheet", &sealed).is_err());
        for cut in [0, 20, 64, sealed.0.len() - 2] {
            let part = SealedTo(sealed.0[..cut].to_owned());
            assert_eq!(open_sealed_to(&private, "sheet", &part), Err(SealBroken));
        }
        assert!(seal_to(&PublicHalf("00".into()), "sheet", b"secret").is_err());
    }
}
