//! What pushes cost in a file and in PostgreSQL, side by side: `cargo run --release -p wardroom-tests --bin pushes`.
//! Measured in turns, so that a busy machine is busy for both. It asserts nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::entities::patient;
use domain::{Draft, RecordId};
use ed25519_dalek::SigningKey;
use server::db::Address;
use server::exchange::grants::Grants;
use server::{Config, Server};
use sync_core::change::SCHEMA;
use sync_core::exchange::{Answer, Batch};
use sync_core::{Chain, Change, ChangeId, DeviceId, Encoded, Stamp};
use uuid::Uuid;
use wardroom_tests::cluster::Cluster;
use wardroom_tests::smallest::{self, NOW_MS, NURSE, SPACE};

const ROUNDS: usize = 20;
const AT_ONCE: usize = 100;

struct Desk {
    server: Server,
    id: DeviceId,
    key: SigningKey,
    seq: u64,
    chain: Chain,
    patients: Vec<(RecordId, ChangeId)>,
}

fn main() -> Result<()> {
    let cluster = Cluster::of_process().map_err(anyhow::Error::msg)?;
    let address = cluster.address(&cluster.schema().map_err(anyhow::Error::msg)?);
    let scratch = tempfile::tempdir()?;
    let mut desks = [
        ("file", begin(&scratch.path().join("file"), None)?),
        ("postgres", begin(&scratch.path().join("postgres"), Some(&address))?),
    ];
    let mut spent: BTreeMap<(&str, &str), Duration> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for (name, desk) in &mut desks {
            let batch = desk.registrations();
            *spent.entry(("100 registrations at once", name)).or_default() += desk.push(&batch)?;
            let batch = desk.edits();
            *spent.entry(("100 edits at once", name)).or_default() += desk.push(&batch)?;
        }
    }
    for what in ["100 registrations at once", "100 edits at once"] {
        let each = |name| {
            let spent = spent.get(&(what, name)).copied().unwrap_or_default();
            (ROUNDS * AT_ONCE) as f64 / spent.as_secs_f64()
        };
        let (file, postgres) = (each("file"), each("postgres"));
        println!(
            "{what}: {file:.0}/s in a file, {postgres:.0}/s in PostgreSQL: {:.2} times as long",
            file / postgres
        );
    }
    Ok(())
}

fn begin(dir: &Path, database: Option<&str>) -> Result<Desk> {
    let config = Config {
        database: database.and_then(Address::read),
        ..smallest::config()
    };
    let server = smallest::begin(dir, config)?;
    let (id, key) = (DeviceId(Uuid::from_u128(0xa)), SigningKey::from_bytes(&[7; 32]));
    smallest::let_in(&server, id, &key)?;
    Ok(Desk {
        server,
        id,
        key,
        seq: 0,
        chain: Chain::default(),
        patients: Vec::new(),
    })
}

impl Desk {
    /// Patients who come, each an action.
    fn registrations(&mut self) -> Vec<Encoded> {
        let mut changes = Vec::new();
        for _ in 0..AT_ONCE {
            let record = RecordId(Uuid::now_v7());
            let draft = Draft::new(patient::PATIENT.kind, record).with(&patient::NAME, "Kamala Devi of the river");
            let id = self.write(draft, None, &mut changes);
            self.patients.push((record, id));
        }
        changes
    }

    /// A field of patients who came before, each on top of what stood.
    fn edits(&mut self) -> Vec<Encoded> {
        let mut changes = Vec::new();
        let last = self.patients.len().saturating_sub(AT_ONCE);
        for (record, base) in self.patients.split_off(last) {
            let draft = Draft::new(patient::PATIENT.kind, record).with(&patient::NAME, "Kamala Devi");
            let id = self.write(draft, Some(base), &mut changes);
            self.patients.push((record, id));
        }
        changes
    }

    fn write(&mut self, draft: Draft, base: Option<ChangeId>, changes: &mut Vec<Encoded>) -> ChangeId {
        self.seq += 1;
        let id = ChangeId {
            device: self.id,
            seq: self.seq,
        };
        let base = base.map(|base| draft.fields.keys().map(|name| (name.clone(), vec![base])).collect());
        changes.push(Encoded::new(Change {
            id,
            action: Uuid::now_v7(),
            of: 1,
            space: SPACE,
            kind: draft.kind,
            record: draft.id,
            fields: draft.fields,
            base: base.unwrap_or_default(),
            seen: 0,
            actor: NURSE,
            session: Uuid::nil(),
            schema: SCHEMA,
            stamp: Stamp(NOW_MS, 0),
            wall_ms: NOW_MS,
            origin: None,
            erased: None,
        }));
        id
    }

    fn push(&mut self, changes: &[Encoded]) -> Result<Duration> {
        let batch = Batch::new(&self.key, self.id, self.chain, changes)?;
        self.chain = batch.chain;
        let begun = Instant::now();
        let answer = self.server.push(self.id, &batch, &Grants::default())?;
        let spent = begun.elapsed();
        let Answer::Receipt { numbered, .. } = answer else {
            anyhow::bail!("no receipt");
        };
        ensure!(numbered.len() == changes.len(), "something was kept aside");
        numbered.last().context("nothing was numbered")?;
        Ok(spent)
    }
}
