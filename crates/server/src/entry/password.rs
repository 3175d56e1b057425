//! Passwords: hashed with Argon2id, never kept.

use std::sync::{Condvar, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::RecordId;
use domain::password::{MOST_LETTERS, Strength, strength};
use sync_core::entry::{ChangePassword, SignedIn};

use super::sign_in::{Outcome, Wanted};
use crate::config::Hashing;
use crate::db::account::Account;
use crate::db::device::Device;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::people;
use crate::seal::random;
use crate::server::Server;

/// How many are hashed at a time; the memory each takes is large.
const AT_A_TIME: u32 = 2;

static TURNS: Mutex<u32> = Mutex::new(AT_A_TIME);
static FREED: Condvar = Condvar::new();

/// One of the few turns to hash; given back when dropped.
struct Turn;

impl Turn {
    fn take() -> Turn {
        let free = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = FREED
            .wait_while(free, |free| *free == 0)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *TURNS.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        FREED.notify_one();
    }
}

/// What became of the wish for another password.
pub enum Change {
    Done(Box<SignedIn>),
    /// The new one is not good enough.
    NotEnough(Strength),
    /// The present one was not right, or the person is not let in for another reason.
    NotLetIn(Outcome),
}

fn hasher(cost: Hashing) -> Argon2<'static> {
    let params = Params::new(
        cost.memory_kib.max(Hashing::LEAST.memory_kib),
        cost.passes.max(Hashing::LEAST.passes),
        1,
        None,
    );
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params.unwrap_or_default())
}

/// Hashes a password at the given cost, never below the least acceptable.
///
/// # Errors
/// [`ServerError::Damaged`] when the password is too long.
pub fn hash(password: &str, cost: Hashing) -> Result<String> {
    let _turn = Turn::take();
    let hashed = hasher(cost).hash_password_with_salt(password.as_bytes(), random::<16>().as_slice());
    let hashed = hashed.map_err(|_| ServerError::Damaged("a password cannot be hashed"))?;
    Ok(hashed.to_string())
}

/// Whether the password is the one hashed. Takes as long when there is no hash.
pub fn is_right(password: &str, hash: &str, cost: Hashing) -> bool {
    if password.chars().count() > MOST_LETTERS {
        return false;
    }
    let _turn = Turn::take();
    if hash.is_empty() {
        let mut out = [0; 32];
        // Only the time it takes matters.
        let _ = hasher(cost).hash_password_into(password.as_bytes(), &[0; 16], &mut out);
        return false;
    }
    hasher(cost).verify_password(password.as_bytes(), hash).is_ok()
}

/// Sets a person's hashed password, their own or one that was given them until then; ends their sessions, and lifts a
/// suspension.
pub(super) fn set(account: &Account, hashed: &str, given_until_ms: Option<i64>, conn: &Conn) -> Result<()> {
    db::account::set_password(account.person, hashed, given_until_ms, conn)?;
    db::account::end_sessions(account.person, conn)?;
    db::account::forget_attempts(account.username_hash, conn)
}

impl Server {
    /// Gives a person on a device another password, for the present one. Every session of theirs ends, and one begins.
    ///
    /// # Errors
    /// [`ServerError`]; the password stays then.
    pub fn change_password(&self, device: &Device, change: &ChangePassword) -> Result<Change> {
        // First without a look at the present one: it costs nothing to say, and tells nothing.
        let own = [change.username.as_str(), change.password.as_str()];
        let strength_for = |own: &[&str]| Some(strength(&change.new_password, own)).filter(|found| !found.is_enough());
        if let Some(found) = strength_for(&own) {
            return Ok(Change::NotEnough(found));
        }
        let known = match self.recognise(device, &change.username, &change.password)? {
            Ok(known) => known,
            Err(outcome) => return Ok(Change::NotLetIn(outcome)),
        };
        let account = &known.account;
        let given = account.given_until_ms.map(|until_ms| self.wanted_of_given(until_ms));
        if let Some(ended @ Wanted::GivenAnew) = given {
            return self.not_yet(&known, ended).map(Change::NotLetIn);
        }
        let name = self.db().read(|conn| people::name(account.person, self, conn))?;
        if let Some(found) = strength_for(&[own[0], own[1], &name]) {
            self.take_back_try(&known)?;
            return Ok(Change::NotEnough(found));
        }
        let asked = (change.can_ask, change.code.as_deref());
        if let Some(wanted) = self.factor_wanted(&known, device, asked)? {
            return self.not_yet(&known, wanted).map(Change::NotLetIn);
        }
        let hashed = hash(&change.new_password, self.config().hashing)?;
        let is_set = self.db().write(|tx| {
            // It may have been changed, or the person disabled, while this one was looked at.
            let now = db::account::get(account.person, tx)?.ok_or(ServerError::NoPerson)?;
            let is_same = now.is_active && now.password_hash == account.password_hash;
            if is_same {
                set(account, &hashed, None, tx)?;
                self.note(Happened::new("password_changed").to(account.person).at(device.id), tx)?;
            }
            Ok(is_same)
        })?;
        if !is_set {
            return Ok(Change::NotLetIn(Outcome::Wrong));
        }
        Ok(Change::Done(Box::new(self.let_in(account, device, self.now_ms())?)))
    }

    /// Sets a person's password, ends their sessions, and lifts a suspension.
    ///
    /// # Errors
    /// [`ServerError::NoPerson`].
    pub fn set_password(&self, person: RecordId, password: &str) -> Result<()> {
        self.set_passwords(&[person], password)
    }

    /// Sets one password for several people, as in a sample.
    ///
    /// # Errors
    /// [`ServerError::NoPerson`]: then nobody's was set.
    pub fn set_passwords(&self, people: &[RecordId], password: &str) -> Result<()> {
        let hashed = hash(password, self.config().hashing)?;
        self.db().write(|tx| {
            for person in people {
                let account = db::account::get(*person, tx)?.ok_or(ServerError::NoPerson)?;
                set(&account, &hashed, None, tx)?;
                self.note(Happened::new("password_given").to(*person), tx)?;
            }
            Ok(())
        })
    }

    /// Lifts the delay or the suspension that failed sign-ins brought upon a person.
    ///
    /// # Errors
    /// [`ServerError::NoPerson`].
    pub fn lift_suspension(&self, person: RecordId) -> Result<()> {
        self.db().write(|tx| {
            let account = db::account::get(person, tx)?.ok_or(ServerError::NoPerson)?;
            db::account::forget_attempts(account.username_hash, tx)
        })
    }

    /// The person who has the username.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn person_called(&self, username: &str) -> Result<Option<RecordId>> {
        let hash = people::username_hash(&people::normal(username), &self.own().key);
        let account = self.db().read(|conn| db::account::by_username(hash, conn))?;
        Ok(account.map(|account| account.person))
    }
}
