//! An archive of what is past its time: whole records with all their changes, sealed under a code of its own, so that it
//! opens in ten years with this program, or any other, and without the district's folder. Its form stands in
//! `docs/operators.md`; a line of JSON for each thing.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use domain::entities::{district, entity, facility, patient, person};
use domain::erasure::Name;
use domain::retention::{Keep, period_of};
use domain::{RecordId, Time, Value};
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sync_core::exchange::Carried;
use sync_core::{Chain, Digest, Encoded, Hash, Lsn, SpaceId};
use zeroize::Zeroizing;

use crate::backup::Scratch;
use crate::db::{self, Conn};
use crate::durable;
use crate::entry::invite::random_letters;
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::exchange::present::{about_change, open_state};
use crate::purge::{Past, Plan};
use crate::seal::Key;
use crate::sealed_file::{Form, Opening, Sealing};
use crate::server::{Server, open_space};

const FORM: Form = Form {
    word: "archive",
    version: 1,
    refusal: "this is no archive of Wardroom",
};
/// 100 bits, as for every other file that leaves with a code.
const CODE_LENGTH: usize = 20;
/// No line is longer than this: a record with some thousand changes.
const LONGEST_LINE: usize = 512 * 1024 * 1024;

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

    fn key(&self) -> Key {
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
enum Line {
    Archive(Head),
    Facility(Place),
    Record(Kept),
    Aside(Aside),
    Named(Named),
    Manifest(Manifest),
}

/// Whose archive it is, and what was asked for.
#[derive(Serialize, Deserialize)]
struct Head {
    form: u16,
    /// The version of the program that wrote it.
    program: String,
    district: RecordId,
    made_ms: i64,
    longer: u32,
}

/// A facility's log as it stood: what proves that its changes are of that log.
#[derive(Serialize, Deserialize)]
struct Place {
    facility: RecordId,
    space: SpaceId,
    epoch: u64,
    head: Lsn,
    chain: Chain,
    digest: Digest,
}

/// A record: as it stood, and every change of it as its author wrote it.
#[derive(Serialize, Deserialize)]
struct Kept {
    space: SpaceId,
    kind: String,
    id: RecordId,
    /// Whom it is about, by the registration that stands for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    about: Option<RecordId>,
    /// When its time was over.
    since: String,
    fields: BTreeMap<String, Value>,
    changes: Vec<Carried>,
}

/// A change that was kept aside and never became part of its record, or only later.
#[derive(Serialize, Deserialize)]
struct Aside {
    space: SpaceId,
    change: Carried,
}

/// A place, person or item that what is archived names; it stays in the district.
#[derive(Serialize, Deserialize)]
struct Named {
    kind: String,
    id: RecordId,
    fields: BTreeMap<String, Value>,
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

/// Writes an archive of what is past its time and nothing stands against, to a new file, and reads it back. Nothing is
/// written, and nothing answered, when there is nothing.
///
/// # Errors
/// [`ServerError`]; nothing is left at `to` then.
pub fn make(
    server: &Server,
    facility: Option<RecordId>,
    longer: u32,
    code: &Code,
    to: &Path,
) -> Result<Option<Contents>> {
    let failed = |error| ServerError::Io(to.to_owned(), error);
    if to.try_exists().map_err(failed)? {
        return Err(failed(io::ErrorKind::AlreadyExists.into()));
    }
    let key = code.key();
    let part = RefCell::new(None);
    let manifest = server.db().read(|conn| {
        // It may be begun more than once; what was written before is gone then.
        part.replace(None);
        let beside = Scratch::beside(to, "part");
        let file = private(&beside.0).map_err(failed)?;
        let mut writing = Writing {
            sealing: Sealing::begin(file, FORM, &key).map_err(failed)?,
            hasher: Sha256::new(),
            manifest: Manifest::default(),
            named: BTreeSet::new(),
            written: BTreeSet::new(),
            path: to,
        };
        writing.all(server, facility, longer, conn)?;
        let manifest = writing.manifest.clone();
        writing.end()?;
        part.replace(Some(beside));
        Ok(manifest)
    })?;
    let Some(part) = part.into_inner().filter(|_| manifest.records + manifest.aside > 0) else {
        return Ok(None);
    };
    let contents = read(&part.0, code, |_| Ok(()))?;
    server.note_now(Happened {
        times: manifest.records,
        facility,
        ..Happened::new("archived")
    })?;
    durable::name(&part.0, to).map_err(failed)?;
    Ok(Some(contents))
}

/// A new file for its owner alone.
fn private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes the text to a new file for its owner alone.
///
/// # Errors
/// When there is one already, or it cannot be made durable.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if path.try_exists()? {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let beside = Scratch::beside(path, "part");
    private(&beside.0)?.write_all(text.as_bytes())?;
    durable::name(&beside.0, path)
}

/// An archive while it is written.
struct Writing<'w> {
    sealing: Sealing<'w>,
    hasher: Sha256,
    manifest: Manifest,
    /// What the district keeps and is named.
    named: BTreeSet<Name>,
    written: BTreeSet<Name>,
    path: &'w Path,
}

