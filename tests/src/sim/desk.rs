//! One desk of the world: its file, its key, its clock, and the forms that people left open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use desk::round::DeskSide;
use ed25519_dalek::{SigningKey, VerifyingKey};
use failing_disk::{Disk, Mode, Stop, Unsynced};
use server::db;
use server::db::device::Device;
use store::{DatabaseKey, Store};
use sync_core::exchange::Ask;
use sync_core::{DeviceId, Hash, SpaceId, Stamp};
use uuid::Uuid;

use super::chance::Chance;
use super::deeds::Form;
use super::disk::{self, Written};
use super::succession::copied;
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
    /// The server whose snapshots it begins with.
    server: VerifyingKey,
    has_snapshots: bool,
    /// Nothing only while it is opened anew.
    side: Option<Arc<DeskSide>>,
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
    /// Its disk as it was once.
    pub copy: Option<Copy>,
    /// It does not know that its numbers are used by somebody else, or were used.
    pub is_fallen: bool,
    /// It was told to hold nothing any more, and how that goes.
    pub leaving: Leaving,
    /// How often the server had been restored when the desk last heard it.
    pub restored: u64,
    /// The version of the exchange that its program speaks.
    pub speaks: u16,
}

/// Whether a desk is there for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leaving {
    No,
    Ordered,
    /// It holds nothing any more; the server may not know yet.
    Emptied,
    Over,
}

/// A copy of a disk with the name of its desk.
pub struct Copy {
    pub file: PathBuf,
    pub device: DeviceId,
    pub key: SigningKey,
}

/// How many sent requests are kept to be sent again.
const KEPT: usize = 6;

fn database_key() -> DatabaseKey {
    DatabaseKey::new(&[7; 32])
}

/// The file at `path`, whose numbers leap to where no other opening's of that desk do: each file is opened once.
fn opened(path: &Path, device: DeviceId) -> Result<Store> {
    let name = path.file_name().context("a file has a name")?.as_encoded_bytes();
    let (leap, ..) = Uuid::new_v5(&device.0, name).as_fields();
    Ok(Store::open_simulated(path, &database_key(), leap)?)
}

/// A device as an enrolment leaves it.
pub fn enrolled(device: DeviceId, key: &SigningKey, world: &World, hospital: usize) -> Device {
    Device::new(
        device,
        Hash(key.verifying_key().to_bytes()),
        world.hospitals[hospital].facility,
        world.now_ms(),
    )
}

impl Desk {
    /// Its file, past the store.
    pub fn raw(&self) -> Result<rusqlite::Connection> {
        let conn = rusqlite::Connection::open(&self.path)?;
        let hex: String = database_key()
            .bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        conn.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_log_level = NONE"))?;
        Ok(conn)
    }

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
        let store = Arc::new(opened(&path, device)?);
        let server = VerifyingKey::from(&world.district.first().own().signing_key);
        let speaks = world.draw_version();
        let mut desk = Desk {
            number,
            name: format!("{} {}", words::hospital(hospital), words::desk(place)),
            hospital,
            device,
            key,
            server,
            has_snapshots: world.plan.has_snapshots(),
            side: None,
            store: Some(store),
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
            copy: None,
            is_fallen: false,
            leaving: Leaving::No,
            restored: 0,
            speaks,
        };
        desk.begin_rounds();
        Ok(desk)
    }

    /// Its rounds begin anew: what they know is not in the file.
    fn begin_rounds(&mut self) {
        let mut side = DeskSide::new(Arc::clone(self.store()), self.key.clone()).obeying(self.server);
        if self.has_snapshots {
            side = side.with_snapshots_of(self.server);
        }
        self.side = Some(Arc::new(side));
    }

    pub fn side(&self) -> &Arc<DeskSide> {
        self.side.as_ref().expect("a desk is open between events")
    }

    pub fn store(&self) -> &Arc<Store> {
        self.store.as_ref().expect("a desk is open between events")
    }

    /// It holds nothing any more.
    pub fn is_over(&self) -> bool {
        matches!(self.leaving, Leaving::Emptied | Leaving::Over)
    }

    pub fn make_copy(&mut self) -> Result<()> {
        let file = self.path.with_file_name(format!("copy-{}.db", self.number));
        self.copy = Some(copied(&self.path, &file, (self.device, self.key.clone()))?);
        Ok(())
    }

    /// Its disk is as it was when it was copied.
    pub fn put_copy_back(&mut self) -> Result<()> {
        let after = self.next_path();
        if let Some(copy) = &self.copy {
            disk::copy(&copy.file, &after)?;
            (self.device, self.key) = (copy.device, copy.key.clone());
        }
        (self.stamp, self.is_fallen) = (Stamp::default(), false);
        self.sent.clear();
        self.wake_up(after)
    }

    /// The copy of its disk in another computer.
    pub fn start_copy(&self, number: usize, place: usize, after: &Path) -> Result<Desk> {
        let copy = self.copy.as_ref().context("there is no copy")?;
        disk::copy(&copy.file, after)?;
        let disk = Disk::at(after)?;
        let mut desk = Desk {
            number,
            name: format!("{} {}", words::hospital(self.hospital), words::desk(place)),
            hospital: self.hospital,
            device: copy.device,
            key: copy.key.clone(),
            server: self.server,
            has_snapshots: self.has_snapshots,
            side: None,
            store: Some(Arc::new(opened(after, copy.device)?)),
            path: after.to_owned(),
            disk,
            cuts: 0,
            clock: self.clock,
            latest_ms: self.latest_ms,
            stamp: Stamp::default(),
            forms: Vec::new(),
            failures: 0,
            due_ms: i64::MIN,
            pulls: 0,
            sent: Vec::new(),
            copy: None,
            is_fallen: true,
            leaving: Leaving::No,
            restored: 0,
            speaks: self.speaks,
        };
        desk.begin_rounds();
        Ok(desk)
    }

    /// Goes on under another name in another file, with all its work.
    pub fn go_on_as(&mut self, device: DeviceId, key: SigningKey) -> Result<()> {
        let after = self.next_path();
        self.store().succeed(&after, device)?;
        (self.device, self.key) = (device, key);
        (self.stamp, self.is_fallen) = (Stamp::default(), false);
        self.sent.clear();
        self.wake_up(after)
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

    /// From here on its disk fails at the operation that comes after so many others.
    pub fn let_disk_fail(&self, mode: Mode, after: usize) -> Result<()> {
        let number = self.disk.count() + 1 + u64::try_from(after)?;
        self.disk.plan(Stop { mode, number }, |_| {});
        Ok(())
    }

    /// Whether its disk did.
    pub fn is_disk_failed(&self) -> bool {
        self.disk.happened().is_some()
    }

    pub fn make_room(&self) {
        self.disk.make_room();
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
        (self.store, self.side) = (None, None);
        for ending in ["", ".lock"] {
            std::fs::remove_file(disk::beside(&self.path, ending))?;
        }
        self.path = after;
        self.disk = Disk::at(&self.path)?;
        self.store = Some(Arc::new(opened(&self.path, self.device)?));
        self.begin_rounds();
        if self.leaving == Leaving::Ordered && self.store().parting()?.is_none() {
            self.leaving = Leaving::No;
        }
        Ok(())
    }
}
