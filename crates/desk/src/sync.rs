//! How the exchange with the district server stands, as people see it, and what they decide about it.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::audit::is_written_by_desks;
use domain::views::{ViewError, names};
use domain::{Records, Time, plain};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;
use store::{Past, Store};
use sync_core::aside::Verdict;
use sync_core::entry::fingerprint_words;
use sync_core::exchange::Reason;
use sync_core::{ChangeId, Hash, Lsn};

use crate::Failure;
use crate::aside::{as_written, decides};
use crate::desk::{Desk, Notice, Open, Session};
use crate::keys::file::DeskFile;
use crate::status::{DismissedShown, ParkedShown, SpaceLine, SpaceState, SyncPage};

/// How long locking waits for the last exchange.
const BEFORE_CLOSING: Duration = Duration::from_secs(8);

impl Desk {
    /// Asks the worker for a round now.
    pub fn sync_now(&self) {
        self.inner.wake.notify_one();
    }

    /// Waits for what is unsent to be sent, while the desk closes; not longer than is bearable.
    pub(crate) async fn send_before_closing(&self, open: &Open) {
        let deadline = tokio::time::Instant::now() + BEFORE_CLOSING;
        let unsent = || open.store.unsent().is_ok_and(|unsent| unsent > 0);
        let reachable = || self.state().link.problem.is_none() && self.state().link.last_contact.is_some();
        while unsent() && reachable() && tokio::time::Instant::now() < deadline {
            self.inner.wake.notify_one();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The sync page: what is here, what is there, what is kept aside.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn sync_page(&self) -> Result<SyncPage, Failure> {
        let (open, session) = self.at_work()?;
        let file = self.file()?;
        let spaces = open.store.spaces()?.into_iter().map(|space| {
            let pending = open.store.pending(space.space)?;
            let state = match space.cursor.cmp(&space.head) {
                _ if space.is_diverged => SpaceState::Diverged,
                _ if space.heard_ms.is_none() => SpaceState::Unknown,
                std::cmp::Ordering::Less => SpaceState::Behind,
                _ if pending > 0 => SpaceState::Ahead,
                _ => SpaceState::Equal,
            };
            Ok(SpaceLine {
                space: space.space.to_string(),
                cursor: space.cursor,
                head: space.head,
                pending,
                parked: open.store.parked(space.space)?,
                state,
                heard: space.heard_ms.map(Time),
                digest: space.digest.0.to_string(),
            })
        });
        let words = file
            .server
            .as_ref()
            .map(|server| fingerprint_words(&server.certificate).map(str::to_owned).to_vec());
        Ok(SyncPage {
            summary: self.status().sync,
            spaces: spaces.collect::<Result<_, Failure>>()?,
            // Whose right to work without the district has run out decides nothing now, and sees who is in alone.
            parked: if session.who.has_run_out {
                Vec::new()
            } else {
                parked(&open, &session)?
            },
            device: file.device.to_string(),
            server_words: words.unwrap_or_default(),
            device_words: self.own_words(&file)?,
        })
    }

    /// The words that stand for this desk, here and on the list of whoever looks after desks.
    fn own_words(&self, file: &DeskFile) -> Result<Vec<String>, Failure> {
        let key = self.signing_key(file, &self.device_secret(file)?)?;
        let words = fingerprint_words(&Hash(key.verifying_key().to_bytes()));
        Ok(words.map(str::to_owned).to_vec())
    }

    /// Every change this desk holds, with the district's number for it: evidence for comparing.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn log(&self) -> Result<Vec<(ChangeId, Option<Lsn>)>, Failure> {
        let (open, _) = self.at_work()?;
        open.store.read(|records, _| Ok(records.log()?))
    }

    /// Decides about a change the district keeps aside: written anew by the person signed in, or
    /// dismissed. Its history stays either way.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn decide_parked(&self, change: &str, adopt: bool) -> Result<(), Failure> {
        let (open, session) = self.may_write()?;
        let id: ChangeId = change.parse().map_err(|_| Failure::new("bad_arguments"))?;
        let mut decided = decided(&open.store)?;
        let (past, as_of) = open.store.read(|records, as_of| {
            let past = records.parked()?.into_iter().find(|past| past.change == id);
            Ok::<_, Failure>((past.filter(|_| !decided.contains(&id)), as_of))
        })?;
        let past = past.ok_or_else(|| Failure::new("already_decided"))?;
        // What the district does not know of is decided here alone.
        let is_told = !is_kept_here(past.parked.as_deref());
        let is_dismissed = open.store.dismissed()?.contains_key(&id);
        if !adopt && is_told && !may_dismiss(&past, &session) {
            return Err(Failure::new("not_allowed"));
        }
        let dismisses = (!adopt && is_told && !is_dismissed).then_some(session.who.person);
        if adopt {
            let fields = past
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), plain::plain_value(value)))
                .collect();
            let draft = crate::ward::DraftIn {
                kind: past.kind,
                id: Some(past.record),
                fields,
            };
            let drafts = self.read_drafts(vec![draft])?;
            let confirmed = past.fields.into_keys().collect();
            self.write_anew(&open, &session, drafts, as_of, (confirmed, id))?;
        }
        open.store.decide_carried(id)?;
        decided.insert(id);
        let json = serde_json::to_value(&decided).map_err(|_| Failure::new("database_failed"))?;
        open.store.put_setting(DECIDED, &json)?;
        if let Some(person) = dismisses {
            self.send_decision(&open.store, id, Verdict::Dismiss, (person, String::new()))?;
        }
        self.tell(Notice::Status);
        Ok(())
    }
}

