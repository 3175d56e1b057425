//! What an earlier identity of this desk wrote, or another desk, and the district may not have. It is compared
//! with what the district has; what did not arrive is written anew as this desk's own, with a mark of where it
//! comes from; what a person has to decide about is kept aside. What the district has stays here too: should it fall
//! back on a backup, it is compared again.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use sync_core::change::MAX_BYTES;
use sync_core::exchange::{Held, Reason};
use sync_core::{Change, ChangeId, DeviceId, Encoded};
use uuid::Uuid;

use crate::desk::Author;
use crate::error::StoreError;
use crate::history::Past;
use crate::outbox::word;
use crate::present::Present;
use crate::slices::in_commit;
use crate::store::Store;
use crate::writer::Turn;
use crate::{desk, erasing, file, log, project, schema};

const NEXT_WANTED: &str = "SELECT bytes FROM carried WHERE fate = 'wanted' AND became IS NULL
     AND device = (SELECT min(device) FROM carried WHERE fate = 'wanted' AND became IS NULL) ORDER BY seq";

impl Store {
    /// Makes a file in which this desk goes on as `device`: it follows the same spaces from their beginning, and
    /// everything this desk wrote is carried over to it, with unfinished forms and settings. It goes on counting
    /// where this file stands: at the moment a form was opened here, nothing had come there, and a save of the form
    /// knows of nothing that its author has not seen. This file stays as it is and takes nothing any more.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a file of that name; there is none, or a whole one.
    pub fn succeed(&self, to: &Path, device: DeviceId) -> Result<(), StoreError> {
        // What is saved from now on would stay behind in this file.
        self.take_no_more()?;
        let key = self.key();
        let commits = self.reading(|old| Ok::<_, StoreError>(desk::commits(old)?))?;
        let made = file::create(to, key, |conn| {
            schema::bring_up(conn, to, key)?;
            let conn = conn.transaction()?;
            conn.execute(
                "INSERT INTO desk (one, device, commits, clock_ms, clock_count, projected_by)
                 VALUES (1, ?1, ?2, 0, 0, ?3)",
                params![device.0.as_bytes(), commits, project::made_by()],
            )?;
            self.reading(|old| carry_over(old, &conn))?;
            Ok(conn.commit()?)
        });
        made.map(drop)
    }

