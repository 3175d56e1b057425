//! Beginning with a snapshot: which pieces of it are here. Each comes with its records in one transaction, so that a
//! cut or a restart goes on where it was; with the last the space stands where the snapshot was made.

use std::collections::{BTreeMap, BTreeSet};

use domain::arrival::Tier;
use domain::erasure::erases;
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::snapshot::{Base, Manifest, Piece, read};
use sync_core::{Digest, Hash, Lsn, SpaceId, packed, planted};

use crate::error::{AbsorbError, StoreError};
use crate::log::{self, Name};
use crate::present::Present;
use crate::rebuild::BATCH;
use crate::slices::in_commit;
use crate::store::{Store, space_id};
use crate::writer::Turn;
use crate::{base, desk, erasing, lost, unfinished};

/// How far the snapshot of a space has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SnapshotStatus {
    pub space: SpaceId,
    pub epoch: u64,
    pub lsn: Lsn,
    /// The server's clock when it was made.
    pub made_ms: i64,
    /// Everything of it is here.
    pub is_whole: bool,
    /// In the order in which they come.
    pub parts: Vec<Part>,
    /// The pieces that are still to come, in the order in which they are wanted.
    pub missing: Vec<Piece>,
    /// Those that are here, as long as not all are.
    pub here: Vec<Hash>,
}

/// How far a part of a snapshot has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Part {
    pub tier: Tier,
    pub bytes: u64,
    /// Those of pieces that are not whole yet too.
    pub bytes_here: u64,
    pub records: u64,
    pub records_here: u64,
}

/// What a piece brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Received {
    pub kinds: BTreeSet<String>,
    /// It was the last.
    pub is_whole: bool,
}

const PIECES: &str =
    "SELECT hash, tier, bytes, records, here, number FROM snapshot_piece WHERE space = ?1 ORDER BY place";

impl Store {
    /// The spaces of which nothing is here yet but what this desk wrote itself: a snapshot can begin them.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn empty_spaces(&self) -> Result<Vec<SpaceId>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id FROM space WHERE cursor = 0
                 AND NOT EXISTS (SELECT 1 FROM snapshot WHERE snapshot.space = number)
                 AND NOT EXISTS (SELECT 1 FROM change, desk WHERE space = number AND change.device != desk.device)
                 ORDER BY id",
            )?;
            let ids: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            ids.iter().map(|id| space_id(id)).collect()
        })
    }

    /// How the snapshots with which this desk began, or begins, have come.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn snapshots(&self) -> Result<Vec<SnapshotStatus>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT space.number, space.id, snapshot.epoch, lsn, manifest, whole FROM snapshot
                 JOIN space ON space.number = snapshot.space ORDER BY space.id",
            )?;
            let mut rows = statement.query([])?;
            let mut snapshots = Vec::new();
            while let Some(row) = rows.next()? {
                let manifest: Manifest = manifest(&row.get::<_, String>(4)?)?;
                let is_whole: bool = row.get(5)?;
                let held = if is_whole {
                    BTreeMap::new()
                } else {
                    held(row.get(0)?, conn)?
                };
                let here = |piece: &Piece| is_whole || held.get(&piece.hash).is_some_and(|held| held.is_here);
                let came = |piece: &Piece| held.get(&piece.hash).map_or(0, |held| held.bytes_came);
                snapshots.push(SnapshotStatus {
                    space: space_id(&row.get::<_, String>(1)?)?,
                    epoch: row.get::<_, i64>(2)?.cast_unsigned(),
                    lsn: row.get::<_, i64>(3)?.cast_unsigned(),
                    made_ms: manifest.made_ms,
                    is_whole,
                    parts: Tier::ALL
                        .iter()
                        .map(|tier| part(*tier, &manifest, here, came))
                        .collect(),
                    here: held
                        .iter()
                        .filter(|(_, held)| held.is_here)
                        .map(|(hash, _)| *hash)
                        .collect(),
                    missing: manifest.pieces.iter().filter(|piece| !here(piece)).copied().collect(),
                });
            }
            Ok(snapshots)
        })
    }

    /// Begins the space with a snapshot whose manifest was seen to be authentic. Pieces of an earlier one that are
    /// here and are the same in this one stay. Answers `false`, and does nothing, when the space was begun otherwise.
    ///
    /// # Errors
    /// [`StoreError`]; everything stays as it was then.
    pub fn begin_snapshot(&self, manifest: Manifest) -> Result<bool, StoreError> {
        self.write(Turn::Sync, move |conn| {
            let mut is_begun = false;
            in_commit(conn, |conn, present, commit| {
                is_begun = begin(&manifest, commit, present, conn)?;
                Ok::<_, StoreError>(())
            })?;
            Ok(is_begun)
        })
    }

    /// Takes in a piece with its records, and with the last of them moves the space to where the snapshot was made.
    ///
    /// # Errors
    /// [`AbsorbError::NotAuthentic`] when it is not what the manifest names, or all pieces together are not: nothing
    /// of it is taken in.
    pub fn take_piece(&self, space: SpaceId, hash: Hash, bytes: &[u8]) -> Result<Received, AbsorbError> {
        let missing = self.snapshots()?.into_iter().filter(|status| status.space == space);
        let wanted = missing
            .flat_map(|status| status.missing)
            .find(|piece| piece.hash == hash);
        let Some(wanted) = wanted else {
            return Ok(Received::default());
        };
        let bases = read(&wanted, bytes).map_err(|_| AbsorbError::NotAuthentic)?;
        let mut received = Received::default();
        received.kinds.extend(bases.iter().map(|base| base.state.kind.clone()));
        if bases.iter().any(|base| erases(&base.state.kind)) {
            received.kinds.insert(String::new());
        }
        self.write(Turn::Sync, move |conn| {
            in_commit(conn, |conn, present, commit| {
                received.is_whole = take(space, hash, &bases, commit, present, conn)?;
                Ok::<_, AbsorbError>(())
            })?;
            Ok(received)
        })
    }

    /// Gives up a snapshot that is not whole: what it brought goes, what this desk wrote itself stays.
    ///
    /// # Errors
    /// [`StoreError`]; everything stays as it was then.
    pub fn forget_snapshot(&self, space: SpaceId) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            in_commit(conn, |conn, present, commit| {
                let space = log::space_number(space, conn)?;
                forget(space, commit, present, conn)
            })
            .map(drop)
        })
    }
}

