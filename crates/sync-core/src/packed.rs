//! The folded state of a record as it is stored: each change's author and number once, and for
//! each field its values. A quarter of the size of the state written out. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use domain::{Record, RecordId, Value};
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::fold::{FieldState, Head, RecordState};
use crate::id::{ChangeId, Lsn, UserId};
use crate::snapshot::Base;

#[derive(Serialize, Deserialize)]
struct Packed {
    /// The changes that are heads of any field: id, number, author, wall clock.
    c: Vec<(ChangeId, Option<Lsn>, UserId, i64)>,
    /// Field by field its heads: the place of the change in `c`, and the value.
    f: BTreeMap<String, Vec<(usize, Value)>>,
    /// Changes that were superseded before they came.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    a: BTreeMap<String, BTreeSet<ChangeId>>,
    /// Of a base: the changes folded into it that are no heads any more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    o: BTreeSet<ChangeId>,
}

/// The state as stored bytes; equal states give equal bytes.
pub fn pack(state: &RecordState) -> Vec<u8> {
    pack_with(state, BTreeSet::new())
}

/// A base as stored bytes.
pub fn pack_base(base: &Base) -> Vec<u8> {
    pack_with(&base.state, base.older.clone())
}

fn pack_with(state: &RecordState, older: BTreeSet<ChangeId>) -> Vec<u8> {
    let mut changes: BTreeMap<ChangeId, &Head> = BTreeMap::new();
    for field in state.fields.values() {
        changes.extend(field.heads.iter().map(|(id, head)| (*id, head)));
    }
    let places: BTreeMap<ChangeId, usize> = changes.keys().enumerate().map(|(place, id)| (*id, place)).collect();
    let heads = |field: &FieldState| {
        let heads = field.heads.iter();
        heads
            .filter_map(|(id, head)| Some((*places.get(id)?, head.value.clone())))
            .collect()
    };
    let packed = Packed {
        c: changes
            .iter()
            .map(|(id, head)| (*id, head.lsn, head.actor, head.wall_ms))
            .collect(),
        f: state
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), heads(field)))
            .collect(),
        a: state
            .fields
            .iter()
            .filter(|(_, field)| !field.ahead.is_empty())
            .map(|(name, field)| (name.clone(), field.ahead.clone()))
            .collect(),
        o: older,
    };
    serde_json::to_vec(&packed).expect("a state has only text keys and plain values")
}

/// The state from its stored bytes; `None` when they are damaged.
pub fn unpack(kind: &str, id: RecordId, bytes: &[u8]) -> Option<RecordState> {
    unpack_base(kind, id, bytes).map(|base| base.state)
}

/// The stored bytes of the same state with the number that the server gave to a change, as [`RecordState::number`] takes note
/// of it: the values are not read. `None` when heads may contradict each other, since the number chooses between them, or
/// when the bytes are damaged.
pub fn numbered(bytes: &[u8], id: &ChangeId, lsn: Lsn) -> Option<Vec<u8>> {
    let mut numbered: Numbered<'_> = serde_json::from_slice(bytes).ok()?;
    if numbered.c.len() > 1 {
        let heads: BTreeMap<&str, Vec<&RawValue>> = serde_json::from_str(numbered.f.get()).ok()?;
        if heads.values().any(|heads| heads.len() > 1) {
            return None;
        }
    }
    let heads = numbered.c.iter_mut().filter(|(of, ..)| of == id);
    heads.for_each(|(_, number, ..)| *number = Some(lsn));
    serde_json::to_vec(&numbered).ok()
}

/// [`Packed`], of which only who wrote what is read.
#[derive(Serialize, Deserialize)]
struct Numbered<'b> {
    c: Vec<(ChangeId, Option<Lsn>, UserId, i64)>,
    #[serde(borrow)]
    f: &'b RawValue,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    a: Option<&'b RawValue>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    o: Option<&'b RawValue>,
}

/// A base from its stored bytes; `None` when they are damaged.
pub fn unpack_base(kind: &str, id: RecordId, bytes: &[u8]) -> Option<Base> {
    let mut packed: Packed = serde_json::from_slice(bytes).ok()?;
    let mut state = RecordState::new(kind, id);
    for (name, heads) in packed.f {
        let ahead = packed.a.remove(&name).unwrap_or_default();
        let heads = unpacked_heads(&packed.c, heads)?;
        state.fields.insert(name, FieldState { heads, ahead });
    }
    let older = packed.o;
    Some(Base { state, older })
}

/// The record in force, from the stored bytes of its state; `None` when they are damaged.
pub fn unpack_record(kind: &str, id: RecordId, bytes: &[u8]) -> Option<Record> {
    // Of nearly all records each field has one value, and nothing has to be read of who wrote it.
    let Ok(Agreed { f }) = serde_json::from_slice(bytes) else {
        return Some(unpack(kind, id, bytes)?.record());
    };
    let mut record = Record::new(kind, id);
    record.fields = f
        .into_iter()
        .filter_map(|(name, only)| Some((name, only.0?)))
        .collect::<BTreeMap<_, _>>()
        .into();
    Some(record)
}

