//! Where the desk's own file stands: twice, A and B, each with the number of its writing, a checksum, and a seal under
//! the device secret. The older is written; the newest whole one counts, and a lost one is written anew. Whoever
//! alters one on the disk, or lays another there, has no device secret to seal it with.

use std::fs;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::file::{DeskFile, FORM};
use super::seal::{Key, derive, from_hex, to_hex};
use super::secret::write_private;

const A: &str = "desk.a.json";
const B: &str = "desk.b.json";
/// The two.
pub const NAMES: [&str; 2] = [A, B];
/// Where the first versions have it whole. Afterwards it says to them alone that a newer one wrote here.
pub const BEFORE: &str = "desk.json";

const SEAL: &str = "wardroom desk file 2";

/// The key with which the file is sealed against change.
pub fn sealing_key(device_secret: &Key) -> Key {
    derive(&[device_secret.as_slice()], SEAL)
}

/// The desk's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("the desk's file cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    #[error("the desk's file is damaged at line {0}")]
    Damaged(usize),
    #[error("the desk's file was written by a newer version")]
    Newer,
}

/// One of the two, as it is written.
#[derive(Serialize, Deserialize)]
struct Written {
    form: u16,
    /// Counts the writings: the higher is the newer.
    number: u64,
    sum: String,
    seal: String,
    desk: Box<RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Form {
    form: u16,
}

/// The file as it was found on the disk.
#[derive(Clone, Debug)]
pub struct Found {
    pub file: DeskFile,
    /// Empty where the first versions wrote it, without a seal.
    sealed: Option<Sealed>,
}

#[derive(Clone, Debug)]
struct Sealed {
    text: Vec<u8>,
    seal: Vec<u8>,
}

impl Found {
    /// Whether the first versions wrote it, without a seal.
    pub fn is_unsealed(&self) -> bool {
        self.sealed.is_none()
    }