/// Another epoch of the log begins: a snapshot that is whole stays as what this desk holds, without its numbers;
/// one that is not was of a log that is no more.
pub(crate) fn begin_epoch(
    space: i64,
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), StoreError> {
    conn.execute(
        "UPDATE snapshot SET void_since = coalesce(void_since, ?2) WHERE space = ?1 AND whole = 1",
        [space, commit],
    )?;
    forget(space, commit, present, conn)
}

/// The log of a new epoch is here whole, and tells everything that the bases of the space told. What they hold and it
/// does not, the district lost: it is kept aside. Answers whether there were bases of an epoch that is over.
pub(crate) fn end_void(space: i64, conn: &Connection) -> Result<bool, StoreError> {
    if !base::is_void(space, conn)? {
        return Ok(false);
    }
    let commit = desk::next_commit(conn)?;
    let gone = bases("space", space, conn)?;
    for piece in held(space, conn)?.values() {
        base::take_away(piece.number, commit, conn)?;
    }
    conn.execute("DELETE FROM snapshot_piece WHERE space = ?1", [space])?;
    conn.execute("DELETE FROM snapshot WHERE space = ?1", [space])?;
    let mut present = Present::new(conn);
    for batch in gone.chunks(BATCH) {
        for (kind, name, base) in batch {
            lost::keep(base, *name, conn)?;
            present.refold(kind, *name)?;
        }
        present.write(commit)?;
    }
    Ok(true)
}

fn manifest(text: &str) -> Result<Manifest, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged)
}

/// A piece as its table holds it.
struct HeldPiece {
    number: i64,
    is_here: bool,
    /// Of a piece that is not whole yet.
    bytes_came: u64,
}

