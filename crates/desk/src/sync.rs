//! Exchanging with the district server: one worker, woken by a save, by the server, or by a timer
//! that never waits for a new edit.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::views::{ViewError, inbox};
use domain::{Records, Time, plain};
use store::Store;
use sync_core::entry::fingerprint_words;
use sync_core::exchange::{Peer, Reason};
use sync_core::{ChangeId, Lsn};

use crate::Failure;
use crate::desk::{Desk, Notice, Open};
use crate::keys::file::DeskFile;
use crate::keys::seal::Key;
use crate::net::link::{Link, wall_ms};
use crate::round::{DeskSide, Heard};
use crate::status::{ParkedShown, SpaceLine, SpaceState, SyncPage};

/// A save waits this long for others before it is sent.
const GATHER: Duration = Duration::from_millis(300);
/// Without news from the server, ask again after this long.
const TIMER: Duration = Duration::from_secs(30);
/// The shortest and the longest wait after a failed round.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(60));
/// How long locking waits for the last exchange.
const BEFORE_CLOSING: Duration = Duration::from_secs(8);

impl Desk {
    /// Starts the worker of an opened database, if this desk joined a server.
    pub(crate) fn start_exchanging(&self, file: &DeskFile, secret: &Key) -> Result<(), Failure> {
        let Some(server) = file.server.clone() else {
            return Ok(());
        };
        let Some(open) = self.state().open.clone() else {
            return Ok(());
        };
        let key = self.signing_key(file, secret)?;
        let link = Arc::new(Link::new(server, file.device, key.clone())?);
        let worker = Worker {
            desk: self.clone(),
            side: DeskSide::new(Arc::clone(&open.store), key),
        };
        let desk = self.clone();
        let exchanging = tokio::spawn(async move {
            // Both run as long as the other: together they are one worker.
            tokio::join!(work(worker, Arc::clone(&link)), listen(link, desk));
        });
        self.state().worker = Some(exchanging);
        Ok(())
    }

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
            let state = match space.cursor.cmp(&space.head) {
                _ if space.is_diverged => SpaceState::Diverged,
                _ if space.heard_ms.is_none() => SpaceState::Unknown,
                std::cmp::Ordering::Less => SpaceState::Behind,
                _ if space.pending > 0 => SpaceState::Ahead,
                _ => SpaceState::Equal,
            };
            SpaceLine {
                space: space.space.to_string(),
                cursor: space.cursor,
                head: space.head,
                pending: space.pending,
                parked: space.parked,
                state,
                heard: space.heard_ms.map(Time),
                digest: space.digest.0.to_string(),
            }
        });
        let words = file
            .server
            .as_ref()
            .map(|server| fingerprint_words(&server.certificate).map(str::to_owned).to_vec());
        Ok(SyncPage {
            summary: self.status().sync,
            spaces: spaces.collect(),
            parked: parked(&open, &session.who.role)?,
            device: file.device.to_string(),
            server_words: words.unwrap_or_default(),
        })
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
        let (open, _) = self.at_work()?;
        let id: ChangeId = change.parse().map_err(|_| Failure::new("bad_arguments"))?;
        let mut decided = decided(&open.store)?;
        let (past, as_of) = open.store.read(|records, as_of| {
            let past = records.parked()?.into_iter().find(|past| past.change == id);
            Ok::<_, Failure>((past.filter(|_| !decided.contains(&id)), as_of))
        })?;
        let past = past.ok_or_else(|| Failure::new("already_decided"))?;
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
            self.save(vec![draft], as_of, past.fields.into_keys().collect())?;
        }
        decided.insert(id);
        let json = serde_json::to_value(&decided).map_err(|_| Failure::new("database_failed"))?;
        open.store.put_setting(DECIDED, &json)?;
        self.tell(Notice::Status);
        Ok(())
    }
}

