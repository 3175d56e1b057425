//! Records that come on a stick instead of over the link: the server's own snapshot, sealed, which a desk that has just
//! joined opens with the key the server told it. Whatever came the other way already is not read again.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use domain::audit::Event;
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use store::{SnapshotStatus, Store};
use sync_core::snapshot::{Manifest, Piece, StickIndex, StickKey, about_piece, piece_name};
use sync_core::{Hash, SpaceId};
use ts_rs::TS;

use crate::Failure;
use crate::beginning::{Refused, take};
use crate::desk::{Desk, Notice};
use crate::drives;
use crate::keys::seal::{Key, open_bytes};
use crate::round::Heard;

/// What a change of the log takes on its way, in bytes: what a stick of last week saves is set against the week's log.
const CHANGE_BYTES: u64 = 120;

/// So much longer a sealed piece is.
const SEAL_BYTES: u64 = 12 + 16;

/// The longest list of a stick that is read: of some hundred thousand pieces.
const INDEX_BYTES: u64 = 32 * 1024 * 1024;

/// A stick with records of this facility that is plugged in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct FoundStick {
    pub folder: String,
    /// When the server made what is on it.
    pub made_ms: i64,
    pub records: u64,
}

/// What was loaded from a stick.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct LoadedStick {
    /// The records that came from it.
    pub records: u64,
    /// Its pieces that are damaged or missing; they come over the link.
    pub damaged: u64,
}

impl Desk {
    /// Loads records of this facility that the server wrote into a folder. What is good of a damaged stick is kept.
    ///
    /// # Errors
    /// [`Failure`] `stick_not_found`, `stick_unreadable`, `stick_of_other_facility`, `stick_without_key`,
    /// `stick_damaged` when nothing of it could be read, `stick_not_needed` when all of it is here or older than that.
    pub fn load_stick(&self, folder: &Path) -> Result<LoadedStick, Failure> {
        let (open, session) = self.at_work()?;
        let (server, spaces) = self.server_and_spaces()?;
        let stick = Stick {
            folder,
            store: &open.store,
        };
        let mut heard = Heard::default();
        let loaded = stick.load(&server, &spaces, &mut heard);
        let event = Event {
            ended: Some(if loaded.is_ok() { "done" } else { "failed" }),
            ..self.event("stick_loaded", &session)
        };
        self.note(&open, &session, &event);
        self.tell(Notice::Records(heard.kinds.into_iter().collect()));
        self.tell(Notice::Status);
        self.inner.wake.notify_one();
        loaded
    }

    /// Sticks with records of this facility that are plugged in now, the newest first.
    ///
    /// # Errors
    /// [`Failure`] when nobody is signed in, or the desk has no server.
    pub fn find_sticks(&self) -> Result<Vec<FoundStick>, Failure> {
        self.at_work()?;
        let (server, spaces) = self.server_and_spaces()?;
        Ok(found_in(drives::folders(), &server, &spaces))
    }

    /// The server whose sticks count, and the spaces of them that do.
    fn server_and_spaces(&self) -> Result<(VerifyingKey, Vec<SpaceId>), Failure> {
        let file = self.file()?;
        let server = file
            .server
            .as_ref()
            .ok_or_else(|| Failure::new("stick_of_other_facility"))?;
        let server = VerifyingKey::from_bytes(&server.key.0).map_err(|_| Failure::new("desk_file_damaged"))?;
        Ok((server, Desk::spaces(&file).to_vec()))
    }
}

fn found_in(folders: Vec<PathBuf>, server: &VerifyingKey, spaces: &[SpaceId]) -> Vec<FoundStick> {
    let found = |folder: PathBuf| {
        let own = own_of(&folder, server, spaces).ok()?;
        let made_ms = own.iter().map(|manifest| manifest.made_ms).min()?;
        let pieces = own.iter().flat_map(|manifest| &manifest.pieces);
        Some(FoundStick {
            made_ms,
            records: pieces.map(|piece| u64::from(piece.records)).sum(),
            folder: folder.to_str()?.to_owned(),
        })
    };
    let mut sticks: Vec<FoundStick> = folders.into_iter().filter_map(found).collect();
    sticks.sort_by(|one, other| (other.made_ms, &one.folder).cmp(&(one.made_ms, &other.folder)));
    sticks
}

