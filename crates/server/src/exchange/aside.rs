//! What was kept aside: numbered after all, or dismissed, each action as a whole, by the server's command or
//! by a person at a desk. Nothing of it is deleted.

use domain::access::{self, Scope};
use domain::erasure::erases;
use sync_core::aside::{Decision, LONGEST_WHY, Outcome, Verdict};
use sync_core::exchange::Reason;
use sync_core::{ChangeId, DeviceId, Encoded, SpaceId, UserId};

use super::grants::Grants;
use super::judge::{Spaces, depends_on_parked, is_well_formed, reason_by_rights};
use super::push::{Taken, number};
use crate::db;
use crate::db::Conn;
use crate::db::device::{Device, Status};
use crate::db::parked::{Aside, Decided, Decider};
use crate::error::Result;
use crate::server::Server;

/// Why a parked action stays where it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Stays {
    #[error("no change of this id is parked")]
    Unknown,
    #[error("it was decided about before")]
    Decided,
    #[error("it is not of the form this server understands")]
    Malformed,
    #[error("its space is not kept here")]
    NoSpace,
    #[error("it builds on another change that is parked; release that one first")]
    DependsOnParked,
    #[error("whom it is about was erased; dismiss it")]
    Erased,
    #[error("who decided has no right to it")]
    NotAllowed,
}

impl From<Stays> for Outcome {
    fn from(stays: Stays) -> Outcome {
        match stays {
            Stays::Unknown => Outcome::Unknown,
            Stays::Decided => Outcome::DecidedBefore,
            Stays::Malformed | Stays::NoSpace | Stays::Erased => Outcome::CannotBeTakenIn,
            Stays::DependsOnParked => Outcome::DependsOnParked,
            Stays::NotAllowed => Outcome::NotAllowed,
        }
    }
}

