//! The fold, whatever the order: the same changes give the same bytes, and no value ever vanishes.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};

use domain::{RecordId, Value};
use proptest::prelude::*;
use sync_core::change::SCHEMA;
use sync_core::{Change, ChangeId, DeviceId, Digest, Lsn, RecordState, SpaceId, Stamp};
use uuid::Uuid;

const FIELDS: [&str; 3] = ["name", "allergies", "voided"];
const RECORD: RecordId = RecordId(Uuid::from_u128(5));

/// The change numbered `number`: three devices take turns.
fn id(number: usize) -> ChangeId {
    ChangeId {
        device: DeviceId(Uuid::from_u128(number as u128 % 3)),
        seq: number as u64 / 3 + 1,
    }
}

/// One write of one field: which field, which value, and which changes the author saw. A number of
/// no change, of this very change or of one that wrote something else is not honest, but may come.
type Write = (usize, u8, BTreeSet<usize>);

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let write = (
        0..FIELDS.len(),
        0..3_u8,
        proptest::collection::btree_set(0..14_usize, 0..4),
    );
    let writes = proptest::collection::vec(write, 1..4);
    proptest::collection::vec(writes, 1..12).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered.map(|(number, writes)| change(number, writes)).collect()
    })
}

fn change(number: usize, writes: Vec<Write>) -> Change {
    let (mut fields, mut base) = (BTreeMap::new(), BTreeMap::new());
    for (field, value, seen) in writes {
        let name = FIELDS[field].to_owned();
        fields.insert(name.clone(), Value::Text(format!("value {value}")));
        base.insert(name, seen.into_iter().map(id).collect());
    }
    Change {
        id: id(number),
        action: Uuid::from_u128(number as u128),
        of: 1,
        space: SpaceId::Facility(Uuid::nil()),
        kind: "patient".to_owned(),
        record: RECORD,
        fields,
        base,
        seen: 0,
        actor: RECORD,
        session: Uuid::nil(),
        schema: SCHEMA,
        stamp: Stamp(0, 0),
        wall_ms: number as i64,
        origin: None,
        erased: None,
    }
}

/// A desk or server that applies each change once.
#[derive(Default)]
struct Replica {
    state: Option<RecordState>,
    applied: BTreeSet<ChangeId>,
}

impl Replica {
    fn take(&mut self, change: &Change, lsn: Option<Lsn>) {
        let state = self.state.get_or_insert_with(|| RecordState::new("patient", RECORD));
        if self.applied.contains(&change.id) {
            return;
        }
        state.apply(change, lsn, |id| self.applied.contains(id));
        self.applied.insert(change.id);
    }

    /// Writes the state down and reads it back, as between two batches.
    fn store_and_read(&mut self) {
        let state = self.state.take().map(|state| {
            let bytes = serde_json::to_vec(&state).unwrap();
            serde_json::from_slice(&bytes).unwrap()
        });
        self.state = state;
    }

    fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.state).unwrap()
    }

    fn digest(&self) -> Digest {
        self.state.as_ref().map_or(Digest::default(), RecordState::digest)
    }
}

fn folded<'c>(changes: impl IntoIterator<Item = &'c Change>) -> Replica {
    let mut replica = Replica::default();
    for change in changes {
        replica.take(change, None);
    }
    replica
}

