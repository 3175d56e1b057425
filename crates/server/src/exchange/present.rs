//! One space while a transaction adds to its log: the records it touches are folded in memory and
//! written once, at the end, together with the space's head, chain and digest.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::check::Draft;
use domain::erasure::{Name, erases, referred};
use domain::{Record, RecordId, Value};
use sync_core::exchange::News;
use sync_core::{Change, ChangeId, Changing, Encoded, Lsn, RecordState, SpaceId, packed, planted};
use uuid::Uuid;

use crate::db::space::Space;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::seal::Key;
use crate::server::Server;

/// One space while a transaction adds to its log.
pub struct Present<'a> {
    conn: &'a Conn,
    key: Key,
    space: Space,
    /// The head when the transaction began.
    before: Lsn,
    /// The action of the last change of the log, once it was asked for.
    last_action: Option<Option<Uuid>>,
    /// Whether anything of it was erased, once it was asked for.
    has_erased: Option<bool>,
    records: BTreeMap<(RecordId, String), Changing>,
}

impl<'a> Present<'a> {
    /// The space as it stands, if there is such a space.
    pub fn open(server: &Server, id: SpaceId, conn: &'a Conn) -> Result<Option<Present<'a>>> {
        let space = db::space::get(id, conn)?;
        space.map(|space| Present::of(server, space, conn)).transpose()
    }

    /// The space as it was read.
    pub fn of(server: &Server, space: Space, conn: &'a Conn) -> Result<Present<'a>> {
        Ok(Present {
            conn,
            key: server.space_key(&space)?,
            before: space.head,
            last_action: None,
            has_erased: None,
            space: Space {
                head: planted!(CounterWithoutLock, super::bugs::counted(&space), space.head),
                ..space
            },
            records: BTreeMap::new(),
        })
    }

    pub fn head(&self) -> Lsn {
        self.space.head
    }

    /// The action of the last change of the log.
    pub fn last_action(&mut self) -> Result<Option<Uuid>> {
        if self.last_action.is_none() {
            self.last_action = Some(db::change::action_at(self.space.number, self.space.head, self.conn)?);
        }
        Ok(self.last_action.flatten())
    }

    /// Reads these records together, which are needed soon.
    pub fn fetch<'k>(&mut self, wanted: impl Iterator<Item = (&'k str, RecordId)>) -> Result<()> {
        let is_new = |(kind, id): &(&str, RecordId)| !self.records.contains_key(&(*id, (*kind).to_owned()));
        let wanted: BTreeSet<(&str, RecordId)> = wanted.filter(is_new).collect();
        let wanted: Vec<_> = wanted.into_iter().collect();
        let states = db::record::get_each(self.space.number, &wanted, self.conn)?;
        for ((kind, id), sealed) in wanted.into_iter().zip(states) {
            let folded = self.opened(kind, id, sealed)?;
            self.records.insert((id, kind.to_owned()), folded);
        }
        Ok(())
    }

    fn opened(&self, kind: &str, id: RecordId, sealed: Option<Vec<u8>>) -> Result<Changing> {
        let state = match sealed {
            None => RecordState::new(kind, id),
            Some(sealed) => open_state(&self.key, self.space.id, kind, id, &sealed)?,
        };
        Ok(Changing::new(state))
    }

    fn folded(&mut self, kind: &str, id: RecordId) -> Result<&mut Changing> {
        let name = (id, kind.to_owned());
        if !self.records.contains_key(&name) {
            let sealed = db::record::get(self.space.number, kind, id, self.conn)?;
            let folded = self.opened(kind, id, sealed)?;
            self.records.insert(name.clone(), folded);
        }
        self.records
            .get_mut(&name)
            .ok_or(ServerError::Damaged("a record is missing"))
    }

    /// Whether any change of the record was numbered.
    pub fn has(&mut self, kind: &str, id: RecordId) -> Result<bool> {
        Ok(!self.folded(kind, id)?.state().fields.is_empty())
    }

    /// The record as it stands now, if any change of it was numbered.
    pub fn record(&mut self, kind: &str, id: RecordId) -> Result<Option<Record>> {
        let state = self.folded(kind, id)?.state();
        Ok((!state.fields.is_empty()).then(|| state.record()))
    }

    /// The heads of a field: what a person sees who sees everything.
    pub fn heads(&mut self, kind: &str, id: RecordId, field: &str) -> Result<Vec<ChangeId>> {
        let state = self.folded(kind, id)?.state();
        let field = state.fields.get(field);
        Ok(field
            .map(|field| field.heads.keys().copied().collect())
            .unwrap_or_default())
    }

    /// The values of a field's heads but this one.
    pub fn values(&mut self, kind: &str, id: RecordId, field: &str, but: Option<ChangeId>) -> Result<Vec<Value>> {
        let state = self.folded(kind, id)?.state();
        let heads = state.fields.get(field).into_iter().flat_map(|field| &field.heads);
        Ok(heads
            .filter(|(id, _)| Some(**id) != but)
            .map(|(_, head)| head.value.clone())
            .collect())
    }