impl Server {
    /// Everything that was parked, in the order it came.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn aside(&self) -> Result<Vec<Aside>> {
        self.db().read(db::parked::all)
    }

    /// What a parked change says, if this server understands it.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn open_aside(&self, aside: &Aside) -> Result<Option<Encoded>> {
        self.open_parked(aside.id, &aside.sealed_body)
    }

    pub(super) fn open_parked(&self, id: ChangeId, sealed_body: &[u8]) -> Result<Option<Encoded>> {
        let bytes = self.own().key.open(&format!("parked|{id}"), sealed_body)?;
        Ok(Encoded::read(bytes.to_vec()).ok())
    }

    /// Why somebody decided so about a parked change, in their words.
    ///
    /// # Errors
    /// [`ServerError::SealBroken`].
    pub fn open_why(&self, id: ChangeId, sealed_why: Option<&[u8]>) -> Result<String> {
        let Some(sealed) = sealed_why else {
            return Ok(String::new());
        };
        let bytes = self.own().key.open(&about_why(id), sealed)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Numbers the action of a parked change as its author wrote it. Answers the changes, or why it stays parked.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written.
    pub fn release(&self, id: ChangeId) -> Result<Result<Vec<ChangeId>, Stays>> {
        self.decide_as(id, Verdict::TakeIn, None)
    }

    /// Notes that a parked action is not wanted. It stays on record.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written.
    pub fn dismiss(&self, id: ChangeId) -> Result<Result<Vec<ChangeId>, Stays>> {
        self.decide_as(id, Verdict::Dismiss, None)
    }

    /// Does what a person decided at the desk `asker`, which showed `grants`, if they may: who takes something in must be allowed to write
    /// it, and nobody decides about another facility's.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written.
    pub fn decide_at(&self, asker: DeviceId, decision: &Decision, grants: &Grants) -> Result<Outcome> {
        if !grants.prove(decision.by) {
            return Ok(Outcome::NotAllowed);
        }
        let done = self.decide_as(decision.change, decision.verdict, Some((asker, decision)))?;
        Ok(done.map_or_else(Outcome::from, |_| Outcome::Done))
    }

    fn decide_as(
        &self,
        id: ChangeId,
        verdict: Verdict,
        by: Option<(DeviceId, &Decision)>,
    ) -> Result<Result<Vec<ChangeId>, Stays>> {
        let (done, news) = self.db().write(|tx| {
            // In the order of their ids: two desks that decide about each other's do not wait for each other.
            for device in std::collections::BTreeSet::from([id.device, by.map_or(id.device, |(asker, _)| asker)]) {
                db::device::lock(device, tx)?;
            }
            let action = match undecided(id, tx)? {
                Ok(action) => action,
                Err(stays) => return Ok((Err(stays), Vec::new())),
            };
            let bodies: Option<Vec<Encoded>> = action
                .iter()
                .map(|each| self.open_aside(each))
                .collect::<Result<Option<_>>>()?;
            let mut spaces = Spaces::new(self, tx);
            let mut taken = Taken::default();
            let stays = match (verdict, &bodies) {
                (Verdict::TakeIn, Some(bodies)) if is_well_formed(bodies) => {
                    let space = bodies.first().map(|first| first.change().space);
                    spaces.lock(space.into_iter().collect())?;
                    let stays = why_it_stays(self, bodies, by, &mut spaces, tx)?;
                    if stays.is_none() {
                        number(bodies, self, &mut spaces, &mut taken, tx)?;
                    }
                    stays
                }
                (Verdict::TakeIn, _) => Some(Stays::Malformed),
                (Verdict::Dismiss, _) => {
                    let author = bodies.as_ref().and_then(|bodies| Some(bodies.first()?.change().actor));
                    by.map(|by| why_not_dismissed(id, author, by, tx))
                        .transpose()?
                        .flatten()
                }
            };
            if let Some(stays) = stays {
                return Ok((Err(stays), Vec::new()));
            }
            for each in &action {
                self.note_decision(each.id, verdict, by, tx)?;
            }
            if verdict == Verdict::Dismiss {
                self.erase_late(bodies.as_deref().unwrap_or_default(), &mut spaces, tx)?;
            }
            let ids = action.iter().map(|each| each.id).collect();
            Ok((Ok(ids), spaces.close()?))
        })?;
        self.tell(news);
        Ok(done)
    }

    /// What is dismissed of somebody who was erased goes too, with what was said of why.
    fn erase_late(&self, bodies: &[Encoded], spaces: &mut Spaces<'_>, conn: &Conn) -> Result<()> {
        for body in bodies {
            let present = spaces.get(body.change().space)?;
            let is_late = present.map(|present| present.is_about_erased(body.change()));
            if is_late.transpose()? == Some(true) {
                self.erase_parked(body, conn)?;
                // What somebody said of it may name them.
                db::parked::forget_why(body.change().id, conn)?;
            }
        }
        Ok(())
    }

    /// Puts what is left of a parked change in the place of its body.
    pub(crate) fn erase_parked(&self, body: &Encoded, conn: &Conn) -> Result<()> {
        let id = body.change().id;
        let left = self.own().key.seal(&format!("parked|{id}"), body.stub().bytes());
        db::parked::erase(id, &left, conn)
    }

    fn note_decision(
        &self,
        id: ChangeId,
        verdict: Verdict,
        by: Option<(DeviceId, &Decision)>,
        conn: &Conn,
    ) -> Result<()> {
        let decided = match verdict {
            Verdict::TakeIn => Decided::Released,
            Verdict::Dismiss => Decided::Dismissed,
        };
        db::parked::decide(id, decided, self.now_ms(), conn)?;
        let Some((desk, decision)) = by else { return Ok(()) };
        let why: String = decision.why.chars().take(LONGEST_WHY).collect();
        let by = Decider {
            person: decision.by,
            desk,
            sealed_why: &self.own().key.seal(&about_why(id), why.as_bytes()),
        };
        db::parked::decided_by(id, &by, conn)
    }
}

fn about_why(id: ChangeId) -> String {
    format!("why|{id}")
}

