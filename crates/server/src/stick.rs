//! Snapshots of a facility in a folder or on a stick, for desks that are joined over a link too slow to fetch them.
//! The pieces are sealed under keys that only desks of the facility are told.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use domain::RecordId;
use ed25519_dalek::VerifyingKey;
use sync_core::snapshot::{SignedManifest, StickIndex, StickKey, about_piece, piece_name};
use sync_core::{Hash, SpaceId};
use zeroize::Zeroizing;

use crate::durable;
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::seal::Key;
use crate::server::Server;

const PURPOSE: &str = "key of a space on a stick";

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Written {
    pub pieces: u64,
    pub records: u64,
    /// Of all pieces, before they were sealed.
    pub bytes: u64,
}

impl Server {
    /// What opens the pieces of a space on a stick: for desks that may have the space.
    pub fn stick_key(&self, space: SpaceId) -> StickKey {
        StickKey::new(self.own().key.hash(PURPOSE, space.to_string().as_bytes()).0)
    }

    /// Writes what a new desk of the facility needs into the folder. What is there of an earlier time and is the same
    /// stays; the list comes last.
    ///
    /// # Errors
    /// [`ServerError::NoSpace`] for a facility that is not known; [`ServerError::Io`] when something cannot be written.
    pub fn write_stick(&self, facility: RecordId, folder: &Path) -> Result<Written> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        self.note_now(Happened::new("stick_written").of(facility))?;
        let verifying = VerifyingKey::from(&self.own().signing_key);
        let (mut snapshots, mut names, mut written) = (Vec::new(), BTreeSet::new(), Written::default());
        for space in [self.district(), SpaceId::Facility(facility.0)] {
            let Some(signed) = self.snapshot_to_carry(space)? else {
                continue;
            };
            let manifest = signed.read(&verifying);
            let manifest = manifest.ok_or(ServerError::Damaged("a manifest cannot be read"))?;
            for piece in &manifest.pieces {
                self.write_piece(space, piece.hash, folder)?;
                names.insert(piece_name(piece.hash));
                written.pieces += 1;
                written.records += u64::from(piece.records);
                written.bytes += u64::from(piece.bytes);
            }
            snapshots.push(signed);
        }
        write_index(snapshots, folder)?;
        remove_others(&names, folder).map_err(failed(folder))?;
        Ok(written)
    }

    fn write_piece(&self, space: SpaceId, hash: Hash, folder: &Path) -> Result<()> {
        let path = folder.join(piece_name(hash));
        let key = Key::new(Zeroizing::new(self.stick_key(space).bytes()));
        let about = about_piece(space, hash);
        let is_there = fs::read(&path).is_ok_and(|sealed| key.open(&about, &sealed).is_ok());
        if is_there {
            return Ok(());
        }
        let bytes = self.kept_piece(space, hash)?;
        let bytes = bytes.ok_or(ServerError::Damaged("a piece of a snapshot is missing"))?;
        write(&path, &key.seal(&about, &bytes)).map_err(failed(&path))
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> ServerError {
    let path = path.to_owned();
    move |error| ServerError::Io(path, error)
}

fn write_index(snapshots: Vec<SignedManifest>, folder: &Path) -> Result<()> {
    let index = StickIndex {
        form: StickIndex::FORM,
        snapshots,
    };
    let path = folder.join(StickIndex::NAME);
    let text = serde_json::to_vec(&index).map_err(|_| ServerError::Damaged("a list has no JSON"))?;
    write(&path, &text).map_err(failed(&path))
}

/// A file under its name is whole.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    fs::write(&beside, bytes)?;
    durable::name(&beside, path)
}

/// Takes away pieces that an earlier list named.
fn remove_others(names: &BTreeSet<String>, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_ours = path.extension().is_some_and(|end| end == "piece");
        let is_named = path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| names.contains(name));
        if is_ours && !is_named {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
