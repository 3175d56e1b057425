//! Desks as records: what each is called stands in the district's space, so that every desk can
//! say where something was written. And where each stands, what it says of itself and what it is ordered.

use std::collections::BTreeMap;

use domain::entities::desk::{DESK, FACILITY, NAME};
use domain::{Draft, RecordId, Time};
use sync_core::DeviceId;
use sync_core::desk_says::DeskSays;
use sync_core::desks::{DeskTold, DoneTold, OrderTold};
use sync_core::parting::SignedReceipt;

use crate::db::device::{Device, Status};
use crate::db::succession::Succession;
use crate::db::withdrawal::Withdrawal;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::server::Server;

/// Changes came under a desk's name that are not those of before.
const FORKED: &str = "forked";

impl Server {
    /// Writes what the desks are called into the district's space; what stands there already is not
    /// written again.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn introduce(&self, desks: &[Device]) -> Result<()> {
        let mut drafts = Vec::new();
        for desk in desks {
            let draft = Draft::new(DESK.kind, RecordId(desk.id.0)).with(&NAME, desk.name(self)?);
            drafts.push(match desk.status {
                Status::Server => draft,
                _ => draft.with(&FACILITY, desk.facility),
            });
        }
        self.author_differing(self.district(), drafts).map(drop)
    }

    /// Takes note of what a desk says of itself.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub(crate) fn hear_of(&self, desk: DeviceId, says: &DeskSays, conn: &Conn) -> Result<()> {
        if says.is_forked {
            self.note_fork(desk, conn)?;
        }
        let says = DeskSays {
            is_forked: false,
            ..says.clone()
        };
        // Mostly it says what it said before.
        if db::device::said(desk, conn)?.as_ref() == Some(&says) {
            return Ok(());
        }
        db::device::set_said(desk, &says, conn)
    }

    /// Notes, once, that changes came under a desk's name that are not those of before.
    pub(crate) fn note_fork(&self, desk: DeviceId, conn: &Conn) -> Result<()> {
        if db::event::is_noted(FORKED, desk, conn)? {
            return Ok(());
        }
        self.note(Happened::new(FORKED).at(desk), conn)
    }

    /// The desks that are `wanted`, as they are told to who sees to them; those heard last first.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn told_of_desks(&self, wanted: impl Fn(&Device) -> bool, conn: &Conn) -> Result<Vec<DeskTold>> {
        let known = Known::read(conn)?;
        let mut desks: Vec<DeskTold> = db::device::all(conn)?
            .iter()
            .filter(|device| device.status != Status::Server && wanted(device))
            .map(|device| known.told(device, self))
            .collect::<Result<_>>()?;
        desks.sort_by_key(|desk| (std::cmp::Reverse(desk.contact), desk.desk));
        Ok(desks)
    }

    /// Locks a device out: it gets nothing any more, and what it still sends is parked.
    ///
    /// # Errors
    /// [`ServerError::NoDevice`].
    pub fn revoke(&self, id: DeviceId) -> Result<()> {
        self.db().write(|tx| self.lock_out(id, None, tx))
    }

    /// The same, as the person asks, or the operator.
    pub(crate) fn lock_out(&self, id: DeviceId, by: Option<RecordId>, conn: &Conn) -> Result<()> {
        let device = known(id, conn)?;
        if device.status == Status::Revoked {
            return Ok(());
        }
        db::device::revoke(id, conn)?;
        self.note(happened("locked_out", &device, by), conn)
    }

    /// Orders a desk to hold nothing any more: after it brought what it has, or at once. One that is to do it at
    /// once is locked out with the order, so that what it still sends is parked.
    ///
    /// # Errors
    /// [`ServerError::NoDevice`].
    pub fn withdraw(&self, id: DeviceId, is_now: bool) -> Result<Withdrawal> {
        self.db().write(|tx| self.order(id, is_now, None, tx))
    }

    /// The same, as the person asks, or the operator. What was ordered before is not ordered again, and one that is to
    /// hold nothing at once is not told to wait. Answers the order that stands.
    pub(crate) fn order(&self, id: DeviceId, is_now: bool, by: Option<RecordId>, conn: &Conn) -> Result<Withdrawal> {
        let device = known(id, conn)?;
        let standing = db::withdrawal::get(id, conn)?;
        if let Some(standing) =
            standing.filter(|order| order.is_now || order.is_now == is_now || order.done_ms.is_some())
        {
            return Ok(standing);
        }
        if is_now {
            db::device::revoke(id, conn)?;
        }
        let order = db::withdrawal::order(id, is_now, self.now_ms(), conn)?.ok_or(ServerError::NoDevice)?;
        let what = if is_now { "withdrawn_at_once" } else { "withdrawn" };
        self.note(happened(what, &device, by), conn)?;
        Ok(order)
    }

    /// [`Server::introduce`] for every desk there is.
    ///
    /// # Errors
    /// [`crate::ServerError`].
    pub fn introduce_all(&self) -> Result<()> {
        self.introduce(&self.db().read(db::device::all)?)
    }
}

/// The desk, which nobody else writes to until the transaction ends.
fn known(id: DeviceId, conn: &Conn) -> Result<Device> {
    let known = db::device::lock(id, conn)?.filter(|known| known.status != Status::Server);
    known.ok_or(ServerError::NoDevice)
}

fn happened(what: &'static str, device: &Device, by: Option<RecordId>) -> Happened {
    Happened {
        person: by,
        ..Happened::new(what).at(device.id).of(device.facility)
    }
}

/// What is known of all desks beside their rows.
struct Known {
    said: BTreeMap<DeviceId, DeskSays>,
    successions: Vec<Succession>,
    orders: BTreeMap<DeviceId, Withdrawal>,
    receipts: BTreeMap<DeviceId, SignedReceipt>,
    forked: BTreeMap<DeviceId, i64>,
}

impl Known {
    fn read(conn: &Conn) -> Result<Known> {
        let orders = db::withdrawal::all(conn)?;
        Ok(Known {
            said: db::device::said_by_all(conn)?,
            successions: db::succession::all(conn)?,
            orders: orders.into_iter().map(|order| (order.device, order)).collect(),
            receipts: db::withdrawal::receipts(conn)?,
            forked: db::event::first_noted(FORKED, conn)?,
        })
    }

    fn told(&self, device: &Device, server: &Server) -> Result<DeskTold> {
        let id = device.id;
        let after = self.successions.iter().rfind(|each| each.former == id);
        let before = self.successions.iter().find(|each| each.device == id);
        Ok(DeskTold {
            desk: id,
            name: device.name(server)?,
            facility: device.facility,
            key: device.key,
            joined: Time(device.enrolled_ms),
            contact: Time(device.contact_ms),
            last_seq: device.last_seq,
            is_locked_out: device.status == Status::Revoked,
            says: self.said.get(&id).cloned(),
            in_place_of: before.map(|each| each.former),
            replaced: after.map(|each| Time(each.made_ms)),
            forked: self.forked.get(&id).copied().map(Time),
            order: self.orders.get(&id).map(|order| self.ordered(order)),
        })
    }

    fn ordered(&self, order: &Withdrawal) -> OrderTold {
        let receipt = self.receipts.get(&order.device).cloned();
        let done = order.done_ms.zip(receipt);
        OrderTold {
            number: order.number,
            is_now: order.is_now,
            ordered: Time(order.ordered_ms),
            heard: order.heard_ms.map(Time),
            done: done.map(|(at_ms, receipt)| DoneTold {
                at: Time(at_ms),
                receipt,
            }),
        }
    }
}
