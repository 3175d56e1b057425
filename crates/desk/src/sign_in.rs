//! Signing in and locking. With a slot here, a password opens the desk without the network; the
//! server is asked behind the person's back, and alone decides about people without a slot.

use std::sync::Arc;

use domain::RecordId;
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use store::{DatabaseKey, Store};
use sync_core::entry::{Grant, SignIn, SignedGrant, SignedIn};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::{Active, Desk, Notice, Open, Session};
use crate::keys::file::DeskFile;
use crate::keys::seal::{Key, random_key};
use crate::keys::slots::{Slot, Tile};
use crate::net::link::{Link, LinkError};
use crate::setup::is_offline;
use crate::status::Who;

/// How long the server may take to answer before the desk counts as offline for a sign-in, in seconds: of a person who
/// has a slot here, and of one whom only the server can let in, on the slowest link too.
const ANSWER_WITHIN_S: (u64, u64) = (10, 60);

/// What is wrong with the file of the records itself; nobody can sign in before it is mended.
const FILE_FAILURES: &[&str] = &[
    "database_damaged",
    "database_wrong_key",
    "database_missing",
    "database_newer",
];

impl Desk {
    /// Signs a person in.
    ///
    /// # Errors
    /// [`Failure`] with the code `wrong_password`, `blocked`, `suspended_here`, `offline_unknown_person` (when only the
    /// server knows them), or what is wrong with the desk.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<(), Failure> {
        let entered = self.enter(username, password).await;
        if let Err(failure) = &entered
            && FILE_FAILURES.contains(&failure.code.as_str())
        {
            // The window then says what is safe and what to do, for whoever comes next too.
            self.state().problem = Some(failure.clone());
            self.tell(Notice::Status);
        }
        entered
    }

    async fn enter(&self, username: &str, password: &str) -> Result<(), Failure> {
        self.finish_succession()?;
        let file = self.file()?;
        let secret = self.secret_place(&file).get()?;
        let tiles = file.slots.tiles(&secret)?;
        let username = username.trim().to_lowercase();
        let known = tiles.into_iter().find(|tile| tile.username.to_lowercase() == username);
        let who = known.as_ref().map(|tile| tile.person);
        let password = Zeroizing::new(password.to_owned());
        let tried = self.try_counted(&file, who, &password, &secret).await?;
        if let (Some(tile), Some(key)) = (&known, tried) {
            self.forget_tries(tile.person)?;
            let file = self.file()?;
            self.open_with(&file, &key, tile)?;
            if file.server.is_some() {
                self.renew_in_background(file, tile.clone(), password, secret, key);
            }
            return Ok(());
        }
        let within_s = if known.is_some() {
            ANSWER_WITHIN_S.0
        } else {
            ANSWER_WITHIN_S.1
        };
        let file = self.file()?;
        match self.ask_server(&file, &username, &password, &secret, within_s).await {
            Ok((grant, signed_in)) => self.enter_by_server(&grant, &signed_in, &password, &secret).await,
            // No word of the server about this person: then the slot alone decided, and a wrong password counts.
            Err(LinkError::Peer(_)) if known.is_some() => Err(self.wrong(who)?),
            Err(LinkError::Peer(error)) if is_offline(&error) => Err(Failure::new("offline_unknown_person")),
            Err(LinkError::Refused { code, .. }) if code == "wrong_password" => Err(self.wrong(who)?),
            Err(error) => Err(error.into()),
        }
    }

    /// The database key, if the password of somebody who has a slot here opens it.
    pub(crate) async fn try_counted(
        &self,
        file: &DeskFile,
        who: Option<RecordId>,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<Option<Key>, Failure> {
        // One after another: of tries at once the first would not be counted before the last is made.
        let _one = self.inner.trying.lock().await;
        let may_open = self.begin_try(who)?;
        match who.filter(|_| may_open) {
            Some(person) => self.try_slot(file, person, password, secret).await,
            None => Ok(None),
        }
    }

    pub(crate) async fn try_slot(
        &self,
        file: &DeskFile,
        person: RecordId,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<Option<Key>, Failure> {
        let (slots, password, secret) = (file.slots.clone(), password.clone(), secret.clone());
        let opened = tokio::task::spawn_blocking(move || slots.open(person, &password, &secret).ok());
        opened.await.map_err(|_| Failure::new("database_failed"))
    }

    /// Opens the database with its key and begins a session under the grant kept in it.
    fn open_with(&self, file: &DeskFile, key: &Key, tile: &Tile) -> Result<(), Failure> {
        let open = self.open_store(file, key)?;
        let grant = if file.server.is_some() {
            kept_grant(&open.store, file, tile.person)?
        } else {
            None
        };
        self.recall_time(&open.store)?;
        if let Some(grant) = &grant {
            self.is_after(grant.issued);
        }
        self.began(open, tile.person, grant)
    }

    /// The open store of this desk; opened now if it is not.
    pub(crate) fn open_store(&self, file: &DeskFile, key: &Key) -> Result<Open, Failure> {
        if let Some(open) = &self.state().open {
            return Ok(open.clone());
        }
        let database = self.database();
        let store = if database.exists() {
            Store::open(&database, &DatabaseKey::new(**key))?
        } else if file.slots.is_empty() {
            let store = Store::create(&database, &DatabaseKey::new(**key), file.device)?;
            for space in Desk::spaces(file) {
                store.follow(space)?;
            }
            store
        } else {
            // A new file would count its changes from 1 again under the same name: that is a fork.
            return Err(Failure::new("database_missing"));
        };
        let is_older_copy = self.is_older_copy(file, &store)?;
        Ok(Open::new(Arc::new(store), is_older_copy))
    }

    /// Begins a session of `person`; starts the exchange unless it runs.
    pub(crate) fn began(&self, open: Open, person: RecordId, grant: Option<Grant>) -> Result<(), Failure> {
        let file = self.file()?;
        let secret = self.secret_place(&file).get()?;
        let tiles = file.slots.tiles(&secret)?;
        let tile = tiles
            .into_iter()
            .find(|tile| tile.person == person)
            .ok_or_else(|| Failure::new("wrong_password"))?;
        let not_after = grant.as_ref().map(|grant| grant.not_after);
        let has_run_out = not_after.is_some_and(|not_after| not_after.0 < self.district_ms());
        let granted = grant.as_ref().map_or(tile.role, |grant| grant.role.clone());
        let who = Who {
            person,
            username: tile.username,
            name: grant.as_ref().map_or(tile.name, |grant| grant.name.clone()),
            role: self.role_now(person, &granted, &open.store)?,
            read_only: has_run_out || (file.server.is_some() && grant.is_none()) || open.is_older_copy,
            has_run_out,
            not_after,
        };
        let session = Session {
            who,
            id: Uuid::new_v4(),
        };
        let is_alone = {
            let mut state = self.state();
            state.session = Some(session);
            state.last_active = Some(Active::now());
            self.note_unsent(&mut state, 0);
            if open.is_older_copy {
                state.link.problem = Some(Failure::new("desk_rolled_back"));
            }
            let is_older_copy = open.is_older_copy;
            state.open.get_or_insert(open);
            state.worker.is_none() && !is_older_copy
        };
        if is_alone {
            self.start_exchanging(&file, &secret)?;
        }
        self.tell(Notice::Status);
        Ok(())
    }

    async fn ask_server(
        &self,
        file: &DeskFile,
        username: &str,
        password: &Zeroizing<String>,
        secret: &Key,
        within_s: u64,
    ) -> Result<(Grant, SignedIn), LinkError> {
        let message = SignIn {
            username: username.to_owned(),
            password: password.to_string(),
        };
        self.ask_entry(file, ("/v1/session", &message), secret, within_s).await
    }

    /// Asks the server to let a person in on this desk.
    pub(crate) async fn ask_entry(
        &self,
        file: &DeskFile,
        (path, message): (&str, &impl Serialize),
        secret: &Key,
        within_s: u64,
    ) -> Result<(Grant, SignedIn), LinkError> {
        let offline = || LinkError::Peer(sync_core::exchange::PeerError::Offline);
        let server = file.server.clone().ok_or_else(offline)?;
        let key = self.signing_key(file, secret).map_err(|_| offline())?;
        let verifying = VerifyingKey::from_bytes(&server.key.0).map_err(|_| offline())?;
        let link = Link::new(server, file.device, key, self.inner.options.patience)?;
        let within = std::time::Duration::from_secs(within_s);
        let asked = tokio::time::timeout(within, link.ask::<SignedIn>(path, message)).await;
        let signed_in = asked.map_err(|_| offline())??;
        let grant = signed_in
            .grant
            .read(&verifying)
            .filter(|grant| grant.device == file.device);
        let grant = grant.ok_or(LinkError::Peer(sync_core::exchange::PeerError::Certificate))?;
        Ok((grant, signed_in))
    }

    /// Lets in a person whom the server knows, into the database that is here or that is made for them.
    async fn enter_by_server(
        &self,
        grant: &Grant,
        signed_in: &SignedIn,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<(), Failure> {
        self.hear_time(grant.issued.0);
        let file = self.file()?;
        let key = if self.database().exists() {
            let key = file.slots.open_shared(&signed_in.share.0, secret);
            key.map_err(|_| Failure::new("database_wrong_key"))?
        } else {
            random_key()
        };
        self.let_in((grant, signed_in), password, secret, &key).await
    }

    /// Opens the database for a person whom the server let in, and gives them a slot.
    pub(crate) async fn let_in(
        &self,
        (grant, signed_in): (&Grant, &SignedIn),
        password: &Zeroizing<String>,
        secret: &Key,
        key: &Key,
    ) -> Result<(), Failure> {
        let open = self.open_store(&self.file()?, key)?;
        self.give_slot((grant, signed_in), password, secret, key).await?;
        if !open.is_older_copy {
            keep_grant(&open.store, grant.person, &signed_in.grant)?;
        }
        self.forget_tries(grant.person)?;
        self.began(open, grant.person, Some(grant.clone()))
    }

    /// Gives a person whom the server let in a slot, and others the way in by the server if there is none.
    pub(crate) async fn give_slot(
        &self,
        (grant, signed_in): (&Grant, &SignedIn),
        password: &Zeroizing<String>,
        secret: &Key,
        key: &Key,
    ) -> Result<(), Failure> {
        let tile = Tile {
            person: grant.person,
            username: grant.username.clone(),
            name: grant.name.clone(),
            role: grant.role.clone(),
        };
        self.put_slot(tile, password, secret, key).await?;
        self.keep_shared(signed_in, secret, key)
    }

    /// Gives a person the slot of a new password.
    pub(crate) async fn put_slot(
        &self,
        tile: Tile,
        password: &Zeroizing<String>,
        secret: &Key,
        key: &Key,
    ) -> Result<(), Failure> {
        let hardness = self.inner.options.hardness;
        let made = {
            let (person, password) = (tile.person, password.clone());
            let (secret, key) = (secret.clone(), key.clone());
            tokio::task::spawn_blocking(move || Slot::new(person, &password, hardness, &secret, &key))
        };
        let slot = made.await.map_err(|_| Failure::new("database_failed"))??;
        self.change_file(|file| {
            if file.withdrawn.is_some() {
                return Err(Failure::new("desk_withdrawn"));
            }
            Ok(file.slots.insert(tile, slot, secret)?)
        })
    }

    fn keep_shared(&self, signed_in: &SignedIn, secret: &Key, key: &Key) -> Result<(), Failure> {
        self.change_file(|file| {
            file.slots.keep_shared(&signed_in.share.0, secret, key);
            Ok(())
        })
    }

    /// Asks the server for a fresh grant after a sign-in without it. A person whose password it no
    /// longer takes is signed out, and the slot that this password opens is taken away.
    fn renew_in_background(&self, file: DeskFile, tile: Tile, password: Zeroizing<String>, secret: Key, key: Key) {
        let desk = self.clone();
        tokio::spawn(async move {
            match desk
                .ask_server(&file, &tile.username, &password, &secret, ANSWER_WITHIN_S.1)
                .await
            {
                Ok((grant, signed_in)) => {
                    let renewed = desk.renew(&grant, &signed_in, &secret, &key);
                    if let Err(failure) = renewed {
                        tracing::warn!(code = failure.code, "a grant could not be kept");
                    }
                }
                Err(LinkError::Refused { code, .. }) if code == "wrong_password" => {
                    let closed = desk.close_slot_of(tile.person, &password, &secret).await;
                    match closed {
                        Ok(true) => desk.sign_out(tile.person),
                        Ok(false) => {}
                        Err(failure) => tracing::warn!(code = failure.code, "a slot could not be closed"),
                    }
                }
                Err(_) => {}
            }
        });
    }

    /// Takes away the slot that this password opens. Answers whether there was one: the person may have changed the
    /// password since it was asked about.
    async fn close_slot_of(
        &self,
        person: RecordId,
        password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<bool, Failure> {
        let _one = self.inner.changing.lock().await;
        if self.try_slot(&self.file()?, person, password, secret).await?.is_none() {
            return Ok(false);
        }
        self.close_slot(person)?;
        Ok(true)
    }

    pub(crate) fn renew(&self, grant: &Grant, signed_in: &SignedIn, secret: &Key, key: &Key) -> Result<(), Failure> {
        self.hear_time(grant.issued.0);
        let has_run_out = grant.not_after.0 < self.district_ms();
        let mut role = grant.role.clone();
        let open = self.state().open.clone();
        if let Some(open) = open {
            if open.is_older_copy {
                return Ok(());
            }
            keep_grant(&open.store, grant.person, &signed_in.grant)?;
            role = self.role_now(grant.person, &role, &open.store)?;
        }
        self.keep_shared(signed_in, secret, key)?;
        let mut state = self.state();
        if let Some(session) = state
            .session
            .as_mut()
            .filter(|session| session.who.person == grant.person)
        {
            session.who.role = role;
            session.who.name = grant.name.clone();
            session.who.not_after = Some(grant.not_after);
            session.who.read_only = has_run_out;
            session.who.has_run_out = has_run_out;
        }
        drop(state);
        self.tell(Notice::Status);
        self.tell(Notice::Records(Vec::new()));
        Ok(())
    }

    /// Hides everything at once; sends what waits if the server can be reached; then closes the
    /// database and forgets its key.
    pub async fn lock(&self) {
        let open = {
            let mut state = self.state();
            state.session = None;
            state.open.clone()
        };
        self.tell(Notice::Status);
        let Some(open) = open else { return };
        self.send_before_closing(&open).await;
        let worker = {
            let mut state = self.state();
            // Somebody may have signed in meanwhile.
            if state.session.is_some() {
                None
            } else {
                state.worker.take()
            }
        };
        if let Some(worker) = worker {
            worker.abort();
            // A worker that was ended answers that it was.
            let _ = worker.await;
        }
        self.keep_time_before_closing(&open);
        let unsent = open.store.unsent();
        let mut state = self.state();
        if state.session.is_none() {
            state.open = None;
            if let Ok(unsent) = unsent {
                self.note_unsent(&mut state, unsent);
            }
        }
        drop(state);
        drop(open);
        self.tell(Notice::Status);
    }
}

fn grant_name(person: RecordId) -> String {
    format!("grant/{person}")
}

pub(crate) fn keep_grant(store: &Store, person: RecordId, grant: &SignedGrant) -> Result<(), Failure> {
    let json = serde_json::to_value(grant).map_err(|_| Failure::new("answer_damaged"))?;
    Ok(store.put_setting(&grant_name(person), &json)?)
}

fn kept_grant(store: &Store, file: &DeskFile, person: RecordId) -> Result<Option<Grant>, Failure> {
    let Some(server) = &file.server else { return Ok(None) };
    let Some(json) = store.setting(&grant_name(person))? else {
        return Ok(None);
    };
    let signed: SignedGrant = serde_json::from_value(json).map_err(|_| Failure::new("database_damaged"))?;
    let key = VerifyingKey::from_bytes(&server.key.0).map_err(|_| Failure::new("desk_file_damaged"))?;
    Ok(signed
        .read(&key)
        .filter(|grant| grant.person == person && grant.device == file.device))
}
