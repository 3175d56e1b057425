//! How far the records of a desk that has just joined have come: until all of them were here once, its figures count
//! only a part.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::Time;
use domain::arrival::Tier;
use store::{SnapshotStatus, SpaceStatus, Store};

use crate::status::{Arriving, ArrivingPart};

/// The speed is measured over at least this long.
const MEASURED: Duration = Duration::from_secs(2);

/// Whether everything the district had was here at one moment since the database was opened. A desk that falls behind
/// later shows what it has, as of its last contact.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival {
    is_over: Arc<AtomicBool>,
    /// Of the bytes of snapshots, and after them of the changes of the log.
    bytes: Arc<Mutex<Speed>>,
    changes: Arc<Mutex<Speed>>,
}

/// How fast something comes.
#[derive(Debug, Default)]
struct Speed {
    /// So much was here at this moment.
    last: Option<(Instant, u64)>,
    per_s: Option<f64>,
}

impl Speed {
    fn measure(&mut self, now: Instant, here: u64) {
        let Some((since, before)) = self.last else {
            self.last = Some((now, here));
            return;
        };
        let took = now.duration_since(since);
        if here > before && took >= MEASURED {
            self.per_s = Some((here - before) as f64 / took.as_secs_f64());
            self.last = Some((now, here));
        }
    }

    fn left_s(&self, rest: u64) -> Option<u64> {
        self.per_s.map(|speed| (rest as f64 / speed).ceil() as u64)
    }
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
        let snapshots = store.snapshots().ok()?;
        let parts: Vec<ArrivingPart> = Tier::ALL.iter().filter_map(|tier| part(*tier, &snapshots)).collect();
        let (bytes, here) = parts.iter().fold((0, 0), |(bytes, here), part| {
            (bytes + part.bytes, here + part.bytes_here)
        });
        let have = spaces.iter().map(|space| space.cursor).sum();
        let of = is_known.then(|| spaces.iter().map(|space| space.head.max(space.cursor)).sum());
        let left_s = match of {
            _ if here < bytes => seconds_left(&self.bytes, here, bytes),
            Some(of) if have < of => seconds_left(&self.changes, have, of),
            _ => None,
        };
        Some(Arriving {
            have,
            of,
            present_is_here: spaces.iter().all(|space| is_present_here(space, &snapshots)),
            as_of: snapshots.iter().map(|snapshot| Time(snapshot.made_ms)).min(),
            left_s,
            parts,
        })
    }
}

/// How long until `of` are here, of which `here` are now.
fn seconds_left(speed: &Mutex<Speed>, here: u64, of: u64) -> Option<u64> {
    let mut speed = speed.lock().unwrap_or_else(PoisonError::into_inner);
    speed.measure(Instant::now(), here);
    speed.left_s(of - here)
}

/// A part over all spaces, if any has it.
fn part(tier: Tier, snapshots: &[SnapshotStatus]) -> Option<ArrivingPart> {
    let own = snapshots.iter().flat_map(|snapshot| &snapshot.parts);
    own.filter(|part| part.tier == tier && part.records > 0)
        .map(|part| ArrivingPart {
            tier,
            bytes: part.bytes,
            bytes_here: part.bytes_here,
            records: part.records,
            records_here: part.records_here,
        })
        .reduce(|sum, part| ArrivingPart {
            tier,
            bytes: sum.bytes + part.bytes,
            bytes_here: sum.bytes_here + part.bytes_here,
            records: sum.records + part.records,
            records_here: sum.records_here + part.records_here,
        })
}

