//! Which computer this is: an old copy of the file is found at opening, before anything is written, and a desk whose
//! file was copied or put back goes on under a new identity with everything it holds.

use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use store::{DatabaseKey, Store};
use sync_core::DeviceId;
use sync_core::entry::{Renew, Renewed, SignedIn};
use sync_core::exchange::PeerError;
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::keys::file::{DeskFile, SIGNING_KEY, ServerPin};
use crate::keys::seal::{Key, Sealed, open_key, random_key, seal};
use crate::net::join::{Invitation, join};
use crate::net::link::{Link, LinkError};
use crate::setup::{JoinedShown, told};
use crate::ways_in::Entrant;

/// How far a desk has come on its way to a new identity, in its file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Succession {
    /// The key of the new identity was made, and the server may know it: it is asked with the same again.
    Asked(Sealed),
    /// This file names the new identity already; the database made for it takes the place of the old one.
    Swapping,
    /// The slots open the new database already, which has another key; it takes the place of the old one, and that is
    /// destroyed.
    Rekeying,
}

/// What a desk will be.
pub struct Successor {
    pub device: DeviceId,
    pub key: SigningKey,
    pub server: ServerPin,
}

impl Desk {
    /// Compares the file with how often it was opened: true when it is an older copy. Otherwise the opening is
    /// counted: in the database first, then in the desk's file, then in the key store, so that a power cut in between
    /// never leaves the database behind.
    pub(crate) fn is_older_copy(&self, file: &DeskFile, store: &Store) -> Result<bool, Failure> {
        let place = self.secret_place(file);
        let noted = file.generation.max(place.generation());
        let found = store.generation()?;
        if file.server.is_some() && found < noted {
            tracing::warn!(found, noted, "the database is an older copy");
            return Ok(true);
        }
        let next = found.max(noted) + 1;
        // A disk that takes no note of it keeps nobody out.
        let counted = store.set_generation(next).map_err(Failure::from).and_then(|()| {
            self.change_file(|file| {
                file.generation = next;
                Ok(())
            })
        });
        if counted.is_ok() {
            place.note_generation(next);
        }
        Ok(false)
    }

    /// Gives this desk a new identity, confirmed by a person with the network: everything here is carried over, what
    /// the district has is received anew, and what it did not get is written anew. The person is signed in then.
    ///
    /// # Errors
    /// [`Failure`]: nothing was changed, or it goes on with the next try.
    pub async fn renew_identity(&self, username: &str, password: &str) -> Result<(), Failure> {
        self.finish_succession()?;
        let file = self.file()?;
        let server = file.server.clone().ok_or_else(|| Failure::new("not_set_up"))?;
        let secret = self.device_secret(&file)?;
        let key = self.next_key(&secret)?;
        let link = Link::new(
            server.clone(),
            file.device,
            self.signing_key(&file, &secret)?,
            self.inner.options.patience,
        )?;
        let asked: Renewed = link
            .ask("/v1/renew", &Renew::new(file.device, &key, username.trim(), password))
            .await
            .map_err(not_known)?;
        let Renewed { device, signed_in } = asked;
        let verifying = VerifyingKey::from_bytes(&server.key.0).map_err(|_| Failure::new("desk_file_damaged"))?;
        let grant = signed_in.grant.read(&verifying).filter(|grant| grant.device == device);
        let grant = grant.ok_or(LinkError::Peer(PeerError::Certificate))?;
        let password = Zeroizing::new(password.to_owned());
        let database_key = self.key_of_the_database(&file, &signed_in, &password, &secret).await?;
        let successor = Successor { device, key, server };
        self.succeed(successor, &database_key, &secret).await?;
        let entrant = Entrant {
            grant: &grant,
            signed_in: &signed_in,
            password: &password,
            secret: &secret,
        };
        self.let_in(entrant, &database_key).await?;
        let (open, session) = self.at_work()?;
        self.note(&open, &session, &self.event("desk_renewed", &session));
        Ok(())
    }

    /// Joins the district anew with an invitation, keeping everything that is here: for a desk that its district does
    /// not know any more. Afterwards people sign in again.
    ///
    /// # Errors
    /// [`Failure`]: nothing was changed, or it goes on with the next try.
    pub async fn rejoin(&self, address: &str, code: &str, desk_name: &str) -> Result<JoinedShown, Failure> {
        let (open, _) = self.at_work()?;
        let file = self.file()?;
        let secret = self.device_secret(&file)?;
        let invitation = Invitation::read(address, code)?;
        let key = self.next_key(&secret)?;
        let joined = join(&invitation, &key, desk_name, self.inner.options.patience)
            .await
            .map_err(told)?;
        if joined.enrolled.facility != file.facility || joined.enrolled.district != file.district {
            return Err(Failure::new("invitation_other_facility"));
        }
        let database_key = Key::copied(open.store.key_bytes());
        drop(open);
        let successor = Successor {
            device: joined.enrolled.device,
            key,
            server: joined.server,
        };
        self.succeed(successor, &database_key, &secret).await?;
        let words = joined.words.iter().map(|word| (*word).to_owned()).collect();
        Ok(JoinedShown {
            facility_name: joined.enrolled.facility_name,
            words,
        })
    }

