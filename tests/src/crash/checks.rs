//! What must hold of a desktop's file, whatever became of the disk under it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result};
use rusqlite::Connection;
use store::Store;
use uuid::Uuid;

use super::hospital as h;
use super::{Said, Wrong};

/// Every action that the log holds.
pub fn actions(store: &Store) -> Result<BTreeSet<Uuid>> {
    let log = store.read(|records, _| records.log())?;
    let mut actions = BTreeSet::new();
    for (id, _) in log.iter().filter(|(id, _)| id.device == store.device()) {
        let change = store.read(|records, _| records.change(*id))?;
        actions.extend(change.map(|change| change.action));
    }
    Ok(actions)
}

/// What was acknowledged as saved is there and says the same.
pub fn check_written(store: &Store, said: &Said) -> Result<()> {
    for (id, hash) in &said.saved {
        match super::said::hash_in(store, *id)? {
            None => return Err(Wrong::Lost(format!("the saved change {}", id.seq)).into()),
            Some(held) if hash.is_some_and(|hash| hash != held) => {
                return Err(Wrong::Corrupt(format!("the saved change {} says something else", id.seq)).into());
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Acknowledged ⊆ stored ⊆ attempted, and every action whole.
pub fn check_log(store: &Store, said: &Said) -> Result<()> {
    check_written(store, said)?;
    let log = store.read(|records, _| records.log())?;
    let mut parts: BTreeMap<Uuid, (u32, u32)> = Default::default();
    for (id, _) in &log {
        let change = store
            .read(|records, _| records.change(*id))?
            .context("a change of the log is gone")?;
        parts.entry(change.action).or_insert((change.of, 0)).1 += 1;
        if id.device == store.device() && !said.tried.contains(&change.action) {
            return Err(Wrong::Corrupt(format!("nobody wrote the change {}", id.seq)).into());
        }
    }
    if parts.values().any(|(of, have)| of != have) {
        return Err(Wrong::Corrupt("an action is there in part".to_owned()).into());
    }
    Ok(())
}

/// What was received and read once is not forgotten.
pub fn check_spaces(store: &Store, said: &Said) -> Result<()> {
    let spaces = store.spaces()?;
    let mut is_same_epoch = true;
    for (id, (epoch, cursor)) in &said.read {
        let Some(space) = spaces.iter().find(|space| space.space == *id) else {
            return Err(Wrong::Lost(format!("the space {id}")).into());
        };
        is_same_epoch &= space.epoch == *epoch;
        if space.epoch < *epoch || (space.epoch == *epoch && space.cursor < *cursor) {
            return Err(Wrong::Lost(format!("what was read of {id} up to {cursor}")).into());
        }
    }
    if !is_same_epoch {
        return Ok(());
    }
    let log: BTreeMap<_, _> = store.read(|records, _| records.log())?.into_iter().collect();
    for (id, lsn) in said.received.iter().filter(|(_, lsn)| lsn.is_some()) {
        if log.get(id).copied().flatten() != *lsn {
            return Err(Wrong::Lost(format!("the receipt of the change {}", id.seq)).into());
        }
    }
    Ok(())
}

/// What the tables beside the log say is what the log says.
pub fn check_projections(store: &Store) -> Result<()> {
    let differences = store.verify()?;
    if differences.is_empty() {
        return Ok(());
    }
    Err(Wrong::Corrupt(format!("beside the log stands what it does not say: {differences:?}")).into())
}

/// A connection that goes past the store.
pub fn raw(path: &Path) -> Result<Connection> {
    let conn = Connection::open(path)?;
    let hex: String = h::database_key()
        .bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    conn.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_log_level = NONE"))?;
    conn.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(conn)
}

/// Every page is what was written, and they fit together.
pub fn check_pages(path: &Path, check: &str, sound: &[&str]) -> Result<()> {
    let conn = raw(path)?;
    let mut statement = conn.prepare(&format!("PRAGMA {check}"))?;
    let lines: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    if lines != sound {
        return Err(Wrong::Corrupt(format!("{check}: {lines:?}")).into());
    }
    Ok(())
}