fn held(space: i64, conn: &Connection) -> Result<BTreeMap<Hash, HeldPiece>, StoreError> {
    let mut statement = conn.prepare_cached(PIECES)?;
    let mut rows = statement.query([space])?;
    let mut held = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (hash, is_here, number) = (Hash(row.get(0)?), row.get(4)?, row.get(5)?);
        let bytes_came = unfinished::length_of(number, conn)?;
        let piece = HeldPiece {
            number,
            is_here,
            bytes_came,
        };
        held.insert(hash, piece);
    }
    Ok(held)
}

fn part(tier: Tier, manifest: &Manifest, here: impl Fn(&Piece) -> bool, came: impl Fn(&Piece) -> u64) -> Part {
    let mut part = Part {
        tier,
        bytes: 0,
        bytes_here: 0,
        records: 0,
        records_here: 0,
    };
    for piece in manifest.pieces.iter().filter(|piece| piece.tier == tier) {
        let (bytes, records) = (u64::from(piece.bytes), u64::from(piece.records));
        part.bytes += bytes;
        part.records += records;
        if here(piece) {
            part.bytes_here += bytes;
            part.records_here += records;
        } else {
            part.bytes_here += came(piece);
        }
    }
    part
}

fn begin(manifest: &Manifest, commit: i64, present: &mut Present<'_>, conn: &Connection) -> Result<bool, StoreError> {
    let space = log::space_number(manifest.space, conn)?;
    let is_begun = "SELECT 1 FROM space WHERE number = ?1 AND cursor > 0
                    UNION ALL SELECT 1 FROM snapshot WHERE space = ?1 AND whole = 1";
    if conn.prepare_cached(is_begun)?.exists([space])? {
        return Ok(false);
    }
    conn.execute(
        "UPDATE space SET epoch = ?2, head = max(head, ?3) WHERE number = ?1",
        params![space, log::number(manifest.epoch), log::number(manifest.lsn)],
    )?;
    let text = serde_json::to_string(manifest).map_err(|_| StoreError::Damaged)?;
    conn.execute(
        "INSERT INTO snapshot (space, epoch, lsn, manifest, digest, whole, covered) VALUES (?1, ?2, ?3, ?4, ?5, 0, 0)
         ON CONFLICT (space) DO UPDATE SET epoch = excluded.epoch, lsn = excluded.lsn, manifest = excluded.manifest",
        params![
            space,
            log::number(manifest.epoch),
            log::number(manifest.lsn),
            text,
            Digest::default().0.0
        ],
    )?;
    let mut before = held(space, conn)?;
    // Places are given anew.
    conn.execute("UPDATE snapshot_piece SET place = -number WHERE space = ?1", [space])?;
    for (place, piece) in (0_i64..).zip(&manifest.pieces) {
        match before.remove(&piece.hash) {
            Some(held) => conn.execute(
                "UPDATE snapshot_piece SET place = ?2 WHERE number = ?1",
                [held.number, place],
            )?,
            None => insert(space, place, piece, conn)?,
        };
    }
    let left: Vec<i64> = before.values().map(|held| held.number).collect();
    drop_pieces(space, &left, commit, present, conn)?;
    Ok(true)
}

fn insert(space: i64, place: i64, piece: &Piece, conn: &Connection) -> Result<usize, StoreError> {
    let tier = serde_json::to_value(piece.tier).map_err(|_| StoreError::Damaged)?;
    let inserted = conn.execute(
        "INSERT INTO snapshot_piece (space, place, hash, tier, bytes, records, here) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
        params![
            space,
            place,
            piece.hash.0,
            tier.as_str().unwrap_or_default(),
            piece.bytes,
            piece.records
        ],
    )?;
    Ok(inserted)
}

