//! Signing in. With a slot here, a password opens the desk without the network; the
//! server is asked behind the person's back, and alone decides about people without a slot.

use std::sync::Arc;

use domain::RecordId;
use domain::audit::Event;
use domain::password::strength;
use ed25519_dalek::VerifyingKey;
use serde::Serialize;
use store::{DatabaseKey, Store};
use sync_core::entry::{ChangePassword, Grant, SignIn, SignedIn};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::{Desk, Notice, Open, Session, Since};
use crate::grants;
use crate::keys::file::DeskFile;
use crate::keys::seal::{Key, random_key};
use crate::keys::slots::Tile;
use crate::net::link::LinkError;
use crate::password::be_enough;
use crate::status::{Due, Who};
use crate::ways_in::Entrant;

/// How long the server may take to answer before the desk counts as offline for a sign-in, in seconds: of a person who
/// has a slot here, and of one whom only the server can let in, on the slowest link too.
const ANSWER_WITHIN_S: (u64, u64) = (10, 60);

/// The server's word for a password that somebody else gave.
const MUST_CHANGE: &str = "password_must_change";

/// What is wrong with the file of the records itself; nobody can sign in before it is mended.
const FILE_FAILURES: &[&str] = &[
    "database_damaged",
    "database_wrong_key",
    "database_missing",
    "database_newer",
];

/// What the district asked for beside a right password.
#[derive(Default)]
pub struct More {
    /// Of the person's own, for one that was given them.
    pub new_password: Option<Zeroizing<String>>,
    /// Of their second factor.
    pub code: Option<String>,
}

impl Desk {
    /// Signs a person in.
    ///
    /// # Errors
    /// [`Failure`] with the code `wrong_password`, `blocked`, `suspended_here`, `offline_unknown_person` (when only the
    /// server knows them), what the district asks for beside (then
    /// [`Desk::sign_in_with`]): `password_must_change`, `second_factor`, `second_factor_enrol`; or what is wrong with the
    /// desk.
    pub async fn sign_in(&self, username: &str, password: &str) -> Result<(), Failure> {
        self.told_if_of_file(self.enter(username, password).await)
    }

    /// Signs in somebody whose password the district found right and who says now what it asked for beside.
    ///
    /// # Errors
    /// [`Failure`], as of [`Desk::sign_in`] and [`Desk::change_password`]; `network_needed`, `wrong_code`.
    pub async fn sign_in_with(&self, username: &str, password: &str, more: &More) -> Result<(), Failure> {
        self.told_if_of_file(self.enter_with(username, password, more).await)
    }