/// The snapshots in the folder that this server signed of these spaces, one of the facility's own among them.
fn own_of(folder: &Path, server: &VerifyingKey, spaces: &[SpaceId]) -> Result<Vec<Manifest>, Failure> {
    let path = folder.join(StickIndex::NAME);
    // A pipe of that name would be waited for without end.
    if !path.is_file() {
        return Err(Failure::new("stick_not_found"));
    }
    let index = File::open(path).map_err(|_| Failure::new("stick_not_found"))?;
    let unreadable = || Failure::new("stick_unreadable");
    let mut text = Vec::new();
    let bytes = index.take(INDEX_BYTES).read_to_end(&mut text);
    if bytes.map_err(|_| unreadable())? as u64 == INDEX_BYTES {
        return Err(unreadable());
    }
    let index: StickIndex = serde_json::from_slice(&text).map_err(|_| unreadable())?;
    if index.form > StickIndex::FORM {
        return Err(unreadable());
    }
    let signed = index.snapshots.iter().filter_map(|signed| signed.read(server));
    let own: Vec<Manifest> = signed.filter(|manifest| spaces.contains(&manifest.space)).collect();
    // The district's part is the same for every facility.
    let is_ours = |manifest: &Manifest| matches!(manifest.space, SpaceId::Facility(_));
    if own.iter().any(is_ours) {
        Ok(own)
    } else {
        Err(Failure::new("stick_of_other_facility"))
    }
}

/// Keeps what opens pieces of a space on a stick.
pub(crate) fn keep_key(space: SpaceId, key: &StickKey, store: &Store) -> Result<(), Failure> {
    let json = serde_json::to_value(key).map_err(|_| Failure::new("database_failed"))?;
    Ok(store.put_setting(&setting(space), &json)?)
}

fn setting(space: SpaceId) -> String {
    format!("stick/{space}")
}

/// A folder with records, and the file they are loaded into.
struct Stick<'a> {
    folder: &'a Path,
    store: &'a Store,
}

