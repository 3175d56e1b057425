//! Whether what is kept is what was written: every log walked from its beginning, each change opened and hashed, each
//! chain followed to the end that the space, the desk and the files elsewhere tell of.

use std::collections::{BTreeMap, BTreeSet};

use domain::erasure::{Name, named};
use sync_core::{Chain, DeviceId, Encoded, Lsn, SpaceId};

use crate::db::change::{Logged, Whole};
use crate::db::space::Space;
use crate::db::{self, Conn};
use crate::error::Result;
use crate::exchange::present::about_change;
use crate::heads::Line;
use crate::seal::Key;
use crate::server::Server;

/// So many changes of a desk are followed at a time.
const SLICE: usize = 1_000;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub spaces: Vec<Walked>,
    pub desks: u64,
    pub events: u64,
    /// The first fault of each log, and of each desk.
    pub faults: Vec<Fault>,
}

/// One log.
#[derive(Debug, PartialEq, Eq)]
pub struct Walked {
    pub space: SpaceId,
    pub epoch: u64,
    pub head: Lsn,
    pub chain: Chain,
    /// Of how many records changes came erased, and no change of the log says so: what was erased after the backup
    /// from which this is, and is to be carried out again.
    pub unexplained: u64,
    pub is_whole: bool,
}

/// Where something is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// A space, a desk, `events` or `heads`.
    pub place: String,
    /// The number of the change, of the event or of the line; the last before what is missing.
    pub number: u64,
    /// A word: `missing`, `altered`, `exchanged`, `erased`, `chain`, `head`, `signature`, `line`, `rewritten`, `set_back`.
    pub fault: &'static str,
}

impl Fault {
    pub(crate) fn new(place: impl ToString, number: u64, fault: &'static str) -> Fault {
        let place = place.to_string();
        Fault { place, number, fault }
    }
}

impl Server {
    /// Walks everything that is kept, on one moment of it.
    ///
    /// # Errors
    /// [`crate::ServerError`] when it cannot be read.
    pub fn verify(&self) -> Result<Found> {
        self.db().read(|conn| {
            let mut found = Found::default();
            for space in db::space::all(conn)? {
                let fault = walk(&space, &self.space_key(&space)?, conn)?;
                found.spaces.push(Walked {
                    space: space.id,
                    epoch: space.epoch,
                    head: space.head,
                    chain: space.chain,
                    unexplained: db::erased::unexplained(space.number, conn)?.len() as u64,
                    is_whole: fault.is_none(),
                });
                found.faults.extend(fault);
            }
            for desk in db::device::all(conn)? {
                found.desks += 1;
                if chain_of(desk.id, desk.last_seq, conn)? != desk.chain {
                    found.faults.push(Fault::new(desk.id, desk.last_seq, "chain"));
                }
            }
            let (events, fault) = self.walk_events(conn)?;
            found.events = events;
            found.faults.extend(fault);
            Ok(found)
        })
    }

    /// Compares what is kept with the lines that were written elsewhere, hour by hour.
    ///
    /// # Errors
    /// [`crate::ServerError`] when it cannot be read.
    pub fn compare_heads(&self, lines: &[Line]) -> Result<Vec<Fault>> {
        self.db().read(|conn| {
            let spaces = db::space::all(conn)?;
            let spaces: BTreeMap<SpaceId, Space> = spaces.into_iter().map(|space| (space.id, space)).collect();
            let (mut seen, mut faults) = (BTreeMap::new(), Vec::new());
            for line in lines {
                for told in &line.heads.spaces {
                    if seen.insert(told.space, told.head) == Some(told.head) {
                        continue;
                    }
                    let space = spaces.get(&told.space);
                    let kept = space.map(|space| db::change::chain_at(space.number, told.head, conn));
                    let kept = kept.transpose()?.flatten();
                    let is_nothing_yet = told.head == 0 && space.is_some();
                    if is_nothing_yet || kept == Some(told.chain) {
                        continue;
                    }
                    let is_later_epoch = space.is_some_and(|space| space.epoch > told.epoch);
                    let fault = if is_later_epoch { "set_back" } else { "rewritten" };
                    faults.push(Fault::new(told.space, told.head, fault));
                }
                if !seen_events(line, conn)? {
                    faults.push(Fault::new("events", line.heads.events, "rewritten"));
                }
            }
            faults.dedup();
            Ok(faults)
        })
    }
}

