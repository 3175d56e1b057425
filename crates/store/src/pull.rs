//! Taking in a page of a space's log: the whole page is seen to be authentic first; then it is
//! applied in slices, each with its cursor in one transaction.

use std::collections::BTreeSet;

use domain::erasure::erases;
use rusqlite::{Connection, TransactionBehavior, params};
use sync_core::exchange::{Entry, Page, Reason};
use sync_core::{Chain, ChangeId, Encoded, Hash, Lsn, planted};

#[cfg(feature = "mutants")]
use crate::bugs;
use crate::error::{AbsorbError, StoreError};
use crate::outbox::{number, park};
use crate::present::{Present, space_digest};
use crate::slices::FEW;
use crate::store::Store;
use crate::writer::Turn;
use crate::{base, desk, erasing, first_sync, log, lost, spaces};

/// What others wrote and has no number: asked at the end of every round, it comes out of the index of what has none.
const LOST: &str = "SELECT device, seq, local FROM change INDEXED BY change_unsent
         WHERE device < ?2 AND space = ?1 AND lsn IS NULL AND parked IS NULL
     UNION ALL SELECT device, seq, local FROM change INDEXED BY change_unsent
         WHERE device > ?2 AND space = ?1 AND lsn IS NULL AND parked IS NULL
     ORDER BY local";

/// What a page brought.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Absorbed {
    /// The kinds of which records changed.
    pub kinds: BTreeSet<String>,
    pub as_of: u64,
    pub cursor: Lsn,
    /// The last lsn the space has at the district.
    pub head: Lsn,
    /// The two hold different states although they hold the same log.
    pub is_diverged: bool,
}

/// One entry of a page, ready to be applied.
struct Step {
    lsn: Lsn,
    id: ChangeId,
    /// Nothing for one of this desk's own.
    encoded: Option<Encoded>,
    /// The space's chain after it.
    chain: Chain,
    action: uuid::Uuid,
    kind: String,
}

impl Store {
    /// Takes in a page. `server_ms` is the server's time when it answered.
    ///
    /// # Errors
    /// [`AbsorbError`]: nothing that is not authentic is taken in; slices before a
    /// [`StoreError`] stay, and their cursor with them.
    pub fn absorb(&self, page: Page, server_ms: i64) -> Result<Absorbed, AbsorbError> {
        let steps = self.reading(|conn| verified(&page, conn))?;
        let mut absorbed = Absorbed::default();
        absorbed.kinds.extend(steps.iter().map(|step| step.kind.clone()));
        if steps.iter().any(|step| erases(&step.kind)) {
            absorbed.kinds.insert(String::new());
        }
        let (space, epoch) = (page.space, page.epoch);
        planted!(CursorBeforeData, bugs::move_cursor_first(&page, self)?);
        self.in_slices(
            (steps, FEW),
            |before, after| before.action == after.action,
            move |slice, conn, present, commit| {
                let space = log::space_number(space, conn)?;
                take(slice, commit, server_ms, present, conn)?;
                planted!(CursorBeforeData, Ok(()), move_cursor(slice, space, epoch, conn))
            },
        )?;
        self.write(Turn::Sync, move |conn| finish(&page, server_ms, absorbed, conn))
    }
}

