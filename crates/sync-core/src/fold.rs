//! Folding: from changes to the present state of a record. For each field the state is the set of
//! heads, the changes that no other change has knowingly superseded; so any order of arrival
//! gives the same state. More than one differing head is a conflict. Folding never fails.

use std::collections::{BTreeMap, BTreeSet};

use domain::field::Merge;
use domain::{Record, RecordId, Time, Value};
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::digest::{Digest, Hash};
use crate::id::{ChangeId, Lsn, UserId};

/// A change whose value of a field has not been superseded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Head {
    pub value: Value,
    /// Empty until the server has numbered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lsn: Option<Lsn>,
    pub actor: UserId,
    pub wall_ms: i64,
}

/// One field: its heads, and the changes that were superseded before they arrived.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct FieldState {
    pub heads: BTreeMap<ChangeId, Head>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub ahead: BTreeSet<ChangeId>,
}

/// The folded state of one record.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RecordState {
    pub kind: String,
    pub id: RecordId,
    pub fields: BTreeMap<String, FieldState>,
}

/// A record's state while changes are applied to it, beside what it was before the first of them.
pub struct Changing {
    state: RecordState,
    was: Option<RecordState>,
}

impl Changing {
    /// A state of which nothing has changed yet.
    pub fn new(state: RecordState) -> Changing {
        Changing { state, was: None }
    }

    pub fn state(&self) -> &RecordState {
        &self.state
    }

    /// What it was; nothing when nothing of it changed.
    pub fn was(&self) -> Option<&RecordState> {
        self.was.as_ref()
    }

    /// The state, which is about to change.
    pub fn change(&mut self) -> &mut RecordState {
        self.was.get_or_insert_with(|| self.state.clone());
        &mut self.state
    }
}

impl RecordState {
    pub fn new(kind: &str, id: RecordId) -> RecordState {
        RecordState {
            kind: kind.to_owned(),
            id,
            fields: BTreeMap::new(),
        }
    }

    /// Applies a change that was not applied before. `was_applied` answers whether another change
    /// of the same record was applied earlier; it is asked only about changes named in a base.
    pub fn apply(&mut self, change: &Change, lsn: Option<Lsn>, was_applied: impl Fn(&ChangeId) -> bool) {
        for (name, value) in &change.fields {
            let field = self.fields.entry(name.clone()).or_default();
            for superseded in change.base.get(name).into_iter().flatten() {
                if field.heads.remove(superseded).is_none() && *superseded != change.id && !was_applied(superseded) {
                    field.ahead.insert(*superseded);
                }
            }
            if !field.ahead.remove(&change.id) {
                let (value, actor, wall_ms) = (value.clone(), change.actor, change.wall_ms);
                field.heads.insert(
                    change.id,
                    Head {
                        value,
                        lsn,
                        actor,
                        wall_ms,
                    },
                );
            }
            planted!(LastWriterWins, field.keep_last_written());
        }
        // A base may name it for a field that it does not write.
        for field in self.fields.values_mut() {
            field.ahead.remove(&change.id);
        }
    }

    /// Takes note of the number the server gave to a change that was applied before.
    pub fn number(&mut self, id: &ChangeId, lsn: Lsn) {
        for field in self.fields.values_mut() {
            if let Some(head) = field.heads.get_mut(id) {
                head.lsn = Some(lsn);
            }
        }
    }

    /// The record with the value in force of every field.
    pub fn record(&self) -> Record {
        let mut record = Record::new(&self.kind, self.id);
        for (name, field) in &self.fields {
            if let Some((_, head)) = field.in_force(merge_of(&self.kind, name)) {
                record.fields.insert(name.clone(), head.value.clone());
            }
        }
        record
    }

    /// The fields in conflict.
    pub fn conflicts(&self) -> impl Iterator<Item = (&str, &FieldState)> {
        self.fields
            .iter()
            .filter(|(_, field)| field.is_conflict())
            .map(|(name, field)| (name.as_str(), field))
    }

