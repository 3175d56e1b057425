//! How far two names agree: word by word, by sound, across scripts.

use crate::spelling::{latin_of, sound_of, text};

/// How far two names agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Likeness {
    None,
    /// The first words.
    First,
    /// All words of the shorter one.
    Part,
    /// All of a name of one word.
    Single,
    /// All of a name of several words.
    Whole,
}

/// How far two names agree, each as its words.
pub fn likeness(a: &[Word], b: &[Word]) -> Likeness {
    let (shorter, longer) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut left: Vec<&Word> = longer.iter().collect();
    let in_both = shorter.iter().filter(|word| {
        let place = left.iter().position(|other| word.is_like(other));
        place.map(|place| left.remove(place)).is_some()
    });
    let in_both = in_both.count();
    match (in_both, shorter, longer) {
        (_, [], _) => Likeness::None,
        (1, [one], [other]) if one.latin != other.latin => Likeness::Part,
        (1, [_], [_]) => Likeness::Single,
        _ if is_written_together(shorter, longer) => Likeness::Whole,
        (_, some, all) if in_both == some.len() && some.len() == all.len() => Likeness::Whole,
        (_, some, _) if in_both == some.len() => Likeness::Part,
        (_, [first, ..], [other, ..]) if first.is_like(other) => Likeness::First,
        _ => Likeness::None,
    }
}

/// `Abdul Rahman` and `Abdulrahman`.
fn is_written_together(a: &[Word], b: &[Word]) -> bool {
    if a.len() == b.len() {
        return false;
    }
    let sound = together(a);
    sound.len() > 4 && sound == together(b)
}

/// How the words sound when they are written as one.
pub fn together(words: &[Word]) -> String {
    sound_of(&words.iter().map(|word| word.latin.as_str()).collect::<String>())
}

/// One word of a name, as it is written in Latin letters and as it is heard.
#[derive(PartialEq, Eq, Debug)]
pub struct Word {
    pub latin: String,
    pub sound: String,
}

/// The words of a name without initials, which some people write and some do not.
pub fn full_words(name: &str) -> Vec<Word> {
    let word = |word: String| Word {
        latin: latin_of(&word),
        sound: sound_of(&word),
    };
    text::words(name)
        .into_iter()
        .filter(|word| word.chars().count() > 1)
        .map(word)
        .collect()
}

impl Word {
    /// Heard alike; where few consonants are heard, with the same first vowel.
    fn is_like(&self, other: &Word) -> bool {
        let heard = self.sound == other.sound && !self.sound.is_empty();
        self.latin == other.latin || heard && (self.sound.len() > 2 || self.first_vowel() == other.first_vowel())
    }

    fn first_vowel(&self) -> Option<char> {
        self.latin.chars().find_map(|letter| match letter {
            'a' => Some('a'),
            'e' | 'i' | 'y' => Some('i'),
            'o' | 'u' => Some('u'),
            _ => None,
        })
    }
}

/// What a name is searched by among all: its words without initials.
pub fn without_initials(name: &str) -> String {
    let words = text::words(name);
    let full: Vec<String> = words.into_iter().filter(|word| word.chars().count() > 1).collect();
    full.join(" ")
}
