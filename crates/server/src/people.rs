//! People as records and as accounts: whatever changes a person's record in the district's space
//! changes who may sign in and what they may write, in the same transaction. Beside `cli/`, the
//! only place that names a kind.

use domain::entities::facility;
use domain::entities::person::{ACTIVE, FACILITY, NAME, PERSON, ROLE, USERNAME};
use domain::{Record, RecordId};
use sync_core::Hash;

use crate::db::account::Account;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::events::Happened;
use crate::exchange::present::open_state;
use crate::seal::Key;
use crate::server::{Server, open_space};

/// Brings the account of the person up to date with their record, if the record is a person's.
/// A username that somebody else has already is not taken from them.
pub fn follow(record: &Record, server: &Server, conn: &Conn) -> Result<()> {
    if record.kind != PERSON.kind {
        return Ok(());
    }
    let known = db::account::get(record.id, conn)?;
    let before = known.clone();
    let key = &server.own().key;
    let wanted = normal(USERNAME.of(record).unwrap_or_default());
    let hash = username_hash(&wanted, key);
    let holder = db::account::by_username(hash, conn)?.map(|account| account.person);
    let is_free = !wanted.is_empty() && holder.is_none_or(|holder| holder == record.id);
    let (username_hash, sealed_username, password_hash) = match (is_free, known) {
        (true, known) => {
            let sealed = key.seal(&about_username(record.id), wanted.as_bytes());
            (
                hash,
                sealed,
                known.map(|account| account.password_hash).unwrap_or_default(),
            )
        }
        (false, Some(known)) => (known.username_hash, known.sealed_username, known.password_hash),
        (false, None) => return Ok(()),
    };
    let account = Account {
        person: record.id,
        username_hash,
        sealed_username,
        password_hash,
        role: ROLE.of(record).unwrap_or_default().to_owned(),
        facility: FACILITY.of(record),
        is_active: !record.is_voided() && ACTIVE.of(record) != Some("no"),
        given_until_ms: None,
    };
    let happened = what_changed(before.as_ref(), &account);
    db::account::put(&account, conn)?;
    if !account.is_active {
        db::account::end_sessions(record.id, conn)?;
    }
    match happened {
        Some(what) => server.note(Happened::new(what).to(account.person), conn),
        None => Ok(()),
    }
}

/// What changed of what the person may do, in a word.
fn what_changed(before: Option<&Account>, after: &Account) -> Option<&'static str> {
    let Some(before) = before else {
        return Some("person_added");
    };
    match (before.is_active, after.is_active) {
        (true, false) => Some("disabled"),
        (false, true) => Some("enabled"),
        _ if before.role != after.role || before.facility != after.facility => Some("rights_changed"),
        _ => None,
    }
}

/// A username as it is compared: without the blanks around it, in small letters.
pub fn normal(username: &str) -> String {
    username.trim().to_lowercase()
}

/// By what a username is found without standing in the file.
pub fn username_hash(normal: &str, key: &Key) -> Hash {
    key.hash("username", normal.as_bytes())
}

fn about_username(person: RecordId) -> String {
    format!("username|{person}")
}

/// The username of an account.
pub fn username(account: &Account, key: &Key) -> Result<String> {
    key.open_text(&about_username(account.person), &account.sealed_username)
}

/// The name of a person, as their record says it; empty when it does not.
pub fn name(person: RecordId, server: &Server, conn: &Conn) -> Result<String> {
    let record = of_district(PERSON.kind, person, server, conn)?;
    let name = record.as_ref().and_then(|record| NAME.of(record));
    Ok(name.unwrap_or_default().to_owned())
}

/// The name of a facility; nothing when there is none by this id, or it was entered in error.
pub fn facility_name(id: RecordId, server: &Server, conn: &Conn) -> Result<Option<String>> {
    let record = of_district(facility::FACILITY.kind, id, server, conn)?;
    let record = record.filter(|record| !record.is_voided());
    Ok(record.map(|record| facility::NAME.of(&record).unwrap_or_default().to_owned()))
}

fn of_district(kind: &str, id: RecordId, server: &Server, conn: &Conn) -> Result<Option<Record>> {
    let Some((space, key)) = open_space(server, server.district(), conn)? else {
        return Ok(None);
    };
    let Some(sealed) = db::record::get(space.number, kind, id, conn)? else {
        return Ok(None);
    };
    Ok(Some(open_state(&key, space.id, kind, id, &sealed)?.record()))
}
