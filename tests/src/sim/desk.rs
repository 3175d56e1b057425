//! One desk of the world: its file, its key, its clock, and the forms that people left open.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use ed25519_dalek::SigningKey;
use failing_disk::{Disk, Unsynced};
use server::db;
use server::db::device::{Device, Status};
use store::{DatabaseKey, Store};
use sync_core::exchange::Ask;
use sync_core::{Chain, DeviceId, Hash, SpaceId, Stamp};

use super::chance::Chance;
use super::deeds::Form;
use super::disk::{self, Written};
use super::words;
use super::world::World;

/// A request that the server heard whole; somebody may send it again.
#[derive(Clone)]
pub struct Sent {
    pub asks: Vec<Ask>,
    /// How often the server had been restored then.
    pub restored: u64,
}

/// What the desk's clock shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WallClock {
    AheadMs(i64),
    FrozenMs(i64),
}

/// One desk.
pub struct Desk {
    pub number: usize,
    pub name: String,
    pub hospital: usize,
    pub device: DeviceId,
    pub key: SigningKey,
    /// Nothing only while it is opened anew.
    store: Option<Arc<Store>>,
    path: PathBuf,
    /// What of its file is synced.
    disk: Disk,
    cuts: u32,
    pub clock: WallClock,
    /// The latest that its own clock ever showed at a save.
    pub latest_ms: i64,
    /// The stamp of the last save.
    pub stamp: Stamp,
    pub forms: Vec<Form>,
    /// How many rounds failed one after another, and when its worker asks again if nobody wakes it.
    pub failures: u32,
    pub due_ms: i64,
    /// How often it took in pages.
    pub pulls: u64,
    pub sent: Vec<Sent>,
}

/// How many sent requests are kept to be sent again.
const KEPT: usize = 6;

fn database_key() -> DatabaseKey {
    DatabaseKey::new([7; 32])
}

/// A device as an enrolment leaves it.
pub fn enrolled(device: DeviceId, key: &SigningKey, world: &World, hospital: usize) -> Device {
    Device {
        id: device,
        key: Hash(key.verifying_key().to_bytes()),
        sealed_name: Vec::new(),
        facility: world.hospitals[hospital].facility,
        status: Status::Active,
        last_seq: 0,
        chain: Chain::default(),
        enrolled_ms: world.now_ms(),
        contact_ms: world.now_ms(),
        sealed_share: Vec::new(),
    }
}

impl Desk {
    /// A new desk of one of the hospitals, known to the server.
    pub fn join(number: usize, place: usize, hospital: usize, world: &mut World) -> Result<Desk> {
        let now_ms = world.now_ms();
        let device = DeviceId(world.chance.id(now_ms));
        let key = SigningKey::from_bytes(&world.chance.bytes());
        let known = enrolled(device, &key, world, hospital);
        world.district.first().db().write(|tx| db::device::insert(&known, tx))?;
        let path = world.folder.join(format!("desk-{number}.db"));
        let store = Store::create(&path, &database_key(), device)?;
        store.follow(world.district.first().district())?;
        store.follow(SpaceId::Facility(known.facility.0))?;
        drop(store);
        let disk = Disk::at(&path)?;
        let store = Store::open(&path, &database_key())?;
        Ok(Desk {
            number,
            name: format!("{} {}", words::hospital(hospital), words::desk(place)),
            hospital,
            device,
            key,
            store: Some(Arc::new(store)),
            path,
            disk,
            cuts: 0,
            clock: WallClock::AheadMs(0),
            latest_ms: 0,
            stamp: Stamp::default(),
            forms: Vec::new(),
            failures: 0,
            due_ms: i64::MIN,
            pulls: 0,
            sent: Vec::new(),
        })
    }

    pub fn store(&self) -> &Arc<Store> {
        self.store.as_ref().expect("a desk is open between events")
    }

    pub fn keep_sent(&mut self, asks: Vec<Ask>, restored: u64) {
        if self.sent.len() == KEPT {
            self.sent.remove(0);
        }
        self.sent.push(Sent { asks, restored });
    }

    /// How far its file is written.
    pub fn written(&self) -> Result<Option<Written>> {
        disk::written(&self.path)
    }

    /// The power fails: what is not synced is gone, and so are forms that were open.
    pub fn lose_power(&mut self) -> Result<()> {
        let after = self.next_path();
        self.disk.lose_power_to(&after, Unsynced::Lost)?;
        self.wake_up(after)
    }

    /// The power fails at any byte that was written since `before`. Answers whether anything of that
    /// is gone.
    pub fn lose_power_since(&mut self, before: Option<Written>, chance: &mut Chance) -> Result<bool> {
        let after = self.next_path();
        let cut = disk::copy_cut(&self.path, &after, before, chance)?;
        self.wake_up(after)?;
        Ok(cut)
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
        for ending in ["", ".lock"] {
            std::fs::remove_file(disk::beside(&self.path, ending))?;
        }
        self.path = after;
        self.disk = Disk::at(&self.path)?;
        self.store = Some(Arc::new(Store::open(&self.path, &database_key())?));
        Ok(())
    }
}
