//! A person signs in on a desk: the password, growing delays after failures, a signed grant for
//! working offline, a short token, and the desk's unlock share.

use domain::Time;
use domain::access::{self, Scope};
use sync_core::entry::{Grant, SignIn, SignedGrant, SignedIn};
use sync_core::{DeviceId, Hash};

use super::password;
use crate::db;
use crate::db::account::{Account, Attempts};
use crate::db::device::Device;
use crate::error::{Result, ServerError};
use crate::people;
use crate::seal::{random, sha256};
use crate::server::Server;

/// So many failures are free; each further one doubles the wait.
const FREE_FAILURES: u32 = 5;
const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = Time::HOUR_MS;
/// After so many failures only the server's operator lets the person in again.
const MOST_FAILURES: u32 = 20;
const TOKEN_MS: i64 = 15 * Time::MINUTE_MS;
const GRANT_FACILITY_MS: i64 = 14 * Time::DAY_MS;
const GRANT_ABOVE_MS: i64 = 3 * Time::DAY_MS;
/// Rises when the table of rights changes what a grant stands for.
const POLICY: u32 = 1;
/// Failures under names that nobody has are forgotten after this long.
const STRANGERS_MS: i64 = Time::DAY_MS;

/// What became of a sign-in.
pub enum Outcome {
    In(Box<SignedIn>),
    /// The name or the password is wrong, or the person does not work here: which, is not said.
    Wrong,
    Blocked {
        wait_ms: i64,
    },
    Suspended,
}

impl Server {
    /// Signs a person in on a device.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn sign_in(&self, device: &Device, sign_in: &SignIn) -> Result<Outcome> {
        Ok(match self.recognise(device, sign_in)? {
            Err(outcome) => outcome,
            Ok(account) => Outcome::In(Box::new(self.let_in(&account, device, self.now_ms())?)),
        })
    }

    /// The person's account, or why they are not let in on the device.
    pub(super) fn recognise(&self, device: &Device, sign_in: &SignIn) -> Result<Result<Account, Outcome>> {
        let name_hash = people::username_hash(&people::normal(&sign_in.username), &self.own().key);
        let now_ms = self.now_ms();
        // Counted as failed before the password is looked at, so that many tries at once gain nothing.
        let (refused, account) = self.db().write(|tx| {
            let before = db::account::lock_attempts(name_hash, now_ms, tx)?;
            if before.failures >= MOST_FAILURES {
                return Ok((Some(Outcome::Suspended), None));
            }
            if before.blocked_until_ms > now_ms {
                let wait_ms = before.blocked_until_ms - now_ms;
                return Ok((Some(Outcome::Blocked { wait_ms }), None));
            }
            db::account::forget_strangers(now_ms - STRANGERS_MS, tx)?;
            db::account::set_attempts(name_hash, after_failure(before, now_ms), now_ms, tx)?;
            Ok((None, db::account::by_username(name_hash, tx)?))
        })?;
        if let Some(refused) = refused {
            return Ok(Err(refused));
        }
        let hash = account.as_ref().map_or("", |account| account.password_hash.as_str());
        let is_right = password::is_right(&sign_in.password, hash, self.config().hashing);
        let account = account.filter(|account| is_right && account.is_active && works_at(account, device));
        Ok(account.ok_or(Outcome::Wrong))
    }

    pub(super) fn let_in(&self, account: &Account, device: &Device, now_ms: i64) -> Result<SignedIn> {
        let token = Hash(*random::<32>()).to_string();
        let token_not_after = now_ms + TOKEN_MS;
        let name = self.db().write(|tx| {
            db::account::forget_attempts(account.username_hash, tx)?;
            let token_hash = sha256(token.as_bytes());
            db::account::insert_session(token_hash, account.person, device.id, (now_ms, token_not_after), tx)?;
            people::name(account.person, self, tx)
        })?;
        let grant = Grant {
            device: device.id,
            person: account.person,
            username: people::username(account, &self.own().key)?,
            name,
            role: account.role.clone(),
            spaces: self.spaces_of(device).to_vec(),
            issued: Time(now_ms),
            not_after: Time(
                now_ms
                    + if is_local(account) {
                        GRANT_FACILITY_MS
                    } else {
                        GRANT_ABOVE_MS
                    },
            ),
            policy: POLICY,
        };
        Ok(SignedIn {
            grant: SignedGrant::new(&self.own().signing_key, &grant),
            token,
            token_not_after: Time(token_not_after),
            share: device.share(self)?,
        })
    }

    /// Ends the session of the token on this device. Answers whether it still lasted.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn sign_out(&self, token: &str, device: DeviceId) -> Result<bool, ServerError> {
        let (hash, now_ms) = (sha256(token.as_bytes()), self.now_ms());
        self.db().write(|tx| db::account::end_session(hash, device, now_ms, tx))
    }
}

fn is_local(account: &Account) -> bool {
    access::role(&account.role).is_none_or(|role| role.scope == Scope::Facility)
}

/// People of one facility sign in on its desks alone; people of the district on any.
fn works_at(account: &Account, device: &Device) -> bool {
    access::role(&account.role).is_some() && (!is_local(account) || account.facility == Some(device.facility))
}

fn after_failure(before: Attempts, now_ms: i64) -> Attempts {
    let failures = before.failures.saturating_add(1);
    let wait_ms = match failures.checked_sub(FREE_FAILURES) {
        None => 0,
        Some(over) => FIRST_WAIT_MS.saturating_mul(1 << over.min(20)).min(LONGEST_WAIT_MS),
    };
    Attempts {
        failures,
        blocked_until_ms: now_ms + wait_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_from_the_fifth_failure() {
        let mut attempts = Attempts::default();
        let mut waits = Vec::new();
        for _ in 0..8 {
            attempts = after_failure(attempts, 0);
            waits.push(attempts.blocked_until_ms);
        }
        assert_eq!(waits, [0, 0, 0, 0, 30_000, 60_000, 120_000, 240_000]);
    }
}
