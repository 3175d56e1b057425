//! Reading an archive whole, with nothing but the file and its code.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use domain::erasure::Name;
use domain::{RecordId, Time};
use sha2::{Digest as _, Sha256};
use sync_core::{Encoded, Hash, SpaceId};
use zeroize::Zeroizing;

use super::form::{Code, FORM, Head, Line, Manifest};
use crate::durable::{self, Scratch};
use crate::error::{Result, ServerError};
use crate::sealed_file::Opening;

/// No line is longer than this: a record with some thousand changes.
const LONGEST_LINE: usize = 512 * 1024 * 1024;

/// What an archive that was read whole holds.
pub struct Contents {
    pub district: RecordId,
    pub made: Time,
    /// All periods lasted so many years more than the table says.
    pub longer: u32,
    pub facilities: BTreeSet<RecordId>,
    pub manifest: Manifest,
    /// Each record with one hash over the hashes of its changes.
    records: BTreeMap<(SpaceId, Name), Hash>,
    aside: BTreeSet<Hash>,
}

impl Contents {
    /// Whether it holds the record with these changes and no others.
    pub(crate) fn holds(&self, space: SpaceId, name: &Name, changes: &[Hash]) -> bool {
        self.records.get(&(space, name.clone())) == Some(&hash_of(changes))
    }

    pub(crate) fn holds_aside(&self, body: &Encoded) -> bool {
        self.aside.contains(&body.hash())
    }
}

fn hash_of(changes: &[Hash]) -> Hash {
    let mut hasher = Sha256::new();
    changes.iter().for_each(|hash| hasher.update(hash.0));
    Hash(hasher.finalize().into())
}

/// Reads an archive whole: its seals, its lines, its changes, and its manifest. Hands each line to `each`, as it stands.
///
/// # Errors
/// [`ServerError`] when it is not what was written.
pub fn read(path: &Path, code: &Code, mut each: impl FnMut(&[u8]) -> Result<()>) -> Result<Contents> {
    let key = code.key();
    let mut opening = Opening::begin(path, FORM, &key)?;
    let mut reading = Reading::default();
    let mut rest: Zeroizing<Vec<u8>> = Zeroizing::default();
    while let Some(piece) = opening.next()? {
        rest.extend_from_slice(&piece);
        let mut from = 0;
        while let Some(end) = rest
            .get(from..)
            .and_then(|rest| rest.iter().position(|byte| *byte == b'\n'))
        {
            let line = rest.get(from..=from + end).ok_or(NOT_WHOLE)?;
            reading.take(line)?;
            each(line)?;
            from += end + 1;
        }
        rest.drain(..from);
        if rest.len() > LONGEST_LINE {
            return Err(NOT_WHOLE);
        }
    }
    match (reading.contents, reading.is_ended && rest.is_empty()) {
        (Some(contents), true) => Ok(contents),
        _ => Err(NOT_WHOLE),
    }
}

const NOT_WHOLE: ServerError = ServerError::Damaged("the archive is not what was written");

/// What was read so far.
#[derive(Default)]
struct Reading {
    contents: Option<Contents>,
    counted: Manifest,
    hasher: Sha256,
    is_ended: bool,
}

impl Reading {
    fn take(&mut self, bytes: &[u8]) -> Result<()> {
        let line: Line = serde_json::from_slice(bytes).map_err(|_| NOT_WHOLE)?;
        if self.is_ended || self.contents.is_some() == matches!(line, Line::Archive(_)) {
            return Err(NOT_WHOLE);
        }
        if let Line::Manifest(manifest) = line {
            self.counted.hash = Hash(self.hasher.clone().finalize().into());
            if self.counted != manifest {
                return Err(NOT_WHOLE);
            }
            self.is_ended = true;
            let contents = self.contents.as_mut().ok_or(NOT_WHOLE)?;
            contents.manifest = manifest;
            return Ok(());
        }
        self.hasher.update(bytes);
        let Some(contents) = &mut self.contents else {
            let Line::Archive(head) = line else {
                return Err(NOT_WHOLE);
            };
            if head.form > FORM.version {
                return Err(ServerError::Damaged(
                    "the archive is of a newer version; use a newer program",
                ));
            }
            self.contents = Some(Contents::of(&head));
            return Ok(());
        };
        match line {
            Line::Facility(place) => drop(contents.facilities.insert(place.facility)),
            Line::Record(kept) => {
                let mut hashes = Vec::new();
                for change in &kept.changes {
                    let change = change.read().map_err(|_| NOT_WHOLE)?;
                    let of = change.change();
                    if (of.space, &of.kind, of.record) != (kept.space, &kept.kind, kept.id) {
                        return Err(NOT_WHOLE);
                    }
                    hashes.push(change.hash());
                }
                self.counted.records += 1;
                self.counted.changes += hashes.len() as u64;
                *self.counted.kinds.entry(kept.kind.clone()).or_default() += 1;
                let name = (kept.kind, kept.id);
                contents.records.insert((kept.space, name), hash_of(&hashes));
            }
            Line::Aside(aside) => {
                let change = aside.change.read().map_err(|_| NOT_WHOLE)?;
                self.counted.aside += 1;
                contents.aside.insert(change.hash());
            }
            Line::Archive(_) | Line::Named(_) | Line::Manifest(_) => {}
        }
        Ok(())
    }
}

impl Contents {
    fn of(head: &Head) -> Contents {
        Contents {
            district: head.district,
            made: Time(head.made_ms),
            longer: head.longer,
            facilities: BTreeSet::new(),
            manifest: Manifest::default(),
            records: BTreeMap::new(),
            aside: BTreeSet::new(),
        }
    }
}

/// Writes the lines of an archive into a new file, readable by its owner alone.
///
/// # Errors
/// [`ServerError`]; nothing is left at `to` then.
pub fn open(path: &Path, code: &Code, to: &Path) -> Result<Contents> {
    let to_failed = |error| ServerError::Io(to.to_owned(), error);
    if to.try_exists().map_err(to_failed)? {
        return Err(to_failed(io::ErrorKind::AlreadyExists.into()));
    }
    let beside = Scratch::beside(to, "part");
    let mut plain = BufWriter::new(durable::private(&beside.0).map_err(to_failed)?);
    let contents = read(path, code, |line| plain.write_all(line).map_err(to_failed))?;
    plain.flush().map_err(to_failed)?;
    drop(plain);
    durable::name(&beside.0, to).map_err(to_failed)?;
    Ok(contents)
}