    /// Whether it was sealed with this key, and is as it was then.
    pub fn is_sealed_with(&self, key: &Key) -> bool {
        let Some(sealed) = &self.sealed else { return false };
        mac(key, &sealed.text).verify_slice(&sealed.seal).is_ok()
    }
}

/// The file in `folder`, if a desk was set up there. Whether its seal holds is not asked yet.
///
/// # Errors
/// [`FileError`].
pub fn read(folder: &Path) -> Result<Option<Found>, FileError> {
    if let Before::Whole(file) = before(folder)? {
        // Its move into the two was not finished: until then it counts.
        return Ok(Some(Found {
            file: *file,
            sealed: None,
        }));
    }
    let mut newest: Option<(u64, Found)> = None;
    let mut damaged = None;
    for name in NAMES {
        match one(folder, name) {
            Ok(Some((number, found))) if newest.as_ref().is_none_or(|(newest, _)| number > *newest) => {
                newest = Some((number, found));
            }
            Ok(_) => {}
            Err(FileError::Damaged(line)) => damaged = Some(FileError::Damaged(line)),
            Err(error) => return Err(error),
        }
    }
    match (newest, damaged) {
        (Some((_, found)), _) => Ok(Some(found)),
        (None, Some(error)) => Err(error),
        (None, None) if folder.join(BEFORE).try_exists()? => Err(FileError::Damaged(0)),
        (None, None) => Ok(None),
    }
}

/// Writes the file durably in the place of the older of the two, sealed with `key`.
///
/// # Errors
/// [`FileError`]; what was written before still counts then, or this does.
pub fn write(folder: &Path, file: &DeskFile, key: &Key) -> Result<(), FileError> {
    let [a, b] = NAMES.map(|name| number(folder, name));
    let name = if b < a { B } else { A };
    let number = a.max(b).map_or(1, |number| number + 1);
    let file = DeskFile {
        form: FORM,
        ..file.clone()
    };
    let desk = serde_json::to_string_pretty(&file)
        .and_then(RawValue::from_string)
        .map_err(|error| FileError::Damaged(error.line()))?;
    let text = text(number, &desk);
    let written = Written {
        form: FORM,
        number,
        sum: to_hex(&Sha256::digest(&text)),
        seal: to_hex(&mac(key, &text).finalize().into_bytes()),
        desk,
    };
    write_json(folder, name, &written)?;
    mark(folder)
}

/// Writes anew which of the two was lost, as the other stands; the newest is not touched.
///
/// # Errors
/// [`FileError`]; the newest counts all the same.
pub fn heal(folder: &Path) -> Result<(), FileError> {
    if !matches!(before(folder), Ok(Before::Nothing | Before::Mark)) {
        return Ok(());
    }
    let [a, b] = NAMES.map(|name| number(folder, name));
    let (whole, lost) = match (a, b) {
        (Some(_), None) => (A, B),
        (None, Some(_)) => (B, A),
        _ => return Ok(()),
    };
    let bytes = fs::read(folder.join(whole))?;
    write_private(&folder.join(lost), &bytes)?;
    mark(folder)
}

/// What stands where the first versions have the file.
enum Before {
    Nothing,
    Mark,
    Whole(Box<DeskFile>),
}

fn before(folder: &Path) -> Result<Before, FileError> {
    let Some(bytes) = bytes_of(folder, BEFORE)? else {
        return Ok(Before::Nothing);
    };
    let damaged = |error: serde_json::Error| FileError::Damaged(error.line());
    match serde_json::from_slice::<Form>(&bytes) {
        Ok(form) if form.form > FORM => Err(FileError::Newer),
        Ok(form) if form.form == FORM => Ok(Before::Mark),
        Ok(_) => Ok(Before::Whole(serde_json::from_slice(&bytes).map_err(damaged)?)),
        // It was moved, and what stood for older versions was damaged.
        Err(_) if NAMES.iter().any(|name| number(folder, name).is_some()) => Ok(Before::Mark),
        Err(error) => Err(damaged(error)),
    }
}

/// Lets the first versions say that a newer one wrote here, rather than set the computer up anew.
fn mark(folder: &Path) -> Result<(), FileError> {
    let stands = bytes_of(folder, BEFORE)?;
    let stands = stands.and_then(|bytes| serde_json::from_slice::<Form>(&bytes).ok());
    if stands.is_some_and(|form| form.form == FORM) {
        return Ok(());
    }
    write_json(folder, BEFORE, &Form { form: FORM })
}

fn write_json(folder: &Path, name: &str, json: &impl Serialize) -> Result<(), FileError> {
    let bytes = serde_json::to_vec(json).map_err(|error| FileError::Damaged(error.line()))?;
    Ok(write_private(&folder.join(name), &bytes)?)
}

/// The number of one of the two, if it is whole.
fn number(folder: &Path, name: &str) -> Option<u64> {
    one(folder, name).ok().flatten().map(|(number, _)| number)
}

fn one(folder: &Path, name: &str) -> Result<Option<(u64, Found)>, FileError> {
    let Some(bytes) = bytes_of(folder, name)? else {
        return Ok(None);
    };
    let damaged = |error: serde_json::Error| FileError::Damaged(error.line());
    let form: Form = serde_json::from_slice(&bytes).map_err(damaged)?;
    if form.form > FORM {
        return Err(FileError::Newer);
    }
    let written: Written = serde_json::from_slice(&bytes).map_err(damaged)?;
    let text = text(written.number, &written.desk);
    let sealed = from_hex(&written.seal).map(|seal| Sealed {
        text: text.clone(),
        seal,
    });
    if written.sum != to_hex(&Sha256::digest(&text)) || sealed.is_none() {
        return Err(FileError::Damaged(0));
    }
    let file = serde_json::from_str(written.desk.get()).map_err(damaged)?;
    Ok(Some((written.number, Found { file, sealed })))
}

fn bytes_of(folder: &Path, name: &str) -> Result<Option<Vec<u8>>, FileError> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What checksum and seal are over.
fn text(number: u64, desk: &RawValue) -> Vec<u8> {
    [SEAL.as_bytes(), &number.to_be_bytes(), desk.get().as_bytes()].concat()
}

fn mac(key: &Key, text: &[u8]) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_slice());
    mac.expect("a key may have any length").chain_update(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::file::Belonging;
    use crate::keys::seal::random_key;
    use crate::keys::secret::SecretHome;
    use tempfile::TempDir;

    fn file(unsent: u64) -> DeskFile {
        let [device, facility, district] = [1, 2, 3].map(uuid::Uuid::from_u128);
        let desk = Belonging {
            device: sync_core::DeviceId(device),
            facility: domain::RecordId(facility),
            district: domain::RecordId(district),
            utc_offset_minutes: 330,
            server: None,
            sample: false,
        };
        let secret = random_key();
        let mut file = DeskFile::new(desk, "desk".into(), SecretHome::File, &secret, &[1; 32]);
        file.unsent = unsent;
        file
    }

    fn unsent(folder: &TempDir) -> u64 {
        read(folder.path()).unwrap().unwrap().file.unsent
    }

    fn written(count: u64, key: &Key) -> TempDir {
        let folder = TempDir::new().unwrap();
        (1..=count).for_each(|unsent| write(folder.path(), &file(unsent), key).unwrap());
        folder
    }

    #[test]
    fn the_older_is_written_and_the_newest_whole_one_is_read() {
        let key = random_key();
        for count in 1..5 {
            let folder = written(count, &key);
            assert_eq!(unsent(&folder), count);
            let newest = NAMES[usize::from(count % 2 == 0)];
            for cut in [0, 1, 100] {
                fs::write(folder.path().join(newest), vec![b'{'; cut]).unwrap();
                match count {
                    1 => assert!(matches!(read(folder.path()), Err(FileError::Damaged(_)))),
                    _ => assert_eq!(unsent(&folder), count - 1, "what was written before"),
                }
            }
        }
    }

    #[test]
    fn one_flipped_bit_anywhere_is_found() {
        let key = random_key();
        let folder = written(1, &key);
        let path = folder.path().join(NAMES[0]);
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, &bytes).unwrap();
            let is_taken = read(folder.path()).is_ok_and(|found| found.is_some_and(|found| found.is_sealed_with(&key)));
            assert!(!is_taken, "byte {at}");
        }
    }

    #[test]
    fn the_seal_holds_for_its_key_its_number_and_its_content_alone() {
        let key = random_key();
        let folder = written(2, &key);
        let found = read(folder.path()).unwrap().unwrap();
        assert!(found.is_sealed_with(&key) && !found.is_sealed_with(&random_key()));
        // The older under the number of a newer, with a checksum that is right.
        let older = fs::read(folder.path().join(NAMES[0])).unwrap();
        let mut older: Written = serde_json::from_slice(&older).unwrap();
        older.number = 9;
        older.sum = to_hex(&Sha256::digest(text(9, &older.desk)));
        write_json(folder.path(), NAMES[0], &older).unwrap();
        let found = read(folder.path()).unwrap().unwrap();
        assert_eq!(found.file.unsent, 1);
        assert!(!found.is_sealed_with(&key));
    }

    #[test]
    fn what_the_first_versions_wrote_counts_until_it_was_moved_whole() {
        let key = random_key();
        let folder = written(1, &key);
        let first = DeskFile { form: 1, ..file(7) };
        fs::write(folder.path().join(BEFORE), serde_json::to_vec(&first).unwrap()).unwrap();
        let found = read(folder.path()).unwrap().unwrap();
        assert!(found.is_unsealed() && !found.is_sealed_with(&key));
        assert_eq!(found.file.unsent, 7, "its move was not finished");
        heal(folder.path()).unwrap();
        assert_eq!(unsent(&folder), 7);
        write(folder.path(), &found.file, &key).unwrap();
        assert!(read(folder.path()).unwrap().unwrap().is_sealed_with(&key));
        assert_eq!(fs::read(folder.path().join(BEFORE)).unwrap(), br#"{"form":2}"#);
    }

    #[test]
    fn where_only_the_mark_is_left_the_file_is_lost_and_no_desk_is_new() {
        let folder = written(2, &random_key());
        NAMES
            .iter()
            .for_each(|name| fs::remove_file(folder.path().join(name)).unwrap());
        assert!(matches!(read(folder.path()), Err(FileError::Damaged(_))));
        fs::remove_file(folder.path().join(BEFORE)).unwrap();
        assert!(read(folder.path()).unwrap().is_none());
    }
}
