//! One district's server: its folder, its keys, what it is kept in, and the news it spreads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::RecordId;
use ed25519_dalek::{SigningKey, VerifyingKey};
use sync_core::exchange::News;
use sync_core::{DeviceId, Hash, Lsn, SpaceId};
use tokio::sync::{broadcast, watch};

use crate::certificate::Certificate;
use crate::config::Config;
use crate::db::device::{Device, Status};
use crate::db::instance::Instance;
use crate::db::space::Space;
use crate::db::{self, Conn, Db};
use crate::error::{Result, ServerError};
use crate::events::Strangers;
use crate::keys::{make_folder, master_key, master_key_path, write_master_key};
use crate::renewal::NO_CERTIFICATE;
use crate::seal::Key;

pub(crate) const FILE: &str = "district.db";
/// How many notices may wait for a slow listener before it is told about everything at once.
const NOTICES: usize = 256;

/// One district's server. Clones are the same server.
#[derive(Clone)]
pub struct Server {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    config: Config,
    db: Db,
    master: Key,
    own: Own,
    /// With which this process serves.
    certificate: Mutex<Arc<Certificate>>,
    /// When it was made.
    certificate_ms: watch::Sender<i64>,
    /// By what is sealed: nothing that is read later can make an entry wrong.
    space_keys: Mutex<BTreeMap<Vec<u8>, Key>>,
    /// Held while a snapshot is made.
    making: Mutex<()>,
    /// Wrong passwords under names that nobody has.
    strangers: Mutex<Strangers>,
    news: broadcast::Sender<News>,
    /// The head of each space that was told last, so that nothing is told twice.
    told: Mutex<BTreeMap<SpaceId, Lsn>>,
    stopping: watch::Sender<bool>,
}

/// Who the server is, its secrets opened.
pub struct Own {
    /// The device under which the server writes.
    pub device: DeviceId,
    pub district: RecordId,
    pub utc_offset_minutes: i32,
    /// Seals names and shares.
    pub key: Key,
    pub signing_key: SigningKey,
}

impl Server {
    /// Begins a new district in `dir`: keys, certificate, file, and the district's empty space.
    ///
    /// # Errors
    /// [`ServerError::AlreadyBegun`], or what went wrong.
    pub fn begin(dir: &Path, district: RecordId, utc_offset_minutes: i32, config: Config) -> Result<Server> {
        make_folder(dir)?;
        let db = match &config.database {
            Some(address) => Db::connect(address)?,
            None => Db::open(&dir.join(FILE))?,
        };
        if db.read(db::instance::get)?.is_some() {
            return Err(ServerError::AlreadyBegun(place(dir, &config)));
        }
        let path = master_key_path(dir, &config);
        if !path.exists() {
            write_master_key(&path)?;
        }
        let master = master_key(dir, &config)?;
        let now_ms = (config.now_ms)();
        let mut certificate = Certificate::own(now_ms)?;
        certificate.since_ms = Some(now_ms);
        let (key, signing_key) = (Key::random(), SigningKey::from_bytes(&crate::seal::random::<32>()));
        let id = (config.new_id)();
        let instance = Instance {
            id,
            district,
            utc_offset_minutes,
            sealed_key: master.wrap("instance key", &key),
            sealed_signing_key: master.seal("signing key", signing_key.as_bytes()),
            created_ms: now_ms,
        };
        let own = own_device(DeviceId(id), district, &key, &signing_key, now_ms);
        db.write(|tx| {
            db::instance::insert(&instance, tx)?;
            db::certificate::put(&certificate.sealed(&master), tx)?;
            db::device::insert(&own, tx)?;
            add_space(SpaceId::District(district.0), &master, tx)
        })?;
        Server::with(dir, config, db, master)
    }

    /// Opens the district kept in `dir`.
    ///
    /// # Errors
    /// [`ServerError::NotBegun`], or what went wrong.
    pub fn open(dir: &Path, config: Config) -> Result<Server> {
        let db = opened(dir, &config)?;
        // An empty database has no key yet either: what is missing is the district.
        if db.read(db::instance::get)?.is_none() {
            return Err(ServerError::NotBegun(place(dir, &config)));
        }
        let master = master_key(dir, &config)?;
        Server::with(dir, config, db, master)
    }

