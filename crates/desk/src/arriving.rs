//! How far the records of a desk that has just joined have come: until all of them were here once, its figures count
//! only a part.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::Store;

use crate::status::Arriving;

/// Whether everything the district had was here at one moment since the database was opened. A desk that falls behind
/// later shows what it has, as of its last contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival {
    is_over: Arc<AtomicBool>,
}

impl Arrival {
    /// How far it has come; nothing once it is over.
    pub(crate) fn of(&self, store: &Store) -> Option<Arriving> {
        if self.is_over.load(Ordering::Relaxed) {
            return None;
        }
        let spaces = store.spaces().ok()?;
        let is_known = spaces.iter().all(|space| space.heard_ms.is_some());
        if is_known && spaces.iter().all(|space| space.cursor >= space.head) {
            self.is_over.store(true, Ordering::Relaxed);
            return None;
        }
        Some(Arriving {
            have: spaces.iter().map(|space| space.cursor).sum(),
            of: is_known.then(|| spaces.iter().map(|space| space.head.max(space.cursor)).sum()),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use store::DatabaseKey;
    use sync_core::exchange::Page;
    use sync_core::{Chain, DeviceId, SpaceId};
    use uuid::Uuid;

    use super::*;

    const SPACES: [SpaceId; 2] = [SpaceId::District(Uuid::nil()), SpaceId::Facility(Uuid::nil())];

    fn new_store(folder: &std::path::Path) -> Store {
        let device = DeviceId(Uuid::from_u128(1));
        let store = Store::create(&folder.join("ward.db"), &DatabaseKey::new([7; 32]), device).unwrap();
        for space in SPACES {
            store.follow(space).unwrap();
        }
        store
    }

    fn hear(store: &Store, space: SpaceId, head: u64) {
        let page = Page {
            space,
            epoch: 1,
            from: 1,
            to: 0,
            head,
            entries: Vec::new(),
            chain: Chain::default(),
            digest: None,
        };
        store.absorb(page, 0).unwrap();
    }

    #[test]
    fn records_are_arriving_until_all_of_them_were_here_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = new_store(folder.path());
        let arrival = Arrival::default();
        assert_eq!(arrival.of(&store), Some(Arriving { have: 0, of: None }));
        hear(&store, SPACES[0], 0);
        assert_eq!(arrival.of(&store), Some(Arriving { have: 0, of: None }));
        hear(&store, SPACES[1], 7);
        assert_eq!(arrival.of(&store), Some(Arriving { have: 0, of: Some(7) }));
    }

    #[test]
    fn a_desk_that_falls_behind_later_shows_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let store = new_store(folder.path());
        let arrival = Arrival::default();
        SPACES.iter().for_each(|space| hear(&store, *space, 0));
        assert_eq!(arrival.of(&store), None);
        hear(&store, SPACES[1], 7);
        assert_eq!(arrival.of(&store), None);
    }
}