/// What the district keeps aside, as far as the role may see it.
fn parked(open: &Open, session: &Session) -> Result<Vec<ParkedShown>, Failure> {
    let role = &session.who.role;
    let (decided, mut dismissed) = (decided(&open.store)?, open.store.dismissed()?);
    open.store.read(|records, _| {
        let name = |person| names::person_name(records, person).map_err(ViewError::from);
        let mut shown = Vec::new();
        for past in records
            .parked()?
            .into_iter()
            .filter(|past| !decided.contains(&past.change) && !is_written_by_desks(&past.kind))
        {
            // What it says counts nowhere; a record that it began is called as it would be.
            let record = records.get(&past.kind, past.record).map_err(ViewError::from)?;
            let record = record.unwrap_or_else(|| as_written(None, &past.kind, past.record, &past.fields));
            let caption = names::caption(records, role, &record).map_err(ViewError::from)?;
            let reason = past
                .parked
                .clone()
                .map(serde_json::Value::String)
                .and_then(|word| serde_json::from_value(word).ok());
            let may_dismiss = is_kept_here(past.parked.as_deref()) || may_dismiss(&past, session);
            let fields = plain::plain_fields(&past.kind, &past.fields, role);
            let dismissed = dismissed.remove(&past.change).map(|told| {
                Ok::<_, ViewError>(DismissedShown {
                    by: told.by.map(name).transpose()?.unwrap_or_default(),
                    at: Time(told.at_ms),
                    why: told.why,
                })
            });
            shown.push(ParkedShown {
                change: past.change.to_string(),
                kind: past.kind,
                record: past.record,
                caption,
                reason: reason.unwrap_or(Reason::Other),
                at: Time(past.wall_ms),
                by: name(past.actor)?,
                fields: serde_json::Value::Object(fields),
                may_dismiss,
                dismissed: dismissed.transpose()?,
            });
        }
        Ok(shown)
    })
}

/// Whether this desk alone keeps it: the district lost it, or another desk could not send it.
fn is_kept_here(reason: Option<&str>) -> bool {
    let reason = reason.map(|word| Reason::deserialize(word.into_deserializer()));
    matches!(reason, Some(Ok::<_, ValueError>(Reason::Lost | Reason::Carried)))
}

/// Whether the person may say that it is not wanted: who wrote it, and who decides about what others wrote.
fn may_dismiss(past: &Past, session: &Session) -> bool {
    past.actor == session.who.person || decides(session)
}

/// The parked changes about which a person has decided on this desk.
const DECIDED: &str = "parked/decided";

/// How many changes wait for a person to decide.
pub(crate) fn undecided(store: &Store) -> Result<u64, Failure> {
    let decided = decided(store)?;
    let parked = store.read(|records, _| Ok::<_, Failure>(records.parked()?))?;
    // Nobody decides about what a desk noted by itself.
    let to_decide = |past: &&Past| !decided.contains(&past.change) && !is_written_by_desks(&past.kind);
    Ok(parked.iter().filter(to_decide).count() as u64)
}

fn decided(store: &Store) -> Result<BTreeSet<ChangeId>, Failure> {
    let kept = store.setting(DECIDED)?;
    Ok(kept
        .and_then(|json| serde_json::from_value(json).ok())
        .unwrap_or_default())
}
