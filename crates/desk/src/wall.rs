//! A desk on the wall: a board of beds that stays while nobody sits there. The session goes on under a role that may
//! know of beds and of no patient, answers one view and no other command, and ends with the lock: whoever wants more
//! signs in. The file stays open meanwhile.

use domain::access::{WALL, may_show_on_the_wall};

use crate::Failure;
use crate::desk::{Desk, Notice, Session};
use crate::status::Who;

/// The one view that a desk on the wall answers.
pub(crate) const SHOWN: &str = "wall";

impl Desk {
    /// Puts the desk on the wall, until it is locked.
    ///
    /// # Errors
    /// `locked`, `not_allowed` for a role that sees no beds itself, or another [`Failure`] when it cannot be written down.
    pub fn show_on_the_wall(&self) -> Result<(), Failure> {
        let (open, session) = self.at_work()?;
        if !may_show_on_the_wall(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        self.note_first(&open, &session, &self.event("shown_on_wall", &session))?;
        self.end_emergency()?;
        if let Some(now) = self.state().session.as_mut().filter(|now| now.id == session.id) {
            now.on_wall = true;
        }
        self.tell(Notice::Status);
        Ok(())
    }
}

impl Session {
    /// What the session may see and do.
    pub(crate) fn role(&self) -> &str {
        if self.on_wall { WALL } else { &self.who.role }
    }

    /// Who it is, as the window is told.
    pub(crate) fn shown(&self) -> Who {
        Who {
            role: self.role().to_owned(),
            read_only: self.who.read_only || self.on_wall,
            ..self.who.clone()
        }
    }
}
