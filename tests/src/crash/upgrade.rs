//! A desk's file and a server's, as the oldest version left them, are opened on the failing disk: the tables change
//! whole or not at all, and everything in them stays.

use std::path::{Path, PathBuf};

use anyhow::Result;
use server::Server;
use store::Store;

use super::checks::check_projections;
use super::{Course, DISK, Said, Voice, Wrong};
use crate::golden::{self, Desktop, District, Kept};
use crate::smallest;

const STEPS: &[&str] = &[
    "the desk's file is opened",
    "the desk keeps something more",
    "the server's file is opened",
    "both are opened again",
];
const SETTING: &str = "after the upgrade";

pub fn lay_out(folder: &Path) -> Result<()> {
    let oldest = golden::folder();
    for (from, name) in [
        ("desktop-1", "ward.db"),
        ("server-1", "district.db"),
        ("server-1", "master.key"),
    ] {
        std::fs::copy(oldest.join(from).join(name), folder.join(DISK).join(name))?;
    }
    Ok(())
}

/// The course of an update.
pub struct UpgradeCourse {
    folder: PathBuf,
}

impl UpgradeCourse {
    pub fn new(folder: &Path) -> UpgradeCourse {
        UpgradeCourse {
            folder: folder.join(DISK),
        }
    }

    fn store(&self) -> Result<Store> {
        Ok(Store::open_simulated(&self.folder.join("ward.db"), &golden::key(), 0)?)
    }

    fn server(&self) -> Result<Server> {
        Ok(Server::open(&self.folder, smallest::config())?)
    }
}

fn kept<T: serde::de::DeserializeOwned>(of: &str) -> Result<T> {
    let text = std::fs::read(golden::folder().join(of).join("holds.json"))?;
    Ok(serde_json::from_slice::<Kept<T>>(&text)?.holds)
}

impl Course for UpgradeCourse {
    fn steps(&self) -> &'static [&'static str] {
        STEPS
    }

    fn step(&mut self, step: usize, voice: &mut Voice) -> Result<()> {
        match step {
            0 => self.store().map(drop),
            1 => {
                self.store()?.put_setting(SETTING, &serde_json::json!(true))?;
                voice.tell(SETTING)
            }
            2 => self.server().map(drop),
            _ => {
                drop(self.store()?);
                self.server().map(drop)
            }
        }
    }

    fn check(&mut self, said: &Said) -> Result<()> {
        let store = self.store()?;
        let held = golden::desktop_holds(&store)?;
        if held != kept::<Desktop>("desktop-1")? {
            return Err(Wrong::Lost(format!("what the desk's file held: {held:?}")).into());
        }
        if said.told.contains(SETTING) && store.setting(SETTING)?.is_none() {
            return Err(Wrong::Lost("what was kept after the upgrade".to_owned()).into());
        }
        check_projections(&store)?;
        let server = self.server()?;
        let held = golden::server_holds(&server)?;
        if held != kept::<District>("server-1")? {
            return Err(Wrong::Lost(format!("what the server's file held: {held:?}")).into());
        }
        let faults = server.db().faults()?;
        if !faults.is_empty() {
            return Err(Wrong::Corrupt(format!("the server's file: {faults:?}")).into());
        }
        Ok(())
    }

    fn check_end(&mut self, said: &Said) -> Result<()> {
        self.check(said)
    }
}