/// What is read of a state in which nobody contradicts anybody.
#[derive(Deserialize)]
struct Agreed {
    f: BTreeMap<String, Only>,
}

/// The only value of a field, or none when all of it was superseded before it came.
struct Only(Option<Value>);

impl<'de> Deserialize<'de> for Only {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Only, D::Error> {
        deserializer.deserialize_seq(OnlyVisitor)
    }
}

struct OnlyVisitor;

impl<'de> Visitor<'de> for OnlyVisitor {
    type Value = Only;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("at most one value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut heads: A) -> Result<Only, A::Error> {
        let head: Option<(IgnoredAny, Value)> = heads.next_element()?;
        match heads.next_element::<IgnoredAny>()? {
            Some(_) => Err(A::Error::invalid_length(2, &self)),
            None => Ok(Only(head.map(|(_, value)| value))),
        }
    }
}

fn unpacked_heads(
    changes: &[(ChangeId, Option<Lsn>, UserId, i64)],
    heads: Vec<(usize, Value)>,
) -> Option<BTreeMap<ChangeId, Head>> {
    let unpacked = heads.into_iter().map(|(place, value)| {
        let (id, lsn, actor, wall_ms) = *changes.get(place)?;
        let head = Head {
            value,
            lsn,
            actor,
            wall_ms,
        };
        Some((id, head))
    });
    unpacked.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DeviceId;
    use uuid::Uuid;

    fn change(seq: u64) -> ChangeId {
        ChangeId {
            device: DeviceId(Uuid::from_u128(1)),
            seq,
        }
    }

    fn head(text: &str, lsn: Option<Lsn>) -> Head {
        Head {
            value: Value::Text(text.to_owned()),
            lsn,
            actor: RecordId(Uuid::from_u128(9)),
            wall_ms: 5,
        }
    }

    #[test]
    fn a_state_is_read_back_as_it_was_packed() {
        let id = RecordId(Uuid::from_u128(7));
        let mut state = RecordState::new("any", id);
        state.fields.insert(
            "a".to_owned(),
            FieldState {
                heads: [(change(1), head("x", None)), (change(3), head("y", Some(4)))].into(),
                ahead: [change(9)].into(),
            },
        );
        state.fields.insert(
            "b".to_owned(),
            FieldState {
                heads: BTreeMap::new(),
                ahead: [change(8)].into(),
            },
        );
        state.fields.insert(
            "c".to_owned(),
            FieldState {
                heads: [(change(1), head("z", None))].into(),
                ahead: BTreeSet::new(),
            },
        );
        let bytes = pack(&state);
        assert_eq!(unpack("any", id, &bytes).unwrap(), state);
        assert_eq!(unpack_record("any", id, &bytes).unwrap(), state.record());
        assert!(unpack("any", id, b"{").is_none());
    }

    #[test]
    fn a_number_is_noted_in_the_stored_bytes_as_in_the_state_unless_it_chooses_between_heads() {
        let id = RecordId(Uuid::from_u128(7));
        let field = |heads: Vec<(ChangeId, Head)>| FieldState {
            heads: heads.into_iter().collect(),
            ahead: [change(9)].into(),
        };
        let mut state = RecordState::new("any", id);
        state
            .fields
            .insert("a".to_owned(), field(vec![(change(1), head("x \"", None))]));
        state.fields.insert("b".to_owned(), field(vec![]));
        let is_noted = |state: &RecordState, of: u64| {
            let mut after = state.clone();
            after.number(&change(of), 12);
            let noted = numbered(&pack(state), &change(of), 12);
            noted.inspect(|noted| assert_eq!(*noted, pack(&after))).is_some()
        };
        assert!(is_noted(&state, 1) && is_noted(&state, 2));
        state
            .fields
            .insert("c".to_owned(), field(vec![(change(2), head("y", Some(4)))]));
        assert!(is_noted(&state, 1) && is_noted(&state, 2) && is_noted(&state, 3));
        let mut base = Base {
            state: state.clone(),
            older: [change(8)].into(),
        };
        let noted = numbered(&pack_base(&base), &change(1), 12).unwrap();
        base.state.number(&change(1), 12);
        assert_eq!(noted, pack_base(&base));
        let two = vec![(change(2), head("y", Some(4))), (change(3), head("z", None))];
        state.fields.insert("d".to_owned(), field(two));
        assert!(!is_noted(&state, 1) && !is_noted(&state, 3));
        assert!(numbered(b"{", &change(1), 12).is_none());
    }
}
