//! The present while a transaction changes it: records are read once, changes applied to them,
//! and at the end each is written once with its projections, conflicts and share of the digest.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use domain::Record;
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::snapshot::Base;
use sync_core::{Change, ChangeId, Changing, Digest, FieldState, Hash, Lsn, RecordState, SpaceId, packed, planted};

use crate::base;
use crate::erasing;
use crate::error::StoreError;
use crate::log::{self, Name};
use crate::project::words::{Renamed, Words};
use crate::project::{Owner, Projection};

/// How many bits of a record's key are left of the number of its kind.
const SERIAL_BITS: u32 = 40;

/// The keys of the kind's records lie between these, both included.
pub fn keys(kind: i64) -> (i64, i64) {
    (kind << SERIAL_BITS, ((kind + 1) << SERIAL_BITS) - 1)
}

/// Records read or changed in this transaction.
pub struct Present<'c> {
    conn: &'c Connection,
    records: BTreeMap<Name, Open>,
    /// The numbers of spaces and kinds that came up.
    numbers: Vec<(SpaceId, i64, String, i64)>,
    /// The next free key of each kind of which there was a new record.
    free_keys: BTreeMap<i64, i64>,
    renamed: Vec<Renamed>,
    has_erased: bool,
}

struct Open {
    /// Nothing for a new record.
    before: Option<Stored>,
    record: Changing,
}