    fn with(dir: &Path, config: Config, db: Db, master: Key) -> Result<Server> {
        let instance = db.read(db::instance::get)?;
        let instance = instance.ok_or_else(|| ServerError::NotBegun(place(dir, &config)))?;
        let signing_key = master.open_32("signing key", &instance.sealed_signing_key)?;
        let own = Own {
            device: DeviceId(instance.id),
            district: instance.district,
            utc_offset_minutes: instance.utc_offset_minutes,
            key: master.unwrap("instance key", &instance.sealed_key)?,
            signing_key: SigningKey::from_bytes(&signing_key),
        };
        let certificate = serving(&db, &master)?;
        let inner = Inner {
            dir: dir.to_owned(),
            config,
            db,
            master,
            own,
            certificate_ms: watch::Sender::new(certificate.made_ms),
            certificate: Mutex::new(Arc::new(certificate)),
            space_keys: Mutex::default(),
            making: Mutex::default(),
            strangers: Mutex::default(),
            news: broadcast::Sender::new(NOTICES),
            told: Mutex::default(),
            stopping: watch::Sender::new(false),
        };
        Ok(Server { inner: Arc::new(inner) })
    }

    pub fn dir(&self) -> &Path {
        &self.inner.dir
    }

    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    pub fn own(&self) -> &Own {
        &self.inner.own
    }

    pub(crate) fn master(&self) -> &Key {
        &self.inner.master
    }

    /// The space of the district itself.
    pub fn district(&self) -> SpaceId {
        SpaceId::District(self.own().district.0)
    }

    pub fn now_ms(&self) -> i64 {
        (self.inner.config.now_ms)()
    }

    /// The SHA-256 of the certificate that desks see; zeros when the server is plain.
    pub fn certificate_hash(&self) -> Hash {
        if self.inner.config.is_plain {
            Hash::default()
        } else {
            self.certificate().hash()
        }
    }

    /// The certificate with which this process serves.
    pub fn certificate(&self) -> Arc<Certificate> {
        let certificate = self.inner.certificate.lock();
        Arc::clone(&certificate.unwrap_or_else(PoisonError::into_inner))
    }

    /// When the certificate was made with which this process serves, as it changes.
    pub fn certificate_ms(&self) -> watch::Receiver<i64> {
        self.inner.certificate_ms.subscribe()
    }

    /// The certificate that is to serve, unless this process serves with it.
    pub(crate) fn newer_certificate(&self) -> Result<Option<Certificate>> {
        let kept_ms = self.db().read(db::certificate::serving_ms)?;
        let is_newer = kept_ms.is_some_and(|kept_ms| kept_ms != self.certificate().made_ms);
        is_newer.then(|| serving(self.db(), self.master())).transpose()
    }

    /// Serves with this certificate from now on; what listens over an older connection is ended.
    pub(crate) fn serve_with(&self, certificate: Certificate) {
        let made_ms = certificate.made_ms;
        let mut serving = self.inner.certificate.lock().unwrap_or_else(PoisonError::into_inner);
        *serving = Arc::new(certificate);
        drop(serving);
        self.inner.certificate_ms.send_replace(made_ms);
    }

    /// The spaces that a device may have.
    pub fn spaces_of(&self, device: &Device) -> [SpaceId; 2] {
        [SpaceId::Facility(device.facility.0), self.district()]
    }

