//! What a person does at the server themselves: their token says who they are, for a quarter of an hour, on one desk.
//! While they work it is exchanged for another, up to the end of a long shift; then the password is asked anew.

use domain::{RecordId, Time};
use sync_core::entry::Token;
use sync_core::{DeviceId, Hash};

use crate::db::account::{Account, Lasts};
use crate::db::device::Device;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::seal::{random, sha256};
use crate::server::Server;

const TOKEN_MS: i64 = 15 * Time::MINUTE_MS;
/// The tokens of one sign-in last no longer than this together (OWASP ASVS 5.0, 7.3.2).
const SESSION_MS: i64 = 12 * Time::HOUR_MS;

impl Server {
    /// The person whose token it is, if they may act on this device now.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn actor(&self, token: &str, device: &Device, conn: &Conn) -> Result<Option<Account>> {
        let session = db::account::session(sha256(token.as_bytes()), device.id, self.now_ms(), conn)?;
        let Some((person, _)) = session else { return Ok(None) };
        self.acting(person, device, conn)
    }

    /// The person's account, if they may act on this device now.
    fn acting(&self, person: RecordId, device: &Device, conn: &Conn) -> Result<Option<Account>> {
        let account = db::account::get(person, conn)?.filter(|account| may_act(account, device));
        let Some(account) = account else { return Ok(None) };
        Ok(self.has_shown(&account, device, conn)?.then_some(account))
    }

    /// Gives another token for this one, which ends; nothing when it lasts no more, or the session has lasted long
    /// enough.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn renew_token(&self, token: &str, device: &Device) -> Result<Option<Token>> {
        let (hash, now_ms) = (sha256(token.as_bytes()), self.now_ms());
        self.db().write(|tx| {
            let Some((person, began_ms)) = db::account::session(hash, device.id, now_ms, tx)? else {
                return Ok(None);
            };
            let account = self.acting(person, device, tx)?;
            let Some(account) = account.filter(|_| now_ms - began_ms < SESSION_MS) else {
                return Ok(None);
            };
            // Of two that are asked for at once the second finds nothing to give it for.
            if !db::account::end_session(hash, device.id, now_ms, tx)? {
                return Ok(None);
            }
            self.new_token(&account, device, began_ms, tx).map(Some)
        })
    }

    /// A token for a session that began at `began_ms`.
    pub(super) fn new_token(&self, account: &Account, device: &Device, began_ms: i64, conn: &Conn) -> Result<Token> {
        let (token, now_ms) = (Hash(*random::<32>()).to_string(), self.now_ms());
        let times = Lasts {
            now_ms,
            expires_ms: (now_ms + TOKEN_MS).min(began_ms + SESSION_MS),
            began_ms,
        };
        db::account::insert_session(sha256(token.as_bytes()), account.person, device.id, times, conn)?;
        Ok(Token {
            token,
            token_not_after: Time(times.expires_ms),
        })
    }

    /// Ends the session of the token on this device. Answers whether it still lasted.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn sign_out(&self, token: &str, device: DeviceId) -> Result<bool> {
        let (hash, now_ms) = (sha256(token.as_bytes()), self.now_ms());
        self.db().write(|tx| db::account::end_session(hash, device, now_ms, tx))
    }
}

fn may_act(account: &Account, device: &Device) -> bool {
    account.is_active && account.given_until_ms.is_none() && account.works_at(device)
}
