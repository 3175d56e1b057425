//! The grants of the people who signed in here, in the encrypted file: what each may do without the network, and for
//! the server the proof of who wrote and that somebody may read here.

use std::collections::BTreeSet;

use domain::RecordId;
use ed25519_dalek::VerifyingKey;
use store::Store;
use sync_core::entry::{Grant, SignedGrant};

use crate::Failure;
use crate::keys::file::DeskFile;

/// What the names of all grants begin with among the desk's settings, and the marks of people who work here no more.
const GRANTS: &str = "grant/";
const GONE: &str = "gone/";

fn name(person: RecordId) -> String {
    format!("{GRANTS}{person}")
}

fn gone_name(person: RecordId) -> String {
    format!("{GONE}{person}")
}

/// Keeps the grant of a person, in place of an earlier one.
///
/// # Errors
/// [`Failure`]; the earlier one stays then.
pub fn keep(store: &Store, person: RecordId, grant: &SignedGrant) -> Result<(), Failure> {
    let json = serde_json::to_value(grant).map_err(|_| Failure::new("answer_damaged"))?;
    store.put_setting(&name(person), &json)?;
    Ok(store.delete_setting(&gone_name(person))?)
}

/// Notes that the server lets the person read here no more. Their grant stays: it proves what they wrote before.
///
/// # Errors
/// [`Failure`]; it is found out again then.
pub fn note_gone(store: &Store, person: RecordId) -> Result<(), Failure> {
    let json = serde_json::to_value(person).map_err(|_| Failure::new("answer_damaged"))?;
    Ok(store.put_setting(&gone_name(person), &json)?)
}

/// The grant of a person, if the server of this desk gave it for this desk.
pub(crate) fn kept(store: &Store, file: &DeskFile, person: RecordId) -> Result<Option<Grant>, Failure> {
    let Some(server) = &file.server else { return Ok(None) };
    let Some(json) = store.setting(&name(person))? else {
        return Ok(None);
    };
    let signed: SignedGrant = serde_json::from_value(json).map_err(|_| Failure::new("database_damaged"))?;
    let key = VerifyingKey::from_bytes(&server.key.0).map_err(|_| Failure::new("desk_file_damaged"))?;
    Ok(signed
        .read(&key)
        .filter(|grant| grant.person == person && grant.device == file.device))
}

/// All of them, with what they say. Whether they are right the server judges.
fn all(store: &Store) -> Result<Vec<(Grant, SignedGrant)>, Failure> {
    let mut all = Vec::new();
    for json in store.settings(GRANTS)? {
        let signed: SignedGrant = serde_json::from_value(json).map_err(|_| Failure::new("database_damaged"))?;
        if let Ok(grant) = serde_json::from_str(&signed.text) {
            all.push((grant, signed));
        }
    }
    Ok(all)
}

/// Those by which somebody may read here: the one that was given last, and the one that lasts longest.
fn readers(store: &Store, all: &[(Grant, SignedGrant)]) -> Result<[Option<RecordId>; 2], Failure> {
    let gone = store.settings(GONE)?.into_iter();
    let gone: BTreeSet<RecordId> = gone.filter_map(|json| serde_json::from_value(json).ok()).collect();
    let here: Vec<&Grant> = all
        .iter()
        .map(|(grant, _)| grant)
        .filter(|grant| !gone.contains(&grant.person))
        .collect();
    let last = here.iter().max_by_key(|grant| grant.issued);
    let longest = here.iter().max_by_key(|grant| grant.not_after);
    Ok([last, longest].map(|grant| grant.map(|grant| grant.person)))
}

/// What is shown to the server in a round: the grants of these authors, as far as they are kept, and of two who may read.
///
/// # Errors
/// [`Failure`] when they cannot be read.
pub fn to_show(store: &Store, authors: &BTreeSet<RecordId>) -> Result<Vec<SignedGrant>, Failure> {
    let mut all = all(store)?;
    let readers = readers(store, &all)?;
    all.retain(|(grant, _)| authors.contains(&grant.person) || readers.contains(&Some(grant.person)));
    Ok(all.into_iter().map(|(_, signed)| signed).collect())
}

/// How many bytes these take, before they are packed.
pub(crate) fn bytes(shown: &[SignedGrant]) -> usize {
    let said = shown.iter().map(|signed| signed.text.len() + signed.signature.0.len());
    said.sum()
}

/// The grant that lets somebody read here, if anybody's does: the one that was given last.
///
/// # Errors
/// [`Failure`] when they cannot be read.
pub fn to_read(store: &Store) -> Result<Option<SignedGrant>, Failure> {
    let all = all(store)?;
    let [last, _] = readers(store, &all)?;
    let mut found = all.into_iter().filter(|(grant, _)| last == Some(grant.person));
    Ok(found.next().map(|(_, signed)| signed))
}
