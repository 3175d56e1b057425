//! Chance from the seed alone.

use domain::RecordId;
use uuid::Uuid;

/// The one source of chance of a world.
pub struct Chance(fastrand::Rng);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(fastrand::Rng::with_seed(seed))
    }

    /// The chance of one event alone: what happened before it, or was left out, does not move it.
    pub fn of_event(seed: u64, event: u64) -> Chance {
        let hash = blake3::hash(&[seed.to_le_bytes(), event.to_le_bytes()].concat());
        let mut bytes = [0; 8];
        hash.as_bytes()
            .iter()
            .zip(&mut bytes)
            .for_each(|(from, to)| *to = *from);
        Chance::new(u64::from_le_bytes(bytes))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.i64(low..=high)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end.max(1))
    }

    /// True in `percent` of a hundred draws.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of the weights' places, the more often the heavier it is.
    pub fn weighed(&mut self, weights: &[i64]) -> usize {
        let mut left = self.between(1, weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left <= 0 {
                return place;
            }
        }
        0
    }

    /// One of the items; nothing when there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// An id as a desk makes it at that moment.
    pub fn id(&mut self, at_ms: i64) -> Uuid {
        let mut bytes = [0; 10];
        self.0.fill(&mut bytes);
        uuid::Builder::from_unix_timestamp_millis(at_ms.max(0).unsigned_abs(), &bytes).into_uuid()
    }

    pub fn record(&mut self, at_ms: i64) -> RecordId {
        RecordId(self.id(at_ms))
    }

    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.0.fill(&mut bytes);
        bytes
    }
}
