//! Saving what a person did: one action, checked against everything this desk holds, in one
//! transaction: append, fold, project, conflicts. It is saved when this returns, or not at all.

use std::collections::{BTreeMap, BTreeSet};

use domain::entities::entity;
use domain::{Checked, Draft, Home, Problem, RecordId, check};
use rusqlite::{Connection, TransactionBehavior, params};
use sync_core::change::{MAX_BYTES, SCHEMA};
use sync_core::{Change, ChangeId, Encoded, SpaceId, UserId, planted};
use uuid::Uuid;

use crate::desk::Author;
use crate::error::{SaveError, StoreError};
use crate::log::{self, Name};
use crate::present::Present;
use crate::reader::Reader;
use crate::shown::{self, Edit};
use crate::{desk, erasing, parting, store};

/// What a person did, to be saved whole or not at all.
#[derive(Clone, Debug)]
pub struct Action {
    pub drafts: Vec<Draft>,
    /// The `as_of` of the screen that the person saw.
    pub as_of: u64,
    pub actor: UserId,
    pub session: Uuid,
    pub wall_ms: i64,
    /// A fresh id for the action.
    pub new_action: Uuid,
    /// True when the person saw every value of the fields in conflict and decides between them.
    pub resolve: bool,
    pub home: Spaces,
}

/// The spaces in which this desk creates records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Spaces {
    pub facility: SpaceId,
    pub district: SpaceId,
}

/// What was saved on this computer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saved {
    /// Empty when the drafts said nothing that was not shown already.
    pub changes: Vec<ChangeId>,
    pub kinds: BTreeSet<String>,
    /// A screen read now shows the action.
    pub as_of: u64,
}

/// One change to be made.
struct Part {
    kind: String,
    name: Name,
    space: SpaceId,
    edit: Edit,
}

/// Saves the action.
///
/// # Errors
/// [`SaveError::Problems`] when the action does not pass the checks; nothing is written then.
pub fn save(
    action: &Action,
    origin: Option<ChangeId>,
    author: Author,
    conn: &mut Connection,
) -> Result<Saved, SaveError> {
    let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if parting::is_emptied(&conn)? {
        return Err(StoreError::Emptied.into());
    }
    let reader = Reader::new(&conn);
    let checked = check(action.drafts.clone(), &reader).map_err(|heard| reader.cause(&heard))?;
    let drafts = one_draft_a_record(checked.map_err(SaveError::Problems)?);
    let mut parts = Vec::new();
    for draft in drafts {
        parts.extend(part(&draft, action, &conn)?);
    }
    let spaces: BTreeSet<SpaceId> = parts.iter().map(|part| part.space).collect();
    if spaces.len() > 1 {
        return Err(SaveError::Problems(vec![Problem::new("", "", "two_spaces")]));
    }
    if parts.is_empty() {
        return Ok(Saved {
            changes: Vec::new(),
            kinds: BTreeSet::new(),
            as_of: desk::commits(&conn)?.cast_unsigned(),
        });
    }
    let saved = write(parts, action, origin, author, &conn)?;
    planted!(AckBeforeCommit, crate::bugs::leave_open(conn), conn.commit()?);
    Ok(saved)
}

/// Two drafts of one record are one change, else the second would not know of the first.
fn one_draft_a_record(checked: Vec<Checked>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut places: BTreeMap<(String, RecordId), usize> = BTreeMap::new();
    for draft in checked.into_iter().map(Checked::into_draft) {
        let place = *places.entry((draft.kind.clone(), draft.id)).or_insert(drafts.len());
        match drafts.get_mut(place) {
            Some(first) => first.fields.extend(draft.fields),
            None => drafts.push(draft),
        }
    }
    drafts
}

fn part(draft: &Draft, action: &Action, conn: &Connection) -> Result<Option<Part>, SaveError> {
    let kind = log::kind_number(&draft.kind, conn)?;
    let space = match space_of(kind, draft.id, conn)? {
        Some(space) => space,
        None => match entity(&draft.kind).map(|entity| entity.home) {
            Some(Home::District) => action.home.district,
            _ => action.home.facility,
        },
    };
    let name = Name {
        kind,
        id: draft.id,
        space: log::space_number(space, conn)?,
    };
    if erasing::is_erased(name, conn)? {
        let code = "erased"; // not a kind: what the window says
        return Err(SaveError::Problems(vec![Problem::new(&draft.kind, "", code)]));
    }
    let as_of = planted!(
        ResolveIgnoresUnseen,
        if action.resolve {
            i64::MAX
        } else {
            log::number(action.as_of)
        },
        planted!(BaseAtSaveTime, i64::MAX, log::number(action.as_of))
    );
    let shown = shown::state(&draft.kind, name, as_of, conn)?;
    let edit = if action.resolve {
        shown::resolving_edit(draft, &shown)
    } else {
        shown::plain_edit(draft, &shown)
    };
    let kind = draft.kind.clone();
    Ok((!edit.fields.is_empty()).then_some(Part {
        kind,
        name,
        space,
        edit,
    }))
}