    /// The key that shows what this server signed.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.own().signing_key.verifying_key()
    }

    /// The epoch of the log of each space that a device may have.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn epochs(&self, device: &Device) -> Result<BTreeMap<SpaceId, u64>> {
        self.db().read(|conn| {
            let spaces = self.spaces_of(device).into_iter();
            let known = spaces.filter_map(|space| db::space::get(space, conn).transpose());
            known.map(|space| space.map(|space| (space.id, space.epoch))).collect()
        })
    }

    /// Adds an empty space, if it is not there yet.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn add_space(&self, id: SpaceId) -> Result<()> {
        self.db().write(|tx| add_space(id, self.master(), tx))
    }

    /// The key under which a space's bodies are sealed.
    pub(crate) fn space_key(&self, space: &Space) -> Result<Key> {
        let mut keys = self.inner.space_keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = keys.get(&space.sealed_key) {
            return Ok(key.clone());
        }
        let key = self.master().unwrap(&about_space(space.id), &space.sealed_key)?;
        keys.insert(space.sealed_key.clone(), key.clone());
        Ok(key)
    }

    /// The device, if it is known.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn device(&self, id: DeviceId) -> Result<Option<Device>> {
        self.db().read(|conn| db::device::get(id, conn))
    }

    /// Every space with its head.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn heads(&self) -> Result<Vec<News>> {
        let spaces = self.db().read(db::space::all)?;
        let news = spaces.iter().map(|space| News {
            space: space.id,
            head: space.head,
        });
        Ok(news.collect())
    }

    /// Hears from now on which logs grew.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.inner.news.subscribe()
    }

    /// Waits until nobody else in this process makes a snapshot.
    pub(crate) fn making(&self) -> MutexGuard<'_, ()> {
        self.inner.making.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn strangers(&self) -> MutexGuard<'_, Strangers> {
        self.inner.strangers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, news: impl IntoIterator<Item = News>) {
        let mut told = self.inner.told.lock().unwrap_or_else(PoisonError::into_inner);
        for each in news {
            if told.insert(each.space, each.head) != Some(each.head) {
                // Nobody listening is no failure.
                let _ = self.inner.news.send(each);
            }
        }
    }

    /// Whether the server is about to stop.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.inner.stopping.subscribe()
    }

    /// Ends what listens, and says so where readiness is asked.
    pub fn stop(&self) {
        self.inner.stopping.send_replace(true);
    }
}

fn serving(db: &Db, master: &Key) -> Result<Certificate> {
    let kept = db.read(db::certificate::serving)?.ok_or(NO_CERTIFICATE)?;
    Certificate::open(kept, master)
}

/// Where the district is kept, for people.
fn place(dir: &Path, config: &Config) -> PathBuf {
    let database = config.database.as_ref();
    database.map_or_else(|| dir.to_owned(), |address| address.said().into())
}

/// What the district is kept in.
///
/// # Errors
/// [`ServerError::NotBegun`] when there is no such file, or why it does not open.
pub(crate) fn opened(dir: &Path, config: &Config) -> Result<Db> {
    if let Some(address) = &config.database {
        return Db::connect(address);
    }
    let file = dir.join(FILE);
    if file.exists() {
        Db::open(&file)
    } else {
        Err(ServerError::NotBegun(dir.to_owned()))
    }
}

/// The device under which the server writes, before it wrote anything.
pub(crate) fn own_device(id: DeviceId, district: RecordId, key: &Key, signing_key: &SigningKey, now_ms: i64) -> Device {
    let verifying = Hash(signing_key.verifying_key().to_bytes());
    Device {
        sealed_name: key.seal(&about_name(id), "District server".as_bytes()),
        status: Status::Server,
        ..Device::new(id, verifying, district, now_ms)
    }
}

pub(crate) fn add_space(id: SpaceId, master: &Key, conn: &Conn) -> Result<()> {
    if db::space::get(id, conn)?.is_some() {
        return Ok(());
    }
    db::space::insert(id, &master.wrap(&about_space(id), &Key::random()), conn)
}

pub(crate) fn about_space(id: SpaceId) -> String {
    format!("space key|{id}")
}

pub(crate) fn about_name(id: DeviceId) -> String {
    format!("device name|{id}")
}

/// A space as it stands, with its key opened.
pub(crate) fn open_space(server: &Server, id: SpaceId, conn: &Conn) -> Result<Option<(Space, Key)>> {
    let Some(space) = db::space::get(id, conn)? else {
        return Ok(None);
    };
    let key = server.space_key(&space)?;
    Ok(Some((space, key)))
}
