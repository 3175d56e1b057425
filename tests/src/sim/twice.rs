//! One seed lived twice: what anything but the seed decided shows where the two lives part.

use anyhow::Result;

use super::{Outcome, Scale, run};

/// Lives the seed through twice. That the second life went otherwise is a violation as any other.
///
/// # Errors
/// When the district cannot be set up at all.
pub fn run_twice(seed: u64, scale: Scale) -> Result<Outcome> {
    let mut outcome = run(seed, scale)?;
    outcome.compare(&run(seed, scale)?, "I8: lived in two ways");
    Ok(outcome)
}

impl Outcome {
    /// Compares this life of the seed with another, which must have gone the same way and come to the same bytes; a
    /// violation that there is already stays the first.
    pub fn compare(&mut self, other: &Outcome, what: &str) {
        if (&self.trace, &self.ending) == (&other.trace, &other.ending) {
            return;
        }
        let lines = self.story.len().max(other.story.len());
        let line = |story: &[String], place: usize| story.get(place).cloned().unwrap_or_default();
        let parted = (0..lines).map(|place| (line(&self.story, place), line(&other.story, place)));
        let (one, another) = parted
            .into_iter()
            .find(|(one, another)| one != another)
            .unwrap_or_default();
        let parted = format!("seed {}: {what}; first “{one}” and “{another}”", self.seed);
        self.violation.get_or_insert(parted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn life(story: &[&str]) -> Outcome {
        let story: Vec<String> = story.iter().map(|line| (*line).to_owned()).collect();
        Outcome {
            seed: 32,
            device_days: 0,
            events: 0,
            acknowledged: 0,
            faults: [].into(),
            checked: [].into(),
            trace: blake3::hash(story.concat().as_bytes()).to_string(),
            ending: Vec::new(),
            violation: None,
            story,
        }
    }

    #[test]
    fn a_seed_that_is_lived_in_two_ways_is_named_with_the_line_where_it_parts() {
        let mut same = life(&["a", "b"]);
        same.compare(&life(&["a", "b"]), "I8: lived in two ways");
        assert_eq!(same.violation, None);

        let mut longer = life(&["a", "b", "c"]);
        longer.compare(&life(&["a", "b"]), "I8: lived in two ways");
        assert_eq!(
            longer.violation.as_deref(),
            Some("seed 32: I8: lived in two ways; first “c” and “”")
        );
    }

    #[test]
    fn the_same_story_that_comes_to_other_bytes_is_lived_in_two_ways() {
        let (mut one, mut other) = (life(&["a"]), life(&["a"]));
        other.ending.push("chain".to_owned());
        one.compare(&other, "I8: lived in two ways");
        assert!(one.violation.is_some());
    }
}
