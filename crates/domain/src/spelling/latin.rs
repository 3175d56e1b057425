//! Names in an Indian script as Latin letters, as people there write them. The scripts lie in
//! Unicode in the same order, so one table serves Devanagari, Bengali, Gurmukhi, Gujarati, Oriya,
//! Tamil, Telugu, Kannada and Malayalam. Good enough to find a name, not to print one. Pure.

const FIRST: u32 = 0x900;
const END: u32 = 0xd80;
const BLOCK: u32 = 0x80;
const DEVANAGARI: u32 = 0x900;
const MALAYALAM: u32 = 0xd00;

const ANUSVARA: u32 = 0x02;
const NUKTA: u32 = 0x3c;
const VIRAMA: u32 = 0x4d;
const LABIALS: std::ops::RangeInclusive<u32> = 0x2a..=0x2e;
const CONSONANTS: std::ops::RangeInclusive<u32> = 0x15..=0x39;
const VOWEL_SIGNS: std::ops::RangeInclusive<u32> = 0x3e..=0x4c;

/// Consonants from 0x15 of each block.
const CONSONANT: [&str; 37] = [
    "k", "kh", "g", "gh", "ng", "ch", "ch", "j", "jh", "nj", "t", "th", "d", "dh", "n", "t", "th", "d", "dh", "n", "n",
    "p", "ph", "b", "bh", "m", "y", "r", "r", "l", "l", "zh", "v", "sh", "sh", "s", "h",
];
/// Independent vowels from 0x05.
const VOWEL: [&str; 16] = [
    "a", "a", "i", "i", "u", "u", "ri", "l", "e", "e", "e", "ai", "o", "o", "o", "au",
];
/// Vowel signs from 0x3e.
const SIGN: [&str; 15] = [
    "a", "i", "i", "u", "u", "ri", "ri", "e", "e", "e", "ai", "o", "o", "o", "au",
];
/// What Malayalam reads otherwise: ത and ഫ, and the letters that end a syllable.
const IN_MALAYALAM: [(u32, &str); 11] = [
    (0x24, "th"),
    (0x2b, "f"),
    (0x54, "m"),
    (0x55, "y"),
    (0x56, "zh"),
    (0x7a, "n"),
    (0x7b, "n"),
    (0x7c, "r"),
    (0x7d, "l"),
    (0x7e, "l"),
    (0x7f, "k"),
];

/// The word in Latin letters; `None` when it has no letter of an Indian script.
pub fn latin(word: &str) -> Option<String> {
    word.chars().any(is_indian).then(|| transliterated(word))
}

fn is_indian(c: char) -> bool {
    (FIRST..END).contains(&u32::from(c))
}

fn transliterated(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::with_capacity(word.len());
    for (index, letter) in letters.iter().enumerate() {
        if !is_indian(*letter) {
            out.push(*letter);
            continue;
        }
        let code = u32::from(*letter);
        let (block, place) = (code / BLOCK * BLOCK, code % BLOCK);
        let next = letters
            .get(index + 1)
            .filter(|next| u32::from(**next) / BLOCK * BLOCK == block)
            .map(|next| u32::from(*next) % BLOCK);
        let after = letters.get(index + 2).map(|after| u32::from(*after) % BLOCK);
        push(&mut out, block, place, next, after);
    }
    out
}

/// Adds the letter at `place`; `next` is the place of the letter behind it in the same script.
fn push(out: &mut String, block: u32, place: u32, next: Option<u32>, after: Option<u32>) {
    match place {
        ANUSVARA => out.push_str(match next {
            Some(next) if CONSONANTS.contains(&next) && !LABIALS.contains(&next) => "n",
            _ => "m",
        }),
        0x01 => out.push('n'),
        0x03 => out.push('h'),
        VIRAMA => {}
        NUKTA => soften(out, next),
        _ if VOWEL_SIGNS.contains(&place) => out.push_str(at(&SIGN, place - 0x3e)),
        0x05..=0x14 => out.push_str(at(&VOWEL, place - 0x05)),
        _ if CONSONANTS.contains(&place) => push_consonant(out, block, place, next, after),
        _ => out.push_str(of_malayalam(block, place).unwrap_or("")),
    }
}

fn push_consonant(out: &mut String, block: u32, place: u32, next: Option<u32>, after: Option<u32>) {
    let joined = next == Some(VIRAMA);
    let letter = of_malayalam(block, place).unwrap_or_else(|| at(&CONSONANT, place - 0x15));
    match (place, joined, after) {
        // A doubled letter of two: once is how people write it. റ്റ is a hard t.
        (_, true, Some(same)) if same == place && letter.len() > 1 => {}
        (0x31, true, Some(0x31)) if block == MALAYALAM => out.push('t'),
        (0x31, false, _) if block == MALAYALAM && out.ends_with('t') => out.push('t'),
        (0x1e, true, Some(0x1a..=0x1d)) => out.push('n'),
        _ => out.push_str(letter),
    }
    let is_silent_at_end = block == DEVANAGARI && next.is_none() && !out.is_empty();
    let has_own_vowel = next.is_some_and(|next| VOWEL_SIGNS.contains(&next) || next == NUKTA);
    if !joined && !has_own_vowel && !is_silent_at_end {
        out.push('a');
    }
}

/// A dot below: ज becomes z, फ becomes f; the vowel that waits for it follows.
fn soften(out: &mut String, next: Option<u32>) {
    for (hard, soft) in [("ph", "f"), ("j", "z")] {
        if out.ends_with(hard) {
            out.truncate(out.len() - hard.len());
            out.push_str(soft);
        }
    }
    let has_own_vowel = next.is_none_or(|next| VOWEL_SIGNS.contains(&next) || next == VIRAMA);
    if !has_own_vowel {
        out.push('a');
    }
}

fn of_malayalam(block: u32, place: u32) -> Option<&'static str> {
    let found = IN_MALAYALAM.iter().find(|(other, _)| *other == place);
    found.filter(|_| block == MALAYALAM).map(|(_, letter)| *letter)
}

fn at(table: &'static [&'static str], index: u32) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|index| table.get(index))
        .copied()
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_people_write_them() {
        let check = |word: &str, expected: &str| assert_eq!(latin(word).as_deref(), Some(expected), "{word}");
        check("ലക്ഷ്മി", "lakshmi");
        check("നായർ", "nayar");
        check("ഫാത്തിമ", "fathima");
        check("മുഹമ്മദ്", "muhammad");
        check("കൃഷ്ണൻ", "krishnan");
        check("അഞ്ജലി", "anjali");
        check("സംഗീത", "sangitha");
        check("ആലപ്പുഴ", "alappuzha");
        check("കുറ്റി", "kutti");
        check("लक्ष्मी", "lakshmi");
        check("राम", "ram");
        check("अंजलि", "anjali");
        check("संजय", "sanjay");
        check("फ़ातिमा", "fatima");
        check("ज़ाकिर", "zakir");
        assert_eq!(latin("Lakshmi"), None);
    }
}
