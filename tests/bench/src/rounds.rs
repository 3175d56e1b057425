//! Contestants who do the same work in turns, round after round, so that a busy moment is busy for all of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::figures::Spread;
use crate::report::{Reference, Row, Unit};

/// What one contestant measured in one round, by name.
pub type Figures = BTreeMap<&'static str, f64>;

/// Who does the work: the first one is ours, the others are what it is held against.
pub struct Contestant<'a> {
    pub name: &'a str,
    run: Box<dyn FnMut(usize) -> Result<Figures> + 'a>,
}

/// A contestant who answers several figures for the round of a number.
pub fn contestant<'a>(name: &'a str, run: impl FnMut(usize) -> Result<Figures> + 'a) -> Contestant<'a> {
    Contestant {
        name,
        run: Box::new(run),
    }
}

/// What all of them measured in all rounds.
pub struct Measured {
    names: Vec<String>,
    rounds: Vec<Vec<Figures>>,
}

/// Lets them run `rounds` times in turns, the first of a round another one each time, after one round that does not count.
///
/// # Errors
/// When one of them fails; it is named.
pub fn in_turns(rounds: usize, contestants: &mut [Contestant]) -> Result<Measured> {
    let count = contestants.len();
    let mut measured = Measured {
        names: contestants.iter().map(|one| one.name.to_owned()).collect(),
        rounds: Vec::new(),
    };
    for round in 0..=rounds {
        let mut figures = vec![Figures::new(); count];
        for turn in 0..count {
            let place = (round + turn) % count;
            let (Some(one), Some(own)) = (contestants.get_mut(place), figures.get_mut(place)) else {
                continue;
            };
            *own = (one.run)(round).with_context(|| one.name.to_owned())?;
        }
        if round > 0 {
            measured.rounds.push(figures);
        }
    }
    Ok(measured)
}

impl Measured {
    /// The figure of a name as a row; whoever has none of that name is left out of it.
    ///
    /// # Errors
    /// When ours has none.
    pub fn row(&self, key: &str, what: &str, unit: Unit, figure: &str) -> Result<Row> {
        let first = self.names.first().context("nobody ran")?;
        self.row_of(first, key, what, unit, figure)
    }

    /// The same with another one as ours.
    ///
    /// # Errors
    /// When that one has none.
    pub fn row_of(&self, name: &str, key: &str, what: &str, unit: Unit, figure: &str) -> Result<Row> {
        let own = self
            .names
            .iter()
            .position(|other| other == name)
            .context("nobody of that name")?;
        let of = |place: usize| -> Vec<f64> {
            let found = self.rounds.iter().filter_map(|round| round.get(place)?.get(figure));
            found.copied().collect()
        };
        let ours = of(own);
        let mut references = Vec::new();
        for (place, name) in self.names.iter().enumerate().filter(|(place, _)| *place != own) {
            let other = of(place);
            if let (Some(spread), Some(ratio)) = (Spread::of(&other), Spread::of_ratios(&ours, &other)) {
                references.push(Reference {
                    name: name.clone(),
                    figure: spread,
                    ratio,
                });
            }
        }
        Ok(Row {
            key: key.to_owned(),
            what: what.to_owned(),
            unit,
            ours: Spread::of(&ours).with_context(|| format!("{key}: nothing was measured"))?,
            references,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_begins_in_turn_and_the_first_round_does_not_count() {
        let order = std::cell::RefCell::new(Vec::new());
        let run = |name: &'static str, times: f64| {
            let order = &order;
            move |round: usize| {
                order.borrow_mut().push(name);
                Ok(Figures::from([("time", times * (round as f64))]))
            }
        };
        let measured = in_turns(
            2,
            &mut [contestant("ours", run("a", 1.0)), contestant("other", run("b", 4.0))],
        )
        .unwrap();
        assert_eq!(order.take(), ["a", "b", "b", "a", "a", "b"]);
        let row = measured.row("key", "what", Unit::Ms, "time").unwrap();
        assert_eq!((row.ours.least, row.ours.most), (1.0, 2.0));
        assert_eq!(row.references.first().unwrap().ratio.median, 0.25);
        assert!(measured.row("key", "what", Unit::Ms, "other").is_err());
    }
}