fn seen_events(line: &Line, conn: &Conn) -> Result<bool> {
    let (number, chain) = (line.heads.events, line.heads.events_chain);
    Ok(number == 0 || db::event::chain_at(number, conn)? == Some(chain))
}

/// The first fault of a space's log.
///
/// # Errors
/// [`crate::ServerError`] when it cannot be read.
pub fn walk(space: &Space, key: &Key, conn: &Conn) -> Result<Option<Fault>> {
    let open = |lsn, sealed: &[u8]| {
        let bytes = key.open(&about_change(space.id, lsn), sealed).ok()?;
        Encoded::read(bytes.to_vec()).ok()
    };
    let mut erased: BTreeSet<(Lsn, Name)> = BTreeSet::new();
    for (lsn, sealed) in db::erased::erasers(space.number, conn)? {
        if let Some(body) = open(lsn, &sealed) {
            let names = named(&body.change().kind, &body.change().fields);
            erased.extend(names.into_iter().map(|name| (lsn, name)));
        }
    }
    let (mut chain, mut last, mut fault) = (Chain::default(), 0, None);
    db::change::whole(space.number, conn, |row| {
        let Logged { lsn, chain: next, .. } = row.logged;
        let found = if lsn != last + 1 {
            Some((last, "missing"))
        } else {
            let body = open(lsn, &row.logged.sealed_body);
            fault_of(&row, chain, body.as_ref(), &erased).map(|fault| (lsn, fault))
        };
        fault = found.map(|(number, fault)| Fault::new(space.id, number, fault));
        (chain, last) = (next, lsn);
        Ok(fault.is_none())
    })?;
    if fault.is_none() && (space.head, space.chain) != (last, chain) {
        let word = if last < space.head { "missing" } else { "head" };
        fault = Some(Fault::new(space.id, last, word));
    }
    Ok(fault)
}

fn fault_of(
    row: &Whole,
    before: Chain,
    body: Option<&Encoded>,
    erased: &BTreeSet<(Lsn, Name)>,
) -> Option<&'static str> {
    let logged = &row.logged;
    if before.with_entry(logged.lsn, logged.id, logged.hash) != logged.chain {
        return Some("chain");
    }
    let Some(body) = body.filter(|body| body.hash() == logged.hash) else {
        return Some("altered");
    };
    let change = body.change();
    let is_itself =
        (change.id, change.action, &*change.kind, change.record) == (logged.id, logged.action, &*row.kind, row.record);
    if !is_itself {
        return Some("exchanged");
    }
    // No body goes but by a change of the same log that names its record; what came erased is counted.
    let is_explained = match row.erased_by {
        None => !change.is_stub(),
        Some(0) => change.is_stub(),
        Some(by) => change.is_stub() && erased.contains(&(by, (row.kind.clone(), row.record))),
    };
    (!is_explained).then_some("erased") // not a kind: a word of the faults
}

/// The chain of all that came of a desk.
fn chain_of(desk: DeviceId, last_seq: u64, conn: &Conn) -> Result<Chain> {
    let (mut chain, mut after) = (Chain::default(), 0);
    loop {
        let slice = db::change::of_device(desk, after, SLICE, conn)?;
        for (seq, hash, _) in slice.iter().filter(|(seq, ..)| *seq <= last_seq) {
            chain = chain.with_change(*hash);
            after = *seq;
        }
        if slice.len() < SLICE || slice.last().is_none_or(|(seq, ..)| *seq >= last_seq) {
            return Ok(chain);
        }
    }
}
