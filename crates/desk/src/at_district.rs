//! What the person signed in does at the district themselves. A token says who they are: it comes with a sign-in that
//! the server confirmed, is exchanged for another while they work, and ends when the desk locks.

use std::time::Duration;

use domain::audit::Event;
use domain::{RecordId, Time};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::entry::{GivePassword, GivenPassword, SignIn, Token};
use sync_core::exchange::PeerError;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::Desk;
use crate::keys::file::DeskFile;
use crate::keys::seal::Key;
use crate::net::link::{Link, LinkError};

/// A token that lasts no longer than this is exchanged for another.
const RENEWED_WITH_LEFT_MS: i64 = 15 * Time::MINUTE_MS / 2;
/// How often is looked whether it is time, and tried again without the network.
const LOOK: Duration = Duration::from_secs(30);
/// How long locking waits for the server to hear of it.
const END_WITHIN: Duration = Duration::from_secs(3);
/// How long the server may take, in seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// The token of a session, and until when it counts by the district's time.
#[derive(Clone)]
pub(crate) struct HeldToken {
    session: Uuid,
    text: Zeroizing<String>,
    until_ms: i64,
}

/// A password that was given to somebody: to be told them now, and never to be seen again.
#[derive(Serialize, ts_rs::TS)]
#[ts(export_to = "wire.ts")]
pub struct GivenShown {
    pub username: String,
    pub password: String,
    pub not_after: Time,
}

impl Desk {
    /// A way to ask the server something as this desk.
    pub(crate) fn link(&self, file: &DeskFile, secret: &Key) -> Result<Link, LinkError> {
        let offline = || LinkError::Peer(PeerError::Offline);
        let server = file.server.clone().ok_or_else(offline)?;
        let key = self.signing_key(file, secret).map_err(|_| offline())?;
        Ok(Link::new(server, file.device, key, self.inner.options.patience)?)
    }

    /// Keeps the token of the person signed in, and goes on exchanging it for another while they work.
    pub(crate) fn hold_token(&self, person: RecordId, token: &str, not_after: Time) {
        let mut state = self.state();
        let Some(session) = state.session.as_ref().filter(|session| session.who.person == person) else {
            return;
        };
        let session = session.id;
        let is_kept = state.token.as_ref().is_some_and(|held| held.session == session);
        state.token = Some(HeldToken {
            session,
            text: Zeroizing::new(token.to_owned()),
            until_ms: not_after.0,
        });
        drop(state);
        if !is_kept {
            tokio::spawn(self.clone().keep_token(session));
        }
    }

    /// The token of this session, if there is one.
    fn token_of(&self, session: Uuid) -> Option<HeldToken> {
        let held = self.state().token.clone();
        held.filter(|held| held.session == session)
    }

    fn drop_token(&self, session: Uuid) {
        let mut state = self.state();
        if state.token.as_ref().is_some_and(|held| held.session == session) {
            state.token = None;
        }
    }

    /// Exchanges the token of a session for another before it ends, for as long as the session lasts.
    async fn keep_token(self, session: Uuid) {
        while let Some(held) = self.token_of(session).filter(|_| self.is_at_work(session)) {
            let left_ms = held.until_ms - self.district_ms();
            if left_ms <= 0 {
                break;
            }
            if left_ms > RENEWED_WITH_LEFT_MS {
                tokio::time::sleep(LOOK).await;
                continue;
            }
            match self.ask_as(&held, "/v1/session/renew", &()).await {
                Ok(Token { token, token_not_after }) => {
                    // While it was asked for, the desk may have locked.
                    if self.is_at_work(session) {
                        self.state().token = Some(HeldToken {
                            session,
                            text: Zeroizing::new(token),
                            until_ms: token_not_after.0,
                        });
                    }
                }
                Err(LinkError::Peer(_)) => tokio::time::sleep(LOOK).await,
                Err(LinkError::Refused { .. }) => break,
            }
        }
        self.drop_token(session);
    }

    fn is_at_work(&self, session: Uuid) -> bool {
        self.state().session.as_ref().is_some_and(|now| now.id == session)
    }

