//! The district's side: one database with one to four server nodes on it, its backups, and how all
//! of it fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::RecordId;
use server::{Config, Server};
use sync_core::exchange::Reason;
use sync_core::{ChangeId, DeviceId};

use super::chance::Chance;
use super::disk::{self, Written};
use super::kept::Home;

/// What a person may do, as the district has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Grant {
    pub role: &'static str,
    pub facility: RecordId,
    pub is_active: bool,
}

/// What the district was told and said; it goes back with a restore.
#[derive(Clone, Default)]
pub struct Known {
    pub grants: BTreeMap<RecordId, Grant>,
    pub parked: BTreeMap<ChangeId, Reason>,
    pub revoked: BTreeSet<DeviceId>,
    /// Who is to hold nothing any more; at once when true.
    pub ordered: BTreeMap<DeviceId, bool>,
}

/// What the district knew before rights changed within a round of a device.
pub struct Former {
    pub device: DeviceId,
    /// The last change of the device that it had taken in by then.
    pub heard: u64,
    pub known: Known,
}

struct Backup {
    file: PathBuf,
    known: Known,
}

/// The district's servers.
pub struct District {
    nodes: Vec<Server>,
    beside: PathBuf,
    home: Home,
    folder: PathBuf,
    config: Config,
    /// What must hold there.
    pub known: Known,
    /// Only while such a round lasts.
    pub former: Option<Former>,
    backup: Option<Backup>,
    /// How often the database was replaced by an earlier one.
    pub restored: u64,
    folders: u32,
}

impl District {
    pub fn begin(home: &Path, district: RecordId, nodes: usize, (config, kept): (Config, Home)) -> Result<District> {
        let folder = home.join("server-0");
        let first = Server::begin(&folder, district, 330, config.clone())?;
        let mut district = District {
            nodes: vec![first],
            beside: home.to_owned(),
            home: kept,
            folder,
            config,
            known: Known::default(),
            former: None,
            backup: None,
            restored: 0,
            folders: 0,
        };
        for _ in 1..nodes {
            let node = Server::open(&district.folder, district.config.clone())?;
            district.nodes.push(node);
        }
        Ok(district)
    }

    /// The first node; what is done on the machine itself is done there.
    pub fn first(&self) -> &Server {
        self.nodes.first().expect("a district has a node")
    }

    /// The last change that it has of the desk.
    pub fn last_heard(&self, device: DeviceId) -> Result<u64> {
        Ok(self.first().device(device)?.map_or(0, |known| known.last_seq))
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The node that a request happens to reach.
    pub fn any(&self, chance: &mut Chance) -> Server {
        chance.pick(&self.nodes).expect("a district has a node").clone()
    }

    /// One node dies and another takes its place on the same database.
    pub fn replace_a_node(&mut self, chance: &mut Chance) -> Result<()> {
        let place = chance.below(self.nodes.len());
        self.nodes[place] = Server::open(&self.folder, self.config.clone())?;
        Ok(())
    }

    /// All nodes begin anew with pages of that size.
    pub fn set_page_bytes(&mut self, bytes: usize) -> Result<()> {
        self.config.limits.page_bytes = bytes;
        self.open_all()
    }

    /// How far the database is written.
    pub fn written(&self) -> Result<Option<Written>> {
        disk::written(&self.folder.join("district.db"))
    }

    /// The power of the whole machine fails at any byte written since `before`.
    pub fn lose_power(&mut self, before: Option<Written>, chance: &mut Chance) -> Result<bool> {
        if !self.home.is_cut {
            self.open_all()?;
            return Ok(false);
        }
        let to = self.new_folder()?;
        let cut = disk::copy_cut(
            &self.folder.join("district.db"),
            &to.join("district.db"),
            before,
            chance,
        )?;
        self.move_to(to)?;
        Ok(cut)
    }

    pub fn back_up(&mut self) -> Result<()> {
        self.folders += 1;
        let file = self.beside.join(format!("backup-{}", self.folders));
        self.home.back_up(self.first(), &file)?;
        if let Some(old) = self.backup.replace(Backup {
            file,
            known: self.known.clone(),
        }) {
            std::fs::remove_file(old.file)?;
        }
        Ok(())
    }

    pub fn has_backup(&self) -> bool {
        self.backup.is_some()
    }

    /// The machine is lost; the last backup takes its place.
    pub fn restore(&mut self) -> Result<()> {
        let to = self.new_folder()?;
        let backup = self.backup.as_ref().context("there is no backup")?;
        self.home.restore(&backup.file, &to, &self.config)?;
        self.known = backup.known.clone();
        self.restored += 1;
        self.move_to(to)
    }

    fn new_folder(&mut self) -> Result<PathBuf> {
        self.folders += 1;
        let to = self.beside.join(format!("server-{}", self.folders));
        std::fs::create_dir_all(&to)?;
        let key = "master.key";
        std::fs::copy(self.folder.join(key), to.join(key))?;
        Ok(to)
    }

    fn move_to(&mut self, folder: PathBuf) -> Result<()> {
        let old = std::mem::replace(&mut self.folder, folder);
        self.open_all()?;
        std::fs::remove_dir_all(old)?;
        Ok(())
    }

    fn open_all(&mut self) -> Result<()> {
        for node in &mut self.nodes {
            *node = Server::open(&self.folder, self.config.clone())?;
        }
        Ok(())
    }
}
