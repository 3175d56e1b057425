//! All records of this desk as rules and views see them, answered from the tables.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::memory::Memory;
use domain::ward::same::YEARS_APART;
use domain::world::{Balance, FieldConflict, Live, MOST_ALIKE, interval};
use domain::{Read, Record, RecordId, Records, Time, Unreadable, Value};
use rusqlite::{Connection, Params, Row, params};
use sync_core::fold::shown;
use sync_core::{packed, planted};

use crate::comparable::{comparable, end_of_type};
use crate::error::StoreError;
use crate::known::Reading;
use crate::project::index;
use crate::search::query::{Table, questions};
use crate::{log, present};

/// Reads one consistent moment of the store.
pub struct Reader<'c> {
    conn: &'c Connection,
    reading: Option<Reading<'c>>,
    /// Why a rule or view was last told that nothing can be read.
    failed: RefCell<Option<StoreError>>,
}

type Found<T> = Result<T, StoreError>;

pub const GET: &str = "SELECT id, state FROM record WHERE id = ?1 AND kind = ?2 ORDER BY space LIMIT 1";
pub const AT: &str = "SELECT record.id, record.state, kind.name FROM record JOIN kind ON kind.number = record.kind
     WHERE record.key = ?1";
pub const ALL: &str = "SELECT id, state FROM record WHERE key BETWEEN ?1 AND ?2 AND voided = 0";
pub const BY: &str = "SELECT record.id, record.state FROM index_entry JOIN record ON record.key = index_entry.record
     WHERE index_entry.kind = ?1 AND index_entry.field = ?2 AND index_entry.value = ?3";
pub const BETWEEN: &str =
    "SELECT record.id, record.state FROM index_entry JOIN record ON record.key = index_entry.record
     WHERE index_entry.kind = ?1 AND index_entry.field = ?2 AND index_entry.value >= ?3 AND index_entry.value < ?4";
pub const OPEN: &str = "SELECT record.id, record.state FROM interval JOIN record ON record.key = interval.record
     WHERE interval.kind = ?1 AND interval.is_open = 1";
pub const CLAIMS_OF_SUBJECT: &str =
    "SELECT record.id, record.state FROM interval JOIN record ON record.key = interval.record
     WHERE interval.kind = ?1 AND subject = ?2 AND to_ms > ?3 AND from_ms < ?4 AND from_ms < to_ms";
pub const CLAIMS_OF_HOLDER: &str =
    "SELECT record.id, record.state FROM interval JOIN record ON record.key = interval.record
     WHERE interval.kind = ?1 AND holder = ?2 AND to_ms > ?3 AND from_ms < ?4 AND from_ms < to_ms";
pub const OVERLAPPING: &str = "SELECT a.id, a.state, b.id, b.state FROM clash
     JOIN record a ON a.key = clash.first JOIN record b ON b.key = clash.second
     WHERE clash.kind = ?1";
pub const VOIDED: &str = "SELECT id, state FROM record WHERE key BETWEEN ?1 AND ?2 AND voided = 1";
pub const BALANCES: &str = "SELECT account, sum, lowest, last_ms FROM balance WHERE kind = ?1 ORDER BY account";
pub const ALIKE_SINCE: &str = "SELECT a.id, b.id FROM shared INDEXED BY shared_since
     CROSS JOIN alike one ON one.kind = shared.kind AND one.trait = shared.trait
     CROSS JOIN alike other ON other.kind = shared.kind AND other.trait = shared.trait AND other.record > one.record
     JOIN record a ON a.key = one.record JOIN record b ON b.key = other.record
     WHERE shared.kind = ?1 AND shared.sharers <= ?2 AND shared.newest >= ?3
       AND (one.year IS NULL OR abs(one.year - other.year) <= ?4)";
pub const ALIKE_TO: &str = "SELECT a.id, b.id FROM record a
     JOIN alike one ON one.record = a.key
     JOIN shared ON shared.kind = one.kind AND shared.trait = one.trait
     JOIN alike other ON other.kind = one.kind AND other.trait = one.trait AND other.record <> one.record
     JOIN record b ON b.key = other.record
     WHERE a.kind = ?1 AND shared.sharers <= ?2 AND a.id = ?3
       AND (one.year IS NULL OR abs(one.year - other.year) <= ?4)";
pub const CONFLICTS: &str = "SELECT kind.name, record.id, record.state, conflict.field FROM conflict
     JOIN record ON record.key = conflict.record JOIN kind ON kind.number = record.kind";
pub const SEARCH_WORD: &str = "SELECT rowid FROM search_word
     WHERE search_word MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";