    /// Ends the token at the server too, as far as the server can be reached at once.
    pub(crate) async fn end_token(&self) {
        let Some(held) = self.state().token.take() else { return };
        let is_away = self.state().link.problem.is_some();
        let link = || {
            let file = self.file().ok()?;
            let secret = self.device_secret(&file).ok()?;
            self.link(&file, &secret).ok()
        };
        let Some(link) = link().filter(|_| !is_away) else {
            return;
        };
        let ended = tokio::time::timeout(END_WITHIN, link.with_token(&held.text).end_session()).await;
        if !matches!(ended, Ok(Ok(()))) {
            // It ends by itself, a quarter of an hour after it was given.
            tracing::debug!("the server did not hear that a session ended");
        }
    }

    async fn ask_as<T: DeserializeOwned>(
        &self,
        held: &HeldToken,
        path: &str,
        message: &impl Serialize,
    ) -> Result<T, LinkError> {
        let offline = || LinkError::Peer(PeerError::Offline);
        let file = self.file().map_err(|_| offline())?;
        let secret = self.device_secret(&file).map_err(|_| offline())?;
        let link = self.link(&file, &secret)?.with_token(&held.text);
        let asked = tokio::time::timeout(ANSWER_WITHIN, link.ask(path, message)).await;
        asked.map_err(|_| offline())?
    }

    /// Asks the server something in the name of the person signed in.
    pub(crate) async fn ask_in_person<T: DeserializeOwned>(
        &self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<T, Failure> {
        self.touch();
        self.look_in_person(path, message).await
    }

    /// The same for what a page asks by itself again and again: nobody touched anything.
    pub(crate) async fn look_in_person<T: DeserializeOwned>(
        &self,
        path: &str,
        message: &impl Serialize,
    ) -> Result<T, Failure> {
        let (_, session) = self.at_work()?;
        if self.file()?.server.is_none() {
            return Err(Failure::new("not_set_up"));
        }
        let held = self
            .token_of(session.id)
            .filter(|held| held.until_ms > self.district_ms())
            .ok_or_else(|| Failure::new("session_ended"))?;
        let asked = self.ask_as(&held, path, message).await;
        asked.map_err(|error| match error {
            LinkError::Peer(error) if error.is_offline() => Failure::new("network_needed"),
            LinkError::Refused { code, .. } if code == "not_found" => Failure::new("not_in_reach"),
            LinkError::Refused { code, .. } if code == "session_ended" => {
                self.drop_token(session.id);
                Failure::new("session_ended")
            }
            error => error.into(),
        })
    }

    /// Confirms at the server who is signed in, by their password: for what is done at the district, when they came in
    /// without the network, or long ago.
    ///
    /// # Errors
    /// `network_needed`, `wrong_password`, `second_factor`, `wrong_code`, or another [`Failure`].
    pub async fn confirm_password(&self, password: &str, code: Option<&str>) -> Result<(), Failure> {
        let (_, session) = self.at_work()?;
        let file = self.file()?;
        let secret = self.device_secret(&file)?;
        let message = SignIn::new(&session.who.username, password).with_code(code);
        let asked = self.ask_entry(&file, ("/v1/session", &message), &secret, ANSWER_WITHIN.as_secs());
        let (grant, signed_in) = asked.await.map_err(|error| match error {
            LinkError::Peer(error) if error.is_offline() => Failure::new("network_needed"),
            error => error.into(),
        })?;
        self.touch();
        self.renew_grant(&grant, &signed_in)?;
        if code.is_some() {
            self.note_factor(&session.who.username);
        }
        Ok(())
    }

    /// Gives somebody a password, which opens the way to one of their own. The server judges who may.
    ///
    /// # Errors
    /// `network_needed`, `session_ended`, `not_in_reach`, or another [`Failure`]: the password stays then. When the
    /// answer is lost nobody knows the new one, and another is given.
    pub async fn give_password(&self, person: RecordId) -> Result<GivenShown, Failure> {
        let given: GivenPassword = self
            .ask_in_person("/v1/people/password", &GivePassword { person })
            .await?;
        if let Ok((open, session)) = self.at_work() {
            let event = Event {
                about: Some(person),
                ..self.event("password_given", &session)
            };
            self.note(&open, &session, &event);
        }
        Ok(GivenShown {
            username: given.username,
            password: given.password,
            not_after: given.not_after,
        })
    }
}