    /// Every change this desk wrote that the district has neither numbered nor parked, and what waits to be
    /// written anew: all that would be lost with this file.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub fn unsent_changes(&self) -> Result<Vec<Encoded>, StoreError> {
        let device = self.device();
        self.reading(|conn| {
            let mut found = Vec::new();
            let mut own = conn.prepare(
                "SELECT bytes FROM change WHERE device = ?1 AND lsn IS NULL AND parked IS NULL ORDER BY seq",
            )?;
            let mut rows = own.query([device.0.as_bytes()])?;
            while let Some(row) = rows.next()? {
                found.push(log::read(row.get(0)?)?);
            }
            let mut carried = conn.prepare(
                "SELECT bytes FROM carried WHERE became IS NULL AND fate IS NOT 'held'
                 AND (imported = 1 OR fate = 'wanted' OR (fate IS NULL AND answered = 0)) ORDER BY device, seq",
            )?;
            let mut rows = carried.query([])?;
            while let Some(row) = rows.next()? {
                found.push(log::read(row.get(0)?)?);
            }
            Ok(found)
        })
    }

    /// Takes in what another desk could not send. What is here already is passed over. Answers how many were new.
    ///
    /// # Errors
    /// [`StoreError`]; nothing is taken in then.
    pub fn import(&self, changes: Vec<Encoded>) -> Result<u64, StoreError> {
        self.write(Turn::Person, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let mut new = 0;
            for encoded in changes {
                let id = encoded.change().id;
                if log::stored(id, &conn)?.is_none_or(|stored| stored.hash != encoded.hash()) {
                    new += insert(&encoded, (true, false), &conn)?;
                }
            }
            conn.commit()?;
            Ok(new as u64)
        })
    }

    /// Of which device the district has to be asked what it got, and after which of its changes.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn uncompared(&self) -> Result<Option<(DeviceId, u64)>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT device, seq FROM carried INDEXED BY carried_by_fate WHERE fate IS NULL
                 ORDER BY device, seq LIMIT 1",
            )?;
            let first = statement.query_row([], |row| {
                let seq: i64 = row.get(1)?;
                Ok((log::device(row, 0)?, seq.cast_unsigned().saturating_sub(1)))
            });
            Ok(first.optional()?)
        })
    }

    /// How many changes wait to be written anew, as far as it is known.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn to_write_anew(&self) -> Result<u64, StoreError> {
        self.reading(|conn| {
            let count: i64 = conn
                .prepare_cached(
                    "SELECT count(*) FROM carried WHERE became IS NULL
                     AND (fate = 'wanted' OR (fate IS NULL AND answered = 0 AND imported = 0))",
                )?
                .query_row([], |row| row.get(0))?;
            Ok(count.cast_unsigned())
        })
    }

    /// A person decided about a change that was carried over: it is asked no more.
    ///
    /// # Errors
    /// [`StoreError`]; it is asked again then.
    pub fn decide_carried(&self, id: ChangeId) -> Result<(), StoreError> {
        self.write(Turn::Person, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            set_became(id, "decided", &conn)?;
            erasing::stub_carried(&conn)?;
            Ok(conn.commit()?)
        })
    }

    /// Compares what was carried over with what the district got: what it has in the same form is done with, as long
    /// as it does not fall back on a backup.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of it is compared then.
    pub fn compare(&self, held: Held) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let known: BTreeMap<u64, _> = held.changes.iter().map(|change| (change.seq, change)).collect();
            let last = if held.is_end { u64::MAX } else { held.upto };
            for (number, seq, hash, is_imported) in uncompared_rows(&held, last, &conn)? {
                let told = known.get(&seq).filter(|change| change.hash.0 == hash);
                let (fate, reason) = match told.map(|change| change.parked) {
                    Some(None) => ("held", None),
                    Some(Some(reason)) => ("aside", Some(word(reason))),
                    None if is_imported => ("aside", Some(word(Reason::Carried))),
                    None => ("wanted", None),
                };
                conn.prepare_cached(
                    "UPDATE carried SET fate = ?2, reason = ?3, answered = answered OR ?4 WHERE number = ?1",
                )?
                .execute(params![number, fate, reason, told.is_some()])?;
            }
            erasing::stub_carried(&conn)?;
            Ok(conn.commit()?)
        })
    }

    /// Writes anew what did not arrive, each action whole, once every space is here as the district has it: then
    /// what somebody else wrote of the same is known. A desk that is withdrawn does not wait for that. Answers how
    /// many changes were written.
    ///
    /// # Errors
    /// [`StoreError`]; the actions before it stay, and the rest is written the next time.
    pub fn write_anew(&self) -> Result<u64, StoreError> {
        self.write_anew_when(is_ready)
    }

    /// The same without waiting for the spaces: nothing more of them comes to a desk that the server refuses. What it
    /// writes goes to the people who decide about what is kept aside.
    ///
    /// # Errors
    /// [`StoreError`]; the actions before it stay, and the rest is written the next time.
    pub fn write_anew_at_once(&self) -> Result<u64, StoreError> {
        self.write_anew_when(is_compared)
    }

    fn write_anew_when(&self, is_ready: fn(&Connection) -> Result<bool, StoreError>) -> Result<u64, StoreError> {
        let mut written = 0;
        while self.reading(is_ready)? {
            let author = self.author();
            written += self.write(Turn::Sync, move |conn| {
                let mut written = 0;
                in_commit(conn, |conn, present, commit| {
                    written = next_action(author, commit, present, conn)?;
                    Ok::<_, StoreError>(())
                })?;
                Ok::<_, StoreError>(written)
            })?;
        }
        Ok(written)
    }
}

impl crate::reader::Reader<'_> {
    /// What was carried over and a person has to decide about.
    pub(crate) fn aside(&self) -> Result<Vec<Past>, StoreError> {
        let mut statement = self.conn().prepare_cached(
            "SELECT bytes, reason FROM carried WHERE fate = 'aside' AND became IS NULL ORDER BY number",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let encoded = log::read(row.get(0)?)?;
            found.push(Past::of(encoded.change(), None, row.get(1)?));
        }
        Ok(found)
    }
}

/// The district fell back on a backup: what it had it may have lost.
pub(crate) fn compare_again(conn: &Connection) -> Result<(), StoreError> {
    conn.execute("UPDATE carried SET fate = NULL WHERE fate = 'held' AND is_stub = 0", [])?;
    Ok(())
}

