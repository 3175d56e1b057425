//! Emergency access at this desk: begun with a reason, for an hour, by somebody whose right to work without the district
//! has run out. Each record that is opened under it is written down before anything of it is shown, and is not shown
//! when that fails. It lives with the session: a lock, a restart and a right that was renewed end it.

use std::collections::BTreeSet;

use domain::audit::{Event, patients_named};
use domain::emergency::{self, BEGUN, ENDED, LASTS_MS, MOST_NAMED, MOST_OPENED, NAMED, OPENED, REVIEWED};
use domain::views::ViewError;
use domain::views::present_only::PresentOnly;
use domain::{RecordId, Time};
use serde::Serialize;
use serde_json::Value as Json;
use store::Reader;
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Notice, Open, Session, Since, new_id};
use crate::net::link::wall_ms;

/// One that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Emergency {
    /// The event of its beginning.
    event: RecordId,
    reason: String,
    since: Since,
    /// Whom a search named.
    named: BTreeSet<RecordId>,
    /// Whose records were opened.
    opened: BTreeSet<RecordId>,
}

/// The same, as the window marks it on every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct EmergencyShown {
    pub reason: String,
    /// When it ends by itself, by this computer's clock.
    pub until: Time,
    /// Whose records were opened, and how many more can be.
    pub opened: u64,
    pub left: u64,
}

impl Emergency {
    pub(crate) fn shown(&self) -> EmergencyShown {
        let opened = self.opened.len();
        EmergencyShown {
            reason: self.reason.clone(),
            until: Time(wall_ms().saturating_add(LASTS_MS.saturating_sub(self.since.ms()))),
            opened: opened as u64,
            left: MOST_OPENED.saturating_sub(opened) as u64,
        }
    }
}

