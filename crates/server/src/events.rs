//! What happens at the server itself and is worth knowing afterwards: written down in the transaction that does it,
//! chained under a key of the server's, so that whoever has the database alone makes no row up and changes none.

use std::collections::BTreeMap;

use domain::RecordId;
use sync_core::{Chain, DeviceId};

use crate::db::event::Event;
use crate::db::{self, Conn};
use crate::entry::sign_in::MOST_FAILURES;
use crate::error::{Result, ServerError};
use crate::seal::Key;
use crate::server::Server;
use crate::verify::Fault;

/// An event that is about to be written, by a word of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Happened {
    pub what: &'static str,
    pub person: Option<RecordId>,
    pub device: Option<DeviceId>,
    pub facility: Option<RecordId>,
    pub times: u64,
}

impl Happened {
    pub fn new(what: &'static str) -> Happened {
        Happened {
            what,
            times: 1,
            ..Happened::default()
        }
    }

    pub fn to(mut self, person: RecordId) -> Happened {
        self.person = Some(person);
        self
    }

    pub fn at(mut self, device: DeviceId) -> Happened {
        self.device = Some(device);
        self
    }

    pub fn of(mut self, facility: RecordId) -> Happened {
        self.facility = Some(facility);
        self
    }
}

/// Wrong passwords under names that nobody has, of each desk, in the hour that began then.
pub type Strangers = BTreeMap<DeviceId, (i64, u64)>;

const HOUR_MS: i64 = domain::Time::HOUR_MS;

/// Writes an event down under the server's instance key, as the last thing of a transaction.
///
/// # Errors
/// [`ServerError`].
pub fn note(happened: Happened, now_ms: i64, key: &Key, conn: &Conn) -> Result<()> {
    let (last, chain) = db::event::lock_head(conn)?;
    let event = Event {
        number: last + 1,
        at_ms: now_ms,
        what: happened.what.to_owned(),
        person: happened.person,
        device: happened.device,
        facility: happened.facility,
        times: happened.times,
    };
    db::event::insert(&event, chain_after(chain, &event, key)?, conn)
}

fn chain_after(before: Chain, event: &Event, key: &Key) -> Result<Chain> {
    let said = serde_json::to_string(event).map_err(|_| ServerError::Damaged("an event has no JSON"))?;
    Ok(Chain(key.hash("event", format!("{}|{said}", before.0).as_bytes())))
}

impl Server {
    /// Writes an event down, as the last thing of a transaction.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn note(&self, happened: Happened, conn: &Conn) -> Result<()> {
        note(happened, self.now_ms(), &self.own().key, conn)
    }

    /// The same in a transaction of its own, for what needs none.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn note_now(&self, happened: Happened) -> Result<()> {
        self.db().write(|tx| self.note(happened, tx))
    }

    /// Writes down that a password was wrong for the so-maniest time: the first time, the second, the fourth and so
    /// on, so that whoever tries on and on fills nothing.
    ///
    /// # Errors
    /// [`ServerError`].
    pub(crate) fn note_wrong(&self, device: DeviceId, person: Option<RecordId>, times: u64) -> Result<()> {
        let times = match person {
            Some(_) => times,
            None => self.count_stranger(device),
        };
        let is_suspended = person.is_some() && times == u64::from(MOST_FAILURES);
        if !times.is_power_of_two() && !is_suspended {
            return Ok(());
        }
        let what = if is_suspended { "suspended" } else { "sign_in_failed" };
        self.note_now(Happened {
            person,
            times,
            ..Happened::new(what).at(device)
        })
    }

    fn count_stranger(&self, device: DeviceId) -> u64 {
        let hour = self.now_ms().div_euclid(HOUR_MS);
        let mut strangers = self.strangers();
        strangers.retain(|_, (since, _)| *since == hour);
        let (_, times) = strangers.entry(device).or_insert((hour, 0));
        *times += 1;
        *times
    }

    /// How many events there are, and the first that is not what was written.
    pub(crate) fn walk_events(&self, conn: &Conn) -> Result<(u64, Option<Fault>)> {
        let (mut last, mut before, mut fault) = (0, Chain::default(), None);
        db::event::all(0, conn, |event, chain| {
            let is_next = event.number == last + 1;
            let is_so = chain_after(before, &event, &self.own().key).is_ok_and(|made| made == chain);
            if !is_next || !is_so {
                let (number, word) = if is_next {
                    (event.number, "altered")
                } else {
                    (last, "missing")
                };
                fault = Some(Fault::new("events", number, word));
            }
            (last, before) = (event.number, chain);
            fault.is_none()
        })?;
        Ok((last, fault))
    }
}