/// The whole parked action of a change about which nobody decided.
fn undecided(id: ChangeId, conn: &Conn) -> Result<Result<Vec<Aside>, Stays>> {
    let all = db::parked::all(conn)?;
    let Some(asked) = all.iter().find(|each| each.id == id) else {
        return Ok(Err(Stays::Unknown));
    };
    if asked.decided.is_some() {
        return Ok(Err(Stays::Decided));
    }
    let (action, is_understood) = (asked.action, !asked.action.is_nil());
    let is_of_it = |each: &Aside| {
        each.id.device == id.device
            && each.decided.is_none()
            && if is_understood {
                each.action == action
            } else {
                each.id == id
            }
    };
    Ok(Ok(all.into_iter().filter(is_of_it).collect()))
}

/// Why a decision about the desk `author`'s action does not count; answers the desk it was made at when it does.
fn decider(
    author: DeviceId,
    author_person: Option<UserId>,
    (asker, decision): (DeviceId, &Decision),
    conn: &Conn,
) -> Result<Result<Device, Stays>> {
    let (Some(asker), Some(author)) = (db::device::get(asker, conn)?, db::device::get(author, conn)?) else {
        return Ok(Err(Stays::Unknown));
    };
    if asker.facility != author.facility {
        return Ok(Err(Stays::Unknown));
    }
    let is_at_work = asker.status == Status::Active && !db::succession::is_replaced(asker.id, conn)?;
    let account = db::account::held(decision.by, conn)?.filter(|account| account.is_active && is_at_work);
    let Some(account) = account else {
        return Ok(Err(Stays::NotAllowed));
    };
    let is_local = access::role(&account.role).is_none_or(|role| role.scope == Scope::Facility);
    let is_in_reach = !is_local || account.facility == Some(asker.facility);
    let decides = access::decides_what_is_kept_aside(&account.role);
    // What somebody wrote themselves they may take back.
    let is_own = decision.verdict == Verdict::Dismiss && author_person == Some(decision.by);
    Ok(if is_in_reach && (decides || is_own) {
        Ok(asker)
    } else {
        Err(Stays::NotAllowed)
    })
}

fn why_not_dismissed(
    id: ChangeId,
    author: Option<UserId>,
    by: (DeviceId, &Decision),
    conn: &Conn,
) -> Result<Option<Stays>> {
    Ok(decider(id.device, author, by, conn)?.err())
}

fn why_it_stays(
    server: &Server,
    action: &[Encoded],
    by: Option<(DeviceId, &Decision)>,
    spaces: &mut Spaces<'_>,
    conn: &Conn,
) -> Result<Option<Stays>> {
    let Some(first) = action.first().map(Encoded::change) else {
        return Ok(Some(Stays::Malformed));
    };
    let space: SpaceId = first.space;
    let Some(present) = spaces.get(space)? else {
        return Ok(Some(Stays::NoSpace));
    };
    if present.last_action()? == Some(first.action) {
        return Ok(Some(Stays::Malformed));
    }
    if let Some(by) = by {
        let asker = match decider(first.id.device, None, by, conn)? {
            Ok(asker) => asker,
            Err(stays) => return Ok(Some(stays)),
        };
        if !server.spaces_of(&asker).contains(&space) {
            return Ok(Some(Stays::NoSpace));
        }
        if reason_by_rights(action, (&asker, by.1.by), spaces)?.is_some() {
            return Ok(Some(Stays::NotAllowed));
        }
    }
    // The rest of its own action is released with it.
    let own: Vec<ChangeId> = action.iter().map(|encoded| encoded.change().id).collect();
    for change in action.iter().map(Encoded::change) {
        // Only the server itself erases.
        if erases(&change.kind) {
            return Ok(Some(Stays::Malformed));
        }
        let present = spaces.get(space)?;
        if present.map(|present| present.is_about_erased(change)).transpose()? == Some(true) {
            return Ok(Some(Stays::Erased));
        }
        let mut alone = change.clone();
        for heads in alone.base.values_mut() {
            heads.retain(|head| !own.contains(head));
        }
        if depends_on_parked(&alone, &own, spaces, conn)? {
            return Ok(Some(Stays::DependsOnParked));
        }
    }
    Ok(None)
}

/// The reason as it stands on the wire.
pub fn word(reason: Reason) -> String {
    match serde_json::to_value(reason) {
        Ok(serde_json::Value::String(word)) => word,
        _ => "other".to_owned(),
    }
}
