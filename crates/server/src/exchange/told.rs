//! What is kept aside of a facility's desks, as its desks are told of it.

use domain::audit::is_written_by_desks;
use sync_core::aside::{
    AsideAction, AsideList, Dismissed, MOST_ACTIONS, MOST_BYTES, MOST_BYTES_OF_ONE, MOST_DISMISSED, MOST_TAKEN_IN,
    Written,
};
use sync_core::exchange::Carried;
use sync_core::{DeviceId, Hash};

use crate::db::parked::Waiting;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::server::Server;

impl Server {
    /// What is kept aside of the facility's desks for `asker`'s people to decide, unless it is the list of the name
    /// `told`. What an action says is told of a space only that the asker may have.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn aside_for(&self, asker: DeviceId, told: Hash) -> Result<Option<AsideList>> {
        self.db().read(|conn| {
            let Some(asker) = db::device::get(asker, conn)? else {
                return Ok(None);
            };
            let mut waiting = db::parked::waiting(asker.facility, conn)?;
            // Nobody decides about what a desk noted by itself; the server keeps it.
            waiting.retain(|each| !each.kinds.iter().all(|kind| is_written_by_desks(kind)));
            let all = waiting.len();
            waiting.truncate(MOST_ACTIONS);
            let granted = self.spaces_of(&asker).map(|space| space.to_string());
            let (mut actions, mut bytes) = (Vec::new(), 0);
            for each in &waiting {
                let action = self.told(each, &granted, conn)?;
                bytes += action.says.iter().map(|said| said.0.get().len()).sum::<usize>();
                if bytes > MOST_BYTES && !actions.is_empty() {
                    break;
                }
                actions.push(action);
            }
            let left_out = (all - actions.len()) as u64;
            let taken_in = db::parked::taken_in(asker.id, MOST_TAKEN_IN, conn)?;
            let list = AsideList::new(actions, left_out, self.dismissed(asker.id, conn)?, taken_in);
            Ok((list.name != told).then_some(list))
        })
    }

    /// What was dismissed of what the desk wrote, under its earlier names too.
    fn dismissed(&self, desk: DeviceId, conn: &Conn) -> Result<Vec<Dismissed>> {
        let mut all = Vec::new();
        for device in db::succession::with_former(desk, conn)? {
            all.extend(db::parked::dismissed(device, MOST_DISMISSED, conn)?);
        }
        all.sort_by_key(|each| std::cmp::Reverse((each.at_ms, each.id)));
        all.truncate(MOST_DISMISSED);
        let told = all.into_iter().map(|each| {
            Ok(Dismissed {
                change: each.id,
                at_ms: each.at_ms,
                by: each.person,
                why: self.open_why(each.id, each.sealed_why.as_deref())?,
            })
        });
        told.collect()
    }

    fn told(&self, waiting: &Waiting, granted: &[String], conn: &Conn) -> Result<AsideAction> {
        let (mut says, mut written, mut bytes) = (Vec::new(), None, 0);
        for id in &waiting.changes {
            let sealed = db::parked::sealed_body(*id, conn)?.unwrap_or_default();
            let Some(encoded) = self.open_parked(*id, &sealed)? else {
                break;
            };
            let change = encoded.change();
            written.get_or_insert(Written {
                by: change.actor,
                wall_ms: change.wall_ms,
            });
            bytes += encoded.bytes().len();
            let fits = says.is_empty() || bytes <= MOST_BYTES_OF_ONE;
            match Carried::of(&encoded) {
                Ok(carried) if fits && granted.contains(&waiting.space) => says.push(carried),
                _ => break,
            }
        }
        Ok(AsideAction {
            change: waiting.id,
            count: waiting.changes.len() as u64,
            reason: waiting.reason,
            since_ms: waiting.heard_ms,
            written,
            says,
        })
    }
}
