//! What a facility holds at one moment, and what goes of it together; and the one transaction that erases: it writes which
//! records go, and takes their bodies, their folded state and every copy of these out of the district.

use std::collections::{BTreeMap, BTreeSet};

use domain::check::Draft;
use domain::erasure::{Name, named, referred};
use domain::world::Overlay;
use domain::{Record, RecordId};
use sync_core::exchange::News;
use sync_core::fold::shown;
use sync_core::{Encoded, Lsn, RecordState, SpaceId, planted};
use uuid::Uuid;

use crate::db::device::Device;
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::exchange::author::{Base, Piece, write};
use crate::exchange::grants::Grants;
use crate::exchange::judge::Spaces;
use crate::exchange::present::open_state;
use crate::exchange::push::{Taken, take_in};
use crate::server::{Server, open_space};

/// What was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Done {
    pub records: u64,
    /// Changes whose bodies went; those that were kept aside are among them.
    pub changes: u64,
}

/// Records that go together.
#[derive(Clone)]
pub(crate) struct Going {
    pub names: BTreeSet<Name>,
    /// What was kept aside about them; somebody decided about it.
    pub kept_aside: Vec<Encoded>,
    pub is_undecided: bool,
}

/// Everything of a facility, as it stands at one moment.
pub(crate) struct Held {
    pub number: i64,
    pub head: Lsn,
    pub world: Overlay<'static>,
    states: BTreeMap<Name, RecordState>,
    /// Of which changes came erased, and nothing here says so.
    pub unexplained: Vec<Name>,
    /// What is kept aside, with whether somebody decided about it.
    aside: Vec<(bool, Encoded)>,
}

impl Held {
    pub fn read(server: &Server, space: SpaceId, conn: &Conn) -> Result<Held> {
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
        let mut aside = Vec::new();
        for each in db::parked::all(conn)?.iter().filter(|each| each.space == place) {
            let body = server.open_aside(each)?.filter(|body| !body.change().is_stub());
            aside.extend(body.map(|body| (each.decided.is_some(), body)));
        }
        Ok(Held {
            number: space.number,
            head: space.head,
            world: world.in_conflict(conflicts),
            states,
            unexplained: db::erased::unexplained(space.number, conn)?,
            aside,
        })
    }

    pub fn of_kind<'h>(&'h self, kind: &'h str) -> impl Iterator<Item = &'h RecordState> {
        let all = self.states.iter().filter(move |((of, _), _)| of == kind);
        all.map(|(_, state)| state)
    }

    pub fn record(&self, kind: &str, id: RecordId) -> Option<&RecordState> {
        self.states.get(&(kind.to_owned(), id))
    }

    pub fn voided(&self, kind: &str) -> Vec<Record> {
        let all = self.of_kind(kind).map(RecordState::record);
        all.filter(Record::is_voided).collect()
    }

    /// The records with what is kept aside about them: that is theirs too, with whatever refers to it.
    pub fn going(&self, names: BTreeSet<Name>) -> Going {
        let mut going = Going {
            names,
            kept_aside: Vec::new(),
            is_undecided: false,
        };
        let mut waiting: Vec<&(bool, Encoded)> = self.aside.iter().collect();
        loop {
            let is_about = |body: &Encoded| {
                let change = body.change();
                let mut names = referred(&change.kind, &change.fields);
                names.insert((change.kind.clone(), change.record));
                names.intersection(&going.names).next().is_some()
            };
            let (about, others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(_, body)| is_about(body));
            if about.is_empty() {
                return going;
            }
            for (is_decided, body) in about {
                going.is_undecided |= !is_decided;
                let name = (body.change().kind.clone(), body.change().record);
                // Somebody else's record stays, whatever was once said of it.
                if !self.states.contains_key(&name) {
                    going.names.insert(name);
                }
                going.kept_aside.push(body.clone());
            }
            waiting = others;
        }
    }
}

/// What is to be erased in one transaction.
pub(crate) struct Order<'o> {
    pub space: SpaceId,
    /// The space's number in the tables.
    pub number: i64,
    /// Drawn once, however often the transaction has to be begun: an action keeps its name.
    pub action: Uuid,
    /// What names the records.
    pub drafts: Vec<Draft>,
    pub kept_aside: &'o [Encoded],
}

/// Writes what names the records, and erases them; the space is locked already. Answers the head of the log then.
///
/// # Errors
/// [`ServerError`]: the transaction must not be ended well.
pub(crate) fn erase<'a>(
    server: &'a Server,
    own: &Device,
    order: Order<'_>,
    mut spaces: Spaces<'a>,
    conn: &'a Conn,
) -> Result<(Done, Lsn, Vec<News>)> {
    let piece = |draft| Piece {
        draft,
        base: Base::Everything,
        session: Uuid::nil(),
    };
    let pieces: Vec<Piece> = order.drafts.into_iter().map(piece).collect();
    let (mut seq, mut chain) = (own.last_seq, own.chain);
    let action = (order.action, &*pieces);
    let written = write(server, own, order.space, action, &mut seq, &mut chain, &mut spaces)?;
    let mut taken = Taken::default();
    let grants = Grants::default();
    take_in(server, (own, &grants), &written, &mut spaces, &mut taken, conn)?;
    if !taken.parked.is_empty() || taken.numbered.len() != pieces.len() {
        return Err(ServerError::Damaged("what erases is not of the right form"));
    }
    let mut done = Done::default();
    let present = spaces.get(order.space)?.ok_or(ServerError::NoSpace)?;
    for (piece, numbered) in pieces.iter().zip(&taken.numbered) {
        for name in named(&piece.draft.kind, &piece.draft.fields) {
            done.records += 1;
            done.changes += present.erase(&name, numbered.lsn)?;
        }
    }
    let head = present.head();
    for body in order.kept_aside {
        server.erase_parked(body, conn)?;
        db::parked::forget_why(body.change().id, conn)?;
        done.changes += 1;
    }
    planted!(
        SnapshotSurvivesErasure,
        (),
        db::erased::forget_snapshots(order.number, conn)?
    );
    let news = spaces.close()?;
    db::device::advance(own.id, seq, chain, conn)?;
    Ok((done, head, news))
}
