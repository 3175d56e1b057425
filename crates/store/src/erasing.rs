//! What the district erased for good: in the transaction in which a numbered change that says so becomes part of the
//! present, every body of the records it names goes, and with it whatever was made of them. What this desk wrote of
//! them and the district has not answered to stays until it has.

use std::collections::BTreeSet;

use domain::entities::entity;
use domain::erasure::named;
use domain::{RecordId, Semantics};
use rusqlite::{Connection, OptionalExtension, params};
use sync_core::exchange::Reason;
use sync_core::snapshot::Base;
use sync_core::{Change, ChangeId, Digest, Encoded, Hash, RecordState, packed, planted};

use crate::error::StoreError;
use crate::log::{self, Name};
use crate::outbox::word;

/// The records that a folded one says are erased, by kind: only what the district numbered says so.
pub fn said_by(state: &RecordState) -> BTreeSet<(String, RecordId)> {
    let Some(Semantics::Erases { records }) = entity(&state.kind).map(|entity| entity.semantics) else {
        return BTreeSet::new();
    };
    let heads = state
        .fields
        .get(records)
        .into_iter()
        .flat_map(|field| field.heads.values());
    let numbered = heads.filter(|head| head.lsn.is_some());
    numbered
        .flat_map(|head| named(&state.kind, &[(records.to_owned(), head.value.clone())].into()))
        .collect()
}

/// Whether the record was erased.
pub fn is_erased(name: Name, conn: &Connection) -> Result<bool, StoreError> {
    let mut statement = conn.prepare_cached("SELECT 1 FROM erased WHERE record = ?1 AND kind = ?2 AND space = ?3")?;
    Ok(statement.exists(params![name.id.0.as_bytes(), name.kind, name.space])?)
}

/// Whether the change is one of an erased record, wherever it is kept.
pub fn says_of_an_erased(change: &Change, conn: &Connection) -> Result<bool, StoreError> {
    let kind = log::known_kind(&change.kind, conn)?;
    let space = log::known_space(change.space, conn)?;
    let id = change.record;
    kind.zip(space)
        .map_or(Ok(false), |(kind, space)| is_erased(Name { kind, id, space }, conn))
}

/// Notes that the record is erased. Answers whether that is new here.
pub fn note(name: Name, said_by: RecordId, conn: &Connection) -> Result<bool, StoreError> {
    let noted = conn
        .prepare_cached(
            "INSERT INTO erased (record, kind, space, said_by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            name.id.0.as_bytes(),
            name.kind,
            name.space,
            said_by.0.as_bytes()
        ])?;
    Ok(noted == 1)
}

/// Lets go of everything that is held of records that were just noted as erased, but their rows in the present.
pub fn let_go(erased: &[(String, Name)], conn: &Connection) -> Result<(), StoreError> {
    if erased.is_empty() {
        return Ok(());
    }
    sweep_later(conn)?;
    for (kind, name) in erased {
        planted!(BodySurvivesErasure, (), stub_changes(*name, conn)?);
        empty_bases(kind, *name, conn)?;
        forget_beside(*name, conn)?;
    }
    stub_carried(conn)?;
    let ids: BTreeSet<RecordId> = erased.iter().map(|(_, name)| name.id).collect();
    forget_what_names(&ids, conn)
}