pub const SEARCH_PART: &str = "SELECT rowid FROM search_part
     WHERE search_part MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC LIMIT ?4";

impl<'c> Reader<'c> {
    pub(crate) fn new(conn: &'c Connection) -> Reader<'c> {
        Reader {
            conn,
            reading: None,
            failed: RefCell::default(),
        }
    }

    /// The same, whose pages know what pages before them were answered.
    pub(crate) fn recalling(self, reading: Reading<'c>) -> Reader<'c> {
        Reader {
            reading: Some(reading),
            ..self
        }
    }

    /// Why a rule or view could not read: they hear only that it failed.
    pub(crate) fn cause(&self, heard: &Unreadable) -> StoreError {
        self.failed.take().unwrap_or_else(|| {
            tracing::error!(%heard, "a rule failed without the database");
            StoreError::Damaged
        })
    }

    fn told<T>(&self, found: Found<T>) -> Read<T> {
        found.map_err(|error| {
            let heard = Unreadable::from(error.clone());
            self.failed.replace(Some(error));
            heard
        })
    }

    pub(crate) fn conn(&self) -> &'c Connection {
        self.conn
    }

    /// Records that `sql` gives as id and state, in the order of their ids, which is the same on
    /// every desk.
    fn records(&self, kind: &str, sql: &str, params: impl Params) -> Found<Vec<Record>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            records.push(self.record(kind, row, 0)?);
        }
        records.sort_by_key(|record| record.id);
        Ok(records)
    }

    /// The record whose id and state stand in the row from `column` on.
    fn record(&self, kind: &str, row: &Row<'_>, column: usize) -> Found<Record> {
        let id = log::record_id(row, column)?;
        let state = row.get_ref(column + 1)?.as_bytes().map_err(|_| StoreError::Damaged)?;
        packed::unpack_record(kind, id, state).ok_or(StoreError::Damaged)
    }

    /// The records of the kind that were entered in error: they stand in no list, and on record all the same.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn voided(&self, name: &str) -> Read<Vec<Record>> {
        let found = self.kind(name).and_then(|kind| {
            let Some(kind) = kind else { return Ok(Vec::new()) };
            let (first, last) = present::keys(kind);
            self.records(name, VOIDED, params![first, last])
        });
        self.told(found)
    }

    fn kind(&self, kind: &str) -> Found<Option<i64>> {
        Ok(log::known_kind(kind, self.conn)?)
    }

    /// Those of all records that `keep` keeps: for fields without an index.
    fn scan(&self, kind: i64, name: &str, keep: impl Fn(&Record) -> bool) -> Found<Vec<Record>> {
        let (first, last) = present::keys(kind);
        let mut records = self.records(name, ALL, params![first, last])?;
        records.retain(keep);
        Ok(records)
    }

    fn find_one(&self, name: &str, id: RecordId) -> Found<Option<Record>> {
        match self.kind(name)? {
            None => Ok(None),
            Some(kind) => Ok(self.records(name, GET, params![id.0.as_bytes(), kind])?.pop()),
        }
    }

    /// The record in the row of that key.
    fn at(&self, key: i64) -> Found<Option<Record>> {
        let mut statement = self.conn.prepare_cached(AT)?;
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let kind: String = row.get(2)?;
        self.record(&kind, row, 0).map(Some)
    }

    /// What pages before were answered, and is so still.
    fn known(&self, reading: &Reading<'_>) -> Found<Memory> {
        let (mut memory, written) = reading.recall();
        for key in written {
            match self.at(key)? {
                Some(record) => memory.wrote(&record),
                None => memory = Memory::default(),
            }
        }
        Ok(memory)
    }

    fn find_all(&self, name: &str) -> Found<Vec<Record>> {
        let kind = self.kind(name)?;
        kind.map_or(Ok(Vec::new()), |kind| self.scan(kind, name, |_| true))
    }

    fn find_by(&self, name: &str, field: &str, value: &Value) -> Found<Vec<Record>> {
        match self.kind(name)? {
            None => Ok(Vec::new()),
            Some(kind) if is_indexed(name, field, value) => {
                self.records(name, BY, params![kind, field, comparable(value)])
            }
            Some(kind) => self.scan(kind, name, |record| record.value(field) == value),
        }
    }

    fn find_open(&self, name: &str) -> Found<Vec<Record>> {
        match (self.kind(name)?, interval(name)) {
            (Some(kind), Some(_)) => self.records(name, OPEN, [kind]),
            _ => Ok(Vec::new()),
        }
    }

    fn find_claims(&self, name: &str, field: &str, value: &Value, (from, to): (Time, Time)) -> Found<Vec<Record>> {
        let (Some(kind), Some(interval)) = (self.kind(name)?, interval(name)) else {
            return Ok(Vec::new());
        };
        let sql = match field {
            _ if field == interval.subject => CLAIMS_OF_SUBJECT,
            _ if field == interval.holder => CLAIMS_OF_HOLDER,
            _ => return Ok(Vec::new()),
        };
        self.records(name, sql, params![kind, comparable(value), from.0, to.0])
    }

    fn find_between(&self, name: &str, field: &str, from: &Value, to: &Value) -> Found<Vec<Record>> {
        let Some(kind) = self.kind(name)? else {
            return Ok(Vec::new());
        };
        let end = comparable(to).min(end_of_type(from));
        let begin = comparable(from);
        let mut found = if is_indexed(name, field, from) {
            self.records(name, BETWEEN, params![kind, field, begin, end])?
        } else {
            self.scan(kind, name, |record| {
                let value = comparable(record.value(field));
                value >= begin && value < end
            })?
        };
        found.sort_by_cached_key(|record| record.value(field).clone());
        Ok(found)
    }

    fn find_overlapping(&self, name: &str) -> Found<Vec<(Record, Record)>> {
        let Some(kind) = self.kind(name)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached(OVERLAPPING)?;
        let mut rows = statement.query([kind])?;
        let mut pairs = Vec::new();
        while let Some(row) = rows.next()? {
            let (a, b) = (self.record(name, row, 0)?, self.record(name, row, 2)?);
            pairs.push(if a.id < b.id { (a, b) } else { (b, a) });
        }
        pairs.sort_by_key(|(first, second)| (first.id, second.id));
        Ok(pairs)
    }

    fn find_balances(&self, name: &str) -> Found<BTreeMap<RecordId, Balance>> {
        let Some(kind) = self.kind(name)? else {
            return Ok(BTreeMap::new());
        };
        planted!(StockOfOwnEntries, return crate::bugs::own_balances(kind, self.conn));
        let mut statement = self.conn.prepare_cached(BALANCES)?;
        let balances = statement.query_map([kind], |row| {
            let balance = Balance {
                sum: row.get(1)?,
                lowest: row.get(2)?,
                last_at: Some(Time(row.get(3)?)),
            };
            Ok((log::record_id(row, 0)?, balance))
        })?;
        Ok(balances.collect::<Result<_, _>>()?)
    }

    fn find_alike(&self, name: &str, live: &Live) -> Found<Vec<(RecordId, RecordId)>> {
        let Some(kind) = self.kind(name)? else {
            return Ok(Vec::new());
        };
        let most = i64::try_from(MOST_ALIKE).unwrap_or(i64::MAX);
        let mut found: BTreeSet<(RecordId, RecordId)> = BTreeSet::new();
        let mut find = |sql: &str, id: RecordId| -> Found<()> {
            let mut statement = self.conn.prepare_cached(sql)?;
            let mut pairs = statement.query(params![kind, most, id.0.as_bytes(), YEARS_APART])?;
            while let Some(pair) = pairs.next()? {
                let (a, b) = (log::record_id(pair, 0)?, log::record_id(pair, 1)?);
                found.insert((a.min(b), a.max(b)));
            }
            Ok(())
        };
        find(ALIKE_SINCE, RecordId::first_at(live.since))?;
        for older in live.besides.iter().filter(|id| !live.is_new(**id)) {
            find(ALIKE_TO, *older)?;
        }
        found.retain(|(a, b)| live.has(*a) || live.has(*b));
        Ok(found.into_iter().collect())
    }

    fn find_conflicts(&self) -> Found<Vec<FieldConflict>> {
        let mut statement = self.conn.prepare_cached(CONFLICTS)?;
        let mut rows = statement.query([])?;
        let mut conflicts = Vec::new();
        while let Some(row) = rows.next()? {
            let (kind, name): (String, String) = (row.get(0)?, row.get(3)?);
            let bytes: Vec<u8> = row.get(2)?;
            let state = packed::unpack(&kind, log::record_id(row, 1)?, &bytes).ok_or(StoreError::Damaged)?;
            let field = state.fields.get(&name);
            conflicts.extend(field.map(|field| shown(&state, &name, field)));
        }
        conflicts.sort_by(|a, b| (&a.kind, a.record, &a.field).cmp(&(&b.kind, b.record, &b.field)));
        Ok(conflicts)
    }

    fn find(&self, name: &str, typed: &str, limit: usize) -> Found<Vec<RecordId>> {
        let Some(kind) = self.kind(name)? else {
            return Ok(Vec::new());
        };
        let (first, last) = present::keys(kind);
        let mut keys: Vec<i64> = Vec::new();
        for question in questions(typed) {
            if keys.len() >= limit {
                break;
            }
            let sql = match question.table {
                Table::Word => SEARCH_WORD,
                Table::Part => SEARCH_PART,
            };
            let mut statement = self.conn.prepare_cached(sql)?;
            let wanted = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = statement.query_map(params![question.wanted, first, last, wanted], |row| row.get(0))?;
            for key in found {
                let key = key?;
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys.truncate(limit);
        let mut id = self.conn.prepare_cached("SELECT id FROM record WHERE key = ?1")?;
        let ids = keys.iter().map(|key| id.query_row([key], |row| log::record_id(row, 0)));
        Ok(ids.collect::<Result<_, _>>()?)
    }
}

impl Records for Reader<'_> {
    fn get(&self, kind: &str, id: RecordId) -> Read<Option<Record>> {
        self.told(self.find_one(kind, id))
    }

    fn all(&self, kind: &str) -> Read<Vec<Record>> {
        self.told(self.find_all(kind))
    }

    fn by(&self, kind: &str, field: &str, value: &Value) -> Read<Vec<Record>> {
        self.told(self.find_by(kind, field, value))
    }

    fn between(&self, kind: &str, field: &str, from: &Value, to: &Value) -> Read<Vec<Record>> {
        self.told(self.find_between(kind, field, from, to))
    }

    fn open(&self, kind: &str) -> Read<Vec<Record>> {
        self.told(self.find_open(kind))
    }

    fn claims(&self, kind: &str, field: &str, value: &Value, span: (Time, Time)) -> Read<Vec<Record>> {
        self.told(self.find_claims(kind, field, value, span))
    }

    fn overlapping(&self, kind: &str) -> Read<Vec<(Record, Record)>> {
        self.told(self.find_overlapping(kind))
    }

    fn balances(&self, kind: &str) -> Read<BTreeMap<RecordId, Balance>> {
        self.told(self.find_balances(kind))
    }

    fn search(&self, kind: &str, text: &str, limit: usize) -> Read<Vec<RecordId>> {
        self.told(self.find(kind, text, limit))
    }

    fn alike(&self, kind: &str, live: &Live) -> Read<Vec<(RecordId, RecordId)>> {
        self.told(self.find_alike(kind, live))
    }

    fn conflicts(&self) -> Read<Vec<FieldConflict>> {
        self.told(self.find_conflicts())
    }

    fn recall(&self) -> Read<Memory> {
        let reading = self.reading.as_ref();
        reading.map_or(Ok(Memory::default()), |reading| self.told(self.known(reading)))
    }

    fn keep(&self, memory: Memory) {
        if let Some(reading) = &self.reading {
            reading.keep(memory);
        }
    }
}

