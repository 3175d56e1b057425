//! What earlier builds left on the disk: a ward desktop's file and a server's, each with a known key, and what
//! stood in them. A build writes those of its own schemas; it must open those of every earlier one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use desk::round::{DeskSide, Heard};
use domain::entities::patient;
use domain::{Draft, RecordId};
use ed25519_dalek::SigningKey;
use serde::{Deserialize, Serialize};
use server::db::device::Status;
use server::{InProcess, Server, db};
use store::{Action, DatabaseKey, KeptDraft, Spaces, Store};
use sync_core::exchange::Peer;
use sync_core::{DeviceId, Hash, SpaceId};
use uuid::Uuid;

use crate::signed_in::sign_in;
use crate::smallest::{self, DISTRICT, NOW_MS, NURSE, SPACE};

/// Somebody whom the district does not know.
const STRANGER: RecordId = RecordId(Uuid::from_u128(0x2));
/// The desk whose file is kept, and another of the same facility.
const DESKS: [u128; 2] = [0xa, 0xb];

/// Where the files of all schemas lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// What stood in a file, beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Kept<T> {
    /// The server, as it names itself when it writes: a desktop goes on with the one it lived with.
    pub lived_with: String,
    pub holds: T,
}

/// What stood in a desktop's file when it was written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Desktop {
    /// Every change, with the number it has.
    pub log: Vec<(String, Option<u64>)>,
    /// Epoch, cursor and digest of each space.
    pub spaces: BTreeMap<String, (u64, u64, String)>,
    pub conflicts: usize,
    pub parked: usize,
    pub unsent: u64,
    /// The names of all patients.
    pub patients: Vec<String>,
    pub draft: Option<serde_json::Value>,
    pub setting: Option<serde_json::Value>,
}

/// What stood in a server's file when it was written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct District {
    /// Every change of every space, with its number.
    pub log: Vec<(String, u64, String)>,
    /// Epoch, head, chain and digest of each space.
    pub spaces: BTreeMap<String, (u64, u64, String, String)>,
    pub parked: u64,
    pub devices: BTreeMap<String, (String, u64)>,
}

/// The key of every desktop's file.
pub fn key() -> DatabaseKey {
    DatabaseKey::new(&[0x5a; 32])
}

/// The signing key of a desk.
pub fn signing_key(device: DeviceId) -> SigningKey {
    SigningKey::from_bytes(&Hash::of(device.0.as_bytes()).0)
}

/// What the desktop's file holds.
///
/// # Errors
/// When it cannot be read.
pub fn desktop_holds(store: &Store) -> Result<Desktop> {
    let spaces = store.spaces()?.into_iter().map(|space| {
        let place = (space.epoch, space.cursor, space.digest.0.to_string());
        (space.space.to_string(), place)
    });
    let spaces = spaces.collect();
    store.read(|records, _| {
        use domain::Records;
        let log = records.log()?.into_iter().map(|(id, lsn)| (id.to_string(), lsn));
        let all = records.all(patient::PATIENT.kind)?;
        let mut patients: Vec<String> = all
            .iter()
            .map(|record| patient::NAME.of(record).unwrap_or_default().to_owned())
            .collect();
        patients.sort();
        Ok(Desktop {
            log: log.collect(),
            spaces,
            conflicts: records.conflicts()?.len(),
            parked: records.parked()?.len(),
            unsent: store.unsent()?,
            patients,
            draft: store.draft(NURSE, "patient/new")?.map(|draft| draft.body),
            setting: store.setting("any")?,
        })
    })
}

/// What the server's file holds.
///
/// # Errors
/// When it cannot be read.
pub fn server_holds(server: &Server) -> Result<District> {
    Ok(server.db().read(|conn| {
        let (mut log, mut spaces) = (Vec::new(), BTreeMap::new());
        for space in db::space::all(conn)? {
            for (lsn, id) in db::change::ids(space.number, conn)? {
                log.push((space.id.to_string(), lsn, id.to_string()));
            }
            let (chain, digest) = (space.chain.0.to_string(), space.digest.0.to_string());
            spaces.insert(space.id.to_string(), (space.epoch, space.head, chain, digest));
        }
        let devices = db::device::all(conn)?.into_iter();
        let devices = devices.filter(|device| device.status != Status::Server);
        Ok(District {
            log,
            spaces,
            parked: db::parked::count(conn)?,
            devices: devices
                .map(|device| {
                    (
                        device.id.to_string(),
                        (device.status.word().to_owned(), device.last_seq),
                    )
                })
                .collect(),
        })
    })?)
}

