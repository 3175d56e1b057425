//! Backups: the whole file as of one moment, sealed under the master key in pieces, so that none
//! can be left out, moved or altered. The master key itself is kept elsewhere by the operator.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use ed25519_dalek::SigningKey;
use sync_core::{DeviceId, planted};

use crate::config::Config;
use crate::db::{self, Conn, Db};
use crate::durable::{self, Scratch};
use crate::error::{Result, ServerError};
use crate::events::{self, Happened};
use crate::keys::{make_folder, master_key};
use crate::seal::Key;
use crate::sealed_file::{Form, Opening, Sealing};
use crate::server::{FILE, Server, opened, own_device};
use crate::verify::walk;

const FORM: Form = Form {
    word: "backup",
    version: 1,
    refusal: "this is no backup of Wardroom",
};

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    pub spaces: usize,
    pub changes: u64,
    pub bytes: u64,
}

/// Writes a backup of the district to a new file, and reads it back.
///
/// # Errors
/// [`ServerError`]; nothing is left at `to` then.
pub fn make(server: &Server, to: &Path) -> Result<Held> {
    if server.db().is_shared() {
        return Err(ServerError::BackedUpElsewhere);
    }
    if to.exists() {
        let taken = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(ServerError::Io(to.to_owned(), taken));
    }
    let copy = Scratch::beside(to, "copy");
    server.db().copy(&copy.0)?;
    let sealed = Scratch::beside(to, "part");
    seal(&copy.0, &sealed.0, server.master()).map_err(|error| ServerError::Io(sealed.0.clone(), error))?;
    let held = verify_with(&sealed.0, server.master())?;
    server.note_now(Happened::new("backup_made"))?;
    durable::name(&sealed.0, to).map_err(|error| ServerError::Io(to.to_owned(), error))?;
    Ok(held)
}

/// Reads a backup whole: its seal, the file's structure, and the chain of every log.
///
/// # Errors
/// [`ServerError`] when the backup could not be restored.
pub fn verify(from: &Path, dir: &Path, config: &Config) -> Result<Held> {
    let master = master_key(dir, config)?;
    verify_with(from, &master)
}

/// Puts a backup in the place of a district that was lost, in a folder that holds none and with the
/// master key of that district. A new epoch tells the desks that the logs were set back: they send
/// again what came after the backup, and read the rest anew.
///
/// # Errors
/// [`ServerError`]; the folder then holds no district, as before.
pub fn restore(from: &Path, dir: &Path, config: &Config) -> Result<Held> {
    if config.database.is_some() {
        return Err(ServerError::BackedUpElsewhere);
    }
    let to = dir.join(FILE);
    if to.exists() {
        return Err(ServerError::AlreadyBegun(dir.to_owned()));
    }
    make_folder(dir)?;
    let master = master_key(dir, config)?;
    let held = verify_with(from, &master)?;
    let beside = Scratch::beside(&to, "restored");
    open(from, &beside.0, &master)?;
    let db = Db::open(&beside.0)?;
    db.write(|tx| begin_anew(&master, config, tx))?;
    db.checkpoint()?;
    drop(db);
    durable::name(&beside.0, &to).map_err(|error| ServerError::Io(to, error))?;
    Ok(held)
}

/// Begins a new epoch where the district is kept in a database that was restored, or in which a
/// standby took over, by its own tools. Answers how many spaces and changes there are, each log
/// walked to its end.
///
/// # Errors
/// [`ServerError`]: no epoch was begun.
pub fn begin_epoch(dir: &Path, config: &Config) -> Result<(usize, u64)> {
    let db = match &config.database {
        Some(address) => Db::connect_displaced(address)?,
        None => opened(dir, config)?,
    };
    let master = master_key(dir, config)?;
    let counted = walk_all(&db, &master)?;
    db.write(|tx| {
        begin_anew(&master, config, tx)?;
        db::renew_lineage(tx)
    })?;
    Ok(counted)
}

/// A new epoch; another device for the server's own changes, whose numbers after the backup may be
/// known to desks as other changes; and no invitation, since it may have been used after the backup.
fn begin_anew(master: &Key, config: &Config, conn: &Conn) -> Result<()> {
    let now_ms = (config.now_ms)();
    let instance = db::instance::get(conn)?.ok_or(ServerError::Damaged("the file in the backup"))?;
    let key = master.unwrap("instance key", &instance.sealed_key)?;
    let signing_key = master.open_32("signing key", &instance.sealed_signing_key)?;
    let signing_key = SigningKey::from_bytes(&signing_key);
    let own = own_device(
        DeviceId((config.new_id)()),
        instance.district,
        &key,
        &signing_key,
        now_ms,
    );
    planted!(CloneKeepsId, return db::space::begin_epoch(now_ms.unsigned_abs(), conn));
    db::device::insert(&own, conn)?;
    db::instance::set_device(own.id.0, conn)?;
    db::invitation::forget(i64::MAX, conn)?;
    events::note(Happened::new("epoch_begun"), now_ms, &key, conn)?;
    // By the clock, so that no second restore of the same backup begins the same epoch.
    db::space::begin_epoch(now_ms.unsigned_abs(), conn)
}

fn verify_with(from: &Path, master: &Key) -> Result<Held> {
    let plain = Scratch::beside(from, "check");
    open(from, &plain.0, master)?;
    let bytes = fs::metadata(from)
        .map_err(|error| ServerError::Io(from.to_owned(), error))?
        .len();
    let db = Db::open(&plain.0)?;
    if !db.faults()?.is_empty() {
        return Err(ServerError::Damaged("the file in the backup"));
    }
    let (spaces, changes) = walk_all(&db, master)?;
    Ok(Held { spaces, changes, bytes })
}

/// How many spaces and changes there are, when the chain of every log is as its changes say.
fn walk_all(db: &Db, master: &Key) -> Result<(usize, u64)> {
    db.read(|conn| {
        let spaces = db::space::all(conn)?;
        let mut changes = 0;
        for space in &spaces {
            let key = master.unwrap(&crate::server::about_space(space.id), &space.sealed_key)?;
            if walk(space, &key, conn)?.is_some() {
                return Err(ServerError::Damaged("the log of a space"));
            }
            changes += space.head;
        }
        Ok((spaces.len(), changes))
    })
}

fn seal(from: &Path, to: &Path, key: &Key) -> std::io::Result<()> {
    let mut from = File::open(from)?;
    let mut sealing = Sealing::begin(File::create_new(to)?, FORM, key)?;
    let mut bytes = vec![0; 1024 * 1024];
    loop {
        let read = from.read(&mut bytes)?;
        let Some(read) = bytes.get(..read).filter(|read| !read.is_empty()) else {
            return sealing.end();
        };
        sealing.write(read)?;
    }
}

fn open(from: &Path, to: &Path, key: &Key) -> Result<()> {
    let failed = |error| ServerError::Io(from.to_owned(), error);
    let mut opening = Opening::begin(from, FORM, key)?;
    let mut to = BufWriter::new(File::create_new(to).map_err(failed)?);
    while let Some(plain) = opening.next()? {
        to.write_all(&plain).map_err(failed)?;
    }
    // Synced here, where a failure is told: the engine keeps one to itself when it first turns to its
    // log, and what a failed sync let go no later one brings back.
    let to = to.into_inner().map_err(|error| failed(error.into_error()))?;
    to.sync_all().map_err(failed)
}