impl Stick<'_> {
    fn load(&self, server: &VerifyingKey, spaces: &[SpaceId], heard: &mut Heard) -> Result<LoadedStick, Failure> {
        let own = own_of(self.folder, server, spaces)?;
        let (mut loaded, mut wanted) = (LoadedStick::default(), 0);
        let keys: Vec<Key> = own
            .iter()
            .map(|manifest| self.key(manifest.space))
            .collect::<Result<_, _>>()?;
        for (manifest, key) in own.into_iter().zip(keys) {
            let (space, on_it) = (manifest.space, manifest.pieces.clone());
            self.begin(manifest)?;
            let Some(status) = self.status(space)? else { continue };
            for piece in status.missing.iter().filter(|piece| on_it.contains(piece)) {
                wanted += 1;
                match self.take(space, piece, &key, heard) {
                    Ok(()) => loaded.records += u64::from(piece.records),
                    Err(Refused::Piece) => loaded.damaged += 1,
                    Err(refused) => return Err(refused.into()),
                }
            }
        }
        match (loaded.records, wanted) {
            (0, 0) => Err(Failure::new("stick_not_needed")),
            (0, _) => Err(Failure::new("stick_damaged")),
            _ => Ok(loaded),
        }
    }

    /// Begins the space with the snapshot on the stick, if nothing is here yet, or if it leaves less to be fetched
    /// than the one that was begun.
    fn begin(&self, manifest: Manifest) -> Result<(), Failure> {
        if let Some(begun) = self.status(manifest.space)? {
            if begun.is_whole || begun.epoch > manifest.epoch {
                return Ok(());
            }
            let newest = begun.lsn.max(manifest.lsn);
            let (as_begun, as_here) = (self.rest(&begun.missing, &[]), self.rest(&manifest.pieces, &begun.here));
            let log = |lsn: u64| (newest - lsn) * CHANGE_BYTES;
            if as_begun + log(begun.lsn) <= as_here + log(manifest.lsn) {
                return Ok(());
            }
        }
        self.store.begin_snapshot(manifest)?;
        Ok(())
    }

    /// How many bytes of these pieces are neither here nor on the stick.
    fn rest(&self, pieces: &[Piece], here: &[Hash]) -> u64 {
        let to_fetch = pieces
            .iter()
            .filter(|piece| !here.contains(&piece.hash) && !self.holds(piece));
        to_fetch.map(|piece| u64::from(piece.bytes)).sum()
    }

    fn holds(&self, piece: &Piece) -> bool {
        let file = std::fs::metadata(self.folder.join(piece_name(piece.hash)));
        file.is_ok_and(|file| file.len() == u64::from(piece.bytes) + SEAL_BYTES)
    }

    fn status(&self, space: SpaceId) -> Result<Option<SnapshotStatus>, Failure> {
        let mut all = self.store.snapshots()?.into_iter();
        Ok(all.find(|status| status.space == space))
    }

    fn key(&self, space: SpaceId) -> Result<Key, Failure> {
        let key = self.store.setting(&setting(space))?;
        let key: Option<StickKey> = key.and_then(|json| serde_json::from_value(json).ok());
        let key = key.ok_or_else(|| Failure::new("stick_without_key"))?;
        Ok(Key::copied(&key.bytes()))
    }

    fn take(&self, space: SpaceId, piece: &Piece, key: &Key, heard: &mut Heard) -> Result<(), Refused> {
        if !self.holds(piece) {
            return Err(Refused::Piece);
        }
        let sealed = std::fs::read(self.folder.join(piece_name(piece.hash))).map_err(|_| Refused::Piece)?;
        let opened = open_bytes(key, &about_piece(space, piece.hash), &sealed).map_err(|_| Refused::Piece)?;
        if Hash::of(&opened) != piece.hash {
            return Err(Refused::Piece);
        }
        take(space, piece.hash, &opened, self.store, heard)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use domain::RecordId;
    use domain::arrival::Tier;
    use ed25519_dalek::SigningKey;
    use store::DatabaseKey;
    use sync_core::snapshot::{Base, Cutter, FORM, SignedManifest};
    use sync_core::{Chain, DeviceId, Digest, RecordState};
    use uuid::Uuid;

    use super::*;
    use crate::keys::seal::{from_hex, seal};

    const SPACE: SpaceId = SpaceId::Facility(Uuid::nil());
    const KEY: [u8; 32] = [5; 32];

    fn server() -> SigningKey {
        SigningKey::from_bytes(&[3; 32])
    }

    /// A folder with a stick of so many pieces of one record, beside a desk that was told the key.
    struct Rig {
        folder: tempfile::TempDir,
        store: Store,
        bases: Vec<Base>,
    }

    impl Rig {
        fn new(count: u128) -> Rig {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("ward.db");
            let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), DeviceId(Uuid::from_u128(1))).unwrap();
            store.follow(SPACE).unwrap();
            keep_key(SPACE, &StickKey::new(KEY), &store).unwrap();
            let base = |number| Base::new(RecordState::new("any", RecordId(Uuid::from_u128(number))), []);
            Rig {
                folder,
                store,
                bases: (1..=count).map(base).collect(),
            }
        }

        /// A snapshot at `lsn` of these records.
        fn snapshot(&self, lsn: u64, bases: &[Base]) -> (Manifest, Vec<Vec<u8>>) {
            let cut = |base: &Base| {
                let mut cutter = Cutter::new(Tier::Present);
                cutter.add(base).unwrap();
                cutter.end().unwrap().unwrap()
            };
            let (pieces, bytes) = bases.iter().map(cut).unzip();
            let digest = bases
                .iter()
                .map(|base| base.state.digest())
                .fold(Digest::default(), Digest::plus);
            let manifest = Manifest {
                form: FORM,
                space: SPACE,
                epoch: 1,
                lsn,
                chain: Chain::default(),
                digest,
                made_ms: 5,
                pieces,
            };
            (manifest, bytes)
        }

        fn write(&self, (manifest, pieces): &(Manifest, Vec<Vec<u8>>), signed_by: &SigningKey) {
            let index = StickIndex {
                form: StickIndex::FORM,
                snapshots: vec![SignedManifest::new(signed_by, manifest)],
            };
            std::fs::write(
                self.folder.path().join(StickIndex::NAME),
                serde_json::to_vec(&index).unwrap(),
            )
            .unwrap();
            for (piece, bytes) in manifest.pieces.iter().zip(pieces) {
                let sealed = seal(&Key::copied(&KEY), &about_piece(SPACE, piece.hash), bytes);
                let hex = serde_json::to_value(&sealed).unwrap();
                std::fs::write(self.piece(piece), from_hex(hex.as_str().unwrap()).unwrap()).unwrap();
            }
        }

        fn piece(&self, piece: &Piece) -> std::path::PathBuf {
            self.folder.path().join(piece_name(piece.hash))
        }

        fn load(&self) -> Result<(u64, u64), String> {
            let stick = Stick {
                folder: self.folder.path(),
                store: &self.store,
            };
            let loaded = stick.load(&server().verifying_key(), &[SPACE], &mut Heard::default());
            loaded
                .map(|loaded| (loaded.records, loaded.damaged))
                .map_err(|failure| failure.code)
        }
    }

    #[test]
    fn everything_on_a_stick_is_loaded_once() {
        let rig = Rig::new(3);
        assert_eq!(rig.load(), Err("stick_not_found".to_owned()));
        let snapshot = rig.snapshot(3, &rig.bases);
        rig.write(&snapshot, &server());
        assert_eq!(rig.load(), Ok((3, 0)));
        assert!(rig.store.snapshots().unwrap()[0].is_whole);
        assert_eq!(rig.load(), Err("stick_not_needed".to_owned()));
    }

    #[test]
    fn a_stick_of_another_server_or_that_nobody_wrote_is_told_apart() {
        let rig = Rig::new(1);
        let snapshot = rig.snapshot(1, &rig.bases);
        rig.write(&snapshot, &SigningKey::from_bytes(&[4; 32]));
        assert_eq!(rig.load(), Err("stick_of_other_facility".to_owned()));
        std::fs::write(rig.folder.path().join(StickIndex::NAME), b"{}").unwrap();
        assert_eq!(rig.load(), Err("stick_unreadable".to_owned()));
        assert!(rig.store.snapshots().unwrap().is_empty());
    }

    #[test]
    fn sticks_of_this_facility_are_found_the_newest_first_and_others_passed_over() {
        let (newer, older, foreign) = (Rig::new(2), Rig::new(1), Rig::new(1));
        let (mut manifest, pieces) = newer.snapshot(9, &newer.bases);
        manifest.made_ms = 7;
        newer.write(&(manifest, pieces), &server());
        older.write(&older.snapshot(1, &older.bases), &server());
        foreign.write(&foreign.snapshot(1, &foreign.bases), &SigningKey::from_bytes(&[4; 32]));
        let empty = tempfile::tempdir().unwrap();
        let folders = [&empty, &older.folder, &foreign.folder, &newer.folder];
        let folders = folders.map(|folder| folder.path().to_owned()).to_vec();
        let found = found_in(folders, &server().verifying_key(), &[SPACE]);
        let found: Vec<_> = found.iter().map(|stick| (stick.made_ms, stick.records)).collect();
        assert_eq!(found, [(7, 2), (5, 1)]);
    }

    #[test]
    fn a_desk_without_the_key_begins_nothing() {
        let rig = Rig::new(1);
        let snapshot = rig.snapshot(1, &rig.bases);
        rig.write(&snapshot, &server());
        rig.store
            .put_setting(&setting(SPACE), &serde_json::Value::Null)
            .unwrap();
        assert_eq!(rig.load(), Err("stick_without_key".to_owned()));
        assert!(rig.store.snapshots().unwrap().is_empty());
        // Another key, as of another district: nothing opens, nothing is taken in.
        keep_key(SPACE, &StickKey::new([6; 32]), &rig.store).unwrap();
        assert_eq!(rig.load(), Err("stick_damaged".to_owned()));
    }

    #[test]
    fn what_is_good_of_a_damaged_stick_is_kept() {
        let rig = Rig::new(4);
        let snapshot = rig.snapshot(4, &rig.bases);
        rig.write(&snapshot, &server());
        let pieces = &snapshot.0.pieces;
        let mut altered = std::fs::read(rig.piece(&pieces[0])).unwrap();
        altered[20] ^= 1;
        std::fs::write(rig.piece(&pieces[0]), &altered).unwrap();
        std::fs::write(rig.piece(&pieces[1]), &altered[..9]).unwrap();
        std::fs::copy(rig.piece(&pieces[3]), rig.piece(&pieces[2])).unwrap();
        assert_eq!(rig.load(), Ok((1, 3)));
        let status = &rig.store.snapshots().unwrap()[0];
        assert_eq!(status.missing, pieces[..3]);
        rig.write(&snapshot, &server());
        assert_eq!(rig.load(), Ok((3, 0)));
    }

    #[test]
    fn an_older_stick_is_taken_where_it_saves_more_than_the_log_since_then_takes() {
        let load = |age: u64, count| {
            let rig = Rig::new(count);
            let newer = rig.snapshot(1_000, &rig.bases);
            rig.store.begin_snapshot(newer.0).unwrap();
            rig.write(&rig.snapshot(1_000 - age, &rig.bases[1..]), &server());
            let loaded = rig.load().unwrap();
            (loaded, rig.store.snapshots().unwrap()[0].lsn)
        };
        // One piece is missing of the newer one: it is nearer than a thousand changes.
        assert_eq!(load(900, 3), ((2, 0), 1_000));
        assert_eq!(load(0, 3), ((2, 0), 1_000));
        let rig = Rig::new(40);
        rig.store
            .begin_snapshot(rig.snapshot(1_000, &rig.bases[..20]).0)
            .unwrap();
        rig.write(&rig.snapshot(999, &rig.bases[20..]), &server());
        assert_eq!(rig.load(), Ok((20, 0)));
        assert_eq!(rig.store.snapshots().unwrap()[0].lsn, 999);
    }
}
