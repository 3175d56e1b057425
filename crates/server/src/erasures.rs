//! Erasing a person, as an admin asked for it and the operator carries it out: one transaction writes which records go,
//! and takes their bodies, their folded state and every copy of these out of the district.

use std::collections::{BTreeMap, BTreeSet};

use domain::entities::erased;
use domain::entities::erasure::{ASKED_ON, ERASURE, PATIENT, REASON};
use domain::erasure::{Hindrance, Name, drafts, hindrances, named, records, referred};
use domain::world::{Overlay, Read};
use domain::{Date, Record, RecordId, Time};
use sync_core::fold::{merge_of, shown};
use sync_core::{Encoded, RecordState, SpaceId, planted};
use uuid::Uuid;

use crate::db::parked::Aside;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::events::Happened;
use crate::exchange::author::{Base, Piece, write};
use crate::exchange::grants::Grants;
use crate::exchange::judge::Spaces;
use crate::exchange::present::open_state;
use crate::exchange::push::{Taken, take_in};
use crate::server::{Server, open_space};

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

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    pub records: u64,
    /// Changes whose bodies went; those that were kept aside are among them.
    pub changes: u64,
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
            let going = held.going(asked.patient, self)?;
            let piece = |draft| Piece {
                draft,
                base: Base::Everything,
                session: Uuid::nil(),
            };
            let new_id = || RecordId((self.config().new_id)());
            let pieces = drafts(
                &going.names,
                &request.record(),
                asked.asked_by,
                Time(self.now_ms()),
                new_id,
            );
            let pieces: Vec<Piece> = pieces.into_iter().map(piece).collect();
            let (mut seq, mut chain) = (own.last_seq, own.chain);
            let written = write(self, &own, space, (action, &pieces), &mut seq, &mut chain, &mut spaces)?;
            let mut taken = Taken::default();
            take_in(self, (&own, &Grants::default()), &written, &mut spaces, &mut taken, tx)?;
            if !taken.parked.is_empty() || taken.numbered.len() != pieces.len() {
                return Err(ServerError::Damaged("what erases is not of the right form"));
            }
            let mut done = Done::default();
            let present = spaces.get(space)?.ok_or(ServerError::NoSpace)?;
            for (piece, numbered) in pieces.iter().zip(&taken.numbered) {
                for name in named(&piece.draft.kind, &piece.draft.fields) {
                    done.records += 1;
                    done.changes += present.erase(&name, numbered.lsn)?;
                }
            }
            for body in &going.kept_aside {
                self.erase_parked(body, tx)?;
                db::parked::forget_why(body.change().id, tx)?;
                done.changes += 1;
            }
            planted!(
                SnapshotSurvivesErasure,
                (),
                db::erased::forget_snapshots(held.number, tx)?
            );
            let news = spaces.close()?;
            db::device::advance(own.id, seq, chain, tx)?;
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

/// What goes with a person.
struct Going {
    names: BTreeSet<Name>,
    /// What was kept aside about them; somebody decided about it.
    kept_aside: Vec<Encoded>,
    is_undecided: bool,
}

/// Everything of a facility, as it stands at one moment.
struct Held {
    number: i64,
    world: Overlay<'static>,
    states: BTreeMap<Name, RecordState>,
    /// Of which changes came erased, and nothing here says so.
    unexplained: Vec<Name>,
    aside: Vec<Aside>,
}

impl Held {
    fn read(server: &Server, space: SpaceId, conn: &Conn) -> Result<Held> {
        let (space, key) = open_space(server, space, conn)?.ok_or(ServerError::NoSpace)?;
        let (mut states, mut conflicts) = (BTreeMap::new(), Vec::new());
        let mut world = Overlay::alone();
        for kept in db::record::all(space.number, conn)? {
            let state = open_state(&key, space.id, &kept.kind, kept.record, &kept.sealed_state)?;
            conflicts.extend(state.conflicts().map(|(name, field)| shown(&state, name, field)));
            world.put(state.record());
            states.insert((kept.kind, kept.record), state);
        }
        let place = space.id.to_string();
        let mut aside = db::parked::all(conn)?;
        aside.retain(|each| each.space == place);
        Ok(Held {
            number: space.number,
            world: world.in_conflict(conflicts),
            states,
            unexplained: db::erased::unexplained(space.number, conn)?,
            aside,
        })
    }

    fn of_kind<'h>(&'h self, kind: &'h str) -> impl Iterator<Item = &'h RecordState> {
        let all = self.states.iter().filter(move |((of, _), _)| of == kind);
        all.map(|(_, state)| state)
    }

    fn record(&self, kind: &str, id: RecordId) -> Option<&RecordState> {
        self.states.get(&(kind.to_owned(), id))
    }

    fn voided(&self, kind: &str) -> Vec<Record> {
        let all = self.of_kind(kind).map(RecordState::record);
        all.filter(Record::is_voided).collect()
    }

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
        let going = self.going(patient, server)?;
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

    fn going(&self, patient: Option<RecordId>, server: &Server) -> Result<Going> {
        let mut names: BTreeSet<Name> = self.unexplained.iter().cloned().collect();
        let voided = |kind: &str| Ok(self.voided(kind));
        for registration in self.registrations(patient) {
            let all = legible(records(&self.world, &voided, registration))?;
            names.extend(all.into_iter().map(|record| (record.kind, record.id)));
        }
        let mut going = Going {
            names,
            kept_aside: Vec::new(),
            is_undecided: false,
        };
        self.add_aside(&mut going, server)?;
        Ok(going)
    }

    /// What is kept aside about somebody is theirs too, with whatever refers to that.
    fn add_aside(&self, going: &mut Going, server: &Server) -> Result<()> {
        let mut waiting = Vec::new();
        for aside in &self.aside {
            let body = server.open_aside(aside)?;
            waiting.extend(body.filter(|body| !body.change().is_stub()).map(|body| (aside, body)));
        }
        loop {
            let is_about = |body: &Encoded| {
                let change = body.change();
                let mut names = referred(&change.kind, &change.fields);
                names.insert((change.kind.clone(), change.record));
                names.intersection(&going.names).next().is_some()
            };
            let (about, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, body)| is_about(body));
            if about.is_empty() {
                return Ok(());
            }
            for (aside, body) in about {
                going.is_undecided |= aside.decided.is_none();
                let name = (body.change().kind.clone(), body.change().record);
                // Somebody else's record stays, whatever was once said of it.
                if !self.states.contains_key(&name) {
                    going.names.insert(name);
                }
                going.kept_aside.push(body);
            }
            waiting = others;
        }
    }
}

/// What is in memory can be read.
fn legible<T>(read: Read<T>) -> Result<T> {
    read.map_err(|_| ServerError::Damaged("a record cannot be read"))
}
