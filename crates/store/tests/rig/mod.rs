//! Desks with real files and a district in memory that numbers what they send, for tests.

#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use domain::arrival::Tier;
use domain::{Draft, Read, RecordId, Records, Value};
use rusqlite::Connection;
use store::{Absorbed, Action, DatabaseKey, SaveError, Saved, Spaces, Store, StoreError};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Carried, Entry, Held, HeldChange, Numbered, Page, Parked, Reason};
use sync_core::snapshot::{Base, Cutter, FORM, Manifest};
use sync_core::{Chain, Change, ChangeId, DeviceId, Digest, Encoded, RecordState, SpaceId, Stamp};
use tempfile::TempDir;
use uuid::Uuid;

pub const NOON_MS: i64 = 1_795_000_000_000;

pub fn key() -> DatabaseKey {
    DatabaseKey::new(&[7; 32])
}

pub fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

pub fn device(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(0xd00 + number))
}

pub fn homes() -> Spaces {
    Spaces {
        facility: SpaceId::Facility(Uuid::from_u128(0xfac)),
        district: SpaceId::District(Uuid::from_u128(0xd15)),
    }
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn patient(number: u128) -> Draft {
    Draft::new("patient", id(number))
}

/// A folder that vanishes; in memory where the system has one there, so that no test waits for a disk.
fn folder() -> TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() {
        TempDir::new_in(memory).unwrap()
    } else {
        TempDir::new().unwrap()
    }
}

/// One desktop.
pub struct Desk {
    pub store: Store,
    pub folder: TempDir,
    actions: u128,
}