    /// The key of the identity to come; the one that was made before, if the answer to it was lost.
    ///
    /// # Errors
    /// [`Failure`] when the desk's file cannot be written.
    pub fn next_key(&self, secret: &Key) -> Result<SigningKey, Failure> {
        self.change_file(|file| {
            if let Some(Succession::Asked(sealed)) = &file.succession {
                let bytes = open_key(secret, SIGNING_KEY, sealed)?;
                return Ok(SigningKey::from_bytes(&bytes));
            }
            let key = SigningKey::from_bytes(&random_key());
            file.succession = Some(Succession::Asked(seal(secret, SIGNING_KEY, &key.to_bytes())));
            Ok(key)
        })
    }

    async fn key_of_the_database(
        &self,
        file: &DeskFile,
        signed_in: &SignedIn,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<Key, Failure> {
        if let Ok(key) = file.slots.open_shared(&signed_in.share.0, secret) {
            return Ok(key);
        }
        for person in file.slots.people().collect::<Vec<_>>() {
            if let Some(key) = self.try_slot(file, person, password, secret).await? {
                return Ok(key);
            }
        }
        Err(Failure::new("database_wrong_key"))
    }

    /// Makes the database of the new identity beside the old one, and puts it in its place.
    ///
    /// # Errors
    /// [`Failure`]: nothing was changed, or [`Desk::finish_succession`] goes on with it.
    pub async fn succeed(&self, successor: Successor, database_key: &Key, secret: &Key) -> Result<(), Failure> {
        let store = self.close().await;
        let (desk, key) = (self.clone(), database_key.clone());
        let device = successor.device;
        let made = tokio::task::spawn_blocking(move || desk.make_next(store, &key, device));
        made.await.map_err(|_| Failure::new("database_failed"))??;
        self.change_file(|file| {
            file.device = successor.device;
            file.server = Some(successor.server);
            file.signing_key = seal(secret, SIGNING_KEY, &successor.key.to_bytes());
            file.succession = Some(Succession::Swapping);
            Ok(())
        })?;
        self.finish_succession()
    }

    /// Ends the session and the worker. Answers the store, if it was open.
    pub(crate) async fn close(&self) -> Option<Arc<Store>> {
        let (open, worker, mut after_sign_in) = {
            let mut state = self.state();
            let after_sign_in = mem::take(&mut state.after_sign_in);
            state.session = None;
            state.problem = None;
            state.link = crate::desk::LinkState::default();
            (state.open.take(), state.worker.take(), after_sign_in)
        };
        after_sign_in.shutdown().await;
        if let Some(worker) = worker {
            worker.abort();
            // A worker that was ended answers that it was.
            let _ = worker.await;
        }
        self.tell(Notice::Status);
        open.map(|open| open.store)
    }

    pub(crate) fn next_database(&self) -> PathBuf {
        self.folder().join("ward.next.db")
    }

    fn make_next(&self, store: Option<Arc<Store>>, key: &Key, device: DeviceId) -> Result<(), Failure> {
        let file = self.file()?;
        let next = self.next_database();
        // Left by a try that a power cut ended: nobody has worked in it.
        store::remove(&next)?;
        let old = match store {
            Some(store) => Some(store),
            None if self.database().exists() => Some(Arc::new(Store::open(&self.database(), &DatabaseKey::new(key))?)),
            None => None,
        };
        match old {
            Some(old) => old.succeed(&next, device)?,
            None => {
                let made = Store::create(&next, &DatabaseKey::new(key), device)?;
                for space in Desk::spaces(&file) {
                    made.follow(space)?;
                }
            }
        }
        // It begins where the old one was counted to, else it would be taken for an older copy.
        let made = Store::open(&next, &DatabaseKey::new(key))?;
        Ok(made.set_generation(file.generation.max(self.secret_place(&file).generation()))?)
    }

    /// Puts the database of the new identity in the place of the old one, if that is still to be done. The old one
    /// stays, under a name that says so.
    ///
    /// # Errors
    /// [`Failure`]: it goes on with the next try.
    pub fn finish_succession(&self) -> Result<(), Failure> {
        let Ok(file) = self.file() else { return Ok(()) };
        if file.succession == Some(Succession::Rekeying) {
            return self.finish_rekeying(file);
        }
        if file.succession != Some(Succession::Swapping) {
            return Ok(());
        }
        let next = self.next_database();
        if next.exists() {
            // It was written before, but not surely for good: then it would name the old one after a power cut.
            self.keep(file)?;
            if self.database().exists() {
                store::set_aside(&self.database())?;
            }
            store::put_in_place(&next, &self.database())?;
        }
        self.change_file(|file| {
            file.succession = None;
            Ok(())
        })?;
        self.tell(Notice::Status);
        Ok(())
    }
}

/// A server that takes nothing of this desk does not know it, or has withdrawn it: an invitation is the way out.
fn not_known(error: LinkError) -> Failure {
    match error {
        LinkError::Refused { code, .. } if code == "not_accepted" => PeerError::NotAccepted.into(),
        other => other.into(),
    }
}