/// Takes the body of an own change away that came too late for its record, once somebody decided that it is not wanted.
pub fn let_go_of_late(id: ChangeId, conn: &Connection) -> Result<(), StoreError> {
    let late: Option<(i64, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT local, bytes FROM change WHERE device = ?1 AND seq = ?2 AND parked = ?3 AND lsn IS NULL",
        )?
        .query_row(
            params![id.device.0.as_bytes(), log::number(id.seq), word(Reason::Erased)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((local, bytes)) = late {
        stub(local, bytes, conn)?;
    }
    stub_late(id, conn)
}

/// The disk is to be swept.
pub fn sweep_later(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("INSERT INTO sweeping (one) VALUES (1) ON CONFLICT DO NOTHING")?
        .execute([])?;
    Ok(())
}

/// Writes the search tables without what their rows said before: a word that was taken away stands in an old segment
/// until that is merged.
pub fn clear_search(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch(
        "INSERT INTO search_word (search_word) VALUES ('optimize');
         INSERT INTO search_part (search_part) VALUES ('optimize');",
    )?;
    Ok(())
}

/// Leaves stubs of the record's changes; of own ones only when the district has answered to them, and not of what came
/// too late: somebody decides about that first.
pub fn stub_changes(name: Name, conn: &Connection) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT local, bytes FROM change WHERE record = ?1 AND kind = ?2 AND space = ?3
         AND ((answered IS NOT NULL AND parked IS NOT ?4) OR device <> (SELECT device FROM desk))",
    )?;
    let of = params![name.id.0.as_bytes(), name.kind, name.space, word(Reason::Erased)];
    let rows = statement.query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, Vec<u8>)> = rows.collect::<Result<_, _>>()?;
    rows.into_iter().try_for_each(|(local, bytes)| stub(local, bytes, conn))
}

fn stub(local: i64, bytes: Vec<u8>, conn: &Connection) -> Result<(), StoreError> {
    let encoded = log::read(bytes)?;
    if !encoded.change().is_stub() {
        conn.prepare_cached("UPDATE change SET bytes = ?2 WHERE local = ?1")?
            .execute(params![local, encoded.stub().bytes()])?;
        sweep_later(conn)?;
    }
    Ok(())
}

/// Leaves stubs of what was carried over of erased records, as far as the district has it or a person decided about it.
pub fn stub_carried(conn: &Connection) -> Result<(), StoreError> {
    if !conn.prepare_cached("SELECT 1 FROM erased")?.exists([])? {
        return Ok(());
    }
    let mut statement = conn.prepare_cached(
        "SELECT number, bytes FROM carried
         WHERE is_stub = 0 AND (fate = 'held' OR became IS NOT NULL
           OR (fate = 'aside' AND answered = 1 AND reason IS NOT ?1))",
    )?;
    let mut rows = statement.query([word(Reason::Erased)])?;
    while let Some(row) = rows.next()? {
        let encoded = log::read(row.get(1)?)?;
        if says_of_an_erased(encoded.change(), conn)? {
            stub_row(row.get(0)?, &encoded, conn)?;
        }
    }
    Ok(())
}

