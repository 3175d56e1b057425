//! What the district keeps aside for the people of this facility: shown to those who may decide about it, also
//! without the network, and what they decide.

use std::collections::BTreeMap;

use domain::access::{Verb, decides_what_is_kept_aside, may};
use domain::check::applied;
use domain::entities::entity;
use domain::entity::Entity;
use domain::views::{ViewError, names};
use domain::{Draft, Record, RecordId, Records, Time, Value, plain};
use serde::Serialize;
use store::{Aside, Store};
use sync_core::aside::{Decision, LONGEST_WHY, Outcome, Verdict};
use sync_core::exchange::Reason;
use sync_core::{Change, ChangeId};
use ts_rs::TS;

use crate::Failure;
use crate::desk::{Desk, Notice, Session};
use crate::net::link::wall_ms;

/// What is kept aside of the facility's desks; empty for people who do not decide about it.
#[derive(Clone, Debug, Default, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct KeptAside {
    /// Longest first.
    pub actions: Vec<KeptAction>,
    /// How many actions wait besides; they come when those before them are decided.
    pub left_out: u64,
}

/// One action that the district keeps aside, whole.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct KeptAction {
    /// Names it in a decision.
    pub change: String,
    /// What the computer is called that it was written at; empty when it has no name.
    pub desk: String,
    /// Who wrote it, and when by the clock there; empty when that cannot be read.
    pub by: String,
    pub written: Option<Time>,
    /// Since when it is kept aside.
    pub since: Time,
    pub reason: Reason,
    /// How many changes it has, and those that are told.
    pub count: u64,
    pub says: Vec<KeptChange>,
    pub decided: Option<KeptDecision>,
}

/// One change of it.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct KeptChange {
    pub kind: String,
    /// What a person calls the record, as it would be.
    pub caption: String,
    #[ts(type = "Record<string, unknown>")]
    pub fields: serde_json::Value,
    /// What the records are called that fields refer to.
    pub refers: BTreeMap<String, String>,
}

/// What somebody decided at this desk.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export_to = "wire.ts")]
pub struct KeptDecision {
    pub verdict: Verdict,
    pub by: String,
    pub at: Time,
    /// Why the district did not do so; empty while it has not answered.
    pub refused: Option<Outcome>,
}

impl Desk {
    /// What the district keeps aside and the person signed in may decide about.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn kept_aside(&self) -> Result<KeptAside, Failure> {
        let (open, session) = self.at_work()?;
        if !decides(&session) || session.who.has_run_out {
            return Ok(KeptAside::default());
        }
        let (aside, left_out) = open.store.aside()?;
        let actions = open.store.read(|records, _| {
            let shown = aside.into_iter().map(|each| shown(each, &session.who.role, records));
            Ok::<_, Failure>(shown.collect::<Result<_, ViewError>>()?)
        })?;
        Ok(KeptAside { actions, left_out })
    }

    /// Keeps what the person signed in decided about an action that the district keeps aside, until the district has
    /// heard it.
    ///
    /// # Errors
    /// `not_allowed`, `already_decided`, `why_missing`, or another [`Failure`]; nothing was decided then.
    pub fn decide_aside(&self, change: &str, verdict: Verdict, why: &str) -> Result<(), Failure> {
        let (open, session) = self.may_write()?;
        let change: ChangeId = change.parse().map_err(|_| Failure::new("bad_arguments"))?;
        if !decides(&session) {
            return Err(Failure::new("not_allowed"));
        }
        let why: String = why.trim().chars().take(LONGEST_WHY).collect();
        if verdict == Verdict::Dismiss && why.is_empty() {
            return Err(Failure::new("why_missing"));
        }
        let is_known = open.store.aside()?.0.iter().any(|each| each.told.change == change);
        if !is_known || !self.send_decision(&open.store, change, verdict, (session.who.person, why))? {
            return Err(Failure::new("already_decided"));
        }
        Ok(())
    }

    /// Keeps a decision for the next round. Answers whether it is a new one.
    pub(crate) fn send_decision(
        &self,
        store: &Store,
        change: ChangeId,
        verdict: Verdict,
        (by, why): (RecordId, String),
    ) -> Result<bool, Failure> {
        let is_new = store.decide(Decision {
            change,
            verdict,
            why,
            by,
            wall_ms: wall_ms(),
        })?;
        self.touch();
        self.tell(Notice::Status);
        self.inner.wake.notify_one();
        Ok(is_new)
    }
}

/// How many actions wait for the person to decide.
pub(crate) fn to_decide(store: &Store, role: &str) -> Result<u64, Failure> {
    if !decides_what_is_kept_aside(role) {
        return Ok(0);
    }
    let (aside, left_out) = store.aside()?;
    let undecided = aside
        .iter()
        .filter(|each| each.decision.is_none() || each.refused.is_some());
    Ok(undecided.count() as u64 + left_out)
}

pub(crate) fn decides(session: &Session) -> bool {
    decides_what_is_kept_aside(&session.who.role)
}

fn shown(aside: Aside, role: &str, records: &dyn Records) -> Result<KeptAction, ViewError> {
    let told = aside.told;
    let mut says = Vec::new();
    for change in told.says.iter().filter_map(|said| said.read().ok()) {
        let change = change.change();
        // What this build does not know it cannot show: the count tells that there is more.
        if !may(role, Verb::See, &change.kind) {
            continue;
        }
        let before = records.get(&change.kind, change.record)?;
        let after = as_written(before.as_ref(), &change.kind, change.record, &change.fields);
        says.push(KeptChange {
            kind: change.kind.clone(),
            caption: names::caption(records, role, &after)?,
            fields: plain::plain_fields(&change.kind, &change.fields, role).into(),
            refers: referred(change, role, records)?,
        });
    }
    let name = |person| names::person_name(records, person);
    let decided = aside.decision.map(|decision| {
        Ok::<_, ViewError>(KeptDecision {
            verdict: decision.verdict,
            by: name(decision.by)?,
            at: Time(decision.wall_ms),
            refused: aside.refused,
        })
    });
    Ok(KeptAction {
        change: told.change.to_string(),
        desk: names::desk_name(records, RecordId(told.change.device.0))?,
        by: told
            .written
            .map(|written| name(written.by))
            .transpose()?
            .unwrap_or_default(),
        written: told.written.map(|written| Time(written.wall_ms)),
        since: Time(told.since_ms),
        reason: told.reason,
        count: told.count,
        says,
        decided: decided.transpose()?,
    })
}

fn referred(change: &Change, role: &str, records: &dyn Records) -> Result<BTreeMap<String, String>, ViewError> {
    let mut refers = BTreeMap::new();
    for (name, kind) in entity(&change.kind).into_iter().flat_map(Entity::references) {
        let Some(Value::Ref(id)) = change.fields.get(name) else {
            continue;
        };
        if let Some(record) = records.get(kind, *id)? {
            refers.insert(name.to_owned(), names::caption(records, role, &record)?);
        }
    }
    Ok(refers)
}

/// The record as it would be with the fields that somebody wrote.
pub(crate) fn as_written(
    before: Option<&Record>,
    kind: &str,
    id: RecordId,
    fields: &BTreeMap<String, Value>,
) -> Record {
    let mut draft = Draft::new(kind, id);
    draft.fields.clone_from(fields);
    applied(before, &draft)
}
