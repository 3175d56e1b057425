//! One desk of the world: its file, its key, its clock, and the forms that people left open.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use domain::RecordId;
use ed25519_dalek::SigningKey;
use failing_disk::{Disk, Unsynced};
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
    /// What of its file is synced.
    disk: Disk,
    cuts: u32,
    /// How far its clock is ahead.
    pub clock_off_ms: i64,
    pub forms: Vec<Form>,
    /// How many rounds failed one after another, and when its worker asks again if nobody wakes it.
    pub failures: u32,
    pub due_ms: i64,
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
        drop(store);
        let disk = Disk::at(&path)?;
        let store = Store::open(&path, &database_key())?;
        Ok(Desk {
            number,
            hospital,
            device,
            key,
            store: Some(Arc::new(store)),
            path,
            disk,
            cuts: 0,
            clock_off_ms: 0,
            forms: Vec::new(),
            failures: 0,
            due_ms: i64::MIN,
            sent: Vec::new(),
        })
    }

    pub fn store(&self) -> &Arc<Store> {
        self.store.as_ref().expect("a desk is open between events")
    }

    /// Opens the file anew as it lies on the disk at this moment, without the tidy close that a power
    /// cut does not make. Forms that were open are gone.
    pub fn lose_power(&mut self) -> Result<()> {
        let after = self.next_path();
        self.disk.lose_power_to(&after, Unsynced::Lost)?;
        self.wake_up(after)
    }

    /// Its disk, and where its file will lie after the next power cut.
    #[cfg(feature = "mutants")]
    pub fn disk(&mut self) -> (Disk, PathBuf) {
        (self.disk.clone(), self.next_path())
    }

    fn next_path(&mut self) -> PathBuf {
        self.cuts += 1;
        self.path
            .with_file_name(format!("desk-{}-{}.db", self.number, self.cuts))
    }

    /// Goes on with what a power cut left at `after`.
    pub fn wake_up(&mut self, after: PathBuf) -> Result<()> {
        self.forms.clear();
        (self.failures, self.due_ms) = (0, i64::MIN);
        self.store = None;
        std::fs::remove_file(&self.path)?;
        self.path = after;
        self.disk = Disk::at(&self.path)?;
        self.store = Some(Arc::new(Store::open(&self.path, &database_key())?));
        Ok(())
    }
}
