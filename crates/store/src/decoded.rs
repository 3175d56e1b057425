//! Records as they were read last, so that a page which asks for a whole ward again takes none of them apart anew.

use std::sync::{Mutex, PoisonError};

use domain::{Record, RecordId};
use hashlink::LruCache;

use crate::packed;

/// So many: all that the pages of a hospital of 500 beds read.
const MOST: usize = 10_000;

/// Each is known by the very bytes that it was read from: no commit has to tell that it changed.
pub struct Decoded {
    kept: Mutex<Kept>,
}

type Kept = LruCache<RecordId, (Box<[u8]>, Record)>;

impl Decoded {
    pub fn new() -> Decoded {
        Decoded {
            kept: Mutex::new(LruCache::new(MOST)),
        }
    }

    /// The record in force, from the stored bytes of its state; `None` when they are damaged.
    pub fn record(&self, kind: &str, id: RecordId, bytes: &[u8]) -> Option<Record> {
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((from, record)) = kept().get(&id)
            && record.kind == kind
            && **from == *bytes
        {
            return Some(record.clone());
        }
        let record = packed::unpack_record(kind, id, bytes)?;
        kept().insert(id, (bytes.into(), record.clone()));
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use domain::Value;
    use sync_core::fold::Head;
    use sync_core::{ChangeId, DeviceId, FieldState, RecordState};
    use uuid::Uuid;

    use super::*;

    fn stored(kind: &str, name: &str) -> (RecordState, Vec<u8>) {
        let mut state = RecordState::new(kind, RecordId(Uuid::from_u128(7)));
        let change = ChangeId {
            device: DeviceId(Uuid::from_u128(1)),
            seq: 1,
        };
        let head = Head {
            value: Value::Text(name.to_owned()),
            lsn: None,
            actor: RecordId(Uuid::from_u128(9)),
            wall_ms: 5,
        };
        let heads = [(change, head)].into();
        let ahead = std::collections::BTreeSet::new();
        state.fields.insert("name".to_owned(), FieldState { heads, ahead });
        let bytes = packed::pack(&state);
        (state, bytes)
    }

    #[test]
    fn what_was_read_before_is_never_told_of_a_record_that_changed() {
        let decoded = Decoded::new();
        for (kind, name) in [
            ("patient", "Anju"),
            ("patient", "Anju"),
            ("patient", "Biju"),
            ("ward", "Biju"),
            ("patient", "Anju"),
        ] {
            let (state, bytes) = stored(kind, name);
            assert_eq!(decoded.record(kind, state.id, &bytes), Some(state.record()));
            assert_eq!(decoded.record(kind, state.id, b"{"), None);
        }
    }
}
