//! The second factor of admins and of who works above the facilities: six figures that an app on their telephone shows,
//! new every half minute (RFC 6238), or one of ten codes on paper. Asked once on each desk; the desk's own keys are
//! what the person has from then on.

use domain::RecordId;
use domain::access::needs_second_factor;
use sync_core::entry::{OfferedFactor, SignIn};
use totp_rs::{Builder, Totp};

use super::invite::{grouped, random_letters};
use super::sign_in::{Outcome, Recognised, Wanted};
use crate::db::account::Account;
use crate::db::device::Device;
use crate::db::second_factor::{Factor, Rule};
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::people;
use crate::seal::random;
use crate::server::Server;

/// How many codes on paper.
const RECOVERY_CODES: usize = 10;
/// 5 random bits each.
const RECOVERY_LETTERS: usize = 12;
/// How authenticator apps call the account.
const ISSUER: &str = "Wardroom";

/// What became of the wish for a second factor.
pub enum Offer {
    Offered(OfferedFactor),
    /// The person was not let in, or has one, and why.
    NotLetIn(Outcome),
    /// Their role needs none.
    NotNeeded,
}

impl Server {
    /// Whether the district asks admins and who works above the facilities for a second factor.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn second_factor(&self) -> Result<Rule> {
        self.db().read(db::second_factor::rule)
    }

    /// Lets the district ask for one from now on, or no longer.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn set_second_factor(&self, rule: Rule) -> Result<()> {
        self.db().write(|tx| db::second_factor::set_rule(rule, tx))
    }

    /// Offers a person whose password is right a new second factor. It counts from the first right code on, and takes
    /// the place of one that was offered before and never shown.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn offer_second_factor(&self, device: &Device, asked: &SignIn) -> Result<Offer> {
        let known = match self.recognise(device, &asked.username, &asked.password)? {
            Ok(known) => known,
            Err(outcome) => return Ok(Offer::NotLetIn(outcome)),
        };
        self.take_back_try(&known)?;
        let account = &known.account;
        if let Some(until_ms) = account.given_until_ms
            && self.wanted_of_given(until_ms) == Wanted::GivenAnew
        {
            return Ok(Offer::NotLetIn(Outcome::Wanted(Wanted::GivenAnew)));
        }
        let (secret, codes) = (random::<20>(), recovery_codes());
        let is_offered = self.db().write(|tx| {
            if !is_needed(account, tx)? {
                return Ok(None);
            }
            if db::second_factor::get(account.person, tx)?.is_some_and(|factor| factor.is_proven) {
                return Ok(Some(false));
            }
            let sealed = self.own().key.seal(&about_secret(account.person), secret.as_slice());
            db::second_factor::offer(account.person, &sealed, tx)?;
            for code in &codes {
                db::second_factor::insert_code(account.person, self.code_hash(account.person, code), tx)?;
            }
            Ok(Some(true))
        })?;
        let is_new = match is_offered {
            None => return Ok(Offer::NotNeeded),
            Some(is_new) => is_new,
        };
        if !is_new {
            return Ok(Offer::NotLetIn(Outcome::Wanted(Wanted::SecondFactor)));
        }
        let totp = self.totp(account, secret.as_slice())?;
        Ok(Offer::Offered(OfferedFactor {
            secret: totp.secret().to_base32(),
            uri: totp
                .to_url()
                .map_err(|_| ServerError::Damaged("a username is of no form that an app takes"))?,
            recovery_codes: codes.iter().map(|code| grouped(code).to_lowercase()).collect(),
        }))
    }

    /// What is wanted of somebody whose password is right before they are let in on the device; nothing where they
    /// need no second factor, showed it here before, or show it now.
    pub(super) fn factor_wanted(
        &self,
        known: &Recognised,
        device: &Device,
        (can_ask, code): (bool, Option<&str>),
    ) -> Result<Option<Wanted>> {
        let account = &known.account;
        self.db().write(|tx| {
            if self.has_shown(account, device, tx)? {
                return Ok(None);
            }
            let factor = db::second_factor::get(account.person, tx)?;
            let is_proven = factor.as_ref().is_some_and(|factor| factor.is_proven);
            let (Some(code), Some(factor)) = (code, factor) else {
                return Ok(Some(match (can_ask, is_proven) {
                    (false, _) => Wanted::NewerDesk,
                    (true, true) => Wanted::SecondFactor,
                    (true, false) => Wanted::SecondFactorEnrol,
                }));
            };
            if !self.is_right(account, &factor, code, tx)? {
                return Ok(Some(Wanted::RightCode));
            }
            db::second_factor::note_shown(account.person, device.id, self.now_ms(), tx)?;
            Ok(None)
        })
    }

    /// Whether the person needs no second factor on the device, or has shown it there.
    pub(super) fn has_shown(&self, account: &Account, device: &Device, conn: &Conn) -> Result<bool> {
        Ok(!is_needed(account, conn)? || db::second_factor::was_shown(account.person, device.id, conn)?)
    }

    /// Takes the code, which counts no more after that.
    fn is_right(&self, account: &Account, factor: &Factor, code: &str, conn: &Conn) -> Result<bool> {
        let (person, now_ms) = (account.person, self.now_ms());
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let secret = self.own().key.open(&about_secret(person), &factor.sealed_secret)?;
        let seconds = u64::try_from(now_ms / 1_000).unwrap_or_default();
        if let Some(step) = self.totp(account, &secret)?.check(&code, seconds) {
            return db::second_factor::take_step(person, step, now_ms, conn);
        }
        let hash = self.code_hash(person, &code.to_uppercase());
        Ok(factor.is_proven && db::second_factor::use_code(person, hash, now_ms, conn)?)
    }

    /// Takes a person's second factor away, so that they are asked for a new one, and ends their sessions.
    ///
    /// # Errors
    /// [`ServerError::NoPerson`].
    pub fn reset_second_factor(&self, person: RecordId) -> Result<()> {
        self.db().write(|tx| {
            db::account::get(person, tx)?.ok_or(ServerError::NoPerson)?;
            db::second_factor::remove(person, tx)?;
            db::account::end_sessions(person, tx)
        })
    }

    fn totp(&self, account: &Account, secret: &[u8]) -> Result<Totp> {
        let username = people::username(account, &self.own().key)?;
        let builder = Builder::new().with_secret(secret.to_vec()).with_issuer(Some(ISSUER));
        let made = builder.with_account_name(username).build();
        made.map_err(|_| ServerError::Damaged("a second factor is not of its form"))
    }

    fn code_hash(&self, person: RecordId, code: &str) -> sync_core::Hash {
        self.own()
            .key
            .hash("recovery code", format!("{person}|{code}").as_bytes())
    }
}

/// Whether the person is asked for a second factor at all.
fn is_needed(account: &Account, conn: &Conn) -> Result<bool> {
    Ok(needs_second_factor(&account.role) && db::second_factor::rule(conn)? == Rule::Required)
}

fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES)
        .map(|_| random_letters::<RECOVERY_LETTERS>())
        .collect()
}

fn about_secret(person: RecordId) -> String {
    format!("second factor|{person}")
}
