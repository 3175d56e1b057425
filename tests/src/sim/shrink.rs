//! The shortest story of a seed that fails: events are left out, more and fewer at a time, as long
//! as the same invariant does not hold.

use std::collections::BTreeSet;

use anyhow::Result;

use super::plan::Scale;
use super::{Kept, Outcome, live, run};

/// So many lives at most; each is as long as what is left of the story.
const LIVES: usize = 400;

/// The invariant that a violation names, or its first words.
fn named(violation: &str) -> String {
    let words = violation.split([' ', ':', '/']);
    let is_invariant = |word: &&str| word.strip_prefix('I').is_some_and(|rest| rest.parse::<u32>().is_ok());
    let found = words
        .clone()
        .find(is_invariant)
        .or_else(|| violation.rsplit(": ").next());
    found.unwrap_or_default().to_owned()
}

/// The same failure with as few events as were found to do; nothing when the seed does not fail.
///
/// # Errors
/// When the district cannot be set up at all.
pub fn shortest(seed: u64, scale: Scale) -> Result<Option<Outcome>> {
    let whole = run(seed, scale)?;
    let Some(violation) = whole.violation.as_deref().map(named) else {
        return Ok(None);
    };
    let mut best = whole;
    let mut events: Vec<u64> = (1..=best.events).collect();
    let (mut piece, mut lives) = (events.len().div_ceil(2).max(1), 0);
    while lives < LIVES && !events.is_empty() {
        let (mut place, mut is_shorter) = (0, false);
        while place < events.len() && lives < LIVES {
            let end = (place + piece).min(events.len());
            let left: Vec<u64> = [&events[..place], &events[end..]].concat();
            lives += 1;
            let outcome = live(
                seed,
                scale,
                Kept::InFile,
                Some(left.iter().copied().collect::<BTreeSet<_>>()),
            )?;
            let is_same = outcome.violation.as_deref().map(named).as_ref() == Some(&violation);
            if is_same {
                (events, best, is_shorter) = (left, outcome, true);
            } else {
                place = end;
            }
        }
        if piece == 1 && !is_shorter {
            break;
        }
        piece = (piece / 2).max(1);
    }
    Ok(Some(best))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_violation_is_known_by_its_invariant() {
        assert_eq!(named("seed 7 on day 3: Aluva Ward 1: I2: name was written"), "I2");
        assert_eq!(named("seed 7 after the faults: I2/I3: shows 3 conflicts"), "I2");
        assert_eq!(
            named("seed 7 on day 1: a save failed: the disk is full"),
            "the disk is full"
        );
    }
}

/// Run by itself: a bug is switched on for the whole process.
#[cfg(all(test, feature = "mutants"))]
mod planted {
    #![allow(clippy::unwrap_used)]

    use sync_core::planted::{Bug, switch};

    use super::*;

    /// The planted bug shows within so many seeds.
    const SEEDS: u64 = 60;

    #[test]
    fn the_shortest_story_of_a_planted_bug_has_fewer_events_and_breaks_the_same_invariant() {
        switch(Some(Bug::LastWriterWins));
        let mut lives = (1..=SEEDS).map(|seed| run(seed, Scale::Short).unwrap());
        let whole = lives.find(|lived| lived.violation.is_some()).unwrap();
        let short = shortest(whole.seed, Scale::Short).unwrap().unwrap();
        switch(None);
        let broken = |outcome: &Outcome| outcome.violation.as_deref().map(named).unwrap();
        println!("{} of {} events: {:?}", short.events, whole.events, short.violation);
        assert_eq!(broken(&short), broken(&whole));
        assert!(short.events < whole.events && short.story.len() < whole.story.len());
        assert_eq!(
            run(whole.seed, Scale::Short).unwrap().violation,
            None,
            "without the bug"
        );
    }
}
