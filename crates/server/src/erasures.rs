//! Erasing a person, as an admin asked for it and the operator carries it out.

use std::collections::BTreeSet;

use domain::entities::erased;
use domain::entities::erasure::{ASKED_ON, ERASURE, PATIENT, REASON};
use domain::erasure::{Cause, Hindrance, Name, drafts, hindrances, records};
use domain::world::Read;
use domain::{Date, Record, RecordId, Time};
use sync_core::fold::merge_of;
use sync_core::{RecordState, SpaceId};

use crate::db::{self, Conn};
use crate::erasing::{Going, Held, Order, erase};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::exchange::judge::Spaces;
use crate::server::Server;

pub use crate::erasing::Done;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub id: RecordId,
    pub facility: RecordId,
    pub patient: Option<RecordId>,
    /// A word of the list of reasons.
    pub reason: String,
    pub asked_on: Option<Date>,
    pub asked_by: Option<RecordId>,
    pub stands: Standing,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It can be carried out: so many records go.
    Waiting {
        records: usize,
    },
    /// Something stands against it.
    Hindered(BTreeSet<Against>),
    /// Who asked took it back.
    Withdrawn,
    CarriedOut {
        at: Option<Time>,
    },
}

/// What stands against carrying it out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Against {
    /// Nothing of the person is kept here.
    NothingIsKept,
    IsIn,
    InConflict,
    /// Something about them is kept aside, and nobody has decided about it.
    KeptAside,
}

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undone {
    Unknown,
    Stands(Standing),
}

impl Server {
    /// Everything that was asked for, facility by facility.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn erasures(&self) -> Result<Vec<Asked>> {
        self.db().read(|conn| {
            let mut all = Vec::new();
            for space in db::space::all(conn)? {
                if let SpaceId::Facility(facility) = space.id {
                    let held = Held::read(self, space.id, conn)?;
                    for asked in held.of_kind(ERASURE.kind) {
                        all.push(held.asked(RecordId(facility), asked, self)?);
                    }
                }
            }
            Ok(all)
        })
    }

    /// Whether anything of the space was erased.
    ///
    /// # Errors
    /// [`ServerError`].
    pub fn has_erased(&self, space: SpaceId) -> Result<bool> {
        self.db().read(|conn| match db::space::get(space, conn)? {
            Some(space) => db::erased::is_any(space.number, conn),
            None => Ok(false),
        })
    }

    /// Carries out what was asked for: nobody gets what the person's records said from here again. Or answers why not.
    ///
    /// # Errors
    /// [`ServerError`]: nothing was erased.
    pub fn carry_out(&self, id: RecordId) -> Result<std::result::Result<Done, Undone>> {
        let Some(facility) = self.db().read(|conn| facility_of(id, conn))? else {
            return Ok(Err(Undone::Unknown));
        };
        let space = SpaceId::Facility(facility.0);
        // Drawn once, however often the transaction has to be begun: an action keeps its name.
        let action = (self.config().new_id)();
        let (done, news) = self.db().write(|tx| {
            let own = db::instance::device(tx)?.ok_or(ServerError::NoDevice)?;
            let own = db::device::lock(own, tx)?.ok_or(ServerError::NoDevice)?;
            let mut spaces = Spaces::new(self, tx);
            spaces.lock([space].into())?;
            let held = Held::read(self, space, tx)?;
            let Some(request) = held.record(ERASURE.kind, id) else {
                return Ok((Err(Undone::Unknown), Vec::new()));
            };
            let asked = held.asked(facility, request, self)?;
            if !matches!(asked.stands, Standing::Waiting { .. }) {
                return Ok((Err(Undone::Stands(asked.stands)), Vec::new()));
            }
            let going = held.all_of(asked.patient)?;
            let cause = Cause::Asked {
                request: &request.record(),
                by: asked.asked_by,
            };
            let new_id = || RecordId((self.config().new_id)());
            let order = Order {
                space,
                number: held.number,
                action,
                drafts: drafts(&going.names, cause, Time(self.now_ms()), new_id),
                kept_aside: &going.kept_aside,
            };
            let (done, _, news) = erase(self, &own, order, spaces, tx)?;
            self.note(Happened::new("erased").of(facility), tx)?; // not a kind: a word of the events
            Ok((Ok(done), news))
        })?;
        self.tell(news);
        Ok(done)
    }
}

