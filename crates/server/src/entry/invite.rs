//! One-time codes by which desks join: single use, 24 hours, 5 tries.

use domain::{RecordId, Time};
use sync_core::SpaceId;

use crate::db::invitation::Invitation;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::events::Happened;
use crate::seal::{random, sha256};
use crate::server::{Server, add_space};

const LIFE_MS: i64 = Time::DAY_MS;
/// Used and expired codes are forgotten after this long.
const KEPT_MS: i64 = 30 * Time::DAY_MS;
/// Crockford's: without I, L, O and U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 140 bits, of which the first 40 say which invitation it is.
const CODE_LENGTH: usize = 28;
const ID_LENGTH: usize = 8;
const GROUP: usize = 4;

/// A fresh code; it can be seen this once.
pub struct Invited {
    /// In groups of four, as people read it.
    pub code: String,
    pub id: String,
    pub expires: Time,
}

impl Server {
    /// Makes a code by which one desk may join the facility.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn invite(&self, facility: RecordId, facility_name: &str, desk: &str) -> Result<Invited> {
        self.db()
            .write(|tx| self.invite_as((facility, facility_name), desk, None, tx))
    }

    /// The same, as the person asks, or the operator.
    pub(super) fn invite_as(
        &self,
        (facility, facility_name): (RecordId, &str),
        desk: &str,
        by: Option<RecordId>,
        conn: &Conn,
    ) -> Result<Invited> {
        add_space(SpaceId::Facility(facility.0), self.master(), conn)?;
        let code = random_letters::<CODE_LENGTH>();
        let id: String = code.chars().take(ID_LENGTH).collect();
        let (now_ms, key) = (self.now_ms(), &self.own().key);
        let invitation = Invitation {
            sealed_code_hash: key.seal(&about_code(&id), &sha256(code.as_bytes()).0),
            facility,
            sealed_facility_name: key.seal(&about_facility_name(&id), facility_name.as_bytes()),
            sealed_name: key.seal(&about_desk_name(&id), desk.as_bytes()),
            expires_ms: now_ms + LIFE_MS,
            tries: 0,
            used_by: None,
            id: id.clone(),
        };
        db::invitation::forget(now_ms - KEPT_MS, conn)?;
        db::invitation::insert(&invitation, conn)?;
        let happened = Happened {
            person: by,
            ..Happened::new("invited").of(facility)
        };
        self.note(happened, conn)?;
        Ok(Invited {
            code: grouped(&code),
            id,
            expires: Time(invitation.expires_ms),
        })
    }
}

pub(super) fn about_code(id: &str) -> String {
    format!("invitation code|{id}")
}

pub(super) fn about_facility_name(id: &str) -> String {
    format!("invitation facility|{id}")
}

pub(super) fn about_desk_name(id: &str) -> String {
    format!("invitation desk|{id}")
}

/// Random letters and digits that are hard to mistake, 5 bits each.
pub fn random_letters<const N: usize>() -> String {
    let bytes = random::<N>();
    let letters = bytes.iter().filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
    letters.map(|letter| char::from(*letter)).collect()
}

/// The text in groups of four.
pub fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_long_and_reads_in_groups() {
        let code = random_letters::<CODE_LENGTH>();
        assert_eq!(code.len(), CODE_LENGTH);
        assert!(code.bytes().all(|letter| LETTERS.contains(&letter)));
        assert_eq!(grouped("ABCDEFGHJ"), "ABCD-EFGH-J");
        assert_ne!(code, random_letters::<CODE_LENGTH>());
    }
}
