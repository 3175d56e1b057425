//! A sealed copy of what this desk could not send, for another desk of the facility to take in: for a desk that
//! cannot go on, or that nobody can connect. It opens with a code that stands on the screen once, and nowhere else.

use std::io::Read;
use std::path::Path;

use domain::RecordId;
use domain::audit::{Event, is_written_by_desks};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sync_core::{DeviceId, Encoded};
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::keys::seal::{Sealed, derive, open, random_code, seal};
use crate::keys::secret::write_private;

const FORM: u16 = 1;
const PURPOSE: &str = "wardroom unsent copy 1";
/// More than a desk writes in years without the network.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// The file.
#[derive(Serialize, Deserialize)]
struct SealedCopy {
    form: u16,
    facility: RecordId,
    device: DeviceId,
    sealed: Sealed,
}

/// A sealed copy that was written.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct UnsentCopy {
    /// The name of the file, in the folder of this desk.
    pub name: String,
    /// What opens it; it is kept nowhere.
    pub code: String,
    pub changes: u64,
}

impl Desk {
    /// Writes a sealed copy of everything that the district did not get. It stays here too.
    ///
    /// # Errors
    /// [`Failure`] `nothing_unsent` when there is nothing.
    pub fn copy_unsent(&self) -> Result<UnsentCopy, Failure> {
        let (opened, session) = self.at_work()?;
        let file = self.file()?;
        let mut unsent = opened.store.unsent_changes()?;
        // Nobody could write anew elsewhere what this desk noted by itself.
        unsent.retain(|encoded| !is_written_by_desks(&encoded.change().kind));
        if unsent.is_empty() {
            return Err(Failure::new("nothing_unsent"));
        }
        let raw = |encoded: &Encoded| String::from_utf8(encoded.bytes().to_vec()).ok();
        let texts: Option<Vec<String>> = unsent.iter().map(raw).collect();
        let texts = texts.ok_or_else(|| Failure::new("database_damaged"))?;
        let event = Event {
            ended: Some("done"),
            ..self.event("unsent_copied", &session)
        };
        self.note_first(&opened, &session, &event)?;
        let code = random_code();
        let key = derive(&[code.as_bytes()], PURPOSE);
        let sealed = seal(
            &key,
            &about(file.facility, file.device),
            format!("[{}]", texts.join(",")).as_bytes(),
        );
        let copy = SealedCopy {
            form: FORM,
            facility: file.facility,
            device: file.device,
            sealed,
        };
        let name = format!("unsent-{}.wardroom", crate::net::link::wall_ms());
        let bytes = serde_json::to_vec(&copy).map_err(|_| Failure::new("database_failed"))?;
        write_private(&self.folder().join(&name), &bytes).map_err(store::StoreError::from)?;
        let groups: Vec<&str> = (0..code.len())
            .step_by(4)
            .filter_map(|at| code.get(at..at + 4))
            .collect();
        Ok(UnsentCopy {
            name,
            code: groups.join("-"),
            changes: unsent.len() as u64,
        })
    }

    /// Takes in a sealed copy of another desk of this facility. What the district has already is passed over; the
    /// rest waits on the sync page for a person to decide. Answers how many changes were new here.
    ///
    /// # Errors
    /// [`Failure`]; nothing is taken in then.
    pub fn take_in_unsent(&self, path: &Path, code: &str) -> Result<u64, Failure> {
        let (opened, session) = self.may_write()?;
        let file = self.file()?;
        let path = if path.is_absolute() {
            path.to_owned()
        } else {
            self.folder().join(path)
        };
        let bytes = read_within(&path, MOST_BYTES)?;
        let copy: SealedCopy = serde_json::from_slice(&bytes).map_err(|_| Failure::new("copy_unreadable"))?;
        if copy.form > FORM {
            return Err(Failure::new("copy_unreadable"));
        }
        if copy.facility != file.facility {
            return Err(Failure::new("copy_of_other_facility"));
        }
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let key = derive(&[code.to_uppercase().as_bytes()], PURPOSE);
        let plain = open(&key, &about(copy.facility, copy.device), &copy.sealed);
        let plain = plain.map_err(|_| Failure::new("copy_wrong_code"))?;
        let raw: Vec<Box<RawValue>> = serde_json::from_slice(&plain).map_err(|_| Failure::new("copy_unreadable"))?;
        let changes = raw.into_iter().map(|raw| Encoded::read(raw.get().as_bytes().to_vec()));
        let changes: Vec<Encoded> = changes
            .collect::<Result<_, _>>()
            .map_err(|_| Failure::new("copy_unreadable"))?;
        let spaces = Desk::spaces(&file);
        if changes.iter().any(|encoded| !spaces.contains(&encoded.change().space)) {
            return Err(Failure::new("copy_of_other_facility"));
        }
        let new = opened.store.import(changes)?;
        self.note(&opened, &session, &self.event("unsent_taken_in", &session));
        self.tell(Notice::Status);
        self.inner.wake.notify_one();
        Ok(new)
    }
}

/// The bytes of a file that is no larger than told.
fn read_within(path: &Path, most: u64) -> Result<Vec<u8>, Failure> {
    let not_found = |_| Failure::new("copy_not_found");
    let mut bytes = Vec::new();
    // A pipe would be waited for, and a device has no end.
    if !std::fs::metadata(path).map_err(not_found)?.is_file() {
        return Err(Failure::new("copy_not_found"));
    }
    let file = std::fs::File::open(path).map_err(not_found)?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(not_found)?;
    if bytes.len() as u64 > most {
        return Err(Failure::new("copy_unreadable"));
    }
    Ok(bytes)
}

fn about(facility: RecordId, device: DeviceId) -> String {
    format!("{PURPOSE}|{facility}|{device}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_not_read_to_its_end() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "copy").unwrap();
        assert_eq!(read_within(file.path(), 4).unwrap(), b"copy");
        assert_eq!(read_within(file.path(), 3).unwrap_err().code, "copy_unreadable");
        #[cfg(unix)]
        assert_eq!(
            read_within(Path::new("/dev/zero"), 3).unwrap_err().code,
            "copy_not_found"
        );
        let missing = file.path().with_extension("missing");
        assert_eq!(read_within(&missing, 4).unwrap_err().code, "copy_not_found");
    }
}