/// The facility of which an admin asked for it.
fn facility_of(id: RecordId, conn: &Conn) -> Result<Option<RecordId>> {
    for space in db::space::all(conn)? {
        if let SpaceId::Facility(facility) = space.id
            && db::record::get(space.number, ERASURE.kind, id, conn)?.is_some()
        {
            return Ok(Some(RecordId(facility)));
        }
    }
    Ok(None)
}

impl Held {
    fn asked(&self, facility: RecordId, request: &RecordState, server: &Server) -> Result<Asked> {
        let record = request.record();
        let field = request.fields.get(PATIENT.name());
        let asked_by = field.and_then(|field| field.in_force(merge_of(&request.kind, PATIENT.name())));
        let patient = PATIENT.of(&record);
        Ok(Asked {
            id: record.id,
            facility,
            patient,
            reason: REASON.of(&record).unwrap_or_default().to_owned(),
            asked_on: ASKED_ON.of(&record),
            asked_by: asked_by.map(|(_, head)| head.actor),
            stands: self.standing(&record, patient, server)?,
        })
    }

    fn standing(&self, request: &Record, patient: Option<RecordId>, server: &Server) -> Result<Standing> {
        let done = self.of_kind(erased::ERASED.kind).map(RecordState::record);
        let mut done = done.filter(|record| erased::ERASURE.of(record) == Some(request.id));
        if let Some(record) = done.next() {
            let at = erased::AT.of(&record);
            return Ok(Standing::CarriedOut { at });
        }
        if request.is_voided() {
            return Ok(Standing::Withdrawn);
        }
        let going = self.all_of(patient)?;
        let mut against: BTreeSet<Against> = BTreeSet::new();
        for registration in self.registrations(patient) {
            let now = Time(server.now_ms());
            let voided = |kind: &str| Ok(self.voided(kind));
            let found = legible(hindrances(&self.world, &voided, registration, now))?;
            against.extend(found.into_iter().filter_map(|hindrance| match hindrance {
                Hindrance::NotRegistered => None,
                Hindrance::IsIn => Some(Against::IsIn),
                Hindrance::InConflict => Some(Against::InConflict),
            }));
        }
        if going.is_undecided {
            against.insert(Against::KeptAside);
        }
        if going.names.is_empty() {
            against.insert(Against::NothingIsKept);
        }
        Ok(if against.is_empty() {
            Standing::Waiting {
                records: going.names.len(),
            }
        } else {
            Standing::Hindered(against)
        })
    }

    /// The registration asked about, and those that another desk erased before this server was put back from a backup:
    /// these go with whatever is erased next.
    fn registrations(&self, patient: Option<RecordId>) -> BTreeSet<RecordId> {
        let unexplained = self.unexplained.iter().map(|(_, id)| *id);
        patient.into_iter().chain(unexplained).collect()
    }

    fn all_of(&self, patient: Option<RecordId>) -> Result<Going> {
        let mut names: BTreeSet<Name> = self.unexplained.iter().cloned().collect();
        let voided = |kind: &str| Ok(self.voided(kind));
        for registration in self.registrations(patient) {
            let all = legible(records(&self.world, &voided, registration))?;
            names.extend(all.into_iter().map(|record| (record.kind, record.id)));
        }
        Ok(self.going(names))
    }
}

/// What is in memory can be read.
pub(crate) fn legible<T>(read: Read<T>) -> Result<T> {
    read.map_err(|_| ServerError::Damaged("a record cannot be read"))
}
