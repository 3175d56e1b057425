//! Text as it is compared and found: one spelling of each character, small letters, words. Pure.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const ZERO_WIDTH_JOINER: char = '\u{200d}';
const MALAYALAM_VIRAMA: char = '\u{d4d}';

/// Malayalam letters that end a syllable: how they were written before Unicode 5.1, and since.
const CHILLUS: [(char, char); 6] = [('ണ', 'ൺ'), ('ന', 'ൻ'), ('ര', 'ർ'), ('ല', 'ൽ'), ('ള', 'ൾ'), ('ക', 'ൿ')];

/// The text in small letters, without Latin accents and invisible joiners, each character in one
/// spelling.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        let kept = text.chars().filter(|c| !matches!(c, '\'' | '`'));
        return kept.map(|c| c.to_ascii_lowercase()).collect();
    }
    let mut kept: Vec<char> = Vec::with_capacity(text.len());
    for c in text.nfkd() {
        match c {
            ZERO_WIDTH_JOINER => join_chillu(&mut kept),
            '\u{200c}' | '\u{300}'..='\u{36f}' | '\'' | '’' | '`' => {}
            c => kept.extend(c.to_lowercase()),
        }
    }
    kept.into_iter().nfc().collect()
}

fn join_chillu(kept: &mut Vec<char>) {
    let [.., letter, MALAYALAM_VIRAMA] = kept.as_slice() else {
        return;
    };
    if let Some((_, chillu)) = CHILLUS.iter().find(|(old, _)| old == letter) {
        kept.truncate(kept.len().saturating_sub(2));
        kept.push(*chillu);
    }
}

/// The words of a name, folded.
pub fn words(text: &str) -> Vec<String> {
    folded(text)
        .split(|c: char| !(c.is_alphanumeric() || is_combining_mark(c)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The digits of a phone number, in any script's digits.
pub fn digits(text: &str) -> String {
    text.nfkc().filter_map(digit).collect()
}

/// Zeros of the scripts whose digits people type here.
const ZEROS: [char; 5] = ['0', '०', '೦', '൦', '௦'];

fn digit(c: char) -> Option<char> {
    ZEROS.iter().find_map(|zero| {
        let value = u32::from(c).checked_sub(u32::from(*zero))?;
        char::from_digit(value, 10)
    })
}

/// The digits of a phone number without the country's 91 or a leading 0.
pub fn national(digits: &str) -> &str {
    match digits.len() {
        12 => digits.strip_prefix("91").unwrap_or(digits),
        11 => digits.strip_prefix('0').unwrap_or(digits),
        _ => digits,
    }
}

/// The letters and digits of an identifier, without what people put between them.
pub fn identifier(text: &str) -> String {
    folded(text)
        .chars()
        .filter(|c| c.is_alphanumeric() || is_combining_mark(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words_in_one_spelling() {
        let check = |text: &str, expected: &[&str]| assert_eq!(words(text), expected, "{text}");
        check("  Lakshmi  K. ", &["lakshmi", "k"]);
        check("José D'Souza", &["jose", "dsouza"]);
        check("ലക്ഷ്മി നായർ", &["ലക്ഷ്മി", "നായർ"]);
        check("നായര്\u{200d}", &["നായർ"]);
        check("लक्ष्मी", &["लक्ष्मी"]);
        check("", &[]);
    }

    #[test]
    fn plain_letters_are_folded_as_all_others_are() {
        let plain: String = (0..128_u8).map(char::from).collect();
        assert_eq!(format!("{}നായർ", folded(&plain)), folded(&format!("{plain}നായർ")));
    }

    #[test]
    fn phones_and_identifiers_lose_what_people_put_between() {
        assert_eq!(digits("+91 98470-12345"), "919847012345");
        assert_eq!(digits("൯൮"), "98");
        assert_eq!(national("919847012345"), "9847012345");
        assert_eq!(national("09847012345"), "9847012345");
        assert_eq!(national("04842"), "04842");
        assert_eq!(identifier("IP-2026/0045"), "ip20260045");
    }
}