/// Leaves a stub of what came too late for an erased record under an earlier name of this desk.
fn stub_late(id: ChangeId, conn: &Connection) -> Result<(), StoreError> {
    let late: Option<(i64, Vec<u8>)> = conn
        .prepare_cached(
            "SELECT number, bytes FROM carried WHERE device = ?1 AND seq = ?2 AND is_stub = 0
             AND fate = 'aside' AND reason = ?3",
        )?
        .query_row(
            params![id.device.0.as_bytes(), log::number(id.seq), word(Reason::Erased)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    late.map_or(Ok(()), |(number, bytes)| stub_row(number, &log::read(bytes)?, conn))
}

fn stub_row(number: i64, encoded: &Encoded, conn: &Connection) -> Result<(), StoreError> {
    sweep_later(conn)?;
    conn.prepare_cached("UPDATE carried SET bytes = ?2, is_stub = 1 WHERE number = ?1")?
        .execute(params![number, encoded.stub().bytes()])?;
    Ok(())
}

/// The bases of the record name every change they held, and say nothing any more.
fn empty_bases(kind: &str, name: Name, conn: &Connection) -> Result<(), StoreError> {
    let of = params![name.id.0.as_bytes(), name.kind, name.space];
    let now: Option<Vec<u8>> = conn
        .prepare_cached("SELECT base FROM snapshot_record WHERE record = ?1 AND kind = ?2 AND space = ?3")?
        .query_row(of, |row| row.get(0))
        .optional()?;
    if let Some(bytes) = now {
        let (emptied, said) = emptied(kind, name, &bytes)?;
        conn.prepare_cached("UPDATE snapshot_record SET base = ?4 WHERE record = ?1 AND kind = ?2 AND space = ?3")?
            .execute(params![name.id.0.as_bytes(), name.kind, name.space, emptied])?;
        let mut digest = conn.prepare_cached("SELECT digest FROM snapshot WHERE space = ?1")?;
        let digest = digest.query_row([name.space], |row| row.get(0).map(|bytes| Digest(Hash(bytes))))?;
        conn.prepare_cached("UPDATE snapshot SET digest = ?2 WHERE space = ?1")?
            .execute(params![name.space, digest.minus(said).0.0])?;
    }
    let mut earlier =
        conn.prepare_cached("SELECT arrived, base FROM earlier_base WHERE record = ?1 AND kind = ?2 AND space = ?3")?;
    let rows = earlier.query_map(of, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, Vec<u8>)> = rows.collect::<Result<_, _>>()?;
    for (arrived, bytes) in rows {
        let (emptied, _) = emptied(kind, name, &bytes)?;
        conn.prepare_cached(
            "UPDATE earlier_base SET base = ?5 WHERE record = ?1 AND kind = ?2 AND space = ?3 AND arrived = ?4",
        )?
        .execute(params![name.id.0.as_bytes(), name.kind, name.space, arrived, emptied])?;
    }
    Ok(())
}

/// The stored bytes of a base without what it said, and the share of the digest that this had.
fn emptied(kind: &str, name: Name, bytes: &[u8]) -> Result<(Vec<u8>, Digest), StoreError> {
    let base = packed::unpack_base(kind, name.id, bytes).ok_or(StoreError::Damaged)?;
    Ok((packed::pack_base(&without_heads(&base)), base.state.digest()))
}

/// The base of an erased record: it names every change that was folded into it.
pub fn without_heads(base: &Base) -> Base {
    Base {
        state: RecordState::new(&base.state.kind, base.state.id),
        older: base.folded(),
    }
}

/// What the district lost of the record, and what was decided about own changes of it.
fn forget_beside(name: Name, conn: &Connection) -> Result<(), StoreError> {
    for delete in [
        "DELETE FROM lost_change WHERE record = ?1 AND kind = ?2 AND space = ?3",
        "DELETE FROM decision WHERE outcome IS NOT NULL AND EXISTS (
           SELECT 1 FROM change WHERE change.device = decision.device AND change.seq = decision.seq
           AND record = ?1 AND kind = ?2 AND space = ?3)",
    ] {
        conn.prepare_cached(delete)?
            .execute(params![name.id.0.as_bytes(), name.kind, name.space])?;
    }
    Ok(())
}

/// Unfinished forms that name one of the records go, and what the district told of what it keeps aside of them: it is
/// asked to tell that anew.
fn forget_what_names(ids: &BTreeSet<RecordId>, conn: &Connection) -> Result<(), StoreError> {
    let mut is_told_of = 0;
    for id in ids {
        let id = id.to_string();
        conn.prepare_cached("DELETE FROM draft WHERE instr(name, ?1) > 0 OR instr(body, ?1) > 0")?
            .execute([&id])?;
        conn.prepare_cached(
            "DELETE FROM decision WHERE outcome IS NOT NULL AND EXISTS (
               SELECT 1 FROM aside WHERE aside.device = decision.device AND aside.seq = decision.seq
               AND instr(told, ?1) > 0)",
        )?
        .execute([&id])?;
        is_told_of += conn
            .prepare_cached("DELETE FROM aside WHERE instr(told, ?1) > 0")?
            .execute([&id])?;
    }
    if is_told_of > 0 {
        conn.execute("DELETE FROM aside_list", [])?;
    }
    Ok(())
}