fn is_indexed(kind: &str, field: &str, value: &Value) -> bool {
    domain::entities::entity(kind)
        .and_then(|entity| entity.field(field))
        .is_some_and(|about| index::is_held(about, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps of a query's plan that read a whole table or sort.
    fn slow_steps(sql: &str) -> Vec<String> {
        crate::schema::tests::plan(sql)
            .into_iter()
            .filter(|step| {
                (step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE")) || step.contains("TEMP B-TREE")
            })
            .collect()
    }

    #[test]
    fn no_question_of_a_screen_reads_a_whole_table_or_sorts() {
        for sql in [
            GET,
            AT,
            ALL,
            BY,
            BETWEEN,
            OPEN,
            CLAIMS_OF_SUBJECT,
            CLAIMS_OF_HOLDER,
            OVERLAPPING,
            VOIDED,
            BALANCES,
            ALIKE_SINCE,
            ALIKE_TO,
            SEARCH_WORD,
            SEARCH_PART,
        ] {
            assert_eq!(slow_steps(sql), Vec::<String>::new(), "{sql}");
        }
        // Only what is shared of late is read, and nothing else of those who share nothing.
        let first = crate::schema::tests::plan(ALIKE_SINCE).into_iter().next();
        let wanted = "SEARCH shared USING COVERING INDEX shared_since (kind=? AND newest>?)";
        assert_eq!(first.as_deref(), Some(wanted));
        // Only open conflicts are read.
        assert_eq!(slow_steps(CONFLICTS), ["SCAN conflict"]);
    }
}