/// Whether all that a space says of who and what is there now is here.
fn is_present_here(space: &SpaceStatus, snapshots: &[SnapshotStatus]) -> bool {
    let own = snapshots.iter().find(|snapshot| snapshot.space == space.space);
    match own {
        Some(snapshot) => snapshot
            .parts
            .iter()
            .filter(|part| part.tier <= Tier::Present)
            .all(|part| part.records_here == part.records),
        None => space.heard_ms.is_some() && space.cursor >= space.head,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use store::DatabaseKey;
    use sync_core::exchange::Page;
    use sync_core::snapshot::{Base, Cutter, FORM, Manifest};
    use sync_core::{Chain, DeviceId, Digest, RecordState, SpaceId};
    use uuid::Uuid;

    use super::*;

    const SPACES: [SpaceId; 2] = [SpaceId::District(Uuid::nil()), SpaceId::Facility(Uuid::nil())];

    fn new_store(folder: &std::path::Path) -> Store {
        let device = DeviceId(Uuid::from_u128(1));
        let store = Store::create(&folder.join("ward.db"), &DatabaseKey::new(&[7; 32]), device).unwrap();
        for space in SPACES {
            store.follow(space).unwrap();
        }
        store
    }

    fn hear(store: &Store, space: SpaceId, head: u64) {
        hear_after(store, space, 0, head);
    }

    fn hear_after(store: &Store, space: SpaceId, cursor: u64, head: u64) {
        let page = Page {
            space,
            epoch: 1,
            from: cursor + 1,
            to: cursor,
            head,
            entries: Vec::new(),
            chain: Chain::default(),
            digest: None,
        };
        store.absorb(page, 0).unwrap();
    }

    fn told(arrival: &Arrival, store: &Store) -> Option<(u64, Option<u64>)> {
        arrival.of(store).map(|arriving| (arriving.have, arriving.of))
    }

    #[test]
    fn what_is_left_is_told_once_something_came() {
        let (mut speed, begun) = (Speed::default(), Instant::now());
        let after = |seconds| begun + Duration::from_secs(seconds);
        speed.measure(begun, 0);
        speed.measure(after(1), 5_000);
        assert_eq!(speed.left_s(10_000), None);
        speed.measure(after(4), 20_000);
        assert_eq!(speed.left_s(10_000), Some(2));
        // Nothing came for long: it goes on from the speed of now.
        speed.measure(after(100), 20_000);
        speed.measure(after(104), 20_100);
        assert_eq!(speed.left_s(100), Some(100));
    }

    #[test]
    fn the_present_of_a_hospital_is_shown_when_it_is_here_whole_and_not_before() {
        let folder = tempfile::tempdir().unwrap();
        let store = new_store(folder.path());
        let arrival = Arrival::default();
        let present = || arrival.of(&store).map(|arriving| arriving.present_is_here);
        hear(&store, SPACES[0], 0);
        let id = |number| domain::RecordId(Uuid::from_u128(number));
        let mut pieces = Vec::new();
        for (number, tier) in [(1, Tier::Places), (2, Tier::Present), (3, Tier::Others)] {
            let mut cutter = Cutter::new(tier);
            let state = RecordState::new("any", id(number));
            cutter.add(&Base::new(state, [])).unwrap();
            pieces.push(cutter.end().unwrap().unwrap());
        }
        let manifest = Manifest {
            form: FORM,
            space: SPACES[1],
            epoch: 1,
            lsn: 3,
            chain: Chain::default(),
            digest: Digest::default(),
            made_ms: 5,
            pieces: pieces.iter().map(|(piece, _)| *piece).collect(),
        };
        assert_eq!(present(), Some(false));
        store.begin_snapshot(manifest).unwrap();
        for ((piece, bytes), expected) in pieces.iter().zip([Some(false), Some(true), Some(true)]) {
            store.take_piece(SPACES[1], piece.hash, bytes).unwrap();
            assert_eq!(present(), expected);
        }
        // Whatever came after the snapshot was made is still to come.
        hear_after(&store, SPACES[1], 3, 3);
        assert_eq!(present(), None);
    }

    #[test]
    fn records_are_arriving_until_all_of_them_were_here_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = new_store(folder.path());
        let arrival = Arrival::default();
        assert_eq!(told(&arrival, &store), Some((0, None)));
        hear(&store, SPACES[0], 0);
        assert_eq!(told(&arrival, &store), Some((0, None)));
        hear(&store, SPACES[1], 7);
        assert_eq!(told(&arrival, &store), Some((0, Some(7))));
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
