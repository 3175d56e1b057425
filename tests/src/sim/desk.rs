//! One desk of the world: its file, its key, its clock, and the forms that people left open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use domain::RecordId;
use ed25519_dalek::SigningKey;
use server::db;
use server::db::device::{Device, Status};
use store::{DatabaseKey, Store};
use sync_core::exchange::Ask;
use sync_core::{Chain, DeviceId, Hash, SpaceId};

use super::deeds::Form;
use super::world::World;

/// One desk.
pub struct Desk {
    pub number: usize,
    pub hospital: usize,
    pub device: DeviceId,
    pub key: SigningKey,
    /// Nothing only while it is opened anew.
    store: Option<Arc<Store>>,
    path: PathBuf,
    cuts: u32,
    /// How far its clock is ahead.
    pub clock_off_ms: i64,
    pub forms: Vec<Form>,
    /// Requests that the server has heard whole; somebody may send them again.
    pub sent: Vec<Vec<Ask>>,
}

fn database_key() -> DatabaseKey {
    DatabaseKey::new([7; 32])
}

impl Desk {
    /// A new desk of one of the hospitals, known to the server.
    pub fn join(number: usize, world: &mut World) -> Result<Desk> {
        let now_ms = world.now_ms();
        let hospital = world.chance.below(world.hospitals.len());
        let device = DeviceId(world.chance.id(now_ms));
        let key = SigningKey::from_bytes(&world.chance.bytes());
        let facility: RecordId = world.hospitals[hospital].facility;
        let known = Device {
            id: device,
            key: Hash(key.verifying_key().to_bytes()),
            sealed_name: Vec::new(),
            facility,
            status: Status::Active,
            last_seq: 0,
            chain: Chain::default(),
            enrolled_ms: now_ms,
            contact_ms: now_ms,
            sealed_share: Vec::new(),
        };
        world.server.db().write(|tx| db::device::insert(&known, tx))?;
        let path = world.folder.join(format!("desk-{number}.db"));
        let store = Store::create(&path, &database_key(), device)?;
        store.follow(world.server.district())?;
        store.follow(SpaceId::Facility(facility.0))?;
        Ok(Desk {
            number,
            hospital,
            device,
            key,
            store: Some(Arc::new(store)),
            path,
            cuts: 0,
            clock_off_ms: 0,
            forms: Vec::new(),
            sent: Vec::new(),
        })
    }

    pub fn store(&self) -> &Arc<Store> {
        self.store.as_ref().expect("a desk is open between events")
    }

    /// Opens the file anew as it lies on the disk at this moment, without the tidy close that a power
    /// cut does not make. Forms that were open are gone.
    pub fn lose_power(&mut self) -> Result<()> {
        self.cuts += 1;
        let after = self
            .path
            .with_file_name(format!("desk-{}-{}.db", self.number, self.cuts));
        for ending in ["", "-wal"] {
            let named = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
            if named(&self.path).exists() {
                std::fs::copy(named(&self.path), named(&after))?;
            }
        }
        self.forms.clear();
        self.store = None;
        std::fs::remove_file(&self.path)?;
        self.path = after;
        self.store = Some(Arc::new(Store::open(&self.path, &database_key())?));
        Ok(())
    }
}
