//! A password that an admin gives somebody: made here, told once, good for three days, and for nothing but a password
//! of the person's own.

use domain::access::may_administer;
use domain::{RecordId, Time};
use sync_core::entry::GivenPassword;
use zeroize::Zeroizing;

use super::invite::{grouped, random_letters};
use super::password::{hash, set};
use crate::db::account::Account;
use crate::db::device::Device;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::people;
use crate::server::Server;

const GIVEN_MS: i64 = 3 * Time::DAY_MS;
/// 5 random bits each.
const LETTERS: usize = 16;

/// What became of the wish to give somebody a password.
pub enum Giving {
    Given(GivenPassword),
    /// The token is nobody's, or lasts no more.
    NotSignedIn,
    /// There is nobody by this id whom the asker administers.
    Nobody,
}

/// A fresh password of 80 random bits, as people read it.
pub fn made_password() -> Zeroizing<String> {
    Zeroizing::new(grouped(&random_letters::<LETTERS>()).to_lowercase())
}

impl Server {
    /// Gives somebody a password, as an admin who is signed in on the device asks.
    ///
    /// # Errors
    /// [`ServerError`]; the password stays then.
    pub fn give_password(&self, device: &Device, token: &str, person: RecordId) -> Result<Giving> {
        let asked = self.db().read(|conn| self.judge_giving(device, token, person, conn))?;
        if let Err(refused) = asked {
            return Ok(refused);
        }
        let password = made_password();
        let hashed = hash(&password, self.config().hashing)?;
        let not_after = Time(self.now_ms() + GIVEN_MS);
        // Judged again: hashing takes long enough for somebody to be no admin any more.
        let given = self.db().write(|tx| {
            let judged = self.judge_giving(device, token, person, tx)?;
            if let Ok(account) = &judged {
                let tries = db::account::attempts(account.username_hash, tx)?;
                set(account, &hashed, Some(not_after.0), tx)?;
                self.note(Happened::new("password_given").to(person).at(device.id), tx)?;
                db::second_factor::forget_shown(account.person, tx)?;
                if db::second_factor::get(account.person, tx)?.is_some_and(|factor| factor.is_proven) {
                    // Giving passwords again and again would let an admin guess at a code without a wait.
                    db::account::set_attempts(account.username_hash, tries, self.now_ms(), tx)?;
                }
            }
            Ok(judged)
        })?;
        let account = match given {
            Ok(account) => account,
            Err(refused) => return Ok(refused),
        };
        Ok(Giving::Given(GivenPassword {
            username: people::username(&account, &self.own().key)?,
            password: password.to_string(),
            not_after,
        }))
    }

    fn judge_giving(
        &self,
        device: &Device,
        token: &str,
        person: RecordId,
        conn: &Conn,
    ) -> Result<Result<Account, Giving>> {
        let Some(actor) = self.actor(token, device, conn)? else {
            return Ok(Err(Giving::NotSignedIn));
        };
        let account = db::account::get(person, conn)?;
        let account = account.filter(|account| {
            // Their own they change, with the one they have.
            account.is_active
                && account.person != actor.person
                && may_administer(&actor.role, actor.facility, (&account.role, account.facility))
        });
        Ok(account.ok_or(Giving::Nobody))
    }

    /// Gives somebody a password as the operator does.
    ///
    /// # Errors
    /// [`ServerError::NoPerson`].
    pub fn hand_password(&self, person: RecordId, password: &str) -> Result<Time> {
        let hashed = hash(password, self.config().hashing)?;
        let not_after = Time(self.now_ms() + GIVEN_MS);
        self.db().write(|tx| {
            let account = db::account::get(person, tx)?.ok_or(ServerError::NoPerson)?;
            db::second_factor::forget_shown(person, tx)?;
            set(&account, &hashed, Some(not_after.0), tx)?;
            self.note(Happened::new("password_given").to(person), tx)
        })?;
        Ok(not_after)
    }
}