impl Desk {
    /// Begins emergency access for an hour, once it was written down with its reason. The search finds everybody then,
    /// and a record that is opened can be read.
    ///
    /// # Errors
    /// `emergency_reason` when it says nothing or is too long, `not_allowed` for a role that never saw patients or while
    /// the right to work has not run out, `desk_rolled_back` and `desk_withdrawing` where nothing can be written down,
    /// or another [`Failure`]: nothing more is shown than before.
    pub fn begin_emergency(&self, reason: &str) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        if !emergency::may_begin(&session.who.role, session.who.has_run_out) {
            return Err(Failure::new("not_allowed"));
        }
        let reason = emergency::reason(reason).ok_or_else(|| Failure::new("emergency_reason"))?;
        let begun = new_id();
        let event = Event {
            reason: Some(reason.clone()),
            ..self.event(BEGUN, &session)
        };
        self.note_surely(&open, &session, &event, begun)?;
        let emergency = Emergency {
            event: begun,
            reason,
            since: Since::now(),
            named: BTreeSet::new(),
            opened: BTreeSet::new(),
        };
        if let Some(now) = self.state().session.as_mut().filter(|now| now.id == session.id) {
            now.emergency = Some(emergency);
        }
        self.touch();
        self.tell_of_emergency();
        Ok(())
    }

    /// Ends emergency access at once.
    ///
    /// # Errors
    /// `locked`.
    pub fn end_emergency(&self) -> Result<(), Failure> {
        self.at_work()?;
        self.stop_emergency("by_hand", |_| true);
        Ok(())
    }

    /// Ends one whose time is over, or that is not needed any more.
    pub(crate) fn emergency_passes(&self) {
        self.stop_emergency("time_over", |session| {
            let is_over = |emergency: &Emergency| emergency.since.ms() >= LASTS_MS;
            session.emergency.as_ref().is_some_and(is_over)
        });
        self.stop_emergency("done", |session| !session.who.has_run_out);
    }

    fn stop_emergency(&self, ended: &'static str, is_over: impl Fn(&Session) -> bool) {
        let stopped = {
            let mut state = self.state();
            let session = state.session.as_mut().filter(|session| is_over(session));
            let emergency = session.and_then(|session| session.emergency.take());
            emergency.zip(state.session.clone()).zip(state.open.clone())
        };
        let Some(((emergency, session), open)) = stopped else {
            return;
        };
        let event = Event {
            ended: Some(ended),
            of: Some(emergency.event),
            ..self.event(ENDED, &session)
        };
        self.note(&open, &session, &event);
        self.tell_of_emergency();
    }

    /// What is on the screen may be of somebody who is not in.
    fn tell_of_emergency(&self) {
        self.tell(Notice::Status);
        self.tell(Notice::Records(Vec::new()));
    }

    /// Opens the record of a patient who is not in, once that was written down; where no emergency goes on nothing is
    /// opened, and the rest of the desk refuses it.
    pub(crate) fn open_in_emergency(
        &self,
        open: &Open,
        session: Session,
        patient: RecordId,
    ) -> Result<Session, Failure> {
        let Some(emergency) = &session.emergency else {
            return Ok(session);
        };
        let is_hidden = open
            .store
            .read(|records, _| Ok::<_, Failure>(session.seen(records)?.hides(patient).map_err(ViewError::from)?));
        if !is_hidden? {
            return Ok(session);
        }
        if emergency.opened.len() >= MOST_OPENED {
            return Err(Failure::new("emergency_too_many"));
        }
        let event = Event {
            patient: Some(patient),
            of: Some(emergency.event),
            reason: Some(emergency.reason.clone()),
            ..self.event(OPENED, &session)
        };
        self.note_surely(open, &session, &event, new_id())?;
        let session = self.going_on(&session, emergency.event, |emergency| {
            emergency.opened.insert(patient);
        })?;
        self.tell(Notice::Status);
        Ok(session)
    }

    /// Writes down whom a search names who is not in, each once, before anything of what it found is shown.
    ///
    /// # Errors
    /// `emergency_too_many_named`, or another [`Failure`]: nothing of it may be shown.
    pub(crate) fn name_in_emergency(&self, open: &Open, session: &Session, found: &Json) -> Result<(), Failure> {
        let Some(emergency) = &session.emergency else {
            return Ok(());
        };
        let mut named = open.store.read(|records, _| {
            let seen = session.seen(records)?;
            let is_new = |patient: &RecordId| !emergency.named.contains(patient);
            let hidden = patients_named(found).into_iter().filter(is_new);
            let hidden = hidden.map(|patient| Ok(seen.hides(patient).map_err(ViewError::from)?.then_some(patient)));
            hidden
                .filter_map(Result::transpose)
                .collect::<Result<BTreeSet<_>, Failure>>()
        })?;
        if named.is_empty() {
            return Ok(());
        }
        if emergency.named.len() + named.len() > MOST_NAMED {
            return Err(Failure::new("emergency_too_many_named"));
        }
        let looks = named.iter().map(|patient| Event {
            patient: Some(*patient),
            of: Some(emergency.event),
            ..self.event(NAMED, session)
        });
        let looks: Vec<Event> = looks.collect();
        let events: Vec<(&Event, RecordId)> = looks.iter().map(|look| (look, new_id())).collect();
        self.note_all_surely(open, session, &events)?;
        self.going_on(session, emergency.event, |emergency| emergency.named.append(&mut named))?;
        Ok(())
    }

    /// Changes what is known of the emergency, and answers the session as it is then. Meanwhile it may have ended, or
    /// another one begun: then nothing is shown.
    fn going_on(
        &self,
        session: &Session,
        event: RecordId,
        change: impl FnOnce(&mut Emergency),
    ) -> Result<Session, Failure> {
        let mut state = self.state();
        let now = state.session.as_mut().filter(|now| now.id == session.id);
        let now = now.ok_or_else(|| Failure::new("not_allowed"))?;
        let same = now.emergency.as_mut().filter(|now| now.event == event);
        change(same.ok_or_else(|| Failure::new("not_allowed"))?);
        Ok(now.clone())
    }

    /// Notes that an admin looked into an emergency, which ends its place in the inbox.
    ///
    /// # Errors
    /// `not_allowed` for who is not told of any, and for one's own; `not_found`; or another [`Failure`].
    pub fn review_emergency(&self, begun: RecordId) -> Result<(), Failure> {
        let (open, session) = self.may_write()?;
        if !emergency::is_told(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        let who = open.store.read(|records, _| {
            let who = emergency::begun_by(records, begun).map_err(ViewError::from)?;
            who.ok_or_else(|| Failure::new("not_found"))
        })?;
        if who == session.who.person {
            return Err(Failure::new("not_allowed"));
        }
        let event = Event {
            about: Some(who),
            of: Some(begun),
            ..self.event(REVIEWED, &session)
        };
        self.note_surely(&open, &session, &event, new_id())?;
        self.touch();
        Ok(())
    }
}

impl Session {
    /// The records as far as they may be seen when the right to work has run out.
    pub(crate) fn seen<'r>(&self, records: &'r Reader<'_>) -> Result<PresentOnly<'r>, Failure> {
        let none = BTreeSet::new();
        let opened = self.emergency.as_ref().map_or(&none, |emergency| &emergency.opened);
        Ok(PresentOnly::and_opened(records, opened).map_err(ViewError::from)?)
    }
}

#[cfg(test)]
mod tests;