/// The page's entries, after everything about them was seen to be right.
fn verified(page: &Page, conn: &Connection) -> Result<Vec<Step>, AbsorbError> {
    let held = spaces::held(page.space, conn)?;
    if planted!(EpochIgnored, false, held.epoch != page.epoch) && held.cursor > 0 {
        return Err(AbsorbError::OtherEpoch { held: held.epoch });
    }
    let wanted = held.cursor.saturating_add(1);
    if page.from != wanted {
        return Err(AbsorbError::NotNext { wanted });
    }
    let device = desk::device(conn)?;
    let mut chain = held.chain;
    let mut steps = Vec::with_capacity(page.entries.len());
    for (entry, lsn) in page.entries.iter().zip(page.from..) {
        if entry.lsn != lsn {
            return Err(AbsorbError::NotAuthentic);
        }
        let said = match &entry.change {
            Some(change) => carried(entry, change.read()?, page)?,
            None if entry.id.device == device => own(entry, page, conn)?,
            None => return Err(AbsorbError::NotAuthentic),
        };
        chain = chain.with_entry(lsn, entry.id, said.hash);
        steps.push(Step {
            lsn,
            id: entry.id,
            chain,
            action: said.action,
            kind: said.kind,
            encoded: said.encoded,
        });
    }
    let after = page.from.checked_add(page.entries.len() as u64);
    let is_whole = after.is_some() && after == page.to.checked_add(1) && page.head >= page.to;
    if is_whole && chain == page.chain {
        Ok(steps)
    } else {
        Err(AbsorbError::NotAuthentic)
    }
}

/// What an entry says, besides its place in the log.
struct Said {
    hash: Hash,
    action: uuid::Uuid,
    kind: String,
    encoded: Option<Encoded>,
}

/// What is here of an entry that is one of this desk's own.
fn own(entry: &Entry, page: &Page, conn: &Connection) -> Result<Said, AbsorbError> {
    let placed = log::placed(entry.id, conn)?.ok_or(AbsorbError::OwnMissing(entry.id))?;
    if log::known_space(page.space, conn)? != Some(placed.name.space) {
        return Err(AbsorbError::NotAuthentic);
    }
    Ok(Said {
        hash: placed.hash,
        action: placed.action,
        kind: placed.kind,
        encoded: None,
    })
}

/// What came with an entry.
fn carried(entry: &Entry, encoded: Encoded, page: &Page) -> Result<Said, AbsorbError> {
    let change = encoded.change();
    if change.id != entry.id || change.space != page.space {
        return Err(AbsorbError::NotAuthentic);
    }
    Ok(Said {
        hash: encoded.hash(),
        action: change.action,
        kind: change.kind.clone(),
        encoded: Some(encoded),
    })
}

fn take(
    slice: &[Step],
    commit: i64,
    server_ms: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), AbsorbError> {
    let mut clock = desk::clock(conn)?;
    for step in slice {
        match &step.encoded {
            None => number(step.id, step.lsn, commit, present, conn)?,
            Some(encoded) => {
                clock.see(encoded.change().stamp, server_ms);
                add(encoded, step.lsn, commit, present, conn)?;
            }
        }
    }
    Ok(desk::set_clock(clock, conn)?)
}

/// Cursor, chain and epoch name one place in one log, so they move together, and only from the place
/// that the slice follows.
fn move_cursor(slice: &[Step], space: i64, epoch: u64, conn: &Connection) -> Result<(), AbsorbError> {
    let (Some(first), Some(last)) = (slice.first(), slice.last()) else {
        return Ok(());
    };
    let moved = conn
        .prepare_cached(
            "UPDATE space SET cursor = ?2, chain = ?3, epoch = ?4
             WHERE number = ?1 AND cursor = ?5 AND (epoch = ?4 OR cursor = 0)",
        )?
        .execute(params![
            space,
            log::number(last.lsn),
            last.chain.0.0,
            log::number(epoch),
            log::number(first.lsn.saturating_sub(1))
        ])?;
    if moved == 1 {
        Ok(())
    } else {
        Err(AbsorbError::NotNext { wanted: first.lsn })
    }
}

/// Adds somebody's change, or takes note of its number when it is here already.
fn add(
    encoded: &Encoded,
    lsn: Lsn,
    commit: i64,
    present: &mut Present<'_>,
    conn: &Connection,
) -> Result<(), AbsorbError> {
    let change = encoded.change();
    match log::stored(change.id, conn)? {
        Some(stored) if stored.hash != encoded.hash() => Err(AbsorbError::Fork(change.id)),
        Some(_) => Ok(number(change.id, lsn, commit, present, conn)?),
        None => {
            let name = present.name(change)?;
            if erasing::is_erased(name, conn)? {
                // A district that fell back on a backup tells again what was erased.
                return Ok(log::append(&encoded.stub(), name, (commit, Some(lsn)), None, conn)?);
            }
            log::append(encoded, name, (commit, Some(lsn)), None, conn)?;
            lost::came(change.id, conn)?;
            // After a restore of the server the log brings again what a snapshot brought before.
            if base::is_void(name.space, conn)? && base::holds(&change.id, &change.kind, name, conn)? {
                return Ok(present.number(change.id, (lsn, commit), &change.kind, name)?);
            }
            Ok(present.apply(change, name, Some(lsn))?)
        }
    }
}

