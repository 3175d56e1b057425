//! What a desk says in one round.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::sync::Arc;

use desk::round::DeskSide;
use domain::{Draft, RecordId, Value};
use ed25519_dalek::SigningKey;
use store::{Action, DatabaseKey, Spaces, Store};
use sync_core::exchange::{Ask, Batch, Numbered};
use sync_core::{DeviceId, SpaceId};
use uuid::Uuid;

const SPACE: SpaceId = SpaceId::Facility(Uuid::nil());

fn register(store: &Store, number: u128) {
    let patient = Draft::new("patient", RecordId(Uuid::from_u128(number)));
    let action = Action {
        drafts: vec![patient.with_value("name", Value::Text("Lakshmi".to_owned()))],
        as_of: store.as_of().unwrap(),
        actor: RecordId(Uuid::nil()),
        session: Uuid::nil(),
        wall_ms: 0,
        new_action: Uuid::from_u128(number),
        resolve: false,
        home: Spaces {
            facility: SPACE,
            district: SPACE,
        },
    };
    store.save(action).unwrap();
}

fn batches(side: &DeskSide) -> Vec<Batch> {
    let asks = side.asks(0).unwrap().into_iter();
    asks.filter_map(|ask| match ask {
        Ask::Push(batch) => Some(batch),
        _ => None,
    })
    .collect()
}

#[test]
fn a_desk_opened_many_times_without_a_network_sends_all_it_wrote_a_batch_an_opening() {
    let folder = tempfile::TempDir::new().unwrap();
    let (path, key) = (folder.path().join("ward.db"), DatabaseKey::new([7; 32]));
    let mut store = Store::create(&path, &key, DeviceId(Uuid::from_u128(1))).unwrap();
    for opening in 0..40 {
        register(&store, 2 * opening);
        register(&store, 2 * opening + 1);
        drop(store);
        store = Store::open(&path, &key).unwrap();
    }
    let store = Arc::new(store);
    let side = DeskSide::new(Arc::clone(&store), SigningKey::from_bytes(&[7; 32]));
    let (mut lsn, mut last, mut rounds) = (0, None, Vec::new());
    loop {
        let batches = batches(&side);
        if batches.is_empty() {
            break;
        }
        rounds.push(batches.len());
        for batch in batches {
            assert!(Some(batch.first) > last, "in the order in which it was written");
            assert_eq!(batch.changes.len(), 2);
            last = Some(batch.first + 1);
            let numbered = [batch.first, batch.first + 1].map(|seq| {
                lsn += 1;
                Numbered { seq, lsn }
            });
            store.receipt(numbered.to_vec(), Vec::new()).unwrap();
        }
    }
    assert_eq!(rounds, [32, 8]);
    assert_eq!((lsn, store.unsent().unwrap()), (80, 0));
}
