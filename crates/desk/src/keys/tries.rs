//! Wrong passwords in a row, counted before each is tried. Who guesses waits longer and longer, and in the end until
//! somebody lets them in again; the others of the ward do not wait for it. A copy of the counts in the key store is
//! not put back with the desk's files.

use std::collections::BTreeMap;

use domain::RecordId;
use serde::{Deserialize, Serialize};

/// So many wrong passwords in a row suspend a person: their password opens nothing here any more.
pub const SUSPENDED_AT: u32 = 20;

/// Wrong passwords in a row.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tries {
    pub failures: u32,
    /// No password is tried before this moment.
    pub blocked_until_ms: i64,
}

/// Of each person who has a slot here.
pub type TriesOf = BTreeMap<RecordId, Tries>;

impl Tries {
    /// One more.
    pub fn count(&mut self, now_ms: i64) {
        self.failures = self.failures.saturating_add(1);
        let delay_ms = delay_ms(self.failures);
        self.blocked_until_ms = if delay_ms > 0 { now_ms + delay_ms } else { 0 };
    }

    /// How long to wait before the next. A clock that was set back makes it no longer than it ever was.
    pub fn wait_ms(&self, now_ms: i64) -> i64 {
        (self.blocked_until_ms - now_ms).min(delay_ms(self.failures)).max(0)
    }

    pub fn is_suspended(&self) -> bool {
        self.failures >= SUSPENDED_AT
    }
}

/// Of each person the higher count of the two.
pub fn together(one: &TriesOf, other: &TriesOf) -> TriesOf {
    let mut all = one.clone();
    for (person, tries) in other {
        let kept = all.entry(*person).or_default();
        if tries.failures > kept.failures {
            *kept = *tries;
        }
    }
    all
}

/// How long to wait after `failures` wrong passwords in a row: nothing up to five, then doubling
/// from ten seconds to an hour.
fn delay_ms(failures: u32) -> i64 {
    match failures.checked_sub(5) {
        None => 0,
        Some(over) => (10_000_i64 << over.min(10)).min(3_600_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(failures: u32) -> Tries {
        let mut tries = Tries::default();
        (0..failures).for_each(|_| tries.count(0));
        tries
    }

    #[test]
    fn delays_grow_after_five_wrong_passwords_and_twenty_suspend() {
        let delays = [4, 5, 7, 100].map(|failures| after(failures).wait_ms(0));
        assert_eq!(delays, [0, 10_000, 40_000, 3_600_000]);
        assert_eq!(after(7).wait_ms(40_000), 0);
        assert!(!after(19).is_suspended() && after(20).is_suspended());
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_wait_longer() {
        let mut tries = Tries::default();
        (0..6).for_each(|_| tries.count(9_000_000_000_000));
        assert_eq!(tries.wait_ms(0), 20_000);
    }

    #[test]
    fn of_two_counts_the_higher_one_stands() {
        let [one, two] = [1, 2].map(|id| RecordId(uuid::Uuid::from_u128(id)));
        let file = TriesOf::from([(one, after(3)), (two, after(9))]);
        let store = TriesOf::from([(one, after(7))]);
        let both = TriesOf::from([(one, after(7)), (two, after(9))]);
        assert_eq!((together(&file, &store), together(&store, &file)), (both.clone(), both));
    }
}