/// Answers whether it was the last piece.
fn take(
    space: SpaceId,
    hash: Hash,
    bases: &[Base],
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<bool, AbsorbError> {
    let number = log::space_number(space, conn)?;
    let piece: Option<i64> = conn
        .prepare_cached("SELECT number FROM snapshot_piece WHERE space = ?1 AND hash = ?2 AND here = 0")?
        .query_row(params![number, hash.0], |row| row.get(0))
        .optional()?;
    let Some(piece) = piece else { return Ok(false) };
    let (text, digest) = conn
        .prepare_cached("SELECT manifest, digest FROM snapshot WHERE space = ?1")?
        .query_row([number], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?;
    let mut digest = Digest(Hash(digest));
    for base in bases {
        let name = Name {
            kind: log::kind_number(&base.state.kind, conn)?,
            id: base.state.id,
            space: number,
        };
        if erasing::is_erased(name, conn)? {
            base::insert(&erasing::without_heads(base), name, piece, commit, conn)?;
        } else {
            base::insert(base, name, piece, commit, conn)?;
        }
        present.refold(&base.state.kind, name)?;
        digest = digest.plus(base.state.digest());
    }
    conn.execute("UPDATE snapshot_piece SET here = 1 WHERE number = ?1", [piece])?;
    unfinished::drop_of(piece, conn)?;
    set_digest(number, digest, conn)?;
    let mut rest = conn.prepare_cached("SELECT 1 FROM snapshot_piece WHERE space = ?1 AND here = 0")?;
    if rest.exists([number])? {
        return Ok(false);
    }
    finish(number, &manifest(&text)?, digest, conn)?;
    Ok(true)
}

fn finish(space: i64, manifest: &Manifest, digest: Digest, conn: &Connection) -> Result<(), AbsorbError> {
    let moved = conn.execute(
        "UPDATE space SET cursor = ?2, chain = ?3, head = max(head, ?2) WHERE number = ?1 AND cursor = 0 AND epoch = ?4",
        params![
            space,
            planted!(SnapshotWithoutS, 0, log::number(manifest.lsn)),
            planted!(SnapshotWithoutS, Hash::default().0, manifest.chain.0.0),
            log::number(manifest.epoch)
        ],
    )?;
    if moved != 1 || digest != manifest.digest {
        return Err(AbsorbError::NotAuthentic);
    }
    conn.execute("UPDATE snapshot SET whole = 1 WHERE space = ?1", [space])?;
    Ok(())
}

fn set_digest(space: i64, digest: Digest, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE snapshot SET digest = ?2 WHERE space = ?1")?
        .execute(params![space, digest.0.0])?;
    Ok(())
}

/// Takes a snapshot away that is not whole, if there is one.
fn forget(space: i64, commit: i64, present: &mut Present<'_>, conn: &Connection) -> Result<(), StoreError> {
    let mut partial = conn.prepare_cached("SELECT 1 FROM snapshot WHERE space = ?1 AND whole = 0")?;
    if !partial.exists([space])? {
        return Ok(());
    }
    let pieces: Vec<i64> = held(space, conn)?.values().map(|held| held.number).collect();
    drop_pieces(space, &pieces, commit, present, conn)?;
    conn.execute("DELETE FROM snapshot WHERE space = ?1", [space])?;
    Ok(())
}

/// Takes pieces away with the bases that they brought.
fn drop_pieces(
    space: i64,
    pieces: &[i64],
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), StoreError> {
    let mut digest = conn
        .prepare_cached("SELECT digest FROM snapshot WHERE space = ?1")?
        .query_row([space], |row| row.get(0).map(|bytes| Digest(Hash(bytes))))?;
    for piece in pieces {
        let gone = bases("piece", *piece, conn)?;
        base::take_away(*piece, commit, conn)?;
        unfinished::drop_of(*piece, conn)?;
        conn.execute("DELETE FROM snapshot_piece WHERE number = ?1", [piece])?;
        for (kind, name, base) in gone {
            digest = digest.minus(base.state.digest());
            present.refold(&kind, name)?;
        }
    }
    set_digest(space, digest, conn)
}

/// The bases of a space, or of a piece.
fn bases(of: &'static str, number: i64, conn: &Connection) -> Result<Vec<(String, Name, Base)>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT kind.name, kind.number, record, space, base FROM snapshot_record
         JOIN kind ON kind.number = snapshot_record.kind WHERE {of} = ?1"
    ))?;
    let mut rows = statement.query([number])?;
    let mut bases = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        let name = Name {
            kind: row.get(1)?,
            id: log::record_id(row, 2)?,
            space: row.get(3)?,
        };
        let base = packed::unpack_base(&kind, name.id, &row.get::<_, Vec<u8>>(4)?).ok_or(StoreError::Damaged)?;
        bases.push((kind, name, base));
    }
    Ok(bases)
}