impl Writing<'_> {
    fn line(&mut self, line: &Line) -> Result<()> {
        let mut text =
            Zeroizing::new(serde_json::to_vec(line).map_err(|_| ServerError::Damaged("a line has no JSON"))?);
        text.push(b'\n');
        self.hasher.update(&*text);
        let failed = |error| ServerError::Io(self.path.to_owned(), error);
        self.sealing.write(&text).map_err(failed)
    }

    fn all(&mut self, server: &Server, facility: Option<RecordId>, longer: u32, conn: &Conn) -> Result<()> {
        let SpaceId::District(district) = server.district() else {
            return Err(ServerError::NoSpace);
        };
        self.line(&Line::Archive(Head {
            form: FORM.version,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            district: RecordId(district),
            made_ms: server.now_ms(),
            longer,
        }))?;
        self.named
            .insert((district::DISTRICT.kind.to_owned(), RecordId(district)));
        for (facility, space) in db::space::all(conn)?.into_iter().filter_map(|space| match space.id {
            SpaceId::Facility(id) if facility.is_none_or(|wanted| wanted.0 == id) => Some((RecordId(id), space)),
            _ => None,
        }) {
            let plan = Plan::read(server, space.id, longer, conn)?;
            let going: Vec<&Past> = plan.past.iter().filter(|past| past.due.against.is_empty()).collect();
            if going.is_empty() {
                continue;
            }
            self.named.insert((facility::FACILITY.kind.to_owned(), facility));
            self.line(&Line::Facility(Place {
                facility,
                space: space.id,
                epoch: space.epoch,
                head: space.head,
                chain: space.chain,
                digest: space.digest,
            }))?;
            self.written.clear();
            for past in going {
                self.past(server, space.id, past, conn)?;
            }
            self.names(server, space.id, conn)?;
        }
        self.names(server, server.district(), conn)
    }

    fn past(&mut self, server: &Server, space: SpaceId, past: &Past, conn: &Conn) -> Result<()> {
        let (space, key) = open_space(server, space, conn)?.ok_or(ServerError::NoSpace)?;
        for name in &past.going.names {
            if !self.written.insert(name.clone()) {
                continue;
            }
            let (kind, id) = name;
            let sealed = db::record::get(space.number, kind, *id, conn)?;
            let state = sealed.map(|sealed| open_state(&key, space.id, kind, *id, &sealed));
            let fields = state
                .transpose()?
                .map(|state| state.record().fields)
                .unwrap_or_default();
            self.mention(kind, &fields);
            let mut changes = Vec::new();
            for (lsn, sealed) in db::erased::bodies(space.number, name, conn)? {
                let bytes = key.open(&about_change(space.id, lsn), &sealed)?;
                changes.push(self.carried(&change_of(bytes.to_vec())?)?);
            }
            self.manifest.records += 1;
            self.manifest.changes += changes.len() as u64;
            *self.manifest.kinds.entry(kind.clone()).or_default() += 1;
            self.line(&Line::Record(Kept {
                space: space.id,
                kind: kind.clone(),
                id: *id,
                about: (past.due.kind == patient::PATIENT.kind).then_some(past.due.id),
                since: past.due.since.day(0).to_string(),
                fields,
                changes,
            }))?;
        }
        for body in &past.going.kept_aside {
            self.manifest.aside += 1;
            let change = self.carried(body)?;
            let space = space.id;
            self.line(&Line::Aside(Aside { space, change }))?;
        }
        Ok(())
    }

    /// A change, whose author and what it refers to are told too.
    fn carried(&mut self, encoded: &Encoded) -> Result<Carried> {
        let change = encoded.change();
        self.named.insert((person::PERSON.kind.to_owned(), change.actor));
        self.mention(&change.kind, &change.fields);
        Carried::of(encoded).map_err(|_| ServerError::Damaged("a change cannot be read"))
    }

    fn mention(&mut self, kind: &str, fields: &BTreeMap<String, Value>) {
        let references = entity(kind).into_iter().flat_map(domain::Entity::references);
        for (field, to) in references.collect::<Vec<_>>() {
            let stays = period_of(to).is_some_and(|period| matches!(period.keep, Keep::WithTheDistrict));
            if let (true, Some(Value::Ref(id))) = (stays, fields.get(field)) {
                self.named.insert((to.to_owned(), *id));
            }
        }
    }

    /// Writes what is named and stands in this space.
    fn names(&mut self, server: &Server, space: SpaceId, conn: &Conn) -> Result<()> {
        let Some((space, key)) = open_space(server, space, conn)? else {
            return Ok(());
        };
        for (kind, id) in std::mem::take(&mut self.named) {
            let Some(sealed) = db::record::get(space.number, &kind, id, conn)? else {
                self.named.insert((kind, id));
                continue;
            };
            let fields = open_state(&key, space.id, &kind, id, &sealed)?.record().fields;
            self.line(&Line::Named(Named { kind, id, fields }))?;
        }
        Ok(())
    }

    fn end(mut self) -> Result<()> {
        self.manifest.hash = Hash(self.hasher.clone().finalize().into());
        let manifest = Line::Manifest(self.manifest.clone());
        self.line(&manifest)?;
        self.sealing
            .end()
            .map_err(|error| ServerError::Io(self.path.to_owned(), error))
    }
}

fn change_of(bytes: Vec<u8>) -> Result<Encoded> {
    Encoded::read(bytes).map_err(|_| ServerError::Damaged("a change cannot be read"))
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
    let to_failed = |error| ServerError::Io(PathBuf::from(to), error);
    if to.try_exists().map_err(to_failed)? {
        return Err(to_failed(io::ErrorKind::AlreadyExists.into()));
    }
    let beside = Scratch::beside(to, "part");
    let mut plain = BufWriter::new(private(&beside.0).map_err(to_failed)?);
    let contents = read(path, code, |line| plain.write_all(line).map_err(to_failed))?;
    plain.flush().map_err(to_failed)?;
    drop(plain);
    durable::name(&beside.0, to).map_err(to_failed)?;
    Ok(contents)
}
