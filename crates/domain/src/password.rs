//! What a password must be: long enough, and not one that guessers try early (OWASP ASVS 5.0: 6.2.1, 6.2.4, 6.2.9,
//! 6.2.11). Never that it holds signs of certain kinds, never that it is changed for no reason (6.2.5, 6.2.10).

use serde::Serialize;
use ts_rs::TS;
use zxcvbn::{Score, zxcvbn};

/// The fewest letters.
pub const FEWEST_LETTERS: usize = 8;
/// The most; more would only keep the processor busy.
pub const MOST_LETTERS: usize = 256;

/// Words that a guesser tries first here, beside those of every list.
const WORDS: &[&str] = &["wardroom", "hospital", "nurse", "doctor", "district", "ward", "kerala"];

/// How good a password is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "wire.ts")]
pub enum Strength {
    TooShort,
    TooLong,
    /// Found within a million tries: a word, a name, a date, keys beside each other.
    Guessable,
    Fair,
    Good,
}

impl Strength {
    pub fn is_enough(self) -> bool {
        self >= Strength::Fair
    }

    /// The code under which a password that is not enough is refused.
    pub fn code(self) -> &'static str {
        match self {
            Strength::TooShort => "password_too_short",
            Strength::TooLong => "password_too_long",
            Strength::Guessable => "password_guessable",
            Strength::Fair | Strength::Good => "",
        }
    }
}

/// How good a password is for a person of whom `own` is known: their names, and the password they had.
pub fn strength(password: &str, own: &[&str]) -> Strength {
    match password.chars().count() {
        ..FEWEST_LETTERS => return Strength::TooShort,
        count if count > MOST_LETTERS => return Strength::TooLong,
        _ => {}
    }
    let own = own.iter().filter(|words| words.len() <= 4 * MOST_LETTERS);
    let parts = own.flat_map(|words| words.split([' ', '.']).chain([*words]));
    let known: Vec<&str> = WORDS
        .iter()
        .copied()
        .chain(parts)
        .filter(|word| word.len() > 2)
        .collect();
    match zxcvbn(password, &known).score() {
        Score::Zero | Score::One => Strength::Guessable,
        Score::Two | Score::Three => Strength::Fair,
        _ => Strength::Good,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_as_good_as_it_is_hard_to_guess() {
        let own = ["meera.nair", "Meera Nair", "the old password 7"];
        let table = [
            ("lamp", Strength::TooShort),
            ("", Strength::TooShort),
            ("aaaaaaaaaaaa", Strength::Guessable),
            ("1234567890", Strength::Guessable),
            ("password99", Strength::Guessable),
            ("qwertyuiop", Strength::Guessable),
            ("Hospital1", Strength::Guessable),
            ("meera.nair", Strength::Guessable),
            ("the old password 7", Strength::Guessable),
            ("lampriver9", Strength::Fair),
            ("river lamp stone seven", Strength::Good),
            ("മഴക്കാലം വന്നു പോയി", Strength::Good),
        ];
        let found = table.map(|(password, _)| (password, strength(password, &own)));
        assert_eq!(found, table);
        assert_eq!(strength(&"long ".repeat(60), &own), Strength::TooLong);
    }
}
