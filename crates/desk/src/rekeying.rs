//! A new key for the database: everything is written into a new file beside the old one, the slots take the new key, and
//! the new file takes the old one's place. The old one is destroyed. Whoever had the key of before opens nothing more.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::RecordId;
use domain::access::lets_in_again;
use store::{DatabaseKey, Store};

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::identity::Succession;
use crate::keys::file::DeskFile;
use crate::keys::seal::{Key, random_key};
use crate::net::link::wall_ms;

/// Whatever was being read or saved when the desk was closed is done sooner.
const LONGEST_WORK: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(20);

impl Desk {
    /// Gives the database a new key, and locks the desk: people sign in as before. Nothing that waits to be sent is lost.
    /// Copies made before stay under the key of before.
    ///
    /// # Errors
    /// `not_allowed`, or another [`Failure`]: nothing was changed, or the next sign-in goes on with it.
    pub async fn rekey(&self) -> Result<(), Failure> {
        let (_, session) = self.may_write()?;
        if !lets_in_again(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        let _one = self.inner.changing.lock().await;
        let file = self.file()?;
        if file.succession.is_some() {
            return Err(Failure::new("identity_first"));
        }
        let secret = self.device_secret(&file)?;
        let store = self.close().await.ok_or_else(|| Failure::new("locked"))?;
        let store = alone(store).await?;
        let (next, key) = (self.next_database(), random_key());
        let made = {
            let (next, key) = (next.clone(), key.clone());
            tokio::task::spawn_blocking(move || copied(store, &next, &key))
        };
        made.await.map_err(|_| Failure::new("database_failed"))??;
        self.take_new_key(session.who.person, &secret, &key)
    }

    /// Lets the slots open the database that stands beside, made with `key`, and puts that in its place. That `by` did
    /// it is noted in the same writing, and told at the next sign-in.
    ///
    /// # Errors
    /// [`Failure`]: nothing was changed, or [`Desk::finish_succession`] goes on with it.
    pub fn take_new_key(&self, by: RecordId, secret: &Key, key: &Key) -> Result<(), Failure> {
        self.change_file(|file| {
            file.slots.put_new_key(secret, key)?;
            file.succession = Some(Succession::Rekeying);
            file.untold.note("rekeyed", Some(by), wall_ms());
            Ok(())
        })?;
        self.finish_succession()?;
        self.tell(Notice::Status);
        Ok(())
    }

    /// Puts the database with the new key in the place of the old one, and destroys that.
    pub(crate) fn finish_rekeying(&self, file: DeskFile) -> Result<(), Failure> {
        let (next, before) = (self.next_database(), self.database_before());
        if next.exists() {
            // It was written before, but not surely for good: then its slots would not open the new one.
            self.keep(file)?;
            if self.database().exists() {
                store::put_in_place(&self.database(), &before)?;
            }
            store::put_in_place(&next, &self.database())?;
        }
        store::remove(&before)?;
        self.change_file(|file| {
            file.succession = None;
            Ok(())
        })
    }

    fn database_before(&self) -> PathBuf {
        self.folder().join("ward.db.old-key")
    }
}

/// The store once nobody else works in it: what is saved while it is copied would not be in the copy.
async fn alone(store: Arc<Store>) -> Result<Store, Failure> {
    let begun = Instant::now();
    let mut store = store;
    while begun.elapsed() < LONGEST_WORK {
        match Arc::try_unwrap(store) {
            Ok(store) => return Ok(store),
            Err(shared) => store = shared,
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failure::new("database_in_use"))
}

/// Writes everything into a new file with another key, and closes the old one.
///
/// # Errors
/// [`Failure`]: nothing was changed.
pub fn copied(store: Store, next: &Path, key: &Key) -> Result<(), Failure> {
    // Left by a try that a power cut ended: no slot opens it.
    store::remove(next)?;
    Ok(store.copy_with_key(next, &DatabaseKey::new(key))?)
}
