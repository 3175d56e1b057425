//! Passwords that are tried at this desk: counted before, forgotten when one was right, and given back to a suspended
//! person by an admin.

use domain::RecordId;
use domain::access::lets_in_again;
use domain::audit::Event;

use crate::Failure;
use crate::desk::{Desk, Notice};
use crate::keys::tries::{SUSPENDED_AT, Tries, together};
use crate::net::link::wall_ms;

impl Desk {
    /// Counts a try before it is made, of a person who has a slot here or of anybody else. Answers whether a password
    /// may open anything here: of somebody suspended the server alone decides.
    ///
    /// # Errors
    /// `blocked`, with the `seconds` to wait.
    pub(crate) fn begin_try(&self, who: Option<RecordId>) -> Result<bool, Failure> {
        let file = self.file()?;
        let Some(person) = who else {
            return blocked_for(file.strangers.wait_ms(wall_ms())).map(|()| true);
        };
        let place = self.secret_place(&file);
        let noted = place.tries();
        let counted = self.change_file(|file| {
            let mut all = together(&file.tries, &noted);
            let tries = all.entry(person).or_default();
            if tries.is_suspended() {
                return Ok(None);
            }
            blocked_for(tries.wait_ms(wall_ms()))?;
            tries.count(wall_ms());
            file.tries.clone_from(&all);
            file.untold.tries(person, wall_ms());
            Ok(Some(all))
        })?;
        if let Some(all) = &counted {
            place.note_tries(all);
        }
        Ok(counted.is_some())
    }

    /// What is said of a password that was wrong.
    pub(crate) fn wrong(&self, who: Option<RecordId>) -> Result<Failure, Failure> {
        let noted = self.secret_place(&self.file()?).tries();
        let tries = self.change_file(|file| {
            file.untold.was_wrong(who, wall_ms());
            let Some(person) = who else {
                file.strangers.count(wall_ms());
                return Ok(file.strangers);
            };
            let all = together(&file.tries, &noted);
            let tries = all.get(&person).copied().unwrap_or_default();
            if tries.failures == SUSPENDED_AT {
                file.untold.note("suspended", who, wall_ms());
            }
            Ok(tries)
        })?;
        if tries.is_suspended() {
            self.tell(Notice::Status);
            return Ok(Failure::new("suspended_here"));
        }
        let failure = Failure::new("wrong_password");
        Ok(match tries.wait_ms(wall_ms()) {
            0 => failure,
            wait_ms => failure.number("seconds", whole_seconds(wait_ms)),
        })
    }

    /// A password of this person was right.
    pub(crate) fn forget_tries(&self, person: RecordId) -> Result<(), Failure> {
        let place = self.secret_place(&self.file()?);
        let mut noted = place.tries();
        if noted.remove(&person).is_some() {
            place.note_tries(&noted);
        }
        self.change_file(|file| {
            file.tries.remove(&person);
            file.strangers = Tries::default();
            file.untold.was_right(person);
            Ok(())
        })
    }

    /// Lets a suspended person in again with their password.
    ///
    /// # Errors
    /// `not_allowed`, or another [`Failure`].
    pub fn let_in_again(&self, person: RecordId) -> Result<(), Failure> {
        let (open, session) = self.may_write()?;
        if !lets_in_again(&session.who.role) {
            return Err(Failure::new("not_allowed"));
        }
        let event = Event {
            about: Some(person),
            ..self.event("let_in_again", &session)
        };
        self.note_first(&open, &session, &event)?;
        self.forget_tries(person)?;
        self.touch();
        self.tell(Notice::Status);
        Ok(())
    }
}

fn blocked_for(wait_ms: i64) -> Result<(), Failure> {
    if wait_ms > 0 {
        return Err(Failure::new("blocked").number("seconds", whole_seconds(wait_ms)));
    }
    Ok(())
}

fn whole_seconds(wait_ms: i64) -> i64 {
    (wait_ms + 999) / 1_000
}
