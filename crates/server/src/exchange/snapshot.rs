//! Making a space's snapshot and handing it out. It is made when a desk first asks and again when the log has grown
//! far beyond it; the one before is kept for desks that are still fetching it.

use std::collections::BTreeSet;

use domain::arrival::{Sorting, Tier, Tiers, deciding};
use domain::entities::ENTITIES;
use domain::{RecordId, Time};
use ed25519_dalek::VerifyingKey;
use sync_core::snapshot::{Base, Cutter, FORM, Manifest, Offered, Piece, SignedManifest};
use sync_core::{DeviceId, Hash, SpaceId};

use super::present::open_state;
use crate::db::device::Status;
use crate::db::snapshot::Made;
use crate::db::space::Space;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::seal::Key;
use crate::server::{Server, open_space};

/// So many snapshots of a space are kept.
const KEPT: usize = 2;
/// Pieces of a snapshot that is just being made belong to none yet.
const MAKING_MS: i64 = Time::HOUR_MS;
/// So many records are read at once.
const SLICE: u64 = 500;

impl Server {
    /// The snapshot of a space for `device`: none where the log is short enough to be read whole.
    ///
    /// # Errors
    /// [`ServerError::NoSpace`] when the device may not have the space.
    pub fn snapshot(&self, device: DeviceId, space: SpaceId) -> Result<Offered> {
        if !self.db().read(|conn| may_have(self, device, space, conn))? {
            return Err(ServerError::NoSpace);
        }
        Ok(Offered {
            manifest: self.newest_snapshot(space)?,
            key: Some(self.stick_key(space)),
        })
    }

    /// The newest snapshot of a space, made now if there is none or the log went on far beyond it.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn newest_snapshot(&self, space: SpaceId) -> Result<Option<SignedManifest>> {
        let limits = self.config().limits;
        // Two desks that ask at once wait for one making. What counts is read from the database all the same.
        let _one_at_a_time = self.making();
        let found = self.db().read(|conn| {
            let space = db::space::get(space, conn)?.ok_or(ServerError::NoSpace)?;
            let made = db::snapshot::all(space.number, conn)?.into_iter().next();
            let made = made.filter(|made| made.epoch == space.epoch && made.lsn <= space.head);
            Ok((space.head, made))
        })?;
        match found {
            (head, Some(made)) if head - made.lsn <= limits.snapshot_tail => Ok(Some(made.manifest)),
            (head, _) if head < limits.snapshot_least => Ok(None),
            _ => self.make_snapshot(space).map(Some),
        }
    }

    /// A snapshot of a space for a stick, however short the log is; none of a space without any records.
    pub(crate) fn snapshot_to_carry(&self, space: SpaceId) -> Result<Option<SignedManifest>> {
        if let Some(newest) = self.newest_snapshot(space)? {
            return Ok(Some(newest));
        }
        let _one_at_a_time = self.making();
        let found = self.db().read(|conn| db::space::get(space, conn))?;
        let is_empty = found.ok_or(ServerError::NoSpace)?.head == 0;
        if is_empty {
            return Ok(None);
        }
        self.make_snapshot(space).map(Some)
    }

    fn make_snapshot(&self, id: SpaceId) -> Result<SignedManifest> {
        loop {
            // Whoever was erased while it was made would stand in it.
            if let Some(made) = self.try_snapshot(id)? {
                return Ok(made);
            }
        }
    }

    /// A snapshot, unless somebody was erased meanwhile: then nothing of it is kept.
    fn try_snapshot(&self, id: SpaceId) -> Result<Option<SignedManifest>> {
        let now_ms = self.now_ms();
        let (number, made) = self.db().read(|conn| {
            let (space, key) = open_space(self, id, conn)?.ok_or(ServerError::NoSpace)?;
            let source = Source {
                server: self,
                space,
                key,
                conn,
            };
            let manifest = source.manifest(now_ms)?;
            let made = Made {
                epoch: manifest.epoch,
                lsn: manifest.lsn,
                manifest: SignedManifest::new(&self.own().signing_key, &manifest),
            };
            Ok((source.space.number, made))
        })?;
        let is_kept = self.db().write(|tx| {
            db::space::lock(id, tx)?;
            if db::erased::is_any_after(number, made.lsn, tx)? {
                db::erased::forget_snapshots(number, tx)?;
                return Ok(false);
            }
            db::snapshot::insert(number, &made, now_ms, tx)?;
            tidy(number, now_ms, self, tx)?;
            Ok(true)
        })?;
        Ok(is_kept.then_some(made.manifest))
    }

    /// The bytes of a piece for `device`; nothing when it is not kept any more, or not for the device.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn piece(&self, device: DeviceId, space: SpaceId, hash: Hash) -> Result<Option<Vec<u8>>> {
        self.db().read(|conn| {
            if may_have(self, device, space, conn)? {
                open_piece(self, space, hash, conn)
            } else {
                Ok(None)
            }
        })
    }

    /// The bytes of a piece, if it is kept.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn kept_piece(&self, space: SpaceId, hash: Hash) -> Result<Option<Vec<u8>>> {
        self.db().read(|conn| open_piece(self, space, hash, conn))
    }
}