/// Takes note of the head, and compares digests where both hold the same log. An empty page has no
/// slice that names its epoch.
fn finish(page: &Page, server_ms: i64, mut absorbed: Absorbed, conn: &mut Connection) -> Result<Absorbed, AbsorbError> {
    let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let space = log::space_number(page.space, &conn)?;
    conn.prepare_cached(
        "UPDATE space SET epoch = ?2, head = max(?3, cursor), heard_ms = ?4
         WHERE number = ?1 AND (epoch = ?2 OR cursor = 0)",
    )?
    .execute(params![
        space,
        log::number(page.epoch),
        log::number(page.head),
        server_ms
    ])?;
    let held = spaces::held(page.space, &conn)?;
    let is_at_end = page.to == page.head && held.cursor == page.to;
    if is_at_end && (first_sync::end_void(space, &conn)? | set_lost_aside(space, &conn)?) {
        absorbed.kinds.insert(String::new());
    }
    let is_comparable = is_at_end && spaces::is_all_numbered(space, &conn)?;
    if let Some(digest) = page.digest.filter(|_| is_comparable) {
        planted!(DigestAdopted, bugs::adopt(space, digest, &conn)?);
        let is_diverged = space_digest(space, &conn)? != digest;
        conn.prepare_cached("UPDATE space SET diverged = ?2 WHERE number = ?1")?
            .execute(params![space, is_diverged])?;
    }
    let diverged: bool = conn
        .prepare_cached("SELECT diverged FROM space WHERE number = ?1")?
        .query_row([space], |row| row.get(0))
        .map_err(StoreError::from)?;
    absorbed.is_diverged = diverged;
    absorbed.as_of = desk::commits(&conn)?.cast_unsigned();
    absorbed.cursor = held.cursor;
    absorbed.head = page.head.max(held.cursor);
    conn.commit()?;
    Ok(absorbed)
}

