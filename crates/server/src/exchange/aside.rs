//! What was kept aside: shown, numbered after all, or dismissed, each action as a whole. Nothing of it is deleted.

use sync_core::exchange::Reason;
use sync_core::{ChangeId, Encoded, SpaceId};

use super::judge::{Spaces, is_well_formed, names_parked};
use super::push::{Taken, number};
use crate::db;
use crate::db::Conn;
use crate::db::parked::{Aside, Decided};
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
        let bytes = self
            .own()
            .key
            .open(&format!("parked|{}", aside.id), &aside.sealed_body)?;
        Ok(Encoded::read(bytes.to_vec()).ok())
    }

    /// Numbers the action of a parked change as its author wrote it. Answers the changes, or why it stays parked.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written.
    pub fn release(&self, id: ChangeId) -> Result<Result<Vec<ChangeId>, Stays>> {
        let (done, news) = self.db().write(|tx| {
            let action = match undecided(id, tx)? {
                Ok(action) => action,
                Err(stays) => return Ok((Err(stays), Vec::new())),
            };
            let bodies: Option<Vec<Encoded>> = action
                .iter()
                .map(|each| self.open_aside(each))
                .collect::<Result<Option<_>>>()?;
            let mut spaces = Spaces::new(self, tx);
            let bodies = match bodies {
                Some(bodies) if is_well_formed(&bodies) => bodies,
                _ => return Ok((Err(Stays::Malformed), Vec::new())),
            };
            if let Some(stays) = why_it_stays(&bodies, &mut spaces, tx)? {
                return Ok((Err(stays), Vec::new()));
            }
            let mut taken = Taken::default();
            number(&bodies, self, &mut spaces, &mut taken, tx)?;
            for each in &action {
                db::parked::decide(each.id, Decided::Released, self.now_ms(), tx)?;
            }
            let ids = action.iter().map(|each| each.id).collect();
            Ok((Ok(ids), spaces.close()?))
        })?;
        self.tell(news);
        Ok(done)
    }

    /// Notes that a parked action is not wanted. It stays on record.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was written.
    pub fn dismiss(&self, id: ChangeId) -> Result<Result<Vec<ChangeId>, Stays>> {
        self.db().write(|tx| {
            let action = match undecided(id, tx)? {
                Ok(action) => action,
                Err(stays) => return Ok(Err(stays)),
            };
            for each in &action {
                db::parked::decide(each.id, Decided::Dismissed, self.now_ms(), tx)?;
            }
            Ok(Ok(action.iter().map(|each| each.id).collect()))
        })
    }
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

fn why_it_stays(action: &[Encoded], spaces: &mut Spaces<'_>, conn: &Conn) -> Result<Option<Stays>> {
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
    for change in action.iter().map(Encoded::change) {
        // The rest of its own action stands in its base too, and is released with it.
        let mut alone = change.clone();
        for heads in alone.base.values_mut() {
            heads.retain(|head| !action.iter().any(|other| other.change().id == *head));
        }
        if names_parked(&alone, conn)? {
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
