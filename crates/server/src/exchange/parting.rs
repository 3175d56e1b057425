//! Desks that come and go: what the server got of one, for another of its facility that goes on in its place;
//! the order to hold nothing any more, and the receipt for it.

use ed25519_dalek::VerifyingKey;
use sync_core::DeviceId;
use sync_core::exchange::{Answer, Held, HeldChange, MOST_CHANGES};
use sync_core::parting::{Order, SignedOrder, SignedReceipt};

use crate::db;
use crate::db::device::{Device, Status};
use crate::db::withdrawal::Withdrawal;
use crate::error::Result;
use crate::events::Happened;
use crate::server::Server;

impl Server {
    /// What the server got of `device` after its change `after`, for `asker`. Of a device that is not known, or not
    /// of the asker's facility, it got nothing; a withdrawn asker is told of those alone that it goes on for.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn held(&self, asker: &Device, device: DeviceId, after: u64) -> Result<Held> {
        self.db().read(|conn| {
            let mut held = Held {
                device,
                after,
                upto: after,
                is_end: true,
                changes: Vec::new(),
            };
            let known = db::device::get(device, conn)?;
            let is_theirs =
                known.is_some_and(|known| known.status != Status::Server && known.facility == asker.facility);
            let may_hear =
                asker.status != Status::Revoked || db::succession::with_former(asker.id, conn)?.contains(&device);
            if !is_theirs || !may_hear {
                return Ok(held);
            }
            let mut found = db::change::of_device(device, after, MOST_CHANGES + 1, conn)?;
            held.is_end = found.len() <= MOST_CHANGES;
            found.truncate(MOST_CHANGES);
            held.upto = found.last().map_or(after, |(seq, _, _)| *seq);
            for (seq, hash, reason) in found {
                let parked = reason.map(db::parked::reason).transpose()?;
                held.changes.push(HeldChange { seq, hash, parked });
            }
            Ok(held)
        })
    }

    /// The order that the desk has not done yet, signed. The order to hold nothing at once stays when it was done: who
    /// still asks under that name is a copy. In whose place another goes on cannot bring anything first.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(super) fn order_for(&self, device: DeviceId, is_replaced: bool) -> Result<Option<SignedOrder>> {
        let standing = self.db().read(|conn| db::withdrawal::get(device, conn))?;
        let counts = |order: &Withdrawal| order.is_now || (order.done_ms.is_none() && !is_replaced);
        let Some(standing) = standing.filter(counts) else {
            return Ok(None);
        };
        if standing.heard_ms.is_none() {
            let now_ms = self.now_ms();
            self.db().write(|tx| db::withdrawal::set_heard(device, now_ms, tx))?;
        }
        let order = Order {
            device,
            number: standing.number,
            is_now: standing.is_now,
            ordered_ms: standing.ordered_ms,
        };
        Ok(Some(SignedOrder::new(&self.own().signing_key, &order)))
    }

    /// Takes note that a desk did as it was ordered: from then on it is withdrawn.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(super) fn take_receipt(&self, device: &Device, signed: &SignedReceipt) -> Result<Answer> {
        let key = VerifyingKey::from_bytes(&device.key.0).ok();
        let Some(receipt) = key.and_then(|key| signed.read(&key, device.id)) else {
            return Ok(Answer::NotAuthentic);
        };
        let now_ms = self.now_ms();
        let is_done = self.db().write(|tx| {
            let is_done = db::withdrawal::set_done(&receipt, signed, now_ms, tx)?;
            if is_done {
                db::device::revoke(device.id, tx)?;
                self.note(Happened::new("emptied").at(device.id), tx)?;
            }
            Ok(is_done)
        })?;
        if is_done {
            tracing::info!(device = %device.id, unsent = receipt.unsent, "a desk that was withdrawn holds nothing any more");
            Ok(Answer::Parted { number: receipt.number })
        } else {
            Ok(Answer::NotAuthentic)
        }
    }
}
