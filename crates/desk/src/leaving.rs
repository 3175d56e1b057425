//! People who may do less than before: as soon as the desk learns of it their slot goes, so that their password
//! opens nothing any more, or their lower role counts, without the network either.

use domain::RecordId;
use domain::access::{has_left, lower_role, recorded_role};
use domain::views::ViewError;
use store::Store;

use crate::Failure;
use crate::desk::{Desk, Notice, Session};

impl Desk {
    /// Takes the slots away of people whose records, as they are here, say that they left. On a desk
    /// that stands alone nobody could let them in again; there every slot stays.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn close_slots_of_the_gone(&self, store: &Store) -> Result<(), Failure> {
        let file = self.file()?;
        if file.server.is_none() {
            return Ok(());
        }
        let gone = store.read(|records, _| {
            let mut gone = Vec::new();
            for person in file.slots.people() {
                if has_left(person, file.facility, records).map_err(ViewError::from)? {
                    gone.push(person);
                }
            }
            Ok::<_, Failure>(gone)
        })?;
        self.close_slots_of(gone)
    }

    /// Takes the slots of these people away, and signs them out.
    ///
    /// # Errors
    /// [`Failure`]: slots stay.
    pub(crate) fn close_slots_of(&self, gone: Vec<RecordId>) -> Result<(), Failure> {
        for person in gone {
            self.close_slot(person)?;
            self.sign_out(person);
        }
        Ok(())
    }

    /// The role that a person has now: the lower of what the district granted and what their record says. On a desk
    /// that stands alone the record alone says it.
    ///
    /// # Errors
    /// [`Failure`].
    pub(crate) fn role_now(&self, person: RecordId, granted: &str, store: &Store) -> Result<String, Failure> {
        let recorded = store.read(|records, _| {
            let role = recorded_role(person, records).map_err(ViewError::from)?;
            Ok::<_, Failure>(role)
        })?;
        let role = match self.file()?.server {
            Some(_) => lower_role(granted, recorded),
            None => recorded.unwrap_or(granted),
        };
        Ok(role.to_owned())
    }

    /// Lets a lower role of the person signed in count at once.
    ///
    /// # Errors
    /// [`Failure`]; the role stays then.
    pub(crate) fn follow_role(&self, store: &Store) -> Result<(), Failure> {
        let Some(session) = self.state().session.clone() else {
            return Ok(());
        };
        let role = self.role_now(session.who.person, &session.who.role, store)?;
        if role != session.who.role {
            if let Some(now) = self.state().session.as_mut().filter(|now| now.id == session.id) {
                now.who.role = role;
            }
            self.tell(Notice::Status);
            self.tell(Notice::Records(Vec::new()));
        }
        Ok(())
    }

    /// Takes a person's slot away.
    ///
    /// # Errors
    /// [`Failure`]: the slot stays.
    pub(crate) fn close_slot(&self, person: RecordId) -> Result<(), Failure> {
        let secret = self.device_secret(&self.file()?)?;
        self.change_file(|file| Ok(file.slots.remove(person, &secret)?))?;
        self.tell(Notice::Status);
        Ok(())
    }

    /// Ends the person's session, if it is theirs, and locks the desk; what they typed is kept.
    pub(crate) fn sign_out(&self, person: RecordId) {
        let mut state = self.state();
        let is_theirs = |session: &Session| session.who.person == person;
        if !state.session.as_ref().is_some_and(is_theirs) {
            return;
        }
        let session = state.session.take();
        drop(state);
        self.tell(Notice::Status);
        // Locking ends the worker, which may be who found out.
        let desk = self.clone();
        tokio::spawn(async move { desk.close_after(session, "sent_out").await });
    }
}
