//! The server as an author of its own: places and people set up on the machine, imports, sample
//! data. Its changes go the same way as a desk's, through the same numbering and folding.

use std::collections::BTreeMap;

use domain::RecordId;
use domain::check::Draft;
use sync_core::change::SCHEMA;
use sync_core::{Chain, Change, ChangeId, Encoded, Lsn, SpaceId, Stamp};
use uuid::Uuid;

use super::grants::Grants;
use super::judge::Spaces;
use super::present::Present;
use super::push::{Arrived, Taken, take_in};
use crate::db;
use crate::db::device::Device;
use crate::error::{Result, ServerError};
use crate::server::Server;

/// The most changes of one transaction.
const AT_ONCE: usize = 4_000;

/// One record of an action, and what its author knew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub draft: Draft,
    pub base: Base,
    /// Tells apart what the server writes for whom; nil for the machine's own commands.
    pub session: Uuid,
}

/// The heads on top of which a change is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// All that stand when it is written.
    Everything,
    /// The same, and what stands already is not written again.
    Differing,
    /// These, field by field.
    These(BTreeMap<String, Vec<ChangeId>>),
}

/// What was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Authored {
    pub changes: u64,
    /// The last number given in the space; 0 when nothing was written.
    pub last: Lsn,
}

impl Server {
    /// Writes actions into a space, in their order, each whole. The drafts were checked before;
    /// each is written on top of everything the space holds.
    ///
    /// # Errors
    /// [`ServerError::NoSpace`], or why it cannot be written: actions of earlier transactions stay.
    pub fn author(&self, space: SpaceId, actions: Vec<Vec<Draft>>) -> Result<Authored> {
        let piece = |draft| Piece {
            draft,
            base: Base::Everything,
            session: Uuid::nil(),
        };
        let pieces = actions
            .into_iter()
            .map(|action| action.into_iter().map(piece).collect());
        self.write_actions(space, pieces.collect())
    }

    pub(super) fn write_actions(&self, space: SpaceId, actions: Vec<Vec<Piece>>) -> Result<Authored> {
        let mut done = Authored::default();
        let mut waiting = Vec::new();
        let mut count = 0;
        for action in actions.into_iter().filter(|action| !action.is_empty()) {
            count += action.len();
            waiting.push(action);
            if count >= AT_ONCE {
                self.author_at_once(space, &std::mem::take(&mut waiting), &mut done)?;
                count = 0;
            }
        }
        if !waiting.is_empty() {
            self.author_at_once(space, &waiting, &mut done)?;
        }
        Ok(done)
    }

    /// Writes the drafts as one action, without what the space already holds: writing them twice
    /// writes once, whoever else does so at the same time.
    ///
    /// # Errors
    /// As [`Server::author`].
    pub fn author_differing(&self, space: SpaceId, drafts: Vec<Draft>) -> Result<Authored> {
        let piece = |draft| Piece {
            draft,
            base: Base::Differing,
            session: Uuid::nil(),
        };
        self.write_actions(space, vec![drafts.into_iter().map(piece).collect()])
    }

    fn author_at_once(&self, space: SpaceId, actions: &[Vec<Piece>], done: &mut Authored) -> Result<()> {
        // Drawn once, however often the transaction has to be begun: an action keeps its name.
        let ids: Vec<Uuid> = actions.iter().map(|_| (self.config().new_id)()).collect();
        let taken = self.db().write(|tx| {
            // As whom is asked here: since this process began, another epoch may have begun.
            let own = db::instance::device(tx)?.ok_or(ServerError::NoDevice)?;
            let own = db::device::lock(own, tx)?.ok_or(ServerError::NoDevice)?;
            let mut spaces = Spaces::new(self, tx);
            spaces.lock([space].into())?;
            let mut taken = Taken::default();
            let (mut seq, mut chain) = (own.last_seq, own.chain);
            for (action, id) in actions.iter().zip(&ids) {
                let arrived = write(self, &own, space, (*id, action), &mut seq, &mut chain, &mut spaces)?;
                take_in(self, (&own, &Grants::default()), &arrived, &mut spaces, &mut taken, tx)?;
            }
            if !taken.parked.is_empty() {
                return Err(ServerError::Damaged(
                    "an action of the server's own is not of the right form",
                ));
            }
            taken.news = spaces.close()?;
            db::device::advance(own.id, seq, chain, tx)?;
            Ok(taken)
        })?;
        done.changes += taken.numbered.len() as u64;
        done.last = taken.numbered.last().map_or(done.last, |numbered| numbered.lsn);
        self.tell(taken.news);
        Ok(())
    }
}

pub(crate) fn write(
    server: &Server,
    own: &Device,
    space: SpaceId,
    (id, action): (Uuid, &[Piece]),
    seq: &mut u64,
    chain: &mut Chain,
    spaces: &mut Spaces<'_>,
) -> Result<Vec<Arrived>> {
    let present = spaces.get(space)?.ok_or(ServerError::NoSpace)?;
    let action = still_to_write(action, present)?;
    let now_ms = server.now_ms();
    let of = u32::try_from(action.len()).map_err(|_| ServerError::TooLarge)?;
    let mut arrived = Vec::with_capacity(action.len());
    for Piece { draft, base, session } in action {
        let base = match base {
            Base::These(base) => base,
            Base::Everything | Base::Differing => everything(&draft, present)?,
        };
        *seq += 1;
        let encoded = Encoded::new(Change {
            id: ChangeId {
                device: own.id,
                seq: *seq,
            },
            action: id,
            of,
            space,
            kind: draft.kind,
            record: draft.id,
            fields: draft.fields,
            base,
            seen: present.head(),
            actor: RecordId(own.id.0),
            session,
            schema: SCHEMA,
            stamp: Stamp(now_ms, u32::try_from(*seq % u64::from(u32::MAX)).unwrap_or(0)),
            wall_ms: now_ms,
            origin: None,
            erased: None,
        });
        *chain = chain.with_change(encoded.hash());
        arrived.push(Arrived::new(encoded));
    }
    Ok(arrived)
}

/// The pieces without what is only to be written where it differs, and does not.
fn still_to_write(action: &[Piece], present: &mut Present<'_>) -> Result<Vec<Piece>> {
    let mut pieces = action.to_vec();
    for piece in pieces.iter_mut().filter(|piece| piece.base == Base::Differing) {
        if let Some(record) = present.record(&piece.draft.kind, piece.draft.id)? {
            piece.draft.fields.retain(|name, value| record.value(name) != value);
        }
    }
    pieces.retain(|piece| !piece.draft.fields.is_empty() || piece.base != Base::Differing);
    Ok(pieces)
}

fn everything(draft: &Draft, present: &mut Present<'_>) -> Result<BTreeMap<String, Vec<ChangeId>>> {
    let mut base = BTreeMap::new();
    for name in draft.fields.keys() {
        let heads = present.heads(&draft.kind, draft.id, name)?;
        if !heads.is_empty() {
            base.insert(name.clone(), heads);
        }
    }
    Ok(base)
}