fn may_have(server: &Server, device: DeviceId, space: SpaceId, conn: &Conn) -> Result<bool> {
    let device = db::device::get(device, conn)?.ok_or(ServerError::NoDevice)?;
    let is_granted = device.status == Status::Active && server.spaces_of(&device).contains(&space);
    Ok(is_granted && db::space::get(space, conn)?.is_some())
}

fn open_piece(server: &Server, id: SpaceId, hash: Hash, conn: &Conn) -> Result<Option<Vec<u8>>> {
    let Some((space, key)) = open_space(server, id, conn)? else {
        return Ok(None);
    };
    let sealed = db::snapshot::piece(space.number, hash, conn)?;
    let opened = sealed.map(|sealed| key.open(&about_piece(id, hash), &sealed));
    Ok(opened.transpose()?.map(|bytes| bytes.to_vec()))
}

fn about_piece(space: SpaceId, hash: Hash) -> String {
    format!("piece|{space}|{hash}")
}

/// Keeps the newest snapshots and takes away what belongs to none of them.
fn tidy(space: i64, now_ms: i64, server: &Server, conn: &Conn) -> Result<()> {
    let key = VerifyingKey::from(&server.own().signing_key);
    let mut needed = BTreeSet::new();
    for (place, made) in db::snapshot::all(space, conn)?.into_iter().enumerate() {
        match made.manifest.read(&key).filter(|_| place < KEPT) {
            Some(manifest) => needed.extend(manifest.pieces.iter().map(|piece| piece.hash)),
            None => db::snapshot::delete(space, made.epoch, made.lsn, conn)?,
        }
    }
    for hash in db::snapshot::pieces_before(space, now_ms - MAKING_MS, conn)? {
        if !needed.contains(&hash) {
            db::snapshot::delete_piece(space, hash, conn)?;
        }
    }
    Ok(())
}

/// A space at one moment, from which a snapshot is made.
struct Source<'a> {
    server: &'a Server,
    space: Space,
    key: Key,
    conn: &'a Conn,
}

impl Source<'_> {
    /// Cuts the pieces, writes each as soon as it is full, and answers what they are.
    fn manifest(&self, now_ms: i64) -> Result<Manifest> {
        let tiers = self.tiers(Time(now_ms))?;
        let kinds = self.kinds()?;
        let mut pieces = Vec::new();
        for tier in Tier::ALL {
            let mut cutter = Cutter::new(tier);
            for kind in &kinds {
                self.each(kind, |id, sealed| {
                    if tiers.of(kind, id) != tier {
                        return Ok(());
                    }
                    let full = cutter.add(&self.base(kind, id, &sealed)?).map_err(uncut)?;
                    self.keep(full, now_ms, &mut pieces)
                })?;
            }
            let rest = cutter.end().map_err(uncut)?;
            self.keep(rest, now_ms, &mut pieces)?;
        }
        Ok(Manifest {
            form: FORM,
            space: self.space.id,
            epoch: self.space.epoch,
            lsn: self.space.head,
            chain: self.space.chain,
            digest: self.space.digest,
            made_ms: now_ms,
            pieces,
        })
    }

    fn tiers(&self, now: Time) -> Result<Tiers> {
        let mut sorting = Sorting::default();
        for entity in deciding() {
            self.each(entity.kind, |id, sealed| {
                let state = open_state(&self.key, self.space.id, entity.kind, id, &sealed)?;
                sorting.hear(&state.record(), now);
                Ok(())
            })?;
        }
        Ok(sorting.done())
    }

    /// The kinds of the space, in the order of the manual; what this build does not know comes last.
    fn kinds(&self) -> Result<Vec<String>> {
        let mut kinds = db::record::kinds(self.space.number, self.conn)?;
        kinds.sort_by_key(|kind| {
            ENTITIES
                .iter()
                .position(|entity| entity.kind == kind)
                .unwrap_or(usize::MAX)
        });
        Ok(kinds)
    }

    fn each(&self, kind: &str, mut job: impl FnMut(RecordId, Vec<u8>) -> Result<()>) -> Result<()> {
        let mut last = None;
        loop {
            let slice = db::record::slice(self.space.number, kind, last, SLICE, self.conn)?;
            let is_last = (slice.len() as u64) < SLICE;
            for (id, sealed) in slice {
                last = Some(id);
                job(id, sealed)?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    fn base(&self, kind: &str, id: RecordId, sealed: &[u8]) -> Result<Base> {
        let state = open_state(&self.key, self.space.id, kind, id, sealed)?;
        let folded = db::change::of_record(self.space.number, kind, id, self.conn)?;
        Ok(Base::new(state, folded))
    }

    fn keep(&self, full: Option<(Piece, Vec<u8>)>, now_ms: i64, pieces: &mut Vec<Piece>) -> Result<()> {
        let Some((piece, bytes)) = full else { return Ok(()) };
        let sealed = self.key.seal(&about_piece(self.space.id, piece.hash), &bytes);
        let put = |tx: &Conn| db::snapshot::put_piece(self.space.number, piece.hash, now_ms, &sealed, tx);
        self.server.db().write(put)?;
        pieces.push(piece);
        Ok(())
    }
}

fn uncut(_: sync_core::snapshot::BadPiece) -> ServerError {
    ServerError::Damaged("a record is larger than a piece of a snapshot")
}