/// A round between a desk and the server; answers whether another should follow.
///
/// # Errors
/// When either refuses.
pub async fn round(store: &Arc<Store>, server: &Server) -> Result<bool> {
    sign_in(store, server, NURSE)?;
    let device = store.device();
    let side = DeskSide::new(Arc::clone(store), signing_key(device));
    let peer = InProcess {
        server: server.clone(),
        device,
    };
    let (mut heard, mut failed) = (Heard::default(), None);
    let asks = side.asks(NOW_MS)?;
    peer.exchange(asks, &mut |answer| {
        if let Err(failure) = side.absorb(answer, NOW_MS, &mut heard) {
            failed.get_or_insert(failure);
        }
    })
    .await?;
    failed.map_or(Ok(heard.more), |failure| Err(failure.into()))
}

/// Writes the files of this build's schemas; those that are there stay. Answers what was written.
///
/// # Errors
/// When a file cannot be written.
pub async fn write(to: &Path) -> Result<Vec<PathBuf>> {
    let desktop = to.join(format!("desktop-{}", store::known_schema()));
    let district = to.join(format!("server-{}", db::known_schema()));
    let scratch = tempfile::tempdir()?;
    let dir = scratch.path().join("district");
    let server = smallest::begin(&dir, smallest::config())?;
    let [kept, other] = [
        desk(DESKS[0], &server, scratch.path())?,
        desk(DESKS[1], &server, scratch.path())?,
    ];
    live(&kept, &other, &server).await?;
    let mut written = Vec::new();
    if !desktop.exists() {
        fs::create_dir_all(&desktop)?;
        kept.backup(&desktop.join("ward.db"))?;
        note(&desktop, &server, desktop_holds(&kept)?)?;
        written.push(desktop);
    }
    if !district.exists() {
        fs::create_dir_all(&district)?;
        server.db().copy(&district.join("district.db"))?;
        fs::copy(dir.join("master.key"), district.join("master.key"))?;
        note(&district, &server, server_holds(&server)?)?;
        written.push(district);
    }
    Ok(written)
}

fn note<T: Serialize>(folder: &Path, server: &Server, holds: T) -> Result<()> {
    let lived_with = server.own().device.to_string();
    let text = serde_json::to_string_pretty(&Kept { lived_with, holds })?;
    Ok(fs::write(folder.join("holds.json"), text + "\n")?)
}

fn desk(number: u128, server: &Server, folder: &Path) -> Result<Arc<Store>> {
    let id = DeviceId(Uuid::from_u128(number));
    smallest::let_in(server, id, &signing_key(id))?;
    let store = Store::create(&folder.join(format!("desk-{number}.db")), &key(), id)?;
    store.follow(server.district())?;
    store.follow(SPACE)?;
    Ok(Arc::new(store))
}

/// Some work: patients, an edit of two at once, one that the district keeps aside, some that waits.
async fn live(kept: &Arc<Store>, other: &Arc<Store>, server: &Server) -> Result<()> {
    let ids: Vec<RecordId> = (0..6)
        .map(|number| RecordId(Uuid::from_u128(0xbed0 + number)))
        .collect();
    let first = *ids.first().context("six ids")?;
    for id in ids.iter().take(3) {
        save(kept, NURSE, *id, &format!("Patient {}", id.0.as_u128() - 0xbed0))?;
    }
    together(&[kept, other], server).await?;
    save(kept, NURSE, first, "Lakshmi Ammal")?;
    save(other, NURSE, first, "ലക്ഷ്മി")?;
    save(kept, STRANGER, *ids.get(3).context("six ids")?, "Kept aside")?;
    together(&[other, kept, other], server).await?;
    for id in ids.iter().skip(4) {
        save(kept, NURSE, *id, "Still waiting")?;
    }
    let body = serde_json::json!({ "name": "half typed" });
    let draft = KeptDraft {
        name: "patient/new".to_owned(),
        body,
        updated_ms: NOW_MS,
    };
    kept.put_draft(NURSE, draft)?;
    Ok(kept.put_setting("any", &serde_json::json!({ "kept": true }))?)
}

async fn together(stores: &[&Arc<Store>], server: &Server) -> Result<()> {
    for store in stores {
        while round(store, server).await? {}
    }
    Ok(())
}

fn save(store: &Store, actor: RecordId, id: RecordId, name: &str) -> Result<()> {
    let draft = Draft::new(patient::PATIENT.kind, id).with(&patient::NAME, name);
    store.save(Action {
        drafts: vec![draft],
        as_of: store.as_of()?,
        actor,
        session: Uuid::from_u128(0x5e),
        wall_ms: NOW_MS,
        new_action: Uuid::new_v4(),
        resolve: false,
        home: Spaces {
            facility: SPACE,
            district: SpaceId::District(DISTRICT.0),
        },
    })?;
    Ok(())
}