    /// Gives the change the next number and folds it.
    pub fn append(&mut self, encoded: &Encoded) -> Result<Lsn> {
        let (change, hash) = (encoded.change(), encoded.hash());
        let lsn = self.space.head + 1;
        let chain = self.space.chain.with_entry(lsn, change.id, hash);
        let erased_by = if change.is_stub() {
            let by = db::erased::by(self.space.number, &change.kind, change.record, self.conn)?;
            Some(by.unwrap_or(0))
        } else {
            None
        };
        let row = db::change::Row {
            space: self.space.number,
            lsn,
            id: change.id,
            action: change.action,
            kind: &change.kind,
            record: change.record,
            hash,
            chain,
            sealed_body: &self.key.seal(&about_change(self.space.id, lsn), encoded.bytes()),
            erases: erases(&change.kind) && !change.is_stub(),
            erased_by,
        };
        db::change::insert(&row, self.conn)?;
        let (conn, space) = (self.conn, self.space.number);
        let failure = RefCell::new(None);
        let was_applied = |id: &ChangeId| {
            let found = db::change::is_of_record(*id, space, &change.kind, change.record, conn);
            found.unwrap_or_else(|error| {
                failure.replace(Some(error));
                false
            })
        };
        let folded = self.folded(&change.kind, change.record)?;
        folded.change().apply(change, Some(lsn), was_applied);
        if let Some(error) = failure.take() {
            return Err(error);
        }
        self.space.head = lsn;
        self.space.chain = chain;
        self.last_action = Some(Some(change.action));
        Ok(lsn)
    }

    /// Whether the change is of a record that was erased, or refers to one. What is left of an erased change says nothing.
    pub fn is_about_erased(&mut self, change: &Change) -> Result<bool> {
        Ok(!change.is_stub() && self.is_any_erased((&change.kind, change.record), &change.fields)?)
    }

    /// The same of a draft.
    pub fn is_draft_about_erased(&mut self, draft: &Draft) -> Result<bool> {
        self.is_any_erased((&draft.kind, draft.id), &draft.fields)
    }

    fn is_any_erased(&mut self, (kind, id): (&str, RecordId), fields: &BTreeMap<String, Value>) -> Result<bool> {
        if planted!(LateChangeFolded, true, !self.has_erased()?) {
            return Ok(false);
        }
        let mut names = referred(kind, fields);
        names.insert((kind.to_owned(), id));
        let (number, id) = (self.space.number, self.space.id.to_string());
        for (kind, record) in names {
            if db::erased::by(number, &kind, record, self.conn)?.is_some()
                || db::parked::is_of_erased((number, &id), &kind, record, self.conn)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn has_erased(&mut self) -> Result<bool> {
        if let Some(known) = self.has_erased {
            return Ok(known);
        }
        let found = db::erased::is_any(self.space.number, self.conn)?;
        self.has_erased = Some(found);
        Ok(found)
    }

    /// Erases a record with all its changes, by the change numbered `by`. Answers how many bodies went.
    pub fn erase(&mut self, name: &Name, by: Lsn) -> Result<u64> {
        let mut gone = 0;
        for (lsn, sealed) in db::erased::bodies(self.space.number, name, self.conn)? {
            let about = about_change(self.space.id, lsn);
            let body = Encoded::read(self.key.open(&about, &sealed)?.to_vec());
            let body = body.map_err(|_| ServerError::Damaged("a logged change cannot be read"))?;
            let left = self.key.seal(&about, body.stub().bytes());
            db::erased::erase(self.space.number, lsn, by, &left, self.conn)?;
            gone += 1;
        }
        let (kind, id) = name;
        *self.folded(kind, *id)?.change() = RecordState::new(kind, *id);
        self.has_erased = Some(true);
        Ok(gone)
    }

    /// Writes what was folded. Answers the news, if the log grew.
    pub fn close(mut self) -> Result<Option<News>> {
        if self.space.head == self.before {
            return Ok(None);
        }
        for ((id, kind), folded) in &self.records {
            let Some(was) = folded.was() else { continue };
            let state = folded.state();
            self.space.digest = state.digest_instead_of(was, self.space.digest);
            if state.fields.is_empty() {
                db::erased::forget(self.space.number, kind, *id, self.conn)?;
                continue;
            }
            let plain = packed::pack(state);
            let sealed = self.key.seal(&about_state(self.space.id, kind, *id), &plain);
            let conflicts = state.conflicts().count();
            db::record::put(self.space.number, kind, *id, conflicts, &sealed, self.conn)?;
        }
        db::space::advance(&self.space, self.before, self.conn)?;
        Ok(Some(News {
            space: self.space.id,
            head: self.space.head,
        }))
    }
}

/// Where a change's body is sealed for.
pub fn about_change(space: SpaceId, lsn: Lsn) -> String {
    format!("change|{space}|{lsn}")
}

fn about_state(space: SpaceId, kind: &str, id: RecordId) -> String {
    format!("record|{space}|{kind}|{id}")
}

/// Opens the folded state of a record.
pub fn open_state(key: &Key, space: SpaceId, kind: &str, id: RecordId, sealed: &[u8]) -> Result<RecordState> {
    let plain = key.open(&about_state(space, kind, id), sealed)?;
    packed::unpack(kind, id, &plain)
        // As servers of form 10 wrote it: what did not change since is there still.
        .or_else(|| serde_json::from_slice(&plain).ok())
        .ok_or(ServerError::Damaged("the state of a record cannot be read"))
}