impl Desk {
    pub fn new(number: u128) -> Desk {
        let folder = folder();
        let store = Store::create(&folder.path().join("ward.db"), &key(), device(number)).unwrap();
        store.follow(homes().facility).unwrap();
        Desk {
            store,
            folder,
            actions: number << 64,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.store.path().to_owned()
    }

    /// Closes the file and opens it again.
    pub fn reopened(self) -> Desk {
        let Desk { store, folder, actions } = self;
        let path = store.path().to_owned();
        drop(store);
        let store = Store::open(&path, &key()).unwrap();
        Desk { store, folder, actions }
    }

    /// The same person at another file of this desk.
    pub fn with_file(self, path: &std::path::Path) -> Desk {
        let Desk { store, folder, actions } = self;
        drop(store);
        let store = Store::open(path, &key()).unwrap();
        Desk { store, folder, actions }
    }

    pub fn action(&mut self, drafts: Vec<Draft>, as_of: u64) -> Action {
        self.actions += 1;
        Action {
            drafts,
            as_of,
            actor: id(0xac),
            session: Uuid::from_u128(1),
            wall_ms: NOON_MS,
            new_action: Uuid::from_u128(self.actions),
            resolve: false,
            home: homes(),
        }
    }

    /// Saves what a person did who saw everything as it stands.
    pub fn save(&mut self, drafts: Vec<Draft>) -> Saved {
        let as_of = self.store.as_of().unwrap();
        self.save_as_of(drafts, as_of).unwrap()
    }

    pub fn save_as_of(&mut self, drafts: Vec<Draft>, as_of: u64) -> Result<Saved, SaveError> {
        let action = self.action(drafts, as_of);
        self.store.save(action)
    }

    pub fn resolve(&mut self, draft: Draft) -> Saved {
        let as_of = self.store.as_of().unwrap();
        let mut action = self.action(vec![draft], as_of);
        action.resolve = true;
        self.store.save(action).unwrap()
    }

    pub fn register(&mut self, number: u128, name: &str) -> Saved {
        self.save(vec![patient(number).with_value("name", text(name))])
    }

    pub fn read<T>(&self, job: impl FnOnce(&dyn Records) -> Read<T>) -> T {
        let answer = self.store.read(|records, _| Ok::<_, StoreError>(job(records)));
        answer.unwrap().unwrap()
    }

    /// What the field of a patient holds.
    pub fn field(&self, number: u128, field: &str) -> Value {
        let record = self.read(|records| records.get("patient", id(number)));
        record.map_or(Value::Empty, |record| record.value(field).clone())
    }

    /// The values of every field in conflict.
    pub fn conflicts(&self) -> Vec<(String, Vec<Value>)> {
        let conflicts = self.read(|records| records.conflicts());
        conflicts
            .into_iter()
            .map(|conflict| {
                let values = conflict.heads.into_iter().map(|head| head.value).collect();
                (conflict.field, values)
            })
            .collect()
    }

    pub fn digest(&self) -> Digest {
        let spaces = self.store.spaces().unwrap();
        spaces
            .iter()
            .find(|space| space.space == homes().facility)
            .unwrap()
            .digest
    }

    /// The stored states of all records, as bytes.
    pub fn states(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let conn = raw(&self.path());
        let mut statement = conn.prepare("SELECT id, state FROM record ORDER BY kind, id").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    pub fn assert_verified(&self) {
        assert_eq!(self.store.verify().unwrap(), vec![]);
    }
}

/// A connection that goes past the store, to see and to spoil what it wrote.
pub fn raw(path: &std::path::Path) -> Connection {
    let conn = Connection::open(path).unwrap();
    let hex: String = key().bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    conn.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_log_level = NONE"))
        .unwrap();
    conn
}

/// A district's server without network and disk.
#[derive(Default)]
pub struct District {
    pub spaces: BTreeMap<SpaceId, Log>,
    /// Own changes to be kept aside when they come.
    pub park: BTreeSet<ChangeId>,
    pub epoch: u64,
}

/// The log of one space.
#[derive(Default)]
pub struct Log {
    pub entries: Vec<Encoded>,
    chains: Vec<Chain>,
    states: BTreeMap<(String, RecordId), RecordState>,
}

impl Log {
    pub fn add(&mut self, encoded: Encoded) -> u64 {
        let lsn = self.entries.len() as u64 + 1;
        let change = encoded.change();
        let chain = self.chains.last().copied().unwrap_or_default();
        self.chains.push(chain.with_entry(lsn, change.id, encoded.hash()));
        let entries = &self.entries;
        let state = self
            .states
            .entry((change.kind.clone(), change.record))
            .or_insert_with(|| RecordState::new(&change.kind, change.record));
        state.apply(change, Some(lsn), |id| {
            entries.iter().any(|entry| {
                let other = entry.change();
                other.id == *id && other.record == change.record && other.kind == change.kind
            })
        });
        self.entries.push(encoded);
        lsn
    }

    fn erase(&mut self, names: &[(&str, RecordId)]) {
        let is_named = |kind: &str, record: RecordId| names.contains(&(kind, record));
        for entry in &mut self.entries {
            if is_named(&entry.change().kind, entry.change().record) {
                *entry = entry.stub();
            }
        }
        self.states.retain(|(kind, record), _| !is_named(kind, *record));
    }

    pub fn digest(&self) -> Digest {
        let digests = self.states.values().map(RecordState::digest);
        digests.fold(Digest::default(), Digest::plus)
    }
}

impl District {
    /// The district put back from a backup in which one space held this many changes and no other any.
    pub fn restored(&self, space: SpaceId, held: usize) -> District {
        let mut restored = District {
            epoch: self.epoch + 1,
            ..District::default()
        };
        for entry in self.spaces[&space].entries.iter().take(held) {
            restored.number(vec![Encoded::read(entry.bytes().to_vec()).unwrap()]);
        }
        restored
    }

    /// Takes what the desk has to send, `limit` changes at a time, and answers.
    pub fn take(&mut self, desk: &Desk, limit: usize) {
        loop {
            let outbox = desk.store.outbox(limit, usize::MAX).unwrap();
            if outbox.is_empty() {
                return;
            }
            assert!(sync_core::change::are_whole_actions(&outbox));
            let (numbered, parked) = self.number(outbox);
            desk.store.receipt(numbered, parked).unwrap();
        }
    }

    /// Numbers changes, or keeps them aside.
    pub fn number(&mut self, changes: Vec<Encoded>) -> (Vec<Numbered>, Vec<Parked>) {
        let (mut numbered, mut parked) = (Vec::new(), Vec::new());
        for encoded in changes {
            let change = encoded.change().clone();
            let seq = change.id.seq;
            if self.park.contains(&change.id) {
                let reason = Reason::NotAllowed;
                parked.push(Parked { seq, reason });
            } else {
                let log = self.spaces.entry(change.space).or_default();
                let known = log.entries.iter().position(|entry| entry.change().id == change.id);
                let lsn = known.map_or_else(|| log.add(encoded), |place| place as u64 + 1);
                numbered.push(Numbered { seq, lsn });
            }
        }
        (numbered, parked)
    }

    /// Erases records of patients and encounters, as the district's server does: one change names them, and of theirs
    /// only stubs are left.
    pub fn erase(&mut self, author: u128, seq: u64, names: &[(&str, RecordId)]) {
        let lines: Vec<String> = names.iter().map(|(kind, id)| format!("{kind} {id}")).collect();
        let fields = [
            ("records", text(&lines.join("\n"))),
            ("at", Value::Time(domain::Time(NOON_MS))),
        ];
        self.hear(author, seq, "erased", id(u128::from(seq) << 40), &fields);
        self.spaces.entry(homes().facility).or_default().erase(names);
    }

    /// A change of somebody else, straight into the log.
    pub fn hear(&mut self, author: u128, seq: u64, kind: &str, record: RecordId, fields: &[(&str, Value)]) {
        let change = Change {
            id: ChangeId {
                device: device(author),
                seq,
            },
            action: Uuid::from_u128((author << 32) + u128::from(seq)),
            of: 1,
            space: homes().facility,
            kind: kind.to_owned(),
            record,
            fields: fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
            base: BTreeMap::new(),
            seen: 0,
            actor: id(author),
            session: Uuid::nil(),
            schema: SCHEMA,
            stamp: Stamp(NOON_MS, 0),
            wall_ms: NOON_MS,
            origin: None,
            erased: None,
        };
        self.hear_change(change);
    }

    pub fn hear_change(&mut self, change: Change) {
        self.spaces.entry(change.space).or_default().add(Encoded::new(change));
    }

    /// The next page for the desk: at least `limit` changes if there are, whole actions only.
    pub fn page(&self, desk: &Desk, space: SpaceId, limit: usize) -> Page {
        let empty = Log::default();
        let log = self.spaces.get(&space).unwrap_or(&empty);
        let statuses = desk.store.spaces().unwrap();
        let cursor = statuses
            .iter()
            .find(|status| status.space == space)
            .map_or(0, |status| status.cursor);
        let cursor = usize::try_from(cursor).unwrap();
        let action = |at: usize| log.entries[at].change().action;
        let mut end = (cursor + limit).min(log.entries.len());
        while end > cursor && end < log.entries.len() && action(end) == action(end - 1) {
            end += 1;
        }
        let own = desk.store.device();
        let entries = (cursor..end).map(|at| {
            let encoded = &log.entries[at];
            let id = encoded.change().id;
            Entry {
                lsn: at as u64 + 1,
                id,
                change: (id.device != own).then(|| Carried::of(encoded).unwrap()),
            }
        });
        Page {
            space,
            epoch: self.epoch,
            from: cursor as u64 + 1,
            to: end as u64,
            head: log.entries.len() as u64,
            entries: entries.collect(),
            chain: end.checked_sub(1).map_or(Chain::default(), |last| log.chains[last]),
            digest: (end == log.entries.len()).then(|| log.digest()),
        }
    }

    /// Gives the desk what it does not have, `limit` changes at a time.
    pub fn give(&self, desk: &Desk, limit: usize) -> Absorbed {
        loop {
            let page = self.page(desk, homes().facility, limit);
            let is_last = page.to == page.head;
            let absorbed = desk.store.absorb(page, NOON_MS).unwrap();
            assert!(!absorbed.is_diverged);
            if is_last {
                return absorbed;
            }
        }
    }

    /// One whole round.
    pub fn exchange(&mut self, desk: &Desk) -> Absorbed {
        self.take(desk, 100);
        self.give(desk, 100)
    }
}

impl District {
    /// A snapshot of a space as it stood after the change numbered `lsn`, cut by record so that it has several pieces.
    pub fn snapshot(&self, space: SpaceId, lsn: usize) -> (Manifest, Vec<Vec<u8>>) {
        let mut log = Log::default();
        for encoded in &self.spaces[&space].entries[..lsn] {
            log.add(encoded.clone());
        }
        let (mut pieces, mut bytes) = (Vec::new(), Vec::new());
        for ((kind, record), state) in &log.states {
            let of_record = |change: &&Change| change.kind == *kind && change.record == *record;
            let folded = log.entries.iter().map(Encoded::change).filter(of_record);
            let base = Base::new(state.clone(), folded.map(|change| change.id));
            let mut cutter = Cutter::new(Tier::Present);
            assert!(cutter.add(&base).unwrap().is_none());
            let (piece, packed) = cutter.end().unwrap().unwrap();
            pieces.push(piece);
            bytes.push(packed);
        }
        let manifest = Manifest {
            form: FORM,
            space,
            epoch: self.epoch,
            lsn: lsn as u64,
            chain: log.chains.last().copied().unwrap_or_default(),
            digest: log.digest(),
            made_ms: NOON_MS,
            pieces,
        };
        (manifest, bytes)
    }
}

/// What the district got of a device.
pub fn held(district: &District, device: DeviceId) -> Held {
    let entries = district.spaces.values().flat_map(|log| &log.entries);
    let of_device = entries.filter(|entry| entry.change().id.device == device);
    let numbered = of_device.map(|entry| HeldChange {
        seq: entry.change().id.seq,
        hash: entry.hash(),
        parked: None,
    });
    Held {
        device,
        after: 0,
        upto: u64::MAX,
        is_end: true,
        changes: numbered.collect(),
    }
}
