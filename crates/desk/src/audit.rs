//! What the desk writes into the audit log by itself, and for whom. Views are never held up by it; what leaves the desk
//! is written down first. It goes with the next round and begins none: each look would be traffic, and without the
//! network a try that failed, after which the desk waits longer before it tries again.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::audit::{Event, ONE_LOOK_MS};
use domain::{RecordId, Time};
use store::SaveError;

use crate::Failure;
use crate::desk::{Desk, Notice, Open, Session, new_id};
use crate::keys::file::DeskFile;
use crate::keys::untold::Untold;
use crate::setup::action;

/// Who looked at whose page, in which quarter of an hour.
pub(crate) type Look = (RecordId, RecordId, i64);

fn locked(looks: &Mutex<BTreeSet<Look>>) -> MutexGuard<'_, BTreeSet<Look>> {
    looks.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// An event of now, done by the person of the session.
    pub(crate) fn event(&self, what: &'static str, session: &Session) -> Event {
        Event::new(what, Some(session.who.person), Time(self.district_ms()))
    }

    /// Writes an event down without anybody waiting for it.
    pub(crate) fn note(&self, open: &Open, session: &Session, event: &Event) {
        self.note_and(open, session, event, || {});
    }

    /// What the writing thread does then must not own the desk: it would close the file it is writing to.
    fn note_and(&self, open: &Open, session: &Session, event: &Event, when_it_failed: impl FnOnce() + Send + 'static) {
        let Ok(file) = self.file() else { return };
        if open.is_older_copy {
            self.count(event);
            return;
        }
        let notices = self.inner.notices.clone();
        let left = open
            .store
            .save_later(audit_action(&file, session, event), move |saved| match saved {
                Ok(saved) => {
                    // Nobody listening is no fault.
                    let _ = notices.send(Notice::Records(saved.kinds.into_iter().collect()));
                }
                // It was told before.
                Err(SaveError::Problems(_)) => {}
                Err(SaveError::Store(error)) => {
                    let code = Failure::from(error).code;
                    tracing::error!(code, "an event could not be written into the audit log");
                    when_it_failed();
                }
            });
        if left.is_err() {
            self.count(event);
        }
    }

    /// Writes an event down before what it tells of takes place.
    ///
    /// # Errors
    /// [`Failure`]: it is not written down.
    pub(crate) fn note_first(&self, open: &Open, session: &Session, event: &Event) -> Result<(), Failure> {
        if open.is_older_copy {
            self.count(event);
            return Ok(());
        }
        match open.store.save(audit_action(&self.file()?, session, event)) {
            Ok(saved) => self.tell(Notice::Records(saved.kinds.into_iter().collect())),
            Err(SaveError::Problems(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Writes an event down before what it allows takes place: there is no other way to it than the log.
    ///
    /// # Errors
    /// [`Failure`]: it is not written down.
    pub(crate) fn note_surely(
        &self,
        open: &Open,
        session: &Session,
        event: &Event,
        id: RecordId,
    ) -> Result<(), Failure> {
        self.note_all_surely(open, session, &[(event, id)])
    }

    /// The same for several events, all of them or none.
    ///
    /// # Errors
    /// [`Failure`]: none is written down.
    pub(crate) fn note_all_surely(
        &self,
        open: &Open,
        session: &Session,
        events: &[(&Event, RecordId)],
    ) -> Result<(), Failure> {
        if Desk::is_parting(open) {
            return Err(Failure::new("desk_withdrawing"));
        }
        if open.is_older_copy {
            return Err(Failure::new("desk_rolled_back"));
        }
        let file = self.file()?;
        let drafts = events
            .iter()
            .map(|(event, id)| event.draft(RecordId(file.device.0), || *id));
        let saved = open
            .store
            .save(action(&file, drafts.collect(), session.who.person, session.id, 0))?;
        self.tell(Notice::Records(saved.kinds.into_iter().collect()));
        Ok(())
    }

    /// Counts what cannot be written down now, to be told at the next opening.
    fn count(&self, event: &Event) {
        let counted = self.change_file(|file| {
            file.untold.note(event.what, event.who, event.at.0);
            Ok(())
        });
        if let Err(failure) = counted {
            tracing::error!(code = failure.code, "an event could not be kept for the audit log");
        }
    }

    /// Notes that the person of the session sees a patient's page: once in a quarter of an hour.
    pub(crate) fn note_look(&self, open: &Open, session: &Session, patient: RecordId) {
        let event = Event {
            patient: Some(patient),
            ..self.event("patient_seen", session)
        };
        let now = event.at.0.div_euclid(ONE_LOOK_MS);
        let look = (session.who.person, patient, now);
        let looks = Arc::clone(&self.inner.looks);
        {
            let mut looks = locked(&looks);
            looks.retain(|(_, _, when)| *when == now);
            if !looks.insert(look) {
                return;
            }
        }
        self.note_and(open, session, &event, move || {
            locked(&looks).remove(&look);
        });
    }

    /// Tells what was counted while nobody could write it down.
    pub(crate) fn tell_untold(&self, open: &Open, session: &Session) -> Result<(), Failure> {
        if open.is_older_copy {
            return Ok(());
        }
        let told = self.file()?.untold.to_tell();
        if told.is_empty() {
            return Ok(());
        }
        for each in &told {
            if let Some(event) = event_of(each) {
                self.note_first(open, session, &event)?;
            }
        }
        self.change_file(|file| {
            file.untold.told(&told);
            Ok(())
        })
    }

    /// Notes how a session ended, before the database is closed.
    pub(crate) async fn note_end(&self, open: &Open, session: Session, ended: &'static str) {
        let event = Event {
            ended: Some(ended),
            ..self.event("locked", &session)
        };
        let (desk, open) = (self.clone(), open.clone());
        let noted = tokio::task::spawn_blocking(move || desk.note_first(&open, &session, &event)).await;
        if let Ok(Err(failure)) = noted {
            tracing::error!(code = failure.code, "a lock could not be written into the audit log");
        }
    }
}

fn event_of(untold: &Untold) -> Option<Event> {
    Some(Event {
        times: Some((Time(untold.first_ms), i64::from(untold.times))),
        ..Event::new(Event::known(&untold.what)?, untold.who, Time(untold.last_ms))
    })
}

fn audit_action(file: &DeskFile, session: &Session, event: &Event) -> store::Action {
    let draft = event.draft(RecordId(file.device.0), new_id);
    action(file, vec![draft], session.who.person, session.id, 0)
}
