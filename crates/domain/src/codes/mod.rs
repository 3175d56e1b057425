//! Code lists: stable words that are stored, with the codes Care uses for them.

pub mod audit;

pub mod bed;

pub mod consent;

pub mod encounter;

pub mod erasure;

pub mod facility;

pub mod patient;

pub mod person;

pub mod problems;

pub mod release;

pub mod round;

pub mod stock;

/// One word of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// What is stored. Never renamed.
    pub word: &'static str,
    pub label: &'static str,
    /// The codes by which Care's releases stored it, newest first; empty when Care has none.
    pub care: &'static [&'static str],
}

/// An enumeration as stored words.
#[derive(Debug, PartialEq, Eq)]
pub struct CodeList {
    pub name: &'static str,
    pub codes: &'static [Code],
}

/// A word with its label and Care's codes, newest first.
pub const fn word(word: &'static str, label: &'static str, care: &'static [&'static str]) -> Code {
    Code { word, label, care }
}

impl CodeList {
    pub fn has(&self, word: &str) -> bool {
        self.codes.iter().any(|code| code.word == word)
    }

    /// The word that Care's `code` stands for.
    pub fn from_care(&self, code: &str) -> Option<&'static str> {
        self.codes
            .iter()
            .find(|known| known.care.contains(&code))
            .map(|known| known.word)
    }

    /// Care's newest code for the word.
    pub fn to_care(&self, word: &str) -> Option<&'static str> {
        self.codes
            .iter()
            .find(|known| known.word == word)?
            .care
            .first()
            .copied()
    }
}

pub static YES_NO: CodeList = CodeList {
    name: "yes_no",
    codes: &[word("yes", "Yes", &["true"]), word("no", "No", &["false"])],
};
