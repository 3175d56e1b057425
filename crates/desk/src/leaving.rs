//! People who may no longer sign in here: as soon as the desk learns of it their slot goes, so that
//! their password opens nothing any more, without the network either.

use domain::RecordId;
use domain::access::has_left;
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
        for person in gone {
            self.close_slot(person)?;
            self.sign_out(person);
        }
        Ok(())
    }

    /// Takes a person's slot away.
    ///
    /// # Errors
    /// [`Failure`]: the slot stays.
    pub(crate) fn close_slot(&self, person: RecordId) -> Result<(), Failure> {
        let secret = self.secret_place(&self.file()?).get()?;
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
        state.session = None;
        drop(state);
        self.tell(Notice::Status);
        // Locking ends the worker, which may be who found out.
        let desk = self.clone();
        tokio::spawn(async move { desk.lock().await });
    }
}
