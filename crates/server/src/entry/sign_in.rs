//! A person signs in on a desk: the password, growing delays after failures, a signed grant for
//! working offline, a short token, and the desk's unlock share.

use domain::Time;
use domain::access::{self, Scope};
use sync_core::entry::{Grant, SignIn, SignedGrant, SignedIn};

use super::password;
use crate::db;
use crate::db::account::{Account, Attempts};
use crate::db::device::Device;
use crate::error::Result;
use crate::events::Happened;
use crate::people;
use crate::server::Server;

/// So many failures are free; each further one doubles the wait.
const FREE_FAILURES: u32 = 5;
const FIRST_WAIT_MS: i64 = 30_000;
const LONGEST_WAIT_MS: i64 = Time::HOUR_MS;
/// After so many failures only the server's operator lets the person in again.
pub(crate) const MOST_FAILURES: u32 = 20;
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
    Wanted(Wanted),
}

/// Why somebody whose password is right is not let in: told to nobody else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// Somebody else gave the password: another one, of their own.
    OwnPassword,
    /// The password was given too long ago: another one, from an admin.
    GivenAnew,
    /// A code of the second factor.
    SecondFactor,
    /// A second factor, which the person has not got yet.
    SecondFactorEnrol,
    /// A code that is right.
    RightCode,
    /// A desk of a version that can ask for what is wanted.
    NewerDesk,
}

impl Wanted {
    /// The code under which the sign-in is refused.
    pub fn code(self) -> &'static str {
        match self {
            Wanted::OwnPassword => "password_must_change",
            Wanted::GivenAnew => "password_ended",
            Wanted::SecondFactor => "second_factor",
            Wanted::SecondFactorEnrol => "second_factor_enrol",
            Wanted::RightCode => "wrong_code",
            // Every desk has words for this one.
            Wanted::NewerDesk => "server_version",
        }
    }
}

/// Somebody whose password was right.
pub(super) struct Recognised {
    pub account: Account,
    /// The failures before this try, which was counted as one more.
    before: Attempts,
}

impl Server {
    /// Signs a person in on a device.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn sign_in(&self, device: &Device, sign_in: &SignIn) -> Result<Outcome> {
        let known = match self.recognise(device, &sign_in.username, &sign_in.password)? {
            Ok(known) => known,
            Err(outcome) => return Ok(outcome),
        };
        let wanted = match known.account.given_until_ms {
            None => self.factor_wanted(&known, device, (sign_in.can_ask, sign_in.code.as_deref()))?,
            Some(_) if !sign_in.can_ask => Some(Wanted::NewerDesk),
            Some(until_ms) => Some(self.wanted_of_given(until_ms)),
        };
        if let Some(wanted) = wanted {
            return self.not_yet(&known, wanted);
        }
        let signed_in = self.let_in(&known.account, device, self.now_ms())?;
        Ok(Outcome::In(Box::new(signed_in)))
    }

    /// What is wanted of somebody whose password was given until then.
    pub(super) fn wanted_of_given(&self, until_ms: i64) -> Wanted {
        if until_ms < self.now_ms() {
            Wanted::GivenAnew
        } else {
            Wanted::OwnPassword
        }
    }

    /// Refuses somebody whose password is right for what is wanted beside it.
    pub(super) fn not_yet(&self, known: &Recognised, wanted: Wanted) -> Result<Outcome> {
        // Codes are guessed at like passwords.
        if wanted != Wanted::RightCode {
            self.take_back_try(known)?;
        }
        Ok(Outcome::Wanted(wanted))
    }

    /// Counts a try no more whose password was right, and forgets none of those before: they may have been guesses at
    /// what else is wanted.
    pub(super) fn take_back_try(&self, known: &Recognised) -> Result<()> {
        let (hash, now_ms) = (known.account.username_hash, self.now_ms());
        self.db().write(|tx| {
            let now = db::account::lock_attempts(hash, now_ms, tx)?;
            let others = now.failures.saturating_sub(1);
            let was_alone = others == known.before.failures;
            let back = Attempts {
                failures: others,
                blocked_until_ms: if was_alone {
                    known.before.blocked_until_ms
                } else {
                    now.blocked_until_ms
                },
            };
            db::account::set_attempts(hash, back, now_ms, tx)
        })
    }

    /// The person of this name and password, or why they are not let in on the device.
    pub(super) fn recognise(
        &self,
        device: &Device,
        username: &str,
        password: &str,
    ) -> Result<Result<Recognised, Outcome>> {
        let name_hash = people::username_hash(&people::normal(username), &self.own().key);
        let now_ms = self.now_ms();
        // Counted as failed before the password is looked at, so that many tries at once gain nothing.
        let counted = self.db().write(|tx| {
            let before = db::account::lock_attempts(name_hash, now_ms, tx)?;
            if before.failures >= MOST_FAILURES {
                return Ok(Err(Outcome::Suspended));
            }
            if before.blocked_until_ms > now_ms {
                let wait_ms = before.blocked_until_ms - now_ms;
                return Ok(Err(Outcome::Blocked { wait_ms }));
            }
            db::account::forget_strangers(now_ms - STRANGERS_MS, tx)?;
            db::account::set_attempts(name_hash, after_failure(before, now_ms), now_ms, tx)?;
            Ok(Ok((before, db::account::by_username(name_hash, tx)?)))
        })?;
        let (before, account) = match counted {
            Ok(counted) => counted,
            Err(refused) => return Ok(Err(refused)),
        };
        let hash = account.as_ref().map_or("", |account| account.password_hash.as_str());
        let is_right = password::is_right(password, hash, self.config().hashing);
        let person = account.as_ref().map(|account| account.person);
        let account = account.filter(|account| is_right && account.is_active && account.works_at(device));
        if account.is_none() {
            self.note_wrong(device.id, person, u64::from(before.failures) + 1)?;
        }
        let known = account.map(|account| Recognised { account, before });
        Ok(known.ok_or(Outcome::Wrong))
    }

    pub(super) fn let_in(&self, account: &Account, device: &Device, now_ms: i64) -> Result<SignedIn> {
        let (token, name) = self.db().write(|tx| {
            db::account::forget_attempts(account.username_hash, tx)?;
            db::account::end_sessions_on(account.person, device.id, tx)?;
            let token = self.new_token(account, device, now_ms, tx)?;
            let name = people::name(account.person, self, tx)?;
            self.note(Happened::new("signed_in").to(account.person).at(device.id), tx)?;
            Ok((token, name))
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
            token: token.token,
            token_not_after: token.token_not_after,
            share: device.share(self)?,
        })
    }
}

fn is_local(account: &Account) -> bool {
    access::role(&account.role).is_none_or(|role| role.scope == Scope::Facility)
}

impl Account {
    /// People of one facility sign in on its desks alone; people of the district on any.
    pub(crate) fn works_at(&self, device: &Device) -> bool {
        access::role(&self.role).is_some() && (!is_local(self) || self.facility == Some(device.facility))
    }
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
