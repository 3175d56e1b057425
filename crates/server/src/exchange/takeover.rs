//! Records of another system, taken over again and again: the import is an author like any other,
//! and what it knew is what it wrote the last time. So what a person changed here since then stays,
//! and where the other system changed the same field too, both values stand until a person decides.

use std::collections::{BTreeMap, BTreeSet};

use domain::check::Draft;
use domain::erasure::{Name, referred};
use domain::{RecordId, Value};
use sync_core::{ChangeId, Encoded, SpaceId};
use uuid::Uuid;

use super::author::{Authored, Base, Piece};
use super::judge::Spaces;
use super::present::{Present, about_change};
use crate::db::{self, Conn};
use crate::error::{Result, ServerError};
use crate::server::{Server, open_space};

/// What an import comes to in one space; the fields are counted by `kind.field`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takeover {
    pieces: Vec<Piece>,
    /// The other system changed them since the last import, and so did somebody here.
    pub disputed: BTreeMap<String, u64>,
    /// Somebody here changed them since the last import, the other system did not.
    pub kept: BTreeMap<String, u64>,
    /// Records of somebody who was erased here: they are not taken over again.
    pub erased: u64,
}

impl Takeover {
    /// How many records would be written to.
    pub fn records(&self) -> usize {
        self.pieces.len()
    }
}

/// What an import wrote last into a field, and as which change.
type Earlier = BTreeMap<(String, RecordId, String), (ChangeId, Value)>;

impl Server {
    /// Compares what `importer` brings with what it brought before and with what stands here. An
    /// empty field of a draft is one that is blank in the other system.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn compare(&self, space: SpaceId, importer: Uuid, drafts: Vec<Draft>) -> Result<Takeover> {
        self.db().read(|conn| {
            let earlier = earlier(self, space, importer, conn)?;
            let mut spaces = Spaces::new(self, conn);
            let mut takeover = Takeover::default();
            // What refers to what is not taken over is not taken over either.
            let mut left: BTreeSet<Name> = BTreeSet::new();
            for draft in drafts.iter().cloned() {
                let Some(present) = spaces.get(space)? else {
                    takeover.pieces.extend(new(draft, importer));
                    continue;
                };
                let is_left = referred(&draft.kind, &draft.fields)
                    .iter()
                    .any(|name| left.contains(name));
                if is_left || present.is_draft_about_erased(&draft)? {
                    takeover.erased += 1;
                    left.insert((draft.kind, draft.id));
                    continue;
                }
                let piece = takeover.compare(draft, importer, &earlier, present)?;
                takeover.pieces.extend(piece);
            }
            Ok(takeover)
        })
    }

    /// Writes what was compared, each record as an action of its own.
    ///
    /// # Errors
    /// As [`Server::author`].
    pub fn take_over(&self, space: SpaceId, takeover: Takeover) -> Result<Authored> {
        let actions = takeover.pieces.into_iter().map(|piece| vec![piece]).collect();
        self.write_actions(space, actions)
    }
}

impl Takeover {
    fn compare(
        &mut self,
        mut draft: Draft,
        importer: Uuid,
        earlier: &Earlier,
        present: &mut Present<'_>,
    ) -> Result<Option<Piece>> {
        let mut bases = BTreeMap::new();
        let mut written = BTreeMap::new();
        for (field, value) in std::mem::take(&mut draft.fields) {
            let name = format!("{}.{field}", draft.kind);
            let last = earlier.get(&(draft.kind.clone(), draft.id, field.clone()));
            let last_id = last.map(|(id, _)| *id);
            let others = present.values(&draft.kind, draft.id, &field, last_id)?;
            let differs = others.iter().any(|other| *other != value);
            if last.map_or(&Value::Empty, |(_, value)| value) == &value {
                let heads = present.heads(&draft.kind, draft.id, &field)?;
                // Where it still stands beside another value, nobody has decided yet.
                if differs && !last_id.is_some_and(|id| heads.contains(&id)) {
                    *self.kept.entry(name).or_default() += 1;
                }
                continue;
            }
            if differs {
                *self.disputed.entry(name).or_default() += 1;
            }
            bases.extend(last_id.map(|id| (field.clone(), vec![id])));
            written.insert(field, value);
        }
        draft.fields = written;
        Ok((!draft.fields.is_empty()).then_some(Piece {
            draft,
            base: Base::These(bases),
            session: importer,
        }))
    }
}

fn new(mut draft: Draft, importer: Uuid) -> Option<Piece> {
    draft.fields.retain(|_, value| !value.is_empty());
    (!draft.fields.is_empty()).then_some(Piece {
        draft,
        base: Base::These(BTreeMap::new()),
        session: importer,
    })
}

/// What the importer wrote last into each field of the space.
fn earlier(server: &Server, space: SpaceId, importer: Uuid, conn: &Conn) -> Result<Earlier> {
    let mut earlier = Earlier::new();
    let Some((space, key)) = open_space(server, space, conn)? else {
        return Ok(earlier);
    };
    db::change::of_server(space.number, conn, |lsn, sealed| {
        let bytes = key.open(&about_change(space.id, lsn), &sealed)?;
        let encoded = Encoded::read(bytes.to_vec());
        let encoded = encoded.map_err(|_| ServerError::Damaged("a change of the log cannot be read"))?;
        let change = encoded.change();
        if change.session == importer {
            for (field, value) in &change.fields {
                let place = (change.kind.clone(), change.record, field.clone());
                earlier.insert(place, (change.id, value.clone()));
            }
        }
        Ok(())
    })?;
    Ok(earlier)
}
