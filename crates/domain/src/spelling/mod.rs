//! How people write: names in any script and spelling, phones, identifiers, each in the one form in
//! which they can be compared. The search index and the look for duplicates use the same.

pub mod text;

pub mod latin;

pub mod sound;

/// How a folded word of any script sounds.
pub fn sound_of(word: &str) -> String {
    sound::sound(&latin_of(word))
}

/// A folded word in Latin letters, as people there write it.
pub fn latin_of(word: &str) -> String {
    latin::latin(word).unwrap_or_else(|| word.to_owned())
}