/// All changes that the fold's own words say are heads of the field: written and not superseded.
fn heads_by_definition(changes: &[Change], field: &str) -> BTreeSet<ChangeId> {
    let writers = changes.iter().filter(|change| change.fields.contains_key(field));
    let is_superseded = |id: ChangeId| {
        changes
            .iter()
            .filter(|other| other.id != id && other.fields.contains_key(field))
            .any(|other| other.base.get(field).is_some_and(|base| base.contains(&id)))
    };
    writers
        .map(|change| change.id)
        .filter(|id| !is_superseded(*id))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn any_order_and_any_repetition_give_the_same_bytes(
        (changes, order) in changes().prop_flat_map(|changes| {
            let indices: Vec<usize> = (0..changes.len()).chain(0..changes.len()).collect();
            (Just(changes), Just(indices).prop_shuffle())
        })
    ) {
        let first = folded(&changes);
        let second = folded(order.iter().map(|index| &changes[*index]));
        prop_assert_eq!(String::from_utf8(first.bytes()), String::from_utf8(second.bytes()));
        prop_assert_eq!(first.digest(), second.digest());
    }

    #[test]
    fn any_split_into_batches_gives_the_same_bytes(changes in changes(), splits in proptest::collection::vec(any::<bool>(), 12)) {
        let whole = folded(&changes);
        let mut split = Replica::default();
        for (change, ends_batch) in changes.iter().zip(splits) {
            split.take(change, None);
            if ends_batch {
                split.store_and_read();
            }
        }
        prop_assert_eq!(whole.bytes(), split.bytes());
    }

    #[test]
    fn a_number_that_comes_later_is_a_number_that_came_at_once(
        (changes, order) in changes().prop_flat_map(|changes| {
            let indices: Vec<usize> = (0..changes.len()).collect();
            (Just(changes), Just(indices).prop_shuffle())
        })
    ) {
        let mut at_once = Replica::default();
        let mut later = Replica::default();
        for (change, lsn) in changes.iter().zip(1..) {
            at_once.take(change, Some(lsn));
            later.take(change, None);
        }
        let state = later.state.as_mut().unwrap();
        for index in order {
            state.number(&changes[index].id, index as Lsn + 1);
        }
        prop_assert_eq!(at_once.bytes(), later.bytes());
        let (at_once, later) = (at_once.state.unwrap(), later.state.unwrap());
        prop_assert_eq!(at_once.record(), later.record());
    }

    #[test]
    fn no_value_vanishes(changes in changes()) {
        let state = folded(&changes).state.unwrap();
        for (name, field) in &state.fields {
            let heads: BTreeSet<ChangeId> = field.heads.keys().copied().collect();
            prop_assert_eq!(&heads, &heads_by_definition(&changes, name), "{}", name);
            // What is no head was seen by somebody who wrote the field.
            let values: BTreeSet<String> = field.heads.values().map(|head| format!("{:?}", serde_json::to_string(&head.value))).collect();
            prop_assert_eq!(field.is_conflict(), values.len() > 1);
            let conflicts: Vec<&str> = state.conflicts().map(|(name, _)| name).collect();
            prop_assert_eq!(conflicts.contains(&name.as_str()), field.is_conflict());
        }
        let written: BTreeSet<&String> = changes.iter().flat_map(|change| change.fields.keys()).collect();
        prop_assert_eq!(written, state.fields.keys().collect::<BTreeSet<_>>());
    }

    #[test]
    fn equal_digests_are_equal_heads_and_equal_values(a in changes(), b in changes()) {
        let (a, b) = (folded(&a), folded(&b));
        let shown = |replica: &Replica| {
            let state = replica.state.clone().unwrap();
            let heads = state.fields.into_iter().map(|(name, field)| {
                let heads: Vec<_> = field.heads.into_iter().map(|(id, head)| (id, serde_json::to_string(&head.value).unwrap())).collect();
                (name, heads, field.ahead)
            });
            heads.collect::<Vec<_>>()
        };
        prop_assert_eq!(a.digest() == b.digest(), shown(&a) == shown(&b));
    }
}

#[test]
fn a_base_may_name_a_change_that_wrote_another_field() {
    let other = change(0, vec![(1, 0, BTreeSet::new())]);
    let odd = change(1, vec![(0, 1, [0].into())]);
    let first = folded([&other, &odd]);
    let second = folded([&odd, &other]);
    assert_eq!(String::from_utf8(first.bytes()), String::from_utf8(second.bytes()));
}
