//! How much goes in one round: more while rounds are quick, less when they are slow or break, so that even a
//! link that is cut again and again carries something whole. No clock and no network here.

use std::time::Duration;

use sync_core::exchange::Wish;

/// The least that is asked for and sent at once, in bytes of changes and of grants that are shown: at 2 kbit/s it fits
/// between two cuts, and through a proxy that takes 2 kB.
const LEAST: usize = 3 * 1024;
const FIRST: usize = 32 * 1024;
const MOST: usize = 1024 * 1024;
/// What is asked for should be here after this long.
pub(crate) const AIM: Duration = Duration::from_secs(5);
/// The pages of one space in one round: what is saved meanwhile does not wait long for the next.
const PAGES: u16 = 4;

/// How much goes in one round over this link.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    bytes: usize,
    /// The shortest time that passed until the server's first word: what no smaller round makes shorter.
    first_word: Duration,
    is_slow: bool,
    /// No more than this since somebody on the way took no more.
    most: usize,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            bytes: FIRST,
            first_word: Duration::MAX,
            is_slow: false,
            most: MOST,
        }
    }
}

impl Pace {
    /// The most bytes of changes in a batch and in a page.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// What the desk wishes to hear in a round.
    pub fn wish(&self) -> Wish {
        Wish {
            page_bytes: u32::try_from(self.bytes).unwrap_or(u32::MAX),
            pages: PAGES,
        }
    }

    /// Whether the link is too slow for more than what must go over it.
    pub fn is_slow(&self) -> bool {
        self.is_slow
    }

    /// A round came to its end. `first_word` and `whole` passed since it began, until the server's first word and
    /// until its last; `was_full` when there was more than it could carry.
    pub fn went(&mut self, first_word: Duration, whole: Duration, was_full: bool) {
        self.first_word = self.first_word.min(first_word);
        self.is_slow = whole > AIM;
        let took = whole.saturating_sub(self.first_word);
        if took > AIM * 2 {
            self.shrink();
        } else if was_full && took < AIM / 2 {
            self.bytes = (self.bytes * 2).min(self.most);
        }
    }

    /// A round broke off under way.
    pub fn broke_off(&mut self) {
        self.is_slow = true;
        self.shrink();
    }

    /// A round was too large for somebody on the way, and one as large would be again. Each that is refused goes over the link for
    /// nothing, so that the next is much smaller. Answers whether less can be asked for.
    pub fn was_refused(&mut self) -> bool {
        let before = self.bytes;
        self.bytes = (self.bytes / 8).max(LEAST);
        self.most = self.bytes;
        self.bytes < before
    }

    /// There was no connection: over the next one the way may be another.
    pub fn was_cut(&mut self) {
        self.most = MOST;
    }

    fn shrink(&mut self) {
        self.bytes = (self.bytes / 2).max(LEAST);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn it_grows_while_full_rounds_are_quick_and_no_further_than_a_page_goes() {
        let mut pace = Pace::default();
        pace.went(Duration::ZERO, s(1), false);
        assert_eq!(pace.bytes(), FIRST, "a round that was not full says nothing");
        for _ in 0..9 {
            pace.went(Duration::ZERO, s(1), true);
        }
        assert_eq!(pace.bytes(), MOST);
        pace.went(Duration::ZERO, s(6), true);
        assert_eq!(pace.bytes(), MOST, "near what is aimed at it stays");
    }

    #[test]
    fn it_shrinks_when_rounds_are_slow_or_break_and_no_further_than_is_of_use() {
        let mut pace = Pace::default();
        pace.went(s(1), s(20), true);
        assert_eq!(pace.bytes(), FIRST / 2);
        assert!(pace.is_slow());
        for _ in 0..4 {
            pace.broke_off();
        }
        assert_eq!((pace.bytes(), pace.is_slow()), (LEAST, true));
        pace.went(s(1), s(2), false);
        assert!(!pace.is_slow(), "a quick round, however small, is one");
    }

    #[test]
    fn what_was_too_large_once_is_not_tried_again_on_the_same_way() {
        let mut pace = Pace::default();
        assert!(pace.was_refused());
        for _ in 0..9 {
            pace.went(Duration::ZERO, s(1), true);
        }
        assert_eq!(pace.bytes(), FIRST / 8);
        assert!(
            pace.was_refused() && !pace.was_refused(),
            "{} is the least",
            pace.bytes()
        );
        pace.was_cut();
        for _ in 0..9 {
            pace.went(Duration::ZERO, s(1), true);
        }
        assert_eq!(pace.bytes(), MOST);
    }

    #[test]
    fn a_far_server_is_no_slow_link() {
        let mut pace = Pace::default();
        for _ in 0..9 {
            pace.went(s(12), s(13), true);
        }
        assert_eq!(pace.bytes(), MOST);
    }
}
