//! Proof that two hold the same: hashes, chains over logs, and the digest of a folded state.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{BadId, ChangeId, Lsn};

/// 256 bits of BLAKE3.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(*blake3::hash(bytes).as_bytes())
    }

    /// A hash from stored bytes, if there are 32 of them.
    pub fn from_slice(bytes: &[u8]) -> Option<Hash> {
        bytes.try_into().ok().map(Hash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Hash {
    type Err = BadId;
    fn from_str(text: &str) -> Result<Self, BadId> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(BadId);
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).ok_or(BadId)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| BadId)?;
        }
        Ok(Hash(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A hash chain over a log: the same chain means the same entries in the same order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chain(pub Hash);

impl Chain {
    /// The chain of a device after its next change.
    pub fn with_change(self, change: Hash) -> Chain {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0.0).update(&change.0);
        Chain(Hash(*hasher.finalize().as_bytes()))
    }

    /// The chain of a space after the change numbered `lsn`.
    pub fn with_entry(self, lsn: Lsn, id: ChangeId, change: Hash) -> Chain {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0.0).update(&lsn.to_be_bytes());
        hasher
            .update(id.device.0.as_bytes())
            .update(&id.seq.to_be_bytes())
            .update(&change.0);
        Chain(Hash(*hasher.finalize().as_bytes()))
    }
}

/// The digest of a state: a sum modulo 2^256 over its fields, so that it is kept up to date by
/// taking out the old share of a record and adding the new one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(pub Hash);

impl Digest {
    #[must_use]
    pub fn plus(self, other: Digest) -> Digest {
        let mut sum = [0; 32];
        let mut carry = 0_u16;
        for ((out, a), b) in sum.iter_mut().zip(self.0.0).zip(other.0.0) {
            carry += u16::from(a) + u16::from(b);
            *out = carry.to_le_bytes()[0];
            carry >>= 8;
        }
        Digest(Hash(sum))
    }

    #[must_use]
    pub fn minus(self, other: Digest) -> Digest {
        let mut negated = other.0.0;
        for byte in &mut negated {
            *byte = !*byte;
        }
        let mut one = [0; 32];
        one[0] = 1;
        self.plus(Digest(Hash(negated))).plus(Digest(Hash(one)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_forgets_what_was_taken_out() {
        let a = Digest(Hash::of(b"a"));
        let b = Digest(Hash::of(b"b"));
        assert_eq!(a.plus(b).minus(a), b);
        assert_eq!(a.plus(b), b.plus(a));
        assert_eq!(a.minus(a), Digest::default());
    }

    #[test]
    fn a_hash_is_read_back_from_its_text() {
        let hash = Hash::of(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert!("zz".parse::<Hash>().is_err());
    }
}