impl<'c> Present<'c> {
    pub fn new(conn: &'c Connection) -> Present<'c> {
        Present {
            conn,
            records: BTreeMap::new(),
            numbers: Vec::new(),
            free_keys: BTreeMap::new(),
            renamed: Vec::new(),
            has_erased: false,
        }
    }

    /// How the tables name the record of the change.
    pub fn name(&mut self, change: &Change) -> Result<Name, StoreError> {
        let known = self.numbers.iter();
        let mut known = known.filter(|(space, _, kind, _)| *space == change.space && *kind == change.kind);
        let (space, kind) = match known.next() {
            Some((_, space, _, kind)) => (*space, *kind),
            None => {
                let name = log::name(change, self.conn)?;
                self.numbers
                    .push((change.space, name.space, change.kind.clone(), name.kind));
                (name.space, name.kind)
            }
        };
        Ok(Name {
            kind,
            id: change.record,
            space,
        })
    }

    /// Applies a change whose row stands in the log already.
    pub fn apply(&mut self, change: &Change, name: Name, lsn: Option<Lsn>) -> Result<(), StoreError> {
        let conn = self.conn;
        if erasing::is_erased(name, conn)? {
            return Ok(());
        }
        let open = self.open(&change.kind, name)?;
        let failed = std::cell::Cell::new(None);
        open.record.change().apply(change, lsn, |id| {
            is_applied(id, &change.kind, name, conn).unwrap_or_else(|error| {
                failed.set(Some(error));
                false
            })
        });
        failed.into_inner().map_or(Ok(()), Err)
    }

    /// Takes note of a number given to a change that is part of the present, in `commit`; the record is not erased.
    pub fn number(
        &mut self,
        id: ChangeId,
        (lsn, commit): (Lsn, i64),
        kind: &str,
        name: Name,
    ) -> Result<(), StoreError> {
        if !self.records.contains_key(&name)
            && let Some(stored) = stored(name, self.conn)?
            && let Some(state) = packed::numbered(&stored.state, &id, lsn)
        {
            // Nothing that is shown differs: nearly always.
            self.conn
                .prepare_cached("UPDATE record SET touched = ?2, state = ?3 WHERE key = ?1")?
                .execute(params![stored.key, commit, state])?;
            return Ok(());
        }
        self.open(kind, name)?.record.change().number(&id, lsn);
        Ok(())
    }

    /// Folds the record anew from its changes.
    pub fn refold(&mut self, kind: &str, name: Name) -> Result<(), StoreError> {
        let state = folded(kind, name, i64::MAX, self.conn)?;
        *self.open(kind, name)?.record.change() = state;
        Ok(())
    }

    fn open(&mut self, kind: &str, name: Name) -> Result<&mut Open, StoreError> {
        match self.records.entry(name) {
            Entry::Occupied(open) => Ok(open.into_mut()),
            Entry::Vacant(place) => {
                let before = stored(name, self.conn)?;
                let state = match &before {
                    None => RecordState::new(kind, name.id),
                    Some(stored) => packed::unpack(kind, name.id, &stored.state).ok_or(StoreError::Damaged)?,
                };
                Ok(place.insert(Open {
                    before,
                    record: Changing::new(state),
                }))
            }
        }
    }

    /// Erases what the records that changed say is erased. Answers whether that was anything.
    fn erase(&mut self) -> Result<bool, StoreError> {
        let mut said = Vec::new();
        for (by, open) in self.records.iter().filter(|(_, open)| open.record.was().is_some()) {
            let named = erasing::said_by(open.record.state()).into_iter();
            said.extend(named.map(|(kind, id)| (*by, kind, id)));
        }
        let mut erased = Vec::new();
        for (by, kind, id) in said {
            let name = Name {
                kind: log::kind_number(&kind, self.conn)?,
                id,
                space: by.space,
            };
            if erasing::note(name, by.id, self.conn)? {
                *self.open(&kind, name)?.record.change() = RecordState::new(&kind, id);
                erased.push((kind, name));
            }
        }
        erasing::let_go(&erased, self.conn)?;
        Ok(!erased.is_empty())
    }

    /// Writes what changed, as part of `commit`, and keeps nothing of it in memory.
    pub fn write(&mut self, commit: i64) -> Result<(), StoreError> {
        self.write_records(commit)?;
        for renamed in std::mem::take(&mut self.renamed) {
            renamed.write(self.conn)?;
        }
        if std::mem::take(&mut self.has_erased) {
            erasing::clear_search(self.conn)?;
        }
        Ok(())
    }

    /// The same without what records are found by, which stays in memory until [`Present::write`]: before the end of the
    /// transaction.
    pub fn write_records(&mut self, commit: i64) -> Result<(), StoreError> {
        self.has_erased |= self.erase()?;
        let mut digests: BTreeMap<i64, Digest> = BTreeMap::new();
        let records = std::mem::take(&mut self.records);
        for (name, open) in records {
            let Some(was) = open.record.was() else { continue };
            let digest = match digests.entry(name.space) {
                Entry::Occupied(digest) => digest.into_mut(),
                Entry::Vacant(place) => place.insert(space_digest(name.space, self.conn)?),
            };
            *digest = open.record.state().digest_instead_of(was, *digest);
            let key = match &open.before {
                Some(stored) => stored.key,
                None => self.free_key(name.kind)?,
            };
            let states = (was, open.record.state());
            self.renamed.extend(write_record(
                (key, open.before.is_none()),
                name,
                states,
                commit,
                self.conn,
            )?);
        }
        for (space, digest) in digests {
            self.conn
                .prepare_cached("UPDATE space SET digest = ?2 WHERE number = ?1")?
                .execute(params![space, digest.0.0])?;
        }
        Ok(())
    }

    /// A key behind those of all records of the kind.
    fn free_key(&mut self, kind: i64) -> Result<i64, StoreError> {
        let key = match self.free_keys.get(&kind) {
            Some(key) => *key,
            None => {
                let (first, last) = keys(kind);
                let highest: Option<i64> = self
                    .conn
                    .prepare_cached("SELECT max(key) FROM record WHERE key BETWEEN ?1 AND ?2")?
                    .query_row([first, last], |row| row.get(0))?;
                highest.map_or(first, |key| key + 1)
            }
        };
        self.free_keys.insert(kind, key + 1);
        Ok(key)
    }
}

/// Whether a change is part of the present of the record.
fn is_applied(id: &ChangeId, kind: &str, name: Name, conn: &Connection) -> Result<bool, StoreError> {
    Ok(log::is_applied(id, name, conn)? || base::holds(id, kind, name, conn)?)
}

/// The state of the record as its base and its changes up to the commit `as_of` give it; that of an erased record is
/// empty, whatever comes.
pub fn folded(kind: &str, name: Name, as_of: i64, conn: &Connection) -> Result<RecordState, StoreError> {
    if erasing::is_erased(name, conn)? {
        return Ok(RecordState::new(kind, name.id));
    }
    let base = base::of_record(kind, name, as_of, conn)?;
    let mut applied = base.as_ref().map(Base::folded).unwrap_or_default();
    let mut state = base.map_or_else(|| RecordState::new(kind, name.id), |base| base.state);
    for (encoded, lsn) in log::of_record(name, as_of, conn)? {
        let change = encoded.change();
        if applied.contains(&change.id) {
            // The base brought it already; the log may bring a number that is newer than the base's.
            lsn.into_iter().for_each(|lsn| state.number(&change.id, lsn));
        } else {
            state.apply(change, lsn, |id| applied.contains(id));
            applied.insert(change.id);
        }
    }
    Ok(state)
}

/// A record as its table holds it.
pub struct Stored {
    pub key: i64,
    /// The commit it last changed with.
    pub touched: i64,
    /// Its packed state.
    pub state: Vec<u8>,
}

/// The record as its table holds it, if it does.
pub fn stored(name: Name, conn: &Connection) -> Result<Option<Stored>, StoreError> {
    let found = conn
        .prepare_cached("SELECT key, touched, state FROM record WHERE id = ?1 AND kind = ?2 AND space = ?3")?
        .query_row(params![name.id.0.as_bytes(), name.kind, name.space], |row| {
            Ok(Stored {
                key: row.get(0)?,
                touched: row.get(1)?,
                state: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// The digest of the space's records as the table holds it.
pub fn space_digest(space: i64, conn: &Connection) -> Result<Digest, StoreError> {
    let digest = conn
        .prepare_cached("SELECT digest FROM space WHERE number = ?1")?
        .query_row([space], |row| row.get(0))?;
    Ok(Digest(Hash(digest)))
}

/// Writes one record. Answers by which words it is to be found from now on, if by others than before.
fn write_record(
    (key, is_new): (i64, bool),
    name: Name,
    (was, state): (&RecordState, &RecordState),
    commit: i64,
    conn: &Connection,
) -> Result<Option<Renamed>, StoreError> {
    let owner = Owner { key, kind: name.kind };
    if state.fields.is_empty() {
        let projected_before = Projection::of(&was.record());
        remove(owner, &projected_before, conn)?;
        return Ok(renamed(owner, None, projected_before.words));
    }
    let record = state.record();
    let bytes = planted!(
        CompactionDropsHead,
        packed::pack(&crate::bugs::compacted(state)),
        packed::pack(state)
    );
    put(owner, name, &record, &bytes, commit, conn)?;
    if !state.conflicts().map(name_of).eq(was.conflicts().map(name_of)) {
        conn.prepare_cached("DELETE FROM conflict WHERE record = ?1")?
            .execute([key])?;
        for (field, _) in state.conflicts() {
            conn.prepare_cached("INSERT INTO conflict (record, field) VALUES (?1, ?2)")?
                .execute(params![key, field])?;
        }
    }
    let [before, now] = match is_new {
        true => [Projection::default(), Projection::of(&record)],
        false => Projection::of_edit(&was.record(), &record),
    };
    now.replace(&before, owner, conn)?;
    Ok(renamed(owner, now.words, before.words))
}

fn name_of<'f>((name, _): (&'f str, &FieldState)) -> &'f str {
    name
}

fn renamed(owner: Owner, words: Option<Words>, before: Option<Words>) -> Option<Renamed> {
    (words != before).then(|| Renamed {
        owner,
        was_found: before.is_some(),
        words,
    })
}

fn put(
    owner: Owner,
    name: Name,
    record: &Record,
    bytes: &[u8],
    commit: i64,
    conn: &Connection,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO record (key, kind, id, space, voided, touched, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (key) DO UPDATE
         SET voided = excluded.voided, touched = excluded.touched, state = excluded.state",
    )?
    .execute(params![
        owner.key,
        owner.kind,
        name.id.0.as_bytes(),
        name.space,
        record.is_voided(),
        commit,
        bytes
    ])?;
    Ok(())
}

/// A record all of whose changes are kept aside is not there.
fn remove(owner: Owner, projected: &Projection, conn: &Connection) -> Result<(), StoreError> {
    Projection::default().replace(projected, owner, conn)?;
    for delete in [
        "DELETE FROM conflict WHERE record = ?1",
        "DELETE FROM record WHERE key = ?1",
    ] {
        conn.prepare_cached(delete)?.execute([owner.key])?;
    }
    Ok(())
}