/// Keeps aside what others wrote and the district does not have any more, since it fell back on a
/// backup: every desk shows the same then, and a person sees what is missing there. When its author
/// sends it again, it is part of the present again. Answers whether there was any.
fn set_lost_aside(space: i64, conn: &Connection) -> Result<bool, StoreError> {
    let device = desk::device(conn)?;
    let mut statement = conn.prepare_cached(LOST)?;
    let lost = statement.query_map(params![space, device.0.as_bytes()], |row| {
        Ok(ChangeId {
            device: log::device(row, 0)?,
            seq: row.get::<_, i64>(1)?.cast_unsigned(),
        })
    })?;
    let lost: Vec<ChangeId> = lost.collect::<Result<_, _>>()?;
    if lost.is_empty() {
        return Ok(false);
    }
    let commit = desk::next_commit(conn)?;
    let mut present = Present::new(conn);
    for id in lost {
        park(id, Reason::Lost, commit, &mut present, conn)?;
    }
    present.write(commit)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::mpsc;

    use domain::{Draft, RecordId, Value};
    use sync_core::change::SCHEMA;
    use sync_core::exchange::Carried;
    use sync_core::{Change, DeviceId, SpaceId, Stamp};
    use uuid::Uuid;

    use super::*;
    use crate::schema::tests::plan;
    use crate::slices::{MOST_STEPS, STEP, in_commit};
    use crate::{Action, DatabaseKey, Spaces};

    const SPACE: SpaceId = SpaceId::Facility(Uuid::nil());

    #[test]
    fn what_others_lost_is_found_without_reading_a_change() {
        let plan = plan(LOST);
        let seeks = plan.iter().filter(|step| step.contains("SEARCH change"));
        let is_covered = |step: &String| step.contains("COVERING INDEX change_unsent");
        assert!(seeks.clone().count() == 2 && seeks.clone().all(is_covered), "{plan:?}");
        assert!(!plan.iter().any(|step| step.contains("SCAN change")), "{plan:?}");
    }

    fn name(name: &str) -> (String, Value) {
        ("name".to_owned(), Value::Text(name.to_owned()))
    }

    fn registration(seq: u64) -> Change {
        Change {
            id: ChangeId {
                device: DeviceId(Uuid::from_u128(9)),
                seq,
            },
            action: Uuid::from_u128(u128::from(seq)),
            of: 1,
            space: SPACE,
            kind: "patient".to_owned(),
            record: RecordId(Uuid::from_u128(u128::from(seq))),
            fields: [name("Lakshmi")].into(),
            base: BTreeMap::new(),
            seen: 0,
            actor: RecordId(Uuid::nil()),
            session: Uuid::nil(),
            schema: SCHEMA,
            stamp: Stamp(0, 0),
            wall_ms: 0,
            origin: None,
            erased: None,
        }
    }

    fn page(changes: u64) -> Page {
        let (mut chain, mut entries) = (Chain::default(), Vec::new());
        for lsn in 1..=changes {
            let encoded = Encoded::new(registration(lsn));
            let id = encoded.change().id;
            chain = chain.with_entry(lsn, id, encoded.hash());
            let change = Some(Carried::of(&encoded).unwrap());
            entries.push(Entry { lsn, id, change });
        }
        Page {
            space: SPACE,
            epoch: 0,
            from: 1,
            to: changes,
            head: changes,
            entries,
            chain,
            digest: None,
        }
    }

    fn action(as_of: u64) -> Action {
        let mut draft = Draft::new("patient", RecordId(Uuid::from_u128(1 << 100)));
        draft.fields.extend([name("Anju")]);
        Action {
            drafts: vec![draft],
            as_of,
            actor: RecordId(Uuid::nil()),
            session: Uuid::nil(),
            wall_ms: 0,
            new_action: Uuid::nil(),
            resolve: false,
            home: Spaces {
                facility: SPACE,
                district: SPACE,
            },
        }
    }

    fn wait_until(is_so: impl Fn() -> bool) {
        while !is_so() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_save_during_a_pull_waits_for_one_slice_at_most() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("ward.db");
        let device = DeviceId(Uuid::from_u128(1));
        let store = Store::create(&path, &DatabaseKey::new(&[7; 32]), device).unwrap();
        store.follow(SPACE).unwrap();
        let changes = (3 * MOST_STEPS * STEP) as u64 + 1;
        let before = store.as_of().unwrap();
        let (begun, has_begun) = mpsc::channel();
        let (end, ended) = mpsc::channel::<()>();
        let saved = std::thread::scope(|scope| {
            // A slice that is being written when the person comes.
            scope.spawn(|| {
                store.write(Turn::Sync, move |conn| {
                    in_commit(conn, |_, _, _| {
                        begun.send(()).unwrap();
                        let _until_told = ended.recv();
                        Ok::<_, StoreError>(())
                    })
                })
            });
            has_begun.recv().unwrap();
            let pull = scope.spawn(|| store.absorb(page(changes), 0));
            wait_until(|| store.waiting() == 1);
            let save = scope.spawn(|| store.save(action(before)));
            wait_until(|| store.waiting() == 2);
            end.send(()).unwrap();
            let saved = save.join().unwrap().unwrap();
            assert_eq!(pull.join().unwrap().unwrap().cursor, changes);
            saved
        });
        // After the slice that was being written, before those of the page, although they came first.
        assert_eq!(saved.as_of, before + 2);
        // And the page was not taken in at once.
        assert!(store.as_of().unwrap() >= saved.as_of + 4);
    }
}
