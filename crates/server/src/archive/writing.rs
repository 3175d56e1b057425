//! Writing an archive: whatever is past its time and nothing stands against, with all its changes, and what these name.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use domain::entities::{district, entity, facility, patient, person};
use domain::erasure::Name;
use domain::retention::{Keep, period_of};
use domain::{RecordId, Value};
use sha2::{Digest as _, Sha256};
use sync_core::exchange::Carried;
use sync_core::{Encoded, Hash, SpaceId};
use zeroize::Zeroizing;

use super::form::{Aside, Code, FORM, Head, Kept, Line, Manifest, Named, Place};
use super::reading::{Contents, read};
use crate::db::{self, Conn};
use crate::durable::{self, Scratch};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::exchange::present::{about_change, open_state};
use crate::purge::{Past, Plan};
use crate::sealed_file::Sealing;
use crate::server::{Server, open_space};

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
        let file = durable::private(&beside.0).map_err(failed)?;
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
        for (facility, space) in db::space::facilities(facility, conn)? {
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