fn carry_over(old: &Connection, new: &Connection) -> Result<(), StoreError> {
    let mut spaces = old.prepare("SELECT id FROM space ORDER BY number")?;
    let mut rows = spaces.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        log::space_number(crate::store::space_id(&id)?, new)?;
    }
    let device = desk::device(old)?;
    let mut own = old.prepare("SELECT bytes, answered IS NOT NULL FROM change WHERE device = ?1 ORDER BY seq")?;
    let mut rows = own.query([device.0.as_bytes()])?;
    while let Some(row) = rows.next()? {
        insert(&log::read(row.get(0)?)?, (false, row.get(1)?), new)?;
    }
    let mut carried =
        old.prepare("SELECT bytes, imported, answered FROM carried WHERE became IS NULL ORDER BY number")?;
    let mut rows = carried.query([])?;
    while let Some(row) = rows.next()? {
        insert(&log::read(row.get(0)?)?, (row.get(1)?, row.get(2)?), new)?;
    }
    for (read, write) in [
        (
            "SELECT person, name, body, updated_ms FROM draft",
            "INSERT INTO draft (person, name, body, updated_ms) VALUES (?1, ?2, ?3, ?4)",
        ),
        (
            "SELECT key, value FROM setting",
            "INSERT INTO setting (key, value) VALUES (?1, ?2)",
        ),
        (
            "SELECT device, seq, verdict, why, person, wall_ms FROM decision WHERE outcome IS NULL",
            "INSERT INTO decision (device, seq, verdict, why, person, wall_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        ),
    ] {
        let mut read = old.prepare(read)?;
        let columns = read.column_count();
        let mut rows = read.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| row.get::<_, rusqlite::types::Value>(column));
            let values: Vec<_> = values.collect::<Result<_, _>>()?;
            new.prepare_cached(write)?.execute(rusqlite::params_from_iter(values))?;
        }
    }
    Ok(())
}

/// Answers how many rows it made: none when the change was carried over before. A stub stays what it is: nothing is
/// compared with it, and nothing written anew.
fn insert(encoded: &Encoded, (is_imported, is_answered): (bool, bool), conn: &Connection) -> Result<usize, StoreError> {
    let id = encoded.change().id;
    let made = conn
        .prepare_cached(
            "INSERT INTO carried (device, seq, bytes, hash, imported, answered, is_stub, fate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6 OR ?7, ?7, iif(?7, 'held', NULL))
             ON CONFLICT (device, seq) DO NOTHING",
        )?
        .execute(params![
            id.device.0.as_bytes(),
            log::number(id.seq),
            encoded.bytes(),
            encoded.hash().0,
            is_imported,
            is_answered,
            encoded.change().is_stub()
        ])?;
    Ok(made)
}

type Uncompared = (i64, u64, [u8; 32], bool);

