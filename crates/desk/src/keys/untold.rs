//! What happened while nobody could write it into the audit log: wrong passwords above all, since the database is
//! closed then. It is counted in the desk's file, one line for each event and person, however often it happens, and
//! told at the next opening.

use domain::RecordId;
use serde::{Deserialize, Serialize};

/// A password that is being tried. One that stays so was cut off, and counts as wrong.
const TRIED: &str = "tried";
/// A password that was wrong.
pub const FAILED: &str = "sign_in_failed";

/// One line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Untold {
    /// A word of the audit log.
    pub what: String,
    /// Empty for all who have no slot here together.
    pub who: Option<RecordId>,
    pub times: u32,
    pub first_ms: i64,
    pub last_ms: i64,
}

/// All of them.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AllUntold(Vec<Untold>);

impl AllUntold {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes that it happened.
    pub fn note(&mut self, what: &str, who: Option<RecordId>, now_ms: i64) {
        self.add(&Untold {
            what: what.to_owned(),
            who,
            times: 1,
            first_ms: now_ms,
            last_ms: now_ms,
        });
    }

    /// A password of this person is about to be tried.
    pub fn tries(&mut self, who: RecordId, now_ms: i64) {
        // One that was cut off before.
        if let Some(cut) = self.take(TRIED, Some(who)) {
            self.failed(who, &cut);
        }
        self.note(TRIED, Some(who), now_ms);
    }

    /// A password was wrong.
    pub fn was_wrong(&mut self, who: Option<RecordId>, now_ms: i64) {
        self.take(TRIED, who);
        self.note(FAILED, who, now_ms);
    }

    /// The password of this person was right.
    pub fn was_right(&mut self, who: RecordId) {
        self.take(TRIED, Some(who));
    }

    /// What there is to tell.
    pub fn to_tell(&self) -> Vec<Untold> {
        let mut all = self.clone();
        let cut: Vec<Untold> = all.0.extract_if(.., |each| each.what == TRIED).collect();
        for each in &cut {
            if let Some(who) = each.who {
                all.failed(who, each);
            }
        }
        all.0
    }

    /// These were told. What happened meanwhile stays.
    pub fn told(&mut self, told: &[Untold]) {
        let mut rest: Vec<Untold> = self.to_tell();
        for one in told {
            for each in rest
                .iter_mut()
                .filter(|each| each.what == one.what && each.who == one.who)
            {
                each.times = each.times.saturating_sub(one.times);
                each.first_ms = each.first_ms.max(one.last_ms);
            }
        }
        rest.retain(|each| each.times > 0);
        self.0 = rest;
    }

    fn failed(&mut self, who: RecordId, cut: &Untold) {
        self.add(&Untold {
            what: FAILED.to_owned(),
            who: Some(who),
            ..cut.clone()
        });
    }

    fn add(&mut self, one: &Untold) {
        let known = self
            .0
            .iter_mut()
            .find(|each| each.what == one.what && each.who == one.who);
        match known {
            Some(each) => {
                each.times = each.times.saturating_add(one.times);
                each.last_ms = each.last_ms.max(one.last_ms);
            }
            None => self.0.push(one.clone()),
        }
    }

    fn take(&mut self, what: &str, who: Option<RecordId>) -> Option<Untold> {
        let place = self.0.iter().position(|each| each.what == what && each.who == who)?;
        Some(self.0.remove(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(number: u128) -> RecordId {
        RecordId(uuid::Uuid::from_u128(number))
    }

    fn shown(all: &AllUntold) -> Vec<(String, Option<RecordId>, u32, i64, i64)> {
        let lines = all.to_tell().into_iter();
        lines
            .map(|each| (each.what, each.who, each.times, each.first_ms, each.last_ms))
            .collect()
    }

    #[test]
    fn however_many_wrong_passwords_of_one_person_are_one_line() {
        let mut all = AllUntold::default();
        for now_ms in 1..=10_000 {
            all.tries(who(1), now_ms);
            all.was_wrong(Some(who(1)), now_ms);
            all.was_wrong(None, now_ms);
        }
        let failed = |who| (FAILED.to_owned(), who, 10_000, 1, 10_000);
        assert_eq!(shown(&all), [failed(Some(who(1))), failed(None)]);
    }

    #[test]
    fn a_try_that_was_cut_off_counts_as_wrong_and_a_right_one_as_nothing() {
        let mut all = AllUntold::default();
        all.tries(who(1), 5);
        assert_eq!(shown(&all), [(FAILED.to_owned(), Some(who(1)), 1, 5, 5)]);
        all.tries(who(1), 9);
        all.was_right(who(1));
        assert_eq!(shown(&all), [(FAILED.to_owned(), Some(who(1)), 1, 5, 5)]);
        all.told(&all.to_tell());
        all.tries(who(2), 11);
        all.was_right(who(2));
        assert!(all.is_empty());
    }

    #[test]
    fn what_happens_while_it_is_told_stays() {
        let mut all = AllUntold::default();
        all.was_wrong(Some(who(1)), 5);
        let told = all.to_tell();
        all.was_wrong(Some(who(1)), 7);
        all.note("backup_made", Some(who(2)), 8);
        all.told(&told);
        assert_eq!(
            shown(&all),
            [
                (FAILED.to_owned(), Some(who(1)), 1, 5, 7),
                ("backup_made".to_owned(), Some(who(2)), 1, 8, 8)
            ]
        );
    }
}
