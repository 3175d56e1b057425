//! What somebody typed, as questions to the search tables, the surest first. Pure.

use domain::spelling::{sound_of, text};

/// One question; its table has its matching rows in the order of `rowid`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    pub table: Table,
    /// In the language of FTS5's MATCH.
    pub wanted: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Table {
    /// Whole words, sounds, phones, identifiers.
    Word,
    /// Any three letters of a name.
    Part,
}

/// Fewer letters match too much by part or sound.
const FEWEST_FOR_PART: usize = 3;
const FEWEST_FOR_SOUND: usize = 2;
const FEWEST_DIGITS: usize = 3;

/// The questions: exact, then prefix, then part, then sound. A number alone is a phone before it is
/// a year: many were born in one year, few have one number.
pub fn questions(typed: &str) -> Vec<Question> {
    let words = text::words(typed);
    let identifier = text::identifier(typed);
    let phone = phone_of(typed);
    let mut all = Vec::new();
    if let Some(digits) = &phone {
        all.push(word(format!("identifiers : {}", quoted(&identifier))));
        all.push(word(format!("phones : {} *", quoted(digits))));
        let backwards: String = digits.chars().rev().collect();
        all.push(word(format!("enohps : {} *", quoted(&backwards))));
    }
    if !words.is_empty() {
        all.push(word(each(&words, |word| format!("words : {}", quoted(word)))));
        all.push(word(format!("identifiers : {}", quoted(&identifier))));
        all.push(word(each(&words, |word| format!("words : {} *", quoted(word)))));
        all.push(word(format!("identifiers : {} *", quoted(&identifier))));
    }
    if phone.is_none() && words.iter().all(|word| word.chars().count() >= FEWEST_FOR_PART) && !words.is_empty() {
        let wanted = each(&words, quoted);
        let table = Table::Part;
        all.push(Question { table, wanted });
    }
    let sounds: Vec<(String, String)> = words.iter().map(|word| (word.clone(), sound_of(word))).collect();
    if sounds.iter().any(|(_, sound)| sound.len() >= FEWEST_FOR_SOUND) {
        let parts: Vec<String> = sounds.iter().map(by_sound).collect();
        all.push(word(parts.join(" AND ")));
    }
    all
}

/// The digits, when somebody typed a phone number or a piece of one.
fn phone_of(typed: &str) -> Option<String> {
    let digits = text::digits(typed);
    let is_phone = typed
        .chars()
        .all(|c| c.is_numeric() || c.is_whitespace() || "+-()".contains(c));
    let digits = text::national(&digits).to_owned();
    (is_phone && digits.len() >= FEWEST_DIGITS).then_some(digits)
}

fn by_sound((word, sound): &(String, String)) -> String {
    let word = quoted(word);
    if sound.len() < FEWEST_FOR_SOUND {
        return format!("words : {word} *");
    }
    format!("(words : {word} * OR sounds : {} *)", quoted(sound))
}

fn word(wanted: String) -> Question {
    let table = Table::Word;
    Question { table, wanted }
}

fn each(words: &[String], question: impl Fn(&str) -> String) -> String {
    let questions: Vec<String> = words.iter().map(|word| question(word)).collect();
    questions.join(" AND ")
}

fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_asks_nothing() {
        assert_eq!(questions("  "), vec![]);
        assert_eq!(questions("-"), vec![]);
    }

    #[test]
    fn a_number_is_asked_as_a_phone_from_both_ends() {
        let wanted: Vec<String> = questions("+91 98470 12345").into_iter().map(|q| q.wanted).collect();
        assert!(wanted.contains(&"phones : \"9847012345\" *".to_owned()));
        assert!(wanted.contains(&"enohps : \"5432107489\" *".to_owned()));
    }

    #[test]
    fn the_surest_question_comes_first() {
        let wanted: Vec<String> = questions("Lak Nai").into_iter().map(|q| q.wanted).collect();
        assert_eq!(
            wanted,
            [
                r#"words : "lak" AND words : "nai""#,
                r#"identifiers : "laknai""#,
                r#"words : "lak" * AND words : "nai" *"#,
                r#"identifiers : "laknai" *"#,
                r#""lak" AND "nai""#,
                r#"(words : "lak" * OR sounds : "lk" *) AND words : "nai" *"#,
            ]
        );
    }
}