fn uncompared_rows(held: &Held, last: u64, conn: &Connection) -> Result<Vec<Uncompared>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT number, seq, hash, imported FROM carried
         WHERE fate IS NULL AND device = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
    )?;
    let rows = statement.query_map(
        params![held.device.0.as_bytes(), log::number(held.after), log::number(last)],
        |row| {
            Ok((
                row.get(0)?,
                row.get::<_, i64>(1)?.cast_unsigned(),
                row.get(2)?,
                row.get(3)?,
            ))
        },
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether there is something to write anew, and everything is here that it must be seen beside.
fn is_ready(conn: &Connection) -> Result<bool, StoreError> {
    if !is_compared(conn)? {
        return Ok(false);
    }
    let waits = conn
        .prepare_cached(
            "SELECT 1 FROM space WHERE (heard_ms IS NULL OR cursor < head) AND NOT EXISTS (SELECT 1 FROM parting)",
        )?
        .exists([])?;
    Ok(!waits)
}

/// Whether there is something to write anew, and of all that was carried over it is known what the district has.
fn is_compared(conn: &Connection) -> Result<bool, StoreError> {
    let is_wanted = conn
        .prepare_cached("SELECT 1 FROM carried WHERE fate = 'wanted' AND became IS NULL")?
        .exists([])?;
    if !is_wanted {
        return Ok(false);
    }
    let waits = conn
        .prepare_cached("SELECT 1 FROM carried WHERE fate IS NULL AND imported = 0")?
        .exists([])?;
    Ok(!waits)
}

/// Writes the next action that did not arrive. Answers how many changes it wrote.
fn next_action(author: Author, commit: i64, present: &mut Present<'_>, conn: &Connection) -> Result<u64, StoreError> {
    let action = next_wanted(conn)?;
    if let Some(reason) = cannot_be_written(&action, conn)? {
        for encoded in &action {
            let id = encoded.change().id;
            conn.prepare_cached("UPDATE carried SET fate = 'aside', reason = ?3 WHERE device = ?1 AND seq = ?2")?
                .execute(params![id.device.0.as_bytes(), log::number(id.seq), word(reason)])?;
        }
        return Ok(0);
    }
    let mut new = Vec::new();
    for encoded in &action {
        let change = encoded.change();
        match said_already(change, conn)? {
            Some(id) => became(change.id, id, conn)?,
            None => new.push(change),
        }
    }
    let (mut seq, mut chain) = author.before_next(conn)?;
    for change in &new {
        seq += 1;
        let encoded = Encoded::new(anew(change, author.change(seq), new.len(), conn)?);
        chain = chain.with_change(encoded.hash());
        let name = present.name(encoded.change())?;
        log::append(&encoded, name, (commit, None), Some(chain), conn)?;
        present.apply(encoded.change(), name, None)?;
        became(change.id, encoded.change().id, conn)?;
    }
    let mut clock = desk::clock(conn)?;
    for change in &new {
        clock.see(change.stamp, change.stamp.0);
    }
    desk::set_clock(clock, conn)?;
    forget_what_became(conn)?;
    Ok(new.len() as u64)
}

fn next_wanted(conn: &Connection) -> Result<Vec<Encoded>, StoreError> {
    let mut statement = conn.prepare_cached(NEXT_WANTED)?;
    let mut rows = statement.query([])?;
    let mut action: Vec<Encoded> = Vec::new();
    while let Some(row) = rows.next()? {
        let encoded = log::read(row.get(0)?)?;
        let is_next = action
            .first()
            .is_some_and(|first| first.change().action != encoded.change().action);
        if is_next {
            break;
        }
        action.push(encoded);
    }
    Ok(action)
}

/// Why the action stays aside: it is of a space this desk does not have, or too large with its mark.
fn cannot_be_written(action: &[Encoded], conn: &Connection) -> Result<Option<Reason>, StoreError> {
    const MARK_BYTES: usize = 256;
    for encoded in action {
        if log::known_space(encoded.change().space, conn)?.is_none() {
            return Ok(Some(Reason::ForeignSpace));
        }
        if encoded.bytes().len() + MARK_BYTES > MAX_BYTES {
            return Ok(Some(Reason::Malformed));
        }
    }
    Ok(None)
}

/// The change that says the same with the same origin: written here before, or by another copy of this desk.
fn said_already(change: &Change, conn: &Connection) -> Result<Option<ChangeId>, StoreError> {
    let of_record = log::of_record(log::name(change, conn)?, i64::MAX, conn)?;
    let same = of_record.into_iter().find(|(other, _)| {
        let other = other.change();
        other.origin == Some(change.id) && other.fields == change.fields
    });
    Ok(same.map(|(other, _)| other.change().id))
}

/// The change as this desk says it: by the same person, on top of the same, at the same time.
fn anew(change: &Change, id: ChangeId, of: usize, conn: &Connection) -> Result<Change, StoreError> {
    let mut base = change.base.clone();
    for head in base.values_mut().flatten() {
        if let Some(now) = what_became(*head, conn)? {
            *head = now;
        }
    }
    Ok(Change {
        id,
        action: action_of(id.device, change.action),
        of: u32::try_from(of).unwrap_or(u32::MAX),
        base,
        origin: Some(change.id),
        erased: None,
        ..change.clone()
    })
}

/// An id of its own for the action, the same whenever it is tried.
fn action_of(device: DeviceId, action: Uuid) -> Uuid {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"wardroom action anew 1");
    hasher.update(device.0.as_bytes()).update(action.as_bytes());
    let mut bytes = [0; 16];
    hasher.finalize_xof().fill(&mut bytes);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

fn what_became(id: ChangeId, conn: &Connection) -> Result<Option<ChangeId>, StoreError> {
    let became: Option<Option<String>> = conn
        .prepare_cached("SELECT became FROM carried WHERE device = ?1 AND seq = ?2")?
        .query_row(params![id.device.0.as_bytes(), log::number(id.seq)], |row| row.get(0))
        .optional()?;
    Ok(became.flatten().and_then(|text| text.parse().ok()))
}

fn became(id: ChangeId, now: ChangeId, conn: &Connection) -> Result<(), StoreError> {
    set_became(id, &now.to_string(), conn)
}

fn set_became(id: ChangeId, text: &str, conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached("UPDATE carried SET became = ?3 WHERE device = ?1 AND seq = ?2")?
        .execute(params![id.device.0.as_bytes(), log::number(id.seq), text])?;
    Ok(())
}

/// What was written anew is kept until all is: what follows may build on it.
fn forget_what_became(conn: &Connection) -> Result<(), StoreError> {
    conn.prepare_cached(
        "DELETE FROM carried WHERE became IS NOT NULL AND fate = 'wanted'
         AND NOT EXISTS (SELECT 1 FROM carried WHERE fate = 'wanted' AND became IS NULL)",
    )?
    .execute([])?;
    Ok(())
}
