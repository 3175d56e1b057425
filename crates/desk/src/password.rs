//! A person gives themselves another password: at the district, where it has one, and in their key slot here.

use domain::password::{FEWEST_LETTERS, MOST_LETTERS, Strength, strength};
use sync_core::entry::{ChangePassword, Grant, SignedIn};
use sync_core::exchange::PeerError;
use zeroize::Zeroizing;

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::keys::file::DeskFile;
use crate::keys::seal::Key;
use crate::net::link::LinkError;
use crate::status::Who;
use crate::ways_in::Entrant;

/// How long the server may take, in seconds.
const ANSWER_WITHIN_S: u64 = 60;

/// Refuses what is not enough.
///
/// # Errors
/// `password_too_short`, `password_too_long`, `password_guessable`.
pub(crate) fn be_enough(strength: Strength) -> Result<(), Failure> {
    if strength.is_enough() {
        return Ok(());
    }
    let failure = Failure::new(strength.code());
    Err(failure.number("least", FEWEST_LETTERS).number("most", MOST_LETTERS))
}

/// How good a password would be for a person of whom `own` is known; only so much of each is looked at as a form holds.
pub fn strength_of(password: &str, own: &[String]) -> Strength {
    const MOST_OWN: usize = 10;
    let own: Vec<&str> = own.iter().take(MOST_OWN).map(String::as_str).collect();
    strength(password, &own)
}

impl Desk {
    /// Gives the person signed in another password for the one they have. On a desk of a district that needs the
    /// network: elsewhere the old one would go on to be right.
    ///
    /// # Errors
    /// `wrong_password`, `blocked`, `suspended`, `suspended_here`, what is wrong with the new one, or
    /// `password_needs_network`: the old one stays then. `password_perhaps_changed` when the district was asked and its
    /// answer did not come through, or could not be kept: either of them is right, the new one with the network.
    pub async fn change_password(&self, password: &str, new_password: &str) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        if open.is_older_copy {
            return Err(Failure::new("desk_rolled_back"));
        }
        let event = self.event("password_changed", &session);
        let who = session.who.clone();
        be_enough(strength(new_password, &[&who.username, &who.name, password]))?;
        let [password, new_password] = [password, new_password].map(|text| Zeroizing::new(text.to_owned()));
        let _one = self.inner.changing.lock().await;
        let file = self.file()?;
        let secret = self.device_secret(&file)?;
        if file.server.is_some() {
            let key = self.try_slot(&file, who.person, &password, &secret).await?;
            let told = self
                .change_at_server(&file, &who, (&password, &new_password), &secret)
                .await?;
            let kept = self.keep_change(&file, key, &told, &new_password, &secret).await;
            kept.map_err(|failure| {
                tracing::warn!(code = failure.code, "a changed password could not be kept here");
                Failure::new("password_perhaps_changed")
            })?;
        } else {
            let key = self.try_counted(&file, Some(who.person), &password, &secret).await?;
            let Some(key) = key else {
                return Err(self.wrong(Some(who.person))?);
            };
            let tile = file.slots.tile(who.person, &secret)?;
            self.put_slot(tile, &new_password, &secret, &key).await?;
        }
        self.forget_tries(who.person)?;
        self.note(&open, &session, &event);
        self.touch();
        self.tell(Notice::Status);
        Ok(())
    }

    /// Makes the slot anew after the server said yes.
    async fn keep_change(
        &self,
        file: &DeskFile,
        key: Option<Key>,
        (grant, signed_in): &(Grant, SignedIn),
        new_password: &Zeroizing<String>,
        secret: &Key,
    ) -> Result<(), Failure> {
        let key = match key {
            Some(key) => key,
            None => file.slots.open_shared(&signed_in.share.0, secret)?,
        };
        let entrant = Entrant {
            grant,
            signed_in,
            password: new_password,
            secret,
        };
        self.give_slot(entrant, &key).await?;
        self.renew(grant, signed_in, secret, &key)
    }

    async fn change_at_server(
        &self,
        file: &DeskFile,
        who: &Who,
        (password, new_password): (&Zeroizing<String>, &Zeroizing<String>),
        secret: &Key,
    ) -> Result<(Grant, SignedIn), Failure> {
        let message = ChangePassword::new(&who.username, password, new_password);
        let asked = self
            .ask_entry(file, ("/v1/password", &message), secret, ANSWER_WITHIN_S)
            .await;
        asked.map_err(|error| match error {
            // Nothing was said to it; after anything else it may have been heard.
            LinkError::Peer(PeerError::NotReached) => Failure::new("password_needs_network"),
            LinkError::Peer(error) if error.is_offline() => Failure::new("password_perhaps_changed"),
            LinkError::Refused { code, .. } if code == "not_found" => PeerError::Version.into(),
            error => error.into(),
        })
    }
}