    /// This record's share of the digest of its space.
    pub fn digest(&self) -> Digest {
        self.fields.iter().fold(Digest::default(), |sum, (name, field)| {
            sum.plus(self.field_digest(name, field))
        })
    }

    /// The digest of a space that was `held` while `before` stood in this state's place. Only what differs is hashed.
    pub fn digest_instead_of(&self, before: &RecordState, held: Digest) -> Digest {
        let differs = |name: &String, field: &FieldState, other: &RecordState| other.fields.get(name) != Some(field);
        let of = |state: &RecordState, other: &RecordState| {
            let differing = state.fields.iter().filter(|(name, field)| differs(name, field, other));
            differing.fold(Digest::default(), |sum, (name, field)| {
                sum.plus(state.field_digest(name, field))
            })
        };
        held.plus(of(self, before)).minus(of(before, self))
    }

    fn field_digest(&self, name: &str, field: &FieldState) -> Digest {
        // Hashed at once: a hasher that is fed in pieces costs more than what it hashes.
        let (mut hashed, mut value) = (Vec::with_capacity(256), Vec::with_capacity(64));
        for part in [self.kind.as_bytes(), &[0], self.id.0.as_bytes(), name.as_bytes(), &[0]] {
            hashed.extend_from_slice(part);
        }
        for (id, head) in &field.heads {
            if planted!(DigestSkipsConflicts, field.is_beside(id), false) {
                continue;
            }
            value.clear();
            serde_json::to_writer(&mut value, &head.value).expect("a value has only text keys");
            add_id(&mut hashed, *id);
            hashed.extend_from_slice(&(value.len() as u64).to_be_bytes());
            hashed.extend_from_slice(&value);
        }
        for id in &field.ahead {
            hashed.push(1);
            add_id(&mut hashed, *id);
        }
        Digest(Hash::of(&hashed))
    }
}

fn add_id(bytes: &mut Vec<u8>, id: ChangeId) {
    bytes.extend_from_slice(id.device.0.as_bytes());
    bytes.extend_from_slice(&id.seq.to_be_bytes());
}

/// How conflicts on the field are shown while open; kinds this build does not know use the default.
pub fn merge_of(kind: &str, field: &str) -> Merge {
    domain::entities::entity(kind)
        .and_then(|entity| entity.field(field))
        .map_or(Merge::First, |about| about.merge)
}

impl FieldState {
    /// Heads that differ. Equal heads are agreement.
    pub fn is_conflict(&self) -> bool {
        let mut values = self.heads.values().map(|head| &head.value);
        let first = values.next();
        values.any(|value| Some(value) != first)
    }

    /// The head in force: by the field's declared order for safety, else the one the server
    /// numbered first; what is not yet numbered comes last.
    pub fn in_force(&self, merge: Merge) -> Option<(&ChangeId, &Head)> {
        let preference = |value: &Value| match (merge, value) {
            (Merge::Prefer(words), Value::Code(word)) => words.iter().position(|known| known == word),
            _ => None,
        };
        self.heads.iter().min_by_key(|(id, head)| {
            (
                preference(&head.value).unwrap_or(usize::MAX),
                head.lsn.unwrap_or(Lsn::MAX),
                **id,
            )
        })
    }
}

/// A field's conflict as rules and screens see it.
pub fn shown(state: &RecordState, name: &str, field: &FieldState) -> domain::world::FieldConflict {
    let in_force = field.in_force(merge_of(&state.kind, name)).map(|(id, _)| *id);
    let heads = field.heads.iter().map(|(id, head)| domain::world::Head {
        change: id.to_string(),
        value: head.value.clone(),
        actor: head.actor,
        desk: RecordId(id.device.0),
        at: Time(head.wall_ms),
        in_force: Some(*id) == in_force,
    });
    domain::world::FieldConflict {
        kind: state.kind.clone(),
        record: state.id,
        field: name.to_owned(),
        heads: heads.collect(),
    }
}
