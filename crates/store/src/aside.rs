//! What the district keeps aside for the people of this facility, as it was told last and can be read without the
//! network, and what they decided about it, until the district has answered.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sync_core::aside::{AsideAction, AsideList, Decision, Dismissed, MOST_DECISIONS, Outcome};
use sync_core::{ChangeId, Hash};

use crate::erasing;
use crate::error::StoreError;
use crate::log;
use crate::store::Store;
use crate::writer::Turn;

/// One action that is kept aside, and what somebody here decided about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Aside {
    pub told: AsideAction,
    pub decision: Option<Decision>,
    /// Why the district did not do as was decided; nothing while it has not answered.
    pub refused: Option<Outcome>,
}

impl Store {
    /// The name of the list that was told last; of none when nothing was told, or what was told is out of date.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn aside_told(&self) -> Result<Hash, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached("SELECT name FROM aside_list")?;
            let name = statement.query_row([], |row| row.get(0)).optional()?;
            Ok(name.map_or_else(Hash::default, Hash))
        })
    }

    /// What is kept aside, longest first, and how many actions wait besides.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn aside(&self) -> Result<(Vec<Aside>, u64), StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT told, verdict, why, person, wall_ms, outcome FROM aside
                 LEFT JOIN decision ON decision.device = aside.device AND decision.seq = aside.seq
                 ORDER BY aside.number",
            )?;
            let mut rows = statement.query([])?;
            let mut aside = Vec::new();
            while let Some(row) = rows.next()? {
                let told: AsideAction = read(&row.get::<_, String>(0)?)?;
                let verdict: Option<String> = row.get(1)?;
                let decision = match verdict {
                    None => None,
                    Some(verdict) => Some(Decision {
                        change: told.change,
                        verdict: read(&verdict)?,
                        why: row.get(2)?,
                        by: log::record_id(row, 3)?,
                        wall_ms: row.get(4)?,
                    }),
                };
                let outcome: Option<String> = row.get(5)?;
                aside.push(Aside {
                    told,
                    decision,
                    refused: outcome.map(|outcome| read(&outcome)).transpose()?,
                });
            }
            let mut statement = conn.prepare_cached("SELECT left_out FROM aside_list")?;
            let left_out: Option<i64> = statement.query_row([], |row| row.get(0)).optional()?;
            Ok((aside, left_out.unwrap_or_default().cast_unsigned()))
        })
    }

    /// What was dismissed of what this desk wrote, as far as the district told of it.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn dismissed(&self) -> Result<BTreeMap<ChangeId, Dismissed>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached("SELECT told FROM dismissed")?;
            let mut rows = statement.query([])?;
            let mut dismissed = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let told: Dismissed = read(&row.get::<_, String>(0)?)?;
                dismissed.insert(told.change, told);
            }
            Ok(dismissed)
        })
    }

    /// Takes in what is kept aside now, in place of what was told before, and which own changes are not any more.
    ///
    /// # Errors
    /// [`StoreError`]; what was told before stays then.
    pub fn hear_aside(&self, mut list: AsideList) -> Result<(), StoreError> {
        self.receipt(std::mem::take(&mut list.taken_in), Vec::new())?;
        self.write(Turn::Sync, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            conn.execute("DELETE FROM aside", [])?;
            for (action, number) in list.actions.iter().zip(1_i64..) {
                let (device, seq) = key(action.change);
                conn.prepare_cached("INSERT INTO aside (number, device, seq, told) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![number, device, seq, text(action)?])?;
            }
            conn.execute("DELETE FROM dismissed", [])?;
            for each in &list.dismissed {
                erasing::let_go_of_late(each.change, &conn)?;
                let (device, seq) = key(each.change);
                conn.prepare_cached("INSERT INTO dismissed (device, seq, told) VALUES (?1, ?2, ?3)")?
                    .execute(params![device, seq, text(each)?])?;
            }
            name_list(list.name, list.left_out, &conn)?;
            // What was refused is asked again by a person, as long as it waits.
            conn.execute(
                "DELETE FROM decision WHERE outcome IS NOT NULL AND NOT EXISTS
                 (SELECT 1 FROM aside WHERE aside.device = decision.device AND aside.seq = decision.seq)",
                [],
            )?;
            Ok(conn.commit()?)
        })
    }

    /// Keeps what a person decided until the district has answered. Answers whether it counts: what was decided
    /// before is under way.
    ///
    /// # Errors
    /// [`StoreError`]; nothing was decided then.
    pub fn decide(&self, decision: Decision) -> Result<bool, StoreError> {
        self.write(Turn::Person, move |conn| {
            let (device, seq) = key(decision.change);
            let made = conn
                .prepare_cached(
                    "INSERT INTO decision (device, seq, verdict, why, person, wall_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                     ON CONFLICT (device, seq) DO UPDATE SET verdict = excluded.verdict, why = excluded.why,
                       person = excluded.person, wall_ms = excluded.wall_ms, outcome = NULL
                     WHERE decision.outcome IS NOT NULL",
                )?
                .execute(params![
                    device,
                    seq,
                    text(&decision.verdict)?,
                    decision.why,
                    decision.by.0.as_bytes(),
                    decision.wall_ms
                ])?;
            Ok(made == 1)
        })
    }

    /// What was decided here and the district has not answered to, so many as go in one round.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn decisions_to_send(&self) -> Result<Vec<Decision>, StoreError> {
        self.reading(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT device, seq, verdict, why, person, wall_ms FROM decision WHERE outcome IS NULL
                 ORDER BY wall_ms, device, seq LIMIT ?1",
            )?;
            let mut rows = statement.query([i64::try_from(MOST_DECISIONS).unwrap_or(i64::MAX)])?;
            let mut decisions = Vec::new();
            while let Some(row) = rows.next()? {
                decisions.push(Decision {
                    change: ChangeId {
                        device: log::device(row, 0)?,
                        seq: row.get::<_, i64>(1)?.cast_unsigned(),
                    },
                    verdict: read(&row.get::<_, String>(2)?)?,
                    why: row.get(3)?,
                    by: log::record_id(row, 4)?,
                    wall_ms: row.get(5)?,
                });
            }
            Ok(decisions)
        })
    }

    /// Takes in what became of a decision. Whatever is not waiting any more leaves the list, and the list is asked
    /// for anew, so that nothing stays hidden that a restored district keeps aside again.
    ///
    /// # Errors
    /// [`StoreError`]; the decision is sent again then.
    pub fn hear_outcome(&self, change: ChangeId, outcome: Outcome) -> Result<(), StoreError> {
        self.write(Turn::Sync, move |conn| {
            let conn = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let (device, seq) = key(change);
            if matches!(outcome, Outcome::Done | Outcome::DecidedBefore | Outcome::Unknown) {
                conn.execute(
                    "DELETE FROM decision WHERE device = ?1 AND seq = ?2",
                    params![device, seq],
                )?;
                conn.execute("DELETE FROM aside WHERE device = ?1 AND seq = ?2", params![device, seq])?;
                conn.execute("UPDATE aside_list SET name = ?1", [Hash::default().0])?;
            } else {
                conn.execute(
                    "UPDATE decision SET outcome = ?3 WHERE device = ?1 AND seq = ?2",
                    params![device, seq, text(&outcome)?],
                )?;
            }
            Ok(conn.commit()?)
        })
    }
}

fn name_list(name: Hash, left_out: u64, conn: &Connection) -> Result<(), StoreError> {
    conn.execute(
        "INSERT INTO aside_list (one, name, left_out) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET name = excluded.name, left_out = excluded.left_out",
        params![name.0, log::number(left_out)],
    )?;
    Ok(())
}

fn key(change: ChangeId) -> ([u8; 16], i64) {
    (change.device.0.into_bytes(), log::number(change.seq))
}

fn text(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged)
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Damaged)
}