/// The space in which the record lives, if it exists.
fn space_of(kind: i64, id: RecordId, conn: &Connection) -> Result<Option<SpaceId>, StoreError> {
    use rusqlite::OptionalExtension;
    let space: Option<String> = conn
        .prepare_cached(
            "SELECT space.id FROM record JOIN space ON space.number = record.space
             WHERE record.id = ?1 AND record.kind = ?2 ORDER BY record.space LIMIT 1",
        )?
        .query_row(params![id.0.as_bytes(), kind], |row| row.get(0))
        .optional()?;
    space.map(|text| store::space_id(&text)).transpose()
}

fn write(
    parts: Vec<Part>,
    action: &Action,
    origin: Option<ChangeId>,
    author: Author,
    conn: &Connection,
) -> Result<Saved, SaveError> {
    let commit = desk::next_commit(conn)?;
    let mut clock = desk::clock(conn)?;
    let (mut seq, mut chain) = author.before_next(conn)?;
    let of = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let mut present = Present::new(conn);
    let mut saved = Saved {
        changes: Vec::new(),
        kinds: BTreeSet::new(),
        as_of: commit.cast_unsigned(),
    };
    for part in parts {
        seq += 1;
        let id = author.change(seq);
        let change = Change {
            id,
            action: action.new_action,
            of,
            space: part.space,
            kind: part.kind.clone(),
            record: part.name.id,
            fields: part.edit.fields,
            base: part.edit.base,
            seen: cursor(part.name.space, conn)?,
            actor: action.actor,
            session: action.session,
            schema: SCHEMA,
            stamp: clock.tick(action.wall_ms),
            wall_ms: action.wall_ms,
            origin,
            erased: None,
        };
        let encoded = Encoded::new(change);
        if encoded.bytes().len() > MAX_BYTES {
            return Err(SaveError::Problems(vec![Problem::new(&part.kind, "", "too_large")]));
        }
        chain = chain.with_change(encoded.hash());
        log::append(&encoded, part.name, (commit, None), Some(chain), conn)?;
        present.apply(encoded.change(), part.name, None)?;
        saved.changes.push(id);
        saved.kinds.insert(part.kind);
    }
    present.write(commit)?;
    desk::set_clock(clock, conn)?;
    Ok(saved)
}

fn cursor(space: i64, conn: &Connection) -> Result<u64, StoreError> {
    let cursor: i64 = conn
        .prepare_cached("SELECT cursor FROM space WHERE number = ?1")?
        .query_row([space], |row| row.get(0))?;
    Ok(cursor.cast_unsigned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Value;
    use sync_core::DeviceId;

    fn action() -> Action {
        let space = SpaceId::Facility(Uuid::from_u128(0xfac));
        let patient = Draft::new("patient", RecordId(Uuid::from_u128(5)));
        Action {
            drafts: vec![patient.with_value("name", Value::Text("Lakshmi".to_owned()))],
            as_of: 0,
            actor: RecordId(Uuid::from_u128(1)),
            session: Uuid::nil(),
            wall_ms: 0,
            new_action: Uuid::nil(),
            resolve: false,
            home: Spaces {
                facility: space,
                district: space,
            },
        }
    }

    #[test]
    fn why_the_records_cannot_be_read_for_the_checks_is_told() {
        let mut conn = crate::schema::tests::tables();
        conn.execute_batch("DROP TABLE kind").unwrap();
        let author = Author {
            device: DeviceId(Uuid::nil()),
            before: 0,
            leap: 0,
        };
        let refused = save(&action(), None, author, &mut conn).unwrap_err();
        assert!(
            matches!(refused, SaveError::Store(StoreError::Database { code: 1, .. })),
            "{refused:?}"
        );
    }
}