/// What the district keeps aside, as far as the role may see it.
fn parked(open: &Open, role: &str) -> Result<Vec<ParkedShown>, Failure> {
    let decided = decided(&open.store)?;
    open.store.read(|records, _| {
        let mut shown = Vec::new();
        for past in records
            .parked()?
            .into_iter()
            .filter(|past| !decided.contains(&past.change))
        {
            let record = records.get(&past.kind, past.record).map_err(ViewError::from)?;
            let caption = record
                .map(|record| inbox::caption(records, role, &record))
                .transpose()
                .map_err(ViewError::from)?;
            let reason = past
                .parked
                .map(serde_json::Value::String)
                .and_then(|word| serde_json::from_value(word).ok());
            let fields = plain::plain_fields(&past.kind, &past.fields, role);
            shown.push(ParkedShown {
                change: past.change.to_string(),
                kind: past.kind,
                record: past.record,
                caption: caption.unwrap_or_default(),
                reason: reason.unwrap_or(Reason::Other),
                at: Time(past.wall_ms),
                by: inbox::person_name(records, past.actor).map_err(ViewError::from)?,
                fields: serde_json::Value::Object(fields),
            });
        }
        Ok(shown)
    })
}

/// The parked changes about which a person has decided on this desk.
const DECIDED: &str = "parked/decided";

fn decided(store: &Store) -> Result<BTreeSet<ChangeId>, Failure> {
    let kept = store.setting(DECIDED)?;
    Ok(kept
        .and_then(|json| serde_json::from_value(json).ok())
        .unwrap_or_default())
}

/// What one worker needs.
struct Worker {
    desk: Desk,
    side: DeskSide,
}

async fn work(worker: Worker, link: Arc<Link>) {
    let mut wait = BACK_OFF.0;
    loop {
        let outcome = worker.round(link.as_ref()).await;
        let pause = match outcome {
            Ok(true) => Duration::ZERO,
            Ok(false) => {
                wait = BACK_OFF.0;
                TIMER
            }
            Err(failure) => {
                tracing::debug!(code = failure.code, "a round did not take place");
                wait = (wait * 2).min(BACK_OFF.1);
                jittered(wait)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = worker.desk.inner.wake.notified() => tokio::time::sleep(GATHER).await,
        }
    }
}

/// Listens for the server's notices for as long as the worker runs.
async fn listen(link: Arc<Link>, desk: Desk) {
    loop {
        // A link that broke is tried again; rounds tell the person how it stands.
        let _ = link.listen(|| desk.inner.wake.notify_one()).await;
        tokio::time::sleep(jittered(BACK_OFF.0 * 2)).await;
    }
}

fn jittered(wait: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    // Without randomness all desks would still wait, only in step.
    let _ = getrandom::fill(&mut byte);
    wait.mul_f64(0.75 + f64::from(byte[0]) / 512.0)
}

impl Worker {
    /// One round with the server. Answers whether another should follow at once.
    async fn round(&self, peer: &impl Peer) -> Result<bool, Failure> {
        self.desk.state().link.busy = true;
        let asks = self.side.asks(wall_ms())?;
        let mut heard = Heard::default();
        let mut failed = None;
        let exchanged = peer
            .exchange(asks, &mut |answer| {
                let absorbed = tokio::task::block_in_place(|| self.side.absorb(answer, wall_ms(), &mut heard));
                if let Err(failure) = absorbed {
                    failed.get_or_insert(failure);
                }
            })
            .await;
        let failure = failed.or(exchanged.err().map(Failure::from));
        self.note(&heard, failure.clone());
        match failure {
            Some(failure) => Err(failure),
            None => Ok(heard.more),
        }
    }

    /// Keeps what the round told, and tells the window.
    fn note(&self, heard: &Heard, failure: Option<Failure>) {
        if let Some(server_ms) = heard.server_ms {
            self.desk.hear_time(server_ms);
        }
        {
            let mut state = self.desk.state();
            state.link.busy = false;
            if heard.server_ms.is_some() {
                state.link.last_contact = Some(Time(wall_ms()));
            }
            state.link.problem.clone_from(&failure);
        }
        // Only when all is here: what is still to come may let a person in again.
        if failure.is_none()
            && !heard.more
            && let Err(failure) = self.desk.close_slots_of_the_gone(self.side.store())
        {
            tracing::warn!(code = failure.code, "a slot of somebody who left could not be closed");
        }
        if !heard.kinds.is_empty() {
            let all = heard.kinds.contains("");
            let kinds = if all {
                Vec::new()
            } else {
                heard.kinds.iter().cloned().collect()
            };
            self.desk.tell(Notice::Records(kinds));
        }
        self.desk.tell(Notice::Status);
    }
}
