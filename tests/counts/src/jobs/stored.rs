//! Jobs in the encrypted file of a desk: saving, taking in, finding.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use domain::{Draft, Records};
use store::{DatabaseKey, SaveError, Store, StoreError};
use sync_core::{Chain, DeviceId};
use uuid::Uuid;

use super::Once;
use crate::Result;
use crate::ward::{self, Log, NOW_MS};

/// So many changes are in a page.
const IN_PAGE: u64 = 20;

fn path(folder: &Path) -> PathBuf {
    folder.join("ward.db")
}

/// Makes the file in which the jobs begin: [`ward::PATIENTS`] patients, some of them with an encounter.
///
/// # Errors
/// When it cannot be made.
pub fn make_file(folder: &Path) -> Result<()> {
    let device = DeviceId(Uuid::from_u128(1));
    let store = Store::create(&path(folder), &DatabaseKey::new(&ward::KEY), device)?;
    store.follow(Log::space())?;
    let mut log = Log::after(0, Chain::default());
    let registered = (0..ward::PATIENTS).map(ward::registration);
    store.absorb(log.page(registered)?, NOW_MS)?;
    let admitted = (0..ward::ADMITTED).map(ward::encounter);
    store.absorb(log.page(admitted)?, NOW_MS)?;
    Ok(())
}

/// Nothing in it is left to chance or to the time that passes.
fn open(folder: &Path) -> Result<Store> {
    Ok(Store::open_simulated(&path(folder), &DatabaseKey::new(&ward::KEY), 0)?)
}

pub fn save_one_field(folder: &Path, times: usize) -> Result<Once> {
    saved(folder, times, |number| {
        ward::one_field(number.wrapping_mul(379) % ward::PATIENTS, number)
    })
}

pub fn save_round(folder: &Path, times: usize) -> Result<Once> {
    saved(folder, times, ward::round)
}

fn saved(folder: &Path, times: usize, draft: fn(u64) -> Draft) -> Result<Once> {
    let store = open(folder)?;
    let as_of = store.as_of()?;
    let mut waiting: Vec<_> = (0..times as u64)
        .rev()
        .map(|number| ward::action(draft(number), as_of + number))
        .collect();
    Ok(Box::new(move || {
        let action = waiting.pop().context("nothing was left to save")?;
        let seen = action.as_of;
        let saved = store.save(action).map_err(told)?;
        ensure!(saved.as_of == seen + 1 && saved.changes.len() == 1, "another save");
        Ok(())
    }))
}

/// With the codes of the problems.
fn told(error: SaveError) -> anyhow::Error {
    match error {
        SaveError::Problems(problems) => anyhow::anyhow!("the draft was refused: {problems:?}"),
        SaveError::Store(error) => error.into(),
    }
}

pub fn absorb(folder: &Path, times: usize) -> Result<Once> {
    let store = open(folder)?;
    let spaces = store.spaces()?;
    let held = spaces.first().context("the file follows no space")?;
    let mut log = Log::after(held.cursor, held.chain);
    let mut waiting = Vec::new();
    for page in 0..times as u64 {
        let first = ward::PATIENTS + page * IN_PAGE;
        waiting.push(log.page((first..first + IN_PAGE).map(ward::registration))?);
    }
    waiting.reverse();
    Ok(Box::new(move || {
        let page = waiting.pop().context("nothing was left to take in")?;
        black_box(store.absorb(page, NOW_MS)?);
        Ok(())
    }))
}

pub fn search(folder: &Path, _: usize) -> Result<Once> {
    let store = open(folder)?;
    Ok(Box::new(move || {
        let found = store.read(|records, _| {
            let found = records.search("patient", black_box("lak"), 20);
            found.map_err(|_| StoreError::Damaged)
        })?;
        ensure!(found.len() == 20, "found {} and not 20", found.len());
        Ok(())
    }))
}
