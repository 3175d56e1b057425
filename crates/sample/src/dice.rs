//! Chance from a seed: the same seed throws the same dice.

use domain::{RecordId, Time};

/// A seeded source of chance.
pub struct Dice(fastrand::Rng);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(fastrand::Rng::with_seed(seed))
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.i64(low..=high.max(low))
    }

    /// True in `percent` of a hundred throws.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of the items, all alike.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        items
            .get(self.0.usize(..items.len()))
            .expect("the index lies below the length")
    }

    /// A sum of throws around `mean`, never below zero.
    pub fn around(&mut self, mean: i64) -> i64 {
        let spread = (mean / 2).max(1);
        (mean + self.between(-spread, spread) / 2 + self.between(-spread, spread) / 2).max(0)
    }

    /// A record id as a desk would have made it at that moment.
    pub fn id(&mut self, at: Time) -> RecordId {
        let mut bytes = [0; 10];
        self.0.fill(&mut bytes);
        let ms = u64::try_from(at.0).unwrap_or(0);
        RecordId(uuid::Builder::from_unix_timestamp_millis(ms, &bytes).into_uuid())
    }
}