    fn told_if_of_file(&self, entered: Result<(), Failure>) -> Result<(), Failure> {
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
        let secret = self.device_secret(&file)?;
        let tiles = file.slots.tiles(&secret)?;
        let username = username.trim().to_lowercase();
        let known = tiles.into_iter().find(|tile| tile.username.to_lowercase() == username);
        let who = known.as_ref().map(|tile| tile.person);
        let password = Zeroizing::new(password.to_owned());
        let tried = self.try_counted(&file, who, &password, &secret).await?;
        let mut opened = None;
        if let (Some(tile), Some(key)) = (&known, tried) {
            let open = self.open_store(&self.file()?, &key)?;
            if self.newer_slots(&file, &open)?.is_none() {
                self.forget_tries(tile.person)?;
                let file = self.file()?;
                self.open_with(&file, open, tile)?;
                self.renew_slot_in_background(tile.clone(), password.clone(), secret.clone(), key.clone());
                if file.server.is_some() {
                    self.renew_in_background(file, tile.clone(), password, secret, key);
                }
                return Ok(());
            }
            opened = Some(Failure::new("desk_file_older"));
        }
        let within_s = if known.is_some() {
            ANSWER_WITHIN_S.0
        } else {
            ANSWER_WITHIN_S.1
        };
        let file = self.file()?;
        match self.ask_server(&file, &username, &password, &secret, within_s).await {
            Ok((grant, signed_in)) => {
                let entrant = Entrant {
                    grant: &grant,
                    signed_in: &signed_in,
                    password: &password,
                    secret: &secret,
                };
                self.enter_by_server(entrant).await
            }
            Err(LinkError::Peer(error)) if error.is_offline() && opened.is_some() => {
                Err(opened.unwrap_or(error.into()))
            }
            // No word of the server about this person: then the slot alone decided, and a wrong password counts.
            Err(LinkError::Peer(_)) if known.is_some() => Err(self.wrong(who)?),
            Err(LinkError::Peer(error)) if error.is_offline() => Err(Failure::new("offline_unknown_person")),
            Err(LinkError::Refused { code, .. }) if code == "wrong_password" => Err(self.wrong(who)?),
            Err(LinkError::Refused { code, .. }) if code == MUST_CHANGE || Due::of(&code).is_some() => {
                // It was right, by the server's word.
                who.map_or(Ok(()), |person| self.forget_tries(person))?;
                Err(Failure::new(&code))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The server alone knows what it asked for, and counts what was tried.
    async fn enter_with(&self, username: &str, password: &str, more: &More) -> Result<(), Failure> {
        self.finish_succession()?;
        let username = username.trim().to_lowercase();
        let file = self.file()?;
        let secret = self.device_secret(&file)?;
        let (code, within_s) = (more.code.as_deref(), ANSWER_WITHIN_S.1);
        let (asked, lasting, offline) = match &more.new_password {
            Some(new_password) => {
                be_enough(strength(new_password, &[&username, password]))?;
                let message = ChangePassword::new(&username, password, new_password).with_code(code);
                let asked = self.ask_entry(&file, ("/v1/password", &message), &secret, within_s);
                (asked.await, new_password.as_str(), "password_perhaps_changed")
            }
            None => {
                let message = SignIn::new(&username, password).with_code(code);
                let asked = self.ask_entry(&file, ("/v1/session", &message), &secret, within_s);
                (asked.await, password, "network_needed")
            }
        };
        let (grant, signed_in) = asked.map_err(|error| match error {
            LinkError::Peer(error) if error.is_offline() => Failure::new(offline),
            error => error.into(),
        })?;
        let lasting = Zeroizing::new(lasting.to_owned());
        let entrant = Entrant {
            grant: &grant,
            signed_in: &signed_in,
            password: &lasting,
            secret: &secret,
        };
        self.enter_by_server(entrant).await?;
        if code.is_some() {
            self.note_factor(&username);
        }
        Ok(())
    }

    /// Notes that the code which was right just now was the first of a second factor that was offered here.
    pub(crate) fn note_factor(&self, username: &str) {
        let is_theirs = |offered: &mut String| *offered == username.to_lowercase();
        let offered = self.state().offered.take_if(is_theirs);
        if let (Some(_), Ok((open, session))) = (offered, self.opened()) {
            self.note(&open, &session, &self.event("second_factor_set", &session));
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

    /// Begins a session in the opened database under the grant kept in it.
    fn open_with(&self, file: &DeskFile, open: Open, tile: &Tile) -> Result<(), Failure> {
        let grant = if file.server.is_some() {
            grants::kept(&open.store, file, tile.person)?
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
            Store::open(&database, &DatabaseKey::new(key))?
        } else if file.slots.is_empty() {
            let store = Store::create(&database, &DatabaseKey::new(key), file.device)?;
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
        let secret = self.device_secret(&file)?;
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
            due: None,
        };
        let session = Session {
            who,
            id: Uuid::new_v4(),
            on_wall: false,
            emergency: None,
        };
        let noting = (open.clone(), session.clone());
        let is_alone = {
            let mut state = self.state();
            state.session = Some(session);
            state.last_active = Some(Since::now());
            self.note_unsent(&mut state, 0);
            if open.is_older_copy {
                state.link.problem = Some(Failure::new("desk_rolled_back"));
            }
            let is_older_copy = open.is_older_copy;
            state.open.get_or_insert(open);
            state.worker.is_none() && !is_older_copy
        };
        self.note_slots();
        if is_alone {
            self.start_exchanging(&file, &secret)?;
        }
        self.tell(Notice::Status);
        self.note_sign_in(&noting.0, &noting.1);
        Ok(())
    }

    /// Nobody is kept out because the audit log cannot be written.
    fn note_sign_in(&self, open: &Open, session: &Session) {
        if let Err(failure) = self.tell_untold(open, session) {
            tracing::error!(
                code = failure.code,
                "wrong passwords could not be written into the audit log"
            );
        }
        let event = Event {
            ended: Some(if session.who.has_run_out { "run_out" } else { "done" }),
            ..self.event("signed_in", session)
        };
        self.note(open, session, &event);
    }

    async fn ask_server(
        &self,
        file: &DeskFile,
        username: &str,
        password: &Zeroizing<String>,
        secret: &Key,
        within_s: u64,
    ) -> Result<(Grant, SignedIn), LinkError> {
        let message = SignIn::new(username, password);
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
        let server = file.server.as_ref().ok_or_else(offline)?;
        let verifying = VerifyingKey::from_bytes(&server.key.0).map_err(|_| offline())?;
        let link = self.link(file, secret)?;
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
    async fn enter_by_server(&self, entrant: Entrant<'_>) -> Result<(), Failure> {
        self.hear_time(entrant.grant.issued.0);
        let file = self.file()?;
        let key = if self.database().exists() {
            let key = file.slots.open_shared(&entrant.signed_in.share.0, entrant.secret);
            key.map_err(|_| Failure::new("database_wrong_key"))?
        } else {
            random_key()
        };
        self.let_in(entrant, &key).await
    }

    /// Opens the database for a person whom the server let in, and gives them a slot.
    pub(crate) async fn let_in(&self, entrant: Entrant<'_>, key: &Key) -> Result<(), Failure> {
        let (grant, signed_in) = (entrant.grant, entrant.signed_in);
        let open = self.open_store(&self.file()?, key)?;
        if let Some(newer) = self.newer_slots(&self.file()?, &open)? {
            self.change_file(|file| Ok(file.slots.close_all_after(newer, entrant.secret)?))?;
        }
        self.give_slot(entrant, key).await?;
        if !open.is_older_copy {
            grants::keep(&open.store, grant.person, &signed_in.grant)?;
        }
        self.forget_tries(grant.person)?;
        self.began(open, grant.person, Some(grant.clone()))?;
        self.hold_token(grant.person, &signed_in.token, signed_in.token_not_after);
        Ok(())
    }

    /// Asks the server for a fresh grant after a sign-in without it. A person whose password it no
    /// longer takes is signed out, and the slot that this password opens is taken away.
    fn renew_in_background(&self, file: DeskFile, tile: Tile, password: Zeroizing<String>, secret: Key, key: Key) {
        let desk = self.clone();
        self.after_sign_in(async move {
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
                Err(LinkError::Refused { code, .. }) => desk.note_due(tile.person, Due::of(&code)),
                Err(_) => {}
            }
        });
    }

    /// Notes what the district asks of the person signed in.
    fn note_due(&self, person: RecordId, due: Option<Due>) {
        let mut state = self.state();
        if let Some(session) = state.session.as_mut().filter(|session| session.who.person == person) {
            session.who.due = due;
        }
        drop(state);
        self.tell(Notice::Status);
    }

    pub(crate) fn renew(&self, grant: &Grant, signed_in: &SignedIn, secret: &Key, key: &Key) -> Result<(), Failure> {
        self.renew_grant(grant, signed_in)?;
        self.keep_shared(signed_in, secret, key)
    }

    /// Lets the person signed in go on under a grant that the server gave anew.
    pub(crate) fn renew_grant(&self, grant: &Grant, signed_in: &SignedIn) -> Result<(), Failure> {
        self.hear_time(grant.issued.0);
        let has_run_out = grant.not_after.0 < self.district_ms();
        let mut role = grant.role.clone();
        let open = self.state().open.clone();
        if let Some(open) = open {
            if open.is_older_copy {
                return Ok(());
            }
            grants::keep(&open.store, grant.person, &signed_in.grant)?;
            role = self.role_now(grant.person, &role, &open.store)?;
        }
        // What the district gives to nobody else it gives now.
        self.sync_now();
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
            session.who.due = None;
        }
        drop(state);
        self.hold_token(grant.person, &signed_in.token, signed_in.token_not_after);
        self.tell(Notice::Status);
        self.tell(Notice::Records(Vec::new()));
        Ok(())
    }
}
