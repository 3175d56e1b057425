//! The form of an archive: its code, and its lines of JSON. It stands in `docs/operators.md` too, for other readers.

use std::collections::BTreeMap;

use domain::RecordId;
use domain::record::Fields;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sync_core::exchange::Carried;
use sync_core::{Chain, Digest, Hash, Lsn, SpaceId};
use zeroize::Zeroizing;

use crate::entry::invite::random_letters;
use crate::seal::Key;
use crate::sealed_file::Form;

pub(super) const FORM: Form = Form {
    word: "archive",
    version: 1,
    refusal: "this is no archive of Wardroom",
};
/// 100 bits, as for every other file that leaves with a code.
const CODE_LENGTH: usize = 20;

/// What opens an archive: letters and digits, kept by the operator alone.
pub struct Code(Zeroizing<String>);

impl Code {
    pub fn random() -> Code {
        Code(Zeroizing::new(random_letters::<CODE_LENGTH>()))
    }

    /// As a person typed it, with or without its hyphens.
    pub fn read(text: &str) -> Code {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        Code(Zeroizing::new(
            letters.map(|letter| letter.to_ascii_uppercase()).collect(),
        ))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn key(&self) -> Key {
        let mut bytes = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, self.0.as_bytes())
            .expand(b"wardroom archive 1", bytes.as_mut_slice())
            .expect("32 bytes are less than HKDF's limit");
        Key::new(bytes)
    }
}

/// A line of an archive: the head comes first, the manifest last.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Archive(Head),
    Facility(Place),
    Record(Kept),
    Aside(Aside),
    Named(Named),
    Manifest(Manifest),
}

/// Whose archive it is, and what was asked for.
#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    pub form: u16,
    /// The version of the program that wrote it.
    pub program: String,
    pub district: RecordId,
    pub made_ms: i64,
    pub longer: u32,
}

/// A facility's log as it stood: what proves that its changes are of that log.
#[derive(Serialize, Deserialize)]
pub(super) struct Place {
    pub facility: RecordId,
    pub space: SpaceId,
    pub epoch: u64,
    pub head: Lsn,
    pub chain: Chain,
    pub digest: Digest,
}

/// A record: as it stood, and every change of it as its author wrote it.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    pub space: SpaceId,
    pub kind: String,
    pub id: RecordId,
    /// Whom it is about, by the registration that stands for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<RecordId>,
    /// When its time was over.
    pub since: String,
    pub fields: Fields,
    pub changes: Vec<Carried>,
}

/// A change that was kept aside and never became part of its record, or only later.
#[derive(Serialize, Deserialize)]
pub(super) struct Aside {
    pub space: SpaceId,
    pub change: Carried,
}

/// A place, person or item that what is archived names; it stays in the district.
#[derive(Serialize, Deserialize)]
pub(super) struct Named {
    pub kind: String,
    pub id: RecordId,
    pub fields: Fields,
}

/// How much an archive holds.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// So many records of each kind.
    pub kinds: BTreeMap<String, u64>,
    pub records: u64,
    pub changes: u64,
    /// Changes that were kept aside.
    pub aside: u64,
    /// SHA-256 of all lines before it.
    pub hash: Hash,
}
