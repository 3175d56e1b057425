//! The recovery slot: the device secret, sealed to the public half that follows from a code on paper. With the sheet a
//! desk whose key store was lost gets its secret back, and its people sign in with their passwords as before. The
//! sheet alone, or with the disk, opens no record.

use domain::{RecordId, Time};
use serde::{Deserialize, Serialize};

use super::code::Code;
use super::safe::{PublicHalf, SealedTo, open_sealed_to, public_half, seal_to};
use super::seal::{Key, SealBroken};

const PURPOSE: &str = "wardroom recovery 1";

/// The sheet that counts; those before it open nothing any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recovery {
    /// Counts the sheets of this desk.
    pub sheet: u32,
    pub made: Time,
    pub made_by: RecordId,
    /// When the desk was recovered with it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Time>,
    public: PublicHalf,
    sealed: SealedTo,
}

impl Recovery {
    /// The slot of a new sheet, for the desk that the key store calls `desk`.
    ///
    /// # Errors
    /// [`SealBroken`], which a code's own public half never is.
    pub fn new(
        (code, sheet): (&Code, u32),
        (made, made_by): (Time, RecordId),
        desk: &str,
        device_secret: &Key,
    ) -> Result<Recovery, SealBroken> {
        let public = public_half(&code.key(PURPOSE));
        Ok(Recovery {
            sheet,
            made,
            made_by,
            used: None,
            sealed: seal_to(&public, &purpose(desk, sheet), device_secret.as_slice())?,
            public,
        })
    }

    /// The device secret.
    ///
    /// # Errors
    /// [`SealBroken`]: the code of another desk, or of a sheet before.
    pub fn open(&self, code: &Code, desk: &str) -> Result<Key, SealBroken> {
        let plain = open_sealed_to(&code.key(PURPOSE), &purpose(desk, self.sheet), &self.sealed)?;
        Key::try_from(plain.as_slice())
    }

    /// The same sheet for another device secret, without its code.
    ///
    /// # Errors
    /// [`SealBroken`] when the slot was damaged.
    pub fn sealed_anew(&self, desk: &str, device_secret: &Key) -> Result<Recovery, SealBroken> {
        Ok(Recovery {
            sealed: seal_to(&self.public, &purpose(desk, self.sheet), device_secret.as_slice())?,
            ..self.clone()
        })
    }
}

fn purpose(desk: &str, sheet: u32) -> String {
    format!("{PURPOSE} {desk} {sheet}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::seal::random_key;

    #[test]
    fn a_sheet_opens_its_desk_as_long_as_it_is_the_newest_and_after_the_secret_was_made_anew() {
        let (code, secret) = (Code::random(), random_key());
        let by = (Time(0), RecordId(uuid::Uuid::nil()));
        let mut slot = Recovery::new((&code, 1), by, "desk", &secret).unwrap();
        assert_eq!(slot.open(&code, "desk"), Ok(secret));
        assert_eq!(slot.open(&Code::random(), "desk"), Err(SealBroken));
        assert_eq!(slot.open(&code, "another"), Err(SealBroken));
        let anew = random_key();
        slot = slot.sealed_anew("desk", &anew).unwrap();
        assert_eq!(slot.open(&code, "desk"), Ok(anew.clone()));
        let next = Recovery::new((&Code::random(), 2), by, "desk", &anew).unwrap();
        assert_eq!(next.open(&code, "desk"), Err(SealBroken));
        slot.sheet = 2;
        assert_eq!(
            slot.open(&code, "desk"),
            Err(SealBroken),
            "its number is sealed with it"
        );
    }
}
